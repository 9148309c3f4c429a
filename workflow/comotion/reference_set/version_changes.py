"""What changed between two versions of a reference set."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comotion.audit.set_files import Row, number, read_rows, require_set
from comotion.reference_set.numbers_table import TEXTS, columns_of


@dataclass(frozen=True)
class Change:
    """A number of a pair in two versions.

    Attributes:
        system: Name of the system.
        level: Its level.
        name: Column of the table.
        old: The old number, nan where there is none.
        new: The new number, nan where there is none.
        error: Both errors together, nan where neither is known.
    """

    system: str
    level: str
    name: str
    old: float
    new: float
    error: float

    @property
    def in_errors(self) -> float:
        """New less old in units of the error; nan where one of them is missing."""
        if self.old == self.new:
            return 0.0
        if self.error == 0:
            return math.copysign(math.inf, self.new - self.old)
        return (self.new - self.old) / self.error


def changes(old: Path, new: Path) -> list[Change]:
    """Every number of every pair that is in one of two sets.

    Args:
        old: The older set.
        new: The newer one.

    Returns:
        The numbers, pair by pair in the order of the newer set, then what only the older has.

    Raises:
        RecordError: One of them is no set.
    """
    for folder in (old, new):
        require_set(folder)
    before, after = ({(row["system"], row["level"]): row for row in read_rows(folder)}
                     for folder in (old, new))  # fmt: skip
    columns = columns_of([*after.values(), *before.values()])
    found = []
    for key in dict.fromkeys([*after, *before]):
        rows = before.get(key, {}), after.get(key, {})
        for name in columns:
            values = [number(row, name) for row in rows] if name not in TEXTS else []
            if values and not all(map(math.isnan, values)):
                found.append(Change(*key, name, values[0], values[1], _error(rows, name)))
    return found


def _error(rows: Sequence[Row], name: str) -> float:
    errors = [number(row, f"{name}_error") for row in rows]
    known = [error for error in errors if not math.isnan(error)]
    return sum(known) if known else math.nan


def changes_text(found: Sequence[Change]) -> str:
    """The numbers that are not the same in both, as a table; pairs of one set alone by name."""
    keys = dict.fromkeys((one.system, one.level) for one in found)
    lines = []
    changed = []
    for key in keys:
        of_pair = [one for one in found if (one.system, one.level) == key]
        # The number of electrons is there in every pair.
        electrons = next(one for one in of_pair if one.name == "n_electrons")
        if math.isnan(electrons.old) or math.isnan(electrons.new):
            lines.append(f"{' at '.join(key)}: {'added' if math.isnan(electrons.old) else 'gone'}")
        else:
            changed += [one for one in of_pair if one.old != one.new]
    if changed:
        lines.append(
            f"{'system':<14}{'level':<24}{'number':<30}{'old':>18}{'new':>18}{'in errors':>12}"
        )
    for one in changed:
        shift = "" if math.isnan(one.in_errors) else f"{one.in_errors:.2f}"
        lines.append(
            f"{one.system:<14}{one.level:<24}{one.name:<30}{one.old:>18.11g}{one.new:>18.11g}"
            f"{shift:>12}"
        )
    same = sum(one.old == one.new for one in found)
    return "\n".join([*lines, f"{same} numbers are the same"])


def changes_csv(found: Sequence[Change]) -> str:
    """All numbers as CSV, those that are the same included."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["system", "level", "number", "old", "new", "error", "in_errors"])
    for one in found:
        cells = (one.old, one.new, one.error, one.in_errors)
        writer.writerow([one.system, one.level, one.name,
                         *("" if math.isnan(cell) else repr(cell) for cell in cells)])  # fmt: skip
    return text.getvalue()
