"""Second-order correlation energy of Goerling and Levy, of the Kohn-Sham orbitals of a density.

``E_c^GL2 = sum |<ij||ab>|^2 / (4 (e_i + e_j - e_a - e_b))
+ sum |<i|v_x - v_x^NL|a>|^2 / (e_i - e_a)``
over spin orbitals with Kohn-Sham orbitals and energies (A. Goerling, M. Levy, Phys. Rev. B 47,
13105 (1993)). v_x^NL is the exchange operator of the orbitals of a spin, v_x the local potential
of exchange, one for both spins: the functional derivative of E_x at the density, for which the
second sum is stationary, and so the least in size.

Closed and half-filled subshells only, whose term is one determinant: of other open ones the
determinants of a term mix. Empty orbitals of all angular momenta up to a highest one take part;
what higher ones would add falls like the inverse fourth power of l + 1/2, and is added.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import zeta

from comotion.connection.partial_waves import PartialWave, partial_wave
from comotion.connection.slater import Products, direct, exchange, orders, products, three_j
from comotion.density.radial import Array
from comotion.electronic.basis import load_basis
from comotion.electronic.ground_levels import ANGULAR_LETTERS
from comotion.electronic.terms import ground_state
from comotion.errors import ElectronicStructureError
from comotion.kohn_sham.channels import RadialGrid
from comotion.kohn_sham.inversion import splines
from comotion.kohn_sham.of_density import BASIS, KohnShamSystem
from comotion.systems import Atom, parse_atom

#: Intervals of the local exchange potential, fewer and more; radius up to which its correction is
#: constant, in units of 1 / Z; charge outside of its last radius, electrons. With many more it fits
#: the basis and makes the single excitations vanish, as it is not unique there (S. Hirata et al.,
#: Can optimized effective potentials be determined uniquely?, J. Chem. Phys. 115, no. 4 (2001)).
_INTERVALS, _FIRST, _LAST = (14, 19), 0.02, 1e-2
#: Weight of the smoothness of that potential, hartree^-1 bohr^-1.
_SMOOTHNESS = 1e-8
#: Highest angular momentum of empty orbitals, and how often exponents are put between those of the
#: basis, whose functions are too far apart for high ones. Once less changes He by 2e-6 hartree and
#: Ne by 4e-5, once more by less than 1e-6 up to Ar (measured).
_HIGHEST, _DENSER = 14, 2
#: Eigenvalue of their overlap below which functions are dependent, relative, and a rougher one.
_INDEPENDENT, _ROUGH = 1e-13, 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class SecondOrder:
    """E_c^GL2 of a Kohn-Sham system.

    Attributes:
        by_angular: Sum over double excitations into orbitals up to each angular momentum,
            from 0 on, shape (l,), hartree.
        beyond: What higher ones add, extrapolated, hartree.
        beyond_error: Its error: how much it changes with the law of the extrapolation, hartree.
        singles: Sum over single excitations, hartree.
        singles_error: How much it changes with the functions of the exchange potential, hartree.
        potential_error: Twice how much both sums change with fewer functions of v_s and of the
            orbitals, hartree.
    """

    by_angular: Array
    beyond: float
    beyond_error: float
    singles: float
    singles_error: float
    potential_error: float

    def __repr__(self) -> str:
        """The energy with its error, in a line."""
        return f"<SecondOrder: E_c^GL2 {self.energy:.6f} +- {self.error:.0e} hartree>"

    @property
    def doubles(self) -> float:
        """The sum over double excitations into all orbitals, hartree."""
        return float(self.by_angular[-1]) + self.beyond

    @property
    def energy(self) -> float:
        """E_c^GL2, hartree."""
        return self.doubles + self.singles

    @property
    def error(self) -> float:
        """Error of the energy, hartree."""
        return self.beyond_error + self.singles_error + self.potential_error


def second_order(found: KohnShamSystem, *, highest: int = _HIGHEST) -> SecondOrder:
    """E_c^GL2 of a Kohn-Sham system.

    Args:
        found: The Kohn-Sham system of a density with closed and half-filled subshells.
        highest: Highest angular momentum of empty orbitals, at least two above the highest
            occupied one.

    Returns:
        Both sums.

    Raises:
        ElectronicStructureError: Another open shell, or too few angular momenta.
    """
    atom = parse_atom(found.system)
    occupied = round_subshells(atom)
    if highest < max(occupied) + 2:
        raise ElectronicStructureError(
            f"highest = {highest}: the rest beyond the highest angular momentum is extrapolated "
            f"from the last ones; give {max(occupied) + 2} or more"
        )
    by_angular, singles, fewer = _sums_in(found, found.v_s, occupied, highest)
    beyond, error = _rest(by_angular)
    # Most of what a potential or a basis changes is in the first partial waves. Twice that is the
    # bar: of He, Li+ and Ne8+, where another route is good to 1e-8, up to 1.7 times it is left.
    few = max(occupied) + 2
    doubles_rough, singles_rough, _ = _sums_in(found, found.v_s_rough, occupied, few, _ROUGH)
    off = doubles_rough[few] + singles_rough - by_angular[few] - singles
    return SecondOrder(
        by_angular, beyond, error, singles, abs(singles - fewer), 2 * abs(float(off))
    )


def _sums_in(
    found: KohnShamSystem,
    v_s: Array,
    occupied: dict[int, tuple[int, int]],
    highest: int,
    independent: float = _INDEPENDENT,
) -> tuple[Array, float, float]:
    """Sums in a potential: doubles by angular momentum, singles, and these with fewer functions."""
    grid = RadialGrid(found.radii, found.weights)
    exponents = _exponents(parse_atom(found.system))
    waves = [
        partial_wave(angular, exponents, v_s, grid, occupied.get(angular, (0, 0)), independent)
        for angular in range(highest + 1)
    ]
    among = _products(waves, grid)
    fewer, singles = (_singles(waves, among, found, grid, number) for number in _INTERVALS)
    return np.cumsum(_doubles(waves, among)), singles, fewer


def round_subshells(atom: Atom) -> dict[int, tuple[int, int]]:
    """Radial orbitals of each angular momentum that are occupied, of both spins.

    Raises:
        ElectronicStructureError: A subshell is neither closed nor half-filled, and so not round.
    """
    ground = ground_state(atom)
    by_angular: dict[int, list[tuple[int, int]]] = {}
    for orbital, pair in ground.occupations.items():
        by_angular.setdefault(ANGULAR_LETTERS.index(orbital[0]), []).append(pair)
    if any(pairs != pairs[:1] * (2 * angular + 1) for angular, pairs in by_angular.items()):
        raise ElectronicStructureError(
            f"{atom}: E_c^GL2 is computed where every subshell is closed or half-filled; "
            f"{ground.configuration} has one that is neither"
        )
    return {angular: pairs[0] for angular, pairs in by_angular.items()}


def _exponents(atom: Atom) -> Array:
    """Exponents of the s functions of the basis of the inversion and denser, for all waves."""
    shells = [shell for shell in load_basis(BASIS, atom.symbol) if shell[0] == 0]
    found = np.unique([primitive[0] for shell in shells for primitive in shell[1:]])
    for _ in range(_DENSER):
        found = np.sort(np.concatenate((found, np.sqrt(found[1:] * found[:-1]))))
    return found


def _products(waves: list[PartialWave], grid: RadialGrid) -> dict[tuple[int, int, int], Products]:
    """Products of each occupied orbital (l, n) with all orbitals of each wave, by (l, n, l')."""
    return {
        (one.angular, n, other.angular): products(one.functions[n], other.functions, grid)
        for one in waves
        for n in range(max(one.occupied))
        for other in waves
    }


def _doubles(waves: list[PartialWave], among: dict[tuple[int, int, int], Products]) -> Array:
    """Double excitations whose higher angular momentum is each of them, shape (l,), hartree."""
    if all(one.occupied[0] == one.occupied[1] for one in waves):
        # Both spins have the same orbitals, so the integrals of one pair of spins are all.
        straight, crossed = _sums(waves, among, 0, 0)
        return 2 * straight - crossed
    found, _ = _sums(waves, among, 0, 1)
    for spin in (0, 1):
        straight, crossed = _sums(waves, among, spin, spin)
        found = found + (straight - crossed) / 2
    return found


def _sums(
    waves: list[PartialWave], among: dict[tuple[int, int, int], Products], one: int, other: int
) -> tuple[Array, Array]:
    """Sums over i, a of one spin and j, b of another, by the higher of a and b, hartree.

    Returns:
        (ia|jb)^2 and (ia|jb) (ja|ib) over e_i + e_j - e_a - e_b, shape (l,) each.
    """
    straight, crossed = np.zeros(len(waves)), np.zeros(len(waves))
    shells, others = (
        [(wave.angular, n) for wave in waves for n in range(wave.occupied[spin])]
        for spin in (one, other)
    )
    for (i, n), (j, m), wave_a, wave_b in product(shells, others, waves, waves):
        a, b = wave_a.angular, wave_b.angular
        alike = [k for k in orders(i, a) if k in orders(j, b)]
        if not alike:
            continue
        empty_a, empty_b = wave_a.occupied[one], wave_b.occupied[other]
        low = waves[i].energies[n] + waves[j].energies[m]
        gaps = low - wave_a.energies[empty_a:, None] - wave_b.energies[None, empty_b:]

        def integrals(first: tuple[int, int, int], second: tuple[int, int, int], k: int) -> Array:
            return among[first].of_order(k) @ among[second].of_order(k).T

        for k in alike:
            pair = integrals((i, n, a), (j, m, b), k)[empty_a:, empty_b:]
            straight[max(a, b)] += direct(i, a, j, b, k) * float(np.sum(pair**2 / gaps))
            for k_other in orders(j, a) if one == other else ():
                factor = exchange(i, a, j, b, k, k_other)
                if factor != 0:
                    turned = integrals((j, m, a), (i, n, b), k_other)[empty_a:, empty_b:]
                    crossed[max(a, b)] += factor * float(np.sum(pair * turned / gaps))
    return straight, crossed


def _rest(by_angular: Array) -> tuple[float, float]:
    """What angular momenta beyond the highest add, and how much it changes with the law, hartree.

    The increments of a sum over partial waves fall like ``c (l + 1/2)^-4 + d (l + 1/2)^-5``
    (R. N. Hill, J. Chem. Phys. 83, 1173 (1985)).
    """
    last = len(by_angular) - 1
    increments = np.diff(by_angular)[-2:]
    at = last - np.array([1.0, 0.0]) + 0.5
    one_term = increments[-1] * at[-1] ** 4 * float(zeta(4, last + 1.5))
    powers = at[:, None] ** -np.array([4.0, 5.0])
    both = np.linalg.solve(powers, increments)
    two_terms = both @ np.array([zeta(4, last + 1.5), zeta(5, last + 1.5)])
    return float(two_terms), abs(float(two_terms) - float(one_term))


def _singles(
    waves: list[PartialWave],
    among: dict[tuple[int, int, int], Products],
    found: KohnShamSystem,
    grid: RadialGrid,
    intervals: int,
) -> float:
    """Sum over single excitations with the best local exchange potential, hartree."""
    outside = found.n_electrons - np.cumsum(found.weights * found.charge)
    last = float(grid.radii[np.argmax(outside < _LAST)])
    corrections, slopes = splines(grid, _FIRST / found.nuclear_charge, last, intervals)
    rough = _SMOOTHNESS * (slopes * grid.weights * grid.radii**2) @ slopes.T
    # -v_H / N is all of it for two electrons, and has the tail for more.
    guide = -found.v_hartree / found.n_electrons
    rows, targets = [], []
    for wave in waves:
        for spin, filled in enumerate(wave.occupied):
            operator = -_exchange_operator(wave, waves, among, spin)
            empty = wave.functions[filled:]
            for i in range(filled):
                weight = grid.weights * wave.functions[i]
                gap = wave.energies[filled:] - wave.energies[i]
                scale = np.sqrt((2 * wave.angular + 1) / gap)
                targets.append(scale * (operator[i, filled:] - (empty * guide) @ weight))
                rows.append(scale[:, None] * ((empty * weight) @ corrections.T))
    matrix, target = np.concatenate(rows), np.concatenate(targets)
    best = np.linalg.solve(matrix.T @ matrix + rough, matrix.T @ target)
    return -float(np.sum((matrix @ best - target) ** 2))


def _exchange_operator(
    wave: PartialWave,
    waves: list[PartialWave],
    among: dict[tuple[int, int, int], Products],
    spin: int,
) -> Array:
    """Exchange operator of the orbitals of a spin in a wave, shape (k, k), hartree."""
    matrix = np.zeros((len(wave.energies),) * 2)
    for other in waves:
        degeneracy = 2 * other.angular + 1
        for n in range(other.occupied[spin]):
            for k in orders(other.angular, wave.angular):
                vectors = among[other.angular, n, wave.angular].of_order(k)
                share = degeneracy * three_j(other.angular, k, wave.angular) ** 2
                matrix += share * vectors @ vectors.T
    return matrix
