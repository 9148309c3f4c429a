"""The quality gate refuses states that are not the ones asked for."""

from dataclasses import replace
from typing import Any

import pytest

from comotion.electronic import terms
from comotion.electronic.atoms import solve_atom
from comotion.electronic.gate import check_state, expected_energy
from comotion.electronic.state import QuantumState
from comotion.errors import ElectronicStructureError
from comotion.systems import parse_atom, parse_level
from conftest import atom


def test_boron_in_the_wrong_occupation_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """1s2 2s1 2p2 is a converged doublet too, higher by some tenths of a hartree."""
    boron = terms.ground_state(parse_atom("B"))
    wrong = replace(boron, occupations={"s+0": (2, 1), "p+1": (1, 1)})
    monkeypatch.setattr("comotion.electronic.atoms.ground_state", lambda _: wrong)
    with pytest.raises(ElectronicStructureError, match=r"limit -24.529061 of the 2P ground state"):
        solve_atom(parse_atom("B"), parse_level("uhf_aug-cc-pVDZ"))


def test_a_basis_too_small_is_caught() -> None:
    with pytest.raises(ElectronicStructureError, match="choose a larger basis"):
        solve_atom(parse_atom("Ne"), parse_level("hf_STO-3G"))


_FAULTS = {
    "unbound": ({"highest_occupied": 0.1}, "is not bound"),
    "contaminated": ({"spin_square": 0.9}, r"<S\^2> = 0.9000 instead of 0.0000"),
    "negative occupation": ({"natural_occupations": (-0.01, 2.0)}, r"leave \[0, 2\]"),
    "virial": ({"virial_ratio": 1.9}, "virial ratio is 1.9000"),
}


@pytest.mark.parametrize(("change", "sentence"), _FAULTS.values(), ids=_FAULTS)
def test_each_gate(change: dict[str, Any], sentence: str) -> None:
    state, density = atom("Li-", "hf_aug-cc-pVDZ")
    assert isinstance(state, QuantumState)
    level = parse_level("hf_aug-cc-pVDZ")
    check_state(parse_atom("Li-"), level, state, density, hund=True)
    with pytest.raises(ElectronicStructureError, match=sentence):
        check_state(parse_atom("Li-"), level, replace(state, **change), density, hund=True)


def test_expected_energies() -> None:
    assert expected_energy(parse_atom("Be"), "exact") == -14.667356
    assert expected_energy(parse_atom("Be2+"), "exact") is None
    assert expected_energy(parse_atom("Na"), "hartree_fock") is None


@pytest.mark.parametrize(
    ("system", "level"),
    [
        *((name, "hf_unc-UGBS+1d") for name in ("He", "Li", "Be", "B", "C", "N", "O", "F", "Ne")),
        *((name, "hf_unc-UGBS+1d") for name in ("Mg", "Ar", "Ca", "Zn")),
        pytest.param("Kr", "hf_unc-dyall-v4z", marks=pytest.mark.slow),
    ],
)
def test_hartree_fock_limits(system: str, level: str) -> None:
    """Published numerical limits, approached from above."""
    limit = expected_energy(parse_atom(system), "hartree_fock")
    assert limit is not None
    assert -1e-6 < atom(system, level)[0].energy - limit < 1e-4
