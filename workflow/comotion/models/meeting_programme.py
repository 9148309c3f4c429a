"""What replaces the co-motion plan of three electrons where two meet, by linear programming.

For q in [0, Q] the co-motion plan has an electron in the innermost charge Q and two in the charge
[2 - Q, 2 + Q] about the second shell radius. Any other plan of these charges, with the co-motion
plan beyond Q, has the marginal rho too. Both are cut into cells, finer towards q = 0; a column is
a cell of each electron with the direction in which it runs through it, all at the same share of
their cells, and a linear programme weighs the columns so that every cell is used up. That is a plan
whose marginal is rho inside the cells too, and its cost an upper bound, not a discretised one.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial import Chebyshev
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_matrix

from comotion.density.radial import Array, RadialDensity
from comotion.errors import TransportError
from comotion.models.three_on_spheres import triangles

#: Signs of the velocities of the electrons at cumulants q, 2 - q and 2 + q.
_DIRECTIONS = np.array([1.0, -1.0, 1.0])
#: Gauss-Legendre nodes in a cell: for the costs of all columns, and of those in use.
_NODES, _FINE_NODES = 3, 12
#: Degree of the potential as a polynomial in q^(1/3): it has converged to rounding.
_DEGREE = 80


@dataclass(frozen=True, eq=False)
class LocalPlan:
    """The best plan of the cells, for q in [0, Q].

    Attributes:
        edges: Edges of the cells of the innermost charge, shape (L + 1,), electrons. The charge
            about the shell radius has the cells 2 + edges and 2 - edges.
        cells: Cells of the columns in use, shape (c, 3): the first electron's from 0 to L - 1, the
            others' from -L (innermost) to L - 1, where 0 begins at the shell radius.
        weights: Their weights, shape (c,), sum Q.
        excess: How much the co-motion plan costs more, hartree.
        quadrature_error: Change of that between the coarse and the fine nodes, hartree.
        marginal_error: Largest charge by which a cell is missed, electrons.
    """

    edges: Array
    cells: NDArray[np.int64]
    weights: Array
    excess: float
    quadrature_error: float
    marginal_error: float


def comotion_radii(density: RadialDensity, q: Array) -> Array:
    """Radii of the co-motion plan at cumulants q, 2 - q and 2 + q, shape (n, 3), bohr."""
    return density.radius(np.stack((q, 2 - q, 2 + q), axis=-1))


def potential_steps(density: RadialDensity, region: float) -> list[Chebyshev]:
    """Potential u along the co-motion plan of three electrons, from q = 0 on.

    Args:
        density: The density.
        region: Largest q.

    Returns:
        For each electron u(R_i(q)) - u(R_i(0)) as a function of q^(1/3), in which it is smooth;
        u'(R_i) = dE_3/dR_i.
    """

    def slope(t: Array, electron: int) -> Array:
        """du/dt of an electron, q = t^3."""
        radii = comotion_radii(density, t**3)
        charge = 4 * np.pi * radii**2 * density.density(radii)
        slopes = triangles(radii).forces * _DIRECTIONS / charge
        return np.asarray(3 * t**2 * slopes[:, electron])

    domain = [0.0, float(np.cbrt(region))]
    return [
        Chebyshev.interpolate(slope, _DEGREE, domain=domain, args=(electron,)).integ(lbnd=0.0)
        for electron in range(3)
    ]


@dataclass(frozen=True, eq=False)
class _Cells:
    """Radii and potential in the cells at the quadrature nodes, ascending with the radius.

    Attributes:
        radii: Radii of the innermost charge (L, G) and of that about the shell radius (2 L, G).
        potential: u there, less its value at q = 0.
        center: E_3 at q = 0.
        weights: Weights of the nodes, shape (G,).
    """

    radii: tuple[Array, Array]
    potential: tuple[Array, Array]
    center: float
    weights: Array

    @classmethod
    def of(
        cls, density: RadialDensity, edges: Array, steps: list[Chebyshev], nodes: int
    ) -> "_Cells":
        """The cells between edges of q, with the potential of `potential_steps`."""
        x, weights = np.polynomial.legendre.leggauss(nodes)
        q = edges[:-1, None] + np.diff(edges)[:, None] * (1 + x) / 2
        inner, below, above = np.moveaxis(comotion_radii(density, q), -1, 0)
        u_inner, u_below, u_above = (step(np.cbrt(q)) for step in steps)
        # From the innermost: the radius falls with q below the shell radius.
        return cls(
            (inner, np.concatenate((below[::-1, ::-1], above))),
            (u_inner, np.concatenate((u_below[::-1, ::-1], u_above))),
            5 / (2 * float(density.radius(2.0))),
            weights / 2,
        )

    def costs(self, cells: NDArray[np.int64], turned: tuple[int, int]) -> Array:
        """Mean of E_3 - sum u over columns, less its value on the co-motion plan.

        Args:
            cells: Cell of each electron, shape (c, 3).
            turned: For each of the outer two 1 if it runs outwards like the first, -1 if not.

        Returns:
            The costs, shape (c,), hartree.
        """
        orders = (slice(None), *(slice(None, None, step) for step in turned))
        radii, u = [], np.zeros((len(cells), len(self.weights)))
        for electron, order in enumerate(orders):
            charge = min(electron, 1)
            radii.append(self.radii[charge][cells[:, electron], order])
            u += self.potential[charge][cells[:, electron], order]
        energies = triangles(np.stack(radii, axis=-1).reshape(-1, 3)).energies
        return np.asarray((energies.reshape(u.shape) - self.center - u) @ self.weights)


def local_plan(density: RadialDensity, region: float, cells: int) -> LocalPlan:
    """The cheapest plan of the cells for q in [0, Q].

    Every column is a variable. Costs are those above sum u, whose mean is the same for all
    plans: on the co-motion plan they vanish, and what is gained is not lost in rounding.

    Args:
        density: A density of three electrons.
        region: Q, electrons, below 1.
        cells: Cells L of the innermost charge.

    Returns:
        The plan.

    Raises:
        TransportError: Fewer than two cells, a region outside (0, 1), or the programme failed.
    """
    if cells < 2 or not 0 < region < 1:
        raise TransportError(
            f"a local plan needs at least 2 cells and a region within (0, 1), got {cells} cells up "
            f"to {region}"
        )
    edges = region * np.linspace(0, 1, cells + 1) ** 3
    steps = potential_steps(density, region)
    coarse = _Cells.of(density, edges, steps, _NODES)
    first, second = np.triu_indices(2 * cells)
    columns = np.stack(
        (np.repeat(np.arange(cells), len(first)), np.tile(first, cells), np.tile(second, cells)), 1
    )
    turns = [(a, b) for a in (1, -1) for b in (1, -1)]
    by_turn = np.array([coarse.costs(columns, turned) for turned in turns])
    best = np.argmin(by_turn, axis=0)
    cost = np.min(by_turn, axis=0)
    width = np.diff(edges) / region
    shares = np.concatenate((width, width[::-1], width))
    rows = np.concatenate((columns[:, 0], cells + columns[:, 1], cells + columns[:, 2]))
    uses = csc_matrix((np.ones(len(rows)), (rows, np.tile(np.arange(len(columns)), 3))))
    # The solver's tolerances are absolute: costs and charges are given to it of the order of 1.
    scale = np.max(np.abs(cost[cost < 0]), initial=np.finfo(float).tiny)
    # linprog's stubs know dense matrices only.
    programme: Any = linprog
    found = programme(cost / scale, A_eq=uses, b_eq=shares, method="highs")
    if found.status != 0:
        raise TransportError(
            f"the linear programme of the cells up to q = {region}: {found.message}"
        )
    used = np.flatnonzero(found.x > 0)
    weights = region * found.x[used]
    fine = _Cells.of(density, edges, steps, _FINE_NODES)
    costs = np.empty(len(used))
    for turn, turned in enumerate(turns):
        of_turn = best[used] == turn
        costs[of_turn] = fine.costs(columns[used][of_turn], turned)
    excess = -float(weights @ costs)
    return LocalPlan(
        edges=edges,
        cells=columns[used] - np.array([0, cells, cells]),
        weights=weights,
        excess=excess,
        quadrature_error=abs(excess + float(weights @ cost[used])),
        marginal_error=region * float(np.max(np.abs(uses @ found.x - shares))),
    )
