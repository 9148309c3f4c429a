"""Zero-point oscillations about the co-motion plan, and the coefficient W'_inf.

About each configuration the electrons oscillate in the potential sum l(r_ij) - sum u(r_i).
Its Hessian has exact zero modes, which are constructed, not guessed from small eigenvalues:
the rotations, and the motion along the co-motion curve. All other eigenvalues are squares
omega^2 of frequencies when the configuration is a minimum and the map is optimal in its
neighbourhood; a negative one says that it is not. Reference: Gori-Giorgi, Vignale, Seidl, J.
Chem. Theory Comput. 5, 743 (2009); W'_inf = 1/2 int (rho / N) sum omega / 2.
"""

from dataclasses import dataclass

import numpy as np

from comotion.density.radial import SMALLEST_CHARGE, Array
from comotion.errors import TransportError
from comotion.transport.pair_cost import COULOMB, PairCost
from comotion.transport.plan import Plan
from comotion.transport.potential import radial_forces

#: Largest share of W'_inf that its error may be: where one node decides, the rules with all
#: nodes and with half of them differ by all of it.
_KNOWN = 0.5
#: Largest weight of the nodes in gaps that is put down to rounding.
_IN_GAPS = 1e-9
#: An eigenvalue is negative from this fraction of the largest one of its node on.
_NEGATIVE = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class ZeroPoint:
    """Frequencies of the zero-point oscillations.

    Attributes:
        w_inf_prime: Zero-point coefficient of the plan, W'_inf where the plan is optimal, hartree;
            nan where its error is more than half of itself, as ``missing`` says.
        quadrature_error: Change of it when every second node is left out, hartree; infinite
            where nodes that count lie in a gap of the density.
        frequencies: Eigenfrequencies at each node in no gap, ascending, shape
            (n, 3 N - zero modes), hartree; imaginary ones count as zero.
        least_eigenvalue: Smallest omega^2 that belongs to no zero mode, in units of the
            largest one of its node; negative where something is no minimum.
        unstable_share: Share of all q whose configuration has a negative eigenvalue.
        zero_mode_residual: Largest |H v| of a zero mode v in units of the largest
            eigenvalue: how exactly they are zero modes.
    """

    w_inf_prime: float
    quadrature_error: float
    frequencies: Array
    least_eigenvalue: float
    unstable_share: float
    zero_mode_residual: float

    def __repr__(self) -> str:
        """W'_inf with its error, and how stable the plan is, in a line."""
        value = f"{self.w_inf_prime:.8f} +- {self.quadrature_error:.0e} hartree"
        return (
            f"<ZeroPoint: W'_inf {value if self.missing is None else 'unknown'}, "
            f"unstable share {self.unstable_share:.3g}>"
        )

    @property
    def missing(self) -> str | None:
        """Why there is no W'_inf, in a sentence, or None where there is one."""
        if not np.isnan(self.w_inf_prime):
            return None
        return (
            f"its quadrature error is {self.quadrature_error:.1e} hartree, more than half of "
            "itself: somewhere an electron hardly meets any charge on its way"
        )


def zero_point(plan: Plan) -> ZeroPoint:
    """Zero-point oscillations at every node of a plan.

    Reference: Gori-Giorgi, Vignale, Seidl, J. Chem. Theory Comput. 5, 743 (2009).

    Args:
        plan: The plan, a curve: of the co-motion maps or another pattern.

    Returns:
        Frequencies and the coefficient W'_inf.

    Raises:
        TransportError: The plan is no curve.
    """
    if plan.cells is not None:
        raise TransportError("a plan by cells has no curve to oscillate about: give a pattern")
    if plan.n_electrons < 2:
        return ZeroPoint(0.0, 0.0, np.empty((len(plan.weights), 0)), 0.0, 0.0, 0.0)
    charge = 4 * np.pi * plan.radii**2 * plan.density.density(plan.radii)
    # In a gap of the density a radius has no slope; a node there has no weight but for rounding.
    held = np.all(charge * plan.radii > SMALLEST_CHARGE, axis=1)
    all_positions, all_radii = plan.positions[held], plan.radii[held]
    slopes = np.where(plan.upward, 1.0, -1.0) / charge[held]
    forces = radial_forces(all_radii, all_positions, plan.pair_cost)
    squares, residuals = [], []
    for position, radii, slope, force in zip(all_positions, all_radii, slopes, forces, strict=True):
        square, residual = _node(position, radii, slope, force, plan.pair_cost)
        squares.append(square)
        residuals.append(residual)
    eigenvalues = np.array(squares)
    frequencies = np.sqrt(np.maximum(eigenvalues, 0.0))
    sums = np.zeros(len(held))
    sums[held] = np.sum(frequencies, axis=1) / 4
    value = float(plan.weights @ sums)
    error = abs(value - float(2 * plan.weights[1::2] @ sums[1::2]))
    if np.sum(plan.weights[~held]) > _IN_GAPS:
        error = float("inf")
    relative = eigenvalues[:, 0] / eigenvalues[:, -1]
    return ZeroPoint(
        w_inf_prime=value if error <= _KNOWN * value else float("nan"),
        quadrature_error=error,
        frequencies=frequencies,
        least_eigenvalue=float(np.min(relative)),
        unstable_share=float(plan.weights[held] @ (relative < -_NEGATIVE)),
        zero_mode_residual=float(np.max(residuals)),
    )


def _node(
    position: Array, radii: Array, slope: Array, force: Array, pair_cost: PairCost
) -> tuple[Array, float]:
    """Squares of the frequencies at one configuration.

    Args:
        position: Positions, shape (3, N), bohr.
        radii: Their distances from the nucleus, shape (N,), bohr.
        slope: dR_i/dq along the co-motion curve, shape (N,), bohr.
        force: u'(R_i) = dE_N/dR_i, shape (N,), hartree per bohr.
        pair_cost: The repulsion l(d) of two electrons.

    Returns:
        Eigenvalues beside the zero modes, ascending, and the residual of the zero modes.
    """
    n = len(radii)
    frame = _local_frames(position / radii)
    hessian = frame.T @ pair_hessian(position, pair_cost) @ frame
    # Radial coordinates are 0..N-1, the two tangential ones of each electron follow. On the
    # sphere -u'(r) gives the tangential directions the stiffness -u'/r.
    tangential = np.arange(n, 3 * n)
    hessian[tangential, tangential] -= np.repeat(force / radii, 2)
    radial = slice(0, n)
    angular = slice(n, 3 * n)
    # How the directions follow when the radii move; rotations are left out of the inverse.
    response = -np.linalg.pinv(hessian[angular, angular], rcond=1e-9, hermitian=True)
    following = response @ hessian[angular, radial]
    effective = hessian[radial, radial] + hessian[radial, angular] @ following
    # Along the curve the force on each electron remains u'(R_i): that is u''(R_i).
    hessian[np.arange(n), np.arange(n)] -= (effective @ slope) / slope
    curve = np.concatenate((slope, following @ slope))
    turns = frame.T @ rotations(position) / np.linalg.norm(radii)
    modes = np.column_stack((turns, curve / np.linalg.norm(curve)))
    left, _, _ = np.linalg.svd(modes, full_matrices=True)
    # Two electrons, always on a line, turn about two axes; three or more about three.
    rank = 3 if n == 2 else 4
    zero, others = left[:, :rank], left[:, rank:]
    eigenvalues = np.linalg.eigvalsh(others.T @ hessian @ others)
    residual = float(np.linalg.norm(hessian @ zero, axis=0).max() / eigenvalues[-1])
    return eigenvalues, residual


def pair_hessian(position: Array, pair_cost: PairCost = COULOMB) -> Array:
    """Second derivatives of sum_{i<j} l(r_ij).

    Args:
        position: Positions of electrons apart from one another, shape (3, N), bohr.
        pair_cost: The repulsion l(d) of two electrons.

    Returns:
        Matrix over (axis, electron), axis slowest, shape (3 N, 3 N), hartree per bohr^2.
    """
    n = position.shape[1]
    difference = position[:, :, None] - position[:, None, :]
    distance = np.sqrt(np.sum(difference**2, axis=0))
    np.fill_diagonal(distance, 1.0)
    unit = difference / distance
    along = unit[:, None] * unit[None]
    # l'' e e + l' / d (1 - e e) for an electron against itself, the negative for a pair.
    pull = pair_cost.slope(distance) / distance
    block = (pair_cost.curvature(distance) - pull) * along + pull * np.eye(3)[:, :, None, None]
    block[:, :, np.arange(n), np.arange(n)] = 0.0
    hessian = -block
    diagonal = np.arange(n)
    hessian[:, :, diagonal, diagonal] = np.sum(block, axis=3)
    return np.asarray(hessian.transpose(0, 2, 1, 3).reshape(3 * n, 3 * n))


def _local_frames(unit: Array) -> Array:
    """Orthogonal matrix from radial and tangential to Cartesian coordinates, (3 N, 3 N)."""
    n = unit.shape[1]
    frame = np.zeros((3, n, 3 * n))
    for i in range(n):
        # The axis least along the radius makes the first tangent.
        helper = np.eye(3)[int(np.argmin(np.abs(unit[:, i])))]
        first = np.cross(unit[:, i], helper)
        first /= np.linalg.norm(first)
        frame[:, i, i] = unit[:, i]
        frame[:, i, n + 2 * i] = first
        frame[:, i, n + 2 * i + 1] = np.cross(unit[:, i], first)
    return frame.reshape(3 * n, 3 * n)


def rotations(position: Array) -> Array:
    """Displacements of the rotations about the three axes, shape (3 N, 3)."""
    return np.stack(
        [np.cross(axis, position, axisb=0, axisc=0).ravel() for axis in np.eye(3)], axis=1
    )
