"""What the workflow takes from inside Snakemake."""

import re
from importlib.metadata import version
from pathlib import Path

from study import hooks


def test_the_locked_version_is_the_one_that_was_checked(project: Path) -> None:
    """With another one: run tests/workflow, then change `CHECKED`."""
    lock = (project / "requirements.lock").read_text()
    assert f"\nsnakemake=={hooks.CHECKED} " in f"\n{lock}"
    assert version("snakemake") == hooks.CHECKED


def test_nothing_else_uses_what_snakemake_does_not_promise(project: Path) -> None:
    promised = {"snakefile"}
    for path in [project / "Snakefile", *(project / "rules").glob("*.smk")]:
        used = set(re.findall(r"\bworkflow\.(\w+)", path.read_text().replace("workflow.rst", "")))
        assert used <= promised, path
