"""A linear programme that grows by columns: min cost w over w >= 0 with fixed row sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array
from comotion.errors import TransportError

#: What ends a search that solves such programmes. ``converged``: the gap that it minds is closed.
#: ``search``: it finds no more columns, though that gap is open. ``iterations``: the most that were
#: allowed are made. ``linear programme``: HiGHS found no optimum; what was reached before it holds.
StoppedBy = Literal["converged", "search", "iterations", "linear programme"]

#: Attempts at a solution: whether to forget the last basis, and the feasibility tolerance.
_ATTEMPTS = ((False, 1e-10), (True, 1e-10), (True, 1e-9), (True, 1e-8), (True, 1e-7))


@dataclass(frozen=True, eq=False)
class Optimum:
    """An optimum of the programme.

    Attributes:
        value: Its cost.
        weights: Weight of each column, shape (columns,).
        prices: Dual variable of each row, shape (rows,).
    """

    value: float
    weights: Array
    prices: Array


class ColumnProgramme:
    """The programme, solved by HiGHS from its last basis whenever columns were added.

    Args:
        sums: What the weighted columns must add up to, shape (rows,).
        penalty: Cost of missing a row by one; keeps the first programmes feasible and bounds
            the dual variables.
        unit: Unit in which HiGHS has the costs, whose tolerances are not relative.
    """

    def __init__(self, sums: Array, penalty: float, unit: float = 1.0) -> None:
        self._unit = unit
        self._model = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            # The primal simplex: with new columns the last basis stays feasible for it, and a
            # solution takes a fifteenth of the dual simplex's time.
            ("simplex_strategy", 4),
        ):
            self._model.setOptionValue(option, value)
        nothing = np.empty(0, dtype=np.int32), np.empty(0)
        for value in sums:
            self._model.addRow(float(value), float(value), 0, *nothing)
        #: Number of rows.
        self.rows = len(sums)
        self._slacks = 2 * self.rows
        for row in range(len(sums)):
            for sign in (1.0, -1.0):
                self._add(penalty, np.array([row]), np.array([sign]))

    def add(self, cost: float, rows: NDArray[np.int64], values: Array) -> None:
        """Add a column with entries in some rows."""
        self._add(cost, rows, values)

    def _add(self, cost: float, rows: NDArray[np.int64], values: Array) -> None:
        self._model.addCol(
            float(cost) / self._unit, 0.0, highspy.kHighsInf,
            len(rows), rows.astype(np.int32), values,
        )  # fmt: skip

    def drop(self, columns: Sequence[int]) -> None:
        """Remove columns by their index; those behind them move up."""
        indices = np.sort(np.asarray(columns, dtype=np.int32)) + self._slacks
        self._model.deleteCols(len(indices), indices)

    def solve(self) -> Optimum:
        """Optimise, from the last basis if that leads to the optimum.

        Raises:
            TransportError: HiGHS did not find an optimum, not even from a fresh start with
                looser tolerances.
        """
        for fresh, tolerance in _ATTEMPTS:
            if fresh:
                self._model.clearSolver()
            for kind in ("primal", "dual"):
                self._model.setOptionValue(f"{kind}_feasibility_tolerance", tolerance)
            self._model.run()
            if self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                found = self._model.getSolution()
                return Optimum(
                    float(self._model.getInfo().objective_function_value) * self._unit,
                    np.array(found.col_value)[self._slacks :],
                    np.array(found.row_dual) * self._unit,
                )
        raise TransportError(
            f"the linear programme of the bracket ended as {self._model.getModelStatus()}: take "
            "fewer splines or cells"
        )
