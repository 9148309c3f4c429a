"""Everything that the workflow takes from inside Snakemake, in one place.

Snakemake promises none of it. `CHECKED` is the version that all of it was last tried with.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from snakemake.assets import Assets
from snakemake.cli import get_argument_parser

from comotion.errors import ConfigError
from study.summary import Job, State, system_of

#: Version of Snakemake.
CHECKED = "9.27.1"


def load_default(workflow: Any, path: str) -> None:
    """Load a configuration unless --configfile or a module names another, which replaces it.

    Raises:
        ConfigError: A module without a configuration, which would be another workflow's.
        ValueError: Bytes that are no text, or days that no month has.
    """
    if not workflow.modifier.is_main_snakefile():
        if not workflow.modifier.skip_configfile:
            raise ConfigError(
                f"module {workflow.modifier.namespace}: it has no config; give it one of its own, "
                'such as config: {"models": ["bohr-10"]}'
            )
    elif not workflow.config_settings.configfiles:
        # What the directive calls; it stands in the top level only.
        workflow.configfile(path)


def config_files(workflow: Any) -> list[Path]:
    """Files of which the configuration was read, none in a module."""
    return list(map(Path, workflow.configfiles)) if workflow.modifier.is_main_snakefile() else []


def config_name(workflow: Any) -> str:
    """Name of the configuration, for error messages."""
    if not workflow.modifier.is_main_snakefile():
        return f"config of the module {workflow.modifier.namespace}"
    return " + ".join(map(str, workflow.config_settings.configfiles)) or "config.yaml"


def targets(workflow: Any) -> list[str]:
    """What the command line asks for; in a module, that is for the other workflow to judge.

    Snakemake tells it only once all rules are there, so the command line is read again.
    """
    program, *words = sys.argv
    of_snakemake = "snakemake" in (Path(program).name, Path(program).parent.name)
    # The jobs of a cluster are told by Snakemake, not by a user, what to make.
    of_user = of_snakemake and "--mode" not in words and workflow.modifier.is_main_snakefile()
    if not of_user:
        return []
    asked, _ = get_argument_parser().parse_known_args(words)
    return sorted(asked.targets)


def vega() -> list[Path]:
    """Files of Vega, Vega-Lite and Vega-Embed, with which Snakemake draws in its reports."""
    names = ("vega/vega.js", "vega-lite/vega-lite.js", "vega-embed/vega-embed.js")
    return [Assets.base_path() / name for name in names]


def makes(workflow: Any, path: str) -> bool:
    """Whether a rule makes a file."""
    return any(rule.is_producer(path) for rule in workflow.rules)


def file_names(workflow: Any) -> list[str]:
    """Names of the files that rules make, without their folders and those with wildcards."""
    names = {Path(file).name for rule in workflow.rules for file in rule.products()}
    return sorted(name for name in names if "{" not in name)


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


def has_no_cores(workflow: Any) -> bool:
    """Whether a run was asked for with no core, which Snakemake would wait in for ever."""
    return bool(workflow.resource_settings.cores == 0)
