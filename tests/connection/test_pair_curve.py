"""Two electrons along the adiabatic connection: exact states, other routes, what is refused."""

import math
import re

import numpy as np
import pytest

import comotion
from comotion.connection import coupled_pair, pair_curve, pair_factors
from comotion.connection.coupled_pair import coupled_pairs, half_hartree
from comotion.connection.pair_curve import (
    ConnectionCurve,
    connection_curve,
    slope_without_coupling,
)
from comotion.connection.pair_factors import PairSpace, pair_spaces
from comotion.density.functionals import hartree
from comotion.density.table import TabulatedDensity
from comotion.electronic.two_electrons import (
    HylleraasState,
    one_body_density,
    solve_two_electrons,
)
from comotion.errors import DensityError, ElectronicStructureError
from comotion.kohn_sham.one_orbital import kinetic_energy, potential_up_to_a_constant

#: Nodes and weights of Gauss-Legendre on the couplings from 0 to 1.
_X, _W = np.polynomial.legendre.leggauss(5)
_NODES, _WEIGHTS = (_X + 1) / 2, _W / 2


@pytest.fixture(scope="module")
def state() -> HylleraasState:
    """Helium."""
    return solve_two_electrons(2, 7)


@pytest.fixture(scope="module")
def helium(state: HylleraasState) -> TabulatedDensity:
    """Its density."""
    return one_body_density(state)


@pytest.fixture(scope="module")
def space(helium: TabulatedDensity) -> PairSpace:
    """Factors of helium."""
    return pair_spaces(helium, (8,))[0]


@pytest.fixture(scope="module")
def curve(helium: TabulatedDensity) -> ConnectionCurve:
    """Helium from no coupling to twenty times the true one."""
    return connection_curve(helium, (0, *_NODES, 1, 2, 4, 10, 20), order=8)


def _at(curve: ConnectionCurve, coupling: float) -> int:
    return int(np.flatnonzero(curve.couplings == coupling)[0])


def test_without_coupling_the_factor_is_one(space: PairSpace, helium: TabulatedDensity) -> None:
    one = space.uncoupled
    assert one @ one == pytest.approx(1, abs=1e-11)
    assert np.linalg.norm(space.kinetic @ one) < 1e-8
    assert one @ space.repulsion @ one == pytest.approx(hartree(helium) / 2, abs=1e-9)
    assert space.charges @ one @ one == pytest.approx(space.charge, abs=1e-11)
    assert np.sum(space.charge) == pytest.approx(2, abs=1e-10)
    assert space.charge @ (1 / space.radii) == pytest.approx(
        helium.quadrature().weights @ (1 / helium.quadrature().radii), abs=1e-9
    )
    assert repr(space) == "<PairSpace: w = 8, 163 functions>"


def test_the_factors_hold_the_state_of_helium(
    space: PairSpace, helium: TabulatedDensity, state: HylleraasState
) -> None:
    """In -2 / r, which is v_s and the rest: its energy and repulsion are the state's."""
    rest = -2 / space.radii - potential_up_to_a_constant(helium, space.radii)
    energies, states = np.linalg.eigh(space.kinetic + space.repulsion + space.potential(rest))
    assert energies[0] == pytest.approx(state.energy, abs=2e-6)
    lowest = states[:, 0]
    assert lowest @ space.repulsion @ lowest == pytest.approx(state.v_quantum, abs=2e-6)
    moved = np.sum(np.abs(space.charges @ lowest @ lowest - space.charge))
    assert moved < 1e-4


def test_half_of_the_hartree_potential(space: PairSpace, helium: TabulatedDensity) -> None:
    assert space.charge @ half_hartree(space, helium) == pytest.approx(hartree(helium), abs=1e-8)


def test_both_ends_of_the_true_atom(
    curve: ConnectionCurve, helium: TabulatedDensity, state: HylleraasState
) -> None:
    u = hartree(helium)
    assert curve.w[_at(curve, 0)] == pytest.approx(-u / 2, abs=1e-9)
    assert curve.integrals[_at(curve, 0)] == pytest.approx(0, abs=1e-9)
    one = _at(curve, 1)
    assert curve.w[one] == pytest.approx(state.v_quantum - u, abs=1e-6)
    # E_xc = T - T_s + <V_ee> - U.
    exact = state.kinetic - kinetic_energy(helium) + state.v_quantum - u
    assert curve.integrals[one] == pytest.approx(exact, abs=2e-7)
    assert curve.integrals[one] + u / 2 == pytest.approx(-0.042107, abs=1e-6)


def test_the_potential_of_full_coupling_is_that_of_the_nucleus(
    curve: ConnectionCurve, helium: TabulatedDensity
) -> None:
    held = (curve.radii > 0.1) & (curve.radii < 4)
    r = curve.radii[held]
    found = curve.potentials[_at(curve, 1)][held] + potential_up_to_a_constant(helium, r)
    # v_s lacks its constant, minus the ionisation energy, and -2 / r begins at zero outside.
    difference = found + 2 / r
    assert np.ptp(difference) < 4e-3
    assert np.mean(difference) == pytest.approx(0.9037, abs=1e-3)


def test_the_integral_is_that_of_the_curve(curve: ConnectionCurve) -> None:
    """F_lambda, which is stationary, beside expectation values of 1 / r_12."""
    nodes = [_at(curve, one) for one in _NODES]
    by_quadrature = float(_WEIGHTS @ curve.w[nodes])
    assert curve.integrals[_at(curve, 1)] == pytest.approx(by_quadrature, abs=2e-6)


def test_the_curve_is_the_slope_of_the_integral(helium: TabulatedDensity) -> None:
    step = 0.05
    there = 3 + step * np.array([-2, -1, 0, 1, 2])
    found = connection_curve(helium, there, order=6)
    slope = float(found.integrals @ np.array([1, -8, 0, 8, -1])) / (12 * step)
    assert found.w[2] == pytest.approx(slope, abs=1e-5)


def test_the_curve_falls_and_is_convex(curve: ConnectionCurve) -> None:
    slopes = np.diff(curve.w) / np.diff(curve.couplings)
    assert np.all(slopes < 0)
    assert np.all(np.diff(slopes) > 0)
    assert curve.w[-1] > -1.498378
    assert slopes[0] > curve.slope
    first = float(curve.couplings[1])
    assert slopes[0] == pytest.approx(curve.slope, rel=first)


def test_strong_coupling(curve: ConnectionCurve) -> None:
    """(W - W_inf) sqrt(lambda) = W'_inf + O(1 / lambda): both are known of helium."""
    ten, twenty = (math.sqrt(x) * (curve.w[_at(curve, x)] + 1.498378) for x in (10.0, 20.0))
    assert ten < twenty < 0.619418
    assert 2 * twenty - ten == pytest.approx(0.619418, rel=1e-2)


def test_what_is_said_of_the_errors(curve: ConnectionCurve) -> None:
    assert curve.order == 8
    assert np.all(curve.basis_errors < 3e-4)
    assert np.all(curve.residuals < 3e-4)
    assert np.all(curve.residuals[curve.couplings <= 1] < 1e-5)
    assert curve.basis_errors[_at(curve, 20)] > 10 * curve.basis_errors[_at(curve, 1)]
    assert repr(curve) == "<ConnectionCurve: 11 couplings up to 20, w = 8>"


def test_the_slope_of_hydrogenic_orbitals() -> None:
    """E_2 of the 1 / Z expansion less that of Hartree-Fock theory, which are the singles.

    References: J. D. Baker et al., Phys. Rev. A 41, 1247 (1990); J. Linderberg, Phys. Rev. 121,
    816 (1961).
    """
    density = comotion.model("exponential", 2)
    lower, higher = (
        slope_without_coupling(one, density) / 2 for one in pair_spaces(density, (6, 8))
    )
    exact = -0.15766642946914 - (9 / 32 * math.log(3 / 4) - 13 / 432)
    assert higher == pytest.approx(exact, abs=5e-7)
    assert exact < higher < lower


def test_the_slope_of_helium(curve: ConnectionCurve) -> None:
    """Its value in order 10 is -0.0969243."""
    assert curve.slope == pytest.approx(-0.0969243, abs=3e-6)
    assert 1e-5 < curve.slope_error < 1e-4


@pytest.mark.parametrize("factor", [0.1, 7.0])
def test_scaled_lengths(factor: float, helium: TabulatedDensity) -> None:
    """W_lambda of the density with lengths multiplied by s is W_(s lambda) / s of the density."""
    found = connection_curve(helium.stretched(factor), [1.2 / factor], order=6)
    expected = connection_curve(helium, [1.2], order=6)
    assert factor * found.w[0] == pytest.approx(expected.w[0], abs=1e-7)
    assert factor**2 * found.integrals[0] == pytest.approx(expected.integrals[0], abs=1e-7)
    assert found.slope == pytest.approx(expected.slope, abs=1e-8)


def test_couplings_may_come_in_any_order(helium: TabulatedDensity) -> None:
    found = connection_curve(helium, [1.0, 0.5, 1.0], order=6)
    assert found.couplings.tolist() == [0.5, 1.0]
    assert found.w[0] > found.w[1]
    assert found.potentials.shape == (2, len(found.radii))


def test_another_density_than_two_electrons() -> None:
    with pytest.raises(DensityError, match="a pair has two electrons: the density has 3"):
        connection_curve(comotion.model("exponential", 3), [1.0])


@pytest.mark.parametrize("couplings", [[], [-0.1], [float("nan")], [math.inf]])
def test_couplings_that_cannot_be(couplings: list[float], helium: TabulatedDensity) -> None:
    told = "couplings are numbers of at least 0, and one at least: " + re.escape(f"{couplings}")
    with pytest.raises(ElectronicStructureError, match=told):
        connection_curve(helium, couplings)


def test_an_order_that_is_too_low(helium: TabulatedDensity) -> None:
    with pytest.raises(ElectronicStructureError, match=r"at least 6, .*: 5$"):
        connection_curve(helium, [1.0], order=5)


def test_a_coupling_that_is_too_strong(helium: TabulatedDensity) -> None:
    told = r"at the coupling 40 .* electrons .* take a higher order or smaller couplings"
    with pytest.raises(ElectronicStructureError, match=told):
        connection_curve(helium, [1.0, 40.0], order=6)


def test_a_density_that_is_not_met(
    monkeypatch: pytest.MonkeyPatch, helium: TabulatedDensity
) -> None:
    monkeypatch.setattr(pair_curve, "_RESIDUAL", 1e-9)
    with pytest.raises(ElectronicStructureError, match=r"at the coupling 0\.5 .* wrong place"):
        connection_curve(helium, [0.0, 0.5], order=6)


def test_a_potential_that_is_not_found(
    monkeypatch: pytest.MonkeyPatch, helium: TabulatedDensity, space: PairSpace
) -> None:
    monkeypatch.setattr(coupled_pair, "_STEPS", 0)
    told = r"no potential was found at the coupling 0\.00391, beyond 0: .* still promised"
    with pytest.raises(ElectronicStructureError, match=told):
        coupled_pairs(space, helium, (1.0,))


def test_a_way_that_is_halved(
    monkeypatch: pytest.MonkeyPatch, helium: TabulatedDensity, space: PairSpace
) -> None:
    """With one step each the way needs more of them, and ends at the same state."""
    (straight,) = coupled_pairs(space, helium, (1.0,))
    monkeypatch.setattr(coupled_pair, "_STEPS", 2)
    monkeypatch.setattr(coupled_pair, "_SPLITS", 100)
    (halved,) = coupled_pairs(space, helium, (1.0,))
    assert halved.repulsion == pytest.approx(straight.repulsion, abs=1e-6)
    assert halved.value == pytest.approx(straight.value, abs=1e-9)
    assert repr(straight).startswith("<CoupledPair: lambda = 1, F - T_s = 0.98246")


def test_a_density_that_is_not_smooth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair_factors, "_NODES", (1, 2, 2))
    with pytest.raises(DensityError, match=r"the quadrature of pairs errs by .* smooth"):
        pair_spaces(comotion.model("exponential", 2), (4,))


def test_a_negative_ion() -> None:
    """H-, whose second electron is far out: E_xc, and W at its coupling and at ten times that."""
    state = solve_two_electrons(1, 8)
    density = one_body_density(state)
    u = hartree(density)
    found = connection_curve(density, [1.0, 10.0])
    assert found.w[0] == pytest.approx(state.v_quantum - u, abs=3e-6)
    assert found.integrals[0] + u / 2 == pytest.approx(-0.041995, abs=2e-6)
    assert found.slope == pytest.approx(-0.12832, abs=2e-4)
    # W_inf = -0.565439 and W'_inf = 0.143, which is approached from below.
    assert math.sqrt(10) * (found.w[1] + 0.565439) == pytest.approx(0.137, abs=2e-3)
    assert found.basis_errors[1] < 1e-3
