"""Parts of the mean field by their definitions."""

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
import scipy.linalg
from pyscf import gto, lib, scf

from comotion.electronic.basis import load_basis
from comotion.electronic.mean_field import (
    Reference,
    exchange_energy,
    highest_occupied,
    molecule,
    natural_occupations,
    occupied_shells,
    reference_of,
    same_blocks,
    single_thread,
    solve_mean_field,
)
from comotion.electronic.terms import GroundState, ground_state
from comotion.errors import ElectronicStructureError
from comotion.systems import parse_atom

_CLOSED, _OPEN = (ground_state(parse_atom(name)) for name in ("Be", "B"))


@pytest.mark.parametrize(
    ("method", "closed", "opened"),
    [
        ("hf", ("RHF", "SO3"), ("ROHF", "SO3")),
        ("uhf", ("UHF", "D2h"), ("UHF", "D2h")),
        ("ccsd", ("RHF", "SO3"), ("UHF", "D2h")),
        ("ccsd-t", ("RHF", "SO3"), ("UHF", "D2h")),
        ("cisd", ("RHF", "SO3"), ("UHF", "D2h")),
        ("fci", ("RHF", "D2h"), ("ROHF", "D2h")),
    ],
)
def test_what_each_method_starts_from(
    method: str, closed: tuple[str, str], opened: tuple[str, str]
) -> None:
    for ground, expected in ((_CLOSED, closed), (_OPEN, opened)):
        kind = reference_of(method, ground)
        assert (kind.name(ground), kind.symmetry) == expected


def test_the_molecule_is_the_ion_asked_for() -> None:
    ion = parse_atom("Na2+")
    ground = ground_state(ion)
    mol = molecule(ion, load_basis("6-31G", "Na"), ground, "D2h")
    assert (mol.charge, mol.spin, mol.nelectron, mol.groupname) == (2, 1, 9, "D2h")
    assert mol.atom_pure_symbol(0) == "Na"
    np.testing.assert_array_equal(mol.atom_coords(), np.zeros((1, 3)))
    assert mol.max_memory == 4000


@pytest.mark.parametrize(("system", "highest"), [("Be", 0), ("B", 1), ("Ne", 1), ("Sc", 2)])
def test_hartree_fock_keeps_the_shells_of_occupied_momenta(system: str, highest: int) -> None:
    ground = ground_state(parse_atom(system))
    shells = [[angular, [1.0, 1.0]] for angular in (0, 1, 2, 3)]
    assert occupied_shells(shells, ground) == shells[: highest + 1]


def test_without_occupations_every_shell_is_kept() -> None:
    shells = [[0, [1.0, 1.0]], [3, [1.0, 1.0]]]
    assert occupied_shells(shells, GroundState("", "3?", 2, {})) == shells


def _solved(system: str, method: str, basis: str = "6-31G") -> tuple[Any, GroundState]:
    ion = parse_atom(system)
    ground = ground_state(ion)
    kind = reference_of(method, ground)
    mol = molecule(ion, load_basis(basis, ion.symbol), ground, kind.symmetry)
    return solve_mean_field(mol, ground, kind, 100), ground


@pytest.fixture(scope="module")
def solved() -> dict[str, Any]:
    """Determinants of the three kinds."""
    cases = {"RHF": ("Be", "hf"), "ROHF": ("B", "hf"), "UHF": ("B", "uhf")}
    return {name: _solved(*case)[0] for name, case in cases.items()}


@pytest.mark.parametrize("kind", ["RHF", "ROHF", "UHF"])
def test_the_kind_of_determinant(solved: dict[str, Any], kind: str) -> None:
    """ROHF is a class of RHF in PySCF."""
    assert type(solved[kind]).__name__.endswith(kind)
    assert isinstance(solved[kind], scf.rohf.ROHF) == (kind == "ROHF")


@pytest.mark.parametrize("kind", ["RHF", "ROHF", "UHF"])
def test_exchange_is_what_the_energy_has_beside_coulomb(solved: dict[str, Any], kind: str) -> None:
    mean_field = solved[kind]
    matrix = np.asarray(mean_field.make_rdm1())
    total = matrix if matrix.ndim == 2 else matrix.sum(axis=0)
    core = np.sum(mean_field.get_hcore() * total)
    coulomb = 0.5 * np.sum(scf.hf.get_jk(mean_field.mol, total, with_k=False)[0] * total)
    assert exchange_energy(mean_field) == pytest.approx(
        mean_field.e_tot - core - coulomb, abs=1e-9
    )  # fmt: skip


def test_the_highest_occupied_orbital(solved: dict[str, Any]) -> None:
    beryllium, boron = solved["RHF"], solved["UHF"]
    assert highest_occupied(beryllium) == np.sort(beryllium.mo_energy)[1]
    up = np.sort(boron.mo_energy[0])[2]
    down = np.sort(boron.mo_energy[1])[1]
    assert highest_occupied(boron) == max(up, down) == up


@pytest.mark.parametrize(("system", "spin"), [("B", 0), ("O", 1)])
def test_the_highest_occupied_orbital_of_rohf(system: str, spin: int) -> None:
    """Each spin has a Fock matrix; that of the minority has less exchange."""
    mean_field, _ = _solved(system, "hf")
    fock = mean_field.get_fock()
    highest = []
    for matrix, least in ((fock.focka, 1), (fock.fockb, 2)):
        occupied = mean_field.mo_coeff[:, mean_field.mo_occ >= least]
        highest.append(np.max(np.einsum("pi,pq,qi->i", occupied, matrix, occupied)))
    assert np.argmax(highest) == spin
    assert highest_occupied(mean_field) == pytest.approx(max(highest), abs=1e-7)


def test_natural_occupations_are_eigenvalues_of_the_matrix_and_the_overlap() -> None:
    mol = gto.M(atom="Be", basis="cc-pVDZ", verbose=0)
    matrix = np.random.default_rng(0).normal(size=(mol.nao, mol.nao))
    matrix = matrix + matrix.T
    overlap = mol.intor("int1e_ovlp")
    inverse = np.linalg.inv(overlap)
    expected = scipy.linalg.eigh(matrix, inverse, eigvals_only=True)
    np.testing.assert_allclose(natural_occupations(mol, matrix), expected, rtol=1e-9, atol=1e-9)
    determinant = scf.RHF(mol).run().make_rdm1()
    occupations = natural_occupations(mol, determinant)
    np.testing.assert_allclose(occupations, [0] * 12 + [2, 2], atol=1e-10)


def test_natural_occupations_where_functions_all_but_coincide() -> None:
    """Two of the same exponent are one function."""
    basis = {"He": [[0, [1.0, 1.0]], [0, [1.0 + 1e-9, 1.0]], [0, [0.3, 1.0]]]}
    mol = gto.M(atom="He", basis=basis, verbose=0)
    assert natural_occupations(mol, np.zeros((3, 3))).shape == (2,)


@pytest.mark.parametrize("held", [0.0, 123.0])
def test_pyscf_is_told_the_same_memory_in_every_process(held: float) -> None:
    measured = lib.current_memory
    with same_blocks(held):
        assert lib.current_memory() == (200 + held, 200 + held)
    assert lib.current_memory is measured
    with suppress(ZeroDivisionError), same_blocks():
        _ = 1 / 0
    assert lib.current_memory is measured


def test_a_single_thread() -> None:
    with lib.with_omp_threads(2):
        single_thread()
        assert lib.num_threads() == 1


def test_a_basis_without_the_occupied_symmetry() -> None:
    ion, ground = parse_atom("B"), _OPEN
    for symmetry, name in (("SO3", r"p\+0"), ("D2h", "B1u")):
        mol = molecule(ion, [[0, [3.0, 1.0]], [0, [1.0, 1.0]], [0, [0.3, 1.0]]], ground, symmetry)
        kind = Reference(unrestricted=False, symmetry=symmetry)
        with pytest.raises(ElectronicStructureError, match=f"symmetry {name} that .*1s2 2s2 2p1"):
            solve_mean_field(mol, ground, kind, 50)


def test_occupations_that_are_not_those_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scf.hf_symm.RHF, "get_irrep_nelec", lambda _: {"s+0": 3}, raising=True)
    with pytest.raises(ElectronicStructureError, match=r"s\+0 by 3 electrons instead of 4"):
        _solved("Be", "hf")


def test_orbitals_converge_with_the_energy() -> None:
    """What is left of the gradient is 1e-7 hartree, or what Z^2 leaves of double precision."""
    for system, method in (("Ne", "hf"), ("B", "uhf"), ("Ar", "hf")):
        mean_field, _ = _solved(system, method)
        gradient = np.linalg.norm(mean_field.get_grad(mean_field.mo_coeff, mean_field.mo_occ))
        assert gradient < 1e-7
        assert mean_field.conv_tol == 1e-12 * mean_field.mol.atom_charge(0) ** 2
        assert mean_field.conv_tol_grad == max(1e-7, 3e-10 * mean_field.mol.atom_charge(0) ** 2)


def test_progress_counts_the_iterations() -> None:
    told: list[tuple[str, str]] = []

    def report(step: str, detail: str = "", share: float | None = None) -> None:
        del share
        told.append((step, detail))

    ion = parse_atom("He")
    ground = ground_state(ion)
    kind = reference_of("hf", ground)
    mol = molecule(ion, load_basis("6-31G", "He"), ground, kind.symmetry)
    solve_mean_field(mol, ground, kind, 77, report)
    assert told[0] == ("Hartree-Fock", "iteration 1 of at most 77")
    assert told[1] == ("Hartree-Fock", "iteration 2 of at most 77")
