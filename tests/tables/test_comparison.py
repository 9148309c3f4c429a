"""The table of energies: its columns, its missing values, its order and its page."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comotion.errors import ComparisonError
from comotion.tables.chain import check_chain
from comotion.tables.comparison import energies_table, markdown
from comotion.tables.quantities import COLUMNS, RECORDS, column

Records = list[tuple[str, dict[str, Any]]]

_KEY = {"system": "gaussian-2", "level": "exact", "n_electrons": 2}
_MODEL: Records = [
    ("density", {**_KEY, "hartree": 1.1, "v_mean_field": 0.55, "rho_four_thirds": 0.65}),
    ("sce", {**_KEY, "w_inf_comotion": -0.8, "v_comotion": 0.3}),
    ("hierarchy", {**_KEY, "hierarchy": {"v_2": 0.3}}),
]
_ROWS = [("Ne", "ccsd_x"), ("gaussian-2", "exact"), ("Ne", "hf_x")]


@pytest.fixture(scope="session")
def study(neon: Records, changed: Callable[..., Records]) -> Records:
    """Records of three rows, one of which has a warning."""
    coupled = [(name, record | {"level": "ccsd_x"}) for name, record in changed(upper=54.5)]
    return [*neon, *_MODEL, *coupled]


def test_records_of_one_system_become_one_row(neon: Records) -> None:
    table = energies_table(neon)
    values = ("v_2", "v_comotion_3", "v_comotion_10")
    hierarchy = [name for value in values for name in (value, f"{value}_error")]
    bounds = ["lower_2", "lower_3", "upper_2", "upper_3", "lower_proven_2", "lower_proven_3"]
    assert list(table.columns) == [*COLUMNS, *hierarchy, *bounds]
    (row,) = table.to_dict("records")
    assert row["v_comotion_per_pair"] == pytest.approx(46 / 45)
    assert row["lieb_oxford_ratio"] == pytest.approx((66.1 - 45.96 - 1e-7) / 14.9)
    assert row["warnings"] == ""
    check_chain(table)


def test_every_column_has_a_meaning_and_a_record(neon: Records) -> None:
    columns = {str(name): column(str(name)) for name in energies_table(neon)}
    assert all(found.meaning for found in columns.values())
    assert {found.record for found in columns.values()} <= {"", *RECORDS}
    assert "upper bound of V_3" in column("v_comotion_3").meaning
    assert "lower bound of V_SCE" in column("v_2").meaning
    assert "error of v_comotion_3" in column("v_comotion_3_error").meaning
    for name in ("v_3", "v_comotion_x", "middle_3", "v_hierarchy_3", "lower_3_error", "w_inf"):
        with pytest.raises(KeyError):
            column(name)


def test_a_key_of_two_records_comes_from_the_one_that_its_column_names(neon: Records) -> None:
    # The bracket's co-motion cost differs in the last digits, on purpose.
    for records in (neon, neon[::-1]):
        assert energies_table(records)["v_comotion"].tolist() == [46.0]


@pytest.fixture(scope="session")
def tables(study: Records) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Their table in the usual order of rows and in another one."""
    return energies_table(study), energies_table(study, _ROWS)


@settings(max_examples=30)
@given(st.permutations(range(13)))
def test_the_order_of_the_records_changes_nothing(
    study: Records, tables: tuple[pd.DataFrame, pd.DataFrame], order: list[int]
) -> None:
    assert len(study) == len(order)
    shuffled = [study[k] for k in order]
    for rows, table in zip((None, _ROWS), tables, strict=True):
        pd.testing.assert_frame_equal(energies_table(shuffled, rows), table)


def test_rows_stand_in_the_order_that_is_asked_for(study: Records) -> None:
    def keys(table: pd.DataFrame) -> list[tuple[str, str]]:
        return list(zip(table["system"], table["level"], strict=True))

    assert keys(energies_table(study)) == [_ROWS[1], _ROWS[0], _ROWS[2]]
    assert keys(energies_table(study, _ROWS)) == _ROWS
    assert keys(energies_table(study, _ROWS[:1])) == _ROWS[:1]


def test_records_that_do_not_fit_are_errors(neon: Records) -> None:
    hierarchy = ("hierarchy", neon[2][1] | {"n_electrons": 9})
    for records, sentence in (
        ([*neon, neon[1]], "Ne at hf_x: the record sce is there twice"),
        ([*neon, ("density", neon[0][1])], "the record density is there twice"),
        ([*neon[:2], hierarchy], "different N, hierarchy has 9, quantum has 10"),
        (_MODEL, "Ne at hf_x: no record"),
    ):
        with pytest.raises(ComparisonError, match=sentence):
            energies_table(records, [("Ne", "hf_x")])


def test_models_have_no_quantum_energies() -> None:
    table = energies_table(_MODEL)
    assert pd.isna(table["v_quantum"][0])
    assert pd.isna(table["energy_per_pair"][0])
    check_chain(table)
    assert "| gaussian-2 | exact | 2 | 0.30000 |  |  |  | 0.55000 |" in markdown(table)


def test_one_electron_has_no_pairs() -> None:
    key = {"system": "H", "level": "hf_x", "n_electrons": 1}
    # No repulsion, but for the rounding of sums that cancel.
    table = energies_table([
        ("quantum", {
            **key, "energy": -0.5, "v_quantum": -2e-17, "v_hf": -2e-17, "hartree": 0.3125,
            "hartree_error": 0.0, "v_mean_field": 0.0, "rho_four_thirds": 0.29,
        }),
        ("sce", {
            **key, "v_comotion": 0.0, "v_best_pattern": 0.0, "w_inf_comotion": -0.3125,
            "search_spread": 0.0, "quadrature_error": 0.0,
        }),
        ("hierarchy", {**key, "hierarchy": {}}),
    ])  # fmt: skip
    assert table["w_inf_lower"][0] == table["w_inf_upper"][0] == -0.3125
    assert pd.isna(table["v_comotion_per_pair"][0])
    assert table["warnings"].tolist() == [""]
    check_chain(table)


def test_a_row_with_a_warning_is_marked_and_no_other(study: Records, neon: Records) -> None:
    text = markdown(energies_table(study, _ROWS))
    assert "| Ne* | ccsd_x |" in text
    assert "| Ne | hf_x |" in text
    assert "- Ne at ccsd_x: upper = 54.5000000000 exceeds v_quantum" in text
    assert "*" not in markdown(energies_table(neon))
