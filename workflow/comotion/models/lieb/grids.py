"""Grids for the Lieb maximisation: pairs and triples on a line, pairs on a ring and in space."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, diags, identity, kron

from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.models.lieb.maximise import LiebProblem
from comotion.transport.pair_cost import PairCost

Repulsion = Callable[[Array], Array]
Indices = NDArray[np.intp]

#: The repulsion 1 / sqrt(0.01 + d^2), finite where particles meet.
SOFT_COULOMB = PairCost.soft_coulomb(0.1)


def line_grid(points: int) -> Array:
    """Inner points of [0, 1], equally spaced, where the wave function need not vanish."""
    if points < 4:
        raise TransportError(f"a grid needs at least 4 points, got {points}")
    return np.asarray(np.arange(1, points + 1) / (points + 1))


def sine_density(x: Array) -> Array:
    """The density 2 sin^2(pi x) on [0, 1]."""
    return np.asarray(2 * np.sin(np.pi * x) ** 2)


def line_pair(
    density: Callable[[Array], Array], repulsion: Repulsion, points: int
) -> LiebProblem:  # fmt: skip
    """Two particles on [0, 1] in a singlet, with a repulsion that is finite at 0.

    Args:
        density: Probability density on [0, 1], 0 at the ends.
        repulsion: l(distance).
        points: Points n of the grid; there are n (n + 1) / 2 configurations.

    Raises:
        TransportError: The density is not normalised on the grid, or the repulsion not finite.
    """
    x = line_grid(points)
    mass = _masses(density(x) / (points + 1))
    return _pair(x, _chain(points, points + 1), np.abs(x[:, None] - x), mass, repulsion)


def ring_pair(repulsion: Repulsion, points: int) -> LiebProblem:
    """Two particles on a ring of length 1 with uniform density; the repulsion takes the chord.

    Raises:
        TransportError: The repulsion is not finite at distance 0.
    """
    x = np.arange(points) / points
    here = np.arange(points)
    hop = csc_matrix((np.full(points, 0.5), (here, (here + 1) % points)), shape=(points, points))
    kinetic = csc_matrix(identity(points) - hop - hop.T) * points**2
    chord = np.abs(np.sin(np.pi * (x[:, None] - x))) / np.pi
    return _pair(x, kinetic, chord, np.full(points, 1 / points), repulsion)


def ordered_on_line(density: Callable[[Array], Array], n: int, points: int) -> LiebProblem:
    """N particles on [0, 1] in the order x_1 < ... < x_N, with the true Coulomb repulsion.

    The wave function vanishes where two of them meet; exact for fermions of one spin and for
    hard-core bosons.

    Raises:
        TransportError: Fewer than two particles, or a density that is not normalised.
    """
    if n < 2:
        raise TransportError(f"a functional of repulsion needs at least 2 particles, got {n}")
    x = line_grid(points)
    rows = np.array(list(combinations(range(points), n)))
    number = len(rows)
    # Configurations as numbers in base ``points``: a hop of particle k adds a power of it.
    powers = points ** np.arange(n - 1, -1, -1)
    keys = rows @ powers
    hops_from, hops_to = [], []
    for k in range(n):
        room = points - rows[:, k] if k == n - 1 else rows[:, k + 1] - rows[:, k]
        free = np.flatnonzero(room > 1)
        hops_from.append(free)
        hops_to.append(np.searchsorted(keys, keys[free] + powers[k]))
    a, b = np.concatenate(hops_from), np.concatenate(hops_to)
    hop = csc_matrix((np.ones(len(a)), (a, b)), shape=(number, number))
    kinetic = csc_matrix(n * identity(number) - (hop + hop.T) / 2) * (points + 1) ** 2
    i, j = np.triu_indices(n, 1)
    repulsion = np.sum(1 / (x[rows[:, j]] - x[rows[:, i]]), axis=1)
    counts = csc_matrix(
        (np.ones(n * number), (rows.T.ravel(), np.tile(np.arange(number), n))),
        shape=(points, number),
    )
    mass = _masses(density(x) / (points + 1))
    guess = _kinetic_limit(_chain(points, points + 1), mass)
    return LiebProblem(x, kinetic, repulsion, counts, n * mass, guess)


def radial_pair(
    density: Callable[[Array], Array], radius: float, points: int, angles: int
) -> LiebProblem:
    """Two electrons in a singlet with a radial density: r_1, r_2 and the angle between them.

    u = r_1 r_2 psi is on an equidistant grid in the radii; the cosine is on the Gauss points of
    Legendre polynomials, where the angular momentum is exact.

    Args:
        density: Probability density rho(r) in space, bohr^-3.
        radius: Where the wave function vanishes, bohr.
        points: Points of a radius.
        angles: Points of the cosine; M = points (points + 1) / 2 * angles.

    Raises:
        TransportError: The density is not normalised on the grid.
    """
    r = line_grid(points) * radius
    step = radius / (points + 1)
    mass = _masses(4 * np.pi * r**2 * density(r) * step)
    cosine, weights = np.polynomial.legendre.leggauss(angles)
    degree = np.arange(angles)
    basis = np.polynomial.legendre.legvander(cosine, angles - 1) * np.sqrt(degree + 0.5)
    basis *= np.sqrt(weights)[:, None]
    momentum = (basis * (degree * (degree + 1))) @ basis.T
    chain = _chain(points, 1 / step)
    one = identity(points)
    both = kron(chain, one) + kron(one, chain)
    bend = diags(((1 / r[:, None] ** 2 + 1 / r**2) / 2).ravel())
    kinetic = kron(both, identity(angles)) + kron(bend, csc_matrix(momentum))
    i, j, fold = _symmetric(points)
    fold = kron(fold, identity(angles)).tocsc()
    distance = np.sqrt(r[i, None] ** 2 + r[j, None] ** 2 - 2 * (r[i] * r[j])[:, None] * cosine)
    counts = kron(_pair_counts(points, i, j), np.ones((1, angles))).tocsc()
    return LiebProblem(
        sites=r,
        kinetic=(fold.T @ kinetic @ fold).tocsc(),
        repulsion=(1 / distance).ravel(),
        counts=counts,
        target=2 * mass,
        guess=_kinetic_limit(chain, mass),
    )


def _pair(
    x: Array, chain: csc_matrix, distance: Array, mass: Array, repulsion: Repulsion
) -> LiebProblem:  # fmt: skip
    points = len(x)
    one = identity(points)
    i, j, fold = _symmetric(points)
    values = repulsion(distance[i, j])
    if np.shape(values) != i.shape or not np.all(np.isfinite(values)):
        raise TransportError(
            "the repulsion must take an array of distances and be finite, also at distance 0: "
            "soften it, as in 1 / sqrt(0.01 + d^2)"
        )
    kinetic = fold.T @ (kron(chain, one) + kron(one, chain)) @ fold
    return LiebProblem(
        sites=x,
        kinetic=kinetic.tocsc(),
        repulsion=values,
        counts=_pair_counts(points, i, j),
        target=2 * mass,
        guess=_kinetic_limit(chain, mass),
    )


def _symmetric(points: int) -> tuple[Indices, Indices, csc_matrix]:
    """Pairs i <= j, and the isometry from them into all pairs: (|ij> + |ji>) / sqrt 2, |ii>."""
    i, j = np.triu_indices(points)
    share = np.where(i == j, 0.5, np.sqrt(0.5))
    columns = np.arange(len(i))
    fold = csc_matrix(
        (
            np.tile(share, 2),
            (np.concatenate((i * points + j, j * points + i)), np.tile(columns, 2)),
        ),
        shape=(points**2, len(i)),
    )
    return i, j, fold


def _pair_counts(points: int, i: Indices, j: Indices) -> csc_matrix:
    columns = np.arange(len(i))
    return csc_matrix(
        (np.ones(2 * len(i)), (np.concatenate((i, j)), np.tile(columns, 2))),
        shape=(points, len(i)),
    )


def _chain(points: int, per_length: float) -> csc_matrix:
    """-1/2 d^2/dx^2 by three points, zero beyond the ends."""
    here = np.arange(points - 1)
    hop = csc_matrix((np.full(points - 1, 0.5), (here, here + 1)), shape=(points, points))
    return csc_matrix(identity(points) - hop - hop.T) * per_length**2


def _masses(mass: Array) -> Array:
    """Masses of the grid's points, checked and made to add up to one."""
    total = float(np.sum(mass))
    if not (np.all(mass > 0) and abs(total - 1) <= 1e-3):
        raise TransportError(
            f"the density is not a positive probability on the grid: its mass is {total:.6g}"
        )
    return np.asarray(mass / total)


def _kinetic_limit(chain: csc_matrix, mass: Array) -> Array:
    """The potential whose ground state has the density, without hbar^2 and repulsion."""
    root = np.sqrt(mass)
    return np.asarray(-(chain @ root) / root)
