"""Pair densities: on a few sites costs, polygons, a certificate; the bound from their variance."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from comotion.density.radial import Array
from comotion.figures.canvas import legend_above

_SHOWN = {2: "-", 3: "--", 4: "-.", 10: ":"}
#: Smaller relative differences are drawn as this: they are tolerances of the programmes.
_LEAST_GAP = 1e-7


def two_sites(arrays: Mapping[str, Array]) -> Figure:
    """Cost per pair against the share of a site, and the k-representable polygons."""
    figure, (cost_ax, corner_ax) = plt.subplots(1, 2, figsize=(6.6, 3.0))
    share = arrays["share"]
    for k, dash in _SHOWN.items():
        cost_ax.plot(share, arrays[f"cost_{k}"], dash, label=f"$k={k}$")
        corners = np.vstack((arrays[f"corners_{k}"], arrays[f"corners_{k}"][:1]))
        corner_ax.plot(corners[:, 0], corners[:, 1], dash, marker=".", markersize=4)
    cost_ax.plot(
        share, arrays["cost_inf"], color="0.5", linewidth=2.4, zorder=0, label="mean field"
    )
    cost_ax.set(xlabel="mass $t$ of site $B$", ylabel="least cost per pair (arbitrary units)")
    cost_ax.legend()
    t = np.linspace(0, 1, 201)
    corner_ax.plot((1 - t) ** 2, t**2, color="0.5", linewidth=2.4, zorder=0)
    # Above the polygons: all of them lie below the line from (1, 0) to (0, 1).
    corner_ax.annotate("independent particles", (0.25, 0.25), (0.98, 0.92), ha="right",
                       arrowprops={"arrowstyle": "-", "color": "0.5"}, fontsize=8)  # fmt: skip
    corner_ax.set(xlabel=r"$\rho_2(A,A)$", ylabel=r"$\rho_2(B,B)$", aspect="equal")
    return figure


def representability(arrays: Mapping[str, Array]) -> Figure:
    """A pair density that k particles cannot have, the nearest that they can, the certificate."""
    figure, axes = plt.subplots(1, 3, figsize=(7.4, 2.5))
    sites = len(arrays["pair_density"])
    largest = max(float(arrays[name].max()) for name in ("pair_density", "nearest"))
    for ax, name, title in (
        (axes[0], "pair_density", r"switch of halves $\rho_2$"),
        (axes[1], "nearest", "nearest representable"),
    ):
        image = ax.imshow(arrays[name], origin="lower", cmap="Greys", vmin=0, vmax=largest)
        ax.set(title=title)
    figure.colorbar(image, ax=axes[1], label="mass")
    certificate = axes[2].imshow(
        arrays["certificate"], origin="lower", cmap="cividis", vmin=-1, vmax=1
    )
    axes[2].set(title="certificate $c$")
    figure.colorbar(certificate, ax=axes[2], label="$c(a, b)$")
    ticks = np.arange(0, sites, max(1, sites // 5))
    for ax in axes:
        ax.set_xticks(ticks, [str(k + 1) for k in ticks])
        ax.set_yticks(ticks, [str(k + 1) for k in ticks])
        ax.set(xlabel="site $a$")
    axes[0].set_ylabel("site $b$")
    return figure


def pair_bound(arrays: Mapping[str, Array]) -> Figure:
    """How far the bound is below the minimum, on the sphere and, beside V_2, on shells."""
    figure, (sphere_ax, shells_ax) = plt.subplots(1, 2, figsize=(7.2, 3.3), sharey=True)
    for degree, gap, mark in zip(
        arrays["sphere_degrees"], arrays["sphere_gap"], "^Ds.", strict=False
    ):
        sphere_ax.plot(
            arrays["sphere_n"], np.maximum(gap, _LEAST_GAP), mark, markersize=3.5,
            linestyle="-", linewidth=0.7, label=f"$L={degree}$",
        )  # fmt: skip
    sharp = arrays["sphere_sharp"] == 1
    sphere_ax.plot(
        arrays["sphere_n"][sharp], np.maximum(arrays["sphere_gap"][-1][sharp], _LEAST_GAP), "o",
        markersize=8, fillstyle="none", color="0.4", label="sharp",
    )  # fmt: skip
    sphere_ax.set(yscale="log", xlabel="electrons on a sphere")
    sphere_ax.set_ylabel("below the minimum, relative")
    legend_above(sphere_ax, 3)
    for n, gap, of_pair, color in zip(
        arrays["electrons"], arrays["bound_gap"], arrays["v_2_gap"], ("C0", "C1", "C2"), strict=True
    ):
        shells_ax.plot(
            arrays["shells"], np.maximum(gap, _LEAST_GAP), "o-", markersize=3.5, linewidth=0.7,
            color=color, label=f"$N={n}$",
        )  # fmt: skip
        shells_ax.plot(
            arrays["shells"], of_pair, "--", color=color, linewidth=0.9,
            label="$V_2$" if n == arrays["electrons"][-1] else None,
        )  # fmt: skip
    shells_ax.set(xlabel="shells of equal charge")
    legend_above(shells_ax, 4)
    return figure
