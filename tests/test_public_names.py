"""The public names of the package: each is what its module defines, and nothing else is there."""

import importlib

import pytest

import comotion
from comotion.version import VERSION

#: Public names by the module that a reader of the documents is sent to.
_WHERE = {
    "analysis": "Analysis analyse load",
    "density.functionals": "density_integrals hartree",
    "density.gamma": "GammaMixture",
    "connection.ingredients": "Ingredients",
    "connection.interpolations": "INTERPOLATIONS",
    "connection.of_state": "Connection adiabatic_connection",
    "connection.pair_curve": "ConnectionCurve connection_curve",
    "connection.second_order": "SecondOrder second_order",
    "density.model_densities": "MODELS UniformBall model",
    "density.radial": "RadialDensity",
    "density.table": "TabulatedDensity tabulated",
    "density.user_table": "read_table",
    "electronic.atoms": "atom solve_atom",
    "electronic.basis": "load_basis",
    "electronic.orbitals": "read_orbitals",
    "electronic.pyscf_objects": "from_pyscf",
    "electronic.state": "ElectronicState QuantumState",
    "electronic.two_electrons": "HylleraasState one_body_density solve_two_electrons",
    "errors": "ProofError",
    "kohn_sham.of_density": (
        "KohnShamCorrelation KohnShamSystem kohn_sham_correlation kohn_sham_system"
    ),
    "kohn_sham.self_consistent": "SelfConsistentAtom self_consistent",
    "proof.verify": "ProvenBound verify_bound",
    "reading": "read_density",
    "reference_set.loading": "ReferencePair reference",
    "systems": "parse_atom parse_level parse_model",
    "tables.chain": "check_chain",
    "tables.comparison": "energies_table",
    "transport.angular.search": "AngularMinimum Effort angular_minimum",
    "transport.bounds.bracket": "BracketEffort bracket",
    "transport.bounds.certificate": "Bracket",
    "transport.bounds.pair.bound": "PairBound pair_bound",
    "transport.bounds.pair.trial": "PairEffort",
    "transport.comotion": "Accuracy comotion_plan",
    "transport.hierarchy": "HierarchyValue hierarchy pair_value",
    "transport.lieb_oxford.largest_ratio": "LiebOxfordShape lieb_oxford_shape",
    "transport.maps": "comotion_functions configuration_radii",
    "transport.pair_cost": "PairCost",
    "transport.optimal_zero_point": "OptimalZeroPoint optimal_zero_point",
    "transport.patterns": "BestPattern best_pattern",
    "transport.plan": "Plan",
    "transport.potential": "RadialPotential force_potential",
    "transport.zero_point": "ZeroPoint zero_point",
}


@pytest.mark.parametrize(("module", "names"), list(_WHERE.items()))
def test_each_name_is_that_of_its_module(module: str, names: str) -> None:
    home = importlib.import_module(f"comotion.{module}")
    for name in names.split():
        assert getattr(comotion, name) is getattr(home, name)
        # Defined there, not only imported.
        assert getattr(getattr(home, name), "__module__", home.__name__) == home.__name__


def test_all_public_names_are_listed() -> None:
    names = {name for listed in _WHERE.values() for name in listed.split()} | {"__version__"}
    assert set(comotion.__all__) == names
    assert dir(comotion) == sorted(comotion.__all__)
    assert len(comotion.__all__) == len(names)
    assert comotion.__version__ == VERSION


def test_a_name_that_there_is_not() -> None:
    with pytest.raises(AttributeError, match="module 'comotion' has no attribute 'cost'"):
        _ = comotion.cost
