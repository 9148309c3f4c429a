"""Ground terms against the tables of atomic spectra."""

import pytest

from comotion.electronic.terms import ground_state, other_spin
from comotion.errors import ElectronicStructureError
from comotion.systems import parse_atom

#: NIST Atomic Spectra Database, ground levels (term without J).
_TERMS = {
    "H": "2S", "He": "1S", "Li": "2S", "Be": "1S", "B": "2P", "C": "3P", "N": "4S", "O": "3P",
    "F": "2P", "Ne": "1S", "Ar": "1S", "Sc": "2D", "Ti": "3F", "V": "4F", "Cr": "7S", "Mn": "6S",
    "Fe": "5D", "Co": "4F", "Ni": "3F", "Cu": "2S", "Zn": "1S", "Eu": "8S", "Rn": "1S",
    "H-": "1S", "F-": "1S", "O-": "2P", "Li+": "1S", "B+": "1S", "C+": "2P", "Fe2+": "5D",
    "Ar8+": "1S", "Eu3+": "7F", "Zn2+": "1S", "V+": "5D", "Co+": "3F", "Ni+": "2D", "Y+": "1S",
    "La+": "3F", "Lu+": "1S", "Hf+": "2D", "Pb": "3P", "Gd": "9D", "Lr": "2P",
}  # fmt: skip


@pytest.mark.parametrize(("system", "term"), _TERMS.items())
def test_term(system: str, term: str) -> None:
    state = ground_state(parse_atom(system))
    assert state.term == term
    electrons = parse_atom(system).n_electrons
    assert sum(map(sum, state.occupations.values())) == electrons
    assert sum(a - b for a, b in state.occupations.values()) == state.unpaired


def test_configuration_of_ions() -> None:
    assert ground_state(parse_atom("Fe2+")).configuration == "1s2 2s2 2p6 3s2 3p6 3d6"
    assert ground_state(parse_atom("Ne8+")).configuration == "1s2"


def test_open_f_shell_is_refused() -> None:
    with pytest.raises(ElectronicStructureError, match="f\\^2"):
        ground_state(parse_atom("Pr3+"))


@pytest.mark.parametrize(
    ("system", "sentence"),
    [
        ("Ce", "two open shells"),
        ("La42+", "the ground term of 1s2 2s2 2p6 3s2 3p3 is 2P, not 4S of Hund's rule"),
        ("Ni-", "not in the table"),
    ],
)
def test_ground_terms_that_are_no_single_determinant(system: str, sentence: str) -> None:
    with pytest.raises(ElectronicStructureError, match=sentence):
        ground_state(parse_atom(system))


@pytest.mark.parametrize("unpaired", [1, 6, -2])
def test_impossible_spin(unpaired: int) -> None:
    atom = parse_atom("Be")
    with pytest.raises(ElectronicStructureError, match="cannot have"):
        other_spin(atom, ground_state(atom), unpaired)
