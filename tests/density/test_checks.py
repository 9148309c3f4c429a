"""The charge of a density, by its cumulants and by its integral: limits inside and outside."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from comotion.density.checks import require_charge
from comotion.density.gamma import GammaMixture
from comotion.density.model_densities import MODELS, UniformBall
from comotion.density.radial import Array, Quadrature, RadialDensity
from comotion.density.table import tabulated
from comotion.errors import DensityError


class _Wrong(UniformBall):
    """A ball of four electrons with an error of its cocumulant inside and at its edge."""

    outside = tail = 0.0

    def cocumulant(self, r: ArrayLike) -> Array:
        error = np.where(np.asarray(r) > 0.99, self.tail, self.outside)
        return np.asarray(super().cocumulant(r) + error)


def _wrong(place: str, error: float) -> RadialDensity:
    ball = type("Ball", (_Wrong,), {place: error})(4)
    assert isinstance(ball, RadialDensity)
    return ball


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("place", ["outside", "tail"])
def test_inside_and_outside_add_up(place: str, sign: int) -> None:
    require_charge(_wrong(place, sign * 0.99e-6))
    with pytest.raises(DensityError, match=r"add up to [34]\.\d* at r = .* not to the 4 electrons"):
        require_charge(_wrong(place, sign * 1.01e-6))


class _Moved(UniformBall):
    """A ball whose rule has the right charge in wrong places."""

    move = 0.0

    def _rule(self, refinement: int) -> Quadrature:
        rule = super()._rule(refinement)
        return Quadrature(rule.radii * (1 + self.move), rule.weights)

    def cumulant(self, r: ArrayLike) -> Array:
        return np.asarray(4 * np.asarray(r, dtype=float) ** 3)

    def cocumulant(self, r: ArrayLike) -> Array:
        return np.asarray(4 - self.cumulant(r))


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_density_is_the_derivative_of_the_cumulant(
    monkeypatch: pytest.MonkeyPatch, sign: int
) -> None:
    # N(r) grows like r^3: by three times the move, of 8 pairs.
    for error, right in ((0.99, True), (1.01, False)):
        monkeypatch.setattr(_Moved, "move", sign * error * 1e-6 * 16 / (3 * 8))
        if right:
            require_charge(_Moved(4))
        else:
            with pytest.raises(DensityError, match=r"integral of rho N\(r\) is .* of N\^2 = 16: "):
                require_charge(_Moved(4))


@pytest.mark.parametrize("place", ["outside", "tail"])
def test_what_is_no_number_is_no_charge(place: str) -> None:
    with pytest.raises(DensityError, match="add up to nan"):
        require_charge(_wrong(place, np.nan))


_GOOD: dict[str, RadialDensity] = {name: model(4) for name, model in MODELS.items()}
_GOOD["table"] = tabulated(
    np.linspace(0, 40, 401), MODELS["exponential"](2)(np.linspace(0, 40, 401))
)


@pytest.mark.parametrize("density", _GOOD.values(), ids=_GOOD)
def test_good_densities_pass(density: RadialDensity) -> None:
    require_charge(density)


@pytest.mark.parametrize("sign", [-1, 1])
def test_terms_that_hold_the_electrons(sign: int) -> None:
    def made(error: float) -> GammaMixture:
        return GammaMixture(2, np.array([2 + error]), np.array([2.0]), np.ones(1), 1)

    assert made(sign * 0.99e-8).integral == pytest.approx(2, abs=1e-8)
    with pytest.raises(DensityError, match=r"integrates to (2.0000000101|1.9999999899), not to"):
        made(sign * 1.01e-8)


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("powers", -0.99, -1.0),
        ("powers", 1e5, 1.0001e5),
        ("exponents", 1e-300, 0.0),
        ("s", 1e-3, 0.0),
    ],
)
def test_limits_of_the_terms(name: str, inside: float, outside: float) -> None:
    terms: dict[str, Any] = {
        "coefficients": np.array([1.0]), "powers": np.array([2.0]), "exponents": np.array([1.0]),
        "s": 1.0,
    }  # fmt: skip
    value: Any = inside if name == "s" else np.array([inside])
    GammaMixture(1, **(terms | {name: value}))
    value = outside if name == "s" else np.array([outside])
    with pytest.raises(DensityError, match=r"gamma terms need|the power of r"):
        GammaMixture(1, **(terms | {name: value}))


def test_no_electron_is_no_density() -> None:
    with pytest.raises(DensityError, match="not to the 0 electrons"):
        GammaMixture(0, np.array([0.0]), np.array([2.0]), np.ones(1), 1)
    with pytest.raises(DensityError, match="three arrays of one shape"):
        GammaMixture(1, np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1)), 1)
