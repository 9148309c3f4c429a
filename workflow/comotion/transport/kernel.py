"""The compiled kernel: Coulomb energy of points on spheres, its forces, its local minima.

A configuration is an array (3, N) of Cartesian positions, one contiguous row per axis, so
that the pair loop runs in vector registers. Points move on their spheres only: a step is
taken in space and scaled back to the sphere.

The minimiser is L-BFGS with two correction pairs (Nocedal and Wright, Numerical
Optimization, algorithm 7.4) on the product of spheres. Two are enough because the metric,
a diagonal estimate of the Hessian, takes care of what makes the problem stiff: an electron
near the nucleus turns easily, a valence electron does not (it saves three to seven times
the evaluations). All its vectors lie in one workspace at fixed distances, which lets the
compiler prove that they do not overlap; every iteration is one pass over the pairs and
three passes over the points.
"""

import numpy as np
from numba import njit

from comotion.density.radial import Array

#: Most electrons: the workspace's rows are this long (and not a power of two, which would
#: put all rows into the same lines of the cache).
MAX_ELECTRONS = 120
_ROW = 136
# Vectors (three rows each) in the workspace: position and gradient now and at the trial,
# direction, the two pairs of step and change of gradient; then radius, inverse metric,
# inverse square radius (one row each).
_X, _G, _TRIAL, _TRIAL_G, _D = (3 * _ROW * k for k in range(5))
_S1, _Y1, _S2, _Y2 = (3 * _ROW * k for k in range(5, 9))
_RADIUS, _METRIC, _CURVATURE = (27 * _ROW, 28 * _ROW, 29 * _ROW)
#: Length of the workspace.
WORKSPACE_SIZE = 30 * _ROW

#: A quench is hopeless when even this multiple of the expected decrease leaves it too high.
_HOPE = 10.0

_FAST = {"reassoc", "contract", "nsz"}  # nothing that could change a branch


def workspace() -> Array:
    """Memory for `quench`, to be used again and again."""
    return np.zeros(WORKSPACE_SIZE)


@njit(cache=True, error_model="numpy", fastmath=_FAST)
def _pair_sums(px: Array, py: Array, pz: Array, gx: Array, gy: Array, gz: Array) -> float:
    """Energy of points given by rows of coordinates, gradient into rows; shapes (N,)."""
    n = px.shape[0]
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


@njit(cache=True, error_model="numpy")
def energy_forces(x: Array, g: Array) -> float:
    """Coulomb energy of N points and its gradient.

    Args:
        x: Positions, shape (3, N), bohr.
        g: Overwritten by dE/dx, shape (3, N), hartree per bohr.

    Returns:
        sum_{i<j} 1 / |x_i - x_j|, hartree.
    """
    return _pair_sums(x[0], x[1], x[2], g[0], g[1], g[2])


@njit(cache=True, error_model="numpy", fastmath=_FAST)
def to_spheres(x: Array, radii: Array) -> None:
    """Scale each point of x, shape (3, N), to its radius, in place."""
    for i in range(x.shape[1]):
        scale = radii[i] / np.sqrt(x[0, i] ** 2 + x[1, i] ** 2 + x[2, i] ** 2)
        x[0, i] *= scale
        x[1, i] *= scale
        x[2, i] *= scale


@njit(cache=True, error_model="numpy")
def metric(radii: Array, inverse: Array) -> None:
    """Inverse stiffness of each point's motion on its sphere.

    The second derivative of 1/|x_i - x_j| along the sphere, averaged over directions, is
    of the size r_j / (r_i (r_i^2 + r_j^2)^(3/2)).

    Args:
        radii: Radii of the spheres, shape (N,), bohr.
        inverse: Overwritten by the inverse stiffness, shape (N,), bohr^3. (An array made
            here could not be returned to Python: numba 0.68 loses its type when a caller
            in another module is loaded from the cache first.)
    """
    n = radii.shape[0]
    for i in range(n):
        inverse[i] = 0.0
        stiffness = 0.0
        for j in range(n):
            if j != i:
                stiffness += radii[j] / (radii[i] * (radii[i] ** 2 + radii[j] ** 2) ** 1.5)
        if stiffness > 0.0:
            inverse[i] = 1.0 / stiffness


@njit(cache=True, error_model="numpy", fastmath=_FAST)
def _energy(w: Array, n: int, at: int, gradient: int) -> float:
    """Energy of the points at one place of the workspace, gradient into another."""
    return _pair_sums(
        w[at : at + n],
        w[at + _ROW : at + _ROW + n],
        w[at + 2 * _ROW : at + 2 * _ROW + n],
        w[gradient : gradient + n],
        w[gradient + _ROW : gradient + _ROW + n],
        w[gradient + 2 * _ROW : gradient + 2 * _ROW + n],
    )


@njit(cache=True, error_model="numpy", fastmath=_FAST)
def _start(w: Array, padded: int) -> float:
    """Project the gradient to the spheres; returns g M^-1 g, hartree."""
    expected = 0.0
    for i in range(padded):
        gx, gy, gz = w[_G + i], w[_G + _ROW + i], w[_G + 2 * _ROW + i]
        x, y, z = w[_X + i], w[_X + _ROW + i], w[_X + 2 * _ROW + i]
        along = (gx * x + gy * y + gz * z) * w[_CURVATURE + i]
        gx -= along * x
        gy -= along * y
        gz -= along * z
        w[_G + i], w[_G + _ROW + i], w[_G + 2 * _ROW + i] = gx, gy, gz
        expected += (gx * gx + gy * gy + gz * gz) * w[_METRIC + i]
    return expected


@njit(cache=True, error_model="numpy", fastmath=_FAST)
def _direction(
    w: Array, padded: int, cg: float, cy1: float, cy2: float, cs1: float, cs2: float
) -> tuple[float, float]:
    """Direction M^-1 (cg g + cy1 y1 + cy2 y2) + cs1 s1 + cs2 s2 along the spheres.

    Returns:
        Its squared length in angles, and the slope of the energy against it.
    """
    length, slope = 0.0, 0.0
    for i in range(padded):
        m = w[_METRIC + i]
        gx, gy, gz = w[_G + i], w[_G + _ROW + i], w[_G + 2 * _ROW + i]
        x, y, z = w[_X + i], w[_X + _ROW + i], w[_X + 2 * _ROW + i]
        dx = m * (cg * gx + cy1 * w[_Y1 + i] + cy2 * w[_Y2 + i])
        dy = m * (cg * gy + cy1 * w[_Y1 + _ROW + i] + cy2 * w[_Y2 + _ROW + i])
        dz = m * (cg * gz + cy1 * w[_Y1 + 2 * _ROW + i] + cy2 * w[_Y2 + 2 * _ROW + i])
        dx += cs1 * w[_S1 + i] + cs2 * w[_S2 + i]
        dy += cs1 * w[_S1 + _ROW + i] + cs2 * w[_S2 + _ROW + i]
        dz += cs1 * w[_S1 + 2 * _ROW + i] + cs2 * w[_S2 + 2 * _ROW + i]
        along = (dx * x + dy * y + dz * z) * w[_CURVATURE + i]
        dx -= along * x
        dy -= along * y
        dz -= along * z
        w[_D + i], w[_D + _ROW + i], w[_D + 2 * _ROW + i] = dx, dy, dz
        length += (dx * dx + dy * dy + dz * dz) * w[_CURVATURE + i]
        slope -= dx * gx + dy * gy + dz * gz
    return length, slope


@njit(cache=True, error_model="numpy", fastmath=_FAST)
def _step(w: Array, padded: int, step: float) -> None:
    """Trial = position - step * direction, scaled back to the spheres."""
    for i in range(padded):
        x = w[_X + i] - step * w[_D + i]
        y = w[_X + _ROW + i] - step * w[_D + _ROW + i]
        z = w[_X + 2 * _ROW + i] - step * w[_D + 2 * _ROW + i]
        scale = w[_RADIUS + i] / np.sqrt(x * x + y * y + z * z)
        w[_TRIAL + i] = x * scale
        w[_TRIAL + _ROW + i] = y * scale
        w[_TRIAL + 2 * _ROW + i] = z * scale


@njit(cache=True, error_model="numpy", fastmath=_FAST)
def _accept(
    w: Array, padded: int
) -> tuple[float, float, float, float, float, float, float, float, float]:
    """Make the trial the position, shift the pairs, and form every product that is needed.

    Returns:
        g M^-1 g, s1 y1, y1 M^-1 y1, s1 g, y1 M^-1 g, s2 g, y2 M^-1 g, s2 y1, y2 M^-1 y1.
    """
    gg, s1y1, y1y1, s1g, y1g, s2g, y2g, s2y1, y2y1 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(padded):
        m = w[_METRIC + i]
        x, y, z = w[_TRIAL + i], w[_TRIAL + _ROW + i], w[_TRIAL + 2 * _ROW + i]
        gx, gy, gz = w[_TRIAL_G + i], w[_TRIAL_G + _ROW + i], w[_TRIAL_G + 2 * _ROW + i]
        along = (gx * x + gy * y + gz * z) * w[_CURVATURE + i]
        gx -= along * x
        gy -= along * y
        gz -= along * z
        s2x, s2y, s2z = w[_S1 + i], w[_S1 + _ROW + i], w[_S1 + 2 * _ROW + i]
        y2x, y2y, y2z = w[_Y1 + i], w[_Y1 + _ROW + i], w[_Y1 + 2 * _ROW + i]
        s1x, s1y, s1z = x - w[_X + i], y - w[_X + _ROW + i], z - w[_X + 2 * _ROW + i]
        y1x, y1y, y1z = gx - w[_G + i], gy - w[_G + _ROW + i], gz - w[_G + 2 * _ROW + i]
        w[_X + i], w[_X + _ROW + i], w[_X + 2 * _ROW + i] = x, y, z
        w[_G + i], w[_G + _ROW + i], w[_G + 2 * _ROW + i] = gx, gy, gz
        w[_S2 + i], w[_S2 + _ROW + i], w[_S2 + 2 * _ROW + i] = s2x, s2y, s2z
        w[_Y2 + i], w[_Y2 + _ROW + i], w[_Y2 + 2 * _ROW + i] = y2x, y2y, y2z
        w[_S1 + i], w[_S1 + _ROW + i], w[_S1 + 2 * _ROW + i] = s1x, s1y, s1z
        w[_Y1 + i], w[_Y1 + _ROW + i], w[_Y1 + 2 * _ROW + i] = y1x, y1y, y1z
        gg += (gx * gx + gy * gy + gz * gz) * m
        s1y1 += s1x * y1x + s1y * y1y + s1z * y1z
        y1y1 += (y1x * y1x + y1y * y1y + y1z * y1z) * m
        s1g += s1x * gx + s1y * gy + s1z * gz
        y1g += (y1x * gx + y1y * gy + y1z * gz) * m
        s2g += s2x * gx + s2y * gy + s2z * gz
        y2g += (y2x * gx + y2y * gy + y2z * gz) * m
        s2y1 += s2x * y1x + s2y * y1y + s2z * y1z
        y2y1 += (y2x * y1x + y2y * y1y + y2z * y1z) * m
    return gg, s1y1, y1y1, s1g, y1g, s2g, y2g, s2y1, y2y1


@njit(cache=True, error_model="numpy")
def _load(w: Array, x: Array, radii: Array, inverse_metric: Array) -> int:
    """Put a configuration into the workspace; returns the padded number of points.

    Rows are filled up to a multiple of eight, so that the passes over the points have no
    remainder; the dummies have no weight.
    """
    n = radii.shape[0]
    padded: int = (n + 7) // 8 * 8
    for i in range(padded):
        real = i < n
        w[_RADIUS + i] = radii[i] if real else 1.0
        w[_METRIC + i] = inverse_metric[i] if real else 0.0
        w[_CURVATURE + i] = 1.0 / (w[_RADIUS + i] * w[_RADIUS + i])
        for axis in range(3):
            w[_X + axis * _ROW + i] = x[axis, i] if real else 1.0 - min(axis, 1)
            w[_G + axis * _ROW + i] = 0.0
            w[_TRIAL_G + axis * _ROW + i] = 0.0
            w[_S1 + axis * _ROW + i] = 0.0
            w[_Y1 + axis * _ROW + i] = 0.0
            w[_S2 + axis * _ROW + i] = 0.0
            w[_Y2 + axis * _ROW + i] = 0.0
    return padded


@njit(cache=True, error_model="numpy")
def quench(
    x: Array,
    radii: Array,
    inverse_metric: Array,
    tolerance: float,
    hopeless: float,
    max_evaluations: int,
    w: Array,
) -> tuple[float, int]:
    """Move points on their spheres to the nearest local minimum, in place.

    Args:
        x: Positions on the spheres, shape (3, N), bohr; overwritten by the minimum.
        radii: Radii of the spheres, shape (N,), bohr.
        inverse_metric: See `metric`, shape (N,).
        tolerance: Stop when the expected decrease, g M^-1 g, falls below this, hartree.
        hopeless: Stop as soon as the energy will clearly stay above this, hartree.
        max_evaluations: Most evaluations of the energy.
        w: See `workspace`.

    Returns:
        The energy, hartree, and the number of evaluations.
    """
    n = x.shape[1]
    padded = _load(w, x, radii, inverse_metric)
    energy = _energy(w, n, _X, _G)
    gg = _start(w, padded)
    evaluations, pairs = 1, 0
    s1y1, y1y1, s1g, y1g, s2g, y2g, s2y1, y2y1 = 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    s2y2, y2y2 = 1.0, 1.0
    while evaluations < max_evaluations and gg > tolerance and energy - _HOPE * gg < hopeless:
        if pairs == 0:
            length, slope = _direction(w, padded, 0.5, 0.0, 0.0, 0.0, 0.0)
        else:
            # The two-loop recursion, with every product known already.
            scale = s1y1 / y1y1
            a1 = s1g / s1y1
            a2, c2 = 0.0, 0.0
            if pairs == 2:
                a2 = (s2g - a1 * s2y1) / s2y2
                c2 = a2 - scale * (y2g - a1 * y2y1 - a2 * y2y2) / s2y2
            b1 = (scale * (y1g - a1 * y1y1 - a2 * y2y1) + c2 * s2y1) / s1y1
            length, slope = _direction(w, padded, scale, -scale * a1, -scale * a2, a1 - b1, c2)
            if slope >= 0.0:
                pairs = 0
                continue
        # The points together turn by at most about half a radian in one step.
        step = min(1.0, 0.5 / np.sqrt(length))
        while True:
            _step(w, padded, step)
            trial_energy = _energy(w, n, _TRIAL, _TRIAL_G)
            evaluations += 1
            rise = trial_energy - energy - step * slope
            if rise <= -0.9999 * step * slope or evaluations >= max_evaluations:
                break
            if step * abs(slope) < 1e-15 * abs(energy):
                break
            # Minimum of the parabola through both energies and the slope.
            step *= max(0.1, min(0.5, -0.5 * step * slope / rise))
        if trial_energy > energy:
            break
        s2y2, y2y2 = s1y1, y1y1
        gg, s1y1, y1y1, s1g, y1g, s2g, y2g, s2y1, y2y1 = _accept(w, padded)
        energy = trial_energy
        pairs = min(2, pairs + 1) if s1y1 > 0.0 else 0
    for axis in range(3):
        for i in range(n):
            x[axis, i] = w[_X + axis * _ROW + i]
    return energy, evaluations
