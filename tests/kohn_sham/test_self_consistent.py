"""Self-consistent atoms against a solver on a grid, and against what a minimum obeys."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from pyscf import gto

from comotion.electronic.basis import load_basis
from comotion.electronic.gate import expected_energy
from comotion.kohn_sham.functional import TransportFunctional
from comotion.kohn_sham.self_consistent import SelfConsistentAtom
from comotion.systems import parse_atom
from comotion.transport.comotion import comotion_plan
from grid_atom import GridAtom, grid_atom

Solver = Callable[[str, str], SelfConsistentAtom]

_LEVEL = "ks-v2_unc-UGBS+2d"
#: Z, electrons by angular momentum, names of the orbitals, energy with its tolerance.
_ATOMS: dict[str, tuple[int, dict[int, int], list[str], float, float]] = {
    "He": (2, {0: 2}, ["1s"], -3.35748, 2e-5),
    "H-": (1, {0: 2}, ["1s"], -0.69728, 2e-5),
    "Li+": (3, {0: 2}, ["1s"], -8.01814, 2e-5),
    "Be": (4, {0: 4}, ["1s", "2s"], -17.06597, 1e-4),
    "Ne": (10, {0: 4, 1: 6}, ["1s", "2s", "2p"], -156.0080, 3e-4),
}
#: Levels of all orders in one basis.
_ORDERS = {
    "Li": ("ks-v2_unc-6-31G", "ks-comotion_unc-6-31G"),
    "Be": ("ks-v2_unc-6-31G", "ks-comotion3_unc-6-31G", "ks-comotion_unc-6-31G"),
    "B": (
        "ks-v2_unc-6-31G+1d", "ks-comotion3_unc-6-31G+1d", "ks-comotion4_unc-6-31G+1d",
        "ks-comotion_unc-6-31G+1d",
    ),
}  # fmt: skip


@pytest.fixture(
    scope="module",
    params=[*list(_ATOMS)[:-1], pytest.param("Ne", marks=pytest.mark.slow)],
)
def pair(request: pytest.FixtureRequest, solved: Solver) -> tuple[SelfConsistentAtom, GridAtom]:
    """An atom in Gaussians and the same on a grid."""
    charge, electrons, *_ = _ATOMS[request.param]
    return solved(request.param, _LEVEL), grid_atom(charge, electrons)


def test_energies_are_those_on_a_grid(pair: tuple[SelfConsistentAtom, GridAtom]) -> None:
    found, on_grid = pair
    _, _, names, energy, tolerance = _ATOMS[found.system]
    assert found.energy == pytest.approx(energy, abs=tolerance)
    assert found.energy == pytest.approx(on_grid.energy, rel=3e-7)
    assert found.kinetic_s == pytest.approx(on_grid.kinetic, rel=1e-6)
    assert found.v_functional == pytest.approx(on_grid.v_functional, rel=1e-6)
    # The minimum is variational: a basis lies above it.
    assert found.energy > on_grid.energy - 1e-7
    assert list(found.orbital_energies) == names
    np.testing.assert_allclose(
        list(found.orbital_energies.values()), on_grid.orbital_energies, atol=2e-5
    )
    assert found.highest_occupied == found.orbital_energies[names[-1]]


def test_lowest_unoccupied_orbital_is_that_on_a_grid(
    pair: tuple[SelfConsistentAtom, GridAtom],
) -> None:
    """Of any angular momentum; the ion of hydrogen has none that is bound."""
    found, on_grid = pair
    if found.system == "H-":
        assert 0 < found.lowest_unoccupied < 0.05
    else:
        above = found.lowest_unoccupied - float(np.min(on_grid.unoccupied))
        assert -1e-4 < above < 2e-3
        assert found.lowest_unoccupied > found.highest_occupied + 0.1


def test_density_and_potential_are_those_on_a_grid(
    pair: tuple[SelfConsistentAtom, GridAtom],
) -> None:
    found, on_grid = pair
    r, charge = on_grid.radii, on_grid.charge
    shown = 4 * np.pi * r**2 * found.density(r)
    assert float(np.trapezoid(np.abs(shown - charge), r)) < 2e-4 * found.n_electrons
    held = charge > 1e-3
    np.testing.assert_allclose(found.potential(r[held]), on_grid.potential[held], rtol=3e-4)


def test_what_a_minimum_obeys(pair: tuple[SelfConsistentAtom, GridAtom]) -> None:
    """E = -T_s, since V is like an inverse length."""
    found, _ = pair
    assert found.energy == pytest.approx(-found.kinetic_s, rel=1e-6)
    assert found.virial_ratio == pytest.approx(2, abs=1e-6)
    parts = found.kinetic_s + found.nuclear_attraction + found.v_functional
    assert found.energy == pytest.approx(parts, rel=1e-14)
    # The sum of n e is T_s + int v rho + int u rho.
    nodes = found.density.quadrature()
    of_field = float(nodes.weights @ found.potential(nodes.radii))
    most = {"s": 2, "p": 6}
    levels = sum(most[name[1:]] * e for name, e in found.orbital_energies.items())
    expected = found.kinetic_s + found.nuclear_attraction + of_field
    assert levels == pytest.approx(expected, rel=1e-6)
    charge = parse_atom(found.system).nuclear_charge
    attraction = -charge * float(nodes.weights @ (1 / nodes.radii))
    assert found.nuclear_attraction == pytest.approx(attraction, rel=1e-8)
    assert abs(found.tail_gain) < 1e-5


def test_what_is_told_of_an_atom(solved: Solver) -> None:
    found = solved("Be", _LEVEL)
    assert (found.system, found.level) == ("Be", _LEVEL)
    assert (found.configuration, found.n_electrons) == ("1s2 2s2", 4)
    assert repr(found) == (
        "Be, ks-v2_unc-UGBS+2d, 4 electrons\n"
        f"energy             {found.energy:16.9f} hartree\n"
        f"kinetic_s          {found.kinetic_s:16.9f} hartree\n"
        f"nuclear_attraction {found.nuclear_attraction:16.9f} hartree\n"
        f"v_functional       {found.v_functional:16.9f} hartree\n"
        f"orbital 1s         {found.orbital_energies['1s']:16.9f} hartree\n"
        f"orbital 2s         {found.orbital_energies['2s']:16.9f} hartree"
    )
    s_functions = load_basis("unc-UGBS+2d", "Be")
    assert found.basis_functions == len(s_functions)
    assert 1 <= found.iterations < 20
    assert 0 <= found.energy_change < 1e-8
    with_gaussians = gto.M(atom="B", basis="unc-6-31G", spin=1, verbose=0)
    boron = solved("B", "ks-v2_unc-6-31G+1d")
    assert boron.basis_functions == with_gaussians.nao + 4
    assert boron.configuration == "1s2 2s2 2p1"


@pytest.mark.parametrize("system", _ORDERS)
def test_energies_rise_with_the_order(system: str, solved: Solver) -> None:
    """E_2 < E_3 < ... < E_N, all below the exact energy."""
    atoms = [solved(system, level) for level in _ORDERS[system]]
    for lower, upper in pairwise(atoms):
        assert lower.energy < upper.energy - 1e-3
    exact = expected_energy(parse_atom(system), "exact")
    assert exact is not None
    assert atoms[-1].energy < exact


@pytest.mark.parametrize("system", _ORDERS)
def test_each_is_lowest_at_its_own_density(system: str, solved: Solver) -> None:
    """T_s + V + int v rho of one atom is higher at the orbitals of another."""
    atoms = [solved(system, level) for level in _ORDERS[system]]
    n = atoms[0].n_electrons
    for order, own in zip(range(2, n + 1), atoms, strict=True):
        functional = TransportFunctional(order)
        for other in atoms:
            value = functional.response(other.density).value
            energy = other.kinetic_s + other.nuclear_attraction + value
            if other is own:
                assert energy == pytest.approx(own.energy, abs=1e-9)
            else:
                assert energy > own.energy + 1e-5


@pytest.mark.parametrize("system", _ORDERS)
def test_value_is_the_cost_of_a_plan(system: str, solved: Solver) -> None:
    """Of k electrons with the density k rho / N, N (N - 1) / (k (k - 1)) times."""
    for order, level in enumerate(_ORDERS[system], start=2):
        found = solved(system, level)
        n = found.n_electrons
        plan = comotion_plan(found.density.scaled(order))
        factor = n * (n - 1) / (order * (order - 1))
        assert found.v_functional == pytest.approx(factor * plan.cost, abs=1e-7)
        # On the nodes of one rule, and so with the difference from the cost of the plan.
        error = factor * plan.error + abs(factor * plan.cost - found.v_functional)
        assert found.v_functional_error == pytest.approx(error, rel=1e-2)


def test_value_of_pairs_in_closed_form(solved: Solver) -> None:
    """V_2 = (N - 1) / 2 int dm / (R(m) + R(N - m))."""
    found: Any = solved("Be", _LEVEL)
    x, weights = np.polynomial.legendre.leggauss(400)
    # m = 4 t^6 near both ends, symmetric about N / 2.
    t = (x + 1) / 2
    m, steps = 2 * t**6, 12 * t**5 * weights / 2
    radii = found.density.radius(m) + found.density.radius(4 - m, m)
    assert found.v_functional == pytest.approx(3 / 2 * 2 * float(steps @ (1 / radii)), rel=1e-7)
