"""Two electrons in space with a Gaussian density: their angle and energy against hbar."""

from collections.abc import Sequence

import numpy as np

from comotion.density.model_densities import MODELS
from comotion.models.antipodal import antipodal_plan
from comotion.models.lieb.grids import radial_pair
from comotion.models.lieb.maximise import follow
from comotion.models.problem import Solution

#: Where the wave function of a Gaussian density of width 1 vanishes, bohr.
_RADIUS = 6.0


def solve(
    *,
    points: int = 30,
    angles: int = 10,
    hbar: Sequence[float] = (3, 1, 0.5, 0.25, 0.12, 0.06, 0.04),
) -> Solution:
    """Two electrons in space: F_hbar, <1/r_12>, and the angle between them against hbar.

    Args:
        points: Points of a radius.
        angles: Points of the cosine.
        hbar: Values of hbar.

    Returns:
        F_hbar, repulsion and mean cosine by hbar, beside the transport plan's; distributions of
        the angle.

    Raises:
        TransportError: The maximum is not reached.
    """
    hbars = sorted(hbar, reverse=True)
    gaussian = MODELS["gaussian"](2)
    problem = radial_pair(lambda r: gaussian.density(r) / 2, _RADIUS, points, angles)
    states = follow(problem, hbars)
    plan = antipodal_plan(gaussian)
    cosine, weights = np.polynomial.legendre.leggauss(angles)
    shares = np.array([s.state**2 for s in states]).reshape(len(hbars), -1, angles).sum(1)
    means = shares @ cosine
    return Solution(
        {
            "functional": {f"{s.hbar:g}": s.functional for s in states},
            "repulsion": {f"{s.hbar:g}": s.repulsion for s in states},
            "residual": {f"{s.hbar:g}": s.residual for s in states},
            "mean_cosine": {f"{h:g}": float(c) for h, c in zip(hbars, means, strict=True)},
            "transport_cost": plan.cost,
            "zero_point": plan.zero_point,
            "settings": {"points": points, "angles": angles, "hbar": hbars},
        },
        {
            "hbar": (hbars, "1", "values of hbar, (h,)"),
            "functional": ([s.functional for s in states], "hartree", "F_hbar, (h,)"),
            "mean_cosine": (means, "1", "<cos theta_12>, (h,)"),
            "cosine": (cosine, "1", "cos theta_12, (a,)"),
            "angle_density": (shares / weights, "1", "density of the cosine, (h, a)"),
        },
    )
