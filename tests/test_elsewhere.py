"""Files for machines of others: the workflow of a code host, and the container."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml


def _instructions(project: Path) -> list[tuple[str, str]]:
    """Instructions of the Containerfile with their arguments, lines joined, without comments."""
    text = (project / "Containerfile").read_text()
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    parts = [line.partition(" ") for line in lines if line.strip()]
    return [(name, " ".join(rest.split())) for name, _, rest in parts]


def test_the_code_host_runs_what_the_project_runs(project: Path) -> None:
    """Nothing but .ci/run, on every Python from the lowest that the project allows."""
    flow = yaml.safe_load((project / ".github/workflows/ci.yml").read_text())
    (job,) = flow["jobs"].values()
    versions = job["strategy"]["matrix"]["python"]
    table = tomllib.loads((project / "pyproject.toml").read_text())["project"]
    assert f">={versions[0]}" == table["requires-python"]
    assert versions == ["3.11", "3.12", "3.13"]
    assert job["container"] == "python:${{ matrix.python }}-bookworm"
    *_, last = [step["run"] for step in job["steps"] if "run" in step]
    assert last == "bash .ci/run"
    assert (project / ".ci/run").is_file()


def test_the_container_is_set_up_by_make(project: Path) -> None:
    instructions = _instructions(project)
    images = [rest for name, rest in instructions if name == "FROM"]
    assert images == ["python:3.12-slim"]
    system, *commands = [rest for name, rest in instructions if name == "RUN"]
    assert system.startswith("apt-get update && apt-get install --yes --no-install-recommends make")
    assert commands == ["make setup"]
    assert instructions[-1] == ("ENTRYPOINT", '["snakemake"]')
    (folder,) = [rest for name, rest in instructions if name == "WORKDIR"]
    assert ("ENV", f'PATH="{folder}/.venv/bin:$PATH"') in instructions
    copied = [rest for name, rest in instructions if name == "COPY"]
    assert instructions.index(("COPY", copied[-1])) < instructions.index(("RUN", "make setup"))


@pytest.mark.slow
@pytest.mark.workflow
def test_what_the_container_holds_is_enough(project: Path, tmp_path: Path) -> None:
    """Its files alone are set up by make and planned by Snakemake."""
    for name, rest in _instructions(project):
        *sources, target = rest.split()
        for source in sources if name == "COPY" else []:
            if (project / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
                shutil.copytree(project / source, tmp_path / target, ignore=ignored)
            else:
                shutil.copy(project / source, tmp_path / target)
    plan = subprocess.run(
        ["make", "-n", "setup"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    assert "-m pip install --quiet --require-hashes -r requirements.lock" in plan
    dry = subprocess.run(
        [sys.executable, "-m", "snakemake", "-n", "--cores", "1", "bohr-2"],
        cwd=tmp_path, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert dry.returncode == 0, dry.stdout + dry.stderr
    # What setuptools builds the package from is there, too.
    build = "from setuptools import build_meta; print(build_meta.build_wheel('wheels'))"
    subprocess.run(
        [sys.executable, "-c", build], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    (wheel,) = (tmp_path / "wheels").iterdir()
    assert wheel.name.startswith("comotion-")
