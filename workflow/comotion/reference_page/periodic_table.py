"""Where an element stands in the periodic table of eighteen columns."""

from comotion.systems import ELEMENTS

#: Nuclear charges with which the periods begin, and one past the last.
_PERIODS = (1, 3, 11, 19, 37, 55, 87, 119)
#: The f elements stand in two rows of their own, one empty row below the others.
_F_ROWS = {57: 9, 89: 10}
_F_COLUMN, _F_ELEMENTS = 4, 14


def place(nuclear_charge: int) -> tuple[int, int]:
    """Row and column of an element, from 1.

    Args:
        nuclear_charge: Z, from 1 to 118.

    Returns:
        The row, its period but for f elements, and the column, its group.
    """
    for first, row in _F_ROWS.items():
        if first <= nuclear_charge < first + _F_ELEMENTS:
            return row, _F_COLUMN + nuclear_charge - first
    period = max(k for k, first in enumerate(_PERIODS, 1) if first <= nuclear_charge)
    first, after = _PERIODS[period - 1], _PERIODS[period]
    column = nuclear_charge - first + 1
    # The last six of a period, in the first the last one, stand at the right.
    left = 1 if period == 1 else 2
    if column > left:
        column = 18 - (after - 1 - nuclear_charge)
    return period, column


def elements(heaviest: int) -> range:
    """Nuclear charges of the elements that the page shows: whole periods, five at least.

    Args:
        heaviest: The largest nuclear charge in the set.
    """
    after = next(first for first in _PERIODS[5:] if first > heaviest)
    return range(1, min(after, len(ELEMENTS)))
