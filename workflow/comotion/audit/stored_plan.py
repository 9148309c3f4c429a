"""The plan of a pair: its marginal, its cost and its potential, computed again from its curve.

The curve has q, the radii of all electrons and their directions. Integrals over q are those of a
cubic spline through all nodes; the change when every second node is left out is taken as its error.
Where the best arrangement changes between two nodes the energy has a kink, which a spline misses:
by at most an eighth of what the two arrangements, each carried to the other node, cost more there.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicHermiteSpline, CubicSpline

from comotion.audit.set_files import Array, StoredPair
from comotion.audit.stored_density import StoredDensity, stored_density

#: Largest error of a charge on the curve, in units of N, electrons: that of the radial table.
_CHARGE = 3e-8
#: Largest relative error of the energy of a configuration.
_ENERGY = 1e-11
#: Largest torque on an electron, in units of the energy of its configuration.
_TORQUE = 5e-8
#: How far sum_i u(r_i) - E may vary along the curve, in units of itself: u jumps in slope where
#: the best arrangement changes, and the place of the jump is known to one node only.
_POTENTIAL = 1e-4
#: Largest error of r u'(r), in units of its maximum: u jumps in slope, and is steep at an edge.
_SLOPE = 0.1


def repulsion(positions: Array) -> Array:
    """sum_{i<j} 1 / |x_i - x_j| of configurations, shape (n,), hartree.

    Args:
        positions: Positions, shape (n, 3, N), bohr.
    """
    first, second = np.triu_indices(positions.shape[2], 1)
    apart = positions[:, :, first] - positions[:, :, second]
    return np.asarray(np.sum(1 / np.sqrt(np.sum(apart**2, axis=1)), axis=1))


def torques(directions: Array, radii: Array) -> Array:
    """Torque on each electron, shape (n, N), hartree; none where the energy is stationary.

    Args:
        directions: Unit vectors, shape (n, 3, N).
        radii: Radii, shape (n, N), bohr.
    """
    x = directions * radii[:, None, :]
    apart = x[:, :, :, None] - x[:, :, None, :]
    distance = np.sqrt(np.sum(apart**2, axis=1))
    same = np.arange(radii.shape[1])
    distance[:, same, same] = np.inf
    force = np.sum(apart / distance[:, None] ** 3, axis=3)
    return np.asarray(np.linalg.norm(np.cross(x, force, axis=1), axis=1))


def along_q(q: Array, values: Array) -> tuple[float, float]:
    """Integral over q from 0 to 1 of a function given at nodes, and its error.

    Args:
        q: Nodes, increasing, shape (n,), n odd.
        values: The function at them, shape (n,).
    """
    fine, coarse = _spline_integral(q, values), _spline_integral(q[1::2], values[1::2])
    return fine, abs(fine - coarse)


def _spline_integral(q: Array, values: Array) -> float:
    inner = float(CubicSpline(q, values).integrate(q[0], q[-1]))
    return inner + float(values[0] * q[0] + values[-1] * (1 - q[-1]))


def plan_findings(pair: StoredPair) -> Iterator[str]:
    """What is wrong with the curve of a pair."""
    arrays, n = pair.arrays, pair.n_electrons
    q, radii, upward = arrays["q"], arrays["curve_radii"], arrays["upward"] > 0
    wanted = {"curve_radii": (len(q), n), "curve_directions": (len(q), 3, n),
              "curve_energies": (len(q),), "curve_weights": (len(q),), "upward": (n,)}  # fmt: skip
    shapes = {name: np.shape(arrays[name]) for name in wanted}
    if shapes != wanted:
        yield f"the curve has arrays of the shapes {shapes}, not {wanted}"
        return
    if not (np.all(np.diff(q) > 0) and q[0] > 0 and q[-1] < 1):
        yield "q: the nodes do not increase within (0, 1)"
        return
    density = stored_density(pair)
    yield from _marginal(pair, radii, upward, density)
    yield from _shells(pair, density)
    if n > 1:
        yield from _cost(pair, q, radii)
        yield from _potential(pair, radii, density)


def _marginal(
    pair: StoredPair, radii: Array, upward: NDArray[np.bool_], density: StoredDensity
) -> Iterator[str]:
    """Each electron meets its own unit of charge; so integrals over the curve are those of rho."""
    n, q, weights = density.n_electrons, pair.arrays["q"], pair.arrays["curve_weights"]
    if np.any(weights < 0) or abs(float(np.sum(weights)) - 1) > 1e-9:
        yield "curve_weights: one is negative, or their sum is not 1"
    wanted = np.arange(n) + np.where(upward, q[:, None], 1 - q[:, None])
    off = float(np.max(np.abs(density.charge(radii) - wanted)))
    if not off <= _CHARGE * n:
        yield f"curve_radii: a radius encloses a charge that is wrong by {off:.1e} electrons"
    r = density.rule[0]
    for name, on_curve, in_space in (
        ("exp(-r)", np.exp(-radii), np.exp(-r)),
        ("1 / (1 + r^2)", 1 / (1 + radii**2), 1 / (1 + r**2)),
    ):
        value, error = along_q(q, np.sum(on_curve, axis=1))
        right = density.mean(in_space)
        by_weights = float(weights @ np.sum(on_curve, axis=1))
        for rule, mean in (("curve_radii", value), ("curve_weights", by_weights)):
            if not abs(mean - right) <= error + _CHARGE * n:
                yield (
                    f"{rule}: the mean of {name} over the plan is {mean:.10g}, over the density "
                    f"{right:.10g}: its marginal is another"
                )


def _shells(pair: StoredPair, density: StoredDensity) -> Iterator[str]:
    """Shell radii hold whole charges, and the maps lead from one unit of charge to the others."""
    n = density.n_electrons
    shells = density.charge(pair.arrays["shells"])
    if np.shape(shells) != (n - 1,) or np.any(np.abs(shells - np.arange(1, n)) > _CHARGE * n):
        yield "shells: a shell radius does not enclose a whole number of electrons"
    first, maps = pair.arrays["map_radii"], pair.arrays["maps"]
    inside = density.charge(first)
    shell = np.clip(np.floor(inside), 0, n - 1)
    upward = pair.arrays["upward"][shell.astype(int)] > 0
    done = np.where(upward, inside - shell, shell + 1 - inside)[:, None]
    wanted = np.arange(n) + np.where(pair.arrays["upward"] > 0, done, 1 - done)
    met = np.sort(density.charge(maps), axis=1)
    if not np.array_equal(maps[:, 0], first):
        yield "maps: the first is not the radius itself"
    if not np.max(np.abs(met - wanted)) <= _CHARGE * n:
        yield "maps: the radii of the others do not hold the charges that the plan has there"


def _cost(pair: StoredPair, q: Array, radii: Array) -> Iterator[str]:
    """The energies are those of the positions, and the cost is their integral."""
    energies, cost = pair.arrays["curve_energies"], float(pair.attributes["cost"])
    lengths = np.linalg.norm(pair.arrays["curve_directions"], axis=1, keepdims=True)
    if not np.all(np.abs(lengths - 1) < 1e-8):
        yield "curve_directions: they are no unit vectors"
    directions = pair.arrays["curve_directions"] / lengths
    again = repulsion(directions * radii[:, None, :])
    if not np.all(np.abs(again - energies) <= _ENERGY * again):
        worst = int(np.argmax(np.abs(again - energies)))
        yield (
            f"curve_energies: node {worst} has {energies[worst]:.12g}, and its positions "
            f"{again[worst]:.12g}"
        )
    torque = float(np.max(torques(directions, radii) / again[:, None]))
    if not torque <= _TORQUE:
        yield f"curve_directions: an electron is turned by a torque of {torque:.1e} of the energy"
    value, error = along_q(q, again)
    ahead = repulsion(directions[:-1] * radii[1:, None, :]) - again[1:]
    back = repulsion(directions[1:] * radii[:-1, None, :]) - again[:-1]
    kinks = float(np.diff(q) @ (np.maximum(ahead, 0) + np.maximum(back, 0))) / 8
    allowed = error + kinks + float(pair.attributes["quadrature_error"])
    if not abs(value - cost) <= allowed:
        yield (
            f"cost: {cost:.12g} is recorded, and the curve gives {value:.12g} with an error of "
            f"{allowed:.1e}"
        )


def _potential(pair: StoredPair, radii: Array, density: StoredDensity) -> Iterator[str]:
    """sum_i u(r_i(q)) - E(q) is the same for all q, since u' are the forces on the electrons."""
    x = np.log(density.r)
    steepness = pair.arrays["u_slope"] * density.r
    # At the ends rows have the slope outside: where a density ends abruptly, u has a kink there.
    off = np.abs(CubicSpline(x, pair.arrays["u"])(x, 1) - steepness)[1:-1]
    if not np.max(off) <= _SLOPE * np.max(np.abs(steepness)):
        yield "u_slope: it is not the slope of u"
    u = CubicHermiteSpline(x, pair.arrays["u"], steepness)
    more = pair.n_electrons - 1
    inner = np.clip(np.log(radii), x[0], x[-1])
    far = np.log(radii) > x[-1]
    values = np.where(far, more / np.where(far, radii, 1.0), u(inner))
    constant = np.sum(values, axis=1) - pair.arrays["curve_energies"]
    spread = float(np.ptp(constant))
    if not spread <= _POTENTIAL * float(np.max(np.abs(constant))):
        yield f"u: sum_i u(r_i) - E varies by {spread:.1e} hartree along the curve"
    edge = abs(float(pair.arrays["u"][-1]) * float(density.r[-1]) - more)
    if not edge <= 1e-6 * more:
        yield "u: it does not end like (N - 1) / r"
