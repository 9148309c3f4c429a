"""The report: how many faults were noticed, and every one that was not, with the reason."""

import json
import math
import subprocess
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mutants.trial import Verdict

#: Parts of the report, in their order: the file of verdicts, its title, what was tried.
_PARTS = (
    ("sources", "Packages", "drawn at random from the packages, every place with the same chance"),
    ("rules", "Rules", "drawn at random from the rules"),
    ("named", "Faults that were once not noticed", "found by hand before these tests were written"),
    ("by_hand", "Faults of physics", "made by hand; what was missed at first has a test since"),
)
_HEAD = """# What the tests notice

A small fault is put into the sources, one at a time, and the tests that run the line must fail.
A fault that changes nothing that anyone could see is *equivalent*: it is listed, with the reason,
and does not count. Only the quick tests (`make test`) were run, those of the module first, then the
fastest{most}, so more is noticed by all of them.

Made by `make mutants SEED={seed}`, {date}, at commit {commit}.

"""


@dataclass(frozen=True)
class Judgement:
    """What someone found who looked at a fault that was not noticed.

    Attributes:
        equivalent: Whether nothing that anyone could see is changed.
        reason: Why it was not noticed.
    """

    equivalent: bool
    reason: str


def read_judgements(path: Path) -> dict[tuple[str, str, str], Judgement]:
    """Judgements by path, old line and new line."""
    rows = tomllib.loads(path.read_text()).get("fault", [])
    return {
        (row["path"], row["old"].strip(), row["new"].strip()): Judgement(
            row["equivalent"], row["reason"]
        )
        for row in rows
    }


def write_report(folder: Path, judgements: Path, seed: int, most: float, output: Path) -> None:
    """Put the verdicts of all parts together.

    Args:
        folder: Where the verdicts are.
        judgements: The list of faults that someone looked at.
        seed: Seed of the samples.
        most: Processor seconds beyond which test files were left out.
        output: The report, Markdown.
    """
    judged = read_judgements(judgements)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=False, capture_output=True, text=True
    ).stdout.strip()
    text = _HEAD.format(
        seed=seed, date=datetime.now(UTC).date(), commit=commit or "unknown",
        most="" if math.isinf(most) else f" up to {most:g} s of processor time for each fault",
    )  # fmt: skip
    for name, title, what in _PARTS:
        found = [Verdict(**row) for row in json.loads((folder / f"{name}.json").read_text())]
        text += _part(title, what, found, judged)
    output.parent.mkdir(exist_ok=True)
    output.write_text(text.rstrip() + "\n")


def _part(
    title: str, what: str, found: list[Verdict], judged: dict[tuple[str, str, str], Judgement]
) -> str:
    survivors = [verdict for verdict in found if not verdict.noticed]
    reasons = {v: judged.get((v.path, v.old.strip(), v.new.strip())) for v in survivors}
    equivalent = [v for v in survivors if (j := reasons[v]) is not None and j.equivalent]
    missed = [v for v in survivors if v not in equivalent]
    count = len(found) - len(equivalent)
    noticed = len(found) - len(survivors)
    text = (
        f"## {title}\n\n{len(found)} faults, {what}: {len(equivalent)} are equivalent, and of the "
    )
    text += f"other {count} **{noticed} were noticed ({100 * noticed / count:.1f} %)**.\n\n"
    text += _by_folder(found, equivalent)
    for heading, verdicts in (("Not noticed", missed), ("Equivalent", equivalent)):
        if verdicts:
            text += f"### {heading}\n\n"
            text += "".join(_entry(verdict, reasons[verdict]) for verdict in verdicts)
            text += "\n"
    return text


def _by_folder(found: list[Verdict], equivalent: list[Verdict]) -> str:
    """Table of the folders."""
    rows: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for verdict in found:
        if verdict not in equivalent:
            rows[str(Path(verdict.path).parent).removeprefix("workflow/")][0] += 1
            rows[str(Path(verdict.path).parent).removeprefix("workflow/")][1] += verdict.noticed
    lines = [f"| {name} | {count} | {seen} |" for name, (count, seen) in sorted(rows.items())]
    return "\n".join(["| folder | faults | noticed |", "|---|--:|--:|", *lines]) + "\n\n"


def _entry(verdict: Verdict, judgement: Judgement | None) -> str:
    reason = judgement.reason if judgement else "nobody has looked at it yet"
    old, new = (" ".join(text.split()) for text in (verdict.old, verdict.new))
    place = f"{verdict.path.removeprefix('workflow/')}:{verdict.line}"
    return f"- `{place}` ({verdict.kind}): {reason}\n  - `{old}`\n  - `{new}`\n"
