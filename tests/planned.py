"""What the workflow would run: every job of dry runs, asked of Snakemake itself, as plain data.

As a program it reads studies from standard input and plans them all in one process, so that
Snakemake is imported once and nothing of it stays behind in the tests.
"""

import asyncio
import contextlib
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Asked:
    """A dry run.

    Attributes:
        folder: The working directory.
        targets: What is to be made.
        config: The file behind --configfile, or nothing.
        command_line: Words of the command line that name targets, as a user gives them.
        cores: Cores of the run.
        snakefile: Another than the project's, in the working directory.
        paths: Files of which the rules that make them are asked for.
    """

    folder: str
    targets: Sequence[str] = ("all",)
    config: str = ""
    command_line: Sequence[str] = ()
    cores: int = 1
    snakefile: str = ""
    paths: Sequence[str] = ()


@dataclass(frozen=True)
class Planned:
    """A job of a dry run.

    Attributes:
        rule: Name of its rule.
        wildcards: Their values, in the order of their names in the rule.
        inputs: Files that it reads by their names, those without one under "".
        unmoved: Those of its inputs that no module's prefix moves.
        outputs: Files that it writes, likewise.
        log: Where it says what happens.
        benchmark: Where its time is kept.
        threads: Of the job.
        resources: Memory (MB) and time (minutes) that it asks for.
        local: Whether it runs where Snakemake does, not on a cluster.
        conda: Its environment.
        message: What is said of it.
        command: Its command line.
        shown: What the report says of each output that it shows: caption, category, labels.
    """

    rule: str
    wildcards: Mapping[str, str]
    inputs: Mapping[str, list[str]]
    unmoved: list[str]
    outputs: Mapping[str, list[str]]
    log: str
    benchmark: str
    threads: int
    resources: Mapping[str, int]
    local: bool
    conda: str
    message: str
    command: str
    shown: Mapping[str, list[Any]]


@dataclass(frozen=True)
class Plan:
    """What came of a dry run.

    Attributes:
        jobs: All jobs, in no order.
        rules: Names of the rules.
        error: What was said in place of a plan.
        python: The Python of a job where Snakemake makes environments of its own.
        makers: Rules that make each of the paths.
        endings: What a run that has ended well, and one that has not, would say.
    """

    jobs: list[Planned] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    error: str = ""
    python: str = ""
    makers: Mapping[str, list[str]] = field(default_factory=dict)
    endings: list[str] = field(default_factory=list)

    def of(self, rule: str) -> dict[tuple[str, ...], Planned]:
        """Jobs of a rule by the values of their wildcards."""
        return {tuple(job.wildcards.values()): job for job in self.jobs if job.rule == rule}


def planned(asked: Sequence[Asked]) -> list[Plan]:
    """Plan dry runs, in a process of their own."""
    done = subprocess.run(
        [sys.executable, __file__], input=json.dumps(list(map(asdict, asked))), check=True,
        capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(PROJECT / "workflow")},
    )  # fmt: skip
    return [
        Plan(**{**plan, "jobs": [Planned(**job) for job in plan["jobs"]]})
        for plan in json.loads(done.stdout)
    ]


def _plan(asked: Asked) -> Plan:
    """Ask Snakemake."""
    from snakemake.api import (  # noqa: PLC0415 - in the process of its own only
        ConfigSettings,
        DAGSettings,
        OutputSettings,
        ResourceSettings,
        SnakemakeApi,
    )
    from snakemake.settings.types import Quietness  # noqa: PLC0415

    sys.argv = ["snakemake", *asked.command_line]
    with SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api:
        try:
            of = api.workflow(
                resource_settings=ResourceSettings(cores=asked.cores),
                config_settings=ConfigSettings(
                    configfiles=[Path(asked.folder, asked.config)] if asked.config else []
                ),
                snakefile=Path(asked.folder, asked.snakefile) if asked.snakefile
                else PROJECT / "Snakefile",
                workdir=Path(asked.folder),
            )  # fmt: skip
            of.dag(DAGSettings(targets=set(asked.targets))).execute_workflow(executor="dryrun")
            return _as_data(of._workflow, asked.paths)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was said
            return Plan(error=f"{type(error).__name__}: {error}")


def _as_data(workflow: Any, paths: Sequence[str]) -> Plan:
    """The jobs of a workflow that has been planned."""
    jobs = [_job(workflow, job) for job in workflow.dag.jobs]
    endings = [_said(ending) for ending in (workflow._onsuccess, workflow._onerror)]
    rules = [rule.name for rule in workflow.rules]
    python = ""
    if "plan" in rules:
        workflow.deployment_settings.deployment_method = {"conda"}
        python = workflow.get_rule("plan").params.python(None, None)
    makers = {
        path: [rule.name for rule in workflow.rules if rule.is_producer(path)] for path in paths
    }
    return Plan(jobs, rules, python=python, makers=makers, endings=endings)


def _said(ending: Any) -> str:
    """What the end of a run says."""
    logger, told = logging.getLogger("snakemake.logging"), io.StringIO()
    handler = logging.StreamHandler(told)
    logger.addHandler(handler)
    try:
        ending(None)
    finally:
        logger.removeHandler(handler)
    return told.getvalue()


def _job(workflow: Any, job: Any) -> Planned:
    return Planned(
        rule=job.rule.name,
        wildcards=dict(job.wildcards.items()),
        inputs=dict(_named(job.input)),
        unmoved=[str(file) for file in job.input if file.flags.get("local")],
        outputs=dict(_named(job.output)),
        log=" ".join(map(str, job.log)),
        benchmark=str(job.benchmark or ""),
        threads=job.threads,
        resources={name: job.resources.get(name, 0) for name in ("mem_mb", "runtime")},
        local=job.rule.name in workflow._localrules,
        conda=str(job.rule.conda_env or ""),
        message=job.message or "",
        command=job.shellcmd or "",
        shown={str(file): _shown(file, job) for file in job.output if file.flags.get("report")},
    )


def _named(files: Any) -> Iterator[tuple[str, list[str]]]:
    """Files by their names, those without one last."""
    left = list(map(str, files))
    for name, its in files.items():
        paths = [str(its)] if isinstance(its, str) else list(map(str, its))
        for path in paths:
            left.remove(path)
        yield name, paths
    if left:
        yield "", left


def _shown(file: Any, job: Any) -> list[Any]:
    """What the report says of a file."""
    from snakemake.report import expand_labels, expand_report_argument  # noqa: PLC0415

    report = file.flags["report"]
    category = asyncio.run(expand_report_argument(report.category, job.wildcards, job))
    return [
        str(report.caption), category, asyncio.run(expand_labels(report.labels, job.wildcards, job))
    ]  # fmt: skip


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        PLANS = [asdict(_plan(Asked(**asked))) for asked in json.load(sys.stdin)]
    json.dump(PLANS, sys.stdout)
