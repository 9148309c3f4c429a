"""The command line: what it says of itself, of mistakes, and that load changes no number."""

import argparse
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from comotion.cli import STAGES, main
from comotion.errors import (
    ComotionError,
    ComparisonError,
    ConfigError,
    DensityError,
    ElectronicStructureError,
    FormatError,
    RecordError,
    TransportError,
)
from comotion.version import VERSION

_MODULE = [sys.executable, "-m", "comotion"]
_SCRIPT = [str(Path(sys.executable).with_name("comotion"))]


def _exit(words: list[str]) -> int:
    """Exit status of the command line with these words."""
    with pytest.raises(SystemExit) as end:
        main(words)
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_alone_it_names_its_stages(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit(words) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.startswith("usage: comotion STAGE [options]\n\nOptimal transport against")
    assert told.out.endswith("\n\ncomotion STAGE --help explains one of them.\n")
    for stage, what in STAGES.items():
        assert re.search(rf"^  {stage} +{re.escape(what)}$", told.out, re.MULTILINE)


def test_every_stage_is_a_module_and_has_a_line(project: Path) -> None:
    modules = {path.stem for path in (project / "workflow/comotion/stages").glob("*.py")}
    of_stages = {stage.replace("-", "_") for stage in STAGES}
    # What several stages share stands beside them.
    assert modules - of_stages == {"__init__", "options", "records", "search_options"}
    for name in of_stages:
        module = import_module(f"comotion.stages.{name}")
        assert callable(module.add_options)
        assert callable(module.run)


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_explains_itself(stage: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit([stage, "--help"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: comotion {stage} ")
    assert STAGES[stage] in " ".join(told.split())
    # Each option is explained on its own line or on the next.
    flags = set(re.findall(r"^  (--[a-z-]+)", told, re.MULTILINE))
    assert flags or stage in {"compile", "problem", "verify", "verify-bound"}
    for flag in flags:
        assert re.search(rf"^  {flag}\b.*(?:  \S|\n {{10,}}\S)", told, re.MULTILINE), flag


def test_an_unknown_stage_is_answered_with_the_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit(["nothing"]) == 2
    told = capsys.readouterr().err
    assert "'nothing'" in told
    assert all(f"'{stage}'" in told for stage in STAGES)


@pytest.mark.parametrize("command", [_MODULE, _SCRIPT], ids=["module", "script"])
def test_module_and_script_are_the_same(command: list[str], tmp_path: Path) -> None:
    missing = ["plan", "--density", "no.h5", "--sce", "a", "--plan", "b", "--pattern", "c"]
    for words, status in ((["--version"], 0), (["nothing"], 2), (missing, 1)):
        done = subprocess.run(
            [*command, *words], check=False, cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == status
    assert done.stdout == ""
    assert done.stderr == (
        "comotion plan: error: no.h5: cannot be read: No such file or directory; make it anew\n"
    )


def test_a_stage_runs_on_one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said before the libraries are loaded that would share the work."""
    names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"]
    for name in names:
        monkeypatch.setenv(name, "7")
    seen: list[str] = []

    def run(_: argparse.Namespace) -> None:
        seen.extend(os.environ[name] for name in names)

    monkeypatch.setattr("comotion.stages.model.run", run)
    main(["model", "--system", "ball-2", "--density", f"{tmp_path}/a", "--integrals", "b"])
    assert seen == ["1"] * 4
    assert _exit(["--help"]) == 0


def test_only_an_error_of_the_input_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anything else is a fault of the program, which its traceback must show."""
    kinds: list[type[Exception]] = [
        ConfigError, DensityError, ElectronicStructureError, TransportError, ComparisonError,
        RecordError, FormatError, ComotionError,
    ]  # fmt: skip
    for kind in [*kinds, ValueError, KeyError]:

        def run(_: argparse.Namespace, kind: type[Exception] = kind) -> None:
            raise kind("x")

        monkeypatch.setattr("comotion.stages.compile.run", run)
        with pytest.raises(SystemExit if kind in kinds else kind) as error:
            main(["compile"])
        assert kind not in kinds or error.value.args == (1,)


def test_the_words_are_those_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["/bin/comotion", "--version"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    assert capsys.readouterr().out == f"comotion {VERSION}\n"


def test_the_engine_is_compiled_for_plans_and_for_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    names = ["compile_engine", "compile_bounds", "compile_boxes", "compile_separation"]
    for name in names:
        monkeypatch.setattr(f"comotion.stages.compile.{name}", lambda name=name: told.append(name))
    main(["compile"])
    assert told == names


_MODEL = "model --system exponential-3 --density density.h5 --integrals density.json"
_PLAN = "plan --sce sce.json --plan plan.h5 --pattern pattern.h5 --density"
_BRACKET = (
    "bracket --bracket bracket.json --details bracket.h5 --upper-plan upper_plan.h5 "
    "--plan plan.h5 --pattern pattern.h5 --density density.h5"
)
_PAIR = "pair-bound --pair-bound pair.json --certificate proof.json --density density.h5"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("model --system foo-3 --density a.h5 --integrals b.json", "one of the kinds"),
        (f"{_PLAN} other.h5", "other.h5: cannot be read"),
        (f"{_PLAN} density.h5 --seeds 1", "at least 2 different seeds"),
        (f"{_BRACKET} --splines 0", "one or more splines"),
        (f"{_BRACKET} --cells 0", "one or more splines, cells"),
        (f"{_PAIR} --degree 0", "two intervals, a degree of 1 and a round"),
        (f"{_PAIR.replace('density.h5', 'other.h5')}", "other.h5: cannot be read"),
        (f"{_BRACKET.replace('plan.h5', 'density.h5', 2)}", "holds no plan"),
        ("figure nothing.nothing --inputs x.csv --out a.svg", "no figure 'nothing.nothing'"),
        ("figure energies.hierarchy --inputs x.csv --out a.svg", "x.csv: cannot be read"),
        ("page energies --input x.csv --html a.html", "x.csv: cannot be read"),
        ("best-table --records x.json --csv a --coverage c --markdown b", "x.json: cannot be read"),
        ("benchmark --densities d.h5 --tolerances 1 2 --csv a --markdown b", "give each its own"),
        ("energies-table --results . --rows He/hf --csv a --units b --markdown c --settings d",
         "He/hf/quantum.json: cannot be read"),
        ("verify nowhere", "nowhere: no folder"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence(
    line: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    main(_MODEL.split())
    if line.startswith("bracket"):
        main(f"{_PLAN} density.h5".split())
    before = sorted(tmp_path.iterdir())
    capsys.readouterr()
    assert _exit(line.split()) == 1
    told = capsys.readouterr()
    *_, last = told.err.splitlines()
    assert last.startswith(f"comotion {line.split(maxsplit=1)[0]}: error: ")
    assert sentence in last
    assert "Traceback" not in told.err
    assert sorted(tmp_path.iterdir()) == before


def test_problems_are_refused_by_name_and_size(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit(["problem", "nothing"]) == 2
    assert "'line'" in capsys.readouterr().err
    assert _exit(["problem", "line", "--record", "a", "--arrays", "b", "--depth", "1"]) == 2
    assert "--depth" in capsys.readouterr().err
    assert _exit(["problem", "line", "--help"]) == 0
    assert "--atoms" in capsys.readouterr().out


def _outputs(folder: Path, threads: str | None) -> dict[str, bytes]:
    """Bytes that plan and bracket of a density of three electrons write."""
    folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if "THREADS" not in name}
    if threads is not None:
        environment["OMP_NUM_THREADS"] = threads
    for line in (
        _MODEL,
        f"{_PLAN} density.h5",
        f"{_BRACKET} --splines 20 40 --cells 10",
    ):
        subprocess.run([*_MODULE, *line.split()], check=True, cwd=folder, env=environment)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
def test_load_and_threads_change_no_byte(tmp_path: Path) -> None:
    """Effort is work, not time: beside others a search finds the same, only later."""
    alone = _outputs(tmp_path / "alone", None)
    assert len(alone) == 8
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        for threads in (None, "2"):
            assert _outputs(tmp_path / f"loaded {threads}", threads) == alone
    finally:
        busy.kill()
        busy.wait()
    assert _outputs(tmp_path / "threads", "2") == alone
