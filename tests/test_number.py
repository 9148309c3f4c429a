"""Numbers with their errors, as text, as a table and for notebooks."""

import math

import pytest

from comotion.number import Number, html_of, table_of


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (3.195856904, 2.3e-8, "3.19585690 +- 2e-08"),
        (3.195856906, 2.6e-8, "3.19585691 +- 3e-08"),
        (-0.5, 0.0, "-0.50000000 +- 0e+00"),
        (1.0, math.inf, "1.00000000 +- inf"),
        (1.25, None, "1.25000000"),
        (0.0, None, "0.00000000"),
        (math.nan, 0.3, "unknown: its error is too large"),
        (math.nan, None, "unknown: its error is too large"),
    ],
)
def test_a_number_with_its_error(value: float, error: float | None, text: str) -> None:
    assert str(Number(value, error, "energy")) == text


_NUMBERS = {"v_2": Number(0.5, 1e-9, "V_2 <closed>"), "u": Number(0.25, None, "Hartree energy U")}


def test_a_table_has_a_row_for_each_number() -> None:
    table = table_of(_NUMBERS)
    assert table.index.name == "quantity"
    assert list(table.index) == ["v_2", "u"]
    assert list(table.columns) == ["value", "error", "unit", "meaning"]
    first, second = table.to_dict("records")
    assert list(first.values()) == [0.5, 1e-9, "hartree", "V_2 <closed>"]
    # A number whose error is unknown is no number without error.
    assert math.isnan(second.pop("error"))
    assert list(second.values()) == [0.25, "hartree", "Hartree energy U"]


def test_notebooks_show_what_is_printed() -> None:
    assert html_of(_NUMBERS, "N > 1") == (
        "<table><caption>N &gt; 1</caption>"
        "<tr><td>v_2</td><td>0.50000000 +- 1e-09</td><td>V_2 &lt;closed&gt;</td></tr>"
        "<tr><td>u</td><td>0.25000000</td><td>Hartree energy U</td></tr></table>"
    )
