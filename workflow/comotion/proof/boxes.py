"""Boxes of two radii and a cosine, halved until the pair inequality holds on each of them.

These are the compiled functions of `comotion.proof.inequality`, which says what is computed here
and why its rounding does no harm.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Unit of rounding of a double.
UNIT = 2.0**-53
#: Most halvings of a box, and of one of its axes.
DEEPEST, _MOST_OF_AXIS = 100, 50
#: Roundings behind the left side and behind W, rounded up.
_OPERATIONS = 200
#: Least Q whose tangent is taken: any is valid.
_NEAREST = 2.0**-400
#: What became of a box.
PROVEN, VIOLATED, _UNDECIDED = 0, 1, 2

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _compiled(function: _Function) -> _Function:
    """Compile a function and keep the machine code on disk, by this file's content.

    All compiled functions of the proof are in this file: none is older than another.
    """
    compile_it: Any = numba.njit(cache=True, error_model="numpy")
    return cast("_Function", compile_it(function))


def compile_boxes() -> None:
    """Compile the functions of this file, or load them if that was done before."""
    divide(np.zeros((4, 4, 2)), np.array([0.0, 1.0, 0.0, 1.0]), 0.0, True)


def announce_compilation() -> None:
    """Tell the user if the functions of this file are not compiled yet."""
    dispatcher: Any = divide
    # Without a compiler, as numba can be told, this is a plain function.
    if getattr(dispatcher, "signatures", True):
        return
    kept = Path(dispatcher._cache.cache_path).glob(f"{Path(__file__).stem}.divide-*.nbi")
    if not any(kept):
        logging.getLogger("comotion").warning(
            "comotion compiles its verifier: ten seconds, once after an installation or update "
            "on each kind of processor"
        )


@_compiled
def divide(right: Array, ends: Array, error: float, symmetric: bool) -> tuple[int, int, Array]:
    """Halve boxes of one pair of cells until all of them pass.

    Args:
        right: Bernstein coefficients of M, shape (4, 4, L + 1).
        ends: Ends of the first and of the second cell, shape (4,).
        error: Bound of the rounding of every coefficient of M in every box.
        symmetric: Whether the cells are one, so that boxes with y <= z can be left out.

    Returns:
        Number of boxes, outcome, and y, z, t, slack of the box that did not pass.
    """
    degree = right.shape[2] - 1
    stack = np.empty((DEEPEST + 2, 4, 4, degree + 1))
    # Ends of the boxes within the cells: multiples of 2^-50, which doubles hold exactly.
    box = np.empty((DEEPEST + 2, 6))
    depth = np.zeros(DEEPEST + 2, dtype=np.int64)
    where = np.zeros(4)
    stack[0] = right
    box[0] = (0.0, 1.0, 0.0, 1.0, 0.0, 1.0)
    top, boxes = 0, 0
    while top >= 0:
        if symmetric and box[top, 1] <= box[top, 2]:
            top -= 1
            continue
        boxes += 1
        outcome, axis = _judge(stack[top], box[top], ends, error, where)
        if outcome == PROVEN:
            top -= 1
            continue
        width = box[top, 2 * axis + 1] - box[top, 2 * axis]
        if outcome == VIOLATED or depth[top] == DEEPEST or width <= 2.0**-_MOST_OF_AXIS:
            return boxes, outcome, where
        _halve(stack[top], stack[top + 1], axis)
        middle = 0.5 * (box[top, 2 * axis] + box[top, 2 * axis + 1])
        box[top + 1] = box[top]
        box[top, 2 * axis + 1] = middle
        box[top + 1, 2 * axis] = middle
        depth[top] += 1
        depth[top + 1] = depth[top]
        top += 1
    return boxes, PROVEN, where


@_compiled
def _halve(low: Array, high: Array, axis: int) -> None:
    """De Casteljau at the middle: ``low`` becomes the lower half, ``high`` the upper."""
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


@_compiled
def _cubics(y0: float, y1: float, s0: float, s1: float, out: Array) -> None:
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


@_compiled
def _judge(right: Array, box: Array, ends: Array, error: float, where: Array) -> tuple[int, int]:
    """Whether W > 0 on a box; if not, whether it is violated, and the axis to halve.

    Args:
        right: Bernstein coefficients of M on the box.
        box: Ends of the box within the cells, in y, z and (t + 1) / 2.
        ends: Ends of the cells.
        error: Bound of the rounding of the coefficients.
        where: Overwritten by y, z, t and slack of the middle if W > 0 is not proven.

    Returns:
        What became of the box, and the axis.
    """
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
    q = 1 / np.sqrt(max(farthest if farthest > 2 * middle else middle, _NEAREST))
    if _passes(right, first, second, t0, t1, q, error):
        return PROVEN, 0
    value = _middle(right)
    slack = sm * um / np.sqrt(max(middle, _NEAREST)) - value
    where[0], where[1], where[2], where[3] = ym, zm, tm, slack
    if slack < -error - _OPERATIONS * UNIT * abs(slack + value):
        return VIOLATED, 0
    if _corner_violates(right, y, s, t0, t1, error, where):
        return VIOLATED, 0
    return _UNDECIDED, _axis(right, y, s, t0, t1, q)


@_compiled
def _passes(
    right: Array, first: Array, second: Array, t0: float, t1: float, q: float, error: float
) -> bool:
    """Whether every coefficient of W exceeds its error; false if one is no number."""
    degree = right.shape[2] - 1
    linear, cubic = 1.5 * q, 0.5 * q * q * q
    for j in range(4):
        for k in range(4):
            positive = linear * first[0, j] * second[0, k]
            even = cubic * (first[1, j] * second[2, k] + first[2, j] * second[1, k])
            odd = 2 * cubic * first[3, j] * second[3, k]
            bound = error + _OPERATIONS * UNIT * (positive + even + odd)
            for m in range(degree + 1):
                t = t0 + (t1 - t0) * m / degree if degree > 0 else t0
                if not positive - even + t * odd - right[j, k, m] > bound:
                    return False
    return True


@_compiled
def _corner_violates(
    right: Array, y: Array, s: Array, t0: float, t1: float, error: float, where: Array
) -> bool:
    """Whether a corner of a box violates: where the sides cross, corners show it first."""
    last = right.shape[2] - 1
    for j in range(2):
        for k in range(2):
            for m in range(2):
                t = t1 if m == 1 else t0
                square = _q(y[j], s[j], y[2 + k], s[2 + k], t)
                value = right[3 * j, 3 * k, m * last]
                slack = s[j] * s[2 + k] / np.sqrt(max(square, _NEAREST)) - value
                if slack < -error - _OPERATIONS * UNIT * abs(slack + value):
                    where[0], where[1], where[2], where[3] = y[j], y[2 + k], t, slack
                    return True
    return False


@_compiled
def _middle(right: Array) -> float:
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
    return float(line[0])


@_compiled
def _axis(right: Array, y: Array, s: Array, t0: float, t1: float, q: float) -> int:
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
    ym, sm = 0.5 * (y[0] + y[1]), 0.5 * (s[0] + s[1])
    zm, um = 0.5 * (y[2] + y[3]), 0.5 * (s[2] + s[3])
    tm = 0.5 * (t0 + t1)
    scale = 0.375 * q**5 * sm * um
    middle = _q(ym, sm, zm, um, tm)
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
        bend[axis] += scale * ((low - middle) ** 2 + (high - middle) ** 2) / 2
    return int(np.argmax(bend))


@_compiled
def _q(y: float, s: float, z: float, u: float, t: float) -> float:
    """Q, the square of the distance times (1 - y)^2 (1 - z)^2."""
    return (y * u - z * s) ** 2 + 2 * (1 - t) * y * u * z * s
