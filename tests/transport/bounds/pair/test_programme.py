"""The semidefinite programme: its storage of matrices, and programmes with closed solutions."""

import numpy as np
import pytest
from scipy import sparse

from comotion.errors import TransportError
from comotion.transport.bounds.pair.programme import (
    from_matrix,
    maximise,
    products,
    to_matrix,
    triangle,
)

_C = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 1.0]])


def _csr(rows: list[np.ndarray]) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.array(rows))


def test_the_triangle_is_the_upper_one_by_columns() -> None:
    rows, columns = triangle(3)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [
        (0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)
    ]  # fmt: skip


def test_products_of_triangles_are_traces() -> None:
    other = np.array([[1.0, 0.5, 2.0], [0.5, -1.0, 0.25], [2.0, 0.25, 4.0]])
    assert from_matrix(_C) @ from_matrix(other) == pytest.approx(np.trace(_C @ other))
    np.testing.assert_allclose(to_matrix(from_matrix(_C), 3), _C, rtol=1e-15)
    np.testing.assert_allclose(from_matrix(to_matrix(np.arange(6.0), 3)), np.arange(6.0))


def test_products_of_functions() -> None:
    """A row times the triangle of A is x' A y, whichever comes first."""
    x, y = (
        np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]]),
        np.array([[2.0, 1.0, 4.0], [1.0, 1.0, 1.0]]),
    )
    expected = [x[k] @ _C @ y[k] for k in range(2)]
    np.testing.assert_allclose(products(x, y) @ from_matrix(_C), expected)
    np.testing.assert_allclose(products(y, x) @ from_matrix(_C), expected)


def test_the_largest_eigenvalue() -> None:
    """Maximise Tr C A over A >= 0 with Tr A <= 1, at the projector on its vector."""
    values, vectors = np.linalg.eigh(_C)
    found = maximise(from_matrix(_C), _csr([from_matrix(np.eye(3))]), np.array([1.0]), [3])
    assert found.value == pytest.approx(values[-1], abs=1e-7)
    assert found.gap < 1e-6
    assert found.status == "Solved"
    (kernel,) = found.kernels
    np.testing.assert_allclose(kernel, np.outer(vectors[:, -1], vectors[:, -1]), atol=1e-4)
    assert np.linalg.eigvalsh(kernel).min() > -1e-15
    assert len(found.potential) == 0


def test_a_potential_and_two_kernels() -> None:
    """Maximise v + 2 a + b with v + a <= 1, v >= -1, b <= 1/2: v = -1, a = 2, b = 1/2."""
    rows = [[1.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    found = maximise(
        np.array([1.0, 2.0, 1.0]), _csr([np.array(row) for row in rows]),
        np.array([1.0, 1.0, 0.5]), [1, 1],
    )  # fmt: skip
    assert found.value == pytest.approx(3.5, abs=1e-6)
    np.testing.assert_allclose(found.potential, [-1], atol=1e-6)
    np.testing.assert_allclose([kernel[0, 0] for kernel in found.kernels], [2, 0.5], atol=1e-6)


def test_a_looser_tolerance_stops_earlier() -> None:
    row = _csr([from_matrix(np.eye(3))])
    loose, tight = (
        maximise(from_matrix(_C), row, np.array([1.0]), [3], tolerance)
        for tolerance in (1e-2, 1e-9)
    )
    assert loose.iterations < tight.iterations
    largest = np.linalg.eigvalsh(_C)[-1]
    assert abs(tight.value - largest) < 1e-8 < abs(loose.value - largest)


def test_a_programme_without_an_optimum() -> None:
    with pytest.raises(TransportError, match=r"programme of the pair bound ends as .*Infeasible"):
        maximise(from_matrix(_C), _csr([-from_matrix(np.eye(3))]), np.array([1.0]), [3])
