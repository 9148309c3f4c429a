"""The radial co-motion (Seidl - Gori-Giorgi - Savin) construction.

The electron number is cut into N shells of one electron each. For q in [0, 1] one electron
sits in every shell, at the cumulant ``j + q`` in a shell run through upwards and
``j + 1 - q`` downwards; the co-motion maps alternate, beginning upwards. Every unit of
charge is met exactly once, so the plan has the density as its marginal by construction.
Reference: Seidl, Gori-Giorgi, Savin, Phys. Rev. A 75, 042511 (2007).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comotion.density.radial import Array, HasDensity, RadialDensity, radial_density
from comotion.errors import TransportError

#: Least distance of two breaks of the folded cumulant, and of one from 0 and 1.
_APART = 1e-8


def alternating(n_electrons: int) -> NDArray[np.bool_]:
    """Directions of the co-motion maps: upwards in even shells, shape (N,)."""
    return np.equal(np.arange(n_electrons) % 2, 0)


def configuration_radii(
    rho: RadialDensity | HasDensity,
    q: ArrayLike,
    complement: ArrayLike,
    upward: NDArray[np.bool_],
) -> Array:
    """Radii of the N electrons for each value of the folded cumulant.

    Args:
        rho: The density, N electrons, or an object with one, such as an atom.
        q: Folded cumulants in [0, 1], shape (n,).
        complement: ``1 - q``, given apart to keep both tails accurate, shape (n,).
        upward: Whether each shell is run through upwards, shape (N,).

    Returns:
        Radii by shell, inside out, shape (n, N), bohr.

    Raises:
        DensityError: There is no density, or a cumulant lies outside [0, 1].
        TransportError: ``upward`` has not one direction for each electron.
    """
    density = radial_density(rho)
    n_electrons = density.n_electrons
    if np.shape(upward) != (n_electrons,):
        raise TransportError(
            f"{n_electrons} shells need as many directions, got {np.shape(upward)}"
        )
    up = np.asarray(q, dtype=float)[:, None]
    down = np.asarray(complement, dtype=float)[:, None]
    shell = np.arange(n_electrons)
    inside = shell + np.where(upward, up, down)
    outside = (n_electrons - 1 - shell) + np.where(upward, down, up)
    return density.radius(inside, outside)


def folded_breaks(density: RadialDensity, upward: NDArray[np.bool_]) -> Array:
    """Where an electron jumps over a gap of the density while q runs from 0 to 1.

    Args:
        density: The density, N electrons.
        upward: Whether each shell is run through upwards, shape (N,).

    Returns:
        Folded cumulants in (0, 1), ascending, apart by `_APART` at least, shape (b,).
    """
    charge = density.gaps
    shell = np.clip(np.floor(charge), 0, density.n_electrons - 1).astype(int)
    done = charge - shell
    q = np.sort(np.where(np.asarray(upward)[shell], done, 1 - done))
    # What is next to an end needs no break: the rule is as fine there.
    q = q[(q > _APART) & (q < 1 - _APART)]
    return q[np.diff(q, prepend=0.0) > _APART]


def comotion_functions(rho: RadialDensity | HasDensity, r: ArrayLike) -> Array:
    """Radial distances of all electrons when the first is at r.

    ``f_1(r) = r``; ``f_2k(r) = R(2k - N(r))`` for r <= a_2k and ``R(N(r) - 2k)`` beyond;
    ``f_2k+1(r) = R(N(r) + 2k)`` for r <= a_(N-2k) and ``R(2N - 2k - N(r))`` beyond.
    Reference: Seidl, Gori-Giorgi, Savin, Phys. Rev. A 75, 042511 (2007).

    Args:
        rho: The density, N electrons, or an object with one, such as an atom.
        r: Radii of the first electron, shape (n,), bohr.

    Returns:
        f_i(r), shape (n, N), bohr.

    Raises:
        DensityError: There is no density, or a radius is negative or not a number.
    """
    density = radial_density(rho)
    r = np.asarray(r, dtype=float)
    n = density.n_electrons
    m, w = density.cumulant(r), density.cocumulant(r)
    maps = [r]
    for i in range(2, n + 1):
        k = i // 2
        if i % 2 == 0:
            within = m <= 2 * k
            # Far out the last map of an even N is what is outside: no subtraction of equal numbers.
            left = w if 2 * k == n else 2 * k - m
            inside = np.where(within, left, m - 2 * k)
            outside = np.where(within, (n - 2 * k) + m, w + 2 * k)
        else:
            within = w >= 2 * k
            inside = np.where(within, m + 2 * k, n - 2 * k + w)
            outside = np.where(within, w - 2 * k, 2 * k - w)
        maps.append(density.radius(inside, outside))
    return np.stack(maps, axis=-1)


def functions_of_pattern(density: RadialDensity, r: ArrayLike, upward: NDArray[np.bool_]) -> Array:
    """Radii of all electrons when one is at r, for any pattern of directions.

    Args:
        density: The density, N electrons.
        r: Radii of that electron, shape (n,), bohr.
        upward: Whether each shell is run through upwards, shape (N,).

    Returns:
        Radii by shell, inside out, shape (n, N), bohr; r is among them.
    """
    r = np.asarray(r, dtype=float)
    n = density.n_electrons
    inside, outside = density.cumulant(r), density.cocumulant(r)
    shell = np.clip(np.floor(inside), 0, n - 1).astype(int)
    # The outermost shell knows what is outside better than what is inside.
    done = np.clip(np.where(shell == n - 1, 1 - outside, inside - shell), 0, 1)
    left = np.clip(np.where(shell == n - 1, outside, shell + 1 - inside), 0, 1)
    up = np.asarray(upward)[shell]
    return configuration_radii(density, np.where(up, done, left), np.where(up, left, done), upward)
