"""Plots on the pages, in the style and with the captions of the report."""

import importlib
import re
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import comotion
from study.catalogue import PROBLEMS


def project_style() -> None:
    """Draw in the style of the report's figures, on a page."""
    plt.style.use(Path(comotion.__file__).with_name("figures") / "comotion.mplstyle")


def problem(name: str) -> Figure:
    """Solve a problem of `comotion.models` with its own sizes and draw its figure.

    Args:
        name: Its module.
    """
    solution = importlib.import_module(f"comotion.models.{name}").solve()
    module, _, function = PROBLEMS[name].function.rpartition(".")
    draw = getattr(importlib.import_module(f"comotion.figures.{module}"), function)
    arrays = solution.arrays.items()
    figure: Figure = draw({key: np.asarray(values) for key, (values, _, _) in arrays})
    return figure


def show(name: str) -> None:
    """Show the figure of a problem and what it shows.

    Args:
        name: Its module.
    """
    from IPython.display import Markdown, display  # noqa: PLC0415 - there in a page only

    figure = problem(name)
    display(figure)
    plt.close(figure)
    display(Markdown(caption(name)))


def caption(name: str) -> str:
    """The report's caption of a problem, Markdown.

    Args:
        name: Its module.
    """
    captions = Path(__file__).parents[1] / "workflow/report/problem_figure.rst"
    parts = re.split(r'{%.*?"(\w+)" %}', captions.read_text(encoding="utf-8"))
    of_problems = dict(zip(parts[1::2], parts[2::2], strict=True))
    text = of_problems[name].partition("{%")[0]
    return re.sub(r":math:`([^`]*)`", r"$\1$", text).strip()
