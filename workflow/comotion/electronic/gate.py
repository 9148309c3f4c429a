"""The quality gate: a state that is not the one asked for writes no result.

Every figure that is judged here is also in the record.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from comotion.density.gamma import GammaMixture
from comotion.density.radial import RadialDensity
from comotion.electronic.state import QuantumState
from comotion.errors import ElectronicStructureError
from comotion.systems import Atom, Level

_EXPECTED = Path(__file__).with_name("expected.csv")

#: Natural occupations may leave [0, 2] by this much: unrelaxed coupled-cluster density
#: matrices are not exactly representable.
_OCCUPATION_TOLERANCE = 1e-3
#: Largest contamination of <S^2> of an unrestricted reference.
_CONTAMINATION = 0.1
#: Largest |int rho - N|, electrons.
_CHARGE = 1e-10
#: Largest deviation of the virial ratio from 2.
_VIRIAL = 0.05
#: How far Hartree-Fock may lie above its limit (basis error), hartree and relative, and
#: below it (UHF in D2h breaks symmetry and gains up to 5e-3 hartree).
_ABOVE, _ABOVE_RELATIVE, _BELOW = 0.03, 2e-3, 0.01
#: Radius at which the cusp of a density is looked at, in units of 1/Z, and its largest relative
#: deviation from 2 Z there.
_NEAR_NUCLEUS, _CUSP = 0.05, 0.02


@cache
def _expected() -> dict[str, dict[str, str]]:
    """Rows of the table by the name of the system."""
    lines = _EXPECTED.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {row["system"]: row for row in rows}


def expected_energy(atom: Atom, kind: str) -> float | None:
    """Energy that the ground state is expected to have, hartree, where it is known.

    Args:
        atom: The atom or ion.
        kind: ``hartree_fock``, the Hartree-Fock limit, or ``exact``.
    """
    energy = _expected().get(str(atom), {}).get(kind)
    return float(energy) if energy else None


def check_state(
    atom: Atom, level: Level, state: QuantumState, density: GammaMixture, *, hund: bool
) -> None:
    """Refuse a state that is not what was asked for.

    Args:
        atom: The atom.
        level: The level.
        state: The state found.
        density: Its averaged density.
        hund: Whether the Hund ground term was asked for.

    Raises:
        ElectronicStructureError: The first gate that fails, with its figure.
    """
    name = f"{atom.symbol} (charge {atom.charge:+d}) at {level.method}/{level.basis}"
    if atom.charge < 0 and state.highest_occupied > 0:
        raise ElectronicStructureError(
            f"{name} is not bound: its highest occupied orbital has the energy "
            f"{state.highest_occupied:+.4f} hartree; choose another charge or a diffuse basis"
        )
    contamination = state.spin_square - state.ground.spin_square
    if abs(contamination) > _CONTAMINATION:
        raise ElectronicStructureError(
            f"{name}: <S^2> = {state.spin_square:.4f} instead of {state.ground.spin_square:.4f}: "
            f"the reference is not the {state.ground.term} state"
        )
    low, high = state.natural_occupations
    if low < -_OCCUPATION_TOLERANCE or high > 2 + _OCCUPATION_TOLERANCE:
        raise ElectronicStructureError(
            f"{name}: natural occupations from {low:.2e} to {high:.6f} leave [0, 2]: the "
            "density matrix is not representable; choose another basis or method"
        )
    if abs(density.integral - density.n_electrons) > _CHARGE:
        raise ElectronicStructureError(
            f"{name}: the density integrates to N {density.integral - density.n_electrons:+.1e}: "
            "the basis is nearly dependent; choose another"
        )
    if abs(state.virial_ratio - 2) > _VIRIAL:
        raise ElectronicStructureError(
            f"{name}: the virial ratio is {state.virial_ratio:.4f}, far from 2: the basis cannot "
            "describe this state; choose a larger one"
        )
    limit = expected_energy(atom, "hartree_fock") if hund else None
    if limit is not None:
        above = state.energy_hf - limit
        if not -_BELOW < above < max(_ABOVE, _ABOVE_RELATIVE * abs(limit)):
            raise ElectronicStructureError(
                f"{name}: Hartree-Fock gives {state.energy_hf:.6f} hartree, {above:+.4f} from the "
                f"limit {limit:.6f} of the {state.ground.term} ground state: the state is "
                "another one, or the basis is too small; choose a larger basis"
            )


@dataclass(frozen=True)
class DensityQuality:
    """Figures by which a composed density is judged.

    Attributes:
        charge_error: int rho - N, electrons.
        nuclear_cusp: -rho'/rho over 2 Z near the nucleus; 1 by Kato's condition.
    """

    charge_error: float
    nuclear_cusp: float


def density_quality(atom: Atom, density: RadialDensity) -> DensityQuality:
    """Figures by which a composed density is judged.

    Reference for the cusp: T. Kato, Comm. Pure Appl. Math. 10, 151 (1957). Gaussians have none at
    r = 0, so the slope is that between two radii about 0.05 / Z.
    """
    r = _NEAR_NUCLEUS / atom.nuclear_charge * np.array([0.5, 1.5])
    slope = float(np.diff(np.log(density.density(r)))[0] / np.diff(r)[0])
    inside = float(density.cumulant(density.quadrature().radii[-1]))
    return DensityQuality(inside - density.n_electrons, slope / (-2.0 * atom.nuclear_charge))


def check_density(name: str, quality: DensityQuality) -> None:
    """Refuse a composed density that cannot be that of an atom.

    Args:
        name: The system and its level.
        quality: Its figures.

    Raises:
        ElectronicStructureError: The first gate that fails, with its figure.
    """
    if abs(quality.charge_error) > _CHARGE:
        raise ElectronicStructureError(
            f"{name}: the density integrates to N {quality.charge_error:+.1e}: a part of it is "
            "wrong; compute the levels of which it is composed again"
        )
    if abs(quality.nuclear_cusp - 1) > _CUSP:
        raise ElectronicStructureError(
            f"{name}: the slope of the density at the nucleus is {quality.nuclear_cusp:.4f} of "
            "that of the cusp; choose a larger basis"
        )
