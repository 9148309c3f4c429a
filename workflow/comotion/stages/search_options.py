"""Options of the stages that search for angular minima."""

import argparse
from typing import Any

from comotion.transport.comotion import Accuracy


def add_search_options(options: argparse.ArgumentParser) -> None:
    """Options of every stage that searches for angular minima."""
    options.add_argument(
        "--seeds", type=int, nargs="+", default=[1, 2], help="seeds of independent searches"
    )
    options.add_argument(
        "--tolerance", type=float, default=1e-5, help="largest search spread, relative to the cost"
    )
    options.add_argument(
        "--quadrature-tolerance",
        type=float,
        default=1e-7,
        help="largest relative change when the quadrature nodes are doubled; more is an error",
    )
    options.add_argument(
        "--accept-disagreement",
        action="store_true",
        help="record a larger search spread instead of failing",
    )


def searching(options: argparse.Namespace) -> dict[str, Any]:
    """Those options as keywords of a search."""
    accuracy = Accuracy(
        options.tolerance, options.quadrature_tolerance, options.accept_disagreement
    )
    return {"seeds": tuple(options.seeds), "accuracy": accuracy}
