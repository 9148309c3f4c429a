"""Stage: a soluble or model problem.

The options that set the size of a problem are made of the keywords of its ``solve``, once the
problem is known: nothing of the others is imported.
"""

import argparse
import inspect
from collections.abc import Callable
from importlib import import_module

from comotion.io import write_arrays, write_json
from comotion.models import PROBLEMS
from comotion.models.problem import Solution
from comotion.stages.options import add_file


def add_options(parser: argparse.ArgumentParser) -> None:
    """The name of the problem; what follows it is read by `run`."""
    parser.usage = f"{parser.prog} NAME --record FILE --arrays FILE [--SIZE VALUE ...]"
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    lines = [f"  {name:22}{what}" for name, what in PROBLEMS.items()]
    parser.epilog = "\n".join(
        ["problems:", *lines, "", f"{parser.prog} NAME --help lists the sizes of one of them."]
    )
    parser.add_argument("name", metavar="NAME", choices=list(PROBLEMS), help="which problem")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> None:
    """Solve the problem; write its numbers to a record and its arrays to an HDF5 file."""
    solve = import_module(f"comotion.models.{options.name}").solve
    given = vars(_parser(options.name, solve).parse_args(options.rest))
    record, arrays = given.pop("record"), given.pop("arrays")
    solution = solve(**given)
    write_arrays(arrays, solution.arrays, {"problem": options.name})
    write_json(record, {"problem": options.name, **solution.numbers})


def _parser(name: str, solve: Callable[..., Solution]) -> argparse.ArgumentParser:
    """The options of one problem: its files, and the keywords of its ``solve``."""
    parser = argparse.ArgumentParser(
        prog=f"comotion problem {name}",
        description=inspect.getdoc(solve),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_file(parser, "--record", "JSON file to write")
    add_file(parser, "--arrays", "HDF5 file to write")
    for keyword, size in inspect.signature(solve).parameters.items():
        flag, default = f"--{keyword.replace('_', '-')}", size.default
        if isinstance(default, int):
            parser.add_argument(flag, type=int, default=default, help=f"default {default}")
        else:
            usual = " ".join(map(str, default))
            parser.add_argument(
                flag, type=float, nargs="+", default=default, help=f"default {usual}"
            )
    return parser
