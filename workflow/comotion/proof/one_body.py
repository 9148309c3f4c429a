"""The potential U(y) and the number C of a pair bound, in balls that contain them.

With K_l = sum_ij A_l,ij psi_i psi_j, all A_l positive semidefinite and the inequality
1 / |x - x'| >= v(y) + v(z) + sum_l P_l(t) K_l(y, z), every configuration of N electrons has

    sum_{i<j} 1 / |x_i - x_j| >= (N - 1) sum_i v(y_i) + 1/2 sum_ij sum_l P_l(t_ij) K_l(y_i, y_j)
                                 - 1/2 sum_i sum_l K_l(y_i, y_i),

because P_l(1) = 1. In the double sum the terms l >= 1 are not negative: P_l(t_ij) is a multiple of
sum_m Y_lm(i) Y_lm(j)*, so each is a sum over m of quadratic forms of A_l. The term l = 0 is
s' A_0 s / 2 with s = sum_i psi(y_i), and s' A_0 s >= 2 m' A_0 s - m' A_0 m for any m, since
(s - m)' A_0 (s - m) >= 0. So

    sum_{i<j} 1 / |x_i - x_j| >= sum_i U(y_i) - C,
    U = (N - 1) v - 1/2 sum_l sum_ij A_l,ij psi_i psi_j + sum_i (A_0 m)_i psi_i,  C = m' A_0 m / 2,

and the expectation over any plan of density rho is at least int rho U - C. On a cell U is a
polynomial of degree 6. At an end that two cells share it may have two values: a set of no charge.
"""

from dataclasses import dataclass
from math import comb
from typing import TypeVar

from flint import acb, arb

from comotion.proof.boxes import Array

_Number = TypeVar("_Number", arb, acb)

#: Degree of U on a cell.
DEGREE = 6


@dataclass(frozen=True)
class CellPotential:
    """U on one cell.

    Attributes:
        low: Lower end in y.
        high: Upper end in y.
        bernstein: Bernstein coefficients, 7 of them.
        powers: Coefficients of the powers of tau = (y - low) / (high - low).
    """

    low: arb
    high: arb
    bernstein: tuple[arb, ...]
    powers: tuple[arb, ...]

    def at(self, tau: _Number) -> _Number:
        """U at a tau, real or complex."""
        value = tau * 0 + self.powers[DEGREE]
        for coefficient in self.powers[DEGREE - 1 :: -1]:
            value = value * tau + coefficient
        return value


def one_body(
    n_electrons: int, cells: Array, potential: Array, functions: Array, kernels: Array, mean: Array
) -> tuple[list[CellPotential], arb]:
    """U on each cell, and C.

    Args:
        n_electrons: Number of electrons N.
        cells: Ends of the cells in y, shape (m, 2).
        potential: Bernstein coefficients of v on each cell, shape (m, 4).
        functions: Those of each psi_i, shape (n, m, 4).
        kernels: The matrices A_l, shape (L + 1, n, n).
        mean: The vector m, shape (n,).

    Returns:
        U on each cell and C, enclosed with the precision that is set.
    """
    numbers = range(len(functions))
    whole = [[sum((arb(float(a[i, j])) for a in kernels), arb(0)) for j in numbers]
             for i in numbers]  # fmt: skip
    means = [arb(float(value)) for value in mean]
    forces = [sum((arb(float(kernels[0, i, j])) * means[j] for j in numbers), arb(0))
              for i in numbers]  # fmt: skip
    constant = sum((means[i] * forces[i] for i in numbers), arb(0)) / 2
    found = []
    for cell, (low, high) in enumerate(cells):
        cubic = [arb(float(value)) * (n_electrons - 1) for value in potential[cell]]
        active = [i for i in numbers if functions[i, cell].any()]
        cubics = {i: [arb(float(value)) for value in functions[i, cell]] for i in active}
        for i in active:
            cubic = [c + forces[i] * value for c, value in zip(cubic, cubics[i], strict=True)]
        bernstein = _product(cubic, [arb(1)] * 4)
        for i in active:
            # The sum over j first: one product for each i.
            partner = [sum((whole[i][j] * cubics[j][k] for j in active), arb(0)) for k in range(4)]
            square = _product(cubics[i], partner)
            bernstein = [u - value / 2 for u, value in zip(bernstein, square, strict=True)]
        ends = arb(float(low)), arb(float(high))
        found.append(CellPotential(*ends, tuple(bernstein), _powers(bernstein)))
    return found, constant


def _product(first: list[arb], second: list[arb]) -> list[arb]:
    """Bernstein coefficients of the product of two cubics."""
    product = []
    for k in range(DEGREE + 1):
        total = arb(0)
        for i in range(max(0, k - 3), min(3, k) + 1):
            total += comb(3, i) * comb(3, k - i) * first[i] * second[k - i]
        product.append(total / comb(DEGREE, k))
    return product


def _powers(bernstein: list[arb]) -> tuple[arb, ...]:
    """Coefficients of the powers of tau."""
    return tuple(
        comb(DEGREE, k)
        * sum(((-1) ** (k - i) * comb(k, i) * bernstein[i] for i in range(k + 1)), arb(0))
        for k in range(DEGREE + 1)
    )
