"""Brackets do not know how large a density is, nor how far its shells are apart."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from bounded import bracket_of, plan_of
from comotion import MODELS, GammaMixture, RadialDensity, comotion_plan, pair_value
from comotion.density.functionals import unit_of_length
from comotion.density.storage import density_digest
from comotion.errors import TransportError
from comotion.transport.bounds.bracket import BracketEffort, bracket
from comotion.transport.bounds.certificate import Bracket
from comotion.transport.bounds.dual import dual_bound
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.potential_space import potential_space
from shells import shells

_QUICK = BracketEffort(splines=(20, 40), cells_per_shell=10)
_TWO_SHELLS = ((0.01, 100.0), (2, 2))


def _densities() -> list[RadialDensity]:
    return [*(MODELS[kind](3) for kind in ("exponential", "gaussian", "ball")),
            shells((1.0,), (3,), 0.4)]  # fmt: skip


@pytest.mark.parametrize("density", _densities(), ids=lambda density: density.KIND)
def test_stretching_a_density(density: RadialDensity) -> None:
    r = np.geomspace(1e-2, 10, 30)
    wide = density.stretched(3.0)
    np.testing.assert_allclose(wide(3 * r), density(r) / 27, rtol=1e-12)
    np.testing.assert_allclose(wide.cumulant(3 * r), density.cumulant(r), rtol=1e-12)
    there_and_back = density.stretched(2.0**-40).stretched(2.0**40)
    assert density_digest(there_and_back) == density_digest(density)
    assert density_digest(wide) != density_digest(density)


def _same_times(one: Bracket, other: Bracket, factor: float) -> None:
    """The second is the first with all lengths times a factor, to the last bit."""
    for name in ("lower", "upper", "v_comotion", "spline_error"):
        assert getattr(one, name) == factor * getattr(other, name), name
    np.testing.assert_array_equal(one.dual.coefficients, other.dual.coefficients)
    np.testing.assert_array_equal(one.plan.weights, other.plan.weights)
    np.testing.assert_array_equal(factor * one.plan.positions, other.plan.positions)
    r = np.geomspace(1e-3, 1e3, 50)
    np.testing.assert_array_equal(one.potential(r), factor * other.potential(factor * r))
    x = one.dual.configurations
    np.testing.assert_array_equal(one.slack(x), factor * other.slack(factor * x))


@cache
def _without_a_plan() -> Bracket:
    return bracket(MODELS["exponential"](3), effort=_QUICK)


@pytest.mark.parametrize("power", [pytest.param(-40, marks=pytest.mark.slow), 1, 40])
def test_a_power_of_two_changes_no_digit(power: int) -> None:
    plan, factor = plan_of("exponential", 3), 2.0**power
    wide = plan.density.stretched(factor)
    _same_times(_without_a_plan(), bracket(wide, effort=_QUICK), factor)
    given = bracket_of("exponential", 3)
    _same_times(given, bracket(wide, plan.stretched(factor, wide), effort=_QUICK), factor)


@pytest.mark.parametrize("factor", [pytest.param(1e-6, marks=pytest.mark.slow), 1e6])
def test_other_factors_change_the_bracket_by_less_than_its_gap(factor: float) -> None:
    """The searches take other ways; where they end is the same within what they leave open."""
    density = MODELS["exponential"](3)
    effort = replace(_QUICK, cells_per_shell=20)
    one = bracket(density, effort=effort)
    other = bracket(density.stretched(factor), effort=effort)
    assert one.gap < 5e-5 * one.upper
    assert factor * other.lower == pytest.approx(one.lower, rel=2e-6)
    assert factor * other.upper == pytest.approx(one.upper, abs=one.gap)
    assert factor * other.v_comotion == pytest.approx(one.v_comotion, rel=1e-9)


def test_the_unit_is_near_the_density() -> None:
    for scale in (1e-9, 0.3, 1.0, 7e5):
        density = MODELS["exponential"](3).stretched(scale)
        unit = unit_of_length(density)
        assert np.frexp(unit)[0] == 0.5
        assert 0.7 < float(density.radius(1.5)) / unit < 1.42


@pytest.mark.parametrize(
    "density",
    [
        pytest.param(shells(*_TWO_SHELLS, width=0.15), id="log-normal", marks=pytest.mark.slow),
        pytest.param(
            GammaMixture(
                4, np.array([2.0, 2.0]), np.full(2, 30.0), 30 / np.array([0.01, 100.0]), 1.0
            ),
            id="gamma",
        ),
    ],
)
def test_two_shells_far_apart(density: RadialDensity) -> None:
    """Two pairs of opposite electrons, one four orders of magnitude inside the other."""
    found = bracket(density, comotion_plan(density), effort=_QUICK)
    assert found.lower_from == "duality"
    assert found.gap < 2e-6 * found.upper
    # The inner pair at 2 r with a little spread; the rest is 2 * 2 / 100 + 1 / 200.
    assert found.upper == pytest.approx(50.0, rel=0.04)
    assert pair_value(density).value < 0.07


@pytest.mark.slow
def test_thin_shells() -> None:
    density = shells((1.0,), (3,), 0.05)
    found = bracket(density, effort=_QUICK)
    assert found.gap < 2e-3 * found.upper
    # Three electrons on a sphere of radius 1 are an equilateral triangle.
    assert found.lower < np.sqrt(3) < found.upper * 1.01


def test_a_quadrature_without_the_charge_gives_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    density = MODELS["exponential"](3)
    rule = density.quadrature(8)
    monkeypatch.setattr(
        GammaMixture, "quadrature", lambda *_: replace(rule, weights=rule.weights / 2)
    )
    with pytest.raises(TransportError, match=r"quadrature holds 1\.5 of 3 electrons"):
        potential_space(density, lambda r: 1 / r, 10)


@pytest.mark.parametrize("kind", ["exponential", "gaussian"])
def test_two_electrons_are_between_their_quadratures(kind: str) -> None:
    """V_2 of two electrons is V_SCE."""
    density = MODELS[kind](2)
    found = bracket(density, effort=_QUICK)
    assert found.lower_from == "V_2"
    assert found.lower <= pair_value(density).value
    assert 0 <= found.gap < 1e-9 * found.upper
    assert found.dual.value < found.lower


def test_the_pair_value_holds_where_duality_is_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    density = MODELS["exponential"](3)

    def poor(*arguments: object, **options: object) -> DualBound:
        return dual_bound(*arguments, **options).lowered(0.5)  # type: ignore[arg-type]

    monkeypatch.setattr("comotion.transport.bounds.bracket.dual_bound", poor)
    found = bracket(density, effort=_QUICK)
    pair = pair_value(density)
    assert found.lower_from == "V_2"
    assert found.lower == pytest.approx(pair.value, rel=1e-9)
    assert found.lower <= pair.value - pair.error
    assert found.dual.value < found.lower < found.upper
