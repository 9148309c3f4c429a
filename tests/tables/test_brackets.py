"""The table of brackets."""

from typing import Any

import pandas as pd

from comotion.tables.brackets import bracket_markdown, bracket_table, hierarchy_table

_RECORD: dict[str, Any] = {
    "system": "sqrt_r-4", "level": "exact", "n_electrons": 4, "lower": 1.10375,
    "lower_from": "duality", "upper": 1.10376, "gap": 1e-5, "relative_gap": 9.1e-6,
    "v_comotion": 1.10575, "comotion_excess": 1.99e-3, "comotion_within_gap": False,
    "spline_error": 1e-6, "upper_plan": "cells", "settings": {},
    "hierarchy_bracket": {"2": [0.86, 0.861], "3": [1.02, 1.03]},
}  # fmt: skip
_COLUMNS = [
    "system", "level", "n_electrons", "lower", "lower_from", "upper", "upper_plan", "gap",
    "relative_gap", "v_comotion", "comotion_excess", "comotion_within_gap", "spline_error",
]  # fmt: skip


def test_every_column_is_that_key_of_the_record() -> None:
    """A key that a record does not have is missing in its row; others are left out."""
    table = bracket_table([_RECORD, {"system": "He", "upper": 0.5}])
    assert list(table.columns) == _COLUMNS
    first, second = table.to_dict("records")
    assert first == {name: _RECORD[name] for name in _COLUMNS}
    known = {name: value for name, value in second.items() if pd.notna(value)}
    assert known == {"system": "He", "upper": 0.5}


def test_page() -> None:
    """Columns that cannot be taken for one another, each with its own decimals."""
    table = bracket_table([
        _RECORD, _RECORD | {"system": "He", "comotion_within_gap": True, "lower": 1.0000004},
    ])  # fmt: skip
    header, rule, *rows = bracket_markdown(table).splitlines()
    assert header == (
        "| system | level | lower | upper | relative gap | co-motion plan | excess | "
        "within the gap |"
    )
    assert rule == "| --- " * 8 + "|"
    assert rows[:3] == [
        "| sqrt_r-4 | exact | 1.103750 | 1.103760 | 9.1e-06 | 1.105750 | 2.0e-03 | no |",
        "| He | exact | 1.000000 | 1.103760 | 9.1e-06 | 1.105750 | 2.0e-03 | yes |",
        "",
    ]
    assert rows[3].startswith("Hartree. `excess` is by how much the co-motion plan costs more")


def test_hierarchy_ends_with_the_bracket_itself() -> None:
    other = _RECORD | {
        "system": "He", "level": "x", "n_electrons": 2, "hierarchy_bracket": {}, "lower": 0.5,
        "upper": 0.6,
    }  # fmt: skip
    table = hierarchy_table([_RECORD, other])
    assert list(table.columns) == ["system", "level", "k", "lower", "upper"]
    assert table.to_numpy().tolist() == [
        ["sqrt_r-4", "exact", 2, 0.86, 0.861],
        ["sqrt_r-4", "exact", 3, 1.02, 1.03],
        ["sqrt_r-4", "exact", 4, 1.10375, 1.10376],
        ["He", "x", 2, 0.5, 0.6],
    ]
