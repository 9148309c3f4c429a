"""The semidefinite programme of the pair bound, solved by Clarabel.

Unknown are the coefficients v of a potential and the symmetric matrices A_0 to A_L of the kernels,
all positive semidefinite. The objective and every row are linear in them. A matrix is stored as its
upper triangle by columns, entries off the diagonal times sqrt(2), so that the product of two
triangles is the trace of the product of the matrices.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comotion.density.radial import Array
from comotion.errors import TransportError

#: Statuses after which the last iterate is of use: it only has to be near the optimum, since what
#: is proven of it does not rest on the solver.
_USABLE = ("Solved", "AlmostSolved", "InsufficientProgress", "NumericalError", "MaxIterations")


@dataclass(frozen=True, eq=False, repr=False)
class Optimum:
    """What the solver found.

    Attributes:
        potential: Coefficients of v, shape (n,).
        kernels: A_0 to A_L, projected on the positive semidefinite matrices.
        value: Objective of the primal problem.
        gap: Its difference from the dual objective.
        status: The solver's word for how it ended.
        iterations: Its iterations.
    """

    potential: Array
    kernels: list[Array]
    value: float
    gap: float
    status: str
    iterations: int

    def __repr__(self) -> str:
        """Value and status, in a line."""
        return f"<Optimum: {self.value:.8f}, {self.status}>"


def triangle(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the upper triangle of a matrix, by columns."""
    columns, rows = np.tril_indices(size)
    return rows, columns


def from_matrix(matrix: Array) -> Array:
    """The triangle of a symmetric matrix, shape (n (n + 1) / 2,)."""
    rows, columns = triangle(len(matrix))
    return np.asarray(matrix[rows, columns] * np.where(rows == columns, 1.0, np.sqrt(2)))


def to_matrix(values: Array, size: int) -> Array:
    """The symmetric matrix of a triangle."""
    rows, columns = triangle(size)
    matrix = np.zeros((size, size))
    matrix[rows, columns] = values * np.where(rows == columns, 1.0, np.sqrt(0.5))
    matrix[columns, rows] = matrix[rows, columns]
    return matrix


def products(first: Array, second: Array) -> Array:
    """Triangles of the symmetric parts of first x second, for rows of both; (m, n (n + 1) / 2)."""
    rows, columns = triangle(first.shape[1])
    both = first[:, rows] * second[:, columns] + first[:, columns] * second[:, rows]
    return np.asarray(both * np.where(rows == columns, 0.5, np.sqrt(0.5)))


def maximise(
    objective: Array,
    rows: sparse.csr_matrix,
    limits: Array,
    sizes: Sequence[int],
    tolerance: float = 1e-8,
) -> Optimum:
    """Maximise the objective over v and A_l >= 0 with rows @ unknowns <= limits.

    Args:
        objective: Coefficients of the objective, shape (n,): those of v, then the triangles.
        rows: Coefficients of the inequalities, shape (m, n).
        limits: Their right sides, shape (m,).
        sizes: Sizes of A_0 to A_L.
        tolerance: Relative gap and infeasibility at which the solver stops.

    Returns:
        The optimum, or an iterate near it.

    Raises:
        TransportError: The programme has no optimum.
    """
    import clarabel  # noqa: PLC0415 - only this bound needs it

    triangles = sum(size * (size + 1) // 2 for size in sizes)
    n_potential = len(objective) - triangles
    cone = sparse.hstack(
        (sparse.csr_matrix((triangles, n_potential)), -sparse.identity(triangles)), format="csr"
    )
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    settings.direct_solve_method = "faer"
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
    solution = clarabel.DefaultSolver(
        sparse.csc_matrix((len(objective), len(objective))),
        -objective,
        sparse.vstack((rows, cone), format="csc"),
        np.concatenate((limits, np.zeros(triangles))),
        [clarabel.NonnegativeConeT(len(limits)), *map(clarabel.PSDTriangleConeT, sizes)],
        settings,
    ).solve()
    status = str(solution.status)
    unknowns = np.array(solution.x)
    if status not in _USABLE or not np.all(np.isfinite(unknowns)):
        raise TransportError(f"the semidefinite programme of the pair bound ends as {status}")
    kernels, start = [], n_potential
    for size in sizes:
        stop = start + size * (size + 1) // 2
        kernels.append(_projected(to_matrix(unknowns[start:stop], size)))
        start = stop
    return Optimum(
        unknowns[:n_potential],
        kernels,
        -solution.obj_val,
        abs(solution.obj_val - solution.obj_val_dual),
        status,
        solution.iterations,
    )


def _projected(matrix: Array) -> Array:
    """The nearest positive semidefinite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)
