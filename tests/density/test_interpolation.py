"""The pieces of an interpolation: what each reproduces, which rows it takes, what is refused."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial import Polynomial

from comotion.density.interpolation import (
    _PAIRS,
    Interpolation,
    _change,
    _first,
    _nearest_rows,
    _nonnegative,
    _polynomials,
    _within_range,
    interpolated,
)
from comotion.density.radial import Array

_ROWS = np.linspace(0.5, 3, 14)
_QUINTIC = Polynomial([1.2, -0.4, 0.3, -0.05, 0.02, -0.004])

#: A density of degree five in the variables of each pair.
_EXACT: list[Callable[[Array], Array]] = [
    lambda r: np.exp(_QUINTIC(np.log(r))),
    lambda r: np.exp(_QUINTIC(r)),
    lambda r: _QUINTIC(r) ** 1.5,
    lambda r: _QUINTIC(r) ** 2,
    _QUINTIC,
]


def _between(pieces: Interpolation) -> tuple[np.ndarray, np.ndarray]:
    """Intervals, and points in them."""
    share = np.linspace(0, 1, 9)[1:-1]
    r = pieces.r[:-1, None] + np.diff(pieces.r)[:, None] * share
    return np.broadcast_to(np.arange(len(r))[:, None], r.shape), r


@pytest.mark.parametrize("pair", range(5))
def test_each_pair_of_variables_reproduces_its_polynomials(pair: int) -> None:
    exact = _EXACT[pair]
    pieces, number = _polynomials(_ROWS, exact(_ROWS), pair)
    interval, r = _between(pieces)
    np.testing.assert_allclose(pieces.density(interval, r), exact(r), rtol=1e-11)
    assert set(number) == {6}
    # And the choice among all of them is little worse.
    best = interpolated(_ROWS, exact(_ROWS))
    np.testing.assert_allclose(best.density(interval, r), exact(r), rtol=2e-4)


def test_the_variables_of_the_pairs() -> None:
    assert _PAIRS == ((True, 0.0), (False, 0.0), (False, 2 / 3), (False, 0.5), (False, 1.0))


@pytest.mark.parametrize("pair", range(5))
@pytest.mark.parametrize("rows", [1, 2, 4, 6])
def test_fewer_rows_are_the_nearest(pair: int, rows: int) -> None:
    """In the middle of a table those are as many on either side."""
    rng = np.random.default_rng(2)
    rho = rng.uniform(1, 2, len(_ROWS))
    whole, _ = _polynomials(_ROWS, rho, pair)
    log_r, power = _PAIRS[pair]
    x = np.log(_ROWS) if log_r else _ROWS
    y = rho**power if power else np.log(rho)
    interval = 6
    low = interval - (rows // 2 - 1 if rows > 1 else 0)
    near = slice(low, low + rows)
    # One row alone spans no interval of its own.
    exact = Polynomial.fit(x[near], y[near], rows - 1, domain=[x[0], x[-1]])
    at = np.array([0.3 * _ROWS[6] + 0.7 * _ROWS[7]])
    value = exact(np.log(at) if log_r else at)
    expected = value ** (1 / power) if power else np.exp(value)
    found = _first(rows, whole).density(np.array([interval]), at)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def _by_hand(joined: list[bool], interval: int) -> set[int]:
    """Rows of the run of joined intervals that an interval is in, the six nearest."""
    first = last = interval
    while first > 0 and joined[first - 1]:
        first -= 1
    while last + 1 < len(joined) and joined[last + 1]:
        last += 1
    start = min(max(interval - 2, first), max(last + 1 - 5, first))
    return set(range(start, min(start + 6, last + 2)))


@settings(max_examples=60)
@given(joined=st.lists(st.booleans(), min_size=1, max_size=16))
def test_rows_of_a_polynomial_are_the_nearest_of_its_run(joined: list[bool]) -> None:
    rows, number = _nearest_rows(np.array(joined))
    for interval, there in enumerate(joined):
        if not there:
            continue
        expected = _by_hand(joined, interval)
        assert number[interval] == len(expected)
        own = rows[: number[interval], interval]
        assert set(own.tolist()) == expected
        assert set(own[:2].tolist()) == {interval, interval + 1}
        distances = np.abs(own - interval - 0.5)
        assert np.all(np.diff(distances) >= 0)


def _piece(pair: int, polynomial: Polynomial) -> Interpolation:
    """One interval [1, 2] with a polynomial of degree five in its variable."""
    nodes = np.array([0.0, 1.0, 0.2, 0.4, 0.6, 0.8])
    coefficients = polynomial(nodes)
    for order in range(1, 6):
        rise = coefficients[order:] - coefficients[order - 1 : -1]
        coefficients[order:] = rise / (nodes[order:] - nodes[:-order])
    return Interpolation(
        np.array([1.0, 2.0]), np.array([pair]), nodes[:, None], coefficients[:, None], np.zeros(1)
    )


@settings(max_examples=80)
@given(values=st.lists(st.floats(-1, 3), min_size=6, max_size=6), pair=st.integers(2, 4))
def test_no_polynomial_that_is_taken_is_negative(values: list[float], pair: int) -> None:
    polynomial = Polynomial.fit(np.linspace(0, 1, 6), values, 5, domain=[0, 1], window=[0, 1])
    taken = bool(_nonnegative(_piece(pair, polynomial))[0])
    least = np.min(polynomial(np.linspace(0, 1, 2001)))
    assert not (taken and least < -1e-9 * max(1.0, np.max(np.abs(values))))


def test_positive_polynomials_are_taken_and_logarithms_of_any_sign() -> None:
    positive, negative = Polynomial([1.0, 0.5, -0.2]), Polynomial([1.0, -3.0])
    touching = Polynomial([0.0, 0.0, 1.0])
    for pair in range(5):
        assert _nonnegative(_piece(pair, positive))[0]
        assert _nonnegative(_piece(pair, touching))[0]
        assert bool(_nonnegative(_piece(pair, negative))[0]) == (pair < 2)


@pytest.mark.parametrize(("factor", "inside"), [(1.99, True), (2.01, False)])
def test_a_density_leaves_the_range_of_its_rows_by_a_factor_of_two(
    factor: float, inside: bool
) -> None:
    """Up and down, at the middle of an interval between rows of 1."""
    bump = Polynomial([0, 4, -4])
    node = float(((np.polynomial.legendre.leggauss(10)[0] + 1) / 2)[4])
    rows = np.array([1.0, 1.0])
    up = Polynomial([1]) + bump * ((factor - 1) / bump(node))
    assert bool(_within_range(_piece(4, up), rows)[0]) is inside
    down = Polynomial([1]) + bump * ((1 / factor - 1) / bump(node))
    assert bool(_within_range(_piece(4, down), rows)[0]) is inside
    # Between rows that differ, above the larger one and below the smaller.
    for order in (1, -1):
        assert _within_range(_piece(4, Polynomial([1, 2])), np.array([1.0, 3.0])[::order])[0]


def test_the_change_is_the_charge_of_the_difference() -> None:
    """4 pi int_1^2 r^2 |f - g| dr with f - g = (r - 1) (2 - r)."""
    one, other = _piece(4, Polynomial([1.0, 1, -1])), _piece(4, Polynomial([1.0]))
    exact = (Polynomial([0, 0, 1]) * Polynomial([-2, 3, -1])).integ()
    expected = 4 * np.pi * (exact(2) - exact(1))
    np.testing.assert_allclose(_change(one, other), [expected], rtol=1e-13)
    np.testing.assert_allclose(_change(other, one), [expected], rtol=1e-13)


@pytest.mark.parametrize("pair", range(5))
def test_rules_integrate_over_parts_of_an_interval(pair: int) -> None:
    exact = _EXACT[pair]
    pieces, _ = _polynomials(_ROWS, exact(_ROWS), pair)
    interval = np.array([4, 4, 7])
    low = np.array([_ROWS[4], _ROWS[4] + 0.05, _ROWS[7] + 0.02])
    high = np.array([_ROWS[4] + 0.05, _ROWS[5], _ROWS[8]])
    found = pieces.charge(interval, low, high)
    x, w = np.polynomial.legendre.leggauss(40)
    for i in range(3):
        r = low[i] + (high[i] - low[i]) * (x + 1) / 2
        whole = float(np.sum(4 * np.pi * r**2 * exact(r) * w) * (high[i] - low[i]) / 2)
        assert found[i] == pytest.approx(whole, rel=1e-10)
    nodes, charges = pieces.rule(interval, low, high, refinement=2)
    assert nodes.shape == charges.shape == (3, 20)
    np.testing.assert_allclose(charges.sum(axis=1), found, rtol=1e-10)
    assert np.all((nodes > low[:, None]) & (nodes < high[:, None]))


def test_an_edge_like_that_of_a_trap_is_settled() -> None:
    """(1 - r^2)^(3/2), whose charge 4 pi int r^2 (1 - r^2)^(3/2) dr is pi^2 / 8."""
    r = np.linspace(0, 1, 21)
    pieces = interpolated(r, np.maximum(1 - r**2, 0) ** 1.5)
    whole = pieces.charge(np.arange(20), r[:-1], r[1:])
    assert np.sum(whole) == pytest.approx(np.pi**2 / 8, rel=1e-10)
    assert pieces.pairs[-1] == 2
    assert np.sum(pieces.changes) < 1e-12


def test_no_polynomial_reaches_across_a_jump_or_a_gap() -> None:
    r = np.array([*np.linspace(0.1, 1, 9), 1, 2, *np.linspace(2, 3, 9)])
    rho = np.array([*np.exp(-np.linspace(0.1, 1, 9)), 0, 0, *np.linspace(2, 3, 9) ** 2])
    pieces = interpolated(r, rho)
    interval, at = _between(pieces)
    found = pieces.density(interval, at)
    np.testing.assert_allclose(found[:8], np.exp(-at[:8]), rtol=1e-9)
    np.testing.assert_array_equal(found[8:11], 0)
    np.testing.assert_allclose(found[11:], at[11:] ** 2, rtol=1e-9)
    np.testing.assert_array_equal(pieces.changes[8:11], 0)


@pytest.mark.parametrize("factor", [0.5, 8.0])
def test_pieces_stretch_and_scale_with_their_rows(factor: float) -> None:
    rng = np.random.default_rng(7)
    rho = np.exp(rng.uniform(-1, 0, len(_ROWS)))
    plain, other = interpolated(_ROWS, rho), interpolated(factor * _ROWS, 4 * rho)
    interval, r = _between(plain)
    np.testing.assert_allclose(
        other.density(interval, factor * r), 4 * plain.density(interval, r), rtol=1e-9
    )
    np.testing.assert_allclose(other.changes, 4 * factor**3 * plain.changes, rtol=1e-6, atol=1e-14)
