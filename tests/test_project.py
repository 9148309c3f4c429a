"""What the project's own files promise."""

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
import yaml

import comotion
from own_files import own_files


def _files(project: Path, *patterns: str) -> list[Path]:
    return [project / name for name in own_files(project, *patterns)]


def _pinned(lock: str) -> set[str]:
    """Packages of a lock with their versions."""
    return set(re.findall(r"^[a-z0-9-]+==[^ ]+", lock, re.MULTILINE))


@pytest.mark.parametrize(
    "name", ["requirements.lock", "docs/requirements.lock", "tests/requirements.lock"]
)
def test_lock_names_no_host_and_has_hashes(project: Path, name: str) -> None:
    lock = (project / name).read_text()
    assert "://" not in lock
    assert all(
        "--hash=sha256:" in block for block in re.split(r"\n(?=[a-z0-9])", lock) if "==" in block
    )


@pytest.mark.parametrize(("extra", "name"), [
    ("docs", "docs/requirements.lock"), ("page", "tests/requirements.lock"),
])  # fmt: skip
def test_a_further_lock_changes_no_version(project: Path, extra: str, name: str) -> None:
    locked = _pinned((project / "requirements.lock").read_text())
    further = _pinned((project / name).read_text())
    table = tomllib.loads((project / "pyproject.toml").read_text())
    wanted = table["project"]["optional-dependencies"][extra]
    if extra == "page":
        wanted = [*wanted, *table["dependency-groups"]["validators"]]
    assert {re.split("[><=]", one)[0] for one in wanted} <= {
        line.partition("==")[0] for line in further
    }
    names = {line.partition("==")[0] for line in locked}
    shared = {line for line in further if line.partition("==")[0] in names}
    assert "matplotlib" in names
    assert shared <= locked
    assert len(shared) < len(further)


def test_further_locks_agree(project: Path) -> None:
    """Both are installed into one environment."""
    documents, page = (
        dict(line.split("==") for line in _pinned((project / name).read_text()) if ";" not in line)
        for name in ("docs/requirements.lock", "tests/requirements.lock")
    )
    both = documents.keys() & page.keys()
    assert "markdown-it-py" in both
    assert {name: documents[name] for name in both} == {name: page[name] for name in both}


def test_conda_environment_follows_the_lock(project: Path) -> None:
    lock = (project / "requirements.lock").read_text()
    environment = (project / "workflow/envs/comotion.yaml").read_text()
    pins = re.findall(r"- (\S+)==(\S+)", environment)
    table = tomllib.loads((project / "pyproject.toml").read_text())["project"]
    wanted = [*table["dependencies"], *table["optional-dependencies"]["workflow"]]
    assert [name for name, _ in pins] == sorted(re.split("[><=]", one)[0] for one in wanted)
    for name, pinned in pins:
        assert re.search(rf"^{name}=={re.escape(pinned)}[ ;]", lock, re.MULTILINE), name


def test_what_the_report_needs_is_installed_with_the_workflow(project: Path) -> None:
    """Snakemake makes reports with packages that it does not install by itself."""
    table = tomllib.loads((project / "pyproject.toml").read_text())["project"]
    workflow = table["optional-dependencies"]["workflow"]
    declared = {re.split("[><=]", wanted)[0] for wanted in workflow}
    needed = {
        re.split("[ ><=;]", wanted)[0]
        for wanted in requires("snakemake") or []
        if re.search("extra == .reports.", wanted)
    }
    assert needed
    assert needed <= declared


@pytest.mark.slow
def test_an_old_python_is_refused_before_anything_is_installed(
    project: Path, tmp_path: Path
) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(project / name, tmp_path)
    lowest = tomllib.loads((project / "pyproject.toml").read_text())["project"]["requires-python"]
    old = tmp_path / "python3.10"
    version = "import sys; sys.version_info = (3, 10, 14); exec(sys.argv[2])"
    old.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{version}" "$@"\n')
    old.chmod(0o755)
    told = subprocess.run(
        ["make", "setup", f"PYTHON={old}"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert told.returncode != 0
    assert f"comotion needs Python {lowest.removeprefix('>=')} or newer, and" in told.stderr
    assert "is 3.10" in told.stderr
    assert "Traceback" not in told.stderr
    assert not (tmp_path / ".venv").exists()
    # One that is new enough goes on.
    told = subprocess.run(
        ["make", "setup", f"PYTHON={sys.executable}", "BIN=/nowhere"],
        cwd=tmp_path, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert "needs Python" not in told.stderr
    assert (tmp_path / ".venv").is_dir()


def test_cleaning_keeps_what_knows_how_the_results_were_made(project: Path) -> None:
    """Without Snakemake's records a changed setting would not be seen."""
    # Tests may themselves be started by make, which then says in which folder it is.
    told = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "clean"],
        cwd=project, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert told.stdout.split() == ["rm", "-rf", ".venv"]


def test_the_catalogue_of_workflows_finds_what_it_asks_for(project: Path) -> None:
    readme = (project / "README.md").read_text().lower()
    assert "snakemake" in readme
    assert "workflow" in readme
    assert list((project / "rules").glob("*.smk"))
    # The one at the top comes first: a second one would never be run.
    assert [path.relative_to(project).as_posix() for path in _files(project, "*Snakefile")] == [
        "Snakefile"
    ]
    usage = yaml.safe_load((project / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    deployment = usage["software-stack-deployment"]
    assert set(usage) == {"mandatory-flags", "software-stack-deployment", "report"}
    assert usage["mandatory-flags"]["flags"] == ""
    assert usage["report"] is deployment.pop("report") is True
    assert not any(deployment.values())


def test_files_are_short(project: Path) -> None:
    for path in _files(project, "*.py", "*.smk", "Snakefile"):
        assert len(path.read_text().splitlines()) <= 350, path
    assert len((project / "Snakefile").read_text().splitlines()) <= 60


def test_three_files_at_most_can_be_run(project: Path) -> None:
    """``comotion``, ``study``, and nothing else that has a command line of its own."""
    run = [
        path.relative_to(project).as_posix()
        for path in _files(project, "*.py")
        if "tests" not in path.parts
        and (path.name == "__main__.py" or "__main__" in path.read_text())
    ]
    assert len(run) <= 3, run
    assert {"workflow/comotion/__main__.py", "workflow/study/__main__.py"} <= set(run)


def test_no_rule_starts_a_snakemake_of_its_own(project: Path) -> None:
    for path in (project / "rules").glob("*.smk"):
        assert not re.search(r"^\s*run:", path.read_text(), re.MULTILINE), path


def test_the_science_package_knows_nothing_of_studies(project: Path) -> None:
    for path in (project / "workflow/comotion").rglob("*.py"):
        assert not re.search(
            r"^\s*(?:from|import) (?:study|snakemake)\b", path.read_text(), re.MULTILINE
        ), path


def test_every_public_name_can_be_imported() -> None:
    assert all(getattr(comotion, name) is not None for name in comotion.__all__)
