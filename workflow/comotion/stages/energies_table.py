"""Stage: the records of all rows become the table of energies, its units and its settings."""

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from comotion.errors import ComparisonError
from comotion.io import read_json, replace_text, write_json
from comotion.stages.options import add_file
from comotion.tables.chain import check_chain
from comotion.tables.comparison import RowKey, energies_table, markdown
from comotion.tables.quantities import column
from comotion.tables.recorded_settings import settings_record

#: Levels of densities that belong to no quantum state: models and tables of users.
_WITHOUT_STATE = ("exact", "table")


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    add_file(options, "--results", "folder of the results, with a folder {system}/{level} each")
    options.add_argument(
        "--rows", type=_row, nargs="+", required=True, metavar="SYSTEM/LEVEL",
        help="rows of the table, in their order",
    )  # fmt: skip
    options.add_argument(
        "--bracketed", type=_row, nargs="*", default=[], metavar="SYSTEM/LEVEL",
        help="those of them that have a bracket",
    )  # fmt: skip
    options.add_argument(
        "--pair-bounded", type=_row, nargs="*", default=[], metavar="SYSTEM/LEVEL",
        help="those of them that have a pair bound",
    )  # fmt: skip
    add_file(options, "--csv", "CSV file to write")
    add_file(options, "--units", "JSON file to write: unit, meaning and record of each column")
    add_file(options, "--markdown", "Markdown file to write")
    add_file(options, "--settings", "JSON file to write: versions and settings of the records")


def run(options: argparse.Namespace) -> None:
    """Write the table as CSV and Markdown, its units, and the versions and settings behind it."""
    some = {"bracket": options.bracketed, "pair_bound": options.pair_bounded}
    for flag, rows in zip(("--bracketed", "--pair-bounded"), some.values(), strict=True):
        unknown = [f"{system}/{level}" for system, level in rows
                   if (system, level) not in options.rows]  # fmt: skip
        if unknown:
            raise ComparisonError(f"{flag} {' '.join(unknown)}: not among --rows; add it there")
    records = list(_records(options.results, options.rows, some))
    table = energies_table(records, options.rows)
    check_chain(table)
    units = {name: vars(column(name)) for name in map(str, table.columns)}
    replace_text(options.csv, table.to_csv(index=False))
    replace_text(options.units, json.dumps(units, indent=2) + "\n")
    replace_text(options.markdown, markdown(table))
    write_json(options.settings, settings_record(records))


def _records(
    results: Path, rows: list[RowKey], some: Mapping[str, list[RowKey]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and contents of every record, one kind after the other as in the settings' page.

    Some records are those of some rows only.
    """
    states = {row: "density" if row[1] in _WITHOUT_STATE else "quantum" for row in rows}
    kinds = [(states[row], row) for row in rows]
    kinds += [(name, row) for name in ("sce", "hierarchy") for row in rows]
    kinds += [(name, row) for name, those in some.items() for row in those]
    for name, (system, level) in dict.fromkeys(kinds):
        yield name, read_json(results / system / level / f"{name}.json")


def _row(text: str) -> RowKey:
    """A row as the command line names it."""
    system, slash, level = text.partition("/")
    if not (system and slash and level):
        raise argparse.ArgumentTypeError(f"{text!r}: write SYSTEM/LEVEL, such as He/hf_cc-pVDZ")
    return system, level
