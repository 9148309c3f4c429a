"""Figures fit for a paper: no label meets another or the edge, no legend covers data."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from comotion import MODELS, Plan, comotion_plan
from comotion.figures import certificates, energies, estimates

_ATOMS = ["H-", "He", "Li+", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Ar"]
_SYSTEMS = [*_ATOMS, "sqrt_r-4", "exponential-3", "gaussian-3"]


def _energies() -> pd.DataFrame:
    rising = 1 + np.arange(len(_SYSTEMS)) / 10
    quantum = np.where([name in _ATOMS for name in _SYSTEMS], rising, np.nan)
    electrons = np.arange(len(_SYSTEMS)) + 2
    return pd.DataFrame({
        "system": _SYSTEMS, "n_electrons": electrons,
        "v_mean_field": rising * electrons * (electrons - 1) / 2, "v_quantum": quantum,
        **{f"{name}_per_pair": rising for name in ("v_mean_field", "v_hf", "v_comotion")},
        "v_quantum_per_pair": quantum,
        "v_2": np.full(len(_SYSTEMS), 0.2),
        **{f"v_comotion_{k}": np.full(len(_SYSTEMS), 0.1 * k) for k in range(3, 19)},
    })  # fmt: skip


def _many(systems: int) -> pd.DataFrame:
    """A study of hundreds of models."""
    few = _energies()
    rows = few.iloc[np.arange(systems) % len(few)].reset_index(drop=True)
    return rows.assign(system=[f"sqrt_r-{k + 2}" for k in range(systems)])


def _best() -> pd.DataFrame:
    size = len(_ATOMS)
    columns = {"system": _ATOMS, "n_electrons": np.full(size, 4), "energy_exact": np.full(size, 2)}
    for name in ("energy", "v_quantum", "hartree", "v_comotion"):
        columns |= {name: np.linspace(1, 9, size), f"{name}_error": np.geomspace(1e-9, 0.1, size)}
    return pd.DataFrame(columns)


def _brackets() -> pd.DataFrame:
    size = len(_SYSTEMS)
    return pd.DataFrame({
        "system": _SYSTEMS, "upper": np.ones(size), "relative_gap": np.full(size, 1e-5),
        "comotion_excess": np.full(size, 7e-3),
    })  # fmt: skip


def _engine() -> pd.DataFrame:
    electrons = np.array([4, 10, 18, 30, 36, 86])
    return pd.DataFrame({
        "system": "Ne", "level": ["exact", "hf_x"] * 3, "n_electrons": electrons,
        "cpu_seconds": electrons**3.0, "v_comotion": 1.0, "v_published": 1.001,
        "search_spread": 1e-3, "quadrature_error": 1e-4,
    })  # fmt: skip


def _of_brackets() -> list[dict[str, Any]]:
    grid = np.geomspace(0.001, 10, 20)
    rng = np.random.default_rng(0)
    return [
        {
            "system": system, "grid": grid, "dual_potential": 1 / grid, "force_potential": 2 / grid,
            "configurations": rng.normal(size=(7, 3, 4)), "slack": np.linspace(2e-7, 9e-7, 7),
        }
        for system in _SYSTEMS
    ]  # fmt: skip


@cache
def _plan() -> Plan:
    return comotion_plan(MODELS["sqrt_r"](4))


def _plans() -> list[Plan]:
    return [replace(_plan(), system=system) for system in _SYSTEMS] * 2


_FIGURES: list[Callable[[], Figure]] = [
    lambda: energies.energies(_energies()),
    lambda: energies.energies(_many(40)),
    lambda: energies.energies(_many(1000)),
    lambda: energies.hierarchy(_energies()),
    lambda: estimates.best(_best()),
    lambda: estimates.engine(_engine()),
    lambda: certificates.bracket(_brackets()),
    lambda: certificates.slack(_of_brackets()),
    lambda: certificates.dual_potential(_of_brackets()),
    lambda: certificates.support(_plans()),
]


def _meet(one: Text, other: Text, *boxes: Bbox) -> bool:
    """Whether two texts in boxes overlap; those at one slant are compared in its own axes."""
    if not boxes[0].overlaps(boxes[1]):
        return False
    slant = one.get_rotation()
    if slant != other.get_rotation() or slant % 90 == 0:
        return bool(boxes[0].padded(-1).overlaps(boxes[1].padded(-1)))
    centers = [np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2]) for box in boxes]
    across = np.array([-np.sin(np.radians(slant)), np.cos(np.radians(slant))])
    distance = abs(float((centers[1] - centers[0]) @ across))
    return distance < max(float(text.get_fontsize()) for text in (one, other))


@pytest.mark.parametrize("draw", _FIGURES)
def test_labels_meet_neither_one_another_nor_the_edge(draw: Callable[[], Figure]) -> None:
    figure = draw()
    figure.canvas.draw()
    hidden = [text for ax in figure.axes for text in _not_drawn(ax)]
    drawn = [
        text
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_text().strip() and text not in hidden
    ]
    assert len(drawn) > 10
    boxes = [text.get_window_extent() for text in drawn]
    for text, box in zip(drawn, boxes, strict=True):
        assert figure.bbox.x0 <= box.x0, text
        assert figure.bbox.y0 <= box.y0, text
        assert box.x1 <= figure.bbox.x1, text
        assert box.y1 <= figure.bbox.y1, text
    placed = zip(drawn, boxes, strict=True)
    pairs = combinations(placed, 2)
    assert [(a, b) for (a, at), (b, bt) in pairs if _meet(a, b, at, bt)] == []


def _not_drawn(ax: Axes) -> Iterator[Text]:
    """Labels of ticks that exist, but lie outside the limits."""
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        shown = [
            tick.label1
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())
            if low <= tick.get_loc() <= high
        ]
        for text in axis.findobj(Text):
            if isinstance(text, Text) and text not in (axis.label, axis.offsetText, *shown):
                yield text


def test_legends_stand_above_the_data() -> None:
    for figure in (
        energies.energies(_energies()),
        estimates.best(_best()),
        estimates.engine(_engine()),
        certificates.bracket(_brackets()),
    ):
        figure.canvas.draw()
        for ax in figure.axes:
            legend = ax.get_legend()
            assert legend is not None
            assert legend.get_window_extent().y0 >= ax.bbox.y1 - 1


def test_few_names_lie_level_and_many_are_slanted() -> None:
    few, many = (energies.energies(_energies().head(n)) for n in (4, len(_SYSTEMS)))
    slants = [figure.axes[0].get_xticklabels()[0].get_rotation() for figure in (few, many)]
    assert slants == [0, 40]
