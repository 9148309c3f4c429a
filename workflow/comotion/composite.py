"""The best density of an atom: a signed sum of the densities of several levels.

`comotion.recipe` says which levels are summed, and what the error bars are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from comotion.density.gamma import GammaMixture, signed_sum
from comotion.density.radial import RadialDensity
from comotion.errors import ComparisonError, DensityError
from comotion.recipe import Recipe, Weights


@dataclass(frozen=True, eq=False, repr=False)
class ComposedDensities:
    """The sums of a recipe.

    Attributes:
        best: The best one.
        smaller: That with the next smaller basis.
        plain: That without an extrapolation; ``best`` itself where there is none.
        rougher: That with (T) in a worse approximation; ``best`` itself where there is no (T).
        uncorrected: That without the last correction of the method; likewise.
        moved: Largest charge that lifts the tail of one of them so that it is nowhere negative,
            electrons.
    """

    best: RadialDensity
    smaller: RadialDensity
    plain: RadialDensity
    rougher: RadialDensity
    uncorrected: RadialDensity
    moved: float

    @property
    def all(self) -> tuple[RadialDensity, ...]:
        """All of them, the best one first."""
        return self.best, self.smaller, self.plain, self.rougher, self.uncorrected

    def __repr__(self) -> str:
        """The best one, in a line."""
        return f"<ComposedDensities: {self.best!r}, {self.moved:.1e} of them moved>"


def composed_densities(parts: Recipe, densities: Mapping[str, RadialDensity]) -> ComposedDensities:
    """The sums of a recipe.

    Args:
        parts: The recipe.
        densities: Density of each of its levels.

    Raises:
        ComparisonError: A level is missing.
        DensityError: A part is no sum of gamma terms, or a sum is negative where there is charge.
    """
    missing = [level for level in parts.levels if level not in densities]
    if missing:
        raise ComparisonError(f"the densities of {', '.join(missing)} are missing")
    sums: list[tuple[RadialDensity, float]] = []
    for weights in parts.sums:
        again = sums and weights == parts.best
        sums.append(sums[0] if again else _summed(weights, densities))
    moved = max(charge for _, charge in sums)
    best, smaller, plain, rougher, uncorrected = (density for density, _ in sums)
    return ComposedDensities(best, smaller, plain, rougher, uncorrected, moved)


def _summed(
    weights: Weights, densities: Mapping[str, RadialDensity]
) -> tuple[RadialDensity, float]:
    """The sum of some densities, and the charge moved in it."""
    if list(weights.values()) == [1.0]:
        # A single one needs to be of no special kind.
        (level,) = weights
        return densities[level], 0.0
    mixtures = []
    for level, weight in weights.items():
        density = densities[level]
        if not isinstance(density, GammaMixture):
            raise DensityError(f"{level}: {density!r} is no sum of gamma terms: it cannot be added")
        mixtures.append((weight, density))
    return signed_sum(mixtures)
