"""From the mean field to the transport plan as hbar falls."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from comotion.density.radial import Array

Arrays = Mapping[str, Array]


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
    for ax, (density, title) in zip(axes, panels, strict=True):
        _square(ax, density, title)
    axes[0].set_ylabel("$y$")
    potential_ax, slope_ax = bottom.subplots(1, 2)
    for hbar, potential, shade in zip(
        arrays["hbar"], arrays["potential"], np.linspace(0.8, 0, len(arrays["hbar"])), strict=True
    ):
        if hbar <= 1:
            potential_ax.plot(arrays["x"], potential, color=str(shade), label=rf"$\hbar={hbar:g}$")
    potential_ax.set(xlabel="$x$", ylabel=r"Lieb potential $v$")
    potential_ax.legend(fontsize=7, ncols=2)
    slope_ax.plot(arrays["hbar"], arrays["slope"], "o-")
    zero_point = float(arrays["zero_point"])
    slope_ax.axhline(zero_point, color="0.5", linewidth=0.8)
    slope_ax.annotate("zero-point slope", (1, zero_point), (0, -3), textcoords="offset points",
                      va="top", fontsize=8)  # fmt: skip
    slope_ax.set_ylim(0.7 * zero_point, None)
    slope_ax.set(xscale="log", yscale="log", xlabel=r"$\hbar$", ylabel=r"$(F_\hbar - V)/\hbar$")
    return figure


def three_particles(arrays: Arrays) -> Figure:
    """Pair densities of three particles with the co-motion functions on top."""
    shown = arrays["shown_hbar"]
    figure, axes = plt.subplots(
        1, len(shown), figsize=(1.9 * len(shown) + 0.4, 2.3), sharey=True, squeeze=False
    )
    x, maps = arrays["map_x"], arrays["maps"]
    for ax, density, hbar in zip(axes[0], arrays["pair_density"], shown, strict=True):
        _square(ax, density, rf"$\hbar={hbar:g}$")
        for k in (1, 2):
            ax.plot(x, maps[:, k], ".", color="tab:red", markersize=0.8)
    axes[0, 0].set_ylabel("$y$")
    return figure


def radial_semiclassical(arrays: Arrays) -> Figure:
    """Distribution of the angle between two electrons, and its mean against hbar."""
    figure, (angle_ax, mean_ax) = plt.subplots(1, 2, figsize=(6.4, 2.7))
    hbars = arrays["hbar"]
    shades = np.linspace(0.75, 0.0, len(hbars))
    for hbar, density, shade in zip(hbars, arrays["angle_density"], shades, strict=True):
        angle_ax.plot(arrays["cosine"], density, color=str(shade), label=rf"$\hbar={hbar:g}$")
    angle_ax.set(xlabel=r"$\cos\theta_{12}$", ylabel="density of the cosine", yscale="log")
    angle_ax.set_ylim(1e-5, None)
    angle_ax.legend(fontsize=7)
    mean_ax.plot(hbars, arrays["mean_cosine"], "o-")
    mean_ax.axhline(-1, color="0.5", linewidth=0.8)
    mean_ax.annotate("transport: opposite sides", (hbars[0], -1), (hbars[0], -0.97), ha="right",
                     fontsize=8)  # fmt: skip
    mean_ax.set(xscale="log", xlabel=r"$\hbar$", ylabel=r"$\langle\cos\theta_{12}\rangle$")
    return figure


def smoothing(arrays: Arrays) -> Figure:
    """The bounds above F_hbar, F_hbar, and the smoothed plan at one hbar."""
    figure, (bound_ax, plan_ax) = plt.subplots(1, 2, figsize=(6.4, 2.8), width_ratios=[1.3, 1])
    hbar, exact = arrays["hbar"], arrays["functional"]
    for name, mark, title in (
        ("gaussian", "o-", "Gaussians"), ("reversible", "s--", "reversible walk")
    ):  # fmt: skip
        bound_ax.plot(hbar, arrays[name] / exact - 1, mark, markersize=3.5, label=title)
    bound_ax.set(xscale="log", yscale="log", xlabel=r"$\hbar$")
    bound_ax.set_ylabel(r"bound / $F_\hbar$ $-$ 1")
    bound_ax.legend()
    _square(plan_ax, arrays["plan"], rf"smoothed plan, $\hbar={float(arrays['shown_hbar']):g}$")
    plan_ax.set_ylabel("$y$")
    return figure


def _square(ax: Axes, density: Array, title: str) -> None:
    """A pair density on the unit square, darker where it is larger; the root, to see the tails."""
    ax.imshow(np.sqrt(density), origin="lower", extent=(0, 1, 0, 1), cmap="Greys", vmin=0)
    ax.set(title=title, xlabel="$x$", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
