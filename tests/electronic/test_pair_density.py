"""Pair densities against closed forms and against orbitals on points of two spheres."""

from typing import Any

import numpy as np
import pytest
from numpy.polynomial import Legendre
from pyscf import cc, fci, gto, scf
from pyscf.dft import gen_grid, numint

from comotion.density.radial import Array
from comotion.electronic.averaging import spherical_average
from comotion.electronic.pair_angle import HIGHEST, angular_moments
from comotion.electronic.pair_density import PairDensity, averaged_pairs
from comotion.errors import ElectronicStructureError

#: Pairs of radii near the nucleus, in shells, between and outside them, bohr.
_FIRST = np.array([0.01, 0.1, 0.3, 0.3, 1.0, 2.0, 4.0])
_SECOND = np.array([0.02, 0.4, 0.3, 2.0, 1.0, 2.5, 0.5])


def _atom(symbol: str, basis: Any) -> gto.Mole:
    return gto.M(atom=symbol, basis=basis, verbose=0)


def _hartree_fock(mol: gto.Mole) -> tuple[Array, Array]:
    """One- and two-particle density matrix of a determinant of PySCF's own."""
    mean_field = scf.RHF(mol).run(conv_tol=1e-13)
    occupied = np.eye(mol.nao)[:, : mol.nelectron // 2]
    one = 2 * occupied @ occupied.T
    two = np.einsum("pq,rs->pqrs", one, one) - np.einsum("ps,rq->pqrs", one, one) / 2
    return _in_atomic_orbitals(mean_field.mo_coeff, one, two)


def _full_ci(mol: gto.Mole) -> tuple[Array, Array]:
    mean_field = scf.RHF(mol).run(conv_tol=1e-13)
    solver = fci.FCI(mean_field)
    solver.conv_tol, solver.conv_tol_residual = 1e-13, 1e-8
    _, vector = solver.kernel()
    matrices = solver.make_rdm12(vector, mol.nao, mol.nelec)
    return _in_atomic_orbitals(mean_field.mo_coeff, *matrices)


def _coupled_cluster(mol: gto.Mole) -> tuple[Array, Array]:
    solver = cc.CCSD(scf.RHF(mol).run(conv_tol=1e-13))
    solver.conv_tol, solver.conv_tol_normt = 1e-12, 1e-9
    solver.kernel()
    solver.solve_lambda()
    return solver.make_rdm1(ao_repr=True), solver.make_rdm2(ao_repr=True)


def _in_atomic_orbitals(orbitals: Array, one: Array, two: Array) -> tuple[Array, Array]:
    whole = np.einsum(
        "pqrs,ap,bq,cr,ds->abcd", two, orbitals, orbitals, orbitals, orbitals, optimize=True
    )
    return orbitals @ one @ orbitals.T, whole


#: Atoms up to d functions, contracted in general and not, and how their matrices are made.
_STATES: dict[str, tuple[str, str, Any]] = {
    "He, full CI": ("He", "cc-pVTZ", _full_ci),
    "Be, full CI": ("Be", "cc-pVDZ", _full_ci),
    "Be, coupled cluster": ("Be", "6-31G*", _coupled_cluster),
    "Ne, Hartree-Fock": ("Ne", "6-31G*", _hartree_fock),
}


@pytest.fixture(params=_STATES, name="state", scope="module")
def _state(request: pytest.FixtureRequest) -> tuple[gto.Mole, Array, Array, PairDensity]:
    """An atom, gamma, Gamma, and its pair density."""
    symbol, basis, solve = _STATES[request.param]
    mol = _atom(symbol, basis)
    one, two = solve(mol)
    return mol, one, two, averaged_pairs(mol, two)


def _on_spheres(mol: gto.Mole, r1: float, r2: float) -> tuple[Array, Array, Array]:
    """Orbitals at the points of two spheres, and the cosine and weight of each pair of points."""
    sphere = gen_grid.MakeAngularGrid(194)
    first, second = (numint.eval_ao(mol, r * sphere[:, :3]) for r in (r1, r2))
    cosines = sphere[:, :3] @ sphere[:, :3].T
    weights = (4 * np.pi) ** 2 * np.multiply.outer(sphere[:, 3], sphere[:, 3])
    return np.stack([first, second]), cosines, weights


def test_moments_are_those_on_points_of_two_spheres(
    state: tuple[gto.Mole, Array, Array, PairDensity],
) -> None:
    mol, _, two, pairs = state
    found = pairs.moments(_FIRST, _SECOND)
    assert found.shape == (pairs.highest + 1, len(_FIRST))
    for k, (r1, r2) in enumerate(zip(_FIRST, _SECOND, strict=True)):
        (first, second), cosines, weights = _on_spheres(mol, r1, r2)
        rho = np.einsum("pqrs,gp,gq,hr,hs->gh", two, first, first, second, second, optimize=True)
        whole = (r1 * r2) ** 2 * weights * rho
        for order in range(pairs.highest + 1):
            expected = np.sum(whole * Legendre.basis(order)(cosines))
            assert found[order, k] == pytest.approx(expected, rel=1e-9, abs=1e-11), (order, k)
        assert pairs.radial(r1, r2) == pytest.approx(np.sum(whole), rel=1e-9)


def test_all_beyond_the_highest_moment_vanishes() -> None:
    """Of s and p functions there are L = 0, 1, 2."""
    mol = _atom("Ne", "6-31G")
    _, two = _hartree_fock(mol)
    assert averaged_pairs(mol, two).highest == 2
    (first, second), cosines, weights = _on_spheres(mol, 0.7, 1.1)
    rho = np.einsum("pqrs,gp,gq,hr,hs->gh", two, first, first, second, second, optimize=True)
    assert abs(np.sum(weights * rho * Legendre.basis(2)(cosines))) > 1e-5
    assert abs(np.sum(weights * rho * Legendre.basis(3)(cosines))) < 1e-12


def test_sum_rules(state: tuple[gto.Mole, Array, Array, PairDensity]) -> None:
    """N (N - 1) pairs, the density as the marginal, and the Coulomb integrals of PySCF."""
    mol, one, two, pairs = state
    n = mol.nelectron
    assert pairs.integrals[0] == pytest.approx(n * (n - 1), rel=1e-11)
    r = np.geomspace(1e-3, 20, 60)
    expected = (n - 1) * 4 * np.pi * r**2 * spherical_average(mol, one)(r)
    np.testing.assert_allclose(pairs.marginal(r), expected, rtol=1e-9, atol=1e-12)
    repulsion = np.vdot(two, mol.intor("int2e")) / 2
    assert pairs.repulsion == pytest.approx(repulsion, rel=1e-12)


def test_moments_of_the_angle_are_the_integrals(
    state: tuple[gto.Mole, Array, Array, PairDensity],
) -> None:
    mol, _, two, pairs = state
    n = mol.nelectron
    b = np.zeros(HIGHEST + 1)
    b[: pairs.highest + 1] = pairs.integrals / (n * (n - 1))
    expected = angular_moments(np.eye(mol.nao), two, mol, n)
    np.testing.assert_allclose(b, expected, atol=1e-11)


def test_a_pair_density_is_positive_and_symmetric(
    state: tuple[gto.Mole, Array, Array, PairDensity],
) -> None:
    pairs = state[-1]
    r = np.geomspace(1e-3, 10, 40)
    radial = pairs.radial(r[:, None], r)
    np.testing.assert_allclose(radial, radial.T, rtol=1e-10, atol=1e-13)
    assert np.min(radial) > -1e-13
    for cosine in (-1.0, 0.3, 1.0):
        assert np.min(pairs.at_angle(r[:, None], r, cosine)) > -1e-12


def test_over_the_cosine_the_angle_integrates_to_the_radial_density(
    state: tuple[gto.Mole, Array, Array, PairDensity],
) -> None:
    pairs = state[-1]
    nodes, weights = np.polynomial.legendre.leggauss(pairs.highest + 1)
    at = pairs.at_angle(_FIRST[:, None], _SECOND[:, None], nodes)
    assert at.shape == (len(_FIRST), len(nodes))
    np.testing.assert_allclose(at @ weights, pairs.radial(_FIRST, _SECOND), rtol=1e-10)
    for order in range(pairs.highest + 1):
        moment = at @ (weights * Legendre.basis(order)(nodes))
        np.testing.assert_allclose(
            moment, pairs.moments(_FIRST, _SECOND)[order], rtol=1e-9, atol=1e-12
        )


def test_a_determinant_is_its_density_and_its_exchange() -> None:
    """Ne: rho(x) rho(x') - |gamma(x, x')|^2 / 2, averaged over points of two spheres."""
    mol = _atom("Ne", "6-31G*")
    one, two = _hartree_fock(mol)
    pairs = averaged_pairs(mol, two)
    for r1, r2 in zip(_FIRST, _SECOND, strict=True):
        (first, second), _, weights = _on_spheres(mol, r1, r2)
        rho_1, rho_2 = (np.einsum("gp,pq,gq->g", at, one, at) for at in (first, second))
        exchange = (first @ one @ second.T) ** 2 / 2
        expected = np.sum(weights * (np.multiply.outer(rho_1, rho_2) - exchange))
        assert pairs.radial(r1, r2) == pytest.approx((r1 * r2) ** 2 * expected, rel=1e-10)


def test_two_electrons_in_one_gaussian() -> None:
    """P_0 = 2 p(r_1) p(r_2) with p = 4 pi r^2 phi^2, <V_ee> = 2 sqrt(a / pi) of exp(-a r^2)."""
    exponent = 0.7
    mol = _atom("He", {"He": [[0, [exponent, 1.0]]]})
    pairs = averaged_pairs(mol, np.full((1, 1, 1, 1), 2.0))

    def own(r: Array) -> Array:
        norm = (2 * exponent / np.pi) ** 1.5
        return np.asarray(4 * np.pi * r**2 * norm * np.exp(-2 * exponent * r**2))

    expected = 2 * own(_FIRST) * own(_SECOND)
    np.testing.assert_allclose(pairs.radial(_FIRST, _SECOND), expected, rtol=1e-13)
    np.testing.assert_allclose(pairs.at_angle(_FIRST, _SECOND, 0.2), expected / 2, rtol=1e-13)
    np.testing.assert_allclose(pairs.marginal(_FIRST), 2 * own(_FIRST), rtol=1e-13)
    assert pairs.integrals == pytest.approx([2], rel=1e-14)
    assert pairs.repulsion == pytest.approx(2 * np.sqrt(exponent / np.pi), rel=1e-12)


def test_two_shells_in_closed_form() -> None:
    """c_s s^2 + c_p p^2: r_1^2 r_2^2 (c_s S S + sqrt(3) c_p P P cos)^2 of radial functions."""
    of_s, of_p = 0.8, -0.6
    mol = _atom("He", {"He": [[0, [1.0, 1.0]], [1, [1.0, 1.0]]]})
    amplitudes = np.diag([of_s, *[of_p / np.sqrt(3)] * 3])
    pairs = averaged_pairs(mol, 2 * np.einsum("pr,qs->pqrs", amplitudes, amplitudes))
    cosine = np.linspace(-1, 1, len(_FIRST))
    # Normalised: int r^2 S^2 dr = int r^2 P^2 dr = 1.
    s_s = np.sqrt(2**7 / np.pi) * np.exp(-(_FIRST**2) - _SECOND**2)
    p_p = s_s * _FIRST * _SECOND * 4 / 3
    expected = (_FIRST * _SECOND * (of_s * s_s + np.sqrt(3) * of_p * p_p * cosine)) ** 2
    np.testing.assert_allclose(pairs.at_angle(_FIRST, _SECOND, cosine), expected, rtol=1e-12)
    assert repr(pairs) == "<PairDensity: 2 electrons, L = 0 to 2>"


def test_functions_of_one_momentum_alone() -> None:
    """p^2 1S is cos(theta_12): odd moments vanish, and 3/2 cos^2 are the even ones."""
    mol = _atom("He", {"He": [[1, [1.0, 1.0]]]})
    pairs = averaged_pairs(mol, 2 * np.einsum("pr,qs->pqrs", np.eye(3), np.eye(3)) / 3)
    np.testing.assert_allclose(pairs.integrals, [2, 0, 0.8], atol=1e-13)


def test_what_has_no_pair_density() -> None:
    mol = _atom("Be", "6-31G")
    with pytest.raises(
        ElectronicStructureError, match=r"of the shape \(9, 9, 9, 9\), not \(9, 9\)"
    ):
        averaged_pairs(mol, np.eye(9))
    cartesian = gto.M(atom="Ne", basis="6-31G*", cart=True, verbose=0)
    with pytest.raises(ElectronicStructureError, match="not Cartesian ones"):
        averaged_pairs(cartesian, np.zeros((cartesian.nao,) * 4))
    with pytest.raises(ElectronicStructureError, match="2 atoms"):
        averaged_pairs(gto.M(atom="He 0 0 0; He 0 0 1", verbose=0), np.zeros((2,) * 4))
