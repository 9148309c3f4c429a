"""The adiabatic connection of Hartree-Fock theory, whose weak end is the Moller-Plesset series.

``H_lambda = T + V_ext + lambda V_ee + (1 - lambda) (J + K)`` with the Hartree-Fock operators J and
K: at 0 it has the determinant for ground state, at 1 it is the atom. Unlike the one of Kohn-Sham
theory it does not hold the density. ``W_c = <V_ee - J - K>_lambda + U + E_x`` is 0 at 0, has there
the slope ``2 E_c^MP2``, and its integral from 0 to 1 is the correlation energy E - E_HF. At strong
coupling the electrons are point charges in the field of a cloud of the opposite charge,
``W_c -> E_el + E_x`` with

``E_el[rho] = min over x_1 .. x_N of (sum_{i<j} 1 / r_ij - sum_i v_H(x_i)) + U[rho]``

of the Hartree-Fock density. Reference: M. Seidl, S. Giarrusso, S. Vuckovic, E. Fabiano,
P. Gori-Giorgi, J. Chem. Phys. 149, 241101 (2018).

E_el does not exceed V_SCE - U: over a transport plan the mean of what is least here is V_SCE - 2 U.
"""

from dataclasses import dataclass

import numpy as np
from pyscf import lib, mp

from comotion.density.functionals import hartree, unit_of_length
from comotion.density.hartree_potential import hartree_potential
from comotion.density.radial import Array, HasDensity, RadialDensity, radial_density
from comotion.electronic.averaging import spherical_average
from comotion.electronic.basis import load_basis
from comotion.electronic.mean_field import (
    exchange_energy,
    molecule,
    reference_of,
    same_blocks,
    solve_mean_field,
)
from comotion.electronic.terms import ground_state
from comotion.errors import ElectronicStructureError, TransportError
from comotion.progress import Report, silent, within
from comotion.systems import parse_atom
from comotion.transport.bounds import pricing
from comotion.transport.bounds.configurations import costs_of, radii_of, scale_of
from comotion.transport.bounds.potential_space import potential_space

#: Intervals of the table of v_H; each has 24 of its own.
_INTERVALS = 80
#: Random configurations of a seed; the lowest of them go on, with mutants and then hops.
_RANDOM, _KEPT, _MUTANTS, _HOPS = 600, 12, 20, 100
#: Tolerance of a relaxation and temperature of the hops, in units of the repulsion.
_RELAXED, _TEMPERATURE = 1e-13, 1e-4
#: Largest difference of the seeds, relative.
_AGREED = 1e-7
#: Most iterations of the mean field.
_MAX_CYCLE = 100


@dataclass(frozen=True, eq=False, repr=False)
class ElectrostaticEnergy:
    """Point electrons in a cloud of the opposite charge, where a search finds them lowest.

    Attributes:
        value: E_el, hartree: the energy of the positions, so never below the minimum. That there
            is nothing lower is what the searches say, no proof.
        positions: Where the electrons are, up to rotations, shape (3, N), bohr.
        hartree: U, the cloud's own energy, hartree.
        value_by_seed: E_el by each seed alone, hartree.
        searched: Local minimisations made.
    """

    value: float
    positions: Array
    hartree: float
    value_by_seed: tuple[float, ...]
    searched: int

    def __repr__(self) -> str:
        """The energy and how it was found, in a line."""
        return (
            f"<ElectrostaticEnergy: {self.value:.8f} hartree, the lowest of {self.searched} minima>"
        )


@dataclass(frozen=True)
class MollerPlessetEnds:
    """The two ends of the Hartree-Fock adiabatic connection, of closed shells in a basis.

    They are not those of Kohn-Sham theory (`comotion.connection.ingredients`): interpolations of
    that connection do not take them.

    Attributes:
        system: Name of the atom or ion.
        basis: Basis of the orbitals; E_c^MP2 is that of this basis, not of a complete one.
        exchange: E_x of the Hartree-Fock determinant, hartree.
        second_order: E_c^MP2 with all electrons correlated, hartree.
        electrostatic: E_el of the Hartree-Fock density, hartree.
    """

    system: str
    basis: str
    exchange: float
    second_order: float
    electrostatic: float

    @property
    def w_c_slope(self) -> float:
        """Slope of W_c at weak coupling, 2 E_c^MP2, hartree."""
        return 2 * self.second_order

    @property
    def w_c_inf(self) -> float:
        """W_c at strong coupling, E_el + E_x, hartree."""
        return self.electrostatic + self.exchange


def electrostatic_energy(
    rho: RadialDensity | HasDensity, *, seeds: tuple[int, ...] = (1, 2), report: Report = silent
) -> ElectrostaticEnergy:
    """E_el of a density, by a search over all positions.

    Reference: M. Seidl et al., J. Chem. Phys. 149, 241101 (2018).

    Args:
        rho: The density, or an object with one, such as an atom.
        seeds: Seeds of independent searches.
        report: Told where the search is.

    Returns:
        The energy, and where the electrons are.

    Raises:
        DensityError: There is no density.
        TransportError: No seed, or the seeds find different energies.
    """
    density = radial_density(rho)
    if not seeds:
        raise TransportError("no seed: a search needs one or more")
    own = hartree(density)
    if density.n_electrons == 1:
        # v_H falls from the nucleus on.
        least = own - float(hartree_potential(density)(0.0))
        return ElectrostaticEnergy(least, np.zeros((3, 1)), own, (least,) * len(seeds), 0)
    # In a unit of length near the density's own: no tolerance knows how large it is.
    unit = unit_of_length(density)
    inner = density.stretched(1 / unit)
    found = [_search(inner, seed, within(report, f"seed {seed}")) for seed in seeds]
    values = [float(_energies(inner, x[None])[0]) / unit + own for x, _ in found]
    spread = max(values) - min(values)
    if not spread <= _AGREED * own:
        raise TransportError(
            f"the seeds {list(seeds)} find energies that differ by {spread:.1e} hartree: take "
            "other or more seeds and the lowest"
        )
    lowest = int(np.argmin(values))
    return ElectrostaticEnergy(
        value=values[lowest],
        positions=found[lowest][0] * unit,
        hartree=own,
        value_by_seed=tuple(values),
        searched=sum(count for _, count in found),
    )


def moller_plesset_energy(system: str, basis: str, *, report: Report = silent) -> float:
    """E_c^MP2 of an atom with closed shells, all electrons correlated, hartree.

    PySCF runs on one thread, so that the numbers do not depend on the machine's cores.

    Args:
        system: Element with charge, such as ``Ne`` or ``Be2+``.
        basis: Basis set, such as ``aug-cc-pCVTZ``.
        report: Told where the computation is.

    Returns:
        The energy in this basis.

    Raises:
        ConfigError: No such atom.
        ElectronicStructureError: No such basis, an open shell, or no convergence.
    """
    return _solved(system, basis, report)[0]


def moller_plesset_ends(system: str, basis: str, *, report: Report = silent) -> MollerPlessetEnds:
    """The ends of the Hartree-Fock adiabatic connection of an atom with closed shells.

    PySCF runs on one thread, so that the numbers do not depend on the machine's cores.

    Args:
        system: Element with charge, such as ``Ne`` or ``Be2+``.
        basis: Basis set, such as ``aug-cc-pCVTZ``: all electrons are correlated.
        report: Told where the computation is.

    Returns:
        Exchange, second order and electrostatic energy.

    Raises:
        ConfigError: No such atom.
        ElectronicStructureError: No such basis, an open shell, or no convergence.
        TransportError: See `electrostatic_energy`.
    """
    second_order, density, exchange = _solved(system, basis, report)
    return MollerPlessetEnds(
        system=str(parse_atom(system)),
        basis=basis,
        exchange=exchange,
        second_order=second_order,
        electrostatic=electrostatic_energy(density, report=report).value,
    )


def _solved(system: str, basis: str, report: Report) -> tuple[float, RadialDensity, float]:
    """E_c^MP2, the Hartree-Fock density and E_x of an atom with closed shells."""
    atom = parse_atom(system)
    ground = ground_state(atom)
    if not ground.closed_shell:
        raise ElectronicStructureError(
            f"{atom}: the Moller-Plesset ends are computed of closed shells; "
            f"{ground.configuration} is an open one"
        )
    with lib.with_omp_threads(1), same_blocks():
        kind = reference_of("hf", ground)
        mol = molecule(atom, load_basis(basis, atom.symbol), ground, kind.symmetry)
        mean_field = solve_mean_field(mol, ground, kind, _MAX_CYCLE, report)
        report("second order")
        second_order, _ = mp.MP2(mean_field).kernel(with_t2=False)
        density = spherical_average(mol, mean_field.make_rdm1())
        return float(second_order), density, exchange_energy(mean_field)


def _energies(density: RadialDensity, positions: Array) -> Array:
    """V - sum v_H of configurations, shape (m, 3, N) to (m,), hartree."""
    attraction = np.sum(hartree_potential(density)(radii_of(positions)), axis=1)
    return np.asarray(costs_of(positions) - attraction)


def _search(density: RadialDensity, seed: int, report: Report) -> tuple[Array, int]:
    """The lowest configuration that a seed finds, shape (3, N), and its minimisations.

    Random ones are relaxed, the lowest of them mutated, and the lowest of all hop on.
    """
    rng = np.random.default_rng(seed)
    space = potential_space(density, hartree_potential(density), _INTERVALS)
    # v_H is the known function of the space, alone.
    table = space.table(np.append(np.zeros(space.size - 1), 1.0))
    report(f"{_RANDOM} random configurations")
    starts = _random(density, rng)
    scale = scale_of(starts, space.pair_cost)
    for mutants in (0, _MUTANTS):
        found = np.empty((len(starts) * (mutants + 1), *starts.shape[1:]))
        values = np.empty(len(found))
        pricing.search(starts, mutants, table, _RELAXED * scale, rng, found, values)
        starts = found[np.argsort(values)[:_KEPT]]
    for x in starts:
        report(f"{_HOPS} hops from each of {_KEPT} configurations")
        pricing.hop_down(x, _HOPS, _TEMPERATURE * scale, table, _RELAXED * scale, rng)
    lowest = int(np.argmin(_energies(density, starts)))
    return starts[lowest], _RANDOM + _KEPT * (_MUTANTS + 1 + _HOPS + 1)


def _random(density: RadialDensity, rng: np.random.Generator) -> Array:
    """Configurations with radii by charge and random directions, shape (m, 3, N), bohr."""
    n = density.n_electrons
    radii = density.radius(rng.uniform(1e-6, n - 1e-6, size=(_RANDOM, n)))
    directions = rng.normal(size=(_RANDOM, 3, n))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return np.asarray(directions * radii[:, None, :])
