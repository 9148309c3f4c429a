"""What the workflow takes from inside Snakemake."""

import re
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from comotion.errors import ConfigError
from study import hooks
from study.summary import Job, State


def test_the_locked_version_is_the_one_that_was_checked(project: Path) -> None:
    """With another one: run tests/workflow, then change `CHECKED`."""
    lock = (project / "requirements.lock").read_text()
    assert f"\nsnakemake=={hooks.CHECKED} " in f"\n{lock}"


@pytest.mark.locked
def test_the_installed_version_is_the_locked_one() -> None:
    assert version("snakemake") == hooks.CHECKED


def test_nothing_else_uses_what_snakemake_does_not_promise(project: Path) -> None:
    promised = {"snakefile"}
    for path in [project / "Snakefile", *(project / "rules").glob("*.smk")]:
        used = set(re.findall(r"\bworkflow\.(\w+)", path.read_text().replace("workflow.rst", "")))
        assert used <= promised, path


class Workflow(SimpleNamespace):
    """What the hooks look at of a workflow: the main one or one in a module."""

    def __init__(self, *, main: bool = True, configfiles: list[str] | None = None) -> None:
        super().__init__(
            modifier=SimpleNamespace(
                is_main_snakefile=lambda: main, skip_configfile=False, namespace="them"
            ),
            config_settings=SimpleNamespace(configfiles=configfiles or []),
            configfiles=["read.yaml", *(configfiles or [])],
            loaded=[],
        )

    def configfile(self, path: str) -> None:
        """What the directive of this name calls."""
        self.loaded.append(path)


def test_the_library_of_curves_is_there() -> None:
    """In the order in which they build on one another."""
    files = hooks.vega()
    assert [path.name for path in files] == ["vega.js", "vega-lite.js", "vega-embed.js"]
    assert all(path.is_file() for path in files)


def test_the_default_is_loaded_unless_another_is_named() -> None:
    alone, named = Workflow(), Workflow(configfiles=["my.yaml"])
    for workflow in (alone, named):
        hooks.load_default(workflow, "config.yaml")
    assert (alone.loaded, named.loaded) == (["config.yaml"], [])
    assert hooks.config_name(alone) == "config.yaml"
    assert hooks.config_name(named) == "my.yaml"
    assert hooks.config_name(Workflow(configfiles=["a.yaml", "b.yaml"])) == "a.yaml + b.yaml"
    assert hooks.config_files(alone) == [Path("read.yaml")]
    assert hooks.config_files(named) == [Path("read.yaml"), Path("my.yaml")]


def test_a_module_has_its_own_configuration() -> None:
    module = Workflow(main=False, configfiles=["of the other workflow.yaml"])
    with pytest.raises(ConfigError, match=r"^module them: it has no config; give it one of its"):
        hooks.load_default(module, "config.yaml")
    module.modifier.skip_configfile = True
    hooks.load_default(module, "config.yaml")
    assert module.loaded == []
    assert hooks.config_files(module) == []
    assert hooks.config_name(module) == "config of the module them"


@pytest.mark.parametrize(
    ("words", "main", "targets"),
    [
        (["/bin/snakemake", "-c2", "Ne", "all", "--configfile", "x.yaml"], True, ["Ne", "all"]),
        (["snakemake", "-n", "b", "a"], True, ["a", "b"]),
        (["/lib/snakemake/__main__.py", "-c1", "Be"], True, ["Be"]),
        (["snakemake", "-c1"], True, []),
        # A job of a cluster, a program that only uses Snakemake, the other workflow's targets.
        (["snakemake", "--mode", "remote", "Be"], True, []),
        (["/bin/pytest", "Be"], True, []),
        (["/snakemake/bin/pytest", "Be"], True, []),
        (["snakemake", "Be"], False, []),
    ],
)
def test_targets_of_the_command_line(
    monkeypatch: pytest.MonkeyPatch, words: list[str], main: bool, targets: list[str]
) -> None:
    monkeypatch.setattr("sys.argv", words)
    assert hooks.targets(Workflow(main=main)) == targets


def _rule(name: str, *products: str) -> Any:
    return SimpleNamespace(
        name=name, products=lambda: list(products), is_producer=lambda path: path in products
    )


def test_rules_and_their_files() -> None:
    rules = [_rule("plan", "results/{system}/sce.json", "results/b.csv"), _rule("all"),
             _rule("page", "results/deep/a.html", "results/{page}.html")]  # fmt: skip
    workflow = SimpleNamespace(rules=rules)
    assert hooks.rule_names(workflow) == {"plan", "all", "page"}
    assert hooks.file_names(workflow) == ["a.html", "b.csv", "sce.json"]
    assert hooks.makes(workflow, "results/b.csv")
    assert hooks.makes(workflow, "results/deep/a.html")
    assert not hooks.makes(workflow, "b.csv")


@pytest.mark.parametrize(("cores", "none"), [(0, True), (1, False), (2, False), (None, False)])
def test_cores(cores: int | None, none: bool) -> None:
    workflow = SimpleNamespace(resource_settings=SimpleNamespace(cores=cores))
    assert hooks.has_no_cores(workflow) is none


@pytest.mark.parametrize(("methods", "own"), [(set(), False), ({"conda"}, True)])
def test_environments(methods: set[str], own: bool) -> None:
    settings = SimpleNamespace(deployment_method=methods)
    assert hooks.has_own_environments(SimpleNamespace(deployment_settings=settings)) is own


class Jobs:
    """A job or a group of jobs, each one of its own."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


def _job(rule: str, output: str, *, log: bool = True, benchmark: bool = True) -> Any:
    return Jobs(
        rule=SimpleNamespace(name=rule), output=[output, "other"], is_group=lambda: False,
        log=[f"{rule}.log", "other.log"] if log else [], benchmark=f"{rule}.tsv" * benchmark,
    )  # fmt: skip


def test_what_has_become_of_each_job() -> None:
    """A job fails alone or with its group; what writes no log is none that a user asked for."""
    kept, done, failed, grouped, waiting = jobs = [
        _job("plan", f"results/He/hf_x/{i}.json") for i in range(5)
    ]
    table = _job("energies", "results/studies/default/tables/energies.csv")
    others = [_job("all", "x", log=False), _job("all", "x", benchmark=False)]
    group = Jobs(is_group=lambda: True, jobs=[grouped])
    workflow = SimpleNamespace(
        dag=SimpleNamespace(
            jobs=[*jobs, table, *others],
            needrun=lambda job: job is not kept,
            finished=lambda job: job in (done, kept, table),
        ),
        scheduler=SimpleNamespace(failed=[failed, group]),
    )
    found = list(hooks.jobs(workflow))
    log, benchmark = Path("plan.log"), Path("plan.tsv")
    states = [State.KEPT, State.DONE, State.FAILED, State.FAILED, State.WAITING]
    assert found[:5] == [Job("He hf_x", "plan", state, log, benchmark) for state in states]
    assert found[5:] == [
        Job("", "energies", State.DONE, Path("energies.log"), Path("energies.tsv"))
    ]
    assert waiting is jobs[4]
