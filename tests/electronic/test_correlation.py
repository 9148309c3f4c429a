"""Correlation methods against one another and against their two-particle density matrices."""

import numpy as np
import pytest
from pyscf import ao2mo, cc, fci, gto, scf

from comotion.density.functionals import hartree
from comotion.electronic import correlation
from comotion.electronic.atoms import solve_atom
from comotion.errors import ElectronicStructureError
from comotion.systems import parse_atom, parse_level
from conftest import atom


def test_two_electrons_are_the_same_in_every_method() -> None:
    energies, repulsions, hartrees = [], [], []
    for method in ("cisd", "fci", "ccsd", "ccsd-t"):
        state, density = atom("He", f"{method}_aug-cc-pVDZ")
        energies.append(state.energy)
        repulsions.append(state.v_quantum)
        hartrees.append(hartree(density))
    np.testing.assert_allclose(energies, energies[0], atol=1e-8)
    np.testing.assert_allclose(repulsions, repulsions[0], atol=2e-6)
    np.testing.assert_allclose(hartrees, hartrees[0], atol=2e-6)


def test_full_ci_repulsion_by_the_pair_matrix() -> None:
    """<V_ee> = E - Tr(h gamma) against 1/2 Tr(g Gamma) without any symmetry."""
    mol = gto.M(atom="Be", basis="cc-pVDZ", verbose=0)
    mean_field = scf.RHF(mol).run()
    orbitals = mean_field.mo_coeff
    solver = fci.FCI(mol, orbitals)
    solver.conv_tol = 1e-12
    energy, vector = solver.kernel()
    pair = solver.make_rdm12(vector, mol.nao, mol.nelec)[1]
    integrals = ao2mo.restore(1, ao2mo.kernel(mol, orbitals), mol.nao)
    state, _ = atom("Be", "fci_cc-pVDZ")
    assert state.energy == pytest.approx(energy, abs=1e-9)
    assert state.v_quantum == pytest.approx(0.5 * np.sum(pair * integrals), abs=1e-6)


def test_full_ci_of_an_open_shell_finds_the_term() -> None:
    state, density = atom("B", "fci_6-31G")
    coupled, _ = atom("B", "ccsd-t_6-31G")
    assert state.ground.term == "2P"
    assert state.energy == pytest.approx(coupled.energy, abs=2e-3)
    assert state.energy < atom("B", "ccsd_6-31G")[0].energy
    assert density.n_electrons == 5


def test_no_convergence_names_the_equations() -> None:
    from comotion.electronic.atoms import solve_atom  # noqa: PLC0415 - only here
    from comotion.systems import parse_atom, parse_level  # noqa: PLC0415 - only here

    with pytest.raises(ElectronicStructureError, match="full CI equations did not converge in 8 "):
        solve_atom(parse_atom("B"), parse_level("fci_6-31G"), max_cycle=8)


@pytest.mark.parametrize("method", ["ccsd", "ccsd-t"])
def test_integrals_on_the_disk_lead_to_the_same_state(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    level = f"{method}_6-31G"
    state, density = atom("N", level)
    monkeypatch.setattr(correlation, "MOST_IN_MEMORY", 5)
    kept = []
    whole = cc.uccsd._make_eris_outcore

    def on_disk(*arguments: object) -> object:
        kept.append(arguments)
        return whole(*arguments)

    monkeypatch.setattr(cc.uccsd, "_make_eris_outcore", on_disk)
    again, from_disk = solve_atom(parse_atom("N"), parse_level(level))
    assert len(kept) == 1
    assert again.energy == pytest.approx(state.energy, abs=1e-9)
    assert again.v_quantum == pytest.approx(state.v_quantum, abs=1e-7)
    assert hartree(from_disk) == pytest.approx(hartree(density), abs=1e-7)
