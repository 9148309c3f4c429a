"""Plans, potentials, oscillations and V_2 for other pair costs than Coulomb's."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.interpolate import CubicHermiteSpline
from scipy.optimize import linprog

from comotion import (
    Accuracy,
    GammaMixture,
    PairCost,
    Plan,
    RadialDensity,
    best_pattern,
    comotion_plan,
    hierarchy,
    model,
    pair_value,
    zero_point,
)
from comotion.transport.pair_cells import least_cost, pair_value_by_cells
from comotion.transport.pair_cost import COULOMB

_DECREASING = (
    PairCost.yukawa(0.5), PairCost.inverse_power(2.0), PairCost.logarithm(),
    PairCost.soft_coulomb(0.5),
)  # fmt: skip
_HARMONIC = PairCost.repulsive_harmonic()


def _opposite(density: RadialDensity, cost: PairCost) -> float:
    """int_0^1 l(R(q) + R(2 - q)) dq by adaptive quadrature, q = t^6 near the far end."""

    def integrand(t: float) -> float:
        near, far = density.radius(t**6), density.radius(2 - t**6, t**6)
        return float(6 * t**5 * cost.value(near + far))

    return quad(integrand, 0, 1, epsabs=1e-12, epsrel=1e-11, limit=300)[0]


@pytest.mark.parametrize("kind", ["exponential", "ball"])
@pytest.mark.parametrize("cost", _DECREASING, ids=repr)
def test_two_electrons_are_opposite(kind: str, cost: PairCost) -> None:
    density = model(kind, 2)
    plan = comotion_plan(density, pair_cost=cost, accuracy=Accuracy(quadrature=1e-10))
    assert plan.cost == pytest.approx(_opposite(density, cost), rel=1e-8)
    if cost.name != "soft_coulomb":
        assert pair_value(density, pair_cost=cost).value == pytest.approx(plan.cost, rel=1e-8)


def test_limits_of_the_plan() -> None:
    density = model("sqrt_r", 4)
    coulomb = comotion_plan(density).cost
    for cost in (PairCost.inverse_power(1.0), PairCost.soft_coulomb(1e-7), PairCost.yukawa(1e-9)):
        assert comotion_plan(density, pair_cost=cost).cost == pytest.approx(coulomb, abs=1e-7)


@pytest.mark.parametrize("n", [3, 4, 6, 10])
def test_repulsive_harmonic_has_an_exact_optimum(n: int) -> None:
    """-N int rho r^2 where every configuration has its centre at the nucleus: in a uniform ball."""
    plan = comotion_plan(model("ball", n), pair_cost=_HARMONIC)
    optimum = -n * n * 3 / 5
    assert plan.cost == pytest.approx(optimum, abs=2 * plan.error + 1e-9)
    # In a long tail no others reach as far as the outermost electron: an upper bound remains.
    tail = comotion_plan(model("exponential", n), pair_cost=_HARMONIC)
    assert tail.cost > -n * n * 12 - 2 * tail.error


@pytest.mark.parametrize("n", [2, 4])
def test_the_closed_form_is_no_bound_for_the_harmonic_cost(n: int) -> None:
    """With -d^2 partners are opposite at the same radius: V_2 = -2 (N - 1) int rho r^2."""
    density = model("exponential", n)
    found = pair_value(density, pair_cost=_HARMONIC)
    assert not found.closed
    assert found.value == pytest.approx(-2 * (n - 1) * n * 12, abs=1e-6)
    closed = n * (n - 1) / 2 * _opposite(density.scaled(2), _HARMONIC)
    assert closed > 0.8 * found.value
    values = [value.value for value in hierarchy(density, pair_cost=_HARMONIC).values()]
    assert values == sorted(values)


def test_the_maps_of_two_electrons_are_an_upper_bound_for_the_harmonic_cost() -> None:
    """The co-motion maps pair the near with the far: -36.8, where the optimum is -48."""
    density = model("exponential", 2)
    plan = comotion_plan(density, pair_cost=_HARMONIC)
    assert plan.cost == pytest.approx(_opposite(density, _HARMONIC), rel=1e-6)
    assert plan.cost > pair_value(density, pair_cost=_HARMONIC).value + 11


@pytest.mark.parametrize("cost", [COULOMB, PairCost.yukawa(0.5), PairCost.logarithm()], ids=repr)
def test_pairs_of_cells_find_the_closed_form(cost: PairCost) -> None:
    density = model("exponential", 5)
    closed = pair_value(density, pair_cost=cost)
    assert closed.closed
    assert pair_value_by_cells(density, cost, 32) == pytest.approx(closed.value, rel=1e-7)


def test_pairs_of_a_soft_cost_by_a_linear_programme() -> None:
    """Where l is concave near 0: the programme over equal charges at the middles of 60 cells.

    Inner electrons then have a partner at the same radius, outer ones one of another: neither
    closed form would do.
    """
    density, cost = model("exponential", 3), PairCost.soft_coulomb(10.0)
    found = pair_value(density, pair_cost=cost)
    assert not found.closed
    atoms = 60
    m = (np.arange(atoms) + 0.5) * 3 / atoms
    r = density.radius(m, 3 - m)
    costs = least_cost(cost, r[:, None], r, np.empty(0))
    rows = np.kron(np.eye(atoms), np.ones(atoms)), np.kron(np.ones(atoms), np.eye(atoms))
    done = linprog(costs.ravel(), A_eq=np.vstack(rows), b_eq=np.full(2 * atoms, 3 / atoms))
    least = float(done.fun or np.nan)
    assert found.value == pytest.approx(2 / 2 * least, rel=1e-3)
    for partners in (costs, costs[:, ::-1]):
        assert least < 3 / atoms * np.sum(np.diag(partners)) * (1 - 2e-3)


def test_pairs_that_attract_meet() -> None:
    density = model("exponential", 3)
    assert pair_value(
        density, pair_cost=PairCost.of(lambda d: d**2, vanishes=False)
    ).value == pytest.approx(0, abs=1e-12)


def test_patterns_take_the_cost() -> None:
    """The best pattern is at most as costly, with the plan's own cost, given or not."""
    density, cost = model("exponential", 3), PairCost.yukawa(0.5)
    plan = comotion_plan(density, pair_cost=cost)
    best = best_pattern(density, plan)
    assert best.plan.pair_cost is cost
    assert best.plan.cost < plan.cost
    assert best_pattern(density, pair_cost=cost).plan.cost == best.plan.cost


def _mixed(share: float) -> GammaMixture:
    """The sqrt_r density of three electrons with a share replaced by one of steeper decay."""
    density = model("sqrt_r", 3)
    assert isinstance(density, GammaMixture)
    return GammaMixture(
        3,
        np.concatenate((density.coefficients * (1 - share), density.coefficients * share)),
        np.tile(density.powers, 2),
        np.concatenate((density.exponents, 1.2 * density.exponents)),
        density.s,
    )


def _integral(plan: Plan, charge: RadialDensity, minus: RadialDensity | None = None) -> float:
    """Int rho u d3r over the radii of the plan by the trapezoidal rule in log r."""
    u = plan.radial_potential
    x = np.linspace(np.log(u.radii[0]), np.log(u.radii[-1]), 20001)
    r = np.exp(x)
    rho = charge.density(r) - (0 if minus is None else minus.density(r))
    values = CubicHermiteSpline(u.radii, u.values, u.slopes)(r)
    return float(np.sum(4 * np.pi * r**3 * rho * values) * (x[1] - x[0]))


@pytest.mark.parametrize("cost", [*_DECREASING, _HARMONIC], ids=repr)
def test_potential_is_the_derivative_of_the_cost(cost: PairCost) -> None:
    accuracy = Accuracy(seeds=1e-7, quadrature=1e-9, accept_disagreement=True)
    step = 2e-3
    costs = [
        comotion_plan(_mixed(share), pair_cost=cost, accuracy=accuracy).cost
        for share in (-step, step)
    ]
    plan = comotion_plan(_mixed(0.0), pair_cost=cost, accuracy=accuracy)
    derivative = _integral(plan, _mixed(1.0), _mixed(0.0))
    assert derivative == pytest.approx((costs[1] - costs[0]) / (2 * step), rel=1e-5)


def test_gauge() -> None:
    """u(inf) = 0 where l vanishes there; else int rho u is the cost of the plan."""
    density = model("sqrt_r", 3)
    screened = comotion_plan(density, pair_cost=PairCost.yukawa(0.5))
    last = screened.radial_potential.radii[-1]
    beyond = np.array([last, 1.2 * last])
    expected = 2 * screened.pair_cost.value(beyond)
    np.testing.assert_allclose(screened.potential(beyond), expected, rtol=1e-12)
    for cost in (PairCost.logarithm(), _HARMONIC):
        plan = comotion_plan(density, pair_cost=cost)
        assert _integral(plan, density) == pytest.approx(plan.cost, rel=1e-4)
        last = plan.radial_potential.radii[-1]
        inside, outside = plan.potential([last * (1 - 1e-9), last * (1 + 1e-9)])
        assert inside == pytest.approx(outside, rel=1e-7)


def test_oscillations_of_two_screened_electrons() -> None:
    """omega_r^2 = l'' (|t'| + 1/|t'|) and, twice, omega^2 = -(l'/d) (r^2 + t^2) / (r t)."""
    density, cost = model("gaussian", 2), PairCost.yukawa(0.5)
    plan = comotion_plan(density, pair_cost=cost)
    r, t = plan.radii.T
    d = r + t
    charge = plan.radii**2 * density.density(plan.radii)
    ratio = charge[:, 0] / charge[:, 1]
    radial = cost.curvature(d) * (ratio + 1 / ratio)
    bending = -cost.slope(d) / d * (r**2 + t**2) / (r * t)
    expected = np.sort(np.sqrt([radial, bending, bending]).T, axis=1)
    found = zero_point(plan)
    np.testing.assert_allclose(found.frequencies, expected, rtol=1e-5)
    assert found.unstable_share == 0
