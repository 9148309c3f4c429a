"""The list of dependencies with their licences, against the lock and the installed packages."""

import ast
import re
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import pytest

PROJECT = Path(__file__).parents[1]
#: What a licence is called in words, and how its SPDX name begins.
_NAMES = {
    "MIT": "MIT", "BSD": "BSD", "Apache": "Apache", "Mozilla Public": "MPL", "MPL": "MPL",
    "GNU General Public": "GPL", "GPL": "GPL", "Python Software Foundation": "PSF",
    "Public Domain": "public domain",
}  # fmt: skip
#: Packages for Windows alone, which are not installed elsewhere.
_WINDOWS = {"colorama", "pyreadline3"}
#: The permission that is the whole of the three-clause BSD licence, where a file has no title.
_BSD = "Redistribution and use in source and binary forms"


class _Row(NamedTuple):
    """A line of the list."""

    name: str
    licence: str
    required_by: set[str]


def _rows() -> list[_Row]:
    lines = re.findall(
        r"^\| ([a-z0-9][a-z0-9-]*) \| (.+) \| (.+) \|$",
        (PROJECT / "LICENSES.md").read_text(),
        re.MULTILINE,
    )
    _, *rows = [_Row(name, licence, set(by.split(", "))) for name, licence, by in lines]
    return rows


def _locked() -> dict[str, set[str]]:
    """Packages of the lock, each with what requires it."""
    found: dict[str, set[str]] = {}
    for block in re.split(r"\n(?=[a-z0-9])", (PROJECT / "requirements.lock").read_text()):
        if match := re.match(r"([a-z0-9-]+)==", block):
            by = re.findall(r"^ +#(?: +via)? +([a-z0-9-]+(?: \(.*\))?)$", block, re.MULTILINE)
            by = [name for name in by if name != "via"]
            told = {name.replace(" (pyproject.toml)", "").replace("pyproject.toml:dev", "tests")
                    for name in by}  # fmt: skip
            found.setdefault(match[1], set()).update(told)
    return found


def _said(name: str) -> str:
    """What an installed package without an expression says: classifiers, a name, a text."""
    package = metadata.metadata(name)
    classifiers = [one for one in package.get_all("Classifier") or [] if "License ::" in one]
    if classifiers:
        return " ".join(classifiers)
    files = metadata.files(name) or []
    texts = [Path(str(one.locate())).read_text() for one in files if "LICEN" in one.name.upper()]
    short = "".join(package.get_all("License") or []).partition("\n")[0]
    return " ".join([short, *(text[:1200] for text in texts)])


def test_the_list_is_that_of_the_lock() -> None:
    assert {row.name: row.required_by for row in _rows()} == _locked()
    assert len(_rows()) == len(_locked()) > 100


@pytest.mark.locked
@pytest.mark.parametrize("row", _rows(), ids=lambda row: row.name)
def test_packages_say_the_same(row: _Row) -> None:
    if row.name in _WINDOWS:
        pytest.skip("for Windows alone")
    if expression := metadata.metadata(row.name).get_all("License-Expression"):
        assert expression == [row.licence]
        return
    said = _said(row.name)
    named = {spdx for word, spdx in _NAMES.items() if re.search(rf"\b{word}\b", said)}
    if _BSD in " ".join(said.split()):
        named.add("BSD")
    assert named, f"says nothing of its licence: {said[:80]!r}"
    listed = {spdx for spdx in _NAMES.values() if spdx in row.licence}
    assert listed == named, said[:200]


def test_copyleft_is_told_in_words() -> None:
    prose = (PROJECT / "LICENSES.md").read_text().partition("| package |")[0]
    for row in _rows():
        if "GPL" in row.licence or "MPL" in row.licence:
            assert row.name in prose, row
    assert "unidecode" in (PROJECT / "README.md").read_text()


def test_unidecode_comes_with_the_basis_set_exchange_only() -> None:
    (row,) = [row for row in _rows() if row.name == "unidecode"]
    assert row.required_by == {"basis-set-exchange"}
    assert any(
        one.lower().startswith("unidecode") for one in metadata.requires("basis-set-exchange") or []
    )
    for path in (PROJECT / "workflow").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not any(name.lower().startswith("unidecode") for name in names), path
