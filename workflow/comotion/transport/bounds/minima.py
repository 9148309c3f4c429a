"""Minima of V - sum u that carry an optimal plan, and the frequencies about them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array
from comotion.transport.bounds import pricing
from comotion.transport.bounds.configurations import Configurations, radii_of, scale_of
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.zero_point import pair_hessian, rotations

#: Tolerance of the relaxation in units of the scale of the costs, and most evaluations.
_RELAXED, _EVALUATIONS = 1e-15, 5000
#: Weight from which a configuration is in use.
_USED = 1e-12


@dataclass(frozen=True, eq=False)
class Minima:
    """Minima of V - sum u that carry an optimal plan, and their frequencies.

    Attributes:
        positions: Positions, shape (m, 3, N), bohr.
        weights: Weights, shape (m,), sum 1.
        slack: V - sum u - min, shape (m,), hartree.
        eigenvalues: omega^2 without rotations, ascending, shape (m, 3 N - 3), for two electrons
            (m, 4), hartree^2.
        smoothed: The same after the least change of u'' that makes the energy flat along the mode
            of the first one.
        between_knots: Whether all electrons are between the outermost knots of the potential,
            shape (m,). Beyond them it is hardly known: at the end of its table it has a kink, on
            which an electron may sit as if it were a minimum.
    """

    positions: Array
    weights: Array
    slack: Array
    eigenvalues: Array
    smoothed: Array
    between_knots: NDArray[np.bool_]

    @property
    def frequencies(self) -> Array:
        """Frequencies, the lowest first, shape of `eigenvalues`, hartree; imaginary ones are 0."""
        return np.asarray(np.sqrt(np.maximum(self.eigenvalues, 0.0)))

    @property
    def relative(self) -> Array:
        """The lowest eigenvalue of each in units of its largest, shape (m,)."""
        return np.asarray(self.eigenvalues[:, 0] / self.eigenvalues[:, -1])

    @property
    def rippled_sums(self) -> Array:
        """A quarter of the sum of all frequencies but the lowest, shape (m,), hartree."""
        return np.asarray(np.sum(self.frequencies[:, 1:], axis=1) / 4)

    @property
    def imaginary_sums(self) -> Array:
        """A quarter of the sum of the moduli of imaginary frequencies, shape (m,), hartree."""
        return np.asarray(np.sum(np.sqrt(np.maximum(-self.eigenvalues, 0.0)), axis=1) / 4)

    @property
    def smoothed_sums(self) -> Array:
        """The same after the change of u'', shape (m,): what has become negative counts as 0."""
        return np.asarray(np.sum(np.sqrt(np.maximum(self.smoothed, 0.0)), axis=1) / 4)


def minima_of(bound: DualBound) -> Minima:
    """The minima of V - sum u near the active configurations of a bound.

    Args:
        bound: The bound, in any unit.

    Returns:
        Those with a weight in the best plan that its space allows, relaxed, with frequencies.
    """
    unit = bound.space.unit
    inner = bound.stretched(1 / unit, bound.density.stretched(1 / unit))
    space, active = inner.space, inner.configurations
    weights = Configurations(space, active).programme.solve().weights
    used = weights > _USED
    scale = scale_of(active, space.pair_cost)
    table = space.table(inner.coefficients)
    positions = np.ascontiguousarray(active[used])
    for x in positions:
        pricing.relax(x, table, _RELAXED * scale, _EVALUATIONS)
    squares = [_squares(inner, x) for x in positions]
    # Energies are those of the inner unit over the unit, lengths those times the unit.
    eigenvalues, smoothed = (np.array(kind) / unit**3 for kind in zip(*squares, strict=True))
    radii = radii_of(positions)
    first, last = np.exp(space.knots[[0, -1]])
    return Minima(
        positions=positions * unit,
        weights=weights[used],
        slack=inner.slack_of(positions) / unit,
        eigenvalues=eigenvalues,
        smoothed=smoothed,
        between_knots=np.all((radii >= first) & (radii <= last), axis=1),
    )


def _squares(bound: DualBound, position: Array) -> tuple[Array, Array]:
    """Squares of the frequencies at a configuration, rotations left out.

    Args:
        bound: The bound, in the unit of its space.
        position: Positions, shape (3, N).

    Returns:
        Eigenvalues, ascending, and those after the least change of u'' that makes the energy flat
        along the mode of the first.
    """
    n = position.shape[1]
    radii = np.sqrt(np.sum(position**2, axis=0))
    unit = position / radii
    hessian = bound_hessian(bound, position)
    left, _, _ = np.linalg.svd(rotations(position), full_matrices=True)
    # Two electrons, always on a line, turn about two axes; three or more about three.
    others = left[:, 2 if n == 2 else 3 :]
    eigenvalues, modes = np.linalg.eigh(others.T @ hessian @ others)
    # Square of the radial part of the lowest mode, by electron.
    share = np.sum(unit * (others @ modes[:, 0]).reshape(3, n), axis=0) ** 2
    # A ripple of g in log r changes u'' by this much more at one radius than at another.
    scale = radii**-2
    if bound.pair_cost.is_coulomb:
        scale = scale / np.sqrt(radii**2 + bound.space.b**2)
    total = np.sum(scale**2 * share**2)
    if eigenvalues[0] <= 0 or total == 0:
        change = np.zeros(n)
    else:
        change = eigenvalues[0] * scale**2 * share / total
    flat = hessian - _radial_blocks(unit, change)
    return eigenvalues, np.linalg.eigvalsh(others.T @ flat @ others)


def bound_hessian(bound: DualBound, position: Array) -> Array:
    """Second derivatives of V - sum u.

    Args:
        bound: The bound whose u it is.
        position: Positions, shape (3, N), bohr.

    Returns:
        Matrix over (axis, electron), axis slowest, shape (3 N, 3 N), hartree per bohr^2.
    """
    radii = np.sqrt(np.sum(position**2, axis=0))
    slope, curvature = potential_derivatives(bound, radii)
    blocks = _radial_blocks(position / radii, curvature - slope / radii)
    isotropic = np.diag(np.tile(slope / radii, 3))
    return np.asarray(pair_hessian(position, bound.pair_cost) - blocks - isotropic)


def potential_derivatives(bound: DualBound, r: Array) -> tuple[Array, Array]:
    """u'(r) and u''(r) of a bound by its polynomials.

    Args:
        bound: The bound.
        r: Radii, shape (n,), bohr.

    Returns:
        Both, shape (n,), hartree per bohr and per bohr^2.
    """
    space = bound.space
    table, y = space.table(bound.coefficients), r / space.unit
    place = (np.log(y) - table.start) * table.inverse_step
    last = len(table.coefficients) - 1
    cell = np.clip(np.floor(place).astype(np.int64), 0, last)
    s = np.clip(place - cell, 0.0, 1.0)
    a, b, c, d = table.coefficients[cell].T
    # g is constant beyond both ends.
    inside = (place >= 0) & (place < last + 1)
    g = a + s * (b + s * (c + s * d))
    first = np.where(inside, (b + s * (2 * c + 3 * s * d)) * table.inverse_step, 0.0)
    second = np.where(inside, (2 * c + 6 * s * d) * table.inverse_step**2, 0.0)
    slope, curvature = first / y, (second - first) / y**2
    square = y**2 + table.b_square
    if space.pair_cost.is_coulomb:
        # u = g h with h = (y^2 + b^2)^(-1/2).
        h, h1 = square**-0.5, -y * square**-1.5
        h2 = (2 * y**2 - table.b_square) * square**-2.5
        slope, curvature = slope * h + g * h1, curvature * h + 2 * slope * h1 + g * h2
    else:
        # u = g + tail l(stretch (y^2 + b^2)^(1/2)).
        far = table.stretch * np.sqrt(square)
        pull = space.pair_cost.slope(far) * table.stretch * table.tail
        bend = space.pair_cost.curvature(far) * table.stretch**2 * table.tail
        slope = slope + pull * y / np.sqrt(square)
        curvature = curvature + bend * y**2 / square + pull * table.b_square * square**-1.5
    return np.asarray(slope / space.unit**2), np.asarray(curvature / space.unit**3)


def _radial_blocks(unit: Array, values: Array) -> Array:
    """sum_i values_i e_i e_i over (axis, electron), of directions e (3, N): (3 N, 3 N)."""
    n = unit.shape[1]
    blocks = np.zeros((3, n, 3, n))
    i = np.arange(n)
    blocks[:, i, :, i] = np.einsum("ai,bi,i->iab", unit, unit, values)
    return blocks.reshape(3 * n, 3 * n)
