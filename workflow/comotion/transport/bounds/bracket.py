"""The bracket lower <= V_SCE <= upper of a density.

Both ends are the work of searches whose effort is counted in iterations and minimisations, never
in seconds: the same input gives the same bits on any machine. A search that is killed goes on at
the part that it was at, and each part depends on its input alone: the end is the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from comotion.density.model_densities import exponential
from comotion.density.radial import Array, HasDensity, RadialDensity, radial_density
from comotion.errors import RecordError, TransportError
from comotion.progress import Report, silent
from comotion.transport.bounds.dual import DualBound, check_bound, dual_bound
from comotion.transport.bounds.potential_space import PotentialSpace
from comotion.transport.bounds.primal import PrimalBound, primal_bound
from comotion.transport.comotion import comotion_plan
from comotion.transport.patterns import best_pattern
from comotion.transport.plan import Plan
from comotion.transport.potential import RadialPotential

#: Gap below which no cells are tried: the plan at hand is optimal for every purpose.
_CLOSED = 2e-6
#: Most electrons for which patterns are searched where no plan is given.
_PATTERN_ELECTRONS = 10

_Part = TypeVar("_Part")


@dataclass(frozen=True)
class BracketEffort:
    """How hard to try.

    Attributes:
        splines: Intervals of the spaces of potentials, at least two sizes, ascending.
        cells_per_shell: Cells of charge for each electron of the upper bound's plan.
        iterations: Most iterations of the upper bound's column generation.
        seed: Seed of the random numbers.

    Raises:
        TransportError: A number is too small for a search.
    """

    splines: tuple[int, ...] = (40, 80)
    cells_per_shell: int = 20
    iterations: int = 200
    seed: int = 1

    def __post_init__(self) -> None:
        least = min(self.splines, default=0)
        if min(least, self.cells_per_shell, self.iterations) < 1 or self.seed < 0:
            raise TransportError(
                f"{self}: a bracket needs one or more splines, cells and iterations, and a seed "
                "from 0 on"
            )


@dataclass(frozen=True, eq=False, repr=False)
class Bracket:
    """Bounds of V_SCE and what they say about the co-motion plan.

    The upper end is the cost of a plan. The lower end rests on a search for the configuration
    that the potential binds most: evidence, no proof.

    Attributes:
        lower: Bound from below, hartree.
        upper: Bound from above, the least cost of a plan with its quadrature error, hartree.
        v_comotion: Cost of the co-motion plan, hartree.
        spline_error: Change of the lower bound from the last but one to the last space, hartree.
        dual: The best lower bound.
        plan: The cheapest plan.
        primal: How the plan by cells was found, or None where the curves close the gap.
    """

    lower: float
    upper: float
    v_comotion: float
    spline_error: float
    dual: DualBound
    plan: Plan
    primal: PrimalBound | None

    def __repr__(self) -> str:
        """The bracket, one line for each number."""
        return (
            f"<Bracket: {self.lower:.8f} <= V_SCE <= {self.upper:.8f} hartree, "
            f"gap {self.gap:.1e}, co-motion plan {self.v_comotion:.8f}>"
        )

    def _repr_html_(self) -> str:
        """The same line in a notebook."""
        return f"<code>{escape(repr(self))}</code>"

    @property
    def gap(self) -> float:
        """Upper minus lower, hartree."""
        return self.upper - self.lower

    @property
    def comotion_excess(self) -> float:
        """How much the co-motion plan costs above the upper bound, hartree."""
        return self.v_comotion - self.upper

    @property
    def comotion_within_gap(self) -> bool:
        """Whether the co-motion plan costs no more above the upper bound than the gap.

        It may then be optimal, or nearly so: a bracket cannot tell.
        """
        return self.comotion_excess <= self.gap

    def potential(self, r: ArrayLike) -> Array:
        """Kantorovich potential of the lower bound in the gauge u(inf) = 0.

        Args:
            r: Radii, any shape, bohr.

        Returns:
            u(r), shape of ``r``, hartree.
        """
        return self.dual.potential(r)

    def slack(self, x: ArrayLike) -> Array:
        """How far configurations are from being bound as tightly as any.

        Args:
            x: Positions, shape (3, N) or (m, 3, N), bohr.

        Returns:
            V(x) - sum_i u(r_i) - min (V - sum u), shape () or (m,), hartree; not negative if the
            search behind the lower bound has done its work.

        Raises:
            TransportError: The positions are not of N electrons.
        """
        x = np.asarray(x, dtype=float)
        n = self.plan.n_electrons
        if x.ndim not in {2, 3} or x.shape[-2:] != (3, n):
            raise TransportError(
                f"positions must have the shape (3, {n}) or (m, 3, {n}), got {x.shape}"
            )
        slack = self.dual.slack_of(x.reshape(-1, *x.shape[-2:]))
        return slack.reshape(x.shape[:-2])


def bracket(
    rho: RadialDensity | HasDensity,
    plan: Plan | Sequence[Plan] | None = None,
    *,
    effort: BracketEffort | None = None,
    parts: Path | None = None,
    report: Report = silent,
) -> Bracket:
    """Bracket V_SCE of a density by Kantorovich's duality.

    Reference: Buttazzo, De Pascale, Gori-Giorgi, Phys. Rev. A 85, 062502 (2012).

    Args:
        rho: The density, N >= 2 electrons, or an object with one, such as an atom.
        plan: Its co-motion plan, or several curves with that plan first; what is not given is
            computed, the best pattern of directions included.
        effort: How hard to try.
        parts: Folder that keeps what is finished, to go on from after a kill; it must belong to
            this density, these plans and this effort.
        report: Told where the search is.

    Returns:
        The bracket.

    Raises:
        DensityError: There is no density.
        TransportError: Fewer than two electrons, or a plan of another number; or the lower bound
            exceeds the upper one, or a configuration of the upper bound's plan violates it: a
            search has failed.
    """
    density, effort = radial_density(rho), effort or BracketEffort()
    if density.n_electrons < 2:
        raise TransportError("one electron repels nothing: there is nothing to bracket")
    plans = _curves(density, plan, report)
    bounds = _dual_bounds(density, plans, effort, parts, report)
    dual = max(bounds, key=lambda bound: bound.value)
    upper, cheapest = min(
        ((curve.cost + curve.quadrature_error, curve) for curve in plans), key=lambda pair: pair[0]
    )
    primal = None
    if upper - dual.value > _CLOSED * upper:
        primal = _primal_bound(density, plans, dual, effort, parts, report)
        check_bound(dual, primal.plan.positions)
        value = primal.plan.cost + primal.plan.quadrature_error
        if value < upper:
            upper, cheapest = value, primal.plan
    if dual.value > upper * (1 + 1e-12) and dual.value - upper > 1e-12:
        raise TransportError(
            f"the lower bound {dual.value:.9f} exceeds the upper one {upper:.9f}: a configuration "
            "was missed; raise the effort or take another seed"
        )
    return Bracket(
        lower=min(dual.value, upper),
        upper=upper,
        v_comotion=plans[0].cost,
        spline_error=abs(bounds[-1].value - bounds[-2].value) if len(bounds) > 1 else np.nan,
        dual=dual,
        plan=cheapest,
        primal=primal,
    )


def _curves(
    density: RadialDensity, plan: Plan | Sequence[Plan] | None, report: Report
) -> list[Plan]:
    """The curves to start from, the co-motion plan first."""
    if plan is not None:
        plans = list(plan) if isinstance(plan, Sequence) else [plan]
        for curve in plans:
            _check_curve(curve, density.n_electrons)
        return plans
    comotion = comotion_plan(density, report=report)
    if not 2 < density.n_electrons <= _PATTERN_ELECTRONS:
        return [comotion]
    best = best_pattern(density, comotion, report=report).plan
    return [comotion] if best is comotion else [comotion, best]


def _check_curve(plan: Any, n_electrons: int) -> None:
    """Check that a bracket of N electrons can start from something.

    Raises:
        TransportError: It is no plan of so many electrons along a curve.
    """
    if not isinstance(plan, Plan) or plan.cells is not None or plan.n_electrons != n_electrons:
        raise TransportError(
            f"{plan!r} is no curve of {n_electrons} electrons: give the plan that comotion_plan "
            "finds for this density"
        )


def _dual_bounds(
    density: RadialDensity,
    plans: Sequence[Plan],
    effort: BracketEffort,
    parts: Path | None,
    report: Report,
) -> list[DualBound]:
    """The lower bound in each space, each with the configurations of the one before it."""
    starts = np.concatenate([plan.positions for plan in plans])
    bounds: list[DualBound] = []
    known = plans[0].radial_potential
    for splines in effort.splines:
        former = np.concatenate([starts, *(bound.configurations for bound in bounds[-1:])])
        maximise = partial(_in_space, density, known, splines, former, effort.seed, report)
        path = parts and parts / f"dual_{splines}.h5"
        load = partial(DualBound.load, density=density, known=known)
        bounds.append(_kept(path, load, maximise, DualBound.save))
    return bounds


def _in_space(
    density: RadialDensity,
    known: RadialPotential,
    splines: int,
    starts: Array,
    seed: int,
    report: Report,
) -> DualBound:
    """The lower bound in a space of one size."""
    space = PotentialSpace(density, known, splines)
    return dual_bound(density, space, starts, seed=seed, report=report)


def _primal_bound(
    density: RadialDensity,
    plans: Sequence[Plan],
    dual: DualBound,
    effort: BracketEffort,
    parts: Path | None,
    report: Report,
) -> PrimalBound:
    """The upper bound's plan by cells."""
    return _kept(
        parts and parts / "primal.h5",
        PrimalBound.load,
        lambda: primal_bound(
            density,
            effort.cells_per_shell,
            plans,
            configurations=dual.configurations,
            potential=lambda r: dual.potential(r) + dual.constant,
            lower=dual.value,
            seed=effort.seed,
            iterations=effort.iterations,
            report=report,
        ),
        PrimalBound.save,
    )


def _kept(
    path: Path | None,
    load: Callable[[Path], _Part],
    compute: Callable[[], _Part],
    save: Callable[[_Part, Path], None],
) -> _Part:
    """A part that a killed run has finished, or the same computed and kept."""
    if path is not None and path.is_file():
        try:
            return load(path)
        except RecordError:
            pass  # half-written or of another version: it is made again
    part = compute()
    if path is not None:
        save(part, path)
    return part


def compile_bounds() -> None:
    """Run everything compiled for brackets once, on three electrons."""
    effort = BracketEffort(splines=(8, 10), cells_per_shell=4, iterations=2)
    bracket(exponential(3), comotion_plan(exponential(3)), effort=effort)
