"""Angles between electrons against closed forms and the Hylleraas state."""

import numpy as np
import pytest

from comotion.electronic.pair_angle import pair_angle
from comotion.electronic.two_electrons import solve_two_electrons
from comotion.errors import ComotionError
from comotion.systems import parse_atom, parse_level


def test_beryllium_full_ci() -> None:
    """Values measured before this code was written; project specification."""
    found = pair_angle(parse_atom("Be"), parse_level("fci_6-31G"))
    np.testing.assert_allclose(found["b"][:3], [1, -0.0556815, 0.0065708], atol=1e-7)
    # 6-31G has s and p functions: the angular overlap ends at l = 2.
    np.testing.assert_allclose(found["b"][3:], 0, atol=1e-12)


def test_valence_pair_of_beryllium() -> None:
    """CASSCF(2,4) in SO(3), D2h and without symmetry, CI residual 1e-10: the same to 4e-8.

    A vector that is converged in the energy only gives values around it, -0.3257157 or
    -0.3257179, at energies that differ by 1e-12 hartree.
    """
    found = pair_angle(parse_atom("Be"), parse_level("fci_cc-pVDZ"))["b_valence"]
    assert found[1] == pytest.approx(-0.32571630, abs=1e-7)
    assert found[2] == pytest.approx(0.03892919, abs=1e-7)


def test_helium_approaches_the_hylleraas_state() -> None:
    found = pair_angle(parse_atom("He"), parse_level("fci_aug-cc-pVTZ"))
    assert found["b"][1] == pytest.approx(solve_two_electrons(2, 4).b_1, abs=1e-3)
    assert found["b_valence"] is None


@pytest.mark.parametrize(
    ("system", "level", "sentence"),
    [
        ("B", "fci_6-31G", "a closed shell"),
        ("He", "ccsd_6-31G", "need fci"),
        ("Ne", "fci_6-31G", "fci is for at most 5"),
    ],
)
def test_refused(system: str, level: str, sentence: str) -> None:
    with pytest.raises(ComotionError, match=sentence):
        pair_angle(parse_atom(system), parse_level(level))
