"""What a user's own pair cost must be, and its derivatives by differences."""

from collections.abc import Callable

import numpy as np

from comotion.density.radial import Array
from comotion.errors import TransportError

Function = Callable[[Array], Array]

#: Weights of f(d + k h) - f(d - k h), k = 1..4, in the central difference of eighth order, and the
#: step in units of the distance d: rounding is below 1e-12 of f, and the neglected terms are where
#: f changes by no more than e^10 from d to 2 d.
_DIFFERENCES, _STEP = (4 / 5, -1 / 5, 4 / 105, -1 / 280), 2.0**-8
#: Distances at which a user's own cost is looked at, bohr, and how far its slope may be from the
#: central difference, relative to what it can lose by rounding.
_SAMPLE, _SLOPE_TOLERANCE = np.geomspace(1e-2, 1e2, 41), 1e-6


def central_differences(function: Function) -> Function:
    """The derivative of a function of distances by differences of eighth order.

    Args:
        function: The function.

    Returns:
        Its derivative.
    """

    def derivative(d: Array) -> Array:
        step = _STEP * d
        terms = [
            weight * (function(d + k * step) - function(d - k * step))
            for k, weight in enumerate(_DIFFERENCES, start=1)
        ]
        return np.asarray(sum(terms) / step)

    return derivative


def require_function(function: Function, what: str) -> None:
    """Check that a function takes arrays and is finite.

    Args:
        function: The function, of distances in bohr.
        what: What it is called in messages.

    Raises:
        TransportError: At distances from 0.01 to 100 bohr it is not.
    """
    try:
        with np.errstate(all="ignore"):
            values = np.asarray(function(_SAMPLE), dtype=float)
    except (TypeError, ValueError) as error:
        raise TransportError(
            f"{what} takes no array of distances ({error}): write it with numpy"
        ) from error
    if values.shape != _SAMPLE.shape:
        raise TransportError(
            f"{what} makes of {_SAMPLE.size} distances an array of the shape {values.shape}: "
            "write it with numpy, one value for each distance"
        )
    if not np.all(np.isfinite(values)):
        bad = _SAMPLE[~np.isfinite(values)][0]
        raise TransportError(f"{what} is not finite at {bad:.4g} bohr: it must be, beyond d = 0")


def require_slope(slope: Function, function: Function, name: str) -> None:
    """Check the derivative of a cost against differences.

    Args:
        slope: The derivative l'(d), hartree per bohr.
        function: The cost l(d), hartree.
        name: Name of the cost.

    Raises:
        TransportError: It is not the derivative, or takes no arrays.
    """
    require_function(slope, f"the slope of the cost {name!r}")
    given, differences = slope(_SAMPLE), central_differences(function)(_SAMPLE)
    scale = np.abs(differences) + np.abs(function(_SAMPLE)) / _SAMPLE
    wrong = np.abs(given - differences) > _SLOPE_TOLERANCE * scale
    if np.any(wrong):
        k = int(np.argmax(wrong))
        raise TransportError(
            f"the slope given for the cost {name!r} is no derivative of it: at {_SAMPLE[k]:.4g} "
            f"bohr it is {given[k]:.6g}, by differences {differences[k]:.6g}"
        )
