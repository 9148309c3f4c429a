"""The Lieb maximisation against exact solutions, extrapolated references and the primal value."""

from collections.abc import Callable

import numpy as np
import pytest
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
from comotion.models.smoothing import monotone_plan

Check = Callable[[str, str, float], None]

_HBARS = (10.0, 3.0, 1.0, 0.5, 0.25, 0.12)


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


def test_ring_of_the_table(check: Check) -> None:
    """Two grids, extrapolated by the square of the spacing."""
    coarse, fine = (follow(ring_pair(SOFT_COULOMB.value, n), [10.0, 1.0, 0.1]) for n in (40, 80))
    for a, b in zip(coarse, fine, strict=True):
        check("semiclassical", f"ring F-{a.hbar:g}", (4 * b.functional - a.functional) / 3)


def test_line_extrapolated(check: Check) -> None:
    """Against a sine basis, by two grids."""
    values = []
    for points in (40, 80):
        problem = line_pair(sine_density, SOFT_COULOMB.value, points)
        states = follow(problem, _HBARS)
        values.append({s.hbar: s.functional for s in states})
        for state in states:
            # Primal equals dual: the state has the density, and its energy is the functional.
            assert state.residual < 1e-9
            primal = state.hbar**2 * state.kinetic + state.repulsion
            assert state.functional == pytest.approx(primal, rel=1e-10)
            density = problem.counts @ state.state**2
            np.testing.assert_allclose(density, problem.target, atol=1e-9)
            assert state.potential @ problem.target == pytest.approx(0, abs=1e-9)
    coarse, fine = 1 / 41**2, 1 / 81**2
    for hbar in (1.0, 0.5, 0.25, 0.12):
        limit = (coarse * values[1][hbar] - fine * values[0][hbar]) / (coarse - fine)
        check("semiclassical", f"F-{hbar:g}", limit)


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


def test_zero_point_slopes(check: Check) -> None:
    sine = LINE_DENSITIES["sine"]
    check("semiclassical", "transport", line_cost(sine, 2, SOFT_COULOMB))
    check("semiclassical", "zero_point", line_zero_point(sine, 2, SOFT_COULOMB))
    check("semiclassical", "coulomb zero_point", line_zero_point(sine, 2))
    check("three_particles", "zero_point", line_zero_point(sine, 3))


@pytest.mark.slow
def test_two_hundred_points(check: Check) -> None:
    points = 200
    problem = line_pair(sine_density, SOFT_COULOMB.value, points)
    mass, x = problem.target / 2, problem.sites
    transport = float(np.sum(monotone_plan(mass) * SOFT_COULOMB.value(x[:, None] - x)))
    check("semiclassical", "n=200 transport", transport)
    product = np.outer(mass, mass)
    for state in follow(problem, [3.0, 1.0, 0.5, 0.25, 0.12, 0.06, 0.03]):
        hbar = state.hbar
        if hbar in (0.25, 0.06, 0.03):
            slope = (state.functional - transport) / hbar
            check("semiclassical", f"n=200 slope-{hbar:g}", slope)
        if hbar in (1.0, 0.25, 0.06):
            distance = float(np.sum(np.abs(pair_density(state.state, points) - product)))
            check("semiclassical", f"n=200 distance-{hbar:g}", distance)


def test_true_coulomb_repulsion(check: Check) -> None:
    values = []
    for points in (39, 79):
        states = follow(ordered_on_line(sine_density, 2, points), [1.0, 0.5, 0.25])
        values.append({s.hbar: s.functional for s in states})
    for hbar in (1.0, 0.25):
        check("semiclassical", f"coulomb F-{hbar:g}", (4 * values[1][hbar] - values[0][hbar]) / 3)


def test_three_particles(check: Check) -> None:
    found = follow(ordered_on_line(sine_density, 3, 24), [1.0, 0.5, 0.25])[-1]
    check("three_particles", "F-0.25 n=24", found.functional)


@pytest.mark.slow
def test_gaussian_in_space(check: Check) -> None:
    gaussian = MODELS["gaussian"](2)
    problem = radial_pair(lambda r: gaussian.density(r) / 2, 6.0, 40, 12)
    for state in follow(problem, [3.0, 1.0]):
        check("radial_semiclassical", f"F-{state.hbar:g}", state.functional)


def test_angles_in_space(check: Check) -> None:
    gaussian = MODELS["gaussian"](2)
    small = radial_pair(lambda r: gaussian.density(r) / 2, 6.0, 30, 10)
    cosine, _ = np.polynomial.legendre.leggauss(10)
    for state in follow(small, [3.0, 1.0, 0.5, 0.25, 0.12, 0.06]):
        mean = float((state.state**2).reshape(-1, 10).sum(0) @ cosine)
        if state.hbar in (3.0, 1.0, 0.25, 0.06):
            check("radial_semiclassical", f"cosine-{state.hbar:g}", mean)


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


def test_hookes_atom(check: Check) -> None:
    """The exact state is known, and the potential must come back as r^2 / 8."""
    values = []
    for points in (24, 48):
        problem = radial_pair(_hooke_density, 7.0, points, 8)
        found = lieb_maximum(problem, 1.0)
        values.append(found.functional)
    check("hooke", "F", values[-1])
    check("hooke", "repulsion", found.repulsion)
    assert abs(values[1] - 1.1118608) < abs(values[0] - 1.1118608)
    r = problem.sites
    inner = (r > 0.5) & (r < 4)
    difference = found.potential[inner] - r[inner] ** 2 / 8
    assert np.ptp(difference) < 0.02


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
