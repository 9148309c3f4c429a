"""Numbers in sixteen bits: as near as is promised."""

import base64

import numpy as np
import pytest
from numpy.typing import NDArray

from comotion.reference_page.packed_numbers import packed, unpacked

_HALF = 0.5 / 65535


def test_numbers_come_back() -> None:
    values = np.random.default_rng(3).normal(size=(7, 9))
    found = unpacked(packed(values))
    width = values.max() - values.min()
    worst = np.max(np.abs(found - values.ravel()))
    assert 0.3 * _HALF * width < worst <= 1.0001 * _HALF * width
    assert found[values.argmin()] == values.min()
    assert found[values.argmax()] == pytest.approx(values.max(), rel=1e-15)


def test_decades_come_back_by_their_logarithms() -> None:
    values = np.exp(np.random.default_rng(4).uniform(-12, 5, 300))
    record = packed(values, log=True)
    width = np.log(values.max() / values.min())
    assert record["log"]
    assert record["high"] - record["low"] == pytest.approx(width)
    worst = np.max(np.abs(np.log(unpacked(record) / values)))
    assert 0.5 * _HALF * width < worst <= 1.0001 * _HALF * width


def test_words_are_what_the_script_reads() -> None:
    """Little-endian, 0 for the least number and 65535 for the largest."""
    record = packed(np.array([1.0, 3.0, 2.0]))
    assert base64.b64decode(record["words"]) == b"\x00\x00\xff\xff\x00\x80"
    assert (record["low"], record["high"], record["log"]) == (1.0, 3.0, False)


@pytest.mark.parametrize("values", [np.array([2.5, 2.5]), np.array([])])
def test_one_number_and_none(values: NDArray[np.float64]) -> None:
    assert unpacked(packed(values)).tolist() == values.tolist()
