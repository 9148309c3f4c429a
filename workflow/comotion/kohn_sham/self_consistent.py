"""Self-consistent atoms: the least T_s + V + int v rho, with a transport functional for V.

The field of the electrons is u(r), the derivative of the functional: the Hartree potential,
exchange and correlation are all in it. PySCF iterates (DIIS); the atom is spherical by
construction, with the electrons of an open subshell spread evenly over its m. The functionals do
not see the spin, so both spins have the same orbitals.

At the minimum E = -T_s, since V scales like an inverse length. For neutral atoms and ions u has
the tail (N - 1) / r that binds the last electron of a negative ion.
References: Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem. Phys. 139, 164109 (2013);
Malet, Gori-Giorgi, Phys. Rev. Lett. 109, 246402 (2012).
"""

from dataclasses import dataclass, field

import numpy as np
from pyscf import lib

from comotion.density.gamma import GammaMixture
from comotion.density.radial import Array
from comotion.electronic.averaging import spherical_average
from comotion.electronic.basis import load_basis
from comotion.electronic.ground_levels import ANGULAR_LETTERS
from comotion.electronic.mean_field import molecule, occupied_shells
from comotion.electronic.terms import GroundState, ground_state
from comotion.errors import ConfigError, ElectronicStructureError
from comotion.kohn_sham.field import TransportField, filled, orbitals_in_larger_basis
from comotion.kohn_sham.functional import Functional, Response, TransportFunctional
from comotion.kohn_sham.pair_functional import PairBoundFunctional
from comotion.progress import Report, silent
from comotion.systems import (
    PAIR_BOUND_FUNCTIONAL,
    Atom,
    electrons_in_words,
    parse_atom,
    parse_level,
    transport_order,
)
from comotion.transport.comotion import Accuracy
from comotion.transport.potential import RadialPotential

#: Level shifts of the first part of the iteration, in turn until it converges, hartree.
_SHIFTS = (0.5, 2.0, 0.1)
#: Largest change of the energy at the end of this part, hartree.
_NEAR = 1e-3
#: Difference of orbital energies up to which subshells count as one, hartree.
_DEGENERATE = 1e-5
#: Largest fall of the highest occupied orbital by one more diffuse function, hartree.
_TAIL = 1e-3


@dataclass(frozen=True, eq=False, repr=False)
class SelfConsistentAtom:
    """An atom that is self-consistent with a transport functional.

    Attributes:
        system: Name of the atom or ion.
        level: Name of the level, such as ``ks-v2_unc-UGBS+2d``.
        configuration: Its subshells.
        density: Its density.
        potential: u(r), the field of the electrons, hartree, u(inf) = 0.
        energy: E = T_s + V + int v rho, hartree.
        kinetic_s: T_s, hartree.
        nuclear_attraction: int v rho, hartree.
        v_functional: V, hartree.
        v_functional_error: Its error, of search and quadrature, hartree.
        orbital_energies: Of each occupied subshell, hartree, such as ``{"1s": -1.1085}``.
        lowest_unoccupied: Lowest energy of an unoccupied orbital, hartree, in a basis with more
            functions than the atom was solved in.
        tail_gain: How far the highest occupied orbital falls in that basis, hartree.
        virial_ratio: -(E - T_s) / T_s, 2 at the minimum in a complete basis.
        iterations: How often the field was computed.
        energy_change: Change of the energy in the last one, hartree.
        basis_functions: Number of basis functions.
    """

    system: str
    level: str
    configuration: str
    density: GammaMixture
    potential: RadialPotential
    energy: float
    kinetic_s: float
    nuclear_attraction: float
    v_functional: float
    v_functional_error: float
    orbital_energies: dict[str, float] = field(hash=False)
    lowest_unoccupied: float
    tail_gain: float
    virial_ratio: float
    iterations: int
    energy_change: float
    basis_functions: int

    @property
    def n_electrons(self) -> int:
        """Number of electrons N."""
        return self.density.n_electrons

    @property
    def highest_occupied(self) -> float:
        """Highest occupied orbital energy, hartree."""
        return max(self.orbital_energies.values())

    def __repr__(self) -> str:
        """Energies, a line for each."""
        energies = ("energy", "kinetic_s", "nuclear_attraction", "v_functional")
        title = f"{self.system}, {self.level}, {electrons_in_words(self.n_electrons)}"
        lines = [f"{name:<18} {getattr(self, name):16.9f} hartree" for name in energies]
        orbitals = [
            f"orbital {name:<10} {energy:16.9f} hartree"
            for name, energy in self.orbital_energies.items()
        ]
        return "\n".join([title, *lines, *orbitals])


def self_consistent(
    system: str,
    level: str,
    *,
    seeds: tuple[int, ...] = (1, 2),
    accuracy: Accuracy | None = None,
    max_cycle: int = 100,
    report: Report = silent,
) -> SelfConsistentAtom:
    """Make an atom self-consistent with a transport functional.

    PySCF runs on one thread, so that the numbers do not depend on the machine's cores.
    Reference: Malet, Gori-Giorgi, Phys. Rev. Lett. 109, 246402 (2012).

    Args:
        system: Element with charge, such as ``Ne`` or ``H-``.
        level: Functional and basis, ``ks-v2_BASIS``, ``ks-comotion_BASIS``,
            ``ks-comotionK_BASIS`` with an order K between, or ``ks-pair_BASIS``, the pair bound;
            such as ``ks-v2_unc-UGBS+2d``.
        seeds: Seeds of the searches for angular minima, at least two.
        accuracy: What the costs must satisfy.
        max_cycle: Most iterations, from 1 on.
        report: Told where the computation is.

    Returns:
        Density, potential and energies.

    Raises:
        ConfigError: No such atom or level, or one that is no transport functional.
        ElectronicStructureError: No such basis; the iteration does not converge; the last
            electron is not bound; or the basis has no functions where it is.
        TransportError: A search for angular minima does not agree with itself.
    """
    atom, theory = parse_atom(system), parse_level(level)
    if not theory.is_transport:
        raise ConfigError(
            f"level {level!r} is no transport functional: write ks-v2_BASIS, ks-comotion_BASIS, or "
            "take comotion.atom"
        )
    order = transport_order(atom, theory)
    functional: Functional = PairBoundFunctional()
    if theory.method != PAIR_BOUND_FUNCTIONAL:
        functional = TransportFunctional(order, seeds, accuracy or Accuracy())
    ground = ground_state(atom)
    shells = occupied_shells(load_basis(theory.basis, atom.symbol), ground)
    with lib.with_omp_threads(1):
        mol = molecule(atom, shells, ground, symmetry="")
        solver = TransportField(mol, ground, functional, report)
        _iterate(solver, f"{atom} at {theory}", max_cycle)
        field = solver.get_veff()
        # The orbital energies are those in the field of the orbitals themselves.
        solver.mo_energy, _ = solver.eig(solver.get_hcore() + field, solver.get_ovlp())
        larger = orbitals_in_larger_basis(atom, shells, ground, field)
        return _state(atom, str(theory), ground, solver, field.response, larger)


def _iterate(solver: TransportField, name: str, max_cycle: int) -> None:
    """Iterate until the field is that of its own orbitals.

    Raises:
        ElectronicStructureError: That does not end.
    """
    remaining, changes = max_cycle, [np.inf]
    # What PySCF asks again after the end would be a further iteration with limits of its own.
    solver.conv_check = False
    for attempt, shift in enumerate(_SHIFTS, start=1):
        # Half of what is left is for each attempt, all of it for the last.
        kept = remaining // 2 if attempt < len(_SHIFTS) else 0
        # A level shift leads from afar to where DIIS alone ends in a few steps.
        for part in (shift, 0.0):
            if remaining <= kept:
                break
            solver.level_shift, solver.max_cycle = part, remaining - kept
            solver.enough, gradient = (_NEAR, np.inf) if part else solver.functional.settled
            solver.gradient = gradient * solver.mol.atom_charge(0)
            solver.kernel(solver.get_init_guess() if part else solver.make_rdm1())
            remaining -= solver.cycles
            if not solver.converged:
                break
            if not part:
                return
        changes.append(solver.energy_change)
    raise ElectronicStructureError(
        f"{name} did not become self-consistent in {max_cycle} iterations: the energy still "
        f"changed by {min(changes):.1e} hartree, or its gradient is too large; raise max_cycle or "
        "take another basis"
    )


def _require_bound(name: str, highest: float) -> None:
    """Check the highest occupied orbital energy, hartree.

    Raises:
        ElectronicStructureError: It is not negative.
    """
    if not highest < 0:
        raise ElectronicStructureError(
            f"{name} is not bound: its highest occupied orbital has the energy {highest:+.4f} "
            "hartree; choose another charge, or a basis with more diffuse functions"
        )


def _require_lowest(
    name: str, ground: GroundState, energies: dict[str, float], free: float
) -> None:
    """Check that a configuration is the lowest in its own field.

    Args:
        name: The atom and its level.
        ground: The configuration.
        energies: Orbital energies of its subshells, hartree.
        free: Lowest energy of an empty orbital, hartree.

    Raises:
        ElectronicStructureError: It is not.
    """
    highest = max(energies.values())
    lowest = min([free, *(energies[subshell] for subshell in _open_subshells(ground))])
    if lowest < highest - _DEGENERATE:
        raise ElectronicStructureError(
            f"{name}: there is room for an electron at {lowest:.4f} hartree, below the highest "
            f"occupied orbital at {highest:.4f}: of this functional {ground.configuration} is not "
            "the configuration of least energy; choose another atom or functional"
        )


def _open_subshells(ground: GroundState) -> list[str]:
    """Subshells of a configuration that could hold more electrons, such as ``2p``."""
    found = []
    for word in ground.configuration.split():
        angular, electrons = ANGULAR_LETTERS.index(word[1]), int(word[2:])
        if electrons < 2 * (2 * angular + 1):
            found.append(word[:2])
    return found


def _state(
    atom: Atom,
    level: str,
    ground: GroundState,
    solver: TransportField,
    response: Response,
    larger: list[Array],
) -> SelfConsistentAtom:
    """What is kept of a converged iteration.

    Args:
        atom: The atom.
        level: Name of its level.
        ground: Its configuration.
        solver: The iteration.
        response: The functional at its end.
        larger: Orbital energies of each angular momentum from 0 on in a larger basis.

    Raises:
        ElectronicStructureError: The highest occupied orbital is another one in the larger basis,
            is not bound, or lies above one with room for it.
    """
    matrix = solver.make_rdm1()
    kinetic = float(np.einsum("ij,ji->", solver.mol.intor("int1e_kin"), matrix))
    attraction = float(np.einsum("ij,ji->", solver.mol.intor("int1e_nuc"), matrix))
    energies = _subshells(solver)
    occupied = {
        angular: [energy for name, energy in energies.items() if name[1:] == letter]
        for angular, letter in enumerate(ANGULAR_LETTERS[: len(larger)])
    }
    highest = max(energies.values())
    _require_bound(f"{atom} at {level}", highest)
    of_highest = next(angular for angular, found in occupied.items() if highest in found)
    gain = highest - float(larger[of_highest][len(occupied[of_highest]) - 1])
    if not abs(gain) <= _TAIL:
        raise ElectronicStructureError(
            f"{atom} at {level}: with one more diffuse function the highest occupied orbital falls "
            f"by {gain:.4f} hartree: the basis has no functions where it is; add some, such as "
            "unc-UGBS+2d"
        )
    free = min(float(found[len(occupied[angular])]) for angular, found in enumerate(larger))
    _require_lowest(f"{atom} at {level}", ground, energies, free)
    energy = kinetic + attraction + response.value
    return SelfConsistentAtom(
        system=str(atom),
        level=level,
        configuration=ground.configuration,
        density=spherical_average(solver.mol, matrix),
        potential=response.potential,
        energy=energy,
        kinetic_s=kinetic,
        nuclear_attraction=attraction,
        v_functional=response.value,
        v_functional_error=response.error,
        orbital_energies=energies,
        lowest_unoccupied=free,
        tail_gain=gain,
        virial_ratio=-(energy - kinetic) / kinetic,
        iterations=solver.responses,
        energy_change=solver.energy_change,
        basis_functions=int(solver.mol.nao),
    )


def _subshells(solver: TransportField) -> dict[str, float]:
    """Energies of the occupied subshells by name, from the lowest."""
    found, first = {}, 0
    for block in solver.blocks:
        letter, count = ANGULAR_LETTERS[block.angular], len(block.contractions)
        of_block = solver.mo_energy[first :: block.degeneracy][:count]
        occupied = filled(solver.electrons.get(block.angular, 0), block) > 0
        for i, energy in enumerate(of_block[occupied]):
            found[f"{i + 1 + block.angular}{letter}"] = float(energy)
        first += count * block.degeneracy
    return dict(sorted(found.items(), key=lambda entry: entry[1]))
