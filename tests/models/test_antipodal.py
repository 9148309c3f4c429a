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

Check = Callable[[str, str, float], None]

_SHAPES = {"exponential": "exponential", "hydrogenic": "bohr", "gaussian": "gaussian"}


@pytest.mark.parametrize("name", list(_SHAPES))
def test_table(name: str, check: Check) -> None:
    density = MODELS[_SHAPES[name]](2)
    plan = antipodal_plan(density)
    for quantity in ("cost", "center", "half_radius", "zero_point"):
        check("antipodal", f"{name} {quantity}", getattr(plan, quantity))
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

    # v(0) = 1/2 int_0^inf dr / (r + t)^2, over both halves of the radii.
    pieces = (0, 1, plan.half_radius, 10, 40, 600)
    total = sum(quad(force, a, b, epsabs=1e-13)[0] for a, b in pairwise(pieces))
    # Beyond 600 the partner is at the centre.
    assert plan.center == pytest.approx((total + 1 / 600) / 2, abs=1e-9)


def test_map_of_the_potential() -> None:
    """T = x + grad v / |grad v|^(3/2) with the gradient of the interpolated potential."""
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
