"""What a killed bracket leaves is found again for the same question only."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bounded import plan_of
from comotion import MODELS, PairCost, Plan, comotion_plan
from comotion.errors import RecordError, TransportError
from comotion.provenance import provenance
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
    plan = plan_of("exponential", 3)
    density = plan.density
    bracket(density, plan, effort=_QUICK, parts=tmp_path)
    told = Told()
    found = bracket(density, plan, effort=other, parts=tmp_path, report=told)
    assert any(step.startswith("lower bound") for step in told.steps)
    assert _numbers(found) == _numbers(bracket(density, plan, effort=other))


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


_CHANGES: dict[str, Callable[[Plan], dict[str, Any]]] = {
    "weights": lambda plan: {"weights": plan.weights * (1 + 1e-15)},
    "radii": lambda plan: {"radii": plan.radii[::-1]},
    "positions": lambda plan: {"positions": -plan.positions},
    "directions": lambda plan: {"upward": ~plan.upward},
    "cost": lambda plan: {"cost": np.nextafter(plan.cost, 1)},
    "error": lambda plan: {"quadrature_error": plan.quadrature_error * 2},
    "seeds": lambda _: {"seeds": (3, 4)},
    "pair cost": lambda _: {"pair_cost": PairCost.yukawa(0.5)},
}


@pytest.mark.parametrize("what", _CHANGES)
def test_the_key_knows_all_of_a_plan(tmp_path: Path, what: str) -> None:
    """Whatever a bracket makes use of; that of the second plan as of the first."""
    plan = plan_of("exponential", 3)
    other = replace(plan, **_CHANGES[what](plan))
    keys = [
        room.parts_in(tmp_path, plan.density, plans, _QUICK).folder
        for plans in ([plan], [other], [plan, plan], [plan, other], [other, plan])
    ]
    assert len(set(keys)) == 5


def test_a_key_is_sixteen_hexadecimal_digits(tmp_path: Path) -> None:
    plan = plan_of("exponential", 3)
    folder = room.parts_in(tmp_path, plan.density, [plan], _QUICK).folder
    assert folder is not None
    assert folder.parent == tmp_path
    assert re.fullmatch("[0-9a-f]{16}", folder.name)
    assert not folder.exists()


def test_other_versions_find_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of("exponential", 3)
    first = room.parts_in(tmp_path, plan.density, [plan], _QUICK)
    known = provenance()
    newer = known | {"versions": known["versions"] | {"numpy": "99"}}
    monkeypatch.setattr(room, "provenance", lambda: newer)
    assert room.parts_in(tmp_path, plan.density, [plan], _QUICK) != first


def test_the_code_is_that_of_densities_and_of_transport(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any file of theirs, however deep; the tables and figures may change as they like."""
    monkeypatch.setattr(room, "_PACKAGE", tmp_path)
    digests = []
    files = ("tables/a.py", "density/b.py", "transport/c.py", "transport/bounds/d.py", "e.py",
             "density/notes.md")  # fmt: skip
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("pass")
    for name in ("", *files):
        if name:
            (tmp_path / name).write_text("fail")
        digests.append(room._code.__wrapped__())
    changed = [one != other for one, other in pairwise(digests)]
    assert changed == [False, True, True, True, False, False]
    monkeypatch.undo()
    assert (room._PACKAGE / "transport/bounds/parts.py").is_file()
    assert (room._PACKAGE / "density/radial.py").is_file()


def test_parts_are_kept_and_found(tmp_path: Path) -> None:
    """What is half-written is made again; without a folder nothing is written."""
    made: list[str] = []

    def compute() -> str:
        made.append("x")
        return f"part {len(made)}"

    def load(path: Path) -> str:
        if path.read_text() == "half":
            raise RecordError("half-written")
        return path.read_text()

    def save(part: str, path: Path) -> None:
        path.write_text(part)

    parts = room.Parts(tmp_path)
    assert parts.kept("a", load, compute, save) == "part 1"
    assert parts.kept("a", load, compute, save) == "part 1"
    assert parts.kept("b", load, compute, save) == "part 2"
    (tmp_path / "a").write_text("half")
    assert parts.kept("a", load, compute, save) == "part 3"
    assert (tmp_path / "a").read_text() == "part 3"
    assert room.Parts(None).kept("a", load, compute, save) == "part 4"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
