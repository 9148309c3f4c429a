"""The workflow on a real SLURM: where jobs run, what fails with what, and what is done again."""

import json
import signal
import subprocess

import pytest

from cluster.machine import wait_for
from cluster.runs import ClusterWorkflow, numbers
from workflow_copy import Workflow

pytestmark = [pytest.mark.workflow, pytest.mark.slow, pytest.mark.cluster]


def test_atoms_run_there_and_a_broken_one_fails_alone(
    cluster: ClusterWorkflow, local: Workflow
) -> None:
    with cluster.started("He", "exponential-2", "broken") as run:
        status, said = run.end()
        states = sorted(job["JobState"] for job in run.jobs())
        nodes = {job["NodeList"] for job in run.jobs()}
    assert status != 0
    assert "broken.csv: column 'rho', row 2" in said
    # A density, its transport cost and its hierarchy are one job; a failure is not repeated.
    assert states == ["COMPLETED", "COMPLETED", "FAILED"]
    assert nodes <= {"n1", "n2"}
    assert not list((cluster.folder / "results/broken").rglob("*.*"))
    compared = 0
    for reference in (local.folder / "results_local").glob("*/*/*.json"):
        here = cluster.folder / "results" / reference.relative_to(local.folder / "results_local")
        wanted = numbers(json.loads(reference.read_text()))
        compared += len(wanted)
        assert numbers(json.loads(here.read_text())) == pytest.approx(wanted, abs=1e-9, rel=1e-9)
    assert compared > 50


def test_a_failed_search_keeps_the_density_and_is_not_repeated(cluster: ClusterWorkflow) -> None:
    strict = cluster.folder / "strict.yaml"
    strict.write_text("models: [exponential-3]\ntransport: {tolerance: 1.0e-18}\n")
    with cluster.started("exponential-3", "--configfile", strict.name) as run:
        status, said = run.end()
        assert len(run.jobs()) == 1
    assert status != 0
    assert "raise the tolerance" in said
    assert not cluster.result("exponential-3", "sce.json").exists()
    made = cluster.result("exponential-3", "density.h5").stat().st_mtime_ns
    again = cluster.run("exponential-3")
    assert again.returncode == 0, again.stdout
    assert cluster.result("exponential-3", "density.h5").stat().st_mtime_ns == made
    assert cluster.result("exponential-3").is_file()


def test_a_cancelled_job_is_reported(cluster: ClusterWorkflow) -> None:
    with cluster.started("gaussian-2", "gaussian-3") as run:
        cluster.slurm.call("scancel", run.running("gaussian-3")["JobId"])
        status, said = run.end()
    assert status != 0
    assert "SLURM status is: 'CANCELLED'" in said
    assert cluster.result("gaussian-2").is_file()
    assert not cluster.result("gaussian-3").is_file()


def test_a_job_on_a_node_that_dies_starts_again_on_another(cluster: ClusterWorkflow) -> None:
    with cluster.started("bohr-3") as run:
        job = run.running("bohr-3")
        cluster.slurm.kill_node(job["NodeList"])
        try:
            status, said = run.end()
        finally:
            cluster.slurm.start_node(job["NodeList"])
            wait_for("return of the node", cluster.slurm.idle)
        (after,) = run.jobs()
    assert status == 0, said
    assert cluster.result("bohr-3").is_file()
    assert (after["JobId"], after["Restarts"], after["JobState"]) == (job["JobId"], "1", "COMPLETED")
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


def test_scripts_find_a_job_again_after_kill_9(generic: ClusterWorkflow) -> None:
    with generic.started("ball-3") as run:
        job = run.running("ball-3")
        run.process.send_signal(signal.SIGKILL)
        run.process.wait()
    assert generic.run("--unlock").returncode == 0
    with generic.started("ball-3") as run:
        status, said = run.end()
        assert not run.jobs()
    assert status == 0, said
    assert f"external jobid '{job['JobId']}'" in said


def test_status_script(generic: ClusterWorkflow) -> None:
    """A job that the queue does not know has failed; a queue that is silent is asked again."""

    def status(**changes: str) -> str:
        return subprocess.run(
            [generic.folder / "profiles/cluster-generic/status", "1000000"],
            env=generic.environment | changes, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    assert status() == "failed\n"
    assert status(SLURM_CONF="/nonexistent") == "running\n"
