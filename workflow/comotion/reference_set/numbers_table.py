"""The table of a reference set: its columns, and a row from one of the table of energies.

What a study has written is copied as it stands, to the last digit. Added are errors of integrals of
the density, and both ends of the ratio of Lieb and Oxford.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping

from comotion.audit.set_files import Row, number
from comotion.density.functionals import (
    PC_GRADIENT,
    PC_LOCAL,
    PC_PRIME_GRADIENT,
    PC_PRIME_LOCAL,
    expansion_errors,
)
from comotion.density.radial import RadialDensity
from comotion.tables.quantities import Column, column, orders

#: Columns that the table of energies does not have.
_ADDED = {
    "v_comotion_error": Column(
        "hartree", "search_spread and quadrature_error of v_comotion together"
    ),
    "rho_four_thirds_error": Column("bohr^-1", "estimated quadrature error of rho_four_thirds"),
    "gradient_four_thirds_error": Column(
        "bohr^-1", "estimated quadrature error of gradient_four_thirds"
    ),
    "lieb_oxford_ratio_error": Column("1", "error of lieb_oxford_ratio from that of the integral"),
    "lieb_oxford_ratio_upper": Column(
        "1", "-w_inf_lower / int rho^(4/3), an upper bound of -W_inf / int rho^(4/3), as good as "
        "w_inf_lower",
    ),
    "lieb_oxford_ratio_upper_error": Column(
        "1", "error of lieb_oxford_ratio_upper from that of the integral"
    ),
    "w_pc_error": Column("hartree", "estimated quadrature error of w_pc"),
    "w_pc_prime_error": Column("hartree", "estimated quadrature error of w_pc_prime"),
}  # fmt: skip

#: Columns of every set, in their order; those of each V_k follow.
COLUMNS = (
    "system", "level", "n_electrons", "nuclear_charge", "energy", "v_quantum", "v_hf",
    "hartree", "hartree_error", "v_mean_field",
    "v_comotion", "v_comotion_error", "search_spread", "quadrature_error",
    "v_best_pattern", "best_pattern",
    "lower_proven", "lower", "upper", "upper_quadrature_error",
    "w_inf_lower", "w_inf_upper", "w_inf_prime", "w_inf_prime_error", "unstable_share",
    "rho_four_thirds", "rho_four_thirds_error",
    "gradient_four_thirds", "gradient_four_thirds_error",
    "lieb_oxford_ratio", "lieb_oxford_ratio_error",
    "lieb_oxford_ratio_upper", "lieb_oxford_ratio_upper_error",
    "w_pc", "w_pc_error", "w_pc_prime", "w_pc_prime_error",
    "v_2", "v_2_error",
)  # fmt: skip
#: Columns that are no numbers, and those that are whole ones.
TEXTS, WHOLE = ("system", "level", "best_pattern"), ("n_electrons",)


def meaning_of(name: str) -> Column:
    """Unit and meaning of a column.

    Args:
        name: One of `COLUMNS`, or of some V_k.
    """
    return _ADDED.get(name) or column(name)


def reference_row(row: Row, density: RadialDensity) -> dict[str, str]:
    """A row of the set.

    Args:
        row: The row of the table of energies.
        density: The density of its system at its level.

    Returns:
        The cells that are not empty, by column.
    """
    kept = {name: row.get(name, "") for name in (*COLUMNS, *_of_orders(row))}
    local, gradient, halves, gradient_prime = expansion_errors(density)
    integral = number(row, "rho_four_thirds")
    ratio_error = local / integral
    ratio = number(row, "lieb_oxford_ratio")
    ratio_upper = -number(row, "w_inf_lower") / integral
    added = {
        "v_comotion_error": number(row, "search_spread") + number(row, "quadrature_error"),
        "rho_four_thirds_error": local,
        "gradient_four_thirds_error": gradient,
        "lieb_oxford_ratio_error": abs(ratio) * ratio_error,
        "lieb_oxford_ratio_upper": ratio_upper,
        "lieb_oxford_ratio_upper_error": abs(ratio_upper) * ratio_error,
        "w_pc_error": abs(PC_LOCAL) * local + abs(PC_GRADIENT) * gradient,
        "w_pc_prime_error": abs(PC_PRIME_LOCAL) * halves + abs(PC_PRIME_GRADIENT) * gradient_prime,
    }
    for name in ("gradient_four_thirds", "w_pc", "w_pc_prime"):
        # Where a density has no such number, its error is none.
        added[f"{name}_error"] = added[f"{name}_error"] if row.get(name) else math.nan
    kept |= {name: "" if math.isnan(value) else repr(value) for name, value in added.items()}
    return {name: cell for name, cell in kept.items() if cell}


def columns_of(rows: Iterable[Row]) -> list[str]:
    """Columns of a table with these rows, in their order."""
    names = {name for row in rows for name in row}
    return [*COLUMNS, *_of_orders(dict.fromkeys(names, ""))]


def table_text(rows: Iterable[Row]) -> str:
    """The table as CSV: by number of electrons, system and level, one line each."""
    rows = sorted(rows, key=lambda row: (int(row["n_electrons"]), row["system"], row["level"]))
    columns = columns_of(rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return text.getvalue()


def _of_orders(row: Mapping[str, str]) -> list[str]:
    """Columns of each k of which the row has any.

    Proven bounds of V_k are none of them: the results keep the certificate of V_SCE alone.
    """
    names = list(row)
    found = [f"v_comotion_{k}" for k in orders(names, "v_comotion")]
    found = [name for one in found for name in (one, f"{one}_error") if name in names]
    return found + [f"{stem}_{k}" for stem in ("lower", "upper") for k in orders(names, stem)]
