"""Stage: the values V_k of the density-representability hierarchy."""

import argparse
from dataclasses import asdict

from comotion.progress import Progress, Report
from comotion.records import read_density, read_json, write_json
from comotion.stage import add_file, add_search_options, parser, run
from comotion.transport.hierarchy.values import hierarchy_value
from comotion.transport.kernel import MAX_ELECTRONS
from comotion.transport.sce import Accuracy


def main(options: argparse.Namespace) -> None:
    """Write hierarchy.json: V_k for k = 2, 3, ... and k = N."""
    system, level, density = read_density(options.density)
    seeds = tuple(options.seeds)
    accuracy = Accuracy(
        options.tolerance, options.quadrature_tolerance, options.accept_disagreement
    )
    orders = range(2, min(density.n_electrons - 1, options.highest) + 1)
    with Progress(system) as progress:
        values = {
            str(k): hierarchy_value(
                density, k, seeds=seeds, accuracy=accuracy, report=_of_value(progress, k, orders)
            )
            for k in orders
        }
    if density.n_electrons > 1:
        # V_N is V_SCE itself, which the transport stage has searched already.
        values[str(density.n_electrons)] = read_json(options.sce)["v_comotion"]
    write_json(
        options.hierarchy,
        {
            "system": system,
            "level": level,
            "n_electrons": density.n_electrons,
            "v_hierarchy": values,
            "settings": {
                "seeds": list(seeds),
                "accuracy": asdict(accuracy),
                "highest": options.highest,
            },
        },
    )


def _of_value(progress: Progress, k: int, orders: range) -> Report:
    """A report of V_k within that of all values, whose time grows like k^3."""
    total = sum(order**3 for order in orders)
    done = sum(order**3 for order in orders if order < k) / total

    def report(step: str, detail: str = "", share: float | None = None) -> None:
        del share
        progress("hierarchy", ", ".join(filter(None, (f"V_{k}", step, detail))), done)

    return report


if __name__ == "__main__":
    arguments = parser("comotion.transport.hierarchy", __doc__ or "")
    add_search_options(arguments)
    arguments.add_argument(
        "--highest", type=int, default=MAX_ELECTRONS, help="highest k below N that is computed"
    )
    add_file(arguments, "--density", "density.h5 to read")
    add_file(arguments, "--sce", "sce.json to read")
    add_file(arguments, "--hierarchy", "JSON file to write")
    run(main, arguments)
