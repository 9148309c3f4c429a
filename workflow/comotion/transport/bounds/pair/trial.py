"""Trials of the pair bound: a semidefinite programme, in rounds of violated points.

For every potential v and all positive semidefinite kernels K_l with

    1/|x - x'| >= v(r) + v(r') + sum_l K_l(r, r') P_l(cos theta)      for all x != x'

a density of N electrons has V_SCE >= (N - 1) int rho v - 1/2 sum_l int rho K_l(r, r)
+ 1/2 iint rho rho K_0. Its best value is the dual of the least energy of the pair densities that
obey the variance condition of N-representability: Var sum_i f(x_i) >= 0 for every f.

Reference for the condition: Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem. Phys. 139, 164109
(2013).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from comotion.density.functionals import hartree, unit_of_length
from comotion.density.radial import Array, HasDensity, RadialDensity, radial_density
from comotion.errors import TransportError
from comotion.progress import Report, silent
from comotion.transport.bounds.pair.programme import Optimum, from_matrix, maximise, products
from comotion.transport.bounds.pair.separation import violation_near, violations, weights_of
from comotion.transport.bounds.pair.space import PairSpace, pair_space

#: Angles of the first points; later points come from violations.
_ANGLES = np.linspace(0.1, np.pi, 6)
#: Tolerances of the solver in the first rounds, where the programme lacks most of its points.
_TOLERANCES = (1e-4, 1e-5, 1e-6)
_FINAL = 1e-7
#: What is added to each kernel so that it is positive semidefinite in exact arithmetic, relative.
_RIDGE = 1e-12
#: Part of the bound that the last violation may cost, and by which it may miss the programme's.
_LOSS, _ACCURACY = 1e-6, 4e-6
#: How much more than the last violation is repaired.
_MARGIN = 1.5
#: Most points that join in a round; slack of those that join the linear programme, and the other.
_NEW, _NEAR, _TIGHT = 1000, 1e-4, 1e-6
#: Most rounds of polishing.
_POLISHES = 20


@dataclass(frozen=True)
class PairEffort:
    """How hard to try.

    Attributes:
        intervals: Intervals between the knots of the kernels.
        degree: Highest l of the kernels.
        rounds: Most rounds of constraint generation.

    Raises:
        TransportError: A number is too small.
    """

    intervals: int = 6
    degree: int = 5
    rounds: int = 6

    def __post_init__(self) -> None:
        if min(self.intervals - 2, self.degree - 1, self.rounds - 1) < 0:
            raise TransportError(
                f"{self}: a pair bound needs two intervals, a degree of 1 and a round at least"
            )


@dataclass(frozen=True, eq=False, repr=False)
class PairTrial:
    """A potential and kernels, near the best; energies in hartree times the unit.

    Attributes:
        density: The density, lengths in bohr.
        unit: Unit of length b, bohr.
        space: The spaces, in that unit.
        potential: Coefficients of v, shape (p,).
        kernels: A_0 to A_L.
        value: The bound by quadrature, hartree: not proven.
        programme: Optimum of the last programme, hartree; the bound is what its repair leaves.
        gap: Gap of the solver at the last programme, hartree.
        theta: The last violation found, relative to 1/|x - x'| + 1/b; more than it is repaired.
        rows: Points of the last programme.
        rounds: Rounds until then.
    """

    density: RadialDensity
    unit: float
    space: PairSpace
    potential: Array
    kernels: list[Array]
    value: float
    programme: float
    gap: float
    theta: float
    rows: int
    rounds: int

    def __repr__(self) -> str:
        """Bound and space, in a line."""
        return f"<PairTrial: {self.value:.8f} hartree, {self.space!r}>"

    def lowered(self, theta: float) -> "PairTrial":
        """The trial with theta (1/|x - x'| + 1/b) more room in the inequality."""
        if theta == 0:
            return self
        potential, kernels = repaired(self.space, self.potential, self.kernels, theta)
        value = value_of(self.space, potential, kernels) / self.unit
        return replace(self, potential=potential, kernels=kernels, value=value)

    def violation_near(self, place: tuple[float, float, float]) -> float:
        """By how much the inequality fails near a place, relative to 1/|x - x'| + 1/b."""
        return violation_near(self.space, self.potential, self.kernels, place)

    def one_body(self, r: ArrayLike) -> Array:
        """(N - 1) v(r) - 1/2 sum_l K_l(r, r) + int rho K_0(r, .), hartree, shape of ``r``.

        Less a constant it is a potential for which sum_i U(r_i) <= sum_{i<j} 1/r_ij. Outside of the
        cells, where the inequality says nothing, it is no number.
        """
        r = np.asarray(r, dtype=float)
        with np.errstate(invalid="ignore"):
            y = np.where(np.isinf(r), 1.0, r / (r + self.unit)).ravel()
        psi = self.space.function_values(y)
        u = (self.space.n_electrons - 1) * (self.space.potential_values(y) @ self.potential)
        for kernel in self.kernels:
            whole = self.space.whole(kernel)
            u -= 0.5 * np.sum((psi @ whole) * psi, axis=1)
        u += psi @ self.space.whole(self.kernels[0]) @ self.space.charges
        ends = self.space.cells[[0, -1], [0, 1]]
        u[(y < ends[0]) | (y > ends[1])] = np.nan
        return np.asarray(u.reshape(r.shape) / self.unit)


def pair_trial(
    rho: RadialDensity | HasDensity, effort: PairEffort | None = None, report: Report = silent
) -> PairTrial:
    """The best pair bound in a space, repaired where the last search finds it violated.

    Args:
        rho: The density, N >= 2 electrons, or an object with one.
        effort: How hard to try.
        report: Told where the search is.

    Returns:
        Potential and kernels.

    Raises:
        DensityError: There is no density.
        TransportError: Fewer than two electrons, or the programme cannot be solved.
    """
    density, effort = radial_density(rho), effort or PairEffort()
    n = density.n_electrons
    if n < 2:
        raise TransportError("one electron repels nothing: there is no pair to bound")
    unit = unit_of_length(density)
    inner = density.stretched(1 / unit)
    space = pair_space(inner, effort.intervals, effort.degree)
    objective = objective_of(space)
    # No bound is above the mean field: this keeps the first programmes from being unbounded.
    mean_field = (1 - 1 / n) * hartree(inner)
    points = _first_points(space)
    found: list[PairTrial] = []
    for number in range(effort.rounds):
        tolerance = (*_TOLERANCES, *[_FINAL] * effort.rounds)[number]
        best = _solved(space, objective, mean_field, points, tolerance)
        kernels = [_ridged(kernel) for kernel in best.kernels]
        potential, theta, new = _polished(space, best.potential, kernels, points, number)
        points = np.concatenate((points, new))
        potential, kernels = repaired(space, potential, kernels, _MARGIN * theta)
        value = value_of(space, potential, kernels)
        report(f"pair bound {value / unit:.7f} of {best.value / unit:.7f}, {len(points)} points")
        found.append(
            PairTrial(
                density,
                unit,
                space,
                potential,
                kernels,
                value=value / unit,
                programme=best.value / unit,
                gap=best.gap / unit,
                theta=theta,
                rows=len(points),
                rounds=number + 1,
            )
        )
        if best.value - value < _ACCURACY * value:
            break
    return max(found, key=lambda trial: trial.value)


def value_of(space: PairSpace, potential: Array, kernels: list[Array]) -> float:
    """The bound of a feasible v and K by quadrature, in the unit of the space."""
    value = (space.n_electrons - 1) * float(space.potential_charges @ potential)
    for kernel in kernels:
        value -= 0.5 * float(np.sum(space.whole(kernel) * space.overlaps))
    return value + 0.5 * float(space.charges @ space.whole(kernels[0]) @ space.charges)


def objective_of(space: PairSpace) -> Array:
    """Coefficients of the bound in the unknowns of the programme."""
    parts = [(space.n_electrons - 1) * space.potential_charges]
    for degree, size in enumerate(space.sizes):
        overlaps = space.overlaps[-size:, -size:]
        charges = space.charges[-size:]
        whole = np.outer(charges, charges) if degree == 0 else 0.0
        parts.append(0.5 * from_matrix(whole - overlaps))
    return np.concatenate(parts)


def repaired(
    space: PairSpace, potential: Array, kernels: list[Array], theta: float
) -> tuple[Array, list[Array]]:
    """A trial that violates the inequality by theta (1/|x - x'| + 1), made feasible."""
    lowered = potential - theta / 2 * space.one
    return lowered / (1 + theta), [kernel / (1 + theta) for kernel in kernels]


def _polished(
    space: PairSpace, potential: Array, kernels: list[Array], points: Array, number: int
) -> tuple[Array, float, Array]:
    """The best v for some kernels, by linear programmes with the points that the last ones violate.

    Returns:
        Its coefficients, the relative violation that is left, and the new points.
    """
    tried, new = points, []
    most = max(_NEW, sum(size * (size + 1) // 2 for size in space.sizes))
    for polish in range(_POLISHES):
        found, slack = violations(space, potential, kernels)
        theta = max(0.0, -float(slack[0]))
        value = value_of(space, potential, kernels)
        pairs = space.n_electrons * (space.n_electrons - 1) / 2
        done = theta * (value + pairs) < _LOSS * value or number < len(_TOLERANCES)
        if polish == 0 or done:
            # What the programme violates, and where it will be tight.
            new.append(_spread(space, found[slack < _TIGHT], most))
        if done:
            break
        tried = np.concatenate((tried, found[slack < _NEAR]))
        potential = _improved(space, potential, kernels, tried)
    return potential, theta, _distinct(np.concatenate(new))


def _spread(space: PairSpace, points: Array, most: int) -> Array:
    """The first points of each pair of cells, then the second ones, and so on; at most some."""
    cell = np.searchsorted(space.cells[:, 0], points[:, :2], side="right")
    pair = cell[:, 0] * (len(space.cells) + 1) + cell[:, 1]
    order = np.argsort(pair, kind="stable")
    starts = np.flatnonzero(np.diff(pair[order], prepend=-1))
    rank = np.empty(len(points), dtype=int)
    counts = np.diff(np.append(starts, len(points)))
    rank[order] = np.arange(len(points)) - np.repeat(starts, counts)
    return np.asarray(points[np.argsort(rank, kind="stable")[:most]])


def _distinct(points: Array) -> Array:
    """Points that differ by more than rounding."""
    _, first = np.unique(np.round(points, 5), axis=0, return_index=True)
    return np.asarray(points[np.sort(first)])


def _improved(space: PairSpace, potential: Array, kernels: list[Array], points: Array) -> Array:
    """The best v for some kernels at some points."""
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to import

    rows, limits = _rows(space, points)
    p = len(potential)
    fixed = np.concatenate([from_matrix(kernel) for kernel in kernels])
    reach = 1.0 + 2 * np.abs(potential)
    solution = linprog(
        -space.potential_charges,
        A_ub=rows[:, :p].toarray(),
        b_ub=np.asarray(limits - rows[:, p:] @ fixed),
        bounds=list(zip(potential - reach, potential + reach, strict=True)),
        method="highs",
    )
    return np.asarray(solution.x) if solution.status == 0 else potential


def _solved(
    space: PairSpace, objective: Array, mean_field: float, points: Array, tolerance: float
) -> Optimum:
    """The programme with some points."""
    rows, limits = _rows(space, points)
    rows = sparse.vstack((rows, sparse.csr_matrix(objective / mean_field)), format="csr")
    return maximise(objective, rows, np.append(limits, 1.0), space.sizes, tolerance)


def _rows(space: PairSpace, points: Array) -> tuple[sparse.csr_matrix, Array]:
    """Rows of the inequality at some points."""
    y, z, t = points.T
    factor, limits = weights_of(points)
    psi, other = space.function_values(y), space.function_values(z)
    legendre = np.polynomial.legendre.legvander(t, len(space.sizes) - 1)
    v = space.potential_values(y) + space.potential_values(z)
    blocks = [sparse.csr_matrix(v * factor[:, None])]
    for degree, size in enumerate(space.sizes):
        both = products(psi[:, -size:], other[:, -size:])
        blocks.append(sparse.csr_matrix(both * (factor * legendre[:, degree])[:, None]))
    return sparse.hstack(blocks, format="csr"), limits


def _first_points(space: PairSpace) -> Array:
    """Points on a lattice of the ends of the cells."""
    y = np.unique(space.cells)
    first, second = np.triu_indices(len(y))
    pairs = np.stack((y[first], y[second]), axis=1)
    cosines = np.cos(_ANGLES)
    return np.column_stack((np.repeat(pairs, len(cosines), axis=0), np.tile(cosines, len(pairs))))


def _ridged(kernel: Array) -> Array:
    """A kernel with a small multiple of the identity added."""
    size = np.max(np.abs(kernel), initial=1e-6)
    return np.asarray(kernel + _RIDGE * size * np.identity(len(kernel)))
