"""Command line: ``python -m mutants look`` and ``together``, then ``sample`` or ``list``.

Everything is kept in a folder, so what was interrupted goes on where it was.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from mutants.draw import by_hand, drawn
from mutants.mutant import Mutant
from mutants.process import copied, enter, load_libraries
from mutants.report import write_report
from mutants.sight import Sight, check_together, look
from mutants.trial import Effort, Verdict, verdicts

PROJECT = Path(__file__).parents[2]
JUDGEMENTS = Path(__file__).parent / "judged.toml"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mutants", description=__doc__)
    parser.add_argument("--folder", type=Path, default=PROJECT / ".mutants", help="what is kept")
    parser.add_argument("--workers", type=int, default=2, help="how many are tried at a time")
    parser.add_argument("--least", type=int, default=30, help="processor seconds for the tests")
    parser.add_argument("--most", type=float, default=float("inf"), help="leave slow tests out")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("look", help="see which test file runs which line")
    command.add_argument("patterns", nargs="*", help="only test files whose path contains one")
    commands.add_parser("together", help="run all tests in one process, without a fault")
    command = commands.add_parser("sample", help="try faults that are drawn at random")
    command.add_argument("patterns", nargs="*", help="only sources whose path contains one")
    command.add_argument("--seed", type=int, required=True)
    command.add_argument("--size", type=int, default=300)
    command = commands.add_parser("list", help="try faults made by hand")
    command.add_argument("file", type=Path, help="a TOML file with tables [[fault]]")
    command = commands.add_parser("report", help="put the verdicts together")
    command.add_argument("--seed", type=int, required=True)
    command.add_argument("--output", type=Path, required=True)
    for command in (commands.choices["sample"], commands.choices["list"]):
        command.add_argument("--again", action="store_true", help="try what survived once more")
        command.add_argument("--result", type=Path, help="a JSON file for the verdicts")
    return parser


def main() -> None:
    """Run the command line."""
    arguments = _parser().parse_args()
    folder: Path = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if arguments.command == "report":
        write_report(folder, JUDGEMENTS, arguments.seed, arguments.most, arguments.output)
        return
    load_libraries()
    if arguments.command == "look":
        tree = copied(PROJECT)
        enter(tree)
        sight = look(tree, folder, *arguments.patterns)
        if arguments.patterns and (folder / "sight.json").exists():
            sight = Sight.load(folder / "sight.json") | sight
        sight.save(folder / "sight.json")
        print(sight)
        return
    if arguments.command == "together":
        enter(copied(PROJECT))
        check_together(Sight.load(folder / "sight.json"), folder / "together.log")
        return
    if arguments.command == "sample":
        mutants = drawn(PROJECT, arguments.size, arguments.seed, *arguments.patterns)
    else:
        mutants = by_hand(PROJECT, arguments.file)
    if arguments.again:
        _forget_survivors(folder, mutants)
    sight = Sight.load(folder / "sight.json")
    effort = Effort(arguments.least, arguments.most)
    found = verdicts(PROJECT, mutants, sight, folder, arguments.workers, effort)
    _tell(found)
    if arguments.result:
        arguments.result.write_text(json.dumps([asdict(verdict) for verdict in found], indent=1))


def _forget_survivors(folder: Path, mutants: list[Mutant]) -> None:
    """What was not noticed is tried again, with tests that were written since."""
    for mutant in mutants:
        kept = folder / f"{mutant.digest}.json"
        if kept.exists() and not json.loads(kept.read_text())["noticed"]:
            kept.unlink()


def _tell(found: list[Verdict]) -> None:
    """Print what survived, and the score."""
    survivors = [verdict for verdict in found if not verdict.noticed]
    print("\nNot noticed:")
    for verdict in survivors:
        print(verdict)
    noticed = len(found) - len(survivors)
    print(f"{noticed} of {len(found)} were noticed ({100 * noticed / len(found):.1f} %)")


if __name__ == "__main__":
    main()
