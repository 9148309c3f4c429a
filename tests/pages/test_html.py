"""Pages of the report in a browser and as text."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from browser import Page, browser, needs_chromium
from comotion.pages.descriptions import DESCRIBE, SHOWN_FIRST
from comotion.pages.html import settings_page, table_page
from comotion.tables.best_estimates import best_table
from comotion.tables.brackets import COLUMNS, hierarchy_table
from comotion.tables.quantities import COLUMNS as ENERGIES
from comotion.tables.quantities import Column
from comotion.tables.recorded_settings import settings_record

TABLE = pd.DataFrame({
    "system": ["Ne", "He", "Li+", "H<->x"],
    "energy": [-128.9, -2.903724377, float("nan"), -7.0],
    "n_electrons": [10, 2, 2, 4],
    "error": [2e-5, 1e-7, 3e-6, 0.0],
    "optimal": [False, True, True, False],
    "empty": [None, None, None, None],
})  # fmt: skip
HTML = table_page(
    TABLE, lambda name: Column("hartree", f"the {name}"), name="energies",
    shown_first=("system", "energy"),
)  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The table in a browser."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "table.html").write_text(HTML)
    with browser(folder) as opened:
        opened.open((folder / "table.html").as_uri())
        yield opened


def _column(page: Page, at: int) -> list[str]:
    shown: list[str] = page.evaluate(
        f"[...document.querySelectorAll('tbody tr')].map(row => row.cells[{at}].innerText)"
    )
    return shown


@needs_chromium
@pytest.mark.parametrize(
    ("column", "rising", "falling"),
    [
        (0, ["H<->x", "He", "Li+", "Ne"], ["Ne", "Li+", "He", "H<->x"]),
        (1, ["Ne", "H<->x", "He", "Li+"], ["He", "H<->x", "Ne", "Li+"]),
    ],
)
def test_a_click_sorts_and_another_one_turns_the_order(
    page: Page, column: int, rising: list[str], falling: list[str]
) -> None:
    heading = f"document.querySelectorAll('thead th')[{column}]"
    page.evaluate(f"{heading}.click()")
    assert _column(page, 0) == rising
    page.evaluate(f"{heading}.click()")
    assert _column(page, 0) == falling
    assert page.evaluate(f"{heading}.getAttribute('aria-sort')") == "descending"
    assert page.complaints == []


@needs_chromium
def test_other_columns_are_seen_when_asked_for(page: Page) -> None:
    heading = "document.querySelectorAll('thead th')[2].offsetWidth"
    assert page.evaluate(heading) == 0
    page.evaluate("document.querySelector('#all').click()")
    assert page.evaluate(heading) > 0


@needs_chromium
def test_the_main_columns_are_seen_in_a_common_window(tmp_path: Path) -> None:
    """Beside the menu of the report, at 1400 pixels, with numbers as wide as those of argon."""
    table = pd.DataFrame({
        name: ["Ar", "sqrt_r-18"] if name == "system"
        else ["ccsd_aug-cc-pCVTZ", "exact"] if name == "level"
        else [18, 18] if name == "n_electrons"
        else ["", "v_comotion_5 < v_comotion_4; v_comotion > v_quantum"] if name == "warnings"
        else [-231.605303, 34.814869]
        for name in SHOWN_FIRST["energies"]
    })  # fmt: skip
    page = table_page(
        table, DESCRIBE["energies"], name="energies", shown_first=SHOWN_FIRST["energies"]
    )
    (tmp_path / "table.html").write_text(page)
    (tmp_path / "profile").mkdir()
    # The menu takes 280 of them.
    with browser(tmp_path / "profile", width=1120) as opened:
        opened.open((tmp_path / "table.html").as_uri())
        edge = opened.evaluate(
            "Math.max(...[...document.querySelectorAll('thead th')]"
            ".map(cell => cell.getBoundingClientRect().right))"
        )
        assert 600 < edge <= opened.evaluate("window.innerWidth")


def test_cells_are_rounded_and_nothing_is_lost() -> None:
    assert '<td data-value="-2.903724377">-2.903724</td>' in HTML
    assert '<td class="more" data-value="1e-07">1.0e-07</td>' in HTML
    assert '<td class="text more" data-value="True">yes</td>' in HTML
    assert "H&lt;-&gt;x" in HTML
    assert "H<->x" not in HTML
    assert "empty" not in HTML
    assert "<small>hartree</small></th>" in HTML


def test_pages_load_nothing_from_elsewhere() -> None:
    for page in (HTML, settings_page({"versions": {"numpy": ["2"]}, "settings": {}})):
        assert "://" not in page
        assert "@import" not in page


def test_every_column_has_a_unit_and_a_meaning(project: Path) -> None:
    tables: dict[str, list[str]] = {
        "energies": [*ENERGIES, "v_2", "v_2_error", "v_comotion_3", "lower_2", "upper_2"],
        "best": best_table([]).columns.astype(str).tolist(),
        "bracket": list(COLUMNS),
        "hierarchy_bracket": hierarchy_table([]).columns.astype(str).tolist(),
    }
    for name, columns in tables.items():
        assert all(DESCRIBE[name](column).meaning for column in columns)
    assert set(SHOWN_FIRST["energies"]) <= set(ENERGIES)
    header = (project / "docs/accuracy.md").read_text().partition("<!-- engine -->\n| ")[2]
    engine = header.partition(" |\n")[0].split(" | ")
    assert len(engine) > 10
    assert all(DESCRIBE["engine"](name.replace(" ", "_")).meaning for name in engine)


def test_versions_and_settings_are_gathered_from_the_records() -> None:
    def record(seeds: list[int], numpy: str) -> dict[str, object]:
        return {
            "settings": {"seeds": seeds, "accuracy": {"seeds": 1e-5}},
            "provenance": {"versions": {"numpy": numpy}},
        }

    study = settings_record([
        ("sce", record([1, 2], "2.1")), ("sce", record([1, 2], "2.2")),
        ("bracket", record([3, 4], "2.2")),
    ])  # fmt: skip
    assert study["versions"]["numpy"] == ["2.1", "2.2"]
    assert study["settings"]["sce"] == {"seeds": [[1, 2]], "accuracy.seeds": [1e-5]}
    assert study["settings"]["bracket"]["seeds"] == [[3, 4]]
    page = settings_page(study)
    assert "2.1; 2.2" in page
    assert "settings of bracket" in page
    assert "accuracy.seeds" in page
