"""Stage: V_2 and co-motion upper bounds of V_k, the density-representability hierarchy."""

import argparse
from dataclasses import asdict

from comotion.density.storage import load_density
from comotion.io import read_json, write_json
from comotion.progress import Progress, Report
from comotion.stages.options import add_file
from comotion.stages.search_options import add_search_options, searching
from comotion.transport.hierarchy import HierarchyValue, hierarchy_value, orders_of


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    add_search_options(options)
    options.add_argument(
        "--highest", type=int, default=20, help="highest k below N that is computed"
    )
    add_file(options, "--density", "density.h5 to read")
    add_file(options, "--sce", "sce.json to read")
    add_file(options, "--hierarchy", "JSON file to write")


def run(options: argparse.Namespace) -> None:
    """Write hierarchy.json: V_2, and the co-motion upper bounds of V_k for k = 3, ... and k = N."""
    system, level, density = load_density(options.density)
    search = searching(options)
    orders = orders_of(density.n_electrons, options.highest)
    with Progress(system) as progress:
        found = [
            hierarchy_value(density, k, report=_of_value(progress, k, orders), **search)
            for k in orders
        ]
    if density.n_electrons > 2:
        # The bound of V_N is the cost of the plan that the stage before has found.
        sce = read_json(options.sce)
        error = sce["search_spread"] + sce["quadrature_error"]
        found.append(HierarchyValue(density.n_electrons, sce["v_comotion"], error))
    write_json(
        options.hierarchy,
        {
            "system": system,
            "level": level,
            "n_electrons": density.n_electrons,
            "hierarchy": {v.name: v.value for v in found},
            "hierarchy_error": {v.name: v.error for v in found},
            "settings": {
                "seeds": list(search["seeds"]),
                "accuracy": asdict(search["accuracy"]),
                "highest": options.highest,
            },
        },
    )


def _of_value(progress: Progress, k: int, orders: range) -> Report:
    """A report of one order within that of all, whose time grows like k^3."""
    total = sum(order**3 for order in orders)
    done = sum(order**3 for order in orders if order < k) / total

    def report(step: str, detail: str = "", share: float | None = None) -> None:
        del share
        progress("hierarchy", ", ".join(filter(None, (f"k = {k}", step, detail))), done)

    return report
