"""The workflow on a real SLURM: where jobs run, what fails with what, and what is done again."""

import json
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from cluster.machine import wait_for
from cluster.runs import ClusterWorkflow, numbers

pytestmark = [pytest.mark.workflow, pytest.mark.slow, pytest.mark.cluster]


@dataclass(frozen=True)
class Ended:
    """A run that has ended: its exit status, what it said and its jobs."""

    status: int
    said: str
    jobs: list[dict[str, str]]


@pytest.fixture(scope="module")
def night(cluster: ClusterWorkflow) -> Ended:
    """A run of two good systems, one that is broken and one whose job is cancelled."""
    with cluster.started("He", "exponential-2", "broken", "gaussian-3") as run:
        cluster.slurm.call("scancel", run.running("gaussian-3")["JobId"])
        status, said = run.end()
        return Ended(status, said, run.jobs())


def test_each_system_is_one_job_on_a_node(night: Ended) -> None:
    """Density, transport cost and hierarchy together; nothing that failed was repeated."""
    assert night.status != 0
    states = sorted(job["JobState"] for job in night.jobs)
    assert states == ["CANCELLED", "COMPLETED", "COMPLETED", "FAILED"]
    assert {job["NodeList"] for job in night.jobs} <= {"n1", "n2"}
    assert all(job["JobName"].startswith("comotion_") for job in night.jobs)
    # SLURM is asked for what the rules say: minutes add up over the stages, memory does not.
    asked = {(job["NumCPUs"], job["MinMemoryNode"], job["TimeLimit"]) for job in night.jobs}
    assert ("1", "1000M", "03:10:00") in asked


@pytest.mark.usefixtures("night")
def test_numbers_are_those_of_a_local_run(cluster: ClusterWorkflow) -> None:
    results, local = cluster.folder / "results", cluster.folder / "results_local"
    compared = 0
    for reference in local.glob("*/*/*.json"):
        wanted = numbers(json.loads(reference.read_text()))
        here = numbers(json.loads((results / reference.relative_to(local)).read_text()))
        assert here == pytest.approx(wanted, abs=1e-9, rel=1e-9)
        compared += len(wanted)
    assert compared > 50


def test_a_broken_system_fails_alone(night: Ended, cluster: ClusterWorkflow) -> None:
    assert "broken.csv: column 'rho', row 2" in night.said
    assert not list((cluster.folder / "results/broken").rglob("*.*"))
    assert cluster.result("exponential-2").is_file()
    assert cluster.result("He", level="hf_cc-pVDZ").is_file()


def test_a_cancelled_job_is_reported(night: Ended, cluster: ClusterWorkflow) -> None:
    assert "CANCELLED AT" in night.said
    assert not cluster.result("gaussian-3").is_file()
    assert cluster.jobs("gaussian-3")["hierarchy"] == 1


@pytest.mark.usefixtures("night")
def test_tables_are_made_where_snakemake_runs(cluster: ClusterWorkflow) -> None:
    two = cluster.folder / "two.yaml"
    two.write_text(
        "atoms: [{systems: [He], levels: [hf_cc-pVDZ]}]\n"
        "models: [exponential-2]\nbracket: {electrons: 1}\npair_bound: {electrons: 0}\n"
    )
    table = "results/studies/default/tables/energies.csv"
    with cluster.started(table, "--configfile", two.name) as run:
        status, said = run.end()
        assert not run.jobs()
    assert status == 0, said
    assert (cluster.folder / table).is_file()


def test_a_failed_search_keeps_the_density_and_is_not_repeated(cluster: ClusterWorkflow) -> None:
    strict = cluster.folder / "strict.yaml"
    strict.write_text("models: [bohr-2]\ntransport: {tolerance: 1.0e-18}\n")
    with cluster.started("bohr-2", "--configfile", strict.name) as run:
        status, said = run.end()
        assert len(run.jobs()) == 1
    assert status != 0
    assert "raise the tolerance" in said
    assert not cluster.result("bohr-2", "sce.json").exists()
    assert cluster.result("bohr-2", "density.h5").is_file()
    assert cluster.jobs("bohr-2") == {"plan": 1, "hierarchy": 1, "bohr-2": 1, "total": 3}


def test_a_job_on_a_node_that_dies_starts_again_on_another(cluster: ClusterWorkflow) -> None:
    with cluster.started("exponential-3") as run:
        job = run.running("exponential-3")
        cluster.slurm.kill_node(job["NodeList"])
        try:
            status, said = run.end()
        finally:
            cluster.slurm.start_node(job["NodeList"])
            wait_for("return of the node", cluster.slurm.idle)
        (after,) = run.jobs()
    assert status == 0, said
    assert cluster.result("exponential-3").is_file()
    assert (after["JobId"], after["Restarts"], after["JobState"]) == (
        job["JobId"],
        "1",
        "COMPLETED",
    )
    assert after["NodeList"] != job["NodeList"]


def test_after_kill_9_finished_atoms_are_not_done_again(cluster: ClusterWorkflow) -> None:
    with cluster.started("sqrt_r-2", "sqrt_r-3", "--jobs", "1") as run:
        run.says("steps (")
        run.process.send_signal(signal.SIGKILL)
        run.process.wait()
        # What the README says: jobs of the dead process go on until they are cancelled.
        cluster.slurm.call("scancel", "--me")
        wait_for("end of the jobs", cluster.slurm.idle)
    done = [system for system in ("sqrt_r-2", "sqrt_r-3") if cluster.result(system).is_file()]
    assert len(done) == 1
    made = cluster.result(done[0]).stat().st_mtime_ns
    unlocked = cluster.run("--unlock")
    assert unlocked.returncode == 0, unlocked.stdout
    with cluster.started("sqrt_r-2", "sqrt_r-3") as run:
        status, said = run.end()
        assert len(run.jobs()) == 1
    assert status == 0, said
    assert cluster.result(done[0]).stat().st_mtime_ns == made
    assert cluster.result("sqrt_r-2").is_file()
    assert cluster.result("sqrt_r-3").is_file()


def test_scripts_for_other_schedulers(generic: ClusterWorkflow) -> None:
    with generic.started("ball-2", "broken") as run:
        status, said = run.end()
        states = sorted(job["JobState"] for job in run.jobs())
    assert status != 0
    assert "broken.csv: column 'rho', row 2" in said
    assert generic.result("ball-2").is_file()
    assert states == ["COMPLETED", "FAILED"]


def test_status_script(generic: ClusterWorkflow, tmp_path: Path) -> None:
    """A job that the queue does not know has failed; a queue that is silent is asked again."""

    def status(path: str) -> str:
        return subprocess.run(
            [generic.folder / "profiles/cluster-generic/status", "1000000"],
            env=generic.environment | {"PATH": path}, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    path = generic.environment["PATH"]
    silent = tmp_path / "scontrol"
    silent.write_text("#!/bin/sh\necho 'Unable to contact slurm controller' >&2\nexit 1\n")
    silent.chmod(0o755)
    assert status(path) == "failed\n"
    assert status(f"{tmp_path}:{path}") == "running\n"
