"""Members of the hierarchy by other routes, their errors, and the laws that they obey."""

import numpy as np
import pytest

from comotion import MODELS, Accuracy, GammaMixture, PairCost, comotion_plan, hierarchy, pair_value
from comotion.errors import TransportError
from comotion.models.meeting_electrons import by_slaters_rules
from comotion.models.three_on_spheres import triangles
from comotion.transport import hierarchy as module
from comotion.transport.angular.minimiser import MAX_ELECTRONS
from comotion.transport.hierarchy import HierarchyValue, hierarchy_value
from comotion.transport.maps import alternating, configuration_radii
from comotion.transport.pair_cells import pair_value_by_cells
from comotion.transport.pair_cost import COULOMB
from comotion.transport.quadrature import folded_rule
from shells import shells

_HARMONIC = PairCost.repulsive_harmonic()


@pytest.mark.parametrize("n", [2, 3, 4, 7])
def test_three_of_n_electrons_with_angles_by_newtons_method(n: int) -> None:
    """N (N - 1) / 6 times the cost of three electrons of density 3/N rho: all pairs over theirs."""
    density = MODELS["sqrt_r"](n)
    rule = folded_rule(256)
    radii = configuration_radii(density.scaled(3), rule.q, rule.complement, alternating(3))
    np.testing.assert_allclose(density.cumulant(radii[:, 1]) * 3 / n, 2 - rule.q, atol=1e-9)
    three = float(rule.weights @ triangles(radii).energies)
    found = hierarchy_value(density, 3)
    assert found.value == pytest.approx(n * (n - 1) / 6 * three, rel=1e-7)
    assert (found.k, found.closed, found.name) == (3, False, "v_comotion_3")


@pytest.mark.parametrize("k", [3, 4, 6])
def test_repulsive_harmonic_in_closed_form(k: int) -> None:
    """In a uniform ball k electrons keep their centre at the nucleus: -k sum r^2, <r^2> = 3/5.

    Their pairs stand for those of five electrons.
    """
    found = hierarchy_value(MODELS["ball"](5), k, pair_cost=_HARMONIC)
    assert found.value == pytest.approx(-5 * 4 / (k * (k - 1)) * k**2 * 3 / 5, rel=1e-6)


def test_errors_are_those_of_the_plan_of_k_electrons_times_the_pairs() -> None:
    density, rough = MODELS["exponential"](4), Accuracy(quadrature=1e-4)
    found = hierarchy_value(density, 3, accuracy=rough, seeds=(5, 8))
    plan = comotion_plan(density.scaled(3), accuracy=rough, seeds=(5, 8))
    assert found.value == pytest.approx(2 * plan.cost, rel=1e-15)
    assert found.error == pytest.approx(2 * plan.error, rel=1e-15)
    fine = hierarchy_value(density, 3, accuracy=Accuracy(quadrature=1e-10))
    assert 0 < abs(found.value - fine.value) <= found.error
    assert fine.error < found.error


def test_error_of_the_closed_form_covers_a_finer_rule() -> None:
    """Shells far apart need more than the first rule; the last change is told."""
    density = MODELS["gaussian"](2)
    coarse, fine = (module._pair_value(density, COULOMB, n)[0] for n in (16, 256))
    assert abs(coarse - fine) > 1e-9
    found = pair_value(MODELS["exponential"](5))
    finest, _ = module._pair_value(MODELS["exponential"](5), COULOMB, 4096)
    assert abs(found.value - finest) <= found.error + 1e-14
    assert 0 < found.error < 1e-9 * found.value
    assert found.closed


def test_error_of_pairs_of_cells_covers_more_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_CELLS", 128)
    density, cost = MODELS["exponential"](3), PairCost.soft_coulomb(10.0)
    found = pair_value(density, pair_cost=cost)
    former, last, finest = (pair_value_by_cells(density, cost, k) for k in (64, 128, 256))
    assert found.value == pytest.approx(last, rel=1e-14)
    assert found.error == pytest.approx(abs(former - last), rel=1e-9)
    assert 0 < abs(last - finest) <= found.error
    assert not found.closed


def test_cells_are_doubled_until_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def value(_density: object, _cost: object, cells: int) -> float:
        asked.append(cells)
        return {64: 1.0, 128: 1.5, 256: 1.5 + 1.2e-9}.get(cells, 2.0)

    monkeypatch.setattr(module, "pair_value_by_cells", value)
    found = pair_value(MODELS["exponential"](3), pair_cost=_HARMONIC)
    assert asked == [64, 128, 256]
    assert found.value == 1.5 + 1.2e-9
    assert found.error == pytest.approx(1.2e-9, rel=1e-6)


@pytest.mark.parametrize("k", [2, 3])
def test_half_the_lengths_are_twice_the_values(k: int) -> None:
    """Lithium by Slater's rules, and the same with all exponents doubled."""
    density = by_slaters_rules(3)
    half = GammaMixture(3, density.coefficients, density.powers, 2 * density.exponents, s=1)
    whole, twice = hierarchy_value(density, k), hierarchy_value(half, k)
    assert twice.value == pytest.approx(2 * whole.value, rel=1e-9)
    assert float(density.radius(1.0)) == pytest.approx(2 * float(half.radius(1.0)), rel=1e-12)


@pytest.mark.parametrize("kind", ["exponential", "ball"])
def test_values_rise_with_k_towards_the_mean_field(kind: str) -> None:
    """V_2 <= V_3 <= ... for the shape of five electrons, where the maps of few are the best."""
    values = hierarchy(MODELS[kind](5), ks=[2, 3, 4])
    assert list(values) == [2, 3, 4]
    assert float(values[2]) < float(values[3]) < float(values[4])
    assert [v.k for v in values.values()] == [2, 3, 4]
    assert [v.closed for v in values.values()] == [True, False, False]


def test_all_orders_up_to_n_by_default() -> None:
    assert list(hierarchy(MODELS["ball"](4))) == [2, 3, 4]
    assert list(hierarchy(MODELS["ball"](1))) == []


def test_orders_are_refused_just_outside() -> None:
    density = MODELS["ball"](3)
    for k in (0, 1, -2, MAX_ELECTRONS + 1, 2.5, "3"):
        with pytest.raises(TransportError, match=f"from 2 to {MAX_ELECTRONS}, got k = {k}"):
            hierarchy_value(density, k)  # type: ignore[arg-type]
    assert hierarchy_value(density, np.int64(2)).k == 2  # type: ignore[arg-type]
    with pytest.raises(TransportError, match="at least 2 different seeds"):
        hierarchy_value(density, 3, seeds=(4,))
    wrong: object = 3
    with pytest.raises(TransportError, match=r"not 3: write ks=\[3\]"):
        hierarchy(density, ks=wrong)  # type: ignore[arg-type]


def test_the_largest_order_is_the_largest_number_of_electrons(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_ELECTRONS", 3)
    assert hierarchy_value(MODELS["ball"](2), 3).k == 3
    with pytest.raises(TransportError, match="from 2 to 3, got k = 4"):
        hierarchy_value(MODELS["ball"](2), 4)


def test_meaning_of_each_kind() -> None:
    assert HierarchyValue(2, 1.5, 0.1, closed=True).meaning.startswith("V_2 in closed form")
    assert HierarchyValue(2, 1.5, 0.1).meaning == "V_2 by pairing cells of charge"
    assert HierarchyValue(7, 1.5, 0.1).meaning == "upper bound of V_7 by co-motion"
    assert float(HierarchyValue(7, 1.5, 0.1)) == 1.5
    assert not HierarchyValue(2, 1.5, 0.1).closed


@pytest.mark.parametrize(("ratio", "closed"), [(1.02, True), (0.98, False)])
def test_closed_where_the_cost_is_convex_at_all_distances_of_opposite_electrons(
    ratio: float, closed: bool
) -> None:
    """1 / sqrt(a^2 + d^2) is from a / sqrt(2) on; in a shell at 1 bohr all are 2 bohr apart."""
    cost = PairCost.soft_coulomb(2 * np.sqrt(2) / ratio)
    assert module._is_closed(shells((1.0,), (2,), 1e-3), cost) == closed


def test_unsettled_closed_form_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of the change when the nodes are doubled: just inside and just outside."""
    monkeypatch.setattr(module, "_FINEST", 256)
    values = {128: (1.0, 2.0), 256: (1.0 + 1e-6, 2.0)}
    monkeypatch.setattr(module, "_pair_value", lambda _rho, _cost, n: values[n])
    density = MODELS["ball"](3)
    wide, narrow = (Accuracy(quadrature=q) for q in (5.1e-7, 4.9e-7))
    for value in (pair_value(density, accuracy=wide), hierarchy_value(density, 2, accuracy=wide)):
        assert value.error == pytest.approx(1e-6)
    with pytest.raises(TransportError, match="doubled, to 256, more than the quadrature tolerance"):
        pair_value(density, accuracy=narrow)
    with pytest.raises(TransportError, match="doubled, to 256"):
        hierarchy_value(density, 2, accuracy=narrow)
