# What all rules share: the study, the sources of each stage, the wildcards.
import functools
import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

from comotion.composite.estimate import BEST, ingredients
from comotion.configuration import ORBITAL_SUFFIXES, TABLE, read_study
from comotion.errors import ComotionError, ConfigError
from comotion.sources import sources
from comotion.systems import LEVEL_PATTERN, MODEL_KINDS, SYSTEM_PATTERN, parse_atom

# Jobs run in the environment that runs Snakemake, activated or not, unless conda makes
# another, which finds the package by its folder.
if workflow.deployment_settings.deployment_method:
    shell.prefix(f"export PYTHONPATH={workflow.basedir}/workflow; ")
else:
    shell.prefix(f"export PATH={Path(sys.executable).parent}:$PATH; ")

try:
    STUDY = read_study(
        config,
        Path(workflow.basedir) / "workflow/schemas/config.schema.yaml",
        " + ".join(map(str, workflow.config_settings.configfiles)) or "config.yaml",
    )
except ConfigError as error:
    raise WorkflowError(str(error)) from None

# Options of every stage that searches for angular minima.
SEARCH_OPTIONS = (
    f"--seeds {' '.join(map(str, STUDY.seeds))} --tolerance {STUDY.tolerance}"
    f" --quadrature-tolerance {STUDY.quadrature_tolerance}"
    + (" --accept-disagreement" if STUDY.accept_disagreement else "")
)

# Densities on which the transport engine is benchmarked, whatever the study, and the relative
# tolerance of the seeds: glassy large systems are searched to a looser one.
BENCHMARKED = {
    "4e-7": [
        *((f"sqrt_r-{n}", "exact") for n in (4, 10, 18, 30)),
        *((f"bohr-{n}", "exact") for n in (4, 10, 28)),
        *((atom, "hf_aug-cc-pVQZ") for atom in ("Ne", "Mg", "Ar")),
    ],
    "1e-5": [("sqrt_r-36", "exact")],
    "1e-4": [("sqrt_r-86", "exact"), ("Rn", "hf_UGBS")],
}

# Where the report shows each figure, and under what name.
FIGURES = {
    "energies": ("Atoms", "energies per electron pair"),
    "best": ("Atoms", "best estimates"),
    "isoelectronic": ("Atoms", "isoelectronic series"),
    "pair_angle": ("Atoms", "angle between electrons"),
    "density": ("Transport", "densities and shells"),
    "comotion": ("Transport", "co-motion functions"),
    "potential": ("Transport", "SCE potential"),
    "hierarchy": ("Transport", "hierarchy V_k"),
    "bracket": ("Certificate", "brackets"),
    "dual_potential": ("Certificate", "Kantorovich potential"),
    "support": ("Certificate", "support of the plan"),
    "slack": ("Certificate", "slack"),
    "engine": ("Benchmarks", "transport engine"),
}

# The same for the pages, and the file that each is made of.
PAGES = {
    "energies": ("Atoms", "table of energies", "results/tables/energies.csv"),
    "best": ("Atoms", "table of best estimates", "results/tables/best.csv"),
    "bracket": ("Certificate", "table of brackets", "results/tables/bracket.csv"),
    "hierarchy_bracket": (
        "Certificate",
        "table of brackets of V_k",
        "results/tables/hierarchy_bracket.csv",
    ),
    "engine": (
        "Benchmarks",
        "table of the transport engine",
        "results/benchmarks/engine.csv",
    ),
    "study": ("Study", "versions and settings", "results/tables/study.json"),
}

# Figures of the whole study: from the table, and from the plans of all systems.
TABLE_FIGURES = ["energies", "hierarchy"]
FIGURE_TABLES = {name: "energies" for name in TABLE_FIGURES} | {
    "isoelectronic": "energies",
    "best": "best",
    "bracket": "bracket",
}
CERTIFICATE_FIGURES = ["dual_potential", "support", "slack"]
PLAN_FIGURES = ["density", "comotion", "potential"]

# Problems of the theory: their names in the report and their sizes.
THEORY = {
    "line": ("particles on a line", ""),
    "antipodal": ("two particles, radial density", ""),
    "two_sites": ("k particles on two sites", ""),
    "representability": (
        "a pair density that is not k-representable",
        f"--sites {STUDY.theory.sites} --particles {STUDY.theory.particles}",
    ),
    "infinite": ("infinitely many particles", ""),
    "many": ("towards the mean field", f"--electrons {STUDY.theory.electrons}"),
    "semiclassical": (
        "from quantum to transport, on a line",
        f"--points {STUDY.theory.points}",
    ),
    "radial_semiclassical": (
        "from quantum to transport, in space",
        f"--points {STUDY.theory.radial_points} --angles {STUDY.theory.angles}",
    ),
    "three_particles": (
        "three particles on a line",
        f"--points {STUDY.theory.triple_points}",
    ),
    "smoothing": ("smoothed plans", f"--points {STUDY.theory.points}"),
    "supports": ("plans that are no maps", ""),
}


wildcard_constraints:
    system=SYSTEM_PATTERN,
    level=LEVEL_PATTERN,
    atom="[A-Z][a-z]?(?:[0-9]*[+-])?",
    method_basis="[a-z]+_.+",
    model=f"(?:{'|'.join(MODEL_KINDS)})-[0-9]+",
    density="[A-Za-z][A-Za-z0-9_]*",
    table_figure="|".join(FIGURE_TABLES),
    certificate_figure="|".join(CERTIFICATE_FIGURES),
    plan_figure="|".join(PLAN_FIGURES),
    problem="|".join(THEORY),
    page="|".join(PAGES),


# Thousands of jobs ask for the same few.
@functools.cache
def code(stage):
    """Source files of a stage, relative to the working directory."""
    return [os.path.relpath(path) for path in sources(stage)]


def of_rows(name, rows):
    """One file of each row of the study."""
    return [f"results/{system}/{level}/{name}" for system, level in rows]


def of_system(name, system):
    """One file of each level of a configured system."""
    return of_rows(name, [(system, level) for level in STUDY.levels(system)])


def needs(atom, level):
    """Memory in MB and time in minutes of a level; PySCF is loaded only when this is asked."""
    from comotion.abinitio.resources import needs as estimate

    return estimate(atom, level)


def of_ingredients(name, *roles):
    """One file of each level of which an atom's best estimate is composed, or of some roles."""

    def files(wildcards):
        try:
            levels = ingredients(parse_atom(wildcards.atom))
        except ComotionError as error:
            raise WorkflowError(str(error)) from None
        return [
            f"results/{wildcards.atom}/{level}/{name}"
            for role, level in levels.items()
            if not roles or role in roles
        ]

    return files


def user_table(wildcards):
    """The table of a user's density."""
    if wildcards.density not in STUDY.densities:
        raise WorkflowError(
            f"{wildcards.density}: no such density; name its file in the config under"
            f" densities.{wildcards.density}.file"
        )
    return STUDY.densities[wildcards.density].file


def user_stage(wildcards):
    """Stage that reads a user's density: a table, or orbitals of another program."""
    orbitals = Path(user_table(wildcards)).suffix in ORBITAL_SUFFIXES
    return "comotion.abinitio.files" if orbitals else "comotion.density"


def figure_names():
    """Figures of the study, those of single systems included."""
    shown = dict(STUDY.shown)
    arrangements = [f"arrangement_{s}_{shown[s]}" for s in STUDY.arrangements]
    asked = {
        "best": STUDY.best,
        "isoelectronic": STUDY.isoelectronic,
        "pair_angle": STUDY.pair_angles,
    }
    more = [name for name, wanted in asked.items() if wanted]
    if STUDY.bracketed:
        more += ["bracket", *CERTIFICATE_FIGURES]
    return TABLE_FIGURES + PLAN_FIGURES + arrangements + more


def page_names():
    """Tables and settings that the report of the study shows as pages."""
    asked = {"best": STUDY.best, "bracket": STUDY.bracketed}
    asked["hierarchy_bracket"] = STUDY.bracketed
    return ["energies", "study", *(name for name, wanted in asked.items() if wanted)]


def category(wildcards):
    """Category of the report in which a figure of the whole study stands."""
    (name,) = wildcards
    return FIGURES[name][0]


def labels(wildcards):
    """Name of that figure there."""
    (name,) = wildcards
    return {"result": FIGURES[name][1]}
