"""Integrals of three real spherical harmonics, in PySCF's order of m.

They are made by a product quadrature over angles that is exact for them.
"""

from collections.abc import Collection

import numpy as np
from pyscf.symm import sph

from comotion.density.radial import Array


def gaunt_coefficients(momenta: Collection[int], highest: int) -> dict[tuple[int, int, int], Array]:
    """Integrals of ``Y_Lm Y_ai Y_bj`` over the unit sphere.

    Args:
        momenta: Angular momenta a, b of the functions.
        highest: Largest L.

    Returns:
        By (L, a, b) the integrals, shape (2 L + 1, 2 a + 1, 2 b + 1). PySCF's m runs over x, y, z
        for an angular momentum of 1.
    """
    largest = max(momenta)
    nodes, weights = np.polynomial.legendre.leggauss(largest + highest // 2 + 2)
    turns = 2 * (2 * largest + highest) + 2
    phi = 2 * np.pi * np.arange(turns) / turns
    sine = np.sqrt(1 - nodes**2)
    points = np.stack(
        [np.outer(sine, np.cos(phi)), np.outer(sine, np.sin(phi)), np.outer(nodes, 0 * phi + 1)],
        axis=-1,
    ).reshape(-1, 3)
    weights = np.repeat(weights * 2 * np.pi / turns, turns)
    harmonics = sph.real_sph_vec(points, max(largest, highest), reorder_p=True)
    return {
        (angular, first, second): np.einsum(
            "mn,in,jn->mij", weights * harmonics[angular], harmonics[first], harmonics[second]
        )
        for angular in range(highest + 1)
        for first in momenta
        for second in momenta
    }
