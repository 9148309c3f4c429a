"""Brackets for other pair costs than Coulomb's, against optima that are known exactly."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad

from comotion import (
    MODELS,
    Bracket,
    BracketEffort,
    PairCost,
    Plan,
    RadialDensity,
    bracket,
    comotion_plan,
    pair_value,
)
from comotion.density.radial import Array
from comotion.errors import RecordError, TransportError
from comotion.transport.angular import minimiser
from comotion.transport.angular.cost_table import cost_table
from comotion.transport.bounds.configurations import costs_of, radii_of, scale_of
from comotion.transport.bounds.dual import dual_bound
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.parts import parts_in
from comotion.transport.bounds.potential_space import potential_space
from comotion.transport.bounds.pricing import bound_energy
from comotion.transport.bounds.primal import PrimalBound, primal_bound
from comotion.transport.bounds.recomputation import recompute
from comotion.transport.pair_cost import COULOMB
from told import Told

_QUICK = BracketEffort(splines=(20, 40), cells_per_shell=10)
_POOR = BracketEffort(splines=(8, 10), cells_per_shell=4, iterations=4)
_HARMONIC = PairCost.repulsive_harmonic()
_COSTS = (
    PairCost.yukawa(0.5), PairCost.inverse_power(2.0), PairCost.logarithm(),
    PairCost.soft_coulomb(10.0), _HARMONIC, PairCost.of(lambda d: 1 / (1 + d) ** 2),
)  # fmt: skip
#: Costs of the user's that do not vanish at infinity.
_UNBOUNDED: list[tuple[str, Callable[[Array], Array]]] = [
    ("linear", lambda d: -d), ("cubic", lambda d: -(d**3)), ("attractive", lambda d: d**2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "n"),
    [("exponential", 3), *(pytest.param(kind, n, marks=pytest.mark.slow)
                           for kind, n in (("ball", 3), ("exponential", 4), ("ball", 4)))],
)  # fmt: skip
def test_the_harmonic_optimum_is_enclosed(kind: str, n: int) -> None:
    """-N int rho r^2: all electrons at one radius with their centre at the nucleus are a plan."""
    density = MODELS[kind](n)
    optimum = -n * n * {"exponential": 12, "ball": 3 / 5}[kind]
    found = bracket(density, pair_cost=_HARMONIC, effort=_QUICK)
    assert found.lower_from == "duality"
    assert found.lower <= optimum <= found.upper
    assert found.gap < 5e-5 * abs(optimum)
    # u = -N r^2 up to a constant wherever there is charge.
    r = density.radius(np.array([0.2, 1.0, n - 0.2]))
    u = found.potential(r) + found.dual.constant
    np.testing.assert_allclose(u, -n * r**2, atol=1e-3 * abs(optimum))


def test_v_2_is_no_lower_end_where_it_has_no_closed_form() -> None:
    """The closed form is -36.8 for -d^2, where the optimum is -48."""
    density = MODELS["exponential"](2)
    closed, _ = quad(
        lambda q: -(float(density.radius(q) + density.radius(2 - q, q)) ** 2), 0, 1, limit=200
    )
    found = bracket(density, pair_cost=_HARMONIC, effort=_QUICK)
    assert found.lower <= -48 <= found.upper < closed - 11
    assert found.lower_from == "duality"
    assert found.gap < 1e-4 * 48


@pytest.mark.parametrize("cost", [PairCost.yukawa(0.5), PairCost.inverse_power(2.0)], ids=repr)
def test_two_electrons_with_a_convex_cost(cost: PairCost) -> None:
    density = MODELS["exponential"](2)
    found, pair = (
        bracket(density, pair_cost=cost, effort=_QUICK),
        pair_value(density, pair_cost=cost),
    )
    assert found.lower_from == "V_2"
    assert found.lower <= pair.value <= found.upper
    assert found.gap < 1e-9 * found.upper
    # Duality does without the closed form.
    assert found.dual.value < pair.value
    assert pair.value - found.dual.value < 1e-5 * pair.value


@pytest.mark.parametrize("a", [1.0, pytest.param(10.0, marks=pytest.mark.slow)])
def test_two_electrons_with_a_soft_cost(a: float) -> None:
    """No closed form: V_2 by pairing cells, the bracket by other columns."""
    density, cost = MODELS["exponential"](2), PairCost.soft_coulomb(a)
    found, pair = (
        bracket(density, pair_cost=cost, effort=_QUICK),
        pair_value(density, pair_cost=cost),
    )
    assert not pair.closed
    assert found.lower_from == "duality"
    assert found.lower <= pair.value <= found.upper + pair.error
    assert found.gap < 3e-5 * found.upper


@pytest.mark.slow
def test_a_screening_that_vanishes_leaves_coulomb() -> None:
    """exp(-kappa d) / d is 1 / d - kappa for each of the three pairs."""
    density, kappa = MODELS["exponential"](3), 1e-6
    coulomb = bracket(density, effort=_QUICK)
    for cost, shift in ((PairCost.yukawa(kappa), -3 * kappa), (PairCost.inverse_power(1.0), 0.0)):
        found = bracket(density, pair_cost=cost, effort=_QUICK)
        assert found.lower == pytest.approx(coulomb.lower + shift, abs=2e-6)
        assert found.upper == pytest.approx(coulomb.upper + shift, abs=coulomb.gap)
        assert found.gap < 1.2 * coulomb.gap


@pytest.mark.parametrize("cost", [PairCost.logarithm(), _COSTS[-1]], ids=repr)
def test_three_electrons(cost: PairCost) -> None:
    """The co-motion plan is not optimal, and both ends lie above V_2."""
    density = MODELS["exponential"](3)
    found = bracket(density, pair_cost=cost, effort=_QUICK)
    scale = scale_of(found.plan.positions, cost)
    assert found.lower_from == "duality"
    assert pair_value(density, pair_cost=cost).value < found.lower < found.upper
    assert found.gap < 2e-4 * scale
    assert found.upper < comotion_plan(density, pair_cost=cost).cost - found.gap
    assert repr(cost) in repr(found)


@pytest.mark.parametrize(
    "cost",
    [
        *(cost for cost in _COSTS if cost.name != "soft_coulomb"),
        PairCost.soft_coulomb(1.0),
        # Its angular minima are many, and take their time.
        pytest.param(PairCost.soft_coulomb(10.0), marks=pytest.mark.slow),
    ],
    ids=repr,
)
def test_ends_are_by_the_cost_itself(cost: PairCost) -> None:
    """Both ends again, by l and by sums over the plan and over the charge."""
    density = MODELS["exponential"](3)
    found = bracket(density, pair_cost=cost, effort=_POOR)
    bound = found.dual
    x = np.concatenate((bound.configurations, found.plan.positions))
    i, j = np.triu_indices(3, 1)
    energies = np.sum(cost.value(np.linalg.norm(x[:, :, i] - x[:, :, j], axis=1)), axis=1)
    scale = scale_of(x, cost)
    slack = energies - bound.potential(radii_of(x)).sum(axis=1) - 3 * bound.constant
    assert np.min(slack) > -1e-8 * scale
    np.testing.assert_allclose(found.slack(x), slack, atol=1e-11 * scale)
    record = {
        "lower": found.lower, "upper": found.upper, "gap": found.gap,
        "lower_duality": bound.value, "settings": {"seed": 1},
    }  # fmt: skip
    for one in recompute(record, bound, found.plan):
        assert one.agrees, one
    other = recompute(record, bound, comotion_plan(density))
    assert "pair costs of bracket.h5 and upper_plan.h5 that differ" in [
        one.what for one in other if not one.agrees
    ]


@pytest.mark.parametrize("error", [-1e-4, 1e-4])
def test_ends_do_not_trust_the_table_of_the_cost(
    monkeypatch: pytest.MonkeyPatch, error: float
) -> None:
    """With a table that is off in the fourth digit both remain bounds of V_2."""
    density, cost = MODELS["exponential"](2), PairCost.yukawa(0.5)
    exact, plan = pair_value(density, pair_cost=cost), comotion_plan(density, pair_cost=cost)

    def wrong(pair_cost: PairCost) -> Array:
        rows = cost_table(pair_cost).reshape(-1, 8).copy()
        rows[:, 1:] *= 1 + error
        return rows.ravel()

    monkeypatch.setattr(minimiser, "cost_table", wrong)
    space = potential_space(density, plan.radial_potential, 10, cost)
    lower = dual_bound(density, space, plan.positions, iterations=8).value
    assert exact.value * (1 - 5e-3) < lower < exact.value
    upper = primal_bound(density, 10, [plan], iterations=2).plan
    assert upper.cost == pytest.approx(exact.value, abs=2 * upper.quadrature_error + 1e-9)
    assert upper.quadrature_error < 1e-5 * exact.value


@pytest.mark.parametrize("cost", _COSTS, ids=repr)
def test_the_compiled_function_is_that_of_the_space(cost: PairCost) -> None:
    density = MODELS["exponential"](3)
    known = comotion_plan(density, pair_cost=cost).radial_potential
    space = potential_space(density, known, 12, cost)
    rng = np.random.default_rng(0)
    coefficients = space.with_tail(rng.normal(size=space.n_free))
    table = space.table(coefficients)
    for _ in range(10):
        x = rng.normal(size=(3, 3)) * np.exp(rng.uniform(-3, 2.5, size=3))
        g = np.empty((3, 3))
        value = bound_energy(x, g, table)
        u = space.sums(radii_of(x[None]))[0] @ coefficients
        assert value == pytest.approx(costs_of(x[None], cost)[0] - u, rel=1e-8, abs=1e-10)
        # u is linear in its functions: the free ones, and the rest.
        functions = space.functions(radii_of(x[None])[0])
        free = coefficients[[*range(space.splines - 1), space.splines]]
        np.testing.assert_allclose(
            functions @ coefficients,
            functions @ space.fixed + space.of_free(functions) @ free, rtol=1e-10,
        )  # fmt: skip
        for axis, i in ((0, 0), (2, 1)):
            shifted = [x.copy(), x.copy()]
            for y, sign in zip(shifted, (1, -1), strict=True):
                y[axis, i] += sign * 1e-6
            up, down = (bound_energy(y, np.empty((3, 3)), table) for y in shifted)
            assert (up - down) / 2e-6 == pytest.approx(g[axis, i], rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(
    "cost",
    [*_COSTS, *(PairCost.of(function, name=name, vanishes=False) for name, function in _UNBOUNDED)],
    ids=repr,
)
@pytest.mark.parametrize("n", [2, 3, 5])
def test_far_away_u_is_below_what_repels(cost: PairCost, n: int) -> None:
    """V - sum u does not fall without bound, wherever the electrons go."""
    density = MODELS["exponential"](n)
    space = potential_space(density, np.zeros_like, 8, cost)
    tail = space.with_tail(np.zeros(space.n_free))
    rng = np.random.default_rng(n)
    x = rng.normal(size=(2000, 3, n))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    # All far away, or some of them; the first two opposite, or all at one place in the last.
    x[:, :, 1] = -x[:, :, 0]
    x[-20:] = x[-20:, :, :1] * (1 + 1e-3 * np.arange(n))
    x *= np.exp(rng.uniform(0, 6, size=(2000, 1, n)) * (rng.random((2000, 1, n)) < 0.7))
    x[:200] *= 300
    values = costs_of(x, cost) - space.sums(radii_of(x)) @ tail
    near = 1.1 * n * n * np.max(np.abs(cost.value(np.array([1e-2, 1.0, 4 * space.b]))))
    assert np.min(values) > -near - 1e-9 * np.max(np.abs(costs_of(x, cost)))


def test_lengths_in_another_unit() -> None:
    """exp(-d / 2) / d and exp(-d / 8) / d for a density that is four times as wide."""
    density = MODELS["exponential"](3)
    one = bracket(density, pair_cost=PairCost.yukawa(0.5), effort=_POOR)
    other = bracket(density.stretched(4.0), pair_cost=PairCost.yukawa(0.125), effort=_POOR)
    assert (one.lower, one.upper) == (4 * other.lower, 4 * other.upper)
    r = np.geomspace(0.1, 30, 20)
    np.testing.assert_array_equal(one.potential(r), 4 * other.potential(4 * r))
    x = one.dual.configurations
    np.testing.assert_array_equal(one.slack(x), 4 * other.slack(4 * x))
    assert other.pair_cost.source is None
    assert other.dual.pair_cost is other.plan.pair_cost


@pytest.mark.parametrize("power", [-60, 60])
def test_energies_in_another_unit(power: int) -> None:
    """No tolerance knows how large a cost is."""
    density = MODELS["exponential"](3)

    def cost(factor: float) -> PairCost:
        return PairCost.of(lambda d: factor / (1 + d) ** 2)

    one = bracket(density, pair_cost=cost(1.0), effort=_POOR)
    other = bracket(density, pair_cost=cost(2.0**power), effort=_POOR)
    assert (other.lower, other.upper) == (one.lower * 2.0**power, one.upper * 2.0**power)


def test_a_constant_in_the_cost_is_a_constant_in_the_bracket() -> None:
    density = MODELS["exponential"](3)
    plain = bracket(density, pair_cost=PairCost.logarithm(), effort=_QUICK)
    shifted = PairCost.of(lambda d: 4 - np.log(d), lambda d: -1 / d, vanishes=False)
    found = bracket(density, pair_cost=shifted, effort=_QUICK)
    assert found.lower - 12 == pytest.approx(plain.lower, abs=1e-5)
    assert found.upper - 12 == pytest.approx(plain.upper, abs=plain.gap)


def test_costs_are_not_mixed() -> None:
    density = MODELS["exponential"](3)
    screened = comotion_plan(density, pair_cost=PairCost.yukawa(0.5))
    with pytest.raises(TransportError, match=r"is for <PairCost yukawa\(kappa=0.5\)>, the bracket"):
        bracket(density, screened)
    with pytest.raises(TransportError, match="give both the same pair_cost"):
        bracket(density, [screened, comotion_plan(density)], pair_cost=PairCost.yukawa(0.5))
    with pytest.raises(TransportError, match="for <PairCost coulomb>"):
        bracket(density, comotion_plan(density), pair_cost=PairCost.yukawa(0.5))


def _saved(found: Bracket, folder: Path) -> None:
    assert found.primal is not None
    found.dual.save(folder / "bracket.h5")
    found.primal.save(folder / "primal.h5")


def _density(factor: float = 1.0) -> RadialDensity:
    return MODELS["exponential"](3).stretched(factor)


@pytest.mark.parametrize(("factor", "kappa"), [(1.0, 0.5), (8.0, 0.0625)])
def test_bounds_are_read_as_they_were_written(tmp_path: Path, factor: float, kappa: float) -> None:
    cost, density = PairCost.yukawa(kappa), _density(factor)
    found = bracket(density, pair_cost=cost, effort=_POOR)
    _saved(found, tmp_path)
    bound = DualBound.load(tmp_path / "bracket.h5")
    assert (bound.pair_cost.name, bound.pair_cost.parameters) == ("yukawa", {"kappa": kappa})
    r, x = np.geomspace(1e-6, 1e6, 100), found.dual.configurations
    np.testing.assert_array_equal(bound.potential(r), found.dual.potential(r))
    np.testing.assert_array_equal(bound.slack_of(x), found.dual.slack_of(x))
    assert PrimalBound.load(tmp_path / "primal.h5").plan.pair_cost.agrees(cost.samples())
    with pytest.raises(RecordError, match="not for <PairCost coulomb>"):
        DualBound.load(tmp_path / "bracket.h5", COULOMB)


def test_a_function_of_the_users_has_to_be_given_again(tmp_path: Path) -> None:
    cost = PairCost.of(lambda d: 1 / (1 + d) ** 2, name="mine")
    found = bracket(_density(), pair_cost=cost, effort=_POOR)
    _saved(found, tmp_path)
    load: Callable[..., DualBound | PrimalBound]
    for name, load in (("bracket.h5", DualBound.load), ("primal.h5", PrimalBound.load)):
        with pytest.raises(RecordError, match="'mine' of its maker's"):
            load(tmp_path / name)
        load(tmp_path / name, cost)
        with pytest.raises(RecordError, match="'mine', not for"):
            load(tmp_path / name, PairCost.yukawa(0.5))


def test_parts_are_found_for_their_cost_only(tmp_path: Path) -> None:
    """Two functions that no sample tells apart are two costs."""

    def bump(height: float) -> PairCost:
        def function(d: Array) -> Array:
            return np.asarray(1 / (1 + d) ** 2 + height * np.exp(-(((d - 1.4) / 0.05) ** 2)))

        return PairCost.of(function, name="mine")

    density = _density(4.0)
    one, other = bump(0.0), bump(1e-3)
    assert one.agrees(other.samples())
    first = bracket(density, pair_cost=one, effort=_POOR, parts=tmp_path)
    told = Told()
    again = bracket(density, pair_cost=one, effort=_POOR, parts=tmp_path, report=told)
    assert (first.lower, first.upper) == (again.lower, again.upper)
    assert not any(step.startswith("lower bound") for step in told.steps)
    plans: list[list[Plan]] = [[comotion_plan(density, pair_cost=cost)] for cost in (one, other)]
    same = [parts_in(tmp_path, density, plans[0], _POOR).folder for _ in range(2)]
    assert same[0] == same[1] != parts_in(tmp_path, density, plans[1], _POOR).folder
