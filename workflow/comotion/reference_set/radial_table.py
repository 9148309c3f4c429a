"""A density and a potential on few radii, from which they are interpolated to a stated error.

Log rho is a cubic spline in log r through all rows, N(r) and u(r) are cubics between two rows with
their slopes. Rows are put in where an interval is not yet good at three radii within it. The
verifier reads tables of this form by code of its own (`comotion.audit.stored_density`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicHermiteSpline, CubicSpline

from comotion.density.radial import Array, RadialDensity
from comotion.errors import DensityError
from comotion.transport.potential import RadialPotential

#: Charge inside the first row, and outside the last, electrons.
END_CHARGE = 1e-10
#: Largest error of rho, relative where a unit of log r holds more than this charge, and of N(r),
#: in electrons.
ERROR = 1e-8
#: Largest relative error of u.
_POTENTIAL_ERROR = 1e-6
_FIRST_ROWS, _MOST_ROWS = 120, 6000
#: Where between two rows the interpolation is looked at.
_WITHIN = (0.25, 0.5, 0.75)


@dataclass(frozen=True, eq=False, repr=False)
class RadialTable:
    """The rows.

    Attributes:
        r: Radii, shape (n,), bohr.
        rho: Density, shape (n,), bohr^-3.
        inside: N(r), shape (n,), electrons.
        outside: N - N(r), shape (n,), electrons.
        u: Potential in the gauge u(inf) = 0, shape (n,), hartree.
        u_slope: Its derivative, shape (n,), hartree per bohr.
    """

    r: Array
    rho: Array
    inside: Array
    outside: Array
    u: Array
    u_slope: Array

    def __repr__(self) -> str:
        """Number of rows, in a line."""
        return f"<RadialTable: {len(self.r)} rows>"


def radial_table(density: RadialDensity, potential: RadialPotential) -> RadialTable:
    """The table of a density and the potential of its plan.

    Args:
        density: The density.
        potential: The potential.

    Returns:
        Its rows.

    Raises:
        DensityError: The density has a gap, or no table of so many rows is good enough.
    """
    n = density.n_electrons
    low = float(density.radius(END_CHARGE))
    high = float(density.radius(n - END_CHARGE, END_CHARGE))
    x = np.linspace(np.log(low), np.log(high), _FIRST_ROWS)
    while True:
        table = _rows(density, potential, np.exp(x))
        if not np.all(table.rho > 0):
            raise DensityError(
                "the density has a gap: the reference set holds densities that are positive "
                "between their first and their last electron"
            )
        bad = _bad_intervals(table, density, potential)
        if not np.any(bad):
            return table
        x = np.sort(np.concatenate((x, (x[:-1] + x[1:])[bad] / 2)))
        if len(x) > _MOST_ROWS:
            raise DensityError(
                f"{_MOST_ROWS} radii do not hold the density to {ERROR:g}: it is not smooth"
            )


def _rows(density: RadialDensity, potential: RadialPotential, r: Array) -> RadialTable:
    u = potential(r)
    far = r > potential.radii[-1]
    slope = potential._spline(np.log(np.clip(r, potential.radii[0], potential.radii[-1])), 1) / r
    slope = np.where(r < potential.radii[0], 0.0, slope)
    return RadialTable(
        r=r,
        rho=density.density(r),
        inside=density.cumulant(r),
        outside=density.cocumulant(r),
        u=u,
        u_slope=np.where(far, -u / r, slope),
    )


def _bad_intervals(
    table: RadialTable, density: RadialDensity, potential: RadialPotential
) -> NDArray[np.bool_]:
    """Which intervals are not yet interpolated well, shape (n - 1,)."""
    x = np.log(table.r)
    log_rho = CubicSpline(x, np.log(table.rho))
    inside = CubicHermiteSpline(x, table.inside, 4 * np.pi * table.r**3 * table.rho)
    u = CubicHermiteSpline(x, table.u, table.u_slope * table.r)
    bad = np.zeros(len(x) - 1, dtype=bool)
    for part in _WITHIN:
        at = x[:-1] + part * np.diff(x)
        r = np.exp(at)
        rho, right = density.density(r), potential(r)
        charged = 4 * np.pi * r**3 * rho > ERROR
        # A quarter of what is allowed, since nothing is looked at between these radii.
        bad |= (np.abs(np.exp(log_rho(at)) - rho) > ERROR / 4 * rho) & charged
        bad |= np.abs(inside(at) - density.cumulant(r)) > ERROR / 4
        bad |= np.abs(u(at) - right) > _POTENTIAL_ERROR * np.abs(right)
    return bad
