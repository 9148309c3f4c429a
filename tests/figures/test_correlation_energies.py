"""Figures of adiabatic connections: every point is the number that its place names."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from comotion.connection.ingredients import Ingredients
from comotion.connection.interpolations import INTERPOLATIONS
from comotion.figures.correlation_energies import correlation, curves, strong_end
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
for _row in _ROWS:
    _row["energy_is_exact"] = True
#: Of this one only the state's own energy is known: it is not shown.
_OWN = _ROWS[0] | {"system": "Be2+", "energy_is_exact": False, "e_c": -0.03, "e_c_isi": -0.5}
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
    return correlation_table([*_ROWS, _OWN])


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
    np.testing.assert_allclose(points[:, 1], [1.45 / 1.5, 0.95, 0.95, 1.45 / 1.5])
    np.testing.assert_allclose(bars, [1.45 / 1.5 * 0.01, 0, 0, 1.45 / 1.5 * 0.01], atol=1e-15)
    assert [label.get_text() for label in left.get_xticklabels()] == ["He", "B", "Ne", "Be$^{2+}$"]
    ((points, bars),) = _bars(right).values()
    np.testing.assert_allclose(points[:, 1], [1.25, 1.1, 1.25])
    np.testing.assert_allclose(bars, [1.25 * 0.05, 0, 1.25 * 0.05], atol=1e-15)
    assert [label.get_text() for label in right.get_xticklabels()] == ["He", "B", "Be$^{2+}$"]
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


_COUPLINGS = [0.0, 0.5, 1.0, 4.0]
_CURVES: list[dict[str, Any]] = [
    {"system": system, "level": "x", "couplings": _COUPLINGS, "w": w}
    for system, w in (("He", [-1.02, -1.06, -1.1, -1.2]), ("H-", [-0.38, -0.42, -0.45, -0.5]))
]
_ENDS: list[dict[str, Any]] = [
    {"system": "H-", "level": "x", "w_0": -0.38, "w_0_prime": -0.13, "w_inf_middle": -0.565,
     "w_inf_prime": None},
    {"system": "He", "level": "x", "w_0": -1.02, "w_0_prime": -0.1, "w_inf_middle": -1.5,
     "w_inf_prime": 0.6},
]  # fmt: skip


def test_curves_of_two_electrons() -> None:
    """Of H- no W'_inf is known: no strong expansion, and only what does without."""
    figure = curves([*_CURVES, *_ENDS])
    above, lower = figure.axes[::2], figure.axes[1::2]
    assert [ax.get_title() for ax in above] == ["He", "H$^{-}$"]
    assert [ax.get_title() for ax in lower] == ["He", "H$^{-}$"]
    x = np.array(_COUPLINGS) / (1 + np.array(_COUPLINGS))
    for ax, below, one in zip(above, lower, _CURVES, strict=True):
        (ends,) = (found for found in _ENDS if found["system"] == one["system"])
        drawn = {line.get_label(): np.asarray(line.get_xydata()) for line in ax.get_lines()}
        np.testing.assert_allclose(drawn["computed"], np.stack((x, one["w"]), axis=1))
        (level,) = (line for line in ax.get_lines() if line.get_linestyle() == ":")
        assert set(np.asarray(level.get_ydata())) == {ends["w_inf_middle"]}
        low, high = ax.get_ylim()
        assert low < ends["w_inf_middle"] < ends["w_0"] < high
        assert below.get_xlim() == (0, 1)
        shown = {line.get_label(): np.asarray(line.get_xydata()) for line in below.get_lines()}
        names = list(INTERPOLATED) if ends["w_inf_prime"] else ["spl", "lb"]
        assert [label for label in shown if not str(label).startswith("_")] == [
            INTERPOLATED[name] for name in names
        ]
        four = Ingredients(ends["w_0"], ends["w_0_prime"], ends["w_inf_middle"],
                           ends["w_inf_prime"])  # fmt: skip
        for name in names:
            expected = [INTERPOLATIONS[name].curve(four, c) for c in _COUPLINGS]
            np.testing.assert_allclose(
                shown[INTERPOLATED[name]], np.stack((x, expected - np.array(one["w"])), axis=1)
            )
        if ends["w_inf_prime"]:
            strong = np.asarray(drawn["strong coupling"])
            coupling = strong[:-1, 0] / (1 - strong[:-1, 0])
            np.testing.assert_allclose(strong[:-1, 1], -1.5 + 0.6 / np.sqrt(coupling))
        else:
            assert "strong coupling" not in drawn
    assert lower[0].get_xlabel() == r"coupling $\lambda\,/\,(1+\lambda)$"
    assert above[0].get_ylabel() == r"$W_\lambda$ (hartree)"
    assert lower[0].get_ylabel() == r"$\Delta W_\lambda$ (hartree)"
    check_labels(figure)


def test_two_systems_are_drawn_at_most() -> None:
    many = [_CURVES[0] | {"level": str(k)} for k in range(6)]
    figure = curves(many + [_ENDS[1] | {"level": str(k)} for k in range(6)])
    assert len(figure.axes) == 4
