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

import numpy as np
import yaml

from comotion.density.model_densities import MODELS
from comotion.io import read_json
from comotion.transport.comotion import compile_engine
from own_files import own_files

#: Two atoms in a small basis and a model: everything the default study has, in seconds.
SMALL: dict[str, Any] = {
    "atoms": [{"systems": ["He", "Be"], "levels": ["hf_cc-pVDZ", "ccsd_cc-pVDZ"]}],
    "models": ["exponential-2"],
    "bracket": {"electrons": 2, "splines": [10, 20], "cells": 4},
    "pair_bound": {"electrons": 2, "intervals": 4, "degree": 3, "rounds": 4},
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

    def run_alone(
        self,
        *arguments: str,
        python: tuple[str, ...] = (sys.executable,),
        umask: int = 0o022,
        **variables: str,
    ) -> subprocess.CompletedProcess[str]:
        """Run Snakemake as a user does, who has not told Python where the package is.

        Args:
            arguments: Words for Snakemake.
            python: The Python that runs it, with its options.
            umask: Rights that new files do not get.
            variables: Of the environment.
        """
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        return subprocess.run(
            [*python, "-m", "snakemake", *arguments], cwd=self.folder, env=environment | variables,
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=900,
            umask=umask,
        )  # fmt: skip

    def configure(self, config: Mapping[str, Any]) -> None:
        """Replace the copy's config.yaml."""
        (self.folder / "config.yaml").write_text(yaml.safe_dump(dict(config), sort_keys=False))

    def jobs(self, *arguments: str) -> dict[str, int]:
        """Rules that a dry run would run, with the number of their jobs."""
        return planned(self.run("-n", *arguments).stdout)


def planned(said: str) -> dict[str, int]:
    """Rules in the output of a dry run, with the number of their jobs."""
    lines = said.partition("Job stats:")[2].splitlines()[3:]
    return {name: int(count) for name, count in map(str.split, takewhile(str.strip, lines))}


#: A version that no installed package has.
MARK = "7.7.7"


def marked_copy(project: Path, folder: Path) -> Workflow:
    """A copy in a new folder, of whose results the version tells that its own package made them."""
    folder.mkdir()
    workflow = copy_project(project, folder)
    version = folder / "workflow/comotion/version.py"
    version.write_text(f'"""The version."""\n\nVERSION = "{MARK}"\n')
    return workflow


def version_of(record: Path) -> str:
    """Version of the package that made a record."""
    return str(read_json(record)["provenance"]["versions"]["comotion"])


def write_table(path: Path, points: int = 300, **changes: float) -> str:
    """A table of two electrons; ``row7`` is another density in that row.

    Args:
        path: CSV file to write.
        points: Rows; with another number the content is another, and no kept result is of it.
        changes: Densities that are not those of the model.

    Returns:
        The name of the file.
    """
    r = np.exp(np.linspace(-9, 3, points))
    rho = MODELS["gaussian"](2).density(r) + 1e-30
    for row, value in changes.items():
        rho[int(row[3:])] = value
    rows = [f"{x:.17g},{y:.17g}" for x, y in zip(r, rho, strict=True)]
    path.write_text("\n".join(["r,rho", *rows]))
    return path.name


def copy_project(project: Path, folder: Path) -> Workflow:
    """Copy what git would."""
    for name in own_files(project):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(project / name, folder / name)
    # The compiled kernel belongs to the sources by their times, which the copies keep.
    compile_engine()
    for path in (project / "workflow").rglob("*.nb[ic]"):
        copied = folder / path.relative_to(project)
        copied.parent.mkdir(exist_ok=True)
        shutil.copy2(path, copied)
    return Workflow(folder)
