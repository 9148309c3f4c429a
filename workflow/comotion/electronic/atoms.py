"""States of atoms at every level of theory, with their averaged densities.

``hf`` and ``uhf`` are Hartree-Fock (`comotion.electronic.mean_field`); ``ccsd``, ``ccsd-t``,
``cisd`` and ``fci`` correlate all electrons (`comotion.electronic.correlation`); ``hylleraas``
is for two (`comotion.electronic.two_electrons`). In a Gaussian basis <V_ee> is
``E - Tr(h gamma)`` with the unrelaxed density matrix, equal to the contraction with the
two-particle density matrix.
"""

import numpy as np
from pyscf import lib

from comotion.density.functionals import hartree
from comotion.density.gamma import GammaMixture
from comotion.density.radial import Array
from comotion.electronic.averaging import spherical_average
from comotion.electronic.basis import load_basis
from comotion.electronic.correlation import CORRELATION, total
from comotion.electronic.gate import check_state
from comotion.electronic.mean_field import (
    exchange_energy,
    highest_occupied,
    molecule,
    natural_occupations,
    occupied_shells,
    reference_of,
    same_blocks,
    solve_mean_field,
)
from comotion.electronic.open_shells import (
    needs_common_radial_functions,
    with_common_radial_functions,
)
from comotion.electronic.state import (
    ElectronicState,
    QuantumState,
    energies_of,
    repulsion_energy,
)
from comotion.electronic.terms import ground_state, other_spin
from comotion.electronic.two_electrons import one_body_density, solve_two_electrons
from comotion.errors import ConfigError
from comotion.progress import Report, silent
from comotion.systems import BEST, Atom, Level, check_level, parse_atom, parse_level


def atom(
    system: str,
    method: str | None = None,
    basis: str | None = None,
    *,
    level: str | None = None,
    unpaired: int | None = None,
    max_cycle: int = 100,
    report: Report = silent,
) -> ElectronicState:
    """Compute the ground state of an atom or ion.

    PySCF runs on one thread, so that the numbers do not depend on the machine's cores.

    Args:
        system: Element with charge, such as ``Ne``, ``H-`` or ``Be2+``.
        method: One of `comotion.systems.METHODS`, such as ``ccsd``.
        basis: Basis set by its usual name, such as ``aug-cc-pCVTZ`` or ``6-31G*``; see
            `comotion.electronic.basis`. For the method ``hylleraas`` the order, ``w8``.
        level: Method and basis in one, as they stand in paths, instead of these two.
        unpaired: Number of unpaired electrons where it is not that of the Hund ground term.
        max_cycle: Most iterations of the SCF and of the correlation method.
        report: Told where the computation is.

    Returns:
        Density, energies and term.

    Raises:
        ConfigError: No such atom or level, or the method is not for so many electrons.
        ElectronicStructureError: See `solve_atom`.
    """
    theory = _level(method, basis, level)
    ion = parse_atom(system)
    check_level(ion, theory)
    if theory.method == BEST:
        raise ConfigError(
            f"level {theory}: this density is composed of those of several levels: make it with "
            f"snakemake -c1 results/{system}/{theory}/sce.json, and open it with "
            f"comotion.load('results/{system}/{theory}')"
        )
    if theory.is_transport:
        raise ConfigError(
            f"level {theory}: an atom that is self-consistent with a transport functional is no "
            f"state: take comotion.self_consistent('{system}', '{theory}')"
        )
    with lib.with_omp_threads(1):
        if theory.method == "hylleraas":
            return _hylleraas(ion, theory, report)
        state, density = solve_atom(ion, theory, unpaired, max_cycle, report)
    return ElectronicState(
        system=str(ion),
        level=str(theory),
        term=state.ground.term,
        density=density,
        energies=energies_of(
            density,
            state.energy,
            state.v_quantum,
            energy_hf=state.energy_hf,
            v_hf=state.v_hf,
            kinetic=state.kinetic,
            nuclear_attraction=state.nuclear_attraction,
        ),
        details=state,
    )


def _level(method: str | None, basis: str | None, level: str | None) -> Level:
    """The level by its name or by method and basis.

    Raises:
        ConfigError: None, both, or no such level.
    """
    if level is None and method is not None and basis is not None:
        return parse_level(str(Level(method, basis)))
    if level is not None and method is None and basis is None:
        return parse_level(level)
    raise ConfigError(
        "an atom needs either a method and a basis, such as method='ccsd', "
        "basis='aug-cc-pCVTZ', or level='ccsd_aug-cc-pCVTZ'"
    )


def _hylleraas(ion: Atom, level: Level, report: Report) -> ElectronicState:
    """Two electrons exactly."""
    report("Hylleraas expansion")
    state = solve_two_electrons(ion.nuclear_charge, int(level.basis[1:]))
    density = one_body_density(state)
    return ElectronicState(
        system=str(ion),
        level=str(level),
        term="1S",
        density=density,
        energies=energies_of(
            density,
            state.energy,
            state.v_quantum,
            errors={"energy": abs(state.energy_change), "v_quantum": abs(state.v_quantum_change)},
            kinetic=state.kinetic,
            nuclear_attraction=state.nuclear_attraction,
        ),
        details=state,
    )


def solve_atom(
    ion: Atom,
    level: Level,
    unpaired: int | None = None,
    max_cycle: int = 100,
    report: Report = silent,
) -> tuple[QuantumState, GammaMixture]:
    """Compute the state of an atom and its spherically averaged density.

    Args:
        ion: The atom or ion.
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
            converge, or the state does not pass the gate (`comotion.electronic.gate`).
    """
    check_level(ion, level)
    with same_blocks():
        return _solve(ion, level, unpaired, max_cycle, report)


def _solve(
    ion: Atom, level: Level, unpaired: int | None, max_cycle: int, report: Report
) -> tuple[QuantumState, GammaMixture]:
    """See `solve_atom`."""
    ground = ground_state(ion)
    hund = unpaired is None or unpaired == ground.unpaired
    if unpaired is not None and not hund:
        ground = other_spin(ion, ground, unpaired)
    kind = reference_of(level.method, ground)
    shells = load_basis(level.basis, ion.symbol)
    if level.method == "hf":
        shells = occupied_shells(shells, ground)
    mol = molecule(ion, shells, ground, kind.symmetry)
    mean_field = solve_mean_field(mol, ground, kind, max_cycle, report)
    if level.method == "hf" and hund and needs_common_radial_functions(ground):
        report("one radial function for all m")
        mean_field = with_common_radial_functions(mean_field, ground, max_cycle)
    reference = total(mean_field.make_rdm1())
    energy_hf, converged = float(mean_field.e_tot), bool(mean_field.converged)
    energy, density_matrix = energy_hf, reference
    if level.method in CORRELATION and ion.n_electrons > 1:
        found = CORRELATION[level.method](mean_field, max_cycle, report)
        energy, density_matrix = found.energy, found.density_matrix
        converged = converged and found.converged
    report("spherical average")
    density = spherical_average(mol, density_matrix)
    occupations = natural_occupations(mol, density_matrix)
    kinetic = _trace(mol.intor("int1e_kin"), density_matrix)
    attraction = _trace(mol.intor("int1e_nuc"), density_matrix)
    state = QuantumState(
        energy=energy,
        v_quantum=repulsion_energy(energy, kinetic + attraction, ion.n_electrons),
        energy_hf=energy_hf,
        v_hf=repulsion_energy(
            energy_hf, _trace(mean_field.get_hcore(), reference), ion.n_electrons
        ),
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
        converged=converged,
    )
    check_state(ion, level, state, density, hund=hund)
    return state, density


def _trace(operator: Array, density_matrix: Array) -> float:
    return float(np.einsum("ij,ji->", operator, density_matrix))
