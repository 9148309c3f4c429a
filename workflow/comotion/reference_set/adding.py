"""Pairs of finished results become part of a reference set.

The same inputs give the same bytes: nothing is written that changes from run to run, and pairs
stand in one order whichever was added first.
"""

import gzip
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comotion.audit.set_files import (
    ENERGIES,
    SUMS,
    SYSTEMS,
    Row,
    certificate_name,
    checksums,
    content,
    names_in,
    number,
    pair_name,
    read_rows,
    rows_of_csv,
)
from comotion.errors import RecordError
from comotion.io import read_arrays, read_bytes, read_json, replace_bytes, replace_text
from comotion.reference_set.data_package import croissant, data_package, schema
from comotion.reference_set.numbers_table import reference_row, table_text
from comotion.reference_set.pair_file import pair_bytes
from comotion.reference_set.texts import citation, licence, readme, zenodo
from comotion.transport.plan import Plan

#: Version of a set that has none yet.
FIRST_VERSION = "0.1.0"
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Edition:
    """Version and date of a set.

    Attributes:
        version: The version, three numbers.
        date: The day of it, year-month-day, or empty.
    """

    version: str
    date: str

    def __post_init__(self) -> None:
        if not _VERSION.fullmatch(self.version):
            raise RecordError(f"version '{self.version}': write three numbers, such as 0.1.0")
        if self.date and not _DATE.fullmatch(self.date):
            raise RecordError(f"date '{self.date}': write year-month-day, such as 2026-11-28")


def edition_of(folder: Path) -> Edition:
    """Version and date of a set; the first version where there is none yet."""
    if not (folder / "VERSION").is_file():
        return Edition(FIRST_VERSION, "")
    try:
        created = json.loads(content(folder, "datapackage.json")).get("created", "")
    except (ValueError, AttributeError) as error:
        raise RecordError(f"{folder / 'datapackage.json'}: cannot be read") from error
    return Edition(content(folder, "VERSION").decode().strip(), str(created)[:10])


def add_pairs(
    folder: Path,
    results: Path,
    table: Path,
    pairs: Sequence[tuple[str, str]] | None = None,
    edition: Edition | None = None,
    only_proven: bool = False,
) -> list[str]:
    """Add pairs to a set, or replace those that are there.

    Args:
        folder: The set; it need not exist.
        results: Folder of finished results, with a folder {system}/{level} each.
        table: energies.csv of a study of these results.
        pairs: System and level of what is added; all rows of the table by default.
        edition: Version and date; those of the set by default.
        only_proven: Whether rows without a proven lower bound are left out.

    Returns:
        A line for each pair.

    Raises:
        RecordError: A pair has no row or no plan, or the row is not of this plan.
        DensityError: A density has a gap.
    """
    edition = edition or edition_of(folder)
    given = {(row["system"], row["level"]): row
             for row in rows_of_csv(read_bytes(table), str(table))}  # fmt: skip
    missing = [f"{system}/{level}" for system, level in pairs or () if (system, level) not in given]
    if missing:
        raise RecordError(f"{table}: has no row {', '.join(missing)}; name rows of the table")
    chosen = list(given if pairs is None else pairs)
    if only_proven:
        chosen = [key for key in chosen if given[key].get("lower_proven")]
    if not chosen:
        raise RecordError(f"{table}: no row to add{' has a lower_proven' if only_proven else ''}")
    made = [_pair(results, given[key]) for key in chosen]
    rows = {(row["system"], row["level"]): row for row in _rows_there(folder)}
    told = []
    for row, files in made:
        key = row["system"], row["level"]
        told.append(f"{'/'.join(key)}: {'replaced' if key in rows else 'added'}, "
                    f"{sum(map(len, files.values())) / 1000:.0f} kB")  # fmt: skip
        # A certificate that is no longer there must not stay behind.
        (folder / certificate_name(*key)).unlink(missing_ok=True)
        for name, one in files.items():
            replace_bytes(folder / name, one)
        rows[key] = row
    write_texts(folder, list(rows.values()), edition)
    return told


def write_texts(folder: Path, rows: Sequence[Row], edition: Edition) -> None:
    """Write everything that follows from the rows and the files of the pairs.

    Args:
        folder: The set, in which the files of all pairs are.
        rows: All rows.
        edition: Version and date.
    """
    version, date = edition.version, edition.date
    replace_text(folder / ENERGIES, table_text(rows))
    # Read back, in the order of the table.
    rows = read_rows(folder)
    data = [name for name in names_in(folder) if name.startswith(f"{SYSTEMS}/")]
    files = {name: content(folder, name) for name in (ENERGIES, *data)}
    texts = {
        "VERSION": f"{version}\n",
        "LICENSE": licence(),
        "CITATION.cff": citation(version, date),
        ".zenodo.json": zenodo(version, date),
        "README.md": readme(rows, version, date),
        "schema.json": schema(rows),
        "datapackage.json": data_package(rows, files, version, date),
        "croissant.json": croissant(files, rows, version, date),
    }
    for name, text in texts.items():
        replace_text(folder / name, text)
    replace_text(folder / SUMS, checksums(folder))


def _rows_there(folder: Path) -> list[dict[str, str]]:
    """The rows of a set, none of one that is not there yet; empty cells are left out."""
    if not (folder / ENERGIES).is_file():
        return []
    return [{name: cell for name, cell in row.items() if cell} for row in read_rows(folder)]


def _pair(results: Path, row: Row) -> tuple[dict[str, str], dict[str, bytes]]:
    """The row and the files of a pair."""
    system, level = row["system"], row["level"]
    place = results / system / level
    plan = Plan.load(place / "plan.h5")
    if (plan.system, plan.level) != (system, level) or plan.cost != number(row, "v_comotion"):
        raise RecordError(
            f"{place / 'plan.h5'}: {plan!r} is not the plan of this row of the table; give the "
            "table of a study of these results"
        )
    versions = str(read_arrays(place / "plan.h5")[0]["versions"])
    files = {pair_name(system, level): pair_bytes(plan, versions)}
    if row.get("lower_proven"):
        files[certificate_name(system, level)] = _compressed(
            read_bytes(place / "pair_certificate.json")
        )
    return reference_row(row, plan.density, _best(place, row)), files


def _best(place: Path, row: Row) -> dict[str, Any] | None:
    """best.json of a composed level, None at other levels."""
    path = place / "best.json"
    if not path.is_file():
        return None
    best = read_json(path)
    if best.get("v_comotion") != number(row, "v_comotion"):
        raise RecordError(f"{path}: its v_comotion is not that of the table; make it anew")
    return best


def _compressed(text: bytes) -> bytes:
    """Compress without a name and a time."""
    memory = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, memory, mtime=0) as file:
        file.write(text)
    return memory.getvalue()
