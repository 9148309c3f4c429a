"""Slater integrals, and how they add up over the m of subshells.

``R_k(ia, jb) = int int u_i u_a(r) r_<^k / r_>^(k+1) u_j u_b(s) dr ds`` with ``u = r R``. In
x = log r the kernel is a convolution, ``exp(-(k + 1/2) |x - y|)`` between products times the square
root of the radius, whose Fourier transform is ``2 (k + 1/2) / ((k + 1/2)^2 + w^2)``: the integral
is a scalar product of Fourier transforms. On an equidistant grid in x it is as exact as the
products are smooth; the kink of the kernel costs nothing.
"""

from dataclasses import dataclass
from functools import cache
from math import factorial, prod, sqrt

import numpy as np

from comotion.density.radial import Array
from comotion.kohn_sham.channels import RadialGrid

#: Period in x, in units of the grid's length: of the kernel's periodic image e^-28 is left.
_PERIOD = 3
#: Largest frequency kept. Products of orbitals are smooth over 0.1 of log r and have none beyond.
_HIGHEST = 80.0


@dataclass(frozen=True, eq=False, repr=False)
class Products:
    """Products of radial orbitals, of which all Slater integrals are scalar products.

    Attributes:
        transforms: Fourier transforms, shape (m, w), real parts before imaginary ones.
        frequencies: Their frequencies, shape (w,).
        share: Weight of each in an integral over frequencies, shape (w,).
    """

    transforms: Array
    frequencies: Array
    share: Array

    def __repr__(self) -> str:
        """How many products and frequencies, in a line."""
        return f"<Products: {len(self.transforms)}, {len(self.frequencies)} frequencies>"

    def of_order(self, k: int) -> Array:
        """Vectors whose scalar products are the integrals R_k, shape (m, w), hartree^1/2."""
        kappa = k + 0.5
        kernel = 2 * kappa / (kappa**2 + self.frequencies**2)
        return np.asarray(self.transforms * np.sqrt(kernel * self.share))


def products(first: Array, others: Array, grid: RadialGrid) -> Products:
    """Products of a radial orbital and others.

    Args:
        first: u = r R of one orbital, shape (n,), bohr^-1/2.
        others: Those of others, shape (m, n), bohr^-1/2.
        grid: Radii, equidistant in log r.
    """
    step = float(np.log(grid.radii[1] / grid.radii[0]))
    period = _PERIOD * len(grid.radii)
    whole = np.fft.rfft(first * others * np.sqrt(grid.radii), period, axis=-1)
    frequencies = 2 * np.pi * np.fft.rfftfreq(period, step)
    kept = frequencies <= _HIGHEST
    # Each frequency stands for its negative, too; zero for itself alone.
    share = np.where(frequencies[kept] > 0, 2.0, 1.0) * step / period
    parts = np.concatenate((whole[:, kept].real, whole[:, kept].imag), axis=1)
    return Products(parts, np.tile(frequencies[kept], 2), np.tile(share, 2))


def orders(first: int, second: int) -> range:
    """The k of integrals between orbitals of two angular momenta."""
    return range(abs(first - second), first + second + 1, 2)


@cache
def three_j(first: int, k: int, second: int) -> float:
    """The 3j symbol (l k l'; 0 0 0)."""
    total = first + k + second
    if total % 2 or not abs(first - second) <= k <= first + second:
        return 0.0
    half = total // 2
    inner = (
        factorial(total - 2 * first) * factorial(total - 2 * k) * factorial(total - 2 * second)
    ) / factorial(total + 1)
    outer = factorial(half) / (
        factorial(half - first) * factorial(half - k) * factorial(half - second)
    )
    return float((-1) ** half * sqrt(inner) * outer)


@cache
def six_j(a: int, b: int, c: int, d: int, e: int, f: int) -> float:
    """The 6j symbol {a b c; d e f} of integers, by Racah's formula."""
    triples = ((a, b, c), (a, e, f), (d, b, f), (d, e, c))
    if any(not abs(x - y) <= z <= x + y for x, y, z in triples):
        return 0.0
    size = 1.0
    for x, y, z in triples:
        size *= factorial(x + y - z) * factorial(x - y + z) * factorial(-x + y + z)
        size /= factorial(x + y + z + 1)
    lowest = max(x + y + z for x, y, z in triples)
    pairs = (a + b + d + e, b + c + e + f, a + c + d + f)
    total = 0.0
    for t in range(lowest, min(pairs) + 1):
        below = prod(factorial(t - x - y - z) for x, y, z in triples)
        below *= prod(factorial(pair - t) for pair in pairs)
        total += (-1) ** t * (factorial(t + 1) / below)
    return sqrt(size) * total


def direct(i: int, a: int, j: int, b: int, k: int) -> float:
    """Sum of (ia|jb)^2 over all m, in units of R_k(ia, jb)^2; integrals of other k do not mix."""
    return (
        (2 * i + 1) * (2 * a + 1) * (2 * j + 1) * (2 * b + 1)
        * (three_j(i, k, a) * three_j(j, k, b)) ** 2 / (2 * k + 1)
    )  # fmt: skip


def exchange(i: int, a: int, j: int, b: int, k: int, other: int) -> float:
    """Sum of (ia|jb) (ja|ib) over all m, in units of R_k(ia, jb) R_k'(ja, ib)."""
    degeneracy = (2 * i + 1) * (2 * a + 1) * (2 * j + 1) * (2 * b + 1)
    angles = three_j(i, k, a) * three_j(j, k, b) * three_j(j, other, a) * three_j(i, other, b)
    sign = -1 if (k + other) % 2 else 1
    return sign * degeneracy * angles * six_j(i, a, k, j, b, other)
