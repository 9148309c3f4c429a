"""Stage: the bracket of V_SCE, the Kantorovich potential and the plan behind it."""

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np

from comotion.density.functionals import hartree
from comotion.density.radial import RadialDensity
from comotion.errors import DensityError
from comotion.progress import Progress, Report, within
from comotion.records import read_arrays, read_density, read_json, write_arrays, write_json
from comotion.stage import add_file, add_search_options, parser, run
from comotion.transport.certificate.bracket import Bracket, Effort, Pool, bracket
from comotion.transport.hierarchy.values import pair_value
from comotion.transport.maps import alternating
from comotion.transport.patterns import pattern_name
from comotion.transport.potential import force_potential
from comotion.transport.sce import Accuracy, StrictCorrelation, strict_correlation

#: Points of the radial grid on which the potential is stored.
_GRID = 400


def main(options: argparse.Namespace) -> None:
    """Write bracket.json and bracket.h5."""
    system, level, density = read_density(options.density)
    if density.n_electrons < 2:
        raise DensityError(f"{system}: one electron repels nothing; there is nothing to bracket")
    sce = read_json(options.sce)
    effort = Effort(
        tuple(options.splines), options.cells, 60.0 * options.minutes, options.seeds[0]
    )  # fmt: skip
    with Progress(system) as report:
        plans = _plans(density, sce["best_pattern"], options, report)
        pool = _read_pool(options.pool, density)
        pool.save = lambda changed: _write_pool(options.pool, changed)
        found = bracket(density, plans, effort=effort, pool=pool, report=report)
        report.say(f"bracket [{found.lower:.8f}, {found.upper:.8f}], relative gap "
                   f"{found.gap / found.upper:.1e}")  # fmt: skip
        hierarchy = {}
        for k in range(2, min(density.n_electrons - 1, options.hierarchy) + 1):
            inner = within(report, f"V_{k}")
            hierarchy[str(k)] = _hierarchy_bracket(density, k, effort, options, inner)
    dual, plan = found.dual, found.plan
    write_json(
        options.bracket,
        {
            "system": system,
            "level": level,
            "n_electrons": density.n_electrons,
            "lower": found.lower,
            "upper": found.upper,
            "gap": found.gap,
            "relative_gap": found.gap / found.upper,
            "v_comotion": found.v_comotion,
            "comotion_excess": found.comotion_excess,
            "comotion_optimal": found.comotion_optimal,
            "w_inf_lower": found.lower - hartree(density),
            "w_inf_upper": found.upper - hartree(density),
            "spline_error": None if math.isnan(found.spline_error) else found.spline_error,
            "lower_programme": dual.programme,
            "lower_searched": dual.searched,
            "lower_corrected": dual.corrected,
            "lower_stopped": dual.stopped or None,
            "largest_slack": float(np.max(dual.slack)),
            "upper_cells": None if plan is None else len(plan.edges) - 1,
            "upper_iterations": None if plan is None else plan.iterations,
            "upper_converged": None if plan is None else plan.converged,
            "upper_quadrature_error": None if plan is None else plan.quadrature_error,
            "upper_marginal_error": None if plan is None else plan.marginal_error,
            "hierarchy_bracket": hierarchy,
            "settings": {
                "splines": list(effort.splines),
                "cells_per_shell": effort.cells_per_shell,
                "minutes": options.minutes,
                "seed": effort.seed,
            },
        },
    )
    _write_details(options.details, system, level, density, found, plans)
    options.pool.unlink(missing_ok=True)


def _plans(
    density: RadialDensity, pattern: str, options: argparse.Namespace, report: Report
) -> list[StrictCorrelation]:
    """The co-motion plan and, where it is another one, that of the best pattern."""
    accuracy = Accuracy(
        options.tolerance, options.quadrature_tolerance, options.accept_disagreement
    )
    seeds = tuple(options.seeds)
    plans = [strict_correlation(density, seeds=seeds, accuracy=accuracy, report=report)]
    upward = np.array([letter == "u" for letter in pattern])
    if np.any(upward != plans[0].upward):
        plans.append(
            strict_correlation(
                density, upward=upward, seeds=seeds, accuracy=accuracy, report=report
            )
        )
    return plans


def _hierarchy_bracket(
    density: RadialDensity, k: int, effort: Effort, options: argparse.Namespace, report: Report
) -> list[float]:
    """Bracket of V_k; V_2 is known in closed form."""
    if k == 2:
        value = pair_value(density)
        return [value, value]
    scaled = density.scaled(k)
    plans = _plans(scaled, pattern_name(alternating(k)), options, report)
    found = bracket(scaled, plans, effort=effort, report=report)
    n = density.n_electrons
    factor = n * (n - 1) / (k * (k - 1))
    return [factor * found.lower, factor * found.upper]


def _write_details(
    path: Path,
    system: str,
    level: str,
    density: RadialDensity,
    found: Bracket,
    plans: list[StrictCorrelation],
) -> None:
    """Potentials on a grid, active configurations with their slack, and the plan's columns."""
    n = density.n_electrons
    low, high = float(density.radius(1e-4)), float(density.radius(n - 1e-4, 1e-4))
    grid = np.geomspace(low, high, _GRID)
    force = force_potential(plans[0].minimum)
    dual, plan = found.dual, found.plan
    arrays = {
        "grid": (grid, "bohr", "radii of the potentials, (n,)"),
        "dual_potential": (
            dual.space.functions(grid) @ dual.coefficients, "hartree",
            "Kantorovich potential u(r) with u(inf) = 0, (n,)",
        ),
        "force_potential": (
            np.interp(grid, force.radii, force.values), "hartree",
            "u(r) of the forces on the co-motion plan, (n,)",
        ),
        "dual_constant": (dual.constant, "hartree", "added to u by each electron in the bound"),
        "configurations": (dual.configurations, "bohr", "active configurations, (m, 3, N)"),
        "slack": (dual.slack, "hartree", "V - sum u - min of them, (m,)"),
        "comotion_radii": (plans[-1].minimum.radii, "bohr", "radii of the best pattern, (q, N)"),
    }  # fmt: skip
    if plan is not None:
        arrays |= {
            "plan_radii": (plan.radii, "bohr", "radii in the middle of the columns, (c, N)"),
            "plan_weights": (plan.weights, "1", "weights of the columns, (c,)"),
        }
    write_arrays(path, arrays, {"system": system, "level": level})


def _read_pool(path: Path, density: RadialDensity) -> Pool:
    """What a killed run left, if it belongs to the same number of electrons."""
    if not path.is_file():
        return Pool()
    _, held = read_arrays(path)
    configurations = held.get("configurations")
    if configurations is None or configurations.shape[2] != density.n_electrons:
        return Pool()
    columns = None
    if "cells" in held:
        columns = (held["cells"], held["upward"].astype(bool), held["positions"])
    return Pool(configurations, columns)


def _write_pool(path: Path, pool: Pool) -> None:
    arrays: dict[str, tuple[Any, str, str]] = {}
    if pool.configurations is not None:
        arrays["configurations"] = (pool.configurations, "bohr", "of the lower bound")
    if pool.columns is not None:
        cells, upward, positions = pool.columns
        arrays |= {
            "cells": (cells, "1", "of the upper bound"),
            "upward": (upward, "1", "of the upper bound"),
            "positions": (positions, "bohr", "of the upper bound"),
        }
    write_arrays(path, arrays, {})


if __name__ == "__main__":
    arguments = parser("comotion.transport.certificate", __doc__ or "")
    add_search_options(arguments)
    arguments.add_argument("--splines", type=int, nargs="+", default=[40, 80])
    arguments.add_argument("--cells", type=int, default=20, help="cells for each electron")
    arguments.add_argument("--minutes", type=float, default=5.0, help="time of the upper bound")
    arguments.add_argument("--hierarchy", type=int, default=0, help="highest k bracketed too")
    add_file(arguments, "--density", "density.h5 to read")
    add_file(arguments, "--sce", "sce.json to read")
    add_file(arguments, "--pool", "HDF5 file that a killed run leaves to the next")
    add_file(arguments, "--bracket", "JSON file to write")
    add_file(arguments, "--details", "HDF5 file to write")
    run(main, arguments)
