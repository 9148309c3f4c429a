"""Figures of adiabatic connections: curves, correlation energies from the ends, ends by a model."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from comotion.connection.ingredients import Ingredients
from comotion.connection.interpolations import INTERPOLATIONS, WITHOUT_ZERO_POINT
from comotion.figures.canvas import (
    explain_empty,
    formula,
    legend_above,
    legend_of_all,
    system_axis,
)
from comotion.tables.adiabatic_connections import INTERPOLATED

_MARKERS = "osv^D"
_LINES = ("-", "--", "-.", ":", (0, (4, 1, 1, 1, 1, 1)))
#: Points of the strong expansion, and most systems whose curves are drawn.
_POINTS, _SYSTEMS = 200, 2


def correlation(table: pd.DataFrame) -> Figure:
    """Correlation energies of interpolations relative to the exact ones.

    Args:
        table: Rows of connection.csv; those whose exact energy is not known are left out.

    Returns:
        The figure: left with the ends of the density, right with the strong end by a model.
    """
    figure, axes = plt.subplots(1, 2, figsize=(7.4, 3.6), sharey=True)
    for ax, suffix, title in zip(
        axes, ("", "_pc"), ("ends of the density", "strong end by the PC model"), strict=True
    ):
        known = [f"e_c_{name}{suffix}" for name in INTERPOLATED]
        rows = table[table["energy_is_exact"].eq(True)].dropna(subset=["e_c"])
        rows = rows.dropna(subset=known, how="all").reset_index(drop=True)
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


def curves(records: Sequence[Mapping[str, Any]]) -> Figure:
    """W_lambda of two electrons, and how far interpolations are from it.

    Args:
        records: connection_curve.json and connection.json of each system, in any order; the first
            two systems are drawn.

    Returns:
        The figure: two panels for each system, from no coupling to infinite coupling.
    """
    computed = [one for one in records if "couplings" in one][:_SYSTEMS]
    ends = {(one["system"], one["level"]): one for one in records if "couplings" not in one}
    columns = 2 * len(computed)
    figure, axes = plt.subplots(1, columns, figsize=(2.4 * columns, 2.9), squeeze=False)
    for left, right, one in zip(axes[0, ::2], axes[0, 1::2], computed, strict=True):
        found = ends[one["system"], one["level"]]
        _curve(left, one, found)
        _interpolations(right, one, found)
        for ax, label in (
            (left, r"$W_\lambda$ (hartree)"),
            (right, r"$\Delta W_\lambda$ (hartree)"),
        ):
            ax.set(title=formula(str(one["system"])), xlim=(0, 1), ylabel=label)
            ax.set_xlabel(r"coupling $\lambda\,/\,(1+\lambda)$")
    legend_of_all(figure, list(axes[0, :2]))
    return figure


def _curve(ax: Axes, one: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """W_lambda where it is computed, and the expansion for strong coupling with its limit."""
    at = np.array(one["couplings"])
    ax.plot(at / (1 + at), one["w"], "o-", color="k", markersize=3, label="computed")
    w_inf = found["w_inf_middle"]
    ax.axhline(w_inf, color="0.5", linewidth=0.7, linestyle=":")
    if found["w_inf_prime"] is not None:
        x = np.linspace(0.5, 1, _POINTS)
        far = w_inf + found["w_inf_prime"] * np.sqrt((1 - x) / x)
        ax.plot(x, far, color="0.5", linestyle="--", label="strong coupling")
    ax.set_ylim(w_inf - 0.05 * abs(w_inf), found["w_0"] + 0.05 * abs(w_inf))


def _interpolations(ax: Axes, one: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """What interpolations have above the computed W_lambda, where their ingredients are known."""
    names = ("w_0", "w_0_prime", "w_inf_middle", "w_inf_prime")
    ends = Ingredients(*(found[name] for name in names))
    at, w = np.array(one["couplings"]), np.array(one["w"])
    for k, (name, title) in enumerate(INTERPOLATED.items()):
        if ends.w_inf_prime is None and name not in WITHOUT_ZERO_POINT:
            continue
        curve = np.array([INTERPOLATIONS[name].curve(ends, float(coupling)) for coupling in at])
        ax.plot(at / (1 + at), curve - w, linestyle=_LINES[k], marker=_MARKERS[k], markersize=3,
                fillstyle="none", linewidth=1.0, label=title)  # fmt: skip
    ax.axhline(0, color="0.6", linewidth=0.7)
