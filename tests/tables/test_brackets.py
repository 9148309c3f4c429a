"""The table of brackets."""

from comotion.tables.brackets import bracket_markdown, bracket_table, hierarchy_table

_RECORD = {
    "system": "sqrt_r-4", "level": "exact", "n_electrons": 4, "lower": 1.10375, "upper": 1.10376,
    "gap": 1e-5, "relative_gap": 9.1e-6, "v_comotion": 1.10575, "comotion_excess": 1.99e-3,
    "comotion_within_gap": False, "spline_error": 1e-6, "upper_plan": "cells", "settings": {},
    "hierarchy_bracket": {"2": [0.86, 0.86], "3": [1.02, 1.03]},
}  # fmt: skip


def test_rows_and_page() -> None:
    table = bracket_table([_RECORD, _RECORD | {"system": "He", "comotion_within_gap": True}])
    assert table["system"].tolist() == ["sqrt_r-4", "He"]
    assert table["upper_plan"].tolist() == ["cells", "cells"]
    text = bracket_markdown(table)
    assert "| sqrt_r-4 | exact | 1.103750 | 1.103760 | 9.1e-06 | 1.105750 | 2.0e-03 | no |" in text
    assert "| 2.0e-03 | yes |" in text


def test_hierarchy_ends_with_the_bracket_itself() -> None:
    table = hierarchy_table([_RECORD])
    assert table["k"].tolist() == [2, 3, 4]
    assert table["lower"].tolist() == [0.86, 1.02, 1.10375]
    assert table["upper"].tolist() == [0.86, 1.03, 1.10376]
