"""The table: its columns, its missing values, and the chain that every row must obey."""

from typing import Any

import pandas as pd
import pytest

from comotion import check_chain, energies_table
from comotion.comparison.table import COLUMNS, column, markdown
from comotion.errors import ComparisonError

_NEON: list[dict[str, Any]] = [
    {
        "system": "Ne", "level": "hf_x", "n_electrons": 10, "energy": -128.5, "v_quantum": 54.0,
        "v_hf": 54.0, "hartree": 66.1, "v_mean_field": 59.49, "rho_four_thirds": 14.9,
        "w_pc": -20.0,
    },
    {
        "system": "Ne", "level": "hf_x", "n_electrons": 10, "v_comotion": 46.0, "w_inf": -20.1,
        "search_spread": 0.0, "settings": {},
    },
    {"system": "Ne", "level": "hf_x", "n_electrons": 10, "v_hierarchy": {"2": 29.2, "10": 46.0}},
]  # fmt: skip


def _changed(**values: float) -> list[dict[str, Any]]:
    return [record | {k: v for k, v in values.items() if k in record} for record in _NEON]


def test_records_of_one_system_become_one_row() -> None:
    table = energies_table(_NEON)
    assert list(table.columns) == [*COLUMNS, "v_hierarchy_2", "v_hierarchy_10"]
    (row,) = table.to_dict("records")
    assert row["v_comotion_per_pair"] == pytest.approx(46 / 45)
    assert row["lieb_oxford_ratio"] == pytest.approx(20.1 / 14.9)
    assert all(column(str(name)).meaning for name in table)
    check_chain(table)


def test_models_have_no_quantum_energies() -> None:
    model = {
        "system": "gaussian-2", "level": "exact", "n_electrons": 2, "energy": None,
        "v_quantum": None, "v_hf": None, "hartree": 1.1, "v_mean_field": 0.55, "w_inf": -0.8,
        "rho_four_thirds": 0.65, "v_comotion": 0.3, "v_hierarchy": {"2": 0.3},
    }  # fmt: skip
    table = energies_table([model, *_NEON])
    assert table["system"].tolist() == ["gaussian-2", "Ne"]
    assert pd.isna(table["v_quantum"][0])
    check_chain(table)
    assert "| gaussian-2 | exact | 2 | 0.30000 |  |  |  | 0.55000 |" in markdown(table)


def test_one_electron_has_no_pairs() -> None:
    record = _NEON[0] | _NEON[1] | {"n_electrons": 1, "v_comotion": 0.0, "v_quantum": 0.0}
    assert pd.isna(energies_table([record])["v_comotion_per_pair"][0])


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"v_comotion": 54.1}, "v_comotion = 54.10000000 exceeds v_quantum"),
        ({"v_mean_field": 45.9}, "v_comotion = 46.00000000 exceeds v_mean_field"),
        ({"w_inf": -23.6}, "Lieb-Oxford ratio 1.58"),
        ({"v_hierarchy": {"2": 29.2, "3": 29.1}}, "v_hierarchy_2 = 29.2.* exceeds v_hierarchy_3"),
        ({"v_hierarchy": {"10": 54.1}}, "v_hierarchy_10 = 54.1.* exceeds v_quantum"),
    ],
)
def test_broken_chain_is_an_error(fault: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ComparisonError, match=f"Ne at hf_x: .*{sentence}"):
        check_chain(energies_table(_changed(**fault)))
