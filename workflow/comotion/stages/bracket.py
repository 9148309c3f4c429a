"""Stage: the bracket of V_SCE, the Kantorovich potential and the plan behind it."""

import argparse
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from comotion.density.radial import RadialDensity
from comotion.density.storage import load_density
from comotion.errors import DensityError
from comotion.io import write_json
from comotion.progress import Progress, Report, within
from comotion.stages.options import add_file
from comotion.stages.search_options import add_search_options, searching
from comotion.transport.bounds.bracket import BracketEffort, bracket
from comotion.transport.bounds.certificate import Bracket
from comotion.transport.comotion import comotion_plan
from comotion.transport.hierarchy import pair_value
from comotion.transport.optimal_zero_point import OptimalZeroPoint, optimal_zero_point
from comotion.transport.plan import Plan

#: Points of the radial grid on which the potential is stored.
_GRID = 400


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    add_search_options(options)
    effort = BracketEffort()
    options.add_argument(
        "--splines",
        type=int,
        nargs="+",
        default=list(effort.splines),
        help="sizes of the spaces of potentials of the lower bound",
    )
    options.add_argument(
        "--cells", type=int, default=effort.cells_per_shell, help="cells for each electron"
    )
    options.add_argument(
        "--iterations",
        type=int,
        default=effort.iterations,
        help="most iterations of the upper bound's column generation",
    )
    options.add_argument("--hierarchy", type=int, default=4, help="highest k below N bracketed too")
    add_file(options, "--density", "density.h5 to read")
    add_file(options, "--plan", "plan.h5 to read")
    add_file(options, "--pattern", "pattern.h5 to read")
    options.add_argument("--parts", type=Path, help="folder that a killed run leaves to the next")
    add_file(options, "--bracket", "JSON file to write")
    add_file(options, "--details", "HDF5 file to write: the lower bound")
    add_file(options, "--upper-plan", "HDF5 file to write: the cheapest plan")


def run(options: argparse.Namespace) -> None:
    """Write bracket.json, bracket.h5 and upper_plan.h5."""
    system, level, density = load_density(options.density)
    if density.n_electrons < 2:
        raise DensityError(f"{system}: one electron repels nothing; there is nothing to bracket")
    effort = BracketEffort(
        tuple(options.splines), options.cells, options.iterations, options.seeds[0]
    )
    plans = [Plan.load(options.plan)]
    pattern = Plan.load(options.pattern)
    if pattern.kind != "comotion":
        plans.append(pattern)
    parts: Path | None = options.parts
    with Progress(system) as report:
        found = bracket(density, plans, effort=effort, parts=parts, report=report)
        report.say(
            f"bracket [{found.lower:.8f}, {found.upper:.8f}], relative gap "
            f"{found.gap / found.upper:.1e}"
        )
        inner = within(report, "W'_inf of the optimal plan")
        oscillations = optimal_zero_point(found, seed=effort.seed, report=inner)
        hierarchy = {}
        for k in range(2, min(density.n_electrons - 1, options.hierarchy) + 1):
            inner = within(report, f"V_{k}")
            hierarchy[str(k)] = _hierarchy_bracket(density, k, effort, options, inner)
    record = (
        _record(found, density)
        | _oscillations(oscillations)
        | {
            "hierarchy_bracket": hierarchy,
            "settings": {
                "splines": list(effort.splines),
                "cells_per_shell": effort.cells_per_shell,
                "iterations": effort.iterations,
                "seed": effort.seed,
            },
        }
    )
    write_json(options.bracket, {"system": system, "level": level} | record)
    _write_details(options.details, system, level, found, plans[0])
    replace(found.plan, system=system, level=level).save(options.upper_plan)


def _record(found: Bracket, density: RadialDensity) -> dict[str, Any]:
    """What bracket.json holds of a bracket."""
    dual, primal = found.dual, found.primal
    plan = None if primal is None else primal.plan
    return {
        "n_electrons": density.n_electrons,
        "lower": found.lower,
        "lower_from": found.lower_from,
        "upper": found.upper,
        "gap": found.gap,
        "relative_gap": found.gap / found.upper,
        "v_comotion": found.v_comotion,
        "comotion_excess": found.comotion_excess,
        "comotion_within_gap": found.comotion_within_gap,
        "spline_error": None if math.isnan(found.spline_error) else found.spline_error,
        "lower_duality": dual.value,
        "lower_programme": dual.programme,
        "lower_searched": dual.searched,
        "lower_corrected": dual.corrected,
        "lower_stopped_by": dual.stopped_by,
        "largest_slack": float(np.max(dual.slack)),
        "upper_plan": found.plan.kind,
        "upper_cells": None if plan is None else plan.n_cells,
        "upper_iterations": None if primal is None else primal.iterations,
        "upper_stopped_by": None if primal is None else primal.stopped_by,
        "upper_quadrature_error": None if plan is None else plan.quadrature_error,
        "upper_marginal_error": None if plan is None else plan.marginal_error,
    }


def _oscillations(found: OptimalZeroPoint) -> dict[str, Any]:
    """What bracket.json holds of the oscillations about the optimal plan."""
    value, error = found.w_inf_prime, found.error
    return {
        "w_inf_prime_optimal": None if found.missing else value,
        "w_inf_prime_optimal_error": error if math.isfinite(error) else None,
        "w_inf_prime_optimal_missing": found.missing,
    }


def _hierarchy_bracket(
    density: RadialDensity,
    k: int,
    effort: BracketEffort,
    options: argparse.Namespace,
    report: Report,
) -> list[float]:
    """Bracket of V_k; V_2 is known in closed form, up to its quadrature."""
    if k == 2:
        pair = pair_value(density)
        return [pair.value - pair.error, pair.value + pair.error]
    scaled = density.scaled(k)
    plan = comotion_plan(scaled, report=report, **searching(options))
    found = bracket(scaled, plan, effort=effort, parts=options.parts, report=report)
    n = density.n_electrons
    factor = n * (n - 1) / (k * (k - 1))
    return [factor * found.lower, factor * found.upper]


def _write_details(path: Path, system: str, level: str, found: Bracket, comotion: Plan) -> None:
    """The lower bound as it can be evaluated again, and potentials on a grid to be drawn."""
    density, dual, force = found.plan.density, found.dual, comotion.radial_potential
    n = density.n_electrons
    low, high = float(density.radius(1e-4)), float(density.radius(n - 1e-4, 1e-4))
    grid = np.geomspace(low, high, _GRID)
    curves = {
        "grid": (grid, "bohr", "radii of the potentials, (n,)"),
        "dual_potential": (
            dual.potential(grid), "hartree", "Kantorovich potential u(r) with u(inf) = 0, (n,)",
        ),
        "force_potential": (
            np.interp(grid, force.radii, force.values), "hartree",
            "u(r) of the forces on the co-motion plan, (n,)",
        ),
    }  # fmt: skip
    dual.save(path, {"system": system, "level": level}, curves)
