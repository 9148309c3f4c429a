"""The state in a converged PySCF object of one atom, as the user made it.

The density is the spherical average of the spin-summed one-particle density matrix, whatever
the state's own symmetry; <V_ee> of wave functions is ``E - Tr(h gamma)``, as in
`comotion.electronic.atoms`. No term is checked: the user's state is the user's.
"""

import copy
import re
from math import comb
from typing import Any, NamedTuple

import numpy as np
from pyscf import cc, ci, dft, fci, mcscf, scf
from pyscf.cc import ccd, qcisd_slow

from comotion.density.checks import require_charge
from comotion.density.radial import Array
from comotion.electronic.averaging import spherical_average
from comotion.electronic.bare_atom import is_determinant, require_bare_atom, require_determinant
from comotion.electronic.correlation import singles_and_doubles_only, total, with_triples
from comotion.electronic.state import ElectronicState, energies_of, repulsion_energy
from comotion.errors import ElectronicStructureError
from comotion.systems import Atom, Level

_COUPLED_CLUSTER = (cc.ccsd.CCSD, cc.uccsd.UCCSD)
#: Kinds of coupled cluster that share a class with CCSD but not its density matrix.
_OTHER_CLUSTER = (ccd.CCD, qcisd_slow.QCISD)
_MEAN_FIELD = (scf.hf.RHF, scf.uhf.UHF)


class _Found(NamedTuple):
    """What an object holds.

    Attributes:
        method: Name of the method in a level.
        mean_field: The determinant behind it, or the object itself.
        energy: Total energy, hartree.
        density_matrix: Spin-summed, in atomic orbitals, shape (nao, nao).
        wave_function: Whether <V_ee> of it is defined.
    """

    method: str
    mean_field: Any
    energy: float
    density_matrix: Array
    wave_function: bool


def from_pyscf(obj: Any, *, mean_field: Any = None, triples: bool = False) -> ElectronicState:
    """The state of one atom that a converged PySCF object holds.

    Args:
        obj: RHF, ROHF, UHF, RKS, ROKS or UKS; CCSD of these determinants (its lambda equations
            are solved on a copy if they were not); CISD; CASCI or CASSCF; or the solver that
            ``pyscf.fci.FCI(mean_field)`` returned, after its ``kernel()``. Spherical or
            Cartesian functions, the atom anywhere, cores frozen or not.
        mean_field: For a full CI solver, which holds no orbitals, the mean field whose orbitals
            it is in; for nothing else.
        triples: For a CCSD object, take CCSD(T): PySCF's ``ccsd_t()`` returns an energy and
            keeps nothing, so energy, lambda equations and density matrix of (T) are computed
            here from the amplitudes.

    Returns:
        Density and energies. A Kohn-Sham state has no ``v_quantum``, and its energy is that of
        the functional. The term is the multiplicity with an unknown L, such as ``3?``; the level
        says where a core is frozen, such as ``ccsd-frozen_cc-pVDZ``.

    Raises:
        ElectronicStructureError: The object is none of these, not converged, of several atoms or
            states, with a core potential, complex orbitals or fractional occupations, or of
            another Hamiltonian than the bare atom's.
        DensityError: The averaged density is negative where it matters.
    """
    determinant = _mean_field_of(obj, mean_field, triples=triples)
    mol = determinant.mol
    require_bare_atom(determinant)
    found = _found(obj, determinant, triples=triples)
    density = spherical_average(mol, found.density_matrix)
    require_charge(density)
    kinetic, attraction = (
        _trace(mol.intor(operator), found.density_matrix) for operator in ("int1e_kin", "int1e_nuc")
    )
    repulsion = None
    if found.wave_function:
        repulsion = repulsion_energy(found.energy, kinetic + attraction, density.n_electrons)
    energy_hf, v_hf = _reference(determinant)
    return ElectronicState(
        system=str(Atom(mol.atom_pure_symbol(0), int(mol.charge))),
        level=str(Level(found.method, mol.basis if isinstance(mol.basis, str) else "custom")),
        term=f"{mol.spin + 1}?",
        density=density,
        energies=energies_of(
            density,
            found.energy,
            repulsion,
            energy_hf=energy_hf,
            v_hf=v_hf,
            kinetic=kinetic if found.wave_function else None,
            nuclear_attraction=attraction,
        ),
    )


def _mean_field_of(obj: Any, mean_field: Any, *, triples: bool) -> Any:
    """The determinant of an object, or behind it.

    Raises:
        ElectronicStructureError: The object is of no kind that has one, or the options are for
            another kind.
    """
    clusters = isinstance(obj, _COUPLED_CLUSTER) and not isinstance(obj, _OTHER_CLUSTER)
    # Brueckner's doubles are made of a class that has no name outside its function.
    clusters = clusters and type(obj).__name__ != "BCCD"
    solver = isinstance(obj, fci.direct_spin1.FCISolver)
    if triples and not clusters:
        raise ElectronicStructureError(
            f"{type(obj).__name__} has no triples: give a CCSD object with triples=True"
        )
    if solver and not isinstance(mean_field, _MEAN_FIELD):
        raise ElectronicStructureError(
            "a full CI solver holds no orbitals: give the mean field too, "
            "from_pyscf(solver, mean_field=mf)"
        )
    if mean_field is not None and not solver:
        raise ElectronicStructureError(
            f"{type(obj).__name__} has a mean field of its own: leave mean_field out"
        )
    wave_function = clusters or isinstance(obj, (ci.cisd.CISD, mcscf.casci.CASBase))
    determinant = mean_field if solver else obj._scf if wave_function else obj
    if not isinstance(determinant, _MEAN_FIELD):
        raise ElectronicStructureError(
            f"{_kind(obj)} is no state that can be averaged: give a converged RHF, ROHF, UHF, RKS, "
            "UKS, CCSD, CISD, CASCI or full CI object of one atom of PySCF"
        )
    return determinant


def _kind(obj: Any) -> str:
    """Class of an object, with its module where PySCF has several of one name."""
    kind = type(obj)
    periodic = kind.__module__.startswith("pyscf.pbc")
    return f"{kind.__module__}.{kind.__name__}" if periodic else kind.__name__


def _found(obj: Any, mean_field: Any, *, triples: bool) -> _Found:
    """Energy and density matrix of an object of a kind that is known.

    Raises:
        ElectronicStructureError: It did not converge or holds several states.
    """
    # CASCI of unrestricted orbitals leaves it to its solver to say so.
    says = obj if hasattr(obj, "converged") else obj.fcisolver
    if not says.converged or (obj is mean_field and obj.mo_coeff is None):
        raise ElectronicStructureError(
            f"{type(obj).__name__} is not converged: run it, raise its max_cycle, or change the "
            "basis"
        )
    if isinstance(obj, fci.direct_spin1.FCISolver):
        return _full_ci(obj, mean_field)
    if getattr(obj, "e_states", None) is not None:
        raise ElectronicStructureError(
            f"{type(obj).__name__} averages {np.size(obj.e_states)} states: compute the one that "
            "is meant alone"
        )
    energy = _one_energy(obj, obj.e_tot)
    if isinstance(obj, _COUPLED_CLUSTER):
        return _coupled_cluster(obj, energy, triples=triples)
    if isinstance(obj, ci.cisd.CISD):
        name = f"cisd{_frozen(obj)}"
        return _Found(name, mean_field, energy, total(obj.make_rdm1(ao_repr=True)), True)
    if isinstance(obj, mcscf.casci.CASBase):
        name = "casscf" if isinstance(obj, mcscf.mc1step.CASSCF) else "casci"
        method = f"{name}-{sum(obj.nelecas)}-{obj.ncas}"
        matrix = np.sum(obj.make_rdm1s(), axis=0)
        return _Found(method, mean_field, energy, np.asarray(matrix), True)
    require_determinant(obj)
    kohn_sham = isinstance(obj, dft.rks.KohnShamDFT)
    unrestricted = isinstance(obj, scf.uhf.UHF)
    method = "uhf" if unrestricted else "hf"
    if kohn_sham:
        functional = re.sub("[^a-z0-9]+", "-", str(obj.xc).lower()).strip("-")
        method = f"{'uks' if unrestricted else 'rks'}-{functional or 'none'}"
    return _Found(method, mean_field, energy, total(obj.make_rdm1()), not kohn_sham)


def _coupled_cluster(obj: Any, energy: float, *, triples: bool) -> _Found:
    """CCSD or CCSD(T) of converged amplitudes; the object itself is not changed."""
    if not triples and obj.l1 is not None and obj.converged_lambda:
        matrix = total(obj.make_rdm1(ao_repr=True))
        return _Found(f"ccsd{_frozen(obj)}", obj._scf, energy, matrix, True)
    solver = copy.copy(obj)
    finish = with_triples if triples else singles_and_doubles_only
    state = finish(solver, solver.ao2mo(solver.mo_coeff))
    method = f"ccsd{'-t' if triples else ''}{_frozen(obj)}"
    return _Found(method, obj._scf, state.energy, state.density_matrix, True)


def _frozen(obj: Any) -> str:
    """What the level says of a method that leaves orbitals out of the correlation."""
    return "" if np.all(obj.get_frozen_mask()) else "-frozen"


def _full_ci(solver: Any, mean_field: Any) -> _Found:
    """Full CI in the orbitals of a mean field, restricted or not."""
    energy = _one_energy(solver, solver.eci)
    electrons = mean_field.mol.nelec
    coefficients = np.asarray(mean_field.mo_coeff)
    by_spin = coefficients if coefficients.ndim == 3 else np.array([coefficients, coefficients])
    orbitals = by_spin.shape[-1]
    if np.size(solver.ci) != comb(orbitals, electrons[0]) * comb(orbitals, electrons[1]):
        raise ElectronicStructureError(
            f"the full CI vector is not one of {sum(electrons)} electrons in the {orbitals} "
            "orbitals of the mean field: give the mean field that it was made from"
        )
    spins = solver.make_rdm1s(solver.ci, orbitals, electrons)
    matrix = sum(c @ d @ c.T for c, d in zip(by_spin, spins, strict=True))
    return _Found("fci", mean_field, energy, np.asarray(matrix), True)


def _one_energy(obj: Any, energy: Any) -> float:
    """The energy, if it is that of one state.

    Raises:
        ElectronicStructureError: There are several.
    """
    if np.ndim(energy) > 0:
        raise ElectronicStructureError(
            f"{type(obj).__name__} holds {np.size(energy)} states: compute the one that is meant "
            "alone"
        )
    return float(energy)


def _reference(mean_field: Any) -> tuple[float | None, float | None]:
    """Energy and <V_ee> of the determinant, if it is one of Hartree-Fock, hartree."""
    hartree_fock = not isinstance(mean_field, dft.rks.KohnShamDFT)
    if not (hartree_fock and mean_field.converged and is_determinant(mean_field)):
        return None, None
    energy = float(mean_field.e_tot)
    one_electron = _trace(mean_field.get_hcore(), total(mean_field.make_rdm1()))
    return energy, repulsion_energy(energy, one_electron, mean_field.mol.nelectron)


def _trace(operator: Array, density_matrix: Array) -> float:
    return float(np.einsum("ij,ji->", operator, density_matrix))
