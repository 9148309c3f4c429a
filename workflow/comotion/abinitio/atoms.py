"""States of atoms at every level of theory, with their averaged densities.

``hf`` and ``uhf`` are Hartree-Fock (`comotion.abinitio.mean_field`); ``ccsd``, ``ccsdt``,
``cisd`` and ``fci`` correlate all electrons (`comotion.abinitio.correlation`). <V_ee> is
``E - Tr(h gamma)`` with the unrelaxed density matrix, equal to the contraction with the
two-particle density matrix.
"""

import numpy as np

from comotion.abinitio.averaging import spherical_average
from comotion.abinitio.basis import load_basis
from comotion.abinitio.correlation import CORRELATION, total
from comotion.abinitio.gate import check_state
from comotion.abinitio.mean_field import (
    exchange_energy,
    highest_occupied,
    molecule,
    natural_occupations,
    occupied_shells,
    reference_of,
    solve_mean_field,
)
from comotion.abinitio.state import QuantumState
from comotion.abinitio.terms import ground_state, other_spin
from comotion.abinitio.textbook import (
    needs_common_radial_functions,
    with_common_radial_functions,
)
from comotion.density.functionals import hartree
from comotion.density.gamma import GammaMixture
from comotion.density.radial import Array
from comotion.progress import Report, silent
from comotion.systems import Atom, Level, check_level


def solve_atom(
    atom: Atom,
    level: Level,
    unpaired: int | None = None,
    max_cycle: int = 100,
    report: Report = silent,
) -> tuple[QuantumState, GammaMixture]:
    """Compute the state of an atom and its spherically averaged density.

    Args:
        atom: The atom or ion.
        level: Method and basis.
        unpaired: Number of unpaired electrons where it is not that of the Hund ground
            term; the occupations are then the mean field's own choice.
        max_cycle: Most iterations of the SCF and of the correlation method.
        report: Told where the computation is.

    Returns:
        Energies of the state, and its density.

    Raises:
        ConfigError: The method is not for so many electrons.
        ElectronicStructureError: The basis lacks the element, an iteration did not
            converge, or the state does not pass the gate (`comotion.abinitio.gate`).
    """
    check_level(atom, level)
    ground = ground_state(atom)
    hund = unpaired is None or unpaired == ground.unpaired
    if unpaired is not None and not hund:
        ground = other_spin(atom, ground, unpaired)
    kind = reference_of(level.method, ground)
    shells = load_basis(level.basis, atom.symbol)
    if level.method == "hf":
        shells = occupied_shells(shells, ground)
    mol = molecule(atom, shells, ground, kind.symmetry)
    mean_field = solve_mean_field(mol, ground, kind, max_cycle, report)
    if level.method == "hf" and hund and needs_common_radial_functions(ground):
        report("one radial function for all m")
        mean_field = with_common_radial_functions(mean_field, ground, max_cycle)
    reference = total(mean_field.make_rdm1())
    energy, density_matrix = energy_hf, _ = float(mean_field.e_tot), reference
    if level.method in CORRELATION and atom.n_electrons > 1:
        energy, density_matrix = CORRELATION[level.method](mean_field, max_cycle, report)
    report("spherical average")
    density = spherical_average(mol, density_matrix)
    occupations = natural_occupations(mol, density_matrix)
    kinetic = _trace(mol.intor("int1e_kin"), density_matrix)
    attraction = _trace(mol.intor("int1e_nuc"), density_matrix)
    state = QuantumState(
        energy=energy,
        v_quantum=energy - kinetic - attraction,
        energy_hf=energy_hf,
        v_hf=energy_hf - _trace(mean_field.get_hcore(), reference),
        hartree_hf=hartree(spherical_average(mol, reference)),
        exchange=exchange_energy(mean_field),
        kinetic=kinetic,
        nuclear_attraction=attraction,
        virial_ratio=-(energy - kinetic) / kinetic,
        spin_square=float(mean_field.spin_square()[0]),
        ground=ground,
        basis_functions=int(mol.nao),
        highest_occupied=highest_occupied(mean_field),
        natural_occupations=(float(occupations.min()), float(occupations.max())),
        reference=kind.name(ground),
    )
    check_state(atom, level, state, density, hund=hund)
    return state, density


def _trace(operator: Array, density_matrix: Array) -> float:
    return float(np.einsum("ij,ji->", operator, density_matrix))
