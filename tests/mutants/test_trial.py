"""The runner on a project of two functions: what is tested, what is not, and what never ends."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

_SOURCE = """
def half(x: float) -> float:
    return x / 2


def twice(x: float) -> float:
    return x * 2


def countdown(n: int) -> int:
    while n > 0:
        n -= 1
    return n
"""
_TESTS = """
from comotion.numbers import countdown, half, twice

def test_half(): assert half(4) == 2
def test_twice(): assert twice(2) == 4
def test_countdown(): assert countdown(3) == 0
"""
_FAULTS = """
[[fault]]
path = "workflow/comotion/numbers.py"
old = "x / 2"
new = "x / 3"
says = "a third"
[[fault]]
path = "workflow/comotion/numbers.py"
old = "x * 2"
new = "x ** 2"
says = "a square"
[[fault]]
path = "workflow/comotion/numbers.py"
old = "n -= 1"
new = "n += 0"
says = "it never ends"
"""


def small_project(project: Path, folder: Path) -> None:
    """Write the project of two functions, with the runner, into a folder."""
    package = folder / "workflow/comotion"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "numbers.py").write_text(_SOURCE)
    shutil.copytree(project / "tests/mutants", folder / "tests/mutants")
    for old in (folder / "tests/mutants").glob("test_*.py"):
        old.unlink()
    shutil.copy(project / "tests/own_files.py", folder / "tests")
    (folder / "tests/test_numbers.py").write_text(_TESTS)
    (folder / "faults.toml").write_text(_FAULTS)
    (folder / "pyproject.toml").write_text('[tool.pytest]\npythonpath = ["tests"]\n')


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Call the runner in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "mutants", *words],
        cwd=folder, check=False, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": "tests"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def verdicts(project: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the runner says of three faults, in their order."""
    folder = tmp_path_factory.mktemp("small")
    small_project(project, folder)
    trial = ["--least", "5", "list", "faults.toml", "--result", "found.json"]
    for words in (["look"], ["together"], trial):
        told = run(folder, *words)
        assert told.returncode == 0, told.stdout + told.stderr
    assert "2 of 3 were noticed (66.7 %)" in told.stdout
    assert (folder / "workflow/comotion/numbers.py").read_text() == _SOURCE
    found: list[dict[str, Any]] = json.loads((folder / "found.json").read_text())
    return found


def test_tests_that_fail_only_together_are_found(project: Path, tmp_path: Path) -> None:
    small_project(project, tmp_path)
    first = "import os\ndef test(): assert os.environ.setdefault('FIRST', __name__) == __name__\n"
    for name in ("one", "two"):
        (tmp_path / f"tests/test_{name}.py").write_text(first)
    assert run(tmp_path, "look").returncode == 0
    told = run(tmp_path, "together")
    assert told.returncode != 0
    assert "all tests together, without any fault: exit code 1" in told.stderr


def test_a_fault_is_noticed_by_the_test_that_fails(verdicts: list[dict[str, Any]]) -> None:
    assert verdicts[0]["noticed"]
    assert verdicts[0]["by"] == "tests/test_numbers.py::test_half"
    assert (verdicts[0]["line"], verdicts[0]["kind"]) == (3, "a third")


def test_a_fault_that_no_test_sees_survives(verdicts: list[dict[str, Any]]) -> None:
    assert not verdicts[1]["noticed"]
    assert verdicts[1]["by"] == "1 files of tests pass"
    assert (verdicts[1]["old"].strip(), verdicts[1]["new"].strip()) == (
        "return x * 2",
        "return x ** 2",
    )


def test_a_fault_that_never_ends_is_noticed(verdicts: list[dict[str, Any]]) -> None:
    assert verdicts[2]["noticed"]
    assert verdicts[2]["by"] == "time or memory ran out"
