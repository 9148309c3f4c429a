"""The three answers for each atom in one short table: transport, quantum mechanics, mean field."""

from math import ceil

import pandas as pd

from comotion.systems import BEST
from comotion.tables.best_estimates import with_error
from comotion.tables.rows import Row, last_levels, rows_of, v_sce_bounds

#: Most decimals of a bracket.
_DECIMALS = 7


def headline(table: pd.DataFrame, best: pd.DataFrame | None = None) -> str:
    """The short table of a study, Markdown, hartree.

    Args:
        table: The table of energies (`comotion.tables.comparison.energies_table`).
        best: The table of best estimates, whose middle of the bracket is shown too.

    Returns:
        One line for each system that has a quantum state, at its last level.
    """
    last = last_levels(table[table["v_quantum"].notna()])
    names = ["system", "level", "V_SCE", "<V_ee>", "mean field"]
    if best is not None:
        names.append("V_SCE, best density")
    lines = ["| " + " | ".join(names) + " |", "| --- | --- " + "| ---: " * (len(names) - 2) + "|"]
    for row in rows_of(last):
        quantum, mean_field = (f"{row[name]:.4f}" for name in ("v_quantum", "v_mean_field"))
        cells = [f"{row['system']}", f"{row['level']}", _v_sce(row), quantum, mean_field]
        if best is not None:
            cells.append(_of_best(best, str(row["system"])))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def _of_best(best: pd.DataFrame, system: str) -> str:
    """The middle of the bracket of a system's best density, with its error bar."""
    rows = best[(best["system"] == system) & (best["level"] == BEST)]
    if rows.empty:
        return ""
    return with_error(float(rows["middle"].iloc[0]), float(rows["middle_error"].iloc[0]))


def _v_sce(row: Row) -> str:
    """The bracket, or a proven bound and the best pattern; else V_2 and the best pattern."""
    lower, upper = v_sce_bounds(row)
    if pd.notna(row["lower"]) or pd.notna(row.get("lower_proven")):
        return within(lower, upper)
    return f"{lower - 5e-3:.2f} to {upper + 5e-3:.2f}"


def within(lower: float, upper: float) -> str:
    """Middle and half width of a bracket, such as 3.19386(2): no end is rounded inwards.

    Args:
        lower: The lower end.
        upper: The upper end.

    Returns:
        The middle, and in brackets what reaches both ends in units of its last digit.
    """
    middle, half = (lower + upper) / 2, (upper - lower) / 2
    decimals = next((d for d in range(_DECIMALS) if half * 10**d > 1.9999), _DECIMALS)
    shown = round(middle, decimals)
    units = max(1, ceil((half + abs(middle - shown)) * 10**decimals - 1e-9))
    return f"{shown:.{decimals}f}({units})"
