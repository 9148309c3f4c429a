"""Rows of the table of energies: as values by name, the one of each system that is shown."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

Row = Mapping[str, Any]


def rows_of(table: pd.DataFrame) -> list[Row]:
    """Rows of a table, as values by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def last_levels(table: pd.DataFrame) -> pd.DataFrame:
    """The last level of each system, in order: what figures and the overview show."""
    return table.drop_duplicates("system", keep="last").reset_index(drop=True)


def v_sce_bounds(row: Row) -> tuple[float, float]:
    """Lower and upper bound of V_SCE: the bracket, or what is known without one.

    Without a bracket the lower one is the larger of V_2 less its error and the proven bound, and
    the upper one the best pattern with its error. A bracket keeps its own lower end: it is the
    better one as a rule, though the other is proven.

    Args:
        row: A row of the table of energies.

    Returns:
        Both, hartree; NaN for one that nothing in the row gives.
    """
    lower, upper = number(row, "lower"), number(row, "upper")
    if pd.isna(lower):
        found = (number(row, "v_2") - known(row, "v_2_error"), number(row, "lower_proven"))
        # One electron repels nothing.
        lower = 0.0 if row["n_electrons"] == 1 else float(pd.Series(found).max())
    if pd.isna(upper):
        upper = number(row, "v_best_pattern") + known(row, "quadrature_error")
    return lower, upper


def number(row: Row, name: str) -> float:
    """A number of the row, NaN if it has none."""
    value = row.get(name)
    return float("nan") if value is None or pd.isna(value) else float(value)


def known(row: Row, name: str) -> float:
    """A number of the row, zero if it has none."""
    value = number(row, name)
    return 0.0 if pd.isna(value) else value
