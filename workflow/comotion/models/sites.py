"""Pair densities on a few sites that come from k particles: which they are, and what they cost.

A pair density on M sites is k-representable when it is an average of those of k particles put on
the sites, ``P_n[a, b] = (n_a n_b - delta_ab n_a) / (k (k - 1))`` for occupations n with sum k
(Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem. Phys. 139, 164109 (2013)). Membership is a
linear programme over all occupations; when it fails its dual is a certificate, a cost matrix
that separates.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_matrix, hstack, identity, vstack

from comotion.density.radial import Array
from comotion.errors import TransportError

#: Largest departure of a pair density from symmetry, and of its mass from one.
_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Membership:
    """Whether a pair density is k-representable.

    Attributes:
        distance: L1 distance to the k-representable pair densities, 0 for a member.
        certificate: Symmetric matrix c with |c| <= 1 for which <c, rho_2> exceeds its maximum over
            all k-representable pair densities by the distance, shape (M, M).
        weights: Weights of the occupations in the nearest one, shape (occupations,).
        occupations: The occupations, shape (occupations, M).
    """

    distance: float
    certificate: Array
    weights: Array
    occupations: NDArray[np.int64]


def occupations(sites: int, k: int) -> NDArray[np.int64]:
    """All ways to put k particles on the sites, shape (C(M + k - 1, k), M)."""
    _check_k(k)
    rows = np.array(list(combinations_with_replacement(range(sites), k)))
    counts = np.zeros((len(rows), sites), dtype=np.int64)
    for column in rows.T:
        counts[np.arange(len(rows)), column] += 1
    return counts


def pair_densities(counts: NDArray[np.int64]) -> Array:
    """Pair density of each occupation, shape (n, M, M), each of mass 1."""
    k = int(np.sum(counts[0]))
    outer = counts[:, :, None] * counts[:, None, :]
    sites = np.arange(counts.shape[1])
    outer[:, sites, sites] -= counts
    return np.asarray(outer / (k * (k - 1)))


def two_site_shape(k: float, t: Array) -> Array:
    """g_k(t): most mass that k-representable pairs of marginal (1 - t, t) have on different sites.

    The piecewise linear interpolant of 2 m (k - m) / (k (k - 1)) at t = m / k; 2 t (1 - t) for
    k = infinity. With a cost that is U_diag on one site and U_AB between the two,
    V_k(t) = U_diag - (U_diag - U_AB) g_k(t).

    Args:
        k: Number of particles, at least 2; may be infinite.
        t: Mass of the second site, in [0, 1].

    Returns:
        g_k(t).
    """
    t = np.asarray(t, dtype=float)
    if np.isinf(k):
        return np.asarray(2 * t * (1 - t))
    _check_k(int(k))
    m = np.minimum(np.floor(k * t), k - 1)
    return np.asarray(2 / (k * (k - 1)) * (m * (k - m) + (k * t - m) * (k - 1 - 2 * m)))


def least_cost(cost: Array, marginal: Array, k: int) -> float:
    """Least <c, rho_2> over k-representable pair densities with a marginal.

    Args:
        cost: Symmetric cost between sites, shape (M, M).
        marginal: Mass of each site, shape (M,), sum 1.
        k: Number of particles, at least 2.

    Raises:
        TransportError: The marginal is no probability, or the programme failed.
    """
    if not (np.all(marginal >= 0) and abs(np.sum(marginal) - 1) <= _TOLERANCE):
        raise TransportError(f"the marginal {marginal} is no probability")
    counts = occupations(len(marginal), k)
    costs = np.einsum("nab,ab->n", pair_densities(counts), cost)
    found: Any = linprog(costs, A_eq=counts.T / k, b_eq=marginal, method="highs")
    if found.status != 0:
        raise TransportError(
            f"the linear programme over {len(counts)} occupations: {found.message}"
        )
    return float(found.fun)


def membership(pair_density: Array, k: int) -> Membership:
    """Test whether a pair density is k-representable.

    Args:
        pair_density: Symmetric, entries >= 0, mass 1, shape (M, M).
        k: Number of particles, at least 2.

    Returns:
        The distance with its certificate.

    Raises:
        TransportError: The matrix is no pair density, k < 2, or the programme failed.
    """
    rho = np.asarray(pair_density, dtype=float)
    if (
        rho.ndim != 2
        or rho.shape[0] != rho.shape[1]
        or not np.max(np.abs(rho - rho.T)) <= _TOLERANCE
    ):
        raise TransportError("a pair density is a symmetric square matrix")
    if not (np.all(rho >= -_TOLERANCE) and abs(np.sum(rho) - 1) <= _TOLERANCE):
        raise TransportError(
            f"a pair density is not negative and has mass 1, not {np.sum(rho):.9g}"
        )
    counts = occupations(len(rho), k)
    i, j = np.triu_indices(len(rho))
    # Entries above the diagonal stand for two.
    twice = np.where(i == j, 1.0, 2.0)
    columns = csc_matrix((pair_densities(counts)[:, i, j] * twice).T)
    rows, number = len(i), len(counts)
    slack = identity(rows, format="csc")
    total = csc_matrix(np.concatenate((np.ones(number), np.zeros(2 * rows)))[None])
    found: Any = linprog(
        np.concatenate((np.zeros(number), np.ones(2 * rows))),
        A_eq=vstack([hstack([columns, slack, -slack]), total], format="csc"),
        b_eq=np.append(rho[i, j] * twice, 1.0),
        method="highs",
    )
    if found.status != 0:
        raise TransportError(f"the linear programme over {number} occupations: {found.message}")
    certificate = np.zeros_like(rho)
    certificate[i, j] = certificate[j, i] = found.eqlin.marginals[:-1]
    return Membership(float(found.fun), certificate, found.x[:number], counts)


def ionic_constant(k: int) -> float:
    """r_k of the neutral-ionic inequality AB + BA <= r_k (AA + BB) of k-representable pairs."""
    _check_k(k)
    if k == 2:
        return float("inf")
    return (k + 1) / (k - 1) if k % 2 else k / (k - 2)


def _check_k(k: int) -> None:
    if k < 2:
        raise TransportError(f"a pair density needs k >= 2 particles, got k = {k}")
