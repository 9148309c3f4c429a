"""A study in which no setting has its default, and the commands that it must come to."""

import shlex
from pathlib import Path
from typing import Any

from comotion.recipe import recipe
from study import hooks
from study.catalogue import CURVES

STUDY: dict[str, Any] = {
    "study": "odd",
    "atoms": [
        {"systems": ["He"], "levels": ["hf_6-31G_st_", "best_QZ", "hylleraas_w3"]},
        {"systems": ["Be", "N"], "levels": ["hf_cc-pVDZ", "ccsd_cc-pVDZ"]},
        {"systems": ["Li"], "levels": ["hf_cc-pVDZ", "ks-v2_cc-pVDZ", "ks-comotion_cc-pVDZ"]},
    ],
    "best": ["Li", "He"],
    "models": ["exponential-3", "bohr-5", "ball-1"],
    "densities": {
        "mine": {"file": "my table.csv", "normalize": True},
        "other": {"file": "other.molden"},
    },
    "abinitio": {"max_cycle": 77, "unpaired_electrons": {"Be": 2}},
    "transport": {
        "seeds": [5, 7, 11], "tolerance": 2.0e-4, "quadrature_tolerance": 3.0e-6,
        "accept_disagreement": True, "pattern_electrons": 6, "hierarchy_highest": 9,
    },
    "bracket": {"electrons": 5, "splines": [50, 30], "cells": 12, "iterations": 34, "hierarchy": 3},
    "pair_bound": {"electrons": 4, "intervals": 7, "degree": 5, "rounds": 3, "hierarchy": 9},
    "kohn_sham": {"electrons": 3},
    "connection": {"electrons": 2, "moller_plesset_basis": "6-31G_st_"},
    "problems": {
        "include": True, "points": 33, "triple_points": 15, "radial_points": 18, "angles": 7,
        "sites": 8, "particles": 6, "electrons": 5, "shells": 4,
    },
    "figures": {
        "panels": 3, "arrangements": ["Be"], "isoelectronic": True,
        "pair_angles": {"He": "fci_6-31G", "Be": "fci_cc-pVDZ"},
        "pair_densities": {"Be": "fci_cc-pVDZ", "Ne": "ccsd_6-31G"},
    },
}  # fmt: skip
_SEARCH = "--seeds 5 7 11 --tolerance 0.0002 --quadrature-tolerance 3e-06 --accept-disagreement"
ROWS = [
    *(f"{system}/{level}" for system, levels in (
        ("He", ("hf_6-31G_st_", "best_QZ", "hylleraas_w3")),
        ("Be", ("hf_cc-pVDZ", "ccsd_cc-pVDZ")), ("N", ("hf_cc-pVDZ", "ccsd_cc-pVDZ")),
        ("Li", ("hf_cc-pVDZ", "ks-v2_cc-pVDZ", "ks-comotion_cc-pVDZ")),
    ) for level in levels),
    "exponential-3/exact", "bohr-5/exact", "ball-1/exact", "mine/table", "other/table",
]  # fmt: skip
#: Of 2 to 5 electrons, and known before a file is read.
BRACKETED = [
    row for row in ROWS if row.split("/")[0] in {"He", "Be", "Li", "exponential-3", "bohr-5"}
]
#: The last level of those of 2 to 4.
PAIR_BOUNDED = [BRACKETED[k] for k in (2, 4, 7, 8)]
#: Self-consistent with a transport functional, and all levels of their systems.
SELF_CONSISTENT = ["Li/ks-v2_cc-pVDZ", "Li/ks-comotion_cc-pVDZ"]
COMPARED = ["Li/hf_cc-pVDZ", *SELF_CONSISTENT]
#: The last level of atoms of at most 3 electrons, if it is not one of these.
INVERTED = ["He/hylleraas_w3"]
#: Those of 2, whose connection is made.
CONNECTED = ["He/hylleraas_w3"]
#: Those whose pair density is drawn; they need not be rows.
PAIRS = ["Be/fci_cc-pVDZ", "Ne/ccsd_6-31G"]
#: The last level of the first three systems.
DRAWN = ["He/hylleraas_w3", "Be/ccsd_cc-pVDZ", "N/ccsd_cc-pVDZ"]
ENGINE = [
    *((f"sqrt_r-{n}/exact", "4e-7") for n in (4, 10, 18, 30)),
    *((f"bohr-{n}/exact", "4e-7") for n in (4, 10, 28)),
    *((f"{atom}/hf_aug-cc-pVQZ", "4e-7") for atom in ("Ne", "Mg", "Ar")),
    ("sqrt_r-36/exact", "1e-5"), ("sqrt_r-86/exact", "1e-4"), ("Rn/hf_UGBS", "1e-4"),
]  # fmt: skip
_PROJECT = Path(__file__).parents[1]
_TABLES, _FIGURES = "results/studies/odd/tables", "results/studies/odd/figures"


def _files(name: str, rows: list[str]) -> str:
    return " ".join(f"results/{row}/{name}" for row in rows)


def _drawing(names: list[str]) -> str:
    return " ".join(f"{_FIGURES}/{name}.{suffix}" for name in names for suffix in ("svg", "png"))


def _composed(row: str, stage: str, more: str, made: str, rule: str) -> str:
    """A job of a composed level, which reads a file of each level that it is made of."""
    atom, level = row.split("/")
    densities = " ".join(
        f"densities[]=results/{atom}/{it}/density.h5" for it in recipe(atom, level).levels
    )
    return (
        f"study job {stage} --system {atom} --level {level} --inputs {densities} {more}"
        f" --outputs {made} > results/logs/{rule}/{atom}_{level}.log"
    )


def _best_density(row: str) -> str:
    atom, level = row.split("/")
    records = " ".join(
        f"records[]=results/{atom}/{it}/quantum.json" for it in recipe(atom, level).levels
    )
    made = f"density=results/{row}/density.h5 quantum=results/{row}/quantum.json"
    return _composed(row, "best-density", records, made, "best_density")


def _best_estimate(row: str, bracket: str = "") -> str:
    read = [("quantum", "quantum.json"), ("sce", "sce.json"), ("plan", "plan.h5")]
    words = [f"{flag}=results/{row}/{name}" for flag, name in read]
    more = " ".join([*words, f"bracket[]={bracket}"])
    return _composed(row, "best", more, f"best=results/{row}/best.json", "best_estimate")


_BE = "results/Be/ccsd_cc-pVDZ"
_LI, _HE = "results/Li/ks-v2_cc-pVDZ", "results/He/hylleraas_w3"
#: A job of each rule: what its command says behind ``python -m``.
COMMANDS: dict[tuple[str, ...], str] = {
    ("atom", "Be", "ccsd_cc-pVDZ"): "study job atom --system Be --level ccsd_cc-pVDZ"
    f" --max-cycle 77 --unpaired 2 --inputs --outputs density={_BE}/density.h5"
    f" quantum={_BE}/quantum.json > results/logs/atom/Be_ccsd_cc-pVDZ.log",
    ("atom", "He", "hf_6-31G_st_"): "study job atom --system He --level hf_6-31G_st_"
    " --max-cycle 77 --inputs --outputs density=results/He/hf_6-31G_st_/density.h5"
    " quantum=results/He/hf_6-31G_st_/quantum.json > results/logs/atom/He_hf_6-31G_st_.log",
    ("self_consistent", "Li", "ks-v2_cc-pVDZ"): "study job self-consistent --system Li"
    f" --level ks-v2_cc-pVDZ --max-cycle 77 {_SEARCH} --inputs --outputs"
    f" density={_LI}/density.h5 quantum={_LI}/quantum.json potential={_LI}/kohn_sham.h5"
    " > results/logs/self_consistent/Li_ks-v2_cc-pVDZ.log",
    ("kohn_sham", "He", "hylleraas_w3"): f"study job kohn-sham --inputs density={_HE}/density.h5"
    f" quantum={_HE}/quantum.json --outputs kohn_sham={_HE}/kohn_sham.json"
    f" potential={_HE}/kohn_sham.h5 > results/logs/kohn_sham/He_hylleraas_w3.log",
    ("model", "bohr-5"): "study job model --system bohr-5 --inputs --outputs"
    " density=results/bohr-5/exact/density.h5 integrals=results/bohr-5/exact/density.json"
    " > results/logs/model/bohr-5.log",
    ("user_density", "mine"): "study job user-density --system mine --normalize"
    " --inputs 'table=my table.csv' --outputs density=results/mine/table/density.h5"
    " integrals=results/mine/table/density.json > results/logs/user_density/mine.log",
    ("user_density", "other"): "study job user-density --system other"
    " --inputs table=other.molden --outputs density=results/other/table/density.h5"
    " integrals=results/other/table/density.json > results/logs/user_density/other.log",
    ("pair_angle", "Be", "fci_cc-pVDZ"): "study job pair-angle --system Be --level fci_cc-pVDZ"
    " --max-cycle 77 --inputs --outputs pair_angle=results/Be/fci_cc-pVDZ/pair_angle.json"
    " > results/logs/pair_angle/Be_fci_cc-pVDZ.log",
    ("pair_density", "Ne", "ccsd_6-31G"): "study job pair-density --system Ne --level ccsd_6-31G"
    " --max-cycle 77 --inputs --outputs pair_density=results/Ne/ccsd_6-31G/pair_density.h5"
    " > results/logs/pair_density/Ne_ccsd_6-31G.log",
    ("plan", "Be", "ccsd_cc-pVDZ"): f"study job plan {_SEARCH} --pattern-electrons 6"
    f" --inputs density={_BE}/density.h5 --outputs sce={_BE}/sce.json plan={_BE}/plan.h5"
    f" pattern={_BE}/pattern.h5 > results/logs/plan/Be_ccsd_cc-pVDZ.log",
    ("hierarchy", "Be", "ccsd_cc-pVDZ"): f"study job hierarchy {_SEARCH} --highest 9"
    f" --inputs density={_BE}/density.h5 sce={_BE}/sce.json"
    f" --outputs hierarchy={_BE}/hierarchy.json > results/logs/hierarchy/Be_ccsd_cc-pVDZ.log",
    ("bracket", "Be", "ccsd_cc-pVDZ"): f"study job bracket {_SEARCH} --splines 30 50 --cells 12"
    f" --iterations 34 --hierarchy 3 --resumes --inputs density={_BE}/density.h5"
    f" plan={_BE}/plan.h5 pattern={_BE}/pattern.h5 --outputs bracket={_BE}/bracket.json"
    f" details={_BE}/bracket.h5 upper_plan={_BE}/upper_plan.h5"
    " > results/logs/bracket/Be_ccsd_cc-pVDZ.log",
    ("pair_bound", "Be", "ccsd_cc-pVDZ"): "study job pair-bound --intervals 7 --degree 5"
    f" --rounds 3 --hierarchy 9 --inputs density={_BE}/density.h5"
    f" --outputs pair_bound={_BE}/pair_bound.json certificate={_BE}/pair_certificate.json"
    " > results/logs/pair_bound/Be_ccsd_cc-pVDZ.log",
    ("connection", "He", "hylleraas_w3"): "study job connection --inputs"
    f" kohn_sham={_HE}/kohn_sham.h5 quantum={_HE}/quantum.json sce={_HE}/sce.json"
    f" hierarchy={_HE}/hierarchy.json bracket[]={_HE}/bracket.json"
    f" --outputs connection={_HE}/connection.json"
    " > results/logs/connection/He_hylleraas_w3.log",
    ("energies",): f"comotion energies-table --rows {' '.join(ROWS)}"
    f" --bracketed {' '.join(BRACKETED)} --pair-bounded {' '.join(PAIR_BOUNDED)}"
    f" --results results --csv {_TABLES}/energies.csv"
    f" --units {_TABLES}/energies.units.json --markdown {_TABLES}/energies.md"
    f" --settings {_TABLES}/settings.json > results/logs/studies/odd/energies.log",
    ("best_density", "Li", "best"): _best_density("Li/best"),
    ("best_density", "He", "best_QZ"): _best_density("He/best_QZ"),
    ("best_density", "He", "best"): "study job best-density --system He --level best --inputs"
    " densities[]=results/He/hylleraas_w10/density.h5"
    " densities[]=results/He/hylleraas_w8/density.h5"
    " records[]=results/He/hylleraas_w10/quantum.json"
    " records[]=results/He/hylleraas_w8/quantum.json"
    " --outputs density=results/He/best/density.h5 quantum=results/He/best/quantum.json"
    " > results/logs/best_density/He_best.log",
    ("best_estimate", "Li", "best"): _best_estimate("Li/best"),
    ("best_estimate", "He", "best_QZ"): _best_estimate(
        "He/best_QZ", "results/He/best_QZ/bracket.json"
    ),
    ("best_estimate", "He", "best"): "study job best --system He --level best --inputs"
    " densities[]=results/He/hylleraas_w10/density.h5"
    " densities[]=results/He/hylleraas_w8/density.h5"
    " quantum=results/He/best/quantum.json sce=results/He/best/sce.json"
    " plan=results/He/best/plan.h5 bracket[]="
    " --outputs best=results/He/best/best.json > results/logs/best_estimate/He_best.log",
    ("best_table",): "comotion best-table --records results/Li/best/best.json"
    " results/He/best/best.json results/He/best_QZ/best.json"
    f" --csv {_TABLES}/best.csv --coverage {_TABLES}/coverage.csv --markdown {_TABLES}/best.md"
    " > results/logs/studies/odd/best_table.log",
    ("bracket_table",): f"comotion bracket-table --records {_files('bracket.json', BRACKETED)}"
    f" --csv {_TABLES}/bracket.csv --hierarchy {_TABLES}/hierarchy_bracket.csv"
    f" --markdown {_TABLES}/bracket.md > results/logs/studies/odd/bracket_table.log",
    ("kohn_sham_table",): "comotion kohn-sham-table"
    f" --states {_files('quantum.json', SELF_CONSISTENT)}"
    f" --inversions {_files('kohn_sham.json', INVERTED)} --csv {_TABLES}/kohn_sham.csv"
    f" --inversion {_TABLES}/inversion.csv --markdown {_TABLES}/kohn_sham.md"
    " > results/logs/studies/odd/kohn_sham_table.log",
    ("connection_curve", "He", "hylleraas_w3"): "study job connection-curve --inputs"
    f" density={_HE}/density.h5 --outputs curve={_HE}/connection_curve.json"
    " > results/logs/connection_curve/He_hylleraas_w3.log",
    ("connection_curve_figure",): "comotion figure correlation_energies.curves"
    f" --inputs {_files('connection_curve.json', CONNECTED)}"
    f" {_files('connection.json', CONNECTED)} --out {_drawing(['connection_curve'])}"
    " > results/logs/studies/odd/figures/connection_curve.log",
    ("moller_plesset", "He", "hf_6-31G_st_"): "study job moller-plesset --inputs"
    " density=results/He/hf_6-31G_st_/density.h5 quantum=results/He/hf_6-31G_st_/quantum.json"
    " --outputs moller_plesset=results/He/hf_6-31G_st_/moller_plesset.json"
    " > results/logs/moller_plesset/He_hf_6-31G_st_.log",
    ("connection_table",): "comotion connection-table"
    f" --records {_files('connection.json', CONNECTED)}"
    " --hartree-fock results/He/hf_6-31G_st_/moller_plesset.json"
    f" --csv {_TABLES}/connection.csv --moller-plesset {_TABLES}/moller_plesset.csv"
    f" --markdown {_TABLES}/connection.md > results/logs/studies/odd/connection_table.log",
    ("atom_page", "Be", "ccsd_cc-pVDZ"): "comotion atom-page Be ccsd_cc-pVDZ"
    f" --energies {_TABLES}/energies.csv --plan {_BE}/plan.h5 --bracket {_BE}/bracket.h5"
    f" --upper-plan {_BE}/upper_plan.h5 --pattern {_BE}/pattern.h5"
    " --html results/studies/odd/pages/Be/ccsd_cc-pVDZ.html"
    " > results/logs/studies/odd/page/Be_ccsd_cc-pVDZ.log",
    ("atom_page", "N", "ccsd_cc-pVDZ"): "comotion atom-page N ccsd_cc-pVDZ"
    f" --energies {_TABLES}/energies.csv --plan results/N/ccsd_cc-pVDZ/plan.h5 --bracket"
    " --upper-plan --pattern --html results/studies/odd/pages/N/ccsd_cc-pVDZ.html"
    " > results/logs/studies/odd/page/N_ccsd_cc-pVDZ.log",
    ("table_page", "coverage"): f"comotion page coverage --input {_TABLES}/coverage.csv"
    f" --html {_TABLES}/coverage.html > results/logs/studies/odd/page/coverage.log",
    ("table_page", "best"): f"comotion page best --input {_TABLES}/best.csv"
    f" --html {_TABLES}/best.html > results/logs/studies/odd/page/best.log",
    ("hierarchy_figure",): f"comotion figure energies.hierarchy --panels 3"
    f" --inputs {_TABLES}/energies.csv --out {_drawing(['hierarchy'])}"
    " > results/logs/studies/odd/figures/hierarchy.log",
    ("plan_figures",): "comotion figure plans.density_shells,plans.comotion_maps,plans.potential"
    f",plans.energy_densities --inputs {_files('plan.h5', DRAWN)}"
    f" --out {_drawing(['density', 'comotion', 'potential', 'energy_density'])}"
    " > results/logs/studies/odd/figures/plans.log",
    ("curves",): "comotion curves --scripts"
    f" {' '.join(map(str, hooks.vega()))} --plans {_files('plan.h5', DRAWN)} --specifications"
    f" {' '.join(f'{_FIGURES}/curves/{name}.vl.json' for name in CURVES)}"
    " --html results/studies/odd/pages/curves.html > results/logs/studies/odd/figures/curves.log",
    ("bracket_figures",): "comotion figure certificates.dual_potential,certificates.slack"
    f" --inputs {_files('bracket.h5', DRAWN[:2])} {_files('plan.h5', DRAWN[:2])}"
    f" --out {_drawing(['dual_potential', 'slack'])}"
    " > results/logs/studies/odd/figures/brackets.log",
    ("support_figure",): "comotion figure certificates.support"
    f" --inputs {_files('upper_plan.h5', DRAWN[:2])} {_files('pattern.h5', DRAWN[:2])}"
    f" --out {_drawing(['support'])} > results/logs/studies/odd/figures/support.log",
    ("arrangement_figure", "Be", "ccsd_cc-pVDZ"): "comotion figure plans.arrangement"
    f" --inputs {_BE}/plan.h5 --out {_drawing(['arrangement/Be/ccsd_cc-pVDZ'])}"
    " > results/logs/studies/odd/figures/arrangement/Be/ccsd_cc-pVDZ.log",
    ("pair_angle_figure",): "comotion figure estimates.pair_angle"
    f" --inputs {_files('pair_angle.json', ['He/fci_6-31G', 'Be/fci_cc-pVDZ'])}"
    f" --out {_drawing(['pair_angle'])} > results/logs/studies/odd/figures/pair_angle.log",
    ("pair_density_figure",): "comotion figure copulas.pair_density"
    f" --inputs {_files('pair_density.h5', PAIRS)} {_files('plan.h5', PAIRS)}"
    f" --out {_drawing(['pair_density'])} > results/logs/studies/odd/figures/pair_density.log",
    **{
        (f"kohn_sham_{name}_figure",): f"comotion figure self_consistency.{name}"
        f" --inputs {_files(file, rows)} --out {_drawing([f'kohn_sham_{name}'])}"
        f" > results/logs/studies/odd/figures/kohn_sham_{name}.log"
        for name, file, rows in (
            ("energies", "quantum.json", COMPARED), ("densities", "density.h5", COMPARED),
            ("potentials", "kohn_sham.h5", SELF_CONSISTENT + INVERTED),
        )
    },
    **{
        ("table_figure", name): f"comotion figure {function} --inputs {_TABLES}/{table}.csv"
        f" --out {_drawing([name])} > results/logs/studies/odd/figures/{name}.log"
        for name, function, table in (
            ("energies", "energies.energies", "energies"),
            ("isoelectronic", "estimates.isoelectronic", "energies"),
            ("best", "estimates.best", "best"),
            ("bracket", "certificates.bracket", "bracket"),
            ("pair_bound", "proven_bounds.pair_bound", "energies"),
            ("correlation", "correlation_energies.correlation", "connection"),
            ("strong_end", "correlation_energies.strong_end", "connection"),
        )
    },
    **{
        ("problem", name): f"study job problem {name} {sizes} --modules models.{name}"
        f" --inputs --outputs record=results/models/{name}/{name}.json"
        f" arrays=results/models/{name}/{name}.h5 > results/logs/models/{name}.log"
        for name, sizes in (
            ("line", ""), ("semiclassical", "--points 33"), ("smoothing", "--points 33"),
            ("three_particles", "--points 15"),
            ("radial_semiclassical", "--points 18 --angles 7"),
            ("representability", "--sites 8 --particles 6"), ("mean_field_limit", "--electrons 5"),
            ("pair_bound", "--shells 4"),
        )
    },
    ("problem_figure", "line"): "comotion figure models.few_bodies.line"
    f" --inputs results/models/line/line.h5 --out {_drawing(['models/line'])}"
    " > results/logs/studies/odd/figures/models/line.log",
    ("engine_benchmark",): f"comotion benchmark --tolerances {' '.join(t for _, t in ENGINE)}"
    f" --densities {_files('density.h5', [row for row, _ in ENGINE])}"
    " --csv results/benchmarks/engine.csv --markdown results/benchmarks/engine.md"
    " > results/logs/engine_benchmark.log",
    ("engine_figure",): "comotion figure estimates.engine --inputs results/benchmarks/engine.csv"
    f" --out {_drawing(['engine'])} > results/logs/studies/odd/figures/engine.log",
    ("crate",): f"study crate --study odd --project {shlex.quote(str(_PROJECT))}"
    f" --rows {' '.join(ROWS)} Li/best He/best --results results --config odd.yaml"
    " --archive results/studies/odd/crate.zip > results/logs/studies/odd/crate.log",
}  # fmt: skip
#: What is said of a job of each rule.
MESSAGES: dict[tuple[str, ...], str] = {
    ("atom", "Be", "hf_cc-pVDZ"): "Be: state and density at hf_cc-pVDZ",
    ("best_density", "He", "best_QZ"): "He: density at best_QZ, composed",
    ("self_consistent", "Li", "ks-v2_cc-pVDZ"): "Li: self-consistent at ks-v2_cc-pVDZ",
    ("kohn_sham", "He", "hylleraas_w3"): "He: Kohn-Sham potential at hylleraas_w3",
    ("model", "bohr-5"): "bohr-5: model density",
    ("user_density", "mine"): "mine: density from my table.csv",
    ("pair_angle", "He", "fci_6-31G"): "He: angle between electrons at fci_6-31G",
    ("pair_density", "Ne", "ccsd_6-31G"): "Ne: pair density at ccsd_6-31G",
    ("plan", "Be", "hf_cc-pVDZ"): "Be at hf_cc-pVDZ: co-motion plan",
    ("hierarchy", "N", "hf_cc-pVDZ"): "N at hf_cc-pVDZ: V_2 and upper bounds of V_3 to V_N",
    ("bracket", "Be", "hf_cc-pVDZ"): "Be at hf_cc-pVDZ: bracket of V_SCE",
    ("pair_bound", "Be", "ccsd_cc-pVDZ"): "Be at ccsd_cc-pVDZ: proven lower bound of V_SCE",
    ("energies",): "table of all systems",
    ("best_estimate", "Li", "best"): "Li: estimate at best",
    ("best_table",): "table of best estimates",
    ("bracket_table",): "table of brackets",
    ("kohn_sham_table",): "tables of Kohn-Sham atoms",
    ("connection", "He", "hylleraas_w3"): "He: adiabatic connection at hylleraas_w3",
    ("moller_plesset", "He", "hf_6-31G_st_"): "He: Hartree-Fock connection at hf_6-31G_st_",
    ("connection_table",): "table of adiabatic connections",
    ("connection_curve", "He", "hylleraas_w3"): "He: curve of the adiabatic connection at "
    "hylleraas_w3",
    ("connection_curve_figure",): "figure of the adiabatic connections of two electrons",
    ("kohn_sham_energies_figure",): "figure of the self-consistent energies",
    ("kohn_sham_densities_figure",): "figure of the self-consistent densities",
    ("kohn_sham_potentials_figure",): "figure of the Kohn-Sham potentials",
    ("atom_page", "Be", "ccsd_cc-pVDZ"): "page of Be at ccsd_cc-pVDZ",
    ("table_page", "study"): "page study of the report",
    ("hierarchy_figure",): "figure of the hierarchies",
    ("plan_figures",): "figures of the co-motion plans",
    ("curves",): "curves of the co-motion plans",
    ("bracket_figures",): "figures of the brackets",
    ("support_figure",): "figure of the supports of the plans",
    ("arrangement_figure", "Be", "ccsd_cc-pVDZ"): "figure arrangement of Be at ccsd_cc-pVDZ",
    ("pair_angle_figure",): "figure of the angle between electrons",
    ("pair_density_figure",): "figure of the pair densities",
    ("table_figure", "best"): "figure best",
    ("problem", "line"): "problem line",
    ("problem_figure", "line"): "figure of the problem line",
    ("engine_benchmark",): "benchmark of the transport engine",
    ("engine_figure",): "figure of the engine's time and accuracy",
    ("crate",): "archive of the study",
}
