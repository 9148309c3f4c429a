"""Stage: the values V_k of the density-representability hierarchy."""

import argparse
from dataclasses import asdict

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
    values = {
        str(k): hierarchy_value(density, k, seeds=seeds, accuracy=accuracy)
        for k in range(2, min(density.n_electrons - 1, options.highest) + 1)
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
