"""Compiled: the energy for the cost in a workspace, which is Coulomb's where there is no other.

The minimiser's vectors come first in a workspace. For another cost the scale of its energies and
its table follow; so whatever is given a workspace works for that cost, and is compiled once.
"""

import numpy as np

from comotion.density.radial import Array
from comotion.transport.angular.compilation import compiled
from comotion.transport.angular.cost_table import look_up_one
from comotion.transport.angular.coulomb import ROW, pair_sums
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
