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
from fractions import Fraction
from math import comb

from flint import acb, arb, fmpq

from comotion.proof.gamma_integral import NotEnclosedError
from comotion.proof.given_density import Piece, Pieces
from comotion.proof.one_body import CellPotential

#: Goal of the quadrature: bits of each integral, or of the whole.
_GOAL = 72


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
    held = [piece for piece in density.pieces if any(piece.coefficients) or piece.power == 0]
    shapes = [_Rho(piece) for piece in held]
    # What the goals refer to; a bad guess makes wide balls and no wrong ones.
    goal = sum((shape.size() for shape in shapes), arb(0)) * arb(2) ** -_GOAL
    height = max((abs(value).upper() for cell in potential for value in cell.bernstein), key=float)
    total, charge = arb(0), arb(0)
    for piece, rho in zip(held, shapes, strict=True):
        low, outer = Fraction(piece.low), Fraction(piece.high)
        cell = bisect_right(radii, low)
        while low < outer:
            high = min(radii[cell], outer)
            total += _part(rho, potential[cell], (low, high), unit, goal * (height + 1))
            charge += _part(rho, None, (low, high), unit, goal)
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
    rho: "_Rho",
    cell: CellPotential | None,
    ends: tuple[Fraction, Fraction],
    unit: Fraction,
    goal: arb,
) -> arb:
    """4 pi int r^2 rho U dr, or without U, between two radii of a piece and a cell."""
    start, width, length = _ball(ends[0]), _ball(ends[1] - ends[0]), _ball(unit)

    def integrand(share: acb, analytic: bool) -> acb:
        r = share * width + start
        value = rho.at(r, analytic) * r * r
        if cell is not None:
            value *= cell.at((r / (r + length) - cell.low) / (cell.high - cell.low))
        return value

    factor = 4 * arb.pi() * width
    found = acb.integral(
        integrand, acb(0), acb(1), rel_tol=arb(2) ** -_GOAL, abs_tol=(goal / factor).mid()
    ).real
    if not found.is_finite():
        raise NotEnclosedError("one of its pieces is not integrable by balls")
    return factor * found


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

    def size(self) -> arb:
        """About the charge of the piece."""
        width = arb(self.piece.high) - self.low
        total = arb(0)
        for k in range(1, 16, 2):
            r = self.low + width * k / 16
            total += (self.at(acb(r), False).real * r * r).mid()
        return abs(total) * width * arb.pi() / 2

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
