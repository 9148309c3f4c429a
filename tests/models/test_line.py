"""Particles on a line against closed forms, mpmath and linear programmes over multisets."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq, linprog
from scipy.special import ndtr, ndtri
from scipy.stats import laplace, norm

from comotion.errors import DensityError, TransportError
from comotion.models.line import programme
from comotion.models.line_densities import LINE_DENSITIES, LineDensity
from comotion.models.line_duality import uniform_potential
from comotion.models.line_plan import comotion_on_line, line_cost, line_zero_point
from comotion.transport.pair_cost import COULOMB, PairCost

_UNIFORM, _GAUSSIAN, _LOGISTIC, _SINE = LINE_DENSITIES.values()


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 10])
def test_uniform_in_closed_form(n: int) -> None:
    harmonic = sum(1 / k for k in range(1, n))
    assert line_cost(_UNIFORM, n) == pytest.approx(n * (n * harmonic - (n - 1)), rel=1e-12)


def _mp_gaussian(u: Any) -> Any:
    return mp.sqrt(2) * mp.erfinv(2 * u - 1)


def _mp_logistic(u: Any) -> Any:
    return mp.log(u / (1 - u))


def _mp_sine(u: Any) -> Any:
    """Where x - sin(2 pi x) / (2 pi) = u, by bisection."""
    mass = float(u)
    return mp.mpf(brentq(lambda x: x - math.sin(2 * math.pi * x) / (2 * math.pi) - mass, 0, 1))


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize(
    ("density", "quantile"),
    [(_GAUSSIAN, _mp_gaussian), (_LOGISTIC, _mp_logistic), (_SINE, _mp_sine)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_other_densities_by_mpmath(
    density: LineDensity, quantile: Callable[[Any], Any], n: int
) -> None:
    """N int_0^(1/N) of the repulsion by tanh-sinh quadrature, quantiles by another library.

    Particles that share the middle interval in equal parts meet as often as their mirror images:
    half of the interval is enough.
    """

    def repulsion(u: Any) -> Any:
        x = [quantile(u + mp.mpf(k) / n) for k in range(n)]
        return mp.fsum(1 / (b - a) for a, b in combinations(x, 2))

    value = 2 * n * mp.quad(repulsion, [0, mp.mpf(1) / (2 * n)], maxdegree=5)
    assert line_cost(density, n) == pytest.approx(float(value), rel=1e-8)


@pytest.mark.parametrize("cost", [COULOMB, PairCost.soft_coulomb(0.1)], ids=repr)
@pytest.mark.parametrize("density", [_SINE, _GAUSSIAN], ids=lambda density: density.name)
def test_zero_point_of_two_in_closed_form(density: LineDensity, cost: PairCost) -> None:
    """One frequency, omega^2 = l''(d) (rho_1 / rho_2 + rho_2 / rho_1), at masses u and u + 1/2.

    By adaptive quadrature over the mass, with quantiles by bisection.
    """

    def quantile(u: float) -> float:
        return float(brentq(lambda x: float(density.distribution(np.array(x))) - u, -9, 9))

    def frequency(v: float) -> float:
        u = v**4
        first, second = quantile(u), quantile(u + 0.5)
        ratio = float(density.density(np.array(first)) / density.density(np.array(second)))
        curvature = float(cost.curvature(np.array(second - first)))
        return 4 * v**3 * math.sqrt(curvature * (ratio + 1 / ratio))

    # Mirror images: both quarters of the masses have the same mean; F = mean of omega / 2.
    mean = 4 * quad(frequency, 0.02, 0.25**0.25, epsabs=1e-9, epsrel=1e-8)[0]
    assert line_zero_point(density, 2, cost) == pytest.approx(mean / 2, rel=1e-3)


def test_zero_point_of_three_by_finite_differences() -> None:
    """Hessian of V - sum v with v'' from the change of the force from place to place.

    Of three eigenvalues one is zero; the sum of the roots of the other two is
    sqrt(trace + 2 sqrt(product)).
    """
    s, weights = np.polynomial.legendre.leggauss(200)
    s, weights = (1 + s) / 2, weights / 2
    u = s**2 * (3 - 2 * s) / 3
    jacobian = 6 * s * (1 - s)
    step = 1e-4 * np.minimum(u, 1 / 3 - u)
    places = [np.stack([_SINE.quantile(v + k / 3, 1 - v - k / 3) for k in range(3)], 1)
              for v in (u - step, u, u + step)]  # fmt: skip

    def force(x: np.ndarray) -> np.ndarray:
        difference = x[:, :, None] - x[:, None, :] + np.diag(np.full(3, np.inf))
        return np.asarray(-np.sum(np.sign(difference) / difference**2, axis=2))

    second = (force(places[2]) - force(places[0])) / (places[2] - places[0])
    sums = []
    for x, v in zip(places[1], second, strict=True):
        d = np.abs(x[:, None] - x) + np.diag(np.full(3, np.inf))
        hessian = -2 / d**3
        hessian[range(3), range(3)] = np.sum(2 / d**3, axis=1) - v
        trace = np.trace(hessian)
        product = (trace**2 - np.sum(hessian**2)) / 2
        sums.append(np.sqrt(trace + 2 * np.sqrt(product)))
    mean = float(weights @ (jacobian * sums))
    assert line_zero_point(_SINE, 3) == pytest.approx(mean / 2, rel=1e-4)


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
