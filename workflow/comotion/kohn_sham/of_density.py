"""The Kohn-Sham system of an atom's density: potential, orbitals, kinetic energy, correlation.

Potential and orbitals are those of `comotion.kohn_sham.inversion`. Of one and two electrons T_s
and E_x have closed forms (`comotion.kohn_sham.one_orbital`), and the T_s that is found is a second
route. Of more its error is the change when the potential has fewer functions.

``E_c = E - T_s - int v rho - U - E_x``, ``T_c = T - T_s`` and ``W_1 = <V_ee> - U`` need a state
with this density. Of an open shell all belong to its term, averaged over rotations.
"""

from dataclasses import dataclass, field

import numpy as np
from pyscf import gto, lib

from comotion.density.functionals import hartree
from comotion.density.hartree_potential import hartree_potential
from comotion.density.radial import Array, HasDensity, RadialDensity, radial_density
from comotion.electronic.basis import load_basis
from comotion.electronic.ground_levels import ANGULAR_LETTERS
from comotion.electronic.mean_field import molecule, occupied_shells
from comotion.electronic.terms import GroundState, ground_state
from comotion.errors import ComparisonError, DensityError, ElectronicStructureError
from comotion.kohn_sham.channels import RadialGrid, channels, radial_grid
from comotion.kohn_sham.exchange import determinant, exchange_of
from comotion.kohn_sham.field import electrons_by_angular
from comotion.kohn_sham.inversion import Maximum, Target, maximum, splines
from comotion.kohn_sham.one_orbital import kinetic_energy, potential_up_to_a_constant
from comotion.systems import Atom, electrons_in_words, parse_atom

#: Basis of the orbitals.
BASIS = "unc-UGBS+3d"
#: Intervals of the corrections of the potential, fewer and more.
_INTERVALS = (19, 29)
#: Radius, in units of 1 / Z, up to which the correction is constant, and the charge outside of its
#: last one, electrons.
_FIRST, _LAST = 0.02, 1e-2
#: Largest part of the charge that the orbitals put elsewhere.
_RESIDUAL = 3e-4
#: Most electrons in one orbital; charges inside and outside of the radii at which their potential
#: is the closed form, electrons.
_ONE_ORBITAL, _INSIDE, _OUTSIDE = 2, 1e-5, 1e-3


@dataclass(frozen=True, eq=False, repr=False)
class KohnShamSystem:
    """The Kohn-Sham system of a density.

    Attributes:
        system: Name of the atom or ion.
        n_electrons: Number of electrons N.
        nuclear_charge: Nuclear charge Z.
        configuration: Its subshells.
        radii: Radii of the grid, shape (n,), bohr.
        weights: Weights of ``int dr`` on it, shape (n,), bohr.
        v_s: Kohn-Sham potential, shape (n,), hartree; its tail is -(Z - N + 1) / r.
        v_s_rough: The same with fewer functions, of two electrons the potential that was found
            beside the closed form: what differs is not sure, shape (n,), hartree.
        v_hartree: Hartree potential of the density, shape (n,), hartree.
        charge: 4 pi r^2 rho, shape (n,), bohr^-1.
        charge_found: The same of the orbitals, shape (n,), bohr^-1.
        residual: int |rho of the orbitals - rho|, electrons.
        kinetic_s: T_s, hartree.
        kinetic_s_error: Its error, hartree.
        hartree: U, hartree.
        exchange: E_x of the orbitals, hartree.
        exchange_error: Its error, hartree.
        orbital_energies: Of each occupied subshell, hartree.
    """

    system: str
    n_electrons: int
    nuclear_charge: int
    configuration: str
    radii: Array
    weights: Array
    v_s: Array
    v_s_rough: Array
    v_hartree: Array
    charge: Array
    charge_found: Array
    residual: float
    kinetic_s: float
    kinetic_s_error: float
    hartree: float
    exchange: float
    exchange_error: float
    orbital_energies: dict[str, float] = field(hash=False)

    @property
    def v_hxc(self) -> Array:
        """Potential of the electrons, v_s + Z / r, shape (n,), hartree."""
        return self.v_s + self.nuclear_charge / self.radii

    @property
    def v_xc(self) -> Array:
        """Potential of exchange and correlation, shape (n,), hartree."""
        return self.v_hxc - self.v_hartree

    @property
    def highest_occupied(self) -> float:
        """Highest occupied orbital energy, of the exact density minus the ionisation energy."""
        return max(self.orbital_energies.values())

    def __repr__(self) -> str:
        """Energies, a line for each."""
        lines = [
            f"{self.system}, Kohn-Sham, {electrons_in_words(self.n_electrons)}",
            f"kinetic_s          {self.kinetic_s:16.9f} +- {self.kinetic_s_error:.0e} hartree",
            f"exchange           {self.exchange:16.9f} +- {self.exchange_error:.0e} hartree",
            *(f"orbital {name:<10} {e:16.9f} hartree" for name, e in self.orbital_energies.items()),
            f"residual           {self.residual:16.1e} electrons",
        ]
        return "\n".join(lines)


@dataclass(frozen=True)
class KohnShamCorrelation:
    """What a state has beyond its Kohn-Sham determinant.

    Attributes:
        e_c: Correlation energy E - T_s - int v rho - U - E_x, hartree.
        t_c: Its kinetic part T - T_s, hartree.
        w_1: <V_ee> - U, the integrand of the adiabatic connection at full coupling, hartree.
    """

    e_c: float
    t_c: float
    w_1: float


def kohn_sham_system(system: str, rho: RadialDensity | HasDensity) -> KohnShamSystem:
    """The Kohn-Sham system of an atom's density.

    PySCF runs on one thread, so that the numbers do not depend on the machine's cores.
    Reference: Wu, Yang, J. Chem. Phys. 118, 2498 (2003).

    Args:
        system: Element with charge, such as ``Ne`` or ``H-``; the configuration is that of its
            ground state.
        rho: Its density, or an object with one.

    Returns:
        Potential, orbital energies, kinetic and exchange energy.

    Raises:
        ConfigError: No such atom.
        DensityError: There is no density, or it is not of so many electrons.
        ElectronicStructureError: The configuration is not known, or no potential has orbitals with
            this density.
    """
    atom, density = parse_atom(system), radial_density(rho)
    if density.n_electrons != atom.n_electrons:
        raise DensityError(
            f"{atom} has {electrons_in_words(atom.n_electrons)}, the density "
            f"{density.n_electrons}: give that of the atom"
        )
    ground = ground_state(atom)
    _require_same_state(rho, atom, ground)
    electrons = electrons_by_angular(ground)
    grid = radial_grid(atom.nuclear_charge)
    shells = occupied_shells(load_basis(BASIS, atom.symbol), ground)
    with lib.with_omp_threads(1):
        mol = molecule(atom, shells, ground, symmetry="")
        v_hartree = hartree_potential(density)(grid.radii)
        target = Target(
            grid,
            channels(mol, electrons, grid),
            4 * np.pi * grid.radii**2 * density.density(grid.radii),
            -atom.nuclear_charge / grid.radii + (1 - 1 / atom.n_electrons) * v_hartree,
        )
        rough, found = _maxima(target, atom, density)
        residual = float(grid.weights @ np.abs(found.charge - target.charge))
        if not residual <= _RESIDUAL * atom.n_electrons:
            raise ElectronicStructureError(
                f"{atom}: the best Kohn-Sham potential leaves {residual:.1e} of "
                f"{electrons_in_words(atom.n_electrons)} elsewhere: is this density that of the "
                f"configuration {ground.configuration}? Take a basis with many s and p functions, "
                f"such as hyb-1-UGBS+1d+aug-cc-p{'CV' if atom.nuclear_charge > 2 else 'V'}TZ"
            )
        exchange = _exchange(mol, ground, target, found)
        exchange_error = abs(exchange - _exchange(mol, ground, target, rough))
    kinetic, error = found.value, abs(found.value - rough.value)
    energy, v_s, v_s_rough = hartree(density), found.potential, rough.potential
    if atom.n_electrons <= _ONE_ORBITAL:
        # The closed forms stand; what was found is a second route.
        kinetic = kinetic_energy(density)
        error = abs(found.value - kinetic)
        by_orbitals, exchange = exchange, -energy / atom.n_electrons
        exchange_error = abs(by_orbitals - exchange)
        v_s, v_s_rough = _of_one_orbital(density, grid, found), found.potential
    return KohnShamSystem(
        system=str(atom),
        n_electrons=atom.n_electrons,
        nuclear_charge=atom.nuclear_charge,
        configuration=ground.configuration,
        radii=grid.radii,
        weights=grid.weights,
        v_s=v_s,
        v_s_rough=v_s_rough,
        v_hartree=v_hartree,
        charge=target.charge,
        charge_found=found.charge,
        residual=residual,
        kinetic_s=kinetic,
        kinetic_s_error=error,
        hartree=energy,
        exchange=exchange,
        exchange_error=exchange_error,
        orbital_energies=_subshells(target, found),
    )


def kohn_sham_correlation(
    found: KohnShamSystem,
    *,
    energy: float | None,
    kinetic: float | None,
    nuclear_attraction: float | None,
    v_quantum: float | None,
) -> KohnShamCorrelation:
    """What a state with this density has beyond its Kohn-Sham determinant.

    Args:
        found: The Kohn-Sham system of its density.
        energy: Its energy E, hartree.
        kinetic: Its kinetic energy T, hartree.
        nuclear_attraction: int v rho, hartree.
        v_quantum: Its <V_ee>, hartree.

    Returns:
        Correlation energy, its kinetic part, and the adiabatic connection at full coupling.

    Raises:
        ComparisonError: One of them is missing.
    """
    if energy is None or kinetic is None or nuclear_attraction is None or v_quantum is None:
        raise ComparisonError(
            f"{found.system}: correlation is what a wave function has beyond its Kohn-Sham "
            "determinant: give its energy, kinetic energy, attraction and <V_ee>, which a "
            "Kohn-Sham state has not"
        )
    w_1 = v_quantum - found.hartree
    t_c = kinetic - found.kinetic_s
    e_c = energy - found.kinetic_s - nuclear_attraction - found.hartree - found.exchange
    return KohnShamCorrelation(e_c, t_c, w_1)


def _require_same_state(rho: object, atom: Atom, ground: GroundState) -> None:
    """Check that an object with a density, which says whose it is, is of the atom's ground term.

    Raises:
        DensityError: It is of another atom, or of another spin.
    """
    system, term = getattr(rho, "system", None), getattr(rho, "term", None)
    if system is not None and system != str(atom):
        raise DensityError(f"the density is that of {system}, not of {atom}: give that of the atom")
    if term is not None and term[0] != ground.term[0]:
        raise DensityError(
            f"the density is that of a {term} state, the ground term of {atom} is {ground.term}: "
            "give that of the ground state"
        )


def _of_one_orbital(density: RadialDensity, grid: RadialGrid, found: Maximum) -> Array:
    """v_s of one or two electrons: the closed form where its second derivatives mean something.

    Inside and outside of that, and for the constant, stands the potential that was found.
    """
    inside, outside = density.cumulant(grid.radii), density.cocumulant(grid.radii)
    held = (inside > _INSIDE) & (outside > _OUTSIDE)
    shape = potential_up_to_a_constant(density, grid.radii[held])
    share = grid.weights[held] * found.charge[held]
    constant = share @ (found.potential[held] - shape) / np.sum(share)
    v_s = found.potential.copy()
    v_s[held] = shape + constant
    return v_s


def _maxima(target: Target, atom: Atom, density: RadialDensity) -> list[Maximum]:
    """The maxima of J with fewer and with more functions."""
    n = atom.n_electrons
    first, last = _FIRST / atom.nuclear_charge, float(density.radius(n - _LAST, _LAST))
    return [
        maximum(target, *splines(target.grid, first, last, intervals)) for intervals in _INTERVALS
    ]


def _exchange(mol: gto.Mole, ground: GroundState, target: Target, found: Maximum) -> float:
    """Exchange energy of the orbitals of a potential, hartree."""
    blocks = [channel.block for channel in target.channels]
    radial = [
        channel.contractions @ one.coefficients
        for channel, one in zip(target.channels, found.orbitals, strict=True)
    ]
    return exchange_of(mol, determinant(ground, blocks, radial, mol.nao))


def _subshells(target: Target, found: Maximum) -> dict[str, float]:
    """Energies of the occupied subshells by name, from the lowest."""
    energies = {
        f"{i + 1 + channel.block.angular}{ANGULAR_LETTERS[channel.block.angular]}": float(energy)
        for channel, one in zip(target.channels, found.orbitals, strict=True)
        for i, energy in enumerate(one.energies[one.occupations > 0])
    }
    return dict(sorted(energies.items(), key=lambda entry: entry[1]))
