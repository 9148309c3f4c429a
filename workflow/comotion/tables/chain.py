"""The inequalities between the numbers of a row: theorems, and what only V_SCE must obey.

Theory orders the transport costs of a density and the repulsion of any state that has it
(Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem. Phys. 139, 164109 (2013); Lieb and Oxford,
Int. J. Quantum Chem. 19, 427 (1981)):
``V_2 <= ... <= V_N = V_SCE <= <V_ee>``, ``V_SCE <= (1 - 1/N) U`` and
``U - V_SCE <= 1.58 int rho^(4/3)``. V_SCE itself is not known, only bounds of it. So

- what follows for them is a theorem: a lower bound of V_k lies below every upper bound of V_k or
  of a later member of the chain, U minus an upper bound obeys Lieb and Oxford, and the best
  pattern costs no more than the co-motion plan, which is one of those it was chosen from. If one
  of these fails, something is wrong: an error. ``v_2`` is V_2 itself, so a lower bound of all
  that follow; ``v_comotion_k`` is an upper bound of V_k and never stands on the lower side.
- what V_SCE obeys, but an upper bound of it need not, is a warning: the ``v_comotion_k`` need not
  rise with k, and a plan may cost more than <V_ee> or the mean field.
  The unrelaxed matrices of coupled cluster need not belong to a wave function, so a lower bound
  above its <V_ee> is a warning too.

What is proven and what rests on a search:

- ``lower_proven`` and ``lower_proven_k`` are proven: exact and ball arithmetic has checked a
  certificate (`comotion.proof`). They are theorems without an error of their own.
- An upper bound is a plan, and V_2 a closed form: each holds up to the error of its quadrature,
  which is estimated.
- ``lower`` and ``lower_k``, by duality, are the minimum of a function with many minima and rest on
  a heuristic search: they are *not* proven. What is enforced is what must hold if that search did
  its work, and a failure says that it did not.
- ``lower_pair`` is what the solver's numbers give, before anything is proven: it is not compared.

Slack. The recorded errors of the two sides add up:

- ``v_comotion``, ``v_best_pattern``: ``quadrature_error``; that of the best pattern alone is not
  recorded, its plan met the same tolerance. Never ``search_spread`` in a theorem: a better
  arrangement only lowers an upper bound. In a warning it counts.
- ``upper``: its quadrature error is in it already, so nothing where something lies below it. In a
  warning that it lies above something, that error again.
- ``v_2_error``; ``v_comotion_k_error``, in which the search spread is not told apart.
- ``hartree_error``, for the mean field times 1 - 1/N.
- ``lower_proven``, ``lower_proven_k``: none.
- ``lower``, ``lower_k``, ``upper_k``, ``v_quantum``: nothing is recorded. ``spline_error`` says how
  far a lower bound may be from the best one, not by how much it may be too high: no error of it.

To this comes rounding, relative to the largest number behind the two sides. U is one of them, since
<V_ee> is a difference of numbers like U: for one electron both sides are zero but for that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from comotion.density.functionals import LIEB_OXFORD
from comotion.errors import ComparisonError
from comotion.tables.quantities import orders
from comotion.tables.rows import Row, known, number, rows_of, v_sce_bounds

#: Units in the last place that sums of thousands of terms may be off by.
_ROUNDING = 64 * float(np.finfo(float).eps)
#: Methods whose <V_ee> is that of a wave function.
_WAVE_FUNCTIONS = ("hf", "uhf", "cisd", "fci", "hylleraas")


@dataclass(frozen=True)
class Inequality:
    """Two numbers of a row, of which the first must not exceed the second.

    Attributes:
        low: Name of the first.
        high: Name of the second.
        low_value: Value of the first, hartree.
        high_value: Value of the second, hartree.
        slack: By how much it may exceed the second, hartree.
    """

    low: str
    high: str
    low_value: float
    high_value: float
    slack: float

    @property
    def broken(self) -> bool:
        """Whether the first exceeds the second by more than the slack."""
        return self.low_value > self.high_value + self.slack

    def __str__(self) -> str:
        """What is wrong, if it is broken."""
        return (
            f"{self.low} = {self.low_value:.10f} exceeds {self.high} = {self.high_value:.10f} "
            f"by more than the slack {self.slack:.1e}"
        )


def check_chain(table: pd.DataFrame) -> None:
    """Check the theorems in every row; see the module.

    Args:
        table: Rows of the table of energies.

    Raises:
        ComparisonError: One sentence with every inequality that fails.
    """
    faults = [
        f"{row['system']} at {row['level']}: {inequality}"
        for row in rows_of(table)
        for inequality in theorems(row)
        if inequality.broken
    ]
    if faults:
        raise ComparisonError(
            "the numbers break a theorem, so a search, a quadrature, a basis or a stale record is "
            "at fault: " + "; ".join(faults)
        )


def warnings_of(row: Row) -> list[str]:
    """What a row does not obey although V_SCE would, as sentences."""
    return [str(inequality) for inequality in expectations(row) if inequality.broken]


def theorems(row: Row) -> Iterator[Inequality]:
    """The inequalities that proven upper bounds and well-searched lower bounds obey."""
    n = row["n_electrons"]
    for k, low, low_error in _lower_bounds(row):
        for order, high, high_error in _upper_bounds(row):
            if order >= k:
                yield from _compare(row, low, high, low_error + high_error)
        # Every V_k of the chain is at most V_N.
        if k <= n and _is_wave_function(row):
            yield from _compare(row, low, "v_quantum", low_error)
        yield from _compare(row, low, "v_mean_field", low_error + _mean_field_error(row))
    # V_2 itself stands in the row, so that what is proven to lie below it must.
    if proven := _of_orders(row, "lower_proven").get(2):
        yield from _compare(row, proven, "v_2", known(row, "v_2_error"))
    # Both are numbers of one record, the least of a list and a member of it: only rounding.
    yield from _compare(row, "v_best_pattern", "v_comotion")
    yield from _lieb_oxford(row)


def expectations(row: Row) -> Iterator[Inequality]:
    """The inequalities that V_SCE obeys, and a good upper bound of it should."""
    n = row["n_electrons"]
    plan_error = known(row, "quadrature_error") + known(row, "search_spread")
    upper_error = max(known(row, "upper_quadrature_error"), known(row, "quadrature_error"))
    found = [name for _, name in _comotion_values(row)]
    for name, after in pairwise(found):
        error = known(row, f"{name}_error") + known(row, f"{after}_error")
        yield from _compare(row, name, after, error)
    last = found[-1] if found else ""
    for high, error in (("v_quantum", 0.0), ("v_mean_field", _mean_field_error(row))):
        yield from _compare(row, "v_comotion", high, plan_error + error)
        yield from _compare(row, "upper", high, upper_error + error)
    # Where the last value is the co-motion cost itself, that has been compared.
    if last and row[last] != row.get("v_comotion"):
        yield from _compare(row, last, "v_quantum", known(row, f"{last}_error"))
    yield from _compare(row, "upper", "v_best_pattern", upper_error + plan_error)
    if not _is_wave_function(row):
        for k, low, low_error in _lower_bounds(row):
            if k <= n:
                yield from _compare(row, low, "v_quantum", low_error)


def w_inf_bounds(row: Row) -> tuple[float, float]:
    """Lower and upper bound of W_inf = V_SCE - U; see the columns of these names.

    Args:
        row: A row of the table of energies.

    Returns:
        Both, hartree; NaN for one that nothing in the row gives.
    """
    lower, upper = v_sce_bounds(row)
    u, error = number(row, "hartree"), known(row, "hartree_error")
    return lower - u - error, upper - u + error


def _lieb_oxford(row: Row) -> Iterator[Inequality]:
    """U minus an upper bound of V_SCE is at most 1.58 int rho^(4/3); a lower bound is free."""
    right = f"{LIEB_OXFORD} rho_four_thirds"
    left = {"-w_inf_comotion": -number(row, "w_inf_comotion")} | {
        f"hartree - {plan}": number(row, "hartree") - number(row, plan)
        for plan in ("v_best_pattern", "upper")
    }
    values = {**row, **left, right: LIEB_OXFORD * number(row, "rho_four_thirds")}
    error = known(row, "hartree_error") + known(row, "quadrature_error")
    for name in left:
        yield from _compare(values, name, right, error)


def _compare(row: Row, low: str, high: str, error: float = 0.0) -> Iterator[Inequality]:
    """The inequality of two numbers, if the row has both."""
    values = number(row, low), number(row, high)
    if not np.isnan(values).any():
        scale = max(*map(abs, values), abs(known(row, "hartree")))
        yield Inequality(low, high, *values, error + _ROUNDING * scale)


def _lower_bounds(row: Row) -> Iterator[tuple[int, str, float]]:
    """Order k, name and error of everything that bounds V_k from below."""
    for stem in ("lower", "lower_proven"):
        yield from ((k, name, 0.0) for k, name in _of_orders(row, stem).items())
    yield 2, "v_2", known(row, "v_2_error")


def _upper_bounds(row: Row) -> Iterator[tuple[int, str, float]]:
    """Order k, name and error of everything that bounds V_k from above."""
    yield from ((k, name, 0.0) for k, name in _of_orders(row, "upper").items())
    n = int(row["n_electrons"])
    for k, name in _comotion_values(row):
        # That of V_N is the cost of the co-motion plan, which follows.
        if k != n:
            yield k, name, known(row, f"{name}_error")
    for plan in ("v_comotion", "v_best_pattern"):
        yield n, plan, known(row, "quadrature_error")


def _comotion_values(row: Row) -> list[tuple[int, str]]:
    """Order k and name of the co-motion upper bounds of V_k that the row has."""
    names = [(k, f"v_comotion_{k}") for k in orders(list(row), "v_comotion")]
    return [(k, name) for k, name in names if pd.notna(row[name])]


def _of_orders(row: Row, stem: str) -> dict[int, str]:
    """Names of the bounds of V_k by k; that of V_N has no number."""
    return {k: f"{stem}_{k}" for k in orders(list(row), stem)} | {int(row["n_electrons"]): stem}


def _is_wave_function(row: Row) -> bool:
    return str(row["level"]).partition("_")[0] in _WAVE_FUNCTIONS


def _mean_field_error(row: Row) -> float:
    return (1 - 1 / float(row["n_electrons"])) * known(row, "hartree_error")
