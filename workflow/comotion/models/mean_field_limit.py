"""Many particles: the cost per pair rises towards the mean field, in one dimension and on a sphere.

The density keeps its shape rho, a probability density, while N grows; e_N = V_N / C(N, 2) tends to
the mean field U = int int rho rho l (Cotar, Friesecke, Pass, Calc. Var. 54, 717 (2015)).
"""

import numpy as np

from comotion.density.functionals import hartree
from comotion.density.model_densities import MODELS
from comotion.density.radial import RadialDensity
from comotion.errors import TransportError
from comotion.models.problem import Solution
from comotion.transport.angular.search import angular_minimum
from comotion.transport.comotion import Accuracy, comotion_plan

#: Mean field of the uniform density on [0, 1] with the repulsion exp(-d).
EXPONENTIAL_MEAN_FIELD = 2 / np.e
#: Limit of N (e_N - U) there: what a particle's own repulsion adds to the mean field.
EXPONENTIAL_SLOPE = -(1 - 2 / np.e)
#: Numbers of particles on the line and on the sphere.
_LINE = (2, 3, 4, 5, 6, 8, 10, 20, 50, 100, 1000, 10000)
_SPHERE = (2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32)


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


def uniform_sphere(n: int, seed: int = 1) -> float:
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
    return comotion_plan(shape.scaled(n), accuracy=accuracy).cost / (n * (n - 1) / 2)


def _check(n: int) -> None:
    if n < 2:
        raise TransportError(f"a cost per pair needs at least 2 particles, got {n}")


def solve(*, sphere: int = 32, electrons: int = 10) -> Solution:
    """Many particles: the cost per pair on a line, on a sphere and for the shape of an atom.

    Args:
        sphere: Most particles on the sphere.
        electrons: Most electrons with the shape of exp(-r) / 8 pi.

    Returns:
        Costs per pair by the number of particles, and mean fields; their ratios.

    Raises:
        TransportError: Seeds that disagree.
    """
    shape = MODELS["exponential"](2)
    atoms = tuple(range(2, electrons + 1))
    line = [uniform_exponential(n) for n in _LINE]
    spheres = [uniform_sphere(n) for n in _SPHERE if n <= sphere]
    # Two electrons of density 2 rho repel themselves by 2 int int rho rho / r_12.
    atom_limit = hartree(shape) / 2
    radials = [radial(shape, n) for n in atoms]
    largest = _LINE[-1]
    return Solution(
        {
            "line": dict(zip(map(str, _LINE), line, strict=True)),
            "line_coulomb": {str(n): uniform_coulomb(n) for n in (2, 3, 10, 100)},
            "line_mean_field": EXPONENTIAL_MEAN_FIELD,
            "line_slope": largest * (line[-1] - EXPONENTIAL_MEAN_FIELD),
            "line_slope_limit": EXPONENTIAL_SLOPE,
            "sphere": dict(zip(map(str, _SPHERE), spheres, strict=False)),
            "atom": dict(zip(map(str, atoms), radials, strict=True)),
            "atom_mean_field": atom_limit,
            "settings": {"sphere": sphere, "electrons": electrons},
        },
        {
            "line_n": (_LINE, "1", "numbers of particles on the line"),
            "line": (np.array(line) / EXPONENTIAL_MEAN_FIELD, "1", "cost per pair / mean field"),
            "sphere_n": (_SPHERE[: len(spheres)], "1", "numbers of particles on the sphere"),
            "sphere": (spheres, "1", "cost per pair / mean field"),
            "atom_n": (atoms, "1", "numbers of electrons with the density's shape"),
            "atom": (np.array(radials) / atom_limit, "1", "cost per pair / mean field"),
        },
    )
