"""Where the project, its config and its densities may be, and how they may be called."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from comotion.io import read_json
from workflow_copy import MARK, Workflow, marked_copy, version_of, write_table

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

_SMALL: dict[str, Any] = {
    "models": ["exponential-2"],
    "bracket": {"electrons": 2, "splines": [10, 20], "cells": 4, "hierarchy": 0},
    "pair_bound": {"electrons": 0},
}
_DENSITY = "results/exponential-2/exact/density.json"


def test_a_path_that_a_shell_would_read(project: Path, tmp_path: Path) -> None:
    """Everything works in it: jobs, figures, the report, results elsewhere; nothing in it runs."""
    workflow = marked_copy(project, tmp_path / "a b;touch x $(touch y) `touch z` 'q\" é %s")
    workflow.configure(_SMALL)
    result = workflow.run_alone("--cores", "2")
    assert result.returncode == 0, result.stdout
    assert version_of(workflow.folder / _DENSITY) == MARK
    result = workflow.run_alone("--report", "a report.html")
    assert result.returncode == 0, result.stdout
    report = (workflow.folder / "a report.html").read_text(encoding="utf-8")
    figures = [path.name for path in workflow.figures.glob("*.svg")]
    assert len(figures) > 3
    assert all(name in report for name in [*figures, "energies.csv"])
    assert "Nothing to be done" in workflow.run_alone("-n").stdout
    elsewhere = tmp_path / "else where;touch w"
    elsewhere.mkdir()
    (elsewhere / "config.yaml").write_text(yaml.safe_dump(_SMALL))
    result = workflow.run_alone("--directory", str(elsewhere), "--cores", "1", _DENSITY)
    assert result.returncode == 0, result.stdout
    assert version_of(elsewhere / _DENSITY) == MARK
    touched = {path.name for path in tmp_path.rglob("*")} & {"w", "x", "y", "z", "q"}
    assert touched == set()


@pytest.mark.parametrize("name", ["a:b", "a{b}", "a<results>b"])
def test_a_path_in_which_no_job_would_find_its_package(
    project: Path, tmp_path: Path, name: str
) -> None:
    workflow = marked_copy(project, tmp_path / name)
    workflow.configure(_SMALL)
    result = workflow.run_alone("--cores", "1", _DENSITY)
    assert result.returncode != 0
    assert "the project's folder" in result.stdout
    assert "rename or move it" in result.stdout
    assert not (workflow.folder / _DENSITY).exists()


def test_files_of_densities_by_any_name(project: Path, tmp_path: Path) -> None:
    """One run with all names that are none of the usual, as in a terminal that knows ASCII only."""
    names = [
        "@at.csv", "-dash.csv", "--table=x.csv", "--outputs", "sp ace.csv", "q'u\"o.csv", "é☃.csv",
        "~x.csv", "dot.", "$HOME", "a=b.csv", "a*b.csv", "[x].csv", "a&b;c.csv", "\\x.csv",
        "%d.csv", "a#b.csv", "x,y.csv", "!x", str(tmp_path / "other folder/x.csv"),
    ]  # fmt: skip
    (tmp_path / "other folder").mkdir()
    workflow = marked_copy(project, tmp_path / "project")
    for i, name in enumerate(names):
        write_table(workflow.folder / name, 300 + i)
    densities = {f"n{i}": {"file": name} for i, name in enumerate(names)}
    config = tmp_path / "other folder/my config.yaml"
    config.write_text(yaml.safe_dump({"densities": densities}))
    config.chmod(0o444)
    records = [f"results/{density}/table/density.json" for density in densities]
    result = workflow.run_alone(*records, "--cores", "2", "--nolock", "--configfile", str(config),
        umask=0o077, LC_ALL="C", LANG="C",
    )  # fmt: skip
    assert result.returncode == 0, result.stdout
    for name, record in zip(names, records, strict=True):
        assert read_json(workflow.folder / record)["settings"]["table"] == name


def test_a_target_that_is_none(workflow: Workflow) -> None:
    """A sentence in place of Snakemake's own words, and nothing is run."""
    for target, sentence in (
        ("Nee", "Nee: no system or rule has this name; did you mean Ne?"),
        ("energy", "energy: no system or rule has this name; did you mean energies?"),
        ("results/He1+/hf_cc-pVDZ/sce.json", "write He+, the one name of this system"),
        ("results/Ne/hf_cc-pVDZ/sec.json", "did you mean sce.json?"),
        ("exponential-2.5", "N = 1 to 120 electrons, a whole number"),
    ):
        result = workflow.run_alone("--cores", "1", target)
        assert result.returncode != 0
        assert sentence in result.stdout
        assert "MissingRule" not in result.stdout


def test_a_system_that_is_not_configured_by_its_bare_name(workflow: Workflow) -> None:
    workflow.configure(_SMALL | {"atoms": [{"systems": ["He"], "levels": ["hf_6-31G"]}]})
    result = workflow.run_alone("--cores", "2", "Li", "gaussian-2")
    assert result.returncode == 0, result.stdout
    for row in ("Li/hf_6-31G", "gaussian-2/exact"):
        assert (workflow.folder / "results" / row / "hierarchy.json").is_file()
    assert not (workflow.folder / "results/He").exists()


def test_a_key_given_twice(workflow: Workflow) -> None:
    (workflow.folder / "config.yaml").write_text("models: [ball-2]\nbest: []\nmodels: [ball-3]\n")
    result = workflow.run_alone("--cores", "1")
    assert "config.yaml: key models: given in line 1 and again in line 3" in result.stdout
    (workflow.folder / "my.json").write_text('{"models": ["ball-2"], "models": ["ball-3"]}')
    result = workflow.run_alone("--cores", "1", "--configfile", "my.json")
    assert "my.json: key models: given in line 1 and again" in result.stdout
    assert [path.name for path in (workflow.folder / "results").iterdir()] == ["README.md"]


def test_no_cores(workflow: Workflow) -> None:
    result = workflow.run("--cores", "0")
    assert result.returncode == 1
    assert "--cores 0: no job would ever start" in result.stdout
