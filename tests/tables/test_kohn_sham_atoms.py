"""The tables of self-consistent atoms and of Kohn-Sham systems."""

from typing import Any

import pandas as pd
import pytest

from comotion.tables.kohn_sham_atoms import (
    INVERSION,
    SELF_CONSISTENT,
    inversion_table,
    kohn_sham_markdown,
    self_consistent_table,
)
from comotion.tables.quantities import COLUMNS

#: Columns with their units, in order; a record holds a value for each of which no two are alike.
_ATOM_UNITS = {
    "system": "", "level": "", "n_electrons": "1", "nuclear_charge": "1", "order": "1",
    "energy": "hartree", "energy_exact": "hartree", "kinetic_s": "hartree",
    "nuclear_attraction": "hartree", "v_functional": "hartree", "v_functional_error": "hartree",
    "highest_occupied": "hartree", "lowest_unoccupied": "hartree", "tail_gain": "hartree",
    "virial_ratio": "1", "iterations": "1",
}  # fmt: skip
_DENSITY_UNITS = {
    "system": "", "level": "", "n_electrons": "1", "nuclear_charge": "1", "kinetic_s": "hartree",
    "kinetic_s_error": "hartree", "hartree": "hartree", "exchange": "hartree",
    "exchange_error": "hartree", "e_c": "hartree",
    "t_c": "hartree", "w_1": "hartree", "highest_occupied": "hartree", "residual": "electrons",
}  # fmt: skip
_ATOM: dict[str, Any] = {
    "system": "Be", "level": "ks-v2_x", "n_electrons": 4, "nuclear_charge": 5, "order": 2,
    "energy": -17.0659669, "energy_exact": -14.667356, "kinetic_s": 17.25,
    "nuclear_attraction": -36.5, "v_functional": 2.47095491, "v_functional_error": 3.25e-8,
    "highest_occupied": -0.387989, "lowest_unoccupied": -0.244159, "tail_gain": -6.2e-9,
    "virial_ratio": 2.000001, "iterations": 7,
}  # fmt: skip
_DENSITY: dict[str, Any] = {
    "system": "He", "level": "hylleraas_x", "n_electrons": 2, "nuclear_charge": 3,
    "kinetic_s": 2.867082, "kinetic_s_error": 8.5e-8, "hartree": 2.0491, "exchange": -1.0246,
    "exchange_error": 2.5e-7,
    "e_c": -0.042107, "t_c": 0.036643, "w_1": -1.103318, "highest_occupied": -0.9037,
    "residual": 5.5e-6,
}  # fmt: skip


@pytest.mark.parametrize(
    ("make", "columns", "units", "record"),
    [(self_consistent_table, SELF_CONSISTENT, _ATOM_UNITS, _ATOM),
     (inversion_table, INVERSION, _DENSITY_UNITS, _DENSITY)],
    ids=["atoms", "densities"],
)  # fmt: skip
def test_every_column_is_that_key_of_the_record(
    make: Any, columns: Any, units: dict[str, str], record: dict[str, Any]
) -> None:
    """A key that a record does not have is missing in its row; others are left out."""
    assert {name: column.unit for name, column in columns.items()} == units
    assert list(columns) == list(units)
    assert all(column.meaning for column in columns.values())
    assert columns["system"] == COLUMNS["system"]
    table = make([record | {"settings": {}, "basis": "x"}, {"system": "Ne", "level": "y"}])
    assert list(table.columns) == list(units)
    first, second = table.to_dict("records")
    assert first == record
    known = {name: value for name, value in second.items() if pd.notna(value)}
    assert known == {"system": "Ne", "level": "y"}
    assert list(make([]).columns) == list(units)
    assert len(make([])) == 0


def test_meanings_are_those_of_the_formulas() -> None:
    meanings = {name: column.meaning for name, column in (SELF_CONSISTENT | INVERSION).items()}
    for name, words in (
        ("order", "2 is V_2, N the co-motion cost"), ("energy", "E = T_s + V + int v rho"),
        ("energy_exact", "from the literature"), ("virial_ratio", "-(E - T_s) / T_s, 2 at"),
        ("tail_gain", "by one more diffuse function"), ("e_c", "E - T_s - int v rho - U - E_x"),
        ("t_c", "T - T_s"), ("w_1", "<V_ee> - U of the state"),
        ("exchange", "<V_ee> - U of the orbitals"), ("kinetic_s", "T_s of the orbitals"),
        ("kinetic_s_error", "that of t_c, and a part of that of e_c"),
        ("residual", "int |rho of the orbitals"),
    ):  # fmt: skip
        assert words in meanings[name]


def test_page() -> None:
    """Both tables with their notes; small numbers in powers of ten, what is missing left empty."""
    atoms = self_consistent_table([_ATOM, _ATOM | {"system": "H-", "energy_exact": None}])
    densities = inversion_table([_DENSITY, _DENSITY | {"system": "N", "e_c": None, "t_c": 0.0}])
    page = kohn_sham_markdown(atoms, densities)
    header, rule, first, second, blank, *notes = page.splitlines()
    assert header == "| " + " | ".join(_ATOM_UNITS) + " |"
    assert rule == "| --- " * len(_ATOM_UNITS) + "|"
    assert first == (
        "| Be | ks-v2_x | 4 | 5 | 2 | -17.065967 | -14.667356 | 17.250000 | -36.500000 | 2.470955 |"
        " 3.2e-08 | -0.387989 | -0.244159 | -6.2e-09 | 2.000001 | 7 |"
    )
    assert second == first.replace("| Be |", "| H- |").replace("| -14.667356 |", "|  |")
    assert blank == ""
    end = notes.index("")
    assert notes[:end] == [f"- `{name}`: {one.meaning}" for name, one in SELF_CONSISTENT.items()]
    header, rule, first, second, blank, *notes = notes[end + 1 :]
    assert header == "| " + " | ".join(_DENSITY_UNITS) + " |"
    assert rule == "| --- " * len(_DENSITY_UNITS) + "|"
    assert first == (
        "| He | hylleraas_x | 2 | 3 | 2.867082 | 8.5e-08 | 2.049100 | -1.024600 | 2.5e-07 | "
        "-0.042107 | 0.036643 | -1.103318 | -0.903700 | 5.5e-06 |"
    )
    assert second == (
        "| N | hylleraas_x | 2 | 3 | 2.867082 | 8.5e-08 | 2.049100 | -1.024600 | 2.5e-07 |  | "
        "0.000000 | -1.103318 | -0.903700 | 5.5e-06 |"
    )
    assert blank == ""
    assert notes == [f"- `{name}`: {one.meaning}" for name, one in INVERSION.items()]


def test_a_table_without_rows_is_left_out() -> None:
    none = self_consistent_table([])
    page = kohn_sham_markdown(none, inversion_table([_DENSITY]))
    assert page.startswith("| system | level | n_electrons | nuclear_charge | kinetic_s |")
    assert "virial_ratio" not in page
    assert kohn_sham_markdown(none, inversion_table([])) == ""
    page = kohn_sham_markdown(self_consistent_table([_ATOM]), inversion_table([]))
    assert "kinetic_s_error" not in page
