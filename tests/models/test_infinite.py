"""The infinite-body identity against closed forms and a radial quadrature."""

import numpy as np
import pytest
from scipy.special import erf

from comotion.errors import TransportError
from comotion.models.infinite import MixedLaw, mean_field, mixed_energy, pair_energies, variance

_HALF = np.array([0.5, 0.5])
_ONE = np.eye(2)
_LAWS = {
    "apart": MixedLaw(_HALF, _ONE, np.array([-1.0, 1.0]), np.ones(2)),
    "concentric": MixedLaw(_HALF, _ONE, np.zeros(2), np.array([0.5, 1.5])),
}


def _energy_in_space(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Integral of rho_1 phi_2 of Gaussians (centre, width) on the z axis, by cylinder coordinates.

    The potential of a Gaussian is erf(d / sqrt 2 s) / d.
    """
    x, w = np.polynomial.legendre.leggauss(120)
    (a, s), (b, t) = one, other
    z, wz = a + 8 * s * x, 8 * s * w
    r, wr = 4 * s * (1 + x), 4 * s * w
    rho = np.exp(-((z[:, None] - a) ** 2 + r**2) / (2 * s**2)) / (2 * np.pi * s**2) ** 1.5
    d = np.sqrt((z[:, None] - b) ** 2 + r**2)
    return float(wz @ (2 * np.pi * r * rho * erf(d / (np.sqrt(2) * t)) / d) @ wr)


@pytest.mark.parametrize("name", list(_LAWS))
def test_costs_by_integrals_in_space(name: str) -> None:
    """Cost: each Gaussian with itself; mean field: all with all; what is between: the variance."""
    law = _LAWS[name]
    gaussians = list(zip(law.centers, law.widths, strict=True))
    energies = np.array([[_energy_in_space(one, two) for two in gaussians] for one in gaussians])
    np.testing.assert_allclose(pair_energies(law), energies, rtol=1e-9)
    cost, field = np.trace(energies) / 2, np.sum(energies) / 4
    assert mixed_energy(law) == pytest.approx(cost, rel=1e-9)
    assert mean_field(law) == pytest.approx(field, rel=1e-9)
    assert variance(law) == pytest.approx(cost - field, rel=1e-8)
    assert cost > field


def test_unequal_weights_and_members() -> None:
    """By hand: w_1 U[Q_1] + w_2 U[Q_2] with Q_1 = 0.2 G_1 + 0.8 G_2 and Q_2 = G_1."""
    members = np.array([[0.2, 0.8], [1.0, 0.0]])
    law = MixedLaw(np.array([0.25, 0.75]), members, np.array([0.0, 2.0]), np.array([1.0, 0.7]))
    (one, both), (_, two) = pair_energies(law)
    first = 0.04 * one + 0.32 * both + 0.64 * two
    assert mixed_energy(law) == pytest.approx(0.25 * first + 0.75 * one, rel=1e-14)
    rho = np.array([0.25 * 0.2 + 0.75, 0.25 * 0.8])
    field = rho[0] ** 2 * one + 2 * rho[0] * rho[1] * both + rho[1] ** 2 * two
    assert mean_field(law) == pytest.approx(field, rel=1e-14)
    assert variance(law) == pytest.approx(mixed_energy(law) - field, abs=1e-12)
    rough = variance(law, (8, 4))
    assert rough != pytest.approx(variance(law), abs=1e-9)


def test_identity_is_invariant_under_translation() -> None:
    moved = MixedLaw(np.array([0.3, 0.7]), _ONE, np.array([1.0, 3.5]), np.array([0.8, 1.3]))
    assert mixed_energy(moved) == pytest.approx(mean_field(moved) + variance(moved), abs=1e-12)


def test_energies_of_concentric_gaussians_by_quadrature() -> None:
    """U = int rho_1 phi_2 with the potential erf(r / sqrt 2 s) / r."""
    x, w = np.polynomial.legendre.leggauss(200)
    r, w = 10 * (1 + x), 10 * w
    wide, narrow = 1.5, 0.5
    rho = np.exp(-(r**2) / (2 * wide**2)) / (2 * np.pi * wide**2) ** 1.5
    energy = float(w @ (4 * np.pi * r * rho * erf(r / (np.sqrt(2) * narrow))))
    assert pair_energies(_LAWS["concentric"])[0, 1] == pytest.approx(energy, abs=1e-12)


def test_product_measure_is_the_sharp_minimum() -> None:
    mixing = np.linspace(-1, 1, 9)
    laws = [
        MixedLaw(_HALF, np.array([[1 + m, 1 - m], [1 - m, 1 + m]]) / 2, np.array([-1.0, 1]),
                 np.ones(2)) for m in mixing
    ]  # fmt: skip
    excess = np.array([mixed_energy(law) - mean_field(law) for law in laws])
    np.testing.assert_allclose(excess, excess[0] * mixing**2, atol=1e-14)
    assert excess[4] == pytest.approx(0, abs=1e-15)


def test_no_law() -> None:
    with pytest.raises(TransportError, match="no probability"):
        MixedLaw(np.array([0.5, 0.6]), _ONE, np.zeros(2), np.ones(2))
    with pytest.raises(TransportError, match="no probability"):
        MixedLaw(np.array([1.0, np.nan]), _ONE, np.zeros(2), np.ones(2))
    with pytest.raises(TransportError, match="no probability"):
        MixedLaw(_HALF, np.array([[1.0, 0.0], [0.5, 0.4]]), np.zeros(2), np.ones(2))
    with pytest.raises(TransportError, match="no probability"):
        MixedLaw(np.array([1.5, -0.5]), _ONE, np.zeros(2), np.ones(2))
    for miss, right in ((0.9e-12, True), (1.2e-12, False)):
        weights = np.array([0.5, 0.5 + miss])
        if right:
            MixedLaw(weights, _ONE, np.zeros(2), np.ones(2))
        else:
            with pytest.raises(TransportError, match="no probability"):
                MixedLaw(weights, _ONE, np.zeros(2), np.ones(2))
    with pytest.raises(TransportError, match="positive"):
        MixedLaw(_HALF, _ONE, np.zeros(2), np.array([1.0, 0.0]))
