"""Everything that the workflow takes from inside Snakemake, in one place.

Snakemake promises none of it. `CHECKED` is the version that all of it was last tried with.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from study.summary import Job, State, system_of

#: Version of Snakemake.
CHECKED = "9.27.1"


def load_default(workflow: Any, path: str) -> None:
    """Load a configuration unless --configfile names another, which replaces it as a whole.

    Raises:
        ValueError: Bytes that are no text, or days that no month has.
    """
    if not workflow.config_settings.configfiles:
        # What the directive calls; it stands in the top level only.
        workflow.configfile(path)


def config_name(workflow: Any) -> str:
    """Name of the configuration, for error messages."""
    return " + ".join(map(str, workflow.config_settings.configfiles)) or "config.yaml"


def has_own_environments(workflow: Any) -> bool:
    """Whether jobs run in environments that Snakemake makes, by conda or in containers."""
    return bool(workflow.deployment_settings.deployment_method)


def rule_names(workflow: Any) -> set[str]:
    """Names of all rules so far."""
    return {rule.name for rule in workflow.rules}


def jobs(workflow: Any) -> Iterator[Job]:
    """What has become of every job of a run that has ended."""
    dag = workflow.dag
    # A group of jobs fails as one.
    failed = {
        job
        for unit in workflow.scheduler.failed
        for job in (unit.jobs if unit.is_group() else [unit])
    }
    for job in dag.jobs:
        if job.log and job.benchmark:
            if not dag.needrun(job):
                state = State.KEPT
            elif dag.finished(job):
                state = State.DONE
            else:
                state = State.FAILED if job in failed else State.WAITING
            yield Job(
                system_of(Path(job.output[0])), job.rule.name, state, Path(job.log[0]),
                Path(job.benchmark),
            )  # fmt: skip
