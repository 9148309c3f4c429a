"""Two electrons meet at a shell radius: why the co-motion plan is not optimal, and by how much.

As q -> 0 in the co-motion plan of three electrons, the first leaves the nucleus,
r_1 = (3 q / 4 pi rho(0))^(1/3), and the other two part from the shell radius a, N(a) = 2, one
inwards and one outwards, by s q, s = 1 / (4 pi a^2 rho(a)). The first sits across the axis of the
other two and bends it, so that E_3 = 5/(2a) - 5 r_1^2/a^3 + ... to leading order, and the force on
either has the same new term: u' = -5/(4 a^2) + 15 r_1^2/(2 a^4) + ... on both sides of a. With
r_1^2 = k q^(2/3) it is proportional to |r - a|^(2/3), so that u'' diverges like |r - a|^(-1/3) with
the sign of r - a. V - sum u then falls on both sides of the outer electron's radius, with
omega^2 = -5 k/(s a^4) q^(-1/3). Of an optimal plan there is a Kantorovich potential, with which
V - sum u is least on the plan (Buttazzo, Champion, De Pascale, arXiv:1608.08780); this u is the
only candidate, and fails.

It follows without a potential too. Let the outer electron run backwards, from R(2 + Q) to a while
the first goes from 0 to R(Q): every charge is still met once, and the cost falls by
9/8 (k s/a^4) Q^(8/3), up to terms in Q^3. So with three electrons the co-motion plan is never
optimal where rho is continuous and positive at the nucleus and at a. The farther out the first is,
the more the forces want the other two inside: to leading order the best plan for q < Q takes both
of them together from R(2 + Q) to R(2 - Q), which gains twice as much.

At the other end two electrons meet at R(1) while the third leaves for infinity, R = R(3 - p) with
p = 1 - q; for a density with a tail omega^2 = -(3 b^3 rho(b) / R^6 rho(R)) (1 + 8 b/R + ...) with
b = R(1), which for an exponential tail diverges like 1/p up to logarithms. Four electrons have
both causes at q -> 0: that is measured here, not derived. With more of them the arrangement at
q = 0 need not be symmetric in the two that meet, and the signs do not follow.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from comotion.density.gamma import GammaMixture
from comotion.density.model_densities import exponential
from comotion.density.radial import Array, RadialDensity
from comotion.errors import TransportError
from comotion.models.meeting_programme import comotion_radii, local_plan, potential_steps
from comotion.models.problem import Solution
from comotion.models.three_on_spheres import triangles
from comotion.transport.angular.search import AngularMinimum, angular_minimum
from comotion.transport.maps import alternating, configuration_radii
from comotion.transport.plan import Plan
from comotion.transport.quadrature import folded_rule
from comotion.transport.zero_point import zero_point

#: Intervals of the rule of the co-motion cost, and Gauss-Legendre nodes for q in [0, Q].
_INTERVALS, _NODES = 256, 60
#: Powers of ten of the smallest q at which omega^2 is computed, of three electrons and of four, and
#: of the largest; values in a decade.
_SMALLEST, _SMALLEST_OF_FOUR, _LARGEST, _IN_A_DECADE = -9, -7, -1, 3
#: Regions Q of the linear programmes, electrons.
_REGIONS = (1e-4, 1e-3, 1e-2, 5e-2, 1e-1)
#: Region in which an electron of beryllium runs backwards, electrons.
_BERYLLIUM_REGION = 3e-3


def by_slaters_rules(charge: int) -> GammaMixture:
    """Density of lithium or beryllium, 1s^2 2s^n, by Slater's rules.

    Orbitals r^(n-1) exp(-Z_n r/n); the screening is 0.30 by the other 1s electron, 0.85 by each 1s
    electron and 0.35 by the other 2s electron of a 2s one. Reference: Slater, Phys. Rev. 36, 57
    (1930).

    Args:
        charge: Nuclear charge, 3 or 4, the number of electrons too.

    Returns:
        The density.

    Raises:
        TransportError: Another charge.
    """
    if charge not in (3, 4):
        raise TransportError(f"1s^2 2s^n is lithium, 3, or beryllium, 4, not the charge {charge}")
    outer = charge - 2
    exponents = [2 * (charge - 0.30), charge - 2 * 0.85 - 0.35 * (outer - 1)]
    return GammaMixture(
        charge, np.array([2.0, outer]), np.array([2.0, 4.0]), np.array(exponents), s=1
    )


@dataclass(frozen=True, eq=False)
class LeadingOrder:
    """What happens at q -> 0 to leading order, for three electrons.

    Attributes:
        shell: Radius a where two electrons meet, bohr.
        parting: s, by which they part for each unit of q, bohr.
        leaving: k, with the square of the first electron's radius k q^(2/3), bohr^2.
    """

    shell: float
    parting: float
    leaving: float

    @classmethod
    def of(cls, density: RadialDensity) -> "LeadingOrder":
        """For a density of three electrons that is finite at the nucleus."""
        shell = float(density.radius(2.0))
        center, there = (float(density.density(r)) for r in (0.0, shell))
        return cls(shell, 1 / (4 * np.pi * shell**2 * there), (3 / (4 * np.pi * center)) ** (2 / 3))

    def square(self, q: Array) -> Array:
        """The least omega^2, hartree per bohr^2."""
        return np.asarray(-5 * self.leaving / (self.parting * self.shell**4) / np.cbrt(q))

    def violation(self, q: Array) -> Array:
        """By how much V - sum u falls when the outer electron joins the inner one, hartree."""
        return np.asarray(6 * self._coupling * q ** (5 / 3))

    def gain(self, region: Array) -> Array:
        """What the outer electron gains for q in [0, Q] when it runs backwards, hartree."""
        return np.asarray(9 / 8 * self._coupling * region ** (8 / 3))

    @property
    def _coupling(self) -> float:
        return self.leaving * self.parting / self.shell**4


def least_squares_of_frequencies(density: RadialDensity, found: AngularMinimum) -> Array:
    """The least omega^2 beside the zero modes at configurations of the co-motion plan.

    Args:
        density: The density.
        found: Arrangements of least energy at the radii of the co-motion plan, (m,) nodes.

    Returns:
        omega^2, shape (m,), hartree per bohr^2; negative where the configuration is no minimum.
    """
    squares = []
    for radii, positions, energy in zip(found.radii, found.positions, found.energies, strict=True):
        # A plan of this configuration alone: the least omega^2 is told in units of the largest.
        point = zero_point(
            Plan(
                density=density, weights=np.ones(1), radii=radii[None], positions=positions[None],
                energies=np.array([energy]), upward=alternating(len(radii)), cost=float(energy),
            )
        )  # fmt: skip
        squares.append(point.least_eigenvalue * point.frequencies[0, -1] ** 2)
    return np.array(squares)


def of_three(radii: Array) -> AngularMinimum:
    """Arrangements of three electrons on spheres, radii of shape (m, 3), bohr."""
    found = triangles(radii)
    return AngularMinimum(radii, found.energies, found.positions)


def violation(density: RadialDensity, q: Array) -> Array:
    """By how much V - sum u, with the co-motion plan's own u, is below its value on the plan.

    Args:
        density: A density of three electrons.
        q: Folded cumulants, shape (m,).

    Returns:
        At the radii (R(q), R(2 - q), R(2 - q)): the outer electron has joined the inner one. Shape
        (m,), hartree; positive where the plan's u is no Kantorovich potential.
    """
    steps = potential_steps(density, float(np.max(q)))
    radii = comotion_radii(density, q)
    joined = radii[:, [0, 1, 1]]
    change = triangles(joined).energies - triangles(radii).energies
    t = np.cbrt(q)
    return np.asarray(steps[1](t) - steps[2](t) - change)


def gains(density: RadialDensity, region: float) -> tuple[float, float]:
    """How much two other plans of the same charges cost less than the co-motion plan.

    Args:
        density: A density of three electrons.
        region: Q; beyond it both plans are the co-motion plan.

    Returns:
        Of the plan whose outer electron runs from R(2 + Q) to R(2), and of the one whose outer two
        run together from R(2 + Q) to R(2 - Q), hartree.
    """
    q, weights = _graded(region)
    radii = comotion_radii(density, q)
    backwards, together = radii.copy(), radii.copy()
    backwards[:, 2] = density.radius(2 + (region - q))
    together[:, 1:] = density.radius(2 + (region - 2 * q))[:, None]
    cost, one, other = (triangles(r).energies for r in (radii, backwards, together))
    return float(weights @ (cost - one)), float(weights @ (cost - other))


def _graded(region: float) -> tuple[Array, Array]:
    """Gauss-Legendre rule in q^(1/3), in which the radii are smooth, for q in [0, Q]."""
    x, weights = np.polynomial.legendre.leggauss(_NODES)
    t = (1 + x) / 2
    return region * t**3, region * 3 * t**2 * weights / 2


def comotion_cost(density: RadialDensity) -> float:
    """V_SGS of three electrons, hartree."""
    rule = folded_rule(_INTERVALS)
    radii = configuration_radii(density, rule.q, rule.complement, alternating(3))
    return float(rule.weights @ triangles(radii).energies)


def _decades(smallest: int) -> Array:
    """Values of q, three in a decade."""
    return np.logspace(smallest, _LARGEST, _IN_A_DECADE * (_LARGEST - smallest) + 1)


def _each_decade(q: Array, values: Array) -> dict[str, float]:
    """Values at the powers of ten."""
    every = slice(None, None, _IN_A_DECADE)
    return {f"{x:.0e}": float(y) for x, y in zip(q[every], values[every], strict=True)}


def _exponent(x: Array, y: Array) -> float:
    """Slope of log|y| against log x between the two smallest x."""
    return float(np.log(y[1] / y[0]) / np.log(x[1] / x[0]))


def _of_three_electrons(
    density: RadialDensity, cells: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Numbers and arrays of one density of three electrons."""
    order = LeadingOrder.of(density)
    q = _decades(_SMALLEST)
    squares = least_squares_of_frequencies(density, of_three(comotion_radii(density, q)))
    nearby = np.geomspace(1e-6, 0.1, 16)
    fallen = violation(density, nearby)
    gained = np.array([gains(density, float(region)) for region in nearby])
    plans = [local_plan(density, region, cells) for region in _REGIONS]
    best = max(plans, key=lambda plan: plan.excess)
    cost = comotion_cost(density)
    numbers = {
        "v_comotion": cost,
        "upper": cost - best.excess,
        "excess": best.excess,
        "excess_quadrature_error": best.quadrature_error,
        "marginal_error": best.marginal_error,
        "region": float(best.edges[-1]),
        "shell": order.shell,
        "least_square": _each_decade(q, squares),
        "exponents": {
            "least_square": _exponent(q, squares),
            "violation": _exponent(nearby, fallen),
            "backwards": _exponent(nearby, gained[:, 0]),
            "together": _exponent(nearby, gained[:, 1]),
        },
        "over_leading_order": {
            "least_square": float(squares[0] / order.square(q[:1])[0]),
            "violation": float(fallen[0] / order.violation(nearby[:1])[0]),
            "backwards": float(gained[0, 0] / order.gain(nearby[:1])[0]),
            "together": float(gained[0, 1] / order.gain(nearby[:1])[0]) / 2,
        },
        "excess_by_region": {
            f"{region:g}": plan.excess for region, plan in zip(_REGIONS, plans, strict=True)
        },
    }
    middle = (best.edges[1:] + best.edges[:-1]) / 2
    about = np.concatenate((-middle[::-1], middle))[best.cells[:, 1:] + cells]
    arrays = {
        "q": (q, "electrons", "folded cumulants, (m,)"),
        "least_square": (squares, "hartree/bohr^2", "least omega^2, (m,)"),
        "leading_square": (order.square(q), "hartree/bohr^2", "leading order of it, (m,)"),
        "region": (nearby, "electrons", "regions Q, (n,)"),
        "violation": (fallen, "hartree", "fall of V - sum u at q = Q, (n,)"),
        "backwards": (gained[:, 0], "hartree", "gain of the outer run backwards, (n,)"),
        "together": (gained[:, 1], "hartree", "gain of the outer two together, (n,)"),
        "leading_gain": (order.gain(nearby), "hartree", "leading order of the first, (n,)"),
        "programme_region": (_REGIONS, "electrons", "regions of the programmes, (p,)"),
        "programme": ([plan.excess for plan in plans], "hartree", "gains of the programmes, (p,)"),
        "plan_q": (middle[best.cells[:, 0]], "electrons", "q of the best programme's cells, (c,)"),
        "plan_about": (about, "electrons", "N(r) - 2 of the outer two electrons, (c, 2)"),
        "plan_weight": (best.weights, "electrons", "weights, (c,)"),
    }
    return numbers, arrays


def _of_beryllium() -> tuple[dict[str, Any], dict[str, Any]]:
    """Numbers and arrays of four electrons: omega^2, and a plan that costs less."""
    density = by_slaters_rules(4)
    q = _decades(_SMALLEST_OF_FOUR)
    upward = alternating(4)
    found = angular_minimum(configuration_radii(density, q, 1 - q, upward), seed=1)
    squares = least_squares_of_frequencies(density, found)
    inner, weights = _graded(_BERYLLIUM_REGION)
    radii = configuration_radii(density, inner, 1 - inner, upward)
    backwards = radii.copy()
    later = _BERYLLIUM_REGION - inner
    backwards[:, 2] = density.radius(2 + later)
    cost, other = (angular_minimum(r, seed=1).energies for r in (radii, backwards))
    return {
        "least_square": _each_decade(q, squares),
        "region": _BERYLLIUM_REGION,
        "gain_backwards": float(weights @ (cost - other)),
    }, {
        "q": (q, "electrons", "folded cumulants, (m,)"),
        "least_square": (squares, "hartree/bohr^2", "least omega^2, (m,)"),
    }


def solve(*, cells: int = 16) -> Solution:
    """Two electrons meet at a shell radius: the co-motion plan is no minimum there.

    Three electrons of density 3 exp(-r) / 8 pi, and lithium and beryllium by Slater's rules. Here
    rho holds N electrons.

    Args:
        cells: Cells of the innermost charge in the linear programmes.

    Returns:
        The least omega^2 towards q = 0, the fall of V - sum u beside the plan, and the costs of
        plans with the same density that are below the co-motion plan's, with their exponents.

    Raises:
        TransportError: A linear programme failed.
    """
    numbers: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    found = {
        "exponential": _of_three_electrons(exponential(3), cells),
        "lithium": _of_three_electrons(by_slaters_rules(3), cells),
        "beryllium": _of_beryllium(),
    }
    for name, (of_density, held) in found.items():
        numbers[name] = of_density
        arrays |= {f"{name}_{key}": value for key, value in held.items()}
    return Solution({"densities": numbers, "settings": {"cells": cells}}, arrays)
