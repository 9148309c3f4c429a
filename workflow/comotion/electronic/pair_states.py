"""Pair densities of atoms with a closed shell, by Hartree-Fock, CCSD or full CI.

What comes of a state is held against what must be: its pair density integrates to N (N - 1), has
its density as the marginal, and repels like the state.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from pyscf import lib

from comotion.density.gamma import GammaMixture
from comotion.density.radial import Array
from comotion.electronic.averaging import spherical_average
from comotion.electronic.basis import load_basis
from comotion.electronic.correlation import (
    from_amplitudes,
    full_ci_vector,
    singles_and_doubles_only,
)
from comotion.electronic.mean_field import (
    molecule,
    occupied_shells,
    reference_of,
    same_blocks,
    solve_mean_field,
)
from comotion.electronic.pair_density import PairDensity, averaged_pairs
from comotion.electronic.pair_levels import check_pair_level
from comotion.electronic.state import repulsion_energy
from comotion.errors import ElectronicStructureError
from comotion.progress import Report, silent
from comotion.systems import Atom, Level

#: Largest deviation of a pair density from what it must be, in units of it. Full CI vectors are
#: converged to a residual of 1e-7 and coupled-cluster amplitudes likewise.
_TOLERANCE = 1e-7
#: Radii at which marginals are compared.
_RADII = np.geomspace(1e-4, 50, 1000)


class PairState(NamedTuple):
    """A state of an atom as pairs of its electrons see it.

    Attributes:
        pairs: Its pair density.
        density: Its density.
        v_quantum: <V_ee> of the state by its energy, hartree.
    """

    pairs: PairDensity
    density: GammaMixture
    v_quantum: float

    @property
    def marginal_deviation(self) -> float:
        """Largest difference of the marginal from (N - 1) 4 pi r^2 rho, bohr^-1."""
        expected = 4 * np.pi * _RADII**2 * self.density(_RADII) * (self.density.n_electrons - 1)
        return float(np.max(np.abs(self.pairs.marginal(_RADII) - expected)))


class _Matrices(NamedTuple):
    """Energy, hartree, and the density matrices in atomic orbitals, spin-summed."""

    energy: float
    one: Array
    two: Array


def _hartree_fock(mean_field: Any, max_cycle: int, report: Report) -> _Matrices:
    """A closed shell: Gamma_pqrs = gamma_pq gamma_rs - gamma_ps gamma_rq / 2."""
    del max_cycle, report
    one = np.asarray(mean_field.make_rdm1())
    two = np.einsum("pq,rs->pqrs", one, one) - np.einsum("ps,rq->pqrs", one, one) / 2
    return _Matrices(float(mean_field.e_tot), one, two)


def _coupled_cluster(mean_field: Any, max_cycle: int, report: Report) -> _Matrices:
    """CCSD with its unrelaxed matrices."""

    def matrices(solver: Any, integrals: Any, report: Report) -> _Matrices:
        found = singles_and_doubles_only(solver, integrals, report)
        report("two-particle density matrix")
        return _Matrices(found.energy, found.density_matrix, solver.make_rdm2(ao_repr=True))

    return from_amplitudes(mean_field, matrices, max_cycle, report)


def _full_ci(mean_field: Any, max_cycle: int, report: Report) -> _Matrices:
    """Full CI, its vector as good as the angle between electrons needs it."""
    found = full_ci_vector(mean_field, max_cycle, report, residual=1e-7)
    mol = mean_field.mol
    one, two = found.solver.make_rdm12(found.vector, mol.nao, mol.nelec)
    orbitals = mean_field.mo_coeff
    for _ in range(4):
        # The first index becomes the last, in atomic orbitals.
        two = np.tensordot(two, orbitals, axes=(0, 1))
    return _Matrices(found.energy, orbitals @ one @ orbitals.T, two)


#: How each method of `comotion.electronic.pair_levels` makes them.
_METHODS: dict[str, Callable[[Any, int, Report], _Matrices]] = {
    "hf": _hartree_fock,
    "ccsd": _coupled_cluster,
    "fci": _full_ci,
}


def pair_density(
    atom: Atom, level: Level, max_cycle: int = 100, report: Report = silent
) -> PairState:
    """The pair density of the ground state of an atom with a closed shell.

    PySCF runs on one thread, so that the numbers do not depend on the machine's cores.

    Args:
        atom: An atom or ion of at least two electrons.
        level: Hartree-Fock, CCSD or full CI in some basis.
        max_cycle: Most iterations of the SCF and of the correlation method.
        report: Told where the computation is.

    Returns:
        The pair density, the density and <V_ee> of the state.

    Raises:
        ConfigError: The method is not for so many electrons.
        ElectronicStructureError: Another method, an open shell, no convergence, or a pair density
            that is not that of its state.
    """
    ground = check_pair_level(atom, level)
    kind = reference_of(level.method, ground)
    shells = load_basis(level.basis, atom.symbol)
    if level.method == "hf":
        shells = occupied_shells(shells, ground)
    mol = molecule(atom, shells, ground, kind.symmetry)
    with same_blocks(), lib.with_omp_threads(1):
        mean_field = solve_mean_field(mol, ground, kind, max_cycle, report)
        found = _METHODS[level.method](mean_field, max_cycle, report)
    report("average over rotations")
    core = float(np.vdot(mol.intor("int1e_kin") + mol.intor("int1e_nuc"), found.one))
    state = PairState(
        averaged_pairs(mol, found.two),
        spherical_average(mol, found.one),
        repulsion_energy(found.energy, core, atom.n_electrons),
    )
    _check(state)
    return state


def _check(state: PairState) -> None:
    """Refuse a pair density that is not that of its state.

    Raises:
        ElectronicStructureError: Its integral, its marginal or its repulsion is another.
    """
    n = state.density.n_electrons
    for what, found, expected in (
        ("integral", state.pairs.integrals[0], n * (n - 1.0)),
        ("repulsion", state.pairs.repulsion, state.v_quantum),
    ):
        if not abs(found - expected) <= _TOLERANCE * expected:
            raise ElectronicStructureError(
                f"the {what} of the pair density is {found:.10g} instead of {expected:.10g}: "
                "choose another basis"
            )
    if not state.marginal_deviation <= _TOLERANCE * n * (n - 1):
        raise ElectronicStructureError(
            "the marginal of the pair density is not that of its density, by "
            f"{state.marginal_deviation:.2g} per bohr: choose another basis"
        )
