"""What all figures share: the style, the panels, and how they are saved."""

import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from comotion.io import replace_bytes

_STYLE = Path(__file__).with_name("comotion.mplstyle")
_MOST_COLUMNS = 4
#: Letters that fit side by side below the axes of a figure, at the longest name's width for each.
_LETTERS = 60
#: Slanted names that fit there.
_NAMES = 36
#: Widths in a legend, inches: of a line with the space about it, and of a letter.
_SAMPLE, _LETTER = 0.6, 0.065
#: What of a label is not seen.
_MARKUP = re.compile(r"\\[a-z]+|[${}_^]")
#: Why a figure of interactions is empty.
_ALONE = "no system of more than one electron"


@contextmanager
def style() -> Iterator[None]:
    """Draw in the project's style, without a screen."""
    mpl.use("agg")
    with plt.style.context(_STYLE):
        yield


def save(figure: Figure, paths: Sequence[Path]) -> None:
    """Save as SVG, PNG or what the suffixes say, the same bytes at every run."""
    for path in paths:
        replace_bytes(path, as_bytes(figure, path.suffix))
    plt.close(figure)


def as_bytes(figure: Figure, suffix: str) -> bytes:
    """A figure in the format of a suffix, the same bytes at every run."""
    metadata = {"Date": None} if suffix == ".svg" else {"Software": None}
    memory = io.BytesIO()
    figure.savefig(memory, format=suffix[1:], metadata=metadata)
    return memory.getvalue()


def panels(titles: Sequence[str], x_label: str, y_label: str) -> tuple[Figure, list[Axes]]:
    """One small panel for each title, with labels at the outer edges only.

    Panels are drawn of systems of more than one electron. Where there are none, the figure says so.
    """
    columns = min(_MOST_COLUMNS, max(1, len(titles)))
    rows = max(1, math.ceil(len(titles) / columns))
    figure, grid = plt.subplots(
        rows, columns, figsize=(1.9 * columns + 0.6, 1.7 * rows + 0.4), squeeze=False
    )
    axes = list(np.ravel(grid))
    for ax in axes[len(titles) :]:
        ax.remove()
    for ax, title in zip(axes, titles, strict=False):
        ax.set_title(title)
    if not titles:
        figure.set_size_inches(4.2, 1.0)
        figure.text(0.5, 0.5, _ALONE, ha="center", va="center")
        return figure, []
    figure.supxlabel(x_label, fontsize=9)
    figure.supylabel(y_label, fontsize=9)
    return figure, axes[: len(titles)]


def explain_empty(ax: Axes, why: str = _ALONE) -> None:
    """A sentence in the middle of axes in which nothing is drawn."""
    ax.text(0.5, 0.5, why, ha="center", va="center", transform=ax.transAxes)


def legend_in_first(axes: Sequence[Axes], **options: Any) -> None:
    """A legend in the first panel, if there is one."""
    for ax in axes[:1]:
        ax.legend(**options)


def legend_of_all(figure: Figure, axes: Sequence[Axes]) -> None:
    """One legend above all panels: curves of one label look alike in all of them.

    Those of the panel with the most curves come first.
    """
    if not axes:
        return
    found = [ax.get_legend_handles_labels() for ax in axes]
    found.sort(key=lambda of_panel: -len(of_panel[1]))
    named: dict[str, Any] = {}
    for of_panel in found:
        for handle, label in zip(*of_panel, strict=True):
            named.setdefault(label, handle)
    labels, handles = list(named), list(named.values())
    letters = max((len(_MARKUP.sub("", label)) for label in labels), default=0)
    columns = int(figure.get_size_inches()[0] / (_SAMPLE + _LETTER * letters))
    figure.legend(
        handles, labels, loc="outside upper center", ncols=max(1, min(columns, len(labels))),
        columnspacing=1.2, handletextpad=0.5,
    )  # fmt: skip


def legend_above(ax: Axes, columns: int) -> None:
    """A legend above the axes, where no data can lie below it."""
    ax.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=columns, columnspacing=1.2,
        handletextpad=0.5,
    )  # fmt: skip


def system_axis(ax: Axes, systems: Sequence[str]) -> None:
    """Systems along the horizontal axis: slanted or only some where their names would meet."""
    every = math.ceil(len(systems) / _NAMES)
    ax.set_xticks(range(0, len(systems), every), [formula(name) for name in systems[::every]])
    if max(map(len, systems)) * len(systems) > _LETTERS:
        ax.tick_params(axis="x", labelrotation=40)


def formula(system: str) -> str:
    """A system's name as it is written in a figure: charges as superscripts."""
    stem = system.rstrip("0123456789+-")
    charge = system[len(stem) :]
    if charge and charge[-1] in "+-":
        return rf"{stem}$^{{{charge}}}$"
    return system
