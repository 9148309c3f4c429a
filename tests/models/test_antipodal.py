"""Two particles in space against closed forms, adaptive quadrature and an assignment problem."""

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

from comotion.density.functionals import hartree
from comotion.density.gamma import GammaMixture
from comotion.density.model_densities import MODELS
from comotion.errors import TransportError
from comotion.models.antipodal import (
    antipodal_plan,
    assigned,
    dual_value,
    least_slack,
    legendre_transform,
    mapped,
    pair_on_shells,
    slack,
)
from comotion.transport.comotion import comotion_plan
from two_electrons import TWO_ELECTRONS


@pytest.mark.parametrize("kind", TWO_ELECTRONS)
def test_by_inverse_gamma_functions_and_adaptive_quadrature(kind: str) -> None:
    density, known = MODELS[kind](2), TWO_ELECTRONS[kind]
    plan = antipodal_plan(density)
    assert plan.cost == pytest.approx(known.cost, abs=2e-12)
    assert plan.half_radius == pytest.approx(known.half_radius, rel=1e-12)
    assert plan.center == pytest.approx(known.at_nucleus, abs=2e-9)
    assert plan.zero_point == pytest.approx(known.zero_point, abs=5e-9)
    assert hartree(density) / 2 == pytest.approx(known.mean_field, abs=1e-11)
    assert dual_value(plan, density) == pytest.approx(plan.cost, abs=1e-9)
    assert least_slack(plan) >= -1e-14
    for k in range(0, 200, 17):
        r = float(plan.radii[k])
        assert plan.partners[k] == pytest.approx(known.partner(r), rel=1e-9)
        assert plan.slopes[k] == pytest.approx(-1 / (r + known.partner(r)) ** 2, rel=1e-9)
    assert np.all(np.diff(plan.radii) > 0)
    assert np.all(np.diff(plan.partners) < 0)


def test_published_cost_of_the_hydrogenic_density() -> None:
    """The package's table of published costs has it to seven digits."""
    published = pd.read_csv(
        str(files("comotion.transport") / "published.csv"), comment="#", index_col="system"
    )
    cost = antipodal_plan(MODELS["bohr"](2)).cost
    assert cost == pytest.approx(published.loc["bohr-2", "v_published"], abs=5e-8)


@pytest.mark.parametrize("kind", TWO_ELECTRONS)
def test_slack_is_zero_on_the_map_and_positive_beside_it(kind: str) -> None:
    plan = antipodal_plan(MODELS[kind](2))
    found = slack(plan)
    np.testing.assert_allclose(found, found.T, atol=1e-11)
    m = len(plan.radii)
    on_map = np.arange(m)[::-1]
    np.testing.assert_allclose(found[np.arange(m), on_map], 0, atol=1e-12)
    assert least_slack(plan) == found.min()
    # Two at the same place near the nucleus repel without bound.
    assert found[0, 0] > 100
    i, j = 20, 90
    expected = 1 / (plan.radii[i] + plan.radii[j]) + plan.center
    expected -= plan.potential[i] + plan.potential[j]
    assert found[i, j] == pytest.approx(expected, rel=1e-14)


def test_only_the_shape_counts() -> None:
    """Four electrons with the shape of two have the same plan."""
    two, four = (antipodal_plan(MODELS["gaussian"](n)) for n in (2, 4))
    assert four.cost == pytest.approx(two.cost, rel=1e-12)
    assert four.zero_point == pytest.approx(two.zero_point, rel=1e-12)
    assert dual_value(four, MODELS["gaussian"](4)) == pytest.approx(two.cost, rel=1e-8)
    assert four.half_radius == pytest.approx(two.half_radius, rel=1e-14)


def test_fewer_nodes_are_worse_but_told_when_too_few() -> None:
    known = TWO_ELECTRONS["gaussian"]
    errors = [
        abs(antipodal_plan(MODELS["gaussian"](2), nodes).center - known.at_nucleus)
        for nodes in (16, 30)
    ]
    assert errors[1] < errors[0] / 10
    assert len(antipodal_plan(MODELS["gaussian"](2), 16).radii) == 32


@pytest.mark.parametrize("kind", TWO_ELECTRONS)
def test_its_gauge_is_that_of_every_potential(kind: str) -> None:
    """u(inf) = 0, so that the tail is 1/r and u is that of the co-motion plan of two electrons."""
    density = MODELS[kind](2)
    plan = antipodal_plan(density)
    far = plan.radii > 5 * plan.half_radius
    assert np.sum(far) > 10
    # 1/r - u = int_r^inf (1/s^2 - 1/(s + t)^2) ds, where the integrand is at most 2 t(r) / s^3.
    missing = 1 - plan.potential[far] * plan.radii[far]
    assert np.all(missing > -1e-9)
    assert np.all(missing < plan.partners[far] / plan.radii[far] + 1e-9)
    seen = slice(0, None, 10)
    other = comotion_plan(density).potential(plan.radii[seen])
    np.testing.assert_allclose(other, plan.potential[seen], atol=3e-4 * plan.center)


def test_map_of_the_potential() -> None:
    """T = x + grad u / |grad u|^(3/2) with the gradient of the interpolated potential."""
    plan = antipodal_plan(MODELS["gaussian"](2))
    inner = slice(60, 140)
    r = plan.radii
    slope = np.gradient(plan.potential, r)
    np.testing.assert_allclose(slope[inner], plan.slopes[inner], atol=2e-4)
    direction = np.array([0.6, 0.0, 0.8])
    images = mapped(r[:, None] * direction, plan.slopes[:, None] * direction)
    np.testing.assert_allclose(images, -plan.partners[:, None] * direction, atol=1e-12)


def test_legendre_transform_is_the_infimum() -> None:
    for z in (0.01, 0.3, 4.0):
        d = brentq(lambda d, z=z: z - 1 / d**2, 1e-6, 1e6)
        assert legendre_transform(np.array(z)) == pytest.approx(-(1 / d + z * d), rel=1e-12)


def test_assignment_reproduces_the_plan() -> None:
    difference, cosine = pair_on_shells(MODELS["exponential"](2), 12, 15)
    assert abs(difference) < 1e-14
    assert cosine == pytest.approx(-1, abs=1e-12)


def test_random_clouds_come_close() -> None:
    """No symmetry at all: 600 points drawn from the density."""
    rng = np.random.default_rng(3)
    density = MODELS["gaussian"](2)
    cloud = rng.normal(size=(600, 3))
    cost, _ = assigned(cloud)
    assert cost == pytest.approx(antipodal_plan(density).cost, rel=0.04)


def test_wrong_numbers() -> None:
    for power, sentence in ((20, "take more nodes"), (300, "no charge lies inside")):
        exponents = power / np.array([0.1, 1000])
        shells = GammaMixture(2, np.array([0.8, 1.2]), np.full(2, power), exponents, s=1)
        with pytest.raises(TransportError, match=sentence):
            antipodal_plan(shells)
    with pytest.raises(TransportError, match="at least 8 nodes, got 7"):
        antipodal_plan(MODELS["gaussian"](2), 7)
    with pytest.raises(TransportError, match="at least 2 points"):
        assigned(np.zeros((1, 3)))
    cost, partner = assigned(np.array([[0.0, 0.0, 0.0], [0.0, 3.0, 4.0]]))
    assert cost == pytest.approx(0.2, rel=1e-15)
    np.testing.assert_array_equal(partner, [1, 0])
