"""Used as a module of another workflow: rules under other names, results under a prefix."""

import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

from planned import Asked, planned
from workflow_copy import MARK, Workflow, marked_copy, version_of, write_table

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

_OTHER = """
module comotion:
    snakefile: "project/Snakefile"
    config: config["comotion"]

use rule * from comotion as comotion_*

module again:
    snakefile: "project/Snakefile"
    config: config["comotion"] | {"study": "again"}
    prefix: "pre fix"

use rule * from again as again_*

rule mine:
    default_target: True
    input:
        sce="results/exponential-2/exact/sce.json",
        table="pre fix/results/studies/again/tables/energies.csv",
    output:
        "mine.txt"
    shell:
        "(set +u; echo package=$PYTHONPATH; cat {input.table:q}) > {output}"
"""
_CONFIG = {
    "comotion": {
        "models": ["exponential-2"],
        "densities": {"mine": {"file": "mine.csv"}},
        "bracket": {"electrons": 0},
        "pair_bound": {"electrons": 0},
    }
}


@pytest.fixture
def other(project: Path, tmp_path: Path) -> Workflow:
    """Another workflow, with a copy of the project in its folder."""
    (tmp_path / "other").mkdir()
    marked_copy(project, tmp_path / "other/project")
    write_table(tmp_path / "other/mine.csv")
    return Workflow(tmp_path / "other")


def _run(
    other: Workflow, text: str, *arguments: str, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run the other workflow with this Snakefile."""
    (other.folder / "Snakefile").write_text(text)
    return other.run_alone(*arguments, **options)


def test_two_modules_one_with_a_prefix(other: Workflow) -> None:
    (other.folder / "config.yaml").write_text(yaml.safe_dump(_CONFIG))
    text = 'configfile: "config.yaml"\n' + _OTHER
    result = _run(other, text, "--cores", "2", "mine", "again_all")
    assert result.returncode == 0, result.stdout
    record = other.folder / "results/exponential-2/exact/sce.json"
    assert version_of(record) == MARK
    # The rules of the other workflow keep their own environment.
    package, header, *rows = (other.folder / "mine.txt").read_text().splitlines()
    assert package == "package="
    assert header.startswith("system,level,")
    assert [row.partition(",")[0] for row in rows] == ["exponential-2", "mine"]
    assert (other.folder / "pre fix/results/studies/again/figures/hierarchy.svg").is_file()
    assert not (other.folder / "results/studies").exists()
    assert "Nothing to be done" in _run(other, text, "-n", "mine", "again_all").stdout


def test_a_module_has_a_config_of_its_own(other: Workflow) -> None:
    """What is wrong with it is said of the module, not of the other workflow's config.yaml."""
    (other.folder / "config.yaml").write_text("gird: 1\n")
    text = 'module them:\n    snakefile: "project/Snakefile"\n{}use rule * from them as them_*\n'
    result = _run(other, text.format(""), "-n")
    assert "module them: it has no config; give it one of its own" in result.stdout
    wrong = text.format('    config: {"models": ["exponential-02"]}\n')
    result = _run(other, wrong, "-n")
    assert "config of the module them: key models: model 'exponential-02'" in result.stdout


def test_the_module_of_the_documents(other: Workflow, project: Path) -> None:
    """It plans what it shows: a rule of ours in another's workflow, with more memory."""
    text = (project / "docs/snakemake.md").read_text()
    (shown,) = re.findall(r"```snakemake\n(.*?)```", text, re.DOTALL)
    (other.folder / "other.smk").write_text(shown.replace("path/to/comotion", "project"))
    (plan,) = planned([Asked(str(other.folder), snakefile="other.smk", targets=["mine"])])
    assert not plan.error
    (mine,) = plan.of("mine").values()
    assert mine.inputs == {"": ["results/studies/mine/tables/energies.csv"]}
    jobs = plan.of("comotion_plan")
    assert list(jobs) == [("exponential-2", "exact")]
    assert jobs["exponential-2", "exact"].resources["mem_mb"] == 3000
    assert set(plan.rules) >= {"mine", "comotion_all", "comotion_plan", "comotion_energies"}


_FETCHED = """
module comotion:
    snakefile: gitfile("{repository}", path="inner/Snakefile", ref="main")
    config: {{"models": ["exponential-2"]}}

use rule * from comotion as comotion_*
"""


def test_rules_that_were_fetched_without_the_package(other: Workflow, project: Path) -> None:
    """They take the installed package, or say that there is none."""
    repository = other.folder.parent / "repository"
    (repository / "inner/workflow").mkdir(parents=True)
    for name in ("Snakefile", "rules", "workflow/envs", "workflow/report"):
        (repository / "inner" / name).symlink_to(project / name)
    copy = ["cp", "-rL", str(repository / "inner"), str(repository / "copied")]
    subprocess.run(copy, check=True)
    subprocess.run(["rm", "-r", str(repository / "inner")], check=True)
    (repository / "copied").rename(repository / "inner")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(repository)]
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "All"]):
        subprocess.run([*git, *words], check=True)
    text = _FETCHED.format(repository=repository)
    target = "results/exponential-2/exact/density.json"
    installed = _run(other, text, "--cores", "1", target, PYTHONPATH=str(project / "workflow"))
    assert installed.returncode == 0, installed.stdout
    assert (other.folder / target).is_file()
    # Without site (-S) no .pth file is read, and with it goes the way to the checkout.
    missing = _run(
        other, text, "-n", target, python=(sys.executable, "-S"),
        PYTHONPATH=sysconfig.get_path("purelib"),
    )  # fmt: skip
    assert missing.returncode != 0
    assert "the package of comotion is not there: the rules alone were fetched" in missing.stdout
