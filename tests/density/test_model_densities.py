"""Model densities against their defining formulas."""

import numpy as np
import pytest
from scipy.special import genlaguerre

from comotion.density.model_densities import MODELS, model
from comotion.errors import ConfigError, DensityError


def _hydrogenic(n: int, angular: int, r: np.ndarray) -> np.ndarray:
    """|R_nl|^2 of hydrogen, normalised numerically."""
    x = 2 * r / n
    wave = np.exp(-x / 2) * x**angular * genlaguerre(n - angular - 1, 2 * angular + 1)(x)
    grid = np.linspace(0, 400, 400_001)
    y = 2 * grid / n
    on_grid = np.exp(-y / 2) * y**angular * genlaguerre(n - angular - 1, 2 * angular + 1)(y)
    return np.asarray(wave**2 / np.trapezoid(on_grid**2 * grid**2, grid))


def test_bohr_28_is_three_filled_shells() -> None:
    r = np.array([0.1, 1.0, 3.0, 8.0, 20.0])
    expected = np.zeros_like(r)
    for n in (1, 2, 3):
        for angular in range(n):
            expected += 2 * (2 * angular + 1) * _hydrogenic(n, angular, r)
    np.testing.assert_allclose(4 * np.pi * MODELS["bohr"](28).density(r), expected, rtol=1e-8)


@pytest.mark.parametrize(
    ("kind", "at_one"),
    [
        ("exponential", 3 * np.exp(-1) / (8 * np.pi)),
        ("sqrt_r", 3 * 2 * np.exp(-1) / (15 * np.pi**1.5)),
        ("gaussian", 3 * (2 * np.pi) ** -1.5 * np.exp(-0.5)),
        ("ball", 3 * 3 / (4 * np.pi)),
    ],
)
def test_formula_of_each_model(kind: str, at_one: float) -> None:
    assert MODELS[kind](3).density(1.0) == pytest.approx(at_one, rel=1e-13)


def test_a_ball_ends_where_its_charge_does() -> None:
    ball = MODELS["ball"](3).stretched(1.25)
    assert ball.support == (0.0, 1.25)
    assert ball.cocumulant(ball.support[1]) == 0
    assert MODELS["exponential"](3).support == (0.0, np.inf)


@pytest.mark.parametrize("n_electrons", [1, 3, 11])
def test_bohr_atoms_have_closed_subshells(n_electrons: int) -> None:
    with pytest.raises(DensityError, match="subshell"):
        MODELS["bohr"](n_electrons)


def test_models_by_kind_and_by_name() -> None:
    r = np.array([0.1, 1.0, 5.0])
    for kind in MODELS:
        named = model(f"{kind}-4")
        assert named.n_electrons == 4
        np.testing.assert_array_equal(named(r), model(kind, 4).density(r))


@pytest.mark.parametrize(
    ("kind", "n_electrons"),
    [
        ("cube", 2),
        ("exponential", None),
        ("exponential", 0),
        ("exponential", -2),
        ("exponential", 2.5),
        ("exponential", 121),
        ("exponential-2", 2),
    ],
)
def test_no_such_model(kind: str, n_electrons: int | None) -> None:
    with pytest.raises(ConfigError, match="write kind-N with N = 1 to 120 electrons"):
        model(kind, n_electrons)


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("n_electrons", [2.5, 4.0, True, "2", 0])
def test_electrons_are_counted_in_whole_numbers(kind: str, n_electrons: int) -> None:
    with pytest.raises(DensityError, match="give a whole number of them"):
        MODELS[kind](n_electrons)


@pytest.mark.parametrize("kind", MODELS)
def test_a_density_in_print_and_as_a_key(kind: str) -> None:
    density = model(kind, 4)
    assert repr(density).count("\n") == 0
    assert "4 electrons" in repr(density)
    assert "&lt;" in density._repr_html_()
    assert density == density  # noqa: PLR0124 - it holds arrays
    assert len({density, model(kind, 4)}) == 2
