"""Rows of the table of energies: which of them are shown, and what bounds V_SCE in each."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from comotion.tables.rows import last_levels, rows_of, v_sce_bounds

_ROW: dict[str, Any] = {
    "n_electrons": 4, "lower": 3.1, "upper": 3.2, "v_2": 2.5, "v_2_error": 0.125,
    "v_best_pattern": 3.25, "quadrature_error": 0.0625,
}  # fmt: skip


def test_the_last_level_of_each_system() -> None:
    table = pd.DataFrame({"system": ["He", "Be", "He", "Ne"], "level": ["a", "b", "c", "d"]})
    last = last_levels(table)
    assert last["level"].tolist() == ["b", "c", "d"]
    assert last.index.tolist() == [0, 1, 2]
    assert rows_of(last)[1] == {"system": "He", "level": "c"}


@pytest.mark.parametrize(
    ("change", "bounds"),
    [
        ({}, (3.1, 3.2)),
        ({"lower": np.nan}, (2.375, 3.2)),
        # A bracket keeps its lower end; without one the larger of V_2 and what is proven.
        ({"lower_proven": 3.15}, (3.1, 3.2)),
        ({"lower": np.nan, "lower_proven": 3.0}, (3.0, 3.2)),
        ({"lower": np.nan, "lower_proven": 2.25}, (2.375, 3.2)),
        ({"lower": np.nan, "v_2": None, "lower_proven": 3.0}, (3.0, 3.2)),
        ({"upper": None}, (3.1, 3.3125)),
        ({"lower": None, "v_2_error": None, "upper": None, "quadrature_error": None}, (2.5, 3.25)),
        ({"lower": None, "n_electrons": 1}, (0.0, 3.2)),
    ],
)
def test_bounds_of_v_sce(change: dict[str, Any], bounds: tuple[float, float]) -> None:
    assert v_sce_bounds(_ROW | change) == bounds
    missing = {"v_2", "v_best_pattern", "lower", "upper"}
    none = v_sce_bounds({name: value for name, value in _ROW.items() if name not in missing})
    assert np.isnan(none).all()
