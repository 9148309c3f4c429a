"""Whether what PySCF holds is one atom: all of its electrons, a point charge, Coulomb's law.

PySCF's classes are the same for molecules, core potentials, solvents, outer charges, relativistic
Hamiltonians and fractional occupations. A state of these has numbers like any other, and none of
them is that of an atom.
"""

from typing import Any

import numpy as np
from pyscf import dft, gto, scf

from comotion.errors import ElectronicStructureError
from comotion.systems import ELEMENTS

#: Largest difference of the one-electron Hamiltonian from the bare atom's: relative, and hartree.
_RELATIVE, _ABSOLUTE = 1e-8, 1e-6
#: Largest difference of a determinant's energy from that of its orbitals in the bare atom,
#: relative: what the SCF leaves open, and the error of a density fit of the Coulomb integrals.
_ENERGY, _FITTED = 1e-6, 1e-3
#: Largest deviation of an occupation from 0, 1 or 2.
_OCCUPATION = 1e-8


def require_one_atom(mol: gto.Mole) -> None:
    """Check that a molecule is one atom without a core potential.

    Raises:
        ElectronicStructureError: It is not.
    """
    if mol.natm != 1:
        atoms = ", ".join(mol.atom_symbol(i) for i in range(mol.natm)) or "none"
        raise ElectronicStructureError(
            f"the object is of {mol.natm} atoms ({atoms}), and only one can be averaged over "
            "rotations: give a single atom, without ghost functions"
        )
    if mol.has_ecp() or mol._pseudo:
        raise ElectronicStructureError(
            f"the {mol.atom_symbol(0)} atom has an effective core potential, which leaves out "
            "the density of its core: take an all-electron basis"
        )


def require_bare_atom(mean_field: Any) -> None:
    """Check that a mean field is of one atom, with no potential but that of its point nucleus.

    Raises:
        ElectronicStructureError: It is not.
    """
    mol = mean_field.mol
    require_one_atom(mol)
    symbol, charge = mol.atom_pure_symbol(0), mol.atom_charge(0)
    whole = symbol in ELEMENTS and ELEMENTS.index(symbol) == charge > mol.charge
    if not whole or charge - mol.charge != mol.nelectron:
        raise ElectronicStructureError(
            f"a nucleus {mol.atom_symbol(0)} of charge {charge} with {mol.nelectron} electrons is "
            "no atom or ion: give one without ghost functions or charges of your own"
        )
    if mol._atm[0, gto.mole.NUC_MOD_OF] != gto.mole.NUC_POINT:
        raise ElectronicStructureError(
            "the nucleus of the object is an extended one: leave nucmod out"
        )
    if mol.omega:
        raise ElectronicStructureError(
            f"the electrons of the object repel by a part of 1/r only (mol.omega = {mol.omega:g}): "
            "set_range_coulomb(0) and run it again"
        )
    if getattr(mean_field, "with_solvent", None) is not None:
        raise ElectronicStructureError("the object is in a solvent: leave the solvent out")
    core = np.asarray(mean_field.get_hcore())
    bare = mol.intor("int1e_kin") + mol.intor("int1e_nuc")
    if core.shape != bare.shape or not np.allclose(core, bare, rtol=_RELATIVE, atol=_ABSOLUTE):
        raise ElectronicStructureError(
            "the one-electron Hamiltonian of the object is not that of the bare atom: leave "
            "relativistic corrections and outer fields out"
        )


def is_determinant(mean_field: Any) -> bool:
    """Whether the occupations of a mean field are whole and add up to its electrons."""
    occupations = np.asarray(mean_field.mo_occ, dtype=float)
    whole = np.all(np.abs(occupations - np.round(occupations)) < _OCCUPATION)
    return bool(whole and round(float(np.sum(occupations))) == mean_field.mol.nelectron)


def require_determinant(mean_field: Any) -> None:
    """Check that a converged mean field is one determinant, and of Hartree-Fock its energy.

    Raises:
        ElectronicStructureError: Its orbitals are no numbers or complex, occupations are
            fractional, or its energy is not that of its orbitals.
    """
    name = type(mean_field).__name__
    coefficients = np.asarray(mean_field.mo_coeff)
    if np.iscomplexobj(coefficients):
        raise ElectronicStructureError(
            f"{name} has complex orbitals, and only real ones can be averaged: make them real"
        )
    if not np.all(np.isfinite(coefficients)):
        raise ElectronicStructureError(f"{name} has orbitals that are no numbers: run it again")
    if not is_determinant(mean_field):
        raise ElectronicStructureError(
            f"{name} has fractional occupations, or not those of {mean_field.mol.nelectron} "
            "electrons, and is no wave function: leave smearing, frac_occ and averaged "
            "configurations out"
        )
    if isinstance(mean_field, dft.rks.KohnShamDFT):
        return
    energy, found = float(mean_field.e_tot), _energy(mean_field)
    fitted = getattr(mean_field, "with_df", None) is not None
    if abs(found - energy) > (_FITTED if fitted else _ENERGY) * abs(energy):
        raise ElectronicStructureError(
            f"{name} has the energy {energy:.8f} hartree, but its orbitals have {found:.8f} in the "
            "bare atom: orbitals or interaction were changed; run it again without"
        )


def _energy(mean_field: Any) -> float:
    """Energy of the orbitals of a Hartree-Fock determinant in the bare atom, hartree."""
    mol, matrix = mean_field.mol, np.asarray(mean_field.make_rdm1())
    spins = np.array([matrix / 2, matrix / 2]) if matrix.ndim == 2 else matrix
    coulomb, exchange = scf.hf.get_jk(mol, spins)
    both = spins[0] + spins[1]
    one_electron = np.sum(both * (mol.intor("int1e_kin") + mol.intor("int1e_nuc")))
    repulsion = np.sum(both * (coulomb[0] + coulomb[1])) - np.sum(spins * exchange)
    return float(one_electron + repulsion / 2)
