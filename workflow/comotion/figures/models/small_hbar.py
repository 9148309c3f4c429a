"""From the mean field to the transport plan as hbar falls."""

from collections.abc import Mapping
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from comotion.density.radial import Array

Arrays = Mapping[str, Array]

_HBAR = r"$\hbar$ (atomic units)"
_LINES = ("-", "--", "-.", ":", (0, (4, 1, 1, 1, 1, 1)))


def semiclassical(arrays: Arrays) -> Figure:
    """Pair densities with hbar falling, the plan that they tend to, and the slope of F_hbar."""
    shown = arrays["shown_hbar"]
    columns = len(shown) + 1
    figure = plt.figure(figsize=(1.45 * columns + 0.4, 4.3))
    halves: Any = figure.subfigures(2, 1, height_ratios=[1, 1.15])
    top, bottom = halves
    axes = top.subplots(1, columns, sharey=True)
    panels = [*zip(arrays["pair_density"], [rf"$\hbar={h:g}$" for h in shown], strict=True),
              (arrays["plan"], "transport plan")]  # fmt: skip
    # The plan has no thickness but that of the grid: its cells are darker than any density.
    largest = float(np.max(arrays["pair_density"]))
    for ax, (density, title) in zip(axes, panels, strict=True):
        image = _square(ax, density, title, largest)
    axes[0].set_ylabel("$y$ (bohr)")
    _bar(top, image, axes, extend="max", shrink=0.7)
    potential_ax, slope_ax = bottom.subplots(1, 2)
    lines = cycle(_LINES)
    for hbar, potential, shade in zip(
        arrays["hbar"], arrays["potential"], np.linspace(0.7, 0, len(arrays["hbar"])), strict=True
    ):
        if hbar <= 1:
            potential_ax.plot(
                arrays["x"], potential, color=str(shade), linestyle=next(lines),
                label=rf"$\hbar={hbar:g}$",
            )  # fmt: skip
    potential_ax.set(xlabel="$x$ (bohr)", ylabel=r"Lieb potential $v$ (hartree)")
    potential_ax.legend(fontsize=7, ncols=2)
    slope_ax.plot(arrays["hbar"], arrays["slope"], "o-")
    zero_point = float(arrays["zero_point"])
    slope_ax.axhline(zero_point, color="0.5", linewidth=0.8)
    slope_ax.annotate("zero-point slope", (1, zero_point), (0, -3), textcoords="offset points",
                      va="top", fontsize=8)  # fmt: skip
    slope_ax.set_ylim(0.7 * zero_point, None)
    slope_ax.set(xscale="log", yscale="log", xlabel=_HBAR)
    slope_ax.set_ylabel(r"$(F_\hbar - V)/\hbar$ (hartree)")
    return figure


def three_particles(arrays: Arrays) -> Figure:
    """Pair densities of three particles with the co-motion functions on top."""
    shown = arrays["shown_hbar"]
    figure, axes = plt.subplots(
        1, len(shown), figsize=(1.9 * len(shown) + 0.4, 2.3), sharey=True, squeeze=False
    )
    x, maps = arrays["map_x"], arrays["maps"]
    largest = float(np.max(arrays["pair_density"]))
    for ax, density, hbar in zip(axes[0], arrays["pair_density"], shown, strict=True):
        image = _square(ax, density, rf"$\hbar={hbar:g}$", largest)
        for k, color, mark, size, every in ((1, "C1", ".", 0.8, 1), (2, "C3", "s", 1.8, 12)):
            ax.plot(
                x, maps[:, k], mark, color=color, markersize=size, markevery=every,
                label=f"$f_{k}(x)$",
            )  # fmt: skip
    axes[0, 0].set_ylabel("$y$ (bohr)")
    figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside upper right", ncols=2, markerscale=3
    )
    _bar(figure, image, axes[0])
    return figure


def radial_semiclassical(arrays: Arrays) -> Figure:
    """Distribution of the angle between two electrons, and its mean against hbar."""
    figure, (angle_ax, mean_ax) = plt.subplots(1, 2, figsize=(6.4, 2.7))
    hbars = arrays["hbar"]
    shades = np.linspace(0.75, 0.0, len(hbars))
    for hbar, density, shade, dash in zip(
        hbars, arrays["angle_density"], shades, cycle(_LINES), strict=False
    ):
        angle_ax.plot(
            arrays["cosine"], density, color=str(shade), linestyle=dash, label=rf"$\hbar={hbar:g}$"
        )
    angle_ax.set(xlabel=r"$\cos\theta_{12}$", ylabel="density of the cosine", yscale="log")
    angle_ax.set_ylim(1e-5, None)
    angle_ax.legend(fontsize=7)
    mean_ax.plot(hbars, arrays["mean_cosine"], "o-")
    mean_ax.axhline(-1, color="0.5", linewidth=0.8)
    mean_ax.annotate("transport: opposite sides", (hbars[0], -1), (hbars[0], -0.97), ha="right",
                     fontsize=8)  # fmt: skip
    mean_ax.set(xscale="log", xlabel=_HBAR, ylabel=r"$\langle\cos\theta_{12}\rangle$")
    return figure


def smoothing(arrays: Arrays) -> Figure:
    """The bounds above F_hbar, F_hbar, and the smoothed plan at one hbar."""
    figure, (bound_ax, plan_ax) = plt.subplots(1, 2, figsize=(6.4, 2.8), width_ratios=[1.3, 1])
    hbar, exact = arrays["hbar"], arrays["functional"]
    for name, mark, title in (
        ("gaussian", "o-", "Gaussians"), ("reversible", "s--", "reversible walk")
    ):  # fmt: skip
        bound_ax.plot(hbar, arrays[name] / exact - 1, mark, markersize=3.5, label=title)
    bound_ax.set(xscale="log", yscale="log", xlabel=_HBAR)
    bound_ax.set_ylabel(r"bound / $F_\hbar$ $-$ 1")
    bound_ax.legend()
    plan = arrays["plan"]
    title = rf"smoothed plan, $\hbar={float(arrays['shown_hbar']):g}$"
    image = _square(plan_ax, plan, title, float(np.max(plan)))
    plan_ax.set_ylabel("$y$ (bohr)")
    _bar(figure, image, [plan_ax])
    return figure


def _square(ax: Axes, density: Array, title: str, largest: float) -> AxesImage:
    """A pair density on the unit square, darker where it is larger; by its root, to see tails."""
    norm = PowerNorm(0.5, vmin=0, vmax=largest)
    image = ax.imshow(density, origin="lower", extent=(0, 1, 0, 1), cmap="Greys", norm=norm)
    ax.set(title=title, xlabel="$x$ (bohr)", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    return image


def _bar(figure: Any, image: AxesImage, axes: Any, **options: Any) -> None:
    """A scale of shades beside panels that share it."""
    bar = figure.colorbar(image, ax=axes, label=r"pair density (bohr$^{-2}$)", **options)
    bar.ax.tick_params(labelsize=7)
