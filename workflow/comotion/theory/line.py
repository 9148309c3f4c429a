"""Particles on a line: the monotone co-motion plan, proven optimal for convex repulsive costs.

Convention of this room: rho is a probability density. The k-th of N particles sits at
``f_k(x) = F^-1(F(x) + (k - 1) / N mod 1)`` with F the distribution function (Colombo, De Pascale,
Di Marino, Canad. J. Math. 67, 350 (2015)), and

    V_N = N int_0^(1/N) sum_{i<j} l(F^-1(u + (j - 1)/N) - F^-1(u + (i - 1)/N)) du.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from comotion.density.radial import Array
from comotion.errors import TransportError

Function = Callable[[Array], Array]


@dataclass(frozen=True)
class LineDensity:
    """A probability density on a line.

    Attributes:
        name: What it is called.
        distribution: F(x).
        quantile: F^-1(u) from the masses to the left and to the right, ``quantile(u, 1 - u)``,
            so that both tails are accurate.
    """

    name: str
    distribution: Function
    quantile: Callable[[Array, Array], Array]


def coulomb(distance: Array) -> Array:
    """The repulsion 1 / distance."""
    return np.asarray(1 / distance)


def positions(density: LineDensity, n: int, u: Array, complement: Array) -> Array:
    """Positions of N particles when the first has the mass u <= 1/N to its left.

    Args:
        density: The density.
        n: Number of particles N.
        u: Masses, shape (m,), in [0, 1/N].
        complement: 1/N - u, shape (m,), given where it is small.

    Returns:
        Ascending positions, shape (m, N).
    """
    k = np.arange(n)
    left = u[:, None] + k / n
    right = complement[:, None] + (n - 1 - k) / n
    return np.asarray(density.quantile(left, right))


def comotion_on_line(density: LineDensity, n: int, x: Array) -> Array:
    """Co-motion functions f_1(x) = x, ..., f_N(x), shape (m, N)."""
    if n < 1:
        raise TransportError(f"at least 1 particle is needed, got {n}")
    u = (density.distribution(x)[:, None] + np.arange(n) / n) % 1.0
    return np.asarray(density.quantile(u, 1 - u))


def line_cost(density: LineDensity, n: int, cost: Function = coulomb, nodes: int = 400) -> float:
    """Cost V_N of the monotone plan.

    The substitution u = s^2 (3 - 2 s) / N tames the ends, where a particle goes to infinity.

    Args:
        density: The density.
        n: Number of particles, at least 2.
        cost: Convex decreasing repulsion l(distance).
        nodes: Gauss-Legendre nodes.

    Returns:
        V_N.

    Raises:
        TransportError: Fewer than two particles.
    """
    if n < 2:
        raise TransportError(f"a cost needs at least 2 particles, got {n}")
    t, w = np.polynomial.legendre.leggauss(nodes)
    s, weights = (t + 1) / 2, w / 2
    u, rest = s**2 * (3 - 2 * s) / n, (1 - s) ** 2 * (1 + 2 * s) / n
    x = positions(density, n, u, rest)
    i, j = np.triu_indices(n, 1)
    # N du = 6 s (1 - s) ds.
    return float((6 * s * (1 - s) * weights) @ np.sum(cost(x[:, j] - x[:, i]), axis=1))


def uniform_potential(n: int, x: Array) -> Array:
    """Kantorovich potential of N particles of uniform density on [0, 1], Coulomb cost.

    Its slope on the k-th interval of length 1/N is
    N^2 (sum_{d <= N - k} d^-2 - sum_{d <= k - 1} d^-2); the constant makes the dual value V_N.

    Args:
        n: Number of particles, at least 2.
        x: Points of [0, 1], shape (m,).

    Returns:
        v(x), shape (m,).
    """
    k = np.arange(1, n + 1)
    squares = np.concatenate(([0.0], np.cumsum(1.0 / k**2)))
    slopes = n**2 * (squares[n - k] - squares[k - 1])
    edges = np.concatenate(([0.0], np.cumsum(slopes / n)))
    interval = np.minimum((x * n).astype(int), n - 1)
    values = edges[interval] + slopes[interval] * (x - interval / n)
    mean = float(np.sum((edges[:-1] + edges[1:]) / 2) / n)
    harmonic = float(np.sum(1.0 / k[:-1]))
    return np.asarray(values - mean + harmonic * n - (n - 1))
