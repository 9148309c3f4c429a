"""What a killed bracket leaves is found again for the same question only."""

from dataclasses import replace
from pathlib import Path

import pytest

from comotion import MODELS, Plan, comotion_plan
from comotion.errors import TransportError
from comotion.transport.bounds import parts as room
from comotion.transport.bounds.bracket import BracketEffort, bracket
from comotion.transport.bounds.certificate import Bracket
from told import Told

_QUICK = BracketEffort(splines=(12, 20), cells_per_shell=5, iterations=5)


def _numbers(found: Bracket) -> tuple[float, ...]:
    return found.lower, found.upper, found.spline_error, found.v_comotion


def test_another_density_with_as_many_electrons_finds_nothing(tmp_path: Path) -> None:
    """One folder for both: each has the bracket that it has alone."""
    one, other = MODELS["exponential"](3), MODELS["gaussian"](3)
    first = bracket(one, effort=_QUICK, parts=tmp_path)
    second = bracket(other, effort=_QUICK, parts=tmp_path)
    assert _numbers(second) == _numbers(bracket(other, effort=_QUICK))
    assert _numbers(first) == _numbers(bracket(one, effort=_QUICK))
    assert len(list(tmp_path.iterdir())) == 2


def test_the_key_is_that_of_the_density_whatever_the_plans(tmp_path: Path) -> None:
    one, other = MODELS["exponential"](3), MODELS["exponential"](3).stretched(1 + 1e-9)
    plans = [comotion_plan(one)]
    found = [room.parts_in(tmp_path, density, plans, _QUICK) for density in (one, other, one)]
    assert found[0] == found[2] != found[1]
    assert room.parts_in(None, one, plans, _QUICK) == room.Parts(None)


def test_a_plan_from_a_file_is_that_of_the_density(tmp_path: Path) -> None:
    """Numbers that were integers in memory are none in the file."""
    density = MODELS["exponential"](3)
    comotion_plan(density).save(tmp_path / "plan.h5")
    plan = Plan.load(tmp_path / "plan.h5")
    assert _numbers(bracket(density, plan, effort=_QUICK)) == _numbers(
        bracket(plan.density, comotion_plan(density), effort=_QUICK)
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(_QUICK, seed=2),
        replace(_QUICK, iterations=6),
        replace(_QUICK, cells_per_shell=6),
        replace(_QUICK, splines=(12, 21)),
    ],
)
def test_another_effort_finds_nothing(tmp_path: Path, other: BracketEffort) -> None:
    density = MODELS["exponential"](3)
    bracket(density, effort=_QUICK, parts=tmp_path)
    told = Told()
    found = bracket(density, effort=other, parts=tmp_path, report=told)
    assert any(step.startswith("lower bound") for step in told.steps)
    assert _numbers(found) == _numbers(bracket(density, effort=other))


def test_other_plans_and_other_code_find_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    density = MODELS["exponential"](3)
    plan = comotion_plan(density)
    again = comotion_plan(density, seeds=(3, 4))
    bracket(density, plan, effort=_QUICK, parts=tmp_path)
    bracket(density, again, effort=_QUICK, parts=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    monkeypatch.setattr(room, "_code", lambda: "another version")
    bracket(density, plan, effort=_QUICK, parts=tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


def test_the_same_question_is_answered_from_the_parts(tmp_path: Path) -> None:
    density = MODELS["exponential"](3)
    plan = comotion_plan(density)
    whole = bracket(density, plan, effort=_QUICK, parts=tmp_path)
    told = Told()
    again = bracket(density, plan, effort=_QUICK, parts=tmp_path, report=told)
    assert not told.lines
    assert _numbers(again) == _numbers(whole)


def test_a_plan_of_another_density_is_refused() -> None:
    """As many electrons are not enough: its cost bounds nothing here."""
    plan = comotion_plan(MODELS["gaussian"](3))
    with pytest.raises(TransportError, match="plan of another density of 3 electrons"):
        bracket(MODELS["exponential"](3), plan, effort=_QUICK)
