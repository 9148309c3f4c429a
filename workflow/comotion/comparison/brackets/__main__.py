"""Stage: brackets become results/tables/bracket.csv and its page."""

import argparse
from pathlib import Path

from comotion.comparison.brackets.table import bracket_markdown, bracket_table, hierarchy_table
from comotion.records import read_json, replace_text
from comotion.stage import add_file, parser, run


def main(options: argparse.Namespace) -> None:
    """Write the table as CSV and as Markdown, and the brackets of the hierarchy."""
    records = [read_json(path) for path in options.records]
    table = bracket_table(records)
    replace_text(options.csv, table.to_csv(index=False))
    replace_text(options.hierarchy, hierarchy_table(records).to_csv(index=False))
    replace_text(options.markdown, bracket_markdown(table))


if __name__ == "__main__":
    arguments = parser("comotion.comparison.brackets", __doc__ or "")
    arguments.add_argument("--records", type=Path, nargs="+", required=True, help="bracket.json")
    add_file(arguments, "--csv", "CSV file to write")
    add_file(arguments, "--hierarchy", "CSV file to write: brackets of V_k")
    add_file(arguments, "--markdown", "Markdown file to write")
    run(main, arguments)
