"""Pair densities on a few sites: costs, polygons, and a certificate."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from comotion.density.radial import Array

_SHOWN = {2: "-", 3: "--", 4: "-.", 10: ":"}


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
