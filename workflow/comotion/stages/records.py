"""What the records of several stages have in common."""

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
        The integrals in hartree atomic units, under the names of the symbol table.
    """
    integrals = density_integrals(density)
    n_electrons = density.n_electrons
    return {
        "system": system,
        "level": level,
        "n_electrons": n_electrons,
        "hartree": integrals.hartree,
        "hartree_error": integrals.hartree_error,
        "v_mean_field": (1 - 1 / n_electrons) * integrals.hartree,
        "rho_four_thirds": integrals.rho_four_thirds,
        "gradient_four_thirds": integrals.gradient_four_thirds,
        "rho_three_halves": integrals.rho_three_halves,
        "gradient_seven_sixths": integrals.gradient_seven_sixths,
        "w_pc": integrals.w_pc,
        "w_pc_prime": integrals.w_pc_prime,
    }
