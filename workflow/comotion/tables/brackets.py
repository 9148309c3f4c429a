"""Brackets of several densities as one table."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

COLUMNS = (
    "system",
    "level",
    "n_electrons",
    "lower",
    "lower_from",
    "upper",
    "upper_plan",
    "gap",
    "relative_gap",
    "v_comotion",
    "comotion_excess",
    "comotion_within_gap",
    "spline_error",
)


def bracket_table(records: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One row for each bracket; energies in hartree."""
    return pd.DataFrame(list(records)).reindex(columns=list(COLUMNS))


def hierarchy_table(records: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Brackets of V_k, one row for each density and k; V_N is the bracket itself."""
    rows = []
    for record in records:
        found = record["hierarchy_bracket"] | {
            str(record["n_electrons"]): [record["lower"], record["upper"]]
        }
        for k, (lower, upper) in found.items():
            rows.append((record["system"], record["level"], int(k), lower, upper))
    return pd.DataFrame(rows, columns=["system", "level", "k", "lower", "upper"])


def bracket_markdown(table: pd.DataFrame) -> str:
    """The table for people."""
    names = [
        "system",
        "level",
        "lower",
        "upper",
        "relative gap",
        "co-motion plan",
        "excess",
        "within the gap",
    ]
    lines = ["| " + " | ".join(names) + " |", "| --- " * len(names) + "|"]
    for _, row in table.iterrows():
        cells = [
            str(row["system"]),
            str(row["level"]),
            f"{row['lower']:.6f}",
            f"{row['upper']:.6f}",
            f"{row['relative_gap']:.1e}",
            f"{row['v_comotion']:.6f}",
            f"{row['comotion_excess']:.1e}",
            "yes" if row["comotion_within_gap"] else "no",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    notes = (
        "Hartree. `excess` is by how much the co-motion plan costs more than `upper`; it is within "
        "the gap if that is at most the gap, and then at most twice the gap above the optimum."
    )
    return "\n".join([*lines, "", notes, ""])
