"""Whether a symmetric matrix of doubles is positive semidefinite, decided exactly.

Doubles are rational numbers, so a common power of two makes the matrix one of integers, and it is
eliminated without fractions (Bareiss, Mathematics of Computation 22, 565, 1968): when the pivots
of a set S have been used, what stands at (i, j) is the minor of the rows S, i and the columns
S, j, which is the entry of the Schur complement of S times the minor of S. The minor of S is the
last pivot, and positive. So all entries have the signs of the Schur complement, and

- a matrix is positive semidefinite if and only if each pivot of its elimination is positive, or is
  zero and stands in a row of zeros, which is then left out: a negative entry on the diagonal of a
  Schur complement, or a zero there beside an entry that is none, belongs to a vector on which the
  matrix is negative, and a row of zeros adds nothing.
"""

from collections.abc import Sequence

from flint import fmpz


def failing_pivot(matrix: Sequence[Sequence[float]]) -> int | None:
    """Test a symmetric matrix.

    Args:
        matrix: Its rows; only the lower triangle is looked at.

    Returns:
        None if it is positive semidefinite; if not, the row whose pivot is negative, or is zero
        while the row is not.
    """
    rows = _integers(matrix)
    last = fmpz(1)
    for k, row in enumerate(rows):
        pivot = row[k]
        below = [rows[i][k] for i in range(k + 1, len(rows))]
        if pivot < 0 or (pivot == 0 and any(value != 0 for value in below)):
            return k
        if pivot == 0:
            continue
        for i in range(k + 1, len(rows)):
            left = rows[i][k]
            for j in range(k + 1, i + 1):
                # Exact: the quotient is a minor of a matrix of integers.
                rows[i][j] = (pivot * rows[i][j] - left * rows[j][k]) // last
        last = pivot
    return None


def _integers(matrix: Sequence[Sequence[float]]) -> list[list[fmpz]]:
    """The lower triangle times a power of two that makes integers of all numbers."""
    ratios = [[float(row[j]).as_integer_ratio() for j in range(i + 1)]
              for i, row in enumerate(matrix)]  # fmt: skip
    # Denominators are powers of two: the largest is a multiple of all.
    common = max((bottom for row in ratios for _, bottom in row), default=1)
    return [[fmpz(top * (common // bottom)) for top, bottom in row] for row in ratios]
