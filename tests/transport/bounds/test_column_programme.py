"""Linear programmes that grow by columns, against optima by hand and by duality."""

from typing import Any

import highspy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from comotion.errors import TransportError
from comotion.transport.bounds.column_programme import ColumnProgramme


def _diet(penalty: float = 100.0, unit: float = 1.0) -> ColumnProgramme:
    """Two rows and four columns: the optimum takes the second and the third."""
    programme = ColumnProgramme(np.array([1.0, 2.0]), penalty, unit)
    for cost, values in ((5.0, [1, 0]), (3.0, [1, 1]), (1.0, [0, 1]), (9.0, [2, 1])):
        rows = np.flatnonzero(values)
        programme.add(cost, rows, np.array(values, dtype=float)[rows])
    return programme


def test_an_optimum_by_hand() -> None:
    programme = _diet()
    found = programme.solve()
    assert programme.rows == 2
    assert found.value == pytest.approx(4)
    np.testing.assert_allclose(found.weights, [0, 1, 1, 0], atol=1e-12)
    np.testing.assert_allclose(found.prices, [2, 1])


@pytest.mark.parametrize("unit", [2.0**-20, 8.0, 2.0**30])
def test_the_unit_changes_nothing(unit: float) -> None:
    one, other = _diet().solve(), _diet(unit=unit).solve()
    assert (one.value, one.weights.tolist()) == (other.value, other.weights.tolist())
    np.testing.assert_array_equal(one.prices, other.prices)


def test_costs_are_handed_over_in_the_unit() -> None:
    """The solver's tolerances are not relative: it is to see costs near one."""
    programme = ColumnProgramme(np.ones(1), 100.0 * 2.0**30, 2.0**30)
    programme.add(3.0 * 2.0**30, np.array([0]), np.ones(1))
    costs = programme._model.getLp().col_cost_
    assert list(costs) == [100.0, 100.0, 3.0]
    assert programme.solve().value == 3.0 * 2.0**30


@pytest.mark.parametrize("missing", [1.0, -1.0])
def test_a_row_that_no_column_fills_costs_the_penalty(missing: float) -> None:
    """For too little as for too much; and no price is larger."""
    programme = ColumnProgramme(np.array([3 * missing]), penalty=7.0)
    found = programme.solve()
    assert found.value == pytest.approx(21)
    assert found.prices == pytest.approx([7 * missing])
    assert found.weights.shape == (0,)
    # A column that costs more is of no use.
    programme.add(8.0, np.array([0]), np.array([missing]))
    assert programme.solve().weights == pytest.approx([0])
    programme.add(6.0, np.array([0]), np.array([missing]))
    assert programme.solve().weights == pytest.approx([0, 3])


@given(st.integers(0, 2**31), st.integers(2, 5), st.integers(1, 12))
def test_strong_duality(seed: int, rows: int, columns: int) -> None:
    """Value, prices and weights fit together, and with another solver."""
    rng = np.random.default_rng(seed)
    sums, costs = rng.uniform(0.5, 2, rows), rng.uniform(-1, 5, columns)
    values = rng.integers(0, 3, (rows, columns)).astype(float)
    values[rng.integers(0, rows, columns), np.arange(columns)] += 1
    programme = ColumnProgramme(sums, penalty=20.0)
    for k in range(columns):
        programme.add(costs[k], np.arange(rows), values[:, k])
    found = programme.solve()
    assert found.value == pytest.approx(float(sums @ found.prices), abs=1e-8)
    assert np.all(costs - values.T @ found.prices > -1e-8)
    assert np.all(np.abs(found.prices) <= 20 * (1 + 1e-9))
    assert np.all(found.weights >= -1e-9)
    missing = float(np.sum(np.abs(values @ found.weights - sums)))
    assert found.value == pytest.approx(float(costs @ found.weights) + 20 * missing, abs=1e-8)
    slack = np.concatenate((np.eye(rows), -np.eye(rows)), axis=1)
    full = linprog(
        np.concatenate((costs, np.full(2 * rows, 20.0))),
        A_eq=np.concatenate((values, slack), axis=1), b_eq=sums, method="highs-ipm",
    )  # fmt: skip
    assert found.value == pytest.approx(full.fun, abs=1e-6)


def test_columns_are_dropped_in_any_order() -> None:
    """Those behind them move up, and what fills a row by penalty stays."""
    programme = _diet()
    programme.drop([3, 1])
    found = programme.solve()
    np.testing.assert_allclose(found.weights, [1, 2])
    assert found.value == pytest.approx(7)
    programme.drop([0, 1])
    assert programme.solve().value == pytest.approx(300)


class _Unwilling:
    """A solver that ends without an optimum some times."""

    def __init__(self, model: Any, times: int) -> None:
        self._model, self._times = model, times
        self.told: list[tuple[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def run(self) -> None:
        self.told.append(("run", None))
        self._model.run()

    def clearSolver(self) -> None:  # noqa: N802 - its name in HiGHS
        self.told.append(("forget", None))
        self._model.clearSolver()

    def setOptionValue(self, name: str, value: float) -> None:  # noqa: N802 - the same
        self.told.append((name, value))
        self._model.setOptionValue(name, value)

    def getModelStatus(self) -> Any:  # noqa: N802 - the same
        self._times -= 1
        if self._times >= 0:
            return highspy.HighsModelStatus.kUnknown
        return self._model.getModelStatus()


@pytest.mark.parametrize("times", [0, 1, 4])
def test_without_an_optimum_it_is_tried_again(times: int) -> None:
    """From a fresh start, and with tolerances that never get tighter."""
    programme: Any = _diet()
    programme._model = solver = _Unwilling(programme._model, times)
    assert programme.solve().value == pytest.approx(4)
    assert sum(step == "run" for step, _ in solver.told) == times + 1
    assert sum(step == "forget" for step, _ in solver.told) == times
    assert solver.told[0][0] != "forget"
    for kind in ("primal", "dual"):
        given = [value for step, value in solver.told if step == f"{kind}_feasibility_tolerance"]
        assert given == sorted(given)
        assert given[:2] == [1e-10] * min(2, times + 1)
        assert given[-1] <= 1e-7


def test_it_gives_up_in_the_end() -> None:
    programme: Any = _diet()
    programme._model = solver = _Unwilling(programme._model, 99)
    with pytest.raises(TransportError, match=r"ended as .*kUnknown: take fewer splines or cells"):
        programme.solve()
    assert sum(step == "run" for step, _ in solver.told) == 5


def test_a_programme_without_an_optimum() -> None:
    programme = _diet()
    programme.add(-1.0, np.empty(0, dtype=np.int64), np.empty(0))
    with pytest.raises(TransportError, match=r"ended as .*kUnbounded"):
        programme.solve()


def test_one_thread_and_no_words(capfd: pytest.CaptureFixture[str]) -> None:
    """Several threads would make the vertex that is found a matter of luck."""
    programme = _diet()
    programme.solve()
    assert programme._model.getOptionValue("threads")[1] == 1
    assert capfd.readouterr().out == ""
