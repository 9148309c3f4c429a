"""``python -m study job ...`` runs a stage for the workflow, ``readme`` fills in the README."""

import sys
from importlib import import_module

from comotion.errors import ComotionError

_TASKS = ("job", "readme")


def main(words: list[str]) -> None:
    """Run a task; an error of the input becomes one sentence and exit status 1."""
    task, *rest = words or [""]
    if task not in _TASKS:
        raise SystemExit(f"usage: python -m study {{{','.join(_TASKS)}}} ...")
    try:
        import_module(f"study.{task}").main(rest)
    except ComotionError as error:
        print(f"study {task}: error: {error}", file=sys.stderr)
        raise SystemExit(1) from None


main(sys.argv[1:])
