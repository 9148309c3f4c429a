"""Optimal transport against quantum mechanics, atom by atom.

>>> import comotion
>>> rho = comotion.model("exponential", 2)
>>> plan = comotion.comotion_plan(rho)
>>> round(plan.cost, 9)
0.169590238

Everything is in hartree atomic units. Names are imported when they are first used, so
that a model density does not cost the import of PySCF.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comotion.analysis import Analysis, analyse, load
    from comotion.connection.ingredients import Ingredients
    from comotion.connection.interpolations import INTERPOLATIONS
    from comotion.connection.of_state import Connection, adiabatic_connection
    from comotion.connection.pair_curve import ConnectionCurve, connection_curve
    from comotion.connection.second_order import SecondOrder, second_order
    from comotion.density.functionals import density_integrals, hartree
    from comotion.density.gamma import GammaMixture
    from comotion.density.model_densities import MODELS, UniformBall, model
    from comotion.density.radial import RadialDensity
    from comotion.density.table import TabulatedDensity, tabulated
    from comotion.density.user_table import read_table
    from comotion.electronic.atoms import atom, solve_atom
    from comotion.electronic.basis import load_basis
    from comotion.electronic.orbitals import read_orbitals
    from comotion.electronic.pyscf_objects import from_pyscf
    from comotion.electronic.state import ElectronicState, QuantumState
    from comotion.electronic.two_electrons import (
        HylleraasState,
        one_body_density,
        solve_two_electrons,
    )
    from comotion.errors import ProofError
    from comotion.kohn_sham.of_density import (
        KohnShamCorrelation,
        KohnShamSystem,
        kohn_sham_correlation,
        kohn_sham_system,
    )
    from comotion.kohn_sham.self_consistent import SelfConsistentAtom, self_consistent
    from comotion.proof.verify import ProvenBound, verify_bound
    from comotion.reading import read_density
    from comotion.reference_set.loading import ReferencePair, reference
    from comotion.systems import parse_atom, parse_level, parse_model
    from comotion.tables.chain import check_chain
    from comotion.tables.comparison import energies_table
    from comotion.transport.angular.search import AngularMinimum, Effort, angular_minimum
    from comotion.transport.bounds.bracket import BracketEffort, bracket
    from comotion.transport.bounds.certificate import Bracket
    from comotion.transport.bounds.pair.bound import PairBound, pair_bound
    from comotion.transport.bounds.pair.trial import PairEffort
    from comotion.transport.comotion import Accuracy, comotion_plan
    from comotion.transport.hierarchy import HierarchyValue, hierarchy, pair_value
    from comotion.transport.lieb_oxford.largest_ratio import LiebOxfordShape, lieb_oxford_shape
    from comotion.transport.maps import comotion_functions, configuration_radii
    from comotion.transport.optimal_zero_point import OptimalZeroPoint, optimal_zero_point
    from comotion.transport.pair_cost import PairCost
    from comotion.transport.patterns import BestPattern, best_pattern
    from comotion.transport.plan import Plan
    from comotion.transport.potential import RadialPotential, force_potential
    from comotion.transport.zero_point import ZeroPoint, zero_point

    __version__: str

#: Public names by the module that defines them.
_NAMES = {
    "analysis": ("Analysis", "analyse", "load"),
    "connection.ingredients": ("Ingredients",),
    "connection.interpolations": ("INTERPOLATIONS",),
    "connection.of_state": ("Connection", "adiabatic_connection"),
    "connection.pair_curve": ("ConnectionCurve", "connection_curve"),
    "connection.second_order": ("SecondOrder", "second_order"),
    "density.functionals": ("density_integrals", "hartree"),
    "density.gamma": ("GammaMixture",),
    "density.model_densities": ("MODELS", "UniformBall", "model"),
    "density.radial": ("RadialDensity",),
    "density.table": ("TabulatedDensity", "tabulated"),
    "density.user_table": ("read_table",),
    "electronic.atoms": ("atom", "solve_atom"),
    "electronic.basis": ("load_basis",),
    "electronic.orbitals": ("read_orbitals",),
    "electronic.pyscf_objects": ("from_pyscf",),
    "electronic.state": ("ElectronicState", "QuantumState"),
    "electronic.two_electrons": ("HylleraasState", "one_body_density", "solve_two_electrons"),
    "errors": ("ProofError",),
    "kohn_sham.of_density": (
        "KohnShamCorrelation",
        "KohnShamSystem",
        "kohn_sham_correlation",
        "kohn_sham_system",
    ),
    "kohn_sham.self_consistent": ("SelfConsistentAtom", "self_consistent"),
    "proof.verify": ("ProvenBound", "verify_bound"),
    "reading": ("read_density",),
    "reference_set.loading": ("ReferencePair", "reference"),
    "systems": ("parse_atom", "parse_level", "parse_model"),
    "tables.chain": ("check_chain",),
    "tables.comparison": ("energies_table",),
    "transport.angular.search": ("AngularMinimum", "Effort", "angular_minimum"),
    "transport.bounds.bracket": ("BracketEffort", "bracket"),
    "transport.bounds.certificate": ("Bracket",),
    "transport.bounds.pair.bound": ("PairBound", "pair_bound"),
    "transport.bounds.pair.trial": ("PairEffort",),
    "transport.comotion": ("Accuracy", "comotion_plan"),
    "transport.hierarchy": ("HierarchyValue", "hierarchy", "pair_value"),
    "transport.lieb_oxford.largest_ratio": ("LiebOxfordShape", "lieb_oxford_shape"),
    "transport.maps": ("comotion_functions", "configuration_radii"),
    "transport.pair_cost": ("PairCost",),
    "transport.optimal_zero_point": ("OptimalZeroPoint", "optimal_zero_point"),
    "transport.patterns": ("BestPattern", "best_pattern"),
    "transport.plan": ("Plan",),
    "transport.potential": ("RadialPotential", "force_potential"),
    "transport.zero_point": ("ZeroPoint", "zero_point"),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [
    "INTERPOLATIONS",
    "MODELS",
    "Accuracy",
    "Analysis",
    "AngularMinimum",
    "BestPattern",
    "Bracket",
    "BracketEffort",
    "Connection",
    "ConnectionCurve",
    "Effort",
    "ElectronicState",
    "GammaMixture",
    "HierarchyValue",
    "HylleraasState",
    "Ingredients",
    "KohnShamCorrelation",
    "KohnShamSystem",
    "LiebOxfordShape",
    "OptimalZeroPoint",
    "PairBound",
    "PairCost",
    "PairEffort",
    "Plan",
    "ProofError",
    "ProvenBound",
    "QuantumState",
    "RadialDensity",
    "RadialPotential",
    "ReferencePair",
    "SecondOrder",
    "SelfConsistentAtom",
    "TabulatedDensity",
    "UniformBall",
    "ZeroPoint",
    "__version__",
    "adiabatic_connection",
    "analyse",
    "angular_minimum",
    "atom",
    "best_pattern",
    "bracket",
    "check_chain",
    "comotion_functions",
    "comotion_plan",
    "configuration_radii",
    "connection_curve",
    "density_integrals",
    "energies_table",
    "force_potential",
    "from_pyscf",
    "hartree",
    "hierarchy",
    "kohn_sham_correlation",
    "kohn_sham_system",
    "lieb_oxford_shape",
    "load",
    "load_basis",
    "model",
    "one_body_density",
    "optimal_zero_point",
    "pair_bound",
    "pair_value",
    "parse_atom",
    "parse_level",
    "parse_model",
    "read_density",
    "read_orbitals",
    "read_table",
    "reference",
    "second_order",
    "self_consistent",
    "solve_atom",
    "solve_two_electrons",
    "tabulated",
    "verify_bound",
    "zero_point",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module."""
    if name == "__version__":
        return import_module("comotion.version").VERSION
    if name not in _HOME:
        raise AttributeError(f"module 'comotion' has no attribute {name!r}")
    return getattr(import_module(f"comotion.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """Public names, for completion."""
    return __all__
