"""Every figure of a state against PySCF's own objects, without symmetry."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from pyscf import ao2mo, cc, fci, gto, scf
from pyscf.cc import ccsd_t_lambda_slow, ccsd_t_rdm_slow, uccsd_t_lambda, uccsd_t_rdm
from pyscf.dft import gen_grid, numint
from scipy.interpolate import CubicSpline

from comotion.density.functionals import hartree
from comotion.electronic import atoms
from comotion.electronic.atoms import solve_atom
from comotion.electronic.state import QuantumState
from comotion.systems import parse_atom, parse_level
from conftest import atom


class _Plain(NamedTuple):
    """What an atom's state is without any of our code.

    Attributes:
        mol: The atom.
        mean_field: Its determinant.
        energy: Total energy, hartree.
        matrix: Spin-summed density matrix in atomic orbitals.
        repulsion: 1/2 Tr(g Gamma), hartree.
    """

    mol: gto.Mole
    mean_field: Any
    energy: float
    matrix: np.ndarray
    repulsion: float


def _both_spins(matrix: Any) -> np.ndarray:
    found = np.asarray(matrix)
    return found if found.ndim == 2 else found.sum(axis=0)


def _contracted(mol: gto.Mole, orbitals: Any, pair: Any) -> float:
    """1/2 Tr(g Gamma) in the orbitals of one or of both spins."""
    if np.ndim(orbitals) == 2:
        size = np.shape(orbitals)[1]
        integrals = ao2mo.restore(1, ao2mo.kernel(mol, orbitals), size)
        return 0.5 * float(np.sum(integrals * np.asarray(pair)))
    up, down = orbitals
    size = np.shape(up)[1]
    value = 0.0
    for block, sides, factor in zip(
        pair, ((up, up), (up, down), (down, down)), (1, 2, 1), strict=True
    ):
        first, second = sides
        integrals = ao2mo.kernel(mol, (first, first, second, second), compact=False)
        value += 0.5 * factor * float(np.sum(integrals.reshape((size,) * 4) * block))
    return value


def _mean_field(system: str, basis: str, occupations: Any) -> Any:
    """Hartree-Fock in no symmetry; of an open shell UHF in D2h, with its own occupations."""
    spin = parse_atom(system).n_electrons % 2
    mol = gto.M(
        atom=system, basis=basis, spin=spin, verbose=0, symmetry="D2h" if occupations else False
    )
    mean_field = scf.UHF(mol) if spin else scf.RHF(mol)
    if occupations:
        mean_field.irrep_nelec = occupations
    return mean_field.run(conv_tol=1e-13, conv_tol_grad=1e-8)


def _coupled_cluster(mean_field: Any, *, triples: bool) -> _Plain:
    solver = cc.CCSD(mean_field).run(conv_tol=1e-11, conv_tol_normt=1e-9)
    if not triples:
        solver.solve_lambda()
        pair = solver.make_rdm2()
        matrix, energy = solver.make_rdm1(ao_repr=True), solver.e_tot
    else:
        integrals = solver.ao2mo()
        unrestricted = isinstance(mean_field, scf.uhf.UHF)
        equations, densities = (
            (uccsd_t_lambda, uccsd_t_rdm) if unrestricted else (ccsd_t_lambda_slow, ccsd_t_rdm_slow)
        )
        _, *multipliers = equations.kernel(
            solver, integrals, solver.t1, solver.t2, tol=1e-9, max_cycle=200, verbose=0
        )
        arguments = (solver, solver.t1, solver.t2, *multipliers)
        pair = densities.make_rdm2(*arguments, eris=integrals)
        matrix = densities.make_rdm1(*arguments, eris=integrals, ao_repr=True)
        energy = solver.e_tot + solver.ccsd_t()
    repulsion = _contracted(mean_field.mol, mean_field.mo_coeff, pair)
    return _Plain(mean_field.mol, mean_field, float(energy), _both_spins(matrix), repulsion)


def _full_ci(mean_field: Any) -> _Plain:
    mol, orbitals = mean_field.mol, mean_field.mo_coeff
    solver = fci.FCI(mol, orbitals)
    solver.conv_tol, solver.conv_tol_residual = 1e-13, 1e-7
    energy, vector = solver.kernel()
    first, pair = solver.make_rdm12(vector, mol.nao, mol.nelec)
    matrix = orbitals @ first @ orbitals.T
    return _Plain(mol, mean_field, float(energy), matrix, _contracted(mol, orbitals, pair))


def _average_hartree(mol: gto.Mole, matrix: np.ndarray) -> float:
    """U of the averaged density: Lebedev's angles, and 4 pi r rho N(r) dr on radii in log r."""
    sphere = gen_grid.MakeAngularGrid(50)
    logs = np.linspace(np.log(1e-6), np.log(60), 600)
    r = np.exp(logs)
    points = (r[:, None, None] * sphere[:, :3]).reshape(-1, 3)
    orbitals = numint.eval_ao(mol, points)
    values = np.einsum("gi,ij,gj->g", orbitals, matrix, orbitals).reshape(len(r), -1)
    per_log = CubicSpline(logs, 4 * np.pi * r**3 * (values @ sphere[:, 3]))
    inside = per_log.antiderivative()
    return float(CubicSpline(logs, per_log(logs) * inside(logs) / r).integrate(logs[0], logs[-1]))


#: D2h occupations of UHF boron, 1s2 2s2 2p_z.
_BORON = {"Ag": (2, 2), "B1u": (1, 0)}

_CASES: dict[str, tuple[str, str, Any, Any]] = {
    "Be-ccsd": ("Be", "6-31G", None, lambda found: _coupled_cluster(found, triples=False)),
    "Be-ccsd-t": ("Be", "6-31G", None, lambda found: _coupled_cluster(found, triples=True)),
    "Be-fci": ("Be", "6-31G", None, _full_ci),
    "B-ccsd": ("B", "cc-pVDZ", _BORON, lambda found: _coupled_cluster(found, triples=False)),
    "B-ccsd-t": ("B", "6-31G", _BORON, lambda found: _coupled_cluster(found, triples=True)),
}


#: The same in larger bases, with cores correlated.
_LARGE = {
    "Ne-ccsd": ("Ne", "aug-cc-pCVTZ", *_CASES["Be-ccsd"][2:]),
    "B-ccsd-large": ("B", "cc-pCVTZ", *_CASES["B-ccsd"][2:]),
}


@pytest.fixture(
    scope="module",
    params=[*_CASES, *(pytest.param(name, marks=pytest.mark.slow) for name in _LARGE)],
)
def both(request: pytest.FixtureRequest) -> tuple[QuantumState, Any, _Plain]:
    """Our state and density of an atom, and PySCF's."""
    system, basis, occupations, solve = (_CASES | _LARGE)[request.param]
    method = request.param.removeprefix(f"{system}-").removesuffix("-large")
    state, density = atom(system, f"{method}_{basis}")
    return state, density, solve(_mean_field(system, basis, occupations))


def test_energies_of_the_correlated_state(both: tuple[QuantumState, Any, _Plain]) -> None:
    state, _, plain = both
    assert state.energy == pytest.approx(plain.energy, abs=2e-8)
    assert state.v_quantum == pytest.approx(plain.repulsion, abs=3e-6)
    kinetic = float(np.sum(plain.mol.intor("int1e_kin") * plain.matrix))
    attraction = float(np.sum(plain.mol.intor("int1e_nuc") * plain.matrix))
    assert state.kinetic == pytest.approx(kinetic, abs=1e-5)
    assert state.nuclear_attraction == pytest.approx(attraction, abs=1e-5)
    total = state.kinetic + state.nuclear_attraction + state.v_quantum
    assert total == pytest.approx(state.energy, abs=1e-11)
    ratio = -(plain.energy - kinetic) / kinetic
    assert state.virial_ratio == pytest.approx(ratio, abs=1e-6)


def test_figures_of_the_reference_are_not_those_of_the_correlated_state(
    both: tuple[QuantumState, Any, _Plain],
) -> None:
    state, _, plain = both
    mean_field = plain.mean_field
    matrix = _both_spins(mean_field.make_rdm1())
    one_electron = float(np.sum(mean_field.get_hcore() * matrix))
    assert state.energy_hf == pytest.approx(mean_field.e_tot, abs=1e-9)
    assert state.v_hf == pytest.approx(mean_field.e_tot - one_electron, abs=1e-6)
    assert state.v_hf - state.v_quantum > 0.02
    u = _average_hartree(mean_field.mol, matrix)
    assert state.hartree_hf == pytest.approx(u, abs=1e-5)
    coulomb = 0.5 * float(np.sum(scf.hf.get_jk(mean_field.mol, matrix, with_k=False)[0] * matrix))
    assert state.exchange == pytest.approx(state.v_hf - coulomb, abs=1e-6)
    assert state.spin_square == pytest.approx(float(mean_field.spin_square()[0]), abs=1e-7)
    energies = np.asarray(mean_field.mo_energy)[np.asarray(mean_field.mo_occ) > 0]
    assert state.highest_occupied == pytest.approx(np.max(energies), abs=1e-6)


def test_the_density_is_that_of_the_correlated_state(
    both: tuple[QuantumState, Any, _Plain],
) -> None:
    state, density, plain = both
    assert hartree(density) == pytest.approx(_average_hartree(plain.mol, plain.matrix), abs=1e-5)
    assert abs(hartree(density) - state.hartree_hf) > 1e-3
    overlap = plain.mol.intor("int1e_ovlp")
    occupations = np.sort(np.linalg.eigvals(plain.matrix @ overlap).real)
    np.testing.assert_allclose(state.natural_occupations, occupations[[0, -1]], atol=3e-6)
    assert state.basis_functions == plain.mol.nao
    assert state.converged is True


def test_what_the_reference_is_called(both: tuple[QuantumState, Any, _Plain]) -> None:
    state, density, plain = both
    assert state.reference == type(plain.mean_field).__name__[-3:]
    assert (state.ground.term, density.n_electrons) in {("1S", 4), ("2P", 5), ("1S", 10)}


@pytest.mark.parametrize("unpaired", [None, 1])
def test_the_spin_of_hunds_rule_may_be_asked_for(unpaired: int | None) -> None:
    state, _ = solve_atom(parse_atom("B"), parse_level("hf_6-31G"), unpaired=unpaired)
    assert state == atom("B", "hf_6-31G")[0]
    assert state.ground.term == "2P"


def test_another_spin_has_occupations_of_its_own() -> None:
    state, density = solve_atom(parse_atom("Be"), parse_level("uhf_6-31G"), unpaired=2)
    assert (state.ground.term, state.ground.configuration) == ("3?", "")
    assert state.spin_square == pytest.approx(2, abs=0.01)
    assert density.n_electrons == 4
    face = atoms.atom("Be", level="uhf_6-31G", unpaired=2)
    assert face.term == "3?"
    assert face.details == state


def test_the_face_has_every_energy_of_a_correlated_state() -> None:
    state, density = atom("Be", "ccsd_6-31G")
    energies = atoms.atom("Be", "ccsd", "6-31G").energies
    for name in ("energy", "v_quantum", "energy_hf", "v_hf", "kinetic", "nuclear_attraction"):
        assert getattr(energies, name) == pytest.approx(getattr(state, name), abs=1e-9), name
    assert energies.hartree == pytest.approx(hartree(density), abs=1e-9)
    assert energies.v_mean_field == pytest.approx(0.75 * energies.hartree, abs=1e-12)
    assert list(energies.errors) == ["hartree"]


def test_where_a_computation_is() -> None:
    told: list[str] = []

    def report(step: str, detail: str = "", share: float | None = None) -> None:
        del detail, share
        if not told or told[-1] != step:
            told.append(step)

    atoms.atom("B", "hf", "6-31G", report=report)
    assert told == ["Hartree-Fock", "one radial function for all m", "spherical average"]
    told.clear()
    atoms.atom("Be", "ccsd-t", "6-31G", report=report)
    assert told == [
        "Hartree-Fock", "transformation of integrals", "CCSD", "(T)", "(T) lambda equations",
        "(T) density matrix", "spherical average",
    ]  # fmt: skip
    told.clear()
    atoms.atom("He", "ccsd", "6-31G", report=report)
    assert told[3:] == ["lambda equations", "spherical average"]
    for method, name in (("cisd", "CISD"), ("fci", "full CI")):
        told.clear()
        atoms.atom("He", method, "6-31G", report=report)
        assert told == ["Hartree-Fock", name, "spherical average"]
    told.clear()
    atoms.atom("He", "hylleraas", "w2", report=report)
    assert told == ["Hylleraas expansion"]
