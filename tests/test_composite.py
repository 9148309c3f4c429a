"""The best density as a sum of others, and what follows from it."""

from typing import Any

import numpy as np
import pytest

from comotion import comotion_plan
from comotion.composite import ComposedDensities, composed_densities
from comotion.density.functionals import hartree
from comotion.density.gamma import GammaMixture
from comotion.density.model_densities import MODELS
from comotion.density.radial import Array, RadialDensity
from comotion.errors import ComparisonError, DensityError
from comotion.estimate import TransportChanges, best_estimate, transport_changes
from comotion.recipe import Estimate, Recipe
from comotion.transport.zero_point import zero_point

_BEST = {"large": 1.5, "small": -0.5}
_PLAIN, _ROUGH = {"large": 0.5, "small": 0.5}, {"large": 1.25, "small": -0.25}
_PARTS = Recipe(_BEST, {"small": 1.0}, _PLAIN, _ROUGH, {"large": 1.0}, "small")
_EXACT = Recipe(_BEST, {"small": 1.0}, _PLAIN, _BEST, _BEST, None)


#: Above the change of W'_inf, and below that of the cost.
_FLOOR = 5e-3


def _density(n: int, *decays: float) -> GammaMixture:
    """Electrons in equal parts with densities exp(-a r)."""
    size = len(decays)
    charges = np.full(size, n / size)
    return GammaMixture(n, charges, np.full(size, 2.0), np.array(decays), s=1)


_LARGE, _SMALL = _density(3, 1.0, 2.0), _density(3, 1.1, 2.0)


def _sums(parts: Recipe = _PARTS) -> ComposedDensities:
    return composed_densities(parts, {"large": _LARGE, "small": _SMALL})


def test_the_sums_of_a_recipe() -> None:
    sums = _sums()
    r = np.array([0.0, 0.1, 1.0, 5.0])
    expected = 1.5 * _LARGE.density(r) - 0.5 * _SMALL.density(r)
    np.testing.assert_allclose(sums.best.density(r), expected, rtol=1e-12)
    np.testing.assert_allclose(sums.smaller.density(r), _SMALL.density(r), rtol=1e-12)
    np.testing.assert_allclose(sums.uncorrected.density(r), _LARGE.density(r), rtol=1e-12)
    expected = 0.5 * _LARGE.density(r) + 0.5 * _SMALL.density(r)
    np.testing.assert_allclose(sums.plain.density(r), expected, rtol=1e-12)
    expected = 1.25 * _LARGE.density(r) - 0.25 * _SMALL.density(r)
    np.testing.assert_allclose(sums.rougher.density(r), expected, rtol=1e-12)
    # The term that both have is one.
    assert isinstance(sums.best, GammaMixture)
    assert len(sums.best.exponents) == 3
    assert sums.moved == 0
    assert repr(sums) == "<ComposedDensities: <GammaMixture: 3 electrons>, 0.0e+00 of them moved>"


def test_what_is_no_sum() -> None:
    with pytest.raises(ComparisonError, match="the densities of small are missing"):
        composed_densities(_PARTS, {"large": _LARGE})
    # Of the slower decay there is less than nothing.
    with pytest.raises(DensityError, match="electrons are still outside: a density is not neg"):
        composed_densities(_PARTS, {"large": _SMALL, "small": _LARGE})


def test_a_single_level_may_have_any_density() -> None:
    ball, larger = MODELS["ball"](3), MODELS["ball"](3).stretched(1.5)
    parts = Recipe({"b": 1.0}, {"a": 1.0}, *3 * ({"b": 1.0},), None)
    sums = composed_densities(parts, {"a": larger, "b": ball})
    assert sums.best is sums.uncorrected is sums.rougher is sums.plain is ball
    assert sums.smaller is larger
    with pytest.raises(DensityError, match=r"large: .* is no sum of gamma terms: it cannot be"):
        composed_densities(_PARTS, {"large": ball, "small": _SMALL})


@pytest.fixture(scope="module")
def changes() -> TransportChanges:
    best = _sums().best
    plan = comotion_plan(best)
    return transport_changes(plan, zero_point(plan).w_inf_prime, _sums(), _FLOOR)


def test_changes_are_those_of_the_plans(changes: TransportChanges) -> None:
    """Each sum has a plan of its own."""
    plans = [comotion_plan(density) for density in _sums().all]
    v = [plan.cost for plan in plans]
    w = [plan.cost - hartree(plan.density) for plan in plans]
    primes = [zero_point(plan).w_inf_prime for plan in plans]
    for found, values in (
        (changes.v_comotion, v), (changes.w_inf_comotion, w), (changes.w_inf_prime, primes),
    ):  # fmt: skip
        assert found is not None
        assert found.value == pytest.approx(values[0], rel=1e-9)
        basis = max(abs(values[0] - values[1]), abs(values[0] - values[2]) / 2, _FLOOR)
        assert found.basis == pytest.approx(basis, rel=1e-6)
        assert found.triples == pytest.approx(abs(values[0] - values[3]), rel=1e-6)
        assert found.method == pytest.approx(abs(values[0] - values[4]) / 2, rel=1e-6)
        assert min(found.basis, found.triples, found.method) > 1e-4


def test_the_potential_leads_to_the_same_cost(changes: TransportChanges) -> None:
    """The mean of both potentials is the derivative half-way: the error is of third order."""
    change = changes.v_comotion.basis
    assert change > 5e-3
    assert changes.by_potential == pytest.approx(changes.v_comotion.value, abs=2e-3 * change)


def test_where_the_method_is_exact_no_plan_is_searched_for() -> None:
    best = _sums(_EXACT).best
    plan = comotion_plan(best)
    reports: list[str] = []

    def report(step: str, *_: object, **__: object) -> None:
        reports.append(step)

    found = transport_changes(plan, None, _sums(_EXACT), 0.0, report=report)
    assert found.v_comotion.method == found.v_comotion.triples == 0
    assert found.v_comotion.basis > 0
    assert found.w_inf_prime is None
    both: list[str] = []

    def report_both(step: str, *_: object, **__: object) -> None:
        both.append(step)

    transport_changes(plan, None, _sums(), 0.0, report=report_both)
    assert len(both) > len(reports) > 0


_QUANTUM: dict[str, Any] = {
    "n_electrons": 3, "nuclear_charge": 3, "energy": -7.5, "v_quantum": 2.25, "kinetic": 7.5,
    "hartree": 4.0, "hartree_error": 1e-12, "weights": {"a": 2.0, "b": -1.0}, "energy_exact": -7.4,
    "errors": {
        "energy": {"basis": 0.06, "triples": 0.0, "method": 0.08},
        "v_quantum": {"basis": 0.0, "triples": 0.0, "method": 0.25},
        "kinetic": {"basis": 0.2, "triples": 0.3, "method": 0.6},
        "hartree": {"basis": 0.3, "triples": 0.0, "method": 0.4},
    },
}  # fmt: skip
_SCE: dict[str, Any] = {
    "v_comotion": 1.5, "v_best_pattern": 1.25, "w_inf_comotion": -2.5, "w_inf_prime": 0.75,
    "search_spread": 0.001, "quadrature_error": 0.002, "w_inf_prime_error": 0.25,
}  # fmt: skip
_CHANGES = TransportChanges(
    Estimate(1.5, 0.003, 0.0, 0.004),
    Estimate(-2.5, 0.06, 0.0, 0.08),
    Estimate(0.75, 0.2, 0.3, 0.6),
    1.625,
)


def test_the_record_of_a_best_estimate() -> None:
    record = best_estimate("Li", "best", _QUANTUM, _SCE, _CHANGES, {"lower": 1.0, "upper": 1.5})
    assert record == {
        "system": "Li", "level": "best", "n_electrons": 3, "nuclear_charge": 3,
        "levels": {"a": 2.0, "b": -1.0},
        "energy": -7.5, "energy_error": pytest.approx(0.1),
        "v_quantum": 2.25, "v_quantum_error": 0.25,
        "kinetic": 7.5, "kinetic_error": pytest.approx(0.7),
        "hartree": 4.0, "hartree_error": pytest.approx(0.5),
        "v_comotion": 1.5, "v_comotion_error": pytest.approx(0.008),
        "v_best_pattern": 1.25, "v_best_pattern_error": pytest.approx(0.008),
        "w_inf_comotion": -2.5, "w_inf_comotion_error": pytest.approx(0.103),
        "w_inf_prime": 0.75, "w_inf_prime_error": pytest.approx(0.95),
        "v_comotion_by_potential": 1.625,
        "lower": 1.0, "upper": 1.5, "middle": 1.25, "middle_error": pytest.approx(0.255),
        "energy_exact": -7.4, "energy_within_error": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("exact", "within"), [(-7.39, False), (-7.41, True), (-7.61, False), (None, None)]
)
def test_whether_the_exact_energy_is_within_the_bar(
    exact: float | None, within: bool | None
) -> None:
    quantum = _QUANTUM | {"energy_exact": exact}
    record = best_estimate("Li", "best", quantum, _SCE, _CHANGES)
    assert record["energy_within_error"] is within


def test_what_is_not_known_is_left_out() -> None:
    without = TransportChanges(_CHANGES.v_comotion, _CHANGES.w_inf_comotion, None, 1.0)
    record = best_estimate("Li", "best", _QUANTUM, _SCE, without)
    for name in ("w_inf_prime_error", "middle", "lower", "upper"):
        assert record[name] is None
    # The number of the best density stays, without a bar.
    assert record["w_inf_prime"] == 0.75
    lacking = _SCE | {"w_inf_prime": None, "w_inf_prime_error": None}
    record = best_estimate("Li", "best", _QUANTUM, lacking, _CHANGES)
    assert record["w_inf_prime"] is record["w_inf_prime_error"] is None
    assert record["middle_error"] is None
    assert record["v_comotion"] == 1.5


def test_a_bracket_that_is_none() -> None:
    with pytest.raises(ComparisonError, match=r"lower end 1\.5 is above the upper one 1\.0"):
        best_estimate("Li", "best", _QUANTUM, _SCE, _CHANGES, {"lower": 1.5, "upper": 1.0})


def test_the_sum_of_one_density_is_that_density() -> None:
    def moments(density: RadialDensity) -> Array:
        rule = density.quadrature()
        return np.array([rule.weights @ rule.radii**k for k in (-1, 1, 2)])

    one = {"large": 1.0}
    for density in _sums(Recipe(one, one, one, one, one, None)).all:
        np.testing.assert_allclose(moments(density), moments(_LARGE), rtol=1e-12)
