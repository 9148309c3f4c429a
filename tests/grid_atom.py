"""An atom that is self-consistent with V_2, on a grid of radii and without any Gaussian.

Piecewise linear ``r R(r)`` with lumped masses, so that everything errs like the square of the step
and two steps are extrapolated.
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.linalg import eigh_tridiagonal

from comotion.density.radial import Array

#: Last radius at Z = 1, bohr; steps; part of the new potential that is taken; its last change.
_LAST, _STEPS, _MIXED, _SETTLED = 45.0, 1500, 0.4, 1e-9
#: Levels of each momentum, at least one more than are occupied.
_LEVELS = 3
#: Least rise of the logit of the charge from a radius to the next; no charge, electrons.
_RISE, _NONE = 1e-12, 1e-100


@dataclass(frozen=True)
class GridAtom:
    """What is compared: energies in hartree, and what makes them.

    Attributes:
        energy: E.
        kinetic: T_s.
        v_functional: V_2.
        orbital_energies: One momentum after another.
        unoccupied: The next level of s, p and d.
        radii: Radii, shape (n,), bohr.
        charge: 4 pi r^2 rho, shape (n,), bohr^-1.
        potential: u(r), shape (n,).
    """

    energy: float
    kinetic: float
    v_functional: float
    orbital_energies: Array
    unoccupied: Array
    radii: Array
    charge: Array
    potential: Array


def grid_atom(nuclear_charge: int, electrons: dict[int, int]) -> GridAtom:
    """The atom by steps of two lengths.

    Args:
        nuclear_charge: Z.
        electrons: Electrons of each angular momentum.
    """
    coarse = _solved(nuclear_charge, electrons, _STEPS)
    fine = _solved(nuclear_charge, electrons, 2 * _STEPS)
    # Every second radius of the finer grid is one of the coarser.
    pairs = zip((fine[0], fine[1], *(one[1::2] for one in fine[2:])), coarse, strict=True)
    (energy, kinetic, value, *levels), *others = ((4 * a - b) / 3 for a, b in pairs)
    return GridAtom(float(energy), float(kinetic), float(value), np.array(levels), *others)


def _solved(
    nuclear_charge: int, electrons: dict[int, int], steps: int
) -> tuple[Array, Array, Array, Array, Array]:
    """Energy, kinetic energy, V_2 and orbital energies; the other arrays of `GridAtom`."""
    n = sum(electrons.values())
    inner = 1 / nuclear_charge
    t = np.linspace(0, np.log1p(_LAST / np.sqrt(nuclear_charge) / inner), steps + 1)
    r = (inner * np.expm1(t))[1:-1]
    # Of the step in t; the last radius is a wall.
    width, gaps = (r + inner) * t[1], np.diff(inner * np.expm1(t))
    u = (n - 1) / (r + 1)
    for _ in range(200):
        levels, kinetic, charge = [], 0.0, np.zeros(len(r))
        for angular, count in electrons.items():
            energies, waves = _orbitals(u - nuclear_charge / r, angular, r, width, gaps)
            most = 4 * angular + 2
            occupations = np.clip(count - most * np.arange(_LEVELS), 0, most)
            charge += waves**2 @ occupations
            held = occupations > 0
            levels += list(energies[held])
            potential = width @ (waves**2 * (u - nuclear_charge / r)[:, None])
            kinetic += float(occupations @ (energies - potential))
        partner = _partners(r, charge * width)
        slope = (n - 1) / (r + partner) ** 2
        # Beyond the wall u = (N - 1) / r; the trapezoidal rule in t.
        pieces = (slope[1:] * width[1:] + slope[:-1] * width[:-1]) / 2
        new = np.append(np.cumsum(pieces[::-1])[::-1], 0.0) + (n - 1) / r[-1]
        if np.max(np.abs(new - u)) < _SETTLED:
            break
        u = u + _MIXED * (new - u)
    else:
        raise AssertionError("the grid did not become self-consistent")
    value = (n - 1) / 2 * float(width @ (charge / (r + partner)))
    attraction = -nuclear_charge * float(width @ (charge / r))
    unoccupied = np.array([
        _orbitals(new - nuclear_charge / r, angular, r, width, gaps)[0][
            -(-electrons.get(angular, 0) // (4 * angular + 2))
        ]
        for angular in range(3)
    ])  # fmt: skip
    energies = np.array([kinetic + value + attraction, kinetic, value, *levels])
    return energies, unoccupied, r, charge, new


def _orbitals(
    v: Array, angular: int, r: Array, width: Array, gaps: Array
) -> tuple[Array, Array]:  # fmt: skip
    """The lowest levels and r R(r), ``int (r R)^2 dr = 1``."""
    diagonal = (1 / gaps[:-1] + 1 / gaps[1:]) / (2 * width)
    beside = -1 / (2 * gaps[1:-1] * np.sqrt(width[1:] * width[:-1]))
    whole = diagonal + angular * (angular + 1) / (2 * r**2) + v
    energies, vectors = eigh_tridiagonal(whole, beside, select="i", select_range=(0, _LEVELS - 1))
    return np.asarray(energies, float), vectors / np.sqrt(width)[:, None]


def _partners(r: Array, own: Array) -> Array:
    """The radius that has as much charge outside as each radius has inside.

    Args:
        r: Radii, shape (n,), bohr.
        own: Charge of a step at each radius, shape (n,), electrons.
    """
    # The trapezoidal rule with its first correction, of which the ends have none.
    more = own / 2 + np.gradient(own) / 12
    inside, outside = np.cumsum(own) - more, np.cumsum(own[::-1])[::-1] - own + more
    logit = np.log(inside) - np.log(np.maximum(outside, _NONE))
    kept = np.append(True, np.diff(np.maximum.accumulate(logit)) > _RISE)
    radius = CubicSpline(logit[kept], np.log(r[kept]))
    found = radius(np.clip(-logit, logit[0], logit[kept][-1]))
    # Inside the first radius the charge grows like the volume.
    return np.asarray(np.exp(found + np.minimum(-logit - logit[0], 0) / 3))
