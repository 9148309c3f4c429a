"""The configuration of a study, checked before anything runs.

The JSON schema says what keys there are and of which type; here the values are checked
against what exists: elements, models, levels, files. Every error names the file, the key,
the value and the remedy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from comotion.errors import ComotionError, ConfigError
from comotion.systems import (
    BEST,
    is_atom,
    is_model,
    parse_atom,
    parse_level,
    parse_model,
)
from study.catalogue import FIGURES
from study.row_checks import (
    atom_rows,
    check_capitals,
    check_rows,
    check_unpaired,
    composition,
    pair_angle_rows,
    pair_density_rows,
    parsed,
    rows_kept,
)
from study.schema import checked, with_defaults
from study.settings import command_line
from study.user_files import check_user_density

#: Levels of densities that no ab-initio method made.
EXACT, TABLE = "exact", "table"
#: Number of electrons whose adiabatic connection is known at any coupling.
_PAIR = 2


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

    def _last_states(self, most: int) -> list[tuple[str, str]]:
        """The last level of each atom with few enough electrons, if it is a state's."""
        return [
            (system, level)
            for system, level in self.shown
            if is_atom(system) and not _is_transport(level) and _electrons(system) <= most
        ]

    @property
    def inverted(self) -> list[tuple[str, str]]:
        """The last level of each atom few enough in electrons whose Kohn-Sham system is found."""
        return self._last_states(self["kohn_sham"]["electrons"])

    @property
    def connected(self) -> list[tuple[str, str]]:
        """The last level of each atom few enough in electrons whose connection is made."""
        rows = self._last_states(self["connection"]["electrons"])
        return [row for row in rows if _electrons(row[0]) >= _PAIR]

    @property
    def curved(self) -> list[tuple[str, str]]:
        """Those of them with two electrons, whose whole curve is computed."""
        return [row for row in self.connected if _electrons(row[0]) == _PAIR]

    @property
    def hartree_fock_connected(self) -> list[tuple[str, str]]:
        """The same atoms at the Hartree-Fock level of their Moller-Plesset connection."""
        basis = self["connection"]["moller_plesset_basis"]
        level = str(parse_level(f"hf_{basis}")) if basis else ""
        return [(system, level) for system, _ in self.connected if basis]

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
            "connection table": bool(self.connected),
            "connection curves": bool(self.curved),
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
            *(["connection"] if self.connected else []),
            *(["moller_plesset"] if self.hartree_fock_connected else []),
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
    rows = atom_rows(config["atoms"])
    for model in config["models"]:
        parsed("models", parse_model, model)
        rows.append((model, EXACT))
    for name, entry in config["densities"].items():
        check_user_density(name, entry["file"])
        rows.append((name, TABLE))
    check_rows(rows, config["figures"]["arrangements"])
    estimates = {system: composition("best", system, BEST) for system in config["best"]}
    composed = {row: composition("atoms", *row) for row in rows if _is_composed(row[1])}
    _check_spins(config, rows, {*estimates, *(row[0] for row in composed)})
    if basis := config["connection"]["moller_plesset_basis"]:
        parsed("connection.moller_plesset_basis", parse_level, f"hf_{basis}")
        if basis.startswith("hf_"):
            raise ConfigError(
                f"key connection.moller_plesset_basis: {basis!r} is a level; give its basis alone, "
                f"{basis.removeprefix('hf_')!r}"
            )
    pair_angles = list(pair_angle_rows(config["figures"]["pair_angles"]))
    pair_densities = list(pair_density_rows(config["figures"]["pair_densities"]))
    pairs = [*pair_angles, *pair_densities]
    check_capitals([*rows, *pairs])
    parts = [part for its in (*estimates.values(), *composed.values()) for part in its]
    kept = rows_kept([*rows, *pairs, *parts], config["leave_out"])
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
    study = Study(_frozen(config), rules, tuple(rows), tuple(pair_angles), tuple(pair_densities))
    for key, potentials in (("kohn_sham", study.inverted), ("connection", study.connected)):
        for system, _ in potentials:
            if system in study["abinitio"]["unpaired_electrons"]:
                raise ConfigError(
                    f"key abinitio.unpaired_electrons.{system}: a Kohn-Sham potential is that of "
                    f"the ground configuration; remove the key or lower {key}.electrons"
                )
    return study


def _check_spins(
    config: Mapping[str, Any], rows: list[tuple[str, str]], estimated: set[str]
) -> None:
    """Refuse numbers of unpaired electrons where a state has to be the ground state."""
    for system, number in config["abinitio"]["unpaired_electrons"].items():
        check_unpaired(system, number)
        if system in estimated:
            raise ConfigError(
                f"key abinitio.unpaired_electrons.{system}: a best estimate is that of the ground "
                "state; remove the key or the estimate"
            )
        if any(name == system and _is_transport(level) for name, level in rows):
            raise ConfigError(
                f"key abinitio.unpaired_electrons.{system}: transport functionals do not see the "
                "spin; remove the key or the ks- levels of this system"
            )


def _frozen(value: Any) -> Any:
    """The same mappings and lists, which cannot be changed."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: _frozen(entry) for key, entry in value.items()})
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _electrons(system: str) -> int:
    """Number of electrons of an atom or a model."""
    return (parse_model if is_model(system) else parse_atom)(system).n_electrons


def _is_composed(level: str) -> bool:
    """Whether a level is a sum of others."""
    return level.partition("_")[0] == BEST


def _is_transport(level: str) -> bool:
    """Whether a level is that of an atom which is self-consistent with a transport functional."""
    return level not in (EXACT, TABLE) and parse_level(level).is_transport
