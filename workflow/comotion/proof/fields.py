"""Values of a JSON object by their keys, each checked when it is taken."""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from comotion.errors import ProofError
from comotion.proof.boxes import Array

#: Longest value that a sentence quotes, characters.
_LONGEST = 60


@dataclass(frozen=True, eq=False)
class Fields:
    """The values of a record.

    A key is a path such as ``functions[3].coefficients``.

    Attributes:
        path: The file, for sentences.
        record: The object of the file.
    """

    path: Path
    record: dict[str, Any]

    def wrong(self, key: str, value: Any, what: str) -> ProofError:
        """The error of a value.

        Args:
            key: Its key.
            value: The value.
            what: What is wrong with it.

        Returns:
            The error, to be raised.
        """
        shown = repr(value)
        if len(shown) > _LONGEST:
            shown = shown[:_LONGEST] + "..."
        return ProofError(f"{self.path}: {key}: {shown}: {what}; make the certificate anew")

    def get(self, key: str) -> Any:
        """The value of a key."""
        found: Any = self.record
        for name, index in re.findall(r"([a-z_]+)|\[(\d+)\]", key):
            if name and (not isinstance(found, dict) or name not in found):
                raise ProofError(
                    f"{self.path}: {key}: '{name}' is missing; make the certificate anew"
                )
            found = found[name] if name else found[int(index)]
        return found

    def require_known(self, key: str, mapping: dict[str, Any], known: set[str]) -> None:
        """Refuse keys that mean nothing: a name that is misspelt would go unnoticed."""
        for name, value in mapping.items():
            if name not in known:
                shown = repr(name)[1:-1][:_LONGEST]
                raise self.wrong(f"{key}.{shown}".lstrip("."), value, "no such key is known")

    def text(self, key: str) -> str:
        """A text without line breaks and the like: in a report it says nothing but itself."""
        value = self.get(key)
        if not isinstance(value, str) or not value.isprintable():
            raise self.wrong(key, value, "a text of printable characters is needed")
        return value

    def mapping(self, key: str) -> dict[str, Any]:
        """An object."""
        value = self.get(key)
        if not isinstance(value, dict):
            raise self.wrong(key, value, "an object is needed")
        return value

    def integer(self, key: str, least: int, most: int) -> int:
        """An integer in a range, ends included."""
        value = self.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.wrong(key, value, f"an integer from {least} to {most} is needed")
        return value

    def number(self, key: str, least: float, most: float) -> float:
        """A number in a range, ends included."""
        value = self.get(key)
        found = _as_double(value)
        if not least <= found <= most:
            raise self.wrong(key, value, f"a number from {least:g} to {most:g} is needed")
        return found

    def sequence(self, key: str, fewest: int, most: int) -> list[Any]:
        """A list of a bounded length."""
        value = self.get(key)
        if not isinstance(value, list):
            raise self.wrong(key, value, f"a list of {fewest} to {most} is needed")
        if not fewest <= len(value) <= most:
            what = f"a list of {fewest} to {most} is needed, it is one of {len(value)}"
            raise self.wrong(key, value, what)
        return value

    def array(self, key: str, shape: tuple[int, ...], largest: float) -> Array:
        """Lists in lists of a shape, of numbers that are not too large."""
        value = self.get(key)
        flat: list[float] = []
        self._collect(key, value, shape, largest, flat)
        return np.array(flat).reshape(shape)

    def _collect(
        self, key: str, value: Any, shape: tuple[int, ...], largest: float, flat: list[float]
    ) -> None:
        if not shape:
            found = _as_double(value)
            if not abs(found) <= largest:
                raise self.wrong(key, value, f"a number of at most {largest:g} is needed")
            flat.append(found)
            return
        if not isinstance(value, list) or len(value) != shape[0]:
            raise self.wrong(key, value, f"a list of {shape[0]} is needed")
        for i, part in enumerate(value):
            self._collect(f"{key}[{i}]", part, shape[1:], largest, flat)


def _as_double(value: Any) -> float:
    """The double nearest to a JSON number; no number if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.nan
