"""What counts as a bare atom: each tolerance just inside and just outside."""

from typing import Any

import numpy as np
import pytest
from pyscf import dft, gto, scf

from comotion.electronic.bare_atom import (
    is_determinant,
    require_bare_atom,
    require_determinant,
    require_one_atom,
)
from comotion.errors import ElectronicStructureError


def _helium(kind: Any = scf.RHF, **options: Any) -> Any:
    return kind(gto.M(atom="He", basis="6-31G", verbose=0, **options)).run(conv_tol=1e-12)


@pytest.fixture
def helium() -> Any:
    """A mean field that tests may change."""
    return _helium()


def _with_core(mean_field: Any, change: float, relative: bool) -> Any:
    """The mean field with another element of its one-electron Hamiltonian."""
    mol = mean_field.mol
    core = mol.intor("int1e_kin") + mol.intor("int1e_nuc")
    if relative:
        # As for an element so large that hartrees do not matter.
        core *= 1 + change
    else:
        core[0, 0] += change
    mean_field.get_hcore = lambda *_: core
    return mean_field


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_hamiltonian_is_that_of_the_atom(helium: Any, sign: int) -> None:
    bare = (helium.mol.intor("int1e_kin") + helium.mol.intor("int1e_nuc"))[0, 0]
    allowed = 1e-6 + 1e-8 * abs(bare)
    require_bare_atom(_with_core(helium, sign * 0.99 * allowed, relative=False))
    with pytest.raises(ElectronicStructureError, match="is not that of the bare atom"):
        require_bare_atom(_with_core(helium, sign * 1.01 * allowed, relative=False))


def test_the_hamiltonian_of_a_heavy_atom_has_a_relative_error() -> None:
    """Of krypton's innermost functions, at -1e3 hartree, 1e-5 hartree is rounding."""
    krypton = scf.RHF(gto.M(atom="Kr", basis={"Kr": [[0, [40000.0, 1.0]]]}, charge=34, verbose=0))
    bare = krypton.get_hcore()[0, 0]
    assert bare > 1e4
    require_bare_atom(_with_core(krypton, 0.99e-8, relative=True))
    with pytest.raises(ElectronicStructureError, match="is not that of the bare atom"):
        require_bare_atom(_with_core(krypton, 1e-8 + 2e-6 / bare, relative=True))


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("fitted", [False, True])
def test_the_energy_is_that_of_the_orbitals(helium: Any, sign: int, fitted: bool) -> None:
    exact = float(helium.e_tot)
    allowed = 1e-6
    if fitted:
        helium.with_df, allowed = object(), 1e-3
    for share, right in ((0.999, True), (1.001, False)):
        # Relative to the energy that the object says it has.
        helium.e_tot = exact / (1 + sign * share * allowed)
        if right:
            require_determinant(helium)
        else:
            with pytest.raises(ElectronicStructureError, match=r"but its orbitals have -2\.85"):
                require_determinant(helium)


@pytest.mark.parametrize("kind", [scf.UHF, scf.ROHF])
def test_the_energy_of_open_shells_is_that_of_the_orbitals(kind: Any) -> None:
    lithium = kind(gto.M(atom="Li", basis="6-31G", spin=1, verbose=0)).run(conv_tol=1e-12)
    require_determinant(lithium)
    lithium.e_tot -= 1e-5
    with pytest.raises(ElectronicStructureError, match=r"but its orbitals have -7\.43"):
        require_determinant(lithium)


def test_the_energy_of_a_functional_is_not_looked_at() -> None:
    helium = dft.RKS(gto.M(atom="He", basis="6-31G", verbose=0), xc="lda,vwn").run()
    helium.e_tot -= 1.0
    require_determinant(helium)


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("orbital", [0, 1])
def test_occupations_are_whole(helium: Any, orbital: int, sign: int) -> None:
    helium.mo_occ = np.array([2.0, 0.0])
    helium.mo_occ[orbital] += sign * 0.99e-8
    assert is_determinant(helium)
    helium.mo_occ = np.array([2.0, 0.0])
    helium.mo_occ[orbital] += sign * 1.01e-8
    assert not is_determinant(helium)


@pytest.mark.parametrize("occupations", [[1.0, 0.0], [2.0, 1.0]])
def test_occupations_hold_the_electrons(helium: Any, occupations: list[float]) -> None:
    helium.mo_occ = np.array(occupations)
    assert not is_determinant(helium)
    with pytest.raises(ElectronicStructureError, match="or not those of 2 electrons"):
        require_determinant(helium)


def test_no_atom_at_all() -> None:
    with pytest.raises(ElectronicStructureError, match=r"of 0 atoms \(none\)"):
        require_one_atom(gto.M(verbose=0))


def test_a_bare_nucleus_and_ions_of_any_charge() -> None:
    require_bare_atom(_helium(scf.ROHF, charge=1, spin=1))
    require_bare_atom(_helium(charge=0))
    require_bare_atom(scf.RHF(gto.M(atom="H", basis="6-31G", charge=-1, verbose=0)))
    nothing = scf.RHF(gto.M(atom="He", basis="6-31G", charge=2, verbose=0))
    with pytest.raises(ElectronicStructureError, match="of charge 2 with 0 electrons is no atom"):
        require_bare_atom(nothing)


def test_electrons_are_what_the_charge_leaves(helium: Any) -> None:
    helium.mol.nelec = (1, 0)
    with pytest.raises(ElectronicStructureError, match="He of charge 2 with 1 electrons"):
        require_bare_atom(helium)
