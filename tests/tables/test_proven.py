"""The table of proven bounds: which rows it has, and that no bound is rounded inwards."""

from typing import Any

import pandas as pd

from comotion.tables.proven import proven_markdown

_ROW: dict[str, Any] = {
    "system": "Li", "level": "hf_x", "n_electrons": 3, "v_2": 1.2000009, "v_2_error": 0.0,
    "lower_proven": 1.4621239, "lower": 1.4622, "upper": 1.4624121, "v_best_pattern": 1.47,
    "quadrature_error": 1e-3, "lower_proven_2": 1.1999999, "lower_proven_3": None,
}  # fmt: skip


def _lines(*rows: dict[str, Any]) -> list[str]:
    return proven_markdown(pd.DataFrame([_ROW | row for row in rows])).splitlines()


def test_bounds_are_rounded_outwards() -> None:
    """The share is that of the numbers as they are."""
    assert _lines({}) == [
        "| system | level | V_2 | proven | upper | proven below upper | proven of V_3 |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
        "| Li | hf_x | 1.200000 | 1.462123 | 1.462413 | 2.0e-04 |  |",
        "",
        "Hartree; the sixth column as a fraction of the upper bound.",
    ]


def test_which_rows_it_has() -> None:
    """The last level of each system, if it has a proven bound; V_2 is in a column of its own."""
    lines = _lines(
        {"level": "hf"}, {"level": "ccsd"}, {"system": "B", "lower_proven": None},
        {"system": "C", "lower_proven": 9.0, "upper": None, "lower": None, "v_best_pattern": 10.0,
         "lower_proven_3": 8.9999999},
    )  # fmt: skip
    assert lines[2:-2] == [
        "| Li | ccsd | 1.200000 | 1.462123 | 1.462413 | 2.0e-04 |  |",
        "| C | hf_x | 1.200000 | 9.000000 | 10.001000 | 1.0e-01 | 8.999999 |",
    ]
