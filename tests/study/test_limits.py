"""Every limit of a number in a configuration, just inside and just outside."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from comotion.errors import ConfigError
from study.configuration import Study, read_study
from study.settings import settings

_SCHEMA = Path(__file__).parents[2] / "workflow/schemas/config.schema.yaml"
_NAME = "x" * 60

#: For each key the values just inside of its limits and those just outside.
_LIMITS: dict[str, tuple[list[Any], list[Any]]] = {
    "study": ([_NAME, "a", "A-1_b"], [_NAME + "x", "", "1a", "_a", "a b", "a.b"]),
    "abinitio.max_cycle": ([1, 100000], [0, 100001]),
    "transport.seeds": ([[0, 1], [2**32 - 1, 7]], [[0], [-1, 1], [2**32, 7], [3, 3]]),
    "transport.tolerance": ([1e-300, 0.999999], [0.0, -1e-9, 1.0]),
    "transport.quadrature_tolerance": ([1e-300, 0.999999], [0.0, -1e-9, 1.0]),
    "transport.pattern_electrons": ([0, 10000], [-1, 10001]),
    "transport.hierarchy_highest": ([2, 10000], [1, 10001]),
    "bracket.electrons": ([0, 10000], [-1, 10001]),
    "bracket.splines": ([[8, 400], [9, 8, 10]], [[7, 10], [8, 401], [8], [8, 8]]),
    "bracket.cells": ([2, 1000], [1, 1001]),
    "bracket.iterations": ([1, 100000], [0, 100001]),
    "bracket.hierarchy": ([0, 10000], [-1, 10001]),
    "pair_bound.electrons": ([0, 1000], [-1, 1001]),
    "pair_bound.intervals": ([2, 100], [1, 101]),
    "pair_bound.degree": ([1, 60], [0, 61]),
    "pair_bound.rounds": ([1, 100], [0, 101]),
    "pair_bound.hierarchy": ([0, 1000], [-1, 1001]),
    "kohn_sham.electrons": ([0, 120], [-1, 121]),
    "connection.electrons": ([0, 120], [-1, 121]),
    "problems.points": ([20, 400], [19, 401]),
    "problems.triple_points": ([12, 60], [11, 61]),
    "problems.radial_points": ([16, 80], [15, 81]),
    "problems.angles": ([4, 24], [3, 25]),
    "problems.sites": ([4, 40], [2, 42, 7]),
    "problems.particles": ([2, 20], [1, 21]),
    "problems.electrons": ([2, 40], [1, 41]),
    "problems.shells": ([2, 16], [1, 17]),
    "figures.panels": ([1, 100], [0, 101]),
    "abinitio.unpaired_electrons.Og2-": ([0, 120], [-2, 122]),
}


def _read(key: str, value: Any) -> Study:
    """A study in which one key has a value."""
    config = value
    for name in reversed(key.split(".")):
        config = {name: config}
    return read_study({"models": ["ball-2"]} | config, _SCHEMA)


@pytest.mark.parametrize("key", _LIMITS)
def test_limits(key: str) -> None:
    inside, outside = _LIMITS[key]
    for value in inside:
        found: Any = _read(key, value).config
        for name in key.split("."):
            found = found[name]
        ascending = sorted(value) if key == "bracket.splines" else value
        assert found == (tuple(ascending) if isinstance(value, list) else value)
    for value in outside:
        with pytest.raises(
            ConfigError, match=rf"key {re.escape(key)}[:\[].*(does not fit|is not a name)"
        ) as error:
            _read(key, value)
        assert "\n" not in str(error.value)


def test_every_number_of_the_schema_is_above() -> None:
    for setting in settings(yaml.safe_load(_SCHEMA.read_text())):
        if setting.rule["type"] in ("integer", "number", "array"):
            assert ".".join(setting.path).replace("*", "Og2-") in _LIMITS


@pytest.mark.parametrize(
    ("system", "inside", "outside"),
    [("H", [1], [0, 2, 3]), ("He", [0, 2], [1, 3, 4]), ("Li", [1, 3], [0, 2, 4, 5])],
)
def test_unpaired_electrons(system: str, inside: list[int], outside: list[int]) -> None:
    """Of the parity of all electrons, and no more than there are."""
    for number in inside:
        study = _read(f"abinitio.unpaired_electrons.{system}", number)
        assert study.settings("atom", system) == f"--max-cycle 100 --unpaired {number}"
    for number in outside:
        with pytest.raises(ConfigError, match=f"cannot have {number} unpaired ones"):
            _read(f"abinitio.unpaired_electrons.{system}", number)


@pytest.mark.parametrize(
    ("system", "level", "good"),
    [
        ("He", "fci_x", True), ("Be", "fci_x", True), ("Li-", "fci_x", True), ("H", "fci_x", False),
        ("Li", "fci_x", False), ("B", "fci_x", False), ("He", "ccsd_x", False),
        ("Be", "hf_x", False),
    ],
)  # fmt: skip
def test_angles_between_electrons(system: str, level: str, good: bool) -> None:
    config = {"models": ["ball-2"], "figures": {"pair_angles": {system: level}}}
    if good:
        assert read_study(config, _SCHEMA).pair_angles == ((system, level),)
        return
    with pytest.raises(ConfigError, match=rf"key figures.pair_angles.{system}: .*2 or 4 electrons"):
        read_study(config, _SCHEMA)


@pytest.mark.parametrize(
    ("electrons", "bracketed"),
    [(0, []), (1, []), (2, ["ball-2", "He"]), (3, ["ball-2", "ball-3", "He"]),
     (10, ["ball-2", "ball-3", "He", "Ne"])],
)  # fmt: skip
def test_systems_that_are_bracketed(tmp_path: Path, electrons: int, bracketed: list[str]) -> None:
    """From two electrons to as many as asked for; of a file nobody knows how many yet."""
    (tmp_path / "mine.csv").touch()
    config: dict[str, Any] = {
        "atoms": [{"systems": ["H", "He", "Ne", "Na"], "levels": ["hf_x"]}],
        "models": ["ball-1", "ball-2", "ball-3"],
        "densities": {"mine": {"file": str(tmp_path / "mine.csv")}},
        "bracket": {"electrons": electrons},
    }
    study = read_study(config, _SCHEMA)
    assert sorted(system for system, _ in study.bracketed) == sorted(bracketed)
    assert ("bracket" in study.pages) == ("bracket" in study.figures) == bool(bracketed)


@pytest.mark.parametrize(
    ("electrons", "bounded"),
    [(0, []), (1, []), (2, ["He", "ball-2"]), (3, ["He", "ball-2", "ball-3"]),
     (10, ["He", "Ne", "ball-2", "ball-3"])],
)  # fmt: skip
def test_systems_with_a_proven_bound(tmp_path: Path, electrons: int, bounded: list[str]) -> None:
    """The last level of each; of a file nobody knows how many electrons it has."""
    (tmp_path / "mine.csv").touch()
    config: dict[str, Any] = {
        "atoms": [{"systems": ["H", "He", "Ne", "Na"], "levels": ["hf_x", "ccsd_x"]}],
        "models": ["ball-1", "ball-2", "ball-3"],
        "densities": {"mine": {"file": str(tmp_path / "mine.csv")}},
        "pair_bound": {"electrons": electrons},
    }
    study = read_study(config, _SCHEMA)
    assert study.pair_bounded == [
        (system, "exact" if system.startswith("ball") else "ccsd_x") for system in bounded
    ]
    assert ("pair_bound" in study.figures) == bool(bounded)
