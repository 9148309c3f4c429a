"""Stage: one system at one level becomes a page of the report, with figures of its own."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from comotion.errors import RecordError
from comotion.figures import certificates, plans
from comotion.figures.canvas import as_bytes, style
from comotion.io import read_csv, replace_text
from comotion.pages.atom_page import atom_page
from comotion.stages.figure import drawn_bracket
from comotion.stages.options import add_file
from comotion.transport.plan import Plan


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("system", help="the system, such as Be")
    options.add_argument("level", help="the level of its density")
    add_file(options, "--energies", "energies.csv with a row for them")
    add_file(options, "--plan", "plan.h5, the co-motion plan")
    for name in ("bracket", "upper-plan", "pattern"):
        options.add_argument(
            f"--{name}", type=Path, nargs="*", required=True,
            help=f"{name.replace('-', '_')}.h5; none where V_SCE is not bracketed",
        )  # fmt: skip
    add_file(options, "--html", "HTML file to write")


def run(options: argparse.Namespace) -> None:
    """Draw the figures and write the page."""
    rows = read_csv(options.energies)
    rows = rows[(rows["system"] == options.system) & (rows["level"] == options.level)]
    if len(rows) != 1:
        raise RecordError(
            f"{options.energies}: has {len(rows)} rows of {options.system} at {options.level}; "
            "give the table of a study with this system"
        )
    plan = Plan.load(options.plan)
    drawn = _figures(plan, options)
    with style():
        svg = {name: _svg(draw()) for name, draw in drawn.items()}
    replace_text(options.html, atom_page(rows.iloc[0].to_dict(), plan, svg))


def _figures(plan: Plan, options: argparse.Namespace) -> Mapping[str, Callable[[], Figure]]:
    """Figures of the plan, and of the bracket where there is one, by what they are called.

    One electron has none: nothing repels.
    """
    if plan.n_electrons == 1:
        return {}
    found: dict[str, Callable[[], Figure]] = {
        "density and shell radii": lambda: plans.density_shells([plan]),
        "co-motion functions": lambda: plans.comotion_maps([plan]),
        "co-motion potential": lambda: plans.potential([plan]),
    }
    if options.bracket:
        of_bracket = drawn_bracket(options.bracket[0], options.plan)
        pair = [Plan.load(path) for path in (*options.upper_plan, *options.pattern)]
        found |= {
            "potential of the lower bound": lambda: certificates.dual_potential([of_bracket]),
            "slack": lambda: certificates.slack([of_bracket]),
            "support of the plan": lambda: certificates.support(pair),
        }
    return found


def _svg(figure: Figure) -> bytes:
    """A figure as SVG, alone wider than as a panel among others."""
    figure.set_size_inches(4.4, 3.2)
    content = as_bytes(figure, ".svg")
    plt.close(figure)
    return content
