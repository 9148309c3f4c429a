"""Figures of the co-motion plan: shells, maps, arrangements and potential."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d.art3d import Line3DCollection

from comotion.density.radial import Array
from comotion.figures.canvas import formula, legend_in_first, panels
from comotion.systems import electrons_in_words
from comotion.transport.plan import Plan


def density_shells(plans: Sequence[Plan]) -> Figure:
    """Radial density 4 pi r^2 rho with the shell radii a_i."""
    figure, axes, plans = _plan_panels(plans, r"$4\pi r^2\rho$ (bohr$^{-1}$)")
    for ax, plan in zip(axes, plans, strict=True):
        r, radial = plan.grid, _radial_density(plan)
        ax.plot(r, radial)
        ax.fill_between(r, radial, color="0.9")
        for shell in plan.density.shells:
            ax.axvline(shell, color="0.45", linewidth=0.7, linestyle="--")
        ax.set(xlim=(0, _outer(plan)), ylim=(0, None))
    return figure


def comotion_maps(plans: Sequence[Plan]) -> Figure:
    """Co-motion functions f_i(r): where the other electrons are when one is at r."""
    figure, axes, plans = _plan_panels(plans, r"$f_i(r)$ (bohr)")
    for ax, plan in zip(axes, plans, strict=True):
        outer = _outer(plan)
        r = plan.grid
        for i, f in enumerate(plan.functions(r).T):
            # Maps run to infinity at shell radii: no line across the jump of the sampling.
            shown = np.where(f < 3 * outer, f, np.nan)
            (line,) = ax.plot(r, shown, linewidth=1.0)
            if i == 0:
                line.set(color="0.5", linestyle=":")
        for shell in plan.density.shells:
            ax.axvline(shell, color="0.8", linewidth=0.6, zorder=0)
        ax.set(xlim=(0, outer), ylim=(0, outer))
    return figure


def potential(plans: Sequence[Plan]) -> Figure:
    """Co-motion potential u(r), u(inf) = 0, with its tail (N - 1) / r."""
    figure, axes, plans = _plan_panels(plans, r"$u(r)$ (hartree)")
    for ax, plan in zip(axes, plans, strict=True):
        r, u = plan.radial_potential.radii, plan.radial_potential.values
        outer = 1.5 * _outer(plan)
        far = np.linspace(0.2 * outer, outer, 100)
        ax.plot(r, u, label="$u(r)$")
        ax.plot(far, (plan.n_electrons - 1) / far, linestyle="--", color="0.5", label="$(N-1)/r$")
        ax.set(xlim=(0, outer), ylim=(0, 1.15 * float(np.max(u))))
    legend_in_first(axes)
    return figure


def arrangement(plans: Sequence[Plan]) -> Figure:
    """Arrangement found for the electrons of one curve at three values of the folded cumulant."""
    (plan,) = plans
    q = np.asarray(plan.q)
    figure = plt.figure(figsize=(7.4, 3.0), layout="none")
    figure.subplots_adjust(left=0.0, right=0.94, bottom=0.06, top=0.84, wspace=0.22)
    for panel, target in enumerate((0.1, 0.5, 0.9)):
        node = int(np.argmin(np.abs(q - target)))
        ax = figure.add_subplot(1, 3, panel + 1, projection="3d")
        _draw_arrangement(ax, plan.positions[node], plan.radii[node])
        ax.set_title(f"$q$ = {q[node]:.2f}, $r_1$ = {plan.radii[node][0]:.3f} bohr")
    electrons = electrons_in_words(plan.n_electrons)
    figure.suptitle(f"{formula(plan.system)}: {electrons}, dark inside")
    return figure


def _draw_arrangement(ax: Any, positions: Array, radii: Array) -> None:
    """Electrons as balls, shaded by shell, joined to the nucleus; axes in bohr."""
    x, y, z = _principal_axes(positions)
    outer = float(np.max(radii))
    spokes = [[(0.0, 0.0, 0.0), (x[i], y[i], z[i])] for i in range(len(x))]
    ax.add_collection3d(Line3DCollection(spokes, colors="0.6", linewidths=0.8))
    ax.scatter(x, y, z, c=np.arange(len(x)), cmap="viridis", s=38, edgecolors="k", depthshade=False)
    ax.scatter([0], [0], [0], marker="+", color="k", s=40)
    ax.set(xlim=(-outer, outer), ylim=(-outer, outer), zlim=(-outer, outer))
    ax.set_box_aspect((1, 1, 1), zoom=0.94)
    for axis, label in ((ax.xaxis, "x"), (ax.yaxis, "y"), (ax.zaxis, "z")):
        axis.set_major_locator(MaxNLocator(3))
        axis.set_label_text(f"${label}$ (bohr)", fontsize=7)
        axis.set_tick_params(labelsize=6, pad=-3)
        axis.labelpad = -9


def _principal_axes(positions: Array) -> Array:
    """Rotate positions, shape (3, N), to their principal axes, the longest along z."""
    _, axes = np.linalg.eigh(positions @ positions.T)
    return np.asarray(axes.T @ positions)


def _plan_panels(plans: Sequence[Plan], y_label: str) -> tuple[Figure, list[Axes], list[Plan]]:
    """A panel for each plan of more than one electron, and these plans."""
    drawn = [plan for plan in plans if plan.n_electrons > 1]
    figure, axes = panels([formula(plan.system) for plan in drawn], r"$r$ (bohr)", y_label)
    return figure, axes, drawn


def _radial_density(plan: Plan) -> Array:
    """4 pi r^2 rho on the plan's grid, shape (m,), bohr^-1."""
    return np.asarray(4 * np.pi * plan.grid**2 * plan.density.density(plan.grid))


def _outer(plan: Plan) -> float:
    """Radius up to which a panel is drawn: beyond it 3 % of an electron is left."""
    radial, r = _radial_density(plan), plan.grid
    outside = np.cumsum(radial[::-1])[::-1] * (r[1] - r[0])
    return float(r[int(np.argmax(outside < 0.03))])
