"""Records of the stages become one table, and the table must obey the chain.

Theory orders the numbers of every row (Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem.
Phys. 139, 164109 (2013); Lieb and Oxford, Int. J. Quantum Chem. 19, 427 (1981)):
``V_2 <= ... <= V_N = V_SCE <= <V_ee>``, ``V_SCE <= (1 - 1/N) U`` and
``W_inf >= -1.58 int rho^(4/3)``. A row that does not is an error, not a footnote.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from comotion.density.functionals import LIEB_OXFORD
from comotion.errors import ComparisonError

#: Relative slack of an inequality: searches and quadratures agree to better than this.
SLACK = 1e-6


@dataclass(frozen=True)
class Column:
    """A column of the table.

    Attributes:
        unit: Its unit.
        meaning: What it is, in a phrase.
    """

    unit: str
    meaning: str


_ENERGY_COLUMNS = {
    "energy": "total energy E",
    "v_quantum": "quantum <V_ee>",
    "v_hf": "Hartree-Fock <V_ee> in the same basis",
    "hartree": "Hartree energy U of the spherically averaged density",
    "v_mean_field": "mean field (1 - 1/N) U",
    "v_comotion": "transport cost of the co-motion plan, an upper bound of V_SCE",
}
#: Energies that are also given per electron pair.
_PER_PAIR = ("energy", "v_quantum", "v_hf", "hartree", "v_mean_field", "v_comotion")

COLUMNS: dict[str, Column] = {
    "system": Column("", "atom, ion, model or user density"),
    "level": Column("", "level of theory of the density, method_basis"),
    "n_electrons": Column("1", "number of electrons N"),
    "nuclear_charge": Column("1", "nuclear charge Z of an atom or ion"),
    **{name: Column("hartree", meaning) for name, meaning in _ENERGY_COLUMNS.items()},
    **{
        f"{name}_per_pair": Column("hartree", f"{_ENERGY_COLUMNS[name]}, over N (N - 1) / 2")
        for name in _PER_PAIR
    },
    "v_best_pattern": Column("hartree", "cost of the best pattern of shell directions found"),
    "best_pattern": Column("", "that pattern, u up and d down, from the innermost shell"),
    "lower": Column("hartree", "lower bound of V_SCE by Kantorovich duality"),
    "upper": Column("hartree", "upper bound of V_SCE, the cheapest plan found"),
    "w_inf": Column("hartree", "V_SCE - U with the co-motion value of V_SCE"),
    "w_pc": Column("hartree", "point-charge-plus-continuum model of W_inf"),
    "w_inf_prime": Column("hartree", "zero-point coefficient W'_inf of the co-motion plan"),
    "w_pc_prime": Column("hartree", "point-charge-plus-continuum model of W'_inf"),
    "unstable_share": Column("1", "share of configurations about which the plan is unstable"),
    "rho_four_thirds": Column("bohr^-1", "int rho^(4/3)"),
    "gradient_four_thirds": Column("bohr^-1", "int |grad rho|^2 / rho^(4/3)"),
    "rho_three_halves": Column("bohr^-3/2", "int rho^(3/2)"),
    "gradient_seven_sixths": Column("bohr^-3/2", "int |grad rho|^2 / rho^(7/6)"),
    "lieb_oxford_ratio": Column("1", "-W_inf / int rho^(4/3), at most 1.58"),
    "exchange": Column("hartree", "exchange energy of the reference determinant"),
    "search_spread": Column("hartree", "largest difference of v_comotion between seeds"),
    "quadrature_error": Column("hartree", "estimated quadrature error of v_comotion"),
    "w_inf_prime_error": Column("hartree", "estimated quadrature error of w_inf_prime"),
    "hartree_error": Column("hartree", "estimated quadrature error of U"),
    "density_integral_error": Column("electrons", "int rho - N"),
    "virial_ratio": Column("1", "-(E - T) / T, 2 in a complete basis"),
    "spin_square": Column("1", "<S^2> of the reference determinant"),
    "converged": Column("", "whether all iterations converged"),
}
_HIERARCHY = Column("hartree", "k-density-representability value V_k")


def column(name: str) -> Column:
    """Unit and meaning of a column, those of the hierarchy included."""
    return _HIERARCHY if name.startswith("v_hierarchy_") else COLUMNS[name]


def energies_table(records: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Join the records of each system and level into one row.

    Args:
        records: Contents of quantum.json, sce.json, hierarchy.json and bracket.json, in any
            order.

    Returns:
        One row per system and level, in the order of first appearance, with the columns
        of `COLUMNS` and ``v_hierarchy_k``; what does not exist is missing.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for record in records:
        row = rows.setdefault((record["system"], record["level"]), {})
        # Where records share a key, such as v_comotion, the first one holds.
        row |= {key: value for key, value in record.items() if key in COLUMNS and key not in row}
        row |= {f"v_hierarchy_{k}": v for k, v in record.get("v_hierarchy", {}).items()}
    table = pd.DataFrame(list(rows.values()))
    pairs = table["n_electrons"] * (table["n_electrons"] - 1) / 2
    for name in _PER_PAIR:
        table[f"{name}_per_pair"] = (table[name].astype(float) / pairs).where(pairs > 0)
    table["lieb_oxford_ratio"] = -table["w_inf"] / table["rho_four_thirds"]
    hierarchy = sorted(
        (name for name in map(str, table) if name.startswith("v_hierarchy_")),
        key=lambda name: int(name.rsplit("_", 1)[1]),
    )
    return table.reindex(columns=[*COLUMNS, *hierarchy])


def check_chain(table: pd.DataFrame) -> None:
    """Check the inequalities of every row.

    Raises:
        ComparisonError: One sentence with every inequality that fails.
    """
    faults = [fault for _, row in table.iterrows() for fault in _faults(row)]
    if faults:
        raise ComparisonError(
            "the numbers break an inequality of the theory, so the search, the basis or the "
            "co-motion map is at fault: " + "; ".join(faults)
        )


def _faults(row: "pd.Series[Any]") -> list[str]:
    """The inequalities that a row breaks, as phrases."""
    chain = [name for name in row.index if name.startswith("v_hierarchy_")]
    chain = [name for name in chain if pd.notna(row[name])]
    ordered = [*pairwise(chain)]
    ordered += [("v_comotion", "v_quantum"), ("v_comotion", "v_mean_field")]
    ordered += [("v_best_pattern", "v_comotion"), ("lower", "upper"), ("upper", "v_best_pattern")]
    ordered += [("lower", "v_quantum"), ("upper", "v_mean_field")]
    if chain:
        ordered.append((chain[-1], "v_quantum"))
    name = f"{row['system']} at {row['level']}"
    faults = []
    for low, high in ordered:
        if pd.isna(row[low]) or pd.isna(row[high]):
            continue
        if row[low] > row[high] + SLACK * abs(row[high]):
            faults.append(f"{name}: {low} = {row[low]:.8f} exceeds {high} = {row[high]:.8f}")
    if row["lieb_oxford_ratio"] > LIEB_OXFORD:
        faults.append(
            f"{name}: the Lieb-Oxford ratio {row['lieb_oxford_ratio']:.6f} exceeds {LIEB_OXFORD}"
        )
    return faults


#: Columns of the table for people and the decimals that each is printed with.
_FOR_PEOPLE = {
    "v_comotion": 5,
    "v_best_pattern": 5,
    "v_quantum": 5,
    "v_hf": 5,
    "v_mean_field": 5,
    "hartree": 5,
    "energy": 5,
    "w_inf": 5,
    "w_pc": 5,
    "w_inf_prime": 4,
    "lieb_oxford_ratio": 4,
    "search_spread": -1,
    "quadrature_error": -1,
}


def markdown(table: pd.DataFrame) -> str:
    """The table for people: Markdown, hartree, one line per system and level."""
    names = ["system", "level", "n_electrons", *_FOR_PEOPLE]
    lines = [_markdown_line(names), _markdown_line(["---", "---"] + ["---:"] * (len(names) - 2))]
    for _, row in table.iterrows():
        cells = [str(row["system"]), str(row["level"]), str(row["n_electrons"])]
        cells += [_number(row[name], decimals) for name, decimals in _FOR_PEOPLE.items()]
        lines.append(_markdown_line(cells))
    notes = [f"- `{name}` ({column(name).unit or 'name'}): {column(name).meaning}"
             for name in names]  # fmt: skip
    return "\n".join([*lines, "", *notes, ""])


def _markdown_line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _number(value: Any, decimals: int) -> str:
    if pd.isna(value):
        return ""
    return f"{value:.1e}" if decimals < 0 else f"{value:.{decimals}f}"
