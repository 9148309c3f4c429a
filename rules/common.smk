# What all rules share: the study, and the names of files.
import functools
import os
import shlex
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

# The package beside the rules comes before an installed one; rules that Snakemake fetched from
# elsewhere have none beside them.
BESIDE = Path(workflow.snakefile).parents[1] / "workflow"
if BESIDE.is_dir():
    sys.path.insert(0, str(BESIDE))
try:
    import study
except ImportError:
    raise WorkflowError(
        "the package of comotion is not there: the rules alone were fetched; clone the project"
        " and name the Snakefile in its folder, or install it from there with pip install -e"
    ) from None

from comotion.errors import ComotionError, ConfigError
from comotion.recipe import recipe
from comotion.systems import (
    ATOM_PATTERN,
    BEST,
    BEST_PATTERN,
    LEVEL_PATTERN,
    MODEL_PATTERN,
    SYSTEM_PATTERN,
    TRANSPORT_PATTERN,
    is_atom,
    parse_atom,
)
from study import hooks
from study.catalogue import (
    ATOM_PAGE,
    BENCHMARKED,
    CURVE_PAGE,
    CURVES,
    FIGURES,
    PAGES,
    PROBLEMS,
    drawn_from,
)
from study.configfile import check_keys
from study.configuration import read_study
from study.folder import check_folder
from study.sources import sources
from study.targets import asked_systems, rows_of_target

PACKAGES = Path(study.__file__).parents[1]

# Without --configfile the default study; with it, that one as a whole.
try:
    check_folder(PACKAGES)
    hooks.load_default(workflow, "config.yaml")
    for file in hooks.config_files(workflow):
        check_keys(file)
    STUDY = read_study(
        config,
        PACKAGES / "schemas/config.schema.yaml",
        hooks.config_name(workflow),
    )
except ConfigError as error:
    raise WorkflowError(str(error)) from None
except ValueError as error:
    # Bytes that are no text, days that no month has: Snakemake leaves these to YAML.
    raise WorkflowError(
        f"{hooks.config_name(workflow)}: {error}; save it as UTF-8 YAML"
    ) from None

if hooks.has_no_cores(workflow):
    raise WorkflowError("--cores 0: no job would ever start; give 1 or more, or all")

# A system's results are shared by all studies; these are the running study's own.
OF_STUDY = f"studies/{STUDY['study']}"
TABLES = f"results/{OF_STUDY}/tables"
FIGURE_FOLDER = f"results/{OF_STUDY}/figures"
PAGE_FOLDER = f"results/{OF_STUDY}/pages"


wildcard_constraints:
    system=SYSTEM_PATTERN,
    level=LEVEL_PATTERN,
    atom=ATOM_PATTERN,
    method_basis=f"(?!{BEST}_|ks-)[a-z-]+_.+",
    transport=TRANSPORT_PATTERN,
    of_state=f"{BEST_PATTERN}|(?!{BEST}_|ks-)[a-z-]+_.+",
    best=BEST_PATTERN,
    model=MODEL_PATTERN,
    density="[A-Za-z][A-Za-z0-9_]*",
    table_figure="energies|isoelectronic|best|bracket|pair_bound|correlation|strong_end",
    problem="|".join(PROBLEMS),
    page="|".join(PAGES),


# Inputs of which a kept stage may have any number.
SEVERAL = {"densities", "records", "bracket"}


def named(files):
    """Flags and paths of the files that have a name; those without are for Snakemake."""
    return {
        flag: [paths] if isinstance(paths, str) else list(paths)
        for flag, paths in files.items()
        if flag != "code"
    }


def python(wildcards, input):
    """The Python of a job, which finds the package; it is no setting, so nothing reruns for it.

    Jobs run in the environment that runs Snakemake, activated or not, unless Snakemake makes others.
    """
    own = hooks.has_own_environments(workflow)
    program = "python" if own else sys.executable
    return shlex.join(["env", f"PYTHONPATH={PACKAGES}", program])


def as_flags(wildcards, input, output):
    """Files of a job as a stage takes them: the name of each is its flag."""
    words = []
    for flag, paths in (named(input) | named(output)).items():
        words += [f"--{flag.replace('_', '-')}", *paths]
    return shlex.join(words)


def with_vega(wildcards, input):
    """The library that draws curves; it is no setting, so nothing reruns for it."""
    return shlex.join(["--scripts", *map(str, hooks.vega())])


def with_results(wildcards, input, output):
    """The same with the folder of all results, which a module's prefix may have moved."""
    folder = Path(output.csv).parents[3]
    return (
        f"{shlex.join(['--results', str(folder)])} {as_flags(wildcards, input, output)}"
    )


def as_pairs(wildcards, input, output):
    """Files of a job as `python -m study job` takes them."""
    words = []
    for kind, files in (("--inputs", input), ("--outputs", output)):
        words.append(kind)
        for flag, paths in named(files).items():
            if flag in SEVERAL and kind == "--inputs":
                words += [f"{flag}[]={path}" for path in paths or [""]]
            else:
                words += [f"{flag}={path}" for path in paths]
    return shlex.join(words)


# Thousands of jobs ask for the same few.
@functools.cache
def code(stage, *modules):
    """Source files of a stage, relative to the working directory; no module's prefix moves them."""
    return [local(os.path.relpath(path)) for path in sources(stage, *modules)]


def of_rows(name, rows):
    """One file of each row of the study."""
    return [f"results/{system}/{level}/{name}" for system, level in rows]


def needs(atom, level, pairs=False):
    """Memory in MB and time in minutes of a level; PySCF is loaded only when this is asked."""
    from comotion.electronic.resources import needs as estimate

    return estimate(atom, level, pairs=pairs)


def of_ingredients(name):
    """One file of each level of which an atom's best density is composed."""

    def files(wildcards):
        try:
            levels = recipe(wildcards.atom, wildcards.best).levels
        except ComotionError as error:
            raise WorkflowError(str(error)) from None
        return [f"results/{wildcards.atom}/{level}/{name}" for level in levels]

    return files


def user_file(wildcards):
    """The file of a user's density."""
    if wildcards.density not in STUDY["densities"]:
        raise WorkflowError(
            f"{wildcards.density}: no such density; name its file in the config under"
            f" densities.{wildcards.density}.file"
        )
    # Relative to the working directory, whatever prefix a module puts before results.
    return local(STUDY["densities"][wildcards.density]["file"])


def if_bracketed(name):
    """A file of a row whose V_SCE is bracketed, and none of another."""

    def files(wildcards):
        row = tuple(wildcards)
        return of_rows(name, [row]) if row in STUDY.bracketed else []

    return files


def integrals_of(rows):
    """The record of each row's density: of an atom's state, or of a density alone."""
    return [
        f"results/{system}/{level}/{'quantum' if is_atom(system) else 'density'}.json"
        for system, level in rows
    ]


def row_words(rows):
    """Rows as words of a command line."""
    return shlex.join(f"{system}/{level}" for system, level in rows)


def shown_by(wildcards):
    """The files that a page shows."""
    return [
        path.format(tables=TABLES, figures=FIGURE_FOLDER)
        for path in PAGES[wildcards.page].made_of
    ]


def shown(name, file=None, label=None):
    """Files of a figure, which the report shows."""
    figure = FIGURES[name]
    path = f"{FIGURE_FOLDER}/{file or name}"
    svg = report(
        f"{path}.svg",
        caption=f"../workflow/report/{name}.rst",
        category=figure.category,
        labels={"result": label or figure.label},
    )
    return [svg, f"{path}.png"]


def all_shown(names):
    """Files of several figures."""
    return [file for name in names for file in shown(name)]


def functions(names):
    """What draws some figures, as a stage takes it."""
    return ",".join(FIGURES[name].function for name in names)


def figure_code(names):
    """Source files of some figures: an edit redraws what its module draws, and no others."""
    return code("figure", *sorted({FIGURES[name].module for name in names}))
