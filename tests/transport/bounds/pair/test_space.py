"""Spaces of the pair bound: what their functions add up to, where they vanish, their charges."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.interpolate import BSpline

from comotion import MODELS, RadialDensity, tabulated
from comotion.density.model_densities import UniformBall, model
from comotion.transport.bounds.pair.space import PairSpace, bernstein, pair_space

_R = np.linspace(0.0, 1.25, 41)
#: To infinity, and from a hollow centre to an edge.
_DENSITIES = {
    "exponential": MODELS["exponential"](3),
    "hollow": tabulated(_R, np.where(_R < 0.25, 0.0, 1.25 - _R), normalize=True),
}


@pytest.fixture(params=_DENSITIES)
def density(request: pytest.FixtureRequest) -> RadialDensity:
    return _DENSITIES[request.param]


@pytest.fixture
def space(density: RadialDensity) -> PairSpace:
    return pair_space(density, 4, 3)


def _inside(space: PairSpace, n: int = 301) -> np.ndarray:
    return np.linspace(space.cells[0, 0], space.cells[-1, 1], n)


def test_bernstein_polynomials() -> None:
    a = np.array([0.0, 0.25, 1.0])
    np.testing.assert_allclose(bernstein(a).sum(axis=-1), 1, rtol=1e-15)
    assert bernstein(a)[[0, 2]].tolist() == [[1, 0, 0, 0], [0, 0, 0, 1]]
    # Their first moment is the identity.
    np.testing.assert_allclose(bernstein(a) @ np.arange(4) / 3, a, atol=1e-15)


def test_cells_follow_one_another_from_end_to_end(density: RadialDensity, space: PairSpace) -> None:
    low, high = space.cells.T
    assert low[1:].tolist() == high[:-1].tolist()
    assert (high > low).all()
    inner, outer = density.support
    assert low[0] == pytest.approx(inner / (inner + 1))
    assert high[-1] == pytest.approx(1.0 if np.isinf(outer) else outer / (outer + 1))
    # Two for each interval of a quarter of the charge.
    assert len(space.cells) == 8
    knots = high[1:-1:2]
    np.testing.assert_allclose(density.cumulant(knots / (1 - knots)), [0.75, 1.5, 2.25])


def test_the_potentials_sum_to_one(space: PairSpace) -> None:
    np.testing.assert_allclose(space.potential_values(_inside(space)) @ space.one, 1, rtol=1e-12)
    # 8 cells, and three more for the degree.
    assert space.potentials.shape == (11, 8, 4)


def test_functions_are_smooth_splines(space: PairSpace) -> None:
    """Value, slope and curvature go on from cell to cell."""
    d = np.diff(space.cells, axis=1)[:, 0]
    for pieces in (space.potentials, space.functions):
        for order in range(3):
            # Differences of the coefficients at an end are derivatives there.
            differences = np.diff(pieces, n=order, axis=2) / d[:, None] ** order
            first, last = differences[..., 0], differences[..., -1]
            scale = np.abs(pieces).max() / d.min() ** order
            np.testing.assert_allclose(last[:, :-1], first[:, 1:], atol=1e-11 * scale)


def test_where_kernels_vanish(density: RadialDensity, space: PairSpace) -> None:
    """At infinity all; at the nucleus those of l from 1 on; at an edge none need to."""
    low, high = (space.function_values(np.array([end]))[0] for end in _inside(space, 2))
    hollow = density.support[0] > 0
    n = len(space.functions)
    assert n == (7 if hollow else 6)
    assert space.sizes == ((n,) * 4 if hollow else (n, n - 1, n - 1, n - 1))
    assert (np.abs(high).max() > 1e-3) == hollow
    assert low[0] > 0
    np.testing.assert_allclose(low[1:], 0, atol=1e-12)


def test_values_are_those_of_b_splines() -> None:
    """The first kernel function by its knots, up to its scale."""
    space = pair_space(_DENSITIES["exponential"], 4, 3)
    knots = np.concatenate(([0.0], space.cells[1::2, 1]))
    full = np.concatenate((np.repeat(0.0, 3), knots, np.repeat(1.0, 3)))
    y = _inside(space)[:-1]
    found = space.function_values(y)
    for k in range(6):
        expected = BSpline.basis_element(full[k : k + 5], extrapolate=False)(y)
        expected = np.nan_to_num(expected)
        np.testing.assert_allclose(found[:, k] / found[:, k].max(), expected / expected.max(),
                                   atol=1e-10)  # fmt: skip


def test_charges_against_a_finer_rule(density: RadialDensity, space: PairSpace) -> None:
    rule = density.quadrature(4)
    y = rule.radii / (1 + rule.radii)
    psi, phi = space.function_values(y), space.potential_values(y)
    np.testing.assert_allclose(space.potential_charges, phi.T @ rule.weights, rtol=1e-5)
    np.testing.assert_allclose(space.charges, psi.T @ rule.weights, rtol=1e-5)
    overlaps = (psi.T * rule.weights) @ psi
    np.testing.assert_allclose(space.overlaps, overlaps, atol=1e-5)
    # Each function has the size one, and together the charges are N.
    np.testing.assert_allclose(space.potential_charges, 1, rtol=1e-12)
    np.testing.assert_allclose(np.diag(space.overlaps), 1, rtol=1e-12)
    assert space.potential_charges @ space.one == pytest.approx(3, rel=1e-12)


def test_a_kernel_of_fewer_functions_is_one_of_all(space: PairSpace) -> None:
    n = len(space.functions)
    kernel = np.arange(1.0, (n - 1) ** 2 + 1).reshape(n - 1, n - 1)
    whole = space.whole(kernel)
    assert whole.shape == (n, n)
    assert not whole[0].any()
    assert not whole[:, 0].any()
    np.testing.assert_array_equal(whole[1:, 1:], kernel)
    np.testing.assert_array_equal(space.whole(whole), whole)


def test_cells_cover_a_density_with_an_edge() -> None:
    """In exact arithmetic, although its radius in the unit was rounded, a sum, and a quotient."""
    rng = np.random.default_rng(8)
    for radius, unit in rng.uniform(0.05, 60.0, size=(100, 2)).tolist():
        ball = model("ball", 2).stretched(radius)
        assert isinstance(ball, UniformBall)
        edge = Fraction(ball.ball_radius)
        space = pair_space(ball.stretched(1 / unit), 3, 1)
        assert Fraction(space.cells[-1, 1].item()) >= edge / (edge + Fraction(unit))
        assert space.cells[-1, 1] < 1
