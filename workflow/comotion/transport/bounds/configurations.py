"""Configurations of the dual programme: which are known, what they cost, and new ones."""

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array
from comotion.transport.angular.coulomb import energy_forces
from comotion.transport.bounds.column_programme import ColumnProgramme
from comotion.transport.bounds.potential_space import PotentialSpace
from comotion.transport.pair_cost import COULOMB, PairCost

#: Cost of a missing moment in units of the scale of the costs; the space's length b is near one.
_PENALTY = 50.0
#: Configurations added at most in one iteration.
_ADDED = 60
#: A configuration violates the prices from this on, in the same units.
VIOLATED = 1e-9
#: Configurations whose log radii agree to this are the same.
_SAME_RADII = 1e-3


class Configurations:
    """Configurations of the programme, whose prices are the free coefficients of a space.

    What a configuration costs there is V less what the fixed part of the potential binds.
    """

    def __init__(self, space: PotentialSpace, starts: Array) -> None:
        self._space = space
        self.positions = np.empty((0, 3, space.n_electrons))
        self.costs = np.empty(0)
        self._sums = np.empty((0, space.n_free))
        # The last row makes the weights add up to one.
        scale = scale_of(starts, space.pair_cost)
        sums = np.append(space.of_free(space.integrals), 1.0)
        unit = programme_unit(scale, space.pair_cost)
        self.programme = ColumnProgramme(sums, _PENALTY * scale, unit)
        self.add(starts)

    def add(self, positions: Array) -> None:
        """Add configurations, shape (m, 3, N)."""
        costs, sums = self._columns(positions)
        rows = np.arange(self._space.n_free + 1)
        for cost, row in zip(costs, sums, strict=True):
            self.programme.add(float(cost), rows, np.append(row, 1.0))
        self.positions = np.concatenate((self.positions, positions))
        self.costs = np.concatenate((self.costs, costs))
        self._sums = np.concatenate((self._sums, sums))

    def drop_stale(self, prices: Array, active: NDArray[np.bool_]) -> None:
        """Drop the half of the configurations that violates the prices least, none in use."""
        reduced = self.costs - self._sums @ prices
        reduced[: len(active)][active] = -np.inf
        kept = np.ones(len(reduced), dtype=bool)
        kept[np.argsort(reduced)[len(reduced) // 2 :]] = False
        kept |= np.isneginf(reduced)
        self.programme.drop(np.flatnonzero(~kept).tolist())
        self.positions = self.positions[kept]
        self.costs = self.costs[kept]
        self._sums = self._sums[kept]

    def reduced(self, found: Array, prices: Array, constant: float) -> Array:
        """What configurations cost less their worth at some prices, shape (m,), hartree."""
        costs, sums = self._columns(found)
        return np.asarray(costs - sums @ prices - constant)

    def add_lowest(self, found: Array, reduced: Array, scale: float) -> int:
        """Add the configurations whose reduced costs are lowest, each kind once.

        Args:
            found: Configurations, shape (m, 3, N).
            reduced: Their reduced costs, shape (m,), hartree: only negative ones are added.
            scale: The scale of the costs, hartree.

        Returns:
            How many were added.
        """
        kinds = np.round(np.sort(np.log(radii_of(found)), axis=1) / _SAME_RADII).astype(np.int64)
        chosen: list[int] = []
        seen: set[bytes] = set()
        for k in np.argsort(reduced):
            if reduced[k] > -VIOLATED * scale or len(chosen) == _ADDED:
                break
            kind = kinds[k].tobytes()
            if kind not in seen:
                seen.add(kind)
                chosen.append(int(k))
        if chosen:
            self.add(found[chosen])
        return len(chosen)

    def _columns(self, positions: Array) -> tuple[Array, Array]:
        """Costs and sums of configurations, shapes (m,) and (m, n_free)."""
        sums = self._space.sums(radii_of(positions))
        costs = costs_of(positions, self._space.pair_cost)
        return costs - sums @ self._space.fixed, self._space.of_free(sums)


def costs_of(positions: Array, pair_cost: PairCost = COULOMB) -> Array:
    """Energies of configurations by l itself, shape (m, 3, N) to (m,), hartree."""
    if not pair_cost.is_coulomb:
        return pair_cost.energies(positions)
    gradient = np.empty(positions.shape[1:])
    return np.array([energy_forces(np.ascontiguousarray(x), gradient) for x in positions])


def scale_of(positions: Array, pair_cost: PairCost) -> float:
    """The energy that tolerances refer to.

    Args:
        positions: Configurations, shape (m, 3, N), bohr.
        pair_cost: The repulsion l(d) of two electrons.

    Returns:
        The mean of sum_{i<j} d |l'(d)|, hartree. For Coulomb's cost it is the mean energy; unlike
        an energy it is never negative and does not change when a constant is added to l.
    """
    if pair_cost.is_coulomb:
        return float(np.mean(costs_of(positions)))
    i, j = np.triu_indices(positions.shape[2], 1)
    distance = np.linalg.norm(positions[:, :, i] - positions[:, :, j], axis=1)
    apart = distance[distance > 0]
    return float(np.sum(apart * np.abs(pair_cost.slope(apart)))) / len(positions)


def programme_unit(scale: float, pair_cost: PairCost) -> float:
    """Unit of a linear programme's costs: 1 hartree for Coulomb's, a power of two near a scale."""
    return 1.0 if pair_cost.is_coulomb else float(np.ldexp(1.0, np.frexp(scale)[1]))


def radii_of(positions: Array) -> Array:
    """Radii of configurations, shape (m, 3, N) to (m, N), bohr."""
    return np.asarray(np.sqrt(np.sum(positions**2, axis=1)))
