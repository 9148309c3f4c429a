"""Two electrons exactly: the ground state of a helium-like ion in Hylleraas coordinates.

``psi = (1 + P_12) exp(-a r_1 - b r_2) sum c_lmn L_l(b x) L_m(a y) L_n((a + b) z)`` over
l + m + n <= w, with Laguerre polynomials of the perimetric coordinates x = r_2 + r_12 - r_1,
y = r_1 + r_12 - r_2, z = r_1 + r_2 - r_12 (Pekeris, Phys. Rev. 112, 1649 (1958)). In these every
matrix element is an integral of a polynomial against an exponential, which Gauss-Laguerre
quadrature does exactly, and the functions are so nearly orthogonal that double precision
suffices. Two exponents let one electron be far out, as in H-.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import eval_genlaguerre, roots_laguerre

from comotion.density.radial import Array
from comotion.density.table import TabulatedDensity, tabulated
from comotion.errors import ElectronicStructureError

#: The exponents are optimised at most at this order: beyond it they matter little.
_OPTIMISED = 7
#: Directions in function space with less overlap than this are left out, relative.
_INDEPENDENT = 1e-12
#: Largest residual of the eigenvector, relative to the energy.
_RESIDUAL = 1e-8
#: Rows per unit of log r of the density's table; the interpolation errs by 1e-10.
_ROWS_PER_LOG = 100
_FIRST_RADIUS = 1e-5
#: Nodes in the other electron's radius, inside and outside of the first one's.
_INNER, _OUTER = 90, 60


class _Solution(NamedTuple):
    """The ground state at one order, at given exponents.

    Attributes:
        energy: E, hartree.
        parts: Expectation values by the names of `_matrices`.
        coefficients: c_lmn, shape (w + 1, w + 1, w + 1).
        functions: Number of linearly independent functions.
        residual: Norm of (H - E) psi, hartree.
    """

    energy: float
    parts: dict[str, float]
    coefficients: Array
    functions: int
    residual: float


@dataclass(frozen=True, eq=False, repr=False)
class HylleraasState:
    """Ground state of two electrons.

    Attributes:
        nuclear_charge: Z.
        order: Highest total degree w of the polynomials.
        exponents: a and b, bohr^-1.
        coefficients: c_lmn, shape (w + 1, w + 1, w + 1), of the normalised state.
        functions: Number of linearly independent functions.
        energy: E, hartree.
        energy_change: E of the next lower order minus E, hartree.
        v_quantum: <1/r_12>, hartree.
        v_quantum_change: The same change of it, hartree.
        kinetic: T, hartree.
        nuclear_attraction: Energy in the field of the nucleus, hartree.
        b_1: <cos theta_12>.
        residual: Norm of (H - E) psi among the functions, hartree.
        converged: Whether that is small and the exponents were found.
    """

    nuclear_charge: int
    order: int
    exponents: tuple[float, float]
    coefficients: Array
    functions: int
    energy: float
    energy_change: float
    v_quantum: float
    v_quantum_change: float
    kinetic: float
    nuclear_attraction: float
    b_1: float
    residual: float
    converged: bool

    def __repr__(self) -> str:
        return (
            f"<HylleraasState: Z = {self.nuclear_charge}, w = {self.order}, "
            f"E = {self.energy:.10f} hartree>"
        )

    @property
    def virial_ratio(self) -> float:
        """-(E - T) / T, 2 for the exact state."""
        return -(self.energy - self.kinetic) / self.kinetic


def solve_two_electrons(nuclear_charge: int, order: int) -> HylleraasState:
    """Ground state of two electrons at a nucleus, in perimetric coordinates.

    Reference: Pekeris, Phys. Rev. 112, 1649 (1958).

    Args:
        nuclear_charge: Z.
        order: Highest total degree w, at least 2.

    Returns:
        The state, with exponents that minimise the energy at order min(w, 7).

    Raises:
        ElectronicStructureError: The order is below 2, or the state did not converge.
    """
    if order < 2:
        raise ElectronicStructureError(
            f"a Hylleraas level needs an order w of at least 2: w{order}"
        )
    start = (nuclear_charge + 0.1, max(nuclear_charge - 0.5, 0.56))

    def energy_of(logs: Array) -> float:
        return _ground(nuclear_charge, tuple(np.exp(logs)), min(order, _OPTIMISED)).energy

    found = minimize(energy_of, np.log(start), method="Nelder-Mead", tol=5e-3)
    exponents = (float(np.exp(found.x[0])), float(np.exp(found.x[1])))
    best, lower = (_ground(nuclear_charge, exponents, w) for w in (order, order - 1))
    parts = best.parts
    converged = bool(found.success) and best.residual < _RESIDUAL * abs(best.energy)
    if not converged:
        raise ElectronicStructureError(
            f"the Hylleraas state of Z = {nuclear_charge} and w = {order} did not converge "
            f"(residual {best.residual:.1e} hartree): take a lower order"
        )
    return HylleraasState(
        nuclear_charge=nuclear_charge,
        order=order,
        exponents=exponents,
        coefficients=best.coefficients,
        functions=best.functions,
        energy=best.energy,
        energy_change=lower.energy - best.energy,
        v_quantum=parts["repulsion"],
        v_quantum_change=lower.parts["repulsion"] - parts["repulsion"],
        kinetic=parts["kinetic"],
        nuclear_attraction=-nuclear_charge * parts["attraction"],
        b_1=parts["cosine"],
        residual=best.residual,
        converged=converged,
    )


def polynomial_degrees(order: int) -> Array:
    """Degrees (l, m, n) of the basis functions, shape (3, functions)."""
    return np.array(
        [
            (i, j, k)
            for i in range(order + 1)
            for j in range(order + 1 - i)
            for k in range(order + 1 - i - j)
        ]
    ).T


def _ground(nuclear_charge: int, exponents: tuple[float, ...], order: int) -> _Solution:
    """The ground state at given exponents."""
    matrices = _matrices(exponents, order)
    overlap = matrices["overlap"]
    hamiltonian = (
        matrices["kinetic"] - nuclear_charge * matrices["attraction"] + matrices["repulsion"]
    )
    scale = 1 / np.sqrt(np.diag(overlap))
    values, vectors = np.linalg.eigh(overlap * scale[:, None] * scale)
    kept = values > _INDEPENDENT * values[-1]
    basis = scale[:, None] * vectors[:, kept] / np.sqrt(values[kept])
    projected = basis.T @ hamiltonian @ basis
    energies, states = np.linalg.eigh(projected)
    residual = float(np.linalg.norm(projected @ states[:, 0] - energies[0] * states[:, 0]))
    state = basis @ states[:, 0]
    parts = {name: float(state @ matrix @ state) for name, matrix in matrices.items()}
    coefficients = np.zeros((order + 1,) * 3)
    coefficients[tuple(polynomial_degrees(order))] = state
    return _Solution(float(energies[0]), parts, coefficients, int(np.sum(kept)), residual)


def _matrices(exponents: tuple[float, ...], order: int) -> dict[str, Array]:
    """Matrix elements of the symmetrised functions, each (functions, functions).

    With both functions symmetrised every element is twice that of one symmetrised function:
    hence the sum of each matrix and its transpose.
    """
    a, b = exponents
    nodes, weights = roots_laguerre(order + 5)
    sums: dict[str, Array] = {}
    for exchanged in (False, True):
        # exp(-2 a r_1 - 2 b r_2), and exp(-(a + b)(r_1 + r_2)) of the exchange integrals.
        rates = ((a + b) / 2, (a + b) / 2, a + b) if exchanged else (b, a, a + b)
        points = tuple(nodes / rate for rate in rates)
        x, y, z = np.meshgrid(*points, indexing="ij")
        # d3r_1 d3r_2 = 8 pi^2 r_1 r_2 r_12 dr_1 dr_2 dr_12 = 2 pi^2 r_1 r_2 r_12 dx dy dz.
        volume = 2 * np.pi**2 * np.einsum("i,j,k->ijk", *(weights / rate for rate in rates))
        r1, r2, r12 = (y + z) / 2, (x + z) / 2, (x + y) / 2
        left = _functions(exponents, order, points)
        right = _exchanged(exponents, order, points) if exchanged else left
        angle_1, angle_2 = (r1**2 + r12**2 - r2**2) / 2, (r2**2 + r12**2 - r1**2) / 2
        terms = {
            "overlap": [(0, 0, r1 * r2 * r12)],
            "repulsion": [(0, 0, r1 * r2)],
            "attraction": [(0, 0, (r1 + r2) * r12)],
            "cosine": [(0, 0, r12 * (r1**2 + r2**2 - r12**2) / 2)],
            # |grad_1 psi|^2 = psi_1^2 + psi_12^2 + 2 psi_1 psi_12 cos(r_1, r_12), halved.
            "kinetic": [
                (1, 1, r1 * r2 * r12 / 2),
                (2, 2, r1 * r2 * r12 / 2),
                (3, 3, r1 * r2 * r12),
                (1, 3, r2 * angle_1 / 2),
                (3, 1, r2 * angle_1 / 2),
                (2, 3, r1 * angle_2 / 2),
                (3, 2, r1 * angle_2 / 2),
            ],
        }
        for name, parts in terms.items():
            for i, j, weight in parts:
                matrix = (left[i] * (volume * weight).ravel()) @ right[j].T
                sums[name] = sums.get(name, 0.0) + matrix + matrix.T
    return sums


def _functions(
    exponents: tuple[float, ...], order: int, points: tuple[Array, ...]
) -> tuple[Array, Array, Array, Array]:
    """Functions without their exponential on a product grid, and their derivatives.

    Returns:
        Values and the derivatives by r_1, r_2 and r_12, each (functions, points).
    """
    a, b = exponents
    degrees = polynomial_degrees(order)
    values, slopes = [], []
    for degree, rate, at in zip(degrees, (b, a, a + b), points, strict=True):
        table, derivative = _laguerre(order, rate * at), _laguerre_slopes(order, rate * at)
        values.append(table[degree])
        # The exponential of half the rate in each perimetric coordinate is differentiated too.
        slopes.append(rate * (derivative[degree] - table[degree] / 2))
    product = "fi,fj,fk->fijk"
    by_x = np.einsum(product, slopes[0], values[1], values[2])
    by_y = np.einsum(product, values[0], slopes[1], values[2])
    by_z = np.einsum(product, values[0], values[1], slopes[2])
    grids = (
        np.einsum(product, *values),
        -by_x + by_y + by_z,
        by_x - by_y + by_z,
        by_x + by_y - by_z,
    )
    size = len(degrees[0])
    value, by_r1, by_r2, by_r12 = (grid.reshape(size, -1) for grid in grids)
    return value, by_r1, by_r2, by_r12


def _exchanged(
    exponents: tuple[float, ...], order: int, points: tuple[Array, ...]
) -> tuple[Array, Array, Array, Array]:
    """`_functions` with the electrons exchanged, on a grid with the same points in x and y."""
    shape = tuple(len(at) for at in points)
    value, by_r1, by_r2, by_r12 = (
        grid.reshape(-1, *shape).transpose(0, 2, 1, 3).reshape(len(grid), -1)
        for grid in _functions(exponents, order, points)
    )
    return value, by_r2, by_r1, by_r12


def _laguerre(order: int, at: Array) -> Array:
    """Laguerre polynomials of degree 0..order, shape (order + 1, n)."""
    return np.array([eval_genlaguerre(n, 0, at) for n in range(order + 1)])


def _laguerre_slopes(order: int, at: Array) -> Array:
    """Their derivatives, shape (order + 1, n)."""
    return np.array(
        [np.zeros_like(at)] + [-eval_genlaguerre(n - 1, 1, at) for n in range(1, order + 1)]
    )


def one_body_density(state: HylleraasState) -> TabulatedDensity:
    """The density of a state, rho(r) = 4 pi / r int r_2 dr_2 int r_12 dr_12 |psi|^2.

    Every value is a sum of positive terms, accurate in relative terms far into the tail. The
    closed form, powers of r times four exponentials, cancels badly and is not used.

    Args:
        state: The state.

    Returns:
        The density, accurate to about 1e-10 between the rows of its table.
    """
    slow = min(state.exponents)
    last = 45 / slow
    rows = int(np.log(last / _FIRST_RADIUS) * _ROWS_PER_LOG)
    r = np.geomspace(_FIRST_RADIUS, last, rows)
    return tabulated(r, np.concatenate([_density(state, part) for part in np.array_split(r, 40)]))


def _density(state: HylleraasState, r: Array) -> Array:
    """Density at some radii, shape (n,)."""
    slow = min(state.exponents)
    inner, inner_weights = np.polynomial.legendre.leggauss(_INNER)
    outer, outer_weights = roots_laguerre(_OUTER)
    angle, angle_weights = np.polynomial.legendre.leggauss(state.order + 2)
    reach = np.minimum(r, 30 / slow)[:, None]
    r2 = np.concatenate((reach * (inner + 1) / 2, r[:, None] + outer / (2 * slow)), axis=1)
    weights = np.concatenate(
        (reach / 2 * inner_weights, np.exp(outer) * outer_weights / (2 * slow) + 0 * reach), axis=1
    )
    shorter = np.minimum(r[:, None], r2)
    longer = np.maximum(r[:, None], r2)
    # r_12 runs from |r - r_2| to r + r_2, and z = r + r_2 - r_12 from twice the shorter to 0.
    r12 = longer[..., None] + shorter[..., None] * angle
    psi = _wave_function(state, r[:, None, None], r2[..., None], r12)
    over_r12 = np.einsum("nka,a->nk", r12 * psi**2, angle_weights) * shorter
    return np.asarray(4 * np.pi / r * np.sum(weights * r2 * over_r12, axis=1))


def _wave_function(state: HylleraasState, r1: Array, r2: Array, r12: Array) -> Array:
    """Wave function at points (n, k, m); r1 and r2 may have ones for k and m."""
    a, b = state.exponents
    x, y, z = r2 + r12 - r1, r1 + r12 - r2, r1 + r2 - r12
    of_z = _laguerre(state.order, ((a + b) * z).ravel())
    contracted = np.tensordot(state.coefficients, of_z, axes=1)
    total = np.zeros(r12.shape)
    for at_x, at_y, decay in ((x, y, a * r1 + b * r2), (y, x, a * r2 + b * r1)):
        of_x = _laguerre(state.order, (b * at_x).ravel())
        of_y = _laguerre(state.order, (a * at_y).ravel())
        polynomial = np.einsum("lmp,lp,mp->p", contracted, of_x, of_y, optimize=True)
        total += polynomial.reshape(r12.shape) * np.exp(-decay)
    return total
