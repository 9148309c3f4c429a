"""Interpolations of the adiabatic connection between its ends.

Each is a curve W_lambda that has some of the four `Ingredients` right, and its integral E_xc in
closed form. SPL and LB know W_0, W'_0 and W_inf; ISI, revISI and genISI W'_inf too.

All integrals are homogeneous of degree one: n equal systems far from one another have n times the
energy of one. Different ones have not the sum of theirs; see `size_consistency_correction`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from comotion.connection.ingredients import Ingredients, sum_of

#: Constants of genISI: that of its curve without W'_0, made for the uniform electron gas, and that
#: of the rate at which what W'_0 adds fades.
_GAS, _FADING = 3.5, 18.0


@dataclass(frozen=True)
class Interpolation:
    """An interpolation.

    Attributes:
        name: Its name.
        source: Where it comes from.
        curve: W_lambda from the ingredients and the coupling lambda, hartree.
        integral: E_xc, the integral of the curve over lambda from 0 to 1, hartree.
    """

    name: str
    source: str
    curve: Callable[[Ingredients, float], float]
    integral: Callable[[Ingredients], float]

    def correlation(self, ends: Ingredients) -> float:
        """E_c = E_xc - E_x, hartree."""
        return self.integral(ends) - ends.w_0


def _isi_parameters(ends: Ingredients) -> tuple[float, float, float]:
    x, y, z = -2 * ends.w_0_prime, ends.zero_point(), ends.w_0 - ends.w_inf
    return x * y**2 / z**2, x**2 * y**2 / z**4, x * y**2 / z**3 - 1


def _isi_curve(ends: Ingredients, coupling: float) -> float:
    big_x, big_y, big_z = _isi_parameters(ends)
    return ends.w_inf + big_x / (math.sqrt(1 + coupling * big_y) + big_z)


def _isi_integral(ends: Ingredients) -> float:
    big_x, big_y, big_z = _isi_parameters(ends)
    root = math.sqrt(1 + big_y)
    # root - 1 without the subtraction of equal numbers; 1 + Z = x y^2 / z^3 is never 0.
    above = big_y / (root + 1)
    logarithm = math.log1p(above / (1 + big_z))
    return ends.w_inf + 2 * big_x / big_y * (above - big_z * logarithm)


def _revisi_parameters(ends: Ingredients) -> tuple[float, float, float]:
    slope, y, z = -ends.w_0_prime, ends.zero_point(), ends.w_0 - ends.w_inf
    return 4 * slope * y**2 / z**2, 4 * slope**2 * y**2 / z**4, 4 * slope * y**2 / z**3 - 1


def _revisi_curve(ends: Ingredients, coupling: float) -> float:
    return ends.w_inf + _rational(*_revisi_parameters(ends), coupling)


def _revisi_integral(ends: Ingredients) -> float:
    b, c, d = _revisi_parameters(ends)
    return ends.w_inf + b / (math.sqrt(1 + c) + d)


def _rational(b: float, c: float, d: float, coupling: float) -> float:
    """Derivative of lambda b / (sqrt(1 + c lambda) + d)."""
    root = math.sqrt(1 + c * coupling)
    return b * (2 + c * coupling + 2 * d * root) / (2 * root * (d + root) ** 2)


def _genisi_parameters(ends: Ingredients) -> tuple[float, float, float, float]:
    """The curve without W'_0, b and c, what its slope lacks, and the rate at which that fades.

    What was published is E_xc. The integral of a curve from 0 to lambda is E_xc of the ends
    (lambda W_0, lambda^2 W'_0, lambda W_inf, sqrt(lambda) W'_inf), by scaling of the density: that
    leaves one curve.
    """
    b = (1 + _GAS) * (ends.w_0 - ends.w_inf)
    c = b**2 / (4 * ends.zero_point() ** 2)
    missing = ends.w_0_prime + b * c / (1 + _GAS) ** 2
    rate = _FADING * (ends.w_0 / ends.w_inf) ** 3 * ends.w_0_prime / ends.w_0
    return b, c, missing, rate


def _genisi_curve(ends: Ingredients, coupling: float) -> float:
    b, c, missing, rate = _genisi_parameters(ends)
    start = missing * coupling / (1 + rate * coupling) ** 3
    return ends.w_inf + _rational(b, c, _GAS, coupling) + start


def _genisi_integral(ends: Ingredients) -> float:
    b, c, missing, rate = _genisi_parameters(ends)
    return ends.w_inf + b / (math.sqrt(1 + c) + _GAS) + missing / (2 * (1 + rate) ** 2)


def _spl_curve(ends: Ingredients, coupling: float) -> float:
    c = ends.w_0_prime / (ends.w_inf - ends.w_0)
    return ends.w_inf + (ends.w_0 - ends.w_inf) / math.sqrt(1 + 2 * c * coupling)


def _spl_integral(ends: Ingredients) -> float:
    c = ends.w_0_prime / (ends.w_inf - ends.w_0)
    return ends.w_inf + (ends.w_0 - ends.w_inf) * 2 / (math.sqrt(1 + 2 * c) + 1)


def _lb_curve(ends: Ingredients, coupling: float) -> float:
    c = 0.8 * ends.w_0_prime / (ends.w_inf - ends.w_0)
    y = 1 / math.sqrt(1 + c * coupling)
    return ends.w_inf + (ends.w_0 - ends.w_inf) / 2 * (y + y**4)


def _lb_integral(ends: Ingredients) -> float:
    c = 0.8 * ends.w_0_prime / (ends.w_inf - ends.w_0)
    return ends.w_inf + (ends.w_0 - ends.w_inf) / 2 * (2 / (math.sqrt(1 + c) + 1) + 1 / (1 + c))


#: Interpolations by name.
INTERPOLATIONS = {
    one.name: one
    for one in (
        Interpolation(
            "isi",
            "M. Seidl, J. P. Perdew, S. Kurth, Phys. Rev. Lett. 84, 5070 (2000)",
            _isi_curve,
            _isi_integral,
        ),
        Interpolation(
            "revisi",
            "P. Gori-Giorgi, G. Vignale, M. Seidl, J. Chem. Theory Comput. 5, 743 (2009)",
            _revisi_curve,
            _revisi_integral,
        ),
        Interpolation(
            "genisi",
            "L. A. Constantin, S. Jana, S. Smiga, F. Della Sala, J. Chem. Phys. 159, 244111 (2023)",
            _genisi_curve,
            _genisi_integral,
        ),
        Interpolation(
            "spl",
            "M. Seidl, J. P. Perdew, M. Levy, Phys. Rev. A 59, 51 (1999)",
            _spl_curve,
            _spl_integral,
        ),
        Interpolation(
            "lb", "Z.-F. Liu, K. Burke, Phys. Rev. A 79, 064503 (2009)", _lb_curve, _lb_integral
        ),
    )
}


#: Those that leave W'_inf out.
WITHOUT_ZERO_POINT = ("spl", "lb")


def size_consistency_correction(one: Interpolation, fragments: Sequence[Ingredients]) -> float:
    """What makes the interaction energy of fragments vanish when they are far from one another.

    There the ingredients of the whole are the sums of those of the fragments, and an interpolation
    has another energy than the sum of theirs. Reference: S. Vuckovic, P. Gori-Giorgi, F. Della
    Sala, E. Fabiano, J. Phys. Chem. Lett. 9, 3137 (2018).

    Args:
        one: The interpolation.
        fragments: Ingredients of each fragment, one or more.

    Returns:
        The sum of the fragments' energies less the energy of the sum of their ingredients, hartree:
        to be added to the energy of the whole, or to the interaction energy.

    Raises:
        ComparisonError: There is no fragment.
    """
    return math.fsum(map(one.integral, fragments)) - one.integral(sum_of(fragments))
