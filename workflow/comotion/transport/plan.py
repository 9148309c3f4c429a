"""A transport plan: weighted configurations of the electrons of a density.

Two kinds have one class. A curve runs once through every shell: in the co-motion plan the
directions alternate, in other patterns they do not. A plan by cells is a mixture of columns, in
each of which every electron runs through a cell of charge; it comes from a linear programme
(`comotion.transport.bounds.primal`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comotion.density.radial import Array, RadialDensity
from comotion.density.storage import density_of_parts, parts_of
from comotion.errors import RecordError, TransportError
from comotion.io import read_arrays, write_arrays
from comotion.systems import electrons_in_words
from comotion.transport.maps import alternating, comotion_functions, functions_of_pattern
from comotion.transport.pair_cost import COULOMB, PairCost
from comotion.transport.pair_cost_storage import cost_of_parts, parts_of_cost
from comotion.transport.potential import RadialPotential, force_potential

#: Points of the radial grid on which curves are stored, and the charge left outside its last
#: point, electrons: beyond it Gaussian tails are not physics.
_GRID, _TAIL_CHARGE = 600, 1e-4
#: What the names of a density's own attributes and arrays begin with in the file of a plan.
_OF_DENSITY = "density_"


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """A plan of N electrons with n configurations.

    Attributes:
        density: Its marginal, times N.
        weights: Weight of each configuration, shape (n,), sum 1.
        radii: Radii of each configuration, shape (n, N), bohr.
        positions: Positions, shape (n, 3, N), bohr; of a plan by cells where every electron is
            about the middle of its cell.
        energies: Repulsion in each, shape (n,), hartree.
        upward: Whether each electron moves outwards, in every configuration: shape (N,) for a
            curve, by shell from the innermost, and (n, N) for a plan by cells.
        cost: Cost of the plan, hartree: an upper bound of V_SCE up to its error.
        cost_by_seed: Cost found by each seed alone, hartree.
        search_spread: Rise of the cost if each configuration had the highest energy that a seed
            found for it, hartree; at least the difference of two seeds' costs.
        quadrature_error: Change of the cost when the nodes were last doubled, hartree.
        marginal_error: Largest charge by which a cell differs from that of the density,
            electrons; 0 for a curve, which meets every charge once by construction.
        seeds: Seeds of the searches.
        moves: Basin-hopping moves made by all searches.
        q: Folded cumulant of each configuration of a curve, shape (n,); else None.
        cells: Cell of charge of each electron of a plan by cells, shape (n, N); else None.
        n_cells: Number of cells of equal charge into which [0, N] is cut; 0 for a curve.
        system: Name of the system, where it has one.
        level: Level of theory of the density, where it has one.
        pair_cost: The repulsion l(d) of two electrons.
    """

    density: RadialDensity
    weights: Array
    radii: Array
    positions: Array
    energies: Array
    upward: NDArray[np.bool_]
    cost: float
    cost_by_seed: tuple[float, ...] = ()
    search_spread: float = 0.0
    quadrature_error: float = 0.0
    marginal_error: float = 0.0
    seeds: tuple[int, ...] = ()
    moves: int = 0
    q: Array | None = None
    cells: NDArray[np.int64] | None = None
    n_cells: int = 0
    system: str = ""
    level: str = ""
    pair_cost: PairCost = COULOMB

    def __repr__(self) -> str:
        """Kind, electrons and cost with its error, in a line."""
        what = " ".join(filter(None, (self.system, self.level)))
        of = "" if self.pair_cost.is_coulomb else f", {self.pair_cost!r}"
        return (
            f"<Plan ({self.kind}{of}){what and ' of ' + what}: "
            f"{electrons_in_words(self.n_electrons)}, "
            f"cost {self.cost:.8f} +- {self.error:.0e} hartree>"
        )

    def _repr_html_(self) -> str:
        """The same line in a notebook."""
        return f"<code>{escape(repr(self))}</code>"

    @property
    def n_electrons(self) -> int:
        """Number of electrons N."""
        return self.density.n_electrons

    @property
    def kind(self) -> str:
        """What the plan is: ``comotion``, another ``pattern`` of a curve, or ``cells``."""
        if self.cells is not None:
            return "cells"
        return (
            "comotion" if np.array_equal(self.upward, alternating(len(self.upward))) else "pattern"
        )

    @property
    def error(self) -> float:
        """Search spread and quadrature error of the cost together, hartree."""
        return self.search_spread + self.quadrature_error

    @cached_property
    def radial_potential(self) -> RadialPotential:
        """The potential u(r) of the forces on the radii that the plan visits, hartree.

        Its gauge is u(inf) = 0. Where the pair cost does not vanish at infinity it is that of a
        Kantorovich potential: int rho u d3r is the cost of the plan.

        On a curve every radius is met once and u is the functional derivative of its cost, the
        Hartree potential included, whether it is optimal or not: of the co-motion plan it is the
        co-motion potential, which is the SCE potential where that plan is optimal. A plan by
        cells meets a radius in several configurations; the mean of their forces is taken.
        """
        weights = None if self.cells is None else self.weights
        potential = force_potential(self.radii, self.positions, weights, self.pair_cost)
        if self.pair_cost.vanishes:
            return potential
        sums = np.sum(potential(self.radii), axis=1)
        missing = float(self.weights @ (self.energies - sums)) / self.n_electrons
        return replace(potential, values=potential.values + missing)

    def potential(self, r: ArrayLike) -> Array:
        """The potential of the forces in the gauge u(inf) = 0.

        Where the pair cost does not vanish at infinity the gauge is that of `radial_potential`.

        Args:
            r: Radii, any shape, bohr.

        Returns:
            u(r), shape of ``r``, hartree.
        """
        return self.radial_potential(r)

    def functions(self, r: ArrayLike) -> Array:
        """Where the electrons are when one is at r.

        Args:
            r: Radii, shape (m,), bohr.

        Returns:
            Radii of all electrons, shape (m, N), bohr: of the co-motion plan in the order of
            f_1(r) = r, f_2, ..., f_N; of another pattern by shell, the one at r among them.

        Raises:
            DensityError: A radius is negative or not a number.
            TransportError: The plan is no map: an electron at r has several configurations.
        """
        if self.kind == "cells":
            raise TransportError(
                "a plan by cells is no map, one radius has many configurations: take support(), "
                "or the functions of the co-motion plan"
            )
        if self.kind == "comotion":
            return comotion_functions(self.density, r)
        return functions_of_pattern(self.density, r, self.upward)

    def support(self) -> tuple[Array, Array]:
        """Where the plan has its mass.

        Returns:
            Radii of all configurations, shape (n, N), bohr, and their weights, shape (n,), sum 1.
        """
        return self.radii, self.weights

    @cached_property
    def grid(self) -> Array:
        """Uniform radii up to where next to nothing is left outside, shape (m,), bohr."""
        last = float(self.density.radius(self.n_electrons - _TAIL_CHARGE, _TAIL_CHARGE))
        return np.linspace(0.0, last, _GRID + 1)[1:]

    def stretched(self, factor: float, density: RadialDensity) -> "Plan":
        """The plan with all lengths multiplied by a factor; a power of two changes no digit.

        Args:
            factor: The factor.
            density: Its density, stretched likewise.

        Returns:
            The plan of that density; energies are divided by the factor, and the pair cost is
            that of `PairCost.stretched`.
        """
        return replace(
            self,
            density=density,
            radii=self.radii * factor,
            positions=self.positions * factor,
            energies=self.energies / factor,
            cost=self.cost / factor,
            cost_by_seed=tuple(cost / factor for cost in self.cost_by_seed),
            search_spread=self.search_spread / factor,
            quadrature_error=self.quadrature_error / factor,
            pair_cost=self.pair_cost.stretched(factor),
        )

    def save(
        self,
        path: Path | str,
        more: Mapping[str, Any] | None = None,
        curves: Mapping[str, tuple[Any, str, str]] | None = None,
    ) -> None:
        """Write the plan to HDF5 with its density, and for other programs with its curves.

        Args:
            path: The file.
            more: Further attributes of the file.
            curves: Further curves of the plan as (values, unit, meaning) by name.

        Raises:
            RecordError: The file cannot be written.
        """
        attributes, arrays = parts_of(self.density)
        attributes = {_OF_DENSITY + name: value for name, value in attributes.items()}
        arrays = {_OF_DENSITY + name: value for name, value in arrays.items()}
        attributes |= {
            "system": self.system,
            "level": self.level,
            "kind": self.kind,
            "cost_by_seed": json.dumps(self.cost_by_seed),
            "seeds": json.dumps(self.seeds),
        }
        of_cost, samples = parts_of_cost(self.pair_cost)
        attributes |= of_cost | {name: getattr(self, name) for name in _NUMBERS} | dict(more or {})
        arrays |= {
            name: (getattr(self, name), unit, meaning)
            for name, (unit, meaning) in _ARRAYS.items()
            if getattr(self, name) is not None
        }
        if self.cells is None:
            arrays |= self._curves() | dict(curves or {})
        write_arrays(Path(path), arrays | samples, attributes)

    @classmethod
    def load(cls, path: Path | str, pair_cost: PairCost | None = None) -> "Plan":
        """Read a plan that `save` wrote.

        Args:
            path: The file, such as plan.h5, pattern.h5 or upper_plan.h5 of the results.
            pair_cost: The pair cost of the plan, where it is a function of the user's, which no
                file can hold.

        Returns:
            The plan with its density, equal to the last bit.

        Raises:
            RecordError: The file is not what was written, or holds no plan, or one of a pair cost
                that has to be given.
        """
        attributes, arrays = read_arrays(Path(path))
        try:
            own = {k.removeprefix(_OF_DENSITY): v for k, v in attributes.items()
                   if k.startswith(_OF_DENSITY)}  # fmt: skip
            of_density = {k.removeprefix(_OF_DENSITY): v for k, v in arrays.items()
                          if k.startswith(_OF_DENSITY)}  # fmt: skip
            numbers: dict[str, Any] = {
                name: kind(attributes[name]) for name, kind in _NUMBERS.items()
            }
            held: dict[str, Any] = {name: arrays.get(name) for name in _ARRAYS}
            return cls(
                density=density_of_parts(own, of_density),
                cost_by_seed=tuple(json.loads(attributes["cost_by_seed"])),
                seeds=tuple(json.loads(attributes["seeds"])),
                system=str(attributes["system"]),
                level=str(attributes["level"]),
                pair_cost=cost_of_parts(path, attributes, arrays, pair_cost),
                **held,
                **numbers,
            )
        except KeyError as error:
            raise RecordError(
                f"{path}: holds no plan, {error} is missing; give a plan.h5"
            ) from error

    def _curves(self) -> dict[str, tuple[Any, str, str]]:
        """Density, maps and potential of a curve on grids."""
        radial = 4 * np.pi * self.grid**2 * self.density.density(self.grid)
        potential = self.radial_potential
        return {
            "shells": (self.density.shells, "bohr", "shell radii a_i, (N-1,)"),
            "grid": (self.grid, "bohr", "radii of the first electron, (m,)"),
            "radial_density": (radial, "bohr^-1", "4 pi r^2 rho, (m,)"),
            "comotion": (self.functions(self.grid), "bohr", "radii of all electrons, (m, N)"),
            "potential_radii": (potential.radii, "bohr", "radii of the potential, (p,)"),
            "potential": (potential.values, "hartree", "u(r) with u(inf) = 0, (p,)"),
            "potential_slope": (potential.slopes, "hartree/bohr", "u'(r), (p,)"),
        }


#: Numbers of a plan with their types, and arrays with unit and meaning.
_NUMBERS: dict[str, type[float] | type[int]] = {
    "cost": float,
    "search_spread": float,
    "quadrature_error": float,
    "marginal_error": float,
    "moves": int,
    "n_cells": int,
}
_ARRAYS = {
    "weights": ("1", "weights of the configurations, (n,)"),
    "radii": ("bohr", "radii of each configuration, (n, N)"),
    "positions": ("bohr", "positions, (n, 3, N)"),
    "energies": ("hartree", "repulsion in each configuration, (n,)"),
    "upward": ("1", "whether each electron moves outwards, (N,) or (n, N)"),
    "q": ("electrons", "folded cumulant of each configuration, (n,)"),
    "cells": ("1", "cell of charge of each electron, (n, N)"),
}
