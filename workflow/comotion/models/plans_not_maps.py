"""Where the optimal plan is no map: the repulsive harmonic cost, and rotating configurations.

The repulsive harmonic cost,
sum_{i<j} -|x_i - x_j|^2 = -N sum_i |x_i - m|^2 + |sum_i (x_i - m)|^2, is at least -N^2 Var on
average, with equality exactly for the plans that live on the plane sum_i x_i = N m: any of them is
optimal, those with a map and those whose support has a higher dimension (Pass, SIAM J. Math. Anal.
43, 2758 (2011)). The Coulomb plan of three electrons with a radial density, turned at random, lives
on a set of dimension 1 + 3 (Pass, Remarks on the semi-classical Hohenberg-Kohn functional,
arXiv:1211.2766).
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_matrix, hstack, vstack

from comotion.density.model_densities import MODELS
from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.models.problem import Solution
from comotion.transport.comotion import comotion_plan
from comotion.transport.plan import Plan


@dataclass(frozen=True, eq=False)
class HarmonicPlan:
    """Two optimal plans of the repulsive harmonic cost on points of equal mass.

    Attributes:
        cost: Least cost of the linear programme.
        bound: -N^2 Var, which no plan undercuts.
        multisets: All multisets of N points by their number, shape (c, N).
        vertex: Weights of the simplex method's plan, shape (c,).
        widest: Weights of the optimal plan whose least weight on the plane is largest.
        plane: Which multisets have sum x = N m, shape (c,).
    """

    cost: float
    bound: float
    multisets: NDArray[np.int64]
    vertex: Array
    widest: Array
    plane: NDArray[np.bool_]


def harmonic_plan(points: Array, n: int) -> HarmonicPlan:
    """Optimal plans of N particles with the cost sum_{i<j} -|x_i - x_j|^2.

    Args:
        points: Points of equal mass, shape (m, d). An even number of equidistant points on a line
            cannot meet the plane for odd N: the programme then stays above the bound.
        n: Number of particles, at least 2.

    Returns:
        The least cost with two of its plans.

    Raises:
        TransportError: n < 2, or a programme failed.
    """
    if n < 2:
        raise TransportError(f"a plan needs at least 2 particles, got {n}")
    number = len(points)
    multisets = np.array(list(combinations_with_replacement(range(number), n)))
    chosen = points[multisets]
    mean = points.mean(axis=0)
    away = np.sum((chosen.sum(axis=1) - n * mean) ** 2, axis=1)
    costs = away - n * np.sum((chosen - mean) ** 2, axis=(1, 2))
    columns = np.repeat(np.arange(len(multisets)), n)
    uses = csc_matrix(
        (np.full(columns.size, number / n), (multisets.ravel(), columns)),
        shape=(number, len(multisets)),
    )
    # linprog's stubs know dense matrices only.
    programme: Any = linprog
    first = programme(costs, A_eq=uses, b_eq=np.ones(number), method="highs-ds")
    if first.status != 0:
        raise TransportError(f"the linear programme of the harmonic cost: {first.message}")
    plane = away < 1e-20 * n**2 + 1e-12 * np.max(away)
    # Largest s with every weight on the plane at least s, nothing off the plane.
    on = np.flatnonzero(plane)
    floor = hstack([csc_matrix(-np.eye(len(on))), csc_matrix(np.ones((len(on), 1)))])
    widest = np.zeros(len(multisets))
    if len(on):
        held = vstack([uses[:, on].T, csc_matrix((1, number))]).T
        second = programme(
            np.append(np.zeros(len(on)), -1.0),
            A_ub=floor, b_ub=np.zeros(len(on)), A_eq=held, b_eq=np.ones(number), method="highs",
        )  # fmt: skip
        if second.status == 0:
            widest[on] = second.x[:-1]
    variance = float(np.mean(np.sum((points - mean) ** 2, axis=1)))
    return HarmonicPlan(float(first.fun), -(n**2) * variance, multisets, first.x, widest, plane)


def tangent_values(plan: Plan, node: int) -> Array:
    """Singular values of the tangent map of the set of rotated co-motion configurations.

    The set is {R (x_1(s), ..., x_N(s))} with s along the co-motion curve and R any rotation; its
    dimension at a point is the number of values that are not 0.

    Args:
        plan: A co-motion plan of N electrons.
        node: Which of its nodes, not the first nor the last.

    Returns:
        Four singular values, descending: rotations about x, y, z and the motion along s, each
        scaled to unit speed of one electron on average.
    """
    before, here, after = plan.positions[node - 1 : node + 2]
    turned = [np.cross(axis, here.T).T for axis in np.eye(3)]
    # The neighbouring arrangements may be turned against each other: superpose them first.
    along = _superposed(after, here) - _superposed(before, here)
    tangents = np.array([*turned, along]).reshape(4, -1)
    sizes = np.linalg.norm(tangents, axis=1, keepdims=True)
    scaled = tangents / np.where(sizes > 0, sizes, 1.0) * np.sqrt(here.shape[1])
    return np.asarray(np.linalg.svd(scaled, compute_uv=False))


def _superposed(positions: Array, onto: Array) -> Array:
    """Positions (3, N) turned so as to come closest to others (Kabsch)."""
    u, _, vt = np.linalg.svd(onto @ positions.T)
    keep = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    return np.asarray(u @ keep @ vt @ positions)


def solve(*, points: int = 25) -> Solution:
    """Optimal plans that are no maps: of three particles that repel harmonically, and Coulomb's.

    The Coulomb plans are those of two, three and four electrons of density N exp(-r) / 8 pi, with
    all rotations.

    Args:
        points: Points of the line for the harmonic cost; odd, so that plans can meet the plane.

    Returns:
        Costs, bounds and dimensions; the harmonic plans on the line.

    Raises:
        TransportError: A programme failed.
    """
    places = ((np.arange(points) + 0.5) / points)[:, None]
    line = harmonic_plan(places, 3)
    axis = np.arange(-2, 3) / 2
    square = harmonic_plan(np.array([[x, y] for x in axis for y in axis]), 3)
    ranks, values = {}, {}
    for n in (2, 3, 4):
        plan = comotion_plan(MODELS["exponential"](n))
        found = tangent_values(plan, len(plan.weights) // 3)
        values[str(n)] = found.tolist()
        ranks[str(n)] = int(np.sum(found > 1e-3))
    x = places[line.multisets, 0]
    return Solution(
        {
            "line": {
                "cost": line.cost,
                "bound": line.bound,
                "columns_on_plane": int(np.sum(line.plane)),
                "columns_of_vertex": int(np.sum(line.vertex > 1e-12)),
                "least_weight_of_widest": float(np.min(line.widest[line.plane], initial=1.0)),
            },
            "square": {"cost": square.cost, "bound": square.bound},
            "tangent_values": values,
            "tangent_rank": ranks,
            "settings": {"points": points},
        },
        {
            "places": (x[:, :2], "1", "x_1 <= x_2 of each multiset, (c, 2)"),
            "third": (x[:, 2], "1", "x_3, (c,)"),
            "vertex": (line.vertex, "1", "weights of the simplex method's plan, (c,)"),
            "widest": (line.widest, "1", "weights of the widest plan, (c,)"),
        },
    )
