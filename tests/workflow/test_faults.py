"""Bad input and faults: one sentence, nothing lost, nothing half-made."""

from typing import Any

import pytest

from workflow_copy import SMALL, Workflow, write_table

pytestmark = [pytest.mark.workflow, pytest.mark.slow]


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("gird: 1", "config.yaml: the top level: unknown key 'gird'"),
        ("atoms: [{systems: [Xx], levels: [hf_x]}]", "'Xx': no such element"),
        ("atoms: [{systems: [No], levels: [hf_x]}]", "put the name in quotes"),
        ("transport: {tolerance: 1e-8}", "is text, not a number"),
        ("", "keys at top level"),
        ("models: [ball-2", "not valid JSON or YAML"),
        ("models: [ball-2]  # caf\udce9", "config.yaml: 'utf-8' codec can't decode byte 0xe9"),
        ("densities: {mine: {file: ../mine.csv}}", "leads out of the project folder"),
        ("densities: {plan: {file: config.yaml}}", "a rule of the workflow has this name"),
    ],
)
def test_wrong_config_stops_before_anything_runs(
    workflow: Workflow, config: str, sentence: str
) -> None:
    (workflow.folder / "config.yaml").write_bytes(config.encode(errors="surrogateescape"))
    result = workflow.run("--cores", "1")
    assert result.returncode != 0
    assert sentence in result.stdout
    assert "Traceback" not in result.stdout
    assert [p.name for p in (workflow.folder / "results").iterdir()] == ["README.md"]


def test_each_fault_stops_its_own_system_only(workflow: Workflow) -> None:
    """One run with many broken systems: all the others finish."""
    densities = {
        "good": write_table(workflow.folder / "good.csv"),
        "nan": write_table(workflow.folder / "nan.csv", row7=float("nan")),
        "negative": write_table(workflow.folder / "negative.csv", row9=-1.0),
        "fractional": write_table(workflow.folder / "fractional.csv", row250=1.0),
    }
    workflow.configure({
        "atoms": [
            {"systems": ["He", "He-"], "levels": ["hf_aug-cc-pVDZ"]},
            {"systems": ["Li"], "levels": ["hf_nonsense", "hf_cc-pVDZ"]},
        ],
        "densities": {name: {"file": file} for name, file in densities.items()},
    })  # fmt: skip
    result = workflow.run("--cores", "2")
    assert result.returncode != 0
    for sentence in (
        "He-: the negative ion is not bound",
        "basis 'nonsense' is unknown or lacks the element Li",
        "nan.csv: column 'rho', row 8",
        "negative.csv: column 'rho', row 10: the density is negative",
        "fractional.csv: the density integrates to",
    ):
        assert sentence in result.stdout
    results = workflow.folder / "results"
    for good in ("He/hf_aug-cc-pVDZ", "Li/hf_cc-pVDZ", "good/table"):
        assert (results / good / "hierarchy.json").is_file()
    for bad in ("He-/hf_aug-cc-pVDZ", "Li/hf_nonsense", "nan/table", "negative/table"):
        assert not list((results / bad).glob("*"))


def test_no_convergence_writes_no_result(workflow: Workflow) -> None:
    config: dict[str, Any] = SMALL | {"abinitio": {"max_cycle": 9}}
    workflow.configure(config)
    result = workflow.run("--cores", "2", "Be")
    assert result.returncode != 0
    assert "equations did not converge in 9 iterations" in result.stdout
    assert (workflow.folder / "results/Be/hf_cc-pVDZ/quantum.json").is_file()
    assert not list((workflow.folder / "results/Be/ccsd_cc-pVDZ").glob("*"))
