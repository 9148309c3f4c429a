"""Kantorovich potentials of the monotone plan on a line, which prove that it is optimal.

A potential with sum_i v(x_i) <= V everywhere and equality on the plan gives the plan's cost as a
lower bound, N int rho v.
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline

from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.models.line_densities import LineDensity
from comotion.models.line_plan import graded_masses, positions
from comotion.transport.pair_cost import COULOMB, PairCost

#: Points in each of the N intervals on which a potential is integrated.
_MESH = 4000


@dataclass(frozen=True, eq=False)
class LinePotential:
    """A Kantorovich potential: sum_i v(x_i) <= V everywhere, with equality on the plan.

    Attributes:
        x: Ascending points, shape (m,).
        values: v(x), shape (m,).
        dual: N int rho v, which equals V_N when the plan is optimal.
    """

    x: Array
    values: Array
    dual: float


def line_potential(
    density: LineDensity,
    n: int,
    pair_cost: PairCost = COULOMB,
    points: int = _MESH,
) -> LinePotential:
    """Kantorovich potential of the monotone plan, integrated along the forces.

    v'(x_i) is the force of the other particles on the i-th,
    sum_{j != i} sign(x_i - x_j) l'(|x_i - x_j|); the constant makes v add up to the cost on the
    plan. Points crowd towards the ends of the N intervals, where a particle may go to infinity.

    Args:
        density: The density.
        n: Number of particles N, at least 2.
        pair_cost: Convex decreasing repulsion l(d).
        points: Points in each of the N intervals of equal mass.

    Returns:
        The potential on N times ``points`` points.

    Raises:
        TransportError: Fewer than two particles.
    """
    if n < 2:
        raise TransportError(f"a potential needs at least 2 particles, got {n}")
    t = (np.arange(points) + 0.5) / points
    x = positions(density, n, *graded_masses(t, n))
    difference = x[:, :, None] - x[:, None, :]
    others = ~np.eye(n, dtype=bool)
    distance = np.abs(difference)[:, others].reshape(points, n, n - 1)
    signs = np.sign(difference)[:, others].reshape(points, n, n - 1)
    force = np.sum(signs * pair_cost.slope(distance), axis=2)
    ordered = x.T.ravel()
    # Forces may jump from one interval to the next: a spline in each, a trapezoid between two.
    pieces = [CubicSpline(x[:, k], force[:, k]).antiderivative()(x[:, k]) for k in range(n)]
    between = (x[0, 1:] - x[-1, :-1]) * (force[0, 1:] + force[-1, :-1]) / 2
    starts = np.concatenate(([0.0], np.cumsum([p[-1] for p in pieces[:-1]] + between)))
    values = np.concatenate(pieces) + np.repeat(starts, points)
    # Sum v = V in the middle of the plan; that the dual value is V_N then tests all the rest.
    i, j = np.triu_indices(n, 1)
    middle = values.reshape(n, points)[:, points // 2]
    values += (
        float(np.sum(pair_cost.value((x[:, j] - x[:, i])[points // 2]))) - np.sum(middle)
    ) / n
    sums = values.reshape(n, points).sum(axis=0)
    dual = float(CubicSpline(t, 6 * t * (1 - t) * sums).integrate(0, 1))
    return LinePotential(ordered, values, dual)


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
