"""Numbers of a row as the page shows them: rounded by their errors, bounds to their sides."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_UP, Decimal

from comotion.audit.set_files import Row, number
from comotion.reference_set.numbers_table import TEXTS, WHOLE

#: Decimals of a number whose error is not known, and of one whose error is as good as nothing.
_DECIMALS, _MOST = 8, 12
#: Columns that bound something from below, and from above.
_FROM_BELOW = re.compile(r"lower|lower_proven|lower_\d+|w_inf_lower|lieb_oxford_ratio")
_FROM_ABOVE = re.compile(r"upper|upper_\d+|w_inf_upper|lieb_oxford_ratio_upper")
#: Columns that are errors: their size is what matters.
_SIZES = re.compile(r".*_(?:error|spread)")


@dataclass(frozen=True)
class Shown:
    """A cell of the table as the page shows it.

    Attributes:
        name: Its column.
        value: The number, rounded, or a text.
        error: Its error, rounded up, empty where none is known.
        cell: The cell as it stands in the table.
        error_cell: That of its error.
    """

    name: str
    value: str
    error: str
    cell: str
    error_cell: str


def shown(row: Row) -> Iterator[Shown]:
    """Cells of a row that are not empty, but what names the row; errors beside their numbers.

    Args:
        row: A row of the table of a set.
    """
    for name, cell in row.items():
        if not cell or name in ("system", "level") or _is_beside(row, name):
            continue
        error = row.get(f"{name}_error", "")
        yield Shown(name, _value(row, name, error), _size(error) if error else "", cell, error)


def _is_beside(row: Row, name: str) -> bool:
    """Whether a column is the error of another one of the row."""
    return name.endswith("_error") and bool(row.get(name.removesuffix("_error")))


def _value(row: Row, name: str, error: str) -> str:
    if name in TEXTS:
        return row[name]
    if name in WHOLE or number(row, name) == round(number(row, name)):
        return f"{number(row, name):.0f}"
    if _SIZES.fullmatch(name):
        return _size(row[name])
    return _rounded(Decimal(row[name]), decimals_of(error), side_of(name))


def side_of(name: str) -> str:
    """How a column is rounded: a bound to the side on which it stays one.

    Args:
        name: The column.

    Returns:
        A way of rounding of the module ``decimal``.
    """
    if _FROM_BELOW.fullmatch(name):
        return ROUND_FLOOR
    return ROUND_CEILING if _FROM_ABOVE.fullmatch(name) else ROUND_HALF_EVEN


def decimals_of(error: str) -> int:
    """Decimals of a number: two digits of its error are seen, within what a double has.

    Args:
        error: The cell of its error, empty where there is none.
    """
    if not error:
        return _DECIMALS
    size = Decimal(error)
    return min(max(1 - size.adjusted(), 0), _MOST) if size else _MOST


def _rounded(value: Decimal, decimals: int, side: str) -> str:
    found = value.quantize(Decimal(1).scaleb(-decimals), side)
    # What would be a zero and is none is shown by its size.
    return f"{value:.2e}" if not found and value else f"{found:f}"


def _size(cell: str) -> str:
    """An error with two digits, rounded up."""
    size = Decimal(cell)
    return f"{size.quantize(Decimal(1).scaleb(size.adjusted() - 1), ROUND_UP):.1e}" if size else "0"


def bracket(row: Row) -> Mapping[str, str]:
    """A lower and an upper bound of V_SCE as the page says them.

    Args:
        row: A row of the table of a set.

    Returns:
        ``lower`` and ``upper``, rounded to their sides, hartree, empty where there is none, and
        ``said``: what they are from. `comotion.reference` takes the same.
    """
    lower, upper = row.get("lower", ""), row.get("upper", "")
    below, above = "a search, which is no proof", "the cheapest plan found"
    if not lower:
        lower, below = _without_search(row)
    if not upper:
        upper = repr(number(row, "v_comotion") + number(row, "quadrature_error"))
        above = "the co-motion plan"
    said = f"The lower bound is from {below}, the upper bound from {above}."
    if row.get("lower_proven") and row.get("lower"):
        value = _rounded(Decimal(row["lower_proven"]), _DECIMALS, ROUND_FLOOR)
        said += f" The proven lower bound is {value} hartree."
    return {
        "lower": _rounded(Decimal(lower), _DECIMALS, ROUND_FLOOR) if lower else "",
        "upper": _rounded(Decimal(upper), _DECIMALS, ROUND_CEILING),
        "said": said,
    }


def _without_search(row: Row) -> tuple[str, str]:
    """The larger of the proven bound and V_2 less its error, and what it is from."""
    proven = row.get("lower_proven", "")
    if row.get("v_2"):
        pairs = number(row, "v_2") - (number(row, "v_2_error") if row.get("v_2_error") else 0.0)
        if not proven or pairs > float(proven):
            return repr(pairs), "V_2"
    return proven, "its certificate: it is proven" if proven else "nothing that is known"
