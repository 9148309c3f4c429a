"""The best pair bound on one sphere, and on shells: linear and semidefinite programmes.

The inequality of `comotion.models.pair_inequality` is asked for at some distances first, then also
where it was violated most, until it is violated nowhere by more than a tolerance.

On one sphere it is sum_l f_l P_l(t) <= 1/d with f_l >= 0 for l >= 1, and the bound is N^2 f_0 / 2
- N f(1) / 2: a linear programme, Yudin's for charges after Delsarte's for codes. N points with m
distances that are a spherical (2 m - 1)-design are called sharp, and for them the bound is exact
(Cohn, Kumar, J. Amer. Math. Soc. 20, 99 (2007)): the polynomial that touches 1/d at their cosines,
and only meets it at -1, is feasible, and the sums of its P_l with l >= 1 over a design vanish. On
the sphere in space these are two opposite points, the triangle on a great circle, the tetrahedron,
the octahedron and the icosahedron.
"""

from typing import Any

import numpy as np
from numpy.polynomial.legendre import legvander
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.models.pair_inequality import PairInequality
from comotion.transport.bounds.pair.programme import from_matrix, maximise, products

#: Numbers of points of the sharp configurations, and the degree of the polynomial that touches 1/d
#: at their cosines: from this L on the bound is exact.
SHARP = {2: 0, 3: 1, 4: 1, 6: 2, 12: 4}
#: Distances to begin with: on the sphere, and on each pair of shells.
_FIRST = {"sphere": 40, "shells": 12}
#: Most rounds, and the excesses at which they end: that of the semidefinite programme is solved
#: less precisely.
_ROUNDS = 30
_SPHERE_EXCESS, _SHELLS_EXCESS = 1e-9, 1e-7
_FEASIBILITY = 1e-10


def bound_on_sphere(n_electrons: int, degree: int) -> PairInequality:
    """The best pair bound for N electrons on the unit sphere.

    Args:
        n_electrons: N, at least 2.
        degree: L.

    Returns:
        The inequality, whose value is the bound.

    Raises:
        TransportError: Fewer than two electrons, L < 0, or a programme without a solution.
    """
    _check(n_electrons, degree)
    d = 2 * np.sin(np.pi * (np.arange(_FIRST["sphere"]) + 0.5) / (2 * _FIRST["sphere"]))
    objective = np.full(degree + 1, -n_electrons / 2)
    objective[0] += n_electrons**2 / 2
    programme: Any = linprog
    for _ in range(_ROUNDS):
        found = programme(
            -objective,
            A_ub=d[:, None] * legvander(1 - d**2 / 2, degree),
            b_ub=np.ones(len(d)),
            bounds=[(None, None)] + degree * [(0, None)],
            method="highs",
            options={
                "primal_feasibility_tolerance": _FEASIBILITY,
                "dual_feasibility_tolerance": _FEASIBILITY,
            },
        )
        if found.status != 0:
            raise TransportError(f"the linear programme on the sphere: {found.message}")
        kernels = np.maximum(found.x, 0.0)[:, None, None]
        # The constant is that of the potentials of two electrons.
        kernels[0] = 0.0
        bound = PairInequality(np.ones(1), np.array([float(n_electrons)]), found.x[:1] / 2, kernels)
        if bound.excess <= _SPHERE_EXCESS:
            break
        d = np.append(d, bound.violated(_SPHERE_EXCESS / 10)[2])
    return bound


def bound_on_shells(radii: Array, n_electrons: int, degree: int) -> PairInequality:
    """The best pair bound for N electrons, of which each shell has the same number on average.

    Args:
        radii: Radii of the shells, shape (n,), n >= 2, bohr.
        n_electrons: N, at least 2.
        degree: L.

    Returns:
        The inequality, whose value is the bound.

    Raises:
        TransportError: Fewer than two electrons or shells, L < 0, or a programme without a
            solution.
    """
    _check(n_electrons, degree)
    n = len(radii)
    if n < 2:
        raise TransportError(f"the bound on shells needs at least 2 of them, got {n}")
    w = np.full(n, n_electrons / n)
    # The numbers of electrons on the shells differ from their mean by vectors of sum 0. On these
    # A_0 has to be positive semidefinite; what is missing of it the potential has.
    plane = np.linalg.qr(np.column_stack((np.ones(n), np.eye(n)[:, : n - 1])))[0][:, 1:]
    functions = [plane] + degree * [np.eye(n)]
    sizes = [f.shape[1] for f in functions]
    objective = np.concatenate(
        [(n_electrons - 1) * w, *(from_matrix(-f.T @ (w[:, None] * f) / 2) for f in functions)]
    )
    i, j = np.triu_indices(n)
    u = np.append(np.cos(np.pi * (np.arange(_FIRST["shells"]) + 0.5) / _FIRST["shells"]), 1.0)
    longer, shorter = np.maximum(radii[i], radii[j]), np.minimum(radii[i], radii[j])
    d = (longer[:, None] + shorter[:, None] * u).ravel()
    i, j = np.repeat(i, len(u)), np.repeat(j, len(u))
    for _ in range(_ROUNDS):
        rows, limits = _rows(radii, functions, (i, j, d))
        optimum = maximise(objective, rows, limits, sizes)
        kernels = [f @ a @ f.T for f, a in zip(functions, optimum.kernels, strict=True)]
        bound = PairInequality(radii, w, optimum.potential, np.array(kernels))
        if bound.excess <= _SHELLS_EXCESS:
            break
        violated = bound.violated(_SHELLS_EXCESS / 10)
        i, j, d = (np.concatenate(both) for both in zip((i, j, d), violated, strict=True))
    return bound


def _rows(
    radii: Array, functions: list[Array], where: tuple[NDArray[np.intp], NDArray[np.intp], Array]
) -> tuple[sparse.csr_matrix, Array]:
    """Rows of the inequality and their limits, scaled so that both are of order one."""
    i, j, d = where
    cosines = (radii[i] ** 2 + radii[j] ** 2 - d**2) / (2 * radii[i] * radii[j])
    scale = 1 / (1 / d + 1 / np.median(radii))
    identity = np.eye(len(radii))
    polynomials = legvander(cosines, len(functions) - 1)
    parts = [identity[i] + identity[j]]
    parts += [
        p[:, None] * products(f[i], f[j]) for p, f in zip(polynomials.T, functions, strict=True)
    ]
    return sparse.csr_matrix(scale[:, None] * np.hstack(parts)), scale / d


def _check(n_electrons: int, degree: int) -> None:
    if n_electrons < 2:
        raise TransportError(f"the pair bound needs at least 2 electrons, got {n_electrons}")
    if degree < 0:
        raise TransportError(f"the pair bound needs a degree of at least 0, got {degree}")
