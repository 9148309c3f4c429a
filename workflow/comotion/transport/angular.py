"""The angular minimum E_N: the global minimum of the Coulomb energy on given spheres.

The landscape is glassy from N = 8 on. Along the co-motion curve neighbouring nodes have
neighbouring radii, so a good arrangement found at one node is handed on to the others:
sweeps along the curve alternate with basin hopping at each node (Wales and Doye, J. Phys.
Chem. A 101, 5111 (1997)) whose moves exchange the directions of two electrons on near
shells or put one electron where the potential of the others is lowest.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.transport.kernel import metric, quench, to_spheres

#: Expected decrease at which a quench stops while searching and at the end, relative.
_SEARCHING, _POLISHED = 1e-9, 1e-14
#: A lower energy counts as a gain from this relative size on.
_GAIN = 1e-10
_MAX_EVALUATIONS = 4000


@dataclass(frozen=True)
class Effort:
    """How hard to search.

    Attributes:
        starts: Random starts at each node.
        hops: Basin-hopping moves at each node in a round.
        patience: Rounds without any gain after which the search ends.
        max_rounds: Rounds after which it ends in any case.
    """

    starts: int = 4
    hops: int = 20
    patience: int = 2
    max_rounds: int = 40


@dataclass(frozen=True)
class AngularMinimum:
    """Lowest arrangements found at the nodes.

    Attributes:
        radii: Radii of the spheres, shape (n, N), bohr.
        energies: Coulomb energies, shape (n,), hartree.
        positions: Cartesian positions, shape (n, 3, N), bohr.
        rounds: Rounds of hops and sweeps that were made.
    """

    radii: Array
    energies: Array
    positions: Array
    rounds: int


def angular_minimum(radii: Array, seed: int, effort: Effort | None = None) -> AngularMinimum:
    """Least Coulomb energy of N points on spheres, at each node of a curve of radii.

    Args:
        radii: Radii at the nodes, ordered along the curve, shape (n, N), bohr, positive.
        seed: Seed of the random numbers.
        effort: How hard to search; by default as suits up to twenty electrons.

    Returns:
        The arrangements; their energies are upper bounds of the true minima.

    Raises:
        TransportError: The radii are not a table of positive numbers.
    """
    radii = np.ascontiguousarray(radii, dtype=float)
    if radii.ndim != 2 or radii.shape[1] < 1:
        raise TransportError(f"radii must have the shape (nodes, N >= 1), got {radii.shape}")
    if not np.all(np.isfinite(radii) & (radii > 0)):
        bad = radii[~(np.isfinite(radii) & (radii > 0))].flat[0]
        raise TransportError(f"a radius of {bad} bohr: radii must be positive and finite")
    effort = effort or Effort()
    rng = np.random.default_rng(seed)
    positions, energies = _random_starts(radii, effort.starts, rng)
    _sweep(positions, energies, radii)
    rounds = idle = 0
    while radii.shape[1] > 2 and idle < effort.patience and rounds < effort.max_rounds:
        gain = _hop_all(positions, energies, radii, effort.hops, rng)
        gain += _sweep(positions, energies, radii)
        rounds += 1
        idle = 0 if gain > 0 else idle + 1
    _polish(positions, energies, radii)
    return AngularMinimum(radii, energies, positions, rounds)


def merge(first: AngularMinimum, second: AngularMinimum) -> AngularMinimum:
    """Take the better of two searches at each node, and sweep once more."""
    better = (second.energies < first.energies)[:, None, None]
    positions = np.where(better, second.positions, first.positions)
    energies = np.minimum(first.energies, second.energies)
    _sweep(positions, energies, first.radii)
    _polish(positions, energies, first.radii)
    return AngularMinimum(first.radii, energies, positions, first.rounds + second.rounds)


@njit(cache=True, error_model="numpy")
def _random_direction(rng: np.random.Generator, target: Array, i: int) -> None:
    """Put point i of target, shape (3, N), on the unit sphere at random."""
    target[0, i] = rng.normal()
    target[1, i] = rng.normal()
    target[2, i] = rng.normal()


@njit(cache=True, error_model="numpy")
def _random_starts(radii: Array, starts: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Best of some random starts at each node: positions (n, 3, N) and energies (n,)."""
    nodes, n = radii.shape
    positions = np.empty((nodes, 3, n))
    energies = np.full(nodes, np.inf)
    trial = np.empty((3, n))
    for node in range(nodes):
        inverse = metric(radii[node])
        for _ in range(starts):
            for i in range(n):
                _random_direction(rng, trial, i)
            to_spheres(trial, radii[node])
            energy, _ = quench(trial, radii[node], inverse, _SEARCHING, _MAX_EVALUATIONS)
            if energy < energies[node]:
                energies[node] = energy
                positions[node] = trial
    return positions, energies


@njit(cache=True, error_model="numpy")
def _sweep(positions: Array, energies: Array, radii: Array) -> int:
    """Hand arrangements to both neighbours until none gains; returns the gains made."""
    nodes, n = radii.shape
    trial = np.empty((3, n))
    gains, last = 0, -1
    while gains != last:
        last = gains
        for step in (1, -1):
            for k in range(1, nodes):
                node = k if step == 1 else nodes - 1 - k
                trial[:] = positions[node - step]
                to_spheres(trial, radii[node])
                inverse = metric(radii[node])
                energy, _ = quench(trial, radii[node], inverse, _SEARCHING, _MAX_EVALUATIONS)
                if energy < energies[node] * (1 - _GAIN):
                    energies[node] = energy
                    positions[node] = trial
                    gains += 1
    return gains


@njit(cache=True, error_model="numpy")
def _reinsert(x: Array, radii: Array, i: np.int64, tries: int, rng: np.random.Generator) -> None:
    """Move point i to the best of some random directions on its sphere, in place."""
    n = x.shape[1]
    best = np.inf
    probe = np.empty(3)
    chosen = np.empty(3)
    for _ in range(tries):
        for axis in range(3):
            probe[axis] = rng.normal()
        scale = radii[i] / np.sqrt(np.sum(probe**2))
        potential = 0.0
        for j in range(n):
            if j != i:
                distance = 0.0
                for axis in range(3):
                    distance += (scale * probe[axis] - x[axis, j]) ** 2
                potential += 1.0 / np.sqrt(distance)
        if potential < best:
            best = potential
            chosen[:] = scale * probe
    x[:, i] = chosen


@njit(cache=True, error_model="numpy")
def _hop_all(
    positions: Array, energies: Array, radii: Array, hops: int, rng: np.random.Generator
) -> int:
    """Basin hopping at each node from its best arrangement; returns the gains made."""
    nodes, n = radii.shape
    trial, current = np.empty((3, n)), np.empty((3, n))
    gains = 0
    for node in range(nodes):
        inverse = metric(radii[node])
        current[:] = positions[node]
        current_energy = energies[node]
        temperature = 1e-5 * current_energy
        for _ in range(hops):
            trial[:] = current
            i = rng.integers(0, n)
            if rng.random() < 0.7:
                # Partners sit within three shells, and points keep their own spheres.
                j = min(n - 1, max(0, i + rng.integers(-3, 4)))
                if j == i:
                    j = i - 1 if i > 0 else 1
                for axis in range(3):
                    held = trial[axis, i]
                    trial[axis, i] = trial[axis, j]
                    trial[axis, j] = held
            else:
                _reinsert(trial, radii[node], i, 20, rng)
            to_spheres(trial, radii[node])
            energy, _ = quench(trial, radii[node], inverse, _SEARCHING, _MAX_EVALUATIONS)
            if rng.random() < np.exp(min(0.0, (current_energy - energy) / temperature)):
                current[:] = trial
                current_energy = energy
            if energy < energies[node] * (1 - _GAIN):
                energies[node] = energy
                positions[node] = trial
                gains += 1
    return gains


@njit(cache=True, error_model="numpy")
def _polish(positions: Array, energies: Array, radii: Array) -> None:
    """Converge every arrangement fully, in place."""
    for node in range(radii.shape[0]):
        inverse = metric(radii[node])
        energies[node], _ = quench(
            positions[node], radii[node], inverse, _POLISHED, _MAX_EVALUATIONS
        )


def transplant(source: AngularMinimum, source_q: Array, radii: Array, q: Array) -> AngularMinimum:
    """Carry arrangements to other nodes of the same curve, from both neighbours of each.

    Args:
        source: Arrangements at the nodes ``source_q``.
        source_q: Increasing positions along the curve, shape (n,).
        radii: Radii at the new nodes, shape (m, N), bohr.
        q: Positions of the new nodes, shape (m,).

    Returns:
        The better of the two relaxed neighbours at each new node.
    """
    right = np.clip(np.searchsorted(source_q, q), 0, len(source_q) - 1)
    left = np.maximum(right - 1, 0)
    results = []
    for neighbour in (left, right):
        positions = np.ascontiguousarray(source.positions[neighbour])
        energies = np.empty(len(q))
        for node in range(len(q)):
            to_spheres(positions[node], radii[node])
        _polish(positions, energies, radii)
        results.append(AngularMinimum(radii, energies, positions, source.rounds))
    return merge(results[0], results[1])
