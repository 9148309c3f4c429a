"""The energy density of a transport plan, in the gauge of the hole about an electron.

``w(r) = 1/2 sum_{i>1} 1 / |r - f_i(r)| - v_H(r) / 2``: half of the potential, at an electron at r,
of the others where the plan puts them, less that of the density. It integrates to
``int rho w d3r = V - U``, where V is the cost of the plan. Far outside, w falls like -1 / (2 r): of
the N electrons in v_H there are N - 1 others. Where the best arrangement changes, w jumps.
Reference: A. Mirtschink, M. Seidl, P. Gori-Giorgi, J. Chem. Theory Comput. 8, 3097 (2012).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comotion.density.hartree_potential import hartree_potential
from comotion.density.radial import Array
from comotion.errors import DensityError, TransportError
from comotion.transport.angular.minimiser import to_spheres
from comotion.transport.angular.search import Search
from comotion.transport.maps import functions_of_pattern
from comotion.transport.plan import Plan

#: Radii that stand for infinity, and one over them for 0, in units of that of half of the charge.
_FAR = 1e12


def energy_density(plan: Plan, r: ArrayLike) -> Array:
    """Energy per electron of a plan along a curve, at radii.

    The maps say how far the others are. Their directions are those of the nodes before and after,
    brought to a minimum again, whichever is lower.

    Args:
        plan: The plan, of the co-motion maps or another pattern, with Coulomb's cost.
        r: Radii from 0 on, shape (m,), bohr.

    Returns:
        w(r), shape (m,), hartree.

    Raises:
        DensityError: A radius is negative or not finite.
        TransportError: The plan is no map, or that of another repulsion.
    """
    r = np.asarray(r, dtype=float)
    bad = r[~(np.isfinite(r) & (r >= 0))]
    if bad.size:
        raise DensityError(f"no energy density at {bad.flat[0]} bohr: radii are finite, from 0 on")
    if plan.cells is not None or plan.q is None:
        raise TransportError(
            "a plan by cells is no map, one radius has many configurations: take the co-motion "
            "plan or a pattern for its energy density"
        )
    if not plan.pair_cost.is_coulomb:
        raise TransportError(
            "the energy density is that of Coulomb's cost less the Hartree potential: "
            f"{plan.pair_cost!r} is another"
        )
    shell, positions = _configurations(plan, plan.q, r)
    own = np.take_along_axis(positions, shell[:, None, None], axis=2)
    distance = np.linalg.norm(positions - own, axis=1)
    np.put_along_axis(distance, shell[:, None], np.inf, axis=1)
    others = np.sum(1 / distance, axis=1)
    return np.asarray(others - hartree_potential(plan.density)(r)) / 2


def _configurations(plan: Plan, q: Array, r: Array) -> tuple[NDArray[np.int64], Array]:
    """Which electron is at each radius, shape (m,), and where all are, shape (m, 3, N), bohr."""
    density, n = plan.density, plan.n_electrons
    inside = density.cumulant(r)
    shell = np.clip(np.floor(inside), 0, n - 1).astype(int)
    radii = functions_of_pattern(density, r, plan.upward)
    np.put_along_axis(radii, shell[:, None], r[:, None], axis=1)
    unit = float(density.radius(n / 2))
    radii = np.clip(radii, unit / _FAR, unit * _FAR)
    folded = np.where(plan.upward[shell], inside - shell, shell + 1 - inside)
    after = np.searchsorted(q, folded)
    lowest = _relaxed(plan, radii, np.maximum(after - 1, 0))
    other = _relaxed(plan, radii, np.minimum(after, len(q) - 1))
    lower = other.energies < lowest.energies
    lowest.positions[lower] = other.positions[lower]
    return shell, lowest.positions


def _relaxed(plan: Plan, radii: Array, nodes: Array) -> Search:
    """Minima at radii, shape (m, N), from the directions of a node for each, shape (m,)."""
    search = Search(radii, seed=0)
    search.positions[:], search.energies[:] = plan.positions[nodes], plan.energies[nodes]
    for position, its_radii in zip(search.positions, search.radii, strict=True):
        to_spheres(position, its_radii)
    search.polish()
    return search
