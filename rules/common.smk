# What all rules share: the study, the sources of each stage, the wildcards.
import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

from comotion.configuration import TABLE, read_study
from comotion.errors import ConfigError
from comotion.sources import sources
from comotion.systems import LEVEL_PATTERN, MODEL_KINDS, SYSTEM_PATTERN

# Jobs run in the environment that runs Snakemake, activated or not.
shell.prefix(f"export PATH={Path(sys.executable).parent}:$PATH; ")

try:
    STUDY = read_study(
        config,
        Path(workflow.basedir) / "workflow/schemas/config.schema.yaml",
        " + ".join(map(str, workflow.config_settings.configfiles)) or "config.yaml",
    )
except ConfigError as error:
    raise WorkflowError(str(error)) from None


wildcard_constraints:
    system=SYSTEM_PATTERN,
    level=LEVEL_PATTERN,
    atom="[A-Z][a-z]?(?:[0-9]*[+-])?",
    method_basis="[a-z]+_.+",
    model=f"(?:{'|'.join(MODEL_KINDS)})-[0-9]+",
    density="[A-Za-z][A-Za-z0-9_]*",
    table_figure="energies|hierarchy",
    plan_figure="density|comotion|potential",


def code(stage):
    """Source files of a stage, relative to the working directory."""
    return [os.path.relpath(path) for path in sources(stage)]


def of_rows(name, rows):
    """One file of each row of the study."""
    return [f"results/{system}/{level}/{name}" for system, level in rows]
