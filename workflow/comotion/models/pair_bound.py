"""The pair bound where it can be compared: on one sphere, and on shells of equal charge.

V_SCE is the least mean of sum_{i<j} 1/|x_i - x_j| over all joint probabilities of N electrons with
a density rho. It depends on their pair density P(x, y) alone, but which P come from N electrons
nobody can say in few words. Necessary is that every sum over the electrons has a variance that is
not negative, for every function f

    Var sum_i f(x_i) = iint [P(x, y) + rho(x) delta(x - y) - rho(x) rho(y)] f(x) f(y) dx dy >= 0.

The least cost over the P >= 0 with marginal (N - 1) rho that satisfy it is the pair bound. Its dual
is the largest bound of `comotion.models.pair_inequality`. Relaxations of this kind between finitely
many states: Khoo, Ying, SIAM J. Sci. Comput. 41, B773 (2019).

Without the variance it is V_2, the transport cost of a pair times the number of pairs.
"""

from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from scipy.optimize import linprog

from comotion.density.model_densities import MODELS
from comotion.density.radial import Array, RadialDensity
from comotion.errors import TransportError
from comotion.models.pair_on_spheres import SHARP, bound_on_shells, bound_on_sphere
from comotion.models.problem import Solution
from comotion.transport.angular.search import angular_minimum

#: Degrees beside the configured one for which the bound on the sphere is drawn: from each of them
#: on it is exact for more of the sharp configurations.
_SPHERE_DEGREES = (1, 2, 4)
#: Electrons of the exponential density on shells, and numbers of shells.
_ELECTRONS = (3, 4, 6)
_SHELLS = (2, 3, 4, 6, 8, 12, 16)
#: Degree of the bound on shells; and others, for most electrons and shells.
_DEGREE = 4
_DEGREES = (0, 1, 2, 8)

_Numbers = dict[str, Any]
_Arrays = dict[str, tuple[Any, str, str]]


def equal_shells(density: RadialDensity, n: int) -> Array:
    """Radii of n shells that hold the same charge, each in the middle of its charge.

    Args:
        density: The density.
        n: Number of shells.

    Returns:
        Radii, shape (n,), bohr.
    """
    return density.radius(density.n_electrons * (np.arange(n) + 0.5) / n)


def programme_on_shells(radii: Array, n_electrons: int, seed: int = 1) -> float:
    """Least energy of N electrons of which each shell has the same number on average.

    A linear programme over all ways to share them among the shells, each with the least energy of
    electrons on spheres of these radii that a search finds.

    Args:
        radii: Radii of the shells, shape (n,), bohr.
        n_electrons: N, at least 2.
        seed: Seed of the search.

    Returns:
        The energy, hartree.

    Raises:
        TransportError: The programme failed.
    """
    n = len(radii)
    chosen = np.array(list(combinations_with_replacement(range(n), n_electrons)))
    energies = angular_minimum(radii[chosen], seed).energies
    counts = np.array([np.sum(chosen == shell, axis=1) for shell in range(n)])
    return _least(energies, counts, np.full(n, n_electrons / n), "all ways to share electrons")


def pair_on_shells(radii: Array, n_electrons: int) -> float:
    """V_2 on the shells: the number of pairs times the least energy of one, each on either shell.

    Args:
        radii: Radii of the shells, shape (n,), bohr.
        n_electrons: N, at least 2.

    Returns:
        The energy, hartree.

    Raises:
        TransportError: The programme failed.
    """
    n = len(radii)
    i, j = np.triu_indices(n)
    counts = (np.arange(n)[:, None] == i).astype(int) + (np.arange(n)[:, None] == j)
    pair = _least(1 / (radii[i] + radii[j]), counts, np.full(n, 2 / n), "pairs")
    return n_electrons * (n_electrons - 1) / 2 * pair


def _least(costs: Array, counts: Array, means: Array, what: str) -> float:
    """Least mean cost of ways to occupy shells with given mean occupations."""
    programme: Any = linprog
    found = programme(costs, A_eq=counts, b_eq=means, method="highs")
    if found.status != 0:
        raise TransportError(f"the linear programme over {what}: {found.message}")
    return float(found.fun)


def solve(*, electrons: int = 16, degree: int = 20, shells: int = 8) -> Solution:
    """The pair bound against least energies on a sphere, and on shells of an exponential density.

    Args:
        electrons: Most electrons on the sphere.
        degree: Largest degree L on the sphere.
        shells: Most shells.

    Returns:
        Bounds and least energies; relative differences.

    Raises:
        TransportError: Fewer than two electrons or shells, or a programme failed.
    """
    if electrons < 2 or shells < 2:
        raise TransportError(f"at least 2 electrons and shells, not {electrons} and {shells}")
    sphere, sphere_arrays = _on_sphere(electrons, degree)
    on_shells, shell_arrays = _on_shells(shells)
    settings = {"electrons": electrons, "degree": degree, "shells": shells}
    return Solution(
        {"sphere": sphere, **on_shells, "settings": settings}, sphere_arrays | shell_arrays
    )


def _on_sphere(electrons: int, degree: int) -> tuple[_Numbers, _Arrays]:
    """Numbers and arrays of the sphere."""
    numbers = range(2, electrons + 1)
    degrees = sorted({*(low for low in _SPHERE_DEGREES if low < degree), degree})
    minima = np.array([angular_minimum(np.ones((1, n)), 1).energies[0] for n in numbers])
    bounds = np.array([[bound_on_sphere(n, top).value for n in numbers] for top in degrees])
    found = {
        str(n): {
            "minimum": float(minimum),
            "bounds": dict(zip(map(str, degrees), of_n.tolist(), strict=True)),
        }
        for n, minimum, of_n in zip(numbers, minima, bounds.T, strict=True)
    }
    sharp = [int(n in SHARP) for n in numbers]
    return found, {
        "sphere_n": (numbers, "1", "numbers of electrons on the sphere, (m,)"),
        "sphere_sharp": (sharp, "1", "1 where the best configuration is sharp, (m,)"),
        "sphere_degrees": (degrees, "1", "degrees L on the sphere, (k,)"),
        "sphere_gap": (1 - bounds / minima, "1", "(minimum - bound) / minimum, (k, m)"),
    }


def _on_shells(shells: int) -> tuple[_Numbers, _Arrays]:
    """Numbers and arrays of the shells."""
    sizes = [n for n in _SHELLS if n <= shells]
    found, below_bound, below_pair = {}, [], []
    for electrons in _ELECTRONS:
        density = MODELS["exponential"](electrons)
        radii = [equal_shells(density, n) for n in sizes]
        minima = np.array([programme_on_shells(r, electrons) for r in radii])
        bounds = np.array([bound_on_shells(r, electrons, _DEGREE).value for r in radii])
        pairs = np.array([pair_on_shells(r, electrons) for r in radii])
        found[f"exponential-{electrons}"] = {
            str(n): {"minimum": minimum, "bound": bound, "v_2": pair}
            for n, minimum, bound, pair in zip(
                sizes, minima.tolist(), bounds.tolist(), pairs.tolist(), strict=True
            )
        }
        below_bound.append(1 - bounds / minima)
        below_pair.append(1 - pairs / minima)
    # The last ones: most electrons on most shells.
    by_degree = {str(top): bound_on_shells(radii[-1], electrons, top).value for top in _DEGREES}
    by_degree[str(_DEGREE)] = float(bounds[-1])
    compared = {"electrons": electrons, "shells": sizes[-1], "bounds": by_degree}
    return {"shells": found, "shells_degree": _DEGREE, "by_degree": compared}, {
        "electrons": (_ELECTRONS, "1", "electrons of the exponential density, (d,)"),
        "shells": (sizes, "1", "numbers of shells, (s,)"),
        "bound_gap": (below_bound, "1", "(minimum - bound) / minimum, (d, s)"),
        "v_2_gap": (below_pair, "1", "(minimum - V_2) / minimum, (d, s)"),
    }
