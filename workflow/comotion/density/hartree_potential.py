"""The Hartree potential of a density at any radius.

``v_H(r) = int_r^inf N(s) / s^2 ds``: the field at s is that of the charge inside.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from comotion.density.radial import Array, HasDensity, RadialDensity, radial_density

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

#: Step in log r of the grid on which N(s) / s is a spline.
_STEP = 0.005


@dataclass(frozen=True, eq=False, repr=False)
class HartreePotential:
    """The Hartree potential; callable at any radius.

    Attributes:
        density: The density.
    """

    density: RadialDensity

    def __repr__(self) -> str:
        """Whose potential it is, in a line."""
        return f"<HartreePotential of {self.density!r}>"

    def __call__(self, r: ArrayLike) -> Array:
        """The potential in the gauge v_H(inf) = 0.

        Args:
            r: Radii, any shape, bohr.

        Returns:
            v_H(r), shape of ``r``, hartree: constant where there is no charge inside, N / r where
            there is none outside.
        """
        r = np.asarray(r, dtype=float)
        x, fallen = self._grid, self._fallen
        low, high = np.exp(x[0]), np.exp(x[-1])
        within = fallen(np.log(np.clip(r, low, high)))
        at_end = float(self.density.n_electrons) / np.maximum(r, high)
        return np.asarray(fallen(x[-1]) - within + at_end)

    @cached_property
    def _grid(self) -> Array:
        """Values of log r between which there is charge, shape (n,)."""
        low, high = np.log(self.density._range())
        return np.linspace(low, high, int(np.ceil((high - low) / _STEP)) + 1)

    @cached_property
    def _fallen(self) -> "CubicSpline":
        """By how much the potential falls between the first radius and log r, hartree."""
        from scipy.interpolate import CubicSpline  # noqa: PLC0415 - slow to import

        r = np.exp(self._grid)
        # The step of ds / s is that of log s.
        return CubicSpline(self._grid, self.density.cumulant(r) / r).antiderivative()


def hartree_potential(rho: RadialDensity | HasDensity) -> HartreePotential:
    """The Hartree potential of a density.

    Args:
        rho: The density, or an object with one, such as an atom.

    Returns:
        The potential, callable.

    Raises:
        DensityError: There is no density.
    """
    return HartreePotential(radial_density(rho))
