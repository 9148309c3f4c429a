"""The problems, each solved once at a small size."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import pytest

from comotion.models.problem import Solution

#: Small sizes, for speed.
SIZES: dict[str, dict[str, Any]] = {
    "line": {"atoms": 12},
    "antipodal": {"shells": 6, "directions": 6},
    "two_sites": {"shares": 11},
    "representability": {"sites": 6, "particles": 4},
    "infinite": {"weights": 7},
    "mean_field_limit": {"sphere": 6, "electrons": 4},
    "semiclassical": {"points": 24, "hbar": [3.0, 1.0, 0.5, 0.25, 0.12]},
    "radial_semiclassical": {"points": 16, "angles": 4, "hbar": [3.0, 1.0]},
    "three_particles": {"points": 14, "hbar": [1.0, 0.5]},
    "smoothing": {"points": 24, "hbar": [1.0, 0.5, 0.25]},
    "plans_not_maps": {"points": 11},
    "pair_bound": {"electrons": 7, "degree": 6, "shells": 4},
    "meeting_electrons": {"cells": 6},
}


@cache
def _solution(problem: str) -> Solution:
    found: Solution = import_module(f"comotion.models.{problem}").solve(**SIZES[problem])
    return found


@pytest.fixture(scope="session")
def solved() -> Callable[[str], Solution]:
    """Solutions of the problems, to be read only."""
    return _solution


@pytest.fixture(scope="session")
def sizes() -> dict[str, dict[str, Any]]:
    """What each problem is solved with."""
    return SIZES
