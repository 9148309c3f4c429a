"""Compiled search for the configurations that a potential binds most.

The function minimised is V(x) - sum_i u(|x_i|) over all positions, radii and angles. Arrays:
positions (3, N), bohr.
"""

from typing import NamedTuple

import numpy as np

from comotion.density.radial import Array
from comotion.transport.angular.compilation import compiled
from comotion.transport.angular.cost_table import look_up_one
from comotion.transport.angular.energy import TABLE, WORKSPACE_SIZE, energy_forces_of

_MEMORY = 6
_MAX_STEP = 0.3
_ARMIJO = 1e-4


class PotentialTable(NamedTuple):
    """A potential as a table of cubic polynomials, lengths in units of its space.

    u is g / sqrt(r^2 + b^2) for Coulomb's cost and g + tail l(stretch sqrt(r^2 + b^2)) for others;
    see `comotion.transport.bounds.potential_space`.

    Attributes:
        coefficients: Polynomials of g in the local coordinate, ascending, shape (n, 4).
        start: log r of the first grid point.
        inverse_step: One over the grid's step.
        b_square: b^2.
        tail: Factor of the tail.
        stretch: Its stretch.
        workspace: Workspace of `comotion.transport.angular.minimiser`, which says the cost.
    """

    coefficients: Array
    start: float
    inverse_step: float
    b_square: float
    tail: float
    stretch: float
    workspace: Array


@compiled()
def bound_energy(x: Array, g: Array, u: PotentialTable) -> float:
    """V - sum u of a configuration, hartree, and its gradient into g, shape (3, N)."""
    table, w = u.coefficients, u.workspace
    energy = energy_forces_of(x, g, w)
    last = table.shape[0] - 1
    for i in range(x.shape[1]):
        square = x[0, i] ** 2 + x[1, i] ** 2 + x[2, i] ** 2
        position = (0.5 * np.log(square) - u.start) * u.inverse_step
        cell = int(np.floor(position))
        slope = 0.0
        if cell < 0:
            value = table[0, 0]
        elif cell > last:
            value = table[last, 0] + table[last, 1] + table[last, 2] + table[last, 3]
        else:
            s = position - cell
            a, b, c, d = table[cell, 0], table[cell, 1], table[cell, 2], table[cell, 3]
            value = a + s * (b + s * (c + s * d))
            slope = (b + s * (2.0 * c + 3.0 * s * d)) * u.inverse_step
        # u'(r) / r, by which the position is multiplied in the gradient of u.
        if w.shape[0] == WORKSPACE_SIZE:
            scale = 1.0 / np.sqrt(square + u.b_square)
            energy -= value * scale
            force = slope * scale / square - value * scale**3
        else:
            tail, push = look_up_one(w, TABLE, u.stretch**2 * (square + u.b_square))
            energy -= value + u.tail * tail
            force = slope / square - u.tail * u.stretch**2 * push
        for axis in range(3):
            g[axis, i] -= force * x[axis, i]
    return energy


@compiled()
def _metric(x: Array, inverse: Array, tolerance: float, w: Array) -> None:
    """Inverse stiffness of each electron, bohr^2 per hartree; see the minimiser's `prepare`.

    Of another cost than Coulomb's the stiffness may vanish: it is at least that of an electron
    which changes the energy by the tolerance when it moves by its radius.
    """
    n = x.shape[1]
    for i in range(n):
        stiffness = 0.0
        for j in range(n):
            if j != i:
                square = 0.0
                for axis in range(3):
                    square += x[axis, i] ** 2 + x[axis, j] ** 2
                if w.shape[0] == WORKSPACE_SIZE:
                    stiffness += square**-1.5
                else:
                    stiffness += abs(look_up_one(w, TABLE, square)[1])
        if w.shape[0] > WORKSPACE_SIZE:
            own = x[0, i] ** 2 + x[1, i] ** 2 + x[2, i] ** 2
            stiffness = max(stiffness, tolerance / own)
        inverse[i] = 0.5 / stiffness if stiffness > 0.0 else 1.0


@compiled()
def _dot(a: Array, b: Array) -> float:
    """Scalar product, row by row; a temporary array would cost more than the sum."""
    total = 0.0
    for axis in range(3):
        for i in range(a.shape[1]):
            total += a[axis, i] * b[axis, i]
    return total


@compiled()
def _square(a: Array, inverse: Array) -> float:
    """Scalar product of a vector with itself in the metric, a M^-1 a."""
    total = 0.0
    for axis in range(3):
        for i in range(a.shape[1]):
            total += a[axis, i] * a[axis, i] * inverse[i]
    return total


@compiled()
def _largest_turn(d: Array, x: Array) -> float:
    """Largest length of a displacement in units of the radius."""
    largest = 0.0
    for i in range(x.shape[1]):
        moved = d[0, i] * d[0, i] + d[1, i] * d[1, i] + d[2, i] * d[2, i]
        square = x[0, i] * x[0, i] + x[1, i] * x[1, i] + x[2, i] * x[2, i]
        largest = max(largest, moved / square)
    return float(np.sqrt(largest))


@compiled()
def _add(d: Array, factor: float, a: Array) -> None:
    """Add a multiple of a vector to d, in place."""
    for axis in range(3):
        for i in range(d.shape[1]):
            d[axis, i] += a[axis, i] * factor


@compiled()
def _scale(d: Array, inverse: Array, factor: float) -> None:
    """Apply the metric M^-1 over a factor to d, in place."""
    for i in range(d.shape[1]):
        scale = inverse[i] / factor
        for axis in range(3):
            d[axis, i] *= scale


@compiled()
def _direction(
    g: Array, d: Array, steps: Array, changes: Array, memory: tuple[Array, Array], pairs: int,
    inverse: Array,
) -> None:  # fmt: skip
    """The two-loop recursion of L-BFGS: d becomes the inverse Hessian times g.

    Args:
        g: Gradient, shape (3, N).
        d: Overwritten by the direction.
        steps: The last steps, shape (memory, 3, N).
        changes: The changes of the gradient that belong to them.
        memory: One over their products, and room for as many numbers.
        pairs: How many were made since the metric was computed.
        inverse: Inverse stiffness of each electron, shape (N,).
    """
    rho, alpha = memory
    d[:] = g
    used = min(pairs, _MEMORY)
    for k in range(used):
        at = (pairs - 1 - k) % _MEMORY
        alpha[at] = rho[at] * _dot(steps[at], d)
        _add(d, -alpha[at], changes[at])
    last = (pairs - 1) % _MEMORY
    _scale(d, inverse, rho[last] * _square(changes[last], inverse) if used > 0 else 1.0)
    for k in range(used - 1, -1, -1):
        at = (pairs - 1 - k) % _MEMORY
        _add(d, alpha[at] - rho[at] * _dot(changes[at], d), steps[at])


@compiled()
def relax(
    x: Array,
    u: PotentialTable,
    tolerance: float,
    max_evaluations: int,
) -> float:
    """Move a configuration to a local minimum, in place: L-BFGS with a diagonal metric.

    Args:
        x: Positions, overwritten, shape (3, N).
        u: The potential.
        tolerance: Stop when the expected decrease falls below this, hartree.
        max_evaluations: Most evaluations.

    Returns:
        V - sum u at the minimum, hartree.
    """
    n = x.shape[1]
    g, trial, trial_g, d = np.empty((3, n)), np.empty((3, n)), np.empty((3, n)), np.empty((3, n))
    steps, changes = np.empty((_MEMORY, 3, n)), np.empty((_MEMORY, 3, n))
    memory, inverse = (np.empty(_MEMORY), np.empty(_MEMORY)), np.empty(n)
    energy = bound_energy(x, g, u)
    pairs, evaluations = 0, 1
    while evaluations < max_evaluations:
        if pairs == 0:
            _metric(x, inverse, tolerance, u.workspace)
        if _square(g, inverse) < tolerance:
            break
        _direction(g, d, steps, changes, memory, pairs, inverse)
        slope = -_dot(d, g)
        if slope >= 0.0:
            if pairs == 0:
                break
            pairs = 0
            continue
        # No electron moves by more than a fraction of its radius.
        step = min(1.0, _MAX_STEP / _largest_turn(d, x))
        accepted = False
        for _ in range(12):
            trial[:] = x
            _add(trial, -step, d)
            trial_energy = bound_energy(trial, trial_g, u)
            evaluations += 1
            rise = trial_energy - energy
            if rise <= _ARMIJO * step * slope:
                accepted = True
                break
            step *= max(0.1, min(0.5, -0.5 * step * slope / (rise - step * slope)))
        if not accepted:
            if pairs == 0:
                break
            pairs = 0
            continue
        at = pairs % _MEMORY
        for axis in range(3):
            for i in range(n):
                steps[at, axis, i] = trial[axis, i] - x[axis, i]
                changes[at, axis, i] = trial_g[axis, i] - g[axis, i]
                x[axis, i] = trial[axis, i]
                g[axis, i] = trial_g[axis, i]
        product = _dot(steps[at], changes[at])
        energy = trial_energy
        if product > 0.0:
            memory[0][at] = 1.0 / product
            pairs += 1
        else:
            pairs = 0
    return energy


@compiled()
def mutate(x: Array, rng: np.random.Generator) -> None:
    """Change a configuration at random, in place: a radius, all radii, a direction, a swap."""
    n = x.shape[1]
    i = int(rng.integers(0, n))
    kind = rng.random()
    if kind < 0.4:
        factor = np.exp(0.5 * rng.normal())
        for axis in range(3):
            x[axis, i] *= factor
    elif kind < 0.7 and n > 2:
        j = (i + int(rng.integers(1, n))) % n
        ratio = np.sqrt(np.sum(x[:, j] ** 2) / np.sum(x[:, i] ** 2))
        for axis in range(3):
            held = x[axis, i] * ratio
            x[axis, i] = x[axis, j] / ratio
            x[axis, j] = held
    elif kind < 0.85:
        for k in range(n):
            factor = np.exp(0.2 * rng.normal())
            for axis in range(3):
                x[axis, k] *= factor
    else:
        radius = np.sqrt(np.sum(x[:, i] ** 2))
        point = np.array([rng.normal(), rng.normal(), rng.normal()])
        point *= radius / np.sqrt(np.sum(point**2))
        x[:, i] = point


@compiled()
def search(
    starts: Array,
    mutants: int,
    u: PotentialTable,
    tolerance: float,
    rng: np.random.Generator,
    found: Array,
    values: Array,
) -> None:
    """Relax configurations and random mutants of each.

    Args:
        starts: Configurations, shape (m, 3, N).
        mutants: Mutants of each.
        u: The potential.
        tolerance: See `relax`.
        rng: Random numbers.
        found: Filled with the minima, shape (m (mutants + 1), 3, N).
        values: Filled with V - sum u, shape (m (mutants + 1),).
    """
    count = 0
    for k in range(starts.shape[0]):
        for mutant in range(mutants + 1):
            found[count] = starts[k]
            if mutant > 0:
                mutate(found[count], rng)
            values[count] = relax(found[count], u, tolerance, 800)
            count += 1


@compiled()
def hop_down(
    x: Array,
    hops: int,
    temperature: float,
    u: PotentialTable,
    tolerance: float,
    rng: np.random.Generator,
) -> float:
    """Basin hopping from a configuration, which becomes the lowest minimum met.

    Returns:
        V - sum u there, hartree.
    """
    current, trial = x.copy(), np.empty_like(x)
    energy = relax(current, u, tolerance, 800)
    lowest = energy
    x[:] = current
    for _ in range(hops):
        trial[:] = current
        mutate(trial, rng)
        value = relax(trial, u, tolerance, 800)
        if value < energy - temperature * np.log(rng.random()):
            energy = value
            current[:] = trial
            if energy < lowest:
                lowest = energy
                x[:] = current
    return lowest
