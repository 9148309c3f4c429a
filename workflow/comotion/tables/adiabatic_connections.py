"""Tables of adiabatic connections: their ends, and correlation energies made of them."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from comotion.tables.quantities import COLUMNS, Column

_MODEL = "by the point-charge-plus-continuum model"
#: Interpolations by their names in a column, as they are written.
INTERPOLATED = {
    "isi": "ISI", "revisi": "revISI", "genisi": "genISI", "spl": "SPL", "lb": "LB",
}  # fmt: skip


def _with_error(name: str, meaning: str) -> dict[str, Column]:
    """A quantity and its error bar."""
    return {
        name: Column("hartree", meaning),
        f"{name}_error": Column("hartree", f"error bar of {name}"),
    }


def _correlation_energies() -> dict[str, Column]:
    """Correlation energies of all interpolations."""
    columns: dict[str, Column] = {}
    for name, title in INTERPOLATED.items():
        columns |= _with_error(f"e_c_{name}", f"E_c of {title} from the ends of the density")
        columns |= _with_error(f"e_c_{name}_pc", f"E_c of {title}, the strong end {_MODEL}")
    return columns


#: Columns of the table.
CORRELATION = (
    {name: COLUMNS[name] for name in ("system", "level", "n_electrons", "nuclear_charge")}
    | _with_error("w_0", "W_0 = E_x of the Kohn-Sham determinant")
    | _with_error("w_0_prime", "W'_0 = 2 E_c^GL2")
    | {
        "w_1": Column("hartree", "W_1 = <V_ee> - U of the state"),
        "w_inf_lower": Column("hartree", "lower bound of W_inf, of the bracket, or of V_2"),
        "w_inf_upper": Column("hartree", "upper bound of W_inf, of the bracket, or of a pattern"),
    }
    | _with_error("w_inf_middle", "middle of w_inf_lower and w_inf_upper")
    | _with_error("w_inf_prime", "zero-point coefficient W'_inf")
    | {name: COLUMNS[name] for name in ("w_pc", "w_pc_prime")}
    | _with_error("e_c", "correlation energy E - T_s - int v rho - U - E_x")
    | {
        "energy_is_exact": Column(
            "",
            "whether E is the exact energy, or the state's own, whose basis is in no error bar",
        )
    }
    | _correlation_energies()
)
#: Columns of the table of Hartree-Fock connections.
MOLLER_PLESSET = {name: COLUMNS[name] for name in ("system", "level", "n_electrons")} | {
    "exchange": COLUMNS["exchange"],
    "e_c_mp2": Column("hartree", "E_c^MP2 in the basis of the level, all electrons correlated"),
    "electrostatic": Column(
        "hartree", "E_el, point electrons in a cloud of the opposite charge, by a search"
    ),
    "w_c_inf": Column("hartree", "E_el + E_x, the integrand W_c at strong coupling"),
    "e_c_spl2": Column("hartree", "correlation energy by SPL2, its strong end a model"),
    "e_c_hartree_fock": Column(
        "hartree", "exact energy less the Hartree-Fock limit, from the literature"
    ),
}
#: Columns of the table for people.
_SHOWN = (
    "system", "level", "w_0", "w_0_prime", "w_inf_middle", "w_inf_prime", "e_c",
    "energy_is_exact",
    *(f"e_c_{name}" for name in INTERPOLATED),
)  # fmt: skip


def correlation_table(records: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One row for each density, from its connection.json."""
    return pd.DataFrame(list(records)).reindex(columns=list(CORRELATION))


def moller_plesset_table(records: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One row for each atom, from its moller_plesset.json."""
    return pd.DataFrame(list(records)).reindex(columns=list(MOLLER_PLESSET))


def correlation_markdown(table: pd.DataFrame, others: pd.DataFrame) -> str:
    """Both tables for people, Markdown: values with their error bars."""
    parts = []
    for rows, shown, columns in (
        (table, _SHOWN, CORRELATION), (others, tuple(MOLLER_PLESSET), MOLLER_PLESSET)
    ):  # fmt: skip
        if not len(rows):
            continue
        lines = ["| " + " | ".join(shown) + " |", "| --- " * len(shown) + "|"]
        for row in rows.to_dict("records"):
            cells = [_cell(row[name], row.get(f"{name}_error")) for name in shown]
            lines.append("| " + " | ".join(cells) + " |")
        notes = [f"- `{name}`: {columns[name].meaning}" for name in shown]
        parts.append("\n".join([*lines, "", *notes, ""]))
    return "\n".join(parts)


def _cell(value: Any, error: Any) -> str:
    """A cell of a table for people."""
    if pd.isna(value):
        return ""
    if not isinstance(value, float):
        return str(value)
    bar = "" if error is None or pd.isna(error) else f" ± {error:.0e}"
    return f"{value:.5f}{bar}"
