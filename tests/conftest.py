"""Fixtures that many tests share."""

import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Thread

import pandas as pd
import pytest
from hypothesis import settings
from pyscf import scf

from comotion.density.gamma import GammaMixture
from comotion.electronic.atoms import solve_atom
from comotion.electronic.mean_field import single_thread
from comotion.electronic.state import QuantumState
from comotion.systems import parse_atom, parse_level

# PySCF's checkpoints are of no use here, and their temporary files outlive the tests.
scf.hf.MUTE_CHKFILE = True

# The same examples in every run, however busy the machine is.
settings.register_profile("reproducible", derandomize=True, deadline=None, database=None)
settings.load_profile("reproducible")

PROJECT = Path(__file__).parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for a cluster or runs the workflow takes longest, so it begins first."""
    items.sort(key=lambda item: ("cluster" not in item.keywords, "workflow" not in item.keywords))


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's folder."""
    return PROJECT


def pipe(path: Path) -> None:
    """Make a named pipe that ends at once for whoever opens it: no test of one waits forever."""
    os.mkfifo(path)

    def feed() -> None:
        with suppress(OSError):
            while path.exists():
                path.open("wb").close()

    Thread(target=feed, daemon=True).start()


@cache
def atom(system: str, level: str) -> tuple[QuantumState, GammaMixture]:
    """State and density of an atom, computed once in a test process."""
    single_thread()
    return solve_atom(parse_atom(system), parse_level(level))


def reference_energies() -> pd.DataFrame:
    """Published and independently computed numbers with tolerances and sources."""
    return pd.read_csv(PROJECT / "tests/data/reference_energies.csv")
