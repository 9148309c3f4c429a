"""The versions and settings behind a table, gathered from the records that it was made of."""

import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

#: Packages that the tables and figures themselves are made with.
_OF_TABLES = ("pandas", "matplotlib")


def settings_record(records: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """Versions and settings, each with all the values that occur.

    Args:
        records: (stage, contents) of each record.

    Returns:
        Values by name, under ``versions`` and, for each stage, under ``settings``; more than
        one value means that the records were not all made alike.
    """
    versions: dict[str, list[Any]] = {}
    settings: dict[str, dict[str, list[Any]]] = {}
    for stage, record in records:
        _gather(versions, record["provenance"]["versions"])
        if record.get("settings"):
            _gather(settings.setdefault(stage, {}), record["settings"])
    tables = {"python": platform.python_version()} | {name: version(name) for name in _OF_TABLES}
    _gather(versions, tables)
    return {"versions": versions, "settings": settings}


def _gather(found: dict[str, list[Any]], entries: Mapping[str, Any]) -> None:
    """Note each value that has not been seen under its name; groups of settings are opened."""
    for name, value in entries.items():
        if isinstance(value, Mapping):
            _gather(found, {f"{name}.{key}": inner for key, inner in value.items()})
        elif value not in found.setdefault(name, []):
            found[name].append(value)
