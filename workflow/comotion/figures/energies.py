"""Figures of the table of energies: system by system, and the hierarchy."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from comotion.figures import canvas
from comotion.figures.canvas import (
    explain_empty,
    formula,
    legend_above,
    legend_of_all,
    system_axis,
)
from comotion.tables.quantities import orders

_BRACKET = r"bracket of $V_{\mathrm{SCE}}$"
_QUANTUM = r"$\langle V_{ee}\rangle$"
#: Curves of the energy figure: column, legend, line, marker, its size and how it is filled. The
#: marker of Hartree-Fock is open and larger: it often lies where the quantum one does.
_CURVES = (
    ("v_mean_field_per_pair", r"mean field $(1-1/N)\,U$", ":", "^", 5, "full"),
    ("v_hf_per_pair", r"Hartree-Fock $\langle V_{ee}\rangle$", "--", "s", 8, "none"),
    ("v_quantum_per_pair", r"quantum $\langle V_{ee}\rangle$", "-", "o", 5, "full"),
    ("v_comotion_per_pair", r"co-motion plan, $\geq V_{\mathrm{SCE}}$", "-", "v", 5, "full"),
    ("v_best_pattern_per_pair", r"best pattern, $\geq V_{\mathrm{SCE}}$", ":", "D", 8, "none"),
)


def energies(table: pd.DataFrame) -> Figure:
    """Interaction energy per electron pair, and the bracket of V_SCE, system by system.

    Args:
        table: Rows of energies.csv, one for each system, in the order of the axis.

    Returns:
        The figure.
    """
    figure, ax = plt.subplots(figsize=(6.4, 4.2))
    x = np.arange(len(table))
    atoms = table["v_quantum"].notna().to_numpy()
    pairs = table["n_electrons"] * (table["n_electrons"] - 1) / 2
    table = table.assign(
        v_best_pattern_per_pair=(table["v_best_pattern"].astype(float) / pairs).where(pairs > 0)
    )
    # Bounds of W_inf = V_SCE - U are there for every row, with the error of U on the safe side.
    lower, upper = (
        ((table[name] + table["hartree"]).astype(float) / pairs).where(pairs > 0).to_numpy()
        for name in ("w_inf_lower", "w_inf_upper")
    )
    ax.vlines(x, lower, upper, color="0.72", linewidth=6, zorder=0, label=_BRACKET)
    for column, label, line, marker, size, filled in _CURVES:
        y = table[column].to_numpy(dtype=float)
        look: dict[str, Any] = {"marker": marker, "markersize": size, "fillstyle": filled}
        (curve,) = ax.plot(x[atoms], y[atoms], line, label=label, **look)
        # Models are not a sequence: markers without a line.
        ax.plot(x[~atoms], y[~atoms], linestyle="", color=curve.get_color(), **look)
    system_axis(ax, table["system"].tolist())
    ax.set_ylabel("interaction energy per electron pair (hartree)")
    ax.set_ylim(0, None)
    if (table["n_electrons"] < 2).all():
        explain_empty(ax)
    legend_above(ax, 3)
    return figure


def hierarchy(table: pd.DataFrame, *, panels: int | None = None) -> Figure:
    """V_2 and the co-motion upper bounds of V_k per pair against k, <V_ee> and the mean field.

    Args:
        table: Rows of energies.csv, one for each system; one electron repels nothing and has no
            panel.
        panels: Most panels: those of the first systems; by default all.

    Returns:
        The figure.
    """
    k = np.array(orders([str(name) for name in table], "v_comotion"), dtype=int)
    columns = [f"v_comotion_{order}" for order in k]
    rows = [row for _, row in table[table["n_electrons"] > 1].iterrows()][:panels]
    figure, axes = canvas.panels(
        [formula(row["system"]) for row in rows],
        "$k$, electrons in the representing system",
        "energy per electron pair (hartree)",
    )
    for ax, row in zip(axes, rows, strict=True):
        pairs = row["n_electrons"] * (row["n_electrons"] - 1) / 2
        values = row[columns].to_numpy(dtype=float) / pairs
        ax.plot(2, row["v_2"] / pairs, "o", markersize=4, color="k", label="$V_2$")
        ax.plot(k, values, marker="v", markersize=4, label=r"co-motion, $\geq V_k$")
        ax.axhline(row["v_mean_field"] / pairs, linestyle=":", color="k", label="mean field")
        if pd.notna(row["v_quantum"]):
            ax.axhline(row["v_quantum"] / pairs, linestyle="--", color="0.5", label=_QUANTUM)
        # Each panel ends where its own values do.
        last = max(k[np.isfinite(values)], default=2)
        ax.set(ylim=(0, 1.12 * row["v_mean_field"] / pairs), xlim=(1.5, last + 0.5))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    legend_of_all(figure, axes)
    return figure
