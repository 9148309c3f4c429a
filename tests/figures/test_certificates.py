"""Figures of the certificate: they show brackets, plans and potentials as they are."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from artists import around, curves, legend, points, scattered, ticks, xy
from comotion import MODELS, Plan, comotion_plan
from comotion.figures import certificates


@pytest.fixture(scope="module")
def found() -> list[dict[str, Any]]:
    """Arrays of two brackets, no two alike."""
    rng = np.random.default_rng(0)
    return [
        {
            "system": system, "grid": grid, "dual_potential": 1 / grid,
            "force_potential": 2 / grid + k, "slack": 10.0 ** rng.uniform(-14, -6.5, 7),
            "configurations": rng.normal(size=(7, 3, 4)),
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
    (label,) = curves(ax)
    assert label == "co-motion plan above the upper bound (at least 1e-8)"
    np.testing.assert_allclose(curves(ax)[label], xy(range(4), [1e-8, 2e-3, 3e-8, 1e-8]))
    bars = [bar for bar in ax.patches if isinstance(bar, Rectangle)]
    assert [bar.get_height() for bar in bars] == pytest.approx([1e-7, 1e-5, 1e-8, 2e-8])
    assert [bar.get_x() + bar.get_width() / 2 for bar in bars] == [0, 1, 2, 3]
    assert legend(ax) == ["gap of the bracket", label] or legend(ax) == [
        label, "gap of the bracket"
    ]  # fmt: skip
    assert [container.get_label() for container in ax.containers] == ["gap of the bracket"]
    assert ticks(ax) == {0: "He", 1: "sqrt_r-4", 2: "Be$^{2+}$", 3: "B"}
    assert (ax.get_yscale(), ax.get_ylabel()) == ("log", "fraction of the upper bound")
    # The floor is seen.
    assert 1e-9 < ax.get_ylim()[0] < 1e-8
    assert ax.get_ylim()[1] > 2e-3


def test_potentials_of_the_bound_and_of_the_plan(found: list[dict[str, Any]]) -> None:
    figure = certificates.dual_potential(found)
    assert [ax.get_title() for ax in figure.axes] == ["sqrt_r-4", "B$^{+}$"]
    assert around(figure) == ("$r$ (bohr)", "$u$ (hartree)")
    assert [legend(ax) for ax in figure.axes] == [["lower bound", "co-motion"], []]
    for ax, one in zip(figure.axes, found, strict=True):
        shown = curves(ax)
        np.testing.assert_array_equal(shown["lower bound"], xy(one["grid"], one["dual_potential"]))
        np.testing.assert_array_equal(shown["co-motion"], xy(one["grid"], one["force_potential"]))
        assert (ax.get_xscale(), ax.get_yscale()) == ("log", "linear")


def test_support_shows_the_pattern_and_the_cheapest_plan(curve: Plan, columns: Plan) -> None:
    other = replace(curve, radii=curve.radii * 1.5, system="B")
    figure = certificates.support([columns, curve, curve, other])
    assert around(figure) == ("$r_1$ (bohr)", "$r_2$ (bohr)")
    assert [ax.get_title() for ax in figure.axes] == ["Be$^{2+}$", "sqrt_r-4"]
    pairs = [(a, b) for i, j in combinations(range(4), 2) for a, b in ((i, j), (j, i))]
    for ax, pattern in zip(figure.axes, (curve, other), strict=True):
        lines = [points(line) for line in ax.get_lines()]
        assert {line.get_color() for line in ax.get_lines()} == {"C1"}
        assert all(line.get_linewidth() < 1 for line in ax.get_lines())
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
    # A curve has no cells.
    assert not second.collections


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


def test_slack_stands_over_the_innermost_radius(found: list[dict[str, Any]]) -> None:
    figure = certificates.slack(found)
    assert [ax.get_title() for ax in figure.axes] == ["sqrt_r-4", "B$^{+}$"]
    assert around(figure) == ("innermost radius (bohr)", r"$V-\sum u-\min$ (hartree)")
    for ax, one in zip(figure.axes, found, strict=True):
        (line,) = ax.get_lines()
        radii = np.linalg.norm(one["configurations"], axis=1)
        shown = np.where(one["slack"] > 1e-12, one["slack"], 1e-12)
        assert np.any(shown > one["slack"])
        np.testing.assert_allclose(points(line), xy(radii.min(axis=1), shown), rtol=1e-14)
        assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
        # Whole decades that hold all points.
        low, high = np.log10(ax.get_ylim())
        assert (low, high) == pytest.approx((round(low), round(high)))
        assert low <= np.log10(shown.min()) < low + 1
        assert high - 1 <= np.log10(shown.max()) < high
