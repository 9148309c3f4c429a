"""The pair bound: what is proven lies below all that is above V_SCE, and its file proves it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comotion import MODELS, RadialDensity, comotion_plan, tabulated
from comotion.errors import ProofError
from comotion.io import read_json
from comotion.proof.verify import verify_bound
from comotion.transport.bounds.pair import bound as module
from comotion.transport.bounds.pair.bound import PairBound, pair_bound
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


def _failing(monkeypatch: pytest.MonkeyPatch, times: int) -> list[Any]:
    """The proof fails so many times."""
    tried: list[Any] = []
    proven = module._proven

    def fails(trial: Any, report: Any) -> Any:
        tried.append(trial)
        if len(tried) <= times:
            raise ProofError("the inequality is violated")
        return proven(trial, report)

    monkeypatch.setattr(module, "_proven", fails)
    return tried


@pytest.mark.parametrize(("times", "lowered"), [(0, 0.0), (1, 1e-6), (2, 1e-5), (3, 1e-4)])
def test_a_trial_whose_proof_fails_is_lowered(
    monkeypatch: pytest.MonkeyPatch, three: PairBound, times: int, lowered: float
) -> None:
    feasible = replace(three, trial=three.trial.lowered(1e-5)).trial
    monkeypatch.setattr(module, "pair_trial", lambda *_: feasible)
    tried = _failing(monkeypatch, times)
    found = pair_bound(MODELS["exponential"](3), effort=_EFFORT)
    assert found.lowered == lowered
    assert len(tried) == times + 1
    assert found.trial is tried[-1]
    assert found.trial.value == feasible.lowered(lowered).value
    values = [trial.value for trial in tried]
    assert values == sorted(values, reverse=True)


def test_what_cannot_be_proven_is_no_bound(
    monkeypatch: pytest.MonkeyPatch, three: PairBound
) -> None:
    monkeypatch.setattr(module, "pair_trial", lambda *_: three.trial)
    tried = _failing(monkeypatch, 99)
    with pytest.raises(ProofError, match="the inequality is violated"):
        pair_bound(MODELS["exponential"](3), effort=_EFFORT)
    assert len(tried) == 4
