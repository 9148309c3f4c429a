"""Hartree-Fock with common radial functions: stationary, above ROHF, at published limits."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from comotion.density.functionals import hartree
from comotion.electronic.basis import load_basis
from comotion.electronic.mean_field import molecule, reference_of, solve_mean_field
from comotion.electronic.open_shells import (
    needs_common_radial_functions,
    with_common_radial_functions,
)
from comotion.electronic.terms import GroundState, ground_state
from comotion.errors import ElectronicStructureError
from comotion.systems import parse_atom
from conftest import atom


@pytest.mark.parametrize(
    ("system", "needed"),
    [
        ("Li", False),
        ("B", True),
        ("N", False),
        ("O", True),
        ("Ne", False),
        ("Sc", True),
        ("Cr", False),
    ],
)
def test_when_it_matters(system: str, needed: bool) -> None:
    assert needs_common_radial_functions(ground_state(parse_atom(system))) == needed


def test_oxygen_orbitals_are_the_same_in_every_direction() -> None:
    oxygen = parse_atom("O")
    ground = ground_state(oxygen)
    kind = reference_of("hf", ground)
    mol = molecule(oxygen, load_basis("cc-pVDZ", "O"), ground, kind.symmetry)
    rohf = solve_mean_field(mol, ground, kind, 100)
    before = float(rohf.e_tot)
    after = with_common_radial_functions(rohf, ground, 100)
    assert 0 < after.e_tot - before < 5e-3
    assert after.e_tot == pytest.approx(after.energy_tot(), abs=1e-9)
    for column in after.mo_coeff[:, after.mo_occ > 0].T[2:]:
        weights = np.sort(np.abs(column[np.abs(column) > 1e-12]))
        np.testing.assert_allclose(weights, [0.460531, 0.68632], atol=1e-5)


def test_nothing_changes_where_all_m_are_alike() -> None:
    """One p electron has one radial function in ROHF already."""
    state, density = atom("B", "hf_aug-cc-pVTZ")
    assert state.energy == pytest.approx(-24.5281387, abs=1e-6)
    assert hartree(density) == pytest.approx(11.58008, abs=1e-5)


@pytest.mark.parametrize(
    ("system", "limit"),
    [
        pytest.param("Al", -241.876707, marks=pytest.mark.slow),
        pytest.param("Cl", -459.482072, marks=pytest.mark.slow),
        pytest.param("Fe", -1262.443656, marks=pytest.mark.slow),
    ],
)
def test_heavier_atoms(system: str, limit: float) -> None:
    """Near the limits of Hartree-Fock (Fe: tests/data/hartree_fock_energies.csv).

    Functions of 1e7 hartree stand beside occupied ones of iron; their elements are rounding.
    """
    assert 0 < atom(system, "hf_unc-UGBS+1d")[0].energy - limit < 3e-5


def test_no_convergence_is_an_error() -> None:
    oxygen = parse_atom("O")
    ground = ground_state(oxygen)
    kind = reference_of("hf", ground)
    mol = molecule(oxygen, load_basis("cc-pVDZ", "O"), ground, kind.symmetry)
    rohf = solve_mean_field(mol, ground, kind, 100)
    with pytest.raises(ElectronicStructureError, match="functions did not converge in 2 "):
        with_common_radial_functions(rohf, ground, 2)


def _solved(system: str, basis: str, ground: GroundState | None = None) -> Any:
    """The mean field with common radial functions."""
    ion = parse_atom(system)
    ground = ground or ground_state(ion)
    kind = reference_of("hf", ground)
    mol = molecule(ion, load_basis(basis, ion.symbol), ground, kind.symmetry)
    return with_common_radial_functions(solve_mean_field(mol, ground, kind, 100), ground, 100)


@pytest.fixture(scope="module", params=[("O", "6-31G"), ("B", "6-31G"), ("Ti", "3-21G")])
def solved(request: pytest.FixtureRequest) -> Any:
    """A p^4, a p^1 and a d^2 shell."""
    return _solved(*request.param)


def _energy(mean_field: Any, coefficients: np.ndarray) -> float:
    """Energy of the determinant with the same occupations in other orbitals."""
    occupied = np.array([mean_field.mo_occ > 0, mean_field.mo_occ > 1], dtype=float)
    spins = np.array([coefficients * o @ coefficients.T for o in occupied])
    coulomb, exchange = mean_field.get_jk(mean_field.mol, spins)
    both = spins[0] + spins[1]
    one = np.sum(both * mean_field.get_hcore())
    repulsion = np.sum(both * (coulomb[0] + coulomb[1])) - np.sum(spins * exchange)
    return float(one + repulsion / 2)


def test_the_energy_is_that_of_the_orbitals(solved: Any) -> None:
    assert solved.e_tot == pytest.approx(_energy(solved, solved.mo_coeff), abs=1e-9)
    overlap = solved.mo_coeff.T @ solved.get_ovlp() @ solved.mo_coeff
    np.testing.assert_allclose(overlap, np.eye(len(overlap)), atol=1e-10)
    assert np.sum(solved.mo_occ) == solved.mol.nelectron
    assert solved.converged is True


def _turned(mean_field: Any, angular: int, i: int, j: int, angle: float) -> np.ndarray:
    """Orbitals with two radial functions of one l turned into each other for every m alike."""
    mol = mean_field.mol
    shells = np.array([mol.bas_angular(s) for s in range(mol.nbas)])
    of_orbital = np.repeat(shells, [2 * mol.bas_angular(s) + 1 for s in range(mol.nbas)])
    blocks: dict[tuple[int, ...], list[int]] = {}
    for k, column in enumerate(mean_field.mo_coeff.T):
        rows = np.flatnonzero(np.abs(column) > 1e-12)
        if of_orbital[rows[0]] == angular:
            blocks.setdefault(tuple(rows), []).append(k)
    assert len(blocks) == 2 * angular + 1
    turned = np.array(mean_field.mo_coeff)
    for columns in blocks.values():
        first, second = columns[i], columns[j]
        a, b = mean_field.mo_coeff[:, first], mean_field.mo_coeff[:, second]
        turned[:, first] = np.cos(angle) * a + np.sin(angle) * b
        turned[:, second] = np.cos(angle) * b - np.sin(angle) * a
    return turned


def test_the_energy_is_stationary_when_radial_functions_are_turned(solved: Any) -> None:
    """For all m alike: not so for ROHF's own orbitals, which have lower energies."""
    mol = solved.mol
    lowest = {angular: sum(
        mol.bas_nctr(s) for s in range(mol.nbas) if mol.bas_angular(s) == angular
    ) for angular in {mol.bas_angular(s) for s in range(mol.nbas)}}  # fmt: skip
    for angular, functions in lowest.items():
        for i in range(functions):
            for j in range(i + 1, functions):
                up, down = (
                    _energy(solved, _turned(solved, angular, i, j, angle))
                    for angle in (1e-4, -1e-4)
                )
                assert up - down == pytest.approx(0, abs=2e-8), (angular, i, j)
                assert up + down >= 2 * solved.e_tot - 1e-8


def test_orbital_energies_are_those_of_each_spin(solved: Any) -> None:
    occupied = np.array([solved.mo_occ > 0, solved.mo_occ > 1], dtype=float)
    spins = np.array([solved.mo_coeff * o @ solved.mo_coeff.T for o in occupied])
    coulomb, exchange = solved.get_jk(solved.mol, spins)
    for name, matrix in (("mo_ea", exchange[0]), ("mo_eb", exchange[1])):
        fock = solved.get_hcore() + coulomb[0] + coulomb[1] - matrix
        energies = np.einsum("pi,pq,qi->i", solved.mo_coeff, fock, solved.mo_coeff)
        np.testing.assert_allclose(getattr(solved.mo_energy, name), energies, atol=1e-6)
    mean = (solved.mo_energy.mo_ea + solved.mo_energy.mo_eb) / 2
    np.testing.assert_allclose(np.asarray(solved.mo_energy), mean, rtol=1e-14)


@pytest.mark.parametrize("direction", [1, -1, 0])
def test_the_energy_does_not_depend_on_the_direction_of_the_open_shell(direction: int) -> None:
    """Carbon as p_x p_y, p_y p_z and p_z p_x; ROHF in D2h without s-d mixing is the same."""
    ground = ground_state(parse_atom("C"))
    s = {"s+0": (2, 2)}
    p = {f"p{m:+d}": (1, 0) for m in (1, -1, 0) if m != direction}
    turned = replace(ground, occupations=s | p)
    assert _solved("C", "6-31G", turned).e_tot == pytest.approx(
        atom("C", "hf_6-31G")[0].energy, abs=1e-9
    )


@pytest.mark.parametrize(
    ("occupations", "needed"),
    [
        ({"s+0": (1, 1)}, False),
        ({"s+0": (2, 2), "p+0": (1, 1), "p+1": (1, 1), "p-1": (1, 1)}, False),
        ({"p+0": (1, 0), "p+1": (1, 0), "p-1": (1, 0)}, False),
        ({"p+0": (1, 0), "p+1": (1, 0)}, True),
        ({"p+0": (1, 1), "p+1": (1, 0), "p-1": (1, 0)}, True),
        ({"p+0": (1, 0), "p+1": (0, 1), "p-1": (1, 0)}, True),
        ({f"d{m:+d}": (1, 0) for m in range(-2, 3)}, False),
        ({f"d{m:+d}": (1, 0) for m in range(-2, 2)}, True),
        ({f"f{m:+d}": (1, 0) for m in range(-3, 4)}, False),
        ({f"f{m:+d}": (1, 0) for m in range(-3, 3)}, True),
        ({}, False),
    ],
)
def test_where_the_orbitals_of_one_l_differ(
    occupations: dict[str, tuple[int, int]], needed: bool
) -> None:
    ground = GroundState("", "", 0, occupations)
    assert needs_common_radial_functions(ground) is needed
