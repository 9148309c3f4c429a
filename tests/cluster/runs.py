"""Running the workflow through SLURM with the profiles that users get."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster.machine import Slurm, wait_for
from workflow_copy import Workflow

#: Each test asks for systems of its own.
STUDY: dict[str, Any] = {
    "atoms": [{"systems": ["He"], "levels": ["hf_cc-pVDZ"]}],
    "models": [
        "exponential-2", "exponential-3", "gaussian-3", "bohr-2", "sqrt_r-2", "sqrt_r-3",
        "ball-2",
    ],
    "densities": {"broken": {"file": "broken.csv"}},
    "figures": {"arrangements": []},
}  # fmt: skip

#: What a test cluster needs otherwise than a real one: it has no accounting, no shared disk, and
#: tests do not like to wait.
_PROFILES = {
    "slurm": (
        "--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "6",
        "--latency-wait", "10",
    ),
    "cluster-generic": ("--latency-wait", "10"),
}  # fmt: skip


@dataclass(frozen=True)
class ClusterWorkflow(Workflow):
    """A copy of the project whose jobs run on SLURM.

    Attributes:
        slurm: The cluster.
        profile: Name of the profile.
    """

    slurm: Slurm
    profile: str

    def command(self, *arguments: str) -> list[str]:
        """The command line with the profile, which comes last."""
        return super().command(
            *arguments, "--workflow-profile", f"profiles/{self.profile}", *_PROFILES[self.profile]
        )

    @property
    def environment(self) -> dict[str, str]:
        """The copy's package and this cluster's programs."""
        return super().environment | {
            name: self.slurm.environment[name] for name in ("SLURM_CONF", "PATH")
        }

    def result(self, system: str, name: str = "hierarchy.json", level: str = "exact") -> Path:
        """A file of a system."""
        return self.folder / "results" / system / level / name

    @contextmanager
    def started(self, *arguments: str) -> Iterator["Run"]:
        """A run that goes on while the test does something to it."""
        log = self.folder / "run.txt"
        seen = {job["JobId"] for job in self.slurm.jobs()}
        with log.open("w") as out:
            process = subprocess.Popen(
                self.command(*arguments), cwd=self.folder, env=self.environment,
                stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
            try:
                yield Run(process, log, self.slurm, seen)
            finally:
                process.kill()
                process.wait()


@dataclass(frozen=True)
class Run:
    """A Snakemake that is running, and the jobs that it has handed to SLURM.

    Attributes:
        process: The main process.
        log: What it says.
        slurm: The cluster.
        seen: Jobs of earlier runs.
    """

    process: subprocess.Popen[bytes]
    log: Path
    slurm: Slurm
    seen: set[str]

    def jobs(self) -> list[dict[str, str]]:
        """Its jobs, those that ended too."""
        return [job for job in self.slurm.jobs() if job["JobId"] not in self.seen]

    def running(self, system: str) -> dict[str, str]:
        """The job of a system, as soon as it runs."""
        found: list[dict[str, str]] = []

        def look() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            for job in self.jobs():
                log = Path(job["StdOut"])
                if job["JobState"] == "RUNNING" and log.is_file() and system in log.read_text():
                    found.append(job)
            return bool(found)

        wait_for(f"running job of {system}", look, 120)
        return found[0]

    def says(self, text: str) -> None:
        """Wait until the log holds a text."""
        wait_for(f"{text!r} in the log", lambda: text in self.log.read_text(), 180)

    def end(self) -> tuple[int, str]:
        """Wait for its end; exit status and log."""
        return self.process.wait(timeout=300), self.log.read_text()


def numbers(record: Any, place: str = "") -> dict[str, float]:
    """All numbers of a record, by their places in it."""
    if isinstance(record, bool) or not isinstance(record, int | float | list | dict):
        return {}
    if isinstance(record, int | float):
        return {place: record}
    items = record.items() if isinstance(record, dict) else enumerate(record)
    return {
        where: number
        for key, value in items
        for where, number in numbers(value, f"{place}/{key}").items()
    }
