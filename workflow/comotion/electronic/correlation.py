"""Correlated states on top of a mean field: energy and unrelaxed density matrix.

Every method correlates all electrons. The density matrix is that which makes
``E = Tr(h gamma) + 1/2 Tr(g Gamma)`` exact (for coupled cluster the one with the lambda
amplitudes and without orbital relaxation), so that <V_ee> = E - Tr(h gamma).
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, TypeVar

import numpy as np
from pyscf import cc, ci, fci, symm
from pyscf.cc import ccsd_t_lambda_slow, ccsd_t_rdm_slow, uccsd_t_lambda, uccsd_t_rdm

from comotion.density.radial import Array
from comotion.electronic.mean_field import same_blocks
from comotion.electronic.resources import MOST_IN_MEMORY, coupled_cluster_mb
from comotion.errors import ElectronicStructureError
from comotion.progress import Report, silent

_AMPLITUDES = 1e-7

_Found = TypeVar("_Found")


class Correlated(NamedTuple):
    """A correlated state.

    Attributes:
        energy: Total energy, hartree.
        density_matrix: Spin-summed, in atomic orbitals, shape (nao, nao).
        converged: Whether all of its equations say that they converged.
    """

    energy: float
    density_matrix: Array
    converged: bool


class FullCI(NamedTuple):
    """The ground state of full CI, in the orbitals of the mean field.

    Attributes:
        energy: Total energy, hartree.
        solver: PySCF's solver, which makes density matrices of the vector.
        vector: Coefficients of the determinants.
    """

    energy: float
    solver: Any
    vector: Any


def coupled_cluster(
    mean_field: Any, max_cycle: int, report: Report = silent, *, triples: bool
) -> Correlated:
    """CCSD, or CCSD(T) with the lambda equations and the density matrix of its own.

    Raises:
        ElectronicStructureError: An iteration did not converge.
    """
    of_amplitudes = with_triples if triples else singles_and_doubles_only
    return from_amplitudes(mean_field, of_amplitudes, max_cycle, report)


def from_amplitudes(
    mean_field: Any,
    of_amplitudes: Callable[[Any, Any, Report], _Found],
    max_cycle: int,
    report: Report = silent,
) -> _Found:
    """What follows from converged CCSD amplitudes.

    Args:
        mean_field: Converged mean field.
        of_amplitudes: Makes it of PySCF's solver, of what its ``ao2mo`` returned, and of a report,
            such as `singles_and_doubles_only`.
        max_cycle: Most iterations.
        report: Told where the computation is.

    Raises:
        ElectronicStructureError: The iteration did not converge.
    """
    solver = cc.CCSD(mean_field)
    solver.conv_tol = 1e-9
    solver.conv_tol_normt = _AMPLITUDES
    solver.max_cycle = max_cycle
    solver.verbose = 0
    report("transformation of integrals")
    open_shell = isinstance(solver, cc.uccsd.UCCSD)
    n = int(mean_field.mol.nao)
    if open_shell and n > MOST_IN_MEMORY:
        # With no memory to use PySCF keeps what it transforms on the disk.
        solver.max_memory, kept = 0, solver.max_memory
        integrals = solver.ao2mo()
        solver.max_memory = kept
    else:
        integrals = solver.ao2mo()
    solver.callback = lambda found: report(
        "CCSD", f"iteration {found['istep'] + 1} of at most {max_cycle}"
    )
    held = coupled_cluster_mb(n, closed=not open_shell)
    with same_blocks(held):
        solver.kernel(eris=integrals)
        _require(solver.converged, "CCSD", max_cycle)
        return of_amplitudes(solver, integrals, report)


def singles_and_doubles_only(solver: Any, integrals: Any, report: Report = silent) -> Correlated:
    """The CCSD state of converged amplitudes.

    Args:
        solver: PySCF's solver, which is given its lambda amplitudes.
        integrals: What its ``ao2mo`` returned.
        report: Told where the computation is.

    Raises:
        ElectronicStructureError: The lambda equations did not converge.
    """
    report("lambda equations")
    solver.solve_lambda(eris=integrals)
    _require(solver.converged_lambda, "lambda", solver.max_cycle)
    converged = bool(solver.converged and solver.converged_lambda)
    return Correlated(float(solver.e_tot), total(solver.make_rdm1(ao_repr=True)), converged)


def with_triples(solver: Any, integrals: Any, report: Report = silent) -> Correlated:
    """The CCSD(T) state of converged CCSD amplitudes; see `singles_and_doubles_only`."""
    max_cycle = solver.max_cycle
    open_shell = isinstance(solver, cc.uccsd.UCCSD)
    equations, densities = (
        (uccsd_t_lambda, uccsd_t_rdm) if open_shell else (ccsd_t_lambda_slow, ccsd_t_rdm_slow)
    )
    report("(T)")
    energy = solver.e_tot + solver.ccsd_t(eris=integrals)
    amplitudes = (solver.t1, solver.t2)
    report("(T) lambda equations")
    done, *multipliers = equations.kernel(
        solver, integrals, *amplitudes, max_cycle=max_cycle, tol=_AMPLITUDES, verbose=0
    )
    _require(done, "(T) lambda", max_cycle)
    report("(T) density matrix")
    matrix = densities.make_rdm1(solver, *amplitudes, *multipliers, eris=integrals, ao_repr=True)
    return Correlated(float(energy), total(matrix), bool(solver.converged and done))


def singles_and_doubles(mean_field: Any, max_cycle: int, report: Report = silent) -> Correlated:
    """CISD, exact for two electrons and used for no more.

    Raises:
        ElectronicStructureError: The iteration did not converge.
    """
    solver = ci.CISD(mean_field)
    solver.conv_tol = 1e-11
    solver.max_cycle = max_cycle
    solver.verbose = 0
    report("CISD")
    solver.kernel()
    _require(solver.converged, "CISD", max_cycle)
    matrix = total(solver.make_rdm1(ao_repr=True))
    return Correlated(float(solver.e_tot), matrix, bool(solver.converged))


def full_ci_vector(
    mean_field: Any, max_cycle: int, report: Report = silent, residual: float = 1e-6
) -> FullCI:
    """Full CI in the symmetry of the mean field.

    Args:
        mean_field: Converged mean field of an atom with point-group symmetry.
        max_cycle: Most iterations.
        report: Called with what is being done.
        residual: Largest residual of the vector, the error of properties beside the energy.

    Raises:
        ElectronicStructureError: The iteration did not converge, or the state has another
            spin than the mean field.
    """
    mol = mean_field.mol
    solver = fci.FCI(mol, mean_field.mo_coeff, singlet=False)
    solver.orbsym = symm.label_orb_symm(mol, mol.irrep_id, mol.symm_orb, mean_field.mo_coeff)
    singly = np.asarray(solver.orbsym)[mean_field.mo_occ == 1]
    solver.wfnsym = int(np.bitwise_xor.reduce(singly)) if singly.size else 0
    solver.conv_tol = 1e-5 * residual
    solver.conv_tol_residual = residual
    solver.max_cycle = max_cycle
    spin = mol.spin / 2
    solver = fci.addons.fix_spin_(solver, ss=spin * (spin + 1))
    report("full CI")
    energy, vector = solver.kernel()
    _require(solver.converged, "full CI", max_cycle)
    square, _ = solver.spin_square(vector, mol.nao, mol.nelec)
    if abs(square - spin * (spin + 1)) > 1e-4:
        raise ElectronicStructureError(
            f"full CI found a state with <S^2> = {square:.4f} instead of {spin * (spin + 1):.4f}"
        )
    return FullCI(float(energy), solver, vector)


def full_configuration_interaction(
    mean_field: Any, max_cycle: int, report: Report = silent
) -> Correlated:
    """Energy and density matrix of full CI; see `full_ci_vector`."""
    found = full_ci_vector(mean_field, max_cycle, report)
    mol = mean_field.mol
    matrix = found.solver.make_rdm1(found.vector, mol.nao, mol.nelec)
    matrix = np.asarray(mean_field.mo_coeff @ matrix @ mean_field.mo_coeff.T)
    return Correlated(found.energy, matrix, bool(found.solver.converged))


#: Correlation methods by name.
CORRELATION: dict[str, Callable[[Any, int, Report], Correlated]] = {
    "ccsd": partial(coupled_cluster, triples=False),
    "ccsd-t": partial(coupled_cluster, triples=True),
    "cisd": singles_and_doubles,
    "fci": full_configuration_interaction,
}


def total(density_matrix: Any) -> Array:
    """Spin-summed density matrix, whether or not the method keeps spins apart."""
    matrix = np.asarray(density_matrix)
    return matrix if matrix.ndim == 2 else matrix[0] + matrix[1]


def _require(converged: bool, name: str, max_cycle: int) -> None:
    if not converged:
        raise ElectronicStructureError(
            f"the {name} equations did not converge in {max_cycle} iterations: raise max_cycle or "
            "choose another basis"
        )
