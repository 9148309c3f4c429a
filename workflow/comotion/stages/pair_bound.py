"""Stage: the pair bound, a lower bound of V_SCE that is proven, and its certificate."""

import argparse
from typing import Any

import numpy as np

from comotion.density.radial import RadialDensity
from comotion.density.storage import load_density
from comotion.errors import DensityError
from comotion.io import write_json
from comotion.progress import Progress, Report, within
from comotion.proof.charge import decimal_below
from comotion.stages.options import add_file
from comotion.transport.bounds.pair.bound import PairBound, pair_bound
from comotion.transport.bounds.pair.trial import PairEffort


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    effort = PairEffort()
    options.add_argument(
        "--intervals",
        type=int,
        default=effort.intervals,
        help="intervals between the knots of the kernels",
    )
    options.add_argument(
        "--degree", type=int, default=effort.degree, help="highest l of the kernels"
    )
    options.add_argument(
        "--rounds", type=int, default=effort.rounds, help="most rounds of constraint generation"
    )
    options.add_argument("--hierarchy", type=int, default=0, help="highest k below N bounded too")
    add_file(options, "--density", "density.h5 to read")
    add_file(options, "--pair-bound", "JSON file to write")
    add_file(options, "--certificate", "JSON file to write: what proves the bound")


def run(options: argparse.Namespace) -> None:
    """Write pair_bound.json and pair_certificate.json."""
    system, level, density = load_density(options.density)
    if density.n_electrons < 2:
        raise DensityError(f"{system}: one electron repels nothing; there is nothing to bound")
    effort = PairEffort(options.intervals, options.degree, options.rounds)
    with Progress(system) as report:
        found = pair_bound(density, effort=effort, report=report)
        lower = decimal_below(found.lower, 8)
        report.say(f"V_SCE >= {lower} is proven, on {found.proven.boxes} boxes")
        hierarchy = {}
        for k in range(2, min(density.n_electrons - 1, options.hierarchy) + 1):
            hierarchy[str(k)] = _proven_of(density, k, effort, within(report, f"V_{k}"))
    record = _record(found) | {
        "hierarchy_proven": hierarchy,
        "settings": {
            "intervals": effort.intervals,
            "degree": effort.degree,
            "rounds": effort.rounds,
            "hierarchy": options.hierarchy,
        },
    }
    # The certificate first: a record never stands without what proves it.
    found.save(options.certificate, system, level)
    write_json(options.pair_bound, {"system": system, "level": level} | record)


def _record(found: PairBound) -> dict[str, Any]:
    """What pair_bound.json holds of a bound."""
    trial, proven = found.trial, found.proven
    return {
        "n_electrons": proven.n_electrons,
        "lower_proven": found.lower,
        "lower_pair": trial.value,
        "programme": trial.programme,
        "programme_gap": trial.gap,
        "violation": trial.theta,
        "rows": trial.rows,
        "rounds": trial.rounds,
        "functions": {
            "kernels": list(trial.space.sizes),
            "potential": len(trial.space.potentials),
        },
        "lowered": found.lowered,
        "boxes": proven.boxes,
        "integral_width": proven.integral_width,
    }


def _proven_of(density: RadialDensity, k: int, effort: PairEffort, report: Report) -> float:
    """A proven lower bound of V_k, rounded down."""
    found = pair_bound(density.scaled(k), effort=effort, report=report)
    n = density.n_electrons
    return _rounded_down(n * (n - 1) / (k * (k - 1)), found.lower)


def _rounded_down(factor: float, lower: float) -> float:
    """A product that is not above the exact one.

    The quotient and the product are each rounded once, by at most half a unit in the last place.
    Together that is at most one part in 2^52, and each of the two steps down is at least one part
    in 2^53.
    """
    product = factor * lower
    return float(np.nextafter(np.nextafter(product, -np.inf), -np.inf))
