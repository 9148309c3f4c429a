"""Mean-field and coupled-cluster states of an atom, checked before they are believed.

Symmetry is always explicit: ``hf`` is RHF or ROHF in SO(3) (s, p, d do not mix: the
textbook atomic Hartree-Fock), ``uhf`` is UHF in D2h, and ``ccsd`` correlates all
electrons on RHF (closed shells) or on UHF in D2h (open shells). <V_ee> is
``E - Tr(h gamma)`` with the unrelaxed density matrix, equal to the contraction with the
two-particle density matrix.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from pyscf import cc, gto, lib, scf
from pyscf.lib.exceptions import BasisNotFoundError

from comotion.abinitio.averaging import spherical_average
from comotion.abinitio.terms import GroundState, ground_state, other_spin
from comotion.density.gamma import GammaMixture
from comotion.density.radial import Array
from comotion.errors import ElectronicStructureError
from comotion.systems import Atom, Level

#: D2h irreducible representation of each real orbital.
_D2H = {
    "s+0": "Ag", "d+0": "Ag", "d+2": "Ag", "d-2": "B1g", "d+1": "B2g", "d-1": "B3g",
    "p+0": "B1u", "p-1": "B2u", "p+1": "B3u", "f-2": "Au", "f+0": "B1u", "f+2": "B1u",
    "f-3": "B2u", "f-1": "B2u", "f+1": "B3u", "f+3": "B3u",
}  # fmt: skip

#: Natural occupations may leave [0, 2] by this much: unrelaxed coupled-cluster density
#: matrices are not exactly representable.
_OCCUPATION_TOLERANCE = 1e-3


@dataclass(frozen=True)
class QuantumState:
    """Energies of an atomic state and the figures by which it was judged.

    Attributes:
        energy: Total energy E, hartree.
        v_quantum: <V_ee> of the state, hartree.
        energy_hf: Hartree-Fock energy in the same basis, hartree.
        v_hf: <V_ee> of the Hartree-Fock reference, hartree.
        exchange: Exchange energy of the reference, hartree.
        kinetic: Kinetic energy T, hartree.
        nuclear_attraction: Energy in the field of the nucleus, hartree.
        virial_ratio: -(E - T) / T, 2 in a complete basis.
        spin_square: <S^2> of the reference determinant.
        ground: Configuration and term asked for and found.
        basis_functions: Number of basis functions.
        highest_occupied: Highest occupied orbital energy of the reference, hartree.
        natural_occupations: Smallest and largest natural occupation.
        reference: RHF, ROHF or UHF.
    """

    energy: float
    v_quantum: float
    energy_hf: float
    v_hf: float
    exchange: float
    kinetic: float
    nuclear_attraction: float
    virial_ratio: float
    spin_square: float
    ground: GroundState
    basis_functions: int
    highest_occupied: float
    natural_occupations: tuple[float, float]
    reference: str


def solve_atom(
    atom: Atom, level: Level, unpaired: int | None = None, max_cycle: int = 100
) -> tuple[QuantumState, GammaMixture]:
    """Compute the state of an atom and its spherically averaged density.

    Args:
        atom: The atom or ion.
        level: Method and basis.
        unpaired: Number of unpaired electrons where it is not that of the Hund ground
            term; the occupations are then the mean field's own choice.
        max_cycle: Most iterations of the SCF and of the coupled-cluster equations.

    Returns:
        Energies of the state, and its density.

    Raises:
        ElectronicStructureError: The basis lacks the element, an iteration did not
            converge, the state is not the one asked for, or it is not bound.
    """
    ground = ground_state(atom)
    if unpaired is not None and unpaired != ground.unpaired:
        ground = other_spin(atom, ground, unpaired)
    unrestricted = level.method == "uhf" or (level.method == "ccsd" and not ground.closed_shell)
    mol = _molecule(atom, level, ground, "D2h" if unrestricted else "SO3")
    mean_field = _mean_field(mol, ground, unrestricted, max_cycle)
    reference = _total(mean_field.make_rdm1())
    correlated = level.method == "ccsd" and atom.n_electrons > 1
    energy_hf = float(mean_field.e_tot)
    if correlated:
        energy, density_matrix = _coupled_cluster(mean_field, max_cycle)
    else:
        energy, density_matrix = energy_hf, reference
    occupations = _natural_occupations(mol, density_matrix)
    kinetic = _trace(mol.intor("int1e_kin"), density_matrix)
    attraction = _trace(mol.intor("int1e_nuc"), density_matrix)
    state = QuantumState(
        energy=energy,
        v_quantum=energy - kinetic - attraction,
        energy_hf=energy_hf,
        v_hf=energy_hf - _trace(mean_field.get_hcore(), reference),
        exchange=_exchange(mean_field),
        kinetic=kinetic,
        nuclear_attraction=attraction,
        virial_ratio=-(energy - kinetic) / kinetic,
        spin_square=float(mean_field.spin_square()[0]),
        ground=ground,
        basis_functions=int(mol.nao),
        highest_occupied=_highest_occupied(mean_field),
        natural_occupations=(float(occupations.min()), float(occupations.max())),
        reference=_reference_name(ground, unrestricted),
    )
    _check_state(atom, level, state)
    return state, spherical_average(mol, density_matrix)


def _reference_name(ground: GroundState, unrestricted: bool) -> str:
    if unrestricted:
        return "UHF"
    return "RHF" if ground.closed_shell else "ROHF"


def _molecule(atom: Atom, level: Level, ground: GroundState, symmetry: str) -> gto.Mole:
    """The atom at the origin in its basis."""
    try:
        basis = gto.basis.load(level.basis, atom.symbol)
    except (BasisNotFoundError, KeyError, RuntimeError, OSError) as error:
        raise ElectronicStructureError(
            f"basis {level.basis!r} is unknown or lacks the element {atom.symbol}: choose another "
            "from PySCF's list or the Basis Set Exchange"
        ) from error
    mol: gto.Mole = gto.M(
        atom=[[atom.symbol, (0.0, 0.0, 0.0)]],
        basis={atom.symbol: basis},
        charge=atom.charge,
        spin=ground.unpaired,
        symmetry=symmetry,
        verbose=0,
    )
    return mol


def _mean_field(mol: gto.Mole, ground: GroundState, unrestricted: bool, max_cycle: int) -> Any:
    """Converged Hartree-Fock in the ground configuration."""
    kind = scf.UHF if unrestricted else (scf.RHF if ground.closed_shell else scf.ROHF)
    mean_field = kind(mol)
    occupations: dict[str, Any] = {}
    for orbital, (alpha, beta) in ground.occupations.items():
        irrep = _D2H[orbital] if unrestricted else orbital
        before = occupations.get(irrep, (0, 0))
        occupations[irrep] = (before[0] + alpha, before[1] + beta)
    missing = set(occupations) - set(mol.irrep_name)
    if missing:
        raise ElectronicStructureError(
            f"the basis has no functions of the symmetry {', '.join(sorted(missing))} that the "
            f"configuration {ground.configuration} occupies: choose a larger basis"
        )
    if kind is scf.RHF:
        occupations = {irrep: sum(pair) for irrep, pair in occupations.items()}
    if occupations:
        mean_field.irrep_nelec = occupations
    # What double precision can resolve of the energy and of the Fock matrix grows like Z^2.
    square = mol.atom_charge(0) ** 2
    mean_field.conv_tol = 1e-12 * square
    mean_field.conv_tol_grad = max(1e-7, 1e-9 * square)
    mean_field.max_cycle = max_cycle
    mean_field.kernel()
    if not mean_field.converged:
        raise ElectronicStructureError(
            f"Hartree-Fock did not converge in {max_cycle} iterations: raise max_cycle or "
            "choose a basis without near-dependent diffuse functions"
        )
    return mean_field


def _coupled_cluster(mean_field: Any, max_cycle: int) -> tuple[float, Array]:
    """CCSD energy and unrelaxed spin-summed density matrix in atomic orbitals."""
    solver = cc.CCSD(mean_field)
    solver.conv_tol = 1e-9
    solver.conv_tol_normt = 1e-7
    solver.max_cycle = max_cycle
    solver.kernel()
    if solver.converged:
        solver.solve_lambda()
    for name, done in (("CCSD", solver.converged), ("lambda", solver.converged_lambda)):
        if not done:
            raise ElectronicStructureError(
                f"the {name} equations did not converge in {max_cycle} iterations: raise "
                "max_cycle or choose another basis"
            )
    return float(solver.e_tot), _total(solver.make_rdm1(ao_repr=True))


def _total(density_matrix: Any) -> Array:
    """Spin-summed density matrix, whether or not the method keeps spins apart."""
    matrix = np.asarray(density_matrix)
    return matrix if matrix.ndim == 2 else matrix[0] + matrix[1]


def _trace(operator: Array, density_matrix: Array) -> float:
    return float(np.einsum("ij,ji->", operator, density_matrix))


def _exchange(mean_field: Any) -> float:
    """Exchange energy of a determinant, -1/2 sum_sigma Tr(K_sigma D_sigma), hartree."""
    matrix = np.asarray(mean_field.make_rdm1())
    spins = np.array([matrix / 2, matrix / 2]) if matrix.ndim == 2 else matrix
    exchange = mean_field.get_k(mean_field.mol, spins)
    return -0.5 * sum(_trace(k, d) for k, d in zip(exchange, spins, strict=True))


def _highest_occupied(mean_field: Any) -> float:
    """Highest occupied orbital energy, hartree; for ROHF, of the spin-resolved Fock matrices."""
    occupations = np.asarray(mean_field.mo_occ)
    energies = mean_field.mo_energy
    if isinstance(mean_field, scf.rohf.ROHF):
        occupations = np.array([occupations > 0, occupations > 1])
        energies = [energies.mo_ea, energies.mo_eb]
    return float(np.max(np.asarray(energies)[occupations > 0]))


def _natural_occupations(mol: gto.Mole, density_matrix: Array) -> Array:
    """Eigenvalues of the density matrix in an orthonormal basis, shape (nao,)."""
    overlap = mol.intor("int1e_ovlp")
    root = scf.addons.canonical_orth_(overlap, 1e-12)
    return np.asarray(np.linalg.eigvalsh(root.T @ overlap @ density_matrix @ overlap @ root))


def _check_state(atom: Atom, level: Level, state: QuantumState) -> None:
    """Refuse a state that is not what was asked for.

    Raises:
        ElectronicStructureError: Unbound, contaminated by other spins, or with natural
            occupations outside [0, 2].
    """
    name = f"{atom.symbol} (charge {atom.charge:+d}) at {level.method}/{level.basis}"
    if atom.charge < 0 and state.highest_occupied > 0:
        raise ElectronicStructureError(
            f"{name} is not bound: its highest occupied orbital has the energy "
            f"{state.highest_occupied:+.4f} hartree; choose another charge or a diffuse basis"
        )
    contamination = state.spin_square - state.ground.spin_square
    if abs(contamination) > 0.1:
        raise ElectronicStructureError(
            f"{name}: <S^2> = {state.spin_square:.4f} instead of {state.ground.spin_square:.4f}: "
            f"the reference is not the {state.ground.term} state"
        )
    low, high = state.natural_occupations
    if low < -_OCCUPATION_TOLERANCE or high > 2 + _OCCUPATION_TOLERANCE:
        raise ElectronicStructureError(
            f"{name}: natural occupations from {low:.2e} to {high:.6f} leave [0, 2]: the "
            "density matrix is not representable; choose another basis or method"
        )


def single_thread() -> None:
    """Run PySCF on one thread, so that results do not depend on the machine's cores."""
    lib.num_threads(1)
