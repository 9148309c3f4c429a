"""The inverse of a cumulant: Newton's iteration in log r, kept inside of a bracket."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from comotion.errors import DensityError

Array = NDArray[np.float64]

#: Log of the largest radius that is looked at, and of the inverse of the smallest, bohr.
LARGEST_LOG = 690.0
#: Least charge all of whose digits a number holds, electrons.
LEAST_CHARGE = 1e-300
#: Most steps of the iteration; halving the widest bracket takes some sixty.
_STEPS = 200
#: Step from which on the error that is allowed grows, its growth, and the most that is allowed.
_LATE, _GROWTH, _MOST = 150, 1.3, 1e-10


def require_held(charges: tuple[Array, Array], least: tuple[float, float]) -> None:
    """Refuse charges which no number holds, or the radius of which none does.

    Args:
        charges: Charges inside and outside of radii, shapes (n,), electrons.
        least: Least charge of either kind that may be asked for, electrons.

    Raises:
        DensityError: One is less.
    """
    for asked, may_be, side in zip(charges, least, ("inside", "outside"), strict=True):
        small = asked[asked < may_be]
        if small.size:
            raise DensityError(
                f"the radius with {small[0]} electrons {side} of it is beyond double precision: "
                f"ask for 0 electrons, or for at least {may_be}"
            )


def solve_log_radius(
    charge_on: Callable[[Array, NDArray[np.bool_]], Array],
    charge_per_log: Callable[[Array], Array],
    charges: tuple[Array, Array],
    bracket: tuple[Array, Array, Array],
) -> Array:
    """Log of the radii that enclose some charges.

    Args:
        charge_on: Charge inside of radii where the second argument holds, and outside elsewhere,
            shapes (n,), electrons.
        charge_per_log: Charge per unit of log r at radii, shape (n,), electrons.
        charges: Charges inside and outside, shapes (n,), electrons; the smaller one counts.
        bracket: A guess of log r, and values below and above it, shapes (n,).

    Returns:
        The logarithms, shape (n,).

    Raises:
        DensityError: The iteration does not end.
    """
    inside, outside = charges
    x, low, high = bracket
    from_inside = inside <= outside
    sign = np.where(from_inside, 1.0, -1.0)
    target = np.log(np.where(from_inside, inside, outside))
    active = np.arange(len(x))
    for iteration in range(_STEPS):
        # Next to either end of all numbers there may be no square of the radius.
        with np.errstate(over="ignore"):
            r = np.exp(x[active])
            charge = charge_on(r, from_inside[active])
            slope = charge_per_log(r)
        # A charge that rounding or a negligible tail makes negative counts as none.
        with np.errstate(divide="ignore"):
            error = sign[active] * (np.log(np.maximum(charge, 0.0)) - target[active])
        too_far = error > 0
        high[active] = np.where(too_far, x[active], high[active])
        low[active] = np.where(too_far, low[active], x[active])
        with np.errstate(all="ignore"):
            proposal = x[active] - error * charge / slope
        inside_bracket = (proposal >= low[active]) & (proposal <= high[active])
        middle = 0.5 * (low[active] + high[active])
        step = np.where(inside_bracket, proposal, middle) - x[active]
        # Between shells a rounding error of the charge moves the radius far: ask for less.
        step[np.abs(error) <= _enough(iteration)] = 0.0
        x[active] += step
        active = active[np.abs(step) > 1e-14]
        if active.size == 0:
            return x
    raise DensityError(
        f"the radius enclosing {inside[active[0]]} electrons was not found: "
        "the cumulant is not monotone there"
    )


def _enough(iteration: int) -> float:
    """Relative error of a charge that ends the iteration.

    Terms of opposite signs leave more of one than rounding does; late steps take that for enough.
    """
    slowly = 1e-15 * max(1, iteration - 50)
    return min(slowly * _GROWTH ** max(0, iteration - _LATE), _MOST)
