"""Running the workflow itself in folders of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import yaml

from comotion.transport.comotion import compile_engine

#: Two atoms in a small basis and a model: everything the default study has, in seconds.
SMALL: dict[str, Any] = {
    "atoms": [{"systems": ["He", "Be"], "levels": ["hf_cc-pVDZ", "ccsd_cc-pVDZ"]}],
    "models": ["exponential-2"],
    "figures": {"arrangements": ["Be"]},
}


@dataclass(frozen=True)
class Workflow:
    """A copy of the project in which Snakemake can be run.

    Attributes:
        folder: The copy.
    """

    folder: Path

    def command(self, *arguments: str) -> list[str]:
        """The command line that runs Snakemake with these arguments."""
        return [sys.executable, "-m", "snakemake", *arguments]

    @property
    def environment(self) -> dict[str, str]:
        """The copy's own packages come before the installed ones."""
        return os.environ | {"PYTHONPATH": str(self.folder / "workflow")}

    @property
    def tables(self) -> Path:
        """Tables of the study without a name."""
        return self.folder / "results/studies/default/tables"

    @property
    def figures(self) -> Path:
        """Its figures."""
        return self.folder / "results/studies/default/figures"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Snakemake to its end; standard output and error come together."""
        return subprocess.run(
            self.command(*arguments), cwd=self.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=900,
        )  # fmt: skip

    def configure(self, config: Mapping[str, Any]) -> None:
        """Replace the copy's config.yaml."""
        (self.folder / "config.yaml").write_text(yaml.safe_dump(dict(config), sort_keys=False))

    def jobs(self, *arguments: str) -> dict[str, int]:
        """Rules that a dry run would run, with the number of their jobs."""
        lines = self.run("-n", *arguments).stdout.partition("Job stats:")[2].splitlines()[3:]
        table = list(takewhile(str.strip, lines))
        return {name: int(count) for name, count in map(str.split, table)}


def copy_project(project: Path, folder: Path) -> Workflow:
    """Copy what git would."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=project, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    for name in names:
        if (project / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(project / name, folder / name)
    # The compiled kernel belongs to the sources by their times, which the copies keep.
    compile_engine()
    for path in (project / "workflow").rglob("*.nb[ic]"):
        copied = folder / path.relative_to(project)
        copied.parent.mkdir(exist_ok=True)
        shutil.copy2(path, copied)
    return Workflow(folder)
