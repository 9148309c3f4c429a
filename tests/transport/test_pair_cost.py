"""Pair costs: their derivatives, limits, what a user may get wrong, and what a file keeps."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comotion import PairCost, Plan, best_pattern, comotion_plan, load, model
from comotion.density.radial import Array
from comotion.errors import RecordError, TransportError
from comotion.transport.pair_cost import COULOMB
from comotion.transport.zero_point import pair_hessian

#: One of each kind, and a function of a user.
COSTS = {
    cost.name: cost
    for cost in (
        COULOMB,
        PairCost.yukawa(0.7),
        PairCost.inverse_power(2.5),
        PairCost.logarithm(),
        PairCost.soft_coulomb(0.5),
        PairCost.repulsive_harmonic(),
        PairCost.of(lambda d: np.exp(-(d**2) / 2)),
    )
}


@pytest.mark.parametrize("cost", COSTS.values(), ids=COSTS)
def test_derivatives_in_space(cost: PairCost) -> None:
    """Gradient and Hessian of a configuration against differences of the energy."""
    x = np.random.default_rng(3).normal(size=(3, 4))
    steps = 1e-5 * np.eye(12).reshape(12, 3, 4)
    rise = cost.energies(x + steps) - cost.energies(x - steps)
    np.testing.assert_allclose(cost.gradient(x).ravel(), rise / 2e-5, rtol=1e-7, atol=1e-8)
    change = [cost.gradient(x + step) - cost.gradient(x - step) for step in steps]
    hessian = np.array(change).reshape(12, 12) / 2e-5
    np.testing.assert_allclose(pair_hessian(x, cost), hessian, rtol=1e-7, atol=1e-7)


def test_derivatives_that_are_not_given() -> None:
    """Central differences of a function of the user's against the formulas."""
    exact = PairCost.yukawa(0.7)
    cost = PairCost.of(exact.value, name="screened")
    d = np.geomspace(1e-6, 20, 200)
    np.testing.assert_allclose(cost.slope(d), exact.slope(d), rtol=1e-11)
    np.testing.assert_allclose(cost.curvature(d), exact.curvature(d), rtol=1e-9)


def test_limits() -> None:
    d = np.geomspace(1e-3, 1e3, 50)
    for cost in (PairCost.yukawa(0.0), PairCost.inverse_power(1.0), PairCost.soft_coulomb(1e-12)):
        for name in ("value", "slope", "curvature"):
            of_cost, of_coulomb = getattr(cost, name)(d), getattr(COULOMB, name)(d)
            np.testing.assert_allclose(of_cost, of_coulomb, rtol=1e-14)
    small, logarithm = PairCost.inverse_power(1e-6).value(d), PairCost.logarithm().value(d)
    np.testing.assert_allclose((small - 1) / 1e-6, logarithm, atol=3e-5)


@pytest.mark.parametrize(
    ("name", "convex"),
    [("coulomb", True), ("yukawa", True), ("inverse_power", True), ("logarithm", True),
     ("soft_coulomb", False), ("repulsive_harmonic", False), ("custom", False)],
)  # fmt: skip
def test_convexity(name: str, convex: bool) -> None:
    assert COSTS[name].is_convex_decreasing(1e-3, 10) == convex
    if name == "soft_coulomb":
        assert COSTS[name].is_convex_decreasing(0.5 / np.sqrt(2), 10)
    assert not PairCost.of(lambda d: d**2, vanishes=False).is_convex_decreasing(1, 2)


_WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "kappa": (lambda: PairCost.yukawa(-1.0), "kappa .* from 0 on, not -1"),
    "power": (lambda: PairCost.inverse_power(0.0), "s .* above 0"),
    "softening": (lambda: PairCost.soft_coulomb(np.nan), "a .* above 0, not nan"),
    "name": (lambda: PairCost.of(lambda d: 1 / d, name="yukawa"), "'yukawa', which is another"),
    "one number": (lambda: PairCost.of(lambda _d: 3.0), r"the shape \(\)"),  # type: ignore[arg-type,return-value]
    "no array": (lambda: PairCost.of(lambda d: 1 / d if d > 1 else d), "takes no array"),
    "pole": (lambda: PairCost.of(lambda d: 1 / (d - 1)), "not finite at 1 bohr"),
    "slope": (lambda: PairCost.of(lambda d: 1 / d, lambda d: 1 / d**2), "no derivative of it"),
    "meeting": (
        lambda: COSTS["logarithm"].energies(np.zeros((1, 3, 2))), "'logarithm' is not finite at 0",
    ),
    "far away": (
        lambda: comotion_plan(model("exponential", 2), pair_cost=PairCost.of(_overflowing)),
        "not finite at",
    ),
    "other plan": (
        lambda: best_pattern(model("exponential", 3), _screened(), pair_cost=COULOMB),
        "is for <PairCost yukawa",
    ),
}  # fmt: skip


def _overflowing(d: Array) -> Array:
    """A number up to 100 bohr, and infinite from 3 bohr on once the constructor has looked."""
    return np.asarray(np.where((d > 3) & (d.size != 41), np.inf, 1 / d))


def _screened() -> Plan:
    return comotion_plan(model("exponential", 3), pair_cost=PairCost.yukawa(1.0))


@pytest.mark.parametrize("wrong", _WRONG)
def test_mistakes_are_named(wrong: str) -> None:
    make, sentence = _WRONG[wrong]
    with pytest.raises(TransportError, match=sentence):
        make()


def test_a_plan_keeps_its_cost(tmp_path: Path) -> None:
    plan = _screened()
    plan.save(tmp_path / "plan.h5")
    back = load(tmp_path / "plan.h5")
    assert isinstance(back, Plan)
    assert repr(back) == repr(plan)
    assert "yukawa(kappa=1)" in repr(back)
    np.testing.assert_array_equal(back.potential([0.5, 50.0]), plan.potential([0.5, 50.0]))
    with pytest.raises(RecordError, match="for the pair cost 'yukawa', not for <PairCost coulomb>"):
        Plan.load(tmp_path / "plan.h5", COULOMB)


def test_a_function_of_the_users_has_to_be_given_again(tmp_path: Path) -> None:
    cost = PairCost.of(lambda d: np.exp(-d), name="mine")
    plan = comotion_plan(model("exponential", 3), pair_cost=cost)
    plan.save(tmp_path / "plan.h5")
    with pytest.raises(RecordError, match=r"pair cost 'mine' of its maker's: give .*Plan\.load"):
        load(tmp_path / "plan.h5")
    with pytest.raises(RecordError, match="'mine', not for <PairCost other>"):
        Plan.load(tmp_path / "plan.h5", PairCost.of(lambda d: np.exp(-2 * d), name="other"))
    back = Plan.load(tmp_path / "plan.h5", cost)
    np.testing.assert_array_equal(back.potential([0.5, 50.0]), plan.potential([0.5, 50.0]))


def test_a_cost_that_rises_at_distances_which_opposite_electrons_never_have() -> None:
    """Electrons that are not opposite come closer: V_2 has no closed form then."""
    dip = PairCost.of(lambda d: 1 / (1 + d) - 3 * np.exp(-((d / 1e-5) ** 2)))
    assert not dip.is_convex_decreasing(1e-3, 10.0)
    assert PairCost.of(lambda d: 1 / (1 + d)).is_convex_decreasing(1e-3, 10.0)
