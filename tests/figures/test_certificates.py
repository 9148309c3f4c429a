"""Figures of the certificate: they show brackets, plans and potentials as they are."""

from dataclasses import replace
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from comotion import MODELS, Plan, comotion_plan
from comotion.figures import certificates
from comotion.figures.canvas import style

mpl.use("agg")


@pytest.fixture
def found() -> dict[str, Any]:
    grid = np.geomspace(0.1, 10, 20)
    return {
        "system": "sqrt_r-4", "grid": grid, "dual_potential": 1 / grid,
        "force_potential": 2 / grid, "slack": np.full(7, 1e-7),
        "configurations": np.random.default_rng(0).normal(size=(7, 3, 4)),
    }  # fmt: skip


@pytest.fixture(scope="module")
def curve() -> Plan:
    return replace(comotion_plan(MODELS["sqrt_r"](4)), system="sqrt_r-4")


def test_brackets_stand_below_the_comotion_plan() -> None:
    table = pd.DataFrame(
        {
            "system": ["He", "sqrt_r-4"], "upper": [0.55, 1.1], "relative_gap": [1e-7, 1e-5],
            "comotion_excess": [0.0, 2.2e-3],
        }
    )  # fmt: skip
    with style():
        (ax,) = certificates.bracket(table).axes
    (line,) = ax.get_lines()
    np.testing.assert_allclose(np.asarray(line.get_ydata()), [1e-8, 2e-3])
    heights = [bar.get_height() for bar in ax.patches if isinstance(bar, Rectangle)]
    assert heights == pytest.approx([1e-7, 1e-5])


def test_panels_for_each_system(found: dict[str, Any], curve: Plan) -> None:
    six = slice(0, 6)
    columns = replace(
        curve, radii=curve.radii[six], positions=curve.positions[six], weights=np.full(6, 1 / 6),
        cells=np.zeros((6, 4), dtype=np.int64), q=None,
    )  # fmt: skip
    with style():
        potentials = certificates.dual_potential([found, found])
        pairs = certificates.support([columns, curve])
        slack = certificates.slack([found])
    assert len(potentials.axes) == 2
    # Six pairs of four electrons, each from both sides: of the columns and of the curves.
    (ax,) = pairs.axes
    assert len(ax.collections) == len(ax.get_lines()) == 12
    (ax,) = slack.axes
    assert len(np.asarray(ax.get_lines()[0].get_xdata())) == 7


def test_a_closed_bracket_has_no_columns(curve: Plan) -> None:
    with style():
        (ax,) = certificates.support([curve, curve]).axes
    assert not ax.collections
