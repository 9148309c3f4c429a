"""Two particles with a radial density: each sees the other on the far side of the centre.

rho is a probability density. If a radius r has the mass u inside, its partner t(r) has the mass u
outside, and T(x) = -t(|x|) x/|x| is the optimal map (Cotar, Friesecke, Klueppelberg, Comm. Pure
Appl. Math. 66, 548 (2013)). The Kantorovich potential follows from the force,
u'(r) = -1/(r + t)^2, here as everywhere with u(inf) = 0, and gives the map back as the generalised
Legendre transform T = x + grad u / |grad u|^(3/2), for the transform of 1/|z| is
l*(z) = -2 sqrt|z|. In this gauge u(r) + u(s) <= 1/(r + s) + u(0), with equality on the map.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.optimize import linear_sum_assignment

from comotion.density.checks import require_charge
from comotion.density.functionals import hartree
from comotion.density.model_densities import MODELS
from comotion.density.radial import Array, RadialDensity
from comotion.errors import TransportError
from comotion.models.problem import Solution
from comotion.transport.hierarchy import pair_value

#: Densities of the problem: exp(-r) / 8 pi, the hydrogenic exp(-2 r) / pi, a Gaussian of width 1.
_SHAPES = {"exponential": "exponential", "hydrogenic": "bohr", "gaussian": "gaussian"}
#: Largest relative difference of the cost and the same integral over the cumulant.
_SETTLED = 1e-6


@dataclass(frozen=True, eq=False)
class AntipodalPlan:
    """The optimal plan with the potential that proves it optimal.

    Attributes:
        cost: int rho 1/(r + t) = V.
        radii: Ascending radii r, shape (m,), bohr.
        partners: t(r), shape (m,), bohr.
        potential: u(r) with u(inf) = 0, shape (m,), hartree.
        slopes: u'(r), shape (m,), hartree per bohr.
        center: u(0), by which u(r) + u(s) exceeds 1/(r + s) on the map, hartree.
        half_radius: The radius that encloses half of the mass, its own partner.
        zero_point: Zero-point coefficient, half the mean of the sum of the frequencies.
    """

    cost: float
    radii: Array
    partners: Array
    potential: Array
    slopes: Array
    center: float
    half_radius: float
    zero_point: float


def antipodal_plan(density: RadialDensity, nodes: int = 100) -> AntipodalPlan:
    """The optimal plan of two particles, its potential and its zero-point energy.

    The inner particle runs from the centre to the half radius r_h, r = r_h y^3, and takes the outer
    one along. Up to a constant the potential is integrated from r_h inwards, and follows outside
    from u(r) + u(t) = 1/(r + t) + u(0), the limit of which at r = 0 and t = inf is u(inf) = 0.

    Args:
        density: Any radial density; only its shape rho / N matters.
        nodes: Gauss-Legendre nodes.

    Returns:
        The plan on twice as many radii.

    Raises:
        DensityError: Its functions are not those of one density.
        TransportError: Fewer than 8 nodes, or too few for the density.
    """
    if nodes < 8:
        raise TransportError(f"a plan needs at least 8 nodes, got {nodes}")
    require_charge(density)
    n = density.n_electrons
    x, weights = np.polynomial.legendre.leggauss(nodes)
    y = (1 + x) / 2
    half_radius = float(density.radius(n / 2))
    r = half_radius * y**3
    dr = half_radius * 3 * y**2
    inside = density.cumulant(r)
    if not np.all(inside > 0):
        raise TransportError(
            f"no charge lies inside {r[inside <= 0][-1]:.3g} bohr, where an inner particle would "
            "be: a density that is hollow has no such plan on these nodes"
        )
    t = density.radius(n - inside, inside)
    distance = r + t
    inner, outer = (4 * np.pi * a**2 * density.density(a) / n for a in (r, t))
    mass = inner * dr * weights / 2
    cost, expected = 2 * float(np.sum(mass / distance)), pair_value(density.scaled(2)).value
    if not abs(cost - expected) <= _SETTLED * expected:
        raise TransportError(
            f"the cost is {cost:.8g} hartree with {nodes} nodes and {expected:.8g} by the "
            "cumulant: take more nodes; a density with gaps needs very many"
        )
    climb, total = _integrated(y, dr / distance**2)
    # At r_h both particles have u = (1/(2 r_h) + u(0)) / 2, and u(0) is higher by the integral.
    center = 1 / (2 * half_radius) + 2 * total
    u = center - climb
    slope = inner / outer
    radial = np.sqrt(2 / distance**3 * (slope + 1 / slope))
    bending = np.sqrt((r**2 + t**2) / (r * t * distance**3))
    both = np.concatenate((r, t[::-1]))
    return AntipodalPlan(
        cost=cost,
        radii=both,
        partners=both[::-1],
        potential=np.concatenate((u, (1 / distance + center - u)[::-1])),
        slopes=-1 / (both + both[::-1]) ** 2,
        center=center,
        half_radius=half_radius,
        zero_point=float(np.sum(mass * (radial + 2 * bending))),
    )


def dual_value(plan: AntipodalPlan, density: RadialDensity) -> float:
    """2 int rho u - u(0), by the density's own quadrature; the cost when the plan is optimal."""
    rule = density.quadrature(4)
    u = CubicSpline(np.log(plan.radii), plan.potential)
    # The charge outside the plan's radii is 1e-34 of all; u counts as constant there.
    inside = np.clip(rule.radii, plan.radii[0], plan.radii[-1])
    return 2 * float(rule.weights @ u(np.log(inside))) / density.n_electrons - plan.center


def _integrated(y: Array, values: Array) -> tuple[Array, float]:
    """Integral from 0 to each Gauss node of [0, 1], and to 1, of a function known at the nodes."""
    n = len(y)
    # Expanded in Legendre polynomials, whose integrals are differences of two of them.
    x, weights = np.polynomial.legendre.leggauss(n)
    vandermonde = np.polynomial.legendre.legvander(x, n - 1)
    coefficients = (np.arange(n) + 0.5) * (vandermonde.T @ (weights * values))
    integral = np.polynomial.legendre.legint(coefficients, lbnd=-1) / 2
    at = np.polynomial.legendre.legval(np.append(x, 1.0), integral)
    return at[:-1], float(at[-1])


def mapped(x: Array, gradient: Array) -> Array:
    """The map of a potential, T = x + grad u / |grad u|^(3/2).

    Args:
        x: Points, shape (m, 3).
        gradient: grad u there, shape (m, 3), nowhere 0.

    Returns:
        T(x), shape (m, 3).
    """
    size = np.linalg.norm(gradient, axis=1, keepdims=True)
    return np.asarray(x + gradient / size**1.5)


def legendre_transform(z: Array) -> Array:
    """Generalised Legendre transform of the repulsion l(d) = 1/d: l*(z) = -2 sqrt|z|.

    It is -inf over d > 0 of 1/d + |z| d, attained at d = |z|^(-1/2).
    """
    return np.asarray(-2 * np.sqrt(np.abs(z)))


def least_slack(plan: AntipodalPlan) -> float:
    """Least 1/(r + s) + u(0) - u(r) - u(s) over all pairs of the plan's radii.

    Opposite directions are the worst for a pair of radii, so that slack >= 0 proves optimality
    among all plans, radial or not.
    """
    return float(np.min(slack(plan)))


def slack(plan: AntipodalPlan) -> Array:
    """1/(r + s) + u(0) - u(r) - u(s) of all pairs of the plan's radii, shape (m, m), hartree."""
    r, u = plan.radii, plan.potential
    return np.asarray(1 / (r[:, None] + r) + plan.center - u[:, None] - u)


def assigned(points: Array) -> tuple[float, NDArray[np.int64]]:
    """Cheapest pairing of points of equal mass with themselves, no symmetry assumed.

    Args:
        points: Points, shape (m, 3).

    Returns:
        Mean of 1/distance, and the partner of each point, shape (m,).

    Raises:
        TransportError: A single point has no partner.
    """
    if len(points) < 2:
        raise TransportError("a pairing needs at least 2 points")
    distance = np.linalg.norm(points[:, None] - points, axis=2)
    np.fill_diagonal(distance, 1.0)
    repulsion = 1 / distance
    # No point may be paired with itself.
    np.fill_diagonal(repulsion, 1e6 * repulsion.max())
    rows, columns = linear_sum_assignment(repulsion)
    return float(repulsion[rows, columns].mean()), columns


def pair_on_shells(density: RadialDensity, shells: int, directions: int) -> tuple[float, float]:
    """Pair points on shells of equal mass without assuming any symmetry.

    Args:
        density: The density.
        shells: Shells at the middles of the quantiles.
        directions: Pairs of opposite directions on each.

    Returns:
        Cost above that of the antipodal pairing, hartree, and the largest cosine between partners.
    """
    u = (np.arange(shells) + 0.5) / shells * density.n_electrons
    radii = density.radius(u, density.n_electrons - u)
    # A spiral on the half sphere and its opposite.
    k = np.arange(directions) + 0.5
    z = k / directions
    angle = np.pi * (1 + np.sqrt(5)) * k
    half = np.stack((np.sqrt(1 - z**2) * np.cos(angle), np.sqrt(1 - z**2) * np.sin(angle), z), 1)
    unit = np.concatenate((half, -half))
    points: Array = (radii[:, None, None] * unit).reshape(-1, 3)
    cost, partner = assigned(points)
    lengths = np.linalg.norm(points, axis=1)
    cosine = np.sum(points * points[partner], axis=1) / (lengths * lengths[partner])
    return cost - float(np.mean(1 / (radii + radii[::-1]))), float(np.max(cosine))


def solve(*, shells: int = 16, directions: int = 20) -> Solution:
    """Two particles with a radial density: map, potential and proof of optimality.

    Three densities: exp(-r) / 8 pi, exp(-2 r) / pi and a Gaussian of width 1. An assignment of
    points on shells, which assumes no symmetry, must find the antipodal pairing again.

    Args:
        shells: Shells of the assignment.
        directions: Pairs of opposite directions on each shell.

    Returns:
        Numbers of each density; radii, partners, potential and slack.
    """
    numbers: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    for name, kind in _SHAPES.items():
        density = MODELS[kind](2)
        plan = antipodal_plan(density)
        r = plan.radii
        zero = np.zeros_like(r)
        images = mapped(np.stack((r, zero, zero), 1), np.stack((plan.slopes, zero, zero), 1))
        pairing, partner_cosine = pair_on_shells(density, shells, directions)
        # Two electrons of density 2 rho repel themselves by 2 int int rho rho / r_12.
        mean_field = hartree(density) / 2
        numbers[name] = {
            "cost": plan.cost,
            "mean_field": mean_field,
            "center": plan.center,
            "half_radius": plan.half_radius,
            "zero_point": plan.zero_point,
            "dual_minus_cost": dual_value(plan, density) - plan.cost,
            "least_slack": least_slack(plan),
            "legendre_map_error": float(np.max(np.abs(images[:, 0] + plan.partners))),
            "assignment_minus_antipodal": pairing,
            "largest_cosine_of_partners": partner_cosine,
        }
        arrays |= {
            f"{name}_radii": (r, "bohr", "radii, (m,)"),
            f"{name}_partners": (plan.partners, "bohr", "t(r), (m,)"),
            f"{name}_potential": (plan.potential, "hartree", "u(r) with u(inf) = 0, (m,)"),
            f"{name}_slack": (slack(plan), "hartree", "1/(r + s) + u(0) - u(r) - u(s), (m, m)"),
        }
    settings = {"shells": shells, "directions": directions}
    return Solution({"densities": numbers, "settings": settings}, arrays)
