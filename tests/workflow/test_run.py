"""A real small run: its results, what makes it run again, its report."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread

from comotion.io import read_json
from comotion.proof.verify import verify_bound
from workflow_copy import SMALL, Workflow

pytestmark = [pytest.mark.workflow, pytest.mark.slow]


def test_table_and_figures(finished: Workflow) -> None:
    table = pd.read_csv(finished.tables / "energies.csv")
    assert table["system"].tolist() == ["He", "He", "Be", "Be", "exponential-2"]
    units = json.loads((finished.tables / "energies.units.json").read_text())
    assert set(units) == set(table.columns)
    assert units["v_comotion"]["unit"] == "hartree"
    atoms = table[table["v_quantum"].notna()]
    assert (atoms["v_comotion"] < atoms["v_quantum"]).all()
    assert (table["v_comotion"] < table["v_mean_field"]).all()
    # One panel for all energies, one for each system elsewhere, and three of an arrangement.
    panels = dict.fromkeys(
        ("hierarchy", "density", "comotion", "potential", "arrangement/Be/ccsd_cc-pVDZ"), 3
    )
    for name, count in {"energies": 1, **panels}.items():
        drawn = (finished.figures / f"{name}.svg").read_text(encoding="utf-8")
        assert drawn.count('<g id="axes_') == count
        # The same on screen: an image that is not of one colour.
        assert np.ptp(imread(finished.figures / f"{name}.png")) > 0.5


def test_proven_bounds(finished: Workflow) -> None:
    """Of the last level of helium and of the model; beryllium has more electrons than asked for."""
    table = pd.read_csv(finished.tables / "energies.csv")
    proven = table[table["lower_proven"].notna()]
    assert proven["system"].tolist() == ["He", "exponential-2"]
    assert proven["level"].tolist() == ["ccsd_cc-pVDZ", "exact"]
    assert (proven["lower_proven"] < proven["v_2"]).all()
    assert (proven["lower_proven"] > 0.999 * proven["v_2"]).all()
    for system, level, lower in proven[["system", "level", "lower_proven"]].itertuples(index=False):
        certificate = finished.folder / f"results/{system}/{level}/pair_certificate.json"
        found = verify_bound(certificate)
        assert (found.system, found.level) == (system, level)
        assert found.lower == pytest.approx(lower, rel=1e-15)
    drawn = (finished.figures / "pair_bound.svg").read_text(encoding="utf-8")
    assert drawn.count('<g id="axes_') == 2
    page = finished.tables.parent / "pages/He/ccsd_cc-pVDZ.html"
    assert 'data-name="lower_proven"' in page.read_text(encoding="utf-8")


def test_nothing_to_do_after_a_run_and_after_touching_everything(finished: Workflow) -> None:
    assert "Nothing to be done" in finished.run("-n").stdout
    for path in finished.folder.rglob("*"):
        if path.is_file() and ".snakemake" not in path.parts:
            path.touch()
    assert "Nothing to be done" in finished.run("-n").stdout


_EVERYTHING = {
    "atom", "model", "plan", "hierarchy", "pair_bound", "energies", "hierarchy_figure",
    "plan_figures", "arrangement_figure",
}  # fmt: skip


@pytest.mark.parametrize(
    ("module", "spared"),
    [
        ("transport/comotion.py", {"atom", "model", "pair_bound"}),
        (
            "transport/bounds/pair/trial.py",
            {"atom", "model", "plan", "hierarchy", "plan_figures", "arrangement_figure"},
        ),
        (
            "proof/inequality.py",
            {"atom", "model", "plan", "hierarchy", "plan_figures", "arrangement_figure"},
        ),
        ("figures/plans.py", _EVERYTHING - {"plan_figures", "arrangement_figure"}),
        ("figures/energies.py", _EVERYTHING - {"hierarchy_figure"}),
        ("electronic/terms.py", {"model"}),
        # What only looks for the stage, and what no stage looks at.
        ("cli.py", _EVERYTHING),
        ("__init__.py", _EVERYTHING),
    ],
)
def test_editing_a_module_reruns_what_depends_on_it(
    finished: Workflow, module: str, spared: set[str]
) -> None:
    path = finished.folder / "workflow/comotion" / module
    text = path.read_text()
    try:
        path.write_text(text + "# edited\n")
        jobs = set(finished.jobs())
    finally:
        path.write_text(text)
    assert _EVERYTHING - jobs == spared


def test_changing_a_setting_reruns_what_uses_it(finished: Workflow) -> None:
    config = finished.folder / "config.yaml"
    text = config.read_text()
    try:
        config.write_text(text + "transport: {seeds: [3, 4]}\n")
        jobs = finished.jobs()
    finally:
        config.write_text(text)
    assert jobs["plan"] == 5
    assert "atom" not in jobs


def test_single_target_that_is_not_configured(finished: Workflow) -> None:
    target = "results/Li/hf_6-31G_st_/sce.json"
    result = finished.run("--cores", "1", target)
    assert result.returncode == 0, result.stdout
    record = json.loads((finished.folder / target).read_text())
    assert record["n_electrons"] == 3
    assert 1.3 < record["v_comotion"] < 1.6


def test_bare_name_of_a_configured_system(finished: Workflow) -> None:
    quantum = finished.folder / "results/Be/hf_cc-pVDZ/quantum.json"
    before = json.loads(quantum.read_text())
    quantum.unlink()
    result = finished.run("--cores", "2", "Be")
    assert result.returncode == 0, result.stdout
    assert json.loads(quantum.read_text()) == before


def test_a_record_that_was_deleted_is_made_again(finished: Workflow) -> None:
    record = finished.folder / "results/Be/hf_cc-pVDZ/sce.json"
    content = record.read_bytes()
    record.unlink()
    jobs = finished.run("-n").stdout
    record.write_bytes(content)
    assert "sce.json" in jobs
    assert "Nothing to be done" not in jobs


def test_another_study_replaces_the_default(finished: Workflow, tmp_path: Path) -> None:
    other = tmp_path / "my.yaml"
    other.write_text("models: [gaussian-2]\n")
    jobs = finished.run("-n", "--configfile", os.fspath(other)).stdout
    assert "gaussian-2" in jobs
    assert "Be" not in jobs.split("Building DAG")[1]


def test_one_core_and_another_order_give_the_same_numbers(
    workflow: Workflow, finished: Workflow
) -> None:
    """The finished run had two cores and began with helium."""
    levels = ["ccsd_cc-pVDZ", "hf_cc-pVDZ"]
    workflow.configure({"atoms": [{"systems": ["Be", "He"], "levels": levels}]})
    systems = [(system, level) for system in ("Be", "He") for level in levels]
    targets = [f"results/{system}/{level}/hierarchy.json" for system, level in systems]
    result = workflow.run(*targets, "--cores", "1")
    assert result.returncode == 0, result.stdout
    for system, level in systems:
        for name in ("quantum.json", "sce.json", "hierarchy.json"):
            path = f"results/{system}/{level}/{name}"
            mine, theirs = (_numbers(read_json(w.folder / path)) for w in (workflow, finished))
            assert mine
            # As after a kill, BLAS may add in another order: the last bits.
            assert mine == pytest.approx(theirs, rel=1e-9, abs=1e-10), path


def _numbers(record: dict[str, Any]) -> dict[str, float]:
    """Energies of a record by name."""
    energies = {
        key: value
        for key, value in record.items()
        if key.startswith(("energy", "v_", "hartree", "w_inf")) and isinstance(value, float)
    }
    hierarchy: dict[str, float] = record.get("hierarchy", {})
    return energies | hierarchy


def test_a_killed_run_resumes_to_the_same_numbers(workflow: Workflow, finished: Workflow) -> None:
    """Kill -9 of the whole process group while jobs run, then start again."""
    workflow.configure(SMALL)
    process = subprocess.Popen(
        workflow.command("--cores", "2"), cwd=workflow.folder, env=workflow.environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if list(workflow.folder.glob("results/*/*/quantum.json")):
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert list(workflow.folder.glob("results/*/*/quantum.json"))
    assert not (workflow.tables / "energies.csv").is_file()
    assert workflow.run("--unlock").returncode == 0
    resumed = workflow.run("--cores", "2", "--rerun-incomplete")
    assert resumed.returncode == 0, resumed.stdout
    # BLAS may add in another order when an array lies elsewhere in memory: the last bits.
    pd.testing.assert_frame_equal(
        pd.read_csv(workflow.tables / "energies.csv"),
        pd.read_csv(finished.tables / "energies.csv"),
        check_exact=False, rtol=1e-10, atol=1e-10,
    )  # fmt: skip
    assert not list(workflow.folder.glob("results/**/.*.h5*"))
