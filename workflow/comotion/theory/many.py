"""Many particles: the cost per pair rises towards the mean field, in one dimension and on a sphere.

The density keeps its shape rho, a probability density, while N grows; e_N = V_N / C(N, 2) tends to
the mean field U = int int rho rho l (Cotar, Friesecke, Pass, Calc. Var. 54, 717 (2015)).
"""

import numpy as np

from comotion.density.radial import RadialDensity
from comotion.errors import TransportError
from comotion.transport.angular import angular_minimum
from comotion.transport.sce import Accuracy, strict_correlation

#: Mean field of the uniform density on [0, 1] with the repulsion exp(-d).
EXPONENTIAL_MEAN_FIELD = 2 / np.e
#: Limit of N (e_N - U) there: what a particle's own repulsion adds to the mean field.
EXPONENTIAL_SLOPE = -(1 - 2 / np.e)


def uniform_exponential(n: int) -> float:
    """Cost per pair of N particles of uniform density on [0, 1] with the repulsion exp(-d).

    The monotone plan keeps them 1/N apart: e_N = 2 / (N (N - 1)) sum_d (N - d) exp(-d / N).

    Raises:
        TransportError: Fewer than two particles.
    """
    _check(n)
    d = np.arange(1, n)
    return float(2 / (n * (n - 1)) * np.sum((n - d) * np.exp(-d / n)))


def uniform_coulomb(n: int) -> float:
    """The same with 1/d: 2 (N H_(N-1) - (N - 1)) / (N - 1), which grows like 2 log N.

    Raises:
        TransportError: Fewer than two particles.
    """
    _check(n)
    return float(2 * (n * np.sum(1 / np.arange(1, n)) - (n - 1)) / (n - 1))


def sphere(n: int, seed: int = 1) -> float:
    """Cost per pair on the uniform unit sphere: the Thomson energy over the number of pairs.

    Any arrangement, rotated at random, has the uniform density, so that the cheapest one is the
    optimal plan. The mean field is 1.

    Raises:
        TransportError: Fewer than two particles.
    """
    _check(n)
    energy = angular_minimum(np.ones((1, n)), seed).energies[0]
    return float(energy) / (n * (n - 1) / 2)


def radial(shape: RadialDensity, n: int, accuracy: Accuracy | None = None) -> float:
    """Cost per pair of the co-motion plan of N electrons with the shape of a density, hartree.

    Raises:
        TransportError: Fewer than two particles, or seeds that disagree.
    """
    _check(n)
    plan = strict_correlation(shape.scaled(n), accuracy=accuracy)
    return plan.v_comotion / (n * (n - 1) / 2)


def _check(n: int) -> None:
    if n < 2:
        raise TransportError(f"a cost per pair needs at least 2 particles, got {n}")
