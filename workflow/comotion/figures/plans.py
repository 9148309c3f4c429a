"""Figures of the co-motion plan: shells, maps, arrangements and potential."""

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d.art3d import Line3DCollection
from numpy.typing import ArrayLike

from comotion.density.radial import Array
from comotion.figures.canvas import formula, legend_in_first, legend_of_all, panels
from comotion.systems import electrons_in_words
from comotion.transport.energy_density import energy_density
from comotion.transport.plan import Plan

#: Radii of an energy density that is drawn.
_ENERGIES = 200
#: Where radii in bohr are drawn.
Scale = Callable[[ArrayLike], Array]


def density_shells(plans: Sequence[Plan]) -> Figure:
    """Radial density 4 pi r^2 rho with the shell radii a_i."""
    figure, axes, plans = _plan_panels(plans, r"$4\pi r^2\rho$ (bohr$^{-1}$)")
    for ax, plan in zip(axes, plans, strict=True):
        r, radial = plan.grid, _radial_density(plan)
        ax.plot(r, radial)
        ax.fill_between(r, radial, color="0.9")
        for shell in plan.density.shells:
            ax.axvline(shell, color="0.45", linewidth=0.7, linestyle="--")
        ax.set(xlim=(0, outer_radius(plan)), ylim=(0, None))
    return figure


def comotion_maps(plans: Sequence[Plan]) -> Figure:
    """Co-motion functions f_i(r): where the other electrons are when one is at r."""
    figure, axes, plans = _plan_panels(plans, r"$f_i(r)$ (bohr)")
    looks = looks_of_maps(max((plan.n_electrons for plan in plans), default=0))
    for ax, plan in zip(axes, plans, strict=True):
        outer = outer_radius(plan)
        r = radii_near_shells(plan, outer)
        for i, f in enumerate(plan.functions(r).T):
            # Maps run to infinity at shell radii: through the edge of the panel.
            ax.plot(r, np.minimum(f, 3 * outer), label=f"$f_{{{i + 1}}}$", **looks[i])
        for shell in plan.density.shells:
            ax.axvline(shell, color="0.8", linewidth=0.6, zorder=0)
        ax.set(xlim=(0, outer), ylim=(0, outer))
    legend_of_all(figure, axes)
    return figure


def radii_near_shells(plan: Plan, outer: float, points: int = 300, near: int = 80) -> Array:
    """Radii of the first electron up to an outer one, dense where maps run to infinity or to 0.

    Args:
        plan: The plan.
        outer: The last radius, bohr.
        points: Evenly spaced radii among them.
        near: Radii on each side of a shell radius.

    Returns:
        Radii, ascending, shape (m,), bohr.
    """
    steps = np.geomspace(1e-12, 0.1, near)
    radii = [np.linspace(0, outer, points + 1)[1:], outer * steps]
    radii += [shell * (1 + sign * steps) for shell in plan.density.shells for sign in (-1, 1)]
    r: Array = np.unique(np.concatenate(radii))
    return np.asarray(r[r <= outer])


def looks_of_maps(n_electrons: int) -> list[dict[str, Any]]:
    """Colour and line of f_1, ..., f_N: no two alike, and neighbours told apart in grey."""
    shades = mpl.colormaps["viridis"](np.linspace(0, 0.85, max(n_electrons - 1, 1)))
    lines = ("-", "--", "-.", (0, (4, 1, 1, 1, 1, 1)))
    first = {"color": "0.5", "linestyle": ":", "linewidth": 1.0}
    return [first] + [
        {"color": to_hex(shade), "linestyle": lines[i % len(lines)], "linewidth": 1.1}
        for i, shade in enumerate(shades)
    ]


def potential(plans: Sequence[Plan]) -> Figure:
    """Co-motion potential u(r), u(inf) = 0, with its tail (N - 1) / r."""
    figure, axes, plans = _plan_panels(plans, r"$u(r)$ (hartree)")
    for ax, plan in zip(axes, plans, strict=True):
        r, u = plan.radial_potential.radii, plan.radial_potential.values
        outer = 1.5 * outer_radius(plan)
        far = np.linspace(0.2 * outer, outer, 100)
        ax.plot(r, u, label="$u(r)$")
        ax.plot(far, (plan.n_electrons - 1) / far, linestyle="--", color="0.5", label="$(N-1)/r$")
        ax.set(xlim=(0, outer), ylim=(0, 1.15 * float(np.max(u))))
    legend_in_first(axes)
    return figure


def energy_densities(plans: Sequence[Plan]) -> Figure:
    """Energy densities w(r) in the gauge of the hole, with their tail -1 / (2 r)."""
    figure, axes, plans = _plan_panels(plans, r"$w(r)$ (hartree)")
    for ax, plan in zip(axes, plans, strict=True):
        outer = 1.5 * outer_radius(plan)
        r = np.linspace(0, outer, _ENERGIES)
        far = np.linspace(0.2 * outer, outer, 100)
        w = energy_density(plan, r)
        ax.plot(r, w, label="$w(r)$")
        ax.plot(far, -0.5 / far, linestyle="--", color="0.5", label="$-1/(2r)$")
        ax.set(xlim=(0, outer), ylim=(1.1 * float(np.min(w)), 0))
    legend_in_first(axes)
    return figure


def arrangement(plans: Sequence[Plan]) -> Figure:
    """Arrangement found for the electrons of one curve at three values of the folded cumulant.

    All panels have one scale of the distance from the nucleus, logarithmic beyond the innermost
    electrons, so that these do not lie upon one another.
    """
    (plan,) = plans
    q = np.asarray(plan.q)
    nodes = [int(np.argmin(np.abs(q - target))) for target in (0.1, 0.5, 0.9)]
    scale, outer = _distance_scale(plan.radii[nodes])
    figure = plt.figure(figsize=(7.4, 3.05), layout="none")
    figure.subplots_adjust(left=0.0, right=1.0, bottom=0.09, top=0.86, wspace=0.0)
    for panel, node in enumerate(nodes):
        ax = figure.add_subplot(1, 3, panel + 1, projection="3d")
        _draw_arrangement(ax, plan.positions[node], scale, outer)
        ax.set_title(f"$q$ = {q[node]:.2f}, $r_1$ = {plan.radii[node][0]:.3f} bohr")
    electrons = electrons_in_words(plan.n_electrons)
    figure.suptitle(f"{formula(plan.system)}: {electrons}, numbered by shell")
    figure.supxlabel(
        "rings: distances from the nucleus in bohr, one logarithmic scale in all panels", fontsize=8
    )
    return figure


def _distance_scale(radii: Array) -> tuple[Scale, float]:
    """A scale of distances, log(1 + r / r_0), with r_0 the least radius, and the largest radius."""
    least = float(max(np.min(radii), 1e-3 * np.max(radii)))
    return (lambda r: np.log1p(np.asarray(r) / least)), float(np.max(radii))


def _draw_arrangement(ax: Any, positions: Array, scale: Scale, outer: float) -> None:
    """Electrons as balls with the numbers of their shells, joined to the nucleus, among rings."""
    distance = np.linalg.norm(positions, axis=0)
    x, y, z = _principal_axes(positions * (scale(distance) / np.maximum(distance, 1e-300)))
    edge = float(scale(outer))
    spokes = [[(0.0, 0.0, 0.0), (x[i], y[i], z[i])] for i in range(len(x))]
    ax.add_collection3d(Line3DCollection(spokes, colors="0.6", linewidths=0.8))
    for r in _ring_radii(outer, scale):
        ring = float(scale(r))
        turn = np.linspace(0, 2 * np.pi, 121)
        ax.plot(ring * np.cos(turn), ring * np.sin(turn), 0, color="0.75", linewidth=0.6)
        ax.text(0, -ring, 0, f"{r:g}", fontsize=6, color="0.35", ha="center", va="center")
    ax.scatter(x, y, z, c=np.arange(len(x)), cmap="viridis", s=64, edgecolors="k", depthshade=False)
    for i in range(len(x)):
        # Light on dark and dark on light.
        shade = "w" if i < 0.6 * len(x) else "k"
        ax.text(
            x[i], y[i], z[i], str(i + 1), fontsize=6, color=shade, ha="center", va="center",
            zorder=20,
        )  # fmt: skip
    ax.scatter([0], [0], [0], marker="+", color="k", s=40)
    ax.set(xlim=(-edge, edge), ylim=(-edge, edge), zlim=(-edge, edge))
    ax.set_box_aspect((1, 1, 1), zoom=1.35)
    ax.set_axis_off()


def _ring_radii(outer: float, scale: Scale, apart: float = 0.25) -> list[float]:
    """Round radii up to the outermost, at least a share of the panel apart, bohr."""
    decades = range(int(np.floor(np.log10(outer))) - 4, int(np.ceil(np.log10(outer))) + 1)
    found: list[float] = []
    last, edge = np.inf, float(scale(outer))
    for r in sorted((digit * 10.0**k for k in decades for digit in (1, 2, 5)), reverse=True):
        at = float(scale(r))
        if r <= outer and last - at >= apart * edge and at >= apart * edge:
            found.append(r)
            last = at
    return found


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


def outer_radius(plan: Plan) -> float:
    """Radius up to which a panel is drawn: beyond it 3 % of an electron is left."""
    radial, r = _radial_density(plan), plan.grid
    outside = np.cumsum(radial[::-1])[::-1] * (r[1] - r[0])
    return float(r[int(np.argmax(outside < 0.03))])
