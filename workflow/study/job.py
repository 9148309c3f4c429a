"""Run a stage of a system, or bring back what it made before from the same things.

``results/{system}/{level}/X`` is always the result for the settings of the study that runs. Each
result also waits in ``settings/{key}/`` beside it, where the key stands for all that it came from:
the stage, its options, and the content of its input files and of its code. So a study that changes
a setting and changes it back computes nothing twice. Both names are links to one file.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comotion import cli
from comotion.errors import RecordError
from comotion.io import is_whole, replace_bytes, write_json
from study.sources import sources

#: Folder beside the results in which those of all settings wait, and what explains one of them.
SETTINGS, EXPLANATION = "settings", "settings.json"
#: What follows a flag that stands for several files.
_SEVERAL = "[]"
#: Folder of what a stage has finished when it is killed.
_PARTS = "parts"
#: Hexadecimal digits of a key: one in 2^64 for two things to share it.
_DIGITS = 16


@dataclass(frozen=True, eq=False)
class Job:
    """One run of a stage.

    Attributes:
        stage: Name of the stage.
        options: Words of its settings.
        inputs: Files that it reads, by their flags without hyphens: one of each flag, or as many
            as a list has.
        outputs: Files that it writes, likewise.
        modules: Modules that it is told to import, below the package `comotion`.
        resumes: Whether it stores finished parts of its work, so that it can be killed.
    """

    stage: str
    options: Sequence[str]
    inputs: Mapping[str, Path | list[Path]]
    outputs: Mapping[str, Path]
    modules: Sequence[str] = ()
    resumes: bool = False

    @property
    def key(self) -> str:
        """What stands for everything that the outputs depend on."""
        code = sources(self.stage, *self.modules)
        root = Path(os.path.commonpath(code))
        known = {
            "stage": self.stage,
            "options": list(self.options),
            "inputs": {flag: _known(files) for flag, files in self.inputs.items()},
            "code": {path.relative_to(root).as_posix(): _digest(path) for path in code},
        }
        return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:_DIGITS]

    def folder(self, key: str) -> Path:
        """Where the outputs of a key wait."""
        return next(iter(self.outputs.values())).parent / SETTINGS / key

    def command(self, key: str) -> list[str]:
        """The command line of the stage."""
        words = [self.stage, *self.options]
        for flag, files in (*self.inputs.items(), *self.outputs.items()):
            option = f"--{flag.replace('_', '-')}"
            # With = a name may begin with a hyphen; several have folders before their names.
            several = [option, *map(str, files)] if isinstance(files, list) else []
            words += several or [f"{option}={files}"]
        return words + ([f"--parts={self.folder(key) / _PARTS}"] if self.resumes else [])


def main(words: Sequence[str]) -> None:
    """Run the job of a command line; all words that are not the job's own are the stage's."""
    parser = argparse.ArgumentParser(prog="study job", description=__doc__, allow_abbrev=False)
    parser.add_argument("stage", help="stage of comotion; its options stand behind it")
    parser.add_argument("--inputs", nargs="*", default=[], help="flag=path of each file it reads")
    parser.add_argument("--outputs", nargs="+", required=True, help="of each file it writes")
    parser.add_argument("--modules", nargs="*", default=[], help="modules that it will import")
    parser.add_argument("--resumes", action="store_true", help="the stage has --parts")
    known, options = parser.parse_known_args(words)
    run(
        Job(
            known.stage, options, _grouped(known.inputs), _paths(known.outputs), known.modules,
            known.resumes,
        )
    )  # fmt: skip


def run(job: Job) -> None:
    """Make the outputs of a job, or bring them back.

    Raises:
        RecordError: An input cannot be read, or the disk does not take what was made.
        SystemExit: The stage has failed and said why.
    """
    key = job.key
    folder = job.folder(key)
    waiting = {folder / path.name: path for path in job.outputs.values()}
    if all(map(is_whole, waiting)):
        for stored, path in waiting.items():
            _link(stored, path)
        print(f"{job.stage}: kept, the same was computed before: {folder}")
        return
    cli.main(job.command(key))
    for stored, path in waiting.items():
        _link(path, stored)
    explanation = {
        "stage": job.stage,
        "options": _in_words(job.options),
        "inputs": {
            flag: [path.as_posix() for path in files]
            if isinstance(files, list)
            else files.as_posix()
            for flag, files in job.inputs.items()
        },
    }
    write_json(folder / EXPLANATION, explanation)
    if job.resumes:
        shutil.rmtree(folder / _PARTS, ignore_errors=True)


def _paths(words: Sequence[str]) -> dict[str, Path]:
    """Paths by their flags, of words such as density=results/Be/hf_cc-pVDZ/density.h5."""
    return {flag: Path(path) for flag, _, path in (word.partition("=") for word in words)}


def _grouped(words: Sequence[str]) -> dict[str, Path | list[Path]]:
    """The same where flag[] stands for one of several files, and flag[]= for none of them."""
    found: dict[str, Path | list[Path]] = {}
    for word in words:
        flag, _, path = word.partition("=")
        if flag.endswith(_SEVERAL):
            several = found.setdefault(flag.removesuffix(_SEVERAL), [])
            assert isinstance(several, list)  # noqa: S101 - a flag is of one kind
            several += [Path(path)] if path else []
        else:
            found[flag] = Path(path)
    return found


def _known(files: Path | list[Path]) -> list[Any]:
    """What a key depends on of an input: the suffix says how a user's file is read."""
    if isinstance(files, list):
        return [_known(path) for path in files]
    return [files.suffix, _digest(files)]


def _in_words(options: Sequence[str]) -> dict[str, str]:
    """Options by name; what stands before the first is the name of a problem."""
    words: dict[str, list[str]] = {}
    name = "name"
    for option in options:
        name = option.removeprefix("--") if option.startswith("--") else name
        words.setdefault(name, []).extend([] if option.startswith("--") else [option])
    return {name: " ".join(values) or "yes" for name, values in words.items()}


def _digest(path: Path) -> str:
    """SHA-256 of a file."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error.strerror}; make it anew") from error


def _link(made: Path, name: Path) -> None:
    """Give a file a second name, at once or not at all; a copy where the disk has no links."""
    beside = name.with_name(f".{name.name}.{platform.node()}.{os.getpid()}")
    try:
        name.parent.mkdir(parents=True, exist_ok=True)
        os.link(made, beside)
        beside.replace(name)
    except OSError:
        replace_bytes(name, made.read_bytes())
    finally:
        # Renaming one link over another of the same file leaves both.
        beside.unlink(missing_ok=True)
