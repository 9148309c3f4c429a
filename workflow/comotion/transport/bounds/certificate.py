"""What a bracket is: the two ends of V_SCE, the potential and the plan behind them."""

from dataclasses import dataclass, replace
from html import escape
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from comotion.density.radial import Array, RadialDensity
from comotion.errors import TransportError
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.primal import PrimalBound
from comotion.transport.pair_cost import PairCost
from comotion.transport.plan import Plan

#: What a lower end comes from: Kantorovich's duality, or V_2 <= V_SCE in closed form.
LowerFrom = Literal["duality", "V_2"]


@dataclass(frozen=True, eq=False, repr=False)
class Bracket:
    """Bounds of V_SCE and what they say about the co-motion plan.

    The upper end is the cost of a plan. The lower end by duality rests on a search for the
    configuration that the potential binds most: evidence, no proof. Where V_2 less its error is
    higher it is the lower end; for two electrons it is V_SCE itself. For another pair cost than
    Coulomb's, V_SCE stands for the transport cost with that; V_2 is a lower end only where it has
    its closed form, and without it the lower end rests on duality alone.

    Attributes:
        lower: Bound from below, the higher of the two, hartree.
        lower_from: Which of them it is.
        upper: Bound from above, the least cost of a plan with its quadrature error, hartree.
        v_comotion: Cost of the co-motion plan, hartree.
        spline_error: Change of the lower bound from the last but one to the last space, hartree.
        dual: The best bound by duality; potential and slack are its own.
        plan: The cheapest plan.
        primal: How the plan by cells was found, or None where the curves close the gap.
    """

    lower: float
    lower_from: LowerFrom
    upper: float
    v_comotion: float
    spline_error: float
    dual: DualBound
    plan: Plan
    primal: PrimalBound | None

    def __repr__(self) -> str:
        """The bracket, one line for each number."""
        name = "V_SCE" if self.pair_cost.is_coulomb else f"cost with {self.pair_cost!r}"
        return (
            f"<Bracket: {self.lower:.8f} <= {name} <= {self.upper:.8f} hartree, "
            f"gap {self.gap:.1e}, co-motion plan {self.v_comotion:.8f}>"
        )

    def _repr_html_(self) -> str:
        """The same line in a notebook."""
        return f"<code>{escape(repr(self))}</code>"

    @property
    def pair_cost(self) -> PairCost:
        """The repulsion l(d) of two electrons."""
        return self.plan.pair_cost

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

    def stretched(self, factor: float, density: RadialDensity) -> "Bracket":
        """The bracket with all lengths multiplied by a factor; a power of two changes no digit.

        Args:
            factor: The factor.
            density: Its density, stretched likewise.

        Returns:
            The bracket of that density.
        """
        return replace(
            self,
            lower=self.lower / factor,
            upper=self.upper / factor,
            v_comotion=self.v_comotion / factor,
            spline_error=self.spline_error / factor,
            dual=self.dual.stretched(factor, density),
            plan=self.plan.stretched(factor, density),
            primal=self.primal and self.primal.stretched(factor, density),
        )

    def potential(self, r: ArrayLike) -> Array:
        """Kantorovich potential of the bound by duality in the gauge u(inf) = 0.

        Where the pair cost does not vanish at infinity the gauge is that of `DualBound.potential`.

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
            V(x) - sum_i u(r_i) - min (V - sum u), shape () or (m,), hartree, with the potential of
            the bound by duality; not negative if the search behind it has done its work.

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
