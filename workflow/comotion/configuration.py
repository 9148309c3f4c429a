"""The configuration of a study, checked before anything runs.

The JSON schema says what keys there are and of which type; here the values are checked
against what exists: elements, models, levels, files. Every error names the file, the key,
the value and the remedy.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import yaml

from comotion.composite.estimate import ingredients
from comotion.errors import ComotionError, ConfigError
from comotion.schema import checked, with_defaults
from comotion.systems import (
    check_level,
    is_atom,
    is_model,
    parse_atom,
    parse_level,
    parse_model,
)

#: Levels of densities that no ab-initio method made.
EXACT, TABLE = "exact", "table"

#: Suffixes of user files that hold orbitals: Molden and PySCF checkpoints. Others are tables.
ORBITAL_SUFFIXES = (".molden", ".chk", ".chkfile")

#: Folders of results/ that are no systems.
_RESERVED = ("tables", "figures", "logs", "benchmarks", "theory", "report")


@dataclass(frozen=True)
class UserDensity:
    """A user's density.

    Attributes:
        file: Its table.
        normalize: Whether to rescale it to an integer number of electrons.
    """

    file: str
    normalize: bool


@dataclass(frozen=True)
class Certificate:
    """How V_SCE is bracketed; see the schema.

    Attributes:
        electrons: Most electrons of a bracketed system.
        splines: Sizes of the spaces of potentials.
        cells: Cells for each electron.
        minutes: Time after which a bracket stops improving.
        hierarchy: Highest k of V_k that is bracketed too.
    """

    electrons: int
    splines: tuple[int, ...]
    cells: int
    minutes: float
    hierarchy: int


@dataclass(frozen=True)
class Theory:
    """Sizes of the soluble and model problems; see the schema."""

    include: bool
    points: int
    triple_points: int
    radial_points: int
    angles: int
    sites: int
    particles: int
    electrons: int


@dataclass(frozen=True)
class Study:
    """What a configuration asks for.

    Attributes:
        rows: (system, level) of every row of the table, in order.
        densities: User densities by name.
        unpaired: Unpaired electrons of atoms that are not to follow Hund's rule.
        max_cycle: Most SCF and coupled-cluster iterations.
        seeds: Seeds of the independent searches.
        tolerance: Largest relative difference between seeds.
        quadrature_tolerance: Largest relative change when the nodes are doubled.
        accept_disagreement: Whether seeds that differ by more are recorded, not refused.
        pattern_electrons: Most electrons for which patterns are searched.
        hierarchy_highest: Highest k below N of the hierarchy.
        certificate: How V_SCE is bracketed.
        theory: The soluble and model problems.
        panels: Most systems in figures that draw each in a panel of its own.
        arrangements: Systems whose arrangement is drawn.
        isoelectronic: Whether series of one number of electrons are drawn against Z.
        pair_angles: (system, level) of full CI whose angles between electrons are drawn.
        best: Atoms whose best estimate is composed.
    """

    rows: tuple[tuple[str, str], ...]
    densities: dict[str, UserDensity]
    unpaired: dict[str, int]
    max_cycle: int
    seeds: tuple[int, ...]
    tolerance: float
    quadrature_tolerance: float
    accept_disagreement: bool
    pattern_electrons: int
    hierarchy_highest: int
    certificate: Certificate
    theory: Theory
    panels: int
    arrangements: tuple[str, ...]
    isoelectronic: bool
    pair_angles: tuple[tuple[str, str], ...]
    best: tuple[str, ...]

    def levels(self, system: str) -> list[str]:
        """Levels at which a system is configured, in order."""
        return self._levels.get(system, [])

    @cached_property
    def _levels(self) -> dict[str, list[str]]:
        """Levels of every system."""
        levels: dict[str, list[str]] = {}
        for system, level in self.rows:
            levels.setdefault(system, []).append(level)
        return levels

    @property
    def systems(self) -> list[str]:
        """Configured systems, in order, each once."""
        return list(self._levels)

    @property
    def bracketed(self) -> list[tuple[str, str]]:
        """Rows of atoms and models few enough in electrons for their V_SCE to be bracketed."""
        return [
            (system, level)
            for system, level in self.rows
            if level != TABLE and 2 <= _electrons(system) <= self.certificate.electrons
        ]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The level of each system that figures show: its last."""
        return list(dict(self.rows).items())

    @property
    def drawn(self) -> list[tuple[str, str]]:
        """Those of them with a panel of their own."""
        return self.shown[: self.panels]


def read_study(config: Mapping[str, Any], schema: Path, name: str = "config.yaml") -> Study:
    """Check a configuration and turn it into a study.

    Args:
        config: The configuration as loaded from YAML.
        schema: JSON schema of it, as YAML.
        name: File name for error messages.

    Returns:
        The study.

    Raises:
        ConfigError: The first thing that is wrong, with file, key, value and remedy.
    """
    rules = yaml.safe_load(schema.read_text(encoding="utf-8"))
    try:
        return _study(with_defaults(checked(config, rules), rules))
    except ComotionError as error:
        raise ConfigError(f"{name}: {error}") from error


def _study(config: Mapping[str, Any]) -> Study:
    """Check values against what exists."""
    rows = _atom_rows(config["atoms"])
    for model in config["models"]:
        _at("models", parse_model, model)
        rows.append((model, EXACT))
    densities = {name: _user_density(name, entry) for name, entry in config["densities"].items()}
    rows += [(name, TABLE) for name in densities]
    _check_rows(rows, config["figures"]["arrangements"])
    for system in config["best"]:
        _at("best", ingredients, _at("best", parse_atom, system))
    unpaired = config["abinitio"]["unpaired_electrons"]
    for system, number in unpaired.items():
        _check_unpaired(system, number)
    transport = config["transport"]
    return Study(
        rows=tuple(rows),
        densities=densities,
        unpaired=dict(unpaired),
        max_cycle=config["abinitio"]["max_cycle"],
        seeds=tuple(transport["seeds"]),
        tolerance=float(transport["tolerance"]),
        quadrature_tolerance=float(transport["quadrature_tolerance"]),
        accept_disagreement=transport["accept_disagreement"],
        pattern_electrons=transport["pattern_electrons"],
        hierarchy_highest=transport["hierarchy_highest"],
        certificate=Certificate(
            **config["certificate"] | {"splines": tuple(sorted(config["certificate"]["splines"]))}
        ),
        theory=Theory(**config["theory"]),
        panels=config["figures"]["panels"],
        arrangements=tuple(config["figures"]["arrangements"]),
        isoelectronic=config["figures"]["isoelectronic"],
        pair_angles=tuple(_pair_angles(config["figures"]["pair_angles"])),
        best=tuple(config["best"]),
    )


def _electrons(system: str) -> int:
    """Number of electrons of an atom or a model."""
    return (parse_model if is_model(system) else parse_atom)(system).n_electrons


def _atom_rows(groups: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(system, level) of every atom at every level of its group."""
    rows = []
    for i, group in enumerate(groups):
        for level in group["levels"]:
            _at(f"atoms[{i}].levels", parse_level, level)
        for system in group["systems"]:
            atom = _at(f"atoms[{i}].systems", parse_atom, system)
            for level in group["levels"]:
                _at(f"atoms[{i}].levels", partial(check_level, atom), parse_level(level))
            rows += [(system, level) for level in group["levels"]]
    return rows


def _pair_angles(entries: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Atoms and full-CI levels at which angles between electrons are computed."""
    for system, name in entries.items():
        key = f"figures.pair_angles.{system}"
        atom, level = _at(key, parse_atom, system), _at(key, parse_level, name)
        _at(key, partial(check_level, atom), level)
        if level.method != "fci" or atom.n_electrons not in (2, 4):
            raise ConfigError(
                f"key {key}: {name!r} of {atom.n_electrons} electrons; angles between electrons "
                "need an fci level and a closed shell of 2 or 4 electrons"
            )
        yield system, name


def _user_density(name: str, entry: Mapping[str, Any]) -> UserDensity:
    if is_atom(name) or is_model(name) or name in _RESERVED:
        raise ConfigError(
            f"key densities.{name}: an atom, a model or a folder of results has this name; "
            "choose another"
        )
    file, key = Path(entry["file"]), f"key densities.{name}.file: {entry['file']!r}"
    try:
        # A study from elsewhere must not reach out of its folder unless it says so openly.
        if not file.is_absolute() and not file.resolve().is_relative_to(Path.cwd()):
            raise ConfigError(
                f"{key} leads out of the project folder; copy the file into it or give its "
                "absolute path"
            )
        with file.open("rb"):
            pass
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{key} cannot be read ({getattr(error, 'strerror', error)}); give the path of a "
            "table (CSV, HDF5) or of orbitals (Molden, PySCF checkpoint), absolute or from the "
            "project folder"
        ) from error
    return UserDensity(entry["file"], entry.get("normalize", False))


def _check_rows(rows: list[tuple[str, str]], arrangements: Iterable[str]) -> None:
    """Refuse an empty study, a row named twice, and figures of systems not in it."""
    if not rows:
        raise ConfigError("nothing to do: name a system under atoms, models or densities")
    for row, times in Counter(rows).items():
        if times > 1:
            raise ConfigError(
                f"system {row[0]} at level {row[1]} is named {times} times; name it once"
            )
    systems = {system for system, _ in rows}
    for system in arrangements:
        if system not in systems:
            raise ConfigError(
                f"key figures.arrangements: {system!r} is not among the systems of the study; "
                "add it there or remove it here"
            )


def _check_unpaired(system: str, number: int) -> None:
    atom = _at("abinitio.unpaired_electrons", parse_atom, system)
    if number > atom.n_electrons or (atom.n_electrons - number) % 2:
        raise ConfigError(
            f"key abinitio.unpaired_electrons.{system}: {atom.n_electrons} electrons cannot "
            f"have {number} unpaired ones: give a number of the same parity, at most "
            f"{atom.n_electrons}, or remove the key for Hund's rule"
        )


def _at(key: str, parse: Any, value: Any) -> Any:
    """Parse a value; an error names its key."""
    try:
        return parse(value)
    except ComotionError as error:
        raise ConfigError(f"key {key}: {error}") from error
