"""A bound from below: a potential, the least V - sum u, and the file that holds both."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from comotion.density.radial import Array, RadialDensity
from comotion.density.storage import density_of_parts, parts_of
from comotion.errors import RecordError
from comotion.io import read_arrays, write_arrays
from comotion.transport.bounds.column_programme import StoppedBy
from comotion.transport.bounds.configurations import costs_of, radii_of
from comotion.transport.bounds.potential_space import PotentialSpace
from comotion.transport.pair_cost import PairCost
from comotion.transport.pair_cost_storage import cost_of_parts, parts_of_cost


@dataclass(frozen=True, eq=False, repr=False)
class DualBound:
    """A bound from below.

    Attributes:
        density: The density whose transport cost it bounds.
        value: D(u) with the lowest configuration of the final search, hartree.
        programme: Value of the linear programme, the most that the space allows, hartree.
        space: The space of potentials.
        coefficients: Those of u in the space, shape (size,), hartree bohr (in energies of the
            space's unit for another cost than Coulomb's).
        constant: Least V - sum u per electron, hartree: added to u it makes sum u <= V hold with
            equality somewhere.
        configurations: Active configurations, shape (m, 3, N), bohr.
        slack: V - sum u - min of the active configurations, shape (m,), hartree.
        searched: Local minimisations of the final searches.
        corrected: By how much the last of them lowered the bound, hartree.
        stopped_by: What ended the search; see `StoppedBy`.
    """

    density: RadialDensity
    value: float
    programme: float
    space: PotentialSpace
    coefficients: Array
    constant: float
    configurations: Array
    slack: Array
    searched: int
    corrected: float
    stopped_by: StoppedBy

    def __repr__(self) -> str:
        """Bound and space, in a line."""
        return f"<DualBound: {self.value:.8f} hartree with {self.space.size} functions>"

    @property
    def pair_cost(self) -> PairCost:
        """The repulsion l(d) of two electrons."""
        return self.space.pair_cost.stretched(self.space.unit)

    def potential(self, r: ArrayLike) -> Array:
        """u(r) in the gauge u(inf) = 0 with the tail (N - 1) l(r), shape of ``r``, hartree.

        Where l does not vanish at infinity the gauge is that of `PotentialSpace`: int rho u is the
        bound once `constant` is added.
        """
        r = np.asarray(r, dtype=float)
        return np.asarray(self.space.functions(r.ravel()) @ self.coefficients).reshape(r.shape)

    def tail_at(self, r: float) -> float:
        """What u is outside all charge, at a radius in bohr, hartree: for Coulomb's (N - 1) / r."""
        space = self.space
        y = r / space.unit
        if space.pair_cost.is_coulomb:
            return (space.n_electrons - 1) / r
        return float(space.tail_at(np.asarray(np.hypot(y, space.b)))) / space.unit

    def slack_of(self, positions: Array) -> Array:
        """V - sum u - min of configurations, shape (m, 3, N) to (m,), hartree."""
        lowest = self.constant * positions.shape[2]
        sums = self.space.sums(radii_of(positions)) @ self.coefficients
        return np.asarray(costs_of(positions, self.pair_cost) - sums - lowest)

    def lowered(self, by: float) -> "DualBound":
        """The bound where a configuration lies below the minimum by an energy, hartree."""
        return replace(
            self,
            value=self.value - by,
            constant=self.constant - by / self.configurations.shape[2],
            slack=self.slack + by,
            corrected=self.corrected + by,
        )

    def stretched(self, factor: float, density: RadialDensity) -> "DualBound":
        """The bound with all lengths multiplied by a factor; a power of two changes no digit.

        Args:
            factor: The factor.
            density: Its density, stretched likewise.

        Returns:
            The bound of that density.
        """
        return replace(
            self,
            density=density,
            value=self.value / factor,
            programme=self.programme / factor,
            space=self.space.stretched(factor),
            constant=self.constant / factor,
            configurations=self.configurations * factor,
            slack=self.slack / factor,
            corrected=self.corrected / factor,
        )

    def save(
        self,
        path: Path,
        attributes: Mapping[str, Any] | None = None,
        arrays: Mapping[str, tuple[Any, str, str]] | None = None,
    ) -> None:
        """Write all that is needed to check the bound, its density and u as polynomials included.

        Args:
            path: The file.
            attributes: Further attributes of the file.
            arrays: Further arrays, as (values, unit, meaning) by name.

        Raises:
            RecordError: The file cannot be written.
        """
        numbers, own = self.space.parts()
        of_density, arrays_of_density = parts_of(self.density)
        of_cost, samples = parts_of_cost(self.pair_cost)
        table = self.space.table(self.coefficients)
        numbers |= of_cost
        numbers |= {name: getattr(self, name) for name in _NUMBERS}
        numbers |= {"grid_start": table.start, "grid_step": 1 / table.inverse_step}
        numbers |= {_OF_DENSITY + name: value for name, value in of_density.items()}
        own |= {name: (getattr(self, name), *what) for name, what in _ARRAYS.items()}
        own["polynomials"] = (table.coefficients, "hartree bohr", _POLYNOMIALS)
        own |= {_OF_DENSITY + name: value for name, value in arrays_of_density.items()}
        write_arrays(path, own | samples | dict(arrays or {}), numbers | dict(attributes or {}))

    @classmethod
    def load(cls, path: Path, pair_cost: PairCost | None = None) -> "DualBound":
        """Read a bound that `save` wrote.

        Args:
            path: The file.
            pair_cost: The pair cost, where it is a function of the user's, which no file can hold.

        Returns:
            The bound with its density, equal to the last bit.

        Raises:
            RecordError: The file is not what was written, or holds no bound, or one of a pair cost
                that has to be given.
        """
        attributes, arrays = read_arrays(path)
        try:
            numbers: dict[str, Any] = {
                name: kind(attributes[name]) for name, kind in _NUMBERS.items()
            }
            bound = cls(
                density=density_of_parts(_of_density(attributes), _of_density(arrays)),
                space=PotentialSpace.of_parts(
                    attributes, arrays, cost_of_parts(path, attributes, arrays, pair_cost)
                ),
                **numbers,
                **{name: arrays[name] for name in _ARRAYS},
            )
            polynomials = arrays["polynomials"]
        except KeyError as error:
            raise RecordError(f"{path}: holds no bound, {error} is missing; delete it") from error
        if not np.array_equal(polynomials, bound.space.table(bound.coefficients).coefficients):
            raise RecordError(
                f"{path}: polynomials is not the potential of coefficients, knots and known; "
                "delete it and run again"
            )
        return bound


def _of_density(everything: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes or arrays that belong to the density."""
    return {
        name.removeprefix(_OF_DENSITY): value
        for name, value in everything.items()
        if name.startswith(_OF_DENSITY)
    }


#: What the names of the density's own attributes and arrays begin with in the file.
_OF_DENSITY = "density_"
_POLYNOMIALS = (
    "g = a + b s + c s^2 + d s^3 on the intervals of the fine grid, s in [0, 1], (n - 1, 4): "
    "u(r) = g(x) / (sqrt(y^2 + b^2) unit) with y = r / unit and "
    "x = log y = grid_start + grid_step (interval + s); constant beyond both ends; of another pair "
    "cost l than Coulomb's u(r) = g(x) / unit + tail l(stretch unit sqrt(y^2 + b^2))"
)
#: Numbers of a bound with their types, and arrays with unit and meaning.
_NUMBERS: dict[str, type[float] | type[int] | type[str]] = {
    "value": float,
    "programme": float,
    "constant": float,
    "searched": int,
    "corrected": float,
    "stopped_by": str,
}
_ARRAYS = {
    "coefficients": ("hartree bohr", "of the splines and of g_0, (size,)"),
    "configurations": ("bohr", "active configurations, (m, 3, N)"),
    "slack": ("hartree", "V - sum u - min of them, (m,)"),
}
