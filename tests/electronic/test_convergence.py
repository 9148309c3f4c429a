"""Equations that did not converge give no state, whichever of them it is."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pyscf import cc, ci, fci, gto, scf, symm

from comotion.electronic import correlation
from comotion.electronic.atoms import solve_atom
from comotion.electronic.correlation import (
    CORRELATION,
    coupled_cluster,
    full_ci_vector,
    full_configuration_interaction,
    singles_and_doubles,
    singles_and_doubles_only,
    total,
    with_triples,
)
from comotion.errors import ElectronicStructureError
from comotion.systems import parse_atom, parse_level


def _amplitudes(kind: Any, symbol: str, spin: int) -> tuple[Any, Any]:
    """Converged CCSD amplitudes, and the integrals."""
    mol = gto.M(atom=symbol, basis="6-31G", spin=spin, verbose=0)
    solver = cc.CCSD(kind(mol).run(conv_tol=1e-12))
    integrals = solver.ao2mo()
    solver.kernel(eris=integrals)
    return solver, integrals


@pytest.fixture(scope="module", params=[(scf.RHF, "Be", 0), (scf.UHF, "Li", 1)], ids=["Be", "Li"])
def amplitudes(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    """Amplitudes of a closed and of an open shell; lambda equations are solved anew by each."""
    return _amplitudes(*request.param)


@pytest.mark.parametrize("finish", [singles_and_doubles_only, with_triples])
def test_lambda_equations_must_converge(amplitudes: tuple[Any, Any], finish: Any) -> None:
    solver, integrals = amplitudes
    name = "lambda" if finish is singles_and_doubles_only else r"\(T\) lambda"
    solver.l1 = solver.l2 = None
    solver.max_cycle = 2
    with pytest.raises(ElectronicStructureError, match=f"the {name} equations .* in 2 iterations"):
        finish(solver, integrals)
    solver.max_cycle = 100
    assert finish(solver, integrals).converged is True


@pytest.mark.parametrize("finish", [singles_and_doubles_only, with_triples])
def test_amplitudes_that_did_not_converge_are_told_of(finish: Any) -> None:
    solver, integrals = _amplitudes(scf.RHF, "Be", 0)
    solver.converged = False
    assert finish(solver, integrals).converged is False


@pytest.mark.parametrize(
    ("method", "name", "cycles"),
    [("cisd", "CISD", 1), ("fci", "full CI", 1), ("ccsd", "CCSD", 4), ("ccsd-t", "CCSD", 4)],
)
def test_each_method_must_converge(method: str, name: str, cycles: int) -> None:
    """Hartree-Fock of the same atom does so in more, hence apart from it."""
    helium = _symmetric("He")
    with pytest.raises(ElectronicStructureError, match=f"the {name} equations .* in {cycles} "):
        CORRELATION[method](helium, cycles, lambda *_, **__: None)


def _symmetric(symbol: str, spin: int = 0) -> Any:
    mol = gto.M(atom=symbol, basis="aug-cc-pVDZ", spin=spin, symmetry="D2h", verbose=0)
    kind = scf.ROHF if spin else scf.RHF
    return kind(mol).run(conv_tol=1e-13)


def test_every_method_says_that_it_converged() -> None:
    helium = _symmetric("He")
    energies = []
    for method, solve in CORRELATION.items():
        found = solve(helium, 100, lambda *_, **__: None)
        assert found.converged is True, method
        assert np.trace(found.density_matrix @ helium.get_ovlp()) == pytest.approx(2, abs=1e-9)
        energies.append(found.energy)
    assert list(CORRELATION) == ["ccsd", "ccsd-t", "cisd", "fci"]
    np.testing.assert_allclose(energies, energies[0], atol=1e-8)


def test_a_correlated_state_on_a_mean_field_that_did_not_converge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = correlation.Correlated(-2.85, np.zeros((2, 2)), False)

    def solve(mean_field: Any, *_: Any) -> correlation.Correlated:
        return found._replace(density_matrix=mean_field.make_rdm1())

    monkeypatch.setitem(CORRELATION, "ccsd", solve)
    state, _ = solve_atom(parse_atom("He"), parse_level("ccsd_6-31G"))
    assert state.converged is False
    assert state.energy == -2.85


def test_the_thresholds_of_each_method(monkeypatch: pytest.MonkeyPatch) -> None:
    """Energies to 1e-9 hartree or better, and what properties hang on to 1e-7."""
    seen: dict[str, Any] = {}

    def stopped(solver: Any, *_: Any, **__: Any) -> None:
        seen[type(solver).__name__] = solver
        raise InterruptedError

    helium = _symmetric("He")
    for module, solve in (
        (cc.ccsd.CCSD, lambda: coupled_cluster(helium, 7, triples=False)),
        (ci.cisd.CISD, lambda: singles_and_doubles(helium, 7)),
        (fci.direct_spin1_symm.FCISolver, lambda: full_ci_vector(helium, 7)),
    ):
        monkeypatch.setattr(module, "kernel", stopped)
        with pytest.raises(InterruptedError):
            solve()
    assert len(seen) == 3
    for name, solver in seen.items():
        assert solver.max_cycle == 7
        assert solver.conv_tol <= 1e-9
        if "CCSD" in name:
            assert solver.conv_tol_normt <= 1e-7
        if "FCI" in name:
            assert (solver.conv_tol, solver.conv_tol_residual) == (1e-11, 1e-6)


def test_full_ci_has_the_spin_of_the_mean_field(monkeypatch: pytest.MonkeyPatch) -> None:
    lithium = _symmetric("Li", 1)
    for error, right in ((0.9e-4, True), (1.1e-4, False), (-1.1e-4, False)):
        monkeypatch.setattr(
            fci.direct_spin1_symm.FCISolver,
            "spin_square",
            lambda *_, square=0.75 + error, **__: (square, 0.0),
        )
        if right:
            assert full_ci_vector(lithium, 100).energy < lithium.e_tot
        else:
            with pytest.raises(ElectronicStructureError, match=r"<S\^2> = 0.7[45].* of 0.7500"):
                full_ci_vector(lithium, 100)


def test_full_ci_is_in_the_representation_of_the_open_shell() -> None:
    """Of beryllium as 1s2 2p_x 2p_y, the product of the representations of the two."""
    mol = gto.M(atom="Be", basis="6-31G", spin=2, symmetry="D2h", verbose=0)
    mean_field = scf.ROHF(mol)
    mean_field.irrep_nelec = {"Ag": (1, 1), "B2u": (1, 0), "B3u": (1, 0)}
    mean_field.run(conv_tol=1e-12)
    found = full_ci_vector(mean_field, 200)
    assert found.solver.wfnsym == symm.irrep_name2id("D2h", "B1g")
    assert found.energy < mean_field.e_tot
    state = full_configuration_interaction(mean_field, 200)
    assert state.energy == pytest.approx(found.energy, abs=1e-9)
    overlap = mean_field.get_ovlp()
    assert np.trace(state.density_matrix @ overlap) == pytest.approx(4, abs=1e-9)
    # Both p_x and p_y hold an electron, and p_z next to none.
    holds = np.einsum("ij,jk,ki->i", overlap, state.density_matrix, overlap)
    labels = SimpleNamespace(x=0.0, y=0.0, z=0.0)
    for label, value in zip(mol.ao_labels(fmt=False), holds, strict=True):
        if label[2] == "2p":
            setattr(labels, label[3], getattr(labels, label[3]) + value)
    assert labels.x == pytest.approx(labels.y, rel=1e-5)
    assert labels.x > 10 * abs(labels.z)


def test_spins_are_summed() -> None:
    up, down = np.eye(2), np.array([[0.0, 1.0], [1.0, 0.5]])
    np.testing.assert_array_equal(total((up, down)), up + down)
    np.testing.assert_array_equal(total(up), up)
