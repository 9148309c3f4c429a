"""The table of best estimates, and numbers with their error bars in brackets."""

from typing import Any

import pandas as pd
import pytest

from comotion.tables.best_estimates import (
    COMPARED,
    best_markdown,
    best_table,
    coverage_table,
    with_error,
)

_NAMES = [
    "energy", "v_quantum", "hartree", "middle", "v_comotion", "v_best_pattern", "w_inf_comotion",
    "w_inf_prime",
]  # fmt: skip


def _record(system: str, **more: Any) -> dict[str, Any]:
    """A record in which the quantities are 1.5, 2.5, ... with errors 3e-2, 3e-3, ..."""
    found: dict[str, Any] = {"system": system, "level": "best", "n_electrons": 4}
    for k, name in enumerate(_NAMES):
        found |= {name: 1.5 + k, f"{name}_error": 0.3 * 10.0 ** -(k + 1)}
    return found | {"nuclear_charge": 4, "energy_exact": None, "energy_within_error": None} | more


def test_every_quantity_is_followed_by_its_error_bar() -> None:
    bracket = {"lower": 4.25, "upper": 4.75, "v_comotion_by_potential": 5.25}
    table = best_table([_record("Be", energy_exact=1.51, energy_within_error=True, **bracket)])
    in_pairs = [column for name in _NAMES for column in (name, f"{name}_error")]
    assert list(table.columns) == [
        "system", "level", "n_electrons", "nuclear_charge", *in_pairs, "lower", "upper",
        "v_comotion_by_potential", "energy_exact", "energy_within_error",
    ]  # fmt: skip
    (row,) = table.to_dict("records")
    for k, name in enumerate(_NAMES):
        assert (row[name], row[f"{name}_error"]) == (1.5 + k, 0.3 * 10.0 ** -(k + 1))
    assert (row["system"], row["n_electrons"], row["nuclear_charge"]) == ("Be", 4, 4)
    assert (row["energy_exact"], row["energy_within_error"]) == (1.51, True)
    assert {name: row[name] for name in bracket} == bracket


def test_page() -> None:
    table = best_table([
        _record("Be", energy_exact=-14.6673561234, energy_within_error=False),
        _record("B", energy_exact=2.0, energy_within_error=True),
        _record("C", v_comotion=None, v_comotion_error=None),
    ])  # fmt: skip
    header, rule, *rows = best_markdown(table, coverage_table([])).splitlines()
    assert header == "| system | level | " + " | ".join(_NAMES) + " | energy exact | within |"
    assert rule == "| --- " * 12 + "|"
    cells = (
        "1.50(3) | 2.500(3) | 3.5000(3) | 4.50000(3) | 5.500000(3) | 6.5000000(3) | "
        "7.50000000(3) | 8.500000000(3)"
    )
    assert rows[:4] == [
        f"| Be | best | {cells} | -14.6673561 | no |",
        f"| B | best | {cells} | 2 | yes |",
        f"| C | best | {cells.replace('5.500000(3)', '')} |  |  |",
        "",
    ]
    assert rows[4].startswith("Hartree; in brackets the error bar in units of the last digit.")


def _two(level: str, off: float, **more: Any) -> dict[str, Any]:
    """Helium at a level: each quantity 1, 2, ... and a bit, each error bar 0.5."""
    found: dict[str, Any] = {"system": "He", "level": level, "n_electrons": 2, "energy_exact": 1.5}
    for k, name in enumerate(COMPARED):
        found |= {name: 1.0 + k + off * k, f"{name}_error": 0.5}
    return found | more


def test_estimates_are_compared_with_what_is_exact() -> None:
    records = [
        _two("best", 0.0), _two("best_5Z", 0.125), _record("Be", energy_exact=1.45),
        _record("B"), _two("best_QZ", 0.0, system="Li+"),
    ]  # fmt: skip
    table = coverage_table(records)
    assert list(table.columns) == [
        "system", "level", "quantity", "value", "error", "exact", "bars"
    ]  # fmt: skip
    # An exact state, and one without such a state beside it, are compared with the literature.
    assert table["system"].tolist() == ["He"] * (1 + len(COMPARED)) + ["Be", "Li+"]
    for one in (table.iloc[0], table.iloc[-1]):
        assert one.tolist()[2:] == ["energy", 1.0, 0.5, 1.5, 1.0]
    helium, beryllium = table.iloc[1:-2], table.iloc[-2]
    assert (helium["level"] == "best_5Z").all()
    assert helium["quantity"].tolist() == list(COMPARED)
    for k, row in enumerate(helium.to_dict("records")):
        assert (row["value"], row["error"], row["exact"]) == (1 + 1.125 * k, 0.5, 1.0 + k)
        assert row["bars"] == 0.25 * k
    assert beryllium.tolist()[2:6] == ["energy", 1.5, 0.03, 1.45]
    assert beryllium["bars"] == pytest.approx(5 / 3)
    lines = best_markdown(best_table(records), table).splitlines()
    assert lines[-1] == (
        "Of 1 exact values of systems that the rule of the bars never saw 0 lie within one error "
        "bar and 1 within two; outside of one: Be best energy (1.7 bars). Of 9 exact values of He, "
        "Li+, B3+, from which it was taken, 7 lie within one."
    )
    within = coverage_table([_record("Be", energy_exact=1.49)])
    said = best_markdown(best_table(records), within).splitlines()[-1]
    assert said == (
        "Of 1 exact values of systems that the rule of the bars never saw 1 lie within one error "
        "bar and 1 within two."
    )
    of_rule = coverage_table([_record("He", energy_exact=1.49)])
    said = best_markdown(best_table(records), of_rule).splitlines()[-1]
    assert said.startswith("Of 1 exact values of He, Li+, B3+, from which it was taken,")


def test_a_quantity_that_is_not_known_is_not_compared() -> None:
    table = coverage_table([_two("best", 0.0, v_quantum=None), _two("best_5Z", 0.1, kinetic=None)])
    assert set(table["quantity"]) == set(COMPARED) - {"v_quantum", "kinetic"}


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (-14.66735, 3.4e-4, "-14.6674(3)"),
        (66.028, 0.0042, "66.028(4)"),
        # Between 2 and 19 units of the last digit: from 2 on one digit, below it two.
        (1.23456, 2.0e-3, "1.235(2)"),
        (1.23456, 1.99e-3, "1.2346(20)"),
        (1.23456, 1.04e-3, "1.2346(10)"),
        (1.23456, 9.6e-4, "1.2346(10)"),
        (1.23456, 2.4e-4, "1.2346(2)"),
        (1.23456, 2.6e-4, "1.2346(3)"),
        # Whole numbers, and no more than ten decimals, in which no error is less than one unit.
        (66.7, 25.4, "67(25)"),
        (66.7, 2.0, "67(2)"),
        (1.0, 2e-10, "1.0000000000(2)"),
        (1.0, 1.4e-10, "1.0000000000(1)"),
        (1.0, 1e-13, "1.0000000000(1)"),
        # No error, or none that is known.
        (1.0, 0.0, "1.0000000000"),
        (1.0, float("nan"), "1.0000000000"),
        (float("nan"), 0.1, ""),
    ],
)
def test_errors_in_brackets(value: float, error: float, text: str) -> None:
    assert with_error(value, error) == text


def test_no_atoms_no_rows() -> None:
    assert best_table([]).empty
    assert isinstance(best_table([]), pd.DataFrame)
