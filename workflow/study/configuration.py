"""The configuration of a study, checked before anything runs.

The JSON schema says what keys there are and of which type; here the values are checked
against what exists: elements, models, levels, files. Every error names the file, the key,
the value and the remedy.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from comotion.electronic.pair_levels import check_pair_level
from comotion.errors import ComotionError, ConfigError
from comotion.recipe import recipe
from comotion.systems import (
    BEST,
    check_level,
    is_atom,
    is_model,
    parse_atom,
    parse_level,
    parse_model,
)
from study.catalogue import FIGURES
from study.schema import checked, with_defaults
from study.settings import command_line
from study.user_files import check_user_density

#: Levels of densities that no ab-initio method made.
EXACT, TABLE = "exact", "table"

#: Suffixes of user files that hold orbitals: Molden and PySCF checkpoints. Others are tables.
ORBITAL_SUFFIXES = (".molden", ".chk", ".chkfile")


@dataclass(frozen=True, eq=False)
class Study:
    """What a configuration asks for.

    Attributes:
        config: The configuration, checked, defaults filled in; it cannot be changed.
        rules: Its schema, which says what each key means.
        rows: (system, level) of every row of the table, in order.
        pair_angles: (system, level) of full CI whose angles between electrons are drawn.
        pair_densities: (system, level) of closed shells whose pair densities are drawn.
    """

    config: Mapping[str, Any]
    rules: Mapping[str, Any]
    rows: tuple[tuple[str, str], ...]
    pair_angles: tuple[tuple[str, str], ...]
    pair_densities: tuple[tuple[str, str], ...]

    def __getitem__(self, section: str) -> Any:
        """A key of the top level, such as ``study["transport"]["seeds"]``."""
        return self.config[section]

    def settings(self, stage: str, system: str = "") -> str:
        """Options that this study gives to a stage; see `study.settings.command_line`."""
        return command_line(self.config, self.rules, stage, system)

    def rows_of(self, system: str) -> list[tuple[str, str]]:
        """Rows of a configured system, in order."""
        return self._rows_of.get(system, [])

    @cached_property
    def _rows_of(self) -> dict[str, list[tuple[str, str]]]:
        """Rows of every system."""
        rows: dict[str, list[tuple[str, str]]] = {}
        for row in self.rows:
            rows.setdefault(row[0], []).append(row)
        return rows

    @property
    def systems(self) -> list[str]:
        """Configured systems, in order, each once."""
        return list(self._rows_of)

    @property
    def bracketed(self) -> list[tuple[str, str]]:
        """Rows of atoms and models few enough in electrons for their V_SCE to be bracketed."""
        return [
            (system, level)
            for system, level in self.rows
            if level != TABLE and 2 <= _electrons(system) <= self["bracket"]["electrons"]
        ]

    @property
    def pair_bounded(self) -> list[tuple[str, str]]:
        """The last level of each atom and model few enough in electrons for a proven bound.

        How many electrons a user's density has is known only when its file is read.
        """
        return [
            (system, level)
            for system, level in self.shown
            if level != TABLE and 2 <= _electrons(system) <= self["pair_bound"]["electrons"]
        ]

    @property
    def self_consistent(self) -> list[tuple[str, str]]:
        """Rows of atoms that are self-consistent with a transport functional."""
        return [row for row in self.rows if _is_transport(row[1])]

    @property
    def inverted(self) -> list[tuple[str, str]]:
        """The last level of each atom few enough in electrons whose Kohn-Sham system is found."""
        return [
            (system, level)
            for system, level in self.shown
            if is_atom(system)
            and not _is_transport(level)
            and _electrons(system) <= self["kohn_sham"]["electrons"]
        ]

    @property
    def compared(self) -> list[tuple[str, str]]:
        """Rows of the systems that have a self-consistent level, all levels of each."""
        systems = {system for system, _ in self.self_consistent}
        return [row for row in self.rows if row[0] in systems]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The level of each system that figures show: its last."""
        return list(dict(self.rows).items())

    @property
    def drawn(self) -> list[tuple[str, str]]:
        """Those of them with a panel of their own."""
        return self.shown[: self["figures"]["panels"]]

    @property
    def drawn_brackets(self) -> list[tuple[str, str]]:
        """Those of them whose V_SCE is bracketed."""
        bracketed = set(self.bracketed)
        return [row for row in self.drawn if row in bracketed]

    @property
    def estimates(self) -> list[tuple[str, str]]:
        """Systems and levels of the table of best estimates: those asked for, and composed rows."""
        asked = [(system, BEST) for system in self["best"]]
        return list(dict.fromkeys([*asked, *(row for row in self.rows if _is_composed(row[1]))]))

    @property
    def figures(self) -> list[str]:
        """Names of the figures that are part of the whole study, without suffixes."""
        shown = dict(self.shown)
        asked = {
            "hierarchy": True,
            "plans": True,
            "brackets": bool(self.bracketed),
            "upper plans": bool(self.bracketed),
            "bracket table": bool(self.bracketed),
            "best table": bool(self.estimates),
            "energies table": True,
            "angles": bool(self.pair_angles),
            "pair densities": bool(self.pair_densities),
            "states": bool(self.self_consistent),
            "densities": bool(self.self_consistent),
            "potentials": bool(self.self_consistent or self.inverted),
        }
        drawn = [name for name, figure in FIGURES.items() if asked.get(figure.drawn_from)]
        if not self["figures"]["isoelectronic"]:
            drawn.remove("isoelectronic")
        if not self.pair_bounded:
            drawn.remove("pair_bound")
        return drawn + [
            f"arrangement/{system}/{shown[system]}"
            for system in self["figures"]["arrangements"]
            if system in shown
        ]

    @property
    def pages(self) -> list[str]:
        """Names of the pages that are part of the whole study, without suffixes."""
        brackets = ["bracket", "hierarchy_bracket"] if self.bracketed else []
        return [
            "overview",
            "energies",
            "study",
            *(["best", "coverage"] if self.estimates else []),
            *(["kohn_sham"] if self.self_consistent else []),
            *(["inversion"] if self.inverted else []),
            *brackets,
        ]


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
    rules = _rules(schema.read_text(encoding="utf-8"))
    try:
        return _study(with_defaults(checked(config, rules), rules), rules)
    except ComotionError as error:
        raise ConfigError(f"{name}: {error}") from error


# Slower than all the rest, and always the same.
@cache
def _rules(schema: str) -> Any:
    """The schema, which nothing changes, from its text."""
    return yaml.safe_load(schema)


def _study(config: dict[str, Any], rules: Mapping[str, Any]) -> Study:
    """Check values against what exists."""
    rows = _atom_rows(config["atoms"])
    for model in config["models"]:
        _at("models", parse_model, model)
        rows.append((model, EXACT))
    for name, entry in config["densities"].items():
        check_user_density(name, entry["file"])
        rows.append((name, TABLE))
    _check_rows(rows, config["figures"]["arrangements"])
    estimates = {system: _composed("best", system, BEST) for system in config["best"]}
    composed = {row: _composed("atoms", *row) for row in rows if _is_composed(row[1])}
    for system, number in config["abinitio"]["unpaired_electrons"].items():
        _check_unpaired(system, number)
        if system in {*estimates, *(row[0] for row in composed)}:
            raise ConfigError(
                f"key abinitio.unpaired_electrons.{system}: a best estimate is that of the ground "
                "state; remove the key or the estimate"
            )
    pair_angles = list(_pair_angles(config["figures"]["pair_angles"]))
    pair_densities = list(_pair_densities(config["figures"]["pair_densities"]))
    pairs = [*pair_angles, *pair_densities]
    _check_capitals([*rows, *pairs])
    parts = [part for its in (*estimates.values(), *composed.values()) for part in its]
    kept = _kept([*rows, *pairs, *parts], config["leave_out"])
    # A composed row goes with each level that it needs.
    kept -= {row for row, needed in composed.items() if not kept.issuperset(needed)}
    rows, pair_angles, pair_densities = (
        [row for row in some if row in kept] for some in (rows, pair_angles, pair_densities)
    )
    if not rows:
        raise ConfigError("key leave_out: nothing of the study is left; leave out less")
    config["best"] = [system for system, needed in estimates.items() if kept.issuperset(needed)]
    # Spaces grow from one to the next, in whatever order they are written.
    config["bracket"]["splines"] = sorted(config["bracket"]["splines"])
    return Study(_frozen(config), rules, tuple(rows), tuple(pair_angles), tuple(pair_densities))


def _frozen(value: Any) -> Any:
    """The same mappings and lists, which cannot be changed."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: _frozen(entry) for key, entry in value.items()})
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


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


def _is_composed(level: str) -> bool:
    """Whether a level is a sum of others."""
    return level.partition("_")[0] == BEST


def _is_transport(level: str) -> bool:
    """Whether a level is that of an atom which is self-consistent with a transport functional."""
    return level not in (EXACT, TABLE) and parse_level(level).is_transport


def _composed(key: str, system: str, level: str) -> list[tuple[str, str]]:
    """A best level of an atom and those of which it is composed."""
    levels = _at(key, partial(recipe, level=level), system).levels
    return [(system, name) for name in (level, *levels)]


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


def _pair_densities(entries: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Atoms and levels at which pair densities are computed."""
    for system, name in entries.items():
        key = f"figures.pair_densities.{system}"
        atom, level = _at(key, parse_atom, system), _at(key, parse_level, name)
        _at(key, partial(check_pair_level, atom), level)
        yield system, name


def _kept(rows: Collection[tuple[str, str]], left_out: Iterable[str]) -> set[tuple[str, str]]:
    """Rows that are not left out, by their system or by system/level."""
    kept = set(rows)
    for word in left_out:
        without = {row for row in rows if word in (row[0], "/".join(row))}
        if not without:
            such = "/".join(next(iter(rows)))
            raise ConfigError(f"key leave_out: {word!r} is not in the study; write such as {such}")
        kept -= without
    return kept


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


def _check_capitals(rows: Iterable[tuple[str, str]]) -> None:
    """Refuse rows whose folders would be one on a disk that does not tell capitals."""
    first: dict[str, tuple[str, str]] = {}
    for row in rows:
        other = first.setdefault("/".join(row).casefold(), row)
        if other != row:
            raise ConfigError(
                f"{'/'.join(other)} and {'/'.join(row)} differ in capitals only, and so would have "
                "one folder on many disks; keep one, or choose another name"
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
