"""Transport functionals of a density with their derivatives.

The functional of order k is the co-motion cost of k electrons with the density rho k / N, times
``N (N - 1) / (k (k - 1))``: for k = 2 it is V_2 itself, for k = N the co-motion cost V_SGS, between
them an upper bound of V_k (Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem. Phys. 139, 164109
(2013)). Its functional derivative is the potential u of the forces, ``u'(R_i) = (N - 1) / (k - 1)
dC_k / dR_i``, since each radius is met exactly once; for k = 2 ``u' = -(N - 1) / (r + f(r))^2``.

Value and derivative are those of one quadrature over the folded cumulant, so that what is found by
the derivative is a minimum of that value, whatever the quadrature leaves open. Only for the last
1e-5 electrons the derivative is an interpolated potential: there the nodes are too few.
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array, RadialDensity
from comotion.progress import Report, silent
from comotion.transport.comotion import Accuracy, comotion_plan
from comotion.transport.potential import RadialPotential, radial_forces

#: Charge outside of the last radius at which the slope of u is that of a node, electrons: farther
#: out nodes are too few for a potential; and ends of the grid there, in units of that radius.
_FAR, _STEPS, _END = 1e-5, 200, 100.0
#: Change of the energy, and norm of its gradient in units of Z, with which an iteration ends.
_SETTLED = (1e-8, 1e-6)


@dataclass(frozen=True, eq=False, repr=False)
class Response:
    """A functional at a density, and its derivative.

    Attributes:
        value: Its value on the nodes of the quadrature, hartree.
        error: Its error, of search and quadrature, hartree.
        spread: The part of it that the searches leave open, hartree.
        radii: Radii of the nodes, shape (n,), bohr.
        weights: Minus the slope of u, times the step of the quadrature at each radius, shape (n,):
            ``<a|u|b> = sum_j weights_j Q_ab(radii_j)`` up to a multiple of the overlap.
        beyond: Where radii lie beyond half of the charge, shape (n,).
        mean: int rho u, hartree, in the gauge u(inf) = 0.
        potential: The derivative u(r) in this gauge.
    """

    value: float
    error: float
    spread: float
    radii: Array
    weights: Array
    beyond: NDArray[np.bool_]
    mean: float
    potential: RadialPotential

    def __repr__(self) -> str:
        """Value and error, in a line."""
        return f"<Response: {self.value:.9f} +- {self.error:.0e} hartree>"


class Functional(Protocol):
    """A functional of the density with its derivative."""

    @property
    def settled(self) -> tuple[float, float]:
        """Change of the energy, and norm of its gradient in units of Z, at the end, hartree."""

    def response(self, density: RadialDensity, report: Report = silent) -> Response:
        """The functional at a density.

        Args:
            density: The density, N electrons.
            report: Told where the computation is.
        """


@dataclass(frozen=True)
class TransportFunctional:
    """The co-motion functional of an order.

    Attributes:
        order: The order k, from 2 to the number of electrons.
        seeds: Seeds of the searches for angular minima.
        accuracy: What the cost must satisfy.
    """

    order: int
    seeds: tuple[int, ...] = (1, 2)
    accuracy: Accuracy = field(default_factory=Accuracy)

    @property
    def settled(self) -> tuple[float, float]:
        """See `Functional`."""
        return _SETTLED

    def response(self, density: RadialDensity, report: Report = silent) -> Response:
        """The functional at a density.

        Args:
            density: The density, N electrons.
            report: Told where the searches are.

        Returns:
            Value and derivative.

        Raises:
            TransportError: Seeds that disagree, or an integral that does not settle.
        """
        n, k = density.n_electrons, self.order
        plan = comotion_plan(
            density.scaled(k), seeds=self.seeds, accuracy=self.accuracy, report=report
        )
        factor, share = n * (n - 1) / (k * (k - 1)), (n - 1) / (k - 1)
        value = factor * float(plan.weights @ plan.energies)
        forces = radial_forces(plan.radii, plan.positions)
        radii = plan.radii.ravel()
        step = (factor * plan.weights[:, None] * forces).ravel()
        charge = 4 * np.pi * radii**2 * density.density(radii)
        # Breaks of the rule have no weight.
        far = density.cocumulant(radii) <= _FAR
        held = (step != 0) & ~far
        # What a node stands for ends half-way to the next.
        first_far = np.min(radii[far], initial=np.max(radii))
        last = float(np.sqrt(np.max(radii[held]) * first_far))
        radii, weights = radii[held], -step[held] / charge[held]
        curve = plan.radial_potential
        potential = RadialPotential(curve.radii, share * curve.values, share * curve.slopes, n)
        beyond, of_beyond = _tail(potential, last)
        radii, weights = np.append(radii, beyond), np.append(weights, of_beyond)
        nodes = density.quadrature()
        return Response(
            value=value,
            # The cost itself knows of the kinks of the integrand, the sum over the nodes does not.
            error=factor * plan.error + abs(factor * plan.cost - value),
            spread=factor * plan.search_spread,
            radii=radii,
            weights=weights,
            beyond=radii > float(density.radius(n / 2)),
            mean=float(nodes.weights @ potential(nodes.radii)),
            potential=potential,
        )


def _tail(potential: RadialPotential, last: float) -> tuple[Array, Array]:
    """Radii beyond the last node, and by how much u falls about each, shape (n,)."""
    edges = np.geomspace(last, _END * last, _STEPS)
    u = potential(edges)
    falls = np.append(-np.diff(u), u[-1])
    return np.append(np.sqrt(edges[1:] * edges[:-1]), edges[-1]), falls
