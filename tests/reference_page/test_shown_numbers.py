"""Numbers as they are shown: two digits of an error, and bounds that stay bounds."""

from decimal import Decimal
from pathlib import Path

import pytest

from comotion.audit.set_files import read_rows
from comotion.reference_page.shown_numbers import bracket, decimals_of, shown
from comotion.reference_set.loading import reference


def _row(**cells: str) -> dict[str, str]:
    return {"system": "X", "level": "exact", "n_electrons": "3", **cells}


def _values(**cells: str) -> dict[str, tuple[str, str]]:
    return {one.name: (one.value, one.error) for one in shown(_row(**cells))}


def test_digits_follow_the_error() -> None:
    found = _values(
        v_comotion="1.23456789012345", v_comotion_error="2.31e-6", hartree="2.0491368884947816",
        hartree_error="0.0", v_2="0.0312345", v_2_error="0.5", energy="-2.903724363720991",
    )  # fmt: skip
    assert found == {
        "n_electrons": ("3", ""),
        "v_comotion": ("1.2345679", "2.4e-6"),
        "hartree": ("2.049136888495", "0"),
        "v_2": ("0.03", "5.0e-1"),
        "energy": ("-2.90372436", ""),
    }


@pytest.mark.parametrize(("error", "decimals"), [
    ("", 8), ("0.0", 12), ("1e-17", 12), ("9.9e-8", 9), ("1e-7", 8), ("3.0", 1), ("42", 0),
])  # fmt: skip
def test_decimals(error: str, decimals: int) -> None:
    assert decimals_of(error) == decimals


def test_bounds_keep_their_side() -> None:
    found = _values(
        lower="1.234567896", upper="1.234567891", lower_proven="-0.123456781",
        w_inf_lower="-1.498378448", w_inf_upper="-1.498378441", lower_3="0.999999999",
        upper_12="0.000000001", lieb_oxford_ratio="1.252772679",
        lieb_oxford_ratio_upper="1.252772671", w_pc="-1.459772787",
    )  # fmt: skip
    assert {name: value for name, (value, _) in found.items()} == {
        "n_electrons": "3", "lower": "1.23456789", "upper": "1.23456790",
        "lower_proven": "-0.12345679", "w_inf_lower": "-1.49837845",
        "w_inf_upper": "-1.49837844", "lower_3": "0.99999999", "upper_12": "0.00000001",
        "lieb_oxford_ratio": "1.25277267", "lieb_oxford_ratio_upper": "1.25277268",
        "w_pc": "-1.45977279",
    }  # fmt: skip


def test_sizes_texts_and_small_numbers() -> None:
    found = _values(
        search_spread="4.569999330604526e-17", best_pattern="udu", unstable_share="0.0",
        w_pc="1.23e-11", quadrature_error="1.91e-7",
    )  # fmt: skip
    assert found == {
        "n_electrons": ("3", ""), "search_spread": ("4.6e-17", ""), "best_pattern": ("udu", ""),
        "unstable_share": ("0", ""), "w_pc": ("1.23e-11", ""), "quadrature_error": ("2.0e-7", ""),
    }  # fmt: skip


def test_every_cell_of_the_set_is_shown_once(folder: Path) -> None:
    for row in read_rows(folder):
        found = list(shown(row))
        seen = {one.name: one.cell for one in found}
        seen |= {f"{one.name}_error": one.error_cell for one in found if one.error_cell}
        cells = {name: cell for name, cell in row.items() if cell}
        assert seen | {name: row[name] for name in ("system", "level")} == cells


def test_what_is_shown_is_the_cell_to_its_digits(folder: Path) -> None:
    looked = 0
    for row in read_rows(folder):
        for one in shown(row):
            if one.name == "best_pattern":
                continue
            value, cell = Decimal(one.value), Decimal(one.cell)
            step = Decimal(1).scaleb(int(value.as_tuple().exponent))
            assert abs(value - cell) < step, one
            if one.error:
                error = Decimal(one.error_cell)
                assert error <= Decimal(one.error) <= error * Decimal("1.1"), one
                # No digit is lost that the error leaves.
                assert step <= error / 5 or step == Decimal("1e-12") or not error, one
            looked += 1
    assert looked > 400


def test_the_bracket_is_that_of_the_loader(folder: Path) -> None:
    for row in read_rows(folder):
        lower, upper = reference(row["system"], row["level"], folder).bounds
        found = bracket(row)
        assert 0 <= lower - float(found["lower"]) < 1.01e-8
        assert 0 <= float(found["upper"]) - upper < 1.01e-8
        assert ("is from a search" in found["said"]) == bool(row["lower"])
        assert ("from its certificate: it is proven," in found["said"]) != bool(row["lower"])
        assert ("from the cheapest plan found." in found["said"]) == bool(row["upper"])
        assert ("The proven lower bound is" in found["said"]) == bool(row["lower"])


def test_a_bracket_without_a_search(folder: Path) -> None:
    (row,) = [row for row in read_rows(folder) if row["system"] == "B"]
    proven = bracket(row | {"lower": ""})
    assert "from its certificate: it is proven," in proven["said"]
    assert 0 <= float(row["lower_proven"]) - float(proven["lower"]) < 1e-8
    bare = row | {"lower": "", "lower_proven": "", "upper": ""}
    pairs = float(row["v_2"]) - float(row["v_2_error"])
    assert bracket(bare)["said"] == (
        "The lower bound is from V_2, the upper bound from the co-motion plan."
    )
    assert 0 <= pairs - float(bracket(bare)["lower"]) < 1e-8
    assert bracket(bare | {"v_2": ""})["lower"] == ""
    plan = float(row["v_comotion"]) + float(row["quadrature_error"])
    assert 0 <= float(bracket(bare)["upper"]) - plan < 1e-8
