"""Ground levels of atoms and ions as the spectra tell, from the tables beside this module."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from comotion.errors import ElectronicStructureError
from comotion.systems import ELEMENTS, Atom

#: Spectroscopic letters of the angular momenta.
ANGULAR_LETTERS = "spdfghi"

_LEVELS = Path(__file__).with_name("ground_levels.csv")
_NEGATIVE_IONS = Path(__file__).with_name("negative_ions.csv")
_SUBSHELL = re.compile(r"(\d)([a-z])(\d*)")

#: Electrons by subshell (n, l).
Subshells = dict[tuple[int, int], int]


class GroundLevel(NamedTuple):
    """What is known of the ground level of an atom or ion.

    Attributes:
        subshells: Electrons by subshell (n, l), those of the closed ones included.
        term: Its term in LS coupling, such as ``3F``; empty where it has no such name.
    """

    subshells: Subshells
    term: str


def ground_level(atom: Atom) -> GroundLevel:
    """Ground configuration and term of an atom or ion.

    Neutral atoms and positive ions are those of the NIST Atomic Spectra Database; negative ions
    that are bound have the configuration of the neutral atom with as many electrons, where the
    added one joins an open s or p subshell. The files say what they are taken from.

    Args:
        atom: The atom or ion.

    Returns:
        Its subshells and term.

    Raises:
        ElectronicStructureError: The tables do not have it.
    """
    neutral = atom.symbol
    if atom.charge == -1 and atom.symbol in _bound():
        neutral = ELEMENTS[atom.n_electrons]
    found = _levels().get((atom.n_electrons, neutral)) if atom.charge >= -1 else None
    if found is None:
        raise ElectronicStructureError(f"{atom}: {_why_unknown(atom)}; choose another charge")
    configuration, term = found
    return GroundLevel(_subshells(configuration), term)


def _why_unknown(atom: Atom) -> str:
    """Why there is no ground level of an atom or ion."""
    if atom.charge < -1:
        return "no atom binds two electrons more than it has protons"
    if atom.charge == -1:
        return (
            "the negative ion is not bound, or its ground configuration is not in the table "
            f"{_NEGATIVE_IONS.name}"
        )
    return f"its ground configuration is not known to the table {_LEVELS.name}"


@cache
def _levels() -> dict[tuple[int, str], tuple[str, str]]:
    """Configuration and term by number of electrons and element."""
    levels = {}
    for row in _rows(_LEVELS):
        first, last = (ELEMENTS.index(row[end]) for end in ("first", "last"))
        for element in ELEMENTS[first : last + 1]:
            levels[int(row["electrons"]), element] = row["configuration"], row["term"]
    return levels


@cache
def _bound() -> frozenset[str]:
    """Elements whose negative ion is in the table."""
    return frozenset(row["element"] for row in _rows(_NEGATIVE_IONS))


def _rows(path: Path) -> list[dict[str, str]]:
    """Rows of a table, without its comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _subshells(configuration: str) -> Subshells:
    """Electrons by subshell of a configuration such as ``[Ar].3d5.4s``."""
    subshells: Subshells = {}
    for part in configuration.split("."):
        if part.startswith("["):
            core = part[1:-1]
            subshells |= _subshells(_levels()[ELEMENTS.index(core), core][0])
            continue
        match = _SUBSHELL.fullmatch(part)
        if match is None:
            raise ElectronicStructureError(f"{_LEVELS.name}: no subshell: {part!r}; mend the table")
        subshells[int(match[1]), ANGULAR_LETTERS.index(match[2])] = int(match[3] or 1)
    return subshells
