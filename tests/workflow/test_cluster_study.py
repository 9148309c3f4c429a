"""The study for a cluster, planned without one."""

import os

import pytest

from workflow_copy import Workflow, planned

pytestmark = [pytest.mark.workflow, pytest.mark.slow]


@pytest.mark.parametrize("profile", ["slurm", "cluster-generic"])
def test_dry_run_of_the_periodic_table(workflow: Workflow, profile: str) -> None:
    """Helium to xenon without iron, V_k to k = 6; the profiles are read by their plugins."""
    arguments = (
        "--configfile",
        "studies/periodic.yaml",
        "--workflow-profile",
        f"profiles/{profile}",
    )
    said = workflow.run("-n", "--printshellcmds", *arguments).stdout
    jobs = planned(said)
    assert (jobs["atom"], jobs["plan"], jobs["hierarchy"]) == (52, 52, 52)
    assert "bracket" not in jobs
    assert said.count("--seeds 1 2 ") == 2 * 52
    assert said.count("--highest 6 ") == 52


def test_scripts_can_be_run(workflow: Workflow) -> None:
    scripts = workflow.folder / "profiles/cluster-generic"
    for name in ("submit", "status", "cancel"):
        assert os.access(scripts / name, os.X_OK), name
