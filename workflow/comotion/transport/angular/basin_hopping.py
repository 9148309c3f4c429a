"""Compiled moves of the search for angular minima, on all nodes of a curve of radii.

Arrays: radii (n, N), positions (n, 3, N), energies (n,), in bohr and hartree; positions and
energies hold the best arrangement of each node and are changed in place. ``w`` is the
kernel's workspace, which says the cost too. Tolerances refer to the energy of a node, or for
another cost than Coulomb's to the scale of its energies.
"""

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array
from comotion.transport.angular.compilation import compiled
from comotion.transport.angular.energy import energy_scale, pair_energy
from comotion.transport.angular.minimiser import prepare, quench, to_spheres

#: Expected decrease at which a quench stops while searching and at the end, relative.
_SEARCHING, _POLISHED = 1e-9, 1e-16
#: A lower energy counts as a gain from this relative size on.
_GAIN = 1e-10
_MAX_EVALUATIONS = 4000

#: Share of moves that exchange two directions; the others put one electron elsewhere.
_EXCHANGES = 0.95
#: Exchanged electrons sit at most this many shells apart.
_REACH = 3
#: Random directions among which an electron that is put elsewhere takes the best.
_TRIES = 20
#: Metropolis temperatures at the beginning and at the end of a round, in units of the energy
#: per electron; nodes begin in turn at the first, at half and at a quarter of it.
_HOT, _COLD = 1e-3, 3e-5


@compiled()
def random_starts(
    positions: Array, energies: Array, radii: Array, rng: np.random.Generator, w: Array
) -> None:
    """Fill every node with a quenched random arrangement."""
    nodes, n = radii.shape
    inverse = np.empty(n)
    for node in range(nodes):
        for axis in range(3):
            for i in range(n):
                positions[node, axis, i] = rng.normal()
        to_spheres(positions[node], radii[node])
        prepare(radii[node], inverse, w)
        energies[node], _ = quench(
            positions[node], radii[node], inverse,
            _SEARCHING * energy_scale(w, 1.0 / np.max(radii[node])), np.inf, _MAX_EVALUATIONS, w,
        )  # fmt: skip


@compiled()
def sweep(positions: Array, energies: Array, radii: Array, w: Array) -> int:
    """Hand arrangements to both neighbours until none gains; returns the gains made."""
    nodes, n = radii.shape
    trial, inverse = np.empty((3, n)), np.empty(n)
    gains, last = 0, -1
    while gains != last:
        last = gains
        for step in (1, -1):
            for k in range(1, nodes):
                node = k if step == 1 else nodes - 1 - k
                trial[:] = positions[node - step]
                to_spheres(trial, radii[node])
                prepare(radii[node], inverse, w)
                size = energy_scale(w, energies[node])
                target = energies[node] - _GAIN * size
                energy, _ = quench(
                    trial, radii[node], inverse, _SEARCHING * size, target, _MAX_EVALUATIONS, w
                )
                if energy < target:
                    energies[node] = energy
                    positions[node] = trial
                    gains += 1
    return gains


@compiled()
def _exchange(x: Array, radii: Array, rng: np.random.Generator) -> None:
    """Exchange the directions of two electrons on near shells, in place."""
    n = x.shape[1]
    i = int(rng.integers(0, n))
    distance = int(rng.integers(1, min(_REACH, n - 1) + 1))
    j = i + distance if rng.random() < 0.5 else i - distance
    # A partner beyond the ends is reflected back inside.
    j = abs(j) if j < n else 2 * (n - 1) - j
    if i == j:
        j = i - 1 if i > 0 else 1
    for axis in range(3):
        held = x[axis, i] / radii[i]
        x[axis, i] = x[axis, j] / radii[j] * radii[i]
        x[axis, j] = held * radii[j]


@compiled()
def _reinsert(x: Array, radii: Array, rng: np.random.Generator, w: Array) -> None:
    """Move one electron to the best of some random directions on its sphere, in place."""
    n = x.shape[1]
    i = rng.integers(0, n)
    best, bx, by, bz = np.inf, 0.0, 0.0, 0.0
    for _ in range(_TRIES):
        px, py, pz = rng.normal(), rng.normal(), rng.normal()
        scale = radii[i] / np.sqrt(px * px + py * py + pz * pz)
        px, py, pz = px * scale, py * scale, pz * scale
        potential = 0.0
        for j in range(n):
            if j != i:
                distance = (px - x[0, j]) ** 2 + (py - x[1, j]) ** 2 + (pz - x[2, j]) ** 2
                potential += pair_energy(w, distance)
        if potential < best:
            best, bx, by, bz = potential, px, py, pz
    x[0, i], x[1, i], x[2, i] = bx, by, bz


@compiled()
def hop(
    positions: Array,
    energies: Array,
    radii: Array,
    active: NDArray[np.bool_],
    hops: int,
    turn: int,
    rng: np.random.Generator,
    w: Array,
) -> int:
    """Basin hopping from the best arrangement of every active node.

    A round is an annealing. A move is accepted by Metropolis' rule; the random number is drawn
    first, so that a quench which will not come low enough is cut short. That saves four
    fifths of all evaluations.

    Args:
        positions: See the module.
        energies: See the module.
        radii: See the module.
        active: Nodes to work on, shape (n,).
        hops: Moves at each node.
        turn: Shifts the first temperatures along the nodes.
        rng: Random numbers.
        w: See the module.

    Returns:
        Number of gains.
    """
    nodes, n = radii.shape
    trial, current, inverse = np.empty((3, n)), np.empty((3, n)), np.empty(n)
    gains = 0
    for node in range(nodes):
        if not active[node]:
            continue
        prepare(radii[node], inverse, w)
        current[:] = positions[node]
        energy = energies[node]
        temperature = _HOT * energy_scale(w, energy) / n * 0.5 ** ((node + turn) % 3)
        cooling = (_COLD / _HOT) ** (1.0 / hops)
        for _ in range(hops):
            temperature *= cooling
            trial[:] = current
            if rng.random() < _EXCHANGES:
                _exchange(trial, radii[node], rng)
            else:
                _reinsert(trial, radii[node], rng, w)
            highest = energy - temperature * np.log(rng.random())
            size = energy_scale(w, energy)
            found, _ = quench(
                trial, radii[node], inverse, _SEARCHING * size, highest, _MAX_EVALUATIONS, w
            )
            if found < highest:
                current[:] = trial
                energy = found
                if found < energies[node] - _GAIN * energy_scale(w, energies[node]):
                    energies[node] = found
                    positions[node] = trial
                    gains += 1
    return gains


@compiled()
def polish(positions: Array, energies: Array, radii: Array, w: Array) -> None:
    """Converge every arrangement fully."""
    inverse = np.empty(radii.shape[1])
    for node in range(radii.shape[0]):
        prepare(radii[node], inverse, w)
        energies[node], _ = quench(
            positions[node], radii[node], inverse,
            _POLISHED * energy_scale(w, energies[node]), np.inf, _MAX_EVALUATIONS, w,
        )  # fmt: skip


@compiled()
def carried_energies(positions: Array, radii: Array, step: int, w: Array) -> Array:
    """Energies that arrangements have when carried to the neighbouring node.

    Args:
        positions: See the module.
        radii: See the module.
        step: 1 to carry each arrangement to the next node, -1 to the one before.
        w: See the module.

    Returns:
        The relaxed energies, by the node that the arrangement came from, shape (n - 1,).
    """
    nodes, n = radii.shape
    energies = np.empty(nodes - 1)
    trial, inverse = np.empty((3, n)), np.empty(n)
    for k in range(nodes - 1):
        source = k if step == 1 else k + 1
        target = source + step
        trial[:] = positions[source]
        to_spheres(trial, radii[target])
        prepare(radii[target], inverse, w)
        tolerance = _POLISHED * energy_scale(w, 1.0)
        energies[k], _ = quench(
            trial, radii[target], inverse, tolerance, np.inf, _MAX_EVALUATIONS, w
        )
    return energies
