"""Figures of best estimates, series, angles between electrons, and the engine's benchmark."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.polynomial.legendre import legval

from comotion.figures.canvas import explain_empty, formula, legend_above, system_axis

_MARKERS = "osv^DPX*"
#: Members from which on atoms with one number of electrons are a series.
_SERIES = 3


def best(table: pd.DataFrame) -> Figure:
    """Best estimates per electron pair, and their error bars against exact energies.

    Args:
        table: Rows of best.csv; of a system with several the first is drawn.

    Returns:
        The figure.
    """
    figure, (levels, errors) = plt.subplots(1, 2, figsize=(7.4, 3.4))
    table = table.drop_duplicates("system").reset_index(drop=True)
    x = np.arange(len(table))
    pairs = (table["n_electrons"] * (table["n_electrons"] - 1) / 2).to_numpy(dtype=float)
    # A line joins neutral atoms; ions do not belong to that sequence.
    neutral = table["system"].str.isalpha().to_numpy()
    for name, label, marker, line in (
        ("hartree", "$U$", "^", ":"),
        ("v_quantum", r"$\langle V_{ee}\rangle$", "o", "-"),
        ("v_comotion", "co-motion plan", "v", "--"),
    ):
        y = (table[name] / pairs).to_numpy()
        bars = levels.errorbar(
            x, y, table[f"{name}_error"] / pairs, marker=marker, linestyle="", label=label
        )
        levels.plot(x[neutral], y[neutral], line, color=bars[0].get_color())
    levels.set_ylabel("energy per electron pair (hartree)")
    levels.set_ylim(0, None)
    legend_above(levels, 3)
    for name, label, marker, shift in (
        ("energy", "$E$", "s", -0.2),
        ("v_quantum", r"$\langle V_{ee}\rangle$", "o", -0.07),
        ("hartree", "$U$", "^", 0.07),
        ("v_comotion", "co-motion plan", "v", 0.2),
    ):
        errors.plot(x + shift, table[f"{name}_error"], marker, label=label, fillstyle="none")
    off = (table["energy"] - table["energy_exact"]).abs()
    errors.plot(x - 0.2, off, "x", color="k", label=r"$|E - E_{\mathrm{exact}}|$")
    errors.set(yscale="log", ylabel="error bar (hartree)")
    legend_above(errors, 3)
    for ax in (levels, errors):
        system_axis(ax, table["system"].tolist())
    return figure


def pair_angle(records: Sequence[Mapping[str, Any]]) -> Figure:
    """Density of the angle between two electrons, relative to independent ones.

    Args:
        records: Contents of pair_angle.json.

    Returns:
        The figure.
    """
    figure, ax = plt.subplots(figsize=(6.4, 4.2))
    degrees = np.linspace(0, 180, 361)
    cosine = np.cos(np.radians(degrees))
    lines = cycle(["-", "-.", ":", (0, (3, 1, 1, 1)), (0, (5, 1))])
    for record in records:
        for key, what in (("b", ""), ("b_valence", ", valence pair")):
            if record[key] is not None:
                b = np.asarray(record[key])
                density = legval(cosine, (2 * np.arange(len(b)) + 1) * b)
                label = f"{formula(record['system'])}{what}, $b_1$ = {b[1]:.4f}"
                ax.plot(degrees, density, linestyle=next(lines), label=label)
    ax.axvline(180, linestyle="--", color="0.4", label="transport plan, two electrons")
    ax.axhline(1, color="0.8", linewidth=0.7, zorder=0)
    ax.set(xlabel=r"angle between electrons $\theta_{12}$ (degrees)", xlim=(0, 183), ylim=(0, None))
    ax.set_ylabel(r"density of $\cos\theta_{12}$, times 2")
    ax.set_xticks(range(0, 181, 30))
    ax.legend(loc="upper left")
    return figure


def isoelectronic(table: pd.DataFrame) -> Figure:
    """Co-motion cost over <V_ee> against the nuclear charge, one curve for each N.

    Args:
        table: Rows of energies.csv, one for each system.

    Returns:
        The figure.
    """
    figure, ax = plt.subplots(figsize=(6.4, 4.2))
    atoms = table[table["v_quantum"].notna() & (table["n_electrons"] > 1)]
    members = atoms.groupby("n_electrons")["system"].transform("size")
    series = atoms[members >= _SERIES].sort_values("nuclear_charge")
    for (n, rows), marker in zip(series.groupby("n_electrons"), cycle(_MARKERS), strict=False):
        neutral = rows.loc[rows["nuclear_charge"] == n, "system"]
        name = f"{neutral.iloc[0]}-like, " if len(neutral) else ""
        ratio = rows["v_comotion"] / rows["v_quantum"]
        ax.plot(rows["nuclear_charge"], ratio, marker=marker, label=f"{name}$N = {n}$")
    ax.set(xlabel="nuclear charge $Z$", ylabel=r"co-motion cost / $\langle V_{ee}\rangle$")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if ax.get_lines():
        ax.legend()
    else:
        explain_empty(ax, f"no series of {_SERIES} atoms with as many electrons, more than one")
    return figure


def engine(table: pd.DataFrame) -> Figure:
    """Time and accuracy of the transport engine against N, one core.

    Args:
        table: Rows of results/benchmarks/engine.csv.

    Returns:
        The figure.
    """
    figure, (cost, accuracy) = plt.subplots(1, 2, figsize=(7.4, 3.4))
    n = table["n_electrons"].to_numpy()
    for ax in (cost, accuracy):
        ax.set(xscale="log", yscale="log", xlabel="electrons $N$")
        ax.set_xticks([4, 10, 18, 36, 86], ["4", "10", "18", "36", "86"], minor=False)
        ax.minorticks_off()
    atoms = table["level"] != "exact"
    for rows, marker, label in ((~atoms, "o", "model densities"), (atoms, "s", "Hartree-Fock")):
        cost.plot(n[rows], table["cpu_seconds"][rows], marker, label=label)
    cost.set_ylabel("CPU time (s)")
    legend_above(cost, 2)
    v = table["v_comotion"]
    curves = (
        ("published above this value", (table["v_published"] - v) / v, "^"),
        ("search spread", table["search_spread"] / v, "v"),
        ("quadrature error", table["quadrature_error"] / v, "x"),
    )
    for label, relative, marker in curves:
        # What lies below the floor of double precision is drawn on it.
        known = relative.notna()
        accuracy.plot(
            n[known], relative[known].clip(lower=1e-16), marker, label=label, fillstyle="none"
        )
    accuracy.set_ylabel("fraction of the cost")
    legend_above(accuracy, 2)
    return figure
