"""One SLURM and one copy of the project for all tests of the clusters."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.machine import Slurm, missing_programs
from cluster.runs import STUDY, ClusterWorkflow
from workflow_copy import Workflow, copy_project


@pytest.fixture(scope="session")
def slurm() -> Iterator[Slurm]:
    """A running SLURM, stopped afterwards."""
    if missing := missing_programs():
        pytest.skip(
            f"not installed: {', '.join(missing)}; on Debian or Ubuntu,"
            " apt-get install --no-install-recommends slurm-wlm munge"
        )
    # Not pytest's own folder, whose name is too long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))
    machine = Slurm(folder)
    try:
        machine.start()
        yield machine
    finally:
        machine.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def local(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Workflow:
    """A copy in which two systems were run without SLURM; their results are set aside."""
    copy = copy_project(project, tmp_path_factory.mktemp("cluster"))
    copy.configure(STUDY)
    (copy.folder / "broken.csv").write_text("r,rho\n1,1\n2,nan\n3,1\n")
    result = copy.run("He", "exponential-2", "--cores", "1")
    assert result.returncode == 0, result.stdout
    (copy.folder / "results").rename(copy.folder / "results_local")
    return copy


@pytest.fixture(scope="session")
def cluster(slurm: Slurm, local: Workflow) -> ClusterWorkflow:
    """The same copy, whose jobs go to SLURM by its plugin."""
    return ClusterWorkflow(local.folder, slurm, "slurm")


@pytest.fixture(scope="session")
def generic(slurm: Slurm, local: Workflow) -> ClusterWorkflow:
    """The same copy, whose jobs go to SLURM by the scripts for any scheduler."""
    return ClusterWorkflow(local.folder, slurm, "cluster-generic")
