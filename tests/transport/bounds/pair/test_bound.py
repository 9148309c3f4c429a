"""The pair bound: what is proven lies below all that is above V_SCE, and its file proves it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comotion import MODELS, RadialDensity, comotion_plan, tabulated
from comotion.errors import InequalityError, ProofError
from comotion.io import read_json
from comotion.proof.verify import verify_bound
from comotion.transport.bounds.pair import bound as module
from comotion.transport.bounds.pair.bound import PairBound, pair_bound
from comotion.transport.bounds.pair.separation import violations
from comotion.transport.bounds.pair.trial import PairEffort
from comotion.transport.hierarchy import pair_value

_EFFORT = PairEffort(intervals=4, degree=3, rounds=4)


@pytest.fixture(scope="module")
def three() -> PairBound:
    return pair_bound(MODELS["exponential"](3), effort=_EFFORT)


def _tables() -> dict[str, RadialDensity]:
    r = np.linspace(0.0, 1.3, 53)
    return {
        "exponential": MODELS["exponential"](3),
        "ball": MODELS["ball"](3),
        "stretched ball": MODELS["ball"](3).stretched(1.3),
        "table": tabulated(r, np.where(r < 0.2, 0.0, 1.3 - r), normalize=True),
    }


@pytest.mark.parametrize("kind", _tables())
def test_it_lies_between_v_2_and_the_plan(kind: str) -> None:
    """A plan costs at least V_SCE; these kernels are rich enough to lie above V_2."""
    rho = _tables()[kind]
    found = pair_bound(rho, effort=_EFFORT)
    plan = comotion_plan(rho)
    assert pair_value(rho).value < found.lower < plan.cost + plan.error
    assert found.lower == found.proven.lower
    assert found.proven.n_electrons == 3
    # By quadrature it is the same, up to the error of that.
    assert found.lower == pytest.approx(found.trial.value, rel=1e-8)


def test_its_file_proves_it(three: PairBound, tmp_path: Path) -> None:
    three.save(tmp_path / "a.json", "some", "level")
    proven = verify_bound(tmp_path / "a.json")
    assert proven.lower == proven.claimed == three.lower
    assert (proven.system, proven.level) == ("some", "level")
    record = read_json(tmp_path / "a.json")
    assert record["schema"] == "comotion pair bound 1"
    assert record["unit"] == three.trial.unit
    assert len(record["kernels"]) == 4
    assert record["mean"] == three.trial.space.charges.tolist()


def test_its_potential(three: PairBound) -> None:
    """Zero at infinity, and with the tail of the N - 1 others no steeper than that."""
    r = np.array([0.5, 2.0, np.inf])
    u = three.potential(r)
    assert u[2] == 0
    assert u[0] > u[1] > 0
    np.testing.assert_allclose(u, three.trial.one_body(r) - three.trial.one_body(np.inf))


@pytest.mark.parametrize("kind", ["stretched ball", "table"])
def test_its_potential_ends_where_the_density_does(kind: str) -> None:
    """Outside nothing is proven of it."""
    rho = _tables()[kind]
    found = pair_bound(rho, effort=PairEffort(intervals=3, degree=2, rounds=2))
    inner, outer = rho.support
    u = found.potential([inner, 0.7, outer, np.nextafter(outer, 9.0) + 1e-12, 2.0, np.inf])
    assert u[2] == pytest.approx(0, abs=1e-12)
    assert np.all(np.isfinite(u[:3]))
    assert np.all(np.isnan(u[3:]))
    assert inner == 0 or np.isnan(found.potential(inner / 2))


def test_a_number_and_a_line(three: PairBound) -> None:
    """What a line says is proven, too: it is rounded down."""
    almost = replace(three, proven=replace(three.proven, lower=0.1234567899))
    assert repr(almost) == "<PairBound: V_SCE >= 0.12345678 hartree, proven>"
    assert "V_SCE >= 0.123456789 hartree" in repr(replace(three.proven, lower=0.1234567899))


def _failing(monkeypatch: pytest.MonkeyPatch, times: int, error: ProofError) -> list[Any]:
    """The proof fails so many times."""
    tried: list[Any] = []
    proven = module._proven

    def fails(trial: Any, report: Any) -> Any:
        tried.append(trial)
        if len(tried) <= times:
            raise error
        return proven(trial, report)

    monkeypatch.setattr(module, "_proven", fails)
    return tried


def _worst(trial: Any) -> tuple[tuple[float, float, float], float]:
    """The place of the largest relative violation, and this."""
    points, slack = violations(trial.space, trial.potential, trial.kernels)
    y, z, cosine = points[0]
    return (float(y), float(z), float(cosine)), -float(slack[0])


def test_a_violated_trial_is_lowered_by_what_the_proof_finds(
    monkeypatch: pytest.MonkeyPatch, three: PairBound
) -> None:
    """A trial raised by 1e-4 is lowered by no more than the violation takes, and a margin."""
    one = three.trial.space.one
    raised = replace(three.trial, potential=three.trial.potential + 5e-5 * one)
    worst = _worst(raised)[1]
    assert 5e-5 < worst < 2e-4
    monkeypatch.setattr(module, "pair_trial", lambda *_: raised)
    reports: list[str] = []

    def report(step: str, *_: object, **__: object) -> None:
        reports.append(step)

    found = pair_bound(MODELS["exponential"](3), effort=_EFFORT, report=report)
    assert worst < found.lowered < 3 * worst
    assert any("the inequality is violated" in line for line in reports)
    assert found.trial.value == raised.lowered(found.lowered).value


@pytest.mark.parametrize("times", [0, 1, 2])
def test_the_last_of_several_repairs_is_the_one_reported(
    monkeypatch: pytest.MonkeyPatch, three: PairBound, times: int
) -> None:
    """Where nothing is violated, each repair is the least one."""
    feasible = three.trial.lowered(1e-5)
    assert feasible.violation_near((0.4, 0.5, -1.0)) == 0.0
    monkeypatch.setattr(module, "pair_trial", lambda *_: feasible)
    tried = _failing(monkeypatch, times, InequalityError("not decided", (0.4, 0.5, -1.0)))
    found = pair_bound(MODELS["exponential"](3), effort=_EFFORT)
    # Each time four times as much.
    assert found.lowered == pytest.approx((4**times - 1) / 3 * module._LEAST, rel=1e-6)
    assert len(tried) == times + 1
    assert found.trial is tried[-1]
    assert found.trial.value == feasible.lowered(found.lowered).value


def test_the_violation_near_a_place(three: PairBound) -> None:
    """The way down from the worst place, and from one beside it, ends there."""
    one = three.trial.space.one
    raised = replace(three.trial, potential=three.trial.potential + 5e-5 * one)
    place, worst = _worst(raised)
    assert raised.violation_near(place) == pytest.approx(worst, rel=1e-6)
    beside = (place[0] + 1e-3, place[1] - 1e-3, place[2])
    assert raised.violation_near(beside) == pytest.approx(worst, rel=0.05)


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (ProofError("the integral cannot be enclosed"), 1),
        (InequalityError("the inequality is violated", (0.4, 0.5, -1.0)), 9),
    ],
)
def test_what_cannot_be_proven_is_no_bound(
    monkeypatch: pytest.MonkeyPatch, three: PairBound, error: ProofError, tries: int
) -> None:
    """What lowering cannot mend is not tried twice."""
    monkeypatch.setattr(module, "pair_trial", lambda *_: three.trial)
    tried = _failing(monkeypatch, 99, error)
    with pytest.raises(ProofError, match=str(error)):
        pair_bound(MODELS["exponential"](3), effort=_EFFORT)
    assert len(tried) == tries
