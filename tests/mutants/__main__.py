"""Command line: ``python -m mutants look``, then ``sample`` or ``list``.

Everything is kept in a folder, so what was interrupted goes on where it was.
"""

import argparse
from pathlib import Path

from mutants.draw import by_hand, drawn
from mutants.process import copied, enter, load_libraries
from mutants.sight import Sight, look
from mutants.trial import Verdict, verdicts

PROJECT = Path(__file__).parents[2]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mutants", description=__doc__)
    parser.add_argument("--folder", type=Path, default=PROJECT / ".mutants", help="what is kept")
    parser.add_argument("--workers", type=int, default=2, help="how many are tried at a time")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("look", help="see which test file runs which line")
    command.add_argument("patterns", nargs="*", help="only test files whose path contains one")
    command = commands.add_parser("sample", help="try faults that are drawn at random")
    command.add_argument("patterns", nargs="*", help="only sources whose path contains one")
    command.add_argument("--seed", type=int, required=True)
    command.add_argument("--size", type=int, default=300)
    command = commands.add_parser("list", help="try faults made by hand")
    command.add_argument("file", type=Path, help="a TOML file with tables [[fault]]")
    return parser


def main() -> None:
    """Run the command line."""
    arguments = _parser().parse_args()
    folder: Path = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
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
    if arguments.command == "sample":
        mutants = drawn(PROJECT, arguments.size, arguments.seed, *arguments.patterns)
        name = "-".join(["seed", str(arguments.seed), *arguments.patterns]).replace("/", "_")
    else:
        mutants = by_hand(PROJECT, arguments.file)
        name = arguments.file.stem
    for claim in folder.glob(f"{name}-*.claim"):
        claim.unlink()
    sight = Sight.load(folder / "sight.json")
    _tell(verdicts(PROJECT, mutants, sight, folder, name, arguments.workers))


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
