"""Figures of adiabatic connections: every point is the number that its place names."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from comotion.figures.correlation_energies import correlation, strong_end
from comotion.tables.adiabatic_connections import INTERPOLATED, correlation_table
from fit import check_labels

#: Of boron second order is not known; of neon W'_inf is not.
_NAMES = ("isi", "revisi", "genisi", "spl", "lb")
_ROWS: list[dict[str, Any]] = [
    {"system": "He", "e_c": -0.04, "e_c_error": 3e-3, "w_inf_middle": -1.5,
     "w_inf_middle_error": 0.015, "w_pc": -1.45, "w_inf_prime": 0.6,
     "w_inf_prime_error": 0.03, "w_pc_prime": 0.75},
    {"system": "B", "e_c": -0.12, "e_c_error": 1e-3, "w_inf_middle": -6.0,
     "w_inf_middle_error": 0.0, "w_pc": -5.7, "w_inf_prime": 4.0, "w_inf_prime_error": 0.0,
     "w_pc_prime": 4.4},
    {"system": "Ne", "e_c": -0.4, "e_c_error": 0.0, "w_inf_middle": -20.0,
     "w_inf_middle_error": 0.0, "w_pc": -19.0, "w_inf_prime": None, "w_inf_prime_error": None,
     "w_pc_prime": 24.0},
]  # fmt: skip
for _k, _row in enumerate(_ROWS):
    for _j, _name in enumerate(_NAMES):
        if _row["system"] == "B":
            continue
        _row |= {f"e_c_{_name}": _row["e_c"] * (1 + 0.01 * (_j + 1) + 0.1 * _k),
                 f"e_c_{_name}_error": 4e-3 * (_j + 1),
                 f"e_c_{_name}_pc": _row["e_c"] * (1 - 0.02 * (_j + 1)),
                 f"e_c_{_name}_pc_error": 1e-3}  # fmt: skip


def _bars(ax: Any) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Points and half lengths of the error bars, by label."""
    found = {}
    for container in ax.containers:
        line, _, (bars,) = container
        ends = np.array(bars.get_segments())
        found[container.get_label()] = (
            np.array(line.get_xydata()), (ends[:, 1, 1] - ends[:, 0, 1]) / 2,
        )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return correlation_table(_ROWS)


def test_correlation_energies(table: pd.DataFrame) -> None:
    figure = correlation(table)
    for ax, suffix in zip(figure.axes, ("", "_pc"), strict=True):
        found = _bars(ax)
        assert list(found) == list(INTERPOLATED.values())
        for name, title in INTERPOLATED.items():
            points, bars = found[title]
            for k, row in enumerate((_ROWS[0], _ROWS[2])):
                assert abs(points[k, 0] - k) < 0.3
                size = abs(row["e_c"])
                off = (row[f"e_c_{name}{suffix}"] - row["e_c"]) / size
                assert points[k, 1] == pytest.approx(off, abs=1e-14)
                bar = np.hypot(row[f"e_c_{name}{suffix}_error"], row["e_c_error"]) / size
                assert bars[k] == pytest.approx(bar, rel=1e-9)
        assert [label.get_text() for label in ax.get_xticklabels()] == ["He", "Ne"]
        x = [points[0, 0] for points, _ in found.values()]
        assert len(set(x)) == 5
    assert figure.axes[0].get_xlabel() == "ends of the density"
    assert figure.axes[1].get_xlabel() == "strong end by the PC model"
    assert "E_c^{\\mathrm{exact}}" in figure.axes[0].get_ylabel()
    check_labels(figure)


def test_strong_ends(table: pd.DataFrame) -> None:
    figure = strong_end(table)
    left, right = figure.axes
    ((points, bars),) = _bars(left).values()
    np.testing.assert_allclose(points[:, 1], [1.45 / 1.5, 0.95, 0.95])
    np.testing.assert_allclose(bars, [1.45 / 1.5 * 0.01, 0, 0], atol=1e-15)
    assert [label.get_text() for label in left.get_xticklabels()] == ["He", "B", "Ne"]
    ((points, bars),) = _bars(right).values()
    np.testing.assert_allclose(points[:, 1], [1.25, 1.1])
    np.testing.assert_allclose(bars, [1.25 * 0.05, 0], atol=1e-15)
    assert [label.get_text() for label in right.get_xticklabels()] == ["He", "B"]
    assert left.get_ylabel() == r"$W_\infty$, model over transport"
    assert right.get_ylabel() == r"$W'_\infty$, model over transport"
    check_labels(figure)


@pytest.mark.parametrize("draw", [correlation, strong_end])
def test_nothing_to_draw(draw: Any) -> None:
    figure = draw(correlation_table([{"system": "B", "level": "x", "e_c": -0.1}]))
    assert isinstance(figure, Figure)
    for ax in figure.axes:
        assert not ax.containers
        assert len(ax.texts) == 1
