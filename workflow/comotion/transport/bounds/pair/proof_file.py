"""The certificate of a pair bound: everything that proves it, as one record.

`comotion.proof.document` says what each key means; nothing else is shared with the verifier.
"""

from typing import Any

import numpy as np

from comotion.density.gamma import GammaMixture
from comotion.density.model_densities import UniformBall
from comotion.density.radial import RadialDensity
from comotion.density.table import TabulatedDensity
from comotion.errors import TransportError
from comotion.transport.bounds.pair.trial import PairTrial

_SCHEMA = "comotion pair bound 1"


def certificate(
    trial: PairTrial, lower: float, system: str = "", level: str = ""
) -> dict[str, Any]:
    """The certificate of a trial.

    Args:
        trial: Potential and kernels.
        lower: The bound that it claims, hartree.
        system: Name of the system.
        level: Name of the level.

    Returns:
        The record, to be written as JSON.

    Raises:
        TransportError: The density is of a kind that certificates do not know.
    """
    space = trial.space
    whole = [space.whole(kernel) for kernel in trial.kernels]
    lower_triangle = np.tril_indices(len(space.functions))
    potential = np.einsum("p,pmj->mj", trial.potential, space.potentials)
    return {
        "schema": _SCHEMA,
        "system": system,
        "level": level,
        "n_electrons": space.n_electrons,
        "unit": trial.unit,
        "cells": space.cells.tolist(),
        "potential": potential.tolist(),
        "functions": [_where_not_zero(pieces) for pieces in space.functions],
        "kernels": [kernel[lower_triangle].tolist() for kernel in whole],
        "mean": space.charges.tolist(),
        "density": density_record(trial.density),
        "lower": lower,
    }


def _where_not_zero(pieces: Any) -> dict[str, Any]:
    """A function on the cells between the first and the last where it is not zero."""
    cells = np.flatnonzero(np.any(pieces != 0, axis=1))
    first, last = int(cells[0]), int(cells[-1])
    return {"first": first, "coefficients": pieces[first : last + 1].tolist()}


def density_record(density: RadialDensity) -> dict[str, Any]:
    """A density as its certificate has it.

    Raises:
        TransportError: It is of a kind that certificates do not know.
    """
    if isinstance(density, GammaMixture):
        return {
            "kind": "gamma",
            "s": density.s,
            "coefficients": density.coefficients.tolist(),
            "powers": density.powers.tolist(),
            "exponents": density.exponents.tolist(),
        }
    if isinstance(density, UniformBall):
        return {"kind": "ball", "radius": density.ball_radius}
    if isinstance(density, TabulatedDensity):
        return {"kind": "table", "pieces": density.pieces()}
    raise TransportError(f"{density!r} is of a kind that no certificate can hold")
