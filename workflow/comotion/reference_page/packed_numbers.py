"""Numbers of curves in few characters: sixteen bits each, in base 64.

What is positive and spans decades is packed by its logarithm. A number that is read back differs
from the one packed by at most 2^-17 of the range: of the logarithm, or of the numbers themselves.
"""

import base64
from typing import TypedDict

import numpy as np

from comotion.density.radial import Array

#: Largest whole number of sixteen bits.
_MOST = 2**16 - 1
#: Digits of the least and the largest number.
_DIGITS = 10


class Packed(TypedDict):
    """Packed numbers, as JSON has them.

    Attributes:
        low: Least number, or its logarithm.
        high: Largest number, or its logarithm.
        log: Whether these are logarithms.
        words: Whole numbers of sixteen bits, little-endian, in base 64; 0 is low, 65535 high.
    """

    low: float
    high: float
    log: bool
    words: str


def packed(values: Array, *, log: bool = False) -> Packed:
    """Pack numbers.

    Args:
        values: The numbers, finite, any shape; they are packed row by row.
        log: Whether by their logarithms; they are positive then.

    Returns:
        The packed numbers.
    """
    flat = np.asarray(np.log(values) if log else values, dtype=float).ravel()
    # The last digits of a logarithm are not the same on every processor; those of the page are.
    ends = (flat.min(), flat.max()) if flat.size else (0.0, 0.0)
    low, high = (float(f"{end:.{_DIGITS}g}") for end in ends)
    width = high - low
    whole = np.round((flat - low) / width * _MOST) if width > 0 else np.zeros(flat.shape)
    # What lies outside of the rounded ends does so by less than it is rounded by.
    whole = np.clip(whole, 0, _MOST)
    words = base64.b64encode(whole.astype("<u2").tobytes()).decode()
    return {"low": low, "high": high, "log": log, "words": words}


def unpacked(record: Packed) -> Array:
    """The numbers again, as the script of the page reads them.

    Args:
        record: Packed numbers.

    Returns:
        The numbers, in one row.
    """
    words = np.frombuffer(base64.b64decode(record["words"]), "<u2").astype(float)
    values = record["low"] + (record["high"] - record["low"]) * words / _MOST
    return np.asarray(np.exp(values) if record["log"] else values)
