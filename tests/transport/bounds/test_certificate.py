"""What a bracket and its lower bound say of themselves, in which unit, and from which file."""

from dataclasses import fields, replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from bounded import bound_of, bracket_of
from comotion import MODELS, PairCost
from comotion.errors import RecordError, TransportError
from comotion.io import read_arrays, write_arrays
from comotion.transport.bounds.bracket import BracketEffort, bracket
from comotion.transport.bounds.certificate import Bracket
from comotion.transport.bounds.configurations import costs_of
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.primal import PrimalBound


@pytest.fixture(scope="module")
def three() -> Bracket:
    return bracket_of("exponential", 3)


def test_what_follows_from_the_ends(three: Bracket) -> None:
    made = replace(three, lower=1.0, upper=1.25, v_comotion=1.5)
    assert (made.gap, made.comotion_excess) == (0.25, 0.25)
    assert made.comotion_within_gap
    assert not replace(made, v_comotion=np.nextafter(1.5, 2)).comotion_within_gap
    assert replace(made, v_comotion=1.25).comotion_excess == 0
    assert made.pair_cost.is_coulomb


def test_a_line(three: Bracket) -> None:
    made = replace(three, lower=1.0, upper=1.25, v_comotion=1.5)
    line = (
        "<Bracket: 1.00000000 <= V_SCE <= 1.25000000 hartree, gap 2.5e-01, "
        "co-motion plan 1.50000000>"
    )
    assert repr(made) == line
    assert made._repr_html_() == (f"<code>{line.replace('<', '&lt;').replace('>', '&gt;')}</code>")
    other = replace(made, plan=replace(made.plan, pair_cost=PairCost.yukawa(0.5)))
    assert "<= cost with <PairCost yukawa(kappa=0.5)> <= 1.25" in repr(other)
    assert (
        repr(replace(three.dual, value=0.5)) == "<DualBound: 0.50000000 hartree with 44 functions>"
    )
    assert three.primal is not None
    primal = replace(three.primal, plan=replace(three.plan, cost=2.0), iterations=7,
                     stopped_by="search")  # fmt: skip
    assert repr(primal) == ("<PrimalBound: 2.00000000 hartree, 7 iterations, stopped by: search>")
    space = repr(three.dual.space)
    first, last = three.dual.space.unit * np.exp(three.dual.space.knots[[0, -1]])
    assert space == f"<PotentialSpace: 44 functions, knots from {first:.3g} to {last:.3g} bohr>"


def test_every_number_in_another_unit(three: Bracket) -> None:
    """Energies go down when lengths go up; counts, words and weights stay."""
    wide = three.stretched(4.0, three.plan.density.stretched(4.0))
    for name in ("lower", "upper", "v_comotion", "spline_error", "gap"):
        assert getattr(wide, name) == getattr(three, name) / 4 != 0, name
    assert wide.lower_from == three.lower_from
    one, other = three.dual, wide.dual
    for name in ("value", "programme", "constant"):
        assert getattr(other, name) == getattr(one, name) / 4 != 0, name
    assert replace(one, corrected=0.5).stretched(4.0, one.density).corrected == 0.125
    np.testing.assert_array_equal(other.configurations, 4 * one.configurations)
    np.testing.assert_array_equal(other.slack, one.slack / 4)
    assert (other.searched, other.stopped_by) == (one.searched, one.stopped_by)
    np.testing.assert_array_equal(other.coefficients, one.coefficients)
    assert other.space.unit == 4 * one.space.unit
    r = np.geomspace(1e-3, 1e3, 30)
    np.testing.assert_array_equal(other.potential(4 * r), one.potential(r) / 4)
    np.testing.assert_allclose(other.density(4 * r), one.density(r) / 64, rtol=1e-12)
    assert three.primal is not None
    assert wide.primal is not None
    for plan, wide_plan in ((three.plan, wide.plan), (three.primal.plan, wide.primal.plan)):
        assert wide_plan.cost == plan.cost / 4
        assert wide_plan.quadrature_error == plan.quadrature_error / 4
        np.testing.assert_array_equal(wide_plan.positions, 4 * plan.positions)
    # A bracket that needed no cells has none in any unit.
    assert replace(three, primal=None).stretched(4.0, three.plan.density).primal is None


def test_the_slack_of_configurations(three: Bracket) -> None:
    x = three.dual.configurations
    assert three.slack(x).shape == (len(x),)
    assert three.slack(x[0]).shape == ()
    assert float(three.slack(x[0])) == pytest.approx(three.slack(x)[0], abs=1e-13)
    # In any unit it is V - sum u - N constant of this unit.
    sums = three.potential(np.linalg.norm(x, axis=1)).sum(axis=1)
    expected = costs_of(x) - sums - 3 * three.dual.constant
    np.testing.assert_allclose(three.slack(x), expected, atol=1e-13)
    assert three.slack(2 * x).min() > 0.01
    for wrong in (x[:, :, :2], x[:, :2], x[0, 0], x[None]):
        with pytest.raises(TransportError, match=r"the shape \(3, 3\) or \(m, 3, 3\), got"):
            three.slack(wrong)


def test_a_bound_that_is_lowered() -> None:
    """By what a configuration lies below the minimum: value and constant with it."""
    one = bound_of("exponential", 3)
    lower = one.lowered(0.3)
    assert lower.value == pytest.approx(one.value - 0.3, abs=1e-15)
    assert lower.constant == pytest.approx(one.constant - 0.1, abs=1e-15)
    assert lower.corrected == pytest.approx(one.corrected + 0.3, abs=1e-15)
    np.testing.assert_allclose(lower.slack, one.slack + 0.3, rtol=1e-15)
    x = one.configurations
    np.testing.assert_allclose(lower.slack_of(x), lower.slack, atol=1e-12)


def test_numbers_of_a_bound_belong_together() -> None:
    """D(u) = int rho u + N constant; the least slack is none; nothing exceeds the programme."""
    one = bound_of("exponential", 3)
    rule = one.density.quadrature(8)
    integral = float(rule.weights @ one.potential(rule.radii))
    assert one.value == pytest.approx(integral + 3 * one.constant, abs=1e-10)
    assert 0 <= one.programme - one.value < 1e-6 * one.value
    # The lowest of the active configurations is what the search has found, but for mutants.
    assert -1e-9 < np.min(one.slack) < 1e-6
    assert one.pair_cost.is_coulomb
    scalar = one.potential(1.0)
    assert scalar.shape == ()
    assert one.potential(np.ones((2, 5))).shape == (2, 5)
    np.testing.assert_allclose(one.potential(np.ones((2, 5))), scalar, rtol=1e-15)


@pytest.mark.parametrize("factor", [1.0, 8.0])
@pytest.mark.parametrize("cost", [None, PairCost.yukawa(0.5), PairCost.logarithm()], ids=repr)
def test_the_tail_is_what_the_potential_is_far_outside(
    factor: float, cost: PairCost | None
) -> None:
    if cost is None:
        one = bound_of("exponential", 3)
        assert one.tail_at(7.0) == 2 / 7
    else:
        poor = BracketEffort(splines=(8,), cells_per_shell=2, iterations=1)
        one = bracket(MODELS["exponential"](3), pair_cost=cost, effort=poor).dual
    other = one.stretched(factor, one.density.stretched(factor))
    for r in (1e5, 1e7):
        assert other.tail_at(r) == pytest.approx(float(other.potential(r)), rel=1e-6, abs=1e-12)


def test_a_file_of_a_bound_explains_itself(tmp_path: Path) -> None:
    one = bound_of("exponential", 3)
    one.save(tmp_path / "b.h5", {"system": "x"}, {"more": (np.ones(3), "bohr", "three ones")})
    attributes, arrays = read_arrays(tmp_path / "b.h5")
    assert attributes["system"] == "x"
    np.testing.assert_array_equal(arrays["more"], np.ones(3))
    for name in ("value", "programme", "constant", "searched", "corrected", "stopped_by"):
        assert attributes[name] == getattr(one, name), name
    for name in ("coefficients", "configurations", "slack"):
        np.testing.assert_array_equal(arrays[name], getattr(one, name))
    table = one.space.table(one.coefficients)
    np.testing.assert_array_equal(arrays["polynomials"], table.coefficients)
    assert attributes["grid_start"] == one.space.grid[0]
    assert attributes["grid_step"] == pytest.approx(one.space.grid[1] - one.space.grid[0])
    assert attributes["density_n_electrons"] == 3
    units = {"coefficients": "hartree bohr", "configurations": "bohr", "slack": "hartree",
             "polynomials": "hartree bohr", "known": "hartree bohr", "knots": "1",
             "integrals": "1", "more": "bohr"}  # fmt: skip
    with h5py.File(tmp_path / "b.h5") as file:
        for name, unit in units.items():
            assert file[name].attrs["unit"] == unit, name
            assert len(file[name].attrs["meaning"]) > 10 - 1
    knots = np.log(one.density.radius([1e-4, 3 - 1e-5], [3 - 1e-4, 1e-5]))
    np.testing.assert_allclose(arrays["knots"][[0, -1]], knots, rtol=1e-10)


def test_every_number_of_a_bound_is_read_as_it_was_written(tmp_path: Path) -> None:
    one = replace(bound_of("exponential", 3), corrected=0.25, programme=7.5)
    one.save(tmp_path / "b.h5")
    other = DualBound.load(tmp_path / "b.h5")
    for field in fields(DualBound):
        if field.name not in {"density", "space"}:
            np.testing.assert_array_equal(
                getattr(other, field.name), getattr(one, field.name), field.name
            )
    assert type(other.searched) is int
    for field in fields(one.space):
        if field.name != "pair_cost":
            np.testing.assert_array_equal(
                getattr(other.space, field.name), getattr(one.space, field.name), field.name
            )


@pytest.mark.parametrize(
    "missing", ["value", "stopped_by", "slack", "known", "unit", "density_exponents", "polynomials"]
)
def test_a_file_without_one_of_its_parts_holds_no_bound(tmp_path: Path, missing: str) -> None:
    bound_of("exponential", 3).save(tmp_path / "b.h5")
    attributes, arrays = read_arrays(tmp_path / "b.h5")
    write_arrays(
        tmp_path / "b.h5",
        {name: (values, "1", "") for name, values in arrays.items() if name != missing},
        {name: value for name, value in attributes.items() if name != missing},
    )
    with pytest.raises(RecordError, match=r"b\.h5: (holds no bound|.*missing)"):
        DualBound.load(tmp_path / "b.h5")


def test_a_plan_that_is_no_plan_by_cells_is_none_of_the_upper_bound(
    tmp_path: Path, three: Bracket
) -> None:
    assert three.primal is not None
    three.primal.save(tmp_path / "primal.h5")
    again = PrimalBound.load(tmp_path / "primal.h5")
    assert (again.iterations, again.stopped_by) == (
        three.primal.iterations, three.primal.stopped_by
    )  # fmt: skip
    assert again.plan.cost == three.primal.plan.cost
    three.plan.save(tmp_path / "plan.h5")
    with pytest.raises(RecordError, match=r"plan\.h5: holds no plan by cells; delete it"):
        PrimalBound.load(tmp_path / "plan.h5")
