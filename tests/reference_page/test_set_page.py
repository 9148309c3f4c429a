"""The page as a file: complete, the same at every run, and that of the set beside it."""

import json
import re
import shutil
import sys
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from comotion.audit.findings import audit
from comotion.audit.set_files import names_in, page_findings, page_mark, read_rows
from comotion.cli import main
from comotion.errors import RecordError
from comotion.reference_page.drawing_library import drawing_library
from comotion.reference_page.entries import kind_of
from comotion.reference_page.page_parts import other_systems, system_name
from comotion.reference_page.set_page import columns_shown, reference_page
from comotion.stages import reference_add


def _records(page: str) -> Mapping[str, Any]:
    """The data that a page holds, by their names."""
    found = re.findall(r'<script type="application/json" id="([^"]*)">(.*?)</script>', page)
    return {name: json.loads(text) for name, text in found}


class _Links(HTMLParser):
    """Addresses that a page names outside its scripts, and identifiers."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.names: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        self.names += [value or "" for name, value in attrs if name == "id"]
        assert tag not in ("link", "img", "iframe", "object")


@pytest.mark.locked
@pytest.mark.usefixtures("page")
def test_the_page_beside_the_set_is_the_one_that_the_command_makes(project: Path) -> None:
    whole = project / "reference"
    text = (whole / "index.html").read_bytes().decode()
    assert text == reference_page(whole)
    assert len(text) < 15_000_000


def test_the_same_bytes_in_every_run(folder: Path, page: str) -> None:
    drawing_library.cache_clear()
    assert reference_page(folder) == page


def test_its_size(folder: Path, page: str) -> None:
    """Far below 15 MB, with 150 pairs too: of them an average one takes what it takes here."""
    held = _records(page)
    pairs = [text for name, text in held.items() if name.startswith("pair ")]
    assert len(pairs) == len(read_rows(folder))
    each = max(len(json.dumps(one)) for one in pairs)
    assert each < 12_000
    assert len(page) < 1.3e6
    assert len(page) + 150 * each < 4e6


def test_every_number_of_the_table_is_in_it(folder: Path, page: str) -> None:
    held = _records(page)["set"]
    columns = {one["name"]: one for one in held["columns"]}
    schema = json.loads((folder / "schema.json").read_text())["energies.csv"]
    for row, pair in zip(read_rows(folder), held["pairs"], strict=True):
        assert (row["system"], row["level"]) == (pair["system"], pair["level"])
        for name, (_, _, cell, error) in pair["numbers"].items():
            assert row[name] == cell
            assert row.get(f"{name}_error", "") == error
            assert columns[name]["unit"] == schema[name]["unit"]
            assert columns[name]["meaning"] == schema[name]["meaning"]
        shown = len(pair["numbers"]) + sum(bool(one[3]) for one in pair["numbers"].values())
        assert shown == sum(bool(cell) for cell in row.values()) - 2
    menu = re.findall(r"<option(?: selected)?>([^<]*)</option>", page)
    assert {name for name, one in columns.items() if one["number"]} <= set(menu)
    assert {row["level"] for row in read_rows(folder)} - {"exact"} <= set(menu)


def test_it_loads_nothing_and_its_links_lead_somewhere(folder: Path, page: str) -> None:
    text = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    links = _Links(text)
    assert len(links.addresses) >= 6
    for address in links.addresses:
        assert (folder / address).is_file(), address
    assert len(set(links.names)) == len(links.names)
    assert "default-src 'none'" in text
    assert "@import" not in text
    assert page.count("<script") == page.count("</script>") == len(_records(page)) + 2


def test_it_says_what_it_is(folder: Path, page: str) -> None:
    version = (folder / "VERSION").read_text().strip()
    (dated,) = re.findall(r"date-released: (\S+)", (folder / "CITATION.cff").read_text())
    assert f"Version {version} of {dated}" in page
    assert f"version {version}, {dated[:4]}." in page
    assert '<a href="LICENSE">CC-BY-4.0</a>' in page
    row = read_rows(folder)[0]
    assert f"comotion.reference(&quot;{row['system']}&quot;, &quot;{row['level']}&quot;)" in page
    notices = drawing_library().notices
    for holder in ("University of Washington", "Mike Bostock", "Joachim Wester", "Simon Lydell"):
        assert holder in notices
    assert "BSD 3-Clause License" in page


def test_the_command(
    folder: Path, page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the set by default; elsewhere with links that lead to it."""
    copied = Path(shutil.copytree(folder, tmp_path / "set"))
    (copied / "index.html").unlink()
    main(["reference-page", str(copied)])
    assert (copied / "index.html").read_bytes() == page.encode()
    size = f"{len(page.encode()) / 1e6:.1f} MB"
    assert capsys.readouterr().out == f"{copied / 'index.html'}: {size}\n"
    out = tmp_path / "pages" / "all.html"
    out.parent.mkdir()
    main(["reference-page", str(copied), "--output", str(out)])
    elsewhere = out.read_text()
    assert _records(elsewhere)["set"]["links"] == "../set/"
    for address in _Links(re.sub(r"<script.*?</script>", "", elsewhere, flags=re.DOTALL)).addresses:
        assert (out.parent / address).is_file(), address


def test_the_verifier_knows_the_page(folder: Path, page: str, tmp_path: Path) -> None:
    """It is no file that was published, and one of another set is told."""
    assert page_mark(folder) in page
    copied = Path(shutil.copytree(folder, tmp_path / "reference"))
    assert "index.html" not in names_in(copied)
    assert "index.html" not in (copied / "SHA256SUMS").read_text()
    assert page_findings(copied) == []
    told = "index.html: shows another set than this: comotion reference-page makes it again"
    (copied / "SHA256SUMS").write_text((folder / "SHA256SUMS").read_text() + "\n")
    assert page_findings(copied) == [told]
    # A set without pairs, for only what is said of the page is looked at.
    header, *_ = (copied / "energies.csv").read_text().splitlines()
    (copied / "energies.csv").write_text(f"{header}\n")
    assert told in audit(copied).findings
    (copied / "index.html").unlink()
    assert page_findings(copied) == []
    assert told not in audit(copied).findings


def test_adding_to_a_set_tells_that_its_page_is_old(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "index.html: shows the set as it was: comotion reference-page makes it again\n"
    monkeypatch.setattr(reference_add, "add_pairs", lambda *_: ["He/exact: added, 1 kB"])
    words = ["reference-add", "--results", "r", "--table", "t", "--set", str(tmp_path)]
    main(words)
    assert capsys.readouterr().out == "He/exact: added, 1 kB\n"
    (tmp_path / "index.html").write_text("")
    main(words)
    assert capsys.readouterr().out == f"He/exact: added, 1 kB\n{told}"


@pytest.mark.parametrize("missing", ["altair", "vl_convert"])
def test_without_the_extra_a_sentence_names_it(
    folder: Path, missing: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], tmp_path: Path,
) -> None:  # fmt: skip
    drawing_library.cache_clear()
    if missing == "vl_convert":
        monkeypatch.setitem(sys.modules, "altair", pytest)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(SystemExit) as ended:
        main(["reference-page", str(folder), "--output", str(tmp_path / "x.html")])
    assert ended.value.code == 1
    assert capsys.readouterr().err == (
        f"comotion reference-page: error: {missing} is not installed; it comes with the extra of "
        "the page: pip install -e '.[page]' in the folder of the project\n"
    )
    assert not (tmp_path / "x.html").exists()


def test_what_is_no_set_or_a_broken_one(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["reference-page", str(tmp_path)])
    assert "is no reference set, it has no energies.csv" in capsys.readouterr().err
    copied = Path(shutil.copytree(folder, tmp_path / "reference"))
    schema = json.loads((copied / "schema.json").read_text())
    del schema["energies.csv"]["upper"]
    (copied / "schema.json").write_text(json.dumps(schema))
    with pytest.raises(RecordError, match="cannot be read, or lacks a column: 'upper'"):
        columns_shown(copied, read_rows(copied))


def test_systems_that_are_no_neutral_atom() -> None:
    names = ["Li", "H-", "Ne8+", "bohr-10", "gaussian-3", "Ne+", "bohr-12", "mine", "bohr-10"]
    electrons = [3, 2, 2, 10, 3, 9, 12, 7, 10]
    rows = [{"system": system, "level": "a", "n_electrons": str(n)}
            for system, n in zip(names, electrons, strict=True)]  # fmt: skip
    found = other_systems(rows, {name: kind_of(name) for name in names})
    assert found == {
        "ions, N = 2": ["H-", "Ne8+"], "ions, N = 9": ["Ne+"], "bohr, N =": ["bohr-10", "bohr-12"],
        "gaussian, N =": ["gaussian-3"], "users\u2019 densities": ["mine"],
    }  # fmt: skip


@pytest.mark.parametrize(("system", "name"), [
    ("Ne", "Ne"), ("Ne8+", "Ne<sup>8+</sup>"), ("H-", "H<sup>\u2212</sup>"),
    ("bohr-10", "bohr-10"), ("a<b", "a&lt;b"),
])  # fmt: skip
def test_names_of_systems(system: str, name: str) -> None:
    assert system_name(system) == name
