"""Which source files a stage depends on: the closure of its imports in this package.

A stage must run again when any of these files changes, and need not when another does.
Imports are read from the syntax tree; those under ``if TYPE_CHECKING`` never run.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import comotion

_PACKAGE = comotion.__name__
_ROOT = Path(comotion.__path__[0])
#: The public face, which imports nothing before it is used, and the command line.
_FACES = frozenset(_ROOT / name for name in ("__init__.py", "__main__.py", "cli.py"))
_DATA_SUFFIXES = (".mplstyle", ".csv", ".json", ".css", ".js")


def sources(stage: str, *modules: str) -> list[Path]:
    """Files that ``comotion stage`` may read code or package data from, sorted.

    Args:
        stage: Name of the stage.
        modules: Dotted names of modules that it is told to import, below the package.

    Returns:
        Absolute paths.

    Raises:
        ModuleNotFoundError: There is no such stage or module in the package.
    """
    found: set[Path] = set()
    waiting = [_start(f"stages.{stage.replace('-', '_')}"), *map(_start, modules)]
    while waiting:
        path = waiting.pop()
        if path in found or path in _FACES:
            continue
        found.add(path)
        waiting += _packages(path)
        for name in _imported(path):
            waiting += filter(None, (_file(name), _file(name.rpartition(".")[0])))
    folders = {path.parent for path in found}
    data = {file for folder in folders for file in folder.iterdir()
            if file.suffix in _DATA_SUFFIXES}  # fmt: skip
    return sorted(found | data)


def _start(name: str) -> Path:
    """File of a module that must be there; its name is relative to the package."""
    path = _file(f"{_PACKAGE}.{name}")
    if path is None:
        raise ModuleNotFoundError(f"no stage or module {name}")
    return path


def _packages(path: Path) -> list[Path]:
    """The ``__init__`` of every package that holds the file."""
    parents = [p for p in path.parents if p == _ROOT or _ROOT in p.parents]
    return [parent / "__init__.py" for parent in parents]


def _file(name: str) -> Path | None:
    """File of a dotted name in the package, if it is a module or a package."""
    package, *rest = name.split(".")
    base = _ROOT.joinpath(*rest)
    if package != _PACKAGE or base == _ROOT:
        return None
    return next(
        (path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None
    )


# Most files are among the sources of many stages.
@cache
def _imported(path: Path) -> list[str]:
    """Dotted names that a file imports."""
    return list(_imports(ast.parse(path.read_text(encoding="utf-8")).body))


def _imports(body: list[ast.stmt]) -> Iterator[str]:
    """Dotted names that statements import, as modules or as names in modules."""
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from _imports(node.orelse)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.stmt):
                    yield from _imports([child])
