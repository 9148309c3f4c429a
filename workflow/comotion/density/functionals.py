"""What follows from the density alone: its energies, the point-charge model, a unit of length."""

from dataclasses import dataclass

import numpy as np

from comotion.density.radial import Array, HasDensity, RadialDensity, radial_density
from comotion.errors import DensityError

#: Lieb-Oxford constant, W_inf >= -C int rho^(4/3): Lewin, Lieb, Seiringer, Lett. Math.
#: Phys. 112, 92 (2022).
LIEB_OXFORD = 1.58
#: Point-charge-plus-continuum model of W_inf: Seidl, Perdew, Kurth, Phys. Rev. A 62,
#: 012502 (2000): A int rho^(4/3) + B int |grad rho|^2 / rho^(4/3).
PC_LOCAL, PC_GRADIENT = -1.451, 5.317e-3
#: The same model's zero-point coefficient: C int rho^(3/2) +
#: D int |grad rho|^2 / rho^(7/6).
PC_PRIME_LOCAL, PC_PRIME_GRADIENT = 1.535, -0.02558
#: Largest share of the innermost node in an integral that converges at the nucleus.
_INNERMOST = 1e-8
#: Largest relative change of a gradient integral with a finer rule: at an edge where the density
#: falls to 0 like the distance from it, it would grow without bound.
_SETTLED = 1e-3
#: Relative error of gradient integrals from the central difference.
_DIFFERENCE = 3e-7


@dataclass(frozen=True)
class DensityIntegrals:
    """Functionals of a density.

    A density that is steep at the nucleus may have no gradient integrals, or none that can be
    computed: those, and what follows from them, are not numbers (nan).

    Attributes:
        hartree: U = 1/2 iint rho rho / |r - r'|, hartree.
        hartree_error: Change of U when the quadrature is refined twofold, hartree.
        rho_four_thirds: int rho^(4/3), bohr^-1.
        gradient_four_thirds: int |grad rho|^2 / rho^(4/3), bohr^-1.
        rho_three_halves: int rho^(3/2), bohr^-3/2.
        gradient_seven_sixths: int |grad rho|^2 / rho^(7/6), bohr^-3/2.
        w_pc: Point-charge-plus-continuum model of W_inf, hartree.
        w_pc_prime: The same model's W'_inf, hartree.
    """

    hartree: float
    hartree_error: float
    rho_four_thirds: float
    gradient_four_thirds: float
    rho_three_halves: float
    gradient_seven_sixths: float
    w_pc: float
    w_pc_prime: float


def density_integrals(rho: RadialDensity | HasDensity) -> DensityIntegrals:
    """Hartree energy, local and gradient integrals, and the point-charge-plus-continuum model.

    The model is that of Seidl, Perdew, Kurth, Phys. Rev. A 62, 012502 (2000).

    Args:
        rho: The density, or an object with one, such as an atom.

    Returns:
        The functionals, each with its unit.

    Raises:
        DensityError: There is no density, or U diverges at the nucleus.
    """
    density = radial_density(rho)
    u, fine = hartree(density), hartree(density, refinement=2)
    four_thirds, gradient, three_halves, gradient_prime = expansion_integrals(density)
    return DensityIntegrals(
        hartree=fine,
        hartree_error=abs(fine - u),
        rho_four_thirds=four_thirds,
        gradient_four_thirds=gradient,
        rho_three_halves=three_halves,
        gradient_seven_sixths=gradient_prime,
        w_pc=PC_LOCAL * four_thirds + PC_GRADIENT * gradient,
        w_pc_prime=PC_PRIME_LOCAL * three_halves + PC_PRIME_GRADIENT * gradient_prime,
    )


def hartree(rho: RadialDensity | HasDensity, refinement: int = 1) -> float:
    """Hartree energy U = int_0^inf 4 pi r rho(r) N(r) dr, hartree.

    Newton's shell theorem: the charge inside r acts as if it sat at the centre.

    Args:
        rho: The density, or an object with one, such as an atom.
        refinement: Multiplies the nodes of the density's quadrature.

    Returns:
        U, hartree.

    Raises:
        DensityError: There is no density, or U diverges at the nucleus, as it does when the
            density grows like r^-2.5 there or faster.
    """
    density = radial_density(rho)
    rule = density.quadrature(refinement)
    value = _integral(density, rule.weights * density.cumulant(rule.radii) / rule.radii)
    if np.isnan(value):
        raise DensityError(
            "the Hartree energy has no limit at the nucleus: the density grows like r^-2.5 "
            "there, or so nearly that it cannot be told; powers of gamma terms must be well "
            "above -1/2"
        )
    return value


def expansion_integrals(density: RadialDensity) -> tuple[float, float, float, float]:
    """Integrals of the gradient expansions of W_inf and W'_inf.

    The gradient is a central difference in log r, which leaves 1e-7 relative of smooth
    densities; the uniform ball has none inside and its surface is left out.

    Returns:
        int rho^(4/3), int |grad rho|^2 / rho^(4/3), int rho^(3/2) and
        int |grad rho|^2 / rho^(7/6); nan where one does not converge at the nucleus or at an edge.
    """
    values, finer = (_expansion_integrals(density, refinement) for refinement in (1, 2))
    settled = np.abs(finer - values) <= _SETTLED * np.abs(finer)
    first, second, third, fourth = np.where(settled, values, np.nan).tolist()
    return first, second, third, fourth


def expansion_errors(density: RadialDensity) -> tuple[float, float, float, float]:
    """Changes of `expansion_integrals` when the quadrature is refined twofold.

    The error of the difference in log r, at most 3e-7 of a gradient integral, is added to theirs.

    Args:
        density: The density.

    Returns:
        Those of the four integrals, in their order and units.
    """
    values, finer = (_expansion_integrals(density, refinement) for refinement in (1, 2))
    of_difference = _DIFFERENCE * np.abs(finer) * (0, 1, 0, 1)
    first, second, third, fourth = (np.abs(finer - values) + of_difference).tolist()
    return first, second, third, fourth


def _expansion_integrals(density: RadialDensity, refinement: int) -> Array:
    """The four integrals by one rule."""
    rule = density.quadrature(refinement)
    step = 1e-4
    rho = density.density(rule.radii)
    usable = (rho > 0) & np.isfinite(rho)
    r, rho, weights = rule.radii[usable], rho[usable], rule.weights[usable]
    inward, outward = density.density(r * np.exp(-step)), density.density(r * np.exp(step))
    # Of the logarithm, since powers of a small density may vanish where their quotients do not.
    slope = np.where((inward > 0) & (outward > 0), (outward - inward) / rho, 0.0) / (2 * step * r)
    integrands = (
        np.cbrt(rho), slope**2 / np.cbrt(rho), np.sqrt(rho), slope**2 / rho ** (1 / 6)
    )  # fmt: skip
    return np.array([_integral(density, weights * integrand) for integrand in integrands])


def _integral(density: RadialDensity, terms: Array) -> float:
    """Sum of the terms of a rule outwards; nan where they do not begin small at the nucleus."""
    total = float(np.sum(terms))
    hollow = density.support[0] > 0
    return total if hollow or abs(terms[0]) <= _INNERMOST * total else float("nan")


def unit_of_length(density: RadialDensity) -> float:
    """The power of two that is nearest to the radius of half of the charge, bohr."""
    radius = float(density.radius(density.n_electrons / 2))
    return float(np.ldexp(1.0, round(np.log2(radius))))
