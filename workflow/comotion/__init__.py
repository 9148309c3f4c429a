"""Optimal transport against quantum mechanics, atom by atom.

>>> from comotion import MODELS, strict_correlation
>>> plan = strict_correlation(MODELS["exponential"](2))
>>> round(plan.v_comotion, 9)
0.169590238

Everything is in hartree atomic units. Names are imported when they are first used, so
that a model density does not cost the import of PySCF.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comotion.abinitio.atoms import solve_atom
    from comotion.abinitio.files import read_orbitals
    from comotion.abinitio.hylleraas import (
        HylleraasState,
        one_body_density,
        solve_two_electrons,
    )
    from comotion.abinitio.state import QuantumState
    from comotion.comparison.table import check_chain, energies_table
    from comotion.density.files import read_table
    from comotion.density.functionals import density_integrals, hartree
    from comotion.density.gamma import GammaMixture
    from comotion.density.models import MODELS, UniformBall
    from comotion.density.radial import RadialDensity
    from comotion.density.table import TabulatedDensity, tabulated
    from comotion.records import read_density
    from comotion.systems import parse_atom, parse_level, parse_model
    from comotion.transport.angular import AngularMinimum, Effort, angular_minimum
    from comotion.transport.certificate.bracket import Bracket, bracket
    from comotion.transport.hierarchy.values import hierarchy_value, pair_value
    from comotion.transport.maps import comotion_functions, configuration_radii
    from comotion.transport.patterns import BestPattern, best_pattern
    from comotion.transport.potential import RadialPotential, force_potential
    from comotion.transport.sce import Accuracy, StrictCorrelation, strict_correlation
    from comotion.transport.zeropoint import ZeroPoint, zero_point

_HOME = {
    "QuantumState": "abinitio.atoms",
    "solve_atom": "abinitio.atoms",
    "read_orbitals": "abinitio.files",
    "HylleraasState": "abinitio.hylleraas",
    "one_body_density": "abinitio.hylleraas",
    "solve_two_electrons": "abinitio.hylleraas",
    "check_chain": "comparison.table",
    "energies_table": "comparison.table",
    "density_integrals": "density.functionals",
    "hartree": "density.functionals",
    "GammaMixture": "density.gamma",
    "MODELS": "density.models",
    "UniformBall": "density.models",
    "RadialDensity": "density.radial",
    "TabulatedDensity": "density.table",
    "read_table": "density.files",
    "tabulated": "density.table",
    "read_density": "records",
    "parse_atom": "systems",
    "parse_level": "systems",
    "parse_model": "systems",
    "AngularMinimum": "transport.angular",
    "Effort": "transport.angular",
    "angular_minimum": "transport.angular",
    "Bracket": "transport.certificate.bracket",
    "bracket": "transport.certificate.bracket",
    "hierarchy_value": "transport.hierarchy.values",
    "pair_value": "transport.hierarchy.values",
    "comotion_functions": "transport.maps",
    "configuration_radii": "transport.maps",
    "BestPattern": "transport.patterns",
    "best_pattern": "transport.patterns",
    "RadialPotential": "transport.potential",
    "force_potential": "transport.potential",
    "Accuracy": "transport.sce",
    "StrictCorrelation": "transport.sce",
    "strict_correlation": "transport.sce",
    "ZeroPoint": "transport.zeropoint",
    "zero_point": "transport.zeropoint",
}

__version__ = "0.1.0"
__all__ = [
    "MODELS",
    "Accuracy",
    "AngularMinimum",
    "BestPattern",
    "Bracket",
    "Effort",
    "GammaMixture",
    "HylleraasState",
    "QuantumState",
    "RadialDensity",
    "RadialPotential",
    "StrictCorrelation",
    "TabulatedDensity",
    "UniformBall",
    "ZeroPoint",
    "__version__",
    "angular_minimum",
    "best_pattern",
    "bracket",
    "check_chain",
    "comotion_functions",
    "configuration_radii",
    "density_integrals",
    "energies_table",
    "force_potential",
    "hartree",
    "hierarchy_value",
    "one_body_density",
    "pair_value",
    "parse_atom",
    "parse_level",
    "parse_model",
    "read_density",
    "read_orbitals",
    "read_table",
    "solve_atom",
    "solve_two_electrons",
    "strict_correlation",
    "tabulated",
    "zero_point",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module."""
    if name not in _HOME:
        raise AttributeError(f"module 'comotion' has no attribute {name!r}")
    return getattr(import_module(f"comotion.{_HOME[name]}"), name)
