"""F_hbar[rho] = max over v of E_hbar[v] - N int v rho, by Newton's iteration.

E_hbar[v] is the least eigenvalue of hbar^2 K + c + sum_i v(x_i) on a grid of configurations
(Lieb, Int. J. Quantum Chem. 24, 243 (1983)). The functional of v is concave; its gradient is the
density of the ground state minus the target, its Hessian the static response. As hbar -> 0 the
potential tends to minus the Kantorovich potential, F to the transport cost, and the slope of F to
the zero-point energy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, diags, identity
from scipy.sparse.linalg import LinearOperator, SuperLU, eigsh, splu

from comotion.density.radial import Array
from comotion.errors import TransportError

#: Singular values of the scaled response below this share of the largest are left out.
_CUT = 1e-11
_STEPS, _HALVINGS = 60, 30
#: Sum of the absolute errors of the density at which the iteration has converged.
_TOLERANCE = 1e-9
#: Share of the gain that the gradient promises which a step must reach.
_SUFFICIENT = 1e-4
#: Most negative amplitude of a state that counts as free of nodes.
_NODELESS = 1e-6
#: How far below the ground state a matrix is factored, in units of the energy.
_BELOW = 1e-7


@dataclass(frozen=True, eq=False)
class LiebProblem:
    """Particles on a grid with a given density.

    Attributes:
        sites: Places of the density's grid, shape (n,).
        kinetic: K without hbar^2, sparse, symmetric, shape (M, M), on configurations.
        repulsion: c of each configuration, shape (M,).
        counts: How many particles of a configuration sit at a site, sparse, shape (n, M).
        target: N times the mass of rho at each site, shape (n,), sum N.
        guess: Potential of the kinetic limit without hbar^2: (1/2) Lap sqrt(rho) / sqrt(rho),
            shape (n,).
    """

    sites: Array
    kinetic: csc_matrix
    repulsion: Array
    counts: csc_matrix
    target: Array
    guess: Array


@dataclass(frozen=True, eq=False)
class LiebState:
    """The maximum at one hbar.

    Attributes:
        hbar: hbar.
        functional: F_hbar[rho].
        potential: The maximising v with int rho v = 0, shape (n,).
        state: Ground state, shape (M,), sum of squares 1.
        kinetic: Expectation value of K.
        repulsion: Expectation value of c.
        residual: Sum over the sites of |density - target|, particles.
        steps: Newton steps.
    """

    hbar: float
    functional: float
    potential: Array
    state: Array
    kinetic: float
    repulsion: float
    residual: float
    steps: int


def lieb_maximum(
    problem: LiebProblem, hbar: float, start: Array | None = None, tolerance: float = _TOLERANCE
) -> LiebState:
    """Maximise over v.

    Args:
        problem: The grid and the density on it.
        hbar: hbar > 0.
        start: First potential, shape (n,); that of the kinetic limit otherwise.
        tolerance: Largest residual, particles.

    Returns:
        F with its potential and ground state.

    Raises:
        TransportError: hbar <= 0, or the residual stays above the tolerance.
    """
    if not hbar > 0:
        raise TransportError(f"hbar must be positive, got {hbar}")
    target, counts = problem.target, problem.counts
    base = (hbar**2 * problem.kinetic + diags(problem.repulsion)).tocsc()
    scale = 1 / np.sqrt(target)
    v = hbar**2 * problem.guess if start is None else start
    v = v - target @ v / np.sum(target)
    energy, state, hamiltonian = _ground_state(base, counts, v)
    value = float(energy - v @ target)
    for step in range(_STEPS + 1):
        gradient = counts @ state**2 - target
        residual = float(np.sum(np.abs(gradient)))
        if residual <= tolerance:
            kinetic = float(state @ (problem.kinetic @ state))
            repulsion = float(problem.repulsion @ state**2)
            return LiebState(hbar, value, v, state, kinetic, repulsion, residual, step)
        if step == _STEPS:
            break
        change = _newton(hamiltonian, energy, state, counts, gradient, scale)
        change -= target @ change / np.sum(target)
        promised = float(gradient @ change)
        length = 1.0
        for _ in range(_HALVINGS):
            tried = v + length * change
            new_energy, new_state, new_hamiltonian = _ground_state(base, counts, tried, state)
            new_value = float(new_energy - tried @ target)
            # Close to the maximum the gain drowns in the rounding of the eigenvalue.
            floor = 1e-13 * (abs(value) + abs(new_energy))
            if new_value >= value + _SUFFICIENT * length * promised - floor:
                break
            length /= 2
        else:
            break
        v, energy, state, hamiltonian = tried, new_energy, new_state, new_hamiltonian
        value = new_value
    raise TransportError(
        f"the Lieb maximisation at hbar = {hbar:g} stopped with {residual:.1e} particles in the "
        f"wrong place (asked: {tolerance:g}); take a finer grid, or come from a larger hbar"
    )


def follow(
    problem: LiebProblem, hbars: Sequence[float], tolerance: float = _TOLERANCE
) -> list[LiebState]:
    """Maxima for falling hbar, each from an extrapolation of the potentials before.

    Raises:
        TransportError: As `lieb_maximum`, or values of hbar that do not fall.
    """
    if any(b >= a for a, b in pairwise(hbars)):
        raise TransportError(f"hbar must fall from one value to the next, got {list(hbars)}")
    states: list[LiebState] = []
    for hbar in hbars:
        start = None
        if states:
            # What is left of v beyond the kinetic limit is close to linear in hbar.
            rests = [s.potential - s.hbar**2 * problem.guess for s in states[-2:]]
            rest = rests[-1]
            if len(states) > 1:
                before, last = states[-2].hbar, states[-1].hbar
                rest = rest + (rests[1] - rests[0]) * (hbar - last) / (last - before)
            start = hbar**2 * problem.guess + rest
        states.append(lieb_maximum(problem, hbar, start, tolerance))
    return states


def _ground_state(
    base: csc_matrix, counts: csc_matrix, v: Array, near: Array | None = None
) -> tuple[float, Array, csc_matrix]:
    """Least eigenpair by shift and invert.

    With a vector near the ground state the shift is its energy less its residual. The state found
    must have one sign; otherwise it is an excited one, and the shift becomes Gershgorin's bound.
    """
    hamiltonian = (base + diags(counts.T @ v)).tocsc()
    if near is not None:
        energy = float(near @ (hamiltonian @ near))
        miss = float(np.linalg.norm(hamiltonian @ near - energy * near))
        value, state = _nearest(hamiltonian, energy - miss - _BELOW * (abs(energy) + 1), near)
        if np.min(state) > -_NODELESS:
            return value, state, hamiltonian
    beside = np.asarray(abs(hamiltonian).sum(axis=0)).ravel() - abs(hamiltonian.diagonal())
    lowest = float(np.min(hamiltonian.diagonal() - beside))
    value, state = _nearest(hamiltonian, lowest, np.sqrt(counts.T @ np.ones(counts.shape[0])))
    return value, state, hamiltonian


def _nearest(hamiltonian: csc_matrix, shift: float, start: Array) -> tuple[float, Array]:
    """Eigenpair nearest to a shift; the state's sum is positive."""
    factor = _factor(hamiltonian, shift)
    inverse = LinearOperator(hamiltonian.shape, factor.solve, dtype=float)
    values, vectors = eigsh(hamiltonian, 1, sigma=shift, OPinv=inverse, v0=start, tol=1e-14)
    state = vectors[:, 0]
    return float(values[0]), np.asarray(state if np.sum(state) > 0 else -state)


def _factor(hamiltonian: csc_matrix, shift: float) -> SuperLU:
    """LU factors of a positive definite H - shift, ordered and pivoted as such."""
    return splu(
        (hamiltonian - shift * identity(hamiltonian.shape[0])).tocsc(),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )


def _newton(
    hamiltonian: csc_matrix, energy: float, state: Array, counts: csc_matrix, gradient: Array,
    scale: Array,
) -> Array:  # fmt: skip
    """Newton step: minus the inverse response applied to the error of the density.

    The resolvent on the complement of the ground state comes from H less a number slightly below
    its energy, with a right-hand side for each site, orthogonal to the state.
    """
    factor = _factor(hamiltonian, energy - _BELOW * (abs(energy) + 1))
    moved = (counts @ diags(state)).T.toarray()
    moved -= np.outer(state, state @ moved)
    solved = factor.solve(moved)
    solved -= np.outer(state, state @ solved)
    response = -2 * moved.T @ solved
    scaled = scale[:, None] * (response + response.T) / 2 * scale
    values, vectors = np.linalg.eigh(scaled)
    kept: NDArray[np.bool_] = values < _CUT * values[0]
    inverse = vectors[:, kept] / values[kept]
    return np.asarray(-scale * (inverse @ (vectors[:, kept].T @ (scale * gradient))))
