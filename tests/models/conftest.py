"""The table of known values of the problems."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

Check = Callable[[str, str, float], None]

_ROWS = pd.read_csv(Path(__file__).parents[1] / "data/models.csv").to_dict("records")
_TABLE = {(row["problem"], row["quantity"]): row for row in _ROWS}


@pytest.fixture(scope="session")
def check() -> Check:
    """Compare a number with the table, within the table's tolerance."""

    def compare(problem: str, quantity: str, value: float) -> None:
        row = _TABLE[problem, quantity]
        expected, tolerance = float(row["value"]), float(row["tolerance"])
        assert value == pytest.approx(expected, abs=tolerance), (problem, quantity)

    return compare


@pytest.fixture(scope="session")
def known() -> Callable[[str, str], float]:
    """A value of the table."""
    return lambda problem, quantity: float(_TABLE[problem, quantity]["value"])
