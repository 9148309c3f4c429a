"""What the stages of the theory have in common: numbers to JSON, arrays to HDF5."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from comotion.records import write_arrays, write_json
from comotion.stage import add_file, run


@dataclass(frozen=True)
class Solution:
    """A solved problem.

    Attributes:
        numbers: What the record holds.
        arrays: (values, unit, meaning) by name.
    """

    numbers: Mapping[str, Any]
    arrays: Mapping[str, tuple[Any, str, str]]


def run_problem(
    name: str,
    solve: Callable[[argparse.Namespace], Solution],
    options: argparse.ArgumentParser,
) -> None:
    """Run a problem's command line and write its solution."""
    add_file(options, "--record", "JSON file to write")
    add_file(options, "--arrays", "HDF5 file to write")

    def main(arguments: argparse.Namespace) -> None:
        solution = solve(arguments)
        write_arrays(arguments.arrays, solution.arrays, {"problem": name})
        write_json(arguments.record, {"problem": name, **solution.numbers})

    run(main, options)
