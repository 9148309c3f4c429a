"""What the soluble problems accept, just inside and just outside, and their tails."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize
from scipy.special import ndtri
from scipy.stats import norm

from comotion.density.radial import Array
from comotion.errors import DensityError, TransportError
from comotion.models import line_plan
from comotion.models.line_densities import LINE_DENSITIES, LineDensity
from comotion.models.line_duality import line_potential
from comotion.models.line_plan import (
    comotion_on_line,
    graded_masses,
    line_cost,
    line_zero_point,
    positions,
)
from comotion.models.meeting_electrons import by_slaters_rules
from comotion.models.meeting_programme import comotion_radii, local_plan, potential_steps
from comotion.models.plans_not_maps import harmonic_plan, tangent_values
from comotion.models.sites import ionic_constant, least_cost, membership, occupations
from comotion.models.three_on_spheres import triangles
from comotion.transport.pair_cost import PairCost

_GAUSSIAN, _SINE, _UNIFORM = (LINE_DENSITIES[name] for name in ("gaussian", "sine", "uniform"))


@pytest.mark.parametrize("name", LINE_DENSITIES)
def test_quantiles_far_out(name: str) -> None:
    """With 1e-12 on the left, or on the right, which 1 - u could not say."""
    density, small = LINE_DENSITIES[name], np.array([1e-12, 1e-5, 0.3])
    left = density.quantile(small, 1 - small)
    np.testing.assert_allclose(density.distribution(left), small, rtol=1e-4 if name == "sine" else
                               1e-12, atol=1e-17)  # fmt: skip
    right = density.quantile(1 - small, small)
    middle = 0.5 if name in {"uniform", "sine"} else 0.0
    np.testing.assert_allclose(right - middle, middle - left, rtol=1e-12, atol=1e-16)
    x = np.linspace(left[1], right[1], 11)[1:-1]
    step = 1e-6
    slope = (density.distribution(x + step) - density.distribution(x - step)) / (2 * step)
    np.testing.assert_allclose(density.density(x), slope, rtol=1e-7)


def test_sine_quantile_near_the_wall() -> None:
    """Where 2 sin^2 has the mass u: u = 2 pi^2 x^3 / 3 (1 - pi^2 x^2 / 5 + ...)."""
    for u in (1e-14, 1e-9, 1e-4, 0.2, 0.499):
        x = float(_SINE.quantile(np.array([u]), np.array([1 - u]))[0])
        if u < 1e-6:
            mass = 2 * np.pi**2 * x**3 / 3 * (1 - np.pi**2 * x**2 / 5)
            assert mass == pytest.approx(u, rel=1e-9)
        else:
            root = brentq(lambda y, u=u: y - np.sin(2 * np.pi * y) / (2 * np.pi) - u, 0, 1)
            assert x == pytest.approx(float(root), rel=1e-10)


@pytest.mark.parametrize(("off", "right"), [(0.8e-8, True), (1.2e-8, False)])
def test_distribution_and_quantile_agree(off: float, right: bool) -> None:
    make = partial(LineDensity, "g", norm.pdf, lambda x: norm.cdf(x) + off, lambda u, _: ndtri(u))
    if right:
        make()
    else:
        with pytest.raises(DensityError, match=r"F\(F\^-1\(u\)\)"):
            make()


@pytest.mark.parametrize(("off", "right"), [(0.99e-3, True), (1.01e-3, False)])
def test_density_and_distribution_agree(off: float, right: bool) -> None:
    make = partial(
        LineDensity, "u", lambda x: np.full_like(x, 1 + off), lambda x: x, lambda u, _: u
    )
    if right:
        make()
    else:
        with pytest.raises(DensityError, match="has the slope 1:"):
            make()


def test_masses_run_through_an_interval() -> None:
    """s^2 (3 - 2 s) / N and what is left of 1/N, both to all digits at their small ends."""
    s = np.array([0.0, 1e-9, 0.5, 1 - 2.0**-40, 1.0])
    u, rest = graded_masses(s, 4)
    np.testing.assert_allclose(u, [0, 0.75e-18, 0.125, 0.25, 0.25], rtol=1e-8)
    np.testing.assert_allclose(rest, [0.25, 0.25, 0.125, 0.75 * 2.0**-80, 0], rtol=1e-8)
    x = positions(_UNIFORM, 4, u, rest)
    np.testing.assert_allclose(x, u[:, None] + np.arange(4) / 4, rtol=1e-15)


@pytest.mark.parametrize(("off", "right"), [(0.9e-6, True), (1.1e-6, False)])
def test_means_over_the_plan_settle(
    off: float, right: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Relative change with half of the nodes: of a constant that depends on their number."""
    weights = {200: 1 + off, 400: 1.0}
    monkeypatch.setattr(
        line_plan, "_rule",
        lambda number: (np.full(number, 0.5), np.full(number, weights[number] / number)),
    )  # fmt: skip
    if right:
        assert line_cost(_UNIFORM, 2) == pytest.approx(2.0)
    else:
        with pytest.raises(TransportError, match=r"400 nodes .* take more nodes"):
            line_cost(_UNIFORM, 2)


def test_the_distance_at_which_a_repulsion_rises_is_told() -> None:
    """A step of 5 at 3; what rises by less than 1e-9 of the largest value is rounding."""

    def step(height: float) -> PairCost:
        return PairCost.of(lambda d: 1 / d + height * (d > 3))

    with pytest.raises(TransportError, match=r"custom rises at the distance 3\.0") as told:
        line_cost(_GAUSSIAN, 2, step(5.0))
    assert float(re.findall(r"distance ([\d.]+):", str(told.value))[0]) == pytest.approx(3, abs=0.1)
    for height, right in ((0.9, True), (1.1, False)):
        cost = replace(PairCost.yukawa(0.0), value=partial(_nearly_constant, height))
        if right:
            line_cost(_GAUSSIAN, 2, cost)
        else:
            with pytest.raises(TransportError, match="rises at the distance"):
                line_cost(_GAUSSIAN, 2, cost)


def _nearly_constant(height: float, d: Array) -> Array:
    return np.asarray(2 + 2e-9 * height * (d > 3))


def test_fewer_nodes_of_a_smooth_mean() -> None:
    assert line_cost(_UNIFORM, 3, nodes=20) == pytest.approx(7.5, rel=1e-12)
    whole = line_zero_point(_UNIFORM, 3)
    assert line_zero_point(_UNIFORM, 3, nodes=20) == pytest.approx(whole, rel=1e-9)


def test_uniform_particles_oscillate_like_a_chain() -> None:
    """Of two: omega^2 = 2 l''(1/2) = 32. Of three: H by hand at the distances 1/3 and 2/3."""
    assert line_zero_point(_UNIFORM, 2) == pytest.approx(np.sqrt(32) / 2, rel=1e-12)
    near, far = 2 * 27.0, 2 * 27.0 / 8
    hessian = np.array([
        [near + far, -near, -far], [-near, 2 * near, -near], [-far, -near, near + far]
    ])  # fmt: skip
    squares = np.linalg.eigvalsh(hessian)[1:]
    assert line_zero_point(_UNIFORM, 3) == pytest.approx(np.sqrt(squares).sum() / 2, rel=1e-12)
    for n in (0, 1):
        with pytest.raises(TransportError, match="at least 2"):
            line_zero_point(_UNIFORM, n)


def test_a_plan_that_is_no_minimum_has_no_oscillations() -> None:
    """With a concave repulsion particles would rather move together."""
    concave = replace(PairCost.repulsive_harmonic(), curvature=lambda d: np.full_like(d, -2.0))
    with pytest.raises(TransportError, match="no minimum across its curve"):
        line_zero_point(_UNIFORM, 2, concave)


def test_potential_of_two_uniform_particles() -> None:
    """The force 1/d^2 at d = 1/2 is the slope, 4 and -4 on both halves; sums are the cost 2."""
    found = line_potential(_UNIFORM, 2, points=200)
    assert len(found.x) == 400
    slopes = np.diff(found.values) / np.diff(found.x)
    np.testing.assert_allclose(slopes[:199], 4, rtol=1e-9)
    np.testing.assert_allclose(slopes[200:], -4, rtol=1e-9)
    assert found.dual == pytest.approx(2.0, rel=1e-9)
    np.testing.assert_allclose(found.values[:200] + found.values[200:], 2.0, rtol=1e-9)
    with pytest.raises(TransportError, match="at least 2"):
        line_potential(_UNIFORM, 1)


@pytest.mark.parametrize("name", ["gaussian", "logistic", "sine"])
@pytest.mark.parametrize("n", [2, 3, 4])
def test_potentials_prove_the_cost(name: str, n: int) -> None:
    """Sum v <= V everywhere on a random sample of places, and N int rho v is the cost."""
    density = LINE_DENSITIES[name]
    found = line_potential(density, n)
    assert found.dual == pytest.approx(line_cost(density, n), rel=1e-7)
    rng = np.random.default_rng(n)
    masses = np.sort(rng.uniform(1e-3, 1 - 1e-3, size=(2000, n)), axis=1)
    x = density.quantile(masses, 1 - masses)
    i, j = np.triu_indices(n, 1)
    costs = np.sum(1 / (x[:, j] - x[:, i]), axis=1)
    assert np.min(costs - np.interp(x, found.x, found.values).sum(axis=1)) > -1e-5


def test_maps_of_one_and_of_many() -> None:
    x = np.array([0.05, 0.3, 0.95])
    np.testing.assert_allclose(comotion_on_line(_UNIFORM, 1, x), x[:, None])
    expected = (x[:, None] + np.arange(4) / 4) % 1
    np.testing.assert_allclose(comotion_on_line(_UNIFORM, 4, x), expected, atol=1e-15)


@pytest.mark.parametrize(("off", "right"), [(0.9e-9, True), (1.1e-9, False)])
def test_what_rounding_may_make_of_masses_on_sites(off: float, right: bool) -> None:
    """Of a marginal, and of the symmetry, mass and sign of a pair density."""
    marginal = np.array([0.5, 0.5 + off])
    pairs = np.array([[0.25, 0.25], [0.25, 0.25]])
    skew, heavy, negative = pairs.copy(), pairs.copy(), np.array([[0.0, 0.5], [0.5, 0.0]])
    skew[0, 1] += off / 2
    skew[1, 0] -= off / 2
    heavy[0, 0] += off
    negative[0, 0] -= off
    negative[1, 1] += off
    if right:
        assert least_cost(np.eye(2), marginal, 2) == pytest.approx(0.0, abs=1e-8)
        for rho in (skew, heavy, negative):
            assert membership(rho, 2).distance < 1e-7
    else:
        with pytest.raises(TransportError, match="no probability"):
            least_cost(np.eye(2), marginal, 2)
        for rho, sentence in ((skew, "symmetric"), (heavy, "mass 1"), (negative, "not negative")):
            with pytest.raises(TransportError, match=sentence):
                membership(rho, 2)


def test_shapes_that_are_no_pair_densities() -> None:
    for rho in (np.array([0.5, 0.5]), np.full((1, 2), 0.5)):
        with pytest.raises(TransportError, match="symmetric square"):
            membership(rho, 2)
    with pytest.raises(TransportError, match="no probability"):
        least_cost(np.eye(2), np.array([1.1, -0.1]), 2)
    with pytest.raises(TransportError, match="got k = 1"):
        ionic_constant(1)
    assert ionic_constant(2) == np.inf
    np.testing.assert_array_equal(occupations(2, 2), [[2, 0], [1, 1], [0, 2]])


def test_triangles_by_another_minimiser() -> None:
    """Angles and energies of three electrons; the angles from the first, one to each side."""
    radii = np.array([[1.0, 1.0, 1.0], [0.5, 1.0, 3.0], [0.01, 2.0, 2.1], [4.0, 1.0, 0.2]])
    found = triangles(radii)
    np.testing.assert_allclose(found.angles[0], 2 * np.pi / 3, rtol=1e-12)
    assert found.energies[0] == pytest.approx(np.sqrt(3), rel=1e-14)
    for r, angles, energy, x in zip(
        radii, found.angles, found.energies, found.positions, strict=True
    ):

        def total(at: Array, r: Array = r) -> float:
            a, b = at
            pairs = ((0, 1, a), (0, 2, b), (1, 2, a + b))
            return float(sum((r[i]**2 + r[j]**2 - 2 * r[i] * r[j] * np.cos(c))**-0.5
                             for i, j, c in pairs))  # fmt: skip

        search: Any = minimize
        best = min(search(total, s, tol=1e-13).fun for s in ([2, 2], [1, 3], [3, 1], [3, 3]))
        assert energy == pytest.approx(best, rel=1e-9)
        assert total(angles) == pytest.approx(energy, rel=1e-14)
        d = [np.linalg.norm(x[:, i] - x[:, j]) for i, j in ((0, 1), (0, 2), (1, 2))]
        assert np.sum(1 / np.array(d)) == pytest.approx(energy, rel=1e-13)
        np.testing.assert_array_equal(x[2], 0)


def test_steps_of_the_potential_are_integrals_of_forces() -> None:
    """Of q^(1/3); at the largest q asked for and halfway, by Gauss-Legendre quadrature."""
    density = by_slaters_rules(3)
    steps = potential_steps(density, 0.01)
    x, w = np.polynomial.legendre.leggauss(60)
    for end in (0.01, 0.005):
        t = np.cbrt(end) * (1 + x) / 2
        radii = comotion_radii(density, t**3)
        np.testing.assert_allclose(density.cumulant(radii), np.stack(
            [t**3, 2 - t**3, 2 + t**3], axis=1), rtol=1e-9)  # fmt: skip
        speeds = np.array([1, -1, 1]) / (4 * np.pi * radii**2 * density.density(radii))
        integrand = 3 * t[:, None] ** 2 * triangles(radii).forces * speeds
        expected = np.cbrt(end) / 2 * w @ integrand
        found = [float(step(np.cbrt(end))) for step in steps]
        np.testing.assert_allclose(found, expected, rtol=1e-7)


def test_errors_of_local_plans_cover_finer_quadrature() -> None:
    plan = local_plan(by_slaters_rules(3), 0.05, 5)
    assert 0 < plan.quadrature_error < 0.1 * plan.excess
    assert 0 <= plan.marginal_error < 1e-12
    assert plan.weights.sum() == pytest.approx(0.05, rel=1e-12)
    np.testing.assert_allclose(plan.edges, 0.05 * np.linspace(0, 1, 6) ** 3, rtol=1e-14)
    for region in (0.0, 1.0, -0.1):
        with pytest.raises(TransportError, match="region within"):
            local_plan(by_slaters_rules(3), region, 4)


def test_harmonic_plans_of_two_by_hand() -> None:
    """Two particles on three places: opposite ones, and twice the middle."""
    found = harmonic_plan(np.array([[0.0], [1.0], [2.0]]), 2)
    assert found.cost == pytest.approx(found.bound, abs=1e-12)
    assert found.bound == pytest.approx(-4 * 2 / 3, rel=1e-14)
    assert found.multisets.tolist() == [[0, 0], [0, 1], [0, 2], [1, 1], [1, 2], [2, 2]]
    assert found.plane.tolist() == [False, False, True, True, False, False]
    np.testing.assert_allclose(found.widest, [0, 0, 2 / 3, 1 / 3, 0, 0], atol=1e-12)
    np.testing.assert_allclose(found.vertex, found.widest, atol=1e-12)


def test_tangents_of_two_electrons_by_hand() -> None:
    """At r and t on the z axis: turns about x and y, and the motion along the curve."""

    class Curve:
        """Three nodes, the last one turned about z, which must not count."""

        def __init__(self) -> None:
            first = np.array([[0, 0], [0, 0], [0.9, -2.1]])
            here = np.array([[0, 0], [0, 0], [1.0, -2.0]])
            last = np.array([[0, 0], [0, 0], [1.1, -1.9]])
            c, s = np.cos(0.3), np.sin(0.3)
            turn = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
            self.positions = np.stack([first, here, turn @ last])

    curve: Any = Curve()
    values = tangent_values(curve, 1)
    # Each of unit speed on average: the two turns and the motion, all at right angles.
    np.testing.assert_allclose(values, [np.sqrt(2)] * 3 + [0], atol=1e-7)


@settings(max_examples=5)
@given(
    name=st.sampled_from(sorted(LINE_DENSITIES)), n=st.integers(2, 5),
    length=st.floats(0.1, 10.0), shift=st.floats(-3.0, 3.0), turned=st.booleans(),
)  # fmt: skip
def test_lengths_shifts_and_mirrors_on_a_line(
    name: str, n: int, length: float, shift: float, turned: bool
) -> None:
    """Costs of x -> shift +- length x are divided by the length, frequencies by its power 3/2."""
    density, sign = LINE_DENSITIES[name], -1 if turned else 1

    def back(x: Array) -> Array:
        return np.asarray(sign * (x - shift) / length)

    def distribution(x: Array) -> Array:
        mass = density.distribution(back(x))
        return 1 - mass if turned else mass

    def quantile(left: Array, right: Array) -> Array:
        x = density.quantile(right, left) if turned else density.quantile(left, right)
        return np.asarray(shift + sign * length * x)

    moved = LineDensity(
        "moved", lambda x: density.density(back(x)) / length, distribution, quantile
    )
    assert line_cost(moved, n) == pytest.approx(line_cost(density, n) / length, rel=1e-9)
    zero = line_zero_point(density, n) / length**1.5
    assert line_zero_point(moved, n) == pytest.approx(zero, rel=1e-6)
