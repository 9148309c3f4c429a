"""Figures of brackets: the gaps, the dual potential, the plan's support, the slack."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from comotion.figures.canvas import formula, legend_above, legend_of_all, panels, system_axis
from comotion.transport.plan import Plan

#: What lies below is drawn there: fractions of an upper bound, and slack in hartree.
_FLOOR, _LEAST_SLACK = 1e-8, 1e-12


def bracket(table: pd.DataFrame) -> Figure:
    """Gap of each bracket, and how far above it the co-motion plan is, by its upper bound.

    Args:
        table: Rows of bracket.csv.

    Returns:
        The figure.
    """
    figure, ax = plt.subplots(figsize=(6.4, 4.2))
    x = np.arange(len(table))
    upper = table["upper"].to_numpy()
    excess = np.maximum(table["comotion_excess"].to_numpy() / upper, _FLOOR)
    gap = np.maximum(table["relative_gap"].to_numpy(), _FLOOR)
    # Points, for the length of a bar on a logarithmic axis depends on where the axis begins.
    ax.plot(x, gap, "o", markersize=7, fillstyle="none", label="gap of the bracket")
    ax.plot(x, excess, "v", label="co-motion plan above the upper bound")
    ax.axhline(_FLOOR, color="0.6", linewidth=0.7, linestyle=":", label="1e-8 or less")
    ax.set_yscale("log")
    ax.set_ylim(0.5 * _FLOOR, None)
    ax.set_ylabel("fraction of the upper bound")
    system_axis(ax, table["system"].tolist())
    legend_above(ax, 3)
    return figure


def dual_potential(brackets: Sequence[Mapping[str, Any]]) -> Figure:
    """Kantorovich potential of the lower bound less the co-motion potential.

    The two all but coincide where both are drawn.

    Args:
        brackets: Of each system its name, ``grid`` and ``dual_potential``, and the co-motion plan
            as ``plan``.

    Returns:
        The figure.
    """
    names = [formula(found["system"]) for found in brackets]
    label = r"$u_{\mathrm{lower\ bound}}-u_{\mathrm{co-motion}}$ (hartree)"
    figure, axes = panels(names, "$r$ (bohr)", label)
    for ax, found in zip(axes, brackets, strict=True):
        r = found["grid"]
        ax.plot(r, found["dual_potential"] - found["plan"].potential(r))
        ax.axhline(0, color="0.6", linewidth=0.7, linestyle=":", zorder=0)
        ax.set_xscale("log")
        ax.xaxis.set_minor_formatter(NullFormatter())
        # Powers of ten beside the axis take less room than five digits.
        ax.ticklabel_format(axis="y", style="sci", scilimits=(-2, 2))
        ax.yaxis.get_offset_text().set_fontsize(7)
    return figure


def support(plans: Sequence[Plan]) -> Figure:
    """Pairs of radii (r_1, r_2) of the upper bound's plan with the curves of the best pattern.

    Args:
        plans: Of each system the cheapest plan and that of the best pattern.

    Returns:
        The figure.
    """
    cheapest = plans[: len(plans) // 2]
    figure, axes = panels([formula(p.system) for p in cheapest], "$r_1$ (bohr)", "$r_2$ (bohr)")
    for ax, plan, pattern in zip(axes, cheapest, plans[len(plans) // 2 :], strict=True):
        curves = pattern.radii
        for i, j in combinations(range(curves.shape[1]), 2):
            label = "best pattern" if (i, j) == (0, 1) else None
            ax.plot(curves[:, i], curves[:, j], color="C1", linewidth=0.6, label=label)
            ax.plot(curves[:, j], curves[:, i], color="C1", linewidth=0.6)
        radii, weights = plan.support()
        # Many electrons have many pairs: smaller and fainter.
        crowd = min(1.0, 6.0 / radii.shape[1])
        shade = crowd * (0.15 + 0.85 * weights / weights.max())
        for i, j in combinations(range(radii.shape[1]), 2):
            for a, b in ((i, j), (j, i)):
                # Tens of thousands of dots would make megabytes of vectors.
                ax.scatter(
                    radii[:, a], radii[:, b], s=3 * crowd, c="k", alpha=shade, linewidths=0,
                    rasterized=True,
                )  # fmt: skip
        # The dots of the legend are as dark as the heaviest.
        ax.plot([], [], "k.", markersize=4, label="plan of the upper bound")
        outer = 1.2 * float(np.quantile(curves[:, -1], 0.6))
        ax.set(xlim=(0, outer), ylim=(0, outer), aspect="equal")
    legend_of_all(figure, axes)
    return figure


def slack(brackets: Sequence[Mapping[str, Any]]) -> Figure:
    """Slack of the co-motion plan along the plan; its mean is what it costs above the bound.

    Args:
        brackets: Of each system its name, the bound by duality as ``bound`` and the co-motion
            plan as ``plan``.

    Returns:
        The figure.
    """
    figure, axes = panels(
        [formula(found["system"]) for found in brackets],
        "$q$ (electrons)",
        r"$V-\sum u-\min$ (hartree)",
    )
    low, high = np.inf, 0.0
    for ax, found in zip(axes, brackets, strict=True):
        bound, plan = found["bound"], found["plan"]
        along = np.maximum(bound.slack_of(plan.positions), _LEAST_SLACK)
        active = max(float(np.max(bound.slack)), _LEAST_SLACK)
        ax.plot(plan.q, along, label="co-motion plan")
        ax.axhline(
            float(plan.weights @ along), color="0.3", linewidth=0.9, linestyle="--",
            label="its mean: cost less lower bound",
        )  # fmt: skip
        ax.axhline(
            active, color="0.6", linewidth=0.9, linestyle=":", label="tolerance of the lower bound"
        )
        low, high = min(low, active, along.min()), max(high, active, along.max())
        ax.set(xlim=(-0.04, 1.04), yscale="log")
        ax.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    for ax in axes:
        # One scale, in whole decades: between them labels would meet those of the next panel.
        ax.set_ylim(10.0 ** np.floor(np.log10(low)), 10.0 ** (np.floor(np.log10(high)) + 1))
        ax.yaxis.set_minor_formatter(NullFormatter())
    legend_of_all(figure, axes)
    return figure
