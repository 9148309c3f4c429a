"""How tables are written on a page: rounding, headings, what is hidden at first, the download."""

import base64
import re
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from comotion.pages.html import settings_page, table_page
from comotion.tables.quantities import Column


def _page(table: pd.DataFrame, *shown_first: str, unit: str = "hartree") -> str:
    return table_page(
        table, lambda name: Column(unit, f"the {name} & more"), name="best_table",
        shown_first=shown_first,
    )  # fmt: skip


def _table(page: str) -> ET.Element:
    """The table of a page, which is well-formed XML."""
    return ET.fromstring(page[page.index("<table") : page.index("</table>") + 8])  # noqa: S314


def _cells(page: str) -> list[list[tuple[str, str]]]:
    """Value to sort by and text of each cell, row by row."""
    return [
        [(cell.get("data-value", "?"), "".join(cell.itertext())) for cell in row]
        for row in _table(page).iterfind("tbody/tr")
    ]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        # Below a thousandth in all of a column: errors, of which the size matters.
        ([9.99e-4, -2e-7], ["1.0e-03", "-2.0e-07"]),
        # What would be a zero that it is not is written by its size, too.
        ([1e-3, -2e-7], ["0.001000", "-2.0e-07"]),
        ([1e-3, 0.0], ["0.001000", "0.000000"]),
        ([9.99e-4, 1.5], ["0.000999", "1.500000"]),
        ([1.0, 20.0], ["1", "20"]),
        ([1.0, 20.5], ["1.000000", "20.500000"]),
        ([3, 4], ["3", "4"]),
        ([2.0, None], ["2", ""]),
        ([1e-5, None], ["1.0e-05", ""]),
        ([-0.12345649, 2.12345651], ["-0.123456", "2.123457"]),
        ([True, False], ["yes", "no"]),
        (["True", "uddu"], ["yes", "uddu"]),
        ([None, "a<b"], ["", "a<b"]),
    ],
)
def test_numbers_of_a_column_are_written_alike(values: list[object], texts: list[str]) -> None:
    cells = _cells(_page(pd.DataFrame({"x": values})))
    assert [shown for ((_, shown),) in cells] == texts


def test_the_whole_value_is_kept_to_sort_by() -> None:
    table = pd.DataFrame({"x": [0.1234567890123, float("nan")], "n": [3, 4], "y": ["a<b", "c"]})
    assert [[full for full, _ in row] for row in _cells(_page(table))] == [
        ["0.1234567890123", "3", "a<b"], ["", "4", "c"]
    ]  # fmt: skip


def test_headings_tell_name_unit_and_meaning() -> None:
    table = pd.DataFrame({"energy": [0.5], "system": ["Ne"], "empty": [None]})
    for unit, small in (("hartree", "hartree"), ("1", None), ("", None), ("a<b", "a<b")):
        headings = list(_table(_page(table, unit=unit)).iterfind("thead/tr/th"))
        names = ["".join(span.itertext()) for h in headings if (span := h.find("span")) is not None]
        assert names == ["E", "system"]
        assert [heading.findtext("small") for heading in headings] == [small, small]
        titles = [heading.get("title") for heading in headings]
        assert titles == ["energy: the energy & more", "system: the system & more"]


def test_text_and_what_is_hidden_are_marked_in_heading_and_cell() -> None:
    table = pd.DataFrame({"system": ["Ne"], "energy": [0.5], "level": ["hf"], "ok": [True]})
    shown = _table(_page(table, "system", "energy"))
    expected = ["text", None, "text more", "text more"]
    assert shown.get("class") == "few"
    assert [cell.get("class") for cell in shown.iterfind("thead/tr/th")] == expected
    assert [cell.get("class") for cell in shown.iterfind("tbody/tr/td")] == expected
    whole = _table(_page(table))
    assert whole.get("class") is None
    assert [cell.get("class") for cell in whole.iterfind("tbody/tr/td")] == [
        "text", None, "text", "text"
    ]  # fmt: skip


def test_all_columns_are_offered_where_some_are_hidden() -> None:
    table = pd.DataFrame({"system": ["Ne"], "energy": [0.5], "empty": [None]})
    offer = '<label><input type="checkbox" id="all"> all columns</label>'
    assert offer in _page(table, "system")
    # A column without values would not be seen in any case.
    assert offer not in _page(table, "system", "energy")
    assert offer not in _page(table)


def test_the_link_holds_the_whole_table() -> None:
    table = pd.DataFrame({"system": ["Ne", "H<"], "energy": [0.1234567890123, 2.0], "empty": None})
    page = _page(table, "system")
    found = re.search(
        r'<a download="([^"]*)" href="data:text/csv;base64,([^"]*)">([^<]*)</a>', page
    )
    assert found is not None
    name, content, text = found.groups()
    assert name == text == "best_table.csv"
    assert base64.b64decode(content).decode() == table.to_csv(index=False)


def test_a_page_is_named_by_its_table() -> None:
    page = _page(pd.DataFrame({"x": [1]}))
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>best table</title>" in page
    assert "<h1>best table</h1>" in page
    # Style and script are within it.
    assert "border-collapse" in page
    assert "addEventListener" in page


def test_settings_stand_under_their_stage() -> None:
    page = settings_page({
        "versions": {"numpy": ["2.1", "2.2"], "a<b": ["1"]},
        "settings": {"sce": {"seeds": [[1, 2]]}, "bracket": {"limit": [0.5, 7]}},
    })  # fmt: skip
    parts = re.findall(r"<h1>([^<]*)</h1><table><tbody>(.*?)</tbody></table>", page)
    assert [heading for heading, _ in parts] == [
        "versions", "settings of sce", "settings of bracket"
    ]  # fmt: skip
    rows = [re.findall(r'<td class="text">(.*?)</td>', row) for _, row in parts]
    assert rows == [["numpy", "2.1; 2.2", "a&lt;b", "1"], ["seeds", "[1, 2]"], ["limit", "0.5; 7"]]
    assert "<title>versions and settings</title>" in page
    assert "<h1>versions and settings</h1>" not in page
