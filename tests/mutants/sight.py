"""Which test files run which lines of the product, and how long each of them takes."""

import ast
import json
import resource
from dataclasses import dataclass
from functools import cache, partial
from itertools import accumulate
from pathlib import Path

import coverage

from mutants.process import forked, run_tests

#: Processor time for one file of tests, seconds; none that is not slow takes a tenth of it.
_LIMIT = 900
#: What stands in sources of compiled functions, whose lines no tracer sees; one is in each.
_COMPILED = ("transport.angular.compilation import compiled", "@_compiled\ndef ")


@dataclass(frozen=True, eq=False)
class Sight:
    """What each test file sees.

    Attributes:
        seconds: Processor time of each test file, that of the programs it starts included.
        lines: By test file and source, the lines that were run.
    """

    seconds: dict[str, float]
    lines: dict[str, dict[str, list[int]]]

    def __repr__(self) -> str:
        return f"Sight({len(self.seconds)} files of tests, {sum(self.seconds.values()):.0f} s)"

    def __or__(self, newer: "Sight") -> "Sight":
        return Sight(self.seconds | newer.seconds, self.lines | newer.lines)

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps({"seconds": self.seconds, "lines": self.lines}))

    @classmethod
    def load(cls, path: Path) -> "Sight":
        """Read what `save` wrote."""
        return cls(**json.loads(path.read_text()))

    def files(self, project: Path, path: str, line: int, most: float = float("inf")) -> list[str]:
        """Test files that see a line: that of its module first, then the fastest.

        Args:
            project: The project's folder.
            path: The source, relative to the project.
            line: A line of it.
            most: The slowest are left out if all together take longer, in processor seconds.
        """
        if path.endswith(".py"):
            rows = _rows(project / path, line)
            seen = [name for name in self.lines if rows & set(self.lines[name].get(path, ()))]
        else:
            seen = [name for name in self.seconds if _runs_rules(project / name)]
        stem = Path(path).stem
        seen.sort(key=lambda name: (stem not in Path(name).stem, self.seconds[name]))
        ends = accumulate(self.seconds[name] for name in seen)
        return [
            name for name, end in zip(seen, ends, strict=True) if end <= most or name is seen[0]
        ]


def is_compiled(path: Path) -> bool:
    """Whether a source has compiled functions."""
    text = path.read_text()
    return any(sign in text for sign in _COMPILED)


@cache
def _rows(path: Path, line: int) -> frozenset[int]:
    """Lines of which one has run if the code at a line has.

    A line outside of functions runs at import, before any test: there it is all lines inside.
    Those of compiled functions are seen by nothing: there it is all lines.
    """
    source = path.read_text()
    if is_compiled(path):
        return frozenset(range(1, source.count("\n") + 2))
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    rows: set[int] = set()
    for function in functions:
        last = function.end_lineno or function.lineno
        inside = range(function.body[0].lineno, last + 1)
        if line in inside:
            statement = _statement(function, line)
            return frozenset(statement or inside)
        rows |= set(inside)
        if function.lineno <= line <= last:
            return frozenset(inside)
    return frozenset(rows)


def _statement(function: ast.FunctionDef, line: int) -> range | None:
    """Lines of the smallest statement around a line."""
    around = [
        (node.lineno, node.end_lineno or node.lineno)
        for node in ast.walk(function)
        if isinstance(node, ast.stmt) and node is not function
    ]
    spans = [(last - first, first, last) for first, last in around if first <= line <= last]
    if not spans:
        return None
    _, first, last = min(spans)
    return range(first, last + 1)


@cache
def _runs_rules(path: Path) -> bool:
    return "snakemake" in path.read_text()


def _processor_time() -> float:
    """Of all that this process has started and that has ended, seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def look(tree: Path, folder: Path, *patterns: str) -> Sight:
    """Run every test file alone and note what it runs.

    Args:
        tree: A copy of the project, entered.
        folder: Where the logs go.
        patterns: Only test files whose path contains one of these.

    Raises:
        RuntimeError: If a test fails without any fault.
    """
    names = sorted(path.relative_to(tree).as_posix() for path in tree.glob("tests/**/test_*.py"))
    names = [name for name in names if not patterns or any(p in name for p in patterns)]
    seconds: dict[str, float] = {}
    lines: dict[str, dict[str, list[int]]] = {}
    failed = []
    for name in names:
        log = folder / f"{name.replace('/', '-')}.log"
        seen = folder / "seen.json"
        seen.unlink(missing_ok=True)
        start = _processor_time()
        code = forked(partial(_watched, tree, name, seen), log, _LIMIT)
        if code not in {0, 5} or not seen.exists():
            failed.append(name)
            print(f"{name}: exit code {code}, see {log}", flush=True)
            continue
        if code == 0:
            seconds[name] = round(_processor_time() - start, 2)
            lines[name] = json.loads(seen.read_text())
            print(f"{seconds[name]:7.1f} s  {name}", flush=True)
    if failed:
        raise RuntimeError(f"these fail without any fault: {', '.join(failed)}")
    return Sight(seconds, lines)


def check_together(sight: Sight, log: Path) -> None:
    """Run all tests in one process: what fails only there would look like a noticed fault.

    Args:
        sight: The test files, each of which passes alone.
        log: Where the output of the tests goes.

    Raises:
        RuntimeError: If a test fails.
    """
    # In the order of the trials.
    names = sorted(sight.seconds, key=lambda name: sight.seconds[name])
    code = forked(partial(run_tests, "-m", "not slow", *names), log, _LIMIT)
    if code != 0:
        raise RuntimeError(f"all tests together, without any fault: exit code {code}, see {log}")


def _watched(tree: Path, name: str, seen: Path) -> int:
    """Run one test file and write which lines of the product it ran."""
    packages = [str(tree / "workflow/comotion"), str(tree / "workflow/study")]
    # In threads as well; the tests' own lines are of no interest.
    watch = coverage.Coverage(data_file=None, include=[f"{folder}/*" for folder in packages])
    watch.start()
    try:
        code = run_tests("-m", "not slow", name)
    finally:
        watch.stop()
    data = watch.get_data()
    lines = {
        Path(file).relative_to(tree).as_posix(): sorted(data.lines(file) or [])
        for file in data.measured_files()
    }
    seen.write_text(json.dumps(lines))
    return code
