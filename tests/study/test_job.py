"""Jobs: what is computed, what is kept for each setting, and what comes back."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from comotion.errors import RecordError
from comotion.io import read_json, write_json
from study import job as job_module
from study.job import Job, main, run

_MODEL = "exponential-2"


class Stage:
    """In the place of the command line: it writes what it was told, and remembers it."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.fails = False

    def __call__(self, words: list[str]) -> None:
        """Write the record behind ``--sce``; a file in ``--parts`` is what a killed run left."""
        self.calls.append(words)
        named = dict(word.split("=", 1) for word in words if "=" in word)
        if "--parts" in named:
            parts = Path(named["--parts"])
            parts.mkdir(parents=True)
            (parts / "1.h5").touch()
        if self.fails:
            raise SystemExit(1)
        write_json(Path(named["--sce"]), {"words": " ".join(words)})


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The stage of all jobs of a test."""
    told = Stage()
    monkeypatch.setattr("comotion.cli.main", told)
    return told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of results with a density."""
    (tmp_path / "density.h5").write_text("density")
    return tmp_path


def _job(folder: Path, *options: str, resumes: bool = False) -> Job:
    return Job(
        "plan", options, {"density": folder / "density.h5"}, {"sce": folder / "sce.json"},
        resumes=resumes,
    )  # fmt: skip


def test_what_comes_back_is_not_computed(
    folder: Path, stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    """A, B, A: two computations, and the third run gives the bytes of the first."""
    first, second = _job(folder, "--seeds", "1", "2"), _job(folder, "--seeds", "3", "4")
    made = []
    for job in (first, second, first):
        run(job)
        made.append((folder / "sce.json").read_bytes())
    assert len(stage.calls) == 2
    assert made[0] == made[2] != made[1]
    assert (
        f"plan: kept, the same was computed before: {folder}/settings/" in capsys.readouterr().out
    )
    kept = sorted((folder / "settings").iterdir())
    assert {path.name for path in kept} == {first.key, second.key}
    # One file with two names, and a word of explanation.
    assert (folder / "sce.json").samefile(folder / "settings" / first.key / "sce.json")
    explained = read_json(folder / "settings" / second.key / "settings.json")
    assert explained["stage"] == "plan"
    assert explained["options"] == {"seeds": "3 4"}
    assert not list(folder.rglob(".*"))


def test_the_key_stands_for_options_inputs_and_code_and_for_no_path(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = _job(folder, "--seeds", "1", "2").key
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "density.h5").write_text("density")
    assert _job(elsewhere, "--seeds", "1", "2").key == key
    assert _job(folder, "--seeds", "2", "1").key != key
    (folder / "density.h5").write_text("another")
    assert _job(folder, "--seeds", "1", "2").key != key
    (folder / "density.h5").write_text("density")
    module = elsewhere / "module.py"
    module.write_text("1")
    monkeypatch.setattr(job_module, "sources", lambda *_: [module, folder / "density.h5"])
    before = _job(folder).key
    module.write_text("2")
    assert _job(folder).key != before


@pytest.mark.parametrize("damage", ["altered", "truncated", "gone"])
def test_what_waits_and_is_broken_is_made_anew(folder: Path, stage: Stage, damage: str) -> None:
    job = _job(folder)
    run(job)
    content = (folder / "sce.json").read_bytes()
    kept = folder / "settings" / job.key / "sce.json"
    kept.unlink()
    if damage != "gone":
        kept.write_bytes(content.replace(b"plan", b"nalp") if damage == "altered" else content[:9])
    (folder / "sce.json").unlink()
    run(job)
    assert len(stage.calls) == 2
    assert (folder / "sce.json").read_bytes() == kept.read_bytes() == content


def test_a_stage_that_fails_leaves_nothing_but_its_parts(folder: Path, stage: Stage) -> None:
    job = _job(folder, resumes=True)
    stage.fails = True
    with pytest.raises(SystemExit):
        run(job)
    parts = folder / "settings" / job.key / "parts"
    assert stage.calls[0][-1] == f"--parts={parts}"
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["density.h5", "1.h5"]
    stage.fails = False
    (parts / "1.h5").unlink()
    parts.rmdir()
    run(job)
    assert not parts.exists()
    assert (folder / "settings" / job.key / "sce.json").is_file()


def test_a_disk_without_links_gets_copies(
    folder: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    job = _job(folder)
    run(job)
    (folder / "sce.json").unlink()
    run(job)
    assert len(stage.calls) == 1
    assert read_json(folder / "sce.json")
    assert not (folder / "sce.json").samefile(folder / "settings" / job.key / "sce.json")


def test_an_input_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "density.h5").unlink()
    with pytest.raises(RecordError, match=r"density\.h5: cannot be read"):
        run(_job(folder))


def test_the_command_line_runs_the_stage(tmp_path: Path) -> None:
    """A model density, really computed once."""
    names = ("density.h5", "density.json")
    paths = [f"density={tmp_path}/{names[0]}", f"integrals={tmp_path}/{names[1]}"]
    words = ["model", "--system", _MODEL, "--inputs", "--outputs", *paths]
    main(words)
    content = [(tmp_path / name).read_bytes() for name in names]
    for name in names:
        (tmp_path / name).unlink()
    # What comes back needs no import of what had computed it.
    program = (
        f"import sys; from study.job import main; main({words}); assert 'numpy' not in sys.modules"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert "model: kept" in said.stdout
    assert [(tmp_path / name).read_bytes() for name in names] == content


def _keyed(folder: Path, **changes: Any) -> str:
    """The key of a job of which something is another."""
    job: dict[str, Any] = {
        "stage": "plan", "options": ("--seeds", "1", "2"), "modules": (),
        "inputs": {"density": folder / "density.h5"}, "outputs": {"sce": folder / "sce.json"},
    }  # fmt: skip
    return Job(**(job | changes)).key


def test_each_thing_that_a_result_depends_on_changes_its_key(folder: Path) -> None:
    """And nothing else: what is written, or whether a kill is survived, is no such thing."""
    for name in ("other.h5", "density.csv"):
        (folder / name).write_text("density")
    (folder / "another.h5").write_text("another")
    key = _keyed(folder)
    assert re.fullmatch("[0-9a-f]{16}", key)
    same = [
        _keyed(folder, options=["--seeds", "1", "2"]), _keyed(folder, resumes=True),
        _keyed(folder, outputs={"sce": folder / "x.json"}),
        _keyed(folder, inputs={"density": folder / "other.h5"}),
    ]  # fmt: skip
    assert set(same) == {key}
    density = folder / "density.h5"
    others = [
        _keyed(folder, stage="hierarchy"), _keyed(folder, options=("--seeds", "1")),
        _keyed(folder, inputs={"table": density}), _keyed(folder, inputs={}),
        _keyed(folder, inputs={"density": folder / "density.csv"}),
        _keyed(folder, inputs={"density": folder / "another.h5"}),
        _keyed(folder, inputs={"density": density, "plan": density}),
        _keyed(folder, modules=["models.line"]),
    ]  # fmt: skip
    assert len({key, *others}) == 1 + len(others)


def test_the_command_of_a_stage() -> None:
    """A name may begin with a hyphen; underscores are hyphens in flags only."""
    job = Job(
        "user-density", ["--normalize"], {"my_table": Path("-x_y.csv")},
        {"upper_plan": Path("r/up_per.h5"), "b": Path("r/b.json")},
    )  # fmt: skip
    words = ["user-density", "--normalize", "--my-table=-x_y.csv", "--upper-plan=r/up_per.h5",
             "--b=r/b.json"]  # fmt: skip
    assert job.command("k") == words
    assert replace(job, resumes=True).command("k") == [*words, "--parts=r/settings/k/parts"]
    assert job.folder("k") == Path("r/settings/k")


def test_words_that_are_not_the_jobs_are_the_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Job] = []
    monkeypatch.setattr(job_module, "run", told.append)
    main(["problem", "line", "--points", "3", "--modules", "models.line", "a.b", "--resumes",
          "--inputs", "density=a=b.h5", "plan=c.h5", "--outputs", "record=d.json"])  # fmt: skip
    # An abbreviation is the stage's, too.
    main(["plan", "--input", "x", "--seeds", "1", "2", "--outputs", "sce=e"])
    first, second = (vars(job) for job in told)
    assert first == {
        "stage": "problem", "options": ["line", "--points", "3"], "resumes": True,
        "inputs": {"density": Path("a=b.h5"), "plan": Path("c.h5")},
        "outputs": {"record": Path("d.json")}, "modules": ["models.line", "a.b"],
    }  # fmt: skip
    assert second == {
        "stage": "plan", "options": ["--input", "x", "--seeds", "1", "2"], "resumes": False,
        "inputs": {}, "outputs": {"sce": Path("e")}, "modules": [],
    }  # fmt: skip


def test_inputs_of_which_there_are_several(
    folder: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their order counts, and none of them is a list too."""
    paths = [folder / name for name in ("a.h5", "b.h5")]
    for path in paths:
        path.write_text(path.name)
    told: list[Job] = []
    monkeypatch.setattr(job_module, "run", told.append)
    words = ["plan", "--inputs", *(f"density[]={path}" for path in paths), "bracket[]=",
             f"plan={paths[0]}", "--outputs", f"sce={folder / 'sce.json'}"]  # fmt: skip
    main(words)
    (job,) = told
    assert job.inputs == {"density": paths, "bracket": [], "plan": paths[0]}
    run(job)
    assert stage.calls == [[
        "plan", "--density", *map(str, paths), "--bracket", f"--plan={paths[0]}",
        f"--sce={folder / 'sce.json'}",
    ]]  # fmt: skip
    explained = read_json(folder / "settings" / job.key / "settings.json")
    posix = [path.as_posix() for path in paths]
    assert explained["inputs"] == {"density": posix, "bracket": [], "plan": posix[0]}
    keys = {
        replace(job, inputs={**job.inputs, "density": its}).key
        for its in (paths, paths[::-1], paths[:1], [])
    }
    assert len(keys) == 4
    paths[1].write_text("other")
    assert job.key not in keys


def test_what_waits_says_what_it_is(folder: Path, stage: Stage) -> None:
    job = _job(folder, "line", "two", "--points", "3", "--accept", "--seeds", "1", "-2")
    run(job)
    explained = read_json(folder / "settings" / job.key / "settings.json")
    assert explained.pop("provenance")
    options = {"name": "line two", "points": "3", "accept": "yes", "seeds": "1 -2"}
    inputs = {"density": (folder / "density.h5").as_posix()}
    assert explained == {"stage": "plan", "options": options, "inputs": inputs}
    assert len(stage.calls) == 1


def test_all_outputs_come_back_or_all_are_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def stage(words: list[str]) -> None:
        calls.append(words)
        for path in (folder / "sce.json", folder / "b.json"):
            write_json(path, {"x": path.name})

    monkeypatch.setattr("comotion.cli.main", stage)
    job = replace(_job(folder), outputs={"sce": folder / "sce.json", "b": folder / "b.json"})
    run(job)
    kept = folder / "settings" / job.key
    assert {path.name for path in kept.iterdir()} == {"sce.json", "b.json", "settings.json"}
    for path in job.outputs.values():
        path.unlink()
    run(job)
    assert [read_json(path)["x"] for path in job.outputs.values()] == ["sce.json", "b.json"]
    assert len(calls) == 1
    (kept / "b.json").unlink()
    run(job)
    assert len(calls) == 2
    assert (kept / "b.json").samefile(folder / "b.json")


def test_parts_are_kept_where_the_stage_does_not_resume(folder: Path, stage: Stage) -> None:
    """They are not its own."""
    job = _job(folder)
    parts = folder / "settings" / job.key / "parts"
    parts.mkdir(parents=True)
    run(job)
    assert parts.is_dir()
    assert stage.calls == [["plan", f"--density={folder}/density.h5", f"--sce={folder}/sce.json"]]
