"""Two electrons at high orders: published energies, the virial theorem and other routes."""

import numpy as np
import pytest

from comotion.density.functionals import hartree
from comotion.density.table import TabulatedDensity
from comotion.electronic.two_electrons import (
    HylleraasState,
    _density,
    one_body_density,
    solve_two_electrons,
)
from comotion.errors import ElectronicStructureError
from comotion.transport.comotion import comotion_plan
from comotion.transport.zero_point import zero_point
from conftest import atom

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def helium() -> HylleraasState:
    return solve_two_electrons(2, 8)


@pytest.fixture(scope="module")
def density(helium: HylleraasState) -> TabulatedDensity:
    """That of helium, made once."""
    return one_body_density(helium)


@pytest.fixture(scope="module")
def hydride() -> HylleraasState:
    return solve_two_electrons(1, 10)


def test_helium(helium: HylleraasState) -> None:
    """The limit is that of H. Nakashima, H. Nakatsuji, J. Chem. Phys. 127, 224104 (2007)."""
    assert helium.energy == pytest.approx(-2.903724377, abs=1e-7)
    assert helium.energy > -2.903724377034
    assert helium.v_quantum == pytest.approx(0.945818449, abs=1e-7)
    assert helium.virial_ratio == pytest.approx(2, abs=1e-6)
    parts = helium.kinetic + helium.nuclear_attraction + helium.v_quantum
    assert parts == pytest.approx(helium.energy, abs=1e-12)


def test_convergence_is_what_the_eigenvector_says(helium: HylleraasState) -> None:
    assert 0 < helium.residual < 1e-9
    assert helium.converged is True


def test_an_eigenvector_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comotion.electronic.two_electrons._RESIDUAL", 0.0)
    with pytest.raises(ElectronicStructureError, match="Z = 2 and w = 2 did not converge"):
        solve_two_electrons(2, 2)


def test_states_compare_and_hash(helium: HylleraasState) -> None:
    """They hold arrays, whose comparison has no truth value."""
    assert helium == helium  # noqa: PLR0124 - the point
    assert len({helium, helium}) == 1
    assert "w = 8" in repr(helium)


def test_helium_density_and_transport(helium: HylleraasState, density: TabulatedDensity) -> None:
    assert hartree(density) == pytest.approx(2.049137, abs=1e-6)
    plan = comotion_plan(density)
    assert plan.cost == pytest.approx(0.550758, abs=1e-6)
    assert zero_point(plan).w_inf_prime == pytest.approx(0.6194, abs=1e-4)
    # <1/r> by the density is the attraction that the wave function has.
    rule = density.quadrature()
    attraction = -2 * float(np.sum(rule.weights / rule.radii))
    assert attraction == pytest.approx(helium.nuclear_attraction, abs=1e-6)
    # Kato's cusp, rho'(0) = -2 Z rho(0), which nothing in the basis enforces.
    near = _density(helium, np.array([1e-4, 2e-4]))
    assert np.diff(near)[0] / 1e-4 / near[0] == pytest.approx(-4, abs=0.02)


def test_hydride(hydride: HylleraasState) -> None:
    assert hydride.energy == pytest.approx(-0.527751017, abs=1e-7)
    assert hydride.v_quantum == pytest.approx(0.311021502, abs=5e-7)
    density = one_body_density(hydride)
    plan = comotion_plan(density)
    # Orders 10 and 12 agree to 1e-8; a table of one-exponent states gives 0.19636 +- 1e-4.
    assert plan.cost == pytest.approx(0.196357, abs=1e-6)
    assert zero_point(plan).w_inf_prime == pytest.approx(0.143, abs=1e-3)


def test_large_charge_tends_to_the_hydrogenic_atom() -> None:
    """E = -Z^2 + 5/8 Z - 0.157666... + O(1/Z): the 1/Z expansion of the helium series."""
    state = solve_two_electrons(100, 6)
    assert state.energy == pytest.approx(-(100**2) + 62.5 - 0.15767, abs=2e-4)


def test_orders_converge_from_above() -> None:
    energies = [solve_two_electrons(2, order).energy for order in (3, 4, 5)]
    assert energies == sorted(energies, reverse=True)


def test_density_agrees_with_a_gaussian_basis(density: TabulatedDensity) -> None:
    gaussian = atom("He", "ccsd_aug-cc-pVQZ")[1]
    r = np.array([0.2, 0.5, 1.0, 2.0])
    np.testing.assert_allclose(density(r), gaussian.density(r), rtol=6e-3)


def test_wrong_order() -> None:
    with pytest.raises(ElectronicStructureError, match="w of at least 2: w1"):
        solve_two_electrons(2, 1)
