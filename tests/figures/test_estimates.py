"""Figures of estimates and series: they show the data that they are given."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from comotion.figures import estimates
from comotion.figures.canvas import style

mpl.use("agg")


def _y(line: Line2D) -> np.ndarray:
    return np.asarray(line.get_ydata(), dtype=float)


def _labels(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(mpl.text.Text)]


def test_isoelectronic_series_need_three_members() -> None:
    table = pd.DataFrame(
        {
            "system": ["H-", "He", "Li+", "Be", "B+", "sqrt_r-2"],
            "n_electrons": [2, 2, 2, 4, 4, 2],
            "nuclear_charge": [1, 2, 3, 4, 5, np.nan],
            "v_comotion": [0.196, 0.551, 0.891, 3.2, 4.1, 0.145],
            "v_quantum": [0.311, 0.946, 1.568, 4.4, 5.4, np.nan],
        }
    )
    with style():
        figure = estimates.isoelectronic(table)
    (line,) = figure.axes[0].get_lines()
    np.testing.assert_allclose(_y(line), [0.196 / 0.311, 0.551 / 0.946, 0.891 / 1.568])
    assert "He-like, $N = 2$" in _labels(figure)


def test_best_estimates_show_their_error_bars() -> None:
    names = ("energy", "v_quantum", "hartree", "v_comotion")
    row = {"system": "Be", "n_electrons": 4, "energy_exact": -14.667356}
    row |= dict(zip(names, (-14.6676, 4.3747, 7.2187, 3.196), strict=True))
    row |= {
        f"{name}_error": error for name, error in zip(names, (3e-4, 3e-4, 3e-4, 2e-3), strict=True)
    }
    with style():
        figure = estimates.best(pd.DataFrame([row]))
    errors = figure.axes[1]
    shown = np.concatenate([_y(line) for line in errors.get_lines()])
    np.testing.assert_allclose(shown, [3e-4, 3e-4, 3e-4, 2e-3, 2.44e-4], rtol=1e-9)
    assert "error bar (hartree)" in _labels(figure)


def test_angles_of_independent_electrons_are_flat() -> None:
    records = [{"system": "Be", "b": [1.0, 0.0, 0.0], "b_valence": [1.0, -0.3, 0.0]}]
    with style():
        figure = estimates.pair_angle(records)
    flat, valence = figure.axes[0].get_lines()[:2]
    np.testing.assert_allclose(_y(flat), 1)
    assert _y(valence)[-1] == pytest.approx(1.9)
    assert any("valence pair" in label for label in _labels(figure))


def test_engine_draws_every_density() -> None:
    table = pd.DataFrame(
        {
            "system": ["sqrt_r-4", "Ne"], "level": ["exact", "hf_x"], "n_electrons": [4, 10],
            "cpu_seconds": [0.1, 0.5], "v_comotion": [1.1, 46.0], "v_published": [np.nan, 46.1],
            "search_spread": [0.0, 1e-9], "quadrature_error": [1e-9, 1e-8],
        }
    )  # fmt: skip
    with style():
        figure = estimates.engine(table)
    cost, accuracy = figure.axes
    assert sum(len(_y(line)) for line in cost.get_lines()) == 2
    assert [len(_y(line)) for line in accuracy.get_lines()] == [1, 2, 2]
