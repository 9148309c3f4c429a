"""Plans that are no maps: the repulsive harmonic cost and rotated configurations."""

import numpy as np
import pytest

from comotion.density.model_densities import MODELS
from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.models.plans_not_maps import harmonic_plan, tangent_values
from comotion.transport.comotion import comotion_plan


def _line(m: int) -> Array:
    return np.asarray((np.arange(m) + 0.5) / m)[:, None]


@pytest.mark.parametrize("points", [11, 25])
def test_cost_is_minus_nine_variances(points: int) -> None:
    found = harmonic_plan(_line(points), 3)
    # The variance of equidistant points in closed form.
    variance = (1 - 1 / points**2) / 12
    assert found.cost == pytest.approx(-9 * variance, abs=1e-12)
    assert found.bound == pytest.approx(-9 * variance, abs=1e-14)


@pytest.mark.parametrize(
    ("points", "columns", "least"), [(11, 18, 0.02597), (25, 85, 0.00674), (35, 162, 0.00361)]
)
def test_the_widest_plan_covers_the_plane(points: int, columns: int, least: float) -> None:
    found = harmonic_plan(_line(points), 3)
    assert np.sum(found.plane) == columns
    assert np.min(found.widest[found.plane]) == pytest.approx(least, abs=5e-6)
    assert np.sum(found.vertex > 1e-12) < columns
    for weights in (found.vertex, found.widest):
        # Every atom is used by N times its share.
        uses = np.zeros(points)
        np.add.at(uses, found.multisets.ravel(), np.repeat(weights, 3))
        np.testing.assert_allclose(uses / 3, 1 / points, atol=1e-12)
        assert weights[~found.plane].sum() == pytest.approx(0, abs=1e-12)


def test_an_even_number_of_points_misses_the_plane() -> None:
    found = harmonic_plan(_line(12), 3)
    assert not np.any(found.plane)
    assert found.cost > found.bound + 1e-4


def test_a_square_of_points() -> None:
    axis = np.arange(-2, 3) / 2
    found = harmonic_plan(np.array([[x, y] for x in axis for y in axis]), 3)
    assert found.cost == pytest.approx(-9, abs=1e-11)
    assert np.sum(found.plane) == 65
    assert np.min(found.widest[found.plane]) == pytest.approx(0.0069, abs=5e-5)


@pytest.mark.parametrize(("n", "rank"), [(2, 3), (3, 4), (4, 4)])
def test_dimension_of_the_rotated_plan(n: int, rank: int) -> None:
    """Two electrons on a line do not notice rotations about it."""
    plan = comotion_plan(MODELS["exponential"](n))
    for node in (len(plan.weights) // 3, len(plan.weights) // 2):
        values = tangent_values(plan, node)
        assert np.sum(values > 1e-6) == rank
        assert values[rank - 1] > 0.5


def test_one_particle() -> None:
    with pytest.raises(TransportError, match="at least 2"):
        harmonic_plan(_line(5), 1)
