"""Exchange of determinants, against PySCF's matrices and Hartree-Fock energies."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from pyscf import gto, scf

from comotion.density.functionals import hartree
from comotion.density.radial import Array
from comotion.electronic.averaging import spherical_average
from comotion.electronic.terms import GroundState, ground_state
from comotion.kohn_sham.blocks import radial_blocks
from comotion.kohn_sham.exchange import determinant, exchange_of
from comotion.systems import parse_atom


@cache
def _hartree_fock(symbol: str, basis: str, spin: int) -> Any:
    mol = gto.M(atom=symbol, basis=basis, spin=spin, verbose=0)
    return (scf.ROHF if spin else scf.RHF)(mol).run(conv_tol=1e-11)


@pytest.mark.parametrize(("symbol", "basis"), [("He", "cc-pVDZ"), ("Be", "6-31G"), ("Ne", "6-31G")])
def test_closed_shells(symbol: str, basis: str) -> None:
    """E_x = -Tr K D / 4."""
    found = _hartree_fock(symbol, basis, 0)
    matrix = found.make_rdm1()
    expected = -np.sum(found.get_k(dm=matrix) * matrix) / 4
    assert exchange_of(found.mol, np.array([matrix, matrix]) / 2) == pytest.approx(
        expected, rel=1e-7
    )


@pytest.mark.parametrize(("symbol", "spin"), [("B", 1), ("N", 3), ("O", 2)])
def test_open_shells(symbol: str, spin: int) -> None:
    """<V_ee> of PySCF's determinant less U of the averaged density."""
    found = _hartree_fock(symbol, "6-31G", spin)
    mol, matrices = found.mol, np.asarray(found.make_rdm1())
    total = matrices[0] + matrices[1]
    repulsion = found.e_tot - float(np.sum(total * found.get_hcore()))
    expected = repulsion - hartree(spherical_average(mol, total))
    assert exchange_of(mol, matrices) == pytest.approx(expected, abs=1e-8)


def test_an_open_shell_has_the_rest_of_its_hartree_energy_too() -> None:
    """One p electron by itself: exchange cancels its own U, not that of the average."""
    mol = gto.M(atom="H", basis={"H": [[1, [0.8, 1.0]]]}, spin=1, verbose=0)
    matrices = np.zeros((2, 3, 3))
    matrices[0, 0, 0] = 1
    averaged = hartree(spherical_average(mol, matrices[0]))
    assert exchange_of(mol, matrices) == pytest.approx(-averaged, rel=1e-8)
    repulsion = mol.intor("int2e")[0, 0, 0, 0] / 2
    assert repulsion > averaged + 1e-3


@pytest.mark.parametrize("symbol", ["B", "C", "N", "O", "Ne"])
def test_a_determinant_is_that_of_the_term(symbol: str) -> None:
    """Its orbitals by PySCF's labels; each spin is a projector."""
    ground = ground_state(parse_atom(symbol))
    mol = gto.M(atom=symbol, basis="6-31G", spin=ground.unpaired, verbose=0)
    blocks = radial_blocks(mol)
    generator = np.random.default_rng(1)
    overlap = mol.intor("int1e_ovlp")
    orbitals: list[Array] = []
    for block in blocks:
        inner = block.part(overlap)
        raw = generator.standard_normal(inner.shape)
        sizes, directions = np.linalg.eigh(raw.T @ inner @ raw)
        orbitals.append(raw @ directions / np.sqrt(sizes))
    found = determinant(ground, blocks, orbitals, mol.nao)
    assert found.shape == (2, mol.nao, mol.nao)
    labels = mol.ao_labels(fmt=False)
    names = {"s+0": ("s", ""), "p+1": ("p", "x"), "p-1": ("p", "y"), "p+0": ("p", "z")}
    for spin in range(2):
        np.testing.assert_allclose(found[spin] @ overlap @ found[spin], found[spin], atol=1e-10)
        for name, (letter, axis) in names.items():
            own = [(one[2][-1], one[3]) == (letter, axis) for one in labels]
            rows = np.flatnonzero(own)
            count = ground.occupations.get(name, (0, 0))[spin]
            filled = orbitals[0 if letter == "s" else 1][:, :count]
            np.testing.assert_allclose(
                found[spin][np.ix_(rows, rows)], filled @ filled.T, atol=1e-12
            )
            others = np.setdiff1d(np.arange(mol.nao), rows)
            assert not np.any(found[spin][np.ix_(rows, others)])


@pytest.mark.parametrize(("m", "axis"), [("p+1", "x"), ("p-1", "y"), ("p+0", "z")])
def test_each_p_orbital_is_its_own(m: str, axis: str) -> None:
    mol = gto.M(atom="H", basis={"H": [[1, [0.8, 1.0]]]}, spin=1, verbose=0)
    ground = GroundState("2p1", "2P", 1, {m: (1, 0)})
    found = determinant(ground, radial_blocks(mol), [np.eye(1)], 3)
    expected = [float(label[3] == axis) for label in mol.ao_labels(fmt=False)]
    np.testing.assert_array_equal(found[0], np.diag(expected))
    assert not np.any(found[1])


def test_d_orbitals_stand_where_pyscf_has_them() -> None:
    ground = ground_state(parse_atom("V"))
    mol = gto.M(atom="V", basis="sto-3g", spin=3, verbose=0)
    blocks = radial_blocks(mol)
    found = determinant(ground, blocks, [np.eye(len(b.contractions)) for b in blocks], mol.nao)
    labels = [label[3] for label in mol.ao_labels(fmt=False)]
    letters = [label[2][-1] for label in mol.ao_labels(fmt=False)]
    m = {"d-2": "xy", "d-1": "yz", "d+0": "z^2", "d+1": "xz", "d+2": "x2-y2"}
    expected = {m[name] for name, pair in ground.occupations.items() if name in m and pair[0]}
    filled = {
        label
        for i, (label, letter) in enumerate(zip(labels, letters, strict=True))
        if letter == "d" and found[0][i, i] > 0.5
    }
    assert len(expected) == 3
    assert filled == expected
    assert np.trace(found[0]) - np.trace(found[1]) == pytest.approx(3)
