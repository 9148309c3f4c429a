"""Every inequality of the chain by its two names and its slack, and each broken by a little."""

import dataclasses
from typing import Any

import pandas as pd
import pytest

from comotion.errors import ComparisonError
from comotion.tables.chain import (
    Inequality,
    check_chain,
    expectations,
    theorems,
    w_inf_bounds,
    warnings_of,
)

#: Errors of a row of four electrons: powers of two, so that no sum of some is that of others.
_QUADRATURE, _SPREAD, _UPPER, _TWO, _THREE, _FOUR, _HARTREE = (2.0**-k for k in range(10, 17))
_ROW: dict[str, Any] = {
    "system": "Be", "level": "hf_x", "n_electrons": 4, "hartree": 7.25, "hartree_error": _HARTREE,
    "v_quantum": 4.5, "v_mean_field": 5.4375, "rho_four_thirds": 3.0, "v_2": 2.5,
    "v_2_error": _TWO, "v_comotion_3": 2.9, "v_comotion_3_error": _THREE, "v_comotion_4": 3.35,
    "v_comotion_4_error": _FOUR, "v_comotion": 3.3, "v_best_pattern": 3.25,
    "w_inf_comotion": -3.95, "quadrature_error": _QUADRATURE, "search_spread": _SPREAD,
    "lower": 3.1, "upper": 3.2, "upper_quadrature_error": _UPPER, "lower_2": 2.45, "upper_2": 2.55,
    "lower_3": 2.75, "upper_3": 2.85, "spline_error": 1.0, "lower_proven": 3.05, "lower_pair": 9.0,
    "lower_proven_2": 2.4, "lower_proven_3": 2.7,
}  # fmt: skip
#: The mean field is (1 - 1/4) U.
_MEAN = 0.75 * _HARTREE

_THEOREMS = {
    ("lower_2", "upper_2"): 0.0,
    ("lower_2", "upper_3"): 0.0,
    ("lower_2", "upper"): 0.0,
    ("lower_2", "v_comotion_3"): _THREE,
    ("lower_2", "v_comotion"): _QUADRATURE,
    ("lower_2", "v_best_pattern"): _QUADRATURE,
    ("lower_2", "v_quantum"): 0.0,
    ("lower_2", "v_mean_field"): _MEAN,
    ("lower_3", "upper_3"): 0.0,
    ("lower_3", "upper"): 0.0,
    ("lower_3", "v_comotion_3"): _THREE,
    ("lower_3", "v_comotion"): _QUADRATURE,
    ("lower_3", "v_best_pattern"): _QUADRATURE,
    ("lower_3", "v_quantum"): 0.0,
    ("lower_3", "v_mean_field"): _MEAN,
    ("lower", "upper"): 0.0,
    ("lower", "v_comotion"): _QUADRATURE,
    ("lower", "v_best_pattern"): _QUADRATURE,
    ("lower", "v_quantum"): 0.0,
    ("lower", "v_mean_field"): _MEAN,
    ("v_2", "upper_2"): _TWO,
    ("v_2", "upper_3"): _TWO,
    ("v_2", "upper"): _TWO,
    ("v_2", "v_comotion_3"): _TWO + _THREE,
    ("v_2", "v_comotion"): _TWO + _QUADRATURE,
    ("v_2", "v_best_pattern"): _TWO + _QUADRATURE,
    ("v_2", "v_quantum"): _TWO,
    ("v_2", "v_mean_field"): _TWO + _MEAN,
    ("v_best_pattern", "v_comotion"): 0.0,
    ("-w_inf_comotion", "1.58 rho_four_thirds"): _HARTREE + _QUADRATURE,
    ("hartree - v_best_pattern", "1.58 rho_four_thirds"): _HARTREE + _QUADRATURE,
    ("hartree - upper", "1.58 rho_four_thirds"): _HARTREE + _QUADRATURE,
}
# What is proven obeys the same, and has no error of its own; V_2 is V_2 itself.
_THEOREMS |= {
    (low.replace("lower", "lower_proven"), high): slack
    for (low, high), slack in _THEOREMS.items()
    if low in ("lower", "lower_2", "lower_3")
}
_THEOREMS["lower_proven_2", "v_2"] = _TWO
_EXPECTATIONS = {
    ("v_comotion_3", "v_comotion_4"): _THREE + _FOUR,
    ("v_comotion", "v_quantum"): _QUADRATURE + _SPREAD,
    ("upper", "v_quantum"): _QUADRATURE,
    ("v_comotion", "v_mean_field"): _QUADRATURE + _SPREAD + _MEAN,
    ("upper", "v_mean_field"): _QUADRATURE + _MEAN,
    ("v_comotion_4", "v_quantum"): _FOUR,
    ("upper", "v_best_pattern"): _QUADRATURE + _QUADRATURE + _SPREAD,
}
#: What is a theorem for wave functions only.
_OF_WAVE_FUNCTIONS = {pair: slack for pair, slack in _THEOREMS.items() if pair[1] == "v_quantum"}
#: Names of the Lieb-Oxford inequalities that are not those of columns.
_LEFT = {"-w_inf_comotion": 3.95, "hartree - v_best_pattern": 4.0, "hartree - upper": 4.05}
_EPS = 2.0**-52


def _by_names(found: Any) -> dict[tuple[str, str], Inequality]:
    listed = list(found)
    named = {(one.low, one.high): one for one in listed}
    assert len(named) == len(listed)
    return named


def _value(name: str) -> float:
    return float(_ROW[name]) if name in _ROW else _LEFT.get(name, 1.58 * 3.0)


@pytest.mark.parametrize("listed", ["theorems", "expectations"])
def test_every_inequality_has_its_sides_and_the_errors_of_both(listed: str) -> None:
    function, expected = {
        "theorems": (theorems, _THEOREMS), "expectations": (expectations, _EXPECTATIONS)
    }[listed]  # fmt: skip
    found = _by_names(function(_ROW))
    assert set(found) == set(expected)
    for (low, high), one in found.items():
        assert one.low_value == pytest.approx(_value(low), rel=1e-15), low
        assert one.high_value == pytest.approx(_value(high), rel=1e-15), high
        # Rounding, relative to U, which is the largest number behind all of them.
        rounding = 64 * _EPS * 7.25
        assert one.slack == pytest.approx(expected[low, high] + rounding, rel=1e-14), (low, high)
        assert not one.broken


def test_coupled_cluster_is_warned_of_where_a_wave_function_would_be_wrong() -> None:
    row = _ROW | {"level": "ccsd_hf"}
    assert set(_by_names(theorems(row))) == set(_THEOREMS) - set(_OF_WAVE_FUNCTIONS)
    found = _by_names(expectations(row))
    assert set(found) == set(_EXPECTATIONS) | set(_OF_WAVE_FUNCTIONS)
    for pair, slack in _OF_WAVE_FUNCTIONS.items():
        assert found[pair].slack == pytest.approx(slack + 64 * _EPS * 7.25, rel=1e-14)


@pytest.mark.parametrize(("low", "high"), list(_THEOREMS))
def test_each_theorem_is_broken_by_more_than_its_slack_and_by_no_less(low: str, high: str) -> None:
    """From either side: the lower number raised, or the higher one lowered."""
    slack = _by_names(theorems(_ROW))[low, high].slack
    for name, other, sign in ((low, high, 1), (high, low, -1)):
        column, direction = {
            "-w_inf_comotion": ("w_inf_comotion", -1),
            "hartree - v_best_pattern": ("v_best_pattern", -1),
            "hartree - upper": ("upper", -1),
            "1.58 rho_four_thirds": ("rho_four_thirds", 1 / 1.58),
        }.get(name, (name, 1))
        for share, broken in ((0.5, False), (2.0, True)):
            change = _value(other) - _value(name) + sign * slack * share
            row = _ROW | {column: _ROW[column] + direction * change}
            one = _by_names(theorems(row))[low, high]
            assert one.broken == broken
            if broken:
                with pytest.raises(ComparisonError) as error:
                    check_chain(pd.DataFrame([row]))
                assert f"{low} = " in str(error.value)
                assert str(one) in str(error.value)


@pytest.mark.parametrize(("low", "high"), list(_EXPECTATIONS))
def test_each_expectation_warns_beyond_its_slack(low: str, high: str) -> None:
    slack = _by_names(expectations(_ROW))[low, high].slack
    for share, broken in ((1 - 1e-4, False), (1 + 1e-4, True)):
        row = _ROW | {high: _ROW[low] - slack * share}
        (one,) = (one for one in expectations(row) if (one.low, one.high) == (low, high))
        assert one.broken == broken
        assert (str(one) in warnings_of(row)) == broken


def test_sentence_of_an_inequality() -> None:
    one = Inequality("lower", "upper", 3.25, 3.125, 2e-9)
    assert one.broken
    assert str(one) == (
        "lower = 3.2500000000 exceeds upper = 3.1250000000 by more than the slack 2.0e-09"
    )
    # Up to the slack itself it holds.
    for slack, broken in ((0.125, False), (0.1249, True)):
        assert dataclasses.replace(one, slack=slack).broken == broken


def test_rounding_is_relative_to_the_largest_number() -> None:
    """Of both sides and U; with no U that of the sides."""
    for change, largest in (
        ({}, 7.25), ({"hartree": 1.0}, 3.2), ({"hartree": None}, 3.2), ({"hartree": -9.0}, 9.0),
        ({"hartree": 1.0, "lower": -5.0}, 5.0),
    ):  # fmt: skip
        one = _by_names(theorems(_ROW | change))["lower", "upper"]
        assert one.slack == pytest.approx(64 * _EPS * largest, rel=1e-14)


def test_what_a_row_lacks_is_not_compared() -> None:
    bare = {name: _ROW[name] for name in ("system", "level", "n_electrons", "v_comotion")}
    assert list(theorems(bare)) == list(expectations(bare)) == []
    for missing in (None, float("nan")):
        row = bare | {"v_quantum": 4.5, "upper": missing, "quadrature_error": missing}
        (one,) = expectations(row)
        assert (one.low, one.high) == ("v_comotion", "v_quantum")
        assert one.slack == pytest.approx(64 * _EPS * 4.5)


def test_the_last_value_of_the_hierarchy_is_not_compared_twice() -> None:
    """Where it is the co-motion cost itself."""
    row = _ROW | {"v_comotion_4": _ROW["v_comotion"]}
    assert ("v_comotion_4", "v_quantum") not in _by_names(expectations(row))
    # Without it the last one is that of three electrons.
    row = _ROW | {"v_comotion_4": None}
    found = _by_names(expectations(row))
    assert found["v_comotion_3", "v_quantum"].slack == pytest.approx(_THREE, rel=1e-9)
    assert ("v_comotion_3", "v_comotion_4") not in found


def test_the_larger_quadrature_error_of_an_upper_bound_counts() -> None:
    found = _by_names(expectations(_ROW | {"upper_quadrature_error": 2 * _QUADRATURE}))
    assert found["upper", "v_quantum"].slack == pytest.approx(2 * _QUADRATURE, rel=1e-9)
    found = _by_names(expectations(_ROW | {"quadrature_error": None}))
    assert found["upper", "v_quantum"].slack == pytest.approx(_UPPER, rel=1e-9)


def test_every_row_that_breaks_a_theorem_is_named() -> None:
    broken = _ROW | {"lower": 3.3}
    table = pd.DataFrame([_ROW | {"system": "Ne"}, broken, broken | {"system": "B", "lower": 6.0}])
    with pytest.raises(ComparisonError) as error:
        check_chain(table)
    sentence = str(error.value)
    assert sentence.startswith("the numbers break a theorem, so a search, a quadrature, a basis")
    assert "Ne at" not in sentence
    assert "Be at hf_x: lower = 3.3000000000 exceeds upper = 3.2000000000" in sentence
    assert "; B at hf_x: lower = 6.0000000000 exceeds v_quantum = 4.5000000000" in sentence


@pytest.mark.parametrize(
    ("change", "bounds"),
    [
        ({}, (3.1, 3.2)),
        ({"lower": None, "lower_proven": None}, (2.5 - _TWO, 3.2)),
        ({"lower": None, "lower_proven": 2.45}, (2.5 - _TWO, 3.2)),
        ({"lower": None}, (3.05, 3.2)),
        ({"upper": None}, (3.1, 3.25 + _QUADRATURE)),
        ({"lower": None, "n_electrons": 1}, (0.0, 3.2)),
        ({"upper": None, "quadrature_error": None}, (3.1, 3.25)),
    ],
)
def test_each_bound_of_w_inf_has_its_own_source(
    change: dict[str, Any], bounds: tuple[float, float]
) -> None:
    low, high = w_inf_bounds(_ROW | change)
    assert low == pytest.approx(bounds[0] - 7.25 - _HARTREE, rel=1e-15)
    assert high == pytest.approx(bounds[1] - 7.25 + _HARTREE, rel=1e-15)
