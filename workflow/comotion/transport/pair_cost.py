"""The cost l(d) of two electrons at the distance d; the transport cost is the sum over all pairs.

Coulomb's 1/d is the default everywhere. Any other smooth function will do: decreasing ones drive
electrons apart, and nothing else in the plan, its angular minima, its potential or its
oscillations depends on what l is. What does depend on it is written where it does: the closed form
of V_2 (`comotion.transport.hierarchy`), the gauge of a potential (`Plan.radial_potential`), and
what a Kantorovich potential is far outside (`comotion.transport.bounds.potential_space`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.transport.pair_cost_checks import (
    Function,
    central_differences,
    require_function,
    require_slope,
)

#: Distances below this share of the shortest of opposite electrons are not looked at.
_CLOSE = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class PairCost:
    """A cost l(d), with its first two derivatives.

    Take one of the constructors: `coulomb`, `yukawa`, `inverse_power`, `logarithm`,
    `soft_coulomb`, `repulsive_harmonic`, or `of` for a function of your own.

    Attributes:
        name: What it is called; that of the constructor, unless it is a function of the user's.
        value: l(d), hartree, of distances of any shape, bohr.
        slope: l'(d), hartree per bohr, shape of the distances.
        curvature: l''(d), hartree per bohr^2, shape of the distances.
        parameters: Arguments of the constructor by name.
        vanishes: Whether l(d) -> 0 at infinity.
        source: The cost that this one was stretched from, if it was.
        factor: By how much, see `stretched`.
    """

    name: str
    value: Function
    slope: Function
    curvature: Function
    parameters: Mapping[str, float] = field(default_factory=dict)
    vanishes: bool = True
    source: "PairCost | None" = None
    factor: float = 1.0

    def __repr__(self) -> str:
        """Name and parameters."""
        inside = ", ".join(f"{name}={value:g}" for name, value in self.parameters.items())
        unit = "" if self.source is None else f", lengths times {self.factor:g}"
        return f"<PairCost {self.name}{inside and f'({inside})'}{unit}>"

    @property
    def is_coulomb(self) -> bool:
        """Whether it is 1/d, which has compiled code of its own."""
        return self.name == "coulomb"

    @classmethod
    def coulomb(cls) -> "PairCost":
        """Repulsion 1 / d.

        Returns:
            The cost.
        """
        return cls("coulomb", lambda d: 1 / d, lambda d: -1 / d**2, lambda d: 2 / d**3)

    @classmethod
    def yukawa(cls, kappa: float) -> "PairCost":
        """Screened, exp(-kappa d) / d.

        Args:
            kappa: Inverse screening length, bohr^-1, from 0 on.

        Returns:
            The cost.

        Raises:
            TransportError: It is negative or not a number.
        """
        _check(kappa, "kappa", least=0.0)
        return cls(
            "yukawa",
            lambda d: np.exp(-kappa * d) / d,
            lambda d: -np.exp(-kappa * d) * (1 + kappa * d) / d**2,
            lambda d: np.exp(-kappa * d) * (2 + 2 * kappa * d + (kappa * d) ** 2) / d**3,
            {"kappa": kappa},
        )

    @classmethod
    def inverse_power(cls, s: float) -> "PairCost":
        """Riesz' 1 / d^s.

        Args:
            s: The power, above 0.

        Returns:
            The cost.

        Raises:
            TransportError: It is not.
        """
        _check(s, "s")
        return cls(
            "inverse_power",
            lambda d: d**-s,
            lambda d: -s * d ** (-s - 1),
            lambda d: s * (s + 1) * d ** (-s - 2),
            {"s": s},
        )

    @classmethod
    def logarithm(cls) -> "PairCost":
        """Repulsion -log d, the limit of (d^-s - 1) / s as s -> 0.

        Returns:
            The cost.
        """
        return cls(
            "logarithm", lambda d: -np.log(d), lambda d: -1 / d, lambda d: 1 / d**2, vanishes=False
        )

    @classmethod
    def soft_coulomb(cls, a: float) -> "PairCost":
        """Repulsion 1 / sqrt(a^2 + d^2), finite where electrons meet; concave for d < a / sqrt(2).

        Args:
            a: The softening length, bohr, above 0.

        Returns:
            The cost.

        Raises:
            TransportError: It is not.
        """
        _check(a, "a")
        return cls(
            "soft_coulomb",
            lambda d: 1 / np.sqrt(a**2 + d**2),
            lambda d: -d * (a**2 + d**2) ** -1.5,
            lambda d: (2 * d**2 - a**2) * (a**2 + d**2) ** -2.5,
            {"a": a},
        )

    @classmethod
    def repulsive_harmonic(cls) -> "PairCost":
        """Repulsion -d^2, decreasing and concave.

        ``sum_{i<j} -|x_i - x_j|^2 = -N sum_i r_i^2 + |sum_i x_i|^2``, so that every plan whose
        configurations have their centre at the nucleus is optimal.

        Returns:
            The cost.
        """
        return cls(
            "repulsive_harmonic",
            lambda d: -(d**2),
            lambda d: -2 * d,
            lambda d: np.full_like(d, -2.0),
            vanishes=False,
        )

    @classmethod
    def of(
        cls,
        function: Function,
        slope: Function | None = None,
        *,
        name: str = "custom",
        vanishes: bool = True,
    ) -> "PairCost":
        """A function of your own, as smooth as 1/d on the distances that are met.

        Args:
            function: l(d) in hartree of an array of distances in bohr.
            slope: l'(d); by default central differences, good to about 1e-11 of l / d.
            name: What to call it in files and messages.
            vanishes: Whether l(d) -> 0 at infinity; see `Plan.radial_potential`.

        Returns:
            The cost.

        Raises:
            TransportError: The name is that of another cost, or at distances from 0.01 to 100
                bohr the function is not finite or does not work on arrays, or the slope is not
                its derivative.
        """
        if name in _CONSTRUCTORS:
            raise TransportError(f"a cost of your own cannot be called {name!r}, which is another")
        require_function(function, f"the cost {name!r}")
        if slope is not None:
            require_slope(slope, function, name)
        first = slope or central_differences(function)
        return cls(name, function, first, central_differences(first), vanishes=vanishes)

    def stretched(self, factor: float) -> "PairCost":
        """The cost with all lengths multiplied by a factor and all energies divided by it.

        Args:
            factor: The factor t.

        Returns:
            l(d / t) / t, which is Coulomb's cost itself; stretched back it is the one before.
        """
        if self.is_coulomb:
            return self
        return _stretched(self.source or self, self.factor * factor)

    def energies(self, positions: Array) -> Array:
        """Costs of configurations.

        Args:
            positions: Positions of N electrons in each, shape (n, 3, N), bohr.

        Returns:
            sum_{i<j} l(|x_i - x_j|), shape (n,), hartree.

        Raises:
            TransportError: The cost is not finite at a distance that two electrons have.
        """
        i, j = np.triu_indices(positions.shape[2], 1)
        energies = np.empty(len(positions))
        for k, x in enumerate(positions):
            distances = np.linalg.norm(x[:, i] - x[:, j], axis=0)
            with np.errstate(all="ignore"):
                values = self.value(distances)
            if not np.all(np.isfinite(values)):
                raise TransportError(
                    f"the cost {self.name!r} is not finite at "
                    f"{distances[~np.isfinite(values)][0]:.4g} bohr, a distance of two electrons"
                )
            energies[k] = np.sum(values)
        return energies

    def gradient(self, position: Array) -> Array:
        """Derivatives of the cost of one configuration by its positions.

        Args:
            position: Positions, shape (3, N), bohr.

        Returns:
            sum_{j != i} l'(d_ij) (x_i - x_j) / d_ij, shape (3, N), hartree per bohr; two electrons
            in one place do not push each other.
        """
        difference = position[:, :, None] - position[:, None, :]
        distance = np.linalg.norm(difference, axis=0)
        apart = distance > 0
        pull = np.zeros_like(distance)
        pull[apart] = self.slope(distance[apart]) / distance[apart]
        return np.asarray(np.sum(difference * pull, axis=2))

    def agrees(self, values: Array) -> bool:
        """Whether l is the cost that has given samples.

        Args:
            values: The samples of the other, see `samples`, shape (15,), hartree.

        Returns:
            Whether they are equal but for rounding.
        """
        return bool(np.allclose(self.samples(), values, rtol=1e-9, atol=0))

    def samples(self) -> Array:
        """A few values, which tell one cost from another.

        Returns:
            l(d) at d = 2^-7, 2^-6, ..., 2^7 bohr, shape (15,), hartree.
        """
        return np.asarray(self.value(2.0 ** np.arange(-7.0, 8.0)))

    def is_convex_decreasing(self, shortest: float, longest: float) -> bool:
        """Whether two electrons are best opposite, and l convex there, by 4096 distances for each.

        Args:
            shortest: The shortest distance of opposite electrons, bohr.
            longest: The longest, bohr.

        Returns:
            Whether l falls at all distances up to the longest, also those of electrons that are not
            opposite, and its slope rises from the shortest on, up to rounding.
        """
        slope = self.slope(np.geomspace(shortest, longest, 4096))
        closer = self.slope(np.geomspace(_CLOSE * shortest, shortest, 4096))
        rounding = 1e-10 * np.abs(slope)
        falls = np.all(slope <= 0) and np.all(closer <= 0)
        return bool(falls and np.all(np.diff(slope) >= -rounding[1:]))


@lru_cache(maxsize=8)
def _stretched(source: PairCost, factor: float) -> PairCost:
    """See `PairCost.stretched`; the same object each time, for those who keep tables of it."""
    if factor == 1:
        return source
    return replace(
        source,
        value=lambda d: source.value(d / factor) / factor,
        slope=lambda d: source.slope(d / factor) / factor**2,
        curvature=lambda d: source.curvature(d / factor) / factor**3,
        source=source,
        factor=factor,
    )


def known_cost(name: str, parameters: Mapping[str, float]) -> PairCost | None:
    """The cost that a constructor makes, or None where there is no constructor of that name."""
    maker = _CONSTRUCTORS.get(name)
    return maker(**parameters) if maker else None


def _check(value: float, name: str, least: float | None = None) -> None:
    """Check a parameter: finite, and from ``least`` on or else above 0."""
    right = value > 0 if least is None else value >= least
    if not (np.isfinite(value) and right):
        allowed = "above 0" if least is None else f"from {least:g} on"
        raise TransportError(f"{name} of a pair cost is a number {allowed}, not {value}")


#: Constructors by the name of what they make.
_CONSTRUCTORS: dict[str, Callable[..., PairCost]] = {
    "coulomb": PairCost.coulomb,
    "yukawa": PairCost.yukawa,
    "inverse_power": PairCost.inverse_power,
    "logarithm": PairCost.logarithm,
    "soft_coulomb": PairCost.soft_coulomb,
    "repulsive_harmonic": PairCost.repulsive_harmonic,
}

#: 1/d, the cost wherever no other is given.
COULOMB = PairCost.coulomb()
