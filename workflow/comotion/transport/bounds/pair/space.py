"""The functions of the pair bound: cubic splines in y = r / (r + b).

This variable takes all radii to [0, 1]. A spline in y is smooth in r at the origin and, beyond its
last knot, a polynomial in 1 / (r + b): what a potential is far from an atom. In it the inequality
has no far ends, and on each pair of cells it is one between a polynomial and a square root.

Lengths are in units of b, energies in units of 1 / b.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import BSpline

from comotion.density.radial import Array, RadialDensity

#: Cells of the potential in each interval between knots of the kernels.
_FINER = 2
#: Refinement of the density's quadrature: splines are not smooth at their knots.
_REFINEMENT = 4
#: More than three roundings change a number, relative.
_ROUNDING = 4 * float(np.finfo(float).eps)
#: Points at which a piece of a spline is evaluated, and what turns values into coefficients.
_POINTS = np.array([0.125, 0.375, 0.625, 0.875])


def bernstein(a: ArrayLike) -> Array:
    """The four cubic Bernstein polynomials, shape (..., 4)."""
    a = np.asarray(a, dtype=float)[..., None]
    b = 1 - a
    return np.concatenate((b**3, 3 * a * b**2, 3 * a**2 * b, a**3), axis=-1)


@dataclass(frozen=True, eq=False, repr=False)
class PairSpace:
    """Spaces for the potential v and for the kernels K_l, and the charges that integrals need.

    Attributes:
        n_electrons: Number of electrons N.
        cells: Ends of the cells in y, shape (m, 2): those that hold charge.
        potentials: Bernstein coefficients of the functions of v, shape (p, m, 4).
        functions: Those of the functions psi_i of the kernels, shape (n, m, 4).
        sizes: How many of the last psi_i each kernel K_l has: those that vanish at r = 0 from
            l = 1 on, where a kernel depends on no angle.
        potential_charges: int rho of the functions of v, shape (p,), electrons.
        charges: int rho psi_i, shape (n,), electrons.
        overlaps: int rho psi_i psi_j, shape (n, n), electrons.
        one: Coefficients of v = 1, shape (p,).
    """

    n_electrons: int
    cells: Array
    potentials: Array
    functions: Array
    sizes: tuple[int, ...]
    potential_charges: Array
    charges: Array
    overlaps: Array
    one: Array

    def __repr__(self) -> str:
        """Sizes, in a line."""
        return (
            f"<PairSpace: {len(self.potentials)} functions of v, {len(self.functions)} of "
            f"K_0 to K_{len(self.sizes) - 1}>"
        )

    def potential_values(self, y: Array) -> Array:
        """The functions of v, shape (k, p)."""
        return self._values(self.potentials, y)

    def function_values(self, y: Array) -> Array:
        """The functions psi_i, shape (k, n)."""
        return self._values(self.functions, y)

    def _values(self, pieces: Array, y: Array) -> Array:
        cell = np.searchsorted(self.cells[:, 0], y, side="right") - 1
        cell = np.clip(cell, 0, len(self.cells) - 1)
        low, high = self.cells[cell].T
        weights = bernstein((y - low) / (high - low))
        return np.asarray(np.einsum("nkj,kj->kn", pieces[:, cell], weights))

    def whole(self, kernel: Array) -> Array:
        """A kernel's matrix over all psi_i, shape (n, n)."""
        missing = len(self.functions) - len(kernel)
        return np.pad(kernel, ((missing, 0), (missing, 0)))


def pair_space(density: RadialDensity, intervals: int, degree: int) -> PairSpace:
    """Spaces whose knots hold equal charges.

    Args:
        density: The density, its lengths in units of b.
        intervals: Intervals between knots of the kernels.
        degree: Highest l of the kernels.

    Returns:
        The spaces.
    """
    n = density.n_electrons
    inner, outer = density.support
    charge = np.linspace(0, n, intervals + 1)[1:-1]
    r = np.concatenate(([inner], density.radius(charge, n - charge), [outer]))
    knots = np.append(r[:-1] / (r[:-1] + 1), 1.0 if np.isinf(outer) else outer / (outer + 1))
    # Rounded outwards, so that the cells cover all of a density with an edge: its radius in this
    # unit, a sum and a quotient were rounded.
    if inner > 0:
        knots[0] *= 1 - _ROUNDING
    if outer < np.inf:
        knots[-1] = min(knots[-1] * (1 + _ROUNDING), np.nextafter(1.0, 0.0))
    part = np.arange(_FINER) / _FINER
    fine = np.append((knots[:-1, None] + np.diff(knots)[:, None] * part).ravel(), knots[-1])
    cells = np.stack((fine[:-1], fine[1:]), axis=1)
    rule = density.quadrature(_REFINEMENT)
    y = np.clip(rule.radii / (rule.radii + 1), fine[0], fine[-1])
    weights = rule.weights * (n / np.sum(rule.weights))
    # A kernel vanishes at infinity: what it does not, the potential and a constant take over.
    kernels = _splines(knots)[: -1 if np.isinf(outer) else None]
    splines = _splines(fine)
    psi, phi = (np.array([spline(y) for spline in some]) for some in (kernels, splines))
    scale = 1 / np.sqrt(psi**2 @ weights)
    psi = psi * scale[:, None]
    of_potential = 1 / (phi @ weights)
    first = 0 if inner > 0 else 1
    return PairSpace(
        n_electrons=n,
        cells=cells,
        potentials=_pieces(splines, cells) * of_potential[:, None, None],
        functions=_pieces(kernels, cells) * scale[:, None, None],
        sizes=(len(psi),) + (len(psi) - first,) * degree,
        potential_charges=of_potential * (phi @ weights),
        charges=psi @ weights,
        overlaps=(psi * weights) @ psi.T,
        one=1 / of_potential,
    )


def _splines(knots: Array) -> list[BSpline]:
    """The cubic B-splines of some knots, whose ends count four times."""
    full = np.concatenate((np.repeat(knots[0], 3), knots, np.repeat(knots[-1], 3)))
    identity = np.eye(len(full) - 4)
    return [BSpline(full, row, 3, extrapolate=False) for row in identity]


def _pieces(splines: list[BSpline], cells: Array) -> Array:
    """Bernstein coefficients of splines on cells that no knot divides, shape (n, m, 4)."""
    inverse = np.linalg.inv(bernstein(_POINTS))
    y = cells[:, :1] + np.diff(cells, axis=1) * _POINTS
    values = np.array([spline(y) for spline in splines])
    pieces = values @ inverse.T
    # What is zero on a cell is exactly zero there.
    return np.asarray(np.where(np.any(values != 0, axis=2)[:, :, None], pieces, 0.0))
