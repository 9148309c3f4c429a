"""The pair inequality, proven on its whole domain by subdivision.

For two electrons at radii r and s whose directions have the cosine t, with y = r / (r + b) and
z = s / (s + b) in [0, 1],

    1 / |x - x'| >= M(y, z, t) = v(y) + v(z) + sum_l P_l(t) K_l(y, z)

is to hold for all y, z, t. On a pair of cells M is a polynomial of degrees (3, 3, L), and

    1 / |x - x'| = (1 - y) (1 - z) / (b sqrt(Q)),
    Q = y^2 (1 - z)^2 + z^2 (1 - y)^2 - 2 t y z (1 - y) (1 - z).

Q^(-1/2) is convex in Q, so it lies above its tangents: 3 q / 2 - q^3 Q / 2 for every q > 0. What is
to be shown follows from W >= 0 on a box, where

    W = (1 - y) (1 - z) (3 q / 2 - q^3 Q / 2) / b - M

is again a polynomial of degrees (3, 3, L), which lies above the least of its Bernstein coefficients.
Both losses shrink with the square of the box, so boxes are halved until all of them pass.
y = 0 (r = 0), y = 1 (r = infinity) and r = s, t = 1 are points like all others.

Rounding: all numbers are doubles, rounded to nearest (unit u = 2^-53). A half of a box has averages
of coefficients: each adds at most u times the largest of them, and there are at most `_DEEPEST`
halvings of at most max(3, L) averages. The coefficients of a pair of cells are sums of products
whose error is at most the number of their operations times u times the sum of the absolute values.
Everything else is made of positive terms with fewer than `_OPERATIONS` operations each. A box
passes if the least coefficient exceeds the sum of these errors, so a box that passes is proven.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import comb

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Unit of rounding of a double.
_UNIT = 2.0**-53
#: Most halvings of a box, and operations behind a term of the left side, rounded up.
_DEEPEST, _OPERATIONS = 100, 200
#: What became of a box.
_PROVEN, _VIOLATED, _UNDECIDED = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Violation:
    """A place at which the inequality fails, or could not be decided.

    Attributes:
        y: y and z of the two radii.
        cosine: Cosine of the angle between the electrons.
        slack: Left side less right side there, hartree.
        decided: Whether the inequality is violated there; if not, the boxes became too small.
    """

    y: tuple[float, float]
    cosine: float
    slack: float
    decided: bool


def prove_inequality(
    cells: Array, unit: float, potential: Array, functions: Array, kernels: Array
) -> tuple[int, Violation | None]:
    """Prove the inequality for all pairs of cells.

    Args:
        cells: Ends of the cells in y, shape (m, 2), in [0, 1].
        unit: The length b, bohr.
        potential: Bernstein coefficients of v on each cell, shape (m, 4), hartree.
        functions: Those of the functions behind the kernels, shape (n, m, 4).
        kernels: Coefficients A_l of K_l = sum_ij A_l,ij psi_i psi_j, shape (L + 1, n, n), hartree.

    Returns:
        Number of boxes, and a violation if one was found.
    """
    legendre = _legendre_bernstein(len(kernels) - 1)
    boxes = 0
    for first in range(len(cells)):
        of_first = np.einsum("lij,ik->lkj", kernels, functions[:, first])
        size_first = np.einsum("lij,ik->lkj", np.abs(kernels), np.abs(functions[:, first]))
        for second in range(first, len(cells)):
            radial = np.einsum("lkj,jm->lkm", of_first, functions[:, second])
            size = np.einsum("lkj,jm->lkm", size_first, np.abs(functions[:, second]))
            both = potential[first][:, None] + potential[second][None, :]
            right = both[:, :, None] + np.einsum("lkm,lt->kmt", radial, legendre)
            sizes = (
                np.abs(potential[first])[:, None, None]
                + np.abs(potential[second])[None, :, None]
                + np.einsum("lkm,lt->kmt", size, np.abs(legendre))
            )
            operations = 2 * kernels.shape[1] + len(kernels) + 16
            largest = 1.01 * float(np.max(sizes))
            error = _UNIT * largest * (operations + _DEEPEST * max(3, len(kernels)))
            ends = np.concatenate((cells[first], cells[second]))
            number, outcome, where = _divide(np.ascontiguousarray(right), ends, unit, error)
            boxes += number
            if outcome != _PROVEN:
                return boxes, Violation(
                    (float(where[0]), float(where[1])),
                    float(where[2]),
                    float(where[3]),
                    outcome == _VIOLATED,
                )
    return boxes, None


def _legendre_bernstein(degree: int) -> Array:
    """Bernstein coefficients of P_0 to P_L in t on [-1, 1], raised to degree L; (L + 1, L + 1)."""
    rows = []
    for order in range(degree + 1):
        row = [Fraction((-1) ** (order + k) * comb(order, k)) for k in range(order + 1)]
        for d in range(order + 1, degree + 1):
            padded = [Fraction(0), *row, Fraction(0)]
            row = [
                Fraction(k, d) * padded[k] + (1 - Fraction(k, d)) * padded[k + 1]
                for k in range(d + 1)
            ]
        rows.append([float(value) for value in row])
    return np.array(rows)


@numba.njit(cache=True)
def _divide(right, ends, unit, error):  # type: ignore[no-untyped-def]
    """Halve boxes of one pair of cells until all of them pass.

    Args:
        right: Bernstein coefficients of M, shape (4, 4, L + 1).
        ends: Ends of the first and of the second cell, shape (4,).
        unit: The length b.
        error: Bound of the rounding of every coefficient of M in every box.

    Returns:
        Number of boxes, outcome, and y, z, t, slack of the box that did not pass.
    """
    degree = right.shape[2] - 1
    stack = np.empty((_DEEPEST + 2, 4, 4, degree + 1))
    # Ends of the boxes within the cells: dyadic numbers, which doubles hold exactly.
    box = np.empty((_DEEPEST + 2, 6))
    depth = np.zeros(_DEEPEST + 2, dtype=np.int64)
    where = np.zeros(4)
    stack[0] = right
    box[0] = (0.0, 1.0, 0.0, 1.0, 0.0, 1.0)
    top, boxes = 0, 0
    while top >= 0:
        boxes += 1
        outcome, axis = _judge(stack[top], box[top], ends, unit, error, where)
        if outcome == _PROVEN:
            top -= 1
            continue
        if outcome == _VIOLATED or depth[top] == _DEEPEST:
            return boxes, outcome, where
        _halve(stack[top], stack[top + 1], axis)
        middle = 0.5 * (box[top, 2 * axis] + box[top, 2 * axis + 1])
        box[top + 1] = box[top]
        box[top, 2 * axis + 1] = middle
        box[top + 1, 2 * axis] = middle
        depth[top] += 1
        depth[top + 1] = depth[top]
        top += 1
    return boxes, _PROVEN, where


@numba.njit(cache=True)
def _halve(low, high, axis):  # type: ignore[no-untyped-def]
    """De Casteljau's algorithm at the middle: ``low`` becomes the lower half, ``high`` the upper."""
    shape = low.shape
    degree = shape[axis] - 1
    for j in range(shape[0] if axis != 0 else 1):
        for k in range(shape[1] if axis != 1 else 1):
            for m in range(shape[2] if axis != 2 else 1):
                if axis == 0:
                    line, other = low[:, k, m], high[:, k, m]
                elif axis == 1:
                    line, other = low[j, :, m], high[j, :, m]
                else:
                    line, other = low[j, k, :], high[j, k, :]
                other[degree] = line[degree]
                for step in range(1, degree + 1):
                    for i in range(degree, step - 1, -1):
                        line[i] = 0.5 * (line[i - 1] + line[i])
                    other[degree - step] = line[degree]


@numba.njit(cache=True)
def _cubics(y0, y1, s0, s1, out):  # type: ignore[no-untyped-def]
    """Bernstein coefficients of s, s y^2, s^3 and s^2 y on an interval, s = 1 - y."""
    out[0, 0], out[0, 3] = s0, s1
    out[0, 1], out[0, 2] = (2 * s0 + s1) / 3, (s0 + 2 * s1) / 3
    out[1, 0], out[1, 3] = s0 * y0 * y0, s1 * y1 * y1
    out[1, 1] = (s1 * y0 * y0 + 2 * s0 * y0 * y1) / 3
    out[1, 2] = (2 * s1 * y0 * y1 + s0 * y1 * y1) / 3
    out[2, 0], out[2, 1], out[2, 2], out[2, 3] = s0**3, s0 * s0 * s1, s0 * s1 * s1, s1**3
    out[3, 0], out[3, 3] = s0 * s0 * y0, s1 * s1 * y1
    out[3, 1] = (s0 * s0 * y1 + 2 * s0 * s1 * y0) / 3
    out[3, 2] = (2 * s0 * s1 * y1 + s1 * s1 * y0) / 3


@numba.njit(cache=True)
def _judge(right, box, ends, unit, error, where):  # type: ignore[no-untyped-def]
    """Whether W > 0 on a box; if not, whether it is violated, and the axis to halve."""
    degree = right.shape[2] - 1
    first = np.empty((4, 4))
    second = np.empty((4, 4))
    y = np.empty(4)
    s = np.empty(4)
    for side in range(2):
        low, high = ends[2 * side], ends[2 * side + 1]
        for end in range(2):
            part = box[2 * side + end]
            # Sums of positive terms: y and 1 - y are both known to a few units of rounding.
            y[2 * side + end] = low + (high - low) * part
            s[2 * side + end] = (1.0 - high) + (high - low) * (1.0 - part)
    _cubics(y[0], y[1], s[0], s[1], first)
    _cubics(y[2], y[3], s[2], s[3], second)
    t0, t1 = 2 * box[4] - 1, 2 * box[5] - 1
    ym, sm = 0.5 * (y[0] + y[1]), 0.5 * (s[0] + s[1])
    zm, um = 0.5 * (y[2] + y[3]), 0.5 * (s[2] + s[3])
    tm = 0.5 * (t0 + t1)
    a, c = ym * um, zm * sm
    middle, farthest = (a - c) ** 2 + 2 * (1 - tm) * a * c, 0.0
    for j in range(2):
        for k in range(2):
            for t in (t0, t1):
                farthest = max(farthest, _q(y[j], s[j], y[2 + k], s[2 + k], t))
    # Any q > 0 will do. Where the electrons may meet, the tangent at the largest distance is best.
    tangent = farthest if farthest > 2 * middle else middle
    q = 1 / np.sqrt(max(tangent, 1e-280))
    linear, cubic = 1.5 * q / unit, 0.5 * q**3 / unit
    lowest = np.inf
    passed = True
    for j in range(4):
        for k in range(4):
            positive = linear * first[0, j] * second[0, k]
            even = cubic * (first[1, j] * second[2, k] + first[2, j] * second[1, k])
            odd = 2 * cubic * first[3, j] * second[3, k]
            bound = error + _OPERATIONS * _UNIT * (positive + even + odd)
            for m in range(degree + 1):
                t = t0 + (t1 - t0) * m / degree if degree > 0 else 0.0
                value = positive - even + t * odd - right[j, k, m]
                if value <= bound:
                    passed = False
                lowest = min(lowest, value)
    if passed:
        return _PROVEN, 0
    value = _middle(right)
    slack = sm * um / (np.sqrt(max(middle, 1e-280)) * unit) - value
    if slack < -error - _OPERATIONS * _UNIT * abs(slack + value):
        where[0], where[1], where[2], where[3] = ym, zm, tm, slack
        return _VIOLATED, 0
    where[0], where[1], where[2], where[3] = ym, zm, tm, slack
    return _UNDECIDED, _axis(right, y, s, t0, t1, ym, sm, zm, um, tm, q, unit)


@numba.njit(cache=True)
def _middle(right):  # type: ignore[no-untyped-def]
    """Value of a polynomial in the middle of its box."""
    degree = right.shape[2] - 1
    weights = (0.125, 0.375, 0.375, 0.125)
    line = np.zeros(degree + 1)
    for j in range(4):
        for k in range(4):
            for m in range(degree + 1):
                line[m] += weights[j] * weights[k] * right[j, k, m]
    for step in range(degree):
        for m in range(degree - step):
            line[m] = 0.5 * (line[m] + line[m + 1])
    return line[0]


@numba.njit(cache=True)
def _axis(right, y, s, t0, t1, ym, sm, zm, um, tm, q, unit):  # type: ignore[no-untyped-def]
    """The axis along which halving gains most: the largest loss of hull and of tangent."""
    degree = right.shape[2] - 1
    bend = np.zeros(3)
    for j in range(4):
        for k in range(4):
            for m in range(degree + 1):
                if 0 < j < 3:
                    d = abs(right[j - 1, k, m] - 2 * right[j, k, m] + right[j + 1, k, m])
                    bend[0] = max(bend[0], d)
                if 0 < k < 3:
                    d = abs(right[j, k - 1, m] - 2 * right[j, k, m] + right[j, k + 1, m])
                    bend[1] = max(bend[1], d)
                if 0 < m < degree:
                    d = abs(right[j, k, m - 1] - 2 * right[j, k, m] + right[j, k, m + 1])
                    bend[2] = max(bend[2], d)
    bend[0] *= 3 / 8
    bend[1] *= 3 / 8
    bend[2] *= degree / 8
    scale = 0.375 * q**5 * sm * um / unit
    for axis in range(3):
        if axis == 0:
            low = _q(y[0], s[0], zm, um, tm)
            high = _q(y[1], s[1], zm, um, tm)
        elif axis == 1:
            low = _q(ym, sm, y[2], s[2], tm)
            high = _q(ym, sm, y[3], s[3], tm)
        else:
            low = _q(ym, sm, zm, um, t0)
            high = _q(ym, sm, zm, um, t1)
        bend[axis] += scale * ((low - 1 / (q * q)) ** 2 + (high - 1 / (q * q)) ** 2) / 2
    return np.argmax(bend)


@numba.njit(cache=True)
def _q(y, s, z, u, t):  # type: ignore[no-untyped-def]
    """Q, the square of the distance times (1 - y)^2 (1 - z)^2 / b^2."""
    return (y * u - z * s) ** 2 + 2 * (1 - t) * y * u * z * s
