"""int rho U for a density of polynomials between radii, in a ball that contains it.

Each part of a piece that lies in one cell is integrated by Arb's rigorous quadrature (Johansson,
Numerical integration in arbitrary-precision ball arithmetic, ICMS 2018): a subdivision that bounds
analytic integrands on ellipses and all others by balls. The variable runs from 0 to 1, and the
ends of the part enter the integrand as balls that contain them, so what holds for all numbers in
these balls holds for the ends.

max(P, 0) is P where all Bernstein coefficients of P on its piece are not negative, which rational
numbers decide; only elsewhere is the maximum left in the integrand, and treated as a function that
is not analytic where P may vanish.
"""

from bisect import bisect_right
from collections.abc import Callable
from fractions import Fraction
from math import comb

from flint import acb, arb, fmpq

from comotion.proof.gamma_integral import NotEnclosedError
from comotion.proof.given_density import Piece, Pieces
from comotion.proof.one_body import CellPotential

#: Goals of the quadrature: bits of each integral, and of the largest one.
_RELATIVE, _ABSOLUTE = 70, 80

_Integrand = Callable[[acb, bool], acb]


def piece_integral(
    density: Pieces, potential: list[CellPotential], ends: list[tuple[Fraction, Fraction]],
    unit: Fraction
) -> tuple[arb, arb]:  # fmt: skip
    """The mean of U in a density, and its charge.

    Args:
        density: The pieces.
        potential: U on the cells.
        ends: Ends of the cells in y, ascending; they cover the pieces.
        unit: The length b, bohr.

    Returns:
        int rho U / int rho, and int rho as given, with the precision that is set.

    Raises:
        NotEnclosedError: It cannot be enclosed.
    """
    radii = [_radius(high, unit) for _, high in ends]
    total, charge = arb(0), arb(0)
    for piece in density.pieces:
        if not any(piece.coefficients) and piece.power > 0:
            continue
        rho = _Rho(piece)
        low, outer = Fraction(piece.low), Fraction(piece.high)
        cell = bisect_right(radii, low)
        while low < outer:
            high = min(radii[cell], outer)
            total += _part(rho, potential[cell], low, high, unit)
            charge += _part(rho, None, low, high, unit)
            low, cell = high, cell + 1
    if not charge > 0:
        raise NotEnclosedError("its charge is not positive")
    return total / charge, charge


def _radius(y: Fraction, unit: Fraction) -> Fraction:
    """The radius of a y, b y / (1 - y); of y = 1 one beyond all pieces."""
    return unit * y / (1 - y) if y < 1 else Fraction(10) ** 40


def _ball(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))


def _part(
    rho: "_Rho", cell: CellPotential | None, low: Fraction, high: Fraction, unit: Fraction
) -> arb:
    """4 pi int r^2 rho U dr, or without U, between two radii of a piece and a cell."""
    start, width, length = _ball(low), _ball(high - low), _ball(unit)

    def integrand(share: acb, analytic: bool) -> acb:
        r = share * width + start
        value = rho.at(r, analytic) * r * r
        if cell is not None:
            value *= cell.at((r / (r + length) - cell.low) / (cell.high - cell.low))
        return value

    # The size of the part, so that goals are relative to what it could be.
    found = _quadrature(integrand)
    return 4 * arb.pi() * width * found


def _quadrature(integrand: _Integrand) -> arb:
    size = abs(integrand(acb(arb("0.5")), False)) + abs(integrand(acb(arb("0.99")), False))
    found = acb.integral(
        integrand, acb(0), acb(1),
        rel_tol=arb(2) ** -_RELATIVE, abs_tol=size.mid() * arb(2) ** -_ABSOLUTE,
    ).real  # fmt: skip
    if not found.is_finite():
        raise NotEnclosedError("one of its pieces is not integrable by balls")
    return found


class _Rho:
    """The density of a piece as a function of complex radii."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.low = arb(piece.low)
        high = arb(piece.high)
        self.range = (high / self.low).log() if piece.of_log else high - self.low
        self.nodes = [arb(node) for node in piece.nodes]
        self.coefficients = [arb(value) for value in piece.coefficients]
        self.may_vanish = piece.power > 0 and not _not_negative(piece)

    def at(self, r: acb, analytic: bool) -> acb:
        """rho, or no number where it may not be analytic and has to be."""
        if self.piece.of_log:
            t = (r / self.low).log(analytic=analytic) / self.range
        else:
            t = (r - self.low) / self.range
        value = t * 0 + self.coefficients[-1]
        for node, coefficient in zip(self.nodes[::-1], self.coefficients[-2::-1], strict=True):
            value = value * (t - node) + coefficient
        if self.piece.power == 0.0:
            return value.exp()
        if self.may_vanish:
            value = value.real_max(acb(0), analytic=analytic)
        if self.piece.power == 1.0:
            return value
        return value * (value if self.piece.power == 2.0 else value.sqrt(analytic=analytic))


def _not_negative(piece: Piece) -> bool:
    """Whether all Bernstein coefficients of the polynomial on its piece are not negative."""
    powers = [Fraction(piece.coefficients[-1])]
    for node, coefficient in zip(piece.nodes[::-1], piece.coefficients[-2::-1], strict=True):
        shifted = [Fraction(0), *powers]
        for k, value in enumerate(powers):
            shifted[k] -= Fraction(node) * value
        shifted[0] += Fraction(coefficient)
        powers = shifted
    degree = len(powers) - 1
    return all(
        sum(Fraction(comb(j, i), comb(degree, i)) * powers[i] for i in range(j + 1)) >= 0
        for j in range(degree + 1)
    )
