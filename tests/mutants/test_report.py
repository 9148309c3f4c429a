"""The report of the mutants: what counts, and what is said of those that were not noticed."""

import json
import subprocess
from dataclasses import asdict
from pathlib import Path

from mutants.report import write_report
from mutants.trial import Verdict

_PATH = "workflow/comotion/density/gamma.py"


def _verdict(line: int, *, noticed: bool) -> Verdict:
    return Verdict(
        _PATH, line, "a number", f"x = {line}", f"x = {line + 1}", noticed, "test_x", 1.0
    )


def test_equivalent_faults_do_not_count_and_all_survivors_are_listed(tmp_path: Path) -> None:
    found = [_verdict(line, noticed=line > 2) for line in range(10)]
    for part in ("sources", "rules", "named", "by_hand"):
        rows = [asdict(verdict) for verdict in found]
        (tmp_path / f"{part}.json").write_text(json.dumps(rows))
    judged = tmp_path / "judged.toml"
    judged.write_text(
        "\n".join(
            f"[[fault]]\npath = '{_PATH}'\nold = 'x = {line}'\nnew = 'x = {line + 1}'\n"
            f"equivalent = {word}\nreason = '{reason}'"
            for line, word, reason in ((0, "true", "nothing uses x"), (1, "false", "x is rare"))
        )
    )
    write_report(tmp_path, judged, 12, 150, tmp_path / "docs/mutants.md")
    text = (tmp_path / "docs/mutants.md").read_text()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=False, capture_output=True, text=True
    ).stdout.strip()
    assert "`make mutants SEED=12`, 20" in text
    assert f"at commit {commit or 'unknown'}." in text
    assert "up to 150 s of processor time for each fault" in text
    assert text.count("1 are equivalent, and of the other 9 **7 were noticed (77.8 %)**") == 4
    assert text.count("| comotion/density | 9 | 7 |") == 4
    part = text[text.index("## Packages") : text.index("## Rules")]
    missed, equivalent = part[part.index("### Not noticed") :].split("### Equivalent")
    assert "`comotion/density/gamma.py:1` (a number): x is rare" in missed
    assert "`comotion/density/gamma.py:2` (a number): nobody has looked at it yet" in missed
    assert "  - `x = 2`\n  - `x = 3`" in missed
    assert "`comotion/density/gamma.py:0` (a number): nothing uses x" in equivalent
    assert "gamma.py:3" not in part
