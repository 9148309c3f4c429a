"""Representability on a few sites: closed forms, linear programmes and certificates."""

import numpy as np
import pytest

from comotion.errors import TransportError
from comotion.models.sites import (
    ionic_constant,
    least_cost,
    membership,
    occupations,
    pair_densities,
    two_site_shape,
)


@pytest.mark.parametrize("k", [2, 3, 4, 5, 8, 12])
def test_two_sites_in_closed_form(k: int) -> None:
    diagonal, between = 1.7, 0.4
    cost = np.array([[diagonal, between], [between, diagonal]])
    for t in np.linspace(0, 1, 25):
        closed = diagonal - (diagonal - between) * float(two_site_shape(k, t))
        found = least_cost(cost, np.array([1 - t, t]), k)
        assert found == pytest.approx(closed, abs=1e-12)


def test_shape_tends_to_the_mean_field() -> None:
    t = np.linspace(0, 1, 11)
    np.testing.assert_allclose(two_site_shape(10**6, t), two_site_shape(np.inf, t), atol=1e-6)
    values = [float(two_site_shape(k, np.array(0.5))) for k in (2, 3, 4, 5, 6, 10)]
    np.testing.assert_allclose(values, [1, 2 / 3, 2 / 3, 3 / 5, 3 / 5, 5 / 9])


@pytest.mark.parametrize("k", [2, 3, 4, 7])
def test_extreme_points_span_the_known_area(k: int) -> None:
    """All k + 1 points are extreme; their polygon in (AA, BB) has the area (k + 1) / (3 k)."""
    points = pair_densities(occupations(2, k))[:, [0, 1], [0, 1]]
    x, y = points.T
    area = 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))
    assert area == pytest.approx((k + 1) / (3 * k), abs=1e-14)


@pytest.mark.parametrize(("k", "distance"), [(2, 0.0), (3, 2 / 3), (6, 0.8), (20, 0.947368421)])
def test_two_particles_that_exclude_each_other(k: int, distance: float) -> None:
    """(d_AB + d_BA) / 2 comes from two particles and from no more."""
    rho = np.array([[0, 0.5], [0.5, 0]])
    found = membership(rho, k)
    assert found.distance == pytest.approx(distance, abs=1e-8)
    if k > 2:
        np.testing.assert_allclose(found.certificate, [[-1, 1], [1, -1]], atol=1e-9)


def test_certificates_are_checked_by_enumeration() -> None:
    rng = np.random.default_rng(0)
    for _ in range(10):
        rho = rng.random((3, 3))
        rho = (rho + rho.T) / np.sum(rho + rho.T)
        found = membership(rho, 4)
        best = np.max(np.einsum("nab,ab->n", pair_densities(occupations(3, 4)), found.certificate))
        assert np.max(np.abs(found.certificate)) <= 1 + 1e-9
        assert np.sum(found.certificate * rho) - best == pytest.approx(found.distance, abs=1e-9)
        nearest = np.einsum("n,nab->ab", found.weights, pair_densities(found.occupations))
        assert np.sum(np.abs(rho - nearest)) == pytest.approx(found.distance, abs=1e-9)


@pytest.mark.parametrize("k", [3, 4, 5, 6, 7])
def test_neutral_ionic_inequality_is_tight(k: int) -> None:
    """For every split of the sites into A and B, AB + BA <= r_k (AA + BB), with equality once."""
    pairs = pair_densities(occupations(3, k))
    sides = np.array([1.0, -1.0, 1.0])
    between = np.einsum("nab,ab->n", pairs, (1 - np.outer(sides, sides)) / 2)
    ratio = between / (1 - between)
    assert np.max(ratio) == pytest.approx(ionic_constant(k), rel=1e-12)


@pytest.mark.slow
def test_ninety_thousand_columns() -> None:
    rng = np.random.default_rng(1)
    counts = occupations(10, 10)
    assert len(counts) == 92378
    weights = rng.random(5)
    chosen = pair_densities(counts[rng.choice(len(counts), 5)])
    rho = np.einsum("n,nab->ab", weights / weights.sum(), chosen)
    assert membership(rho, 10).distance == pytest.approx(0, abs=1e-8)


@pytest.mark.parametrize(
    ("rho", "sentence"),
    [
        ([[0.5, 0.5], [0.0, 0.0]], "symmetric"),
        ([[0.5, np.nan], [np.nan, 0.5]], "symmetric"),
        ([[0.5, 0.5], [0.5, 0.5]], "mass 1"),
        ([[1.2, -0.1], [-0.1, 0.0]], "not negative"),
    ],
)
def test_no_pair_density(rho: list[list[float]], sentence: str) -> None:
    with pytest.raises(TransportError, match=sentence):
        membership(np.array(rho), 3)


def test_wrong_numbers() -> None:
    with pytest.raises(TransportError, match="k >= 2"):
        occupations(3, 1)
    with pytest.raises(TransportError, match="no probability"):
        least_cost(np.eye(2), np.array([0.7, 0.7]), 3)
    with pytest.raises(TransportError, match="no probability"):
        least_cost(np.eye(2), np.array([1.0, np.nan]), 3)
