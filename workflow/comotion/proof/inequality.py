"""The pair inequality, proven on its whole domain by subdivision.

Lengths are in units of the certificate's length b, energies in units of 1/b. For two electrons at
radii r and s whose directions have the cosine t, with y = r / (r + 1) and z = s / (s + 1) in
[0, 1],

    1 / |x - x'| >= M(y, z, t) = v(y) + v(z) + sum_l P_l(t) K_l(y, z)

is to hold for all y, z, t. On a pair of cells M is a polynomial of degrees (3, 3, L), and

    1 / |x - x'| = (1 - y) (1 - z) / sqrt(Q),
    Q = y^2 (1 - z)^2 + z^2 (1 - y)^2 - 2 t y z (1 - y) (1 - z).

Q^(-1/2) is convex in Q, so it lies above its tangents: 3 q / 2 - q^3 Q / 2 for every q > 0. What is
to be shown follows from W >= 0 on a box, where

    W = (1 - y) (1 - z) (3 q / 2 - q^3 Q / 2) - M

is again a polynomial, of degrees (3, 3, max(1, L)), which lies above the least of its Bernstein
coefficients. Both losses shrink with the square of the box, so boxes are halved until all of them
pass. y = 0 (r = 0), y = 1 (r = infinity) and r = s, t = 1 are points like all others. For L = 0 the
coefficients are those in y and z at the lower end of t: W rises with t, for (1 - y)^2 (1 - z)^2 y z
has no negative coefficient.

All closed cells are taken in pairs, the first not behind the second; M is symmetric, and so is the
left side. In a pair of a cell with itself boxes that lie on one side of y = z are left out: the
mirror images of their inner points lie in boxes that are not, and both sides are continuous.

Rounding. Numbers are IEEE doubles, rounded to nearest with the unit u = 2^-53; whether a product
and a sum are rounded once or twice, and in which order sums are taken, does not matter to any of
the bounds (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1: n operations on
a sum of products cost at most n u / (1 - n u) of the sum of the absolute values).

- Ends of a box are low + (high - low) k / 2^d with d <= 50: k / 2^d and 1 - k / 2^d are doubles.
  y and 1 - y are made as sums of terms that are not negative, with 3 roundings behind one another,
  so both have a relative error below 4 u.
- The terms of the left side are products and sums of such numbers and of q, none negative. The
  coefficients of 1 - y, (1 - y) y^2 and the like take 3 factors y or 1 - y (12 u) and at most 6
  operations; two of them, their product and sum, q^3 and the factors before it bring that below
  60 u. A cosine has an absolute error below 6 u. Together below 70 u of the sum of the absolute
  values of the terms, and W adds at most 4 roundings of sums of these terms and a coefficient of
  M. 200 u are allowed, which covers the rounding of the allowance too. q is a double, and as good
  as any other number.
- A coefficient of M for a pair of cells: 2 n products and sums for the kernels, L + 1 for the
  Legendre polynomials, whose coefficients are rounded once, and two for v, with 13 to spare, of
  which W needs 4: an error below ``operations`` u of the sum of absolute values, which is itself
  computed; 1 % covers its rounding.
- A half of a box has averages of coefficients, each of one rounding: max(3, L) of them behind one
  another in one halving, each adding at most u times the largest coefficient, and at most
  100 halvings. Errors of what is averaged do not grow.
- No product underflows or overflows unnoticed: `prove_inequality` asks for ends of cells that are
  0 or at least 2^-40 (1 - y is 0 or at least 2^-53 there), so y and 1 - y are 0 or above 2^-110 in
  every box; q is between 1/2 and 2^200. Products behind the coefficients of M may underflow. Each
  loses at most 2^-1022, even on a machine that takes small numbers for zero, and is multiplied by
  no more than a coefficient, 1e60, and one of a Legendre polynomial, 1e18: `_UNDERFLOW` is far
  larger than all of them together. A box passes only if a comparison
  of numbers is true, which no comparison with NaN is.

A box passes if each coefficient of W exceeds the sum of these errors, so a box that passes is
proven. That a violation is decided is for the reader of the message only, and no part of a proof.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import comb

import numpy as np

from comotion.proof.boxes import (
    DEEPEST,
    PROVEN,
    UNIT,
    VIOLATED,
    Array,
    announce_compilation,
    divide,
)

#: More than all that products lose that are too small for a double.
_UNDERFLOW = 1e-200
#: Least distance of an end of a cell from 0, and largest coefficient, for that to be true.
NEAREST_END, LARGEST_COEFFICIENT = 2.0**-40, 1e60


@dataclass(frozen=True)
class Violation:
    """A place at which the inequality fails, or could not be decided.

    Attributes:
        y: y and z of the two radii.
        cosine: Cosine of the angle between the electrons.
        slack: Left side less right side there.
        decided: Whether the inequality is violated there; if not, the boxes around it became
            too small.
    """

    y: tuple[float, float]
    cosine: float
    slack: float
    decided: bool


def prove_inequality(
    cells: Array, potential: Array, functions: Array, kernels: Array
) -> tuple[int, Violation | None]:
    """Prove the inequality for all pairs of cells.

    Args:
        cells: Ends of the cells in y, shape (m, 2), in [0, 1], none nearer to 0 than
            `NEAREST_END` but 0 itself.
        potential: Bernstein coefficients of v on each cell, shape (m, 4), none larger than
            `LARGEST_COEFFICIENT`, as all that follow.
        functions: Those of the functions behind the kernels, shape (n, m, 4).
        kernels: Coefficients A_l of K_l = sum_ij A_l,ij psi_i psi_j, symmetric, shape
            (L + 1, n, n).

    Returns:
        Number of boxes, and a violation if one was found.
    """
    _require_range(cells, potential, functions, kernels)
    announce_compilation()
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
            halvings = DEEPEST * max(3, len(kernels))
            error = 1.01 * UNIT * float(np.max(sizes)) * (operations + halvings) + _UNDERFLOW
            ends = np.concatenate((cells[first], cells[second]))
            number, outcome, where = divide(
                np.ascontiguousarray(right), ends, error, first == second
            )
            boxes += number
            if outcome != PROVEN:
                y, z, cosine, slack = (float(value) for value in where)
                return boxes, Violation((y, z), cosine, slack, outcome == VIOLATED)
    return boxes, None


def _require_range(cells: Array, potential: Array, functions: Array, kernels: Array) -> None:
    """Check what the account of rounding assumes.

    Raises:
        ValueError: It does not hold.
    """
    inside = (cells[:, 0] >= 0) & (cells[:, 0] < cells[:, 1]) & (cells[:, 1] <= 1)
    far = (cells == 0) | (cells >= NEAREST_END)
    small = all(
        np.all(np.abs(values) <= LARGEST_COEFFICIENT) for values in (potential, functions, kernels)
    )
    symmetric = np.array_equal(kernels, np.transpose(kernels, (0, 2, 1)))
    if not (np.all(inside) and np.all(far) and small and symmetric):
        raise ValueError("cells, coefficients or kernels are none that can be proven")


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
