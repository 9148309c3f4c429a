"""Densities of thin shells far apart, as tables."""

import numpy as np

from comotion.density.table import TabulatedDensity, tabulated


def shells(radii: tuple[float, ...], charges: tuple[int, ...], width: float) -> TabulatedDensity:
    """Shells of charges at radii, each a normal distribution of log r with some width.

    Args:
        radii: Medians of the shells, bohr.
        charges: Electrons in each.
        width: Standard deviation of log r.

    Returns:
        The density, with next to no charge between the shells.
    """
    r = np.geomspace(min(radii) * np.exp(-8 * width), max(radii) * np.exp(8 * width), 4000)
    far = (np.log(r) - np.log(radii)[:, None]) / width
    of_log = np.array(charges) @ np.exp(-(far**2) / 2) / (width * np.sqrt(2 * np.pi))
    return tabulated(r, np.maximum(of_log, 1e-250) / (4 * np.pi * r**3), normalize=True)
