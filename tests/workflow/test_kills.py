"""Processes that are killed: what is finished stays, what is not is made again."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from comotion.density.model_densities import MODELS
from comotion.io import read_json
from comotion.stages.verify import broken, files
from comotion.transport.comotion import comotion_plan
from workflow_copy import Workflow

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

_MODEL: dict[str, Any] = {
    "models": ["exponential-2"],
    "bracket": {"electrons": 0},
    "pair_bound": {"electrons": 0},
}
_QUICK: dict[str, Any] = {"electrons": 2, "splines": [10, 20], "cells": 4}
_SCE = "results/exponential-2/exact/sce.json"
_OWN = "results/studies/default"


def _start(workflow: Workflow, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        workflow.command(*arguments), cwd=workflow.folder, env=workflow.environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def _wait(event: Callable[[], Any], process: subprocess.Popen[Any]) -> Any:
    """Wait for an event while a process runs; None if it ends before."""
    while True:
        ended = process.poll() is not None
        if found := event():
            return found
        if ended:
            return None
        time.sleep(0.05)


def _processes(workflow: Workflow) -> dict[int, list[str]]:
    """Command lines of the processes that run in this copy."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "cwd").resolve() == workflow.folder.resolve():
                found[int(folder.name)] = (folder / "cmdline").read_text().split("\0")
        except OSError:
            continue  # ended meanwhile
    return found


#: Two studies that have every stage between them, what to make of them and how much that is.
_STUDIES: dict[str, tuple[dict[str, Any], list[str], int]] = {
    "atom and model": (
        _MODEL | {"bracket": _QUICK},
        [
            "results/He/hf_cc-pVDZ/quantum.json", f"{_OWN}/tables/energies.csv",
            f"{_OWN}/figures/density.svg", f"{_OWN}/tables/bracket.html",
        ],
        12,
    ),
    "table, best estimate and problem": (
        {
            "densities": {"mine": {"file": "mine.csv"}}, "best": ["He"], "bracket": _QUICK,
            "figures": {"pair_angles": {"He": "fci_6-31G"}},
        },
        [
            f"{_OWN}/tables/energies.csv", f"{_OWN}/tables/best.html", f"{_OWN}/tables/study.html",
            f"{_OWN}/figures/pair_angle.svg", f"{_OWN}/figures/models/antipodal.svg",
        ],
        20,
    ),
}  # fmt: skip
#: Folders and files of logs, one for each stage.
_STAGES = {
    "atom and model": {
        "atom", "model", "plan", "hierarchy", "bracket", "energies", "bracket_table", "figures",
        "page",
    },
    "table, best estimate and problem": {
        "user_density", "atom", "best_density", "plan", "hierarchy", "energies", "best_estimate",
        "best_table", "pair_angle", "models", "figures", "page",
    },
}  # fmt: skip


def _stage(log: Path) -> str:
    """The stage of a log below results/logs, those of the study included."""
    parts = log.parts[2:] if log.parts[0] == "studies" else log.parts
    return parts[0].removesuffix(".log")


def _results(folder: Path) -> list[Path]:
    """Files of results that do not wait for their settings."""
    return [path for path in files(folder) if "settings" not in path.parts]


@pytest.mark.parametrize("study", _STUDIES)
def test_the_main_process_is_killed_in_every_stage(workflow: Workflow, study: str) -> None:
    """Kill -9 at the start of each job in turn; the next run goes on from there."""
    config, targets, number = _STUDIES[study]
    workflow.configure(config)
    r = np.geomspace(1e-3, 40, 400)
    rho = MODELS["exponential"](2).density(r)
    np.savetxt(
        workflow.folder / "mine.csv", np.c_[r, rho], "%.17g", ",", header="r,rho", comments=""
    )
    results = workflow.folder / "results"
    killed: set[Path] = set()
    made: dict[Path, set[int]] = {}
    while True:
        process = _start(workflow, *targets, "--cores", "1")
        log = _wait(
            lambda: next((p for p in results.glob("logs/**/*.log") if p not in killed), None),
            process,
        )
        for path in _results(results):
            made.setdefault(path, set()).add(path.stat().st_mtime_ns)
        if log is None:
            assert process.returncode == 0
            break
        process.kill()
        process.wait()
        killed.add(log)
        # The killed run's last job goes on alone; what it makes counts for nothing.
        while _processes(workflow):
            time.sleep(0.2)
        if len(killed) == 1:
            locked = workflow.run(*targets, "--cores", "1")
            assert locked.returncode == 1
            assert "--unlock" in locked.stdout
            assert workflow.run("--unlock").returncode == 0
        else:
            shutil.rmtree(workflow.folder / ".snakemake/locks")  # as --unlock does
    stages = {_stage(log.relative_to(results / "logs")) for log in killed}
    assert stages == _STAGES[study]
    assert len(_results(results)) == len(made) == number
    # Each job was killed once: what it made before, if it did, and what was made again. What a
    # run had finished no later one touched.
    assert max(map(len, made.values())) <= 2
    assert not broken(results)
    assert not [path for path in results.rglob(".*") if path.is_file()]
    expected = comotion_plan(MODELS["exponential"](2)).cost
    row = pd.read_csv(workflow.tables / "energies.csv").iloc[0]
    assert row["v_comotion"] == pytest.approx(
        expected, rel=1e-7 if "mine" in row["system"] else 1e-12
    )
    assert "Nothing to be done" in workflow.run("-n", *targets).stdout


def test_a_killed_worker_fails_its_own_system_only(workflow: Workflow) -> None:
    workflow.configure(_MODEL)
    target = "results/exponential-3/exact/sce.json"
    process = subprocess.Popen(
        workflow.command(target, _SCE, "--cores", "1"), cwd=workflow.folder,
        env=workflow.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    worker = _wait(
        lambda: next(
            (
                pid
                for pid, command in _processes(workflow).items()
                if command[1:4] == ["-m", "study", "job"] and f"sce={target}" in command
            ),
            None,
        ),
        process,
    )
    os.kill(worker, signal.SIGKILL)
    output, _ = process.communicate()
    assert process.returncode == 1
    assert "Error in rule plan" in output
    assert "Killed" in output
    results = workflow.folder / "results"
    assert (workflow.folder / _SCE).is_file()
    assert {path.name for path in (results / "exponential-3/exact").iterdir()} == {
        "density.h5", "density.json", "settings"
    }  # fmt: skip
    again = workflow.run(target, "--cores", "1")
    assert again.returncode == 0, again.stdout
    expected = comotion_plan(MODELS["exponential"](3)).cost
    value = read_json(workflow.folder / target)["v_comotion"]
    assert value == pytest.approx(expected, rel=1e-10)


def test_two_runs_in_one_folder_and_a_config_changed_in_mid_run(workflow: Workflow) -> None:
    """The second run is turned away and the first keeps the config that it began with."""
    workflow.configure(_MODEL)
    first = _start(workflow, _SCE, "--cores", "1")
    assert _wait(lambda: [*workflow.folder.glob("results/logs/*/*.log")], first)
    # Halted, so that it cannot end before the second has tried.
    os.kill(first.pid, signal.SIGSTOP)
    try:
        second = workflow.run(_SCE, "--cores", "1")
        workflow.configure(_MODEL | {"transport": {"seeds": [3, 4]}})
    finally:
        os.kill(first.pid, signal.SIGCONT)
    assert second.returncode == 1
    assert "Directory cannot be locked" in second.stdout
    assert "Traceback" not in second.stdout
    assert first.wait() == 0
    assert not broken(workflow.folder / "results")
    assert read_json(workflow.folder / _SCE)["settings"]["seeds"] == [1, 2]
    # What the change touches is made anew, and nothing else.
    again = workflow.run(_SCE, "--cores", "1")
    assert again.returncode == 0, again.stdout
    assert "Params have changed" in again.stdout
    assert "model" not in again.stdout.split("Job stats:")[1]
    assert read_json(workflow.folder / _SCE)["settings"]["seeds"] == [3, 4]
