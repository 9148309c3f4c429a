"""Stage: the co-motion plan, its cost, the best pattern of directions, zero-point oscillations."""

import argparse
import math
from dataclasses import asdict, replace

from comotion.density.functionals import hartree
from comotion.density.storage import load_density
from comotion.io import write_json
from comotion.progress import Progress
from comotion.stages.options import add_file
from comotion.stages.search_options import add_search_options, searching
from comotion.transport.comotion import comotion_plan
from comotion.transport.energy_density import energy_density
from comotion.transport.patterns import BestPattern, best_pattern, pattern_name
from comotion.transport.zero_point import zero_point


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    add_search_options(options)
    options.add_argument(
        "--pattern-electrons",
        type=int,
        default=10,
        help="most electrons for which other directions of the shells are tried",
    )
    add_file(options, "--density", "density.h5 to read")
    add_file(options, "--sce", "JSON file to write")
    add_file(options, "--plan", "HDF5 file to write: the co-motion plan")
    add_file(options, "--pattern", "HDF5 file to write: the plan of the best pattern")


def run(options: argparse.Namespace) -> None:
    """Write sce.json, plan.h5 and pattern.h5."""
    system, level, density = load_density(options.density)
    search = searching(options)
    with Progress(system) as report:
        plan = comotion_plan(density, report=report, **search)
        best = BestPattern(plan, tried=1, exhaustive=density.n_electrons <= 2)
        if 2 < density.n_electrons <= options.pattern_electrons:
            best = best_pattern(density, plan, accuracy=search["accuracy"], report=report)
        report("zero-point oscillations")
        oscillations = zero_point(plan)
    error = oscillations.quadrature_error
    write_json(
        options.sce,
        {
            "system": system,
            "level": level,
            "n_electrons": density.n_electrons,
            "v_comotion": plan.cost,
            "w_inf_comotion": plan.cost - hartree(density),
            "v_best_pattern": best.plan.cost,
            "best_pattern": pattern_name(best.plan.upward),
            "patterns_tried": best.tried,
            "patterns_exhaustive": best.exhaustive,
            "v_by_seed": list(plan.cost_by_seed),
            "search_spread": plan.search_spread,
            "quadrature_error": plan.quadrature_error,
            "w_inf_prime": None if oscillations.missing else oscillations.w_inf_prime,
            "w_inf_prime_error": error if math.isfinite(error) else None,
            "w_inf_prime_missing": oscillations.missing,
            "unstable_share": oscillations.unstable_share,
            "least_eigenvalue": oscillations.least_eigenvalue,
            "zero_mode_residual": oscillations.zero_mode_residual,
            "nodes": len(plan.weights),
            "moves": plan.moves,
            "settings": {
                "seeds": list(plan.seeds),
                "accuracy": asdict(search["accuracy"]),
                "pattern_electrons": options.pattern_electrons,
            },
        },
    )
    energy = (energy_density(plan, plan.grid), "hartree", "w(r) of the plan on the grid, (m,)")
    named = replace(plan, system=system, level=level)
    named.save(options.plan, curves={"energy_density": energy})
    replace(best.plan, system=system, level=level).save(options.pattern)
