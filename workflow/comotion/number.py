"""Numbers with their errors and meanings, as text, as a table and for notebooks."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Number:
    """A number with its error, hartree.

    Attributes:
        value: The number.
        error: Its error from search and quadrature, where one is known and not in it already.
        meaning: What it is, in a phrase.
    """

    value: float
    error: float | None
    meaning: str

    def __str__(self) -> str:
        """The value with its error, such as 3.19585690 +- 2e-08."""
        if np.isnan(self.value):
            return "unknown: its error is too large"
        error = "" if self.error is None else f" +- {self.error:.0e}"
        return f"{self.value:.8f}{error}"


def table_of(numbers: Mapping[str, Number]) -> "pd.DataFrame":
    """Numbers by name as a table.

    Args:
        numbers: The numbers, hartree.

    Returns:
        One row for each with the columns value, error (NaN where none is known), unit and meaning,
        by the number's name.
    """
    import pandas as pd  # noqa: PLC0415 - slow to import

    return pd.DataFrame(
        {
            "value": [one.value for one in numbers.values()],
            "error": [np.nan if one.error is None else one.error for one in numbers.values()],
            "unit": "hartree",
            "meaning": [one.meaning for one in numbers.values()],
        },
        index=pd.Index(numbers, name="quantity"),
    )


def html_of(numbers: Mapping[str, Number], caption: str) -> str:
    """Numbers by name as an HTML table."""
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(str(one))}</td><td>{escape(one.meaning)}</td></tr>"
        for name, one in numbers.items()
    )
    return f"<table><caption>{escape(caption)}</caption>{rows}</table>"
