"""The co-motion construction: its marginal, and its published formulas."""

import numpy as np
import pytest

from comotion import MODELS, comotion_functions, configuration_radii
from comotion.errors import TransportError
from comotion.transport.maps import alternating
from comotion.transport.quadrature import folded_rule


@pytest.mark.parametrize("n", [1, 2, 3, 6, 7])
def test_every_charge_is_met_exactly_once(n: int) -> None:
    """The plan's marginal is the density: moments of it agree with the density's own."""
    density = MODELS["sqrt_r"](n)
    folded = folded_rule(800)
    radii = configuration_radii(density, folded.q, folded.complement, alternating(n))
    rule = density.quadrature()
    for k in (0.3, 1.0, 3.0):
        of_plan = folded.weights @ np.sum(np.exp(-radii) * np.cos(k * radii), axis=1)
        of_density = np.sum(rule.weights * np.exp(-rule.radii) * np.cos(k * rule.radii))
        assert of_plan == pytest.approx(of_density, abs=1e-8)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 10])
def test_published_maps_are_the_shells(n: int) -> None:
    """All electrons of f_1(r), ..., f_N(r) sit in the configuration with the same q."""
    density = MODELS["exponential"](n)
    r = density.radius(np.array([0.07, 0.3, 0.5, 0.81, 0.99]) * n)
    maps = comotion_functions(density, r)
    cumulant = density.cumulant(r)
    shell = np.floor(cumulant)
    q = np.where(shell % 2 == 0, cumulant - shell, shell + 1 - cumulant)
    expected = configuration_radii(density, q, 1 - q, alternating(n))
    np.testing.assert_allclose(np.sort(maps, axis=1), expected, rtol=1e-9)
    np.testing.assert_array_equal(maps[:, 0], r)


def test_two_electron_map_swaps_inside_and_outside() -> None:
    density = MODELS["gaussian"](2)
    r = np.array([0.2, 1.0, 2.5])
    partner = comotion_functions(density, r)[:, 1]
    np.testing.assert_allclose(density.cumulant(partner), density.cocumulant(r), rtol=1e-11)
    np.testing.assert_allclose(comotion_functions(density, partner)[:, 1], r, rtol=1e-10)


def test_far_electron_comes_from_the_cocumulant() -> None:
    """At q = 1e-13 the outermost electron is where 1e-13 electrons are left outside."""
    density = MODELS["exponential"](2)
    radii = configuration_radii(density, [1e-13], [1 - 1e-13], alternating(2))
    np.testing.assert_allclose(density.cocumulant(radii[0, 1]), 1e-13, rtol=1e-12)


def test_directions_must_be_one_for_each_shell() -> None:
    with pytest.raises(TransportError, match="4 shells"):
        configuration_radii(MODELS["sqrt_r"](4), [0.5], [0.5], alternating(3))


@pytest.mark.parametrize(("kind", "n"), [("gaussian", 2), ("exponential", 4)])
def test_the_last_map_far_out(kind: str, n: int) -> None:
    """N - N(r) of 1e-20 electrons is not the difference of two numbers near N."""
    density = MODELS[kind](n)
    outside = np.array([1e-12, 1e-16, 1e-20])
    r = density.radius(n - outside, outside)
    last = comotion_functions(density, r)[:, n - 1]
    np.testing.assert_allclose(density.cumulant(last), density.cocumulant(r), rtol=1e-9)
    np.testing.assert_allclose(density.cumulant(last), outside, rtol=1e-8)
