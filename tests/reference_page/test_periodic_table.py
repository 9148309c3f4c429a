"""The periodic table: every element in its group."""

from comotion.reference_page.periodic_table import elements, place
from comotion.systems import ELEMENTS

#: Groups, from the top.
_GROUPS = {
    1: "H Li Na K Rb Cs Fr", 2: "Be Mg Ca Sr Ba Ra", 3: "Sc Y Lu Lr", 4: "Ti Zr Hf Rf",
    8: "Fe Ru Os Hs", 11: "Cu Ag Au Rg", 12: "Zn Cd Hg Cn", 13: "B Al Ga In Tl Nh",
    17: "F Cl Br I At Ts", 18: "He Ne Ar Kr Xe Rn Og",
}  # fmt: skip


def test_groups() -> None:
    by_place = {place(z): ELEMENTS[z] for z in range(1, 119)}
    assert len(by_place) == 118
    for column, symbols in _GROUPS.items():
        found = [by_place[row, column] for row in range(1, 8) if (row, column) in by_place]
        assert found == symbols.split()


def test_f_elements_stand_below() -> None:
    assert [place(z) for z in (57, 70, 89, 102)] == [(9, 4), (9, 17), (10, 4), (10, 17)]
    assert place(71) == (6, 3)


def test_whole_periods_are_shown() -> None:
    assert [elements(z)[-1] for z in (0, 18, 54, 55, 86, 87, 118)] == [
        54, 54, 54, 86, 86, 118, 118
    ]  # fmt: skip
