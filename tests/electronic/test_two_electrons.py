"""The Hylleraas wave function itself: its norm, parts and errors by other routes."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy.optimize import minimize

from comotion.density.functionals import hartree
from comotion.electronic import two_electrons
from comotion.electronic.atoms import atom
from comotion.electronic.two_electrons import (
    HylleraasState,
    _density,
    _ground,
    _wave_function,
    one_body_density,
    solve_two_electrons,
)
from comotion.errors import ElectronicStructureError


class _Points(NamedTuple):
    """Product points in r_1, r_2 and the cosine of the angle, with the weights of d3r_1 d3r_2."""

    r1: np.ndarray
    r2: np.ndarray
    cosine: np.ndarray
    weights: np.ndarray


def _points() -> _Points:
    """Radii on either side of each other, where the wave function has its cusp."""
    x, w = np.polynomial.legendre.leggauss(40)
    angle, angle_weights = np.polynomial.legendre.leggauss(40)
    # r_1 = R s and r_2 = R (1 - s): R over the size of the pair, s of half of it and doubled.
    t, wt = np.polynomial.laguerre.laggauss(40)
    size, share = t / 2.6, (x + 1) / 4
    r = size[:, None, None] + 0 * share[None, :, None] + 0 * angle
    s = share[None, :, None] + 0 * r
    cosine = angle + 0 * r
    weight = (np.exp(t) * wt / 2.6)[:, None, None] * (w / 4)[None, :, None] * angle_weights
    r1, r2 = r * s, r * (1 - s)
    # 4 pi r_1^2 2 pi r_2^2 dr_1 dr_2 d cos, dr_1 dr_2 = R dR ds, and both orders of the radii.
    return _Points(r1, r2, cosine, 2 * 8 * np.pi**2 * r1**2 * r2**2 * r * weight)


@pytest.fixture(scope="module")
def helium() -> HylleraasState:
    """Helium at a low order."""
    return solve_two_electrons(2, 4)


@pytest.fixture(scope="module")
def finer(helium: HylleraasState) -> HylleraasState:
    """The same at the same exponents and a higher order."""
    found = _ground(2, helium.exponents, 7)
    return replace(
        helium, order=7, coefficients=found.coefficients, energy=found.energy,
        v_quantum=found.parts["repulsion"],
    )  # fmt: skip


@pytest.fixture(scope="module")
def sums(helium: HylleraasState) -> dict[str, float]:
    """Expectation values by quadrature of the wave function in space."""
    at = _points()
    r12 = np.sqrt(at.r1**2 + at.r2**2 - 2 * at.r1 * at.r2 * at.cosine)
    psi = _wave_function(helium, at.r1, at.r2, r12)
    density = at.weights * psi**2
    return {
        "norm": float(np.sum(density)),
        "attraction": float(np.sum(density * (-2 / at.r1 - 2 / at.r2))),
        "repulsion": float(np.sum(density / r12)),
        "cosine": float(np.sum(density * at.cosine)),
    }


def test_the_wave_function_is_normalised(sums: dict[str, float]) -> None:
    assert sums["norm"] == pytest.approx(1, abs=2e-6)


def test_expectation_values_by_quadrature(helium: HylleraasState, sums: dict[str, float]) -> None:
    assert helium.nuclear_attraction == pytest.approx(sums["attraction"], abs=2e-5)
    assert helium.v_quantum == pytest.approx(sums["repulsion"], abs=2e-4)
    assert helium.b_1 == pytest.approx(sums["cosine"], abs=2e-6)
    assert helium.b_1 < 0


def test_the_wave_function_is_the_same_with_electrons_exchanged(helium: HylleraasState) -> None:
    r1, r2, r12 = (np.array([[[value]]]) for value in (0.4, 1.1, 0.9))
    one, other = _wave_function(helium, r1, r2, r12), _wave_function(helium, r2, r1, r12)
    assert one == pytest.approx(other, rel=1e-13)


def test_the_schroedinger_equation_holds_at_a_point(finer: HylleraasState) -> None:
    """E psi = H psi of the two radii and the distance, by differences of an accurate state."""
    place = np.array([0.8, 1.3, 1.1])
    h = 2e-3

    def psi(*moves: tuple[int, float]) -> float:
        at = place.copy()
        for axis, move in moves:
            at[axis] += move
        r1, r2, r12 = (np.array([[[value]]]) for value in at)
        return float(_wave_function(finer, r1, r2, r12)[0, 0, 0])

    def first(axis: int) -> float:
        return (psi((axis, h)) - psi((axis, -h))) / (2 * h)

    def second(i: int, j: int) -> float:
        if i == j:
            return (psi((i, h)) - 2 * psi() + psi((i, -h))) / h**2
        corners = [(a * b) * psi((i, a * h), (j, b * h)) for a in (1, -1) for b in (1, -1)]
        return sum(corners) / (4 * h**2)

    r1, r2, r12 = place
    cosines = (r1**2 + r12**2 - r2**2) / (2 * r1 * r12), (r2**2 + r12**2 - r1**2) / (2 * r2 * r12)
    laplacian = (
        second(0, 0) + 2 / r1 * first(0) + second(1, 1) + 2 / r2 * first(1)
        + 2 * second(2, 2) + 4 / r12 * first(2)
        + 2 * cosines[0] * second(0, 2) + 2 * cosines[1] * second(1, 2)
    )  # fmt: skip
    energy = -0.5 * laplacian / psi() - 2 / r1 - 2 / r2 + 1 / r12
    assert energy == pytest.approx(finer.energy, abs=5e-3)


def test_the_density_at_a_radius_by_quadrature(helium: HylleraasState) -> None:
    """rho(r) = 2 int |psi|^2 d3r_2: by spheres about the nucleus."""
    x, w = np.polynomial.legendre.leggauss(80)
    angle, angle_weights = np.polynomial.legendre.leggauss(60)
    for r in (0.2, 0.9, 2.5):
        value = 0.0
        for low, high in ((0.0, r), (r, r + 2), (r + 2, r + 12)):
            r2 = (low + (high - low) * (x + 1) / 2)[:, None]
            r12 = np.sqrt(r**2 + r2**2 - 2 * r * r2 * angle)
            ones = np.full((1, *r12.shape), r)
            psi = _wave_function(helium, ones, np.broadcast_to(r2, r12.shape)[None], r12[None])[0]
            weights = 2 * np.pi * r2**2 * (w * (high - low) / 2)[:, None] * angle_weights
            value += 2 * float(np.sum(weights * psi**2))
        assert _density(helium, np.array([r]))[0] == pytest.approx(value, rel=2e-5)


def test_reported_errors_cover_a_finer_computation(
    helium: HylleraasState, finer: HylleraasState
) -> None:
    assert helium.energy_change > 0
    assert 0 < helium.energy - finer.energy < helium.energy_change < 1e-3
    assert abs(helium.v_quantum - finer.v_quantum) < abs(helium.v_quantum_change) < 1e-2
    coarser = _ground(2, helium.exponents, helium.order - 1)
    assert helium.energy_change == pytest.approx(coarser.energy - helium.energy, abs=1e-13)
    change = coarser.parts["repulsion"] - helium.v_quantum
    assert helium.v_quantum_change == pytest.approx(change, abs=1e-12)


def test_the_atom_has_the_errors_and_energies_of_its_state() -> None:
    found = atom("He", "hylleraas", "w3")
    state = found.details
    assert isinstance(state, HylleraasState)
    assert (found.system, found.level, found.term) == ("He", "hylleraas_w3", "1S")
    energies = found.energies
    assert energies.errors["energy"] == abs(state.energy_change) > 0
    assert energies.errors["v_quantum"] == abs(state.v_quantum_change) > 0
    assert set(energies.errors) == {"energy", "v_quantum", "hartree"}
    assert (energies.energy, energies.v_quantum) == (state.energy, state.v_quantum)
    assert energies.kinetic == state.kinetic
    assert energies.nuclear_attraction == state.nuclear_attraction
    assert energies.hartree == pytest.approx(hartree(found.density), abs=1e-9)
    assert energies.v_mean_field == energies.hartree / 2
    assert state.order == 3
    assert "energy           " in repr(energies)
    assert " +- " in repr(energies)


@pytest.mark.parametrize("charge", [1, 2, 3])
def test_states_are_above_the_limit_and_near_it(charge: int) -> None:
    """Limits: H. Nakashima, H. Nakatsuji, J. Chem. Phys. 127, 224104 (2007)."""
    limit = {1: -0.527751016544, 2: -2.903724377034, 3: -7.279913412669}[charge]
    state = solve_two_electrons(charge, 5)
    assert 0 < state.energy - limit < 2e-5
    assert state.virial_ratio == pytest.approx(2, abs=2e-3)
    assert state.nuclear_charge == charge
    parts = state.kinetic + state.nuclear_attraction + state.v_quantum
    assert parts == pytest.approx(state.energy, abs=1e-11)


def test_every_function_counts_at_low_orders() -> None:
    for order, functions in ((2, 10), (3, 20), (4, 35)):
        state = solve_two_electrons(2, order)
        # Of two exponents and their exchange one or two may depend on the others.
        assert functions - 2 <= state.functions <= functions
        assert state.coefficients.shape == (order + 1,) * 3
        i, j, k = np.indices(state.coefficients.shape)
        assert np.all(state.coefficients[i + j + k > order] == 0)
        assert state.residual < 1e-8 * abs(state.energy)


@pytest.mark.parametrize("change", [0.9, 1.1])
@pytest.mark.parametrize("which", [0, 1])
def test_exponents_are_where_the_energy_is_least(
    helium: HylleraasState, which: int, change: float
) -> None:
    exponents = [*helium.exponents]
    exponents[which] *= change
    assert _ground(2, tuple(exponents), helium.order).energy > helium.energy


def test_exponents_are_optimised_at_the_order_up_to_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    orders: list[int] = []
    ground = _ground

    def counted(charge: int, exponents: tuple[float, ...], order: int) -> object:
        orders.append(order)
        return ground(charge, exponents, min(order, 3))

    monkeypatch.setattr(two_electrons, "_ground", counted)
    for order, expected in ((6, 6), (7, 7), (8, 7)):
        orders.clear()
        solve_two_electrons(2, order)
        assert set(orders[:-2]) == {expected}
        assert orders[-2:] == [order, order - 1]


@pytest.mark.parametrize("share", [0.99, 1.01])
def test_the_residual_just_inside_and_just_outside(
    helium: HylleraasState, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    ground = _ground
    residual = share * 1e-8 * abs(helium.energy)

    def with_residual(charge: int, exponents: tuple[float, ...], order: int) -> object:
        return ground(charge, exponents, order)._replace(residual=residual)

    monkeypatch.setattr(two_electrons, "_ground", with_residual)
    if share < 1:
        assert solve_two_electrons(2, 4).residual == residual
    else:
        with pytest.raises(ElectronicStructureError, match=r"residual 2\.9e-08 hartree"):
            solve_two_electrons(2, 4)


def test_exponents_that_are_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    found: Any = minimize

    def lost(*arguments: Any, **words: Any) -> Any:
        result = found(*arguments, **words)
        result.success = False
        return result

    monkeypatch.setattr(two_electrons, "minimize", lost)
    with pytest.raises(ElectronicStructureError, match="Z = 2 and w = 2 did not converge"):
        solve_two_electrons(2, 2)


def test_the_table_of_the_density_reaches_both_ends(helium: HylleraasState) -> None:
    density = one_body_density(helium)
    slow = min(helium.exponents)
    assert density.r[0] == pytest.approx(1e-5)
    assert density.r[-1] == pytest.approx(45 / slow)
    assert len(density.r) == pytest.approx(100 * np.log(45 / slow / 1e-5), abs=1)
    np.testing.assert_allclose(density.rho[::200], _density(helium, density.r[::200]), rtol=1e-7)
    # Far out the density falls like exp(-2 b r) with the slow exponent.
    far = np.array([9.0, 10.0])
    decay = -np.diff(np.log(_density(helium, far / slow)))[0] * slow
    assert decay == pytest.approx(2 * slow, rel=0.25)
