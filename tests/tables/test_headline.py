"""The short table: which rows it has, and that no end of a bracket is rounded inwards."""

import re
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comotion.tables.headline import headline, within

_ROW: dict[str, Any] = {
    "system": "Li", "level": "hf_x", "n_electrons": 3, "v_quantum": 2.28, "v_mean_field": 2.7,
    "lower": 1.462, "upper": 1.4624, "v_2": 1.2, "v_2_error": 1e-3, "v_best_pattern": 1.47,
    "quadrature_error": 1e-3,
}  # fmt: skip


def _lines(*rows: dict[str, Any]) -> list[str]:
    return headline(pd.DataFrame([_ROW | row for row in rows])).splitlines()


def test_a_bracket_and_bounds() -> None:
    none = {"lower": None, "upper": None, "system": "B"}
    assert _lines({}, none) == [
        "| system | level | V_SCE | <V_ee> | mean field |",
        "| --- | --- | ---: | ---: | ---: |",
        "| Li | hf_x | 1.4622(2) | 2.2800 | 2.7000 |",
        # 1.199 and 1.471, each rounded outwards.
        "| B | hf_x | 1.19 to 1.48 | 2.2800 | 2.7000 |",
    ]


def test_the_column_of_best_values() -> None:
    """Of the level best alone; a system without one has an empty cell."""
    best = pd.DataFrame([
        {"system": "Li", "level": "best_QZ", "middle": 9.0, "middle_error": 1.0},
        {"system": "Li", "level": "best", "middle": 1.46307, "middle_error": 2.6e-4},
    ])  # fmt: skip
    table = pd.DataFrame([_ROW, _ROW | {"system": "B"}])
    assert headline(table, best).splitlines() == [
        "| system | level | V_SCE | <V_ee> | mean field | V_SCE, best density |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        "| Li | hf_x | 1.4622(2) | 2.2800 | 2.7000 | 1.4631(3) |",
        "| B | hf_x | 1.4622(2) | 2.2800 | 2.7000 |  |",
    ]


def test_a_proven_bound_and_the_best_pattern() -> None:
    proven = {"lower": None, "upper": None, "lower_proven": 1.4705}
    # From 1.4705 to 1.471, which is the cost of the pattern and its error.
    assert _lines(proven)[2] == "| Li | hf_x | 1.4707(3) | 2.2800 | 2.7000 |"


def test_the_last_level_of_each_system_with_a_state() -> None:
    lines = _lines({"level": "hf"}, {"level": "ccsd"}, {"system": "bohr-2", "v_quantum": None})
    assert [line.split(" | ")[:2] for line in lines[2:]] == [["| Li", "ccsd"]]


@pytest.mark.parametrize(("ends", "shown"), [
    ((1.0, 1.0), "1.0000000(1)"), ((3.19384, 3.19388), "3.19386(2)"), ((20.0, 30.0), "25(5)"),
    ((0.5507585, 0.5507585), "0.5507585(1)"), ((1.0, 1.00006), "1.00003(3)"),
])  # fmt: skip
def test_middle_and_half_width(ends: tuple[float, float], shown: str) -> None:
    assert within(*ends) == shown


@given(st.floats(0.01, 1e3), st.floats(0, 10))
def test_what_is_shown_covers_the_bracket(lower: float, width: float) -> None:
    shown = re.fullmatch(r"(\d+(?:\.(\d+))?)\((\d+)\)", within(lower, lower + width))
    assert shown
    middle, bar = float(shown[1]), int(shown[3]) / 10 ** len(shown[2] or "")
    slack = 1e-12 * (lower + width) + 1e-15
    assert middle - bar <= lower + slack
    assert middle + bar >= lower + width - slack
