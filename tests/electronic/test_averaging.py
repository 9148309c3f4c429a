"""The analytic spherical average against a Lebedev average of the density itself."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pyscf import cc, gto, scf
from pyscf.dft import gen_grid, numint

from comotion.density.functionals import hartree
from comotion.electronic.averaging import radial_functions, spherical_average
from comotion.errors import ElectronicStructureError


@pytest.fixture(scope="module", params=[False, True], ids=["spherical", "cartesian"])
def carbon(request: pytest.FixtureRequest) -> tuple[gto.Mole, np.ndarray]:
    """An open shell: its density is not spherical."""
    mol = gto.M(
        atom="C", basis="aug-cc-pVDZ", spin=2, symmetry="D2h", cart=request.param, verbose=0
    )
    mean_field = scf.UHF(mol)
    mean_field.irrep_nelec = {"Ag": (2, 2), "B2u": (1, 0), "B3u": (1, 0)}
    mean_field.kernel()
    return mol, np.sum(mean_field.make_rdm1(), axis=0)


def test_lebedev(carbon: tuple[gto.Mole, np.ndarray]) -> None:
    mol, matrix = carbon
    average = spherical_average(mol, matrix)
    sphere = gen_grid.MakeAngularGrid(110)
    for r in (0.01, 0.3, 1.0, 2.5, 6.0):
        orbitals = numint.eval_ao(mol, r * sphere[:, :3])
        values = np.einsum("gi,ij,gj->g", orbitals, matrix, orbitals)
        assert np.ptp(values) > 1e-3 * np.mean(values) or r == 0.01
        assert average.density(r) == pytest.approx(values @ sphere[:, 3], rel=1e-12)


def test_charge_and_hartree_energy(carbon: tuple[gto.Mole, np.ndarray]) -> None:
    mol, matrix = carbon
    average = spherical_average(mol, matrix)
    assert average.integral == pytest.approx(6, abs=1e-11)
    # Averaging lowers the self-repulsion of a density that is not spherical.
    coulomb = scf.hf.get_jk(mol, matrix, with_k=False)[0]
    assert 0.005 < 0.5 * np.sum(coulomb * matrix) - hartree(average) < 0.05


def test_hartree_of_a_closed_shell_is_the_coulomb_matrix() -> None:
    mol = gto.M(atom="Ne", basis="cc-pVTZ", verbose=0)
    matrix = scf.RHF(mol).run().make_rdm1()
    coulomb = scf.hf.get_jk(mol, matrix, with_k=False)[0]
    assert hartree(spherical_average(mol, matrix)) == pytest.approx(
        0.5 * np.sum(coulomb * matrix), abs=1e-10
    )


def test_cartesian_functions_of_every_degree_off_the_origin() -> None:
    """A random matrix mixes all of s, p, d, f, g, and d and g with the s that they contain."""
    mol = gto.M(atom="Ne 1 2 3", basis="cc-pVQZ", cart=True, verbose=0)
    matrix = np.random.default_rng(0).normal(size=(mol.nao, mol.nao))
    matrix = matrix @ matrix.T
    matrix *= 10 / np.sum(matrix * mol.intor("int1e_ovlp"))
    average = spherical_average(mol, matrix)
    sphere = gen_grid.MakeAngularGrid(302)
    for r in (0.01, 0.3, 1.0, 2.5, 6.0):
        orbitals = numint.eval_ao(mol, mol.atom_coord(0) + r * sphere[:, :3])
        values = np.einsum("gi,ij,gj->g", orbitals, matrix, orbitals)
        assert average.density(r) == pytest.approx(values @ sphere[:, 3], rel=1e-11)


def _of_neon() -> tuple[gto.Mole, Any]:
    mol = gto.M(atom="Ne", basis="cc-pVDZ", verbose=0)
    return mol, scf.RHF(mol).run()


def _two_spins() -> tuple[gto.Mole, Any]:
    mol = gto.M(atom="Li", basis="cc-pVDZ", spin=1, verbose=0)
    return mol, scf.UHF(mol).run().make_rdm1()


def _of_molecular_orbitals() -> tuple[gto.Mole, Any]:
    mol, mean_field = _of_neon()
    return mol, cc.CCSD(mean_field).run().make_rdm1()


def _with_core_potential() -> tuple[gto.Mole, Any]:
    mol = gto.M(atom="Kr", basis="lanl2dz", ecp="lanl2dz", verbose=0)
    return mol, scf.RHF(mol).run().make_rdm1()


def _of_a_molecule() -> tuple[gto.Mole, Any]:
    mol = gto.M(atom="Li; H 1 1.6", basis="6-31G", verbose=0)
    return mol, scf.RHF(mol).run().make_rdm1()


def _times(factor: complex) -> tuple[gto.Mole, Any]:
    mol, mean_field = _of_neon()
    return mol, mean_field.make_rdm1() * factor


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (_with_core_potential, "the Kr atom has an effective core potential"),
        (_of_molecular_orbitals, r"not 10: its trace does, .* make_rdm1\(ao_repr=True\)"),
        (_two_spins, r"shape \(2, 14, 14\), one matrix for each spin: add them"),
        (_of_a_molecule, r"of 2 atoms \(Li, H\)"),
        (lambda: (_of_neon()[0], np.eye(3)), r"shape \(3, 3\), but the atom 14 functions"),
        (lambda: _times(1j), "complex or not finite"),
        (lambda: _times(np.nan), "complex or not finite"),
        (lambda: _times(0.5), "integrates to 5.0000000000, not 10: is it a density matrix"),
    ],
)
def test_what_cannot_be_averaged_says_why(
    make: Callable[[], tuple[gto.Mole, Any]], sentence: str
) -> None:
    mol, matrix = make()
    with pytest.raises(ElectronicStructureError, match=sentence):
        spherical_average(mol, matrix)


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_charge_of_a_matrix_just_inside_and_just_outside(sign: int) -> None:
    mol, mean_field = _of_neon()
    mean_field.kernel()
    matrix = mean_field.make_rdm1()
    matrix *= 10 / np.sum(matrix * mol.intor("int1e_ovlp"))
    assert spherical_average(mol, matrix * (1 + sign * 0.98e-9)).n_electrons == 10
    with pytest.raises(ElectronicStructureError, match=r"(10\.0000000102|9\.9999999898), not 10"):
        spherical_average(mol, matrix * (1 + sign * 1.02e-9))


@pytest.mark.parametrize(("error", "molecular"), [(0.99e-6, True), (1.01e-6, False)])
def test_a_trace_of_the_electrons_tells_molecular_orbitals(error: float, molecular: bool) -> None:
    mol, _ = _of_neon()
    for sign in (-1, 1):
        matrix = np.eye(mol.nao) * (10 / mol.nao) * (1 + sign * error)
        with pytest.raises(ElectronicStructureError) as raised:
            spherical_average(mol, matrix)
        assert ("it is in molecular orbitals" in str(raised.value)) is molecular
        assert ("is it a density matrix" in str(raised.value)) is not molecular


def test_shells_that_share_exponents() -> None:
    """General contractions and exponents that stand twice: the same as of the orbitals."""
    basis = {"Be": [
        [1, [0.8, 0.4, 1.0], [0.2, 0.7, 0.0]],
        [0, [9.0, 0.5, 0.1], [1.0, 0.6, 0.3], [1.0, 0.2, 0.9]],
        [0, [1.0, 1.0]],
        [2, [0.7, 1.0]],
    ]}  # fmt: skip
    mol = gto.M(atom="Be", basis=basis, verbose=0)
    matrix = np.random.default_rng(3).normal(size=(mol.nao, mol.nao))
    matrix = matrix @ matrix.T
    matrix *= 4 / np.sum(matrix * mol.intor("int1e_ovlp"))
    average = spherical_average(mol, matrix)
    sphere = gen_grid.MakeAngularGrid(110)
    for r in (0.05, 0.7, 2.5):
        orbitals = numint.eval_ao(mol, r * sphere[:, :3])
        values = np.einsum("gi,ij,gj->g", orbitals, matrix, orbitals)
        assert average.density(r) == pytest.approx(values @ sphere[:, 3], rel=1e-11)
    alphas, rows, orbitals_of = radial_functions(mol, 0)
    np.testing.assert_array_equal(alphas, [1, 9])
    assert rows.shape == (3, 2)
    assert orbitals_of == [[0, 1, 2]]
    assert radial_functions(mol, 1)[2] == [[3, 6], [4, 7], [5, 8]]
