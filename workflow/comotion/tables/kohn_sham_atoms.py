"""Tables of self-consistent atoms and of the Kohn-Sham systems of densities."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from comotion.tables.quantities import COLUMNS, Column

_HEAD = {name: COLUMNS[name] for name in ("system", "level", "n_electrons", "nuclear_charge")}
_KINETIC = Column("hartree", "kinetic energy T_s of the orbitals")

#: Columns of the table of self-consistent atoms.
SELF_CONSISTENT = _HEAD | {
    "order": Column(
        "1",
        "order k of the functional: 2 is V_2, N the co-motion cost or, at ks-pair, the pair bound",
    ),
    "energy": Column("hartree", "E = T_s + V + int v rho at the minimum"),
    "energy_exact": Column("hartree", "exact non-relativistic energy, from the literature"),
    "kinetic_s": _KINETIC,
    "nuclear_attraction": Column("hartree", "energy in the field of the nucleus"),
    "v_functional": Column("hartree", "value V of the functional"),
    "v_functional_error": Column("hartree", "its error, of search and quadrature"),
    "highest_occupied": Column("hartree", "highest occupied orbital energy"),
    "lowest_unoccupied": Column("hartree", "lowest unoccupied orbital energy"),
    "tail_gain": Column("hartree", "fall of highest_occupied by one more diffuse function"),
    "virial_ratio": Column("1", "-(E - T_s) / T_s, 2 at the minimum in a complete basis"),
    "iterations": Column("1", "iterations"),
}

#: Columns of the table of Kohn-Sham systems.
INVERSION = _HEAD | {
    "kinetic_s": _KINETIC,
    "kinetic_s_error": Column(
        "hartree",
        "its error, that of t_c, and a part of that of e_c: change with the functions of the "
        "potential; of two electrons difference from the closed form",
    ),
    "hartree": Column("hartree", "Hartree energy U of the density"),
    "exchange": Column("hartree", "<V_ee> - U of the orbitals"),
    "exchange_error": Column("hartree", "error of exchange, a part of that of e_c"),
    "e_c": Column("hartree", "correlation energy E - T_s - int v rho - U - E_x"),
    "t_c": Column("hartree", "its kinetic part T - T_s"),
    "w_1": Column("hartree", "<V_ee> - U of the state"),
    "highest_occupied": Column("hartree", "highest occupied orbital energy"),
    "residual": Column("electrons", "int |rho of the orbitals - rho|"),
}


def self_consistent_table(records: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One row for each self-consistent atom, from its quantum.json."""
    return pd.DataFrame(list(records)).reindex(columns=list(SELF_CONSISTENT))


def inversion_table(records: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One row for each density, from its kohn_sham.json."""
    return pd.DataFrame(list(records)).reindex(columns=list(INVERSION))


def kohn_sham_markdown(atoms: pd.DataFrame, densities: pd.DataFrame) -> str:
    """Both tables for people, Markdown."""
    parts = []
    for table, columns in ((atoms, SELF_CONSISTENT), (densities, INVERSION)):
        if not len(table):
            continue
        lines = ["| " + " | ".join(columns) + " |", "| --- " * len(columns) + "|"]
        for row in table.to_dict("records"):
            cells = [_cell(row[name]) for name in columns]
            lines.append("| " + " | ".join(cells) + " |")
        notes = [f"- `{name}`: {column.meaning}" for name, column in columns.items()]
        parts.append("\n".join([*lines, "", *notes, ""]))
    return "\n".join(parts)


def _cell(value: Any) -> str:
    """A cell of a table for people."""
    if pd.isna(value):
        return ""
    if not isinstance(value, float):
        return str(value)
    return f"{value:.6f}" if abs(value) >= 1e-4 or value == 0 else f"{value:.1e}"
