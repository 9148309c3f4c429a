"""Any pair cost l(d) in compiled code: a table of polynomials in t = d^2.

Every octave of t, from `LOWEST` to `HIGHEST`, is cut into 64 cells of equal width; a polynomial of
degree five in each interpolates l at Chebyshev's points (of 1/d to 2e-15, and its slope to 1e-12
in relative terms). The cell of a distance is read from the first bits of t: exponent and six bits
of the fraction. So a cost costs one look-up whatever it is, no compiled code depends on it, and
the gradient is that of the same polynomial. A row of the table is the middle of its cell and six
coefficients. Below `LOWEST` l counts as constant, from `HIGHEST` on as 0 (where the points
are that only fill up a group).
"""

from functools import lru_cache

import numpy as np

from comotion.density.radial import Array
from comotion.transport.angular.compilation import compiled
from comotion.transport.angular.simd import LEADING_BITS, LINE, Vector4, fill, limit, rows
from comotion.transport.pair_cost import PairCost

#: Squares of the shortest and longest distance in the table, bohr^2.
_OCTAVES = 80
LOWEST, HIGHEST = 2.0**-_OCTAVES, 2.0**_OCTAVES
#: Cells in an octave, and the leading bits of `LOWEST`.
_CELLS = 1 << (52 - LEADING_BITS)
_FIRST = (1023 - _OCTAVES) * _CELLS
_DEGREE = 5


@lru_cache(maxsize=8)
def cost_table(pair_cost: PairCost) -> Array:
    """Rows of the table of a cost.

    Args:
        pair_cost: The cost.

    Returns:
        Middle of the cell, coefficients of 1, t - middle, ..., and an unused number, one row after
        another, flat; the last row is 0.
    """
    cell = np.arange(2 * _OCTAVES * _CELLS)
    octave = cell // _CELLS - _OCTAVES
    half = np.ldexp(0.5 / _CELLS, octave)
    middle = np.ldexp(1 + cell % _CELLS / _CELLS, octave) + half
    nodes = np.cos(np.pi * (np.arange(_DEGREE + 1) + 0.5) / (_DEGREE + 1))
    # Costs may be too large for a number at distances that no electrons have.
    with np.errstate(all="ignore"):
        values = pair_cost.value(np.sqrt(middle[:, None] + half[:, None] * nodes))
        scaled = np.linalg.solve(np.vander(nodes, increasing=True), values.T).T
        table = np.zeros((len(cell) + 1, LINE))
        table[:-1, 0] = middle
        table[:-1, 1 : _DEGREE + 2] = scaled / half[:, None] ** np.arange(_DEGREE + 1)
    return table.ravel()


@compiled()
def look_up(w: Array, table: int, t: Vector4) -> tuple[Vector4, Vector4]:
    """Cost l and push -l'(d) / d at four distances.

    Args:
        w: Memory that holds a table.
        table: Where it begins there.
        t: Squares of the distances, bohr^2.

    Returns:
        l(d), hartree, and -l'(d) / d, hartree per bohr^2.
    """
    t = limit(t, LOWEST, HIGHEST)
    middle, c0, c1, c2, c3, c4, c5 = rows(w, table - LINE * _FIRST, t)
    u = t - middle
    # Horner's rule for the polynomial and its derivative at once.
    value = c4 + u * c5
    slope = value + u * c5
    value = c3 + u * value
    slope = value + u * slope
    value = c2 + u * value
    slope = value + u * slope
    value = c1 + u * value
    slope = value + u * slope
    return c0 + u * value, fill(-2.0) * slope


@compiled("contract")
def look_up_one(w: Array, table: int, t: float) -> tuple[float, float]:
    """The same for one distance."""
    t = min(HIGHEST, max(LOWEST, t))
    row = table + LINE * ((np.float64(t).view(np.int64) >> LEADING_BITS) - _FIRST)
    u = t - w[row]
    value, slope = w[row + _DEGREE + 1], 0.0
    for k in range(_DEGREE, 0, -1):
        slope = value + u * slope
        value = w[row + k] + u * value
    return value, -2.0 * slope
