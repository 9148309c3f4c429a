"""Radial functions of Gaussians against PySCF's, and spherical potentials against quadrature."""

from functools import cache

import numpy as np
import pytest
from pyscf import gto
from pyscf.dft import gen_grid, numint
from scipy.integrate import quad

from comotion.kohn_sham.blocks import RadialBlock, radial_blocks, spherical_matrix

#: Contracted in general and not, up to f functions.
_ATOMS = [("Ne", "cc-pVTZ"), ("B", "6-31G*"), ("He", "unc-cc-pVDZ")]


@cache
def _atom(symbol: str, basis: str) -> gto.Mole:
    return gto.M(atom=symbol, basis=basis, spin=None, verbose=0)


@pytest.fixture(params=_ATOMS, ids="-".join)
def mol(request: pytest.FixtureRequest) -> gto.Mole:
    return _atom(*request.param)


def test_every_orbital_is_in_one_block(mol: gto.Mole) -> None:
    blocks = radial_blocks(mol)
    assert [block.angular for block in blocks] == list(range(len(blocks)))
    orbitals = np.sort(np.concatenate([block.orbitals.ravel() for block in blocks]))
    np.testing.assert_array_equal(orbitals, np.arange(mol.nao))
    labels = mol.ao_labels(fmt=False)
    for block in blocks:
        assert block.degeneracy == 2 * block.angular + 1
        assert block.orbitals.shape == (block.degeneracy, len(block.contractions))
        assert block.contractions.shape[1] == len(block.exponents)
        for row in block.orbitals:
            assert {labels[at][2][-1] for at in row} == {"spdf"[block.angular]}
            assert len({labels[at][3] for at in row}) == 1
        count = len(block.contractions)
        assert repr(block) == f"<RadialBlock: l = {block.angular}, {count} functions>"


def test_values_are_those_of_the_orbitals(mol: gto.Mole) -> None:
    """Squares of the orbitals of all m add up to (2 l + 1) R^2 / (4 pi)."""
    r = np.geomspace(0.01, 8, 25)
    direction = np.array([0.48, -0.6, 0.64])
    orbitals = numint.eval_ao(mol, r[:, None] * direction)
    for block in radial_blocks(mol):
        values = block.values(r)
        assert values.shape == (len(block.contractions), len(r))
        square = sum(orbitals[:, row].T ** 2 for row in block.orbitals)
        expected = block.degeneracy / (4 * np.pi) * values**2
        np.testing.assert_allclose(square, expected, rtol=1e-9, atol=1e-14)
        steps = np.linspace(0, 40, 40001)
        norms = np.trapezoid((block.values(steps) * steps) ** 2, steps)
        np.testing.assert_allclose(norms, 1, rtol=1e-4)


def test_parts_of_a_spherical_operator_make_it_again(mol: gto.Mole) -> None:
    blocks = radial_blocks(mol)
    for name in ("int1e_ovlp", "int1e_kin", "int1e_nuc"):
        matrix = mol.intor(name)
        parts = [block.part(matrix) for block in blocks]
        np.testing.assert_allclose(
            spherical_matrix(blocks, parts, mol.nao), matrix, rtol=1e-12, atol=1e-11
        )


def test_enclosed_charges(mol: gto.Mole) -> None:
    """Of each radius by itself, inside or minus what is outside, against quadrature."""
    r = np.array([0.05, 0.7, 1.9])
    weights = np.array([0.3, -1.1, 0.8])
    beyond = np.array([False, True, False])
    for block in radial_blocks(mol):
        last = len(block.contractions) - 1

        def product(s: float, block: RadialBlock = block, last: int = last) -> float:
            values = block.values(np.array([s]))[:, 0]
            return float(values[0] * values[last] * s**2)

        whole = quad(product, 0, 30, limit=400, epsabs=1e-11)[0]
        inside = [quad(product, 0, end, limit=200, epsabs=1e-11)[0] for end in r]
        expected = sum(
            w * (q - whole if out else q) for w, q, out in zip(weights, inside, beyond, strict=True)
        )
        found = block.enclosed(r, weights, beyond)
        assert found[0, last] == pytest.approx(expected, abs=1e-8)
        np.testing.assert_allclose(found, found.T, rtol=1e-12, atol=1e-14)


def test_a_potential_by_its_slope(mol: gto.Mole) -> None:
    """That of exp(-r), by its slope and by PySCF's orbitals on points of spheres."""
    x, step = np.linspace(-12, 4, 3201, retstep=True)
    r = np.exp(x)
    blocks = radial_blocks(mol)
    weights = np.exp(-r) * r * step
    parts = [block.enclosed(r, weights, r > 1.0) for block in blocks]
    # Minus the charge outside stands for that inside: u is short of that by what lies beyond.
    beyond = float(np.sum(weights[r > 1.0]))
    found = spherical_matrix(blocks, parts, mol.nao) + beyond * mol.intor("int1e_ovlp")
    sphere = gen_grid.MakeAngularGrid(50)
    at = np.geomspace(1e-5, 40, 700)
    radial = 4 * np.pi * np.log(at[1] / at[0]) * at**3 * np.exp(-at)
    orbitals = numint.eval_ao(mol, (at[:, None, None] * sphere[:, :3]).reshape(-1, 3))
    expected = (orbitals.T * np.outer(radial, sphere[:, 3]).ravel()) @ orbitals
    np.testing.assert_allclose(found, expected, atol=2e-6)
