"""Each operation on four numbers in a register against numpy."""

from collections.abc import Callable

import numpy as np
import pytest

from comotion.density.radial import Array
from comotion.transport.angular import simd
from comotion.transport.angular.compilation import compiled

load, store, fill, turn, turn_back, root, total = (
    simd.load, simd.store, simd.fill, simd.turn, simd.turn_back, simd.root, simd.total
)  # fmt: skip


@compiled()
def _sums(w: Array) -> None:
    store(w, 8, load(w, 0) + load(w, 4))


@compiled()
def _differences(w: Array) -> None:
    store(w, 8, load(w, 0) - load(w, 4))


@compiled()
def _products(w: Array) -> None:
    store(w, 8, load(w, 0) * load(w, 4))


@compiled()
def _quotients(w: Array) -> None:
    store(w, 8, load(w, 0) / load(w, 4))


@compiled()
def _turned(w: Array) -> None:
    store(w, 8, turn(load(w, 0)))


@compiled()
def _turned_back(w: Array) -> None:
    store(w, 8, turn_back(load(w, 0)))


@compiled()
def _roots(w: Array) -> None:
    store(w, 8, root(load(w, 0)))


@compiled()
def _filled_with_total(w: Array) -> None:
    store(w, 8, fill(total(load(w, 0))))


@compiled()
def _unaligned(w: Array) -> None:
    store(w, 8, load(w, 3))


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (_sums, lambda w: w[:4] + w[4:8]),
        (_differences, lambda w: w[:4] - w[4:8]),
        (_products, lambda w: w[:4] * w[4:8]),
        (_quotients, lambda w: w[:4] / w[4:8]),
        (_turned, lambda w: w[[1, 2, 3, 0]]),
        (_turned_back, lambda w: w[[3, 0, 1, 2]]),
        (_roots, lambda w: np.sqrt(w[:4])),
        (_filled_with_total, lambda w: np.full(4, (w[0] + w[2]) + (w[1] + w[3]))),
        (_unaligned, lambda w: w[3:7]),
    ],
)
def test_operation(operation: Callable[[Array], None], expected: Callable[[Array], Array]) -> None:
    w = np.random.default_rng(1).uniform(1, 2, size=12)
    right = expected(w)
    operation(w)
    np.testing.assert_allclose(w[8:], right, rtol=3e-16)


def test_nothing_but_compiled_code_has_vectors() -> None:
    with pytest.raises(NotImplementedError):
        simd.load(np.zeros(4), 0)
