"""A pair of a reference set as one object."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comotion.audit.set_files import (
    DEFAULT_SET,
    Row,
    certificate_name,
    number,
    pair_name,
    read_pair,
    read_rows,
    require_set,
)
from comotion.density.radial import RadialDensity
from comotion.errors import RecordError
from comotion.number import Number, html_of
from comotion.reference_set.adding import edition_of
from comotion.reference_set.numbers_table import TEXTS, meaning_of
from comotion.reference_set.pair_file import plan_of
from comotion.reference_set.texts import bound, citation_line
from comotion.systems import electrons_in_words
from comotion.transport.plan import Plan
from comotion.transport.potential import RadialPotential


@dataclass(frozen=True, eq=False, repr=False)
class ReferencePair:
    """One system at one level of a reference set.

    Attributes:
        plan: Its co-motion plan.
        numbers: Its energies in hartree by column of the table, each with its error and meaning.
        values: All its numbers by column, in the units of the table.
        certificate: Certificate of the proven lower bound, compressed, or None where there is none.
        version: Version of the set.
        citation: How the set is cited.
    """

    plan: Plan
    numbers: Mapping[str, Number]
    values: Mapping[str, float]
    certificate: Path | None
    version: str
    citation: str

    @property
    def system(self) -> str:
        """Name of the system."""
        return self.plan.system

    @property
    def level(self) -> str:
        """Level of theory of the density."""
        return self.plan.level

    @property
    def density(self) -> RadialDensity:
        """The density."""
        return self.plan.density

    @property
    def potential(self) -> RadialPotential:
        """The potential of the forces on the co-motion plan in the gauge u(inf) = 0, hartree."""
        return self.plan.radial_potential

    @property
    def bounds(self) -> tuple[float, float]:
        """Lower and upper bound of V_SCE, hartree.

        ``lower`` and ``upper`` where there is a bracket; else V_2 less its error or the proven
        bound, whichever is larger, and the cost of the plan plus its quadrature error.
        """
        value = self.values.get
        lower = max(value("v_2", -math.inf) - value("v_2_error", 0.0),
                    value("lower_proven", -math.inf))  # fmt: skip
        return value("lower", lower), value("upper", self.plan.cost + self.plan.quadrature_error)

    def __repr__(self) -> str:
        """System, level, electrons and bounds, in a line."""
        lower, upper = self.bounds
        return (
            f"<ReferencePair {self.system} {self.level}: "
            f"{electrons_in_words(self.plan.n_electrons)}, {lower:.7f} <= V_SCE <= {upper:.7f} "
            f"hartree, set {self.version}>"
        )

    def _repr_html_(self) -> str:
        """The numbers in a notebook."""
        return html_of(self.numbers, f"{self.system} {self.level}")


def reference(
    system: str, level: str | None = None, folder: Path | str | None = None
) -> ReferencePair:
    """One system of the reference set.

    Args:
        system: Name of the system, such as Ne.
        level: Level of theory; needed where the set has several of the system.
        folder: The set; by default the folder ``reference`` of the copy of the project that the
            package runs from.

    Returns:
        Density, plan, potential and numbers.

    Raises:
        RecordError: There is no set, no such pair in it, or several levels of the system.
    """
    place = Path(DEFAULT_SET if folder is None else folder)
    require_set(place)
    rows = read_rows(place)
    of_system = [row for row in rows if row["system"] == system]
    levels = [row["level"] for row in of_system]
    found = [row for row in of_system if level in (None, row["level"])]
    if not of_system:
        raise RecordError(
            f"{place}: has no system '{system}': take one of "
            f"{', '.join(dict.fromkeys(row['system'] for row in rows))}"
        )
    if len(found) != 1:
        asked = "" if level is None else f", not {level}"
        raise RecordError(f"{place}: has {system} at {', '.join(levels)}{asked}: name one level")
    return _pair(place, found[0])


def _pair(folder: Path, row: Row) -> ReferencePair:
    system, level = row["system"], row["level"]
    edition = edition_of(folder)
    values = {name: number(row, name) for name in row if row[name] and name not in TEXTS}
    numbers = {
        name: Number(value, values.get(f"{name}_error"), meaning_of(name).meaning)
        for name, value in values.items()
        if meaning_of(name).unit == "hartree" and not name.endswith(("_error", "_spread"))
    }
    certificate = folder / certificate_name(system, level)
    return ReferencePair(
        plan=plan_of(read_pair(folder, pair_name(system, level))),
        numbers=numbers,
        values=values,
        certificate=certificate if certificate.is_file() else None,
        version=edition.version,
        citation=f"{citation_line(edition.version, edition.date)[:-1]}: {system} at {level}.",
    )


def listing(folder: Path) -> str:
    """The pairs of a set, a line each, with the bounds of V_SCE.

    Raises:
        RecordError: It is no set.
    """
    require_set(folder)
    lines = [f"{'system':<16}{'level':<28}{'N':>4}{'lower':>16}{'upper':>16}  proven"]
    for row in read_rows(folder):
        bounds = "".join(f"{bound(row, name) or '-':>16}" for name in ("lower", "upper"))
        proven = "yes" if row.get("lower_proven") else "no"
        lines.append(
            f"{row['system']:<16}{row['level']:<28}{row['n_electrons']:>4}{bounds}  {proven}"
        )
    return "\n".join(lines)
