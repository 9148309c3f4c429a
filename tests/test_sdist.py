"""The source distribution: the whole project, whose tests run where there is no git."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from own_files import own_files
from workflow_copy import copy_project

pytestmark = pytest.mark.slow

_BUILD = "from setuptools import build_meta; print(build_meta.build_sdist('.'))"


@pytest.fixture(scope="module")
def unpacked(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is in the archive."""
    copy = tmp_path_factory.mktemp("source")
    copy_project(project, copy)
    subprocess.run([sys.executable, "-c", _BUILD], cwd=copy, check=True, capture_output=True)
    (archive,) = copy.glob("comotion-*.tar.gz")
    target = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(archive) as opened:
        opened.extractall(target, filter="data")
    (folder,) = target.iterdir()
    return folder


def test_it_holds_the_whole_project(project: Path, unpacked: Path) -> None:
    assert own_files(unpacked) == own_files(project)


def test_its_tests_run_outside_git(unpacked: Path) -> None:
    """Those that list the project's files, one of the science and one of the workflow."""
    tests = ["tests/test_project.py", "tests/test_house.py", "tests/density/test_gamma.py",
             "tests/study/test_targets.py"]  # fmt: skip
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=unpacked, check=False, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(unpacked / "workflow")},
    )  # fmt: skip
    assert told.returncode == 0, told.stdout
