"""The bracket lower <= V_SCE <= upper of a density."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from comotion.density.radial import Array, RadialDensity
from comotion.errors import TransportError
from comotion.progress import Report, duration, silent
from comotion.transport.certificate.cells import Cells, Directions
from comotion.transport.certificate.lower import LowerBound, check_bound, lower_bound
from comotion.transport.certificate.space import PotentialSpace, extended
from comotion.transport.certificate.upper import UpperBound, upper_bound
from comotion.transport.potential import force_potential
from comotion.transport.sce import StrictCorrelation

#: Gap below which no cells are tried: the plan at hand is optimal for every purpose.
_CLOSED = 2e-6


@dataclass(frozen=True)
class Effort:
    """How hard to try.

    Attributes:
        splines: Intervals of the spaces of potentials, at least two sizes, ascending.
        cells_per_shell: L of the upper bound.
        seconds: Time after which the upper bound stops improving.
        seed: Seed of the random numbers.
    """

    splines: tuple[int, ...] = (40, 80)
    cells_per_shell: int = 20
    seconds: float = 300.0
    seed: int = 1


@dataclass
class Pool:
    """What a killed run leaves to the next: configurations and columns found so far.

    Attributes:
        configurations: Configurations of the lower bound, shape (m, 3, N), bohr.
        columns: Cells, directions and arrangements of the upper bound.
        save: Called whenever they have changed.
    """

    configurations: Array | None = None
    columns: tuple[Cells, Directions, Array] | None = None
    save: Callable[["Pool"], None] = field(default=lambda _: None)


@dataclass(frozen=True)
class Bracket:
    """Bounds of V_SCE and what they say about the co-motion plan.

    Attributes:
        lower: Bound from below, hartree.
        upper: Bound from above: the least of the plans, hartree.
        v_comotion: Cost of the co-motion plan, hartree.
        spline_error: Change of the lower bound from the last but one to the last space.
        dual: The lower bound in the largest space.
        plan: The upper bound's plan, or None where the co-motion plans close the gap.
    """

    lower: float
    upper: float
    v_comotion: float
    spline_error: float
    dual: LowerBound
    plan: UpperBound | None

    @property
    def gap(self) -> float:
        """Upper minus lower, hartree."""
        return self.upper - self.lower

    @property
    def comotion_excess(self) -> float:
        """How much the co-motion plan costs above the upper bound, hartree."""
        return self.v_comotion - self.upper

    @property
    def comotion_optimal(self) -> bool:
        """Whether the co-motion plan is optimal as far as the bracket can tell."""
        return self.comotion_excess <= self.gap


def bracket(
    density: RadialDensity,
    plans: Sequence[StrictCorrelation],
    *,
    effort: Effort | None = None,
    pool: Pool | None = None,
    report: Report = silent,
) -> Bracket:
    """Bracket V_SCE of a density.

    Args:
        density: The density, N >= 2 electrons.
        plans: The co-motion plan first, then better patterns of it, if any.
        effort: How hard to try.
        pool: What a former run left.
        report: Told where the search is.

    Returns:
        The bracket.

    Raises:
        TransportError: The lower bound exceeds the upper one, or a configuration of the upper
            bound's plan violates it: a search has failed.
    """
    effort, pool = effort or Effort(), pool or Pool()
    begin = time.monotonic()
    known = extended(force_potential(plans[0].minimum), density.n_electrons)
    starts = np.concatenate([plan.minimum.positions for plan in plans])
    bounds: list[LowerBound] = []
    for splines in effort.splines:
        former = [starts] if pool.configurations is None else [starts, pool.configurations]
        space = PotentialSpace(density, known, splines)
        found = lower_bound(
            density, space, np.concatenate(former), seed=effort.seed, report=report
        )  # fmt: skip
        bounds.append(found)
        pool.configurations = found.configurations
        pool.save(pool)
    dual = max(bounds, key=lambda bound: bound.value)
    upper = min(plan.v_comotion + plan.quadrature_error for plan in plans)
    plan = None
    if upper - dual.value > _CLOSED * upper:

        def save(cells: Cells, upward: Directions, positions: Array) -> None:
            pool.columns = (cells, upward, positions)
            pool.save(pool)

        def limited(step: str, detail: str = "", share: float | None = None) -> None:
            left = max(begin + effort.seconds - time.monotonic(), 0.0)
            report(step, f"{detail}, at most {duration(left)} left", share)

        plan = upper_bound(
            density,
            effort.cells_per_shell,
            plans,
            configurations=dual.configurations,
            columns_before=pool.columns,
            potential=lambda r: dual.space.functions(r) @ dual.coefficients + dual.constant,
            lower=dual.value,
            seed=effort.seed,
            out_of_time=lambda: time.monotonic() - begin > effort.seconds,
            save=save,
            report=limited,
        )
        upper = min(upper, plan.value + plan.quadrature_error)
        check_bound(dual, plan.positions)
    if dual.value > upper * (1 + 1e-12) and dual.value - upper > 1e-12:
        raise TransportError(
            f"the lower bound {dual.value:.9f} exceeds the upper one {upper:.9f}: a configuration "
            "was missed; raise the effort or take another seed"
        )
    return Bracket(
        lower=min(dual.value, upper),
        upper=upper,
        v_comotion=plans[0].v_comotion,
        spline_error=abs(bounds[-1].value - bounds[-2].value) if len(bounds) > 1 else np.nan,
        dual=dual,
        plan=plan,
    )
