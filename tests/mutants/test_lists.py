"""The lists of faults made by hand fit the sources as they are."""

from pathlib import Path

import pytest

from mutants.draw import by_hand
from mutants.python_sites import is_python
from mutants.report import read_judgements

_HERE = Path(__file__).parent


@pytest.mark.parametrize(("name", "least"), [("named", 60), ("by_hand", 40)])
def test_every_fault_can_be_put_in(project: Path, name: str, least: int) -> None:
    mutants = by_hand(project, _HERE / f"{name}.toml")
    assert len({mutant.digest for mutant in mutants}) == len(mutants) >= least
    assert all(is_python(mutant.source) for mutant in mutants if mutant.path.endswith(".py"))


def test_every_judgement_has_a_reason() -> None:
    for judgement in read_judgements(_HERE / "judged.toml").values():
        assert len(judgement.reason.split()) > 2
