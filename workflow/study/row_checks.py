"""Rows of a configuration, checked against what exists: elements, models, levels.

Every error names the key, the value and the remedy.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from comotion.electronic.pair_levels import check_pair_level
from comotion.errors import ComotionError, ConfigError
from comotion.recipe import recipe
from comotion.systems import check_level, parse_atom, parse_level


def atom_rows(groups: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(system, level) of every atom at every level of its group."""
    rows = []
    for i, group in enumerate(groups):
        for level in group["levels"]:
            parsed(f"atoms[{i}].levels", parse_level, level)
        for system in group["systems"]:
            atom = parsed(f"atoms[{i}].systems", parse_atom, system)
            for level in group["levels"]:
                parsed(f"atoms[{i}].levels", partial(check_level, atom), parse_level(level))
            rows += [(system, level) for level in group["levels"]]
    return rows


def composition(key: str, system: str, level: str) -> list[tuple[str, str]]:
    """A best level of an atom and those of which it is composed."""
    levels = parsed(key, partial(recipe, level=level), system).levels
    return [(system, name) for name in (level, *levels)]


def pair_angle_rows(entries: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Atoms and full-CI levels at which angles between electrons are computed."""
    for system, name in entries.items():
        key = f"figures.pair_angles.{system}"
        atom, level = parsed(key, parse_atom, system), parsed(key, parse_level, name)
        parsed(key, partial(check_level, atom), level)
        if level.method != "fci" or atom.n_electrons not in (2, 4):
            raise ConfigError(
                f"key {key}: {name!r} of {atom.n_electrons} electrons; angles between electrons "
                "need an fci level and a closed shell of 2 or 4 electrons"
            )
        yield system, name


def pair_density_rows(entries: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Atoms and levels at which pair densities are computed."""
    for system, name in entries.items():
        key = f"figures.pair_densities.{system}"
        atom, level = parsed(key, parse_atom, system), parsed(key, parse_level, name)
        parsed(key, partial(check_pair_level, atom), level)
        yield system, name


def rows_kept(rows: Collection[tuple[str, str]], left_out: Iterable[str]) -> set[tuple[str, str]]:
    """Rows that are not left out, by their system or by system/level."""
    kept = set(rows)
    for word in left_out:
        without = {row for row in rows if word in (row[0], "/".join(row))}
        if not without:
            such = "/".join(next(iter(rows)))
            raise ConfigError(f"key leave_out: {word!r} is not in the study; write such as {such}")
        kept -= without
    return kept


def check_rows(rows: list[tuple[str, str]], arrangements: Iterable[str]) -> None:
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


def check_capitals(rows: Iterable[tuple[str, str]]) -> None:
    """Refuse rows whose folders would be one on a disk that does not tell capitals."""
    first: dict[str, tuple[str, str]] = {}
    for row in rows:
        other = first.setdefault("/".join(row).casefold(), row)
        if other != row:
            raise ConfigError(
                f"{'/'.join(other)} and {'/'.join(row)} differ in capitals only, and so would have "
                "one folder on many disks; keep one, or choose another name"
            )


def check_unpaired(system: str, number: int) -> None:
    """Refuse a number of unpaired electrons that so many electrons cannot have."""
    atom = parsed("abinitio.unpaired_electrons", parse_atom, system)
    if number > atom.n_electrons or (atom.n_electrons - number) % 2:
        raise ConfigError(
            f"key abinitio.unpaired_electrons.{system}: {atom.n_electrons} electrons cannot "
            f"have {number} unpaired ones: give a number of the same parity, at most "
            f"{atom.n_electrons}, or remove the key for Hund's rule"
        )


def parsed(key: str, parse: Any, value: Any) -> Any:
    """Parse a value; an error names its key."""
    try:
        return parse(value)
    except ComotionError as error:
        raise ConfigError(f"key {key}: {error}") from error
