"""Stage: draw one figure from tables or plans."""

import argparse
from pathlib import Path

import pandas as pd

from comotion.figures import certificate, estimates, plans, tables
from comotion.figures.canvas import save, style
from comotion.records import read_json
from comotion.stage import parser, run

_OF_TABLE = {
    "energies": tables.energies,
    "hierarchy": tables.hierarchy,
    "isoelectronic": estimates.isoelectronic,
    "best": estimates.best,
    "bracket": certificate.bracket,
}
_OF_CERTIFICATES = {
    "dual_potential": certificate.dual_potential,
    "support": certificate.support,
    "slack": certificate.slack,
}
_OF_PLANS = {
    "density": plans.density_shells,
    "comotion": plans.comotion_maps,
    "potential": plans.potential,
}


def main(options: argparse.Namespace) -> None:
    """Draw the figure and save it in every format asked for."""
    with style():
        if options.figure in _OF_TABLE:
            table = pd.read_csv(options.inputs[0])
            rows = tables.shown_rows(table)
            if options.figure == "hierarchy":
                rows = rows[rows["n_electrons"] > 1].head(options.panels)
            figure = _OF_TABLE[options.figure](rows)
        elif options.figure == "engine":
            figure = estimates.engine(pd.read_csv(options.inputs[0]))
        elif options.figure == "pair_angle":
            figure = estimates.pair_angle([read_json(path) for path in options.inputs])
        elif options.figure in _OF_CERTIFICATES:
            found = [plans.read_plan(path) for path in options.inputs]
            figure = _OF_CERTIFICATES[options.figure](found)
        elif options.figure in _OF_PLANS:
            drawn = [plans.read_plan(path) for path in options.inputs]
            figure = _OF_PLANS[options.figure]([plan for plan in drawn if plan.n_electrons > 1])
        else:
            figure = plans.arrangement(plans.read_plan(options.inputs[0]))
        save(figure, options.out)


if __name__ == "__main__":
    arguments = parser("comotion.figures", __doc__ or "")
    arguments.add_argument(
        "figure",
        choices=[*_OF_TABLE, *_OF_PLANS, *_OF_CERTIFICATES, "engine", "pair_angle", "arrangement"],
    )
    arguments.add_argument(
        "--inputs", type=Path, nargs="+", required=True, help="a table, or records"
    )
    arguments.add_argument(
        "--panels", type=int, help="most systems in a figure with a panel for each: the first"
    )
    arguments.add_argument("--out", type=Path, nargs="+", required=True, help="files to write")
    run(main, arguments)
