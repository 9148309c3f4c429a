"""Stage: two particles with a radial density, their map, potential and certificate."""

import argparse
from typing import Any

import numpy as np

from comotion.density.functionals import hartree
from comotion.density.models import MODELS
from comotion.density.radial import Array, RadialDensity
from comotion.stage import parser
from comotion.theory.antipodal import (
    antipodal_plan,
    assigned,
    dual_value,
    least_slack,
    mapped,
)
from comotion.theory.problem import Solution, run_problem

#: exp(-r) / 8 pi, the hydrogenic exp(-2 r) / pi and a Gaussian of width 1.
_SHAPES = {"exponential": "exponential", "hydrogenic": "bohr", "gaussian": "gaussian"}


def solve(options: argparse.Namespace) -> Solution:
    """Numbers and curves of three densities."""
    numbers: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    for name, kind in _SHAPES.items():
        density = MODELS[kind](2)
        plan = antipodal_plan(density)
        r = plan.radii
        zero = np.zeros_like(r)
        images = mapped(np.stack((r, zero, zero), 1), np.stack((plan.slopes, zero, zero), 1))
        pairing, partner_cosine = assignment(density, options.shells, options.directions)
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
        slack = 1 / (r[:, None] + r) - plan.potential[:, None] - plan.potential
        arrays |= {
            f"{name}_radii": (r, "bohr", "radii, (m,)"),
            f"{name}_partners": (plan.partners, "bohr", "t(r), (m,)"),
            f"{name}_potential": (plan.potential, "hartree", "v(r), (m,)"),
            f"{name}_slack": (slack, "hartree", "1/(r + s) - v(r) - v(s), (m, m)"),
        }
    return Solution(
        {
            "densities": numbers,
            "settings": {"shells": options.shells, "directions": options.directions},
        },
        arrays,
    )


def assignment(density: RadialDensity, shells: int, directions: int) -> tuple[float, float]:
    """Pair points on shells of equal mass without assuming any symmetry.

    Args:
        density: The density.
        shells: Shells at the middles of the quantiles.
        directions: Pairs of opposite directions on each.

    Returns:
        Cost above that of the antipodal pairing, and the largest cosine between partners.
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


if __name__ == "__main__":
    arguments = parser("comotion.theory.problems.antipodal", __doc__ or "")
    arguments.add_argument("--shells", type=int, default=16, help="shells of the assignment")
    arguments.add_argument("--directions", type=int, default=20, help="pairs of directions")
    run_problem("antipodal", solve, arguments)
