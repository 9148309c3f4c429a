"""Patterns of shell directions: genuine plans, and better ones where theory says so."""

import numpy as np
import pytest

from comotion import MODELS, best_pattern, comotion_plan, configuration_radii, pair_value
from comotion.transport.patterns import _neighbours, pattern_name
from comotion.transport.quadrature import folded_rule
from conftest import atom


def test_every_pattern_is_a_plan_of_the_density() -> None:
    density = MODELS["sqrt_r"](4)
    folded, rule = folded_rule(512), density.quadrature()
    of_density = rule.weights @ np.exp(-rule.radii)
    for pattern in ([1, 1, 1, 1], [1, 0, 0, 1], [0, 0, 1, 0]):
        upward = np.array(pattern, dtype=bool)
        radii = configuration_radii(density, folded.q, folded.complement, upward)
        assert folded.weights @ np.sum(np.exp(-radii), axis=1) == pytest.approx(of_density)


def test_three_exponential_electrons() -> None:
    """All four patterns by hand; the co-motion maps are known not to be the best."""
    density = MODELS["exponential"](3)
    comotion = comotion_plan(density)
    best = best_pattern(density, comotion)
    assert best.exhaustive
    assert best.tried == 4
    costs = [
        comotion_plan(density, upward=np.array([True, a, b])).cost
        for a in (True, False)
        for b in (True, False)
    ]
    assert best.plan.cost == pytest.approx(min(costs), rel=1e-9)
    # Above V_2, which is below the cost of any plan, and clearly below the maps' cost.
    assert pair_value(density).value < best.plan.cost < comotion.cost - 1e-3


def test_boron_turns_two_shells() -> None:
    density = atom("B", "hf_aug-cc-pVDZ")[1]
    comotion = comotion_plan(density)
    best = best_pattern(density, comotion)
    assert pattern_name(best.plan.upward) == "uduud"
    assert best.plan.cost < comotion.cost - 4e-3


def test_reversing_all_shells_is_the_same_plan() -> None:
    density = MODELS["sqrt_r"](4)
    upward = np.array([True, False, False, True])
    one, other = (comotion_plan(density, upward=u).cost for u in (upward, ~upward))
    assert one == pytest.approx(other, rel=1e-9)


def test_neighbours_keep_the_first_shell() -> None:
    neighbours = list(_neighbours((True, False, True)))
    assert len(neighbours) == len(set(neighbours)) == 3
    assert all(pattern[0] for pattern in neighbours)
