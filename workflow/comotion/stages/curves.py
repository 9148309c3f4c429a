"""Stage: plans become curves that answer the pointer, as Vega-Lite specifications and as a page."""

import argparse
import json
from pathlib import Path

from comotion.errors import ComotionError
from comotion.figures.curves import SPECIFICATIONS
from comotion.io import replace_text
from comotion.pages.curve_page import curve_page
from comotion.stages.options import add_file
from comotion.transport.plan import Plan


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("--plans", type=Path, nargs="+", required=True, help="files plan.h5")
    options.add_argument(
        "--scripts", type=Path, nargs="+", required=True,
        help="files of Vega, Vega-Lite and Vega-Embed, which go into the page",
    )  # fmt: skip
    options.add_argument(
        "--specifications", type=Path, nargs="+", required=True,
        help=f"JSON files to write: {', '.join(SPECIFICATIONS)}",
    )  # fmt: skip
    add_file(options, "--html", "HTML file to write")


def run(options: argparse.Namespace) -> None:
    """Write the specifications and the page."""
    if len(options.specifications) != len(SPECIFICATIONS):
        raise ComotionError(
            f"{len(options.specifications)} files for {len(SPECIFICATIONS)} specifications: name "
            f"one for each of {', '.join(SPECIFICATIONS)}"
        )
    plans = [Plan.load(path) for path in options.plans]
    found = {name: draw(plans) for name, draw in SPECIFICATIONS.items()}
    for path, chart in zip(options.specifications, found.values(), strict=True):
        replace_text(path, json.dumps(chart, separators=(",", ":")) + "\n")
    scripts = [path.read_text(encoding="utf-8") for path in options.scripts]
    replace_text(options.html, curve_page(found, scripts))
