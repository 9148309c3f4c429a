"""Stage: two electrons in space with a Gaussian density, their angle and energy against hbar."""

import argparse

import numpy as np

from comotion.density.models import MODELS
from comotion.density.radial import Array
from comotion.stage import parser
from comotion.theory.antipodal import antipodal_plan
from comotion.theory.lieb.maximise import follow
from comotion.theory.lieb.systems import radial_pair
from comotion.theory.problem import Solution, run_problem

#: Where the wave function of a Gaussian density of width 1 vanishes, bohr.
_RADIUS = 6.0


def solve(options: argparse.Namespace) -> Solution:
    """F_hbar, <1/r_12>, and the distribution of the angle between the electrons."""
    hbars = sorted(options.hbar, reverse=True)
    gaussian = MODELS["gaussian"](2)
    problem = radial_pair(
        lambda r: gaussian.density(r) / 2, _RADIUS, options.points, options.angles
    )
    states = follow(problem, hbars)
    plan = antipodal_plan(gaussian)
    cosine, weights = np.polynomial.legendre.leggauss(options.angles)
    shares = np.array([s.state**2 for s in states]).reshape(len(hbars), -1, options.angles).sum(1)
    means = shares @ cosine
    return Solution(
        {
            "functional": {f"{s.hbar:g}": s.functional for s in states},
            "repulsion": {f"{s.hbar:g}": s.repulsion for s in states},
            "residual": {f"{s.hbar:g}": s.residual for s in states},
            "mean_cosine": {f"{h:g}": float(c) for h, c in zip(hbars, means, strict=True)},
            "transport_cost": plan.cost,
            "zero_point": plan.zero_point,
            "settings": {"points": options.points, "angles": options.angles, "hbar": hbars},
        },
        {
            "hbar": (hbars, "1", "values of hbar, (h,)"),
            "functional": ([s.functional for s in states], "hartree", "F_hbar, (h,)"),
            "mean_cosine": (means, "1", "<cos theta_12>, (h,)"),
            "cosine": (cosine, "1", "cos theta_12, (a,)"),
            "angle_density": (_density(shares, weights), "1", "density of the cosine, (h, a)"),
        },
    )


def _density(shares: Array, weights: Array) -> Array:
    return shares / weights


if __name__ == "__main__":
    arguments = parser("comotion.theory.problems.radial_semiclassical", __doc__ or "")
    arguments.add_argument("--points", type=int, default=30, help="points of a radius")
    arguments.add_argument("--angles", type=int, default=10, help="points of the cosine")
    arguments.add_argument(
        "--hbar", type=float, nargs="+", default=[3, 1, 0.5, 0.25, 0.12, 0.06, 0.04]
    )
    run_problem("radial_semiclassical", solve, arguments)
