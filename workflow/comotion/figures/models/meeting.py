"""Where two electrons meet: how the co-motion plan fails there, and what replaces it."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from comotion.density.radial import Array

Arrays = Mapping[str, Array]

_THREE = {"exponential": (r"$3e^{-r}/8\pi$", "C0"), "lithium": ("Li, Slater's rules", "C1")}
_FOUR = {"beryllium": ("Be, Slater's rules", "C2")}


def meeting_electrons(arrays: Arrays) -> Figure:
    """The least omega^2 against q, the gains of other plans against Q, and the best plan of Li."""
    figure, (square_ax, gain_ax, plan_ax) = plt.subplots(1, 3, figsize=(9.6, 3.0))
    for name, (title, color) in (_THREE | _FOUR).items():
        # Positive values, where the configuration is a minimum, have no place in a logarithm.
        fallen = -np.where(
            arrays[f"{name}_least_square"] < 0, arrays[f"{name}_least_square"], np.nan
        )
        square_ax.plot(arrays[f"{name}_q"], fallen, ".", color=color, label=title)
    for name, (_, color) in _THREE.items():
        square_ax.plot(
            arrays[f"{name}_q"], -arrays[f"{name}_leading_square"], color=color, linewidth=0.7
        )
    square_ax.set(xscale="log", yscale="log", xlabel="$q$ (electrons)")
    square_ax.set_ylabel(r"$-\omega^2$, least (hartree bohr$^{-2}$)")
    square_ax.legend(fontsize=7)
    for name, (_, color) in _THREE.items():
        _gains(gain_ax, arrays, name, color)
    gain_ax.set(xscale="log", yscale="log", xlabel="$Q$ (electrons)", ylim=(1e-18, 1e-3))
    gain_ax.set_ylabel("gain over co-motion (hartree)")
    gain_ax.legend(fontsize=7)
    _plan(plan_ax, arrays)
    return figure


def _gains(ax: Axes, arrays: Arrays, name: str, color: str) -> None:
    """Gains of the outer electron backwards and of the best plan of the cells."""
    first = name == next(iter(_THREE))
    gain = arrays[f"{name}_backwards"]
    ax.plot(
        arrays[f"{name}_region"], np.where(gain > 0, gain, np.nan), ".", color=color,
        label="outer electron backwards" if first else None,
    )  # fmt: skip
    ax.plot(
        arrays[f"{name}_programme_region"], arrays[f"{name}_programme"], "s", color=color,
        markersize=4, fillstyle="none", label="linear programme" if first else None,
    )  # fmt: skip
    ax.plot(
        arrays[f"{name}_region"], arrays[f"{name}_leading_gain"], color=color, linewidth=0.7,
        label=r"leading order, $Q^{8/3}$" if first else None,
    )  # fmt: skip


def _plan(ax: Axes, arrays: Arrays) -> None:
    """The best plan of lithium in the cells, beside the co-motion plan."""
    q, weight = arrays["lithium_plan_q"], arrays["lithium_plan_weight"]
    # A cell of q holds a charge that grows with q: the area is the share of it.
    held = {x: float(np.sum(weight[q == x])) for x in np.unique(q)}
    share = weight / np.array([held[x] for x in q])
    for about in arrays["lithium_plan_about"].T:
        ax.scatter(q, about, s=22 * share, color="#1b2a49", linewidths=0)
    last = float(np.max(np.abs(arrays["lithium_plan_about"])))
    line = last * np.linspace(0, 1, 101) ** 3
    for sign in (1, -1):
        ax.plot(line, sign * line, color="0.6", linewidth=0.8, zorder=0)
    for set_scale in (ax.set_xscale, ax.set_yscale):
        set_scale("function", functions=(np.cbrt, lambda value: value**3))
    ax.set_xticks([1e-3, 1e-2, 1e-1], ["$10^{-3}$", "$10^{-2}$", "$10^{-1}$"])
    ax.set_yticks(
        [-0.1, -0.01, -0.001, 0, 0.001, 0.01, 0.1],
        ["$-10^{-1}$", "$-10^{-2}$", "$-10^{-3}$", "0", "$10^{-3}$", "$10^{-2}$", "$10^{-1}$"],
    )
    ax.set(
        xlabel="$q$ (electrons)",
        ylabel="$N(r)-2$ of the outer two",
        title="Li, plan by linear programme",
    )
