"""Two particles in space against the table, adaptive quadrature and an assignment problem."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import gammaincc, gammainccinv, gammaincinv

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
)
from comotion.transport.comotion import comotion_plan

Check = Callable[[str, str, float], None]

_SHAPES = {"exponential": "exponential", "hydrogenic": "bohr", "gaussian": "gaussian"}


@pytest.mark.parametrize("name", list(_SHAPES))
def test_table(name: str, check: Check) -> None:
    density = MODELS[_SHAPES[name]](2)
    plan = antipodal_plan(density)
    for quantity in ("cost", "half_radius", "zero_point"):
        check("antipodal", f"{name} {quantity}", getattr(plan, quantity))
    # The table has the potential in the gauge v(0) = -v(inf).
    check("antipodal", f"{name} u(0)/2", plan.center / 2)
    check("antipodal", f"{name} mean_field", hartree(density) / 2)
    assert dual_value(plan, density) == pytest.approx(plan.cost, abs=1e-9)
    assert least_slack(plan) >= -1e-14


def test_exponential_by_inverse_gamma_functions_and_adaptive_quadrature() -> None:
    """Mass inside r of exp(-r)/8 pi is the regularised incomplete gamma function of 3."""

    def separation(u: float) -> float:
        return float(1 / (gammaincinv(3, u) + gammainccinv(3, u)))

    cost = 2 * quad(separation, 0, 0.5, epsabs=1e-13, epsrel=1e-12)[0]
    plan = antipodal_plan(MODELS["exponential"](2))
    assert plan.cost == pytest.approx(cost, abs=1e-11)

    def force(r: float) -> float:
        return 1 / (r + float(gammaincinv(3, gammaincc(3, r)))) ** 2

    # u(0) = int_0^inf dr / (r + t)^2, over both halves of the radii.
    pieces = (0, 1, plan.half_radius, 10, 40, 600)
    total = sum(quad(force, a, b, epsabs=1e-13)[0] for a, b in pairwise(pieces))
    # Beyond 600 the partner is at the centre.
    assert plan.center == pytest.approx(total + 1 / 600, abs=2e-9)


@pytest.mark.parametrize("kind", _SHAPES.values())
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
    with pytest.raises(TransportError, match="at least 8 nodes"):
        antipodal_plan(MODELS["gaussian"](2), 4)
    with pytest.raises(TransportError, match="at least 2 points"):
        assigned(np.zeros((1, 3)))
