"""Figures of adiabatic connections: correlation energies from the ends, and the ends by a model."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from comotion.figures.canvas import explain_empty, legend_above, system_axis
from comotion.tables.adiabatic_connections import INTERPOLATED

_MARKERS = "osv^D"


def correlation(table: pd.DataFrame) -> Figure:
    """Correlation energies of interpolations relative to the exact ones.

    Args:
        table: Rows of connection.csv.

    Returns:
        The figure: left with the ends of the density, right with the strong end by a model.
    """
    figure, axes = plt.subplots(1, 2, figsize=(7.4, 3.6), sharey=True)
    for ax, suffix, title in zip(
        axes, ("", "_pc"), ("ends of the density", "strong end by the PC model"), strict=True
    ):
        known = [f"e_c_{name}{suffix}" for name in INTERPOLATED]
        rows = table.dropna(subset=["e_c"]).dropna(subset=known, how="all").reset_index(drop=True)
        ax.set_xlabel(title)
        if not len(rows):
            explain_empty(ax, "no atom whose second order is known")
            continue
        _deviations(ax, rows, suffix)
        ax.axhline(0, color="0.6", linewidth=0.7)
        system_axis(ax, list(rows["system"]))
        legend_above(ax, 3)
    axes[0].set_ylabel(r"$(E_c - E_c^{\mathrm{exact}})\,/\,|E_c^{\mathrm{exact}}|$")
    return figure


def _deviations(ax: Axes, rows: pd.DataFrame, suffix: str) -> None:
    """Relative deviations of every interpolation, with their error bars."""
    x = np.arange(len(rows))
    size = rows["e_c"].abs()
    for k, (name, title) in enumerate(INTERPOLATED.items()):
        found = rows[f"e_c_{name}{suffix}"]
        bars = np.hypot(rows[f"e_c_{name}{suffix}_error"], rows["e_c_error"]) / size
        shift = 0.12 * (k - (len(INTERPOLATED) - 1) / 2)
        ax.errorbar(
            x + shift, (found - rows["e_c"]) / size, bars, marker=_MARKERS[k], linestyle="",
            fillstyle="none", label=title,
        )  # fmt: skip


def strong_end(table: pd.DataFrame) -> Figure:
    """The strong end by the point-charge-plus-continuum model over that of the density.

    Args:
        table: Rows of connection.csv.

    Returns:
        The figure: W_inf and W'_inf.
    """
    figure, axes = plt.subplots(1, 2, figsize=(7.4, 3.2))
    for ax, model, own, title in (
        (axes[0], "w_pc", "w_inf_middle", r"$W_\infty$"),
        (axes[1], "w_pc_prime", "w_inf_prime", r"$W'_\infty$"),
    ):
        rows = table.dropna(subset=[model, own]).reset_index(drop=True)
        ax.set_ylabel(f"{title}, model over transport")
        if not len(rows):
            explain_empty(ax, "no atom whose strong end is known")
            continue
        ratio = rows[model] / rows[own]
        bars = ratio * (rows[f"{own}_error"] / rows[own]).abs()
        ax.errorbar(
            np.arange(len(rows)), ratio, bars, marker="o", linestyle="", fillstyle="none",
            color="k",
        )  # fmt: skip
        ax.axhline(1, color="0.6", linewidth=0.7)
        system_axis(ax, list(rows["system"]))
    return figure
