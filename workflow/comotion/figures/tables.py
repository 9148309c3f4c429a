"""Figures of the comparison table: energies atom by atom, and the hierarchy."""

from collections.abc import Hashable

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from comotion.figures.canvas import formula

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
    """Values V_k against k, in units of the mean field that they tend to."""
    figure, ax = plt.subplots(figsize=(6.4, 4.2))
    columns = [name for name in table if name.startswith("v_hierarchy_")]
    k = np.array([int(name.rsplit("_", 1)[1]) for name in columns])
    rows = [row for _, row in table.iterrows() if row["n_electrons"] > 1]
    for i, row in enumerate(rows):
        shade = str(0.75 * i / max(1, len(rows) - 1))
        ratio = row[columns].to_numpy(dtype=float) / row["v_mean_field"]
        known = ~np.isnan(ratio)
        ax.plot(k[known], ratio[known], marker="o", markersize=3.5, color=shade)
        last = int(np.flatnonzero(known)[-1])
        ax.annotate(
            formula(row["system"]), (k[last], ratio[last]), xytext=(4, 3),
            textcoords="offset points", fontsize=7,
        )  # fmt: skip
    ax.axhline(1.0, color="0.5", linestyle="--")
    ax.text(k.min(), 0.985, r"mean field, $k\to\infty$", va="top", fontsize=8)
    ax.set_xlabel("$k$, electrons in the representing system")
    ax.set_ylabel(r"$V_k\,/\,(1-1/N)\,U$")
    ax.set_ylim(0.3, 1.05)
    ax.xaxis.set_major_locator(plt.MaxNLocator(integer=True))
    return figure


def shown_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The last level of each system, in the order of first appearance."""
    last: dict[Hashable, Hashable] = {row["system"]: i for i, row in table.iterrows()}
    return table.loc[list(last.values())].reset_index(drop=True)
