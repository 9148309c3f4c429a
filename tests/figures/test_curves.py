"""Vega-Lite specifications: every curve, label and unit of every system."""

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from comotion import MODELS, Plan, comotion_plan
from comotion.density.radial import Array
from comotion.figures.curves import (
    SPECIFICATIONS,
    _specification,
    comotion_functions,
    densities,
    potentials,
)
from comotion.figures.plans import outer_radius


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    """Of one, three and four electrons."""
    return [
        replace(comotion_plan(MODELS["exponential"](n)), system=name)
        for n, name in ((1, "H"), (3, "Li"), (4, "Be"))
    ]


def _curve(chart: dict[str, Any], system: str, name: str) -> tuple[Array, Array]:
    """Radii and values of a curve; NaN where there is none."""
    rows = [
        row for row in chart["data"]["values"] if row["system"] == system and row["curve"] == name
    ]
    values = [[row["r"], np.nan if row["y"] is None else row["y"]] for row in rows]
    r, y = np.array(values, dtype=float).T
    assert np.all(np.diff(r) >= 0)
    return r, y


def _names(chart: dict[str, Any], system: str) -> list[str]:
    rows = chart["data"]["values"]
    return list(dict.fromkeys(row["curve"] for row in rows if row["system"] == system))


def test_density(plans: list[Plan]) -> None:
    chart = densities(plans)
    for plan in plans[1:]:
        assert _names(chart, plan.system) == ["4\u03c0r\u00b2\u03c1"]
        r, y = _curve(chart, plan.system, "4\u03c0r\u00b2\u03c1")
        np.testing.assert_allclose(y, plan.n_electrons * r**2 * np.exp(-r) / 2, rtol=1e-4)
        assert (r[0], r[-1]) == (0, pytest.approx(outer_radius(plan), rel=1e-5))


def test_comotion_functions_leave_the_window(plans: list[Plan]) -> None:
    chart = comotion_functions(plans)
    for plan in plans[1:]:
        n, outer = plan.n_electrons, outer_radius(plan)
        assert _names(chart, plan.system) == [f"f{i}" for i in range(1, n + 1)]
        for i in range(n):
            r, y = _curve(chart, plan.system, f"f{i + 1}")
            # A radius of six digits says where its partner is, but for next to a shell radius.
            far = np.min(np.abs(r[:, None] / plan.density.shells - 1), axis=1) > 1e-3
            away = far & (r > 1e-3)
            expected = plan.functions(r[away])[:, i]
            expected = np.where(expected < 3 * outer, expected, np.nan)
            np.testing.assert_allclose(y[away], expected, rtol=1e-3, atol=1e-3)
            assert np.nanmax(y) < 3 * outer
    # f_3 of three electrons runs out of the figure's window on both sides of the first shell.
    lithium = plans[1]
    r, y = _curve(chart, "Li", "f3")
    for side in (r < lithium.density.shells[0], r > lithium.density.shells[0]):
        assert np.nanmax(y[side]) > outer_radius(lithium)


def test_potential_and_its_tail(plans: list[Plan]) -> None:
    chart = potentials(plans)
    for plan in plans[1:]:
        assert _names(chart, plan.system) == ["u(r)", "(N\u22121)/r"]
        r, y = _curve(chart, plan.system, "u(r)")
        np.testing.assert_allclose(y, plan.potential(r), rtol=1e-4)
        r, y = _curve(chart, plan.system, "(N\u22121)/r")
        np.testing.assert_allclose(y * r, plan.n_electrons - 1, rtol=1e-4)
        outer = 1.5 * outer_radius(plan)
        assert (r[0], r[-1]) == pytest.approx((0.2 * outer, outer), rel=1e-4)


@pytest.mark.parametrize(
    ("name", "title", "label"),
    [
        ("density", "radial density", "4\u03c0r\u00b2\u03c1 (1/bohr)"),
        ("comotion", "co-motion functions", "f(r) (bohr)"),
        ("potential", "co-motion potential", "u(r) (hartree)"),
    ],
)
def test_labels_units_and_looks(plans: list[Plan], name: str, title: str, label: str) -> None:
    chart = SPECIFICATIONS[name](plans)
    encoding = chart["encoding"]
    assert chart["title"] == title
    assert (encoding["x"]["title"], encoding["y"]["title"]) == ("r (bohr)", label)
    assert [one.get("title") for one in encoding["tooltip"]] == [None, None, "r (bohr)", label]
    # One electron has no plan to look at; the menu offers the others, and one is shown at a time.
    menu, window, chosen = chart["params"]
    assert (menu["value"], menu["bind"]["options"]) == ("Li", ["Li", "Be"])
    assert chart["transform"] == [{"filter": f"datum.system == {menu['name']}"}]
    assert (window["bind"], chosen["bind"]) == ("scales", "legend")
    assert encoding["opacity"]["condition"]["param"] == chosen["name"]
    # Every curve has its own colour, and neighbours differ in grey by their dashes.
    names = _names(chart, "Be")
    for channel in ("color", "strokeDash"):
        assert encoding[channel]["field"] == "curve"
        assert encoding[channel]["scale"]["domain"] == names
        assert len(encoding[channel]["scale"]["range"]) == len(names)
    assert len(set(encoding["color"]["scale"]["range"])) == len(names)
    assert all(a != b for a, b in pairwise(encoding["strokeDash"]["scale"]["range"]))
    # JSON of the standard, without NaN, and nothing but data and words.
    assert json.loads(json.dumps(chart, allow_nan=False)) == chart


def test_many_curves_all_have_an_entry_of_the_legend(plans: list[Plan]) -> None:
    """Vega alone would leave out what is more than thirty."""
    many = replace(comotion_plan(MODELS["exponential"](3)), system="many")
    few = comotion_functions([many])["encoding"]["color"]["legend"]
    assert few == {"symbolLimit": 3, "columns": 1}
    names = [f"f{i + 1}" for i in range(36)]
    chart = _specification(
        plans[1:2], lambda _: ((name, np.ones(1), np.ones(1)) for name in names), "many", "f"
    )
    for channel in ("color", "strokeDash"):
        assert chart["encoding"][channel]["scale"]["domain"] == names
        assert chart["encoding"][channel]["legend"] == {"symbolLimit": 36, "columns": 2}


def test_a_study_of_one_electron_has_empty_charts(plans: list[Plan]) -> None:
    for draw in SPECIFICATIONS.values():
        chart = draw(plans[:1])
        assert chart["data"]["values"] == chart["params"][0]["bind"]["options"] == []
