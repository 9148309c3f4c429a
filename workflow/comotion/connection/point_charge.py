"""Models of the strong-coupling ends that need no transport: integrals of the density alone.

In the point-charge-plus-continuum model every electron sits in a cell of the others' charge, which
it neutralises. ``W_inf = A int rho^(4/3) + B int |grad rho|^2 / rho^(4/3)`` and
``W'_inf = C int rho^(3/2) + D int |grad rho|^2 / rho^(7/6)``; the constants stand in
`comotion.density.functionals`. Reference: M. Seidl, J. P. Perdew, S. Kurth, Phys. Rev. A 62,
012502 (2000).

Later models of the same kind are left out: their formulas have not been read in the papers.
"""

import math
from dataclasses import dataclass

from comotion.density.functionals import density_integrals
from comotion.density.radial import HasDensity, RadialDensity
from comotion.errors import DensityError


@dataclass(frozen=True)
class StrongCoupling:
    """The strong-coupling ends by a model.

    Attributes:
        w_pc: Of W_inf, hartree; no bound of it.
        w_pc_prime: Of W'_inf, hartree.
    """

    w_pc: float
    w_pc_prime: float


def point_charge(rho: RadialDensity | HasDensity) -> StrongCoupling:
    """The strong-coupling ends of a density by the point-charge-plus-continuum model.

    Reference: M. Seidl, J. P. Perdew, S. Kurth, Phys. Rev. A 62, 012502 (2000).

    Args:
        rho: The density, or an object with one, such as an atom.

    Returns:
        Both ends.

    Raises:
        DensityError: There is no density, or its gradient integrals do not converge.
    """
    found = density_integrals(rho)
    if not (math.isfinite(found.w_pc) and math.isfinite(found.w_pc_prime)):
        raise DensityError(
            "the gradient integrals of the point-charge-plus-continuum model do not converge at "
            "the nucleus or at an edge of this density: the model has no value for it"
        )
    return StrongCoupling(found.w_pc, found.w_pc_prime)
