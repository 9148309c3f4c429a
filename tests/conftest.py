"""Fixtures that many tests share."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from comotion import GammaMixture, QuantumState, parse_atom, parse_level, solve_atom
from comotion.abinitio.mean_field import single_thread

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's folder."""
    return PROJECT


@cache
def atom(system: str, level: str) -> tuple[QuantumState, GammaMixture]:
    """State and density of an atom, computed once in a test process."""
    single_thread()
    return solve_atom(parse_atom(system), parse_level(level))


def reference_energies() -> pd.DataFrame:
    """Published and independently computed numbers with tolerances and sources."""
    return pd.read_csv(PROJECT / "tests/data/reference_energies.csv")
