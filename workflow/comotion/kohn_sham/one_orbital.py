"""The Kohn-Sham system of one or two electrons, in closed form.

Its only orbital is ``phi = (rho / N)^(1/2)``, so ``T_s = int |grad rho|^2 / (8 rho)`` and
``v_s = (1/2) Lap phi / phi + eps``; eps is minus the ionisation energy.
"""

import numpy as np
from scipy.interpolate import make_interp_spline

from comotion.density.radial import Array, RadialDensity

#: Step in log r of the grid on which log rho is interpolated, and the degree of the spline.
_STEP, _DEGREE = 0.02, 7


def kinetic_energy(density: RadialDensity) -> float:
    """T_s = int |grad rho|^2 / (8 rho) of one or two electrons, hartree."""
    nodes = density.quadrature()
    slope, _ = _logarithm(density, nodes.radii)
    return float(nodes.weights @ (slope / nodes.radii) ** 2) / 8


def potential_up_to_a_constant(density: RadialDensity, r: Array) -> Array:
    """v_s - eps = (1/2) Lap phi / phi, hartree.

    Args:
        density: A density of one or two electrons.
        r: Radii, shape (n,), bohr.
    """
    slope, curvature = (one / 2 for one in _logarithm(density, r))
    return np.asarray((slope**2 + curvature + slope) / (2 * r**2))


def _logarithm(density: RadialDensity, r: Array) -> tuple[Array, Array]:
    """First and second derivative of log rho with respect to log r."""
    x = np.log(r)
    margin = _DEGREE * _STEP
    grid = np.arange(x.min() - margin, x.max() + margin + _STEP, _STEP)
    rho = density.density(np.exp(grid))
    held = rho > 0
    spline = make_interp_spline(grid[held], np.log(rho[held]), k=_DEGREE)
    return spline(x, 1), spline(x, 2)
