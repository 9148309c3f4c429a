"""The tables of ground levels: that they are whole, and what Hund's rule says of them."""

from collections import Counter

import pytest
from pyscf.data import elements

from comotion.electronic.ground_levels import (
    _LEVELS,
    ANGULAR_LETTERS,
    Subshells,
    _bound,
    _rows,
    ground_level,
)
from comotion.errors import ElectronicStructureError
from comotion.systems import ELEMENTS, Atom, parse_atom

#: Elements with a known neutral ground level, H to Hs.
_KNOWN = ELEMENTS[1:109]
#: Letters of the total orbital angular momentum.
_LETTERS = "SPDFGHIKLMN"


def _hund(subshells: Subshells) -> str:
    """Term of a configuration by Hund's rule: S and then L as large as can be."""
    spins, orbital = 0, 0
    for (_, angular), electrons in subshells.items():
        ms = sorted(range(-angular, angular + 1), reverse=True)
        ups, downs = ms[:electrons], ms[: max(0, electrons - len(ms))]
        spins += len(ups) - len(downs)
        orbital += abs(sum(ups) + sum(downs))
    return f"{spins + 1}{_LETTERS[orbital]}"


@pytest.mark.parametrize(
    ("system", "configuration", "term"),
    [
        ("V+", "3d4", "5D"), ("Co+", "3d8", "3F"), ("Ni+", "3d9", "2D"), ("Y+", "5s2", "1S"),
        ("La+", "5d2", "3F"), ("Lu+", "6s2", "1S"), ("Hf+", "5d1 6s2", "2D"), ("Ac+", "7s2", "1S"),
        ("Nb+", "4d4", "5D"), ("Mn+", "3d5 4s1", "7S"),
    ],
)  # fmt: skip
def test_ions_that_do_not_follow_the_order_of_filling(
    system: str, configuration: str, term: str
) -> None:
    subshells, found = ground_level(parse_atom(system))
    outer = [f"{n}{ANGULAR_LETTERS[angular]}{electrons}"
             for (n, angular), electrons in sorted(subshells.items())]  # fmt: skip
    assert " ".join(outer).endswith(configuration)
    assert found == term


def test_every_row_has_its_electrons_and_no_ion_two_levels() -> None:
    seen: Counter[tuple[int, str]] = Counter()
    for row in _rows(_LEVELS):
        first, last = (ELEMENTS.index(row[end]) for end in ("first", "last"))
        for symbol in ELEMENTS[first : last + 1]:
            atom = Atom(symbol, ELEMENTS.index(symbol) - int(row["electrons"]))
            assert atom.charge >= 0, row
            seen[atom.n_electrons, symbol] += 1
            subshells, _ = ground_level(atom)
            assert sum(subshells.values()) == atom.n_electrons, row
            assert all(1 <= count <= 4 * angular + 2 and angular < n
                       for (n, angular), count in subshells.items()), row  # fmt: skip
    assert set(seen.values()) == {1}
    for charge in (0, 1):
        assert {(ELEMENTS.index(symbol) - charge, symbol) for symbol in _KNOWN[charge:]} <= set(
            seen
        )


def test_hunds_rule_gives_the_terms_that_have_a_name() -> None:
    """It need not for two open shells, nor in heavy ions, whose levels are mixed."""
    other = set()
    for row in _rows(_LEVELS):
        electrons = int(row["electrons"])
        ion = Atom(row["first"], ELEMENTS.index(row["first"]) - electrons)
        if row["term"] not in ("", _hund(ground_level(ion).subshells)):
            other.add((electrons, row["first"], row["term"]))
    assert other == {
        (57, "Ce", "4H"), (58, "Ce", "1G"), (63, "Lu", "4F"), (64, "Tm", "5I"), (89, "Pa", "4I"),
        (7, "W", "2P"), (15, "La", "2P"), (33, "W", "2D"), (40, "W", "3P"), (41, "W", "4P"),
        (65, "W", "2P"),
    }  # fmt: skip


def test_neutral_atoms_agree_with_pyscf() -> None:
    """A second source, in which Tb and Bk have f^8 d and Lr 6d."""
    other = []
    for number, symbol in enumerate(_KNOWN, start=1):
        by_angular: Counter[int] = Counter()
        for (_, angular), electrons in ground_level(Atom(symbol, 0)).subshells.items():
            by_angular[angular] += electrons
        if [by_angular[angular] for angular in range(4)] != elements.CONFIGURATION[number]:
            other.append(symbol)
    assert other == ["Tb", "Bk", "Lr"]


def test_negative_ions_are_like_the_next_atom() -> None:
    assert {"H", "F", "Cl", "O", "Au"} <= _bound()
    assert not {"He", "N", "Be", "Ne", "Ca", "V", "Ni", "Pt"} & _bound()
    for symbol in _bound():
        ion, neutral = Atom(symbol, -1), Atom(ELEMENTS[ELEMENTS.index(symbol) + 1], 0)
        assert ground_level(ion) == ground_level(neutral)
        # The electron that is added is in the same subshell as one that was there.
        before = ground_level(Atom(symbol, 0)).subshells
        (joined,) = [shell for shell, count in ground_level(ion).subshells.items()
                     if count != before.get(shell, 0)]  # fmt: skip
        assert joined[1] <= 1
        assert joined in before or before[joined[0], 0] == 2


@pytest.mark.parametrize(
    ("system", "sentence"),
    [
        ("O2-", "no atom binds two electrons more"),
        ("He-", "He-: the negative ion is not bound, or"),
        ("Og", "Og: its ground configuration is not known"),
        ("Mt+", "not known to the table ground_levels.csv; choose another charge"),
    ],
)
def test_what_the_tables_lack_is_refused(system: str, sentence: str) -> None:
    with pytest.raises(ElectronicStructureError, match=sentence):
        ground_level(parse_atom(system))
