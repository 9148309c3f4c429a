"""Figures of self-consistent atoms: their energies, densities and potentials."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullFormatter

from comotion.density.radial import RadialDensity
from comotion.figures.canvas import explain_empty, formula, legend_above, legend_of_all, panels
from comotion.systems import PAIR_BOUND_FUNCTIONAL, PAIR_FUNCTIONAL, parse_level

_MARKERS = "osv^DPX*h<>"
#: Charges inside the first and outside of the last radius that is drawn, electrons.
_INNER, _OUTER = 1e-2, 1e-3
_POINTS = 400
#: Number of electrons of which V_2 is V_SCE.
_PAIR = 2

#: A record of a state, quantum.json.
Record = Mapping[str, Any]


def energies(records: Sequence[Record]) -> Figure:
    """How far self-consistent energies are from exact energies.

    Args:
        records: Contents of quantum.json of all rows; those of other levels give the exact
            energies of ions of which the literature's is not known.

    Returns:
        The figure: against the order k for each atom, and V_2 against Z for two electrons.
    """
    figure, (orders, series) = plt.subplots(1, 2, figsize=(7.4, 3.4))
    exact = exact_energies(records)
    # The pair bound is of order N, as the co-motion cost is, and no member of the sequence.
    states = [
        one
        for one in records
        if _is_transport(one)
        and one["system"] in exact
        and _method(str(one["level"])) != PAIR_BOUND_FUNCTIONAL
    ]
    systems = list(dict.fromkeys(o["system"] for o in states if o["n_electrons"] > _PAIR))
    for system, marker in zip(systems, cycle(_MARKERS), strict=False):
        own = sorted((o for o in states if o["system"] == system), key=lambda o: int(o["order"]))
        y = [_deviation(one["energy"], exact[system]) for one in own]
        k = [int(one["order"]) for one in own]
        orders.plot(k, y, marker=marker, fillstyle="none", label=formula(system))
    limits = {
        one["system"]: (one["n_electrons"], _deviation(limit, exact[one["system"]]))
        for one in states
        if one["system"] in systems and (limit := one.get("hartree_fock_limit")) is not None
    }
    if limits:
        n, above = zip(*limits.values(), strict=True)
        orders.plot(n, above, "s", color="k", markersize=3, label="Hartree-Fock")
    orders.set(xlabel="order $k$", ylabel=r"$(E_k - E_{\mathrm{exact}})\,/\,|E_{\mathrm{exact}}|$")
    orders.axhline(0, color="0.6", linewidth=0.7)
    orders.xaxis.set_major_locator(MaxNLocator(integer=True))
    _helium_series(series, states, exact, records)
    if systems:
        legend_above(orders, 4)
    else:
        explain_empty(orders, "no self-consistent atom of more than two electrons")
    return figure


def _helium_series(
    ax: Axes, states: Sequence[Record], exact: Mapping[str, float], records: Sequence[Record]
) -> None:
    """Energies of two electrons less exact energies, against Z."""
    pairs = sorted(
        (one for one in states if one["n_electrons"] == _PAIR),
        key=lambda o: int(o["nuclear_charge"]),
    )
    ax.set(xlabel="nuclear charge $Z$", ylabel=r"$E - E_{\mathrm{exact}}$ (hartree)")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if not pairs:
        explain_empty(ax, "no self-consistent atom of two electrons")
        return
    z = [int(one["nuclear_charge"]) for one in pairs]
    off = [one["energy"] - exact[one["system"]] for one in pairs]
    ax.plot(z, off, "v-", fillstyle="none", label="$V_2 = V_{\\mathrm{SCE}}$")
    of_limit = {
        int(one["nuclear_charge"]): one["hartree_fock_limit"] - exact[one["system"]]
        for one in records
        if one["system"] in exact and one["n_electrons"] == _PAIR and one.get("hartree_fock_limit")
    }
    computed = {
        int(one["nuclear_charge"]): one["energy"] - exact[one["system"]]
        for one in records
        if one["system"] in exact and one["n_electrons"] == _PAIR and one["method"] == "hf"
    }
    fock = dict(sorted((computed | of_limit).items()))
    if fock:
        ax.plot(list(fock), list(fock.values()), "s:", fillstyle="none", label="Hartree-Fock")
    ax.axhline(0, color="0.6", linewidth=0.7)
    legend_above(ax, 2)


def exact_energies(records: Sequence[Record]) -> dict[str, float]:
    """Exact energies, hartree: the literature's, or of two electrons those of Hylleraas states."""
    found = {one["system"]: float(one["energy"]) for one in records if one["method"] == "hylleraas"}
    known = {one["system"]: one.get("energy_exact") for one in records}
    return found | {name: float(value) for name, value in known.items() if value is not None}


def _deviation(energy: float, exact: float) -> float:
    return (energy - exact) / abs(exact)


def densities(levels: Sequence[tuple[str, str, RadialDensity]]) -> Figure:
    """Radial densities 4 pi r^2 rho of self-consistent atoms beside those of other levels.

    Args:
        levels: System, level and density of every row.

    Returns:
        The figure: a panel for each system that has a self-consistent level.
    """
    systems = [system for system, level, _ in levels if parse_level(level).is_transport]
    systems = list(dict.fromkeys(systems))
    figure, axes = panels([formula(name) for name in systems], "$r$ (bohr)", r"$4\pi r^2\rho$")
    for ax, system in zip(axes, systems, strict=True):
        own = _drawn({level: density for name, level, density in levels if name == system})
        low = min(float(density.radius(_INNER)) for density in own.values())
        high = max(
            float(density.radius(density.n_electrons - _OUTER, _OUTER)) for density in own.values()
        )
        r = np.geomspace(low, high, _POINTS)
        for level, density in own.items():
            ax.plot(r, 4 * np.pi * r**2 * density.density(r), **_line(level))
        _logarithmic(ax)
        ax.set_ylim(0, None)
    legend_of_all(figure, axes)
    return figure


def potentials(found: Sequence[Mapping[str, Any]]) -> Figure:
    """Potentials of the electrons, times r, which tend to N - 1.

    Args:
        found: Arrays of kohn_sham.h5 with ``system``, ``level`` and ``n_electrons`` of each.

    Returns:
        The figure: a panel for each system.
    """
    systems = list(dict.fromkeys(str(one["system"]) for one in found))
    figure, axes = panels(
        [formula(name) for name in systems], "$r$ (bohr)", r"$r\,v_{\mathrm{Hxc}}$ (hartree bohr)"
    )
    for ax, system in zip(axes, systems, strict=True):
        own = _drawn({str(one["level"]): one for one in found if one["system"] == system})
        for level, one in own.items():
            r, charge = one["radii"], one["charge"]
            inside = np.cumsum(charge * np.gradient(r))
            kept = (inside > _INNER) & (inside < inside[-1] - _OUTER)
            ax.plot(r[kept], (r * one["v_hxc"])[kept], **_line(level))
        n = int(next(iter(own.values()))["n_electrons"])
        ax.axhline(n - 1, color="0.6", linewidth=0.7)
        _logarithmic(ax)
    legend_of_all(figure, axes)
    return figure


def _logarithmic(ax: Axes) -> None:
    """A logarithmic axis of radii with labels at powers of ten alone."""
    ax.set_xscale("log")
    ax.xaxis.set_minor_formatter(NullFormatter())


def _drawn(levels: Mapping[str, Any]) -> dict[str, Any]:
    """The levels of a system that are drawn: functionals of order 2 and N, Hartree-Fock, the last.

    Of the functionals between, and of the other levels but the last, there are too many.
    """
    names = list(levels)
    others = [name for name in names if not parse_level(name).is_transport]
    chosen = [name for name in names if _method(name) in (PAIR_FUNCTIONAL, "ks-comotion", "hf")]
    return {name: levels[name] for name in names if name in {*chosen, *others[-1:]}}


def _line(level: str) -> dict[str, Any]:
    """How the curve of a level is drawn."""
    method = _method(level)
    styles = {
        PAIR_FUNCTIONAL: ("C0", "--", "$V_2$"),
        "ks-comotion": ("C1", "-.", "co-motion"),
        "hf": ("C2", ":", "Hartree-Fock"),
        "uhf": ("C2", ":", "Hartree-Fock"),
    }
    color, line, label = styles.get(method, ("k", "-", "correlated"))
    return {"color": color, "linestyle": line, "label": label}


def _method(level: str) -> str:
    return parse_level(level).method


def _is_transport(record: Record) -> bool:
    return parse_level(str(record["level"])).is_transport
