"""What every stage's command line has in common."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from comotion.errors import ComotionError


def run(stage: Callable[[argparse.Namespace], None], parser: argparse.ArgumentParser) -> None:
    """Run a stage; an error of the input becomes one sentence and exit status 1."""
    arguments = parser.parse_args()
    try:
        stage(arguments)
    except ComotionError as error:
        print(f"{parser.prog}: error: {error}", file=sys.stderr)
        raise SystemExit(1) from None


def parser(module: str, description: str) -> argparse.ArgumentParser:
    """Parser of the stage ``python -m module``; ``@file`` stands for the lines of a file."""
    return argparse.ArgumentParser(
        prog=f"python -m {module}", description=description, fromfile_prefix_chars="@"
    )


def add_search_options(options: argparse.ArgumentParser) -> None:
    """Options of every stage that searches for angular minima."""
    options.add_argument(
        "--seeds", type=int, nargs="+", default=[1, 2], help="seeds of independent searches"
    )
    options.add_argument(
        "--tolerance", type=float, default=1e-5, help="largest relative difference of the seeds"
    )
    options.add_argument(
        "--quadrature-tolerance",
        type=float,
        default=1e-7,
        help="largest relative change when the quadrature nodes are doubled",
    )
    options.add_argument(
        "--accept-disagreement",
        action="store_true",
        help="record a larger difference of the seeds instead of failing",
    )


def add_file(options: argparse.ArgumentParser, flag: str, meaning: str) -> None:
    """A required option that names a file."""
    options.add_argument(flag, type=Path, required=True, help=meaning)
