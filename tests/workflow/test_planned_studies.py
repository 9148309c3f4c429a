"""Other studies as ``snakemake -n`` plans them: small ones, wrong ones, and one in a module."""

import shlex
from typing import Any

import pytest
import yaml

from planned import PROJECT, Asked, Plan, planned

_SMALL: dict[str, Any] = {
    "models": ["exponential-3"], "bracket": {"electrons": 0}, "pair_bound": {"electrons": 0},
}  # fmt: skip
_ATOMS: dict[str, Any] = {
    "study": "mine",
    "atoms": [
        {"systems": ["He"], "levels": ["hylleraas_w3"]},
        {"systems": ["Be"], "levels": ["hf_cc-pVDZ", "ccsd_cc-pVDZ"]},
    ],
    "figures": {"panels": 1},
}
_BEST: dict[str, Any] = {
    "atoms": [{"systems": ["He", "B"], "levels": ["best", "best_5Z"]}], "best": ["He", "Li"],
    "bracket": {"electrons": 2}, "pair_bound": {"electrons": 0},
}  # fmt: skip
_MODULE = """
module them:
    snakefile: "{project}/Snakefile"
    {config}
    prefix: "pre fix"

use rule * from them as them_*
"""
_MODULE_CONFIG = "config: {'models': ['gaussian-2'], 'densities': {'mine': {'file': 'm.csv'}}}"

#: Files, and the one rule that makes each; none is made of a system that cannot be.
_MAKERS = {
    "results/Ne/hf_x/density.h5": ["atom"],
    "results/Be2+/ccsd-t_x+1d/quantum.json": ["atom"],
    "results/Xx/hf_x/density.h5": [],
    "results/He1+/hf_x/density.h5": [],
    "results/bohr-5/hf_x/density.h5": [],
    "results/Ne/nothing/density.h5": [],
    "results/bohr-5/exact/density.h5": ["model"],
    "results/cube-5/exact/density.h5": [],
    "results/bohr-05/exact/density.h5": [],
    "results/mine/table/density.h5": ["user_density"],
    "results/bohr-5/table/density.h5": [],
    "results/9mine/table/density.h5": [],
    "results/Ne/fci_x/pair_angle.json": ["pair_angle"],
    "results/bohr-5/exact/pair_angle.json": [],
    "results/Ne/ccsd_x/pair_density.h5": ["pair_density"],
    "results/bohr-5/exact/pair_density.h5": [],
    "results/studies/default/figures/pair_density.svg": ["pair_density_figure"],
    "results/Ne/best/best.json": ["best_estimate"],
    "results/He/best_5Z/best.json": ["best_estimate"],
    "results/He/best_3Z/best.json": [],
    "results/bohr-5/best/best.json": [],
    "results/Be/best/density.h5": ["best_density"],
    "results/Be/best_QZ/quantum.json": ["best_density"],
    "results/Be/best_TZ/density.h5": [],
    "results/Be/best_5Z/density.h5": ["best_density"],
    "results/Be/best_3Z/density.h5": [],
    "results/Be/best_5Zx/density.h5": [],
    "results/bohr-5/best/density.h5": [],
    "results/mine/best/density.h5": [],
    "results/Be/best/pair_angle.json": [],
    "results/Be/best_5Z/pair_angle.json": [],
    "results/Be/ks-v2_x/density.h5": ["self_consistent"],
    "results/Be/ks-v2_x/quantum.json": ["self_consistent"],
    "results/Be/ks-v2_x/kohn_sham.h5": ["self_consistent"],
    "results/Be2+/ks-comotion3_x+1d/density.h5": ["self_consistent"],
    "results/Be/ks-pair_x/density.h5": ["self_consistent"],
    "results/Be/ks-pair_x/kohn_sham.json": [],
    "results/Be/ks-comotion_x/density.h5": ["self_consistent"],
    "results/Be/ks-comotion_x/kohn_sham.h5": ["self_consistent"],
    "results/Be/ks-comotion_x/kohn_sham.json": [],
    "results/Be/ks-comotion_x/pair_angle.json": [],
    "results/Be/ks-v2_x/kohn_sham.json": [],
    "results/Be/ks-v2_x/pair_angle.json": [],
    "results/Be/ks-v2_x/pair_density.h5": [],
    "results/Be/ks-v2_x/best.json": [],
    "results/Be/ks-v2/density.h5": [],
    "results/bohr-4/ks-v2_x/density.h5": [],
    "results/mine/ks-v2_x/quantum.json": [],
    "results/Be/hf_x/kohn_sham.json": ["kohn_sham"],
    "results/Be/hf_x/kohn_sham.h5": ["kohn_sham"],
    "results/Be/ccsd-t_x+1d/kohn_sham.h5": ["kohn_sham"],
    "results/Be/best/kohn_sham.json": ["kohn_sham"],
    "results/Be/best/kohn_sham.h5": ["kohn_sham"],
    "results/Be/best_5Z/kohn_sham.json": ["kohn_sham"],
    "results/Be/best_3Z/kohn_sham.json": [],
    "results/bohr-4/exact/kohn_sham.json": [],
    "results/mine/table/kohn_sham.h5": [],
    "results/Be/hf_x/connection.json": ["connection"],
    "results/Be/best/connection.json": ["connection"],
    "results/Be/ks-v2_x/connection.json": [],
    "results/He/hf_x/connection_curve.json": ["connection_curve"],
    "results/studies/default/figures/connection_curve.svg": ["connection_curve_figure"],
    "results/Be/hf_x/moller_plesset.json": ["moller_plesset"],
    "results/Be/ks-v2_x/moller_plesset.json": [],
    "results/bohr-4/exact/moller_plesset.json": [],
    "results/studies/default/tables/moller_plesset.csv": ["connection_table"],
    "results/bohr-4/exact/connection.json": [],
    "results/studies/default/tables/connection.csv": ["connection_table"],
    "results/studies/default/tables/connection.html": ["table_page"],
    "results/studies/default/figures/correlation.svg": ["table_figure"],
    "results/studies/default/figures/energy_density.svg": ["plan_figures"],
    "results/studies/default/figures/kohn_sham_energies.svg": ["kohn_sham_energies_figure"],
    "results/studies/default/figures/kohn_sham_densities.png": ["kohn_sham_densities_figure"],
    "results/studies/default/figures/kohn_sham_potentials.svg": ["kohn_sham_potentials_figure"],
    "results/studies/default/tables/kohn_sham.csv": ["kohn_sham_table"],
    "results/studies/default/tables/inversion.csv": ["kohn_sham_table"],
    "results/studies/default/tables/kohn_sham.html": ["table_page"],
    "results/studies/default/tables/inversion.html": ["table_page"],
    "results/anything/at_all/sce.json": ["plan"],
    "results/anything/at_all/pair_certificate.json": ["pair_bound"],
    "results/a/b/c/sce.json": [],
    "results/studies/default/tables/sce.json": [],
    "results/Ne/CCSD_x/sce.json": [],
    "results/models/line/line.h5": ["problem"],
    "results/models/circle/circle.h5": [],
    "results/models/line/antipodal.h5": [],
    "results/studies/default/figures/energies.svg": ["table_figure"],
    "results/studies/default/figures/hierarchy.svg": ["hierarchy_figure"],
    "results/studies/default/figures/pair_bound.svg": ["table_figure"],
    "results/studies/default/figures/nothing.svg": [],
    "results/studies/default/figures/models/line.png": ["problem_figure"],
    "results/studies/default/figures/arrangement/Ne/hf_x.svg": ["arrangement_figure"],
    "results/studies/default/tables/study.html": ["table_page"],
    "results/studies/default/tables/nothing.html": [],
    "results/studies/other/tables/study.html": [],
}

#: What is wrong, the text of config.yaml, what else is asked, and the sentence.
_WRONG: dict[str, tuple[bytes, dict[str, Any], str]] = {
    "no cores": (b"", {"cores": 0}, "WorkflowError: --cores 0: no job would ever start"),
    "a key given twice": (
        b"models: [ball-2]\nmodels: [ball-3]\n", {},
        "WorkflowError: config.yaml: key models: given in line 1 and again in line 2",
    ),
    "an unknown key": (b"gird: 1", {}, "WorkflowError: config.yaml: the top level: unknown key"),
    "no text": (
        b"models: [ball-2]  # \xe9", {}, "WorkflowError: config.yaml: 'utf-8' codec can't decode",
    ),
    "no day": (b"models: [2020-13-45]", {}, "WorkflowError: config.yaml: month must be in 1..12"),
    "the name of a rule": (
        b"densities: {plan: {file: config.yaml}}", {},
        "WorkflowError: key densities.plan: a rule of the workflow has this name",
    ),
    "the name of the rule of all": (
        b"densities: {all: {file: config.yaml}}", {},
        "WorkflowError: key densities.all: a rule of the workflow has this name",
    ),
    "a misspelt system": (b"", {"command_line": ["Nee"]}, "WorkflowError: Nee: no system or rule"),
    "a misspelt file": (
        b"", {"command_line": ["results/bohr-2/exact/sec.json"]}, "did you mean sce.json?",
    ),
    "a density without a file": (
        b"", {"targets": ["results/no/table/density.h5"]},
        "no: no such density; name its file in the config under densities.no.file",
    ),
    "the best of hydrogen": (
        b"", {"targets": ["results/H/best/best.json"]},
        "H with charge +0: best estimates are for 2 to 18 electrons, not 1",
    ),
    "the best density of potassium": (
        b"", {"targets": ["results/K/best_5Z/density.h5"]},
        "K with charge +0: best estimates are for 2 to 18 electrons, not 19",
    ),
    "the best of potassium on the command line": (
        b"", {"command_line": ["results/K/best/best.json"]},
        "WorkflowError: results/K/best/best.json: K with charge +0 has 19 electrons; best is for",
    ),
    "the best in no such basis": (
        b"", {"command_line": ["results/He/best_3Z/best.json"]},
        "WorkflowError: results/He/best_3Z/best.json: level 'best_3Z': write best, or one of",
    ),
    "two electrons and the co-motion functional": (
        b"", {"command_line": ["results/He/ks-comotion_x/density.h5"]},
        "WorkflowError: results/He/ks-comotion_x/density.h5: He has 2 electrons; write ks-v2_x,",
    ),
    "one electron and a functional": (
        b"atoms: [{systems: [H], levels: [ks-v2_x]}]", {},
        "WorkflowError: config.yaml: key atoms[0].levels: H has 1 electron, which repel nothing",
    ),
    "a module without a config": (
        b"", {"snakefile": "bare.smk", "targets": ["them_all"]},
        "WorkflowError: module them: it has no config; give it one of its own",
    ),
    "a module with a wrong one": (
        b"", {"snakefile": "wrong.smk", "targets": ["them_all"]},
        "WorkflowError: config of the module them: key models: model 'ball'",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plan]:
    """All dry runs, by what they are about."""
    asked: dict[str, Asked] = {}

    def ask(about: str, text: bytes, **more: Any) -> None:
        folder = tmp_path_factory.mktemp("study")
        (folder / "config.yaml").write_bytes(text)
        (folder / "mine.yaml").write_text(yaml.safe_dump(_ATOMS))
        (folder / "m.csv").touch()
        for name, config in (
            ("module", _MODULE_CONFIG), ("bare", ""), ("wrong", "config: {'models': ['ball']}"),
        ):  # fmt: skip
            module = _MODULE.format(project=PROJECT, config=config)
            (folder / f"{name}.smk").write_text(module)
        asked[about] = Asked(str(folder), **more)

    small = yaml.safe_dump(_SMALL).encode()
    ask("small", small, paths=tuple(_MAKERS))
    ask("named", small, config="mine.yaml", command_line=["Li", "gaussian-4", "all"],
        targets=["Li"])  # fmt: skip
    best = yaml.safe_dump(_BEST).encode()
    ask("best", best, targets=["all", "results/He/best_5Z/best.json", "results/B/best/best.json"])
    module = ["them_all", "pre fix/results/mine/table/density.json"]
    ask("module", b"models: [ball-3]", snakefile="module.smk", targets=module)
    for about, (config, more, _) in _WRONG.items():
        ask(about, config or small, **more)
    return dict(zip(asked, planned(list(asked.values())), strict=True))


@pytest.mark.parametrize("about", _WRONG)
def test_what_is_wrong_is_said_before_anything_runs(plans: dict[str, Plan], about: str) -> None:
    assert _WRONG[about][2] in plans[about].error
    assert plans[about].jobs == []


def test_each_file_is_made_by_one_rule_or_none(plans: dict[str, Plan]) -> None:
    assert plans["small"].makers == _MAKERS


def test_the_file_of_the_folder_is_the_default_study(plans: dict[str, Plan]) -> None:
    """A study that asks for little: no brackets, no best estimates, no problems."""
    plan = plans["small"]
    assert plan.error == ""
    (table,) = plan.of("energies").values()
    assert "--rows exponential-3/exact --results results --csv" in table.command
    assert table.outputs["csv"] == ["results/studies/default/tables/energies.csv"]
    assert {job.rule for job in plan.jobs} == {
        "all", "atom_page", "curves", "model", "plan", "hierarchy", "energies", "table_page",
        "table_figure", "hierarchy_figure", "plan_figures",
    }  # fmt: skip
    (everything,) = plan.of("all").values()
    row, tables, figures = (
        f"results/{folder}"
        for folder in ("exponential-3/exact", "studies/default/tables", "studies/default/figures")
    )
    assert everything.inputs[""] == [
        *(f"{row}/{name}" for name in ("density.json", "sce.json", "hierarchy.json")),
        f"{row}/density.h5", f"{row}/plan.h5", f"{tables}/energies.csv",
        f"{tables}/overview.html", f"{tables}/energies.html", f"{tables}/study.html",
        *(f"{figures}/curves/{name}.vl.json" for name in ("density", "comotion", "potential")),
        "results/studies/default/pages/curves.html",
        "results/studies/default/pages/exponential-3/exact.html",
        *(f"{figures}/{name}.{suffix}"
          for name in ("energies", "hierarchy", "density", "comotion", "potential",
                       "energy_density")
          for suffix in ("svg", "png")),
    ]  # fmt: skip


def test_systems_that_are_named_get_their_levels(plans: dict[str, Plan]) -> None:
    """Another configuration than the folder's, and two systems that it does not have."""
    plan = plans["named"]
    assert plan.error == ""
    assert {"He", "Be", "Li", "gaussian-4"} <= set(plan.rules)
    assert "exponential-3" not in plan.rules
    (job,) = plan.of("Li").values()
    rows = ["Li/hf_cc-pVDZ", "Li/ccsd_cc-pVDZ"]
    names = ("quantum.json", "sce.json", "hierarchy.json")
    assert job.inputs[""] == [f"results/{row}/{name}" for name in names for row in rows]
    assert set(plan.of("hierarchy")) == {("Li", "hf_cc-pVDZ"), ("Li", "ccsd_cc-pVDZ")}


def test_a_best_level_is_a_row_like_any_other(plans: dict[str, Plan]) -> None:
    """It has its plan, hierarchy, bracket and page, and its density is made of other levels'."""
    plan = plans["best"]
    assert plan.error == ""
    rows = {(system, level) for system in ("He", "B") for level in ("best", "best_5Z")}
    for rule, found in (
        ("hierarchy", rows), ("bracket", {("He", "best"), ("He", "best_5Z")}),
        ("atom_page", {("He", "best_5Z"), ("B", "best_5Z")}),
        # Of lithium there is an estimate, but no row.
        ("best_density", rows | {("Li", "best")}), ("plan", rows | {("Li", "best")}),
    ):  # fmt: skip
        assert set(plan.of(rule)) == found, rule
    densities = plan.of("best_density")
    assert densities["He", "best"].inputs["records"] == [
        "results/He/hylleraas_w10/quantum.json", "results/He/hylleraas_w8/quantum.json",
    ]  # fmt: skip
    assert all("best" not in level for _, level in plan.of("atom"))
    made = {f"results/{'/'.join(key)}/density.h5" for key in plan.of("atom")}
    assert made == {path for job in densities.values() for path in job.inputs["densities"]}
    assert "results/B/ccsd_hyb-1-UGBS+1d+aug-cc-pCV5Z/density.h5" in made


def test_a_best_estimate_reads_the_bracket_of_a_row_that_has_one(plans: dict[str, Plan]) -> None:
    estimates = plans["best"].of("best_estimate")
    assert {key: job.inputs.get("bracket", []) for key, job in estimates.items()} == {
        ("He", "best"): ["results/He/best/bracket.json"],
        ("He", "best_5Z"): ["results/He/best_5Z/bracket.json"],
        ("B", "best"): [],
        ("B", "best_5Z"): [],
        ("Li", "best"): [],
    }
    densities = plans["best"].of("best_density")
    for (system, level), job in estimates.items():
        of = f"results/{system}/{level}"
        files = {name: job.inputs[name] for name in ("quantum", "sce", "plan")}
        assert files == {
            "quantum": [f"{of}/quantum.json"], "sce": [f"{of}/sce.json"], "plan": [f"{of}/plan.h5"]
        }  # fmt: skip
        assert job.inputs["densities"] == densities[system, level].inputs["densities"]
        assert job.outputs == {"best": [f"{of}/best.json"]}
    (table,) = plans["best"].of("best_table").values()
    assert table.inputs["records"] == [
        f"results/{row}/best.json"
        for row in ("He/best", "Li/best", "He/best_5Z", "B/best", "B/best_5Z")
    ]


def test_a_prefix_moves_results_and_nothing_else(plans: dict[str, Plan]) -> None:
    plan = plans["module"]
    assert plan.error == ""
    rules = {job.rule for job in plan.jobs}
    assert {rule.startswith("them_") for rule in rules} == {True}
    (density,) = plan.of("them_user_density").values()
    assert density.inputs["table"] == ["m.csv"]
    assert shlex.split(density.command)[5:-3] == [
        "job", "user-density", "--system", "mine", "--inputs", "table=m.csv", "--outputs",
        "density=pre fix/results/mine/table/density.h5",
        "integrals=pre fix/results/mine/table/density.json",
    ]  # fmt: skip
    (table,) = plan.of("them_energies").values()
    words = shlex.split(table.command)
    assert words[words.index("--results") + 1] == "pre fix/results"
    assert words[words.index("--rows") + 1 : words.index("--bracketed")] == [
        "gaussian-2/exact", "mine/table",
    ]  # fmt: skip
    for job in plan.jobs:
        for path in job.inputs.get("code", []):
            assert path.startswith("../"), path
        for paths in job.outputs.values():
            assert all(path.startswith("pre fix/results/") for path in paths)
