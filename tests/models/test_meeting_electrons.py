"""Two electrons that meet: every statement by a second route."""

import re
from pathlib import Path

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad

from comotion.density.model_densities import exponential
from comotion.density.radial import RadialDensity
from comotion.errors import TransportError
from comotion.models.meeting_electrons import (
    LeadingOrder,
    by_slaters_rules,
    comotion_cost,
    gains,
    least_squares_of_frequencies,
    of_three,
    violation,
)
from comotion.models.meeting_programme import comotion_radii, local_plan
from comotion.models.three_on_spheres import triangles
from comotion.transport.angular.search import angular_minimum
from comotion.transport.comotion import comotion_plan
from comotion.transport.maps import alternating, configuration_radii
from comotion.transport.zero_point import pair_hessian

_DENSITIES = [exponential(3), by_slaters_rules(3)]
_NAMES = ["exponential", "lithium"]
_three = pytest.mark.parametrize("density", _DENSITIES, ids=_NAMES)


def test_triangles_are_those_of_the_search_in_space() -> None:
    rng = np.random.default_rng(3)
    radii = np.exp(rng.uniform(-3, 2, (200, 3)))
    found = triangles(radii)
    searched = angular_minimum(radii, seed=1)
    np.testing.assert_allclose(found.energies, searched.energies, rtol=1e-12)
    away = np.linalg.norm(found.positions, axis=1)
    np.testing.assert_allclose(away, radii, rtol=1e-14)


def test_forces_are_derivatives_of_the_energy() -> None:
    radii = np.exp(np.random.default_rng(5).uniform(-1, 1, (20, 3)))
    forces = triangles(radii).forces
    for i in range(3):
        step = 1e-5 * np.eye(3)[i]
        numeric = (triangles(radii + step).energies - triangles(radii - step).energies) / 2e-5
        np.testing.assert_allclose(forces[:, i], numeric, atol=1e-8)


def test_radii_of_no_sphere_are_told() -> None:
    with pytest.raises(TransportError, match="did not settle"):
        triangles(np.array([[1.0, 2.0, np.nan]]))


def test_the_first_electron_bends_the_axis_of_the_others() -> None:
    """E_3 = 5/(2a) - 5 r^2/a^3: the least energy to 40 digits, by another minimiser."""
    with mpmath.workdps(40):
        a, r = mpmath.mpf("1.7"), mpmath.mpf("1e-6")

        def energy(bend: mpmath.mpf) -> mpmath.mpf:
            opposite = 1 / (2 * a * mpmath.cos(bend))
            return opposite + 2 / mpmath.sqrt(r**2 + a**2 + 2 * a * r * mpmath.sin(bend))

        bend = mpmath.findroot(lambda x: mpmath.diff(energy, x), 4 * r / a)
        coefficient = (energy(bend) - 5 / (2 * a)) * a**3 / r**2
        assert float(bend * a / r) == pytest.approx(4, rel=1e-5)
        assert float(coefficient) == pytest.approx(-5, rel=1e-5)
    # The same arrangement is the least one among all.
    near = triangles(np.array([[1e-3, 1.7, 1.7]]))
    assert (near.energies[0] - 5 / 3.4) * 1.7**3 / 1e-6 == pytest.approx(-5, rel=1e-2)


@_three
@pytest.mark.parametrize("q", [1e-6, 1e-4, 1e-2])
def test_square_of_the_frequency_with_u_from_differences(density: RadialDensity, q: float) -> None:
    """The whole Hessian of V - sum u, whose u'' is the change of the force from node to node."""
    around = np.array([q * (1 - 1e-4), q, q * (1 + 1e-4)])
    radii = comotion_radii(density, around)
    found = triangles(radii)
    second = (found.forces[2] - found.forces[0]) / (radii[2] - radii[0])
    position = found.positions[1]
    hessian = pair_hessian(position).reshape(3, 3, 3, 3)
    for i, r in enumerate(radii[1]):
        unit = position[:, i] / r
        along = np.outer(unit, unit)
        slope = found.forces[1, i] / r
        hessian[:, i, :, i] -= second[i] * along + slope * (np.eye(3) - along)
    least = np.linalg.eigvalsh(hessian.reshape(9, 9))[0]
    square = least_squares_of_frequencies(density, of_three(radii[1:2]))[0]
    assert square < 0
    assert square == pytest.approx(least, rel=1e-4)


def test_exponents_and_coefficients_without_a_fit() -> None:
    density = exponential(3)
    order = LeadingOrder.of(density)
    q = np.array([1e-9, 1e-8])
    squares = least_squares_of_frequencies(density, of_three(comotion_radii(density, q)))
    np.testing.assert_allclose(squares, order.square(q), rtol=1e-3)
    assert np.log10(squares[0] / squares[1]) == pytest.approx(1 / 3, abs=1e-3)
    q = np.array([1e-6, 1e-5])
    fallen = violation(density, q)
    np.testing.assert_allclose(fallen, order.violation(q), rtol=2e-3)
    assert np.log10(fallen[1] / fallen[0]) == pytest.approx(5 / 3, abs=1e-3)
    gained = np.array([gains(density, float(region)) for region in q])
    np.testing.assert_allclose(gained[:, 0], order.gain(q), rtol=1e-2)
    np.testing.assert_allclose(gained[:, 1], 2 * order.gain(q), rtol=1e-2)
    assert np.log10(gained[1] / gained[0]) == pytest.approx([8 / 3, 8 / 3], abs=5e-3)


@_three
def test_fall_beside_the_plan_by_adaptive_quadrature(density: RadialDensity) -> None:
    q = 1e-5
    step = 0.0
    for electron in (1, 2):
        # From R(2 - q) to the shell radius and on to R(2 + q), over the cube root of q.
        def slope(t: float, electron: int = electron) -> float:
            radii = comotion_radii(density, np.array([t**3]))
            r = radii[0, electron]
            force = triangles(radii).forces[0, electron]
            return float(3 * t**2 * force / (4 * np.pi * r**2 * density.density(r)))

        step += quad(slope, 0, np.cbrt(q), epsabs=1e-16, epsrel=1e-12)[0]
    radii = comotion_radii(density, np.array([q]))
    lower = triangles(radii[:, [0, 1, 1]]).energies - triangles(radii).energies + step
    assert violation(density, np.array([q]))[0] == pytest.approx(-float(lower[0]), rel=1e-5)
    assert lower[0] < 0


def test_gain_by_the_search_in_space() -> None:
    density, region = exponential(3), 0.05
    x, weights = np.polynomial.legendre.leggauss(80)
    q, weights = region * ((1 + x) / 2) ** 3, weights * 1.5 * region * ((1 + x) / 2) ** 2
    assert weights.sum() == pytest.approx(region)
    radii = configuration_radii(density, q, 1 - q, alternating(3))
    backwards = radii.copy()
    backwards[:, 2] = density.radius(2 + (region - q))
    cost, other = (angular_minimum(r, seed=2).energies for r in (radii, backwards))
    assert gains(density, region)[0] == pytest.approx(float(weights @ (cost - other)), rel=1e-6)


@_three
def test_local_plan_has_the_density_and_costs_less(density: RadialDensity) -> None:
    region, cells = 0.05, 8
    plan = local_plan(density, region, cells)
    width = np.diff(plan.edges)
    charge = np.zeros((2, 2 * cells))
    np.add.at(charge[0], plan.cells[:, 0], plan.weights)
    for electron in (1, 2):
        np.add.at(charge[1], plan.cells[:, electron] + cells, plan.weights)
    np.testing.assert_allclose(charge[0, :cells], width, atol=1e-15)
    np.testing.assert_allclose(charge[1], np.concatenate((width[::-1], width)), atol=1e-15)
    # Costs themselves instead of costs above sum u, and each electron both ways.
    x, weights = np.polynomial.legendre.leggauss(16)
    s, weights = (1 + x) / 2, weights / 2
    cost = 0.0
    for (first, *others), weight in zip(plan.cells, plan.weights, strict=True):
        inner = plan.edges[first] + width[first] * s
        radii = [density.radius(inner, 3 - inner)]
        ways = []
        for cell in others:
            low = plan.edges[cell] if cell >= 0 else -plan.edges[-cell]
            size = width[cell] if cell >= 0 else width[-cell - 1]
            outer = 2 + low + size * s
            ways.append([density.radius(outer), density.radius(outer[::-1])])
        cost += weight * min(
            float(weights @ triangles(np.stack([radii[0], a, b], axis=1)).energies)
            for a in ways[0] for b in ways[1]
        )  # fmt: skip
    t = s * np.cbrt(region)
    comotion = triangles(comotion_radii(density, t**3)).energies
    spent = float(3 * np.cbrt(region) * weights @ (t**2 * comotion))
    assert plan.excess == pytest.approx(spent - cost, rel=1e-4)
    assert plan.excess > 10 * (plan.quadrature_error + plan.marginal_error)
    assert plan.excess > gains(density, region)[0]


def test_finer_cells_cost_no_more() -> None:
    coarse, fine = (local_plan(by_slaters_rules(3), 0.01, cells).excess for cells in (5, 10))
    assert 0 < coarse < fine


def test_what_the_documents_say_of_lithium_and_beryllium(project: Path) -> None:
    text = " ".join((project / "docs/accuracy.md").read_text(encoding="utf-8").split())
    said = re.search(r"by (\S+) hartree or more for lithium .* and (\S+) or more for beryl", text)
    assert said
    lithium, beryllium = map(float, said.groups())
    assert lithium < local_plan(by_slaters_rules(3), 0.1, 16).excess < 1.1 * lithium
    density, region, upward = by_slaters_rules(4), 3e-3, alternating(4)
    x, weights = np.polynomial.legendre.leggauss(40)
    q, weights = region * ((1 + x) / 2) ** 3, weights * 1.5 * region * ((1 + x) / 2) ** 2
    radii = configuration_radii(density, q, 1 - q, upward)
    backwards = radii.copy()
    backwards[:, 2] = density.radius(2 + (region - q))
    for seed in (3, 4):
        cost, other = (angular_minimum(r, seed=seed).energies for r in (radii, backwards))
        assert beryllium < float(weights @ (cost - other)) < 1.1 * beryllium


def test_cost_is_that_of_the_transport_engine() -> None:
    for density in _DENSITIES:
        plan = comotion_plan(density)
        assert comotion_cost(density) == pytest.approx(plan.cost, abs=1e-9)


@_three
def test_two_meet_while_the_third_goes_to_infinity(density: RadialDensity) -> None:
    p = 1e-10
    radii = density.radius(np.array([[1 - p, 1 + p, 3 - p]]), np.array([[2 + p, 2 - p, p]]))
    square = least_squares_of_frequencies(density, of_three(radii))[0]
    b, far = float(density.radius(1.0)), float(radii[0, 2])
    leading = -3 * b**3 * density.density(b) / (far**6 * density.density(far))
    assert square == pytest.approx(leading * (1 + 8 * b / far), rel=0.03)


def test_four_electrons() -> None:
    density, upward = by_slaters_rules(4), alternating(4)
    q = np.array([1e-7, 1e-4, 1e-2])
    radii = configuration_radii(density, q, 1 - q, upward)
    for seed in (1, 2):
        squares = least_squares_of_frequencies(density, angular_minimum(radii, seed=seed))
        np.testing.assert_allclose(squares, [-405.15, -1.2471, -0.28962], rtol=1e-3)


def test_wrong_numbers() -> None:
    with pytest.raises(TransportError, match="not the charge 5"):
        by_slaters_rules(5)
    with pytest.raises(TransportError, match="at least 2 cells"):
        local_plan(exponential(3), 0.1, 1)
    with pytest.raises(TransportError, match=r"up to 1\.5"):
        local_plan(exponential(3), 1.5, 4)
