"""Figures of the comparison table: energies atom by atom, and the hierarchy."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from comotion.figures.canvas import formula, panels

_QUANTUM = r"$\langle V_{ee}\rangle$"
#: Curves of the energy figure: column, legend, marker, line.
_CURVES = (
    ("v_mean_field_per_pair", r"mean field $(1-1/N)\,U$", "^", ":"),
    ("v_hf_per_pair", r"Hartree-Fock $\langle V_{ee}\rangle$", "s", "--"),
    ("v_quantum_per_pair", r"quantum $\langle V_{ee}\rangle$", "o", "-"),
    ("v_comotion_per_pair", r"optimal transport $V_{\mathrm{SCE}}$", "v", "-"),
)


def energies(table: pd.DataFrame) -> Figure:
    """Interaction energy per electron pair, system by system.

    Args:
        table: Rows of energies.csv, one for each system, in the order of the axis.

    Returns:
        The figure.
    """
    figure, ax = plt.subplots(figsize=(6.4, 4.2))
    x = np.arange(len(table))
    atoms = table["v_quantum"].notna().to_numpy()
    for column, label, marker, line in _CURVES:
        y = table[column].to_numpy(dtype=float)
        (curve,) = ax.plot(x[atoms], y[atoms], marker=marker, linestyle=line, label=label)
        # Models are not a sequence: markers without a line.
        ax.plot(x[~atoms], y[~atoms], marker=marker, linestyle="", color=curve.get_color())
    ax.set_xticks(x, [formula(system) for system in table["system"]])
    if np.any(~atoms):
        ax.tick_params(axis="x", labelrotation=40)
    ax.set_ylabel("interaction energy per electron pair (hartree)")
    ax.set_ylim(0, None)
    ax.legend(loc="upper left")
    return figure


def hierarchy(table: pd.DataFrame) -> Figure:
    """Values V_k per pair against k, below <V_ee> and the mean field that they tend to.

    Args:
        table: Rows of energies.csv, one for each panel.

    Returns:
        The figure.
    """
    columns = [name for name in map(str, table) if name.startswith("v_hierarchy_")]
    k = np.array([int(name.rsplit("_", 1)[1]) for name in columns])
    rows = [row for _, row in table.iterrows() if row["n_electrons"] > 1]
    figure, axes = panels(
        [formula(row["system"]) for row in rows],
        "$k$, electrons in the representing system",
        "energy per electron pair (hartree)",
    )
    for ax, row in zip(axes, rows, strict=True):
        pairs = row["n_electrons"] * (row["n_electrons"] - 1) / 2
        values = row[columns].to_numpy(dtype=float) / pairs
        ax.plot(k, values, marker="o", markersize=3.5, label="$V_k$")
        ax.axhline(row["v_mean_field"] / pairs, linestyle=":", color="k", label="mean field")
        if pd.notna(row["v_quantum"]):
            ax.axhline(row["v_quantum"] / pairs, linestyle="--", color="0.5", label=_QUANTUM)
        ax.set(ylim=(0, 1.12 * row["v_mean_field"] / pairs), xlim=(1.5, k.max() + 0.5))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[0].legend(loc="lower right", fontsize=7)
    return figure


def shown_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The last level of each system, in order."""
    return table.drop_duplicates("system", keep="last").reset_index(drop=True)
