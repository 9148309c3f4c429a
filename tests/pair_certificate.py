"""A pair bound made by hand, with everything in closed form.

For two electrons that keep r r' = 1 the dual potential of 1 / (r + r') is, with x = 1 - 2 y,
v = atan(x) / 2 + 1 / (2 (1 + x^2)) - 1 / 4: v(y) + v(z) <= 1 / (r + r'), with equality for
y + z = 1. Kernels of l = 0 and 2 are added to it, and half their diagonal is taken from v: since
2 K(y, z) <= K(y, y) + K(z, z), the inequality stays true. At y = z = 1/2 and t = -1 it stays tight.
"""

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Cells, and what is taken from v so that its cubics stay below it.
CELLS, MARGIN = 32, 3e-7
#: A_0 and A_2 of the functions 1 - y and y.
KERNELS = (((0.3, -0.1), (-0.1, 0.2)), ((0.0, 0.0), (0.0, 0.0)), ((0.04, 0.02), (0.02, 0.01)))
MEAN = (0.7, 1.1)
EXPONENTIAL = {"kind": "gamma", "s": 1.0, "coefficients": [2.0], "powers": [2.0],
               "exponents": [2.0]}  # fmt: skip


def potential(y: Array) -> Array:
    """The dual potential without kernels."""
    x = 1 - 2 * y
    return np.asarray(np.arctan(x) / 2 + 1 / (2 * (1 + x * x)) - 0.25)


def slope(y: Array) -> Array:
    """Its derivative by y."""
    x = 1 - 2 * y
    return np.asarray(-((1 - x) ** 2) / (1 + x * x) ** 2)


def certificate(matrices: Any = KERNELS, density: Any = EXPONENTIAL, **changes: Any) -> Any:
    """The record of a certificate of two electrons.

    Args:
        matrices: The matrices A_l.
        density: The density.
        changes: Other values by their keys.

    Returns:
        The record, without its checksum.
    """
    ends = np.arange(CELLS + 1) / CELLS
    low, high = ends[:-1], ends[1:]
    width = 1 / CELLS
    v = np.stack(
        (
            potential(low),
            potential(low) + width * slope(low) / 3,
            potential(high) - width * slope(high) / 3,
            potential(high),
        ),
        axis=1,
    )
    # Bernstein coefficients of the products of 1 - y and y, raised to cubics.
    first = {(0, 0): (1 - low) ** 2, (0, 1): low * (1 - low), (1, 1): low**2}
    last = {(0, 0): (1 - high) ** 2, (0, 1): high * (1 - high), (1, 1): high**2}
    mixed = {
        (0, 0): (1 - low) * (1 - high),
        (0, 1): (low * (1 - high) + high * (1 - low)) / 2,
        (1, 1): low * high,
    }
    for kernel in matrices:
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            a, b, c = (part[min(i, j), max(i, j)] for part in (first, mixed, last))
            square = np.stack((a, (a + 2 * b) / 3, (2 * b + c) / 3, c), axis=1)
            v -= kernel[i][j] * square / 2
    third = width / 3
    falling = [[1 - y, 1 - y - third, 1 - y - 2 * third, 1 - y - width] for y in low.tolist()]
    rising = [[y, y + third, y + 2 * third, y + width] for y in low.tolist()]
    record = {
        "schema": "comotion pair bound 1",
        "system": "by-hand",
        "level": "exact",
        "n_electrons": 2,
        "unit": 1.3375,
        "cells": np.stack((low, high), axis=1).tolist(),
        "potential": (v - MARGIN).tolist(),
        "functions": [
            {"first": 0, "coefficients": falling},
            {"first": 0, "coefficients": rising},
        ],
        "kernels": [[a[0][0], a[1][0], a[1][1]] for a in matrices],
        "mean": list(MEAN),
        "density": density,
        "lower": -10.0,
    }
    return copy.deepcopy(record | changes)


def written(path: Path, record: Any) -> Path:
    """Write a record with the checksum that fits."""
    rest = {key: value for key, value in record.items() if key != "checksum"}
    checksum = hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps(rest | {"checksum": checksum}))
    return path
