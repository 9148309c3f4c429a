"""Figures of brackets: the gaps, the dual potential, the plan's support, the slack."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from comotion.figures.canvas import formula, legend_above, legend_in_first, panels, system_axis
from comotion.transport.plan import Plan


def bracket(table: pd.DataFrame) -> Figure:
    """Brackets relative to the upper bound, with the co-motion plan above them.

    Args:
        table: Rows of bracket.csv.

    Returns:
        The figure.
    """
    figure, ax = plt.subplots(figsize=(6.4, 4.2))
    x = np.arange(len(table))
    upper = table["upper"].to_numpy()
    excess = np.maximum(table["comotion_excess"].to_numpy() / upper, 1e-8)
    gap = np.maximum(table["relative_gap"].to_numpy(), 1e-8)
    ax.bar(x, gap, width=0.5, color="0.75", edgecolor="k", label="gap of the bracket")
    ax.plot(x, excess, "v", label="co-motion plan above the upper bound (at least 1e-8)")
    ax.set_yscale("log")
    ax.set_ylim(0.7e-8, None)
    ax.set_ylabel("fraction of the upper bound")
    system_axis(ax, table["system"].tolist())
    legend_above(ax, 2)
    return figure


def dual_potential(brackets: Sequence[Mapping[str, Any]]) -> Figure:
    """Kantorovich potential of the lower bound beside the co-motion potential."""
    names = [formula(found["system"]) for found in brackets]
    figure, axes = panels(names, "$r$ (bohr)", "$u$ (hartree)")
    for ax, found in zip(axes, brackets, strict=True):
        ax.plot(found["grid"], found["dual_potential"], label="lower bound")
        ax.plot(found["grid"], found["force_potential"], "--", color="0.4", label="co-motion")
        ax.set_xscale("log")
        ax.xaxis.set_minor_formatter(NullFormatter())
    legend_in_first(axes)
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
            ax.plot(curves[:, i], curves[:, j], color="C1", linewidth=0.6)
            ax.plot(curves[:, j], curves[:, i], color="C1", linewidth=0.6)
        if plan.kind == "cells":
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
        outer = 1.2 * float(np.quantile(curves[:, -1], 0.6))
        ax.set(xlim=(0, outer), ylim=(0, outer), aspect="equal")
    return figure


def slack(brackets: Sequence[Mapping[str, Any]]) -> Figure:
    """Slack of the active configurations against their innermost radius."""
    figure, axes = panels(
        [formula(found["system"]) for found in brackets],
        "innermost radius (bohr)",
        r"$V-\sum u-\min$ (hartree)",
    )
    for ax, found in zip(axes, brackets, strict=True):
        radii = np.sqrt(np.sum(found["configurations"] ** 2, axis=1))
        shown = np.maximum(found["slack"], 1e-12)
        ax.plot(radii.min(axis=1), shown, "o", markersize=2.5)
        ax.set(xscale="log", yscale="log")
        # Whole decades: between them labels of the axis would meet those of the next panel.
        decades = np.log10([shown.min(), shown.max()])
        ax.set_ylim(10.0 ** np.floor(decades[0]), 10.0 ** (np.floor(decades[1]) + 1))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_minor_formatter(NullFormatter())
    return figure
