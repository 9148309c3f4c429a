"""Hartree-Fock with common radial functions: stationary, above ROHF, at published limits."""

import numpy as np
import pytest

from comotion.density.functionals import hartree
from comotion.electronic.basis import load_basis
from comotion.electronic.mean_field import molecule, reference_of, solve_mean_field
from comotion.electronic.open_shells import (
    needs_common_radial_functions,
    with_common_radial_functions,
)
from comotion.electronic.terms import ground_state
from comotion.errors import ElectronicStructureError
from comotion.systems import parse_atom
from conftest import atom


@pytest.mark.parametrize(
    ("system", "needed"),
    [
        ("Li", False),
        ("B", True),
        ("N", False),
        ("O", True),
        ("Ne", False),
        ("Sc", True),
        ("Cr", False),
    ],
)
def test_when_it_matters(system: str, needed: bool) -> None:
    assert needs_common_radial_functions(ground_state(parse_atom(system))) == needed


def test_oxygen_orbitals_are_the_same_in_every_direction() -> None:
    oxygen = parse_atom("O")
    ground = ground_state(oxygen)
    kind = reference_of("hf", ground)
    mol = molecule(oxygen, load_basis("cc-pVDZ", "O"), ground, kind.symmetry)
    rohf = solve_mean_field(mol, ground, kind, 100)
    before = float(rohf.e_tot)
    after = with_common_radial_functions(rohf, ground, 100)
    assert 0 < after.e_tot - before < 5e-3
    assert after.e_tot == pytest.approx(after.energy_tot(), abs=1e-9)
    for column in after.mo_coeff[:, after.mo_occ > 0].T[2:]:
        weights = np.sort(np.abs(column[np.abs(column) > 1e-12]))
        np.testing.assert_allclose(weights, [0.460531, 0.68632], atol=1e-5)


def test_nothing_changes_where_all_m_are_alike() -> None:
    """One p electron has one radial function in ROHF already."""
    state, density = atom("B", "hf_aug-cc-pVTZ")
    assert state.energy == pytest.approx(-24.5281387, abs=1e-6)
    assert hartree(density) == pytest.approx(11.58008, abs=1e-5)


@pytest.mark.parametrize(("system", "limit"), [("Al", -241.876707), ("Cl", -459.482072)])
def test_third_row(system: str, limit: float) -> None:
    """Numerical Hartree-Fock limits of Koga et al.; the basis is above by some 1e-5."""
    assert 0 < atom(system, "hf_unc-UGBS+1d")[0].energy - limit < 3e-5


def test_no_convergence_is_an_error() -> None:
    oxygen = parse_atom("O")
    ground = ground_state(oxygen)
    kind = reference_of("hf", ground)
    mol = molecule(oxygen, load_basis("cc-pVDZ", "O"), ground, kind.symmetry)
    rohf = solve_mean_field(mol, ground, kind, 100)
    with pytest.raises(ElectronicStructureError, match="functions did not converge in 2 "):
        with_common_radial_functions(rohf, ground, 2)
