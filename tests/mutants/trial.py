"""Put one fault after the other into copies of the project, and see whether the tests notice."""

import json
import os
import re
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from mutants.mutant import Mutant
from mutants.process import copied, enter, forked, run_tests
from mutants.sight import Sight, is_compiled

#: Processor time for the compilation of a fault in the engine, seconds.
_COMPILATION = 180
#: Exit codes of pytest by which nothing has failed.
_PASSED: dict[int | None, str] = {0: "{} files of tests pass", 5: "no test is left of {} files"}


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    Attributes:
        path: The file.
        line: Where the fault was.
        kind: What sort of fault.
        old: The lines without it.
        new: The lines with it.
        noticed: Whether a test failed.
        by: The test that failed first, or what else ended the run.
        seconds: How long the tests ran.
    """

    path: str
    line: int
    kind: str
    old: str
    new: str
    noticed: bool
    by: str
    seconds: float

    def __repr__(self) -> str:
        word = "noticed " if self.noticed else "SURVIVED"
        place = f"{self.path}:{self.line}: {self.kind}"
        change = f"    - {self.old.strip()}\n    + {self.new.strip()}"
        return f"{word} {self.seconds:6.1f} s  {place}  [{self.by}]\n{change}"


@dataclass(frozen=True)
class Effort:
    """How much is done for a mutant, in processor seconds.

    Attributes:
        least: What the tests have beside three times what they take without a fault.
        most: Test files are left out, the slowest first, that together take longer than this.
    """

    least: int
    most: float = float("inf")


def verdicts(
    project: Path, mutants: list[Mutant], sight: Sight, folder: Path, workers: int, effort: Effort
) -> list[Verdict]:
    """Try all mutants.

    Args:
        project: The project, which stays as it is.
        mutants: What is tried.
        sight: Which test file sees which line.
        folder: Where verdicts and logs go; verdicts that are there already are not made again.
        workers: How many are tried at a time.
        effort: How much is done for each.

    Returns:
        The verdicts, in the order of the mutants.
    """
    for claim in folder.glob("*.claim"):
        claim.unlink()
    children = []
    for worker in range(workers):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                _work(project, mutants[worker:] + mutants[:worker], sight, folder, effort)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    if any(codes):
        raise RuntimeError(f"a worker fell over: exit codes {codes}")
    kept = [folder / f"{mutant.digest}.json" for mutant in mutants]
    return [Verdict(**json.loads(file.read_text())) for file in kept]


def _work(project: Path, mutants: list[Mutant], sight: Sight, folder: Path, effort: Effort) -> None:
    """One worker's share: every mutant that no other has begun."""
    tree = copied(project)
    enter(tree)
    for mutant in mutants:
        kept = folder / f"{mutant.digest}.json"
        claim = folder / f"{mutant.digest}.claim"
        if kept.exists() or claim.exists():
            continue
        claim.touch()
        found = tried(tree, mutant, sight, folder / f"{mutant.digest}.log", effort)
        kept.write_text(json.dumps(asdict(found)))
        print(found, flush=True)
    shutil.rmtree(tree.parent)


def tried(tree: Path, mutant: Mutant, sight: Sight, log: Path, effort: Effort) -> Verdict:
    """Put a fault into a copy of the project and run the tests that see it.

    Args:
        tree: A copy of the project, entered.
        mutant: The fault.
        sight: Which test file sees which line.
        log: Where the output of the tests goes.
        effort: How much is done.
    """
    files = sight.files(tree, mutant.path, mutant.line, effort.most)
    known = {name: getattr(mutant, name) for name in ("path", "line", "kind", "old", "new")}
    if not files:
        return Verdict(**known, noticed=False, by="no test runs it", seconds=0.0)
    if gone := [name for name in files if not (tree / name).exists()]:
        # pytest would refuse to start, and that would look as if the fault had been noticed.
        raise RuntimeError(f"{', '.join(gone)}: no such tests; look once more which run what")
    source = tree / mutant.path
    before, stamp = source.read_bytes(), source.stat()
    compiled = _COMPILATION if is_compiled(source) else 0
    limit = effort.least + compiled + 3 * int(sum(sight.seconds[name] for name in files))
    start = time.monotonic()
    try:
        source.write_text(mutant.source)
        code = forked(lambda: run_tests("-x", "-m", "not slow", *files), log, limit)
    finally:
        source.write_bytes(before)
        os.utime(source, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    seconds = round(time.monotonic() - start, 1)
    # A fork that is ended by the system has a negative code, that of the signal.
    ended = code is None or code < 0
    by = "time or memory ran out" if ended else _PASSED.get(code, "").format(len(files))
    return Verdict(
        **known,
        noticed=code not in _PASSED,
        by=by or _first_failure(log),
        seconds=seconds,
    )


def _first_failure(log: Path) -> str:
    """The test that failed, as pytest says it last."""
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", log.read_text(errors="replace"), re.MULTILINE)
    return found[1] if found else "the tests do not start"
