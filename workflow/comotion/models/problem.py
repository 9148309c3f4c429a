"""What the solution of every soluble or model problem consists of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Solution:
    """A solved problem.

    Attributes:
        numbers: What the record holds, by name.
        arrays: (values, unit, meaning) by name.
    """

    numbers: Mapping[str, Any]
    arrays: Mapping[str, tuple[Any, str, str]]
