"""Interpolations of the adiabatic connection between its ends.

Each is a curve W_lambda that has some of the four `Ingredients` right, and its integral E_xc in
closed form. SPL and LB know W_0, W'_0 and W_inf; ISI and revISI W'_inf too.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from comotion.connection.ingredients import Ingredients


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
    x, y, z = -2 * ends.w_0_prime, ends.w_inf_prime, ends.w_0 - ends.w_inf
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
    slope, y, z = -ends.w_0_prime, ends.w_inf_prime, ends.w_0 - ends.w_inf
    return 4 * slope * y**2 / z**2, 4 * slope**2 * y**2 / z**4, 4 * slope * y**2 / z**3 - 1


def _revisi_curve(ends: Ingredients, coupling: float) -> float:
    b, c, d = _revisi_parameters(ends)
    root = math.sqrt(1 + c * coupling)
    return ends.w_inf + b * (2 + c * coupling + 2 * d * root) / (2 * root * (d + root) ** 2)


def _revisi_integral(ends: Ingredients) -> float:
    b, c, d = _revisi_parameters(ends)
    return ends.w_inf + b / (math.sqrt(1 + c) + d)


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
