"""The Lieb maximisation against exact solutions, and its grids against other bases.

What is on the same grid is tested in test_lieb_primal.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import erf

from comotion.density.model_densities import MODELS
from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.models.lieb.grids import (
    SOFT_COULOMB,
    line_pair,
    ordered_on_line,
    radial_pair,
    ring_pair,
    sine_density,
)
from comotion.models.lieb.maximise import LiebProblem, follow, lieb_maximum
from comotion.models.line_densities import LINE_DENSITIES
from comotion.models.line_plan import line_cost, line_zero_point
from comotion.models.semiclassical import pair_density


@pytest.mark.parametrize("hbar", [10.0, 1.0, 0.1])
def test_ring_is_a_one_dimensional_problem(hbar: float) -> None:
    """Uniform density: v = 0, and F is the least eigenvalue in the distance alone."""
    points = 40
    problem = ring_pair(SOFT_COULOMB.value, points)
    rng = np.random.default_rng(2)
    found = lieb_maximum(problem, hbar, 0.1 * rng.normal(size=points))
    d = np.arange(points)
    chain = 2 * np.eye(points) - np.roll(np.eye(points), 1, 0) - np.roll(np.eye(points), -1, 0)
    repulsion = SOFT_COULOMB.value(np.abs(np.sin(np.pi * d / points)) / np.pi)
    least = np.linalg.eigvalsh(hbar**2 * points**2 * chain + np.diag(repulsion))[0]
    assert found.functional == pytest.approx(least, abs=1e-9)
    assert np.ptp(found.potential) < 1e-7 * (1 + hbar**2)


@pytest.mark.parametrize("hbar", [10.0, 1.0, 0.1])
def test_ring_in_the_continuum(hbar: float) -> None:
    """Two grids, extrapolated by the square of the spacing, and plane waves in the distance."""
    coarse, fine = (
        lieb_maximum(ring_pair(SOFT_COULOMB.value, n), hbar).functional for n in (40, 80)
    )
    waves = np.arange(-60, 61)
    d = np.arange(512) / 512
    repulsion = SOFT_COULOMB.value(np.abs(np.sin(np.pi * d)) / np.pi)
    coefficients = np.fft.fft(repulsion).real / 512
    hamiltonian = coefficients[(waves[:, None] - waves) % 512]
    hamiltonian = hamiltonian + np.diag((hbar * 2 * np.pi * waves) ** 2)
    least = float(np.linalg.eigvalsh(hamiltonian)[0])
    assert (4 * fine - coarse) / 3 == pytest.approx(least, rel=2e-5)


class _Sines:
    """Two particles on [0, 1] in products of sines: another basis for the same maximum.

    Attributes:
        kinetic: Their kinetic energies.
        repulsion: Matrix of the repulsion.
        waves: Matrices of the sum over both particles of cos(2 pi k x), k = 1, 2, ...
    """

    def __init__(self, repulsion: Callable[[Array], Array], sign: int, size: int) -> None:
        m, n = np.triu_indices(size, 0 if sign > 0 else 1)
        m, n = m + 1, n + 1
        t, w = np.polynomial.legendre.leggauss(60)
        t, w = (1 + t) / 2, w / 2
        # The triangle x < y by the distance d and x = (1 - d) s.
        d = np.repeat(t, len(t))
        x = (1 - d) * np.tile(t, len(t))
        y = x + d
        weights = 2 * np.repeat(w, len(t)) * np.tile(w, len(t)) * (1 - d)

        def sine(k: NDArray[np.int64], z: Array) -> Array:
            return np.asarray(np.sqrt(2) * np.sin(np.pi * k * z[:, None]))

        product = sine(m, x) * sine(n, y) + sign * sine(n, x) * sine(m, y)
        product /= np.where(m == n, 2, np.sqrt(2))
        self.kinetic = np.pi**2 * (m**2 + n**2) / 2
        self.repulsion = (product.T * (weights * repulsion(d))) @ product
        self.waves = [
            (product.T * (weights * (np.cos(2 * np.pi * k * x) + np.cos(2 * np.pi * k * y))))
            @ product
            for k in range(1, 13)
        ]

    def functional(self, hbar: float) -> float:
        """The maximum over potentials v = sum_k v_k cos(2 pi k x)."""
        # Of the density 2 sin^2(pi x) = 1 - cos(2 pi x) only the first has a mean.
        target = np.zeros(len(self.waves))
        target[0] = -1.0

        def lowered(v: Array) -> tuple[float, Array]:
            hamiltonian = np.diag(hbar**2 * self.kinetic) + self.repulsion
            hamiltonian = hamiltonian + sum(a * wave for a, wave in zip(v, self.waves, strict=True))
            values, vectors = np.linalg.eigh(hamiltonian)
            state = vectors[:, 0]
            means = np.array([state @ wave @ state for wave in self.waves])
            return -float(values[0] - v @ target), target - means

        found: Any = minimize(lowered, np.zeros(len(self.waves)), jac=True, method="BFGS")
        return -float(found.fun)


@pytest.mark.slow
def test_line_in_the_continuum() -> None:
    """By two grids, extrapolated by the square of the spacing, and by sines."""
    sines = _Sines(SOFT_COULOMB.value, 1, 14)
    problems = [line_pair(sine_density, SOFT_COULOMB.value, points) for points in (40, 80)]
    coarse, fine = (follow(problem, [1.0, 0.5]) for problem in problems)
    for a, b in zip(coarse, fine, strict=True):
        h, k = 1 / 41**2, 1 / 81**2
        limit = (h * b.functional - k * a.functional) / (h - k)
        assert limit == pytest.approx(sines.functional(a.hbar), abs=3e-5)


def test_true_coulomb_repulsion_in_the_continuum() -> None:
    """States of finitely many sines are too costly by a little, because of the cusp at d = 0."""
    sines = _Sines(lambda d: 1 / d, -1, 14).functional(1.0)
    coarse, fine = (
        lieb_maximum(ordered_on_line(sine_density, 2, points), 1.0).functional
        for points in (29, 59)
    )
    limit = (4 * fine - coarse) / 3
    assert limit < sines < limit * (1 + 4e-4)


def test_limits_of_hbar() -> None:
    problem = line_pair(sine_density, SOFT_COULOMB.value, 60)
    large, small = follow(problem, [10.0, 3.0, 1.0, 0.5, 0.25, 0.12, 0.06, 0.03])[::7]
    product = np.outer(problem.target, problem.target) / 4
    assert np.sum(np.abs(pair_density(large.state, 60) - product)) < 1e-3
    # F = hbar^2 T_W + U + O(1 / hbar^2), with T_W = pi^2 on a fine grid.
    x = problem.sites
    mean_field = float(np.sum(product * SOFT_COULOMB.value(x[:, None] - x)))
    kinetic = (61 * 2 * np.sin(np.pi / 122)) ** 2
    assert large.functional == pytest.approx(100 * kinetic + mean_field, abs=2e-3)
    assert np.sum(np.abs(pair_density(small.state, 60) - product)) > 1.2
    # <c> = V + hbar F_ZPE / 2: half of the zero-point energy is repulsion.
    sine = LINE_DENSITIES["sine"]
    transport = line_cost(sine, 2, SOFT_COULOMB)
    zero_point = line_zero_point(sine, 2, SOFT_COULOMB)
    assert small.repulsion == pytest.approx(transport + 0.03 * zero_point / 2, rel=0.01)


def test_angle_from_the_mean_field_to_the_plan() -> None:
    """The mean cosine falls from near 0, where r_12 hardly counts, to near -1."""
    gaussian = MODELS["gaussian"](2)
    problem = radial_pair(lambda r: gaussian.density(r) / 2, 6.0, 16, 8)
    cosine, _ = np.polynomial.legendre.leggauss(8)
    states = follow(problem, [10.0, 3.0, 1.0, 0.5, 0.25, 0.12, 0.06])
    means = [float((s.state**2).reshape(-1, 8).sum(0) @ cosine) for s in states]
    assert np.all(np.diff(means) < 0)
    assert -0.01 < means[0] < 0
    # To first order in 1/hbar^2 the mean is proportional to it.
    assert means[0] / means[1] == pytest.approx(0.09, rel=0.05)
    assert -1 < means[-1] < -0.8


def _hooke_density(r: Array) -> Array:
    """Density of (1 + r_12 / 2) exp(-(r_1^2 + r_2^2) / 4), normalised to 1, in closed form.

    The mean of (1 + r_12/2)^2 over a Gaussian r_2 needs <r_12> and <r_12^2>, both elementary.
    """
    mean_square = r**2 + 3
    mean = np.sqrt(2 / np.pi) * np.exp(-(r**2) / 2) + (r + 1 / r) * erf(r / np.sqrt(2))
    weight = np.exp(-(r**2) / 2) * (1 + mean + mean_square / 4)
    x, w = np.polynomial.legendre.leggauss(400)
    s, w = 8 * (1 + x), 8 * w
    mean_s = np.sqrt(2 / np.pi) * np.exp(-(s**2) / 2) + (s + 1 / s) * erf(s / np.sqrt(2))
    norm = float(w @ (4 * np.pi * s**2 * np.exp(-(s**2) / 2) * (1 + mean_s + (s**2 + 3) / 4)))
    return np.asarray(weight / norm)


def test_hookes_atom() -> None:
    """The exact state of two electrons in r^2 / 8 has the energy 2 (Taut, Phys. Rev. A 48, 3561).

    F = 2 - int rho r^2 / 8; the distance s has the density s^2 (1 + s/2)^2 exp(-s^2/4), whose mean
    of 1/s is <c>. The potential must come back as -r^2 / 8 turned round: F = E - int rho v.
    """
    r, w = np.polynomial.legendre.leggauss(400)
    r, w = 8 * (1 + r), 8 * w
    square = float(w @ (4 * np.pi * r**4 * _hooke_density(r)))
    functional = 2 - 2 * square / 8
    apart = r**2 * (1 + r / 2) ** 2 * np.exp(-(r**2) / 4)
    repulsion = float(w @ (apart / r) / (w @ apart))
    errors = []
    for points in (16, 32):
        problem = radial_pair(_hooke_density, 7.0, points, 8)
        found = lieb_maximum(problem, 1.0)
        errors.append(
            np.abs(
                [
                    found.functional - functional,
                    found.repulsion - repulsion,
                    found.kinetic - (functional - repulsion),
                ]
            )
        )
    # The error falls like the square of the spacing.
    assert np.all(errors[1] < 0.4 * errors[0])
    assert np.all(errors[1] < [0.01, 4e-3, 0.015])
    sites = problem.sites
    inner = (sites > 0.5) & (sites < 4)
    difference = found.potential[inner] - sites[inner] ** 2 / 8
    assert np.ptp(difference) < 0.04


def _small() -> LiebProblem:
    return line_pair(sine_density, SOFT_COULOMB.value, 20)


def test_wrong_inputs() -> None:
    with pytest.raises(TransportError, match="hbar must be positive, got 0"):
        lieb_maximum(_small(), 0.0)
    with pytest.raises(TransportError, match="hbar must be positive, got nan"):
        lieb_maximum(_small(), np.nan)
    with pytest.raises(TransportError, match="hbar must fall"):
        follow(_small(), [0.1, 1.0])
    with pytest.raises(TransportError, match="its mass is 2"):
        line_pair(lambda x: 2 * sine_density(x), SOFT_COULOMB.value, 20)
    with pytest.raises(TransportError, match="its mass is nan"):
        line_pair(lambda x: np.nan * x, SOFT_COULOMB.value, 20)
    with pytest.raises(TransportError, match="finite, also at distance 0"):
        line_pair(sine_density, lambda d: 1 / np.where(d > 0, d, np.nan), 20)
    with pytest.raises(TransportError, match="at least 4 points"):
        line_pair(sine_density, SOFT_COULOMB.value, 2)
    with pytest.raises(TransportError, match="at least 2 particles"):
        ordered_on_line(sine_density, 1, 20)


def test_an_iteration_that_does_not_converge_says_how_far_it_is() -> None:
    with pytest.raises(TransportError, match=r"stopped with .* particles in the wrong place"):
        lieb_maximum(_small(), 1.0, tolerance=0.0)
