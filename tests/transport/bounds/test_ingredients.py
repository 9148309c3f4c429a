"""What makes a bound a bound, each taken away once: without it the number lies on the wrong side.

V_SCE of two electrons is known in closed form, and the least V - sum u is that of opposite
electrons: a grid of all pairs of radii finds it without any search.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from bounded import bound_of, plan_of
from comotion import MODELS, pair_value
from comotion.density.functionals import unit_of_length
from comotion.density.radial import Array, RadialDensity
from comotion.transport.bounds import bracket as room
from comotion.transport.bounds import dual, pricing
from comotion.transport.bounds.bracket import BracketEffort, bracket
from comotion.transport.bounds.configurations import costs_of, radii_of
from comotion.transport.bounds.dual import dual_bound
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.potential_space import PotentialSpace, potential_space
from comotion.transport.bounds.primal import PrimalBound, plan_cost, primal_bound
from comotion.transport.plan import Plan
from told import Told

_POOR = BracketEffort(splines=(8, 10), cells_per_shell=4, iterations=2)
#: A law of two electrons: the mean of 1 / (r + f) over the charge.
_TWO = 0.16959023792406


def _integral(density: RadialDensity, bound: DualBound) -> float:
    """The integral of rho u by an adaptive rule between the knots."""
    edges = np.concatenate(([0], bound.space.unit * np.exp(bound.space.knots), [60]))
    return sum(
        quad(
            lambda r: 4 * np.pi * r**2 * float(density(r)) * float(bound.potential(r)),
            *ends, epsabs=1e-13,
        )[0]
        for ends in pairwise(edges)
    )  # fmt: skip


def _least_on_a_grid(bound: DualBound, points: int = 1500) -> float:
    """The least V - sum u of two opposite electrons on a grid of their radii."""
    r = np.geomspace(1e-4, 1e3, points)
    u = bound.potential(r)
    return float(np.min(1 / (r[:, None] + r) - u[:, None] - u))


def _of_few(**options: Any) -> DualBound:
    """The lower bound of two electrons from a few configurations of the plan."""
    plan = plan_of("exponential", 2)
    space = potential_space(plan.density, plan.radial_potential, 8)
    return dual_bound(plan.density, space, plan.positions[::40], **options)


def test_two_electrons_by_a_closed_form() -> None:
    assert pair_value(MODELS["exponential"](2)).value == pytest.approx(_TWO, rel=1e-12)


@pytest.mark.parametrize("kind", ["exponential", "gaussian"])
def test_the_lower_bound_without_any_search(kind: str) -> None:
    """Both of its terms by other ways: the integral between knots, the minimum on a grid."""
    bound = bound_of(kind, 2)
    exact = pair_value(bound.density).value
    assert _integral(bound.density, bound) + 2 * bound.constant == pytest.approx(
        bound.value, abs=1e-10
    )
    above = _least_on_a_grid(bound) - 2 * bound.constant
    assert -1e-9 < above < 1e-4 * exact
    assert exact * (1 - 1e-4) < bound.value < exact


@pytest.mark.parametrize("iterations", [1, 3, 8])
def test_a_bound_that_is_cut_short_holds_as_well(iterations: int) -> None:
    bound = _of_few(iterations=iterations)
    assert bound.value < _TWO
    assert -1e-7 < _least_on_a_grid(bound) - 2 * bound.constant < 1e-2
    assert _integral(bound.density, bound) + 2 * bound.constant == pytest.approx(
        bound.value, abs=1e-9
    )


@pytest.mark.parametrize("iterations", [1, 20])
def test_without_its_final_search_the_lower_bound_is_too_high(
    monkeypatch: pytest.MonkeyPatch, iterations: int
) -> None:
    """While it rises it looks nowhere but where it starts: only the final search sees the rest."""
    search = dual._search

    def blind(
        space: PotentialSpace, coefficients: Array, starts: Array, mutants: int, *rest: Any
    ) -> tuple[Array, Array, float]:
        if mutants != dual._MUTANTS:
            return search(space, coefficients, starts, mutants, *rest)
        values = costs_of(starts) - space.sums(radii_of(starts)) @ coefficients
        return starts.copy(), values, 0.0

    monkeypatch.setattr(dual, "_search", blind)
    bound = _of_few(iterations=iterations)
    assert bound.corrected > 0
    assert bound.value + bound.corrected > _TWO
    assert bound.value < _TWO
    assert -1e-7 < _least_on_a_grid(bound) - 2 * bound.constant < 1e-2
    assert np.min(bound.slack) > bound.corrected * (1 - 1e-9)


def test_minimisations_of_final_searches_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is one call of the compiled minimiser, and a hop is one more."""
    search, hop_down, final = pricing.search, pricing.hop_down, dual._final_search
    made: list[int] = []
    within: list[bool] = []

    def counted(starts: Array, mutants: int, *rest: Any) -> None:
        made.append(len(starts) * (mutants + 1) if within else 0)
        search(starts, mutants, *rest)

    def hopping(x: Array, hops: int, *rest: Any) -> float:
        made.append(hops + 1)
        return hop_down(x, hops, *rest)

    def finally_(*arguments: Any) -> tuple[Array, Array, float]:
        within.append(True)
        found = final(*arguments)
        within.clear()
        return found

    monkeypatch.setattr(pricing, "search", counted)
    monkeypatch.setattr(pricing, "hop_down", hopping)
    monkeypatch.setattr(dual, "_final_search", finally_)
    bound = _of_few()
    assert bound.searched == sum(made)
    # Thousands from random starts, and dozens from each active configuration.
    assert bound.searched >= 3000 + 50 * len(bound.configurations)


def test_a_final_search_is_told_of() -> None:
    told = Told()
    _of_few(iterations=1, report=told)
    assert "final search of the lower bound" in told.steps
    assert any("functions" in step for step in told.steps)
    assert min(told.shares) == 0
    assert max(told.shares) < 1


def _three() -> Plan:
    """Three electrons in the unit of length in which their bracket is computed."""
    plan = plan_of("exponential", 3)
    density = plan.density.stretched(0.5)
    assert unit_of_length(density) == 1
    return plan.stretched(0.5, density)


def _with_error(plan: Plan, by: float, error: float) -> Plan:
    """The plan as a rule would have it that misses its cost by an energy."""
    return replace(plan, cost=plan.cost + by, quadrature_error=error)


def test_the_error_of_a_curve_belongs_to_the_upper_bound() -> None:
    """A rule that is 1e-7 too low says so: the upper end is not below the optimum."""
    plan = _with_error(plan_of("exponential", 2), -1e-7, 2e-7)
    found = bracket(plan.density, plan, effort=_POOR)
    assert found.upper == pytest.approx(plan.cost + 2e-7, abs=1e-15)
    assert found.lower <= _TWO < found.upper
    assert found.v_comotion == plan.cost
    assert found.primal is None


def test_the_cheapest_curve_is_so_with_its_error() -> None:
    plan = plan_of("exponential", 2)
    exact, rough = plan, _with_error(plan, -1e-7, 3e-7)
    for plans in ([exact, rough], [rough, exact]):
        found = bracket(plan.density, plans, effort=_POOR)
        assert found.upper == pytest.approx(exact.cost + exact.quadrature_error, abs=1e-15)
        assert found.plan.cost == exact.cost
        assert found.v_comotion == plans[0].cost


@pytest.mark.parametrize(("error", "wins"), [(2e-5, True), (4e-5, False)])
def test_the_error_of_a_plan_by_cells_belongs_to_the_upper_bound(
    monkeypatch: pytest.MonkeyPatch, error: float, wins: bool
) -> None:
    """A plan that seems cheaper by 3e-5 is taken if it is so with its error."""
    plan = _three()

    def rough(*arguments: Any, **options: Any) -> PrimalBound:
        found = primal_bound(*arguments, **options)
        cost = plan.cost + plan.quadrature_error - 3e-5
        return replace(found, plan=replace(found.plan, cost=cost, quadrature_error=error))

    monkeypatch.setattr(room, "primal_bound", rough)
    found = bracket(plan.density, plan, effort=_POOR)
    assert found.primal is not None
    upper = plan.cost + plan.quadrature_error
    assert found.upper == pytest.approx(upper - 1e-5 if wins else upper, abs=1e-14)
    assert found.plan.kind == ("cells" if wins else "comotion")
    assert found.lower <= found.upper
    assert found.v_comotion == plan.cost


def test_the_lower_bound_holds_for_the_plan_by_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is 1e-5 too high is too high for configurations of that plan: they are asked."""
    plan = _three()
    made: list[DualBound] = []

    def too_high(*arguments: Any, **options: Any) -> DualBound:
        made.append(dual_bound(*arguments, **options))
        return made[-1].lowered(-1e-5) if len(made) <= 2 else made[-1]

    monkeypatch.setattr(room, "dual_bound", too_high)
    found = bracket(plan.density, plan, effort=_POOR)
    best = max(made[:2], key=lambda bound: bound.value)
    assert found.lower == pytest.approx(max(best.value, made[-1].value), abs=2e-6)
    assert found.primal is not None
    x = found.primal.plan.positions
    slack = costs_of(x) - found.potential(radii_of(x)).sum(axis=1) - 3 * found.dual.constant
    assert np.min(slack) > -2e-8
    assert found.lower_from == "duality"
    assert found.lower == found.dual.value


@pytest.mark.parametrize(
    ("kind", "n"), [("exponential", 2), ("exponential", 3), ("gaussian", 3), ("sqrt_r", 3)]
)
def test_the_error_of_a_plan_by_cells_covers_a_finer_rule(kind: str, n: int) -> None:
    plan = plan_of(kind, n)
    found = primal_bound(plan.density, 4, [plan], iterations=4).plan
    cells = found.cells
    assert cells is not None

    def cost(nodes: int) -> float:
        columns = plan_cost(
            plan.density, 4, plan.pair_cost, cells, found.upward, found.positions, nodes
        )
        return float(columns @ found.weights)

    fine = cost(96)
    assert 1e-8 < found.quadrature_error < 1e-5 * found.cost
    assert found.quadrature_error == pytest.approx(abs(found.cost - cost(12)), rel=1e-6)
    assert 0 < abs(fine - found.cost) < found.quadrature_error
    # A rule with half of the nodes is too low by more than that: alone it is no upper bound.
    assert cost(12) < fine - 0.5 * found.quadrature_error
    assert found.cost + found.quadrature_error > fine


@pytest.mark.parametrize("kind", ["exponential", "gaussian"])
@pytest.mark.parametrize("splines", [20, 80])
def test_integrals_of_splines_between_their_knots(kind: str, splines: int) -> None:
    """A rule that does not know the knots has to be fine; this one knows them."""
    density = MODELS[kind](3)
    space = potential_space(density, lambda r: 2 / np.sqrt(r**2 + 1), splines)
    # The known potential is a cubic between points of the fine grid, which holds the knots.
    x, w = np.polynomial.legendre.leggauss(4)
    edges = np.concatenate((np.linspace(-30, space.grid[0], 400)[:-1], space.grid,
                            np.linspace(space.grid[-1], 5, 50)[1:]))  # fmt: skip
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    r = np.exp(middle[:, None] + half[:, None] * x).ravel()
    weights = (half[:, None] * w).ravel() * 4 * np.pi * r**3 * density(r)
    assert np.sum(weights) == pytest.approx(3, abs=1e-10)
    integrals = space.functions(r).T @ weights
    np.testing.assert_allclose(space.integrals, integrals, atol=1e-8)
    assert np.all(space.integrals[:-2] >= 0)
