"""Stage: best estimates become results/tables/best.csv and its page."""

import argparse
from pathlib import Path

from comotion.comparison.best.table import best_markdown, best_table
from comotion.records import read_json, replace_text
from comotion.stage import add_file, parser, run


def main(options: argparse.Namespace) -> None:
    """Write the table as CSV and as Markdown."""
    table = best_table(read_json(path) for path in options.records)
    replace_text(options.csv, table.to_csv(index=False))
    replace_text(options.markdown, best_markdown(table))


if __name__ == "__main__":
    arguments = parser("comotion.comparison.best", __doc__ or "")
    arguments.add_argument("--records", type=Path, nargs="+", required=True, help="best.json")
    add_file(arguments, "--csv", "CSV file to write")
    add_file(arguments, "--markdown", "Markdown file to write")
    run(main, arguments)
