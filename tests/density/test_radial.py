"""The inverse of the cumulant, for every kind of density."""

import numpy as np
import pytest

from comotion.density.gamma import GammaMixture
from comotion.density.model_densities import MODELS, UniformBall
from comotion.density.radial import Quadrature, RadialDensity
from comotion.density.storage import KINDS
from comotion.density.table import tabulated
from comotion.errors import DensityError
from comotion.transport.quadrature import folded_rule


def _table() -> RadialDensity:
    r = np.exp(np.linspace(np.log(1e-4), np.log(60.0), 1500))
    return tabulated(r, MODELS["bohr"](10).density(r))


_DENSITIES = {
    "bohr-28": MODELS["bohr"](28),
    "gaussian-2": MODELS["gaussian"](2),
    "sqrt_r-5": MODELS["sqrt_r"](5),
    "table-10": _table(),
}


@pytest.mark.parametrize("density", _DENSITIES.values(), ids=_DENSITIES)
def test_radius_inverts_both_tails_in_relative_terms(density: RadialDensity) -> None:
    charge = np.array([1e-9, 1e-6, 1e-3, 0.1, 0.5, 0.9])
    inner = density.radius(charge)
    outer = density.radius(density.n_electrons - charge, charge)
    np.testing.assert_allclose(density.cumulant(inner), charge, rtol=1e-12)
    np.testing.assert_allclose(density.cocumulant(outer), charge, rtol=1e-12)


def test_radius_between_two_shells() -> None:
    """Where hardly any charge lies, the last bits of N(r) decide on the radius."""
    density = MODELS["bohr"](60)
    charge = 30 * folded_rule(4096).q
    np.testing.assert_allclose(density.cumulant(density.radius(charge)), charge, rtol=3e-13)


def test_radius_where_a_negligible_tail_is_negative() -> None:
    """Outside 30 bohr a term of the wrong sign prevails, where 1e-12 electrons are left."""
    density = GammaMixture(2, np.array([-0.025, 2.025]), np.array([5.0, 3.0]), np.ones(2), s=1)
    outside = np.geomspace(1e-3, 1e-20, 40)
    radii = density.radius(2 - outside, outside)
    assert np.all(np.isfinite(radii))
    assert np.all(np.diff(radii) >= 0)


def test_radius_of_the_ball_in_closed_form() -> None:
    ball = MODELS["ball"](4)
    np.testing.assert_allclose(ball.radius([0.5, 4.0]), np.cbrt([1 / 8, 1.0]), rtol=1e-15)


def test_radius_at_the_ends() -> None:
    density = MODELS["exponential"](2)
    assert density.radius(0.0) == 0.0
    assert density.radius(2.0) == np.inf
    assert _DENSITIES["table-10"].radius(10.0) == pytest.approx(60.0)


@pytest.mark.parametrize("charge", [-0.1, 2.1, np.nan])
def test_radius_refuses_a_charge_that_is_not_there(charge: float) -> None:
    with pytest.raises(DensityError, match="no radius encloses"):
        MODELS["exponential"](2).radius(charge)


@pytest.mark.parametrize("density", _DENSITIES.values(), ids=_DENSITIES)
def test_shells_hold_one_electron_each(density: RadialDensity) -> None:
    inside = density.cumulant(density.shells)
    np.testing.assert_allclose(inside, np.arange(1, density.n_electrons), rtol=1e-12)


@pytest.mark.parametrize("density", _DENSITIES.values(), ids=_DENSITIES)
def test_scaling_keeps_the_shape(density: RadialDensity) -> None:
    triple = density.scaled(3)
    r = np.array([0.1, 1.0, 5.0])
    np.testing.assert_allclose(
        triple.density(r) / 3, density.density(r) / density.n_electrons, rtol=1e-13
    )
    assert triple.n_electrons == 3


@pytest.mark.parametrize("density", _DENSITIES.values(), ids=_DENSITIES)
def test_the_rule_holds_every_electron(density: RadialDensity) -> None:
    for refinement in (1, 2):
        charge = np.sum(density.quadrature(refinement).weights)
        assert charge == pytest.approx(density.n_electrons, rel=1e-8)


def test_a_rule_that_misses_charge_is_refused() -> None:
    class Coarse(UniformBall):
        """A ball whose rule ends inside of it."""

        def _rule(self, refinement: int) -> Quadrature:
            whole = super()._rule(refinement)
            return Quadrature(whole.radii[:-1], whole.weights[:-1])

    with pytest.raises(DensityError, match=r"finds 3\.9.* of its 4 electrons"):
        Coarse(4).quadrature()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_kind_of_density_escapes_that_check(kind: type[RadialDensity]) -> None:
    assert kind.quadrature is RadialDensity.quadrature
