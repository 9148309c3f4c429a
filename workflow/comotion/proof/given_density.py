"""The density of a certificate, a spherical one: its kinds and their numbers.

- ``{"kind": "gamma", "s": s, "coefficients": c, "powers": p, "exponents": a}``:
  4 pi r^2 rho(r) = sum_k c_k g_k(r), where g_k is r^p_k exp(-a_k r^s) times the number that makes
  its integral one. Coefficients have any sign; that their sum is nowhere negative is not checked:
  of what is negative somewhere there is no plan, and every bound of it is true and says nothing.
- ``{"kind": "ball", "radius": R}``: uniform in a ball.
- ``{"kind": "table", "pieces": [...]}``: rho is zero outside the pieces, and in each
  ``{"from": r_0, "to": r_1, "variable": "r" or "log r", "power": 0, 1, 1.5 or 2, "nodes": x,
  "coefficients": c}`` it is exp(P) for the power 0 and else that power of max(P, 0), with Newton's
  polynomial P(t) = c_0 + c_1 (t - x_0) + c_2 (t - x_0)(t - x_1) + ..., one node fewer than
  coefficients, and t = (r - r_0) / (r_1 - r_0) or log(r / r_0) / log(r_1 / r_0). Pieces ascend.

Radii are in bohr. The density that is meant is the one given, scaled to N electrons exactly; one
of a kind that has a charge of its own must have N electrons within 1e-6 N already.
"""

from dataclasses import dataclass
from fractions import Fraction

from comotion.proof.fields import Fields

#: Largest number of terms, of pieces, and of coefficients of a piece.
_MOST_TERMS, _MOST_PIECES, _MOST_COEFFICIENTS = 20_000, 100_000, 16
_LARGEST, _LARGEST_POWER = 1e300, 1e6
_POWERS = (0.0, 1.0, 1.5, 2.0)


@dataclass(frozen=True)
class GammaTerms:
    """A sum of generalised gamma terms.

    Attributes:
        s: Power of r in the exponential.
        coefficients: Charge of each term, electrons.
        powers: Powers of r.
        exponents: Decay constants, bohr^-s.
    """

    s: float
    coefficients: tuple[float, ...]
    powers: tuple[float, ...]
    exponents: tuple[float, ...]


@dataclass(frozen=True)
class Piece:
    """A polynomial between two radii.

    Attributes:
        low: Inner radius, bohr.
        high: Outer radius, bohr.
        of_log: Whether the variable is log r.
        power: Power of the polynomial that rho is, 0 for its exponential.
        nodes: Nodes of Newton's formula.
        coefficients: Its coefficients, one more.
    """

    low: float
    high: float
    of_log: bool
    power: float
    nodes: tuple[float, ...]
    coefficients: tuple[float, ...]


@dataclass(frozen=True)
class Pieces:
    """Polynomials between radii.

    Attributes:
        pieces: The pieces, ascending.
        has_charge: Whether their integral says how many electrons there are; of a ball it does
            not.
    """

    pieces: tuple[Piece, ...]
    has_charge: bool


GivenDensity = GammaTerms | Pieces


def given_density(fields: Fields) -> GivenDensity:
    """The density of a certificate.

    Args:
        fields: The certificate.

    Returns:
        The density.

    Raises:
        ProofError: It is none.
    """
    given = fields.mapping("density")
    kind = fields.text("density.kind")
    if kind == "gamma":
        known = {"kind", "s", "coefficients", "powers", "exponents"}
        fields.require_known("density", given, known)
        return _gamma(fields)
    if kind == "ball":
        fields.require_known("density", given, {"kind", "radius"})
        radius = fields.number("density.radius", 1e-30, 1e30)
        return Pieces((Piece(0.0, radius, False, 1.0, (), (1.0,)),), has_charge=False)
    if kind == "table":
        fields.require_known("density", given, {"kind", "pieces"})
        return _pieces(fields)
    raise fields.wrong("density.kind", kind, "the kinds are gamma, ball and table")


def _gamma(fields: Fields) -> GammaTerms:
    number = len(fields.sequence("density.coefficients", 1, _MOST_TERMS))
    columns = {
        name: fields.array(f"density.{name}", (number,), _LARGEST).tolist()
        for name in ("coefficients", "powers", "exponents")
    }
    for i in range(number):
        if not -1 < columns["powers"][i] <= _LARGEST_POWER:
            raise fields.wrong(
                f"density.powers[{i}]",
                columns["powers"][i],
                f"a power above -1 and at most {_LARGEST_POWER:g} is needed",
            )
        if not columns["exponents"][i] > 0:
            raise fields.wrong(
                f"density.exponents[{i}]", columns["exponents"][i], "a positive number is needed"
            )
    return GammaTerms(
        fields.number("density.s", 1e-3, 1e3),
        tuple(columns["coefficients"]),
        tuple(columns["powers"]),
        tuple(columns["exponents"]),
    )


def _pieces(fields: Fields) -> Pieces:
    number = len(fields.sequence("density.pieces", 1, _MOST_PIECES))
    pieces: list[Piece] = []
    for i in range(number):
        piece = _piece(fields, f"density.pieces[{i}]")
        if pieces and piece.low < pieces[-1].high:
            raise fields.wrong(
                f"density.pieces[{i}].from", piece.low, "pieces ascend and do not overlap"
            )
        pieces.append(piece)
    return Pieces(tuple(pieces), has_charge=True)


def _piece(fields: Fields, key: str) -> Piece:
    known = {"from", "to", "variable", "power", "nodes", "coefficients"}
    fields.require_known(key, fields.mapping(key), known)
    low = fields.number(f"{key}.from", 0.0, 1e30)
    high = fields.number(f"{key}.to", 0.0, 1e30)
    variable = fields.text(f"{key}.variable")
    if variable not in {"r", "log r"}:
        raise fields.wrong(f"{key}.variable", variable, "the variables are 'r' and 'log r'")
    if not low < high or (variable == "log r" and low == 0.0):
        raise fields.wrong(
            f"{key}.from", low, "a radius below that of 'to' is needed, above 0 for log"
        )
    power = fields.number(f"{key}.power", 0.0, 2.0)
    if power not in _POWERS:
        raise fields.wrong(f"{key}.power", power, "the powers are 0, 1, 1.5 and 2")
    number = len(fields.sequence(f"{key}.coefficients", 1, _MOST_COEFFICIENTS))
    return Piece(
        low,
        high,
        variable == "log r",
        power,
        tuple(fields.array(f"{key}.nodes", (number - 1,), _LARGEST).tolist()),
        tuple(fields.array(f"{key}.coefficients", (number,), _LARGEST).tolist()),
    )


def uncovered(
    density: GivenDensity, cells: list[tuple[Fraction, Fraction]], unit: Fraction
) -> Fraction | None:
    """The least y = r / (r + b) of a part of the density's support that no cell covers.

    Args:
        density: The density.
        cells: Ends of the cells in y, ascending.
        unit: The length b, bohr.

    Returns:
        Where a part begins that is not covered, or none. It is exact: the numbers are rational.
    """
    if isinstance(density, GammaTerms):
        parts = [(Fraction(0), Fraction(1))]
    else:
        ends = [(Fraction(piece.low), Fraction(piece.high)) for piece in density.pieces]
        parts = [(low / (low + unit), high / (high + unit)) for low, high in ends]
    next_cell = 0
    for low, high in parts:
        reached = low
        while reached < high:
            while next_cell < len(cells) and cells[next_cell][1] <= reached:
                next_cell += 1
            if next_cell == len(cells) or cells[next_cell][0] > reached:
                return reached
            reached = cells[next_cell][1]
    return None
