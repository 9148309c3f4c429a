"""The lower bound: Kantorovich's dual problem in a space of potentials, by column generation.

``V_SCE >= D(u) = int rho u + min_x (V(x) - sum_i u(|x_i|))`` for every u. The best u of a
`PotentialSpace` is the dual solution of a linear programme over configurations; configurations
that violate it are found by local minimisation over radii and angles and join the programme.
The prices are smoothed towards the best potential so far (Wentges, Int. Trans. Oper. Res. 4,
151 (1997)), which is what makes the iteration short. D(u) is as good as the search for the
minimum: in the end that is repeated from independent starts, much harder.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from comotion.density.radial import Array, RadialDensity
from comotion.errors import RecordError, TransportError
from comotion.io import read_arrays, write_arrays
from comotion.progress import Report, silent
from comotion.transport.bounds import pricing
from comotion.transport.bounds.configurations import (
    VIOLATED,
    Configurations,
    costs_of,
    radii_of,
)
from comotion.transport.bounds.potential_space import PotentialSpace, PotentialTable

#: Share of the best potential in the prices, and its decrease when nothing violates them.
_SMOOTHING, _RELAXING, _SHARPEST = 0.5, 0.3, 1e-3
#: Mutants of each active configuration.
_MUTANTS = 4
#: Relaxation tolerance in units of the transport cost.
_RELAXED = 1e-11
_MOST_ITERATIONS = 300
#: Configurations beyond which the half farthest from use is dropped.
_MOST_COLUMNS = 5000
#: The final search: random starts, mutants of each active configuration, hops from each.
_RANDOM, _FINAL_MUTANTS, _HOPS = 2000, 30, 20
_TEMPERATURE = 1e-4


@dataclass(frozen=True, eq=False, repr=False)
class DualBound:
    """A bound from below.

    Attributes:
        value: D(u) with the lowest configuration of the final search, hartree.
        programme: Value of the linear programme, the most that the space allows, hartree.
        space: The space of potentials.
        coefficients: Those of u in the space, shape (size,).
        constant: What is added to u so that sum u <= V holds with equality somewhere, per
            electron, hartree.
        configurations: Active configurations, shape (m, 3, N), bohr.
        slack: V - sum u - min of the active configurations, shape (m,), hartree.
        searched: Local minimisations of the final search.
        corrected: By how much the final search lowered the bound, hartree.
        stopped: Why the programme ended before its gap was closed, or nothing.
    """

    value: float
    programme: float
    space: PotentialSpace
    coefficients: Array
    constant: float
    configurations: Array
    slack: Array
    searched: int
    corrected: float
    stopped: str

    def __repr__(self) -> str:
        """Bound and space, in a line."""
        return f"<DualBound: {self.value:.8f} hartree with {self.space.size} functions>"

    def potential(self, r: ArrayLike) -> Array:
        """u(r) in the gauge u(inf) = 0, shape of ``r``, hartree."""
        r = np.asarray(r, dtype=float)
        return np.asarray(self.space.functions(r.ravel()) @ self.coefficients).reshape(r.shape)

    def slack_of(self, positions: Array) -> Array:
        """V - sum u - min of configurations, shape (m, 3, N) to (m,), hartree."""
        lowest = self.constant * positions.shape[2]
        sums = self.space.sums(radii_of(positions)) @ self.coefficients
        return np.asarray(costs_of(positions) - sums - lowest)

    def save(
        self,
        path: Path,
        attributes: Mapping[str, Any] | None = None,
        arrays: Mapping[str, tuple[Any, str, str]] | None = None,
    ) -> None:
        """Write everything but the density and the known potential of the space.

        Args:
            path: The file.
            attributes: Further attributes of the file.
            arrays: Further arrays, as (values, unit, meaning) by name.
        """
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        own = {name: (getattr(self, name), *what) for name, what in _ARRAYS.items()}
        numbers["splines"] = self.space.intervals
        write_arrays(path, own | dict(arrays or {}), numbers | dict(attributes or {}))

    @classmethod
    def load(
        cls, path: Path, density: RadialDensity, known: Callable[[Array], Array]
    ) -> "DualBound":
        """Read a bound.

        Args:
            path: The file.
            density: Its density.
            known: The known potential of its space; see `PotentialSpace`.

        Raises:
            RecordError: The file is not what was written, or holds no bound.
        """
        attributes, arrays = read_arrays(path)
        try:
            numbers: dict[str, Any] = {
                name: kind(attributes[name]) for name, kind in _NUMBERS.items()
            }
            space = PotentialSpace(density, known, int(attributes["splines"]))
            return cls(space=space, **numbers, **{name: arrays[name] for name in _ARRAYS})
        except KeyError as error:
            raise RecordError(f"{path}: holds no bound, {error} is missing; delete it") from error


#: Numbers of a bound with their types, and arrays with unit and meaning.
_NUMBERS: dict[str, type[float] | type[int] | type[str]] = {
    "value": float,
    "programme": float,
    "constant": float,
    "searched": int,
    "corrected": float,
    "stopped": str,
}
_ARRAYS = {
    "coefficients": ("hartree bohr", "of the basis functions, (size,)"),
    "configurations": ("bohr", "active configurations, (m, 3, N)"),
    "slack": ("hartree", "V - sum u - min of them, (m,)"),
}


def dual_bound(
    density: RadialDensity,
    space: PotentialSpace,
    starts: Array,
    *,
    tolerance: float = 1e-6,
    seed: int = 1,
    report: Report = silent,
) -> DualBound:
    """Maximise D(u) over a space of potentials.

    Args:
        density: The density, N >= 2 electrons.
        space: The space.
        starts: Configurations to begin with, such as those of the co-motion plan, shape
            (m, 3, N).
        tolerance: Gap between the programme and the bound at which to stop, relative.
        seed: Seed of the random numbers.
        report: Told where the search is.

    Returns:
        The bound.
    """
    rng = np.random.default_rng(seed)
    pool = Configurations(density, space, starts)
    scale = float(np.mean(pool.costs))
    best, value, smoothing, stopped = -np.inf, np.inf, _SMOOTHING, ""
    center: Array | None = None
    for iteration in range(_MOST_ITERATIONS):
        try:
            solution = pool.programme.solve()
        except TransportError as error:
            # What has been reached is a bound all the same.
            if center is None:
                raise
            stopped = str(error)
            break
        value = solution.value
        prices, constant = solution.prices[:-1], solution.prices[-1]
        at = prices if center is None else smoothing * center + (1 - smoothing) * prices
        active = pool.positions[solution.weights > 1e-12]
        found, values = _search(space.table(at), active, _MUTANTS, scale, rng)
        bound = float(space.integrals @ at + values.min())
        if bound > best:
            best, center = bound, at
        if value - best <= tolerance * scale:
            break
        added = pool.add_violating(found, prices, constant, scale)
        if len(pool.costs) > _MOST_COLUMNS:
            pool.drop_stale(prices, solution.weights > 1e-12)
        report(
            f"lower bound with {space.size} functions",
            f"iteration {iteration + 1}, {best:.8f} to {value:.8f} hartree, "
            f"{len(pool.costs)} columns",
        )
        if added == 0:
            if smoothing < _SHARPEST:
                break
            smoothing *= _RELAXING
    assert center is not None  # noqa: S101 - the loop runs at least once
    integral = float(space.integrals @ center)
    least, searched = _final_search(density, space.table(center), active, scale, rng, report)
    lowest = min(best - integral, least)
    final = integral + lowest
    slack = costs_of(active) - space.sums(radii_of(active)) @ center - lowest
    return DualBound(
        value=final,
        programme=value,
        space=space,
        coefficients=center,
        constant=lowest / density.n_electrons,
        configurations=active,
        slack=slack,
        searched=searched,
        corrected=best - final,
        stopped=stopped,
    )


def check_bound(bound: DualBound, starts: Array) -> None:
    """Relax configurations that another search has found; none may lie below the bound's minimum.

    Args:
        bound: The bound.
        starts: Configurations, shape (m, 3, N), bohr.

    Raises:
        TransportError: One does; the sentence names its radii.
    """
    n = starts.shape[2]
    scale = float(np.mean(costs_of(starts)))
    table = bound.space.table(bound.coefficients)
    found, values = _search(table, starts, 0, scale, np.random.default_rng(0))
    worst = int(np.argmin(values))
    missing = n * bound.constant - float(values[worst])
    if missing > VIOLATED * scale:
        radii = ", ".join(f"{r:.4f}" for r in np.sort(radii_of(found[worst : worst + 1])[0]))
        raise TransportError(
            f"the lower bound is {missing:.2e} hartree too high: it is violated by the "
            f"configuration with the radii {radii} bohr; take another seed or more splines"
        )


def _search(
    table: PotentialTable, starts: Array, mutants: int, scale: float, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Minima from configurations and their mutants, and their values."""
    found = np.empty((len(starts) * (mutants + 1), *starts.shape[1:]))
    values = np.empty(len(found))
    pricing.search(
        starts, mutants, *_unpacked(table), _RELAXED * scale, rng, found, values
    )  # fmt: skip
    return found, values


def _unpacked(table: PotentialTable) -> tuple[Array, float, float, float]:
    return table.coefficients, table.start, table.inverse_step, table.b_square


def _final_search(
    density: RadialDensity,
    table: PotentialTable,
    active: Array,
    scale: float,
    rng: np.random.Generator,
    report: Report,
) -> tuple[float, int]:
    """Lowest V - sum u from random starts, mutants and hops, and the minimisations made."""
    n = density.n_electrons
    directions = rng.normal(size=(_RANDOM, 3, n))
    directions /= np.sqrt(np.sum(directions**2, axis=1, keepdims=True))
    charges = rng.uniform(1e-6, n - 1e-6, size=(_RANDOM, n))
    random = directions * density.radius(charges)[:, None, :]
    lowest = float(np.min(_search(table, random, 0, scale, rng)[1]))
    lowest = min(lowest, float(np.min(_search(table, active, _FINAL_MUTANTS, scale, rng)[1])))
    for done, start in enumerate(active):
        report("final search of the lower bound", share=done / len(active))
        x = start.copy()
        value = pricing.hop_down(
            x, _HOPS, _TEMPERATURE * scale, *_unpacked(table), _RELAXED * scale, rng
        )
        lowest = min(lowest, float(value))
    return lowest, _RANDOM + len(active) * (_FINAL_MUTANTS + _HOPS + 2)
