"""Every column of the table of energies against the record that it stands in, and the page."""

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from comotion.tables.comparison import energies_table, markdown
from comotion.tables.quantities import COLUMNS, column

Records = list[tuple[str, dict[str, Any]]]

_QUANTUM = [
    "nuclear_charge", "energy", "v_quantum", "v_hf", "exchange", "density_integral_error",
    "virial_ratio", "spin_square",
]  # fmt: skip
_DENSITY = [
    "hartree", "v_mean_field", "w_pc", "w_pc_prime", "rho_four_thirds", "gradient_four_thirds",
    "rho_three_halves", "gradient_seven_sixths", "hartree_error",
]  # fmt: skip
_PLAN = [
    "v_comotion", "v_best_pattern", "w_inf_comotion", "w_inf_prime", "unstable_share",
    "search_spread", "quadrature_error", "w_inf_prime_error",
]  # fmt: skip
_BRACKET = [
    "lower", "upper", "upper_quadrature_error", "w_inf_prime_optimal", "w_inf_prime_optimal_error",
]  # fmt: skip
_PAIR = ["lower_proven", "lower_pair"]


def _numbers(first: int) -> Iterator[float]:
    """Numbers of which no two are alike."""
    return (first + k + (first + k) / 128 for k in range(100))


@pytest.fixture(scope="module")
def values() -> dict[str, float]:
    """A value for each column that is a number in a record."""
    return dict(zip([*_QUANTUM, *_DENSITY, *_PLAN, *_BRACKET, *_PAIR], _numbers(5), strict=False))


def _records(values: dict[str, float], *, atom: bool) -> Records:
    """Records that hold what a record of their name holds; the others' names are decoys in each."""
    key = {"system": "Be" if atom else "ball-4", "level": "hf_x" if atom else "exact",
           "n_electrons": 4}  # fmt: skip
    decoys = dict.fromkeys(values, -999.0)
    integrals = {name: values[name] for name in _DENSITY}
    sce = {name: values[name] for name in _PLAN} | {"best_pattern": "uddu"}
    bracket = {name: values[name] for name in _BRACKET}
    pair = {name: values[name] for name in _PAIR}
    found: Records = [
        ("sce", decoys | key | sce),
        ("hierarchy", decoys | key | {
            "hierarchy": {"v_2": 0.5, "v_comotion_4": 0.75},
            "hierarchy_error": {"v_2": 0.25, "v_comotion_4": 0.125},
        }),
        ("bracket", decoys | key | bracket | {"hierarchy_bracket": {"2": [0.375, 0.625]}}),
        ("pair_bound", decoys | key | pair | {"hierarchy_proven": {"2": 0.34375}}),
    ]  # fmt: skip
    if atom:
        quantum = {name: values[name] for name in _QUANTUM} | {"converged": True}
        return [*found, ("quantum", decoys | key | integrals | quantum)]
    return [*found, ("density", decoys | key | integrals)]


@pytest.mark.parametrize("atom", [True, False])
def test_every_column_is_read_from_its_record(values: dict[str, float], atom: bool) -> None:
    (row,) = energies_table(_records(values, atom=atom)).to_dict("records")
    expected: dict[str, Any] = values | {
        "system": "Be" if atom else "ball-4", "level": "hf_x" if atom else "exact",
        "n_electrons": 4, "best_pattern": "uddu", "converged": True, "v_2": 0.5, "v_2_error": 0.25,
        "v_comotion_4": 0.75, "v_comotion_4_error": 0.125, "lower_2": 0.375, "upper_2": 0.625,
        "lower_proven_2": 0.34375,
    }  # fmt: skip
    # A bracket bounds W_inf, widened by the error of U.
    u, error = values["hartree"], values["hartree_error"]
    expected |= {
        "w_inf_lower": values["lower"] - u - error,
        "w_inf_upper": values["upper"] - u + error,
        "lieb_oxford_ratio": -(values["upper"] - u + error) / values["rho_four_thirds"],
    }
    for name in ("energy", "v_quantum", "v_hf", "hartree", "v_mean_field", "v_comotion"):
        expected[f"{name}_per_pair"] = values[name] / 6
    missing = set() if atom else {*_QUANTUM, "converged"}
    missing |= {f"{name}_per_pair" for name in missing & {"energy", "v_quantum", "v_hf"}}
    assert set(row) == {*expected, "warnings"}
    for name, value in expected.items():
        if name in missing:
            assert pd.isna(row[name]), name
        else:
            assert row[name] == value, name


def test_rows_have_each_their_own_values(values: dict[str, float]) -> None:
    other = {name: value + 500 for name, value in values.items()}
    records = [*_records(values, atom=False), *_records(other, atom=True)]
    table = energies_table(records).set_index("system")
    for name in (*_DENSITY, *_PLAN, *_BRACKET, *_PAIR):
        assert table.loc["ball-4", name] == values[name]
        assert table.loc["Be", name] == other[name]
    energy = float(str(table.loc["Be", "energy_per_pair"]))
    assert energy == other["energy"] / 6
    assert math.isnan(float(str(table.loc["ball-4", "energy_per_pair"])))


def test_rows_stand_by_electrons_then_by_name_then_by_level() -> None:
    keys = [("Ne", "b", 10), ("Be", "b", 4), ("B+", "a", 4), ("Be", "a", 4), ("He", "z", 2)]
    records = [
        ("sce", {"system": system, "level": level, "n_electrons": n}) for system, level, n in keys
    ]
    whole = dict.fromkeys(("v_mean_field", "hartree", "rho_four_thirds"), 1.0)
    table = energies_table([(name, record | whole) for name, record in records])
    assert list(zip(table["system"], table["level"], strict=True)) == [
        ("He", "z"), ("B+", "a"), ("Be", "a"), ("Be", "b"), ("Ne", "b")
    ]  # fmt: skip
    # A row that is asked for twice stands once, where it was first asked for.
    rows = [("Ne", "b"), ("He", "z"), ("Ne", "b")]
    assert energies_table(records, rows)["system"].tolist() == ["Ne", "He"]


#: Columns of the page with their decimals; those of -1 are errors.
_PAGE = {
    "v_comotion": 5, "v_best_pattern": 5, "v_quantum": 5, "v_hf": 5, "v_mean_field": 5,
    "hartree": 5, "energy": 5, "w_inf_lower": 5, "w_inf_upper": 5, "w_pc": 5, "w_inf_prime": 4,
    "lieb_oxford_ratio": 4, "search_spread": -1, "quadrature_error": -1,
}  # fmt: skip


def test_page_shows_each_column_with_its_decimals(values: dict[str, float]) -> None:
    table = energies_table(_records(values, atom=True)).assign(warnings="")
    lines = markdown(table).splitlines()
    names = ["system", "level", "n_electrons", *_PAGE]
    assert lines[0] == "| " + " | ".join(names) + " |"
    assert lines[1] == "| --- | --- |" + " ---: |" * 15
    cells = [
        f"{table[name][0]:.1e}" if decimals < 0 else f"{table[name][0]:.{decimals}f}"
        for name, decimals in _PAGE.items()
    ]
    assert lines[2] == "| Be | hf_x | 4 | " + " | ".join(cells) + " |"
    assert lines[3] == ""
    # What each column is stands below it.
    assert len(lines) == 4 + len(names)
    for name, line in zip(names, lines[4:], strict=True):
        unit = COLUMNS[name].unit or "name"
        assert line == f"- `{name}` ({unit}): {column(name).meaning}"


def test_page_says_why_a_row_is_marked(values: dict[str, float]) -> None:
    table = energies_table([*_records(values, atom=True), *_records(values, atom=False)])
    table["warnings"] = ["", "one = 2 exceeds other = 1; and another"]
    assert table["system"].tolist() == ["Be", "ball-4"]
    lines = markdown(table).splitlines()
    assert lines[2].startswith("| Be | hf_x |")
    assert lines[3].startswith("| ball-4* | exact |")
    assert lines[4:8] == [
        "",
        (
            "`*` V_SCE obeys these inequalities; an upper bound of it, and the <V_ee> of coupled "
            "cluster, need not:"
        ),
        "",
        "- ball-4 at exact: one = 2 exceeds other = 1; and another",
    ]
