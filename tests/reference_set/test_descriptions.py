"""Descriptions of a set for people and programs: complete, and of the files that are there."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from comotion.audit.findings import audit
from comotion.audit.set_files import names_in
from comotion.reference_set.data_package import resource_name
from comotion.reference_set.pair_file import ARRAYS
from comotion.reference_set.texts import bound
from comotion.tables.quantities import COLUMNS
from tampered_set import describe


def _json(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text())


def _header(folder: Path) -> list[str]:
    with (folder / "energies.csv").open(newline="") as file:
        return next(csv.reader(file))


def _data(folder: Path) -> list[str]:
    return [name for name in names_in(folder) if name.startswith(("energies", "systems/"))]


def test_the_data_package_describes_every_file(published: Path) -> None:
    package = _json(published, "datapackage.json")
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"])
    assert package["version"] == "0.1.0"
    assert package["created"] == "2026-11-28T00:00:00Z"
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    resources = package["resources"]
    assert sorted(one["path"] for one in resources) == _data(published)
    assert len({one["name"] for one in resources}) == len(resources)
    for one in resources:
        content = (published / one["path"]).read_bytes()
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert re.fullmatch(r"[-a-z0-9._/]+", one["name"])
        assert one["path"].endswith(one["format"])
        assert "/" in one["mediatype"]


def test_the_table_schema_is_that_of_the_table(published: Path) -> None:
    table = _json(published, "datapackage.json")["resources"][0]
    assert table["path"] == "energies.csv"
    fields = table["schema"]["fields"]
    assert [field["name"] for field in fields] == _header(published)
    assert table["schema"]["primaryKey"] == ["system", "level"]
    types = {field["name"]: field["type"] for field in fields}
    with (published / "energies.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            for name, cell in row.items():
                if types[name] == "number" and cell:
                    float(cell)
                elif types[name] == "integer":
                    int(cell)
                else:
                    assert types[name] == "string" or not cell
    texts = {name for name, kind in types.items() if kind == "string"}
    assert texts == {"system", "level", "best_pattern"}
    of_tables = [field for field in fields if field["name"] in COLUMNS]
    assert len(of_tables) > 25
    for field in of_tables:
        assert field["description"] == COLUMNS[field["name"]].meaning
        assert field.get("unit", "") == COLUMNS[field["name"]].unit
    assert all(field["description"] for field in fields)


def test_schema(published: Path) -> None:
    schema = _json(published, "schema.json")
    assert list(schema["energies.csv"]) == _header(published)
    assert list(schema["systems/SYSTEM/LEVEL.h5"]) == list(ARRAYS)
    assert schema["energies.csv"]["upper"] == {
        "unit": "hartree", "type": "number", "meaning": COLUMNS["upper"].meaning,
    }  # fmt: skip


def test_croissant(published: Path) -> None:
    record = _json(published, "croissant.json")
    assert record["@type"] == "sc:Dataset"
    assert record["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    for key in ("name", "description", "license", "creator", "datePublished", "version", "citeAs"):
        assert record[key]
    files = {one["@id"]: one for one in record["distribution"]}
    assert list(files) == _data(published)
    for name, one in files.items():
        assert one["@type"] == "cr:FileObject"
        assert one["contentUrl"] == name
        assert one["sha256"] == hashlib.sha256((published / name).read_bytes()).hexdigest()
    (table,) = record["recordSet"]
    assert [one["source"]["extract"]["column"] for one in table["field"]] == _header(published)
    known = {one["@id"] for one in table["field"]}
    assert {one["@id"] for one in table["key"]} <= known
    assert {one["source"]["fileObject"]["@id"] for one in table["field"]} == {"energies.csv"}


def test_citation_licence_and_readme(published: Path) -> None:
    cited = yaml.safe_load((published / "CITATION.cff").read_text())
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(cited)
    assert (cited["type"], cited["license"]) == ("dataset", "CC-BY-4.0")
    assert (cited["version"], str(cited["date-released"])) == ("0.1.0", "2026-11-28")
    archive = _json(published, ".zenodo.json")
    assert archive["upload_type"] == "dataset"
    assert archive["license"] == "cc-by-4.0"
    assert (archive["title"], archive["version"]) == (cited["title"], "0.1.0")
    assert archive["creators"] == cited["authors"]
    assert archive["publication_date"] == "2026-11-28"
    licence = (published / "LICENSE").read_text()
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in licence
    assert (published / "VERSION").read_text() == "0.1.0\n"
    readme = (published / "README.md").read_text()
    for name in [*_header(published), *ARRAYS]:
        assert f"| `{name}` | " in readme
    assert "| exponential-2 | exact | 2 | 0.1695" in readme


def test_the_readme_reads_a_pair(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(published)
    with_it, without = re.findall(
        r"```python\n(.*?)```", (published / "README.md").read_text(), re.DOTALL
    )
    held: dict[str, Any] = {}
    exec(with_it, held)  # noqa: S102 - the set's own README
    assert held["pair"].system == "exponential-2"
    exec(without, held)  # noqa: S102
    # 2 exp(-r) / (8 pi), of which 2 - 2 exp(-r) (1 + r + r^2 / 2) is inside.
    assert held["density"] == pytest.approx(np.exp(-1) / (4 * np.pi), rel=1e-8)
    assert held["electrons"] == pytest.approx(2 - 5 * np.exp(-1), abs=1e-8)


def test_the_published_set_is_right(project: Path, tmp_path: Path) -> None:
    """What is published, and that its descriptions are those that would be written now."""
    folder = project / "reference"
    assert audit(folder).findings == ()
    copied = Path(shutil.copytree(folder, tmp_path / "reference"))
    describe(copied)
    assert names_in(copied) == names_in(folder)
    for name in [*names_in(folder), "SHA256SUMS"]:
        assert (copied / name).read_bytes() == (folder / name).read_bytes(), name


def test_checksums_are_those_of_sha256sum(published: Path) -> None:
    for line in (published / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert digest == hashlib.sha256((published / name).read_bytes()).hexdigest()


def test_names_of_resources_are_never_shared() -> None:
    names = ["systems/Li/a.h5", "systems/li/a.h5", "systems/Li+/a.h5", "systems/H-/a.h5"]
    found = [resource_name(name) for name in names]
    assert len(set(found)) == 4
    assert all(re.fullmatch(r"[-a-z0-9._/]+", name) for name in found)


def test_bounds_are_rounded_to_their_sides() -> None:
    row = {"lower": "1.23456789", "upper": "1.23456781", "lower_proven": "-0.5", "system": "a"}
    assert bound(row, "lower") == "1.2345678"
    assert bound(row, "upper") == "1.2345679"
    assert bound(row, "lower_proven") == "-0.5000000"
    assert bound(row, "v_2") == ""


#: Programs that print what others think of a description: they run apart, where what they leave
#: open and what they warn of is theirs.
_FRICTIONLESS = """
import sys, frictionless
report = frictionless.validate(sys.argv[1])
print(report.valid, len(report.tasks), report.flatten(["type", "message"]))
"""
_CROISSANT = """
import sys, mlcroissant
dataset = mlcroissant.Dataset(jsonld=sys.argv[1])
print(set(dataset.metadata.issues.errors), len(list(dataset.records("energies"))))
"""


@pytest.mark.parametrize("of_project", [False, True], ids=["tiny", "project"])
@pytest.mark.parametrize(("package", "program", "described"), [
    ("frictionless", _FRICTIONLESS, "datapackage.json"),
    ("mlcroissant", _CROISSANT, "croissant.json"),
])  # fmt: skip
def test_others_accept_it(
    published: Path, project: Path, package: str, program: str, described: str, of_project: bool
) -> None:
    """With packages of tests/requirements.lock."""
    if find_spec(package) is None:
        pytest.skip(f"needs {package}: make test-all installs it")
    folder = project / "reference" if of_project else published
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, str(folder / described)],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    with (folder / "energies.csv").open(newline="") as file:
        rows = len(list(csv.DictReader(file)))
    files = len(_data(folder))
    assert told == (f"True {files} []\n" if package == "frictionless" else f"set() {rows}\n")
