"""The angular minimum E_N: the global minimum of the repulsion on given spheres.

The landscape is glassy from N = 8 on. Along a co-motion curve neighbouring nodes have
neighbouring radii, so a good arrangement found at one node is handed on to the others:
sweeps along the curve alternate with basin hopping at each node (Wales and Doye, J. Phys.
Chem. A 101, 5111 (1997)). Two searches with different seeds always run; the nodes at which
they differ are searched on, by each alone, until their costs agree.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.progress import Report, silent
from comotion.transport.angular import basin_hopping
from comotion.transport.angular.cost_table import HIGHEST
from comotion.transport.angular.energy import energy_scale
from comotion.transport.angular.minimiser import MAX_ELECTRONS, prepare, to_spheres, workspace
from comotion.transport.pair_cost import COULOMB, PairCost

#: Two energies of one node are different minima from this relative difference on.
_SAME = 1e-8
#: Squared electrons times moves that are made between two reports: some 20 seconds.
_REPORTED = 3e8


@dataclass(frozen=True)
class Effort:
    """How hard to search.

    Attributes:
        first: Moves of the first annealing, at each node and per electron.
        hops: Moves of each later round, at each node and per electron.
        patience: Rounds without gain after which a node rests.
        stages: Times that searches which disagree go on, each time with twice the moves: at the
            coarsest nodes, and after each refinement. Nodes far apart help one another
            little; a disagreement there is best left to the finer ones.

    Raises:
        TransportError: A number is no integer from 0 on, or there is no stage.
    """

    first: int = 50
    hops: int = 12
    patience: int = 2
    stages: tuple[int, ...] = (5, 6, 8)

    def __post_init__(self) -> None:
        if not self.stages or not are_counts(self.first, self.hops, self.patience, *self.stages):
            raise TransportError(f"{self}: moves, patience and stages are integers from 0 on")


def are_counts(*values: Any) -> bool:
    """Whether all values are integers from 0 on, and none is true or false."""
    return all(
        isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= 0
        for value in values
    )


@dataclass(frozen=True, eq=False, repr=False)
class AngularMinimum:
    """Lowest arrangements found at the nodes of a curve.

    Attributes:
        radii: Radii of the spheres, shape (n, N), bohr.
        energies: Sums of the pair cost, shape (n,), hartree.
        positions: Cartesian positions, shape (n, 3, N), bohr.
    """

    radii: Array
    energies: Array
    positions: Array

    def __repr__(self) -> str:
        """Nodes and range of the energies, in a line."""
        nodes, n = self.radii.shape
        return (
            f"<AngularMinimum: {n} electrons, {nodes} nodes, energies from "
            f"{self.energies.min():.8f} to {self.energies.max():.8f} hartree>"
        )


@dataclass(eq=False, repr=False)
class Search:
    """One seeded search, which can be continued.

    Attributes:
        radii: Radii at the nodes, ordered along the curve, shape (n, N), bohr.
        seed: Seed of the random numbers.
        moves: Basin-hopping moves made so far.
        rounds: Rounds of hops and sweeps made so far.
        report: Told of each round.
        pair_cost: What is least.
    """

    radii: Array
    seed: int
    moves: int = 0
    rounds: int = 0
    report: Report = silent
    pair_cost: PairCost = COULOMB
    positions: Array = field(init=False)
    energies: Array = field(init=False)

    def __post_init__(self) -> None:
        self.radii = checked_radii(self.radii, self.pair_cost)
        nodes, n = self.radii.shape
        self.positions, self.energies = np.empty((nodes, 3, n)), np.empty(nodes)
        self._rng = np.random.default_rng(self.seed)
        self._workspace = workspace(self.pair_cost)
        # One electron repels nothing; the kernel would add what it has to the points far away
        # that fill its groups of four.
        self._alone = n == 1

    def start(self, hops: int) -> None:
        """Anneal a random arrangement at each node alone, then let the nodes share."""
        basin_hopping.random_starts(
            self.positions, self.energies, self.radii, self._rng, self._workspace
        )
        if self._alone:
            self.energies[:] = 0.0
        if self._can_hop:
            self._hop(np.ones(len(self.radii), dtype=bool), hops)
        self.sweep()

    @property
    def _can_hop(self) -> bool:
        """Whether there may be several minima: two electrons that repel have one, opposite."""
        n = self.radii.shape[1]
        return n > 2 or (n == 2 and not self.pair_cost.is_coulomb)

    def scales(self, energies: Array) -> Array:
        """Energies that tolerances refer to at each node.

        Args:
            energies: Energies of the nodes, shape (n,), hartree.

        Returns:
            The same for Coulomb's cost; for others what is never negative, see
            `comotion.transport.angular.minimiser.prepare`.
        """
        scales, inverse = energies.copy(), np.empty(self.radii.shape[1])
        for node, radii in enumerate(self.radii):
            prepare(radii, inverse, self._workspace)
            scales[node] = energy_scale(self._workspace, scales[node])
        return scales

    def sweep(self) -> int:
        """Hand arrangements along the curve until none gains; returns the gains."""
        if self._alone:
            return 0
        return int(basin_hopping.sweep(self.positions, self.energies, self.radii, self._workspace))

    def improve(self, active: NDArray[np.bool_], hops: int, patience: int) -> None:
        """Rounds of hops and sweeps, at each active node until it rests.

        A node rests after some rounds in which neither it nor a neighbour gained.
        """
        if not self._can_hop:
            return
        idle = np.where(active, 0, patience)
        while np.any(idle < patience):
            before = self.energies.copy()
            self._hop(idle < patience, hops)
            self.sweep()
            idle[idle < patience] += 1
            idle[with_neighbours(self.energies < before) & active] = 0

    def _hop(self, active: NDArray[np.bool_], hops: int) -> int:
        """One round of hops at the active nodes; returns the gains."""
        if hops == 0:
            return 0
        nodes, n = np.flatnonzero(active), self.radii.shape[1]
        at_once = max(1, int(_REPORTED / (hops * n**2)))
        gains = 0
        # Node by node in the same order, so that parts draw the same random numbers as the whole.
        for first in range(0, len(nodes), at_once):
            self.report(
                f"seed {self.seed}, round {self.rounds + 1}", f"{len(nodes)} nodes",
                first / len(nodes),
            )  # fmt: skip
            part = np.zeros_like(active)
            part[nodes[first : first + at_once]] = True
            gains += basin_hopping.hop(
                self.positions, self.energies, self.radii, part, hops, self.rounds,
                self._rng, self._workspace,
            )  # fmt: skip
        self.rounds += 1
        self.moves += hops * len(nodes)
        return gains

    def refine(self, radii: Array) -> None:
        """Go over to a curve with a new node between every two, and beyond both ends.

        Args:
            radii: Radii at all nodes, old ones at the odd indices, shape (2 n + 1, N).
        """
        radii = checked_radii(radii, self.pair_cost)
        # Each node begins with what the old node before it has, the first with the first.
        before = np.maximum(np.arange(len(radii)) - 1, 0) // 2
        self.radii, self.positions = radii, self.positions[before]
        # They are polished to a share of these, which are off by no more than a step.
        self.energies = self.energies[before]
        for position, its_radii in zip(self.positions, radii, strict=True):
            to_spheres(position, its_radii)
        self.polish()
        self.sweep()

    def polish(self) -> None:
        """Converge every arrangement fully."""
        if self._alone:
            return
        basin_hopping.polish(self.positions, self.energies, self.radii, self._workspace)
        if not self.pair_cost.is_coulomb:
            # The compiled code has the cost from a table.
            self.energies[:] = self.pair_cost.energies(self.positions)

    def carried(self, step: int) -> Array:
        """Energies of arrangements at the next or former node; `basin_hopping.carried_energies`."""
        if self._alone:
            return np.zeros(len(self.radii) - 1)
        energies: Array = basin_hopping.carried_energies(
            self.positions, self.radii, step, self._workspace
        )
        return energies

    def adopt(self, other: "Search") -> None:
        """Take over whatever another search on the same curve has found lower."""
        better = other.energies < self.energies
        self.positions[better] = other.positions[better]
        self.energies[better] = other.energies[better]
        self.sweep()
        self.polish()

    def result(self) -> AngularMinimum:
        """The arrangements found, fully converged."""
        self.polish()
        return AngularMinimum(self.radii, self.energies.copy(), self.positions.copy())


def checked_radii(radii: Array, pair_cost: PairCost = COULOMB) -> Array:
    """Radii as a contiguous table of positive numbers.

    Raises:
        TransportError: They are not, or there are more electrons than the kernel holds, or they
            are longer than what the table of another cost than Coulomb's holds.
    """
    radii = np.ascontiguousarray(radii, dtype=float)
    if radii.ndim != 2 or min(radii.shape) < 1:
        raise TransportError(f"radii must have the shape (nodes, N), got {radii.shape}")
    if radii.shape[1] > MAX_ELECTRONS:
        raise TransportError(f"at most {MAX_ELECTRONS} electrons, got {radii.shape[1]}")
    bad = radii[~(np.isfinite(radii) & (radii > 0))]
    if bad.size:
        raise TransportError(
            f"a radius of {bad[0]} bohr: radii must be positive and finite; two electrons at "
            "the nucleus would repel without bound"
        )
    if not pair_cost.is_coulomb and 2 * np.max(radii) >= np.sqrt(HIGHEST):
        raise TransportError(
            f"a radius of {np.max(radii):.3g} bohr: the cost {pair_cost.name!r} is tabulated up to "
            f"distances of {np.sqrt(HIGHEST):.3g} bohr"
        )
    return radii


def angular_minimum(
    radii: Array, seed: int, effort: Effort | None = None, *, pair_cost: PairCost = COULOMB
) -> AngularMinimum:
    """Least repulsion of N points on spheres, at each node of a curve of radii.

    By basin hopping: Wales, Doye, J. Phys. Chem. A 101, 5111 (1997).

    Args:
        radii: Radii at the nodes, ordered along the curve, shape (n, N), bohr, positive.
        seed: Seed of the random numbers.
        effort: How hard to search.
        pair_cost: The repulsion l(d) of two electrons.

    Returns:
        The arrangements; their energies are upper bounds of the true minima.

    Raises:
        TransportError: The radii are not a table of positive numbers.
    """
    effort = effort or Effort()
    search = Search(radii, seed, pair_cost=pair_cost)
    n = search.radii.shape[1]
    search.start(effort.first * n)
    search.improve(np.ones(len(search.radii), dtype=bool), effort.hops * n, effort.patience)
    return search.result()


def search_until_agreed(
    searches: list[Search], weights: Array, tolerance: float, effort: Effort, stages: int
) -> None:
    """Continue independent searches on one curve until their costs agree, or effort is spent.

    All go on at every node first; then each alone, with twice as many moves each time, at
    the nodes where they differ.

    Args:
        searches: The searches, started.
        weights: Weights of the nodes in the cost, shape (n,).
        tolerance: Largest `disagreement`, relative to the cost, or to the mean of the scales of
            energies of another cost than Coulomb's.
        effort: How hard to search.
        stages: Times to go on.
    """
    n = searches[0].radii.shape[1]
    active = np.ones(len(weights), dtype=bool)
    hops = effort.hops * n
    for _ in range(stages):
        for search in searches:
            search.improve(active, hops, effort.patience)
            search.polish()
        energies = np.array([search.energies for search in searches])
        least = searches[0].scales(np.min(energies, axis=0))
        if disagreement(energies, weights) <= tolerance * float(weights @ least):
            break
        active = with_neighbours(np.ptp(energies, axis=0) > _SAME * least)
        hops *= 2


def with_neighbours(nodes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The nodes and those next to them: what is found at one often serves its neighbours."""
    near = nodes.copy()
    near[1:] |= nodes[:-1]
    near[:-1] |= nodes[1:]
    return near


def disagreement(energies: Array, weights: Array) -> float:
    """What the cost would change if each node took its highest instead of lowest energy.

    Args:
        energies: Energies by search and node, shape (searches, n), hartree.
        weights: Weights of the nodes, shape (n,).

    Returns:
        The difference, hartree: an upper bound of that between any two searches' costs.
    """
    return float(weights @ np.ptp(energies, axis=0))
