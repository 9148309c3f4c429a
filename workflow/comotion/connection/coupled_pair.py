"""Two electrons with a given density whose repulsion is multiplied by a coupling.

``F_lambda[rho] - T_s[rho] = max_u {E_lambda[u] - int u rho}`` (Lieb, Int. J. Quantum Chem. 24, 243
(1983)): E_lambda is the lowest eigenvalue of the pair in v_s + u with the repulsion lambda / r_12,
less that of the orbitals, and the maximum is where its density is rho. Newton's method finds it
over ``u = -lambda v_H / 2 + sum_t b_t g_t``: the first term is exact for weak coupling and has the
tail -lambda / r. The g_t are polynomials in r / (r + R(1)), zero at infinity. A small multiple of
``int (d sum_t b_t g_t / dy)^2 dy``, y = r / (r + R(1)), is taken off, as for Kohn-Sham potentials;
the value that is given is without it, and so errs in second order only.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import Polynomial
from numpy.polynomial.legendre import leggauss, legvander
from scipy.linalg import eigh

from comotion.connection.pair_factors import PairSpace
from comotion.density.hartree_potential import hartree_potential
from comotion.density.radial import Array, RadialDensity
from comotion.errors import ElectronicStructureError

#: Number of the g_t, the power of 1 / (r + R(1)) with which they fall off, and the weight of the
#: smoothness for weak coupling divided by R(1)^2, hartree^-1 bohr^-2.
_CORRECTIONS, _POWER, _SMOOTHNESS = 20, 3, 1e-6
#: Most steps, most halvings of one, and the gain that a step must promise, hartree.
_STEPS, _HALVINGS, _GAIN = 30, 8, 1e-11
#: Part of the promised gain that a step must bring.
_SUFFICIENT = 0.1
#: Largest ratio of a coupling to the one from which it is reached, and how often the way from one
#: to the next is halved.
_RATIO, _SPLITS = 1.5, 8


@dataclass(frozen=True, eq=False, repr=False)
class CoupledPair:
    """The pair at one coupling.

    Attributes:
        coupling: lambda.
        value: F_lambda - T_s, the integral of <1/r_12> over the couplings below, hartree.
        repulsion: <1 / r_12>, hartree.
        potential: v_lambda - v_s at the nodes of the space, shape (n,), hartree.
        charge: Electrons at the nodes, shape (n,).
        coefficients: b_t, shape (t,), hartree.
    """

    coupling: float
    value: float
    repulsion: float
    potential: Array
    charge: Array
    coefficients: Array

    def __repr__(self) -> str:
        """Coupling and value, in a line."""
        return f"<CoupledPair: lambda = {self.coupling:g}, F - T_s = {self.value:.8f} hartree>"


@dataclass(frozen=True, eq=False, repr=False)
class _Problem:
    """What is maximised at one coupling.

    Attributes:
        space: The factors.
        coupling: lambda.
        fixed: The Hamiltonian without corrections, shape (k, k), hartree.
        half_hartree: v_H / 2 at the nodes, shape (n,), hartree.
        corrections: g_t at the nodes, shape (t, n).
        rough: What the smoothness takes off is b rough b, shape (t, t), hartree^-1.
    """

    space: PairSpace
    coupling: float
    fixed: Array
    half_hartree: Array
    corrections: Array
    rough: Array

    def potential(self, coefficients: Array) -> Array:
        """U at the nodes, shape (n,), hartree."""
        return np.asarray(coefficients @ self.corrections - self.coupling * self.half_hartree)


@dataclass(frozen=True, eq=False, repr=False)
class _State:
    """The lowest state at some coefficients, and all others.

    Attributes:
        coefficients: b_t.
        value: E_lambda - int u rho, hartree.
        smooth: The same less the smoothness, hartree.
        energies: Ascending, shape (k,), hartree.
        states: A column each, shape (k, k).
    """

    coefficients: Array
    value: float
    smooth: float
    energies: Array
    states: Array


def coupled_pairs(
    space: PairSpace, density: RadialDensity, couplings: tuple[float, ...]
) -> list[CoupledPair]:
    """The pair at some couplings, each from the one below.

    Args:
        space: Factors of the density.
        density: The density.
        couplings: lambda, not negative, ascending.

    Raises:
        ElectronicStructureError: No potential is found at one of them.
    """
    at_nodes = half_hartree(space, density)
    first = space.repulsion - space.potential(at_nodes)
    corrections, rough = _corrections(space)

    def problem(coupling: float) -> _Problem:
        fixed = space.kinetic + coupling * first
        # u grows like the coupling, and so does F.
        weight = 1 / (1 + coupling * space.unit)
        return _Problem(space, coupling, fixed, at_nodes, corrections, weight * rough)

    pairs: list[CoupledPair] = []
    at = problem(0.0)
    found = _at(at, np.zeros(len(corrections)))
    for coupling in couplings:
        step, splits = coupling, 0
        while at.coupling < coupling:
            step = min(step, max(1.0, _RATIO * at.coupling))
            wanted = problem(step)
            guess = found.coefficients + _tangent(at, found) * (step - at.coupling)
            try:
                found = _maximum(wanted, guess)
            except _NotFoundError as error:
                splits += 1
                if splits > _SPLITS:
                    raise ElectronicStructureError(
                        f"no potential was found at the coupling {step:.3g}, beyond "
                        f"{at.coupling:.3g}: {error}; take a higher order or smaller couplings"
                    ) from error
                step = (at.coupling + step) / 2
            else:
                at, step = wanted, coupling
        pairs.append(_pair(at, found))
    return pairs


def half_hartree(space: PairSpace, density: RadialDensity) -> Array:
    """v_H / 2 at the nodes, shape (n,), hartree: v_H + v_x of two electrons."""
    return np.asarray(hartree_potential(density)(space.radii)) / 2


def _corrections(space: PairSpace) -> tuple[Array, Array]:
    """g_t = (1 - y)^3 P_t(2 y - 1) at the nodes, and their roughness."""
    x, w = leggauss(_CORRECTIONS + 2)
    slopes = []
    for t in range(_CORRECTIONS):
        legendre = np.polynomial.Legendre.basis(t).convert(kind=Polynomial)
        # With x = 2 y - 1, d/dy is twice d/dx.
        slopes.append(2 * (legendre * Polynomial([0.5, -0.5]) ** _POWER).deriv()(x))
    of_x = np.array(slopes)
    rough = _SMOOTHNESS * space.unit**2 * (of_x * w / 2) @ of_x.T
    y = space.radii / (space.radii + space.unit)
    return legvander(2 * y - 1, _CORRECTIONS - 1).T * (1 - y) ** _POWER, rough


def _at(problem: _Problem, coefficients: Array) -> _State:
    """The states at some coefficients."""
    correction = problem.space.potential(coefficients @ problem.corrections)
    energies, states = eigh(problem.fixed + correction)
    value = float(energies[0] - problem.space.charge @ problem.potential(coefficients))
    smooth = value - float(coefficients @ problem.rough @ coefficients)
    return _State(coefficients, value, smooth, energies, states)


class _NotFoundError(Exception):
    """Newton's method did not end."""


def _response(problem: _Problem, found: _State) -> tuple[Array, Array]:
    """Derivatives of the gradient, by perturbation theory.

    Returns:
        Those by b_t, with the smoothness, shape (t, t), hartree^-1, and that by the coupling,
        shape (t,).
    """
    space, lowest = problem.space, found.states[:, 0]
    gaps = found.energies[1:] - found.energies[0]
    elements = problem.corrections @ (space.charges @ lowest) @ found.states[:, 1:] / np.sqrt(gaps)
    moved = (space.repulsion - space.potential(problem.half_hartree)) @ lowest
    by_coupling = found.states[:, 1:].T @ moved / np.sqrt(gaps)
    return -2 * elements @ elements.T - 2 * problem.rough, -2 * elements @ by_coupling


def _tangent(problem: _Problem, found: _State) -> Array:
    """Derivative of the coefficients of the maximum by the coupling, shape (t,), hartree."""
    if problem.coupling == 0:
        # The guide is exact in first order.
        return np.zeros(len(found.coefficients))
    second, by_coupling = _response(problem, found)
    return np.asarray(-np.linalg.solve(second, by_coupling))


def _maximum(problem: _Problem, coefficients: Array) -> _State:
    """Newton's method from some coefficients.

    Raises:
        _NotFoundError: It does not end.
    """
    charge, rough = problem.space.charge, problem.rough
    at, promised = _at(problem, coefficients), math.inf
    for _ in range(_STEPS):
        lowest = at.states[:, 0]
        excess = problem.space.charges @ lowest @ lowest - charge
        gradient = problem.corrections @ excess - 2 * rough @ at.coefficients
        direction = np.linalg.solve(-_response(problem, at)[0], gradient)
        promised = float(gradient @ direction)
        if promised < _GAIN:
            return at
        for halvings in range(_HALVINGS):
            length = 0.5**halvings
            tried = _at(problem, at.coefficients + length * direction)
            if tried.smooth >= at.smooth + _SUFFICIENT * length * promised - _GAIN:
                break
        else:
            break
        at = tried
    raise _NotFoundError(f"the last step still promised {promised:.1e} hartree")


def _pair(problem: _Problem, found: _State) -> CoupledPair:
    """What is kept of a maximum."""
    lowest = found.states[:, 0]
    return CoupledPair(
        coupling=problem.coupling,
        value=found.value,
        repulsion=float(lowest @ problem.space.repulsion @ lowest),
        potential=problem.potential(found.coefficients),
        charge=problem.space.charges @ lowest @ lowest,
        coefficients=found.coefficients,
    )
