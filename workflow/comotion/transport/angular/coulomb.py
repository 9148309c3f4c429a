"""The compiled kernel: Coulomb energy of points and its forces, or that of another pair cost.

Two forms of one sum. `energy_forces` is the double loop as one would write it; its rows are
too short for the vectors that a compiler makes, and each waits for the last one's forces.
`pair_sums` is what the minimiser calls: points in groups of four, one group in a register
(see `comotion.transport.angular.simd`), so that two groups meet in four turns of one against the
other, sixteen pairs in four vectors. The first group stays in registers in all its turns,
together with the forces on it; the forces on the other group are read and written once. What
remains is one root and one division per vector, the arithmetic's limit (of another cost, one
look-up per pair). Pairs inside a group are neighbours or opposite; the opposite ones come twice,
at half weight.
"""

import numpy as np

from comotion.density.radial import Array
from comotion.transport.angular.compilation import compiled
from comotion.transport.angular.cost_table import look_up
from comotion.transport.angular.simd import (
    WIDTH,
    Vector4,
    fill,
    load,
    root,
    store,
    total,
    turn,
    turn_back,
)

#: Distance between the rows of x, y and z: room for 120 points, a multiple of 64 bytes, and
#: not a power of two, which would put all rows into the same lines of the cache.
ROW = 136
#: Where the points that fill up the last group are put, bohr: their share of any energy is
#: less than its rounding (and a power of two scales without rounding).
FAR = 2.0**100

_Point = tuple[Vector4, Vector4, Vector4]


@compiled("reassoc", "contract", "nsz")
def _triangle(px: Array, py: Array, pz: Array, gx: Array, gy: Array, gz: Array) -> float:
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


@compiled()
def energy_forces(x: Array, g: Array) -> float:
    """Coulomb energy of N points and its gradient.

    Args:
        x: Positions, shape (3, N), bohr.
        g: Overwritten by dE/dx, shape (3, N), hartree per bohr.

    Returns:
        sum_{i<j} 1 / |x_i - x_j|, hartree.
    """
    return _triangle(x[0], x[1], x[2], g[0], g[1], g[2])


@compiled()
def place(w: Array, at: int, x: Array) -> int:
    """Write points, shape (3, N), into a workspace for `pair_sums`; returns their groups."""
    n = x.shape[1]
    groups: int = (n + WIDTH - 1) // WIDTH
    for axis in range(3):
        for i in range(n):
            w[at + axis * ROW + i] = x[axis, i]
        for i in range(n, WIDTH * groups):
            w[at + axis * ROW + i] = FAR if i - n == axis else 0.0
    return groups


@compiled()
def load_point(w: Array, at: int) -> _Point:
    """Three rows of a workspace: the vectors of one group of four points."""
    return load(w, at), load(w, at + ROW), load(w, at + 2 * ROW)


@compiled()
def store_point(w: Array, at: int, x: Vector4, y: Vector4, z: Vector4) -> None:
    """The reverse of `load_point`."""
    store(w, at, x)
    store(w, at + ROW, y)
    store(w, at + 2 * ROW, z)


@compiled()
def _repel(
    w: Array, table: int | None, a: _Point, b: _Point, on_a: _Point, on_b: _Point
) -> tuple[Vector4, _Point, _Point]:
    """l(|a - b|) lane by lane, and the gradients on a and on b with its own added.

    What ``table`` is decides when this is compiled, not when it runs.
    """
    dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    if table is None:
        value = fill(1.0) / root(dx * dx + dy * dy + dz * dz)
        cube = value * value * value
    else:
        value, cube = look_up(w, table, dx * dx + dy * dy + dz * dz)
    return (
        value,
        (on_a[0] - dx * cube, on_a[1] - dy * cube, on_a[2] - dz * cube),
        (on_b[0] + dx * cube, on_b[1] + dy * cube, on_b[2] + dz * cube),
    )


@compiled()
def _turn(a: _Point) -> _Point:
    """Every lane one place down."""
    return turn(a[0]), turn(a[1]), turn(a[2])


@compiled()
def _add_turned_back(a: _Point, b: _Point) -> _Point:
    """A sum, with b brought back by one place."""
    return a[0] + turn_back(b[0]), a[1] + turn_back(b[1]), a[2] + turn_back(b[2])


@compiled()
def pair_sums(w: Array, groups: int, at: int, gradient: int, table: int | None) -> float:
    """Energy and gradient of the points in a workspace.

    Args:
        w: Workspace: rows of x, y and z at ``at``, ``at + ROW``, ``at + 2 ROW``.
        groups: Groups of four points, see `place`.
        at: Where the positions begin, bohr.
        gradient: Where the gradient is written, hartree per bohr, in the same layout.
        table: Where the workspace has the table of another cost than Coulomb's, or None; see
            `comotion.transport.angular.cost_table`.

    Returns:
        The energy, hartree.
    """
    zero = fill(0.0)
    none = zero, zero, zero
    energy = zero
    for a in range(groups):
        store_point(w, gradient + WIDTH * a, zero, zero, zero)
    for a in range(groups):
        a0 = load_point(w, at + WIDTH * a)
        a1 = _turn(a0)
        a2 = _turn(a1)
        a3 = _turn(a2)
        # Inside the group: neighbours, then opposite lanes, each pair from both its ends.
        near, on_a0, on_a1 = _repel(w, table, a0, a1, none, none)
        opposite, on_a0, _ = _repel(w, table, a0, a2, on_a0, none)
        energy = energy + near + fill(0.5) * opposite
        on_a2, on_a3 = none, none
        for b in range(a + 1, groups):
            point = load_point(w, at + WIDTH * b)
            on_b = load_point(w, gradient + WIDTH * b)
            v0, on_a0, on_b = _repel(w, table, a0, point, on_a0, on_b)
            v1, on_a1, on_b = _repel(w, table, a1, point, on_a1, on_b)
            v2, on_a2, on_b = _repel(w, table, a2, point, on_a2, on_b)
            v3, on_a3, on_b = _repel(w, table, a3, point, on_a3, on_b)
            energy = energy + (v0 + v1) + (v2 + v3)
            store_point(w, gradient + WIDTH * b, on_b[0], on_b[1], on_b[2])
        on_a2 = _add_turned_back(on_a2, on_a3)
        on_a1 = _add_turned_back(on_a1, on_a2)
        on_a0 = _add_turned_back(on_a0, on_a1)
        g = load_point(w, gradient + WIDTH * a)
        store_point(w, gradient + WIDTH * a, g[0] + on_a0[0], g[1] + on_a0[1], g[2] + on_a0[2])
    return total(energy)
