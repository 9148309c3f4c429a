"""Figures of the certificate: they show brackets, plans and potentials as they are."""

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from artists import around, curves, labelled, legend, points, scattered, ticks, xy
from comotion import MODELS, BracketEffort, Plan, bracket, comotion_plan
from comotion.density.radial import Array
from comotion.figures import certificates


@dataclass(frozen=True)
class _Potential:
    """In the place of a plan: its potential."""

    shift: int

    def potential(self, r: Array) -> Array:
        return np.asarray(2 / r + self.shift)


@pytest.fixture(scope="module")
def found() -> list[dict[str, Any]]:
    """Arrays of two brackets, no two alike."""
    return [
        {
            "system": system, "grid": grid, "dual_potential": 1 / grid,
            "plan": _Potential(k),
        }
        for k, (system, grid) in enumerate({
            "sqrt_r-4": np.geomspace(0.1, 10, 20), "B+": np.geomspace(0.2, 30, 15),
        }.items())
    ]  # fmt: skip


@pytest.fixture(scope="module")
def curve() -> Plan:
    return replace(comotion_plan(MODELS["sqrt_r"](4)), system="sqrt_r-4")


@pytest.fixture(scope="module")
def columns(curve: Plan) -> Plan:
    """A plan by cells of six configurations with different weights."""
    six = slice(0, 6)
    return replace(
        curve, radii=1.01 * curve.radii[six], positions=curve.positions[six],
        weights=np.arange(1, 7) / 21, cells=np.zeros((6, 4), dtype=np.int64), q=None,
        system="Be2+",
    )  # fmt: skip


def test_brackets_stand_below_the_comotion_plan() -> None:
    """Both are fractions of the upper bound of their own row, and none is below the floor."""
    table = pd.DataFrame(
        {
            "system": ["He", "sqrt_r-4", "Be2+", "B"], "upper": [0.55, 1.1, 2.0, 4.0],
            "relative_gap": [1e-7, 1e-5, 1e-9, 2e-8],
            "comotion_excess": [0.0, 2.2e-3, 6e-8, 3.6e-8],
        }
    )  # fmt: skip
    (ax,) = certificates.bracket(table).axes
    gap, excess, floor = curves(ax)
    assert legend(ax) == [gap, excess, floor]
    assert (gap, excess) == ("gap of the bracket", "co-motion plan above the upper bound")
    np.testing.assert_allclose(curves(ax)[gap], xy(range(4), [1e-7, 1e-5, 1e-8, 2e-8]))
    np.testing.assert_allclose(curves(ax)[excess], xy(range(4), [1e-8, 2e-3, 3e-8, 1e-8]))
    # Points: a bar on a logarithmic axis has no length of its own.
    assert not ax.patches
    assert floor == "1e-8 or less"
    assert points(labelled(ax)[floor])[:, 1].tolist() == [1e-8, 1e-8]
    markers = [str(labelled(ax)[name].get_marker()) for name in (gap, excess)]
    assert len(set(markers)) == 2
    assert ticks(ax) == {0: "He", 1: "sqrt_r-4", 2: "Be$^{2+}$", 3: "B"}
    assert (ax.get_yscale(), ax.get_ylabel()) == ("log", "fraction of the upper bound")
    # The floor is seen.
    assert 1e-9 < ax.get_ylim()[0] < 1e-8
    assert ax.get_ylim()[1] > 2e-3


def test_potentials_of_the_bound_and_of_the_plan(found: list[dict[str, Any]]) -> None:
    figure = certificates.dual_potential(found)
    assert [ax.get_title() for ax in figure.axes] == ["sqrt_r-4", "B$^{+}$"]
    assert around(figure) == (
        "$r$ (bohr)", r"$u_{\mathrm{lower\ bound}}-u_{\mathrm{co-motion}}$ (hartree)"
    )  # fmt: skip
    for ax, one in zip(figure.axes, found, strict=True):
        difference, zero = ax.get_lines()
        expected = xy(one["grid"], 1 / one["grid"] - one["plan"].potential(one["grid"]))
        np.testing.assert_array_equal(points(difference), expected)
        np.testing.assert_array_equal(points(zero)[:, 1], 0)
        assert (ax.get_xscale(), ax.get_yscale()) == ("log", "linear")


def test_support_shows_the_pattern_and_the_cheapest_plan(curve: Plan, columns: Plan) -> None:
    other = replace(curve, radii=curve.radii * 1.5, system="B")
    figure = certificates.support([columns, curve, curve, other])
    assert around(figure) == ("$r_1$ (bohr)", "$r_2$ (bohr)")
    assert [ax.get_title() for ax in figure.axes] == ["Be$^{2+}$", "sqrt_r-4"]
    pairs = [(a, b) for i, j in combinations(range(4), 2) for a, b in ((i, j), (j, i))]
    for ax, pattern in zip(figure.axes, (curve, other), strict=True):
        *drawn, sample = ax.get_lines()
        lines = [points(line) for line in drawn]
        assert {line.get_color() for line in drawn} == {"C1"}
        assert all(line.get_linewidth() < 1 for line in drawn)
        # The dot of the legend alone.
        assert len(points(sample)) == 0
        assert sample.get_label() == "plan of the upper bound"
        assert len(lines) == len(pairs) == 12
        for line, (a, b) in zip(lines, pairs, strict=True):
            np.testing.assert_array_equal(line, pattern.radii[:, [a, b]])
        # Up to where 60 % of the pattern's outermost radii are, and a fifth more.
        outer = 1.2 * np.quantile(pattern.radii.max(axis=1), 0.6)
        assert ax.get_xlim() == ax.get_ylim() == pytest.approx((0, outer))
        assert ax.get_aspect() == 1
    first, second = figure.axes
    dots = [scattered(one) for one in first.collections]
    for dot, (a, b) in zip(dots, pairs, strict=True):
        np.testing.assert_array_equal(dot, columns.radii[:, [a, b]])
    # The heavier a configuration, the darker; the lightest is still seen.
    for one in first.collections:
        alpha = np.asarray(one.get_alpha())
        np.testing.assert_allclose(alpha, 0.15 + 0.85 * np.arange(1, 7) / 6)
        assert one.get_rasterized()
        assert not np.any(one.get_linewidths())  # type: ignore[attr-defined]
    # A curve that closes the bracket is drawn as well.
    for dot, (a, b) in zip(map(scattered, second.collections), pairs, strict=True):
        np.testing.assert_array_equal(dot, curve.radii[:, [a, b]])
    (above,) = figure.legends
    names = [text.get_text() for text in above.get_texts()]
    assert names == ["best pattern", "plan of the upper bound"]


def test_many_electrons_are_drawn_fainter(curve: Plan, columns: Plan) -> None:
    """From six electrons on dots shrink with their number."""
    shades, sizes = [], []
    for n in (5, 6, 12):
        radii = np.tile(columns.radii[:, :1], (1, n))
        crowded = replace(columns, radii=radii, cells=np.zeros((6, n), dtype=np.int64))
        (ax,) = certificates.support([crowded, curve]).axes
        shades.append(float(np.max(np.asarray(ax.collections[0].get_alpha()))))
        sizes.append(float(ax.collections[0].get_sizes()[0]))  # type: ignore[attr-defined]
    assert shades == pytest.approx([1, 1, 0.5])
    np.testing.assert_allclose(np.array(sizes) / sizes[0], [1, 1, 0.5])


@dataclass(frozen=True, eq=False)
class _Bound:
    """In the place of a bound by duality: slack that only its own configurations have."""

    slack: Array
    factor: float

    def slack_of(self, positions: Array) -> Array:
        return np.asarray(self.factor * (positions[:, 0, 0] ** 2 + 1e-5))


def test_slack_of_the_plan_stands_along_the_plan(curve: Plan) -> None:
    found = [
        {"system": "sqrt_r-4", "plan": curve, "bound": _Bound(np.array([1e-9, 3e-8]), 1.0)},
        {"system": "B+", "plan": curve, "bound": _Bound(np.array([0.0, 1e-15]), 1e-12)},
    ]
    figure = certificates.slack(found)
    assert [ax.get_title() for ax in figure.axes] == ["sqrt_r-4", "B$^{+}$"]
    assert around(figure) == ("$q$ (electrons)", r"$V-\sum u-\min$ (hartree)")
    names = ["co-motion plan", "its mean: cost less lower bound", "tolerance of the lower bound"]
    (above,) = figure.legends
    assert [text.get_text() for text in above.get_texts()] == names
    for ax, one, tolerance in zip(figure.axes, found, (3e-8, 1e-12), strict=True):
        bound = one["bound"]
        assert isinstance(bound, _Bound)
        along = np.maximum(bound.slack_of(curve.positions), 1e-12)
        plan, mean, active = (points(labelled(ax)[name]) for name in names)
        np.testing.assert_allclose(plan, xy(curve.q, along), rtol=1e-14)
        np.testing.assert_allclose(mean[:, 1], curve.weights @ along, rtol=1e-14)
        np.testing.assert_allclose(active[:, 1], tolerance, rtol=1e-14)
        assert len({line.get_linestyle() for line in labelled(ax).values()}) == 3
        assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")
        assert ax.get_xlim() == (-0.04, 1.04)
        assert ticks(ax) == {0: "0", 0.5: "0.5", 1: "1"}
        # Whole decades that hold all points, the same in all panels.
        low, high = np.log10(ax.get_ylim())
        assert (low, high) == pytest.approx((round(low), round(high)))
        assert low <= np.log10(min(tolerance, along.min()))
        assert high >= np.log10(along.max())
        assert ax.get_ylim() == figure.axes[0].get_ylim()


def test_the_mean_slack_is_the_cost_above_the_bound() -> None:
    """The caption's sentence, for a real bound: int slack dgamma = cost - D(u)."""
    density = MODELS["exponential"](2)
    plan = comotion_plan(density)
    effort = BracketEffort(splines=(10, 20), cells_per_shell=4)
    bound = bracket(density, plan, effort=effort).dual
    (ax,) = certificates.slack([{"system": "H-", "bound": bound, "plan": plan}]).axes
    mean = points(labelled(ax)["its mean: cost less lower bound"])[0, 1]
    assert mean == pytest.approx(plan.cost - bound.value, abs=1e-9)
