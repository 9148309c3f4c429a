"""Particles on a line: the monotone co-motion plan, proven optimal for convex repulsive costs.

Convention of this room: rho is a probability density. The k-th of N particles sits at
``f_k(x) = F^-1(F(x) + (k - 1) / N mod 1)`` with F the distribution function (Colombo, De Pascale,
Di Marino, Canad. J. Math. 67, 350 (2015)), and

    V_N = N int_0^(1/N) sum_{i<j} l(F^-1(u + (j - 1)/N) - F^-1(u + (i - 1)/N)) du.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import expit, ndtr, ndtri

from comotion.density.radial import Array
from comotion.errors import TransportError

Function = Callable[[Array], Array]

#: Points in each of the N intervals on which a potential is integrated.
_MESH = 4000
#: Size of the vanishing eigenvalue in units of the largest, which rounding may make negative.
_FLAT = 1e-9


@dataclass(frozen=True)
class LineDensity:
    """A probability density on a line.

    Attributes:
        name: What it is called.
        density: rho(x).
        distribution: F(x).
        quantile: F^-1(u) from the masses to the left and to the right, ``quantile(u, 1 - u)``,
            so that both tails are accurate.
    """

    name: str
    density: Function
    distribution: Function
    quantile: Callable[[Array, Array], Array]


@dataclass(frozen=True)
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


def _sine_quantile(left: Array, right: Array) -> Array:
    """Where 2 sin^2 has the mass u to its left: u = x - sin(2 pi x) / (2 pi).

    Newton's iteration in the smaller of the two masses, started from u ~ 2 pi^2 x^3 / 3.
    """
    u = np.minimum(left, right)
    x = np.minimum(np.cbrt(3 * u / (2 * np.pi**2)), 0.5)
    for _ in range(60):
        # sin(2 pi x) loses digits against 2 pi x near the wall; the series does not.
        angle = 2 * np.pi * x
        series = angle**3 / 6 - angle**5 / 120 + angle**7 / 5040 - angle**9 / 362880
        mass = np.where(angle < 0.2, series, angle - np.sin(angle)) / (2 * np.pi)
        with np.errstate(invalid="ignore", divide="ignore"):
            step = np.where(x > 0, (mass - u) / (2 * np.sin(np.pi * x) ** 2), 0.0)
        x = np.clip(x - step, 0.0, 0.5)
        if np.all(np.abs(step) <= 1e-16 * x):
            break
    return np.where(left < right, x, 1 - x)


#: Densities whose costs are tabulated: uniform on [0, 1], Gaussian and logistic of scale 1, and
#: 2 sin^2(pi x) on [0, 1].
LINE_DENSITIES = {
    density.name: density
    for density in (
        LineDensity("uniform", np.ones_like, lambda x: x, lambda left, _: left),
        LineDensity(
            "gaussian",
            lambda x: np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi),
            ndtr,
            lambda left, right: np.where(left < right, ndtri(left), -ndtri(right)),
        ),
        LineDensity(
            "logistic",
            lambda x: expit(x) * expit(-x),
            expit,
            lambda left, right: np.log(left / right),
        ),
        LineDensity(
            "sine",
            lambda x: 2 * np.sin(np.pi * x) ** 2,
            lambda x: x - np.sin(2 * np.pi * x) / (2 * np.pi),
            _sine_quantile,
        ),
    )
}


def coulomb(distance: Array) -> Array:
    """The repulsion 1 / distance."""
    return np.asarray(1 / distance)


def coulomb_slope(distance: Array) -> Array:
    """Its derivative, -1 / distance^2."""
    return np.asarray(-1 / distance**2)


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
    s, weights = _nodes(nodes)
    x = positions(density, n, *_graded(s, n))
    i, j = np.triu_indices(n, 1)
    return float(weights @ np.sum(cost(x[:, j] - x[:, i]), axis=1))


def _graded(s: Array, n: int) -> tuple[Array, Array]:
    """Mass u = s^2 (3 - 2 s) / N and 1/N - u: the ends, where a particle may go far, are tamed."""
    return s**2 * (3 - 2 * s) / n, (1 - s) ** 2 * (1 + 2 * s) / n


def _nodes(number: int) -> tuple[Array, Array]:
    """Gauss-Legendre nodes in s, and the weights of N du = 6 s (1 - s) ds."""
    t, w = np.polynomial.legendre.leggauss(number)
    s = (t + 1) / 2
    return s, 3 * s * (1 - s) * w


def line_zero_point(
    density: LineDensity, n: int, curvature: Function, nodes: int = 400
) -> float:  # fmt: skip
    """Slope of F_hbar at hbar = 0: half the mean of the sum of the frequencies.

    Off the curve of the plan the particles oscillate with H_ij = -l''(d_ij) and
    H_ii = sum_j l''(d_ij) x_j'/x_i', where x_i' ~ 1/rho(x_i); the motion along the curve is the
    mode of frequency 0.

    Args:
        density: The density.
        n: Number of particles, at least 2.
        curvature: l''(distance).
        nodes: Gauss-Legendre nodes.

    Raises:
        TransportError: Fewer than two particles, or the plan is no minimum.
    """
    if n < 2:
        raise TransportError(f"oscillations need at least 2 particles, got {n}")
    s, weights = _nodes(nodes)
    x = positions(density, n, *_graded(s, n))
    rho = density.density(x)
    apart = np.abs(x[:, :, None] - x[:, None, :]) + np.eye(n)
    hessian = -np.where(np.eye(n, dtype=bool), 0.0, curvature(apart))
    i = np.arange(n)
    hessian[:, i, i] = -np.sum(hessian * rho[:, :, None] / rho[:, None, :], axis=2)
    # The least eigenvalue, 0 but for rounding, is the mode along the curve.
    squares = np.linalg.eigvalsh(hessian)
    if np.any(squares[:, 0] < -_FLAT * squares[:, -1]) or np.any(squares[:, 1:] <= 0):
        raise TransportError("the plan is no minimum across its curve: it has no oscillations")
    return float(weights @ np.sqrt(squares[:, 1:]).sum(axis=1)) / 2


def line_potential(
    density: LineDensity,
    n: int,
    cost: Function = coulomb,
    slope: Function = coulomb_slope,
    points: int = _MESH,
) -> LinePotential:
    """Kantorovich potential of the monotone plan, integrated along the forces.

    v'(x_i) is the force of the other particles on the i-th,
    sum_{j != i} sign(x_i - x_j) l'(|x_i - x_j|); the constant makes v add up to the cost on the
    plan. Points crowd towards the ends of the N intervals, where a particle may go to infinity.

    Args:
        density: The density.
        n: Number of particles N, at least 2.
        cost: Convex decreasing repulsion l(distance).
        slope: Its derivative l'.
        points: Points in each of the N intervals of equal mass.

    Returns:
        The potential on N times ``points`` points.

    Raises:
        TransportError: Fewer than two particles.
    """
    if n < 2:
        raise TransportError(f"a potential needs at least 2 particles, got {n}")
    t = (np.arange(points) + 0.5) / points
    x = positions(density, n, *_graded(t, n))
    difference = x[:, :, None] - x[:, None, :]
    others = ~np.eye(n, dtype=bool)
    distance = np.abs(difference)[:, others].reshape(points, n, n - 1)
    signs = np.sign(difference)[:, others].reshape(points, n, n - 1)
    force = np.sum(signs * slope(distance), axis=2)
    ordered = x.T.ravel()
    # Forces may jump from one interval to the next: a spline in each, a trapezoid between two.
    pieces = [CubicSpline(x[:, k], force[:, k]).antiderivative()(x[:, k]) for k in range(n)]
    between = (x[0, 1:] - x[-1, :-1]) * (force[0, 1:] + force[-1, :-1]) / 2
    starts = np.concatenate(([0.0], np.cumsum([p[-1] for p in pieces[:-1]] + between)))
    values = np.concatenate(pieces) + np.repeat(starts, points)
    # Sum v = V in the middle of the plan; that the dual value is V_N then tests all the rest.
    i, j = np.triu_indices(n, 1)
    middle = values.reshape(n, points)[:, points // 2]
    values += (float(np.sum(cost((x[:, j] - x[:, i])[points // 2]))) - np.sum(middle)) / n
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
