"""Do the functions of a density belong to one density?"""

import numpy as np

from comotion.density.radial import CHARGE_TOLERANCE, RadialDensity
from comotion.errors import DensityError

#: Largest relative error of the integral of the cumulant against the density.
_CONSISTENT = 1e-6


def require_charge(density: RadialDensity) -> None:
    """Check that density, cumulant and cocumulant belong together and hold N electrons.

    Of N(r) and N - N(r) the sum is N, and the integral int rho N(r) d3r of the one is N^2 / 2,
    since rho is the derivative of N(r).

    Args:
        density: The density.

    Raises:
        DensityError: They do not.
    """
    n = density.n_electrons
    rule = density.quadrature()
    for r in (density.radius(n / 2), rule.radii[-1]):
        charge = float(density.cumulant(r) + density.cocumulant(r))
        if not abs(charge - n) <= CHARGE_TOLERANCE:
            raise DensityError(
                f"N(r) and N - N(r) add up to {charge:.8g} at r = {float(r):.4g} bohr, not to "
                f"the {n} electrons of the density: normalise it"
            )
    pairs = float(np.sum(rule.weights * density.cumulant(rule.radii)))
    if not abs(pairs - n**2 / 2) <= _CONSISTENT * n**2:
        raise DensityError(
            f"the integral of rho N(r) is {pairs:.8g}, not half of N^2 = {n**2}: the density is "
            "not the derivative of its cumulant; give functions of one density"
        )
