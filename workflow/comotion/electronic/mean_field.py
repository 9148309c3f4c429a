"""Hartree-Fock states of atoms, with symmetry and occupations set explicitly.

``hf`` is RHF or ROHF in SO(3) (s, p, d do not mix; `comotion.electronic.open_shells` then gives
all m of a subshell one radial function), ``uhf`` is UHF in D2h.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyscf import gto, lib, scf

from comotion.density.radial import Array
from comotion.electronic.basis import Shell
from comotion.electronic.ground_levels import ANGULAR_LETTERS
from comotion.electronic.terms import GroundState
from comotion.errors import ElectronicStructureError
from comotion.progress import Report, silent
from comotion.systems import Atom

#: Memory in MB up to which PySCF keeps what it can; its default where no environment says other.
_MAX_MEMORY = 4000
#: Memory in MB of a process that has loaded its libraries.
_LIBRARIES = 200.0
#: D2h irreducible representation of each real orbital.
_D2H = {
    "s+0": "Ag", "d+0": "Ag", "d+2": "Ag", "d-2": "B1g", "d+1": "B2g", "d-1": "B3g",
    "p+0": "B1u", "p-1": "B2u", "p+1": "B3u", "f-2": "Au", "f+0": "B1u", "f+2": "B1u",
    "f-3": "B2u", "f-1": "B2u", "f+1": "B3u", "f+3": "B3u",
}  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """What kind of determinant a method starts from.

    Attributes:
        unrestricted: UHF instead of RHF or ROHF.
        symmetry: SO3 or D2h.
    """

    unrestricted: bool
    symmetry: str

    def name(self, ground: GroundState) -> str:
        """RHF, ROHF or UHF."""
        if self.unrestricted:
            return "UHF"
        return "RHF" if ground.closed_shell else "ROHF"


def reference_of(method: str, ground: GroundState) -> Reference:
    """The determinant of a method: coupled cluster of open shells starts from UHF."""
    if method == "fci":
        return Reference(unrestricted=False, symmetry="D2h")
    unrestricted = method == "uhf" or (method != "hf" and not ground.closed_shell)
    return Reference(unrestricted, "D2h" if unrestricted else "SO3")


def molecule(atom: Atom, shells: list[Shell], ground: GroundState, symmetry: str) -> gto.Mole:
    """The atom at the origin in its basis."""
    mol: gto.Mole = gto.M(
        atom=[[atom.symbol, (0.0, 0.0, 0.0)]],
        basis={atom.symbol: shells},
        charge=atom.charge,
        spin=ground.unpaired,
        symmetry=symmetry,
        verbose=0,
        max_memory=_MAX_MEMORY,
    )
    return mol


def occupied_shells(shells: list[Shell], ground: GroundState) -> list[Shell]:
    """The shells that Hartree-Fock in SO(3) can use: those of an occupied angular momentum."""
    if not ground.occupations:
        return shells
    highest = max(ANGULAR_LETTERS.index(orbital[0]) for orbital in ground.occupations)
    return [shell for shell in shells if shell[0] <= highest]


def solve_mean_field(
    mol: gto.Mole,
    ground: GroundState,
    reference: Reference,
    max_cycle: int,
    report: Report = silent,
) -> Any:
    """Converged Hartree-Fock in the ground configuration.

    Raises:
        ElectronicStructureError: The basis lacks an occupied symmetry, the iteration did not
            converge, or the occupations found are not those asked for.
    """
    kind = {"UHF": scf.UHF, "RHF": scf.RHF, "ROHF": scf.ROHF}[reference.name(ground)]
    mean_field = kind(mol)
    occupations: dict[str, Any] = {}
    for orbital, (alpha, beta) in ground.occupations.items():
        irrep = _D2H[orbital] if reference.symmetry == "D2h" else orbital
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
    mean_field.conv_tol_grad = max(1e-7, 3e-10 * square)
    mean_field.max_cycle = max_cycle
    mean_field.callback = lambda found: report(
        "Hartree-Fock", f"iteration {found['cycle'] + 1} of at most {max_cycle}"
    )
    mean_field.kernel()
    if not mean_field.converged:
        raise ElectronicStructureError(
            f"Hartree-Fock did not converge in {max_cycle} iterations: raise max_cycle or "
            "choose a basis without near-dependent diffuse functions"
        )
    _check_occupations(mean_field, occupations, ground)
    return mean_field


def _check_occupations(
    mean_field: Any, asked: dict[str, Any], ground: GroundState
) -> None:  # fmt: skip
    """Refuse a state whose occupations per irreducible representation are others."""
    found = mean_field.get_irrep_nelec()
    for irrep, electrons in asked.items():
        if np.any(np.asarray(found[irrep]) != np.asarray(electrons)):
            raise ElectronicStructureError(
                f"Hartree-Fock occupies {irrep} by {found[irrep]} electrons instead of {electrons} "
                f"of the configuration {ground.configuration}: choose another basis"
            )


def exchange_energy(mean_field: Any) -> float:
    """Exchange energy of a determinant, -1/2 sum_sigma Tr(K_sigma D_sigma), hartree."""
    matrix = np.asarray(mean_field.make_rdm1())
    spins = np.array([matrix / 2, matrix / 2]) if matrix.ndim == 2 else matrix
    exchange = mean_field.get_k(mean_field.mol, spins)
    return -0.5 * sum(
        float(np.einsum("ij,ji->", k, d)) for k, d in zip(exchange, spins, strict=True)
    )


def highest_occupied(mean_field: Any) -> float:
    """Highest occupied orbital energy, hartree; for ROHF, of the spin-resolved Fock matrices."""
    occupations = np.asarray(mean_field.mo_occ)
    energies = mean_field.mo_energy
    # PySCF solves one electron without a field of others: one set of energies, not two.
    if isinstance(mean_field, scf.rohf.ROHF) and mean_field.mol.nelectron > 1:
        occupations = np.array([occupations > 0, occupations > 1])
        energies = [energies.mo_ea, energies.mo_eb]
    return float(np.max(np.asarray(energies)[occupations > 0]))


def natural_occupations(mol: gto.Mole, density_matrix: Array) -> Array:
    """Eigenvalues of the density matrix in an orthonormal basis, shape (nao,)."""
    overlap = mol.intor("int1e_ovlp")
    root = scf.addons.canonical_orth_(overlap, 1e-12)
    return np.asarray(np.linalg.eigvalsh(root.T @ overlap @ density_matrix @ overlap @ root))


def single_thread() -> None:
    """Run PySCF on one thread, so that results do not depend on the machine's cores."""
    lib.num_threads(1)


@contextmanager
def same_blocks(held: float = 0.0) -> Iterator[None]:
    """Let PySCF cut its sums into the same blocks in every process.

    The sizes of its blocks, and with them the last digits, follow from the memory that the process
    happens to use. Within this context PySCF is told a number that depends on the problem alone.

    Args:
        held: Memory in MB that the problem holds beside the libraries.
    """
    measured, used = lib.current_memory, _LIBRARIES + held
    lib.current_memory = lambda: (used, used)
    try:
        yield
    finally:
        lib.current_memory = measured
