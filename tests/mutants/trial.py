"""Put one fault after the other into copies of the project, and see whether the tests notice."""

import json
import os
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from mutants.mutant import Mutant
from mutants.process import copied, enter, forked, run_tests
from mutants.sight import Sight

#: Processor time for the compilation of a fault in the engine, seconds.
_COMPILATION = 180


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


def verdicts(
    project: Path, mutants: Sequence[Mutant], sight: Sight, folder: Path, name: str, workers: int
) -> list[Verdict]:
    """Try all mutants.

    Args:
        project: The project, which stays as it is.
        mutants: What is tried.
        sight: Which test file sees which line.
        folder: Where verdicts and logs go; verdicts that are there already are not made again.
        name: Their name.
        workers: How many are tried at a time.

    Returns:
        The verdicts, in the order of the mutants.
    """
    children = []
    for worker in range(workers):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                _work(project, mutants, sight, folder, (name, worker, workers))
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    if any(codes):
        raise RuntimeError(f"a worker fell over: exit codes {codes}")
    return read_verdicts(folder, name, len(mutants))


def read_verdicts(folder: Path, name: str, count: int) -> list[Verdict]:
    """Verdicts that were made before."""
    files = [folder / f"{name}-{index}.json" for index in range(count)]
    return [Verdict(**json.loads(file.read_text())) for file in files if file.exists()]


def _work(
    project: Path,
    mutants: Sequence[Mutant],
    sight: Sight,
    folder: Path,
    share: tuple[str, int, int],
) -> None:
    """One worker's share: every mutant that no other has begun."""
    name, worker, workers = share
    tree = copied(project)
    enter(tree)
    for index in [*range(worker, len(mutants), workers), *range(len(mutants))]:
        kept = folder / f"{name}-{index}.json"
        claim = folder / f"{name}-{index}.claim"
        if kept.exists():
            continue
        try:
            claim.touch(exist_ok=False)
        except FileExistsError:
            continue
        found = tried(tree, mutants[index], sight, folder / f"{name}-{index}.log")
        kept.write_text(json.dumps(asdict(found)))
        claim.unlink()
        print(f"{index + 1}/{len(mutants)} {found}", flush=True)


def tried(tree: Path, mutant: Mutant, sight: Sight, log: Path) -> Verdict:
    """Put a fault into a copy of the project and run the tests that see it."""
    files = sight.files(tree, mutant.path, mutant.line)
    known = {name: getattr(mutant, name) for name in ("path", "line", "kind", "old", "new")}
    if not files:
        return Verdict(**known, noticed=False, by="no test runs it", seconds=0.0)
    source = tree / mutant.path
    before, stamp = source.read_bytes(), source.stat()
    limit = 30 + _COMPILATION + 3 * int(sum(sight.seconds[name] for name in files))
    start = time.monotonic()
    try:
        source.write_text(mutant.source)
        code = forked(lambda: run_tests("-x", "-m", "not slow", *files), log, limit)
    finally:
        source.write_bytes(before)
        os.utime(source, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    seconds = round(time.monotonic() - start, 1)
    by = {None: "time or memory ran out", 0: f"{len(files)} files of tests pass"}.get(code)
    return Verdict(
        **known,
        noticed=code != 0,
        by=by if by is not None else _first_failure(log),
        seconds=seconds,
    )


def _first_failure(log: Path) -> str:
    """The test that failed, as pytest says it last."""
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", log.read_text(errors="replace"), re.MULTILINE)
    return found[1] if found else "the tests do not start"
