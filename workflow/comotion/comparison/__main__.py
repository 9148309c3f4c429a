"""Stage: all records become results/tables/energies.csv, its units, its page and its settings."""

import argparse
import json
from pathlib import Path

from comotion.comparison.study import study_record
from comotion.comparison.table import check_chain, column, energies_table, markdown
from comotion.records import read_json, replace_text, write_json
from comotion.stage import add_file, parser, run


def main(options: argparse.Namespace) -> None:
    """Write the table as CSV and Markdown, its units, and the versions and settings behind it."""
    records = [(path.stem, read_json(path)) for path in options.records]
    table = energies_table(record for _, record in records)
    check_chain(table)
    units = {name: vars(column(name)) for name in table.columns}
    replace_text(options.csv, table.to_csv(index=False))
    replace_text(options.units, json.dumps(units, indent=2) + "\n")
    replace_text(options.markdown, markdown(table))
    write_json(options.study, study_record(records))


if __name__ == "__main__":
    arguments = parser("comotion.comparison", __doc__ or "")
    arguments.add_argument("--records", type=Path, nargs="+", required=True, help="JSON records")
    add_file(arguments, "--csv", "CSV file to write")
    add_file(arguments, "--units", "JSON file to write: unit and meaning of each column")
    add_file(arguments, "--markdown", "Markdown file to write")
    add_file(arguments, "--study", "JSON file to write: versions and settings of the records")
    run(main, arguments)
