"""Integrals over the folded cumulant q in [0, 1].

The substitution q = I_t(5, 5) (regularised incomplete beta function, DLMF 8.17.2) flattens
both end points, where an electron goes to infinity or to the nucleus; the trapezoidal rule
in t then converges like the tenth power of the step and its nodes are nested. Where the
best arrangement changes between two nodes the integrand is the lower of two smooth
functions: with their values at both nodes the kink is integrated to the third order. Where an
electron jumps over a gap of the density the integrand jumps, or is steep on both sides; the
interval is broken there and every piece has a substitution of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from comotion.density.radial import Array
from comotion.errors import TransportError

#: The weight is 630 t^4 (1 - t)^4.
_POWER = 4
_NORM = 630.0


@dataclass(frozen=True, eq=False, repr=False)
class FoldedRule:
    """Quadrature over the folded cumulant with n intervals in t on each of its k pieces.

    Attributes:
        q: Nodes in (0, 1), increasing, the breaks among them, shape (k n - 1,).
        complement: 1 - q without the subtraction, shape (k n - 1,).
        weights: Weights of a smooth integrand, shape (k n - 1,), sum 1; 0 at the breaks.
        between: Weights dq of the intervals between neighbouring nodes, shape (k n - 2,).
    """

    q: Array
    complement: Array
    weights: Array
    between: Array

    def __repr__(self) -> str:
        """Number of nodes, in a line."""
        return f"<FoldedRule: {len(self.q)} nodes>"


def folded_rule(intervals: int, breaks: Sequence[float] | Array = ()) -> FoldedRule:
    """The rule with a number of intervals in t; one with twice as many has all its nodes.

    Args:
        intervals: Intervals of each piece.
        breaks: Where the integrand may jump, ascending, in (0, 1).

    Returns:
        The rule.

    Raises:
        TransportError: Fewer than four intervals.
    """
    if intervals < 4:
        raise TransportError(f"at least 4 quadrature intervals are needed, got {intervals}")
    edges = np.concatenate(([0.0], breaks, [1.0]))
    start, left, width = edges[:-1], 1 - edges[1:], np.diff(edges)
    node = np.arange(1, len(width) * intervals)
    piece, t = node // intervals, node % intervals / intervals
    # The interval to the right of a node lies in the node's piece; the last one is none of it.
    middle = t[:-1] + 0.5 / intervals
    return FoldedRule(
        q=start[piece] + width[piece] * betainc(_POWER + 1, _POWER + 1, t),
        complement=left[piece] + width[piece] * betainc(_POWER + 1, _POWER + 1, 1 - t),
        weights=width[piece] * _NORM * (t * (1 - t)) ** _POWER / intervals,
        between=width[piece[:-1]] * _NORM * (middle * (1 - middle)) ** _POWER / intervals,
    )


def integral(rule: FoldedRule, values: Array, forward: Array, backward: Array) -> float:
    """Integral over q of the lower envelope of smooth branches.

    Between two nodes the integrand is taken as the lower of the branches that are best at
    either node. With their differences a at the left node (the right one's branch minus the
    left one's) and b at the right node, both positive, the interval itself gains
    a b / (2 (a + b)) on the trapezoid; the smooth pieces on its two sides lose
    (a + b) / 12, because each now ends with another slope (Euler-Maclaurin formula).

    Args:
        rule: The rule.
        values: Values at the nodes, shape (n - 1,).
        forward: Value of each node's branch at the next node, shape (n - 2,).
        backward: Value of each node's branch at the node before, shape (n - 2,).

    Returns:
        The integral.
    """
    a = np.maximum(backward - values[:-1], 0.0)
    b = np.maximum(forward - values[1:], 0.0)
    kinked = (a > 0) & (b > 0)
    correction = np.zeros_like(a)
    sums = (a + b)[kinked]
    correction[kinked] = (a * b)[kinked] / (2 * sums) - sums / 12
    return float(rule.weights @ values + rule.between @ correction)
