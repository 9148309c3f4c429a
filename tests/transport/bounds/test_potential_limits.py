"""Where the space of potentials ends, and how its potentials go on beyond."""

from dataclasses import replace

import numpy as np
import pytest

from comotion import MODELS, GammaMixture, PairCost
from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.transport.bounds.potential_space import PotentialSpace, _tail_of, potential_space


def _space(kind: str = "exponential", n: int = 3, intervals: int = 12) -> PotentialSpace:
    return potential_space(MODELS[kind](n), lambda r: (n - 1) / np.sqrt(r**2 + 1), intervals)


@pytest.mark.parametrize(("kind", "n"), [("exponential", 3), ("gaussian", 4), ("ball", 2)])
@pytest.mark.parametrize("intervals", [1, 12, 40])
def test_knots_and_grid(kind: str, n: int, intervals: int) -> None:
    """Knots between the innermost 1e-4 and the outermost 1e-5 electrons, on a finer grid."""
    density, space = MODELS[kind](n), _space(kind, n, intervals)
    assert (space.n_electrons, space.intervals) == (n, intervals)
    assert len(space.knots) == intervals + 1
    r = density.radius([1e-4, n - 1e-5], [n - 1e-4, 1e-5])
    np.testing.assert_allclose(space.knots[[0, -1]], np.log(r), atol=1e-9)
    assert space.step == pytest.approx((space.knots[-1] - space.knots[0]) / intervals)
    assert space.b == pytest.approx(float(density.radius(n / 2)), rel=1e-12)
    # The knots are points of the grid, each interval cut into twenty-four.
    np.testing.assert_allclose(np.diff(space.grid), space.step / 24, rtol=1e-9)
    assert len(space.grid) == len(space.known)
    at_knots = space.grid[space.before : space.before + 24 * intervals + 1 : 24]
    np.testing.assert_allclose(at_knots, space.knots, atol=1e-12)
    # It ends where next to no charge is left, or three intervals beyond the knots.
    ends = np.log(density.radius([1e-13, n - 1e-13], [n - 1e-13, 1e-13]))
    margins = np.array([ends[0] - space.grid[0], space.grid[-1] - ends[1]])
    beyond = np.array([space.knots[0] - space.grid[0], space.grid[-1] - space.knots[-1]])
    assert np.all(margins > -1e-9)
    assert np.all(beyond > 3 * space.step - 1e-9)
    assert np.all((margins < space.step) | (beyond < 3 * space.step + 1e-9))


def test_splines_are_local_and_add_up() -> None:
    """Four at each place between the knots, one in the middle of its support the largest."""
    space = _space()
    r = np.exp(np.linspace(space.knots[0], space.knots[-1], 200)[1:-1])
    values = space.functions(r)[:, : space.splines] * np.sqrt(r**2 + space.b**2)[:, None]
    assert np.all(values >= -1e-15)
    assert np.all(np.sum(values > 0, axis=1) <= 4)
    np.testing.assert_allclose(np.sum(values, axis=1), 1, rtol=1e-12)
    middle = np.exp(space.knots[5:8])
    at = space.functions(middle)[:, : space.splines] * np.sqrt(middle**2 + space.b**2)[:, None]
    for k, row in enumerate(at):
        np.testing.assert_allclose(row[5 + k : 8 + k], [1 / 6, 2 / 3, 1 / 6], atol=1e-12)
    assert space.size == space.splines + 1 == 12 + 4
    assert space.n_free == space.splines


@pytest.mark.parametrize("kind", ["exponential", "ball"])
def test_far_outside_all_but_the_plateau_have_vanished(kind: str) -> None:
    space = _space(kind)
    for end in (space.grid[-1], space.grid[-1] + 3):
        values = space.functions(np.array([np.exp(end)]))[0] * np.hypot(np.exp(end), space.b)
        np.testing.assert_allclose(values[: space.splines - 1], 0, atol=1e-12)
        assert values[space.splines - 1] == pytest.approx(1)
        assert values[-1] == pytest.approx(space.known[-1])
    first = space.functions(np.array([np.exp(space.grid[0])]))[0]
    further = space.functions(np.array([np.exp(space.grid[0] - 3)]))[0]
    np.testing.assert_allclose(first, further, rtol=1e-3, atol=1e-12)


def test_coefficients_that_are_free() -> None:
    """All splines but the plateau, and the known potential; N - 1 is left for the plateau."""
    space = _space()
    free = np.random.default_rng(0).normal(size=space.n_free)
    whole = space.with_tail(free)
    np.testing.assert_array_equal(whole[: space.splines - 1], free[:-1])
    assert whole[-1] == free[-1]
    assert whole[-2] == pytest.approx(2 - free[-1] * space.known[-1])
    np.testing.assert_array_equal(space.fixed, space.with_tail(np.zeros(space.n_free)))
    r = np.array([1e7])
    assert float((space.functions(r) @ whole)[0]) == pytest.approx(2e-7, rel=1e-6)


@pytest.mark.parametrize(("missing", "fine"), [(0.9e-6, True), (1.1e-6, False)])
@pytest.mark.parametrize("sign", [-1, 1])
def test_the_quadrature_holds_the_charge(
    monkeypatch: pytest.MonkeyPatch, missing: float, fine: bool, sign: int
) -> None:
    """To a millionth of an electron; integrals by less are no part of a bound."""
    density = MODELS["exponential"](3)
    rule = density.quadrature(8)
    weights = rule.weights * (1 + sign * missing / 3)
    asked: list[int] = []

    def wrong(_: GammaMixture, refinement: int = 1) -> object:
        asked.append(refinement)
        return replace(rule, weights=weights)

    monkeypatch.setattr(GammaMixture, "quadrature", wrong)
    if fine:
        potential_space(density, lambda r: 1 / r, 10)
    else:
        with pytest.raises(TransportError, match=r"quadrature holds .* of 3 electrons: no bound"):
            potential_space(density, lambda r: 1 / r, 10)
    assert asked == [8]


@pytest.mark.parametrize(
    ("cost", "factor", "stretch"),
    [
        (PairCost.yukawa(0.5), 4.0, 1.0),
        (PairCost.logarithm(), 4.0, 1.0),
        (PairCost.repulsive_harmonic(), 2.0, 2.0),
        (PairCost.of(lambda d: -(d**3), vanishes=False), 2.0, 2.0),
        (PairCost.of(lambda d: d**2, vanishes=False), 0.0, 1.0),
        (PairCost.of(lambda d: -np.sqrt(d), vanishes=False), 4.0, 1.0),
    ],
    ids=repr,
)
def test_tails_of_other_costs(cost: PairCost, factor: float, stretch: float) -> None:
    """N - 1 or half of it with twice the length, as the cost is convex or concave far away."""
    assert _tail_of(cost, 5, 100.0) == (factor, stretch)


def test_what_a_cost_does_nearer_does_not_count() -> None:
    """Only from the last radius of the table on, and far beyond."""
    bent = PairCost.of(lambda d: -np.log(1 + (d / 50) ** 2), vanishes=False)
    assert _tail_of(bent, 5, 100.0) == (4.0, 1.0)
    assert _tail_of(bent, 5, 20.0) == (2.0, 2.0)
    turning = PairCost.of(lambda d: (d - 100) ** 2, vanishes=False)
    assert _tail_of(turning, 5, 20.0) == (0.0, 1.0)
    assert _tail_of(turning, 5, 0.5) == (4.0, 1.0)


def test_the_known_potential_of_another_cost() -> None:
    """Without its tail, of the size one, and nothing at the end."""
    density, cost = MODELS["exponential"](3), PairCost.yukawa(0.5)

    def known(r: Array) -> Array:
        return np.asarray(3 * np.exp(-r) + 2 * cost.value(np.sqrt(r**2 + 4)))

    space = potential_space(density, known, 12, cost)
    assert np.max(np.abs(space.known)) == pytest.approx(1)
    assert space.known[-1] == 0
    assert (space.tail, space.stretch) == (2.0, 1.0)
    r = np.exp(space.grid[::50])
    tail = 2 * cost.value(np.sqrt(r**2 + space.b**2))
    np.testing.assert_allclose(space.functions(r)[:, -1], tail, rtol=1e-12)
    np.testing.assert_allclose(space.tail_at(np.sqrt(r**2 + space.b**2)), tail, rtol=1e-12)
    shape = space.functions(r)[:, space.splines]
    rest = known(r) - tail
    rest -= float(known(np.exp(space.grid[-1:]))[0] - 2 * cost.value(
        np.hypot(np.exp(space.grid[-1:]), space.b))[0])  # fmt: skip
    np.testing.assert_allclose(shape * np.max(np.abs(rest)), rest * np.max(np.abs(shape)),
                               atol=1e-6)  # fmt: skip
    assert space.size == space.splines + 2
    free = np.arange(1.0, space.n_free + 1)
    whole = space.with_tail(free)
    assert whole[[-3, -2, -1]].tolist() == [0.0, space.n_free, 1.0]
    # A known potential that is nothing but a tail is none at all.
    rising = PairCost.of(lambda d: d**2, vanishes=False)
    nothing = potential_space(density, np.zeros_like, 12, rising)
    assert nothing.tail == 0
    np.testing.assert_array_equal(nothing.known, 0)
