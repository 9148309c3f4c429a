"""The electrons of a curve as they move: configurations of a plan, turned to follow one another."""

from typing import Any

import numpy as np

from comotion.density.radial import Array
from comotion.transport.plan import Plan

#: Least distance of two configurations in q, for the nodes of a quadrature crowd at the ends, and
#: significant digits of their numbers.
_APART, _DIGITS = 1 / 200, 6


def motion(plan: Plan) -> dict[str, Any]:
    """What a page needs to show the electrons of a curve one configuration after another.

    Every configuration is one of the plan's own. It is known up to a rotation and a reflection,
    which cost nothing: each is turned to lie as near to the one before as it can.

    Args:
        plan: A curve with its folded cumulants.

    Returns:
        ``q``; ``radii`` of the electrons by shell, bohr; ``positions``, bohr; ``energies``,
        hartree; and ``shells``, the shell radii, bohr.
    """
    q = np.asarray(plan.q)
    chosen: list[int] = []
    for k in np.argsort(q):
        if not chosen or q[k] - q[chosen[-1]] >= _APART:
            chosen.append(int(k))
    return {
        "q": _rounded(q[chosen]),
        "radii": _rounded(plan.radii[chosen]),
        "positions": _rounded(aligned(plan.positions[chosen]).transpose(0, 2, 1)),
        "energies": _rounded(plan.energies[chosen]),
        "shells": _rounded(plan.density.shells),
    }


def aligned(positions: Array) -> Array:
    """Configurations, each rotated or reflected to lie as near to the one before as it can.

    The directions are compared, so that a far electron counts no more than a near one (Procrustes:
    P. H. Schoenemann, Psychometrika 31, 1 (1966)).

    Args:
        positions: Positions, shape (n, 3, N), bohr.

    Returns:
        The same up to an orthogonal map of each, shape (n, 3, N).
    """
    found = np.array(positions)
    # The first stands upright: its longest axis vertical.
    _, axes = np.linalg.eigh(found[0] @ found[0].T)
    found[0] = axes.T @ found[0]
    for k in range(1, len(found)):
        before, now = _directions(found[k - 1]), _directions(found[k])
        left, _, right = np.linalg.svd(before @ now.T)
        found[k] = left @ right @ found[k]
    return found


def _directions(positions: Array) -> Array:
    lengths = np.linalg.norm(positions, axis=0)
    return np.asarray(positions / np.maximum(lengths, 1e-300))


def _rounded(values: Array) -> Any:
    """Lists of the values to a few significant digits."""
    if values.ndim:
        return [_rounded(value) for value in values]
    return float(f"{float(values):.{_DIGITS}g}")
