"""What Snakemake prints at the end of a run."""

import pytest

from workflow_copy import Workflow

pytestmark = [pytest.mark.workflow, pytest.mark.slow]


def test_a_run_ends_with_what_was_done_and_what_failed_and_why(workflow: Workflow) -> None:
    good, bad = (f"results/{system}/hf_cc-pVDZ/quantum.json" for system in ("He", "He-"))
    beyond = "results/He-/hf_cc-pVDZ/sce.json"
    result = workflow.run("--cores", "2", good, bad, beyond)
    assert result.returncode != 0
    _, found, said = result.stdout.partition("Summary after ")
    assert found
    assert "1 done: He hf_cc-pVDZ (" in said
    assert "1 failed:" in said
    assert "He- hf_cc-pVDZ atom: He-: the negative ion is not bound" in said
    assert "(results/logs/atom/He-_hf_cc-pVDZ.log)" in said
    assert "not finished" not in said

    result = workflow.run("--cores", "1", good, "results/exponential-2/exact/density.json")
    assert result.returncode == 0, result.stdout
    said = result.stdout.partition("Summary after ")[2]
    assert "1 done: exponential-2 exact (" in said
    assert "1 kept from a former run" in said
    assert "failed" not in said
    assert "Summary after" not in workflow.run("-n").stdout
