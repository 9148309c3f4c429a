"""Particles on a line against closed forms, mpmath and linear programmes over multisets."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.special import ndtr, ndtri
from scipy.stats import laplace, norm

from comotion.errors import DensityError, TransportError
from comotion.models.line import programme
from comotion.models.line_densities import LINE_DENSITIES, LineDensity
from comotion.models.line_duality import uniform_potential
from comotion.models.line_plan import comotion_on_line, line_cost, line_zero_point
from comotion.transport.pair_cost import PairCost

_UNIFORM, _GAUSSIAN, _LOGISTIC, _SINE = LINE_DENSITIES.values()


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 10])
def test_uniform_in_closed_form(n: int) -> None:
    harmonic = sum(1 / k for k in range(1, n))
    assert line_cost(_UNIFORM, n) == pytest.approx(n * (n * harmonic - (n - 1)), rel=1e-12)


# Tanh-sinh and adaptive quadrature, 12 and 9 digits; project specification.
@pytest.mark.parametrize(
    ("density", "n", "value", "digits"),
    [
        (_GAUSSIAN, 2, 0.645984985860, 1e-11),
        (_GAUSSIAN, 3, 2.403561757011, 1e-8),
        (_LOGISTIC, 2, 0.381319005359, 1e-11),
        (_LOGISTIC, 3, 1.421917704926, 1e-8),
    ],
)
def test_other_densities(density: LineDensity, n: int, value: float, digits: float) -> None:
    assert line_cost(density, n) == pytest.approx(value, abs=digits)


def test_logistic_pair_by_mpmath() -> None:
    """Another integration variable and another library: the distance in closed form."""

    def integrand(u: Any) -> Any:
        return 1 / (mp.log((u + 0.5) / (0.5 - u)) - mp.log(u / (1 - u)))

    value = 2 * mp.quad(integrand, [0, 0.25, 0.5])
    assert line_cost(_LOGISTIC, 2) == pytest.approx(float(value), abs=1e-9)


def test_maps_preserve_the_density_and_close_the_circle() -> None:
    x = np.linspace(-2, 2, 9)
    maps = comotion_on_line(_GAUSSIAN, 3, x)
    np.testing.assert_allclose(maps[:, 0], x, atol=1e-12)
    shift = np.diff(ndtr(maps), axis=1) % 1
    np.testing.assert_allclose(shift, 1 / 3, atol=1e-12)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_potential_certifies_the_uniform_plan(n: int) -> None:
    """Sum v <= V everywhere, equal on the plan, and the dual value is V_N."""
    sites = (np.arange(24) + 0.5) / 24
    rows = np.array(list(combinations(range(24), n)))
    i, j = np.triu_indices(n, 1)
    costs = np.sum(1 / np.abs(sites[rows][:, i] - sites[rows][:, j]), axis=1)
    slack = costs - uniform_potential(n, sites)[rows].sum(axis=1)
    assert slack.min() == pytest.approx(0, abs=1e-10)
    # Midpoints of equal intervals integrate the piecewise linear potential exactly.
    fine = (np.arange(24 * n) + 0.5) / (24 * n)
    dual = n * float(np.mean(uniform_potential(n, fine)))
    assert dual == pytest.approx(line_cost(_UNIFORM, n), rel=1e-12)


@pytest.mark.parametrize("n", [2, 3])
def test_programme_over_all_multisets_finds_the_monotone_plan(n: int) -> None:
    atoms = 12
    u = (np.arange(atoms) + 0.5) / atoms
    x = _LOGISTIC.quantile(u, 1 - u)
    rows = np.array(list(combinations(range(atoms), n)))
    i, j = np.triu_indices(n, 1)
    costs = np.sum(1 / np.abs(x[rows][:, i] - x[rows][:, j]), axis=1)
    uses = np.zeros((atoms, len(rows)))
    for column in rows.T:
        uses[column, np.arange(len(rows))] += 1
    found = linprog(costs, A_eq=uses, b_eq=np.full(atoms, n / atoms), method="highs")
    block = np.arange(atoms // n)
    plan = x[block[:, None] + atoms // n * np.arange(n)]
    monotone = float(np.mean(np.sum(1 / np.abs(plan[:, i] - plan[:, j]), axis=1)))
    assert found.fun == pytest.approx(monotone, rel=1e-12)


def test_too_few_particles() -> None:
    with pytest.raises(TransportError, match="10 atoms cannot be shared among 3"):
        programme(_UNIFORM, 3, 10)
    with pytest.raises(TransportError, match="at least 2"):
        line_cost(_UNIFORM, 1)
    with pytest.raises(TransportError, match="at least 1"):
        comotion_on_line(_UNIFORM, 0, np.array([0.5]))


def test_a_quantile_that_reads_its_second_argument_otherwise() -> None:
    """norm.ppf(u, loc) shifts by the mass to the right: 3.616 came out for 2.404."""
    quantile: Any = norm.ppf
    with pytest.raises(DensityError, match=r"F\(F\^-1\(u\)\) = .* write lambda left, right"):
        LineDensity("g", norm.pdf, norm.cdf, quantile)
    density = LineDensity("g", norm.pdf, norm.cdf, lambda left, _: norm.ppf(left))
    assert line_cost(density, 3) == pytest.approx(line_cost(_GAUSSIAN, 3), rel=1e-9)


def test_a_density_with_a_kink_is_taken() -> None:
    density = LineDensity(
        "laplace", laplace.pdf, laplace.cdf,
        lambda left, right: np.where(left < right, laplace.ppf(left), laplace.isf(right)),
    )  # fmt: skip
    # Opposite halves: 2 int_0^(1/2) du / (F^-1(u + 1/2) - F^-1(u)), by another library.
    value = 2 * mp.quad(lambda u: 1 / -(mp.log(2 * u) + mp.log(1 - 2 * u)), [0, 0.25, 0.5])
    assert line_cost(density, 2) == pytest.approx(float(value), rel=1e-8)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"density": lambda x: 2 * norm.pdf(x)},
            "density is .* has the slope",
        ),
        ({"distribution": lambda x: ndtr(x) / 2}, r"F\(F\^-1\(u\)\)"),
        ({"distribution": lambda x: ndtr(x) * np.nan}, "as many finite numbers"),
        ({"quantile": lambda _, right: ndtri(right)}, "does not rise"),
        ({"quantile": lambda left: 2 * ndtri(left)}, "quantile takes no 2 arrays"),
        ({"density": lambda x: float(norm.pdf(x))}, "density takes no 1 arrays"),
        ({"density": lambda _: 0.4}, r"has the shape \(\)"),
    ],
)
def test_functions_of_different_densities_are_refused(
    change: dict[str, Any], message: str
) -> None:  # fmt: skip
    good: dict[str, Any] = {
        "density": norm.pdf, "distribution": ndtr, "quantile": lambda left, _: ndtri(left),
    }  # fmt: skip
    with pytest.raises(DensityError, match=message):
        LineDensity("g", **(good | change))


def test_repulsions_that_are_none_are_refused() -> None:
    with pytest.raises(TransportError, match="rises at the distance"):
        line_cost(_GAUSSIAN, 3, PairCost.of(lambda d: d, vanishes=False))
    unknown = replace(PairCost.yukawa(1.0), curvature=lambda d: np.full_like(d, np.nan))
    with pytest.raises(TransportError, match="is not finite"):
        line_zero_point(_GAUSSIAN, 3, unknown)


def test_an_integral_that_does_not_settle_is_refused() -> None:
    """Two thirds and a third of the mass, on unit intervals far apart: positions jump."""

    def quantile(left: np.ndarray, _: np.ndarray) -> np.ndarray:
        return np.where(left < 2 / 3, 1.5 * left, 100 + 3 * (left - 2 / 3))

    density = LineDensity(
        "two", lambda x: np.where(x < 50, 2 / 3, 1 / 3),
        lambda x: np.where(x < 50, 2 / 3 * x, 2 / 3 + (x - 100) / 3), quantile,
    )  # fmt: skip
    with pytest.raises(TransportError, match="take more nodes"):
        line_cost(density, 2)
    # Shells of equal mass meet the gap at their ends: three particles settle.
    assert line_cost(density, 3) > 0
