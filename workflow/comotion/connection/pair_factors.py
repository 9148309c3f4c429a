"""Two electrons whose wave function is a factor times the product of their Kohn-Sham orbitals.

``psi = phi(r_1) phi(r_2) f(r_1, r_2, r_12)`` with ``phi = (rho / 2)^(1/2)``. As phi solves its own
equation in v_s, ``<psi|T + v_s(1) + v_s(2) - 2 eps|psi> = 1/2 int phi^2 phi^2 (|grad_1 f|^2 +
|grad_2 f|^2)``: the density is all that the matrix elements need, and f = 1 is the state without
interaction. The other factors are ``(1 + P_12) exp(-a r_1 - b r_2) L_l(x) L_m(y) L_n(z)``,
l + m + n <= w, with Laguerre polynomials of the perimetric coordinates x = r_2 + r_12 - r_1,
y = r_1 + r_12 - r_2, z = r_1 + r_2 - r_12 (Pekeris, Phys. Rev. 112, 1649 (1958)), each in its
unit. The exponentials let one electron stay inside while the other is far out.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import eval_genlaguerre

from comotion.density.functionals import hartree
from comotion.density.radial import Array, RadialDensity
from comotion.electronic.two_electrons import polynomial_degrees
from comotion.errors import DensityError
from comotion.kohn_sham.blocks import orthonormal

#: Exponents a and b, and the rates of x, y and z, in units of the inverse of the radius R(1) that
#: encloses one electron. a between 2 and 3 and b between 0.3 and 0.6 are about the best for H-, He
#: and Ne8+; b matters at strong coupling. The rates only condition the functions.
_EXPONENTS, _RATES = (2.0, 0.4), (1.0, 3.0, 4.0)
#: Nodes in the first radius, and in the second one inside and outside of it, per order. With fewer
#: there are functions that oscillate between the nodes far outside; they fall below the ground
#: state of H- in order 10 and 12.
_NODES = (5, 3, 4)
#: Charge outside of the last radius, electrons.
_OUTSIDE = 1e-13
#: Directions in function space with less overlap than this are left out, relative.
_INDEPENDENT = 1e-12
#: Largest relative error of the charge and of U by the quadrature.
_QUADRATURE = 1e-7


@dataclass(frozen=True, eq=False, repr=False)
class PairSpace:
    """Matrices in orthonormal factors, of which k are independent.

    Attributes:
        order: Highest degree w.
        unit: R(1), bohr.
        radii: Nodes, shape (n,), bohr.
        charge: Electrons at each of them, 4 pi r^2 rho times a weight, shape (n,).
        uncoupled: f = 1 in these factors, shape (k,).
        kinetic: T + v_s(1) + v_s(2) - 2 eps, shape (k, k), hartree.
        repulsion: 1 / r_12, shape (k, k), hartree.
        charges: Electrons at each node, shape (n, k, k): that of f = 1 is `charge`.
        hartree: U, hartree.
    """

    order: int
    unit: float
    radii: Array
    charge: Array
    uncoupled: Array
    kinetic: Array
    repulsion: Array
    charges: Array
    hartree: float

    def __repr__(self) -> str:
        """Order and size, in a line."""
        return f"<PairSpace: w = {self.order}, {len(self.uncoupled)} functions>"

    def potential(self, values: Array) -> Array:
        """Matrix of u(r_1) + u(r_2) from u at the nodes, shape (k, k)."""
        return np.asarray(np.tensordot(values, self.charges, axes=1))


@dataclass(frozen=True, eq=False, repr=False)
class _Points:
    """Points of a quadrature of d3r_1 d3r_2 rho(r_1) rho(r_2) / 4.

    Attributes:
        r1: Shape (n, 1, 1), bohr.
        r2: Shape (n, m, 1), bohr.
        r12: Shape (n, m, j), bohr.
        weights: Shape (n, m, j), of sum 1.
    """

    r1: Array
    r2: Array
    r12: Array
    weights: Array

    def __repr__(self) -> str:
        """Their number, in a line."""
        return f"<_Points: {self.weights.size}>"


def pair_spaces(density: RadialDensity, orders: tuple[int, ...]) -> list[PairSpace]:
    """Spaces of factors up to some orders.

    Args:
        density: A density of two electrons.
        orders: Highest degrees w.

    Returns:
        The spaces, in the order asked for.

    Raises:
        DensityError: Not two electrons, or a density that the quadrature does not integrate.
    """
    if density.n_electrons != 2:
        raise DensityError(
            f"a pair has two electrons: the density has {density.n_electrons}; give one of two"
        )
    highest = max(orders)
    unit = float(density.radius(1.0, 1.0))
    points = _points(density, unit, highest)
    energy = hartree(density)
    _require_quadrature(points, energy)
    values, *slopes = _factors(points, unit, highest)
    kinetic = _kinetic(points, *slopes)
    weighted = values * points.weights.ravel()
    repulsion = (weighted / points.r12.ravel()) @ values.T
    size = len(values)
    # u(r_1) + u(r_2) has twice the expectation value of u(r_1).
    by_radius = values.reshape(size, len(points.r1), -1).transpose(1, 0, 2)
    shares = 2 * points.weights.reshape(len(points.r1), 1, -1)
    charges = np.matmul(by_radius * shares, by_radius.transpose(0, 2, 1))
    degrees = np.concatenate(([0], polynomial_degrees(highest).sum(axis=0)))
    spaces = []
    for order in orders:
        held = degrees <= order
        block = np.ix_(held, held)
        by_node = charges[:, held][:, :, held]
        basis = _orthonormal(np.sum(by_node, axis=0) / 2)
        spaces.append(
            PairSpace(
                order=order,
                unit=unit,
                radii=points.r1.ravel(),
                charge=2 * np.sum(points.weights, axis=(1, 2)),
                uncoupled=basis.T @ np.sum(weighted[held], axis=1),
                kinetic=basis.T @ kinetic[block] @ basis,
                repulsion=basis.T @ repulsion[block] @ basis,
                charges=basis.T @ by_node @ basis,
                hartree=energy,
            )
        )
    return spaces


def _kinetic(points: _Points, by_r1: Array, by_r2: Array, by_r12: Array) -> Array:
    """1/2 int phi^2 phi^2 (|grad_1 f|^2 + |grad_2 f|^2), shape (functions, functions), hartree."""
    weights = points.weights.ravel()
    r1, r2, r12 = _distances(points)
    # |grad_1 f|^2 = f_1^2 + f_12^2 + 2 f_1 f_12 cos, with the angle at electron 1.
    cos_1 = (r1**2 + r12**2 - r2**2) / (2 * r1 * r12)
    cos_2 = (r2**2 + r12**2 - r1**2) / (2 * r2 * r12)
    mixed = (by_r1 * (weights * cos_1) + by_r2 * (weights * cos_2)) @ by_r12.T / 2
    radial = ((by_r1 * weights) @ by_r1.T + (by_r2 * weights) @ by_r2.T) / 2
    return np.asarray(radial + (by_r12 * weights) @ by_r12.T + mixed + mixed.T)


def _distances(points: _Points) -> tuple[Array, ...]:
    """r_1, r_2 and r_12 of all points, shape (points,) each."""
    return tuple(at.ravel() for at in np.broadcast_arrays(points.r1, points.r2, points.r12))


def _points(density: RadialDensity, unit: float, order: int) -> _Points:
    """Gauss-Legendre points in r / (r + R(1)) of both radii, and in r_12."""
    last = float(density.radius(2 - _OUTSIDE, _OUTSIDE))
    end = last / (last + unit)
    first, inner, outer = (per_order * order for per_order in _NODES)
    x, w = np.polynomial.legendre.leggauss(first)
    y1, w1 = end * (x + 1) / 2, end * w / 2
    x_in, w_in = np.polynomial.legendre.leggauss(inner)
    x_out, w_out = np.polynomial.legendre.leggauss(outer)
    inside, beyond = y1[:, None], end - y1[:, None]
    y2 = np.concatenate((inside * (x_in + 1) / 2, inside + beyond * (x_out + 1) / 2), axis=1)
    w2 = np.concatenate((inside * w_in / 2, beyond * w_out / 2), axis=1)
    # The integrand is a polynomial of degree 2 w + 1 in r_12.
    angle, w12 = np.polynomial.legendre.leggauss(order + 1)
    r1, r2 = (unit * y / (1 - y) for y in (y1[:, None, None], y2[..., None]))
    steps = (w1[:, None, None] * w2[..., None]) * ((r1 + unit) * (r2 + unit) / unit) ** 2
    shorter = np.minimum(r1, r2)
    r12 = np.maximum(r1, r2) + shorter * angle
    # d3r_1 d3r_2 = 8 pi^2 r_1 r_2 r_12 dr_1 dr_2 dr_12.
    pairs = 2 * np.pi**2 * r1 * r2 * density.density(r1) * density.density(r2)
    return _Points(r1, r2, r12, pairs * steps * shorter * w12 * r12)


def _require_quadrature(points: _Points, energy: float) -> None:
    """Check that the points integrate the density and its Hartree energy.

    Raises:
        DensityError: They do not.
    """
    charge = float(np.sum(points.weights))
    repulsion = 2 * float(np.sum(points.weights / points.r12))
    error = max(abs(charge - 1), abs(repulsion / energy - 1))
    if not error < _QUADRATURE:
        raise DensityError(
            f"the quadrature of pairs errs by {error:.1e} for this density, more than "
            f"{_QUADRATURE:.0e}: give a density that is smooth but for its cusp at the nucleus"
        )


def _orthonormal(overlap: Array) -> Array:
    """Columns that make functions with this overlap orthonormal, dependent ones left out."""
    scale = 1 / np.sqrt(np.diag(overlap))
    return scale[:, None] * orthonormal(overlap * scale[:, None] * scale, _INDEPENDENT)


def _factors(points: _Points, unit: float, order: int) -> tuple[Array, Array, Array, Array]:
    """Values of the factors and their derivatives by r_1, r_2 and r_12, (functions, points)."""
    r1, r2, r12 = _distances(points)
    x, y, z = r2 + r12 - r1, r1 + r12 - r2, r1 + r2 - r12
    direct = _one_order(x / unit, y / unit, z / unit, order)
    exchanged = _one_order(y / unit, x / unit, z / unit, order)
    ones, zeros = np.ones((1, r1.size)), np.zeros((1, r1.size))
    value = np.concatenate((ones, direct[0] + exchanged[0]))
    by_x, by_y, by_z = (
        np.concatenate((zeros, (direct[i] + exchanged[j]) / unit))
        for i, j in ((1, 2), (2, 1), (3, 3))
    )
    return value, -by_x + by_y + by_z, by_x - by_y + by_z, by_x + by_y - by_z


def _one_order(x: Array, y: Array, z: Array, order: int) -> tuple[Array, Array, Array, Array]:
    """exp(-a r_1 - b r_2) L_l(x) L_m(y) L_n(z), and its derivatives by x, y and z."""
    a, b = _EXPONENTS
    tables = []
    # r_1 = (y + z) / 2 and r_2 = (x + z) / 2.
    for degree, at, rate, decay in zip(
        polynomial_degrees(order), (x, y, z), _RATES, (b / 2, a / 2, (a + b) / 2), strict=True
    ):
        value = np.array([eval_genlaguerre(n, 0, rate * at) for n in range(order + 1)])
        slope = np.array(
            [np.zeros_like(at)]
            + [-rate * eval_genlaguerre(n - 1, 1, rate * at) for n in range(1, order + 1)]
        )
        damping = np.exp(-decay * at)
        tables.append((value[degree] * damping, (slope - decay * value)[degree] * damping))
    (of_x, by_x), (of_y, by_y), (of_z, by_z) = tables
    return of_x * of_y * of_z, by_x * of_y * of_z, of_x * by_y * of_z, of_x * of_y * by_z
