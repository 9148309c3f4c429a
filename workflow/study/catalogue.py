"""What the workflow can make of its results: figures, pages, problems, the engine's benchmark.

A new figure, page or problem is one entry here, and its function in the science package.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A figure of the report.

    Attributes:
        category: Where the report shows it.
        label: Its name there.
        function: What draws it, below `comotion.figures`.
        drawn_from: What it is drawn from: a table, or some kind of files, of which one job draws
            all figures.
    """

    category: str
    label: str
    function: str
    drawn_from: str

    @property
    def module(self) -> str:
        """The module of its function, below `comotion`."""
        return f"figures.{self.function.rpartition('.')[0]}"


@dataclass(frozen=True)
class Page:
    """A page of the report.

    Attributes:
        category: Where the report shows it.
        label: Its name there.
        made_of: The files that it shows; ``{tables}`` and ``{figures}`` stand for the folders of
            the study's tables and figures.
    """

    category: str
    label: str
    made_of: tuple[str, ...]


@dataclass(frozen=True)
class Problem:
    """A soluble or model problem, a module of `comotion.models`.

    Attributes:
        label: Its name in the report.
        function: What draws its figure, below `comotion.figures`.
    """

    label: str
    function: str

    @property
    def module(self) -> str:
        """The module of that function, below `comotion`."""
        return f"figures.{self.function.rpartition('.')[0]}"


#: Figures by the names of their files.
FIGURES = {
    "energies": Figure(
        "Atoms", "energies per electron pair", "energies.energies", "energies table"
    ),
    "hierarchy": Figure("Transport", "V_2 and bounds of V_k", "energies.hierarchy", "hierarchy"),
    "isoelectronic": Figure(
        "Atoms", "isoelectronic series", "estimates.isoelectronic", "energies table"
    ),
    "best": Figure("Atoms", "best estimates", "estimates.best", "best table"),
    "bracket": Figure("Brackets", "brackets", "certificates.bracket", "bracket table"),
    "pair_angle": Figure("Atoms", "angle between electrons", "estimates.pair_angle", "angles"),
    "pair_density": Figure(
        "Atoms", "pair density and plan", "copulas.pair_density", "pair densities"
    ),
    "kohn_sham_energies": Figure(
        "Kohn-Sham", "self-consistent energies", "self_consistency.energies", "states"
    ),
    "kohn_sham_densities": Figure(
        "Kohn-Sham", "self-consistent densities", "self_consistency.densities", "densities"
    ),
    "kohn_sham_potentials": Figure(
        "Kohn-Sham", "potentials of the electrons", "self_consistency.potentials", "potentials"
    ),
    "correlation": Figure(
        "Kohn-Sham", "correlation energies", "correlation_energies.correlation", "connection table"
    ),
    "strong_end": Figure(
        "Kohn-Sham",
        "the strong end by its model",
        "correlation_energies.strong_end",
        "connection table",
    ),
    "connection_curve": Figure(
        "Kohn-Sham",
        "adiabatic connections of two electrons",
        "correlation_energies.curves",
        "connection curves",
    ),
    "density": Figure("Transport", "densities and shells", "plans.density_shells", "plans"),
    "comotion": Figure("Transport", "co-motion functions", "plans.comotion_maps", "plans"),
    "potential": Figure("Transport", "co-motion potential", "plans.potential", "plans"),
    "energy_density": Figure("Transport", "energy densities", "plans.energy_densities", "plans"),
    "arrangement": Figure("Transport", "arrangement", "plans.arrangement", "plan"),
    "pair_bound": Figure("Brackets", "proven bounds", "proven_bounds.pair_bound", "energies table"),
    "dual_potential": Figure(
        "Brackets", "potential of the lower bound", "certificates.dual_potential", "brackets"
    ),
    "support": Figure("Brackets", "support of the plan", "certificates.support", "upper plans"),
    "slack": Figure("Brackets", "slack", "certificates.slack", "brackets"),
    "engine": Figure("Benchmarks", "transport engine", "estimates.engine", "benchmark"),
}

#: Pages by the names of their files.
PAGES = {
    "overview": Page("Atoms", "overview", ("{tables}/energies.csv", "{figures}/energies.svg")),
    "energies": Page("Atoms", "table of energies", ("{tables}/energies.csv",)),
    "best": Page("Atoms", "table of best estimates", ("{tables}/best.csv",)),
    "coverage": Page("Atoms", "error bars against exact values", ("{tables}/coverage.csv",)),
    "bracket": Page("Brackets", "table of brackets", ("{tables}/bracket.csv",)),
    "hierarchy_bracket": Page(
        "Brackets", "table of brackets of V_k", ("{tables}/hierarchy_bracket.csv",)
    ),
    "kohn_sham": Page("Kohn-Sham", "table of self-consistent atoms", ("{tables}/kohn_sham.csv",)),
    "inversion": Page("Kohn-Sham", "table of Kohn-Sham systems", ("{tables}/inversion.csv",)),
    "connection": Page("Kohn-Sham", "table of adiabatic connections", ("{tables}/connection.csv",)),
    "moller_plesset": Page(
        "Kohn-Sham", "table of Hartree-Fock connections", ("{tables}/moller_plesset.csv",)
    ),
    "engine": Page(
        "Benchmarks", "table of the transport engine", ("results/benchmarks/engine.csv",)
    ),
    "study": Page("Study", "versions and settings", ("{tables}/settings.json",)),
}

#: The page of each system at its level; its rule says of which files of the system it is made.
ATOM_PAGE = Page("Atoms", "{system}, {level}", ())

#: The page of curves that answer the pointer, and the names of their specifications.
CURVE_PAGE = Page("Transport", "curves to look at more closely", ())
CURVES = ("density", "comotion", "potential")

#: Problems by the names of their modules. Their sizes are in the schema of the configuration.
PROBLEMS = {
    "line": Problem("particles on a line", "models.few_bodies.line"),
    "antipodal": Problem("two particles, radial density", "models.few_bodies.antipodal"),
    "two_sites": Problem("k particles on two sites", "models.pair_densities.two_sites"),
    "representability": Problem(
        "a pair density that is not k-representable", "models.pair_densities.representability"
    ),
    "infinite": Problem("infinitely many particles", "models.many_bodies.infinite"),
    "mean_field_limit": Problem("towards the mean field", "models.many_bodies.mean_field_limit"),
    "semiclassical": Problem(
        "from quantum to transport, on a line", "models.small_hbar.semiclassical"
    ),
    "radial_semiclassical": Problem(
        "from quantum to transport, in space", "models.small_hbar.radial_semiclassical"
    ),
    "three_particles": Problem("three particles on a line", "models.small_hbar.three_particles"),
    "smoothing": Problem("smoothed plans", "models.small_hbar.smoothing"),
    "plans_not_maps": Problem("plans that are no maps", "models.few_bodies.plans_not_maps"),
    "pair_bound": Problem(
        "the pair bound on a sphere and on shells", "models.pair_densities.pair_bound"
    ),
    "meeting_electrons": Problem(
        "two electrons meet at a shell", "models.meeting.meeting_electrons"
    ),
}

#: Densities on which the transport engine is benchmarked, whatever the study, with the relative
#: tolerance of the seeds: glassy large systems are searched to a looser one.
BENCHMARKED = {
    "4e-7": [
        *((f"sqrt_r-{n}", "exact") for n in (4, 10, 18, 30)),
        *((f"bohr-{n}", "exact") for n in (4, 10, 28)),
        *((atom, "hf_aug-cc-pVQZ") for atom in ("Ne", "Mg", "Ar")),
    ],
    "1e-5": [("sqrt_r-36", "exact")],
    "1e-4": [("sqrt_r-86", "exact"), ("Rn", "hf_UGBS")],
}


def drawn_from(source: str) -> list[str]:
    """Names of the figures that are drawn from one table or kind of files, in order."""
    return [name for name, figure in FIGURES.items() if figure.drawn_from == source]
