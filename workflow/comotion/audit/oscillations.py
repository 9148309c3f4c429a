"""The zero-point coefficient of a plan, computed again from its curve in Cartesian coordinates.

About a configuration the electrons oscillate in sum_{i<j} 1 / r_ij - sum_i u(r_i). The slope u' is
the force on an electron, and u'' is what makes the motion along the curve cost nothing: the radii
move by dR_i/dq = +-1 / (4 pi R_i^2 rho(R_i)), the directions follow. W'_inf is the integral of the
sum of all omega / 4 over q from 0 to 1. Reference: Gori-Giorgi, Vignale, Seidl, J. Chem. Theory
Comput. 5, 743 (2009).
"""

import numpy as np

from comotion.audit.set_files import Array, StoredPair
from comotion.audit.stored_density import StoredDensity

#: An eigenvalue is negative from this fraction of the largest one on.
_NEGATIVE = 1e-9


def zero_point_of(pair: StoredPair, density: StoredDensity) -> tuple[float, float]:
    """The coefficient, and the share of the curve that is unstable.

    Args:
        pair: The pair, of two electrons at least.
        density: The density of its table.

    Returns:
        W'_inf of the plan, unstable directions counted as zero, hartree; and that share.
    """
    radii, directions = pair.arrays["curve_radii"], pair.arrays["curve_directions"]
    directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    sign = np.where(pair.arrays["upward"] > 0, 1.0, -1.0)
    rho = density.density(np.clip(radii, density.r[0], density.r[-1]))
    along = sign / (4 * np.pi * radii**2 * rho)
    squares = np.array(
        [_squares(*node) for node in zip(directions, radii, along, strict=True)]
    )  # fmt: skip
    weights = pair.arrays["curve_weights"]
    sums = np.sum(np.sqrt(np.maximum(squares, 0.0)), axis=1) / 4
    unstable = np.min(squares, axis=1) < -_NEGATIVE * np.max(squares, axis=1)
    return float(weights @ sums), float(weights @ unstable)


def pair_matrix(positions: Array) -> Array:
    """Second derivatives of sum_{i<j} 1 / r_ij by electron and axis, shape (3 N, 3 N).

    Args:
        positions: Positions, shape (3, N), bohr.
    """
    n = positions.shape[1]
    apart = positions[:, :, None] - positions[:, None, :]
    distance = np.sqrt(np.sum(apart**2, axis=0))
    np.fill_diagonal(distance, np.inf)
    one = np.eye(3)[:, :, None, None]
    blocks = (one - 3 * apart[:, None] * apart[None] / distance**2) / distance**3
    same = np.arange(n)
    blocks[:, :, same, same] = -np.sum(blocks, axis=3)
    return np.asarray(blocks.transpose(2, 0, 3, 1).reshape(3 * n, 3 * n))


def forces_outward(directions: Array, radii: Array) -> Array:
    """dE/dR_i of a configuration, shape (N,), hartree per bohr.

    Args:
        directions: Unit vectors, shape (3, N).
        radii: Radii, shape (N,), bohr.
    """
    positions = directions * radii
    apart = positions[:, :, None] - positions[:, None, :]
    distance = np.sqrt(np.sum(apart**2, axis=0))
    np.fill_diagonal(distance, np.inf)
    return np.asarray(-np.sum(directions * np.sum(apart / distance**3, axis=2), axis=0))


def _squares(directions: Array, radii: Array, along: Array) -> Array:
    """Squares of the frequencies of a configuration, those of zero modes left out.

    Args:
        directions: Unit vectors, shape (3, N).
        radii: Radii, shape (N,), bohr.
        along: dR_i/dq along the curve, shape (N,), bohr.
    """
    n = len(radii)
    outward = np.zeros((3 * n, n))
    for i in range(n):
        outward[3 * i : 3 * i + 3, i] = directions[:, i]
    sideways = np.linalg.svd(outward)[0][:, n:]
    stiffness = np.repeat(forces_outward(directions, radii) / radii, 3)
    # A spherical u gives directions across the radius the stiffness u'/r.
    across = np.eye(3 * n) - outward @ outward.T
    matrix = pair_matrix(directions * radii) - stiffness[:, None] * across
    move = outward @ along
    turned = sideways.T @ matrix
    move = move + sideways @ np.linalg.lstsq(turned @ sideways, -turned @ move, rcond=1e-9)[0]
    curvature = (outward.T @ matrix @ move) / along
    found = np.linalg.eigvalsh(matrix - (outward * curvature) @ outward.T)
    # The rotations, two for two electrons on a line, and the motion along the curve.
    zero = 3 if n == 2 else 4
    return np.asarray(found[np.argsort(np.abs(found))][zero:])
