"""Angles between electrons against closed forms, quadrature and the Hylleraas state."""

from typing import Any

import numpy as np
import pytest
from numpy.polynomial import Legendre
from pyscf import fci, gto, mcscf, scf
from pyscf.dft import gen_grid, numint

from comotion.electronic.pair_angle import HIGHEST, angular_moments, pair_angle
from comotion.electronic.two_electrons import solve_two_electrons
from comotion.errors import ComotionError
from comotion.systems import parse_atom, parse_level


def _moments_by_quadrature(mol: gto.Mole, orbitals: Any, pair: Any, n: int) -> tuple[float, float]:
    """b_1 and b_2 by components x/r, y/r, z/r of the orbitals on a grid of radii and angles.

    P_1 = n . n' and P_2 = (3 (n . n')^2 - 1) / 2 with the unit vectors n and n'.
    """
    sphere = gen_grid.MakeAngularGrid(194)
    logs = np.linspace(np.log(1e-5), np.log(50), 400)
    r = np.exp(logs)
    weights = (4 * np.pi * r**3 * (logs[1] - logs[0]))[:, None] * sphere[:, 3]
    points = (r[:, None, None] * sphere[:, :3]).reshape(-1, 3)
    values = numint.eval_ao(mol, points) @ orbitals
    directions = np.tile(sphere[:, :3], (len(r), 1))

    def matrix(function: np.ndarray) -> np.ndarray:
        return np.asarray(np.einsum("g,gp,gq->pq", weights.ravel() * function, values, values))

    first = second = 0.0
    for a in range(3):
        of_a = matrix(directions[:, a])
        first += np.einsum("pqrs,pq,rs->", pair, of_a, of_a)
        for b in range(3):
            of_both = matrix(directions[:, a] * directions[:, b])
            second += np.einsum("pqrs,pq,rs->", pair, of_both, of_both)
    pairs = n * (n - 1)
    return float(first / pairs), float(1.5 * second / pairs - 0.5)


def test_beryllium_full_ci() -> None:
    found = pair_angle(parse_atom("Be"), parse_level("fci_6-31G"))
    mean_field = scf.RHF(gto.M(atom="Be", basis="6-31G", verbose=0)).run(conv_tol=1e-13)
    mol = mean_field.mol
    solver = fci.FCI(mean_field)
    solver.conv_tol, solver.conv_tol_residual = 1e-13, 1e-8
    _, vector = solver.kernel()
    pair = solver.make_rdm12(vector, mol.nao, mol.nelec)[1]
    first, second = _moments_by_quadrature(mol, mean_field.mo_coeff, pair, 4)
    np.testing.assert_allclose(found["b"][:3], [1, first, second], atol=2e-7)
    # 6-31G has s and p functions: the angular overlap ends at l = 2.
    np.testing.assert_allclose(found["b"][3:], 0, atol=1e-12)
    assert len(found["b"]) == len(found["b_valence"]) == HIGHEST + 1 == 7


def test_valence_pair_of_beryllium() -> None:
    """CASSCF(2,4) in no symmetry.

    A vector that is converged in the energy only gives other values of b_1, by 1e-6 at energies
    that differ by 1e-12 hartree.
    """
    found = pair_angle(parse_atom("Be"), parse_level("fci_6-31G"))["b_valence"]
    mean_field = scf.RHF(gto.M(atom="Be", basis="6-31G", verbose=0)).run(conv_tol=1e-13)
    active = mcscf.CASSCF(mean_field, 4, 2)
    active.conv_tol, active.conv_tol_grad = 1e-13, 1e-7
    active.fcisolver.conv_tol, active.fcisolver.conv_tol_residual = 1e-15, 1e-9
    active.fcisolver.lindep = 1e-18
    active.kernel()
    pair = active.fcisolver.make_rdm12(active.ci, 4, active.nelecas)[1]
    orbitals = active.mo_coeff[:, 1:5]
    first, second = _moments_by_quadrature(mean_field.mol, orbitals, pair, 2)
    assert -1 < first < -0.2
    np.testing.assert_allclose(found[:3], [1, first, second], atol=2e-7)


def _pair_of_shells(*shells: int) -> tuple[gto.Mole, np.ndarray]:
    """One function of each l, all exp(-r^2), orthonormal."""
    mol = gto.M(atom="He", basis={"He": [[angular, [1.0, 1.0]] for angular in shells]}, verbose=0)
    return mol, np.eye(mol.nao)


def _pair_matrix(coefficients: np.ndarray) -> np.ndarray:
    """Gamma of the singlet sum_pq C_pq phi_p phi_q of two electrons."""
    return np.asarray(2 * np.einsum("pr,qs->pqrs", coefficients, coefficients))


@pytest.mark.parametrize("angular", [0, 1, 2, 3])
def test_two_electrons_of_one_shell_in_closed_form(angular: int) -> None:
    """l^2 1S is P_l(cos theta_12): p(x) = (2 l + 1) / 2 P_l(x)^2."""
    mol, orbitals = _pair_of_shells(angular)
    size = 2 * angular + 1
    pair = _pair_matrix(np.eye(size) / np.sqrt(size))
    own = Legendre.basis(angular)
    density = own * own * (size / 2)
    for k, found in enumerate(angular_moments(orbitals, pair, mol, 2)):
        whole = (density * Legendre.basis(k)).integ()
        assert found == pytest.approx(float(whole(1) - whole(-1)), abs=1e-12)


def test_two_shells_in_closed_form() -> None:
    """c_s s^2 + c_p p^2: b_1 = 2 c_s c_p S^2 / sqrt(3), S = 2 sqrt(2 / (3 pi)) of the radii."""
    mol, orbitals = _pair_of_shells(0, 1)
    of_s, of_p = 0.8, -0.6
    pair = _pair_matrix(np.diag([of_s, *[of_p / np.sqrt(3)] * 3]))
    found = angular_moments(orbitals, pair, mol, 2)
    overlap = 2 * np.sqrt(2 / (3 * np.pi))
    expected = [1, 2 * of_s * of_p * overlap**2 / np.sqrt(3), 0.4 * of_p**2, 0, 0, 0, 0]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_moments_of_several_pairs_are_their_mean() -> None:
    """Twice the electrons of which each pair of shells is alike: N (N - 1) pairs in all."""
    mol, orbitals = _pair_of_shells(1)
    pair = _pair_matrix(np.eye(3) / np.sqrt(3))
    two = angular_moments(orbitals, pair, mol, 2)
    np.testing.assert_allclose(angular_moments(orbitals, 6 * pair, mol, 4), two, rtol=1e-14)


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
