"""Electrons in motion: the plan's own configurations, turned and nothing else."""

import numpy as np
import pytest

from comotion import MODELS, Plan, comotion_plan
from comotion.pages.motion import aligned, motion


@pytest.fixture(scope="module")
def plan() -> Plan:
    return comotion_plan(MODELS["exponential"](3))


def test_every_picture_is_a_configuration_of_the_plan(plan: Plan) -> None:
    found = motion(plan)
    q = np.asarray(plan.q)
    shown = np.array(found["q"])
    assert np.all(np.diff(shown) >= 1 / 200 - 1e-5)
    assert len(shown) > 20
    assert shown[-1] > 0.98
    assert found["shells"] == pytest.approx(plan.density.shells, rel=1e-5)
    for k, value in enumerate(shown):
        node = int(np.argmin(np.abs(q - value)))
        assert found["radii"][k] == pytest.approx(plan.radii[node], rel=1e-5)
        assert found["energies"][k] == pytest.approx(plan.energies[node], rel=1e-5)
        # All distances are those of the configuration.
        places = np.array(found["positions"][k])
        assert places.shape == (3, 3)
        scale = plan.radii[node].max() ** 2
        gram = plan.positions[node].T @ plan.positions[node]
        np.testing.assert_allclose(places @ places.T, gram, atol=1e-4 * scale)


def test_turned_configurations_lie_on_one_another() -> None:
    """Rotations and a reflection are undone, whatever the radii are."""
    rng = np.random.default_rng(3)
    first = rng.normal(size=(3, 5))
    turns = [np.linalg.qr(rng.normal(size=(3, 3)))[0] for _ in range(4)]
    turns[1] = turns[1] @ np.diag([1.0, 1.0, -1.0])
    found = aligned(np.array([first, *(turn @ first for turn in turns)]))
    np.testing.assert_allclose(found, np.broadcast_to(found[0], found.shape), atol=1e-12)
    np.testing.assert_allclose(found[0].T @ found[0], first.T @ first, atol=1e-12)
    # The far electron does not decide: directions are compared.
    far = first * np.array([1, 1, 1, 1, 100.0])
    turned = aligned(np.array([first, turns[0] @ far]))[1]
    np.testing.assert_allclose(turned / [1, 1, 1, 1, 100], found[0], atol=1e-12)
