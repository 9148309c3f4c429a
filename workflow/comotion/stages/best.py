"""Stage: the best estimate of an atom, all of its numbers of one density."""

import argparse
from pathlib import Path

from comotion.composite import composed_densities
from comotion.density.storage import load_levels
from comotion.estimate import best_estimate, transport_changes
from comotion.io import read_json, write_json
from comotion.progress import Progress
from comotion.recipe import recipe
from comotion.stages.options import add_file
from comotion.transport.comotion import Accuracy
from comotion.transport.plan import Plan


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("--system", required=True, help="atom or ion, such as Ne or H-")
    options.add_argument("--level", required=True, help="best, or such as best_5Z")
    options.add_argument(
        "--densities",
        type=Path,
        nargs="+",
        required=True,
        help="density.h5 of every level of which the best one is composed",
    )
    add_file(options, "--quantum", "quantum.json of the best density")
    add_file(options, "--sce", "its sce.json")
    add_file(options, "--plan", "its plan.h5")
    options.add_argument(
        "--bracket", type=Path, nargs="*", required=True, help="its bracket.json, if it has one"
    )
    add_file(options, "--best", "JSON file to write")


def run(options: argparse.Namespace) -> None:
    """Write best.json."""
    system, level = options.system, options.level
    parts = recipe(system, level)
    quantum, sce = read_json(options.quantum), read_json(options.sce)
    sums = composed_densities(parts, load_levels(options.densities))
    with Progress(f"{system} at {level}") as report:
        changes = transport_changes(
            Plan.load(options.plan),
            sce["w_inf_prime"],
            sums,
            quantum["basis_floor"],
            seeds=tuple(sce["settings"]["seeds"]),
            accuracy=Accuracy(**sce["settings"]["accuracy"]),
            report=report,
        )
    bracket = read_json(options.bracket[0]) if options.bracket else None
    write_json(options.best, best_estimate(system, level, quantum, sce, changes, bracket))
