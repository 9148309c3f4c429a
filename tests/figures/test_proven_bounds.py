"""The figure of proven bounds: each curve is its column over V_SCE, and how far it is from 1."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from artists import behind, curves, in_a_row, labelled, points, texts, ticks, xy
from comotion.figures.proven_bounds import pair_bound

#: What each curve shows, by its entry in the legend.
_COLUMN = {
    r"mean field $(1-1/N)\,U$": "v_mean_field",
    r"quantum $\langle V_{ee}\rangle$": "v_quantum",
    r"co-motion plan, $\geq V_{\mathrm{SCE}}$": "v_comotion",
    r"pair bound, $\leq V_{\mathrm{SCE}}$, proven": "lower_proven",
    r"$V_2\leq V_{\mathrm{SCE}}$": "v_2",
}
_PLAN = r"co-motion plan, $\geq V_{\mathrm{SCE}}$"
_BRACKET = "half width of the bracket"


@pytest.fixture
def table() -> pd.DataFrame:
    """A bracket, a model whose bracket is closed, one without a bracket, and hydrogen."""
    return pd.DataFrame({
        "system": ["H", "Be2+", "bohr-2", "Ne"], "n_electrons": [1, 2, 2, 10],
        "v_mean_field": [0.0, 2.5, 3.5, 60.0], "v_quantum": [0.0, 2.25, np.nan, 54.0],
        "v_comotion": [0.0, 2.0625, 2.0, 46.5], "lower_proven": [np.nan, 1.9375, 1.96875, 45.75],
        "v_2": [0.0, 1.5, 2.0, 30.0], "v_2_error": 1e-9,
        "lower": [np.nan, 1.96875, 2.0, np.nan], "upper": [np.nan, 2.03125, 2.0, np.nan],
        "v_best_pattern": [0.0, 2.05, 2.0, 46.0], "quadrature_error": [0.0, 0.0, 0.0, 0.125],
    })  # fmt: skip


#: V_SCE of what is drawn: the middle of the bracket, or the pattern and its error.
_SCE = np.array([2.0, 2.0, 46.125])


def _axes(table: pd.DataFrame) -> tuple[Axes, Axes]:
    whole, near = pair_bound(table).axes
    return whole, near


@pytest.mark.parametrize(("label", "column"), list(_COLUMN.items()))
def test_every_curve_is_its_column_over_v_sce(table: pd.DataFrame, label: str, column: str) -> None:
    whole, near = _axes(table)
    values = table[column].to_numpy()[1:] / _SCE
    np.testing.assert_allclose(curves(whole)[label], xy([0, 1, 2], values))
    # What is closer than 1e-8 lies on the dotted line.
    distances = np.maximum(np.abs(1 - values), 1e-8)
    np.testing.assert_allclose(curves(near)[label], xy([0, 1, 2], distances))


def test_the_bracket(table: pd.DataFrame) -> None:
    whole, near = _axes(table)
    (bars,) = whole.collections
    first, second, third = bars.get_segments()  # type: ignore[attr-defined]
    np.testing.assert_allclose(first, [[0, 0.984375], [0, 1.015625]])
    np.testing.assert_allclose(second, [[1, 1], [1, 1]])
    assert not len(third) or not np.isfinite(third).all()
    assert bars.get_zorder() < min(labelled(whole)[label].get_zorder() for label in _COLUMN)
    np.testing.assert_allclose(curves(near)[_BRACKET], xy([0, 1, 2], [0.015625, 1e-8, np.nan]))


def test_a_plan_that_stands_for_v_sce_has_no_distance_from_it(table: pd.DataFrame) -> None:
    """Without a bracket, and not above the upper bound; with one it has."""
    table.loc[3, "v_comotion"] = 46.0
    _, near = _axes(table)
    y = curves(near)[_PLAN][:, 1]
    assert np.isnan(y).tolist() == [False, False, True]


def test_sides_are_told_apart_without_colour(table: pd.DataFrame) -> None:
    for ax in _axes(table):
        lines = {label: labelled(ax)[label] for label in _COLUMN}
        assert len({str(line.get_marker()) for line in lines.values()}) == len(lines)
        assert len({to_rgba(line.get_color()) for line in lines.values()}) == len(lines)
        filled = {label for label, line in lines.items() if line.get_fillstyle() == "full"}
        assert {_COLUMN[label] for label in filled} == {"lower_proven", "v_2"}
        assert {line.get_linestyle() for line in lines.values()} == {"None"}


def test_axes(table: pd.DataFrame) -> None:
    figure = pair_bound(table)
    whole, near = figure.axes
    assert in_a_row([whole, near])
    for ax in (whole, near):
        assert ticks(ax) == {0: "Be$^{2+}$", 1: "bohr-2", 2: "Ne"}
    assert (whole.get_yscale(), near.get_yscale()) == ("linear", "log")
    low, high = near.get_ylim()
    assert low < 1e-8
    assert high > 1
    assert whole.get_ylabel() == r"fraction of $V_{\mathrm{SCE}}$"
    assert near.get_ylabel() == "distance from 1 (dotted: 1e-8 or less)"
    assert (
        "the middle of its bracket; its upper bound where there is none" in figure.get_supxlabel()
    )
    one, dotted = (ax.get_lines()[-1] for ax in (whole, near))
    assert points(one)[:, 1].tolist() == [1, 1]
    assert points(dotted)[:, 1].tolist() == [1e-8, 1e-8]
    assert dotted.get_linestyle() == ":"
    assert behind(whole, one)
    assert behind(near, dotted)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [_BRACKET, *_COLUMN]


def test_no_system_of_more_than_one_electron(table: pd.DataFrame) -> None:
    assert "no system of more than one electron" in texts(pair_bound(table[:1]))
