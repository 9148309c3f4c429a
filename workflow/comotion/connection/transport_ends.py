"""The strong-coupling end of a density: bounds of W_inf, and W'_inf of the plan that is known."""

from dataclasses import dataclass
from typing import NamedTuple

from comotion.analysis import Analysis
from comotion.transport.optimal_zero_point import optimal_zero_point

#: Number of electrons whose co-motion plan is optimal.
_PAIR = 2


@dataclass(frozen=True)
class TransportEnd:
    """The strong-coupling end of the density.

    Attributes:
        w_inf_lower: Lower bound of W_inf, hartree.
        w_inf_upper: Upper bound of it, hartree.
        w_inf_prime: W'_inf, hartree, or None where there is none.
        w_inf_prime_error: Its error, hartree.
        missing: Why there is none, in a sentence, or None.
    """

    w_inf_lower: float
    w_inf_upper: float
    w_inf_prime: float | None
    w_inf_prime_error: float | None
    missing: str | None = None


class ZeroPointOf(NamedTuple):
    """A zero-point coefficient as a record has it.

    Attributes:
        value: Its value, hartree, or None.
        error: Its error, hartree, or None.
        missing: Why there is no value, or None.
    """

    value: float | None
    error: float | None
    missing: str | None


def end_of(
    n_electrons: int,
    bounds: tuple[float, float],
    comotion: ZeroPointOf,
    unstable: float,
    optimal: ZeroPointOf | None,
) -> TransportEnd:
    """The end with the zero-point coefficient of the better plan.

    Args:
        n_electrons: Number of electrons N; of two the co-motion plan is optimal.
        bounds: Lower and upper bound of W_inf, hartree.
        comotion: That of the co-motion plan.
        unstable: Share of configurations about which that plan is no minimum.
        optimal: That of the optimal plan, where there is a bracket.
    """
    known = comotion
    if n_electrons > _PAIR and optimal is not None:
        known = optimal
    elif unstable > 0:
        why = (
            f"the co-motion plan is no minimum at {unstable:.2g} of its configurations; a bracket "
            "gives that of the optimal plan: bracket.electrons in a study, "
            "analysis=comotion.analyse(state, bracketed=True) in Python"
        )
        known = ZeroPointOf(None, None, why)
    if known.value is None:
        return TransportEnd(*bounds, None, None, known.missing or "it is not known")
    return TransportEnd(*bounds, known.value, known.error)


def transport_end(analysis: Analysis) -> TransportEnd:
    """The strong-coupling end of an analysis; W'_inf of more than two electrons takes seconds."""
    optimal = None
    if analysis.n_electrons > _PAIR and analysis.bracket is not None:
        found = optimal_zero_point(analysis.bracket)
        value = found.w_inf_prime if found.missing is None else None
        optimal = ZeroPointOf(value, found.error, found.missing)
    why = "its quadrature error is more than half of itself"
    own = ZeroPointOf(None, None, why)
    if analysis.w_inf_prime == analysis.w_inf_prime:
        own = ZeroPointOf(analysis.w_inf_prime, analysis.w_inf_prime_error, None)
    return end_of(analysis.n_electrons, analysis.w_inf, own, analysis.unstable_share, optimal)
