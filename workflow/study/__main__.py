"""``python -m study job ...`` runs a stage; ``crate`` archives a study; ``readme`` fills in."""

import sys
from importlib import import_module

from comotion.errors import ComotionError

_TASKS = ("crate", "job", "readme")
#: Packages that the library does without; they come with Snakemake.
_EXTRA = {"jsonschema", "snakemake", "yaml"}


def main(words: list[str]) -> None:
    """Run a task; an error of the input becomes one sentence and exit status 1."""
    task, *rest = words or [""]
    if task not in _TASKS:
        raise SystemExit(f"usage: python -m study {{{','.join(_TASKS)}}} ...")
    try:
        import_module(f"study.{task}").main(rest)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        print(
            f"study {task}: error: {error.name} is not installed; it comes with the extra of the "
            "workflow: pip install -e '.[workflow]' in the folder of the project",
            file=sys.stderr,
        )
        raise SystemExit(1) from None
    except ComotionError as error:
        print(f"study {task}: error: {error}", file=sys.stderr)
        raise SystemExit(1) from None


main(sys.argv[1:])
