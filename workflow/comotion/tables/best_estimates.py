"""Best estimates of several atoms as one table, every number with its error bar."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

#: Quantities in the order of their columns.
QUANTITIES = (
    "energy",
    "v_quantum",
    "hartree",
    "middle",
    "v_comotion",
    "v_best_pattern",
    "w_inf_comotion",
    "w_inf_prime",
)


def best_table(records: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One row for each atom: every quantity followed by its error bar, hartree."""
    columns = ["system", "n_electrons", "nuclear_charge"]
    for name in QUANTITIES:
        columns += [name, f"{name}_error"]
    columns += ["lower", "upper", "v_comotion_by_potential", "energy_exact", "energy_within_error"]
    return pd.DataFrame(list(records)).reindex(columns=columns)


def best_markdown(table: pd.DataFrame) -> str:
    """The table for people."""
    lines = [
        "| " + " | ".join(["system", *QUANTITIES, "energy exact", "within"]) + " |",
        "| --- " * (len(QUANTITIES) + 3) + "|",
    ]
    for _, row in table.iterrows():
        cells = [str(row["system"])]
        cells += [with_error(row[name], row[f"{name}_error"]) for name in QUANTITIES]
        known = pd.notna(row["energy_exact"])
        cells += [f"{row['energy_exact']:.9g}" if known else ""]
        cells += [("yes" if row["energy_within_error"] else "no") if known else ""]
        lines.append("| " + " | ".join(cells) + " |")
    notes = (
        "Hartree; in brackets the error bar in units of the last digit. All numbers of a row "
        "belong to one density, whose error is part of each bar; `middle` is the middle of the "
        "bracket."
    )
    return "\n".join([*lines, "", notes, ""])


def with_error(value: float, error: float) -> str:
    """A value with its error bar in brackets, such as -14.6673(4); nothing where it is missing."""
    if pd.isna(value):
        return ""
    if not error > 0:
        return f"{value:.10f}"
    decimals = 0
    while error * 10**decimals < 2 and decimals < 10:
        decimals += 1
    return f"{value:.{decimals}f}({max(1, round(error * 10**decimals))})"
