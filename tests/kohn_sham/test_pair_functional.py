"""The pair bound as a functional: below the transport cost, with its derivative."""

import numpy as np
import pytest

from comotion import comotion_plan, model
from comotion.kohn_sham.pair_functional import PairBoundFunctional
from comotion.kohn_sham.self_consistent import self_consistent
from comotion.transport.bounds.pair.trial import PairEffort
from told import Told


def test_a_lower_bound_and_its_derivative() -> None:
    """Of two electrons, whose transport cost is known; the derivative along a stretching."""
    functional = PairBoundFunctional(PairEffort(intervals=5, degree=4, rounds=5))
    density, told = model("exponential", 2), Told()
    found = functional.response(density, told)
    exact = comotion_plan(density).cost
    assert 0.998 * exact < found.value < exact
    assert 0 <= found.error < 2e-3 * exact
    assert found.spread == 0.0
    assert told.steps
    assert functional.settled == (1e-5, 2e-3)
    # V scales like an inverse length: int delta rho u = -V for the change d rho(r/f)/f^3 / df.
    step = 1e-3
    nodes = [density.stretched(factor).quadrature() for factor in (1 + step, 1 - step)]
    means = [float(one.weights @ found.potential(one.radii)) for one in nodes]
    assert (means[0] - means[1]) / (2 * step) == pytest.approx(-found.value, rel=2e-2)
    rule = density.quadrature()
    assert found.mean == pytest.approx(float(rule.weights @ found.potential(rule.radii)), rel=1e-6)
    # The tail of the programme's own potential is nearly that of N - 1 electrons, and then it is.
    assert found.potential(1e3) == pytest.approx(1e-3, rel=1.0)
    assert found.potential(1e7) == pytest.approx(1e-7, rel=1e-6)


def test_the_weights_are_the_falls_of_the_potential() -> None:
    functional = PairBoundFunctional(PairEffort(intervals=4, degree=3, rounds=3))
    found = functional.response(model("exponential", 3))
    order = np.argsort(found.radii)
    radii, outside = found.radii[order], np.cumsum(found.weights[order][::-1])[::-1]
    held = (radii > 0.1) & (radii < 300)
    np.testing.assert_allclose(outside[held], found.potential(radii[held]), rtol=3e-2)
    assert np.all(np.diff(found.beyond[order].astype(int)) >= 0)


@pytest.mark.slow
def test_lithium_between_v_2_and_the_comotion_cost() -> None:
    """V_2 is below every pair bound at its optimum, and that below the cost of any plan."""
    low, found, high = (
        self_consistent("Li", f"{name}_unc-6-31G") for name in ("ks-v2", "ks-pair", "ks-comotion")
    )
    assert low.energy < found.energy < high.energy + 1e-4
    assert found.energy > high.energy - 5e-3
    assert found.virial_ratio == pytest.approx(high.virial_ratio, abs=2e-3)
