"""The lists of faults made by hand fit the sources as they are."""

from pathlib import Path

import pytest

from mutants.draw import by_hand
from mutants.python_sites import is_python
from mutants.report import read_judgements
from mutants.sight import Sight
from mutants.trial import Effort, tried

_HERE = Path(__file__).parent


@pytest.mark.parametrize(("name", "least"), [("named", 60), ("by_hand", 40)])
def test_every_fault_can_be_put_in(project: Path, name: str, least: int) -> None:
    mutants = by_hand(project, _HERE / f"{name}.toml")
    assert len({mutant.digest for mutant in mutants}) == len(mutants) >= least
    assert all(is_python(mutant.source) for mutant in mutants if mutant.path.endswith(".py"))


def test_tests_that_are_gone_notice_nothing(project: Path, tmp_path: Path) -> None:
    mutant = by_hand(project, _HERE / "named.toml")[0]
    count = len((project / mutant.path).read_text().splitlines())
    gone = "tests/test_gone.py"
    sight = Sight({gone: 1.0}, {gone: {mutant.path: list(range(1, count + 1))}})
    with pytest.raises(RuntimeError, match=r"tests/test_gone\.py: no such tests"):
        tried(project, mutant, sight, tmp_path / "log", Effort(1))


def test_the_slowest_tests_are_left_out_beyond_the_effort(project: Path) -> None:
    path = by_hand(project, _HERE / "named.toml")[0].path
    count = len((project / path).read_text().splitlines())
    all_lines = {path: list(range(1, count + 1))}
    seconds = {"tests/b.py": 20.0, "tests/a.py": 3.0, "tests/c.py": 5.0}
    sight = Sight(seconds, dict.fromkeys(seconds, all_lines))
    assert sight.files(project, path, 1) == ["tests/a.py", "tests/c.py", "tests/b.py"]
    assert sight.files(project, path, 1, 8.0) == ["tests/a.py", "tests/c.py"]
    assert sight.files(project, path, 1, 1.0) == ["tests/a.py"]


def test_every_judgement_has_a_reason() -> None:
    for judgement in read_judgements(_HERE / "judged.toml").values():
        assert len(judgement.reason.split()) > 2
