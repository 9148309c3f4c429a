"""Particles on two sites: the cost against the share of a site, and the polygons."""

from typing import Any

import numpy as np

from comotion.models.problem import Solution
from comotion.models.sites import (
    ionic_constant,
    least_cost,
    occupations,
    pair_densities,
    two_site_shape,
)

#: Numbers of particles k.
_NUMBERS = (2, 3, 4, 5, 6, 10)
#: Cost of two particles on one site and on different ones.
_SAME, _APART = 1.0, 0.2


def solve(*, shares: int = 61) -> Solution:
    """Particles on two sites: closed form against linear programme, corners of the polygons.

    Args:
        shares: Shares of the second site at which the least cost is computed.

    Returns:
        Differences of the two costs, areas of the polygons and constants of the neutral-ionic
        inequality by k; costs and corners.

    Raises:
        TransportError: A programme failed.
    """
    share = np.linspace(0, 1, shares)
    cost = np.array([[_SAME, _APART], [_APART, _SAME]])
    difference, area = {}, {}
    arrays: dict[str, Any] = {"share": (share, "1", "mass of the second site, (m,)")}
    for k in _NUMBERS:
        closed = _SAME - (_SAME - _APART) * two_site_shape(k, share)
        solved = [least_cost(cost, np.array([1 - t, t]), k) for t in share]
        difference[str(k)] = float(np.max(np.abs(closed - solved)))
        corners = pair_densities(occupations(2, k))[:, [0, 1], [0, 1]]
        x, y = corners.T
        area[str(k)] = 0.5 * abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1)))
        arrays[f"cost_{k}"] = (closed, "1", "least cost per pair, (m,)")
        arrays[f"corners_{k}"] = (corners, "1", "extreme (AA, BB), (k + 1, 2)")
    mean_field = _SAME - (_SAME - _APART) * two_site_shape(np.inf, share)
    arrays["cost_inf"] = (mean_field, "1", "mean field, (m,)")
    return Solution(
        {
            "programme_minus_closed": difference,
            "area": area,
            "ionic_constant": {str(k): ionic_constant(k) for k in _NUMBERS if k > 2},
            "settings": {"same_site": _SAME, "different_sites": _APART},
        },
        arrays,
    )
