"""The second-order energy: hydrogenic orbitals, another program's sums, what is refused."""

import numpy as np
import pytest
from pyscf import mp, scf

import comotion
from comotion.connection import second_order as connection
from comotion.connection.second_order import SecondOrder, second_order
from comotion.electronic.basis import load_basis
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
    energies = [solve_two_electrons(int(z), 4).energy for z in charges]
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

    It does not depend on Z; the basis leaves out partial waves, whose inverse cube is added.
    """
    found = _system("H-", comotion.model("bohr", 2))
    exact = _second_order_by_nuclear_charge() - _singles_of_hydrogenic_orbitals()
    assert exact == pytest.approx(-0.0467, abs=1e-4)
    basis = "hyb-1-UGBS+1d+aug-cc-pV{}Z"
    four, five = (second_order(found, basis.format(n)).energy for n in ("Q", "5"))
    limit = (125 * five - 64 * four) / (125 - 64)
    assert limit == pytest.approx(exact, abs=3e-4)
    assert abs(five - exact) < abs(four - exact)


def test_two_electrons_have_no_single_excitations() -> None:
    found = _system("He", comotion.atom("He", "hylleraas", "w4"))
    energy = second_order(found, "hyb-1-UGBS+1d+aug-cc-pVTZ")
    assert abs(energy.singles) < 1e-12
    assert energy.doubles == pytest.approx(-0.0459, abs=1e-4)
    assert energy.energy == energy.doubles + energy.singles
    assert energy.functions == 68


@pytest.fixture(scope="module")
def beryllium() -> of_density.KohnShamSystem:
    return _system("Be", comotion.atom("Be", "ccsd", "hyb-1-UGBS+1d+aug-cc-pCVDZ"))


def test_another_program(beryllium: of_density.KohnShamSystem) -> None:
    """PySCF's MP2 with the orbitals of a Fock operator with the local potential."""
    name = "hyb-1-UGBS+1d+aug-cc-pCVDZ"
    atom = parse_atom("Be")
    mol = molecule(atom, load_basis(name, "Be"), ground_state(atom), symmetry="")
    # Matrix of the potential by PySCF's functions on points along an axis, spherically averaged.
    r = beryllium.radii
    points = np.stack([np.zeros_like(r), np.zeros_like(r), r], axis=1)
    matrix = np.zeros((mol.nao, mol.nao))
    values = mol.eval_gto("GTOval_sph", points)
    for shell_a in range(mol.nbas):
        for shell_b in range(mol.nbas):
            angular = mol.bas_angular(shell_a)
            if mol.bas_angular(shell_b) != angular:
                continue
            a0, a1 = mol.ao_loc[shell_a : shell_a + 2]
            b0, b1 = mol.ao_loc[shell_b : shell_b + 2]
            # On the axis only m = 0 differs from zero, by (2 l + 1) / (4 pi) of the radial product.
            radial = np.sum(values[:, a0:a1], axis=1) * np.sum(values[:, b0:b1], axis=1)
            element = np.sum(beryllium.weights * r**2 * beryllium.v_s * radial)
            element *= 4 * np.pi / (2 * angular + 1)
            assert a1 - a0 == b1 - b0 == 2 * angular + 1
            matrix[a0:a1, b0:b1] = element * np.eye(a1 - a0)
    fake = scf.RHF(mol)
    energies, orbitals = fake.eig(mol.intor("int1e_kin") + matrix, mol.intor("int1e_ovlp"))
    fake.mo_energy, fake.mo_coeff, fake.mo_occ = (
        energies,
        orbitals,
        fake.get_occ(energies, orbitals),
    )
    fake.converged, fake.e_tot = True, 0.0
    other, _ = mp.MP2(fake).kernel(mo_energy=energies, mo_coeff=orbitals, with_t2=False)
    assert second_order(beryllium, name).doubles == pytest.approx(other, abs=1e-9)


def test_single_excitations_of_beryllium(
    beryllium: of_density.KohnShamSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the best local potential: of a poorer one they are larger, of 14 intervals equal.

    With 19 the weight of the smoothness does not matter.
    """
    basis = "hyb-1-UGBS+1d+aug-cc-pCVDZ"
    found = second_order(beryllium, basis)
    assert isinstance(found, SecondOrder)
    assert found.singles < 0
    by_intervals = {}
    for intervals in (2, 6, 14):
        monkeypatch.setattr(connection, "_INTERVALS", intervals)
        by_intervals[intervals] = second_order(beryllium, basis).singles
    assert by_intervals[2] < by_intervals[6] < found.singles
    assert by_intervals[14] == pytest.approx(found.singles, abs=3e-5)
    monkeypatch.setattr(connection, "_INTERVALS", 19)
    for smoothness in (1e-6, 1e-10):
        monkeypatch.setattr(connection, "_SMOOTHNESS", smoothness)
        assert second_order(beryllium, basis).singles == pytest.approx(found.singles, abs=1e-6)


def test_an_open_shell_is_refused() -> None:
    found = _system("Li", comotion.atom("Li", "ccsd", "hyb-1-UGBS+1d+aug-cc-pCVDZ"))
    with pytest.raises(
        ElectronicStructureError, match="Li: E_c\\^GL2 is computed of closed shells"
    ):
        second_order(found, "aug-cc-pCVDZ")
