"""The adiabatic connection of two electrons, nearly exact.

``W_lambda = <1/r_12>_lambda - U`` from `comotion.connection.coupled_pair`, and its slope without
coupling from perturbation theory, ``W'_0 = 2 E_c^GL2`` (A. Goerling, M. Levy, Phys. Rev. B 47,
13105 (1993)): of two electrons u is -lambda v_H / 2 in first order, so that
``E_c^GL2 = -sum_k |<k|1/r_12 - v_H(1)/2 - v_H(2)/2|0>|^2 / (E_k - E_0)``.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from comotion.connection.coupled_pair import CoupledPair, coupled_pairs, half_hartree
from comotion.connection.pair_factors import PairSpace, pair_spaces
from comotion.density.radial import Array, HasDensity, RadialDensity, radial_density
from comotion.errors import ElectronicStructureError

#: Least order.
_LOWEST = 6
#: Largest residual, electrons, and change of W_lambda with the order, hartree times R(1) in bohr.
#: Of H- at lambda = 10 a residual of 1e-3 instead of 1e-4 changes W by 1e-6 hartree (measured once,
#: with 16 and 20 corrections of the potential).
_RESIDUAL, _CHANGE = 1e-3, 1e-3


@dataclass(frozen=True, eq=False, repr=False)
class ConnectionCurve:
    """W_lambda of a density of two electrons at some couplings.

    Attributes:
        order: Highest degree w of the factors.
        couplings: lambda, ascending, shape (c,).
        w: W_lambda, shape (c,), hartree.
        basis_errors: Largest |W_lambda - that of order w - 2| up to each, shape (c,), hartree: at
            one coupling it may vanish by chance.
        integrals: int_0^lambda W, shape (c,), hartree: E_xc at lambda = 1. It errs in second
            order of what the state errs.
        residuals: int |rho_lambda - rho|, shape (c,), electrons.
        slope: W'_0 = 2 E_c^GL2, hartree.
        slope_error: |W'_0 - that of order w - 2|, hartree.
        radii: Radii, shape (n,), bohr.
        potentials: v_lambda - v_s at them, shape (c, n), hartree: sure but for a constant, and
            less sure near the nucleus and far outside, where little of the density depends on it.
    """

    order: int
    couplings: Array
    w: Array
    basis_errors: Array
    integrals: Array
    residuals: Array
    slope: float
    slope_error: float
    radii: Array
    potentials: Array

    def __repr__(self) -> str:
        """Range and order, in a line."""
        return (
            f"<ConnectionCurve: {len(self.couplings)} couplings up to {self.couplings[-1]:g}, "
            f"w = {self.order}>"
        )


def connection_curve(
    rho: RadialDensity | HasDensity, couplings: Iterable[float], order: int = 8
) -> ConnectionCurve:
    """W_lambda of a density of two electrons, by Lieb's maximisation at each coupling.

    Args:
        rho: The density, or an object with one, such as an atom.
        couplings: lambda, not negative.
        order: Highest degree w of the wave function's polynomials, at least 6.

    Returns:
        The curve, with what it changes from order w - 2.

    Raises:
        DensityError: Not a smooth density of two electrons.
        ElectronicStructureError: A coupling or an order that cannot be, no potential at a
            coupling, or one whose density is not close enough to that asked for.
    """
    strengths = _ascending(couplings)
    if not isinstance(order, int) or order < _LOWEST:
        raise ElectronicStructureError(
            f"the connection needs an integer order of at least {_LOWEST}, for its change from two "
            f"orders less to mean something: {order}"
        )
    density = radial_density(rho)
    lower, space = pair_spaces(density, (order - 2, order))
    fewer, pairs = (coupled_pairs(one, density, strengths) for one in (lower, space))
    w, w_fewer = (
        np.array([one.repulsion - space.hartree for one in found]) for found in (pairs, fewer)
    )
    changes = np.maximum.accumulate(np.abs(w - w_fewer))
    residuals = np.array([np.sum(np.abs(one.charge - space.charge)) for one in pairs])
    _require_small(pairs, residuals, changes * space.unit)
    slope, slope_fewer = (slope_without_coupling(one, density) for one in (space, lower))
    return ConnectionCurve(
        order=order,
        couplings=np.array(strengths),
        w=w,
        basis_errors=changes,
        integrals=np.array([one.value - one.coupling * space.hartree for one in pairs]),
        residuals=residuals,
        slope=slope,
        slope_error=abs(slope - slope_fewer),
        radii=space.radii,
        potentials=np.array([one.potential for one in pairs]),
    )


def slope_without_coupling(space: PairSpace, density: RadialDensity) -> float:
    """W'_0 = 2 E_c^GL2, hartree, not below that of all factors."""
    coupling = space.repulsion - space.potential(half_hartree(space, density))
    energies, states = np.linalg.eigh(space.kinetic)
    # The lowest state is f = 1, at the energy 0.
    elements = states[:, 1:].T @ coupling @ space.uncoupled
    return -2 * float(np.sum(elements**2 / energies[1:]))


def _ascending(couplings: Iterable[float]) -> tuple[float, ...]:
    """The couplings in order.

    Raises:
        ElectronicStructureError: There is none, or one is negative or no number.
    """
    try:
        found = tuple(sorted({float(one) for one in couplings}))
    except (TypeError, ValueError):
        raise ElectronicStructureError(
            f"couplings {couplings!r}: give a list of numbers, such as [0, 0.5, 1]"
        ) from None
    if not found or not all(math.isfinite(one) and one >= 0 for one in found):
        raise ElectronicStructureError(
            f"couplings are numbers of at least 0, and one at least: {list(found)}"
        )
    return found


def _require_small(pairs: list[CoupledPair], residuals: Array, changes: Array) -> None:
    """Check that the states have the density, and that the order matters little.

    Raises:
        ElectronicStructureError: They do not, or it does; the sentence names the coupling.
    """
    for pair, residual, change in zip(pairs, residuals, changes, strict=True):
        if not (residual < _RESIDUAL and change < _CHANGE):
            raise ElectronicStructureError(
                f"at the coupling {pair.coupling:g} {residual:.1e} electrons are in the wrong "
                f"place (at most {_RESIDUAL:.0e}), and W changes by {change:.1e} / R(1) with the "
                f"order (at most {_CHANGE:.0e}): take a higher order or smaller couplings"
            )
