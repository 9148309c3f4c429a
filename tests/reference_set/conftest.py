"""A tiny set for all tests of it; whoever alters it takes a copy."""

import shutil
from pathlib import Path

import pytest

from comotion.cli import main
from set_of_models import SYSTEMS, add, run_stages


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Finished results of both densities, with energies.csv of a study of them."""
    folder = tmp_path_factory.mktemp("finished") / "results"
    for system in SYSTEMS:
        run_stages(folder, system)
    rows = [f"{system}/exact" for system in SYSTEMS]
    made = folder / "tables"
    main(["energies-table", "--results", str(folder), "--rows", *rows, "--bracketed", *rows,
          "--pair-bounded", *rows, "--csv", str(made / "energies.csv"),
          "--units", str(made / "u.json"), "--markdown", str(made / "e.md"),
          "--settings", str(made / "s.json")])  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def published(results: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set, which no test changes."""
    folder = tmp_path_factory.mktemp("published") / "reference"
    add(results, folder, "--date", "2026-11-28")
    return folder


@pytest.fixture
def mine(published: Path, tmp_path: Path) -> Path:
    """A copy of the set, to be tampered with."""
    return Path(shutil.copytree(published, tmp_path / "reference"))
