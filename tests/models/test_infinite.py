"""The infinite-body identity against closed forms and a radial quadrature."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import erf

from comotion.errors import TransportError
from comotion.models.infinite import MixedLaw, mean_field, mixed_energy, pair_energies, variance

Check = Callable[[str, str, float], None]

_HALF = np.array([0.5, 0.5])
_ONE = np.eye(2)
_LAWS = {
    "apart": MixedLaw(_HALF, _ONE, np.array([-1.0, 1.0]), np.ones(2)),
    "concentric": MixedLaw(_HALF, _ONE, np.zeros(2), np.array([0.5, 1.5])),
}


@pytest.mark.parametrize("name", list(_LAWS))
def test_table(name: str, check: Check) -> None:
    law = _LAWS[name]
    check("infinite", f"{name} cost", mixed_energy(law))
    check("infinite", f"{name} mean_field", mean_field(law))
    check("infinite", f"{name} variance", variance(law))


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
    with pytest.raises(TransportError, match="positive"):
        MixedLaw(_HALF, _ONE, np.zeros(2), np.array([1.0, 0.0]))
