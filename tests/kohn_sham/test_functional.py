"""Transport functionals: their value, and their derivative along changes of the density."""

import numpy as np
import pytest

from comotion import MODELS, GammaMixture, RadialDensity, comotion_plan
from comotion.errors import TransportError
from comotion.kohn_sham.functional import TransportFunctional
from comotion.transport.comotion import Accuracy
from told import Told
from two_electrons import TWO_ELECTRONS

_ORDERS = [(2, 2), (2, 3), (3, 3), (2, 4), (3, 4), (4, 4), (3, 5)]


def _mixed(share: float, n: int) -> GammaMixture:
    """A density exp(-r), of which a share is so, and the rest twice as wide."""
    own = MODELS["exponential"](n)
    assert isinstance(own, GammaMixture)
    wide = own.stretched(2.0)
    return GammaMixture(
        n,
        np.concatenate(((1 - share) * wide.coefficients, share * own.coefficients)),
        np.concatenate((wide.powers, own.powers)),
        np.concatenate((wide.exponents, own.exponents)),
        own.s,
    )


@pytest.mark.parametrize(("order", "n"), _ORDERS)
def test_field_is_the_derivative_of_the_value(order: int, n: int) -> None:
    """V[rho + e change] changes with e like int u change; central differences, extrapolated."""
    functional = TransportFunctional(order, accuracy=Accuracy(seeds=1e-9, quadrature=1e-9))
    density, target = _mixed(0.3, n), _mixed(1.0, n)

    def slope(step: float) -> float:
        low, high = (functional.response(_mixed(0.3 + e, n)).value for e in (-step, step))
        return (high - low) / (2 * step)

    derivative = (4 * slope(5e-3) - slope(1e-2)) / 3
    found = functional.response(density)
    x = np.linspace(np.log(found.potential.radii[0]), np.log(found.potential.radii[-1]), 20001)
    r = np.exp(x)
    change = 4 * np.pi * r**3 * (target.density(r) - density.density(r)) / 0.7
    by_potential = float(np.sum(change * found.potential(r)) * (x[1] - x[0]))
    assert by_potential == pytest.approx(derivative, rel=1e-5)
    # By the slopes: int u change = -int u' times the change of the cumulant.
    enclosed = (target.cumulant(found.radii) - density.cumulant(found.radii)) / 0.7
    assert float(found.weights @ enclosed) == pytest.approx(derivative, rel=1e-5)
    # What leaves the inside arrives outside.
    outside = (density.cocumulant(found.radii) - target.cocumulant(found.radii)) / 0.7
    folded = np.where(found.beyond, outside, enclosed)
    assert float(found.weights @ folded) == pytest.approx(derivative, rel=1e-5)


@pytest.mark.parametrize(("order", "n"), _ORDERS)
def test_value_and_errors_are_those_of_the_plan(order: int, n: int) -> None:
    density = MODELS["exponential"](n)
    found = TransportFunctional(order).response(density)
    plan = comotion_plan(density.scaled(order))
    factor = n * (n - 1) / (order * (order - 1))
    assert found.value == pytest.approx(factor * plan.cost, rel=1e-6)
    assert found.value == pytest.approx(factor * float(plan.weights @ plan.energies), rel=1e-14)
    off = abs(factor * plan.cost - found.value)
    assert found.error == pytest.approx(factor * plan.error + off, rel=1e-9)
    assert found.spread == pytest.approx(factor * plan.search_spread, rel=1e-9, abs=1e-18)
    assert repr(found) == f"<Response: {found.value:.9f} +- {found.error:.0e} hartree>"


@pytest.mark.parametrize(("order", "n"), _ORDERS)
def test_scaling(order: int, n: int) -> None:
    """V is like an inverse length: V[rho stretched twice] = V / 2, and int rho r u' = -V."""
    density = MODELS["exponential"](n)
    functional = TransportFunctional(order)
    found = functional.response(density)
    twice = functional.response(density.stretched(2.0))
    assert twice.value == pytest.approx(found.value / 2, rel=1e-9)
    assert twice.mean == pytest.approx(found.mean / 2, rel=1e-6)
    charge = 4 * np.pi * found.radii**2 * density.density(found.radii)
    virial = float(found.weights @ (charge * found.radii))
    assert virial == pytest.approx(found.value, rel=1e-6)


@pytest.mark.parametrize("kind", TWO_ELECTRONS)
def test_two_electrons_in_closed_form(kind: str) -> None:
    density = MODELS[kind](2)
    found = TransportFunctional(2).response(density)
    assert found.value == pytest.approx(TWO_ELECTRONS[kind].cost, rel=1e-6)
    assert found.potential(0.0) == pytest.approx(TWO_ELECTRONS[kind].at_nucleus, abs=2e-4)


@pytest.mark.parametrize(("order", "n"), [(2, 2), (2, 5), (3, 5), (5, 5)])
def test_field_has_the_tail_of_all_others(order: int, n: int) -> None:
    """(N - 1) / r at any order, and of pairs the slope -(N - 1) / (r + f)^2."""
    density = MODELS["bohr" if n == 2 else "exponential"](n)
    found = TransportFunctional(order).response(density)
    last = found.potential.radii[-1]
    assert found.potential(last) * last == pytest.approx(n - 1, rel=1e-9)
    assert found.potential(10 * last) == pytest.approx((n - 1) / (10 * last), rel=1e-12)
    assert found.potential.n_electrons == n
    if order == 2:
        r = np.geomspace(0.2, 8, 30)
        partner = density.radius(density.cocumulant(r), density.cumulant(r))
        step = 1e-3 * r
        slope = (found.potential(r + step) - found.potential(r - step)) / (2 * step)
        np.testing.assert_allclose(slope, -(n - 1) / (r + partner) ** 2, rtol=2e-3)


def test_mean_and_nodes() -> None:
    density: RadialDensity = MODELS["exponential"](3)
    found = TransportFunctional(3).response(density)
    nodes = density.quadrature(2)
    mean = float(nodes.weights @ found.potential(nodes.radii))
    assert found.mean == pytest.approx(mean, rel=1e-8)
    np.testing.assert_array_equal(found.beyond, found.radii > density.radius(1.5))
    assert 0 < np.count_nonzero(found.beyond) < len(found.radii)
    assert found.radii.shape == found.weights.shape
    assert np.all(found.weights > 0)


def test_what_the_search_is_told() -> None:
    told = Told()
    TransportFunctional(3).response(MODELS["exponential"](3), told)
    assert told.steps
    assert TransportFunctional(4).seeds == (1, 2)
    assert TransportFunctional(4).accuracy == Accuracy()
    with pytest.raises(TransportError, match="seeds"):
        TransportFunctional(3, seeds=(1,)).response(MODELS["exponential"](3))
