"""What a figure shows, read from its artists: curves, legends, labels, points."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axes._secondary_axes import SecondaryAxis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from comotion.density.radial import Array


def curves(ax: Axes) -> dict[str, Array]:
    """Points of each labelled curve, shape (m, 2), by its label."""
    return {str(line.get_label()): points(line) for line in labelled(ax).values()}


def labelled(ax: Axes) -> dict[str, Line2D]:
    """The curves that have a label; matplotlib gives the others one with an underscore."""
    lines = {str(line.get_label()): line for line in ax.get_lines()}
    return {label: line for label, line in lines.items() if not label.startswith("_")}


def points(line: Line2D) -> Array:
    """Points of a curve, shape (m, 2)."""
    return np.asarray(line.get_xydata(), dtype=float)


def scattered(collection: Any) -> Array:
    """Centres of dots, shape (m, 2)."""
    return np.asarray(collection.get_offsets(), dtype=float)


def xy(x: Any, y: Any) -> Array:
    """Points of these coordinates, shape (m, 2)."""
    return np.column_stack(np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float)))


def behind(ax: Axes, *guides: Line2D) -> bool:
    """Whether lines lie behind all other curves of their axes."""
    others = [line.get_zorder() for line in ax.get_lines() if line not in guides]
    return max(line.get_zorder() for line in guides) < min(others)


def in_a_row(axes: Sequence[Axes]) -> bool:
    """Whether panels stand beside one another, from left to right."""
    boxes = [ax.get_position() for ax in axes]
    level = all(abs(box.y0 - boxes[0].y0) < 0.05 for box in boxes)
    return level and all(box.x1 <= after.x0 for box, after in pairwise(boxes))


def legend(ax: Axes) -> list[str]:
    """Entries of the legend, in order; none where there is no legend."""
    found = ax.get_legend()
    return [] if found is None else [text.get_text() for text in found.get_texts()]


def ticks(ax: Axes | SecondaryAxis) -> dict[float, str]:
    """Labels of the horizontal axis by where they stand."""
    labels = [text.get_text() for text in ax.get_xticklabels()]
    return dict(zip(map(float, ax.get_xticks()), labels, strict=True))


def around(figure: Figure) -> tuple[str, str]:
    """The labels that the horizontal and the vertical axes of all panels share."""
    return figure.get_supxlabel(), figure.get_supylabel()


def texts(figure: Figure) -> list[str]:
    """All texts of a figure."""
    figure.draw_without_rendering()
    return [text.get_text() for text in figure.findobj(mpl.text.Text)]
