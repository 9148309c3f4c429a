"""From few particles to infinitely many."""

from collections.abc import Mapping

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from comotion.density.radial import Array
from comotion.figures.canvas import legend_of_all


def infinite(arrays: Mapping[str, Array]) -> Figure:
    """Both sides of the identity against the weight, and against the mixing at equal density."""
    figure, (weight_ax, mixing_ax) = plt.subplots(1, 2, figsize=(6.4, 2.7), sharey=True)
    weight_ax.plot(arrays["weights"], arrays["cost"], label="cost of the mixture")
    weight_ax.plot(arrays["weights"], arrays["mean_field"], "--", label="mean field")
    weight_ax.plot(
        arrays["weights"][::2], arrays["sum"][::2], "o", markersize=4, fillstyle="none",
        label="mean field + variance",
    )  # fmt: skip
    weight_ax.set(xlabel="weight of the first Gaussian", ylabel="energy per pair (hartree)")
    legend_of_all(figure, [weight_ax])
    mixing_ax.plot(arrays["mixing"], arrays["mixed_cost"])
    mixing_ax.plot(
        arrays["mixing"][::2], arrays["mixed_sum"][::2], "o", markersize=4, fillstyle="none",
        color="C2",
    )  # fmt: skip
    mixing_ax.axvline(0, color="0.8", linewidth=0.7, zorder=0)
    least = float(arrays["mixed_cost"].min())
    # Below the curve, which has its minimum there.
    mixing_ax.annotate(
        "product measure", (0, least), (0, -8), textcoords="offset points", fontsize=8, ha="center",
        va="top", bbox={"facecolor": "w", "edgecolor": "none", "pad": 1},
    )  # fmt: skip
    mixing_ax.set(xlabel=r"mixing $\theta$ at the same density")
    mixing_ax.set_ylim(0.475, None)
    return figure


def mean_field_limit(arrays: Mapping[str, Array]) -> Figure:
    """Cost per pair over the mean field, against the number of particles."""
    figure, ax = plt.subplots(figsize=(4.6, 3.0))
    for name, mark, title in (
        ("line", "o-", r"line, uniform, $e^{-d}$"),
        ("sphere", "s--", "sphere, uniform, $1/d$"),
        ("atom", "^:", r"space, $e^{-r}/8\pi$, $1/d$ (co-motion)"),
    ):
        ax.plot(arrays[f"{name}_n"], arrays[name], mark, markersize=3.5, label=title)
    ax.axhline(1, color="0.5", linewidth=0.8)
    ax.set(xscale="log", xlabel="number of particles $N$", ylim=(0.45, 1.05))
    ax.set_ylabel("cost per pair / mean field")
    ax.legend(loc="lower right")
    return figure
