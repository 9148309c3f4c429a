"""Figures of the certificate: they show brackets, plans and potentials as they are."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from comotion.figures import certificate
from comotion.figures.canvas import style
from comotion.figures.plans import Plan

mpl.use("agg")


@pytest.fixture
def found() -> Plan:
    grid = np.geomspace(0.1, 10, 20)
    rng = np.random.default_rng(0)
    return Plan("sqrt_r-4", {
        "grid": grid, "dual_potential": 1 / grid, "force_potential": 2 / grid,
        "configurations": rng.normal(size=(7, 3, 4)), "slack": np.full(7, 1e-7),
        "comotion_radii": np.sort(rng.uniform(0.2, 5, size=(9, 4)), axis=1),
        "plan_radii": rng.uniform(0.2, 5, size=(6, 4)), "plan_weights": np.full(6, 1 / 6),
    })  # fmt: skip


def test_brackets_stand_below_the_comotion_plan() -> None:
    table = pd.DataFrame(
        {
            "system": ["He", "sqrt_r-4"], "upper": [0.55, 1.1], "relative_gap": [1e-7, 1e-5],
            "comotion_excess": [0.0, 2.2e-3],
        }
    )  # fmt: skip
    with style():
        (ax,) = certificate.bracket(table).axes
    (line,) = ax.get_lines()
    np.testing.assert_allclose(np.asarray(line.get_ydata()), [1e-8, 2e-3])
    heights = [bar.get_height() for bar in ax.patches if isinstance(bar, Rectangle)]
    assert heights == pytest.approx([1e-7, 1e-5])


def test_panels_for_each_system(found: Plan) -> None:
    with style():
        potentials = certificate.dual_potential([found, found])
        pairs = certificate.support([found])
        slack = certificate.slack([found])
    assert len(potentials.axes) == 2
    # Six pairs of four electrons, each from both sides: of the columns and of the curves.
    (ax,) = pairs.axes
    assert len(ax.collections) == len(ax.get_lines()) == 12
    (ax,) = slack.axes
    assert len(np.asarray(ax.get_lines()[0].get_xdata())) == 7


def test_a_closed_bracket_has_no_columns(found: Plan) -> None:
    held = {name: array for name, array in found.arrays.items() if not name.startswith("plan_")}
    with style():
        (ax,) = certificate.support([Plan("He", held)]).axes
    assert not ax.collections
