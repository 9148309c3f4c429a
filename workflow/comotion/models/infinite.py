"""Infinitely many particles: the cost of an exchangeable law is a mean field plus a variance.

By de Finetti's theorem the pair density of infinitely many particles is a mixture of product
measures, rho_2 = sum_i w_i Q_i x Q_i. Its Coulomb energy is that of the mean plus a variance,

    sum_i w_i U[Q_i] = U[rho] + (2 pi)^-3 int 4 pi/|z|^2 (sum_i w_i |Q^_i|^2 - |rho^|^2) dz,

with rho = sum_i w_i Q_i, so that the least is U[rho], attained by the product measure alone
(Cotar, Friesecke, Pass, Calc. Var. 54, 717 (2015)). The variance holds |rho^|^2, the modulus of
the complex transform: the square of its real part alone is right for even densities only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import erf

from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.models.problem import Solution

#: Largest departure of the sum of the weights from one.
_TOLERANCE = 1e-12
#: Centres and widths of two Gaussians, bohr: unit ones apart, the same moved off the origin, and
#: two widths at one centre.
_EXAMPLES = {
    "apart": (np.array([-1.0, 1.0]), np.array([1.0, 1.0])),
    "moved": (np.array([1.0, 3.0]), np.array([1.0, 1.0])),
    "concentric": (np.array([0.0, 0.0]), np.array([0.5, 1.5])),
}
#: Nodes of the variance along the curves, where fewer will do.
_CURVE_NODES = (160, 80)


@dataclass(frozen=True, eq=False)
class MixedLaw:
    """A mixture of product measures, Q_i = sum_j members[i, j] G_j with spherical Gaussians G_j.

    Attributes:
        weights: Weights w_i of the product measures, shape (m,), sum 1.
        members: Shares of the Gaussians in each Q_i, shape (m, g), rows of sum 1.
        centers: Centres of the Gaussians on the z axis, shape (g,), bohr.
        widths: Their standard deviations, shape (g,), bohr.
    """

    weights: Array
    members: Array
    centers: Array
    widths: Array

    def __post_init__(self) -> None:
        """Check that it is a mixture.

        Raises:
            TransportError: Weights that are no probability, or a width that is not positive.
        """
        for shares in (self.weights, *self.members):
            if not (np.all(shares >= 0) and abs(np.sum(shares) - 1) <= _TOLERANCE):
                raise TransportError(f"the weights {shares} are no probability")
        if not np.all(self.widths > 0):
            raise TransportError(f"the widths {self.widths} are not all positive")


def pair_energies(law: MixedLaw) -> Array:
    """Coulomb energies U[G_i, G_j] in closed form, erf(D / sqrt(2 (s_i^2 + s_j^2))) / D.

    Returns:
        Energies, shape (g, g), hartree.
    """
    distance = np.abs(law.centers[:, None] - law.centers)
    spread = np.sqrt(2 * (law.widths[:, None] ** 2 + law.widths**2))
    apart = np.where(distance > 0, distance, 1.0)
    return np.where(distance > 0, erf(distance / spread) / apart, 2 / (np.sqrt(np.pi) * spread))


def mixed_energy(law: MixedLaw) -> float:
    """Cost per pair of the law, sum_i w_i U[Q_i], hartree."""
    energies = np.einsum("ij,jk,ik->i", law.members, pair_energies(law), law.members)
    return float(law.weights @ energies)


def mean_field(law: MixedLaw) -> float:
    """Cost per pair of the product measure of the same density, U[rho], hartree."""
    rho = law.weights @ law.members
    return float(rho @ pair_energies(law) @ rho)


def variance(law: MixedLaw, nodes: tuple[int, int] = (400, 200)) -> float:
    """The variance term, integrated in Fourier space.

    The weight 4 pi/|z|^2 cancels the Jacobian; the transforms of Gaussians on one axis depend on
    |z| and the angle to it, so that (2 pi)^-3 4 pi 2 pi int int d|z| dcos = 1/pi int int.

    Args:
        law: The mixture.
        nodes: Gauss-Legendre nodes in |z| and in the cosine.

    Returns:
        The variance, hartree, >= 0.
    """
    x, wx = np.polynomial.legendre.leggauss(nodes[0])
    c, wc = np.polynomial.legendre.leggauss(nodes[1])
    # Gaussians are below 1e-17 of their largest value beyond 9 / width.
    longest = 9 / float(np.min(law.widths))
    z = longest * (1 + x) / 2
    phase = z[:, None, None] * c[:, None] * law.centers
    gaussians = np.exp(-((z[:, None, None] * law.widths) ** 2) / 2 + 1j * phase)
    transforms = gaussians @ law.members.T
    varied = np.abs(transforms) ** 2 @ law.weights - np.abs(transforms @ law.weights) ** 2
    return float(longest / 2 * wx @ varied @ wc) / np.pi


def solve(*, weights: int = 25) -> Solution:
    """Infinitely many particles: both sides of the identity for mixtures of two Gaussians.

    Args:
        weights: Points of the two curves, against the weight of the first Gaussian and against
            the mixing at equal density.

    Returns:
        Cost, mean field and variance of three laws; the curves.
    """
    both = np.array([0.5, 0.5])
    laws = {name: MixedLaw(both, np.eye(2), *example) for name, example in _EXAMPLES.items()}
    numbers = {
        name: {
            "cost": mixed_energy(law),
            "mean_field": mean_field(law),
            "variance": variance(law),
            "difference": mixed_energy(law) - mean_field(law) - variance(law),
        }
        for name, law in laws.items()
    }
    apart = laws["apart"]
    shares = np.linspace(0, 1, weights)
    weighted = [replace(apart, weights=np.array([w, 1 - w])) for w in shares]
    # The same density at every mixing: from the product measure (0) to the two Gaussians (1).
    mixing = np.linspace(-1, 1, weights)
    mixed = [replace(apart, members=np.array([[1 + m, 1 - m], [1 - m, 1 + m]]) / 2) for m in mixing]
    weighted_mean = [mean_field(law) for law in weighted]
    return Solution(
        {"examples": numbers},
        {
            "weights": (shares, "1", "weight of the first Gaussian, (m,)"),
            "cost": ([mixed_energy(law) for law in weighted], "hartree", "cost per pair, (m,)"),
            "mean_field": (weighted_mean, "hartree", "mean field, (m,)"),
            "sum": (_sums(weighted), "hartree", "mean field plus variance, (m,)"),
            "mixing": (mixing, "1", "how far the members differ at equal density, (m,)"),
            "mixed_cost": ([mixed_energy(law) for law in mixed], "hartree", "cost, (m,)"),
            "mixed_sum": (_sums(mixed), "hartree", "mean field plus variance, (m,)"),
        },
    )


def _sums(laws: Sequence[MixedLaw]) -> list[float]:
    """Mean field plus variance of each law, hartree."""
    return [mean_field(law) + variance(law, _CURVE_NODES) for law in laws]
