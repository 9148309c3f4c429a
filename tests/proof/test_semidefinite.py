"""The exact test of kernels, on matrices whose signs are known."""

from time import perf_counter

import numpy as np
import pytest

from comotion.proof.semidefinite import failing_pivot


@pytest.mark.parametrize(
    ("matrix", "failing"),
    [
        ([[0.0]], None),
        ([[5e-324]], None),
        ([[-5e-324]], 0),
        ([[1.0, 1.0], [1.0, 1.0]], None),
        ([[1.0, 1.0], [1.0, 1.0 - 2**-53]], 1),
        ([[1.0, 1.0 + 2**-52], [1.0 + 2**-52, 1.0]], 1),
        ([[0.0, 0.0], [0.0, 3.0]], None),
        ([[0.0, 1e-300], [1e-300, 3.0]], 0),
        ([[2.0, 1.0, 1.0], [1.0, 0.5, 0.5], [1.0, 0.5, 7.0]], None),
        # The second pivot is zero, and something is left beside it.
        ([[2.0, 1.0, 1.0], [1.0, 0.5, 0.6], [1.0, 0.6, 7.0]], 1),
        # A zero row between others is left out, and what follows is judged as before.
        ([[1.0, 0.0, 2.0], [0.0, 0.0, 0.0], [2.0, 0.0, 4.0]], None),
        ([[1.0, 0.0, 2.0], [0.0, 0.0, 0.0], [2.0, 0.0, 3.9]], 2),
        ([[4.0, 0.0], [0.0, -1e-9]], 1),
    ],
)
def test_signs(matrix: list[list[float]], failing: int | None) -> None:
    assert failing_pivot(matrix) == failing


def test_products_of_integers_have_the_signs_of_their_numbers() -> None:
    """B D B' is semidefinite if and only if D is, also where it is singular."""
    rng = np.random.default_rng(1)
    for size in (3, 8):
        for rank in range(1, size + 1):
            b = rng.integers(-9, 10, (size, rank)).astype(float)
            assert failing_pivot((b @ b.T).tolist()) is None
            signs = np.ones(rank)
            signs[-1] = -1
            if np.linalg.matrix_rank(b) == rank:
                assert failing_pivot(((b * signs) @ b.T).tolist()) is not None


def test_a_small_negative_eigenvalue_is_seen_among_large_ones() -> None:
    rng = np.random.default_rng(2)
    vectors, _ = np.linalg.qr(rng.normal(size=(12, 12)))
    values = np.geomspace(1e-6, 1e3, 12)
    matrix = (vectors * values) @ vectors.T
    assert failing_pivot(((matrix + matrix.T) / 2).tolist()) is None
    values[0] = -1e-9
    matrix = (vectors * values) @ vectors.T
    assert failing_pivot(((matrix + matrix.T) / 2).tolist()) is not None


def test_the_largest_matrices_take_a_moment() -> None:
    b = np.random.default_rng(3).normal(size=(30, 30))
    matrix = (b @ b.T + np.diag(np.geomspace(1e-9, 1e9, 30))).tolist()
    begun = perf_counter()
    assert failing_pivot(matrix) is None
    assert perf_counter() - begun < 2
