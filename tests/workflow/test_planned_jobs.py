"""Every rule as ``snakemake -n`` plans it, of a study in which no setting has its default.

What a job is told must be what the study says: each word of its command, each file that it reads,
the code that it depends on, what it needs and what the report says of it.
"""

import argparse
import os
import shlex
import sys
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from comotion.electronic.resources import needs
from comotion.recipe import recipe
from planned import PROJECT, Asked, Plan, Planned, planned
from planned_study import (
    BRACKETED,
    COMMANDS,
    CONNECTED,
    DRAWN,
    ENGINE,
    INVERTED,
    MESSAGES,
    PAIR_BOUNDED,
    PAIRS,
    ROWS,
    SELF_CONSISTENT,
    STUDY,
)
from study import job as job_module
from study.catalogue import ATOM_PAGE, CURVE_PAGE, FIGURES, PAGES, PROBLEMS
from study.sources import sources

#: What runs on a cluster, if there is one; the rest takes seconds and runs beside Snakemake.
_HEAVY = {
    "atom", "self_consistent", "kohn_sham", "best_estimate", "model", "user_density", "pair_angle",
    "pair_density", "plan", "hierarchy", "bracket", "pair_bound", "problem", "engine_benchmark",
    "connection", "connection_curve", "moller_plesset",
}  # fmt: skip


#: Inputs of jobs that may be any number of files.
_SEVERAL = ("densities", "records", "bracket")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The dry run of everything that the study can make."""
    folder = tmp_path_factory.mktemp("odd")
    for name in ("my table.csv", "other.molden"):
        (folder / name).touch()
    (folder / "odd.yaml").write_text(yaml.safe_dump(STUDY, sort_keys=False))
    best = "results/He/best_QZ/best.json"
    targets = ("all", "problems", "engine_figure", "Be", "crate", best)
    (found,) = planned([Asked(str(folder), targets, "odd.yaml", cores=8)])
    assert found.error == ""
    return found


@pytest.mark.parametrize("key", COMMANDS, ids=" ".join)
def test_a_command_says_what_the_study_says(plan: Plan, key: tuple[str, ...]) -> None:
    job = plan.of(key[0])[key[1:]]
    python = ["env", f"PYTHONPATH={PROJECT / 'workflow'}", sys.executable, "-m"]
    assert shlex.split(job.command) == [*python, *shlex.split(COMMANDS[key]), "2>&1"]


def test_each_rule_has_its_command_above(plan: Plan) -> None:
    told = {key[0] for key in COMMANDS}
    assert {job.rule for job in plan.jobs} - told == {"all", "problems", "Be"}
    systems = {row.partition("/")[0] for row in ROWS}
    assert set(plan.rules) - told == {"all", "problems", "stage", "kept_stage"} | systems


def test_all_jobs_are_those_of_the_study(plan: Plan) -> None:
    """Nothing is made for a row that is not asked for, and nothing is left out."""
    best = ["Li/best", "He/best", "He/best_QZ"]
    parts = [f"{atom}/{it}" for atom, level in (row.split("/") for row in best)
             for it in recipe(atom, level).levels]  # fmt: skip
    atoms = [row for row in ROWS if row[0] in "HBNL" and row not in best + SELF_CONSISTENT]
    atoms += parts + PAIRS + [row for row, _ in ENGINE if "hf_" in row]
    models = [*(row for row in ROWS if "exact" in row), *(r for r, _ in ENGINE if "exact" in r)]
    expected: dict[str, set[str]] = {
        "atom": set(atoms),
        "self_consistent": set(SELF_CONSISTENT),
        "kohn_sham": {*INVERTED, *CONNECTED},
        "connection": set(CONNECTED),
        "connection_curve": set(CONNECTED),
        "moller_plesset": {"He/hf_6-31G_st_"},
        "model": {row.partition("/")[0] for row in models},
        "user_density": {"mine", "other"},
        "pair_angle": {"He/fci_6-31G", "Be/fci_cc-pVDZ"},
        "best_density": set(best),
        "pair_density": set(PAIRS),
        "plan": {*ROWS, *best, *PAIRS},
        "hierarchy": set(ROWS),
        "bracket": set(BRACKETED),
        "pair_bound": set(PAIR_BOUNDED),
        "best_estimate": set(best),
        "table_page": set(PAGES) - {"engine"},
        "atom_page": set(DRAWN),
        "arrangement_figure": {"Be/ccsd_cc-pVDZ"},
        "table_figure": {
            "energies",
            "isoelectronic",
            "best",
            "bracket",
            "pair_bound",
            "correlation",
            "strong_end",
        },
        "problem": set(PROBLEMS),
        "problem_figure": set(PROBLEMS),
    }
    for rule, count in Counter(job.rule for job in plan.jobs).items():
        found = {"/".join(wildcards) for wildcards in plan.of(rule)}
        assert found == expected.get(rule, {""}), rule
        assert len(found) == count, rule


def _stages(plan: Plan) -> list[Planned]:
    """Jobs that run something."""
    jobs = [job for job in plan.jobs if job.command]
    assert {job.rule for job in plan.jobs} - {job.rule for job in jobs} == {"all", "problems", "Be"}
    return jobs


def test_a_job_reads_and_writes_what_its_command_names(plan: Plan) -> None:
    """Flags are the names of the files; the energies' records are found below their folder."""
    for job in _stages(plan):
        words = shlex.split(job.command)[:-3]
        named = {**job.inputs, **job.outputs}
        assert len(named) == len(job.inputs) + len(job.outputs)
        for name, paths in named.items():
            if name in ("code", ""):
                continue
            if "--inputs" in words and "--outputs" in words:
                kind = "--inputs" if name in job.inputs else "--outputs"
                several = name in _SEVERAL and name in job.inputs
                flag = f"{name}[]" if several else name
                told = [w for w in words[words.index(kind) :] if w.partition("=")[0] == flag]
                assert told[: len(paths)] == [f"{flag}={path}" for path in paths], job
            else:
                at = words.index(f"--{name.replace('_', '-')}") + 1
                assert words[at : at + len(paths)] == paths, job


def test_the_table_of_energies_reads_every_record(plan: Plan) -> None:
    (job,) = plan.of("energies").values()
    states = {row: "quantum" if row[0] in "HBNL" else "density" for row in ROWS}
    assert job.inputs[""] == [
        *(f"results/{row}/{state}.json" for row, state in states.items()),
        *(f"results/{row}/{name}.json" for name in ("sce", "hierarchy") for row in ROWS),
        *(f"results/{row}/bracket.json" for row in BRACKETED),
        *(f"results/{row}/pair_bound.json" for row in PAIR_BOUNDED),
    ]


def test_the_archive_waits_for_the_whole_study(plan: Plan) -> None:
    (everything,), (archive,) = plan.of("all").values(), plan.of("crate").values()
    assert archive.inputs[""] == everything.inputs[""]
    assert archive.inputs["config"] == ["odd.yaml"]


def _code(job: Planned) -> set[Path]:
    """The code that a job must depend on."""
    (name, *_) = job.wildcards.values() or [""]
    words = shlex.split(job.command)
    stage = words[words.index("-m") + 2 + (words[words.index("-m") + 2] == "job")]
    modules = []
    if stage == "crate":
        return {PROJECT / "workflow/study" / name for name in ("crate.py", "commit.py")}
    if stage == "problem":
        modules = [f"models.{name}"]
    elif stage == "figure":
        functions = words[words.index("figure") + 1].split(",")
        modules = [f"figures.{function.rpartition('.')[0]}" for function in functions]
    return _sources(stage, *modules)


@cache
def _sources(stage: str, *modules: str) -> set[Path]:
    return set(sources(stage, *modules))


def test_a_job_depends_on_the_code_that_it_runs(plan: Plan, tmp_path: Path) -> None:
    folder = tmp_path.parent / "odd0"
    for job in _stages(plan):
        code = {Path(os.path.normpath(folder / path)) for path in job.inputs["code"]}
        assert code == _code(job), job.rule
        # Results may be elsewhere; the code and a user's own file stay where they are.
        own = [*job.inputs.get("table", []), *job.inputs.get("config", [])]
        assert job.unmoved == [*own, *job.inputs["code"]]


def test_what_a_job_needs(plan: Plan) -> None:
    """Memory in MB and minutes: of an atom by its basis, of a search by what it does."""
    numbers = {
        "plan": (1000, 60), "hierarchy": (1000, 120), "bracket": (2000, 240),
        "pair_bound": (2000, 240), "self_consistent": (1000, 60), "kohn_sham": (1000, 30),
        "best_estimate": (1000, 30), "connection": (1000, 30),
        "problem": (2000, 10), "engine_benchmark": (2000, 60),
    }  # fmt: skip
    for job in _stages(plan):
        expected = numbers.get(job.rule, (1000, 10))
        if job.rule in ("atom", "pair_angle", "pair_density", "moller_plesset"):
            system, level = job.wildcards.values()
            expected = needs(system, level, pairs=job.rule == "pair_density")
        assert (job.resources["mem_mb"], job.resources["runtime"]) == expected, job
        assert job.threads == 1
        assert Path(job.conda) == Path("../workflow/envs/comotion.yaml")
        assert job.local == (job.rule not in _HEAVY), job.rule
    assert (PROJECT / "workflow/envs/comotion.yaml").is_file()
    four = plan.of("pair_angle")["Be", "fci_cc-pVDZ"].resources
    assert four["mem_mb"] > 4000
    assert four["runtime"] > 30


def test_logs_and_times_of_a_job_are_its_own(plan: Plan) -> None:
    logs = [job.log for job in _stages(plan)]
    assert len(set(logs)) == len(logs)
    for job in _stages(plan):
        time = job.log.replace("results/logs", "results/benchmarks").replace(".log", ".tsv")
        assert job.benchmark == time
        assert f"> {shlex.quote(job.log)} 2>&1" in job.command


def test_what_is_said_of_a_job(plan: Plan) -> None:
    assert {job.rule for job in _stages(plan)} == {key[0] for key in MESSAGES}
    for (rule, *wildcards), sentence in MESSAGES.items():
        assert plan.of(rule)[tuple(wildcards)].message == sentence


def test_the_report_shows_every_figure_and_page_with_its_text(plan: Plan) -> None:
    tables, figures = "results/studies/odd/tables", "results/studies/odd/figures"
    expected: dict[str, list[object]] = {}
    for name, figure in FIGURES.items():
        caption = PROJECT / f"workflow/report/{name}.rst"
        if not caption.is_file():
            caption = PROJECT / "workflow/report/table_figure.rst"
        file, label = name, figure.label
        if name == "arrangement":
            file, label = "arrangement/Be/ccsd_cc-pVDZ", "arrangement, Be ccsd_cc-pVDZ"
        expected[f"{figures}/{file}.svg"] = [caption, figure.category, {"result": label}]
    caption = PROJECT / "workflow/report/page.rst"
    for name, page in PAGES.items():
        if name != "engine":
            shown = [caption, page.category, {"result": page.label}]
            expected[f"{tables}/{name}.html"] = shown
    caption = PROJECT / "workflow/report/curves.rst"
    shown = [caption, CURVE_PAGE.category, {"result": CURVE_PAGE.label}]
    expected["results/studies/odd/pages/curves.html"] = shown
    caption = PROJECT / "workflow/report/atom_page.rst"
    for row in DRAWN:
        shown = [caption, ATOM_PAGE.category, {"result": row.replace("/", ", ")}]
        expected[f"results/studies/odd/pages/{row}.html"] = shown
    caption = PROJECT / "workflow/report/problem_figure.rst"
    for name, problem in PROBLEMS.items():
        shown = [caption, "Problems", {"result": problem.label}]
        expected[f"{figures}/models/{name}.svg"] = shown
    found: dict[str, list[object]] = {
        file: [Path(os.path.normpath(caption)), category, labels]
        for job in plan.jobs
        for file, (caption, category, labels) in job.shown.items()
    }
    assert found == expected


def test_a_figure_depends_on_the_module_that_draws_it(plan: Plan) -> None:
    modules = {f"{name}.svg": figure.module for name, figure in FIGURES.items()}
    modules |= {f"models/{name}.svg": problem.module for name, problem in PROBLEMS.items()}
    modules["arrangement/Be/ccsd_cc-pVDZ.svg"] = modules.pop("arrangement.svg")
    for job in _stages(plan):
        for path in job.shown:
            name = path.removeprefix("results/studies/odd/figures/")
            if name.endswith(".svg"):
                file = f"comotion/{modules.pop(name).replace('.', '/')}.py"
                assert any(code.endswith(file) for code in job.inputs["code"]), name
    assert modules == {}


def test_all_asks_for_every_record_table_page_and_figure(plan: Plan) -> None:
    (job,) = plan.of("all").values()
    asked = job.inputs[""]
    names = ("energies", "best", "bracket", "kohn_sham", "connection")
    tables = [f"results/studies/odd/tables/{name}.csv" for name in names]
    records = plan.of("energies")[()].inputs[""]
    densities = [f"results/{row}/{name}.h5" for name in ("density", "plan") for row in ROWS]
    densities += [f"results/{row}/pair_certificate.json" for row in PAIR_BOUNDED]
    first = [*records, *densities, *tables]
    assert asked[: len(first)] == first
    shown = [job for job in _stages(plan) if job.shown and job.rule != "engine_figure"]
    drawn = [path for job in shown for paths in job.outputs.values() for path in paths]
    assert sorted(asked[len(first) :]) == sorted(drawn)
    problems = plan.of("problems")[()].inputs[""]
    assert sorted(problems) == sorted(path for path in drawn if "/models/" in path)


def test_a_bare_name_asks_for_the_records_of_its_rows(plan: Plan) -> None:
    (job,) = plan.of("Be").values()
    rows = ["Be/hf_cc-pVDZ", "Be/ccsd_cc-pVDZ"]
    names = ("quantum.json", "sce.json", "hierarchy.json")
    assert job.inputs[""] == [f"results/{row}/{name}" for name in names for row in rows]


def test_a_stage_takes_what_its_rule_gives(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every word is an option of the stage, and no option that it needs is missing."""
    found: list[job_module.Job] = []
    monkeypatch.setattr(job_module, "run", found.append)
    for job in _stages(plan):
        program, *words = shlex.split(job.command)[4:-3]
        if words[0] == "crate":
            continue  # a task of the workflow itself: tests/study/test_crate.py runs it
        if program == "study":
            job_module.main(words[1:])
            words = found.pop().command("key")
        stage, *options = words
        parser = argparse.ArgumentParser()
        module = import_module(f"comotion.stages.{stage.replace('-', '_')}")
        module.add_options(parser)
        if stage == "problem":
            name, *options = options
            solve = import_module(f"comotion.models.{name}").solve
            parser = module._parser(name, solve)
        taken = vars(parser.parse_args(options))
        assert taken, job


def test_the_end_of_a_run_is_a_summary(plan: Plan) -> None:
    """Good or bad; a dry run has everything done in no time."""
    for said in plan.endings:
        assert said.startswith("Summary after ")
        assert " done: " in said
        assert "Be ccsd_cc-pVDZ (0 s)" in " ".join(said.split())


def test_environments_of_their_own_have_their_own_python(plan: Plan) -> None:
    assert plan.python == f"env PYTHONPATH={PROJECT / 'workflow'} python"
