"""The archive of a study: what RO-Crate and Process Run Crate demand of it, and what is true."""

import hashlib
import json
import re
import subprocess
import zipfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from comotion.errors import ComotionError
from comotion.io import write_arrays, write_json
from comotion.version import VERSION
from study import crate
from study.commit import Commit, commit_of

PROJECT = Path(__file__).parents[2]
_ROW = "Li+/hf_6-31G"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Results of one system: a density, and a plan with its record, kept for two settings."""
    folder = tmp_path / "results"
    here = folder / _ROW
    density = here / "density.h5"
    write_arrays(density, {"r": ([1.0], "bohr", "radii")}, {})
    write_json(here / "sce.json", {"v_comotion": 1.0})
    for key, seeds in (("0001", "1 2"), ("0002", "3 4")):
        kept = here / "settings" / key
        inputs = {"density": str(density)}
        told = {"stage": "plan", "options": {"seeds": seeds}, "inputs": inputs}
        write_json(kept / "settings.json", told)
        write_json(kept / "sce.json", {"v_comotion": 1.0})
    # Both settings came to the same bytes; the link says which run it was.
    (here / "sce.json").unlink()
    (here / "sce.json").hardlink_to(here / "settings/0002/sce.json")
    tables, figures = folder / "studies/s/tables", folder / "studies/s/figures/models"
    tables.mkdir(parents=True)
    figures.mkdir(parents=True)
    (tables / "energies.csv").write_text("system,energy\nLi+,-7.2\n")
    units = {"energy": {"unit": "hartree", "meaning": "total energy", "record": "quantum"}}
    (tables / "energies.units.json").write_text(json.dumps(units))
    (tables / ".energies.csv.half").write_text("half-made")
    (figures / "line.svg").write_text("<svg/>")
    write_json(folder / "models/line/line.json", {"cost": 1.0})
    (tmp_path / "my study.yaml").write_text("study: s\n")
    return folder


def _made(results: Path) -> tuple[list[dict[str, Any]], zipfile.ZipFile]:
    """The entities of the archive, and the archive."""
    archive = results / "studies/s/crate.zip"
    crate.main([
        "--study", "s", "--rows", _ROW, "--config", str(results.parent / "my study.yaml"),
        "--results", str(results), "--project", str(results.parent), "--archive", str(archive),
    ])  # fmt: skip
    opened = zipfile.ZipFile(archive)
    document = json.loads(opened.read("ro-crate-metadata.json"))
    assert document["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    return document["@graph"], opened


def _references(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one["@id"] for one in values if isinstance(one, dict)]


def test_what_the_specification_demands(results: Path) -> None:
    """Each MUST of RO-Crate 1.1 and of Process Run Crate 0.5 that applies, and flat JSON-LD."""
    graph, archive = _made(results)
    by_id = {entity["@id"]: entity for entity in graph}
    assert len(by_id) == len(graph)
    assert all({"@id", "@type"} <= set(entity) for entity in graph)
    # Root data entity: the descriptor and the properties of the root.
    descriptor = by_id["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = by_id[descriptor["about"]["@id"]]
    assert root["@type"] == "Dataset"
    assert root["@id"].endswith("/")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", root["datePublished"])
    assert all(root[name] for name in ("name", "description", "license"))
    assert {"name", "description"} <= set(by_id[root["license"]["@id"]])
    # Data entities: files that are there, linked from the root, with valid URI paths.
    files = [entity for entity in graph if entity["@type"] == "File"]
    assert {one["@id"] for one in files} == set(_references(root["hasPart"]))
    assert all(re.fullmatch(r"[\w./%+=,()~-]+", one["@id"]) for one in files)
    names = {unquote(one["@id"]) for one in files}
    assert names | {"ro-crate-metadata.json"} == set(archive.namelist())
    # Every entity that is named is described, and the other way round.
    named = [name for entity in graph for value in entity.values() for name in _references(value)]
    assert set(named) - set(by_id) == {"https://w3id.org/ro/crate/1.1"}
    assert set(by_id) - set(named) == {"ro-crate-metadata.json"}
    # Process Run Crate: its name at the root, actions with their instruments and results.
    profile = by_id[root["conformsTo"]["@id"]]
    assert profile["@id"] == "https://w3id.org/ro/wfrun/process/0.5"
    assert profile["@type"] == "CreativeWork"
    actions = [entity for entity in graph if entity["@type"] == "CreateAction"]
    assert {one["@id"] for one in actions} == set(_references(root["mentions"]))
    for action in actions:
        assert by_id[action["instrument"]["@id"]]["@type"] == "SoftwareApplication"
        assert {by_id[name]["@type"] for name in _references(action["result"])} == {"File"}
        kinds = {by_id[name]["@type"] for name in _references(action["object"])}
        assert kinds <= {"File", "PropertyValue"}
        assert datetime.fromisoformat(action["endTime"]).tzinfo
        assert action["name"]


def test_what_is_said_of_the_files_is_true(results: Path) -> None:
    graph, archive = _made(results)
    by_id = {entity["@id"]: entity for entity in graph}
    for entity in (one for one in graph if one["@type"] == "File"):
        content = archive.read(unquote(entity["@id"]))
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()
        assert entity["contentSize"] == str(len(content))
    assert by_id[f"results/{_ROW}/sce.json"]["encodingFormat"] == "application/json"
    said = by_id[f"results/{_ROW}/sce.json"]["description"]
    assert said == "Record in hartree atomic units: energies in hartree, lengths in bohr"
    (radii,) = _references(by_id[f"results/{_ROW}/density.h5"]["variableMeasured"])
    assert (by_id[radii]["name"], by_id[radii]["unitText"]) == ("r", "bohr")
    assert by_id[radii]["description"] == "radii"
    (energy,) = _references(by_id["results/studies/s/tables/energies.csv"]["variableMeasured"])
    assert (by_id[energy]["name"], by_id[energy]["unitText"]) == ("energy", "hartree")
    # Problems whose figures are there come along; what is half-made does not.
    assert "results/models/line/line.json" in by_id
    assert "my%20study.yaml" in by_id
    assert not [name for name in archive.namelist() if "half" in name or "settings/" in name]


def test_the_run_that_made_a_result(results: Path) -> None:
    """Its settings, its inputs and its packages."""
    graph, _ = _made(results)
    by_id = {entity["@id"]: entity for entity in graph}
    plan = by_id["#plan-Li%2B-hf_6-31G"]
    assert plan["name"] == "plan of Li+ at hf_6-31G"
    assert plan["description"] == "--seeds 3 4"
    assert plan["result"] == [{"@id": f"results/{_ROW}/sce.json"}]
    density, seeds = _references(plan["object"])
    assert density == f"results/{_ROW}/density.h5"
    assert (by_id[seeds]["name"], by_id[seeds]["value"]) == ("seeds", "3 4")
    software = by_id[plan["instrument"]["@id"]]
    assert software["name"] == "comotion"
    needed = {by_id[name]["name"] for name in _references(software["softwareRequirements"])}
    assert {"numpy", "pyscf", "highspy"} <= needed
    # The licence of the package is told of the package, not of what it made.
    (said,) = re.findall("^license: (.*)$", (PROJECT / "CITATION.cff").read_text(), re.MULTILINE)
    assert software["license"] == {"@id": f"https://spdx.org/licenses/{said}"}
    assert said in by_id[software["license"]["@id"]]["name"]
    assert by_id[by_id["./"]["license"]["@id"]]["name"] == "Not stated"
    whole = by_id["#study"]
    assert whole["description"].startswith(f"Made by Snakemake {version('snakemake')} ")
    made_by = by_id[whole["instrument"]["@id"]]
    assert (made_by["name"], made_by["softwareVersion"]) == ("comotion", VERSION)
    (snakemake,) = _references(made_by["softwareRequirements"])
    assert by_id[snakemake]["softwareVersion"] == version("snakemake")
    assert f"results/{_ROW}/sce.json" in _references(whole["object"])
    assert "results/studies/s/figures/models/line.svg" in _references(whole["result"])


def test_what_is_missing_or_broken_is_an_error(results: Path) -> None:
    density = results / _ROW / "density.h5"
    density.write_bytes(density.read_bytes() + b"x")
    with pytest.raises(ComotionError, match=r"density\.h5: not what was written here"):
        _made(results)
    for path in (results / _ROW).iterdir():
        if path.is_file():
            path.unlink()
    with pytest.raises(ComotionError, match="no results are there; run the study first"):
        _made(results)
    assert not (results / "studies/s/crate.zip").exists()


def test_the_commit_is_said_where_it_is_known(tmp_path: Path) -> None:
    assert commit_of(tmp_path) == Commit()
    assert "not a git repository" in Commit().sentence
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(tmp_path)]
    (tmp_path / "file").write_text("one")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "All"]):
        subprocess.run([*git, *words], check=True)
    clean = commit_of(tmp_path)
    assert re.fullmatch("[0-9a-f]{40}", clean.revision)
    assert clean.swhid == f"swh:1:rev:{clean.revision}"
    (tmp_path / "file").write_text("two")
    changed = commit_of(tmp_path)
    assert changed == Commit(clean.revision, changed=True)
    assert changed.swhid == ""
    assert "with changes that are not committed" in changed.sentence
