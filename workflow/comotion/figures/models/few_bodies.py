"""Plans of a few particles: on a line, in space, and where they are no maps."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from comotion.density.radial import Array
from comotion.figures.canvas import legend_of_all

Arrays = Mapping[str, Array]

_LINE_NAMES = {"uniform": "uniform", "gaussian": "Gaussian"}
_RADIAL_NAMES = {
    "exponential": r"$e^{-r}/8\pi$",
    "hydrogenic": r"$e^{-2r}/\pi$",
    "gaussian": "Gaussian",
}
_DASHES = ("-", "--", ":")


def line(arrays: Arrays) -> Figure:
    """Co-motion functions of two and three particles, and the potentials behind the proof."""
    figure, grid = plt.subplots(2, 3, figsize=(6.6, 4.4))
    for row, (name, title) in enumerate(_LINE_NAMES.items()):
        x = arrays[f"{name}_x"]
        for column, n in enumerate((2, 3)):
            ax = grid[row, column]
            for k in range(1, n):
                values = _broken(arrays[f"{name}_maps_{n}"][:, k])
                ax.plot(x, values, _DASHES[k - 1], color=f"C{k + 1}", label=f"$k={k}$")
            ax.plot(x, x, color="0.8", linewidth=0.7, zorder=0)
            inner = (x[0], x[-1]) if name == "uniform" else (-2.6, 2.6)
            ax.set(xlim=inner, ylim=inner, aspect="equal", title=f"{title}, $N={n}$")
            ax.set_ylabel("$f_k(x)$ (bohr)")
            # The potential over the same window: infinite tails dwarf what happens inside.
            seen = (x >= inner[0]) & (x <= inner[1])
            values = arrays[f"{name}_potential_{n}"][seen]
            grid[row, 2].plot(x[seen], values, _DASHES[column], label=f"$N={n}$")
        grid[row, 2].set(title=f"{title}, potential", ylabel="$v(x)$ (hartree)")
        grid[row, 2].legend()
    for ax in grid[1]:
        ax.set_xlabel("$x$ (bohr)")
    legend_of_all(figure, list(grid[0, :2]))
    return figure


def _broken(values: Array) -> Array:
    """Values with a gap where a map jumps from the far end to the near one."""
    jumps = np.diff(values, prepend=values[0]) < -0.5 * np.ptp(values[np.isfinite(values)])
    return np.where(jumps, np.nan, values)


def antipodal(arrays: Arrays) -> Figure:
    """The partner's radius, the potential, and the slack of u(r) + u(s) <= 1/(r + s) + u(0)."""
    figure, (map_ax, potential_ax, slack_ax) = plt.subplots(1, 3, figsize=(7.4, 2.5))
    for (name, title), dash in zip(_RADIAL_NAMES.items(), _DASHES, strict=True):
        r = arrays[f"{name}_radii"]
        map_ax.plot(r, arrays[f"{name}_partners"], dash, label=title)
        potential_ax.plot(r, arrays[f"{name}_potential"], dash, label=title)
    map_ax.set(xlim=(0, 8), ylim=(0, 8), aspect="equal")
    map_ax.set(xlabel="$r$ (bohr)", ylabel="$t(r) = |T(x)|$ (bohr)")
    map_ax.legend()
    potential_ax.set(xlim=(0, 8), ylim=(0, None), xlabel="$r$ (bohr)", ylabel="$u(r)$ (hartree)")
    r, slack = arrays["exponential_radii"], arrays["exponential_slack"]
    seen = r <= 8
    shades = slack_ax.contourf(
        r[seen], r[seen], np.log10(np.maximum(slack[np.ix_(seen, seen)], 1e-6)),
        levels=np.arange(-6, 3), cmap="Greys_r",
    )  # fmt: skip
    slack_ax.plot(r, arrays["exponential_partners"], color="tab:red", linewidth=0.8)
    slack_ax.set(xlim=(0, 8), ylim=(0, 8), aspect="equal")
    slack_ax.set(xlabel="$r$ (bohr)", ylabel="$s$ (bohr)", title=r"slack of $e^{-r}/8\pi$")
    bar = figure.colorbar(shades, ax=slack_ax, ticks=[-6, -4, -2, 0, 2])
    bar.set_label(r"$\log_{10}$ slack (hartree)")
    return figure


def plans_not_maps(arrays: Arrays) -> Figure:
    """Two optimal plans of the repulsive harmonic cost, in the plane x_1 + x_2 + x_3 = 3/2."""
    figure, axes = plt.subplots(1, 2, figsize=(6.0, 3.0), sharey=True)
    low, high = arrays["places"].T
    third = arrays["third"]
    # All orders of the three places: a plan is symmetric.
    for ax, (name, title) in zip(
        axes, {"vertex": "a plan on few points", "widest": "the widest plan"}.items(), strict=True
    ):
        weights = arrays[name]
        used = weights > 1e-12
        size = 60 * weights[used] / weights.max()
        for a, b in ((low, high), (high, low), (low, third), (third, low), (high, third),
                     (third, high)):  # fmt: skip
            ax.scatter(a[used], b[used], s=size, color="#1b2a49", linewidths=0)
        ax.plot([0, 0.5], [0.5, 0], color="0.7", linewidth=0.7)
        ax.plot([0.5, 1], [1, 0.5], color="0.7", linewidth=0.7)
        ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="$x_1$", title=title)
    axes[0].set_ylabel("$x_2$")
    return figure
