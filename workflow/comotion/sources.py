"""Which source files a stage depends on: the closure of its imports in this package.

A stage must run again when any of these files changes, and need not when another does.
Imports are read from the syntax tree; those under ``if TYPE_CHECKING`` never run.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parent
_PACKAGE = "comotion"
_DATA_SUFFIXES = (".mplstyle", ".csv", ".json", ".css", ".js")


def sources(stage: str) -> list[Path]:
    """Files that ``python -m stage`` may read code or package data from, sorted.

    Args:
        stage: Dotted name of a module or of a package with a ``__main__``.

    Returns:
        Absolute paths.

    Raises:
        ModuleNotFoundError: There is no such module in the package.
    """
    start = _file(f"{stage}.__main__") or _file(stage)
    if start is None:
        raise ModuleNotFoundError(f"no stage {stage}")
    found: set[Path] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        waiting += _packages(path)
        for name in _imports(ast.parse(path.read_text(encoding="utf-8")).body):
            waiting += filter(None, (_file(name), _file(name.rpartition(".")[0])))
    folders = {path.parent for path in found}
    data = {file for folder in folders for file in folder.iterdir()
            if file.suffix in _DATA_SUFFIXES}  # fmt: skip
    return sorted(found | data)


def _packages(path: Path) -> list[Path]:
    """The ``__init__`` of every package that holds the file."""
    parents = [p for p in path.parents if p == _ROOT or _ROOT in p.parents]
    return [parent / "__init__.py" for parent in parents]


def _file(name: str) -> Path | None:
    """File of a dotted name in the package, if it is a module or a package."""
    if name.split(".", maxsplit=1)[0] != _PACKAGE:
        return None
    base = _ROOT.joinpath(*name.split(".")[1:])
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if base != _ROOT and path.is_file():
            return path
    return _ROOT / "__init__.py" if base == _ROOT else None


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
