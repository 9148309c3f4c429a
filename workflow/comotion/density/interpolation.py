"""rho between the rows of a table.

Each interval between neighbouring rows has a polynomial of its own through the six rows
nearest to it, in one of five pairs of variables. Log rho of log r suits powers and tails on
graded rows, log rho of r exponentials; a power of rho as a polynomial in r suits edges where the
density vanishes with the first power of the distance, like a wave function squared with the
second, or like the Thomas-Fermi profile of a harmonic trap with the power 3/2. Which pair, and
whether six rows serve better than four or two, the rows decide: whatever changes the charge of
the interval least when the outer rows of the polynomial are left out. For a smooth density that
change is larger than the error.

The pieces meet in the rows, so rho is continuous. No polynomial reaches across a jump, a gap or
a row that it cannot hold. None is taken that becomes negative in its interval, or leaves the
range of its two rows by a factor of two, as polynomials through rough rows do.
"""

from dataclasses import dataclass, replace
from functools import cache
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array

#: Whether a polynomial is one in log r, and the power of rho that it is, 0 for log rho.
_ROOT = 2 / 3
_PAIRS = ((True, 0.0), (False, 0.0), (False, _ROOT), (False, 0.5), (False, 1.0))
#: Rows of the largest polynomial.
_MOST = 6
#: Rows of each polynomial that is tried, and of the one that it is compared with.
_COMPARED = ((2, 1), (4, 2), (6, 4))
#: Gauss-Legendre nodes of each interval.
_NODES = 10
#: Factor by which rho may leave the range of the two rows of an interval.
_OVERSHOOT = 2.0
#: Rounding of a Bernstein coefficient, in units of the largest.
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False, repr=False)
class Interpolation:
    """The polynomials of all intervals.

    Attributes:
        r: Radii of the rows, shape (n,), bohr.
        pairs: Pair of variables of each interval, an index of `_PAIRS`, shape (n-1,).
        nodes: Rows of each polynomial in its variable, which runs from 0 to 1 in the
            interval, shape (6, n-1).
        coefficients: Divided differences of each polynomial at them, for Newton's formula
            (DLMF 3.3(iv)), shape (6, n-1).
        changes: Charge that changes in each interval when the outer rows of its polynomial
            are left out, shape (n-1,), electrons.
    """

    r: Array
    pairs: NDArray[np.intp]
    nodes: Array
    coefficients: Array
    changes: Array

    def density(self, interval: NDArray[np.intp], r: Array) -> Array:
        """Number density.

        Args:
            interval: Interval of each radius, any shape.
            r: Radii in these intervals, same shape, bohr.

        Returns:
            rho(r), same shape, bohr^-3.
        """
        log_r, power = np.transpose(_PAIRS)[:, self.pairs[interval]]
        low, high = self.r[interval], self.r[interval + 1]
        width = np.where(high > low, high - low, 1.0)
        # At the nucleus no logarithm of the radius is used.
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.where(log_r > 0, np.log(r / low) / np.log(high / low), (r - low) / width)
        value = np.zeros(np.shape(r))
        for node, coefficient in zip(self.nodes[::-1], self.coefficients[::-1], strict=True):
            value = value * (t - node[interval]) + coefficient[interval]
        of_log = power == 0
        # Where it touches zero, rounding may leave a polynomial a trifle below.
        root = np.maximum(value, 0.0) ** (1 / np.where(of_log, 1.0, power))
        return np.where(of_log, np.exp(np.where(of_log, value, 0.0)), root)

    def rule(
        self, interval: NDArray[np.intp], low: Array, high: Array, refinement: int = 1
    ) -> tuple[Array, Array]:
        """Gauss-Legendre rule for integrals against the density over a part of an interval.

        Args:
            interval: Interval of each part, any shape.
            low: Inner end of each part, same shape, bohr.
            high: Outer end of each part, same shape, bohr.
            refinement: Multiplies the number of nodes.

        Returns:
            Nodes, bohr, and the charges that they stand for, electrons, both of that shape
            and one axis more.
        """
        x, w = _legendre(_NODES * refinement)
        # A power 3/2 of the distance from an edge becomes smooth in the variable 3 x^2 - 2 x^3.
        edge = (np.transpose(_PAIRS)[1, self.pairs[interval]] == _ROOT)[..., None]
        width = (high - low)[..., None]
        r = low[..., None] + width * np.where(edge, x**2 * (3 - 2 * x), x)
        volume = 4 * np.pi * r**2 * width * np.where(edge, 6 * x * (1 - x) * w, w)
        return r, volume * self.density(np.broadcast_to(interval[..., None], r.shape), r)

    def charge(self, interval: NDArray[np.intp], low: Array, high: Array) -> Array:
        """Charge between two radii of an interval.

        Args:
            interval: Interval of each pair of radii, any shape.
            low: The smaller radii, same shape, bohr.
            high: The larger radii, same shape, bohr.

        Returns:
            4 pi int r^2 rho dr between them, same shape, electrons.
        """
        return np.asarray(np.sum(self.rule(interval, low, high)[1], axis=-1))

    def pieces(self) -> list[dict[str, Any]]:
        """The polynomials as `comotion.proof.given_density` reads them.

        Returns:
            For each interval with density its radii, its variable, the power of the polynomial
            that rho is, and Newton's formula. Every number is the one that `density` uses, so
            both differ by the rounding of `density` alone.
        """
        pieces = []
        for i in range(len(self.pairs)):
            of_log, power = _PAIRS[self.pairs[i]]
            held = np.flatnonzero(self.coefficients[:, i])
            if not self.r[i] < self.r[i + 1] or (power > 0 and held.size == 0):
                continue
            number = int(held[-1]) + 1 if held.size else 1
            pieces.append(
                {
                    "from": float(self.r[i]),
                    "to": float(self.r[i + 1]),
                    "variable": "log r" if of_log else "r",
                    "power": round(1 / power, 9) if power > 0 else 0.0,
                    "nodes": self.nodes[: number - 1, i].tolist(),
                    "coefficients": self.coefficients[:number, i].tolist(),
                }
            )
        return pieces


def interpolated(r: Array, rho: Array) -> Interpolation:
    """The polynomials through some rows.

    Args:
        r: Radii, increasing, shape (n,), bohr. A radius that stands twice is a jump.
        rho: Density, not negative, shape (n,), bohr^-3. Between neighbouring rows without
            density there is a gap.

    Returns:
        The polynomials.
    """
    intervals = len(r) - 1
    none = np.zeros((_MOST, intervals))
    # Jumps and gaps keep this polynomial, 0.
    best = Interpolation(r, np.full(intervals, len(_PAIRS) - 1), none, none, np.zeros(intervals))
    least = np.full(intervals, np.inf)
    # What cannot be used overflows or is not a number, and is not taken.
    with np.errstate(all="ignore"):
        for pair in range(len(_PAIRS)):
            whole, number = _polynomials(r, rho, pair)
            for most, fewer in _COMPARED:
                tried = _first(most, whole)
                change = _change(tried, _first(fewer, whole))
                allowed = (number >= most) & _nonnegative(tried) & _within_range(tried, rho)
                better = allowed & (change < least)
                least = np.where(better, change, least)
                best = Interpolation(
                    r,
                    np.where(better, tried.pairs, best.pairs),
                    np.where(better, tried.nodes, best.nodes),
                    np.where(better, tried.coefficients, best.coefficients),
                    np.where(better, change, best.changes),
                )
    return best


def _polynomials(r: Array, rho: Array, pair: int) -> tuple[Interpolation, NDArray[np.intp]]:
    """The polynomials of six rows in one pair of variables, and how many of the six there are."""
    log_r, power = _PAIRS[pair]
    x, y = np.log(r) if log_r else r, rho**power if power else np.log(rho)
    usable = np.isfinite(x) & np.isfinite(y)
    charged = (rho[:-1] > 0) | (rho[1:] > 0)
    joined = usable[:-1] & usable[1:] & charged & (np.diff(r) > 0)
    rows, number = _nearest_rows(joined)
    nodes = (x[rows] - x[:-1]) / np.diff(x)
    coefficients = y[rows]
    for order in range(1, _MOST):
        rise = coefficients[order:] - coefficients[order - 1 : -1]
        coefficients[order:] = rise / (nodes[order:] - nodes[:-order])
    pairs = np.full(len(number), pair)
    return Interpolation(r, pairs, nodes, coefficients, np.zeros(len(number))), number


def _nearest_rows(joined: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows nearest to each interval, its own two first, and how many of them can be joined.

    Args:
        joined: Whether a polynomial may cross each interval, shape (n-1,).

    Returns:
        Rows, shape (6, n-1), and their number, shape (n-1,); those beyond it are any rows.
    """
    interval = np.arange(len(joined))
    first = np.maximum.accumulate(np.where(joined, 0, interval + 1))
    last = np.minimum.accumulate(np.where(joined, len(joined), interval)[::-1])[::-1]
    start = np.clip(interval - _MOST // 2 + 1, first, np.maximum(last - _MOST + 1, first))
    rows = start + np.arange(_MOST)[:, None]
    distance = np.where(rows <= last, np.abs(rows - interval - 0.5), np.inf)
    rows = np.take_along_axis(rows, np.argsort(distance, axis=0, kind="stable"), axis=0)
    return np.minimum(rows, len(joined)), np.minimum(last - first + 1, _MOST)


def _first(number: int, whole: Interpolation) -> Interpolation:
    """The polynomials of the nearest rows only."""
    kept = np.arange(_MOST)[:, None] < number
    return replace(
        whole,
        nodes=np.where(kept, whole.nodes, 0.0),
        coefficients=np.where(kept, whole.coefficients, 0.0),
    )


def _change(tried: Interpolation, compared: Interpolation) -> Array:
    """Charge of the difference of two densities in each interval, shape (n-1,), electrons."""
    interval, r, volumes = _nodes(tried)
    difference = np.abs(tried.density(interval, r) - compared.density(interval, r))
    return np.asarray(np.sum(volumes * difference, axis=1))


def _within_range(tried: Interpolation, rho: Array) -> NDArray[np.bool_]:
    """Whether each density stays near the range of its two rows, shape (n-1,)."""
    interval, r, _ = _nodes(tried)
    values = tried.density(interval, r)
    low, high = np.sort((rho[:-1], rho[1:]), axis=0)
    above = np.min(values, axis=1) >= low / _OVERSHOOT
    return np.asarray(above & (np.max(values, axis=1) <= high * _OVERSHOOT))


def _nodes(pieces: Interpolation) -> tuple[NDArray[np.intp], Array, Array]:
    """Interval, radius and volume of the nodes of all intervals, shapes (n-1, m)."""
    x, w = _legendre(_NODES)
    width = np.diff(pieces.r)[:, None]
    r = pieces.r[:-1, None] + width * x
    interval = np.broadcast_to(np.arange(len(width))[:, None], r.shape)
    return interval, r, 4 * np.pi * r**2 * width * w


@cache
def _legendre(nodes: int) -> tuple[Array, Array]:
    """Gauss-Legendre nodes and weights on [0, 1], shapes (n,)."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    return (x + 1) / 2, w / 2


def _nonnegative(tried: Interpolation) -> NDArray[np.bool_]:
    """Whether each density is nowhere negative in its interval, shape (n-1,).

    A polynomial is not where its Bernstein coefficients are not, since it is their sum with
    weights that are not negative in [0, 1].
    """
    degree = _MOST - 1
    points = np.arange(_MOST) / degree
    basis = [
        [comb(degree, i) * t**i * (1 - t) ** (degree - i) for i in range(_MOST)] for t in points
    ]
    value = np.zeros((_MOST, tried.nodes.shape[1]))
    for node, coefficient in zip(tried.nodes[::-1], tried.coefficients[::-1], strict=True):
        value = value * (points[:, None] - node) + coefficient
    bernstein = np.linalg.solve(basis, value)
    above = np.all(bernstein >= -_ROUNDING * np.max(bernstein, axis=0), axis=0)
    return np.asarray(above | (np.transpose(_PAIRS)[1, tried.pairs] == 0))
