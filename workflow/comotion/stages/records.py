"""What the records of several stages have in common."""

import math
from dataclasses import asdict
from typing import Any

from comotion.density.functionals import density_integrals
from comotion.density.radial import RadialDensity


def density_integrals_record(system: str, level: str, density: RadialDensity) -> dict[str, Any]:
    """What follows from a density alone: density.json, and a part of quantum.json.

    Args:
        system: Name of the system.
        level: Name of the level.
        density: The density.

    Returns:
        The integrals in hartree atomic units, under the names of the symbol table; null where
        one does not converge.
    """
    integrals = density_integrals(density)
    n_electrons = density.n_electrons
    found = {
        name: None if math.isnan(value) else value for name, value in asdict(integrals).items()
    }
    return {
        "system": system,
        "level": level,
        "n_electrons": n_electrons,
        "v_mean_field": (1 - 1 / n_electrons) * integrals.hartree,
        **found,
    }
