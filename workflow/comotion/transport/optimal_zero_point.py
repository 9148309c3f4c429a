"""Zero-point oscillations about the optimal plan, from the potentials of lower bounds.

The next order of F_hbar = sup_u (int rho u + E_hbar[-u]) in hbar is W'_inf = 1/4 sum_c p_c
sum_mu omega_mu over the configurations c on which V - sum u has its minimum, with the weights of
an optimal plan. The potential is that of a lower bound by duality, its active configurations
relaxed under it are minima, so that few frequencies are imaginary, and their weights are those of
its linear programme. No plan along a curve is needed, nor that the co-motion plan be optimal.

At the optimum the motion along the plan costs nothing. A potential of splines ripples about the
optimal one, and the active configurations sit where the ripple makes them stiffest: the lowest
mode has a small frequency instead of none, and the others are slightly too stiff. So there are two
values. ``rippled`` leaves out the lowest mode. ``smoothed`` changes u'' at the radii of each
configuration by as little as makes the energy flat along that mode; it overshoots where the mode
is not that of the plan. The estimate is the mean of both. Its error bar is the whole of their
difference, the change of the mean from the last but one to the last space of potentials, what
configurations beyond the knots contribute, and what imaginary frequencies would. Reference for the
expansion: P. Gori-Giorgi, G. Vignale, M. Seidl, J. Chem. Theory Comput. 5, 743 (2009); the two
values and the rule are ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comotion.errors import TransportError
from comotion.progress import Report, silent
from comotion.transport.bounds.certificate import Bracket
from comotion.transport.bounds.configurations import scale_of
from comotion.transport.bounds.dual import dual_bound
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.minima import Minima, minima_of
from comotion.transport.bounds.potential_space import potential_space

#: Intervals of the spaces of potentials, and the relative gap at which their programmes stop: a
#: tenth of that of a bracket, since a curvature is more sensitive than an energy.
SPLINES, _TOLERANCE = (60, 120), 1e-7
#: Relative gap from which on a potential is not the best of its space, and mean slack of its
#: minima.
_GAP = 2e-6
#: Largest error of the sum of the weights.
_WEIGHTS = 1e-6
#: Largest share of the value that its error bar may be.
_KNOWN = 0.5


@dataclass(frozen=True, eq=False, repr=False)
class OptimalZeroPoint:
    """W'_inf of the optimal plan with its range.

    Attributes:
        w_inf_prime: The estimate, hartree; nan where there is none, as ``missing`` says.
        error: Its error bar, half the range, hartree; see the module. It is a prediction by a rule
            whose form was fixed on two to four electrons, no bound.
        rippled: The value with the lowest mode of each configuration left out, by space, hartree.
        smoothed: The value after u'' was changed so that this mode is flat, by space, hartree.
        beyond_knots: What configurations with an electron beyond the knots of the last space
            contribute, hartree.
        imaginary: What imaginary frequencies would add by their modulus, hartree: those that the
            relaxation has left in flat directions, or at a kink beyond the knots.
        n_configurations: Number of configurations in use in the last space.
        largest_slack: Largest V - sum u - min of them after relaxation, hartree.
        least_eigenvalue: Smallest omega^2 of those between the knots, in units of the largest one
            of its configuration, rotations left out.
        along: Mean frequency of the lowest mode, which is 0 at the optimum, hartree.
        missing: Why there is no value, in a sentence, or None where there is one.
    """

    w_inf_prime: float
    error: float
    rippled: tuple[float, ...]
    smoothed: tuple[float, ...]
    beyond_knots: float
    imaginary: float
    n_configurations: int
    largest_slack: float
    least_eigenvalue: float
    along: float
    missing: str | None

    def __repr__(self) -> str:
        """The value with its error bar, in a line."""
        value = f"{self.w_inf_prime:.5f} +- {self.error:.0e} hartree"
        return (
            f"<OptimalZeroPoint: W'_inf {value if self.missing is None else 'unknown'}, "
            f"{self.n_configurations} configurations>"
        )

    @property
    def range(self) -> tuple[float, float]:
        """The estimate less and plus its error bar, hartree."""
        return self.w_inf_prime - self.error, self.w_inf_prime + self.error


def optimal_zero_point(
    found: Bracket,
    *,
    splines: Sequence[int] = SPLINES,
    seed: int = 1,
    report: Report = silent,
) -> OptimalZeroPoint:
    """W'_inf of the optimal plan of a bracket's density.

    Args:
        found: The bracket; its configurations are where the searches start.
        splines: Intervals of the spaces of potentials, ascending, at least two.
        seed: Seed of the random numbers.
        report: Told where the search is.

    Returns:
        The value with its error bar, or why there is none.

    Raises:
        TransportError: Fewer than two spaces.
    """
    return zero_point_of_potentials(sharpened(found, splines, seed=seed, report=report))


def sharpened(
    found: Bracket, splines: Sequence[int], *, seed: int = 1, report: Report = silent
) -> list[DualBound]:
    """Lower bounds whose programmes are solved more sharply than those of a bracket.

    Their spaces have splines alone and no known potential: that of a co-motion plan has kinks,
    which a curvature feels where that plan is not optimal.

    Args:
        found: The bracket.
        splines: Intervals of the spaces.
        seed: Seed of the random numbers.
        report: Told where the search is.

    Returns:
        The bound in each space, in bohr.
    """
    unit = found.dual.space.unit
    density = found.dual.density.stretched(1 / unit)
    cost = found.pair_cost.stretched(1 / unit)
    bounds: list[DualBound] = []
    starts = np.concatenate((found.plan.positions, found.dual.configurations)) / unit
    for intervals in splines:
        space = potential_space(density, np.zeros_like, intervals, cost)
        former = np.concatenate([starts, *(bound.configurations for bound in bounds[-1:])])
        bounds.append(
            dual_bound(density, space, former, tolerance=_TOLERANCE, seed=seed, report=report)
        )
    return [bound.stretched(unit, found.dual.density) for bound in bounds]


def zero_point_of_potentials(bounds: Sequence[DualBound]) -> OptimalZeroPoint:
    """W'_inf of the optimal plan by the potentials of lower bounds.

    Args:
        bounds: Lower bounds of one density, at least two, the best space last.

    Returns:
        The value with its error bar, or why there is none.

    Raises:
        TransportError: Fewer than two bounds.
    """
    if len(bounds) < 2:
        raise TransportError("an error bar needs the potentials of two spaces of splines")
    minima = [minima_of(bound) for bound in bounds]
    rippled = [float(one.weights @ one.rippled_sums) for one in minima]
    smoothed = [float(one.weights @ one.smoothed_sums) for one in minima]
    last = minima[-1]
    inside = last.between_knots
    beyond_knots = float(last.weights[~inside] @ last.rippled_sums[~inside])
    means = [(a + b) / 2 for a, b in zip(rippled, smoothed, strict=True)]
    imaginary = float(last.weights @ last.imaginary_sums)
    parts = (rippled[-1] - smoothed[-1], means[-1] - means[-2], beyond_knots, imaginary)
    error = sum(map(abs, parts))
    missing = _missing(bounds, minima, means[-1], error)
    return OptimalZeroPoint(
        w_inf_prime=means[-1] if missing is None else float("nan"),
        error=error,
        rippled=tuple(rippled),
        smoothed=tuple(smoothed),
        beyond_knots=beyond_knots,
        imaginary=imaginary,
        n_configurations=len(last.weights),
        largest_slack=float(np.max(last.slack)),
        least_eigenvalue=float(np.min(last.relative[inside], initial=np.inf)),
        along=float(last.weights @ last.frequencies[:, 0]),
        missing=missing,
    )


def _missing(
    bounds: Sequence[DualBound], minima: Sequence[Minima], value: float, error: float
) -> str | None:
    """Why there is no value, in a sentence, or None."""
    for bound, one in zip(bounds, minima, strict=True):
        of = f"the potential of {bound.space.size} functions"
        scale = scale_of(bound.configurations, bound.pair_cost)
        gap = (bound.programme - bound.value) / scale
        if not gap <= _GAP:
            return (
                f"{of} is not known to be the best of its space: the relative gap is {gap:.1e}, "
                f"its search was ended by {bound.stopped_by}"
            )
        if not abs(np.sum(one.weights) - 1) <= _WEIGHTS:
            return (
                f"the active configurations of {of} carry no plan: their weights add up to "
                f"{np.sum(one.weights):.6f}"
            )
        slack = float(one.weights @ np.abs(one.slack)) / scale
        if not slack <= _GAP:
            return (
                f"the minima of {of} are not the lowest: their mean relative slack is {slack:.1e}"
            )
    if not error <= _KNOWN * value:
        return f"its error bar is {error:.1e} hartree, more than half of itself"
    return None
