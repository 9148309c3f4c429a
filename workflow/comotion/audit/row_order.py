"""A row of the table of a set: what theory orders, and what follows from its other numbers.

``V_2 <= ... <= V_N = V_SCE <= <V_ee>``, ``V_SCE <= (1 - 1/N) U`` and
``U - V_SCE <= 1.58 int rho^(4/3)``: so every lower bound of V_j lies below every upper bound of V_k
with k >= j. A number is compared with its error, and with the rounding of numbers like U.
"""

import math
from collections.abc import Iterator

from comotion.audit.set_files import Row, number

_LIEB_OXFORD = 1.58
_ROUNDING = 1e-13
#: Relative error of what is computed from numbers of the row alone.
_DERIVED = 1e-12
#: Numbers that are rounded like U.
_LIKE_U = ("v_mean_field", "w_inf_lower", "w_inf_upper")
#: Methods whose <V_ee> is that of a wave function.
_WAVE_FUNCTIONS = ("hf", "uhf", "cisd", "fci", "hylleraas")


def known(row: Row, name: str) -> float:
    """A number of the row, 0 where it has none."""
    value = number(row, name)
    return 0.0 if math.isnan(value) else value


def row_findings(row: Row) -> Iterator[str]:
    """What is wrong with the numbers of a row, without any other file."""
    for name in row:
        # An error, or a bound with its error, is not negative.
        if name.endswith(("_error", "_spread", "_bar")) and number(row, name) < 0:
            yield f"{name}: {row[name]} is negative"
    yield from _order(row)
    yield from _derived(row)


def _order(row: Row) -> Iterator[str]:
    """Every lower bound against every upper bound."""
    slack = _ROUNDING * known(row, "hartree")
    n = int(number(row, "n_electrons"))
    for j, low, below in _lower(row, n):
        for k, high, above in _upper(row, n):
            if k >= j and below > above + slack:
                yield f"{low} = {below:.12g} exceeds {high} = {above:.12g}"


def _lower(row: Row, n: int) -> Iterator[tuple[int, str, float]]:
    """Order k, name and value of what bounds V_k from below, its error taken off."""
    yield from ((n, name, number(row, name)) for name in ("lower", "lower_proven"))
    yield 2, "v_2", number(row, "v_2") - known(row, "v_2_error")
    yield from ((k, name, number(row, name)) for k, name in _numbered(row, "lower"))


def _upper(row: Row, n: int) -> Iterator[tuple[int, str, float]]:
    """Order k, name and value of what bounds V_k from above, its error added."""
    yield n, "upper", number(row, "upper")
    for name in ("v_comotion", "v_best_pattern"):
        yield n, name, number(row, name) + known(row, "quadrature_error")
    yield n, "v_mean_field", number(row, "v_mean_field") + known(row, "hartree_error")
    yield from ((k, name, number(row, name)) for k, name in _numbered(row, "upper"))
    for k, name in _numbered(row, "v_comotion"):
        yield k, name, number(row, name) + known(row, f"{name}_error")
    if row["level"].partition("_")[0] in _WAVE_FUNCTIONS:
        yield n, "v_quantum", number(row, "v_quantum")


def _numbered(row: Row, stem: str) -> list[tuple[int, str]]:
    """The columns ``stem_k`` with their k."""
    ends = [name.removeprefix(f"{stem}_") for name in row if name.startswith(f"{stem}_")]
    return [(int(k), f"{stem}_{k}") for k in ends if k.isdecimal()]


def _derived(row: Row) -> Iterator[str]:
    """Numbers that follow from others of the row."""
    u, error, local = (
        number(row, name) for name in ("hartree", "hartree_error", "rho_four_thirds")
    )
    lower, upper = number(row, "lower"), number(row, "upper")
    n = number(row, "n_electrons")
    if math.isnan(lower):
        known_ones = (number(row, "v_2") - known(row, "v_2_error"), number(row, "lower_proven"))
        found = [one for one in known_ones if not math.isnan(one)]
        lower = 0.0 if n == 1 else max(found, default=math.nan)
    cheapest = number(row, "v_best_pattern") + known(row, "quadrature_error")
    if not math.isnan(cheapest) and not upper <= cheapest + _ROUNDING * u:
        yield f"upper: {row.get('upper') or 'none'}, and the best pattern costs {cheapest:.12g}"
    wanted = {
        "v_mean_field": (1 - 1 / n) * u,
        "v_comotion_error": number(row, "search_spread") + number(row, "quadrature_error"),
        "w_inf_lower": lower - u - error,
        "w_inf_upper": upper - u + error,
        "lieb_oxford_ratio": -number(row, "w_inf_upper") / local,
        "lieb_oxford_ratio_upper": -number(row, "w_inf_lower") / local,
    }
    for name, value in wanted.items():
        there = number(row, name)
        scale = u if name in _LIKE_U else abs(value)
        if abs(there - value) > _DERIVED * scale or math.isnan(there) != math.isnan(value):
            yield f"{name}: {there:.12g} is recorded, and the other numbers give {value:.12g}"
    if number(row, "lieb_oxford_ratio") > _LIEB_OXFORD:
        yield f"lieb_oxford_ratio: {row['lieb_oxford_ratio']} is above {_LIEB_OXFORD}"
    if number(row, "w_inf_lower") > number(row, "w_inf_upper"):
        yield "w_inf_lower: it exceeds w_inf_upper"
