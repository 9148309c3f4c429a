"""The compiled minimiser: local minima of the energy of points on spheres.

The energy is the sum of 1/d over all pairs, or of another cost whose table lies in the workspace.
A configuration is an array (3, N) of Cartesian positions. Points move on their spheres only:
a step is taken in space and scaled back to the sphere.

The minimiser is L-BFGS with two correction pairs (Nocedal and Wright, Numerical
Optimization, algorithm 7.4) on the product of spheres. Two are enough because the metric,
a diagonal estimate of the Hessian, takes care of what makes the problem stiff: an electron
near the nucleus turns easily, a valence electron does not (it saves three to seven times
the evaluations). All its vectors lie in one workspace, points in groups of four; every
iteration is one `comotion.transport.angular.coulomb.pair_sums` and three passes over the groups.
"""

import numpy as np

from comotion.density.radial import Array
from comotion.transport.angular.compilation import compiled
from comotion.transport.angular.cost_table import cost_table, look_up_one
from comotion.transport.angular.coulomb import FAR, ROW, load_point, place, store_point
from comotion.transport.angular.energy import (
    SCALE,
    TABLE,
    WORKSPACE_SIZE,
    energy_gradient,
    energy_scale,
)
from comotion.transport.angular.simd import LINE, WIDTH, Vector4, fill, load, root, total
from comotion.transport.pair_cost import COULOMB, PairCost

#: Most electrons: a row of the workspace holds so many.
MAX_ELECTRONS = 120
# Vectors (three rows each) in the workspace: position and gradient now and at the trial (which
# change places when a trial is accepted), direction, two pairs of step and change of gradient
# (which change places as well, the new one overwriting the older).
_VECTOR = 3 * ROW
_X, _G, _TRIAL, _TRIAL_G, _D, _NEW, _OLD = (_VECTOR * k for k in (0, 1, 2, 3, 4, 5, 7))
# Then radius, inverse metric, inverse square radius (one row each).
_RADIUS, _METRIC, _CURVATURE = (9 * _VECTOR + ROW * k for k in range(3))

#: Stiffness below which a point counts as free and stays where it is, hartree per bohr^2.
_FLAT = 1e-200

#: A quench is hopeless when even this multiple of the expected decrease leaves it too high.
_HOPE = 10.0


def workspace(pair_cost: PairCost = COULOMB) -> Array:
    """Memory for `quench`, to be used again and again; its groups cross no cache line.

    Args:
        pair_cost: The cost, which everything that is given this memory then takes.
    """
    rows = np.empty(0) if pair_cost.is_coulomb else cost_table(pair_cost)
    size = TABLE + rows.size if rows.size else WORKSPACE_SIZE
    memory = np.zeros(size + LINE)
    first = -memory.ctypes.data // memory.itemsize % LINE
    w = memory[first : first + size]
    w[TABLE:] = rows
    return w


@compiled("reassoc", "contract", "nsz")
def to_spheres(x: Array, radii: Array) -> None:
    """Scale each point of x, shape (3, N), to its radius, in place."""
    for i in range(x.shape[1]):
        scale = radii[i] / np.sqrt(x[0, i] ** 2 + x[1, i] ** 2 + x[2, i] ** 2)
        x[0, i] *= scale
        x[1, i] *= scale
        x[2, i] *= scale


@compiled()
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


@compiled()
def prepare(radii: Array, inverse: Array, w: Array) -> None:
    """`metric` for the cost in a workspace, and the scale of its energies on these spheres.

    With l' / d in place of -1/d^3 the metric is that of any cost. The scale is the sum of
    d |l'(d)| over the pairs at right angles: unlike the energy it is never negative and
    does not change when a constant is added to l.

    Args:
        radii: Radii of the spheres, shape (N,), bohr.
        inverse: Overwritten by the inverse stiffness, shape (N,), bohr^2 per hartree.
        w: See `workspace`.
    """
    if w.shape[0] == WORKSPACE_SIZE:
        metric(radii, inverse)
        return
    n = radii.shape[0]
    w[SCALE] = 0.0
    for i in range(n):
        stiffness = 0.0
        for j in range(n):
            if j != i:
                square = radii[i] ** 2 + radii[j] ** 2
                push = abs(look_up_one(w, TABLE, square)[1])
                stiffness += push * radii[j] / radii[i]
                w[SCALE] += 0.5 * push * square
        # Where the cost has died away its inverse would be infinite.
        inverse[i] = 1.0 / stiffness if stiffness > _FLAT else 0.0


@compiled()
def _dot(a: tuple[Vector4, Vector4, Vector4], b: tuple[Vector4, Vector4, Vector4]) -> Vector4:
    """Scalar products, lane by lane."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@compiled()
def _along_sphere(
    v: tuple[Vector4, Vector4, Vector4], x: tuple[Vector4, Vector4, Vector4], curvature: Vector4
) -> tuple[Vector4, Vector4, Vector4]:
    """The part of v that is tangential to the sphere through x."""
    radial = _dot(v, x) * curvature
    return v[0] - radial * x[0], v[1] - radial * x[1], v[2] - radial * x[2]


@compiled()
def _start(w: Array, groups: int) -> float:
    """Project the first gradient to the spheres; returns g M^-1 g, hartree."""
    expected = fill(0.0)
    for i in range(0, WIDTH * groups, WIDTH):
        x = load_point(w, _X + i)
        g = _along_sphere(load_point(w, _G + i), x, load(w, _CURVATURE + i))
        store_point(w, _G + i, g[0], g[1], g[2])
        expected = expected + _dot(g, g) * load(w, _METRIC + i)
    return total(expected)


@compiled()
def _direction(
    w: Array,
    groups: int,
    places: tuple[int, int, int, int],
    factors: tuple[float, float, float, float, float],
) -> tuple[float, float]:
    """Direction M^-1 (cg g + cy1 y1 + cy2 y2) + cs1 s1 + cs2 s2 along the spheres.

    Args:
        w: Workspace.
        groups: Groups of four points.
        places: Of position, gradient, and the newer and the older pair.
        factors: cg, cy1, cy2, cs1, cs2.

    Returns:
        Its squared length in angles, and the slope of the energy against it.
    """
    at, gradient, new, old = places
    cg, cy1, cy2 = fill(factors[0]), fill(factors[1]), fill(factors[2])
    cs1, cs2 = fill(factors[3]), fill(factors[4])
    length, slope = fill(0.0), fill(0.0)
    for i in range(0, WIDTH * groups, WIDTH):
        m, curvature = load(w, _METRIC + i), load(w, _CURVATURE + i)
        x, g = load_point(w, at + i), load_point(w, gradient + i)
        s1, y1 = load_point(w, new + i), load_point(w, new + _VECTOR + i)
        s2, y2 = load_point(w, old + i), load_point(w, old + _VECTOR + i)
        d = (
            m * (cg * g[0] + cy1 * y1[0] + cy2 * y2[0]) + (cs1 * s1[0] + cs2 * s2[0]),
            m * (cg * g[1] + cy1 * y1[1] + cy2 * y2[1]) + (cs1 * s1[1] + cs2 * s2[1]),
            m * (cg * g[2] + cy1 * y1[2] + cy2 * y2[2]) + (cs1 * s1[2] + cs2 * s2[2]),
        )
        d = _along_sphere(d, x, curvature)
        store_point(w, _D + i, d[0], d[1], d[2])
        length = length + _dot(d, d) * curvature
        slope = slope - _dot(d, g)
    return total(length), total(slope)


@compiled()
def _step(w: Array, groups: int, at: int, trial: int, step: float) -> None:
    """Trial = position - step * direction, scaled back to the spheres."""
    c = fill(step)
    for i in range(0, WIDTH * groups, WIDTH):
        x, d = load_point(w, at + i), load_point(w, _D + i)
        t = x[0] - c * d[0], x[1] - c * d[1], x[2] - c * d[2]
        scale = load(w, _RADIUS + i) / root(_dot(t, t))
        store_point(w, trial + i, scale * t[0], scale * t[1], scale * t[2])


@compiled()
def _accept(
    w: Array,
    groups: int,
    before: tuple[int, int],
    after: tuple[int, int],
    new: int,
    old: int,
) -> tuple[float, float, float, float, float, float, float, float, float]:
    """Project the gradient at the trial, write the new pair, form every product needed.

    Args:
        w: Workspace.
        groups: Groups of four points.
        before: Places of position and gradient.
        after: Places of the accepted trial and its gradient.
        new: Place of the pair that is written.
        old: Place of the pair before it.

    Returns:
        g M^-1 g, s1 y1, y1 M^-1 y1, s1 g, y1 M^-1 g, s2 g, y2 M^-1 g, s2 y1, y2 M^-1 y1.
    """
    zero = fill(0.0)
    gg, s1y1, y1y1, s1g, y1g = zero, zero, zero, zero, zero
    s2g, y2g, s2y1, y2y1 = zero, zero, zero, zero
    for i in range(0, WIDTH * groups, WIDTH):
        m = load(w, _METRIC + i)
        x = load_point(w, after[0] + i)
        g = _along_sphere(load_point(w, after[1] + i), x, load(w, _CURVATURE + i))
        store_point(w, after[1] + i, g[0], g[1], g[2])
        x0, g0 = load_point(w, before[0] + i), load_point(w, before[1] + i)
        s1 = x[0] - x0[0], x[1] - x0[1], x[2] - x0[2]
        y1 = g[0] - g0[0], g[1] - g0[1], g[2] - g0[2]
        s2, y2 = load_point(w, old + i), load_point(w, old + _VECTOR + i)
        store_point(w, new + i, s1[0], s1[1], s1[2])
        store_point(w, new + _VECTOR + i, y1[0], y1[1], y1[2])
        gg = gg + _dot(g, g) * m
        s1y1 = s1y1 + _dot(s1, y1)
        y1y1 = y1y1 + _dot(y1, y1) * m
        s1g = s1g + _dot(s1, g)
        y1g = y1g + _dot(y1, g) * m
        s2g = s2g + _dot(s2, g)
        y2g = y2g + _dot(y2, g) * m
        s2y1 = s2y1 + _dot(s2, y1)
        y2y1 = y2y1 + _dot(y2, y1) * m
    return (
        total(gg), total(s1y1), total(y1y1), total(s1g), total(y1g), total(s2g), total(y2g),
        total(s2y1), total(y2y1),
    )  # fmt: skip


@compiled()
def _load(w: Array, x: Array, radii: Array, inverse_metric: Array) -> int:
    """Put a configuration into the workspace; returns the number of groups.

    The points that fill up the last group have no weight and stay where they are.
    """
    groups: int = place(w, _X, x)
    n = radii.shape[0]
    for i in range(WIDTH * groups):
        real = i < n
        w[_RADIUS + i] = radii[i] if real else FAR
        w[_METRIC + i] = inverse_metric[i] if real else 0.0
        w[_CURVATURE + i] = 1.0 / (w[_RADIUS + i] * w[_RADIUS + i])
        for axis in range(3):
            row = axis * ROW + i
            w[_NEW + row], w[_NEW + _VECTOR + row] = 0.0, 0.0
            w[_OLD + row], w[_OLD + _VECTOR + row] = 0.0, 0.0
    return groups


@compiled()
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
        inverse_metric: See `prepare`, shape (N,).
        tolerance: Stop when the expected decrease, g M^-1 g, falls below this, hartree.
        hopeless: Stop as soon as the energy will clearly stay above this, hartree.
        max_evaluations: Most evaluations of the energy.
        w: See `workspace`.

    Returns:
        The energy, hartree, and the number of evaluations.
    """
    groups = _load(w, x, radii, inverse_metric)
    at, gradient, trial, trial_gradient, new, old = _X, _G, _TRIAL, _TRIAL_G, _NEW, _OLD
    energy = energy_gradient(w, groups, at, gradient)
    gg = _start(w, groups)
    evaluations, pairs = 1, 0
    s1y1, y1y1, s1g, y1g, s2g, y2g, s2y1, y2y1 = 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    s2y2, y2y2 = 1.0, 1.0
    while evaluations < max_evaluations and gg > tolerance and energy - _HOPE * gg < hopeless:
        factors = 0.5, 0.0, 0.0, 0.0, 0.0
        if pairs > 0:
            # The two-loop recursion, with every product known already.
            scale = s1y1 / y1y1
            a1 = s1g / s1y1
            a2, c2 = 0.0, 0.0
            if pairs == 2:
                a2 = (s2g - a1 * s2y1) / s2y2
                c2 = a2 - scale * (y2g - a1 * y2y1 - a2 * y2y2) / s2y2
            b1 = (scale * (y1g - a1 * y1y1 - a2 * y2y1) + c2 * s2y1) / s1y1
            factors = scale, -scale * a1, -scale * a2, a1 - b1, c2
        length, slope = _direction(w, groups, (at, gradient, new, old), factors)
        if pairs > 0 and slope >= 0.0:
            pairs = 0
            continue
        # The points together turn by at most about half a radian in one step.
        step = 1.0 if length <= 0.25 else 0.5 / np.sqrt(length)
        while True:
            _step(w, groups, at, trial, step)
            trial_energy = energy_gradient(w, groups, trial, trial_gradient)
            evaluations += 1
            rise = trial_energy - energy - step * slope
            if rise <= -0.9999 * step * slope or evaluations >= max_evaluations:
                break
            if step * abs(slope) < 1e-15 * max(abs(energy), energy_scale(w, 0.0)):
                break
            # Minimum of the parabola through both energies and the slope.
            step *= max(0.1, min(0.5, -0.5 * step * slope / rise))
        if trial_energy > energy:
            break
        s2y2, y2y2 = s1y1, y1y1
        new, old = old, new
        gg, s1y1, y1y1, s1g, y1g, s2g, y2g, s2y1, y2y1 = _accept(
            w, groups, (at, gradient), (trial, trial_gradient), new, old
        )
        at, gradient, trial, trial_gradient = trial, trial_gradient, at, gradient
        energy = trial_energy
        pairs = min(2, pairs + 1) if s1y1 > 0.0 else 0
    for axis in range(3):
        for i in range(radii.shape[0]):
            x[axis, i] = w[at + axis * ROW + i]
    return energy, evaluations
