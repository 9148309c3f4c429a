"""Best estimates of several atoms as one table, and their error bars against exact values."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from comotion.recipe import EXACT_ELECTRONS, RULE_FROM
from comotion.systems import BEST

#: Quantities in the order of their columns.
QUANTITIES = (
    "energy",
    "v_quantum",
    "hartree",
    "middle",
    "v_comotion",
    "v_best_pattern",
    "w_inf_comotion",
    "w_inf_prime",
)
#: Quantities that are compared with those of a state which is known exactly.
COMPARED = (
    "energy",
    "v_quantum",
    "kinetic",
    "hartree",
    "v_comotion",
    "w_inf_comotion",
    "w_inf_prime",
)


def best_table(records: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One row for each atom: every quantity followed by its error bar, hartree."""
    columns = ["system", "level", "n_electrons", "nuclear_charge"]
    for name in QUANTITIES:
        columns += [name, f"{name}_error"]
    columns += ["lower", "upper", "v_comotion_by_potential", "energy_exact", "energy_within_error"]
    return pd.DataFrame(list(records)).reindex(columns=columns)


def coverage_table(records: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """How far estimates are from exact values, in units of their error bars.

    Energies of atoms have exact values in the literature. Two electrons in Hylleraas functions
    (their level ``best``) are exact for the sums of Gaussian levels (``best_5Z``), in every
    quantity.

    Args:
        records: Contents of best.json files.

    Returns:
        One row for each quantity that can be compared: value, error, exact and ``bars``, the
        distance in units of the error bar.
    """
    states = {
        record["system"]: record
        for record in records
        if record["n_electrons"] == EXACT_ELECTRONS and record["level"] == BEST
    }
    rows = []
    for record in records:
        exact: dict[str, float | None] = {"energy": record["energy_exact"]}
        if record["level"] != BEST and (state := states.get(record["system"])):
            exact = {name: state.get(name) for name in COMPARED}
        rows += [
            {
                "system": record["system"],
                "level": record["level"],
                "quantity": name,
                "value": record[name],
                "error": record[f"{name}_error"],
                "exact": value,
                "bars": abs(record[name] - value) / record[f"{name}_error"],
            }
            for name, value in exact.items()
            if value is not None and record[name] is not None and record[f"{name}_error"]
        ]
    columns = ["system", "level", "quantity", "value", "error", "exact", "bars"]
    return pd.DataFrame(rows, columns=columns)


def best_markdown(table: pd.DataFrame, coverage: pd.DataFrame) -> str:
    """The tables for people."""
    lines = [
        "| " + " | ".join(["system", "level", *QUANTITIES, "energy exact", "within"]) + " |",
        "| --- " * (len(QUANTITIES) + 4) + "|",
    ]
    for _, row in table.iterrows():
        cells = [str(row["system"]), str(row["level"])]
        cells += [with_error(row[name], row[f"{name}_error"]) for name in QUANTITIES]
        known = pd.notna(row["energy_exact"])
        cells += [f"{row['energy_exact']:.9g}" if known else ""]
        cells += [("yes" if row["energy_within_error"] else "no") if known else ""]
        lines.append("| " + " | ".join(cells) + " |")
    notes = (
        "Hartree; in brackets the error bar in units of the last digit. All numbers of a row "
        "belong to one density, whose error is part of each bar; `middle` is that of the bracket."
    )
    return "\n".join([*lines, "", notes, "", *_coverage_lines(coverage)])


def _coverage_lines(coverage: pd.DataFrame) -> list[str]:
    """How many exact values lie within one and two bars, and which do not."""
    if coverage.empty:
        return []
    chosen = coverage["system"].isin(RULE_FROM)
    test = coverage[~chosen]
    named = [
        f"{row['system']} {row['level']} {row['quantity']} ({row['bars']:.1f} bars)"
        for _, row in test[test["bars"] > 1].iterrows()
    ]
    said = []
    if len(test):
        said.append(
            f"Of {len(test)} exact values of systems that the rule of the bars never saw "
            f"{int((test['bars'] <= 1).sum())} lie within one error bar and "
            f"{int((test['bars'] <= 2).sum())} within two"
            + (f"; outside of one: {', '.join(named)}." if named else ".")
        )
    if chosen.any():
        said.append(
            f"Of {int(chosen.sum())} exact values of {', '.join(RULE_FROM)}, from which it was "
            f"taken, {int((coverage['bars'][chosen] <= 1).sum())} lie within one."
        )
    return [" ".join(said), ""]


def with_error(value: float, error: float) -> str:
    """A value with its error bar in brackets, such as -14.6673(4); nothing where it is missing."""
    if pd.isna(value):
        return ""
    if not error > 0:
        return f"{value:.10f}"
    decimals = 0
    while error * 10**decimals < 2 and decimals < 10:
        decimals += 1
    return f"{value:.{decimals}f}({max(1, round(error * 10**decimals))})"
