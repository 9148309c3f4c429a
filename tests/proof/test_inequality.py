"""The boxes of the pair inequality against rational and ball arithmetic."""

from fractions import Fraction
from itertools import product
from math import comb
from pathlib import Path

import numpy as np
import pytest
from flint import acb, arb, ctx, fmpq

from comotion.proof import boxes
from comotion.proof.boxes import Array
from comotion.proof.document import Certificate, read_certificate
from comotion.proof.inequality import Violation, prove_inequality
from pair_certificate import MARGIN, certificate, written


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """The certificate made by hand."""
    return read_certificate(written(tmp_path_factory.mktemp("hand") / "bound.json", certificate()))


def _prove(bound: Certificate, raised: float = 0.0) -> tuple[int, Violation | None]:
    """The outcome with v raised everywhere."""
    return prove_inequality(bound.cells, bound.potential + raised, bound.functions, bound.kernels)


def _at(cell: Array, coefficients: Array, y: arb) -> arb:
    """A cubic at a point, plainly."""
    low, high = arb(float(cell[0])), arb(float(cell[1]))
    tau = (y - low) / (high - low)
    return sum(
        (
            comb(3, i) * arb(float(c)) * tau**i * (1 - tau) ** (3 - i)
            for i, c in enumerate(coefficients)
        ),
        arb(0),
    )


def _slack(bound: Certificate, y: arb, z: arb, t: arb) -> arb:
    """Left side less right side at a point, in balls and without polynomials of boxes."""
    cells = [
        next(i for i, (low, high) in enumerate(bound.cells) if low <= float(x.mid()) <= high)
        for x in (y, z)
    ]
    sides = list(zip(cells, (y, z), strict=True))
    right = sum((_at(bound.cells[c], bound.potential[c], x) for c, x in sides), arb(0))
    psi = [[_at(bound.cells[c], f[c], x) for f in bound.functions] for c, x in sides]
    for order, kernel in enumerate(bound.kernels):
        legendre = acb(t).legendre_p(order).real
        for i, j in product(range(len(kernel)), repeat=2):
            right += legendre * arb(float(kernel[i, j])) * psi[0][i] * psi[1][j]
    r, s = y / (1 - y), z / (1 - z)
    return 1 / (r * r + s * s - 2 * r * s * t).sqrt() - right


def test_nothing_proven_is_violated(whole: Certificate) -> None:
    number, violation = _prove(whole)
    assert violation is None
    assert number > len(whole.cells) * (len(whole.cells) + 1) // 2
    rng = np.random.default_rng(3)
    with ctx.workprec(120):
        for y, z, t in rng.uniform((0.01, 0.01, -1), (0.99, 0.99, 1), (300, 3)):
            assert _slack(whole, arb(y), arb(z), arb(t)) > 0
        # Near the tight place there is little more than the margin.
        tight = _slack(whole, arb("0.5001"), arb("0.4999"), arb(-1))
    assert 2 * MARGIN * 0.9 < float(tight.mid()) < 2 * MARGIN * 1.5


def test_the_place_of_a_violation_has_the_slack_that_is_said(whole: Certificate) -> None:
    _, found = _prove(whole, 1e-3)
    assert found is not None
    assert found.decided
    with ctx.workprec(120):
        y, z, t = (arb(value) for value in (*found.y, found.cosine))
        inside = 1e-9
        y = y.max(arb(inside)).min(arb(1 - inside))
        z = z.max(arb(inside)).min(arb(1 - inside))
        slack = float(_slack(whole, y, z, t).mid()) - 2e-3
    assert found.slack < 0
    assert found.slack == pytest.approx(slack, abs=1e-7)


def test_what_is_tight_is_refused_when_raised_by_a_millionth(whole: Certificate) -> None:
    raised = whole.potential.copy()
    raised[15, 3] += 1e-6
    raised[16, 0] += 1e-6
    _, found = prove_inequality(whole.cells, raised, whole.functions, whole.kernels)
    assert found is not None
    assert found.decided
    assert found.y == pytest.approx((0.5, 0.5), abs=0.01)
    assert found.cosine == pytest.approx(-1, abs=0.01)
    assert found.slack == pytest.approx(2 * MARGIN - 2e-6, abs=1e-8)


def test_equality_is_not_decided() -> None:
    """Without any right side both are zero at infinity."""
    number, found = prove_inequality(
        np.array([[0.0, 1.0]]), np.zeros((1, 4)), np.zeros((1, 1, 4)), np.zeros((1, 1, 1))
    )
    assert number > 50
    assert found is not None
    assert not found.decided
    assert max(found.y) > 1 - 1e-9


@pytest.mark.parametrize("order", [0, 4])
def test_what_rounding_may_hide_is_not_decided(order: int) -> None:
    """M is a constant below zero, the sum of numbers of order one: 0 >= M holds at infinity."""
    kernels = np.zeros((order + 1, 1, 1))
    kernels[0] = 1.0
    for margin, proven in ((1e-15, False), (3e-14, False), (1e-12, True)):
        v = np.full((1, 4), -0.5 - margin)
        _, found = prove_inequality(np.array([[0.0, 1.0]]), v, np.ones((1, 1, 4)), kernels)
        assert (found is None) == proven


def test_a_violation_in_a_corner_without_angles_is_found() -> None:
    """The potential 0.3 - 0.4 y exceeds 1 / (r + s) = 0 for r = 0 and s = infinity alone."""
    potential = np.array([[0.3, 0.3 - 0.4 / 3, 0.3 - 0.8 / 3, -0.1]])
    _, found = prove_inequality(
        np.array([[0.0, 1.0]]), potential, np.zeros((1, 1, 4)), np.zeros((1, 1, 1))
    )
    assert found is not None
    assert found.decided
    assert sorted(found.y) == pytest.approx([0, 1], abs=0.3)


@pytest.mark.parametrize(
    ("cells", "value", "kernel"),
    [
        ([[0.0, 1.5]], -1.0, 0.0),
        ([[1e-300, 1.0]], -1.0, 0.0),
        ([[0.5, 0.5]], -1.0, 0.0),
        ([[0.0, 1.0]], -1e61, 0.0),
        ([[0.0, 1.0]], np.nan, 0.0),
        ([[0.0, 1.0]], -1.0, np.inf),
    ],
)
def test_what_rounding_is_not_accounted_for_is_no_input(
    cells: list[list[float]], value: float, kernel: float
) -> None:
    with pytest.raises(ValueError, match="none that can be proven"):
        prove_inequality(
            np.array(cells), np.full((1, 4), value), np.ones((1, 1, 4)), np.full((1, 1, 1), kernel)
        )


def test_asymmetric_kernels_are_no_input() -> None:
    kernels = np.array([[[1.0, 0.1], [0.2, 1.0]]])
    with pytest.raises(ValueError, match="none that can be proven"):
        prove_inequality(np.array([[0.0, 1.0]]), np.full((1, 4), -9.0), np.ones((2, 1, 4)), kernels)


def _polar(factors: tuple[int, ...], ends: tuple[Fraction, Fraction]) -> list[Fraction]:
    """Bernstein coefficients of a product of three of 1, y and 1 - y, by its polar form."""
    values = [(Fraction(1), y, 1 - y) for y in ends]
    coefficients = []
    for k in range(4):
        chosen = [c for c in product((0, 1), repeat=3) if sum(c) == k]
        terms = [
            values[c[0]][factors[0]] * values[c[1]][factors[1]] * values[c[2]][factors[2]]
            for c in chosen
        ]
        coefficients.append(sum(terms, Fraction(0)) / len(terms))
    return coefficients


def _exact_least(ends: list[float], cosines: list[float], q: Fraction, right: Array) -> Fraction:
    """Least Bernstein coefficient of W on a box less its allowance, by rational numbers."""
    y, z = ((Fraction(ends[i]), Fraction(ends[i + 1])) for i in (0, 2))
    kinds = ((0, 0, 2), (2, 1, 1), (2, 2, 2), (2, 2, 1))
    first, second = ([_polar(kind, side) for kind in kinds] for side in (y, z))
    t0, t1 = (Fraction(t) for t in cosines)
    degree = right.shape[2] - 1
    found = []
    for j, k, m in np.ndindex(right.shape):
        positive = 3 * q / 2 * first[0][j] * second[0][k]
        even = q**3 / 2 * (first[1][j] * second[2][k] + first[2][j] * second[1][k])
        odd = q**3 * first[3][j] * second[3][k]
        t = t0 + (t1 - t0) * Fraction(m, degree)
        allowed = 200 * Fraction(1, 2**53) * (positive + even + odd)
        found.append(positive - even + t * odd - Fraction(float(right[j, k, m])) - allowed)
    return min(found)


def test_one_box_against_rational_numbers() -> None:
    """What passes with a given error is what exact coefficients say, at two scales of boxes."""
    rng = np.random.default_rng(5)
    for size in (0.5, 1e-3):
        for _ in range(20):
            ends = rng.uniform(0, 1 - size, 2).repeat(2) + np.array([0, size, 0, size])
            cosines = rng.uniform(-1, 1 - size) + np.array([0, size])
            right = rng.normal(size=(4, 4, 3))
            q = float(rng.uniform(0.5, 5))
            least = _exact_least(ends.tolist(), cosines.tolist(), Fraction(q), right)
            cubics = np.empty((2, 4, 4))
            for side in range(2):
                low, high = ends[2 * side], ends[2 * side + 1]
                boxes._cubics(low, high, 1 - low, 1 - high, cubics[side])
            scale = 1e-12 * (1 + abs(float(least)))
            for error, passes in ((float(least) - scale, True), (float(least) + scale, False)):
                t0, t1 = cosines.tolist()
                assert boxes._passes(right, cubics[0], cubics[1], t0, t1, q, error) == passes


def test_no_number_passes_no_box() -> None:
    cubics = np.zeros((4, 4))
    boxes._cubics(0.1, 0.2, 0.9, 0.8, cubics)
    right = np.full((4, 4, 2), -10.0)
    assert boxes._passes(right, cubics, cubics, -1.0, 1.0, 1.0, 0.0)
    right[2, 3, 1] = np.nan
    assert not boxes._passes(right, cubics, cubics, -1.0, 1.0, 1.0, 0.0)
    right[2, 3, 1] = -10.0
    assert not boxes._passes(right, cubics, cubics, -1.0, 1.0, 1e200, 0.0)
    assert not boxes._passes(right, cubics, cubics, -1.0, 1.0, 1.0, np.nan)


def test_the_middle_of_a_box_is_where_it_is_said_to_be() -> None:
    ends, whole = np.array([0.1, 0.3, 0.5, 0.9]), np.array([0.0, 1.0, 0.0, 1.0, 0.25, 1.0])
    where = np.zeros(4)
    outcome, _ = boxes._judge(np.full((4, 4, 2), 9.0), whole, ends, 0.0, where)
    assert outcome == boxes.VIOLATED
    r, s, t = 0.2 / 0.8, 0.7 / 0.3, 0.25
    assert where == pytest.approx([0.2, 0.7, t, (r * r + s * s - 2 * r * s * t) ** -0.5 - 9])


def test_each_corner_is_looked_at() -> None:
    """A right side that exceeds the left in one corner, and then hardly does not."""
    y, t = np.array([0.2, 0.3, 0.4, 0.6]), (-0.5, 0.25)
    r = y / (1 - y)
    for j, k, m in np.ndindex(2, 2, 2):
        square = r[j] ** 2 + r[2 + k] ** 2 - 2 * r[j] * r[2 + k] * t[m]
        for more, violates in ((1e-3, True), (-1e-3, False)):
            right = np.full((4, 4, 3), -9.0)
            right[3 * j, 3 * k, 2 * m] = 1 / np.sqrt(square) + more
            where = np.zeros(4)
            assert boxes._corner_violates(right, y, 1 - y, *t, 1e-9, where) == violates
            if violates:
                assert where == pytest.approx([y[j], y[2 + k], t[m], -more])


def test_halves_have_the_values_of_the_whole() -> None:
    """De Casteljau's halves against rational values at points of each, on each axis."""
    rng = np.random.default_rng(7)
    whole = rng.normal(size=(4, 4, 6))
    for axis in range(3):
        low, high = whole.copy(), np.empty_like(whole)
        boxes._halve(low, high, axis)
        for part, start in ((low, 0.0), (high, 0.5)):
            for point in rng.uniform(size=(4, 3)):
                of_whole = point.copy()
                of_whole[axis] = start + point[axis] / 2
                assert _value(part, point) == pytest.approx(_value(whole, of_whole), abs=1e-13)
    assert boxes._middle(whole) == pytest.approx(_value(whole, np.full(3, 0.5)), abs=1e-14)


def _value(coefficients: Array, point: Array) -> float:
    """A polynomial in three variables at a point, by its Bernstein polynomials."""
    for x in point[::-1]:
        degree = coefficients.shape[-1] - 1
        basis = [comb(degree, i) * x**i * (1 - x) ** (degree - i) for i in range(degree + 1)]
        coefficients = coefficients @ np.array(basis)
    return float(coefficients)


def test_rounding_of_halves_stays_below_its_bound() -> None:
    """Thirty halvings at random ends, against the exact polynomial at a corner."""
    rng = np.random.default_rng(11)
    right = rng.normal(size=(4, 4, 5))
    part, other = right.copy(), np.empty_like(right)
    ends = [[Fraction(0), Fraction(1)] for _ in range(3)]
    for _ in range(30):
        axis, upper = int(rng.integers(3)), bool(rng.integers(2))
        boxes._halve(part, other, axis)
        ends[axis][0 if upper else 1] = sum(ends[axis], Fraction(0)) / 2
        if upper:
            part = other.copy()
    with ctx.workprec(300):
        exact = [[arb(float(x)) for x in line] for line in right.reshape(-1, 5)]
        corner = [arb(fmpq(x[0].numerator, x[0].denominator)) for x in ends]
        value = arb(0)
        for j, k, m in np.ndindex(right.shape):
            weight = arb(comb(3, j) * comb(3, k) * comb(4, m))
            for x, i, degree in zip(corner, (j, k, m), (3, 3, 4), strict=True):
                weight *= x**i * (1 - x) ** (degree - i)
            value += weight * exact[4 * j + k][m]
        error = abs(float((value - arb(float(part[0, 0, 0]))).mid()))
    assert error <= 2**-53 * 30 * 4 * np.max(np.abs(right))
    assert error < 1e-14


def test_compilation_is_announced_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    boxes.compile_boxes()
    boxes.announce_compilation()
    assert not caplog.records

    class Fresh:
        """What numba makes of a function that nobody has called."""

        signatures = ()

        class _cache:  # noqa: N801 - numba's name
            cache_path = tmp_path

    monkeypatch.setattr(boxes, "divide", Fresh)
    boxes.announce_compilation()
    assert "compiles its verifier" in caplog.text
    caplog.clear()
    (tmp_path / "boxes.divide-75.py311.nbi").write_text("")
    boxes.announce_compilation()
    assert not caplog.records
