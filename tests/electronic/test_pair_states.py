"""States whose pair densities are made: against one another, and what is refused."""

from typing import Any

import numpy as np
import pytest

from comotion.electronic import pair_states
from comotion.electronic.atoms import atom
from comotion.electronic.pair_levels import PAIR_METHODS, check_pair_level
from comotion.electronic.pair_states import PairState, pair_density
from comotion.electronic.state import QuantumState
from comotion.errors import ComotionError, ElectronicStructureError
from comotion.systems import parse_atom, parse_level
from told import Told

_R = np.geomspace(0.01, 5, 12)


def _found(system: str, level: str, **options: Any) -> PairState:
    return pair_density(parse_atom(system), parse_level(level), **options)


@pytest.mark.parametrize(
    ("system", "level"), [("Be", "fci_6-31G"), ("Be", "ccsd_cc-pVDZ"), ("Ne", "hf_cc-pVTZ")]
)
def test_a_state_is_that_of_its_level(system: str, level: str) -> None:
    """Its density and <V_ee> are those of `comotion.atom`, and its pairs have both."""
    found, state = _found(system, level), atom(system, level=level)
    n = state.n_electrons
    np.testing.assert_allclose(found.density(_R), state.density(_R), rtol=1e-5)
    assert found.v_quantum == pytest.approx(state.energies.v_quantum, rel=1e-7)
    assert found.pairs.repulsion == pytest.approx(found.v_quantum, rel=1e-9)
    assert found.pairs.integrals[0] == pytest.approx(n * (n - 1), rel=1e-12)
    expected = (n - 1) * 4 * np.pi * _R**2 * state.density(_R)
    np.testing.assert_allclose(found.pairs.marginal(_R), expected, rtol=1e-5)
    assert 0 <= found.marginal_deviation < 1e-11
    assert found.pairs.n_electrons == n


def test_hartree_fock_keeps_the_functions_of_occupied_momenta() -> None:
    """As the level does: of neon s and p, so that L ends at 2."""
    found = _found("Ne", "hf_cc-pVTZ")
    details = atom("Ne", level="hf_cc-pVTZ").details
    assert isinstance(details, QuantumState)
    assert details.basis_functions == 4 + 3 * 3
    assert found.pairs.highest == 2


def test_coupled_cluster_of_two_electrons_is_full_ci() -> None:
    one, other = (_found("He", f"{method}_cc-pVTZ").pairs for method in ("ccsd", "fci"))
    assert one.highest == other.highest == 4
    first, second = one.moments(_R[:, None], _R), other.moments(_R[:, None], _R)
    np.testing.assert_allclose(first, second, atol=2e-7)
    # What the two are told apart from: no correlation at all.
    without = _found("He", "hf_cc-pVTZ").pairs
    assert np.max(np.abs(without.radial(_R[:, None], _R) - second[0])) > 1e-2


def test_deviation_of_a_marginal() -> None:
    """Of the pairs of one atom and the density of another, the largest difference."""
    one, other = _found("Be", "hf_6-31G"), _found("Be", "hf_cc-pVDZ")
    mixed = PairState(one.pairs, other.density, one.v_quantum)
    r = np.linspace(0.001, 10, 20000)
    differences = 12 * np.pi * r**2 * np.abs(one.density(r) - other.density(r))
    assert mixed.marginal_deviation == pytest.approx(np.max(differences), rel=1e-3)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("integral", "the integral of the pair density is 24 instead of 12: choose another basis"),
        ("repulsion", r"the repulsion of the pair density is 4.\d+ instead of 4.\d+: choose"),
        ("marginal", r"not that of its density, by 2\.\d per bohr: choose another basis"),
    ],
)
def test_a_pair_density_of_another_state_is_refused(
    monkeypatch: pytest.MonkeyPatch, what: str, sentence: str
) -> None:
    right = pair_states._hartree_fock

    def wrong(mean_field: Any, max_cycle: int, report: Any) -> Any:
        found = right(mean_field, max_cycle, report)
        if what == "integral":
            return found._replace(two=2 * found.two)
        if what == "repulsion":
            return found._replace(energy=found.energy + 1e-4)
        # Another density with the same charge and, by its energy, the same repulsion.
        orbitals = mean_field.mo_coeff
        one = 2 * orbitals[:, [0, 2]] @ orbitals[:, [0, 2]].T
        shift = np.vdot(mean_field.get_hcore(), one - found.one)
        return found._replace(one=one, energy=found.energy + shift)

    monkeypatch.setitem(pair_states._METHODS, "hf", wrong)
    with pytest.raises(ElectronicStructureError, match=sentence):
        _found("Be", "hf_6-31G")


@pytest.mark.parametrize(
    ("system", "level", "sentence"),
    [
        ("C", "ccsd_6-31G", r"C \(3P\) at ccsd_6-31G: pair densities need a closed shell"),
        ("Li", "fci_6-31G", r"Li \(2S\) at fci_6-31G: pair densities need a closed shell"),
        ("Ne", "ccsd-t_6-31G", "one of the methods hf, ccsd, fci"),
        ("He", "hylleraas_w4", "one of the methods hf, ccsd, fci"),
        ("Ne", "fci_6-31G", "fci is for at most 5"),
    ],
)
def test_refused(system: str, level: str, sentence: str) -> None:
    with pytest.raises(ComotionError, match=sentence):
        _found(system, level)
    with pytest.raises(ComotionError, match=sentence):
        check_pair_level(parse_atom(system), parse_level(level))


def test_every_method_that_is_named_can_be_computed() -> None:
    assert tuple(pair_states._METHODS) == PAIR_METHODS
    assert check_pair_level(parse_atom("Be2+"), parse_level("hf_6-31G")).term == "1S"


@pytest.mark.parametrize("level", ["hf_6-31G", "ccsd_6-31G"])
def test_as_many_iterations_as_asked_for(level: str) -> None:
    with pytest.raises(ElectronicStructureError, match="did not converge in 2 iterations"):
        _found("Be", level, max_cycle=2)


def test_the_computation_is_heard_of() -> None:
    told = Told()
    _found("Be", "ccsd_6-31G", report=told)
    assert told.steps[0] == "Hartree-Fock"
    assert told.steps[-2:] == ["two-particle density matrix", "average over rotations"]
    told = Told()
    _found("He", "fci_6-31G", report=told)
    assert told.steps[-2:] == ["full CI", "average over rotations"]
