"""The ratio of a shape and its gradient, with the arrangement of the electrons relaxed.

    C = (U - V) / int rho^(4/3) d3r,

with V the cost of a plan of the co-motion kind. The radii of the electrons follow the shape, and
their directions are relaxed from those that were kept last. There dV is the sum of the forces on
the radii times the changes of these (envelope theorem), so a gradient costs what a value does.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array
from comotion.transport.angular.minimiser import to_spheres
from comotion.transport.angular.search import Effort, Search
from comotion.transport.lieb_oxford.shape_space import Profile, ShapeSpace
from comotion.transport.potential import radial_forces


@dataclass(frozen=True, eq=False, repr=False)
class RatioParts:
    """The ratio of a shape and what it is made of.

    Attributes:
        hartree: U, hartree.
        cost: V, hartree.
        local: int rho^(4/3), bohr^-1.
        gradient: Derivatives of the ratio with respect to the coefficients, shape (size,).
        positions: The arrangement, shape (n - 1, 3, N), bohr.
    """

    hartree: float
    cost: float
    local: float
    gradient: Array
    positions: Array

    def __repr__(self) -> str:
        """The ratio and its parts, in a line."""
        return (
            f"<RatioParts: ({self.hartree:.6g} - {self.cost:.6g}) / {self.local:.6g} = "
            f"{self.ratio:.6f}>"
        )

    @property
    def ratio(self) -> float:
        """(U - V) / int rho^(4/3)."""
        return (self.hartree - self.cost) / self.local


@dataclass(eq=False, repr=False)
class RelaxedRatio:
    """The ratio as a function of the coefficients of a shape.

    Attributes:
        space: The shapes.
        upward: Whether each shell is run through upwards, shape (N,).
        seed: Seed of the next search for arrangements.
        positions: Arrangement from which others are relaxed, shape (n - 1, 3, N), bohr; none
            before the first search.
    """

    space: ShapeSpace
    upward: NDArray[np.bool_]
    seed: int
    positions: Array | None = field(default=None, init=False)

    def __call__(self, coefficients: Array) -> RatioParts:
        """The ratio with the arrangement relaxed from the one that is kept, and its gradient.

        Args:
            coefficients: Those of the shape, shape (size,).

        Returns:
            The ratio and its parts.
        """
        if self.positions is None:
            return self.search(coefficients)
        profile = self.space.nodes.profile(coefficients)
        search = Search(self._configurations(profile), self.seed)
        _relax(search, self.positions)
        return self._parts(profile, search)

    def search(self, coefficients: Array, effort: Effort | None = None) -> RatioParts:
        """The ratio after a new search for arrangements, which keeps the best that it finds.

        Args:
            coefficients: Those of the shape, shape (size,).
            effort: How hard to search.

        Returns:
            The ratio and its parts.
        """
        effort = effort or Effort()
        profile = self.space.nodes.profile(coefficients)
        radii, n = self._configurations(profile), self.space.n_electrons
        fresh = Search(radii, self.seed)
        self.seed += 1
        fresh.start(effort.first * n)
        if self.positions is not None:
            kept = Search(radii, self.seed)
            _relax(kept, self.positions)
            fresh.adopt(kept)
        fresh.improve(np.ones(len(radii), dtype=bool), effort.hops * n, effort.patience)
        fresh.polish()
        self.positions = fresh.positions
        return self._parts(profile, fresh)

    def _configurations(self, profile: Profile) -> Array:
        """Radii at each node of the plan, shape (n - 1, N), bohr."""
        radii = profile.radii[:, :-1]
        return np.where(self.upward[:, None], radii, radii[:, ::-1]).T

    def _parts(self, profile: Profile, search: Search) -> RatioParts:
        """The ratio of a profile whose arrangement is relaxed."""
        weights, charges, radii = self.space.weights, self.space.charges, profile.radii
        hartree = float(np.sum(weights * charges / radii))
        cost = float(weights[:-1] @ search.energies)
        local = float(np.sum(weights * profile.root))
        forces = radial_forces(search.radii, search.positions).T
        on_cost = np.zeros_like(radii)
        on_cost[:, :-1] = np.where(self.upward[:, None], forces, forces[:, ::-1])
        on_radii = -weights * (charges / radii**2 + on_cost)
        on_root = np.broadcast_to(-(hartree - cost) / local * weights, radii.shape)
        gradient = self.space.nodes.pulled_back(profile, on_radii, on_root) / local
        return RatioParts(hartree, cost, local, gradient, search.positions)


def _relax(search: Search, positions: Array) -> None:
    """Take an arrangement to the radii of a search, and to its next minimum there."""
    search.positions[:] = positions
    for position, radii in zip(search.positions, search.radii, strict=True):
        to_spheres(position, radii)
    # About their size, which is what tolerances are shares of; one electron alone has none.
    n = search.radii.shape[1]
    search.energies[:] = n * (n - 1) / 2 / np.max(search.radii, axis=1)
    search.polish()
