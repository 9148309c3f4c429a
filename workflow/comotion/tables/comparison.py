"""Records of the stages become one table: optimal transport beside quantum mechanics.

Every column says which record it is read from (`comotion.tables.quantities`), so the table is the
same whatever the order of the records. What its numbers must obey is in `comotion.tables.chain`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from comotion.errors import ComparisonError
from comotion.tables.chain import w_inf_bounds, warnings_of
from comotion.tables.quantities import COLUMNS, PER_PAIR, RECORDS, column, orders
from comotion.tables.rows import rows_of

#: Keys of a row: system and level.
RowKey = tuple[str, str]


def energies_table(
    records: Iterable[tuple[str, Mapping[str, Any]]], rows: Sequence[RowKey] | None = None
) -> pd.DataFrame:
    """Join the records of each system and level into one row.

    Args:
        records: Name and contents of each record, in any order; the name is one of
            `comotion.tables.quantities.RECORDS`.
        rows: System and level of each row, in their order; by default all that there are, by
            number of electrons, system and level.

    Returns:
        One row for each system and level with the columns of `COLUMNS`, ``v_2`` and
        ``v_comotion_k`` with their errors, ``lower_k`` and ``upper_k``; what does not exist is
        missing.

    Raises:
        ComparisonError: A row has no record, a record twice, or records that disagree on N.
    """
    found: dict[RowKey, dict[str, Mapping[str, Any]]] = {}
    for name, record in records:
        key = (record["system"], record["level"])
        of_row = found.setdefault(key, {})
        # The integrals of a density stand in one of two records.
        if name in of_row or {name, *of_row} >= {"quantum", "density"}:
            raise ComparisonError(f"{_label(key)}: the record {name} is there twice; give one")
        of_row[name] = record
    if rows is None:
        rows = sorted(found, key=lambda key: (_electrons(key, found[key]), key))
    missing = [_label(key) for key in rows if key not in found]
    if missing:
        raise ComparisonError(f"{', '.join(missing)}: no record of this row is given")
    table = pd.DataFrame([_row(key, found[key]) for key in dict.fromkeys(rows)])
    pairs = table["n_electrons"] * (table["n_electrons"] - 1) / 2
    for name in PER_PAIR:
        table[f"{name}_per_pair"] = (table[name].astype(float) / pairs).where(pairs > 0)
    bounds = [w_inf_bounds(row) for row in rows_of(table)]
    table["w_inf_lower"], table["w_inf_upper"] = np.array(bounds).T
    table["lieb_oxford_ratio"] = -table["w_inf_upper"] / table["rho_four_thirds"]
    table["warnings"] = ["; ".join(warnings_of(row)) for row in rows_of(table)]
    return table.reindex(columns=[*COLUMNS, *_of_orders(table)])


def _row(key: RowKey, records: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What the records of one row hold of every column that is not derived."""
    system, level = key
    row: dict[str, Any] = {
        "system": system, "level": level, "n_electrons": _electrons(key, records)
    }  # fmt: skip
    sources: dict[str, Mapping[str, Any]] = {name: records.get(name, {}) for name in RECORDS}
    sources["density"] = records.get("density", sources["quantum"])
    for name, meaning in COLUMNS.items():
        if meaning.record:
            row[name] = sources[meaning.record].get(name)
    row |= sources["hierarchy"].get("hierarchy", {})
    errors = sources["hierarchy"].get("hierarchy_error", {})
    row |= {f"{name}_error": error for name, error in errors.items()}
    for k, (low, high) in sources["bracket"].get("hierarchy_bracket", {}).items():
        row |= {f"lower_{k}": low, f"upper_{k}": high}
    proven = sources["pair_bound"].get("hierarchy_proven", {})
    row |= {f"lower_proven_{k}": low for k, low in proven.items()}
    return row


def _electrons(key: RowKey, records: Mapping[str, Mapping[str, Any]]) -> int:
    """The number of electrons, on which the records of a row must agree."""
    numbers = {name: int(records[name]["n_electrons"]) for name in sorted(records)}
    if len(set(numbers.values())) > 1:
        told = ", ".join(f"{name} has {n}" for name, n in numbers.items())
        raise ComparisonError(f"{_label(key)}: records of different N, {told}; make them anew")
    return next(iter(numbers.values()))


def _label(key: RowKey) -> str:
    return " at ".join(key)


def _of_orders(table: pd.DataFrame) -> list[str]:
    """Columns of each k: V_2, its upper bounds by co-motion, each with its error, their bounds."""
    names = list(map(str, table))
    found = [f"{stem}_{k}" for stem in ("v", "v_comotion") for k in orders(names, stem)]
    found = [name for value in found for name in (value, f"{value}_error") if name in names]
    bounds = ("lower", "upper", "lower_proven")
    return found + [f"{stem}_{k}" for stem in bounds for k in orders(names, stem)]


#: Columns of the table for people and the decimals that each is printed with.
_FOR_PEOPLE = {
    "v_comotion": 5,
    "v_best_pattern": 5,
    "v_quantum": 5,
    "v_hf": 5,
    "v_mean_field": 5,
    "hartree": 5,
    "energy": 5,
    "w_inf_lower": 5,
    "w_inf_upper": 5,
    "w_pc": 5,
    "w_inf_prime": 4,
    "lieb_oxford_ratio": 4,
    "search_spread": -1,
    "quadrature_error": -1,
}
#: Why a row is marked.
_WHY_WARNED = (
    "`*` V_SCE obeys these inequalities; an upper bound of it, and the <V_ee> of coupled cluster, "
    "need not:"
)


def markdown(table: pd.DataFrame) -> str:
    """The table for people: Markdown, hartree, one line per system and level.

    A row that has warnings is marked; they stand below the table.
    """
    names = ["system", "level", "n_electrons", *_FOR_PEOPLE]
    lines = [_markdown_line(names), _markdown_line(["---", "---"] + ["---:"] * (len(names) - 2))]
    for _, row in table.iterrows():
        mark = "*" if row["warnings"] else ""
        cells = [f"{row['system']}{mark}", str(row["level"]), str(row["n_electrons"])]
        cells += [_number(row[name], decimals) for name, decimals in _FOR_PEOPLE.items()]
        lines.append(_markdown_line(cells))
    warned = table[table["warnings"] != ""]
    notes = [f"- {row['system']} at {row['level']}: {row['warnings']}"
             for _, row in warned.iterrows()]  # fmt: skip
    if notes:
        notes = [_WHY_WARNED, "", *notes, ""]
    notes += [f"- `{name}` ({column(name).unit or 'name'}): {column(name).meaning}"
              for name in names]  # fmt: skip
    return "\n".join([*lines, "", *notes, ""])


def _markdown_line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _number(value: Any, decimals: int) -> str:
    if pd.isna(value):
        return ""
    return f"{value:.1e}" if decimals < 0 else f"{value:.{decimals}f}"
