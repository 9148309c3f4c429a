"""The energy that the potential of a certificate gives its density: (int rho U - C) / b, enclosed.

rho is scaled to N electrons exactly, so int rho U is N times the mean of U in the density as it is
given. All numbers are balls of Arb, which contain what they stand for.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx

from comotion.errors import ProofError
from comotion.proof.document import Certificate
from comotion.proof.gamma_integral import NotEnclosedError, gamma_integral
from comotion.proof.given_density import GammaTerms
from comotion.proof.one_body import one_body
from comotion.proof.piece_integral import piece_integral

#: Bits of all balls.
_PRECISION = 192
#: Charge, in units of N, by which a density may differ from N electrons before it is scaled.
_CHARGE_TOLERANCE = 1e-6
#: Largest width of the enclosure, in units of the energy or of a hartree.
_WIDEST = 1e-9


@dataclass(frozen=True)
class Enclosure:
    """An energy between two doubles.

    Attributes:
        lower: Largest double known to be not above it, hartree.
        width: Width of the enclosure before it was rounded, hartree.
    """

    lower: float
    width: float


def enclosed_energy(certificate: Certificate) -> Enclosure:
    """The energy of a certificate.

    Args:
        certificate: The certificate; its cells cover its density.

    Returns:
        (int rho U - C) / b.

    Raises:
        ProofError: The density has another charge, or the integral cannot be enclosed.
    """
    with ctx.workprec(_PRECISION):
        potential, constant = one_body(
            certificate.n_electrons, certificate.cells, certificate.potential,
            certificate.functions, certificate.kernels, certificate.mean,
        )  # fmt: skip
        try:
            if isinstance(certificate.density, GammaTerms):
                mean, charge = gamma_integral(certificate.density, potential, certificate.unit)
                has_charge = True
            else:
                ends = [(Fraction(low), Fraction(high)) for low, high in certificate.cells.tolist()]
                mean, charge = piece_integral(
                    certificate.density, potential, ends, Fraction(certificate.unit)
                )
                has_charge = certificate.density.has_charge
        except NotEnclosedError as error:
            raise ProofError(
                f"{certificate.path}: density: int rho U cannot be enclosed: {error}"
            ) from error
        number = certificate.n_electrons
        if has_charge and not abs(charge - number) <= _CHARGE_TOLERANCE * number:
            raise ProofError(
                f"{certificate.path}: density: it has {float(charge.mid()):.9g} electrons, and "
                f"n_electrons is {number}: not the density of this system"
            )
        energy = (number * mean - constant) / arb(certificate.unit)
        width = float((2 * energy.rad()).upper())
        if not width <= _WIDEST * max(1.0, abs(float(energy.mid()))):
            raise ProofError(
                f"{certificate.path}: density: int rho U is enclosed to {width:.1e} hartree only, "
                f"and {_WIDEST:g} is needed"
            )
        return Enclosure(rounded_down(energy), width)


def rounded_down(value: arb) -> float:
    """A double that is not above any number of a ball, and hardly below."""
    low = value.lower()
    found = float(low.mid())
    # The conversion rounds to some neighbour: step down until it is certainly below.
    while not arb(found) <= low:
        found = math.nextafter(found, -math.inf)
    return found


def decimal_below(value: float, decimals: int) -> str:
    """A lower bound for people to read: a decimal number that is not above a double.

    Args:
        value: The double, finite.
        decimals: Digits behind the point.

    Returns:
        The number.
    """
    whole = math.floor(Fraction(value) * 10**decimals)
    before, behind = divmod(abs(whole), 10**decimals)
    return f"{'-' if whole < 0 else ''}{before}.{behind:0{decimals}d}"
