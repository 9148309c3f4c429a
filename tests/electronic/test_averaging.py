"""The analytic spherical average against a Lebedev average of the density itself."""

import numpy as np
import pytest
from pyscf import gto, scf
from pyscf.dft import gen_grid, numint

from comotion.density.functionals import hartree
from comotion.electronic.averaging import spherical_average


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
