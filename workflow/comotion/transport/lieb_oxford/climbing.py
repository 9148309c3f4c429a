"""The largest ratio of a space of shapes, by climbing from several starts.

A climb is L-BFGS (D. C. Liu, J. Nocedal, Math. Program. 45, 503 (1989)) in the metric of
int rho^(4/3), whose second derivatives dominate those of the ratio; it takes some twenty steps. A
step is limited, which SciPy's L-BFGS-B does not allow (github.com/scipy/scipy/issues/13751): its
first one takes log rho beyond what exp can hold. A new search for arrangements follows, since along
the climb they were only relaxed; both alternate until neither gains.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array
from comotion.progress import Report, silent
from comotion.transport.lieb_oxford.relaxed_ratio import RatioParts, RelaxedRatio
from comotion.transport.lieb_oxford.shape_space import ShapeSpace

#: Steps of a climb at most, pairs that it remembers, and halvings of a step at most.
_STEPS, _MEMORY, _HALVINGS = 200, 30, 12
#: Gradient in the metric at which a climb ends: the ratio then lacks about its square.
_FLAT = 1e-7
#: Share of what the slope promises that a step must gain, and most that log rho may change in it.
_SHARE, _LONGEST = 1e-4, 0.5
#: Part of the metric that is added, so that what has no charge has a length as well.
_RIDGE = 1e-8
#: Gain of a round, of climb and search, below which it is none; and most rounds.
_GAIN, _ROUNDS = 1e-8, 40
#: Spread of the coefficients of a start.
_SPREAD = 0.3


@dataclass(frozen=True, eq=False, repr=False)
class Summit:
    """The best that a climb has found.

    Attributes:
        coefficients: Those of the shape, shape (size,).
        ratio: Its ratio.
        history: Ratio at the start and after each climb and each search, shape (k,).
        slope: Norm of the gradient in the metric.
    """

    coefficients: Array
    ratio: float
    history: Array
    slope: float

    def __repr__(self) -> str:
        """The ratio and the number of rounds, in a line."""
        return f"<Summit: ratio {self.ratio:.8f} after {len(self.history) // 2} rounds>"


def summits(
    space: ShapeSpace,
    upward: NDArray[np.bool_],
    seeds: tuple[int, ...],
    begin: Array | None = None,
    report: Report = silent,
) -> list[Summit]:
    """Climb from several starts.

    Args:
        space: The shapes.
        upward: Whether each shell is run through upwards, shape (N,).
        seeds: Seeds of the starts, and of their searches for arrangements.
        begin: Coefficients at the first start, shape (size,); a density that is about constant if
            not given. Further starts lie around it at random.
        report: Told where the climbs are.

    Returns:
        What was found from each start.
    """
    begin = np.zeros(space.size) if begin is None else begin
    found: list[Summit] = []
    for number, seed in enumerate(seeds):
        report("climbing", f"start {number + 1} of {len(seeds)}", number / len(seeds))
        spread = _SPREAD * (number > 0)
        start = begin + spread * np.random.default_rng(seed).normal(size=space.size)
        # Far apart, since each search takes the next seed.
        found.append(_rounds(RelaxedRatio(space, upward, 1000 * seed), start))
    return found


def _rounds(ratio_of: RelaxedRatio, coefficients: Array) -> Summit:
    """Climbs and searches in turns until a round gains nothing."""
    parts = ratio_of.search(coefficients)
    history, slope = [parts.ratio], np.inf
    for _ in range(_ROUNDS):
        before = parts.ratio
        coefficients, parts, slope = climb(ratio_of, coefficients, parts)
        history.append(parts.ratio)
        parts = ratio_of.search(coefficients)
        history.append(parts.ratio)
        if parts.ratio - before < _GAIN:
            break
    return Summit(coefficients, parts.ratio, np.array(history), slope)


def climb(
    ratio_of: RelaxedRatio, coefficients: Array, parts: RatioParts
) -> tuple[Array, RatioParts, float]:
    """Raise the ratio until it is flat, or no step gains.

    Args:
        ratio_of: The ratio; it keeps the arrangement of the last step.
        coefficients: Where to begin, shape (size,).
        parts: The ratio there.

    Returns:
        The coefficients, the ratio there, and the norm of its gradient in the metric.
    """
    to_shape = _whitening(ratio_of.space, coefficients)
    gradient = to_shape.T @ parts.gradient
    pairs: list[tuple[Array, Array]] = []
    for _ in range(_STEPS):
        if np.linalg.norm(gradient) < _FLAT:
            break
        # Of int rho^(4/3) alone the second derivative in the metric is -ratio / 9.
        direction = _two_loops(gradient, pairs, 9 / parts.ratio)
        if direction @ gradient <= 0:
            pairs, direction = [], gradient * 9 / parts.ratio
        step = min(1.0, _LONGEST / float(np.max(np.abs(to_shape @ direction))))
        for _ in range(_HALVINGS):
            trial = coefficients + step * (to_shape @ direction)
            new = ratio_of(trial)
            if new.ratio >= parts.ratio + _SHARE * step * float(direction @ gradient):
                break
            step /= 2
        else:
            break
        risen = to_shape.T @ new.gradient
        if (gradient - risen) @ direction > 0:
            pairs = [*pairs, (step * direction, gradient - risen)][-_MEMORY:]
        coefficients, parts, gradient = trial, new, risen
        ratio_of.positions = new.positions
    return coefficients, parts, float(np.linalg.norm(gradient))


def _whitening(space: ShapeSpace, coefficients: Array) -> Array:
    """Matrix that takes coordinates in which the metric is 1 to coefficients, (size, size)."""
    metric = space.metric(space.nodes.profile(coefficients))
    # The splines of a shell add up to 1, so the sum of all elements is int rho^(4/3).
    metric /= np.sum(metric)
    metric[np.diag_indices_from(metric)] += _RIDGE * np.trace(metric)
    return np.asarray(np.linalg.inv(np.linalg.cholesky(metric)).T)


def _two_loops(gradient: Array, pairs: list[tuple[Array, Array]], inverse: float) -> Array:
    """The direction of L-BFGS uphill.

    Args:
        gradient: The gradient, shape (size,).
        pairs: Steps and by how much the gradient fell along them, the last one last.
        inverse: Inverse curvature where nothing is known yet.

    Returns:
        The direction, shape (size,).
    """
    direction, shares = gradient.copy(), list[float]()
    for step, fall in reversed(pairs):
        share = float((step @ direction) / (step @ fall))
        direction -= share * fall
        shares.append(share)
    if pairs:
        step, fall = pairs[-1]
        inverse = float((step @ fall) / (fall @ fall))
    direction *= inverse
    for (step, fall), share in zip(pairs, reversed(shares), strict=True):
        direction += (share - (fall @ direction) / (step @ fall)) * step
    return np.asarray(direction)
