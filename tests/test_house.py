"""The house: which room may use which, one name for one module, arrays compared by identity."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

#: Rooms of the science package from the top: a module uses its own room and those below.
_FLOORS = (
    {"stages", "cli", "__main__"},
    {"reference_page"},
    {"pages", "figures"},
    {"connection", "reference_set"},
    {"tables", "analysis", "reading"},
    {"estimate"},
    {"composite", "models", "kohn_sham"},
    {"transport"},
    {"electronic"},
    {"density"},
    {"recipe"},
    {"systems", "io", "progress", "number", "audit"},
    {"hdf5"},
    {"files", "proof"},
    {"provenance", "errors"},
    {"version"},
)
_FLOOR = {room: floor for floor, rooms in enumerate(_FLOORS) for room in rooms}
#: Rooms that do not use one another although one stands higher: transport needs no wave function.
_APART = {("transport", "electronic")}

#: The annotation of a field that is an array, or holds arrays; functions of arrays are none.
_ARRAY = re.compile(r"^(?!Callable).*Array\b")


def _imports(path: Path) -> Iterator[str]:
    """Full names of the modules that a file imports, wherever it does, types included."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            assert node.module is not None
            # ``from comotion.transport import bounds`` imports comotion.transport.bounds.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _modules(project: Path, package: str) -> list[Path]:
    return sorted((project / "workflow" / package).rglob("*.py"))


def _room(path: Path, project: Path) -> str:
    return path.relative_to(project / "workflow/comotion").parts[0].removesuffix(".py")


def test_every_room_has_its_floor(project: Path) -> None:
    rooms = {_room(path, project) for path in _modules(project, "comotion")}
    assert rooms - {"__init__"} == set(_FLOOR)


def test_imports_go_down(project: Path) -> None:
    wrong = []
    for path in _modules(project, "comotion"):
        room = _room(path, project)
        if room == "__init__":
            continue
        for name in _imports(path):
            package, *inner = name.split(".")
            if package != "comotion":
                continue
            used = inner[0]
            if used != room and (_FLOOR[used] <= _FLOOR[room] or (room, used) in _APART):
                wrong.append(f"{path.relative_to(project)} imports {name}")
    # The overview of the command line and its entry point stand on one floor.
    assert wrong == ["workflow/comotion/__main__.py imports comotion.cli.main"]


def test_no_floor_is_reached_around_the_rooms(project: Path) -> None:
    """The face is for users: inside, everything is imported from where it is defined."""
    rooms = set(_FLOOR)
    for path in _modules(project, "comotion"):
        for name in _imports(path):
            package, *inner = name.split(".")
            assert package != "study", path
            assert package != "comotion" or inner[0] in rooms, f"{path}: {name}"


def test_no_two_modules_share_a_name(project: Path) -> None:
    """Stages alone are named after what they run; a package counts as a module."""
    found = defaultdict(list)
    for package in ("comotion", "study"):
        for path in _modules(project, package):
            place = path.relative_to(project / "workflow")
            if place.parts[:2] == ("comotion", "stages") or place.stem == "__main__":
                continue
            if place.stem != "__init__":
                found[place.stem].append(place.as_posix())
            elif place.parts != (package, "__init__.py"):
                found[place.parent.name].append(place.parent.as_posix())
    shared = {name: places for name, places in found.items() if len(places) > 1}
    # Figures of the models stand in a package that is named after them.
    assert shared == {"models": ["comotion/figures/models", "comotion/models"]}


@pytest.mark.parametrize("package", ["comotion", "study"])
def test_arrays_are_not_compared_by_dataclasses(project: Path, package: str) -> None:
    """``==`` of two arrays is an array, which has no truth, and an array has no hash."""
    seen = 0
    for path in _modules(project, package):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ClassDef):
                continue
            options = [one for one in node.decorator_list if "dataclass" in ast.unparse(one)]
            annotated = [ast.unparse(field.annotation) for field in node.body
                         if isinstance(field, ast.AnnAssign)]  # fmt: skip
            arrays = any(_ARRAY.search(annotation) for annotation in annotated)
            for option in options if arrays else []:
                seen += 1
                assert "eq=False" in ast.unparse(option), f"{path}: {node.name}"
    assert seen or package == "study"
