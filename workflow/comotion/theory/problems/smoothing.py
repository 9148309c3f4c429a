"""Stage: smoothed transport plans as upper bounds on F_hbar, from two kinds of smearing."""

import argparse

import numpy as np

from comotion.errors import TransportError
from comotion.stage import parser
from comotion.theory.lieb.maximise import follow
from comotion.theory.lieb.systems import line_pair, sine_density, soft_coulomb
from comotion.theory.problem import Solution, run_problem
from comotion.theory.smoothing import (
    monotone_plan,
    smear_gaussian,
    smear_reversible,
    smoothed_bound,
)

#: Least and largest width of the Gaussian, and time of the walk.
_WIDTHS, _TIMES = (0.005, 0.5), (1e-6, 1.0)


def solve(options: argparse.Namespace) -> Solution:
    """V <= F_hbar <= bound on one grid, at every hbar.

    Raises:
        TransportError: The order does not hold.
    """
    hbars = sorted(options.hbar, reverse=True)
    problem = line_pair(sine_density, soft_coulomb, options.points)
    x = problem.sites
    plan = monotone_plan(problem.target / 2)
    cost = float(np.sum(plan * soft_coulomb(np.abs(x[:, None] - x))))
    states = follow(problem, hbars)
    gaussian = [smoothed_bound(problem, plan, h, smear_gaussian, _WIDTHS) for h in hbars]
    reversible = [smoothed_bound(problem, plan, h, smear_reversible, _TIMES) for h in hbars]
    for state, a, b in zip(states, gaussian, reversible, strict=True):
        if not cost <= state.functional <= min(a.bound, b.bound):
            raise TransportError(
                f"hbar = {state.hbar:g}: not V = {cost:.9f} <= F = {state.functional:.9f} <= "
                f"{min(a.bound, b.bound):.9f}"
            )
    middle = len(hbars) // 2
    per_area = 1 / (x[1] - x[0]) ** 2
    return Solution(
        {
            "transport_cost": cost,
            "functional": {f"{s.hbar:g}": s.functional for s in states},
            "gaussian": {f"{b.hbar:g}": b.bound for b in gaussian},
            "gaussian_width": {f"{b.hbar:g}": b.length for b in gaussian},
            "reversible": {f"{b.hbar:g}": b.bound for b in reversible},
            "reversible_time": {f"{b.hbar:g}": b.length for b in reversible},
            "marginal_error": max(b.marginal_error for b in (*gaussian, *reversible)),
            "settings": {"points": options.points, "hbar": hbars},
        },
        {
            "x": (x, "1", "places, (n,)"),
            "hbar": (hbars, "1", "values of hbar, (h,)"),
            "functional": ([s.functional for s in states], "1", "F_hbar, (h,)"),
            "gaussian": ([b.bound for b in gaussian], "1", "bound by Gaussians, (h,)"),
            "reversible": ([b.bound for b in reversible], "1", "bound by the walk, (h,)"),
            "shown_hbar": (hbars[middle], "1", "hbar of the plan shown"),
            "plan": (reversible[middle].plan * per_area, "1", "smoothed plan, (n, n)"),
        },
    )


if __name__ == "__main__":
    arguments = parser("comotion.theory.problems.smoothing", __doc__ or "")
    arguments.add_argument("--points", type=int, default=80, help="points of the line")
    arguments.add_argument(
        "--hbar", type=float, nargs="+", default=[1, 0.5, 0.25, 0.12, 0.06, 0.03, 0.015]
    )
    run_problem("smoothing", solve, arguments)
