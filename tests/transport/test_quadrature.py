"""The rule over the folded cumulant, smooth and kinked."""

import numpy as np
import pytest

from comotion.errors import TransportError
from comotion.transport.quadrature import folded_rule, integral


def test_rule_integrates_both_logarithmic_ends() -> None:
    rule = folded_rule(256)
    assert np.sum(rule.weights) == pytest.approx(1, abs=1e-12)
    assert rule.weights @ np.log(rule.q) == pytest.approx(-1, abs=1e-9)
    assert rule.weights @ np.log(rule.complement) == pytest.approx(-1, abs=1e-9)
    np.testing.assert_allclose(rule.q + rule.complement, 1, rtol=1e-15)


def test_nodes_are_nested() -> None:
    np.testing.assert_array_equal(folded_rule(64).q[1::2], folded_rule(32).q)


@pytest.mark.parametrize("kink", [0.311, 0.502, 0.7123])
def test_kinks_are_integrated_to_third_order(kink: float) -> None:
    """The lower of two smooth functions that cross once, against its exact integral."""

    def left(q: np.ndarray) -> np.ndarray:
        return np.asarray(1 + q**2)

    def right(q: np.ndarray) -> np.ndarray:
        return np.asarray(1 + kink**2 - (q - kink) * 0.4)

    exact = kink + kink**3 / 3 + (1 + kink**2) * (1 - kink) - 0.2 * (1 - kink) ** 2
    errors = []
    for intervals in (64, 256):
        rule = folded_rule(intervals)
        before = rule.q < kink
        values = np.where(before, left(rule.q), right(rule.q))
        branch_next = np.where(before[:-1], left(rule.q[1:]), right(rule.q[1:]))
        branch_former = np.where(before[1:], left(rule.q[:-1]), right(rule.q[:-1]))
        errors.append(abs(integral(rule, values, branch_next, branch_former) - exact))
        plain = abs(rule.weights @ values - exact)
        assert errors[-1] < max(0.2 * float(plain), 1e-7)
    assert errors[1] < 2e-7


def test_pieces_are_nested_and_integrate_jumps_and_steep_sides() -> None:
    """Logarithms of the distance from a jump, on both of its sides, in closed form."""
    jump = 0.3
    fine, coarse = folded_rule(128, [jump, 0.7]), folded_rule(64, [jump, 0.7])
    np.testing.assert_allclose(fine.q[1::2], coarse.q, rtol=1e-15)
    np.testing.assert_allclose(fine.q + fine.complement, 1, rtol=1e-14)
    assert np.all(np.diff(fine.q) > 0)
    assert len(fine.between) == len(fine.q) - 1
    assert fine.q[127] == jump
    assert fine.weights[127] == 0
    held = fine.weights > 0
    q, weights = fine.q[held], fine.weights[held]
    values = np.where(q < jump, 5 - np.log(np.abs(jump - q)), 1 + np.log(np.abs(q - jump)))
    logarithms = [width * (np.log(width) - 1) for width in (jump, 1 - jump)]
    exact = 5 * jump - logarithms[0] + (1 - jump) + logarithms[1]
    assert weights @ values == pytest.approx(exact, abs=1e-7)


def test_too_few_intervals() -> None:
    with pytest.raises(TransportError, match="at least 4"):
        folded_rule(3)
