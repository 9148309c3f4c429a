"""Figure of the pair density of an atom beside the transport plan of the same density."""

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator

from comotion.density.radial import Array
from comotion.figures.canvas import formula
from comotion.transport.plan import Plan

#: The most that is told by a colour of its own, and colours by ratio: dark where there are no
#: pairs, white where there are as many as of independent electrons.
_MOST = 1.5
_COLOURS = LinearSegmentedColormap.from_list(
    "pairs",
    [
        (value / _MOST, colour)
        for value, colour in (
            (0.0, "#0d1526"), (0.5, "#4a6491"), (0.8, "#a9bad6"), (1.0, "#ffffff"),
            (1.2, "#e5b3a3"), (_MOST, "#b3432b"),
        )
    ],
)  # fmt: skip
#: Ratios at which lines are drawn, which tell the colours apart in grey; that at 1 is thick.
_LEVELS = (0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5)
#: Radii that are told beside their charges, bohr, and how far apart, in units of an axis.
_RADII = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)
_APART, _EDGE = 0.13, 0.04
#: Height of the bar of colours and of the gap above it, inches.
_BAR, _GAP = 0.24, 0.1
#: Titles of the columns.
_COLUMNS = ("pair density, all angles", "with the co-motion plan", "on a line through the nucleus")


def pair_density(found: Sequence[Mapping[str, Any]]) -> Figure:
    """Pair densities by charge, relative to independent electrons, with the plans on top.

    Args:
        found: Of each system what pair_density.h5 holds, its name and its number of electrons,
            and the co-motion plan as ``plan``.

    Returns:
        The figure, a row of three panels for each system.
    """
    height = 2.5 * len(found) + 0.55
    figure, grid = plt.subplots(
        len(found), 3, figsize=(7.4, height), squeeze=False, layout="compressed"
    )
    for row, one in zip(grid, found, strict=True):
        image = _draw_system(row, one)
    for ax, title in zip(grid[0], _COLUMNS, strict=True):
        ax.set_title(title)
        ax.child_axes[0].set_xlabel("$r_1$ (bohr)", fontsize=8)
    for ax in grid[-1]:
        ax.set_xlabel("$N(r_1)$ (electrons)")
    bar = figure.colorbar(
        image, ax=grid, location="bottom", extend="max", fraction=_BAR / height,
        pad=_GAP / height, aspect=40, shrink=0.7,
        label="pairs, relative to independent electrons", ticks=[0.0, *_LEVELS],
    )  # fmt: skip
    bar.ax.xaxis.set_major_formatter("{x:g}")
    for level in _LEVELS:
        bar.ax.axvline(level, **_look(level))
    return figure


def _draw_system(row: Sequence[Axes], one: Mapping[str, Any]) -> AxesImage:
    """The three panels of a system; the image in the last."""
    n, charges = int(one["n_electrons"]), np.asarray(one["charges"])
    radial, opposite, together = (
        relative_to_independent(one, name) for name in ("radial", "opposite", "together")
    )
    # Rows of an image run along the vertical axis.
    above = np.greater.outer(charges, charges)
    split = np.where(above, opposite, together)
    for ax, values in zip(row, (radial, radial, split), strict=True):
        image = _image(ax, values, n)
        _radius_axis(ax, charges, np.asarray(one["radii"]), n)
    _lines(row[0], charges, radial)
    _draw_plan(row[1], one["plan"])
    _lines(row[2], charges, np.where(above, opposite, np.nan))
    _lines(row[2], charges, np.where(above.T, together, np.nan))
    row[2].plot([0, n], [0, n], color="k", linewidth=0.8)
    box = {"facecolor": "w", "alpha": 0.7, "linewidth": 0, "pad": 1.5}
    for x, y, what, side, edge in (
        (0.04, 0.96, "opposite sides", "left", "top"), (0.96, 0.04, "same side", "right", "bottom"),
    ):  # fmt: skip
        row[2].text(x, y, what, transform=row[2].transAxes, fontsize=7, ha=side, va=edge, bbox=box)
    row[0].set_ylabel(f"{formula(one['system'])}:  $N(r_2)$")
    return image


def relative_to_independent(found: Mapping[str, Any], name: str) -> Array:
    """A pair density over that of independent electrons with the same density.

    Those have (N - 1) / N rho rho, whatever the angle.

    Args:
        found: What pair_density.h5 holds, and the number of electrons.
        name: ``radial``, or ``opposite`` or ``together``, which are densities of the cosine, too.

    Returns:
        The ratio at all pairs of radii, shape (m, m).
    """
    n, r = found["n_electrons"], np.asarray(found["radii"])
    shell = 4 * np.pi * r**2 * found["rho"]
    independent = (n - 1) / n * np.multiply.outer(shell, shell)
    return np.asarray(found[name] / (independent * (1.0 if name == "radial" else 0.5)))


def _image(ax: Axes, values: Array, n: int) -> AxesImage:
    """The ratio as an image over both charges."""
    image = ax.imshow(
        values, origin="lower", extent=(0, n, 0, n), cmap=_COLOURS, vmin=0, vmax=_MOST,
    )  # fmt: skip
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5, integer=True))
    return image


def _look(level: float) -> dict[str, Any]:
    """Colour and width of the line at a ratio."""
    return {"color": "0.2", "linewidth": 1.0 if level == 1 else 0.4}


def _lines(ax: Axes, charges: Array, values: Array) -> None:
    """Lines of equal ratio."""
    looks = [_look(level) for level in _LEVELS]
    ax.contour(
        charges, charges, values, levels=_LEVELS, colors=[look["color"] for look in looks],
        linewidths=[look["linewidth"] for look in looks],
    )  # fmt: skip


def _draw_plan(ax: Axes, plan: Plan) -> None:
    """Where the plan has pairs of electrons: a segment in each square of two shells."""
    charges = plan.density.cumulant(plan.radii)
    for edge in range(1, plan.n_electrons):
        ax.axvline(edge, color="0.55", linewidth=0.3)
        ax.axhline(edge, color="0.55", linewidth=0.3)
    for i, j in permutations(range(plan.n_electrons), 2):
        ax.plot(charges[:, i], charges[:, j], color="k", linewidth=1.2)


def _radius_axis(ax: Axes, charges: Array, radii: Array, n: int) -> None:
    """Radii above the axis of charges, where they are far enough apart."""
    top = ax.secondary_xaxis("top")
    at: list[float] = []
    told: list[str] = []
    for radius in _RADII:
        charge = float(np.interp(radius, radii, charges))
        last = at[-1] if at else -n
        if charge - last > _APART * n and _EDGE * n < charge < (1 - _EDGE) * n:
            at.append(charge)
            told.append(f"{radius:g}")
    top.set_xticks(at, told)
