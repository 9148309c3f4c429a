"""The hierarchy: its closed form, its ends and its order."""

import numpy as np
import pytest
from scipy.integrate import quad

from comotion import (
    MODELS,
    Accuracy,
    GammaMixture,
    comotion_plan,
    hartree,
    hierarchy,
    pair_value,
)
from comotion.errors import TransportError
from comotion.models.three_on_spheres import triangles
from comotion.tables.quantities import column
from comotion.transport.hierarchy import HierarchyValue, hierarchy_value, orders_of
from comotion.transport.maps import alternating, configuration_radii
from comotion.transport.quadrature import folded_rule
from conftest import atom


def test_pair_value_by_adaptive_quadrature() -> None:
    density = MODELS["sqrt_r"](5)

    def integrand(m: float) -> float:
        near, far = density.radius(m), density.radius(5 - m, m)
        return float(1 / (near + far))

    half, _ = quad(integrand, 0, 2.5, epsabs=1e-11, epsrel=1e-11, limit=300)
    assert pair_value(density).value == pytest.approx(4 / 2 * 2 * half, abs=1e-8)


def test_only_the_second_is_a_value_the_others_are_bounds() -> None:
    """Names and meanings, in an analysis as in the table: nothing above V_k is called V_k."""
    values = [HierarchyValue(k, 1.0, 0.0, closed=k == 2) for k in (2, 3, 10)]
    assert [v.name for v in values] == ["v_2", "v_comotion_3", "v_comotion_10"]
    for v in values:
        assert v.k == 2 or f"upper bound of V_{v.k}" in v.meaning
        assert (v.k == 2) == ("lower bound of V_SCE" in v.meaning)
        assert v.meaning.split(",")[0].removesuffix(" by co-motion") in column(v.name).meaning


@pytest.mark.parametrize(
    ("n", "highest", "orders"),
    [(1, 20, []), (2, 20, [2]), (3, 20, [2]), (5, 20, [2, 3, 4]), (10, 3, [2, 3])],
)
def test_orders_beside_the_plan_itself(n: int, highest: int, orders: list[int]) -> None:
    assert list(orders_of(n, highest)) == orders


def test_pair_value_is_that_of_two_electrons_scaled() -> None:
    density = MODELS["sqrt_r"](5)
    two = comotion_plan(density.scaled(2)).cost
    assert hierarchy_value(density, 2).value == pytest.approx(10 * two, rel=1e-9)


def test_pair_value_of_shells_far_apart() -> None:
    """A steep core in a wide cloud, found among random densities: 128 nodes miss 1.5e-4 of it."""
    shells = GammaMixture(
        2, np.array([1.05, 0.95]), np.array([0.5, 3.94]), np.exp([0.75, -1.98]), s=1
    )
    two = comotion_plan(shells).cost
    assert pair_value(shells).value == pytest.approx(two, rel=1e-7)


def test_order_and_limits() -> None:
    density = MODELS["exponential"](4)
    fine = Accuracy(quadrature=1e-10)
    values = [hierarchy_value(density, k, accuracy=fine).value for k in (2, 3, 4, 5)]
    assert values == sorted(values)
    whole = comotion_plan(density, accuracy=fine).cost
    # Each is accurate to 1e-10; rounding decides at how many nodes it stops.
    assert values[2] == pytest.approx(whole, rel=1e-9)
    assert values[-1] < 3 / 4 * hartree(density)


def test_hartree_fock_beryllium() -> None:
    """V_N by another code: github.com/DerkKooi/jaxsce, data/Be/aug-cc-pVQZ, extrapolated."""
    density = atom("Be", "hf_aug-cc-pVQZ")[1]
    values = hierarchy(density)
    assert values[4].value == pytest.approx(3.15168165, abs=1e-6)
    assert hartree(density) == pytest.approx(7.15595223, abs=1e-7)
    # V_3 by Newton's method for the angles of three electrons.
    rule, three = folded_rule(128), density.scaled(3)
    radii = configuration_radii(three, rule.q, rule.complement, alternating(3))
    cost = float(rule.weights @ triangles(radii).energies)
    assert values[3].value == pytest.approx(2 * cost, rel=1e-6)
    assert values[2].value < values[3].value < values[4].value


def test_hierarchy_begins_at_two() -> None:
    with pytest.raises(TransportError, match="k from 2 to 120"):
        hierarchy_value(MODELS["exponential"](4), 1)
