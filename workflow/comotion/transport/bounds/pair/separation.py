"""Where a trial violates the pair inequality most.

For a pair of radii the right side M is a polynomial in the cosine t, whose least slack is found on
a grid of t and refined. Over the two radii the slack is looked at on a lattice in every pair of
cells, and its local minima there are followed down. The slack is relative to 1/|x - x'| + 1, so
that a violation theta is repaired by v -> (v - theta / 2) / (1 + theta), K -> K / (1 + theta).
"""

import numpy as np
from numpy.typing import NDArray

from comotion.density.model_densities import exponential
from comotion.density.radial import Array
from comotion.transport.angular.compilation import compiled
from comotion.transport.bounds.pair.space import PairSpace, pair_space

#: Fewest lattice points in each cell and in all, points of the grid of t for each degree, halvings
#: of a step.
_LATTICE, _IN_ALL, _COSINES, _HALVINGS = 4, 96, 8, 24
#: Relative slack below which a minimum over one radius counts as near.
_VALLEY = 1e-3


def tensors(space: PairSpace, potential: Array, kernels: list[Array]) -> Array:
    """Bernstein coefficients of M in y and z for each pair of cells and each l.

    Args:
        space: The spaces.
        potential: Coefficients of v, shape (p,).
        kernels: A_0 to A_L.

    Returns:
        Shape (m, m, 4, 4, L + 1).
    """
    v = np.einsum("p,pmj->mj", potential, space.potentials)
    whole = np.array([space.whole(kernel) for kernel in kernels])
    m = len(space.cells)
    flat = space.functions.reshape(len(space.functions), -1)
    radial = np.einsum("nx,lnk->lxk", flat, whole) @ flat
    right = radial.reshape(-1, m, 4, m, 4).transpose(1, 3, 2, 4, 0).copy()
    right[..., 0] += v[:, None, :, None] + v[None, :, None, :]
    return np.asarray(right)


def violations(space: PairSpace, potential: Array, kernels: list[Array]) -> tuple[Array, Array]:
    """Local minima of the relative slack, and lattice points where it is negative.

    Returns:
        Points y, z, t, shape (k, 3), and the slack there, shape (k,), ascending.
    """
    right = tensors(space, potential, kernels)
    degree = len(kernels) - 1
    angles = np.linspace(0, np.pi, _COSINES * max(degree, 2) + 1)
    cosines = np.cos(angles)
    table: Array = np.polynomial.legendre.legvander(cosines, degree).astype(float)
    # Closed at both ends, so that the ends of the domain are looked at too.
    steps = max(_LATTICE, -(-_IN_ALL // len(space.cells)))
    offsets = np.linspace(0, 1, steps + 1)
    low, high = space.cells.T
    y = np.unique(low[:, None] + (high - low)[:, None] * offsets)
    slack, at = _lattice(right, space.cells, y, cosines, table)
    step = float(np.max(high - low)) / steps
    # Minima over both radii, and over the second one: the inequality is tight along curves.
    both = np.nonzero(_is_lowest(slack, 1) & (y[:, None] <= y[None, :]))
    one = np.nonzero(_is_lowest(slack, 0) & (slack < _VALLEY))
    found, values = [], []
    for (first, second), moves in ((both, 1), (one, 0)):
        starts = np.stack((y[first], y[second]), axis=1)
        points, slacks = _descend(right, space.cells, starts, step, moves, cosines, table)
        found.append(points)
        values.append(slacks)
    bad = np.nonzero((slack < 0) & (y[:, None] <= y[None, :]))
    points = np.concatenate((*found, np.stack((y[bad[0]], y[bad[1]], at[bad]), axis=1)))
    slacks = np.concatenate((*values, slack[bad]))
    order = np.argsort(slacks, kind="stable")
    return points[order], slacks[order]


def violation_near(
    space: PairSpace, potential: Array, kernels: list[Array], place: tuple[float, float, float]
) -> float:
    """The largest relative violation that the way down from some place comes to, at least 0.

    Args:
        space: The spaces.
        potential: Coefficients of v, shape (p,).
        kernels: A_0 to A_L.
        place: y, z and the cosine. It is left for others at the same radii if these are worse.
    """
    cosines = np.cos(np.linspace(0, np.pi, _COSINES * max(len(kernels) - 1, 2) + 1))
    cosines = np.sort(np.append(cosines, place[2]))[::-1].copy()
    table: Array = np.polynomial.legendre.legvander(cosines, len(kernels) - 1).astype(float)
    step = float(np.max(np.diff(space.cells))) / _IN_ALL
    right = tensors(space, potential, kernels)
    start = np.array([place[:2]])
    slack = _descend(right, space.cells, start, step, 1, cosines, table)[1]
    return max(0.0, -float(slack[0]))


def weights_of(points: Array) -> tuple[Array, Array]:
    """Factor of a row and its limit: |x - x'| / (1 + |x - x'|) and 1 / (1 + |x - x'|)."""
    y, z, t = points.T
    g = (1 - y) * (1 - z)
    root = np.sqrt(np.maximum(0.0, _squared(y, z, t)))
    # Where both electrons are at infinity the row says M <= 0.
    apart = g + root == 0
    total = np.where(apart, 1.0, g + root)
    return np.where(apart, 1.0, root / total), g / total


def _squared(y: Array, z: Array, t: Array) -> Array:
    """The square of |x - x'| (1 - y) (1 - z)."""
    a, b = y * (1 - z), z * (1 - y)
    return np.asarray((a - b) ** 2 + 2 * (1 - t) * a * b)


def _is_lowest(slack: Array, rows: int) -> NDArray[np.bool_]:
    """Whether each entry is the least of its neighbours in its row, or in three rows."""
    padded = np.pad(slack, 1, constant_values=np.inf)
    lowest = np.ones(slack.shape, dtype=bool)
    for i in range(1 - rows, 2 + rows):
        for j in range(3):
            lowest &= slack <= padded[i : i + slack.shape[0], j : j + slack.shape[1]]
    return lowest


@compiled()
def _relative(g: float, a: float, b: float, t: float, m: float) -> float:
    """The slack 1/|x - x'| - M over 1/|x - x'| + 1."""
    root = np.sqrt(max(0.0, (a - b) ** 2 + 2 * (1 - t) * a * b))
    if g + root == 0.0:
        return -m
    return float((g - root * m) / (g + root))


@compiled()
def _legendre(h: Array, t: float) -> float:
    """Sum of h_l P_l(t), by Clenshaw's recurrence."""
    one, two = 0.0, 0.0
    for n in range(len(h) - 1, 0, -1):
        one, two = h[n] + (2 * n + 1) / (n + 1) * t * one - (n + 1) / (n + 2) * two, one
    return float(h[0] + t * one - 0.5 * two)


@compiled()
def _over_cosines(
    h: Array, y: float, z: float, cosines: Array, table: Array
) -> tuple[float, float]:
    """The least relative slack over t for two radii, and where."""
    g, a, b = (1 - y) * (1 - z), y * (1 - z), z * (1 - y)
    best, index = np.inf, 0
    for i in range(len(cosines)):
        m = 0.0
        for n in range(len(h)):
            m += h[n] * table[i, n]
        value = _relative(g, a, b, cosines[i], m)
        if value < best:
            best, index = value, i
    # Golden section between the neighbours.
    low, high = cosines[min(index + 1, len(cosines) - 1)], cosines[max(index - 1, 0)]
    ratio = 0.6180339887498949
    c, d = high - ratio * (high - low), low + ratio * (high - low)
    fc, fd = _relative(g, a, b, c, _legendre(h, c)), _relative(g, a, b, d, _legendre(h, d))
    for _ in range(24):
        if fc < fd:
            high, d, fd = d, c, fc
            c = high - ratio * (high - low)
            fc = _relative(g, a, b, c, _legendre(h, c))
        else:
            low, c, fc = c, d, fd
            d = low + ratio * (high - low)
            fd = _relative(g, a, b, d, _legendre(h, d))
    where = cosines[index]
    if fc < best:
        best, where = fc, c
    if fd < best:
        best, where = fd, d
    return best, where


@compiled()
def _coefficients(right: Array, cells: Array, y: float, z: float) -> Array:
    """Legendre coefficients of M at two radii."""
    i = min(max(int(np.searchsorted(cells[:, 0], y, side="right")) - 1, 0), len(cells) - 1)
    j = min(max(int(np.searchsorted(cells[:, 0], z, side="right")) - 1, 0), len(cells) - 1)
    a = (y - cells[i, 0]) / (cells[i, 1] - cells[i, 0])
    b = (z - cells[j, 0]) / (cells[j, 1] - cells[j, 0])
    p = ((1 - a) ** 3, 3 * a * (1 - a) ** 2, 3 * a * a * (1 - a), a**3)
    q = ((1 - b) ** 3, 3 * b * (1 - b) ** 2, 3 * b * b * (1 - b), b**3)
    h = np.zeros(right.shape[4])
    for k in range(4):
        for m in range(4):
            w = p[k] * q[m]
            for n in range(len(h)):
                h[n] += w * right[i, j, k, m, n]
    return h


@compiled()
def _lattice(
    right: Array, cells: Array, y: Array, cosines: Array, table: Array
) -> tuple[Array, Array]:
    """Least slack over t on a lattice of radii, and where; both symmetric, shape (k, k)."""
    slack = np.empty((len(y), len(y)))
    at = np.empty((len(y), len(y)))
    for i in range(len(y)):
        for j in range(i, len(y)):
            h = _coefficients(right, cells, y[i], y[j])
            value, where = _over_cosines(h, y[i], y[j], cosines, table)
            slack[i, j] = slack[j, i] = value
            at[i, j] = at[j, i] = where
    return slack, at


@compiled()
def _descend(
    right: Array,
    cells: Array,
    starts: Array,
    step: float,
    moves: int,
    cosines: Array,
    table: Array,
) -> tuple[Array, Array]:
    """Follow the slack down from some radii, by steps of the second or (moves = 1) of both."""
    found = np.empty((len(starts), 3))
    values = np.empty(len(starts))
    lowest, highest = cells[0, 0], cells[-1, 1]
    for s in range(len(starts)):
        y, z = starts[s, 0], starts[s, 1]
        best, where = _over_cosines(_coefficients(right, cells, y, z), y, z, cosines, table)
        size = step
        for _ in range(_HALVINGS):
            moved = True
            tries = 0
            while moved and tries < 20:
                moved = False
                tries += 1
                for dy in range(-moves, moves + 1):
                    for dz in range(-1, 2):
                        u = min(max(y + dy * size, lowest), highest)
                        w = min(max(z + dz * size, lowest), highest)
                        if u == y and w == z:
                            continue
                        h = _coefficients(right, cells, u, w)
                        value, t = _over_cosines(h, u, w, cosines, table)
                        if value < best:
                            best, where, y, z, moved = value, t, u, w, True
            size *= 0.5
        found[s, 0], found[s, 1], found[s, 2], values[s] = y, z, where, best
    return found, values


def compile_separation() -> None:
    """Run everything compiled here once, on two electrons."""
    space = pair_space(exponential(2), 2, 1)
    violations(space, np.zeros(len(space.potentials)), [np.identity(size) for size in space.sizes])
