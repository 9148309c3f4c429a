"""Configurations of the dual programme: which are known, what they cost, and new ones."""

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array, RadialDensity
from comotion.transport.angular.coulomb import energy_forces
from comotion.transport.bounds.column_programme import ColumnProgramme
from comotion.transport.bounds.potential_space import PotentialSpace

#: Cost of a missing moment in units of the transport cost.
_PENALTY = 50.0
#: Configurations added at most in one iteration.
_ADDED = 60
#: A configuration violates the prices from this on, in units of the transport cost.
VIOLATED = 1e-9
#: Configurations whose log radii agree to this are the same.
_SAME_RADII = 1e-3


class Configurations:
    """Configurations of the programme."""

    def __init__(self, density: RadialDensity, space: PotentialSpace, starts: Array) -> None:
        self._space = space
        self.positions = np.empty((0, 3, density.n_electrons))
        self.costs = np.empty(0)
        self._sums = np.empty((0, space.size))
        # The last row makes the weights add up to one.
        mean = float(np.mean(costs_of(starts)))
        self.programme = ColumnProgramme(np.append(space.integrals, 1.0), _PENALTY * mean)
        self.add(starts)

    def add(self, positions: Array) -> None:
        """Add configurations, shape (m, 3, N)."""
        costs = costs_of(positions)
        sums = self._space.sums(radii_of(positions))
        rows = np.arange(self._space.size + 1)
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

    def add_violating(self, found: Array, prices: Array, constant: float, scale: float) -> int:
        """Add the configurations that violate the prices most, each kind once."""
        radii = radii_of(found)
        reduced = costs_of(found) - self._space.sums(radii) @ prices - constant
        kinds = np.round(np.sort(np.log(radii), axis=1) / _SAME_RADII).astype(np.int64)
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


def costs_of(positions: Array) -> Array:
    """Coulomb energies of configurations, shape (m, 3, N) to (m,), hartree."""
    gradient = np.empty(positions.shape[1:])
    return np.array([energy_forces(np.ascontiguousarray(x), gradient) for x in positions])


def radii_of(positions: Array) -> Array:
    """Radii of configurations, shape (m, 3, N) to (m, N), bohr."""
    return np.asarray(np.sqrt(np.sum(positions**2, axis=1)))
