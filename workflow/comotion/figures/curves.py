"""Curves to look at more closely, as Vega-Lite specifications: readings, zoom, one or all.

A specification is a dictionary of JSON with the data in it, so that it is complete in one file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from comotion.density.radial import Array
from comotion.figures.plans import looks_of_maps, outer_radius, radii_near_shells
from comotion.transport.plan import Plan

#: Version of Vega-Lite, points of a smooth curve and near each divergence, and significant digits.
_VERSION, _POINTS, _NEAR, _DIGITS = "v5", 160, 14, 6
#: Dashes by the number of the curve: those that lie side by side are told apart in grey.
_DASHES = ([1, 0], [6, 3], [6, 2, 1, 2], [4, 1, 1, 1, 1, 1])

#: Entries of a legend, one below the other, that are as high as a chart.
_ENTRIES = 26

#: A curve: its name, its radii and its values, both of shape (m,).
Curve = tuple[str, Array, Array]


def densities(plans: Sequence[Plan]) -> dict[str, Any]:
    """Radial densities 4 pi r^2 rho."""

    def curves(plan: Plan) -> Iterator[Curve]:
        r = np.linspace(0, outer_radius(plan), _POINTS)
        yield "4\u03c0r\u00b2\u03c1", r, 4 * np.pi * r**2 * plan.density.density(r)

    return _specification(plans, curves, "radial density", "4\u03c0r\u00b2\u03c1 (1/bohr)")


def comotion_functions(plans: Sequence[Plan]) -> dict[str, Any]:
    """Co-motion functions; what lies far outside is left out, where they run to infinity."""

    def curves(plan: Plan) -> Iterator[Curve]:
        outer = outer_radius(plan)
        r = radii_near_shells(plan, outer, _POINTS, _NEAR)
        for i, f in enumerate(plan.functions(r).T):
            yield f"f{i + 1}", r, np.where(f < 3 * outer, f, np.nan)

    return _specification(plans, curves, "co-motion functions", "f(r) (bohr)")


def potentials(plans: Sequence[Plan]) -> dict[str, Any]:
    """Co-motion potentials with their tails."""

    def curves(plan: Plan) -> Iterator[Curve]:
        outer = 1.5 * outer_radius(plan)
        r, far = np.linspace(0, outer, _POINTS), np.linspace(0.2 * outer, outer, _POINTS)
        yield "u(r)", r, plan.potential(r)
        yield "(N\u22121)/r", far, (plan.n_electrons - 1) / far

    return _specification(plans, curves, "co-motion potential", "u(r) (hartree)")


#: What draws each specification, by the name of its file.
SPECIFICATIONS: dict[str, Callable[[Sequence[Plan]], dict[str, Any]]] = {
    "density": densities,
    "comotion": comotion_functions,
    "potential": potentials,
}


def _specification(
    plans: Sequence[Plan], curves: Callable[[Plan], Iterator[Curve]], title: str, label: str
) -> dict[str, Any]:
    """A chart of one system at a time, with a menu of the systems."""
    drawn = [plan for plan in plans if plan.n_electrons > 1]
    values: list[Mapping[str, Any]] = []
    names: list[str] = []
    for plan in drawn:
        for name, r, y in curves(plan):
            names += [name] if name not in names else []
            values += [
                {"system": plan.system, "curve": name, "r": _rounded(a), "y": _rounded(b)}
                for a, b in zip(r, y, strict=True)
            ]
    systems = [plan.system for plan in drawn]
    # The first electron is grey and dotted, as in the figures; the others have colours.
    grey = names[:1] == ["f1"]
    others = len(names) - grey
    shades = ["#808080"] * grey + [look["color"] for look in looks_of_maps(others + 1)[1:]][:others]
    dashes = [[1, 2]] * grey + [_DASHES[i % len(_DASHES)] for i in range(others)]
    # Vega leaves out what is more than thirty, and one column is as high as the chart.
    legend = {"symbolLimit": max(len(names), 1), "columns": -(-len(names) // _ENTRIES) or 1}
    return {
        "$schema": f"https://vega.github.io/schema/vega-lite/{_VERSION}.json",
        "title": title,
        "width": 640,
        "height": 360,
        "data": {"values": values},
        "transform": [{"filter": "datum.system == system"}],
        "params": [
            {
                "name": "system",
                "value": systems[0] if systems else "",
                "bind": {"input": "select", "options": systems, "name": "system "},
            },
            {"name": "window", "select": "interval", "bind": "scales"},
            {"name": "chosen", "select": {"type": "point", "fields": ["curve"]}, "bind": "legend"},
        ],
        "mark": {"type": "line", "clip": True},
        "encoding": {
            "x": {"field": "r", "type": "quantitative", "title": "r (bohr)"},
            "y": {"field": "y", "type": "quantitative", "title": label},
            **{
                channel: {
                    "field": "curve", "type": "nominal", "title": None, "sort": None,
                    "scale": {"domain": names, "range": looks}, "legend": legend,
                }
                for channel, looks in (("color", shades), ("strokeDash", dashes))
            },
            "opacity": {"condition": {"param": "chosen", "value": 1}, "value": 0.15},
            "tooltip": [
                {"field": "system", "type": "nominal"},
                {"field": "curve", "type": "nominal"},
                {"field": "r", "type": "quantitative", "title": "r (bohr)"},
                {"field": "y", "type": "quantitative", "title": label},
            ],
        },
    }  # fmt: skip


def _rounded(value: float) -> float | None:
    """A few significant digits; nothing where there is no number, which JSON does not know."""
    return float(f"{value:.{_DIGITS}g}") if np.isfinite(value) else None
