"""What a run has done, in a few lines: which systems, which failed and why, how long."""

import json
import shlex
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from comotion.progress import duration
from study.user_files import RESERVED

#: Systems named at most of those that are done, and characters in a line.
_NAMED, _WIDTH = 100, 100
#: What stands between the name of a stage and the sentence that says what is wrong.
_ERROR = ": error: "


class State(Enum):
    """What has become of a job."""

    KEPT = "kept from a former run"
    DONE = "done"
    FAILED = "failed"
    WAITING = "not reached"


@dataclass(frozen=True)
class Job:
    """One job of a run.

    Attributes:
        system: System and level that it belongs to, or nothing if it is of the whole study.
        stage: What it does.
        state: What has become of it.
        log: File in which it says what happened.
        benchmark: Table in which its time stands, in seconds, in the first column.
    """

    system: str
    stage: str
    state: State
    log: Path
    benchmark: Path


def system_of(path: Path) -> str:
    """System and level whose result a file is, or nothing for one of the whole study.

    Args:
        path: The file, such as results/Be/hf_cc-pVDZ/sce.json.
    """
    _, *key, _ = path.parts
    return " ".join(key) if len(key) == 2 and key[0] not in RESERVED else ""


def summary(jobs: Iterable[Job], seconds: float, left_out: Sequence[str] = ()) -> str:
    """Say what has become of the systems of a run.

    Args:
        jobs: All jobs, those that were not needed included.
        seconds: Duration of the run.
        left_out: Systems that the study leaves out already, or system/level.

    Returns:
        Some lines of text.
    """
    systems: dict[str, list[Job]] = {}
    for job in jobs:
        systems.setdefault(job.system, []).append(job)
    study = systems.pop("", [])
    done, kept, failed, waiting, bad = [], 0, [], [], list(left_out)
    for system, its in systems.items():
        states = {job.state for job in its}
        if State.FAILED in states:
            failed += [_failure(job) for job in its if job.state is State.FAILED]
            bad.append(system.replace(" ", "/"))
        elif State.WAITING in states:
            waiting.append(system)
        elif State.DONE in states:
            done.append(f"{system} ({duration(_seconds(its))})")
        else:
            kept += 1
    failed += [_failure(job) for job in study if job.state is State.FAILED]
    lines = [f"Summary after {duration(seconds)}"]
    lines += _paragraph(f"{len(done)} done", done)
    if kept:
        lines.append(f"  {kept} kept from a former run")
    lines += _paragraph(f"{len(waiting)} not finished", waiting)
    missing = sum(job.state is State.WAITING for job in study)
    if missing:
        lines.append(f"  {missing} of {len(study)} tables and figures not made in this run")
    lines += [f"  {len(failed)} failed:"] if failed else []
    if missing and len(bad) > len(left_out):
        # Whole in one line, to be copied; quotes, for some basis sets have commas in their names.
        failed += [
            "  For all but what failed, end the same command, and then that of the report, with",
            f"    --config {shlex.quote(f'leave_out={json.dumps(bad)}')}",
        ]
    return "\n".join(lines + failed)


def _paragraph(heading: str, names: Sequence[str]) -> list[str]:
    """A heading with names behind it, if there are any, broken into lines."""
    if not names:
        return []
    more = f", and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    text = f"{heading}: {', '.join(names[:_NAMED])}{more}"
    return textwrap.wrap(
        text, _WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip


def _failure(job: Job) -> str:
    """A failed job and the reason, as one line."""
    name = " ".join(filter(None, (job.system, job.stage)))
    return f"    {name}: {_reason(job.log)} ({job.log})"


def _reason(log: Path) -> str:
    """Why a job failed: the sentence of its error, or what it said last."""
    if not log.is_file():
        return "there is no log: it did not start, or was killed before it said anything"
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines()
             if line.strip()]  # fmt: skip
    if not lines:
        return "its log is empty: it was killed, or ran out of memory or time"
    _, error, sentence = lines[-1].partition(_ERROR)
    return sentence if error else f"its log ends with: {lines[-1].strip()}"


def _seconds(jobs: Iterable[Job]) -> float:
    """Time of the jobs that have run, added up."""
    return sum(_of_benchmark(job.benchmark) for job in jobs if job.state is State.DONE)


def _of_benchmark(path: Path) -> float:
    """Time of a job, or none where its table is missing."""
    if not path.is_file():
        return 0.0
    rows = path.read_text(encoding="utf-8").splitlines()
    return float(rows[-1].split("\t")[0]) if len(rows) > 1 else 0.0
