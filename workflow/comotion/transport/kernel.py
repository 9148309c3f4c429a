"""The compiled kernel: Coulomb energy of points on spheres, its forces, its local minima.

A configuration is an array (3, N) of Cartesian positions, one contiguous row per axis, so
that the triangular pair loop runs in vector registers. Points move on their spheres only:
a step is taken in space and scaled back to the sphere.

The minimiser is L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4) on the
product of spheres. Its metric is a diagonal estimate of the Hessian, because the energy is
stiff for a valence electron and soft for one near the nucleus.
"""

import numpy as np
from numba import njit

from comotion.density.radial import Array

#: Correction pairs kept by L-BFGS.
MEMORY = 5


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz"})
def energy_forces(x: Array, g: Array) -> float:
    """Coulomb energy of N points and its gradient.

    Args:
        x: Positions, shape (3, N), bohr.
        g: Overwritten by dE/dx, shape (3, N), hartree per bohr.

    Returns:
        sum_{i<j} 1 / |x_i - x_j|, hartree.
    """
    n = x.shape[1]
    px, py, pz = x[0], x[1], x[2]
    gx, gy, gz = g[0], g[1], g[2]
    for i in range(n):
        gx[i] = 0.0
        gy[i] = 0.0
        gz[i] = 0.0
    energy = 0.0
    for i in range(1, n):
        xi, yi, zi = px[i], py[i], pz[i]
        ax, ay, az = 0.0, 0.0, 0.0
        for j in range(i):
            dx, dy, dz = xi - px[j], yi - py[j], zi - pz[j]
            inverse = 1.0 / np.sqrt(dx * dx + dy * dy + dz * dz)
            energy += inverse
            cube = inverse * inverse * inverse
            dx *= cube
            dy *= cube
            dz *= cube
            ax -= dx
            ay -= dy
            az -= dz
            gx[j] += dx
            gy[j] += dy
            gz[j] += dz
        gx[i] += ax
        gy[i] += ay
        gz[i] += az
    return energy


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz"})
def to_spheres(x: Array, radii: Array) -> None:
    """Scale each point of x, shape (3, N), to its radius, in place."""
    for i in range(x.shape[1]):
        scale = radii[i] / np.sqrt(x[0, i] ** 2 + x[1, i] ** 2 + x[2, i] ** 2)
        x[0, i] *= scale
        x[1, i] *= scale
        x[2, i] *= scale


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz"})
def _project(x: Array, g: Array, radii: Array) -> None:
    """Remove from g, shape (3, N), its component along the radius at x, in place."""
    for i in range(x.shape[1]):
        along = g[0, i] * x[0, i] + g[1, i] * x[1, i] + g[2, i] * x[2, i]
        along /= radii[i] * radii[i]
        g[0, i] -= along * x[0, i]
        g[1, i] -= along * x[1, i]
        g[2, i] -= along * x[2, i]


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz"})
def _dot(a: Array, b: Array) -> float:
    total = 0.0
    for axis in range(3):
        for i in range(a.shape[1]):
            total += a[axis, i] * b[axis, i]
    return total


@njit(cache=True, error_model="numpy")
def metric(radii: Array) -> Array:
    """Inverse stiffness of each point's motion on its sphere, shape (N,), bohr^3.

    The second derivative of 1/|x_i - x_j| along the sphere, averaged over directions, is
    of the size r_j / (r_i (r_i^2 + r_j^2)^(3/2)).
    """
    n = radii.shape[0]
    inverse = np.empty(n)
    for i in range(n):
        stiffness = 0.0
        for j in range(n):
            if j != i:
                stiffness += radii[j] / (radii[i] * (radii[i] ** 2 + radii[j] ** 2) ** 1.5)
        inverse[i] = 1.0 / stiffness if stiffness > 0.0 else 0.0
    return inverse


@njit(cache=True, error_model="numpy")
def quench(
    x: Array, radii: Array, inverse_metric: Array, tolerance: float, max_evaluations: int
) -> tuple[float, int]:
    """Move points on their spheres to the nearest local minimum, in place.

    Args:
        x: Positions on the spheres, shape (3, N), bohr; overwritten by the minimum.
        radii: Radii of the spheres, shape (N,), bohr.
        inverse_metric: See `metric`, shape (N,).
        tolerance: Stop when the expected decrease, g M^-1 g, falls below this, hartree.
        max_evaluations: Most evaluations of the energy.

    Returns:
        The energy, hartree, and the number of evaluations.
    """
    n = x.shape[1]
    g = np.empty((3, n))
    trial, trial_g = np.empty((3, n)), np.empty((3, n))
    direction = np.empty((3, n))
    steps, changes = np.empty((MEMORY, 3, n)), np.empty((MEMORY, 3, n))
    curvature, weight = np.empty(MEMORY), np.empty(MEMORY)
    energy = energy_forces(x, g)
    _project(x, g, radii)
    evaluations, stored, newest = 1, 0, -1
    scale = 0.5
    while evaluations < max_evaluations:
        expected = 0.0
        for axis in range(3):
            for i in range(n):
                expected += g[axis, i] * g[axis, i] * inverse_metric[i]
        if expected < tolerance:
            break
        direction[:] = g
        for back in range(stored):
            k = (newest - back) % MEMORY
            weight[k] = _dot(steps[k], direction) / curvature[k]
            direction -= weight[k] * changes[k]
        for i in range(n):
            factor = scale * inverse_metric[i]
            direction[0, i] *= factor
            direction[1, i] *= factor
            direction[2, i] *= factor
        for back in range(stored - 1, -1, -1):
            k = (newest - back) % MEMORY
            shift = weight[k] - _dot(changes[k], direction) / curvature[k]
            direction += shift * steps[k]
        _project(x, direction, radii)
        slope = -_dot(direction, g)
        if slope >= 0.0:
            stored = 0
            for i in range(n):
                for axis in range(3):
                    direction[axis, i] = g[axis, i] * inverse_metric[i] * 0.5
            slope = -_dot(direction, g)
        # No point moves by more than half its radius in one step.
        longest = 0.0
        for i in range(n):
            length = direction[0, i] ** 2 + direction[1, i] ** 2 + direction[2, i] ** 2
            longest = max(longest, length / (radii[i] * radii[i]))
        step = min(1.0, 0.5 / np.sqrt(longest))
        trial_energy = energy
        while True:
            for axis in range(3):
                for i in range(n):
                    trial[axis, i] = x[axis, i] - step * direction[axis, i]
            to_spheres(trial, radii)
            trial_energy = energy_forces(trial, trial_g)
            evaluations += 1
            if trial_energy <= energy + 1e-4 * step * slope or evaluations >= max_evaluations:
                break
            if step * abs(slope) < 1e-15 * abs(energy):
                break
            # Minimum of the parabola through both energies and the slope.
            rise = trial_energy - energy - step * slope
            step *= max(0.1, min(0.5, -0.5 * step * slope / rise))
        if trial_energy > energy:
            break
        _project(trial, trial_g, radii)
        newest = (newest + 1) % MEMORY
        for axis in range(3):
            for i in range(n):
                steps[newest, axis, i] = trial[axis, i] - x[axis, i]
                changes[newest, axis, i] = trial_g[axis, i] - g[axis, i]
        curvature[newest] = _dot(steps[newest], changes[newest])
        x[:] = trial
        g[:] = trial_g
        energy = trial_energy
        if curvature[newest] > 0.0:
            stored = min(stored + 1, MEMORY)
            length = 0.0
            for axis in range(3):
                for i in range(n):
                    length += changes[newest, axis, i] ** 2 * inverse_metric[i]
            scale = curvature[newest] / length
        else:
            stored, newest = 0, -1
    return energy, evaluations
