"""Stage: optimal plans that are no maps."""

import argparse

import numpy as np

from comotion.density.models import MODELS
from comotion.stage import parser
from comotion.theory.problem import Solution, run_problem
from comotion.theory.supports import harmonic_plan, tangent_values
from comotion.transport.sce import strict_correlation


def solve(options: argparse.Namespace) -> Solution:
    """Three particles that repel harmonically, and the rotating plan of three electrons."""
    points = ((np.arange(options.points) + 0.5) / options.points)[:, None]
    line = harmonic_plan(points, 3)
    axis = np.arange(-2, 3) / 2
    square = harmonic_plan(np.array([[x, y] for x in axis for y in axis]), 3)
    ranks, values = {}, {}
    for n in (2, 3, 4):
        plan = strict_correlation(MODELS["exponential"](n))
        found = tangent_values(plan, len(plan.rule.q) // 3)
        values[str(n)] = found.tolist()
        ranks[str(n)] = int(np.sum(found > 1e-3))
    return Solution(
        {
            "line": {
                "cost": line.cost,
                "bound": line.bound,
                "columns_on_plane": int(np.sum(line.plane)),
                "columns_of_vertex": int(np.sum(line.vertex > 1e-12)),
                "least_weight_of_widest": float(np.min(line.widest[line.plane], initial=1.0)),
            },
            "square": {"cost": square.cost, "bound": square.bound},
            "tangent_values": values,
            "tangent_rank": ranks,
            "settings": {"points": options.points},
        },
        {
            "places": (
                points[line.multisets[:, :2], 0],
                "1",
                "x_1 <= x_2 of each multiset, (c, 2)",
            ),
            "third": (points[line.multisets[:, 2], 0], "1", "x_3, (c,)"),
            "vertex": (line.vertex, "1", "weights of the simplex method's plan, (c,)"),
            "widest": (line.widest, "1", "weights of the widest plan, (c,)"),
        },
    )


if __name__ == "__main__":
    arguments = parser("comotion.theory.problems.supports", __doc__ or "")
    arguments.add_argument("--points", type=int, default=25, help="points of the line, odd")
    run_problem("supports", solve, arguments)
