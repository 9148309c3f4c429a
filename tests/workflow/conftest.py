"""Copies of the project in which the workflow is run."""

from pathlib import Path

import pytest

from workflow_copy import SMALL, Workflow, copy_project


@pytest.fixture
def workflow(project: Path, tmp_path: Path) -> Workflow:
    """A fresh copy."""
    return copy_project(project, tmp_path)


@pytest.fixture(scope="session")
def finished(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Workflow:
    """A copy in which the small study has been run."""
    done = copy_project(project, tmp_path_factory.mktemp("finished"))
    done.configure(SMALL)
    result = done.run("--cores", "2")
    assert result.returncode == 0, result.stdout
    return done
