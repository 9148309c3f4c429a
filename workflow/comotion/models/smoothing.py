"""Smoothing a transport plan without changing its marginals: an upper bound on F_hbar.

The plan itself has infinite kinetic energy; smeared over a length it has a finite one, and
hbar^2 T + <c, plan> bounds F_hbar from above if the marginal is still rho. Two ways to smear:

* by Gaussians of width eps with reflected images, after which a kernel moves the surplus of the
  marginal to where mass is missing;
* by exp(tau L) on both particles, with L the generator of a walk that is reversible for rho. It
  keeps the marginal exactly in any dimension.

Plans are matrices of masses on a grid, symmetric, with row sums w (int rho = 1).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.optimize import minimize_scalar
from scipy.sparse import coo_matrix
from scipy.special import ndtr

from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.models.lieb.grids import SOFT_COULOMB, line_pair, sine_density
from comotion.models.lieb.maximise import LiebProblem, follow
from comotion.models.problem import Solution

Smoothing = Callable[[Array, Array, float], Array]

#: Departure of a plan from symmetry and from its marginal.
_TOLERANCE = 1e-10
#: Least and largest width of the Gaussian, and time of the walk.
_WIDTHS, _TIMES = (0.005, 0.5), (1e-6, 1.0)


@dataclass(frozen=True, eq=False)
class SmoothedBound:
    """The least bound of a family of smoothed plans.

    Attributes:
        hbar: hbar.
        bound: hbar^2 T + <c, plan>.
        length: The parameter of the family at which it is least.
        plan: The smoothed plan, shape (n, n).
        marginal_error: Largest departure of a row sum from w.
    """

    hbar: float
    bound: float
    length: float
    plan: Array
    marginal_error: float


def monotone_plan(masses: Array) -> Array:
    """Plan of two particles on a line: the left half in order onto the right half.

    Args:
        masses: Masses w of the grid's points, ascending in place, shape (n,), sum 1.

    Returns:
        The plan, symmetric, with row sums w, shape (n, n).
    """
    edges = np.concatenate(([0.0], np.cumsum(masses)))
    edges /= edges[-1]
    # Cut [0, 1/2] wherever either particle changes its site.
    cuts = np.concatenate((edges, edges - 0.5, [0.5]))
    cuts = np.unique(cuts[(cuts >= 0) & (cuts <= 0.5)])
    middle = (cuts[1:] + cuts[:-1]) / 2
    left = np.searchsorted(edges, middle) - 1
    right = np.searchsorted(edges, middle + 0.5) - 1
    n = len(masses)
    half = coo_matrix((np.diff(cuts), (left, right)), shape=(n, n)).toarray()
    return np.asarray(half + half.T)


def smear_gaussian(plan: Array, sites: Array, length: float, reservoir: float = 0.0) -> Array:
    """Smear by Gaussians reflected at the ends of [0, 1], and restore the marginal.

    Where the smeared plan has more mass than w, the surplus is moved to where it has less,
    independently of where it came from; both particles are moved by that one kernel.

    Args:
        plan: Plan with row sums w, shape (n, n).
        sites: Places in [0, 1], equally spaced, shape (n,).
        length: Width eps of the Gaussian.
        reservoir: Share beta of the product measure that is mixed in first.

    Returns:
        A plan with the same row sums.
    """
    w = plan.sum(axis=1)
    mixed = (1 - reservoir) * plan + reservoir * np.outer(w, w)
    step = sites[1] - sites[0]
    edges = np.concatenate(([0.0], sites[:-1] + step / 2, [1.0]))
    kernel = np.zeros((len(sites), len(sites)))
    for image in range(-2, 3):
        for place in (2 * image + sites, 2 * image - sites):
            cumulated = ndtr((edges - place[:, None]) / length)
            kernel += np.diff(cumulated, axis=1)
    kernel /= kernel.sum(axis=1, keepdims=True)
    smeared = kernel.T @ mixed @ kernel
    moved = smeared.sum(axis=1)
    stay = np.minimum(moved, w)
    missing = w - stay
    total = float(missing.sum())
    coupling = np.diag(stay)
    if total > 0:
        coupling = coupling + np.outer(moved - stay, missing) / total
    step_back = coupling / moved[:, None]
    return np.asarray(step_back.T @ smeared @ step_back)


def smear_reversible(plan: Array, sites: Array, time: float) -> Array:
    """Smear by exp(tau L) on both particles, L reversible for w.

    L hops between neighbours with the rates sqrt(w_i w_j) / (w_i h^2).

    Args:
        plan: Plan with row sums w, shape (n, n).
        sites: Places, equally spaced, shape (n,).
        time: tau.

    Returns:
        A plan with the same row sums.
    """
    w = plan.sum(axis=1)
    root = np.sqrt(w)
    # Similar to a symmetric matrix: 1/h^2 beside the diagonal, less the rates of leaving on it.
    per_step = 1 / (sites[1] - sites[0]) ** 2
    leaving = np.zeros_like(w)
    leaving[:-1] += per_step * root[1:] / root[:-1]
    leaving[1:] += per_step * root[:-1] / root[1:]
    values, vectors = eigh_tridiagonal(-leaving, np.full(len(w) - 1, per_step))
    walk = (vectors * np.exp(time * values)) @ vectors.T * root / root[:, None]
    return np.asarray(walk.T @ plan @ walk)


def smoothed_bound(
    problem: LiebProblem,
    plan: Array,
    hbar: float,
    smoothing: Smoothing,
    lengths: Sequence[float],
) -> SmoothedBound:
    """Least upper bound on F_hbar from a family of smoothed plans.

    The state is the root of the plan; kinetic energy and repulsion are those of the problem, so
    that the bound holds for its F_hbar exactly.

    Args:
        problem: Two particles on the grid, pairs i <= j (`comotion.models.lieb.grids.line_pair`).
        plan: Symmetric plan with the problem's marginal, shape (n, n).
        hbar: hbar > 0.
        smoothing: (plan, sites, length) -> plan.
        lengths: Least and largest length tried.

    Raises:
        TransportError: hbar <= 0, the plan is not symmetric or has another marginal, or it became
            negative.
    """
    if not hbar > 0:
        raise TransportError(f"hbar must be positive, got {hbar}")
    w = problem.target / 2
    if not np.max(np.abs(plan - plan.T)) <= _TOLERANCE:
        raise TransportError("a pair density is symmetric; this plan is not")
    if not np.max(np.abs(plan.sum(axis=1) - w)) <= _TOLERANCE:
        raise TransportError("the plan's marginal is not the density of the problem")
    i, j = np.triu_indices(len(w))

    def energy(smooth: Array) -> float:
        if not np.min(smooth) >= -_TOLERANCE:
            raise TransportError(f"the smoothed plan is negative: {np.min(smooth):.1e}")
        # Rounding may leave -1e-18.
        state = np.sqrt(np.where(i == j, 1, 2) * np.maximum(smooth[i, j], 0.0))
        return float(hbar**2 * (state @ (problem.kinetic @ state)) + problem.repulsion @ state**2)

    low, high = np.log(lengths[0]), np.log(lengths[-1])
    found = minimize_scalar(
        lambda x: energy(smoothing(plan, problem.sites, float(np.exp(x)))),
        bounds=(low, high), method="bounded", options={"xatol": 1e-3},
    )  # fmt: skip
    length = float(np.exp(found.x))
    smooth = smoothing(plan, problem.sites, length)
    error = float(np.max(np.abs(smooth.sum(axis=1) - w)))
    return SmoothedBound(hbar, energy(smooth), length, smooth, error)


def solve(
    *, points: int = 80, hbar: Sequence[float] = (1, 0.5, 0.25, 0.12, 0.06, 0.03, 0.015)
) -> Solution:
    """Smoothed transport plans of 2 sin^2(pi x): V <= F_hbar <= bound on one grid, at every hbar.

    Args:
        points: Points of the line.
        hbar: Values of hbar.

    Returns:
        V, F_hbar and the bounds from both kinds of smearing; the smoothed plan at the middle hbar.

    Raises:
        TransportError: The order does not hold.
    """
    hbars = sorted(hbar, reverse=True)
    problem = line_pair(sine_density, SOFT_COULOMB.value, points)
    x = problem.sites
    plan = monotone_plan(problem.target / 2)
    cost = float(np.sum(plan * SOFT_COULOMB.value(np.abs(x[:, None] - x))))
    states = follow(problem, hbars)
    gaussian = [smoothed_bound(problem, plan, h, smear_gaussian, _WIDTHS) for h in hbars]
    reversible = [smoothed_bound(problem, plan, h, smear_reversible, _TIMES) for h in hbars]
    for state, a, b in zip(states, gaussian, reversible, strict=True):
        if not cost <= state.functional <= min(a.bound, b.bound):
            raise TransportError(
                f"hbar = {state.hbar:g}: not V = {cost:.9f} <= F = {state.functional:.9f} <= "
                f"{min(a.bound, b.bound):.9f}"
            )
    middle = len(hbars) // 2
    per_area = 1 / (x[1] - x[0]) ** 2
    return Solution(
        {
            "transport_cost": cost,
            "functional": {f"{s.hbar:g}": s.functional for s in states},
            "gaussian": {f"{b.hbar:g}": b.bound for b in gaussian},
            "gaussian_width": {f"{b.hbar:g}": b.length for b in gaussian},
            "reversible": {f"{b.hbar:g}": b.bound for b in reversible},
            "reversible_time": {f"{b.hbar:g}": b.length for b in reversible},
            "marginal_error": max(b.marginal_error for b in (*gaussian, *reversible)),
            "settings": {"points": points, "hbar": hbars},
        },
        {
            "x": (x, "1", "places, (n,)"),
            "hbar": (hbars, "1", "values of hbar, (h,)"),
            "functional": ([s.functional for s in states], "1", "F_hbar, (h,)"),
            "gaussian": ([b.bound for b in gaussian], "1", "bound by Gaussians, (h,)"),
            "reversible": ([b.bound for b in reversible], "1", "bound by the walk, (h,)"),
            "shown_hbar": (hbars[middle], "1", "hbar of the plan shown"),
            "plan": (reversible[middle].plan * per_area, "1", "smoothed plan, (n, n)"),
        },
    )
