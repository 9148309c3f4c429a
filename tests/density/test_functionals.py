"""Functionals of the density by other routes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import dblquad, quad

from comotion.density.functionals import (
    DensityIntegrals,
    _integral,
    density_integrals,
    hartree,
)
from comotion.density.gamma import GammaMixture
from comotion.density.model_densities import MODELS, UniformBall
from comotion.density.radial import Array, Quadrature
from comotion.density.table import tabulated
from comotion.errors import DensityError


def test_hartree_is_the_double_integral() -> None:
    density = MODELS["sqrt_r"](2)

    def charge(r: float) -> float:
        return float(2 * 8 / (15 * np.sqrt(np.pi)) * r**2.5 * np.exp(-r))

    def pair(r: float, s: float) -> float:
        return charge(r) * charge(s) / max(r, s)

    # The integrand is symmetric: twice the triangle s < r is the square.
    value, _ = dblquad(pair, 0, 40, 0, lambda s: s, epsabs=1e-9, epsrel=1e-9)
    assert hartree(density) == pytest.approx(value, abs=1e-7)


def _exponential_integrals(n: int, decay: float) -> dict[str, float]:
    """Those of rho = A exp(-k r), of which |grad rho| is k rho: int rho^p = 8 pi A^p / (k p)^3."""
    front = n * decay**3 / (8 * np.pi)

    def power(p: float) -> float:
        return float(8 * np.pi * front**p / (decay * p) ** 3)

    return {
        "hartree": 5 / 32 * n**2 * decay,
        "rho_four_thirds": power(4 / 3),
        "gradient_four_thirds": decay**2 * power(2 / 3),
        "rho_three_halves": power(3 / 2),
        "gradient_seven_sixths": decay**2 * power(5 / 6),
    }


@pytest.mark.parametrize(("n", "decay"), [(2, 1.0), (3, 1.0), (2, 4.0)])
def test_every_integral_of_the_exponential_in_closed_form(n: int, decay: float) -> None:
    found = density_integrals(MODELS["exponential"](n).stretched(1 / decay))
    expected = _exponential_integrals(n, decay)
    for name, value in expected.items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-7), name
    w_pc = -1.451 * expected["rho_four_thirds"] + 5.317e-3 * expected["gradient_four_thirds"]
    assert found.w_pc == pytest.approx(w_pc, rel=1e-7)
    prime = 1.535 * expected["rho_three_halves"] - 0.02558 * expected["gradient_seven_sixths"]
    assert found.w_pc_prime == pytest.approx(prime, rel=1e-7)
    assert found.rho_four_thirds == pytest.approx(expected["rho_four_thirds"], rel=1e-10)
    assert found.hartree_error < 1e-11


def test_point_charge_model_by_quadrature() -> None:
    density = MODELS["gaussian"](2)

    def rho(r: float) -> float:
        return float(2 * (2 * np.pi) ** -1.5 * np.exp(-(r**2) / 2))

    local, _ = quad(lambda r: 4 * np.pi * r**2 * rho(r) ** (4 / 3), 0, 20)
    gradient, _ = quad(lambda r: 4 * np.pi * r**4 * rho(r) ** (2 / 3), 0, 20)
    expected = -1.451 * local + 5.317e-3 * gradient
    assert density_integrals(density).w_pc == pytest.approx(expected, rel=1e-7)
    local, _ = quad(lambda r: 4 * np.pi * r**2 * rho(r) ** 1.5, 0, 20)
    gradient, _ = quad(lambda r: 4 * np.pi * r**4 * rho(r) ** (5 / 6), 0, 20)
    expected = 1.535 * local - 0.02558 * gradient
    assert density_integrals(density).w_pc_prime == pytest.approx(expected, rel=1e-7)


#: How each integral scales under r -> r / f and under rho -> c rho.
_SCALING = {
    "hartree": (1, 2),
    "rho_four_thirds": (1, 4 / 3),
    "gradient_four_thirds": (1, 2 / 3),
    "rho_three_halves": (3 / 2, 3 / 2),
    "gradient_seven_sixths": (3 / 2, 5 / 6),
}


@settings(max_examples=20)
@given(
    kind=st.sampled_from(["bohr", "sqrt_r", "exponential", "gaussian"]),
    factor=st.floats(0.1, 10), n=st.integers(1, 30),
)  # fmt: skip
def test_integrals_scale_with_lengths_and_charge(kind: str, factor: float, n: int) -> None:
    density = MODELS[kind](4)
    before = density_integrals(density)
    after = density_integrals(density.stretched(factor).scaled(n))
    for name, (length, charge) in _SCALING.items():
        expected = getattr(before, name) * factor**-length * (n / 4) ** charge
        assert getattr(after, name) == pytest.approx(expected, rel=2e-7), name


@dataclass(frozen=True, eq=False, repr=False)
class _CoarseBall(UniformBall):
    """A ball whose rule of two nodes has the charge right, and of four the Hartree energy.

    It says that it is hollow, as the first of so few nodes is not small.
    """

    @property
    def support(self) -> tuple[float, float]:
        return 1e-3, 1.0

    def _rule(self, refinement: int) -> Quadrature:
        x, w = np.polynomial.legendre.leggauss(2 * refinement)
        r = (x + 1) / 2
        return Quadrature(r, w / 2 * 4 * np.pi * r**2 * self.density(r))


def test_the_error_of_the_hartree_energy_is_that_of_the_coarser_rule() -> None:
    """Of U = 3 N^2 / 5 in a ball; Gauss' rule of two nodes has 35/36 of int r^4."""
    ball = _CoarseBall(4)
    assert hartree(ball) == pytest.approx(9.6 * 35 / 36, rel=1e-13)
    assert hartree(ball, refinement=2) == pytest.approx(9.6, rel=1e-13)
    found = density_integrals(ball)
    assert found.hartree == pytest.approx(9.6, rel=1e-13)
    assert found.hartree_error == pytest.approx(9.6 / 36, rel=1e-12)
    assert abs(found.hartree - hartree(ball, refinement=3)) <= found.hartree_error


def _expansion(found: DensityIntegrals) -> list[float]:
    return [
        found.rho_four_thirds, found.gradient_four_thirds, found.rho_three_halves,
        found.gradient_seven_sixths,
    ]  # fmt: skip


def test_a_ball_has_no_gradient_inside() -> None:
    found = density_integrals(MODELS["ball"](4))
    rho = 4 / (4 * np.pi / 3)
    assert found.rho_four_thirds == pytest.approx(4 * rho ** (1 / 3), rel=1e-12)
    assert found.rho_three_halves == pytest.approx(4 * np.sqrt(rho), rel=1e-12)
    assert found.gradient_four_thirds == found.gradient_seven_sixths == 0
    assert found.w_pc == pytest.approx(-1.451 * found.rho_four_thirds, rel=1e-12)


def test_gradient_integrals_at_an_edge_that_has_none() -> None:
    """1 - r^2 falls like the distance from its edge: |grad rho|^2 / rho^(4/3) grows too fast."""
    r = np.linspace(0, 1, 201)
    found = density_integrals(tabulated(r, 2 * 15 / (8 * np.pi) * (1 - r**2)))
    assert np.isnan(found.gradient_four_thirds)
    assert np.isnan(found.w_pc)
    assert found.rho_four_thirds > 0


class _Drifting:
    """Makes of a ball one whose gradient integral changes by a given share with a finer rule."""

    def __init__(self, share: float) -> None:
        self.share = share

    def __call__(self, density: Any, refinement: int) -> Array:
        del density
        return np.array([1.0, 1.0 + self.share * (refinement == 1), 1.0, 1.0])


@pytest.mark.parametrize("sign", [-1, 1])
def test_integrals_settle_within_a_thousandth(monkeypatch: pytest.MonkeyPatch, sign: int) -> None:
    place = "comotion.density.functionals._expansion_integrals"
    monkeypatch.setattr(place, _Drifting(sign * 0.99e-3))
    values = _expansion(density_integrals(MODELS["ball"](4)))
    assert values == [1, 1 + sign * 0.99e-3, 1, 1]
    monkeypatch.setattr(place, _Drifting(sign * 1.01e-3))
    values = _expansion(density_integrals(MODELS["ball"](4)))
    assert np.isnan(values).tolist() == [False, True, False, False]


def test_an_integral_must_begin_small_at_the_nucleus_unless_there_is_a_hollow() -> None:
    full = MODELS["ball"](4)
    for first, there in ((0.99e-8, True), (1.01e-8, False), (-1.01e-8, False)):
        terms = np.array([first, 1 - first])
        assert np.isfinite(_integral(full, terms)) == there
    rows = np.array([1, *np.linspace(1, 2, 20), 2])
    shell = tabulated(rows, np.array([0, *[2 / (4 * np.pi * 7 / 3)] * 20, 0]))
    assert shell.support[0] == 1
    assert _integral(shell, np.array([0.5, 0.5])) == 1


def test_hartree_energy_diverges_at_a_steep_nucleus() -> None:
    steep = GammaMixture(1, np.ones(1), np.array([-0.5]), np.ones(1), 1)
    with pytest.raises(DensityError, match=r"grows like r\^-2\.5"):
        hartree(steep)
    with pytest.raises(DensityError, match=r"grows like r\^-2\.5"):
        density_integrals(steep)


def test_what_has_no_density() -> None:
    wrong: Any = "Be"
    for function in (hartree, density_integrals):
        with pytest.raises(DensityError, match="a str is no density and has none"):
            function(wrong)


@dataclass(frozen=True, eq=False, repr=False)
class _WithNothing(UniformBall):
    """A ball whose rule has a node outside of it, which stands for no charge."""

    def _rule(self, refinement: int) -> Quadrature:
        rule = super()._rule(refinement)
        return Quadrature(np.append(rule.radii, 2.0), np.append(rule.weights, 0.0))


def test_nodes_without_density_do_not_matter() -> None:
    assert density_integrals(_WithNothing(4)) == density_integrals(UniformBall(4))
