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
    for found_end, end in ((found.min(), values.min()), (found.max(), values.max())):
        assert found_end == pytest.approx(end, rel=1e-9)


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


def test_the_last_digits_do_not_matter() -> None:
    """Logarithms differ by them from one processor to another."""
    values = np.exp(np.random.default_rng(5).uniform(-3, 3, 40))
    assert packed(values, log=True) == packed(values * (1 + 4e-16), log=True)
    assert packed(values) == packed(values * (1 - 3e-16))


@pytest.mark.parametrize("values", [np.array([2.5, 2.5]), np.array([])])
def test_one_number_and_none(values: NDArray[np.float64]) -> None:
    assert unpacked(packed(values)).tolist() == values.tolist()
