"""Angles between electrons against closed forms and the Hylleraas state."""

import numpy as np
import pytest
from pyscf import gto, mcscf, scf

from comotion.electronic.pair_angle import angular_moments, pair_angle
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


def test_a_vector_short_of_convergence_scatters_around_the_value() -> None:
    """No symmetry, SCF to 1e-12 and CASSCF to 1e-11 hartree, no more.

    The project specification has b_1 = -0.3257156551 by this route; the last bits of the
    integrals, and so the number of threads, move it by some 1e-6.
    """
    mol = gto.M(atom="Be", basis="cc-pVDZ", verbose=0)
    mean_field = scf.RHF(mol)
    mean_field.conv_tol = 1e-12
    active = mcscf.CASSCF(mean_field.run(), 4, 2)
    active.conv_tol, active.verbose = 1e-11, 0
    active.kernel()
    pair = active.fcisolver.make_rdm12(active.ci, 4, active.nelecas)[1]
    b = angular_moments(active.mo_coeff[:, 1:5], pair, mol, 2)
    assert active.e_tot == pytest.approx(-14.6153851906, abs=1e-9)
    assert b[1] == pytest.approx(-0.3257156551, abs=3e-6)


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
