"""The upper bound: a plan whatever ends the search for it, and a bracket with it."""

import numpy as np
import pytest

from bounded import bracket_of, plan_of
from comotion.errors import TransportError
from comotion.transport.bounds import bracket as room
from comotion.transport.bounds.bracket import BracketEffort, bracket
from comotion.transport.bounds.column_programme import ColumnProgramme, Optimum
from comotion.transport.bounds.dual import dual_bound
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.plan_columns import Columns
from comotion.transport.bounds.primal import PrimalBound, primal_bound

_QUICK = BracketEffort(splines=(20, 40), cells_per_shell=10)


def _bound(iterations: int = 200) -> PrimalBound:
    plan = plan_of("exponential", 3)
    return primal_bound(plan.density, 10, [plan], iterations=iterations)


def _failing(monkeypatch: pytest.MonkeyPatch, at: int, rows: int = 30) -> None:
    """Let the programme over cells fail at an iteration, counted from 1, and from then on."""
    solve = ColumnProgramme.solve
    solved: list[None] = []

    def failing(programme: ColumnProgramme) -> Optimum:
        if programme.rows == rows:
            solved.append(None)
            if len(solved) >= at:
                raise TransportError("the linear programme failed")
        return solve(programme)

    monkeypatch.setattr(ColumnProgramme, "solve", failing)


def test_stopped_by() -> None:
    few, whole = _bound(2), _bound()
    assert (few.stopped_by, few.iterations) == ("iterations", 2)
    assert whole.stopped_by in {"converged", "search"}
    assert whole.converged == (whole.stopped_by == "converged")
    assert few.plan.cost > whole.plan.cost


def test_stopped_by_convergence_and_by_few_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    add = Columns.add_neighbours
    for left, word in ((0, "converged"), (1, "search")):
        monkeypatch.setattr(
            Columns, "add_neighbours",
            lambda *arguments, left=left: min(add(*arguments), left),
        )  # fmt: skip
        found = _bound()
        assert found.stopped_by == word
        assert found.converged == (word == "converged")


@pytest.mark.parametrize("at", [1, 5])
def test_a_programme_that_fails_leaves_a_plan(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Of the first programme nothing is left: then it is the co-motion plan, cut into cells."""
    comotion, whole = plan_of("exponential", 3), _bound()
    _failing(monkeypatch, at)
    found = _bound()
    assert (found.stopped_by, found.iterations) == ("linear programme", at)
    assert found.plan.marginal_error < 1e-12
    assert np.sum(found.plan.weights) == pytest.approx(1, abs=1e-12)
    if at == 1:
        assert found.plan.cost == pytest.approx(comotion.cost, rel=1e-6)
    assert whole.plan.cost < found.plan.cost < comotion.cost * (1 + 1e-6)


@pytest.mark.parametrize("at", [1, 5])
def test_a_bracket_survives_a_programme_that_fails(
    monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    plan, whole = plan_of("exponential", 3), bracket_of("exponential", 3)
    density = plan.density
    _failing(monkeypatch, at)
    found = bracket(density, plan, effort=_QUICK)
    assert found.primal is not None
    assert found.primal.stopped_by == "linear programme"
    assert found.lower == whole.lower
    assert whole.upper < found.upper <= plan.cost + plan.quadrature_error


def test_a_plan_without_the_density_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An optimum that fills the cells wrongly counts as none."""
    solve = ColumnProgramme.solve

    def wrong(programme: ColumnProgramme) -> Optimum:
        found = solve(programme)
        return Optimum(found.value, found.weights * 1.001, found.prices)

    monkeypatch.setattr(ColumnProgramme, "solve", wrong)
    found = _bound()
    assert found.stopped_by == "linear programme"
    assert found.plan.marginal_error < 1e-12


def test_what_the_plan_violates_joins_the_lower_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lower bound that missed a configuration of the plan is mended, not given up."""
    plan, whole = plan_of("exponential", 3), bracket_of("exponential", 3)
    density = plan.density
    made: list[DualBound] = []

    def too_high(*arguments: object, **options: object) -> DualBound:
        made.append(dual_bound(*arguments, **options))  # type: ignore[arg-type]
        return made[-1].lowered(-1e-5) if len(made) <= 2 else made[-1]

    monkeypatch.setattr(room, "dual_bound", too_high)
    found = bracket(density, plan, effort=_QUICK)
    assert len(made) == 3
    assert found.lower == pytest.approx(whole.lower, abs=2e-6)
    assert found.lower < found.upper

    # Should the next one miss it as well, what is violated is subtracted.
    made.clear()

    def always_too_high(*arguments: object, **options: object) -> DualBound:
        made.append(dual_bound(*arguments, **options))  # type: ignore[arg-type]
        return made[-1].lowered(-1e-5)

    monkeypatch.setattr(room, "dual_bound", always_too_high)
    found = bracket(density, plan, effort=_QUICK)
    assert found.lower == pytest.approx(whole.lower, abs=2e-6)
