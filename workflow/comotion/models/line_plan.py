"""Particles on a line: the monotone co-motion plan, proven optimal for convex repulsive costs.

rho is a probability density. The k-th of N particles sits at
``f_k(x) = F^-1(F(x) + (k - 1) / N mod 1)`` with F the distribution function (Colombo, De Pascale,
Di Marino, Canad. J. Math. 67, 350 (2015)), and

    V_N = N int_0^(1/N) sum_{i<j} l(F^-1(u + (j - 1)/N) - F^-1(u + (i - 1)/N)) du.
"""

import numpy as np

from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.models.line_densities import Function, LineDensity
from comotion.transport.pair_cost import COULOMB, PairCost

#: What rounding may make of a vanishing eigenvalue, or of a vanishing rise of the repulsion, in
#: units of the largest value.
_FLAT = 1e-9
#: Largest relative change of an integral when its nodes are doubled.
_SETTLED = 1e-6


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


def line_cost(
    density: LineDensity, n: int, pair_cost: PairCost = COULOMB, nodes: int = 400
) -> float:  # fmt: skip
    """Cost V_N of the monotone plan.

    The substitution u = s^2 (3 - 2 s) / N tames the ends, where a particle goes to infinity.

    Args:
        density: The density.
        n: Number of particles, at least 2.
        pair_cost: Convex decreasing repulsion l(d).
        nodes: Gauss-Legendre nodes.

    Returns:
        V_N.

    Raises:
        TransportError: Fewer than two particles, a repulsion that does not decrease, or an
            integral that the nodes leave unsettled.
    """
    if n < 2:
        raise TransportError(f"a cost needs at least 2 particles, got {n}")
    i, j = np.triu_indices(n, 1)

    def at(x: Array) -> Array:
        return np.asarray(np.sum(_repulsions(pair_cost, x[:, j] - x[:, i]), axis=1))

    return _mean(density, n, at, nodes)


def _repulsions(pair_cost: PairCost, distance: Array) -> Array:
    """Values of a repulsion at distances, shape of ``distance``.

    Raises:
        TransportError: They do not decrease.
    """
    values = pair_cost.value(distance)
    order = np.argsort(distance, axis=None)
    rises = np.diff(values.ravel()[order])
    if not np.all(rises <= _FLAT * np.max(np.abs(values))):
        far = distance.ravel()[order][1:][int(np.argmax(rises))]
        raise TransportError(
            f"the repulsion {pair_cost.name} rises at the distance {far:.6g}: the monotone plan is "
            "optimal for a decreasing one only"
        )
    return values


def graded_masses(s: Array, n: int) -> tuple[Array, Array]:
    """Mass u = s^2 (3 - 2 s) / N and 1/N - u: the ends, where a particle may go far, are tamed.

    Args:
        s: Parameters in [0, 1], shape (m,).
        n: Number of particles N.

    Returns:
        u and 1/N - u, shape (m,) each.
    """
    return s**2 * (3 - 2 * s) / n, (1 - s) ** 2 * (1 + 2 * s) / n


def _mean(density: LineDensity, n: int, function: Function, nodes: int) -> float:
    """Mean over the plan of a function of the positions, shape (m, N).

    Raises:
        TransportError: It changes when the nodes are doubled.
    """
    coarse, fine = (
        float(weights @ function(positions(density, n, *graded_masses(s, n))))
        for s, weights in map(_rule, (nodes // 2, nodes))
    )
    if not abs(fine - coarse) <= _SETTLED * abs(fine):
        raise TransportError(
            f"{density.name}: the integral over the plan of {n} particles is {fine:.8g} with "
            f"{nodes} nodes and {coarse:.8g} with half of them: take more nodes; a density with "
            "gaps needs very many"
        )
    return fine


def _rule(number: int) -> tuple[Array, Array]:
    """Gauss-Legendre nodes in s, and the weights of N du = 6 s (1 - s) ds."""
    t, w = np.polynomial.legendre.leggauss(number)
    s = (t + 1) / 2
    return s, 3 * s * (1 - s) * w


def line_zero_point(
    density: LineDensity, n: int, pair_cost: PairCost = COULOMB, nodes: int = 400
) -> float:  # fmt: skip
    """Slope of F_hbar at hbar = 0: half the mean of the sum of the frequencies.

    Off the curve of the plan the particles oscillate with H_ij = -l''(d_ij) and
    H_ii = sum_j l''(d_ij) x_j'/x_i', where x_i' ~ 1/rho(x_i); the motion along the curve is the
    mode of frequency 0.

    Args:
        density: The density.
        n: Number of particles, at least 2.
        pair_cost: Convex decreasing repulsion l(d).
        nodes: Gauss-Legendre nodes.

    Raises:
        TransportError: Fewer than two particles, the plan is no minimum, or an integral that the
            nodes leave unsettled.
    """
    if n < 2:
        raise TransportError(f"oscillations need at least 2 particles, got {n}")
    i = np.arange(n)

    def at(x: Array) -> Array:
        rho = density.density(x)
        apart = np.abs(x[:, :, None] - x[:, None, :]) + np.eye(n)
        hessian = -np.where(np.eye(n, dtype=bool), 0.0, pair_cost.curvature(apart))
        hessian[:, i, i] = -np.sum(hessian * rho[:, :, None] / rho[:, None, :], axis=2)
        if not np.all(np.isfinite(hessian)):
            raise TransportError("the curvature of the repulsion, or the density, is not finite")
        # The least eigenvalue, 0 but for rounding, is the mode along the curve.
        squares = np.linalg.eigvalsh(hessian)
        if np.any(squares[:, 0] < -_FLAT * squares[:, -1]) or np.any(squares[:, 1:] <= 0):
            raise TransportError("the plan is no minimum across its curve: it has no oscillations")
        return np.asarray(np.sqrt(squares[:, 1:]).sum(axis=1))

    return _mean(density, n, at, nodes) / 2
