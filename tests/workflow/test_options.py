"""Options of Snakemake that a study is run with: another folder, the report at once."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from workflow_copy import Workflow

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

_THERE: dict[str, Any] = {
    "study": "there",
    "models": ["exponential-2"],
    "bracket": {"electrons": 0},
    "pair_bound": {"electrons": 0},
}


def test_results_in_another_folder(finished: Workflow, tmp_path: Path) -> None:
    """Its own config is read, its own results are written, and the project stays as it is."""
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(_THERE))
    before = sorted((finished.folder / "results").rglob("*"))
    energies = "results/studies/there/tables/energies.csv"
    words = ("--directory", str(tmp_path), "energies")
    assert finished.run("--cores", "2", *words).returncode == 0
    assert (tmp_path / energies).read_text().splitlines()[1].startswith("exponential-2,")
    assert (tmp_path / "results/exponential-2/exact/plan.h5").is_file()
    assert sorted((finished.folder / "results").rglob("*")) == before
    assert "Nothing to be done" in finished.run("-n", *words).stdout
    # The same from there, with the Snakefile named.
    there = Workflow(tmp_path)
    snakefile = str(finished.folder / "Snakefile")
    assert "Nothing to be done" in there.run_alone("-n", "-s", snakefile, "energies").stdout
    # A report from there needs the style sheet, and how to set formulas, by their whole paths.
    figure = "results/studies/there/figures/energies.svg"
    style = str(finished.folder / "workflow/report/page.css")
    shown = ("--directory", str(tmp_path), figure, "--report", "results/r.html")
    assert finished.run("--cores", "1", *shown[:3]).returncode == 0
    styled = (*shown, "--report-stylesheet", style)
    result = finished.run_alone(*styled, DOCUTILSCONFIG=str(finished.folder / "docutils.conf"))
    assert result.returncode == 0, result.stdout
    assert "Report created" in result.stdout
    assert "<mfrac>" in (tmp_path / "results/r.html").read_text()


def test_a_folder_without_a_config(finished: Workflow, tmp_path: Path) -> None:
    result = finished.run("-n", "--directory", str(tmp_path))
    assert result.returncode != 0
    assert re.search(r"config\.yaml but it is not present .*/config\.yaml", result.stdout)


def test_the_report_is_made_after_the_run(finished: Workflow) -> None:
    """Also when nothing was left to do."""
    (finished.tables / "energies.csv").unlink()
    for name, done in (("first.html", "Finished jobid: 0"), ("again.html", "Nothing to be done")):
        report = finished.folder / "results" / name
        words = ("--report", f"results/{name}", "--report-after-run")
        result = finished.run("--cores", "2", *words)
        assert result.returncode == 0, result.stdout
        assert done in result.stdout
        assert "Adding energies.svg" in result.stdout
        assert "optimal transport" in report.read_text().lower()
        report.unlink()


def test_a_study_as_an_archive(finished: Workflow) -> None:
    """It holds what the study is made of, as it is."""
    result = finished.run("--cores", "2", "crate")
    assert result.returncode == 0, result.stdout
    study = finished.tables.parent
    with zipfile.ZipFile(study / "crate.zip") as archive:
        names = set(archive.namelist())
        plan = "results/Be/ccsd_cc-pVDZ/plan.h5"
        assert archive.read(plan) == (finished.folder / plan).read_bytes()
        graph = json.loads(archive.read("ro-crate-metadata.json"))["@graph"]
    assert {"config.yaml", "results/exponential-2/exact/bracket.json"} <= names
    assert "results/studies/default/figures/energies.svg" in names
    actions = {entity["@id"]: entity for entity in graph if entity["@type"] == "CreateAction"}
    atom = actions["#atom-Be-ccsd_cc-pVDZ"]
    assert {"@id": "results/Be/ccsd_cc-pVDZ/quantum.json"} in atom["result"]
    made = {one["@id"] for action in actions.values() for one in action["result"]}
    assert made >= {name for name in names if name.startswith("results/")}
    assert "Nothing to be done" in finished.run("-n", "crate").stdout
