"""``python -m study``: its tasks, and what it says of mistakes."""

import re
import runpy
from pathlib import Path

import pytest


def _run(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr("sys.argv", ["study", *words])
    runpy.run_module("study", run_name="__main__")


@pytest.mark.parametrize("words", [[], ["nothing"], ["jobs"]])
def test_it_names_its_tasks(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        _run(monkeypatch, *words)
    assert end.value.code == "usage: python -m study {crate,job,readme} ..."


def test_each_task_gets_the_words_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, list[str]]] = []
    for name in ("job", "readme"):
        monkeypatch.setattr(
            f"study.{name}.main", lambda words, name=name: told.append((name, words))
        )
    _run(monkeypatch, "job", "plan", "--inputs")
    _run(monkeypatch, "readme", "--readme", "x")
    assert told == [("job", ["plan", "--inputs"]), ("readme", ["--readme", "x"])]


def test_an_error_of_the_input_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["plan", "--inputs", f"density={tmp_path}/no.h5", "--outputs", f"sce={tmp_path}/a"]
    with pytest.raises(SystemExit) as end:
        _run(monkeypatch, "job", *words)
    assert end.value.code == 1
    assert capsys.readouterr().err == (
        f"study job: error: {tmp_path}/no.h5: cannot be read: No such file or directory; make it"
        " anew\n"
    )


@pytest.mark.parametrize(
    ("task", "flags"),
    [
        ("job", {"--inputs", "--outputs", "--modules", "--resumes"}),
        ("readme", {"--readme", "--blocks", "--figures"}),
    ],
)
def test_each_task_explains_itself(
    task: str,
    flags: set[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as end:
        _run(monkeypatch, task, "--help")
    assert end.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: study {task} ")
    assert set(re.findall(r"^  (--[a-z]+)", told, re.MULTILINE)) == flags
    for flag in flags:
        # Its meaning stands on its own line or on the next.
        assert re.search(rf"^  {flag}\b.*(?:  \S|\n {{10,}}\S)", told, re.MULTILINE), flag
