"""Compiled: the energy for the cost in a workspace, which is Coulomb's where there is no other.

The minimiser's vectors come first in a workspace. For another cost the scale of its energies and
its table follow; so whatever is given a workspace works for that cost, and is compiled once.
"""

import numpy as np

from comotion.density.radial import Array
from comotion.transport.angular.compilation import compiled
from comotion.transport.angular.cost_table import look_up_one
from comotion.transport.angular.coulomb import ROW, energy_forces, pair_sums, place
from comotion.transport.angular.simd import LINE

#: Length of a workspace for Coulomb's cost: nine vectors, of three rows each, and three rows.
WORKSPACE_SIZE = 30 * ROW
#: Where a workspace for another cost has the scale of its energies, and its table.
SCALE = WORKSPACE_SIZE
TABLE = SCALE + LINE


@compiled()
def energy_gradient(w: Array, groups: int, at: int, gradient: int) -> float:
    """`comotion.transport.angular.coulomb.pair_sums` for the cost in a workspace."""
    if w.shape[0] == WORKSPACE_SIZE:
        return pair_sums(w, groups, at, gradient, None)
    return pair_sums(w, groups, at, gradient, TABLE)


@compiled()
def energy_forces_of(x: Array, g: Array, w: Array) -> float:
    """`comotion.transport.angular.coulomb.energy_forces` for the cost in a workspace.

    Args:
        x: Positions, shape (3, N), bohr.
        g: Overwritten by dE/dx, shape (3, N), hartree per bohr.
        w: The workspace, whose vectors are overwritten for another cost than Coulomb's.

    Returns:
        The energy, hartree.
    """
    if w.shape[0] == WORKSPACE_SIZE:
        return energy_forces(x, g)
    gradient = 3 * ROW
    energy = energy_gradient(w, place(w, 0, x), 0, gradient)
    for axis in range(3):
        for i in range(x.shape[1]):
            g[axis, i] = w[gradient + axis * ROW + i]
    return energy


@compiled()
def pair_energy(w: Array, square: float) -> float:
    """Cost of one pair at a squared distance, hartree."""
    if w.shape[0] == WORKSPACE_SIZE:
        return float(1.0 / np.sqrt(square))
    value, _ = look_up_one(w, TABLE, square)
    return value


@compiled()
def energy_scale(w: Array, coulomb: float) -> float:
    """Energy that tolerances refer to.

    Args:
        w: The workspace, after `comotion.transport.angular.minimiser.prepare`.
        coulomb: What it is for Coulomb's cost: the energy itself, or about that.

    Returns:
        For another cost the scale of its energies on the spheres at hand, hartree.
    """
    return coulomb if w.shape[0] == WORKSPACE_SIZE else float(w[SCALE])
