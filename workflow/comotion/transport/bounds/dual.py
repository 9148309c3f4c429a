"""The lower bound: Kantorovich's dual problem in a space of potentials, by column generation.

``V_SCE >= D(u) = int rho u + min_x (V(x) - sum_i u(|x_i|))`` for every u. The best u of a
`PotentialSpace` is the dual solution of a linear programme over configurations; configurations
that violate it are found by local minimisation over radii and angles and join the programme.
The prices are smoothed towards the best potential so far (Wentges, Int. Trans. Oper. Res. 4,
151 (1997)), which is what makes the iteration short. D(u) is as good as the search for the
minimum: in the end that is repeated from independent starts, much harder, and what it finds
joins the programme, until nothing is found any more.

Another pair cost than Coulomb's is minimised by its table; every number that counts is by l itself,
and twice the largest difference of the two is subtracted, which is what a minimum by the table can
lie above one by l.
"""

from dataclasses import replace

import numpy as np

from comotion.density.radial import Array, RadialDensity
from comotion.errors import TransportError
from comotion.progress import Report, silent
from comotion.transport.bounds import pricing
from comotion.transport.bounds.column_programme import StoppedBy
from comotion.transport.bounds.configurations import (
    VIOLATED,
    Configurations,
    costs_of,
    radii_of,
    scale_of,
)
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.potential_space import PotentialSpace
from comotion.transport.bounds.pricing import PotentialTable

#: Share of the best potential in the prices, and its decrease when nothing violates them.
_SMOOTHING, _RELAXING, _SHARPEST = 0.5, 0.3, 1e-3
#: Mutants of each active configuration.
_MUTANTS = 4
#: Relaxation tolerance in units of the scale of the costs; see `scale_of`.
_RELAXED = 1e-11
#: Gap between programme and bound at which to stop, in the same units, and most iterations.
TOLERANCE, MOST_ITERATIONS = 1e-6, 300
#: Configurations beyond which the half farthest from use is dropped.
_MOST_COLUMNS = 5000
#: The final search: random starts by charge and by log r, mutants of each active configuration,
#: hops from each; and how many of what it finds the following iterations start from as well.
_RANDOM, _FINAL_MUTANTS, _HOPS, _MOST_MISSED = (2000, 1000), 30, 20, 60
_TEMPERATURE = 1e-4


def dual_bound(
    density: RadialDensity,
    space: PotentialSpace,
    starts: Array,
    *,
    tolerance: float = TOLERANCE,
    seed: int = 1,
    iterations: int = MOST_ITERATIONS,
    report: Report = silent,
) -> DualBound:
    """Maximise D(u) over a space of potentials.

    Args:
        density: The density, N >= 2 electrons.
        space: The space, whose pair cost it is.
        starts: Configurations to begin with, such as those of the co-motion plan, shape
            (m, 3, N).
        tolerance: Gap between the programme and the bound at which to stop, relative.
        seed: Seed of the random numbers.
        iterations: Most iterations.
        report: Told where the search is.

    Returns:
        The bound.

    Raises:
        TransportError: The linear programme fails before there is any bound.
    """
    ascent = _Ascent(density, space, starts, tolerance, iterations, np.random.default_rng(seed))
    while not ascent.round(report):
        pass
    return ascent.bound()


class _Ascent:
    """The state of the maximisation."""

    def __init__(
        self,
        density: RadialDensity,
        space: PotentialSpace,
        starts: Array,
        tolerance: float,
        iterations: int,
        rng: np.random.Generator,
    ) -> None:
        self._density, self._space, self._rng = density, space, rng
        self._pool = Configurations(space, starts)
        self._scale = scale_of(starts, space.pair_cost)
        self._tolerance = tolerance * self._scale
        self._left = iterations
        #: What final searches have found: the mutants of active configurations miss them.
        self._missed = np.empty((0, *starts.shape[1:]))
        self._fixed = float(space.integrals @ space.fixed)
        self._integrals = space.of_free(space.integrals)
        self._programme, self._active = np.inf, starts[:0]
        self._best, self._center = -np.inf, np.empty(0)
        self._searched = 0
        self._found: DualBound | None = None

    def round(self, report: Report) -> bool:
        """Maximise, then search hard for what was missed; returns whether that is the end."""
        stopped_by = self._maximise(report)
        coefficients = self._space.with_tail(self._center)
        found, values, error = _final_search(
            self._density, self._space, coefficients, self._active, self._scale, self._rng, report
        )
        self._searched += len(values) + _HOPS * len(self._active)
        values -= 2 * error
        lowest = self._best - self._fixed - float(self._integrals @ self._center)
        missed = lowest - min(lowest, float(values.min()))
        bound = self._as_bound(coefficients, lowest - missed, missed, stopped_by)
        if self._found is None or bound.value > self._found.value:
            self._found = bound
        if missed <= max(self._tolerance, VIOLATED * self._scale):
            return True
        if stopped_by in {"iterations", "linear programme"}:
            return True
        # Its worth was less than it seemed: go on from it with what it was violated by.
        below = np.argsort(values)[:_MOST_MISSED]
        below = below[values[below] < lowest - VIOLATED * self._scale]
        self._missed = np.concatenate((found[below], self._missed))[:_MOST_MISSED]
        self._pool.add_lowest(found, values - lowest, self._scale)
        self._best = bound.value
        return False

    def bound(self) -> DualBound:
        """The best bound that a final search has confirmed."""
        assert self._found is not None  # noqa: S101 - there is one after a round
        return replace(self._found, programme=self._programme, searched=self._searched)

    def _maximise(self, report: Report) -> StoppedBy:
        """Generate configurations until the programme's value is reached; returns why it ends."""
        smoothing = _SMOOTHING
        while self._left > 0:
            self._left -= 1
            try:
                solution = self._pool.programme.solve()
            except TransportError:
                if self._center.size == 0:
                    raise
                # What has been reached is a bound all the same.
                return "linear programme"
            self._programme = self._fixed + solution.value
            prices, constant = solution.prices[:-1], solution.prices[-1]
            used = solution.weights > 1e-12
            self._active = self._pool.positions[used]
            at = prices
            if self._center.size > 0:
                at = smoothing * self._center + (1 - smoothing) * prices
            starts = np.concatenate((self._active, self._missed))
            found, values, _ = _search(
                self._space, self._space.with_tail(at), starts, _MUTANTS, self._scale, self._rng
            )
            bound = self._fixed + float(self._integrals @ at + values.min())
            if bound > self._best:
                self._best, self._center = bound, at
            if self._programme - self._best <= self._tolerance:
                return "converged"
            reduced = self._pool.reduced(found, prices, constant)
            added = self._pool.add_lowest(found, reduced, self._scale)
            if len(self._pool.costs) > _MOST_COLUMNS:
                self._pool.drop_stale(prices, used)
            report(
                f"lower bound with {self._space.size} functions",
                f"relative gap {(self._programme - self._best) / self._scale:.1e}, "
                f"{len(self._pool.costs)} columns, at most {self._left} iterations left",
            )
            if added == 0:
                if smoothing < _SHARPEST:
                    return "search"
                smoothing *= _RELAXING
        return "iterations"

    def _as_bound(
        self, coefficients: Array, lowest: float, missed: float, stopped_by: StoppedBy
    ) -> DualBound:
        """The bound of a potential whose V - sum u is not below a value."""
        integral = float(self._space.integrals @ coefficients)
        sums = self._space.sums(radii_of(self._active))
        return DualBound(
            density=self._density,
            value=integral + lowest,
            programme=self._programme,
            space=self._space,
            coefficients=coefficients,
            constant=lowest / self._density.n_electrons,
            configurations=self._active,
            slack=costs_of(self._active, self._space.pair_cost) - sums @ coefficients - lowest,
            searched=self._searched,
            corrected=missed,
            stopped_by=stopped_by,
        )


def violations(bound: DualBound, starts: Array) -> tuple[Array, float]:
    """Relax configurations that another search has found.

    Args:
        bound: The bound, in the unit of its space.
        starts: Configurations, shape (m, 3, N), in that unit.

    Returns:
        Those that lie below the bound's minimum, shape (k, 3, N), and by how much the lowest
        does, hartree, 0 if none does.
    """
    space = bound.space
    scale = scale_of(starts, space.pair_cost)
    found, values, _ = _search(
        space, bound.coefficients, starts, 0, scale, np.random.default_rng(0)
    )
    missing = bound.constant * starts.shape[2] - values
    below = missing > VIOLATED * scale
    return found[below], float(np.max(missing[below], initial=0.0))


def search_again(bound: DualBound, seed: int) -> tuple[float, int]:
    """Search the minimum of V - sum u of a bound as hard as it was, with other random numbers.

    Args:
        bound: The bound, in any unit.
        seed: Seed of the random numbers.

    Returns:
        The lowest V - sum u that was found, hartree, and how many minimisations were made.
    """
    unit = bound.space.unit
    inner = bound.stretched(1 / unit, bound.density.stretched(1 / unit))
    active = inner.configurations
    scale = scale_of(active, inner.space.pair_cost)
    _, values, _ = _final_search(
        inner.density, inner.space, inner.coefficients, active, scale,
        np.random.default_rng(seed), silent,
    )  # fmt: skip
    return float(values.min()) / unit, len(values) + _HOPS * len(active)


def _search(
    space: PotentialSpace,
    coefficients: Array,
    starts: Array,
    mutants: int,
    scale: float,
    rng: np.random.Generator,
) -> tuple[Array, Array, float]:
    """Minima from configurations and their mutants, and as `_by_the_cost_itself`."""
    found = np.empty((len(starts) * (mutants + 1), *starts.shape[1:]))
    values = np.empty(len(found))
    pricing.search(
        starts, mutants, space.table(coefficients), _RELAXED * scale, rng, found, values
    )  # fmt: skip
    return found, *_by_the_cost_itself(space, coefficients, found, values)


def _by_the_cost_itself(
    space: PotentialSpace, coefficients: Array, found: Array, values: Array
) -> tuple[Array, float]:
    """V - sum u of configurations, and how far it is from that by the table of the cost."""
    if space.pair_cost.is_coulomb:
        return values, 0.0
    exact = costs_of(found, space.pair_cost) - space.sums(radii_of(found)) @ coefficients
    lowest = values <= np.median(values)
    return exact, float(np.max(np.abs(exact - values)[lowest], initial=0.0))


def _final_search(
    density: RadialDensity,
    space: PotentialSpace,
    coefficients: Array,
    active: Array,
    scale: float,
    rng: np.random.Generator,
    report: Report,
) -> tuple[Array, Array, float]:
    """Minima of V - sum u from random starts, mutants and hops, and as `_by_the_cost_itself`."""
    table = space.table(coefficients)
    random = _random_starts(density, table, rng)
    minima = [_search(space, coefficients, random, 0, scale, rng)]
    minima.append(_search(space, coefficients, active, _FINAL_MUTANTS, scale, rng))
    hopped, values = active.copy(), np.empty(len(active))
    for k, x in enumerate(hopped):
        report("final search of the lower bound", share=k / len(active))
        values[k] = pricing.hop_down(x, _HOPS, _TEMPERATURE * scale, table, _RELAXED * scale, rng)
    minima.append((hopped, *_by_the_cost_itself(space, coefficients, hopped, values)))
    found, lowest, errors = zip(*minima, strict=True)
    return np.concatenate(found), np.concatenate(lowest), max(errors)


def _random_starts(
    density: RadialDensity, table: PotentialTable, rng: np.random.Generator
) -> Array:
    """Configurations with random directions, shape (m, 3, N): radii by charge, and by log r.

    Where there is no charge nothing but the second kind meets what the potential does there.
    """
    n = density.n_electrons
    charges = rng.uniform(1e-6, n - 1e-6, size=(_RANDOM[0], n))
    stop = table.start + len(table.coefficients) / table.inverse_step
    logs = rng.uniform(table.start, stop, size=(_RANDOM[1], n))
    radii = np.concatenate((density.radius(charges), np.exp(logs)))
    directions = rng.normal(size=(len(radii), 3, n))
    directions /= np.sqrt(np.sum(directions**2, axis=1, keepdims=True))
    return np.asarray(directions * radii[:, None, :])
