"""The second-order energy: hydrogenic orbitals, sums over Gaussians, what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from pyscf import gto, mp, scf

import comotion
from comotion.connection import second_order as connection
from comotion.connection.second_order import SecondOrder, second_order
from comotion.electronic.mean_field import molecule
from comotion.electronic.terms import ground_state
from comotion.electronic.two_electrons import solve_two_electrons
from comotion.errors import ElectronicStructureError
from comotion.kohn_sham import of_density
from comotion.systems import parse_atom


def _system(name: str, rho: object) -> of_density.KohnShamSystem:
    return of_density.kohn_sham_system(name, rho)  # type: ignore[arg-type]


def _second_order_by_nuclear_charge() -> float:
    """E_2 of E(Z) = -Z^2 + 5/8 Z + E_2 + E_3 / Z + ..., from states in Hylleraas functions."""
    charges = np.array([20, 30, 40, 60])
    energies = [solve_two_electrons(int(z), 7).energy for z in charges]
    rest = np.array(energies) + charges**2 - 0.625 * charges
    return float(np.polynomial.polynomial.polyfit(1 / charges, rest, 3)[0])


def _singles_of_hydrogenic_orbitals() -> float:
    """2 sum_a <1s|v_H / 2|a>^2 / (e_1s - e_a), by an even-tempered basis at Z = 1."""
    exponents = np.geomspace(2e-2, 3e3, 30)
    pairs = exponents[:, None] + exponents[None, :]
    norms = (2 * exponents / np.pi) ** 0.75
    norm = norms[:, None] * norms[None, :]
    overlap = norm * (np.pi / pairs) ** 1.5
    core = norm * (3 * np.prod(np.meshgrid(exponents, exponents), axis=0) / pairs)
    core = core * (np.pi / pairs) ** 1.5 - norm * 2 * np.pi / pairs
    r = np.geomspace(1e-6, 80, 6000)
    step = np.log(r[1] / r[0]) * r
    # Half of the Hartree potential of two electrons is that of one.
    v_one = 1 / r - np.exp(-2 * r) * (1 + 1 / r)
    values = norms[:, None] * np.exp(-np.outer(exponents, r**2))
    field = 4 * np.pi * (values * (step * r**2 * v_one)) @ values.T
    sizes, directions = np.linalg.eigh(overlap)
    basis = directions[:, sizes > 1e-10] / np.sqrt(sizes[sizes > 1e-10])
    energies, orbitals = np.linalg.eigh(basis.T @ core @ basis)
    element = (basis @ orbitals).T @ field @ (basis @ orbitals)[:, 0]
    return float(2 * np.sum(element[1:] ** 2 / (energies[0] - energies[1:])))


def test_hydrogenic_orbitals() -> None:
    """In the field of the nucleus alone, second order is E_2 less the part of single excitations.

    It does not depend on Z.
    """
    found = second_order(_system("H-", comotion.model("bohr", 2)))
    exact = _second_order_by_nuclear_charge() - _singles_of_hydrogenic_orbitals()
    assert exact == pytest.approx(-0.0467, abs=1e-4)
    assert found.doubles == pytest.approx(exact, abs=1e-5)
    assert found.beyond_error < 1e-6
    # With fewer partial waves the rest is extrapolated further, and its bar covers it.
    fewer = second_order(_system("H-", comotion.model("bohr", 2)), highest=5)
    assert abs(fewer.energy - found.energy) < fewer.beyond_error < 2e-5
    assert abs(found.doubles - exact) < found.error < 3e-5
    assert fewer.by_angular == pytest.approx(found.by_angular[:6], abs=1e-12)
    assert fewer.beyond < found.beyond < 0


def test_two_electrons_have_no_single_excitations() -> None:
    energy = second_order(_system("He", comotion.atom("He", "hylleraas", "w4")))
    assert isinstance(energy, SecondOrder)
    assert abs(energy.singles) < 1e-12
    assert energy.energy == pytest.approx(-0.04846, abs=2e-5)
    assert energy.energy == energy.doubles + energy.singles
    assert energy.error == (energy.beyond_error + energy.singles_error + energy.potential_error)
    assert energy.potential_error < 2e-5
    assert len(energy.by_angular) == 15
    assert repr(energy).startswith("<SecondOrder: E_c^GL2 -0.0484")


def _few_exponents(_: object) -> np.ndarray:
    return np.geomspace(0.1, 500, 6)


def _potential_matrix(mol: gto.Mole, found: of_density.KohnShamSystem) -> np.ndarray:
    """The potential between PySCF's functions, by their values on an axis, averaged over angles."""
    r = found.radii
    values = mol.eval_gto("GTOval_sph", np.stack([np.zeros_like(r), np.zeros_like(r), r], axis=1))
    matrix = np.zeros((mol.nao, mol.nao))
    for shell_a, shell_b in np.ndindex(mol.nbas, mol.nbas):
        angular = mol.bas_angular(shell_a)
        if mol.bas_angular(shell_b) != angular:
            continue
        a, b = (slice(*mol.ao_loc[shell : shell + 2]) for shell in (shell_a, shell_b))
        # On the axis only m = 0 differs from zero, by (2 l + 1) / (4 pi) of the radial product.
        radial = np.sum(values[:, a], axis=1) * np.sum(values[:, b], axis=1)
        element = np.sum(found.weights * r**2 * found.v_s * radial) * 4 * np.pi / (2 * angular + 1)
        matrix[a, b] = element * np.eye(2 * angular + 1)
    return matrix


@pytest.mark.parametrize(("name", "method"), [("Be", "hf"), ("N", "uhf"), ("Li", "uhf")])
def test_another_program(name: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PySCF's second order with the orbitals of the same few Gaussians in the local potential."""
    monkeypatch.setattr(connection, "_exponents", _few_exponents)
    monkeypatch.setattr(connection, "_DENSER", 0)
    found = _system(name, comotion.atom(name, method, "unc-UGBS+1d"))
    atom = parse_atom(name)
    ground = ground_state(atom)
    shells = [[angular, [alpha, 1.0]] for angular in range(4) for alpha in _few_exponents(atom)]
    mol = molecule(atom, shells, ground, symmetry="")
    core = mol.intor("int1e_kin") + _potential_matrix(mol, found)
    fake = scf.UHF(mol)
    energies, orbitals = fake.eig((core, core), mol.intor("int1e_ovlp"))
    fake.mo_energy, fake.mo_coeff = energies, orbitals
    fake.mo_occ = fake.get_occ(energies, orbitals)
    fake.converged, fake.e_tot = True, 0.0
    other, _ = mp.UMP2(fake).kernel(mo_energy=energies, mo_coeff=orbitals, with_t2=False)
    ours = second_order(found, highest=3)
    assert ours.by_angular[-1] == pytest.approx(other, abs=1e-8)


def test_single_excitations_of_beryllium(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the best local potential: of a poorer one they are larger, of 14 intervals equal.

    The weight of the smoothness does not matter.
    """
    beryllium = _system("Be", comotion.atom("Be", "ccsd", "hyb-1-UGBS+1d+aug-cc-pCVDZ"))
    found = second_order(beryllium, highest=3)
    assert found.singles < 0
    assert 0 < found.singles_error < 3e-5
    by_intervals = {}
    for intervals in (2, 6, 14):
        monkeypatch.setattr(connection, "_INTERVALS", (intervals, intervals))
        by_intervals[intervals] = second_order(beryllium, highest=3).singles
    assert by_intervals[2] < by_intervals[6] < found.singles
    assert abs(by_intervals[14] - found.singles) == pytest.approx(found.singles_error, abs=1e-15)
    monkeypatch.setattr(connection, "_INTERVALS", (14, 19))
    for smoothness in (1e-6, 1e-10):
        monkeypatch.setattr(connection, "_SMOOTHNESS", smoothness)
        other = second_order(beryllium, highest=3).singles
        assert other == pytest.approx(found.singles, abs=1e-6)


@pytest.mark.parametrize("name", ["B", "O", "Fe"])
def test_an_open_shell_is_refused(name: str) -> None:
    found = replace(_system("He", comotion.atom("He", "hylleraas", "w4")), system=name)
    with pytest.raises(
        ElectronicStructureError, match=f"{name}: E_c\\^GL2 is computed where every subshell"
    ):
        second_order(found)


def test_too_few_partial_waves() -> None:
    found = _system("He", comotion.atom("He", "hylleraas", "w4"))
    with pytest.raises(ElectronicStructureError, match=r"highest = 1: .* give 2 or more"):
        second_order(found, highest=1)
