"""Versions and settings of a study, each with all the values that occur."""

import platform
from importlib.metadata import version
from typing import Any

from comotion.tables.recorded_settings import settings_record


def _record(settings: dict[str, Any] | None, **versions: str) -> dict[str, Any]:
    """A record with provenance, and settings where there are any."""
    provenance = {"provenance": {"versions": versions}}
    return provenance if settings is None else {"settings": settings, **provenance}


def test_each_value_is_noted_once_under_its_stage() -> None:
    found = settings_record([
        ("sce", _record({"seeds": [1, 2], "accuracy": {"q": 1e-5, "r": 2}}, numpy="2.1")),
        ("sce", _record({"seeds": [1, 2], "accuracy": {"q": 1e-6, "r": 2}}, numpy="2.2")),
        ("bracket", _record({"seeds": [3, 4]}, numpy="2.2", scipy="1")),
        ("quantum", _record(None, scipy="1")),
        ("hierarchy", _record({}, scipy="2")),
    ])  # fmt: skip
    assert found["settings"] == {
        "sce": {"seeds": [[1, 2]], "accuracy.q": [1e-5, 1e-6], "accuracy.r": [2]},
        "bracket": {"seeds": [[3, 4]]},
    }
    versions = found["versions"]
    assert versions.pop("numpy") == ["2.1", "2.2"]
    assert versions.pop("scipy") == ["1", "2"]
    # And what the tables and figures are made with.
    assert versions == {
        "python": [platform.python_version()],
        "pandas": [version("pandas")],
        "matplotlib": [version("matplotlib")],
    }


def test_another_python_is_seen() -> None:
    found = settings_record([("sce", _record({}, python="3.0", pandas=version("pandas")))])
    assert found["versions"]["python"] == ["3.0", platform.python_version()]
    assert found["versions"]["pandas"] == [version("pandas")]
