"""What Snakemake prints at the end of a run."""

import re
import shlex

import pandas as pd
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


def test_tables_figures_and_report_without_a_system_that_failed(workflow: Workflow) -> None:
    """What the summary says to type makes them, and computes nothing anew."""
    workflow.configure({
        "atoms": [{"systems": ["He", "He-", "Ne-"], "levels": ["hf_cc-pVDZ"]}],
        "leave_out": ["Ne-"],
        "bracket": {"electrons": 0}, "pair_bound": {"electrons": 0},
        "figures": {"arrangements": ["He-", "He"]},
    })  # fmt: skip
    page = workflow.tables.parent / "report.html"
    report = ("--report", str(page.relative_to(workflow.folder)))
    failed = workflow.run("--cores", "2")
    assert failed.returncode != 0
    assert "1 failed:" in failed.stdout
    assert workflow.run(*report).returncode != 0
    assert not page.exists()

    (line,) = re.findall(r"^    (--config .*)$", failed.stdout, re.MULTILINE)
    typed = shlex.split(line)
    assert typed == ["--config", 'leave_out=["Ne-", "He-/hf_cc-pVDZ"]']
    assert not {"atom", "plan", "hierarchy"} & set(workflow.jobs(*typed))
    for words in (("--cores", "2", *typed), (*report, *typed)):
        result = workflow.run(*words)
        assert result.returncode == 0, result.stdout
    assert list(pd.read_csv(workflow.tables / "energies.csv")["system"]) == ["He"]
    assert "left out of all that is shown: Ne-, He-/hf_cc-pVDZ" in page.read_text()
