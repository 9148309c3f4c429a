"""The study for a cluster, planned without one."""

import os

import pytest

from workflow_copy import Workflow, planned

pytestmark = [pytest.mark.workflow, pytest.mark.slow]


@pytest.mark.parametrize("profile", ["slurm", "cluster-generic"])
def test_dry_run_of_the_periodic_table(workflow: Workflow, profile: str) -> None:
    """Helium to xenon, V_k to k = 20, brackets to neon; the profiles are read by their plugins."""
    arguments = (
        "--configfile",
        "studies/periodic.yaml",
        "--workflow-profile",
        f"profiles/{profile}",
    )
    said = workflow.run("-n", "--printshellcmds", *arguments).stdout
    jobs = planned(said)
    assert (jobs["atom"], jobs["plan"], jobs["hierarchy"]) == (53, 53, 53)
    assert jobs["bracket"] == 9
    assert said.count("--seeds 1 2 ") == 2 * 53 + 9
    assert said.count("--highest 20 ") == 53


def test_scripts_can_be_run(workflow: Workflow) -> None:
    scripts = workflow.folder / "profiles/cluster-generic"
    for name in ("submit", "status", "cancel"):
        assert os.access(scripts / name, os.X_OK), name
