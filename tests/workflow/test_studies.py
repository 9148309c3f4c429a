"""Studies side by side: each has its own tables, and none undoes the other's work."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from comotion.io import read_json
from workflow_copy import Workflow

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

_STUDY: dict[str, Any] = {
    "models": ["exponential-2"],
    "bracket": {"electrons": 2, "splines": [10, 20], "cells": 4, "hierarchy": 0},
    "pair_bound": {"electrons": 0},
}
_SYSTEM = Path("results/exponential-2/exact")


def _contents(folder: Path) -> dict[str, bytes]:
    """Files of a folder by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _run(workflow: Workflow, study: str, **changes: Any) -> dict[str, bytes]:
    """Make the tables of a study; their contents."""
    config = workflow.folder / f"{study}.yaml"
    config.write_text(yaml.safe_dump(_STUDY | {"study": study} | changes))
    tables = f"results/studies/{study}/tables"
    targets = [f"{tables}/energies.csv", f"{tables}/bracket.csv"]
    result = workflow.run(*targets, "--cores", "2", "--configfile", config.name)
    assert result.returncode == 0, result.stdout
    return _contents(workflow.folder / tables)


def test_two_studies_that_take_turns(workflow: Workflow) -> None:
    """A, B, A: in the third run nothing is computed, and all is as after the first."""
    seeds = {"transport": {"seeds": [3, 4]}}
    folder = workflow.folder / _SYSTEM
    first = _run(workflow, "first")
    results = _contents(folder)
    second = _run(workflow, "second", **seeds)
    assert read_json(folder / "sce.json")["settings"]["seeds"] == [3, 4]
    assert _contents(folder) != results
    assert _contents(workflow.folder / "results/studies/first/tables") == first
    assert _run(workflow, "first") == first
    assert _contents(folder) == results
    logs = workflow.folder / "results/logs"
    for stage in ("plan", "hierarchy", "bracket"):
        said = (logs / stage / "exponential-2_exact.log").read_text()
        assert said.startswith(f"{stage}: kept, "), said
        assert len(said.splitlines()) == 1
    assert _contents(workflow.folder / "results/studies/second/tables") == second
    # The density depends on no seed: it was made once.
    assert "kept" not in (logs / "model/exponential-2.log").read_text()


def test_a_problem_of_another_size_comes_back(workflow: Workflow) -> None:
    target = "results/models/smoothing/smoothing.json"
    record, log = workflow.folder / target, workflow.folder / "results/logs/models/smoothing.log"
    made = []
    for points in (20, 22, 20):
        workflow.configure(_STUDY | {"problems": {"points": points}})
        result = workflow.run(target, "--cores", "1")
        assert result.returncode == 0, result.stdout
        made.append(record.read_bytes())
    assert made[0] == made[2] != made[1]
    assert log.read_text().startswith("problem: kept, ")


def test_results_that_wait_can_be_deleted(workflow: Workflow) -> None:
    """They are second names of files: without them everything is still there."""
    before = _run(workflow, "first")
    for path in sorted((workflow.folder / _SYSTEM / "settings").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    said = workflow.run("-n", "energies", "bracket_table", "--configfile", "first.yaml").stdout
    assert "Nothing to be done" in said
    assert _run(workflow, "first") == before


def test_one_electron_is_a_study(workflow: Workflow) -> None:
    """Its repulsion is zero, figures of interactions say that there is none, and all is made."""
    workflow.configure({
        "atoms": [{"systems": ["H"], "levels": ["hf_cc-pVDZ", "fci_cc-pVDZ"]}],
        "models": ["exponential-1"],
        "figures": {"arrangements": ["H"], "isoelectronic": True},
    })  # fmt: skip
    result = workflow.run("--cores", "2")
    assert result.returncode == 0, result.stdout
    table = pd.read_csv(workflow.tables / "energies.csv")
    assert table["v_comotion"].tolist() == table["v_mean_field"].tolist() == [0.0] * 3
    assert table["v_quantum"].tolist()[:2] == [0.0, 0.0]
    assert table["warnings"].isna().all()
    assert "no system of more than one" in (workflow.figures / "hierarchy.svg").read_text()
    record = read_json(workflow.folder / "results/H/hf_cc-pVDZ/hierarchy.json")
    assert record["hierarchy"] == {}
