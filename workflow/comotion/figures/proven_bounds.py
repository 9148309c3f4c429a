"""The figure of proven bounds: V_2, the pair bound, the bracket and what lies above V_SCE."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from comotion.density.radial import Array
from comotion.figures.canvas import explain_empty, legend_of_all, system_axis
from comotion.tables.rows import Row, number, rows_of, v_sce_bounds

#: Distances below are drawn there.
_FLOOR = 1e-8
#: Column, legend, marker and whether it is filled: what bounds V_SCE from below is.
_CURVES = (
    ("v_mean_field", r"mean field $(1-1/N)\,U$", "D", "none"),
    ("v_quantum", r"quantum $\langle V_{ee}\rangle$", "s", "none"),
    ("v_comotion", r"co-motion plan, $\geq V_{\mathrm{SCE}}$", "v", "none"),
    ("lower_proven", r"pair bound, $\leq V_{\mathrm{SCE}}$, proven", "^", "full"),
    ("v_2", r"$V_2\leq V_{\mathrm{SCE}}$", "o", "full"),
)


def pair_bound(table: pd.DataFrame) -> Figure:
    """Bounds of V_SCE as fractions of it, and how far they are from it.

    Args:
        table: Rows of energies.csv, one for each system, in the order of the axis; one electron
            repels nothing and is left out.

    Returns:
        The figure.
    """
    rows = rows_of(table[table["n_electrons"] > 1])
    figure, (whole, near) = plt.subplots(1, 2, figsize=(8.6, 4.3))
    x = np.arange(len(rows))
    sce = np.array([_v_sce(row) for row in rows])
    ends = np.array([[number(row, name) for name in ("lower", "upper")] for row in rows])
    ends = ends.reshape(-1, 2) / sce[:, None]
    half = np.diff(ends, axis=1)[:, 0] / 2
    whole.vlines(x, *ends.T, color="0.72", linewidth=6, zorder=0)
    near.plot(
        x, _at_least(half), "_", color="0.5", markersize=9, markeredgewidth=3, zorder=1,
        label="half width of the bracket",
    )  # fmt: skip
    for k, (name, label, marker, filled) in enumerate(_CURVES):
        values = np.array([number(row, name) for row in rows]) / sce
        distances = _at_least(np.abs(1 - values))
        # Without a bracket the best plan is what is compared with.
        distances[np.isnan(half) & (name == "v_comotion") & (values <= 1)] = np.nan
        for ax, y in ((whole, values), (near, distances)):
            ax.plot(x, y, marker, label=label, color=f"C{k}", markersize=6, fillstyle=filled)
    whole.axhline(1.0, color="0.6", linewidth=0.7, zorder=0)
    near.axhline(_FLOOR, color="0.6", linewidth=0.7, linestyle=":", zorder=0)
    near.set(yscale="log", ylim=(0.5 * _FLOOR, 10.0))
    whole.set_ylabel(r"fraction of $V_{\mathrm{SCE}}$")
    near.set_ylabel("distance from 1 (dotted: 1e-8 or less)")
    figure.supxlabel(
        r"$V_{\mathrm{SCE}}$: the middle of its bracket; its upper bound where there is none",
        fontsize=9,
    )
    if not rows:
        explain_empty(whole)
        return figure
    for ax in (whole, near):
        system_axis(ax, [str(row["system"]) for row in rows])
    legend_of_all(figure, [whole, near])
    return figure


def _v_sce(row: Row) -> float:
    """The middle of the bracket, or the upper bound without one."""
    ends = number(row, "lower"), number(row, "upper")
    return sum(ends) / 2 if np.isfinite(ends).all() else v_sce_bounds(row)[1]


def _at_least(distance: Array) -> Array:
    """Distances that a logarithmic axis can show; what is missing stays so."""
    return np.maximum(distance, _FLOOR)
