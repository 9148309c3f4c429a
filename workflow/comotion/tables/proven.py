"""The table of proven bounds, Markdown: what is proven of V_SCE beside V_2 and the upper bound."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import pandas as pd

from comotion.tables.quantities import orders
from comotion.tables.rows import last_levels, number, rows_of, v_sce_bounds

#: Decimals of a bound.
_DECIMALS = 6


def proven_markdown(table: pd.DataFrame) -> str:
    """Systems with a proven bound, each at its last level, hartree.

    Args:
        table: The table of energies (`comotion.tables.comparison.energies_table`).

    Returns:
        A line for each system. Lower bounds are rounded down and upper ones up.
    """
    proven = last_levels(table)
    proven = proven[proven["lower_proven"].notna()]
    of_k = [k for k in orders(list(map(str, table)), "lower_proven") if k > 2]
    names = ["system", "level", "V_2", "proven", "upper", "proven below upper",
             *(f"proven of V_{k}" for k in of_k)]  # fmt: skip
    lines = [_line(names), _line(["---"] * 2 + ["---:"] * (len(names) - 2))]
    for row in rows_of(proven):
        lower, upper = number(row, "lower_proven"), v_sce_bounds(row)[1]
        lines.append(
            _line([
                str(row["system"]), str(row["level"]),
                _rounded(number(row, "v_2"), ROUND_FLOOR), _rounded(lower, ROUND_FLOOR),
                _rounded(upper, ROUND_CEILING), f"{(upper - lower) / upper:.1e}",
                *(_rounded(number(row, f"lower_proven_{k}"), ROUND_FLOOR) for k in of_k),
            ])
        )  # fmt: skip
    lines += ["", "Hartree; the sixth column as a fraction of the upper bound."]
    return "\n".join([*lines, ""])


def _rounded(value: float, side: str) -> str:
    """A bound with its decimals, rounded to the side on which it stays one."""
    if pd.isna(value):
        return ""
    return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-_DECIMALS), side))


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
