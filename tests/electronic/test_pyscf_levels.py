"""What a level is called, and what is known, of the user's own PySCF objects."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pyscf import cc, ci, dft, fci, gto, mcscf, scf

from comotion.density.functionals import hartree
from comotion.electronic.pyscf_objects import from_pyscf
from comotion.errors import ElectronicStructureError


def _mol(symbol: str = "Be", **options: Any) -> gto.Mole:
    return gto.M(atom=symbol, basis=options.pop("basis", "6-31G"), verbose=0, **options)


@pytest.fixture(scope="module")
def beryllium() -> Any:
    """A mean field, which no test changes."""
    return scf.RHF(_mol()).run(conv_tol=1e-12, conv_tol_grad=1e-7)


_NAMES: dict[str, Callable[[Any], Any]] = {
    "hf": lambda mean_field: mean_field,
    "ccsd": lambda mean_field: cc.CCSD(mean_field).run(),
    "ccsd-frozen": lambda mean_field: cc.CCSD(mean_field, frozen=1).run(),
    "cisd": lambda mean_field: ci.CISD(mean_field).run(),
    "cisd-frozen": lambda mean_field: ci.CISD(mean_field, frozen=1).run(),
    "casci-2-4": lambda mean_field: mcscf.CASCI(mean_field, 4, 2).run(),
    "casscf-2-4": lambda mean_field: mcscf.CASSCF(mean_field, 4, 2).run(),
}


@pytest.mark.parametrize("name", _NAMES)
def test_the_level_and_energies_of_each_kind(beryllium: Any, name: str) -> None:
    found = _NAMES[name](beryllium)
    state = from_pyscf(found)
    assert (state.system, state.level, state.term) == ("Be", f"{name}_6-31G", "1?")
    energies = state.energies
    assert energies.energy == pytest.approx(found.e_tot, abs=1e-12)
    # What a Hartree-Fock state has beside: the energy of the one-electron Hamiltonian.
    matrix = beryllium.make_rdm1()
    v_hf = beryllium.e_tot - float(np.sum(beryllium.get_hcore() * matrix))
    assert energies.energy_hf == pytest.approx(beryllium.e_tot, abs=1e-12)
    assert energies.v_hf == pytest.approx(v_hf, abs=1e-10)
    own = np.asarray(found.make_rdm1() if name == "hf" or name.startswith("cas") else
                     found.make_rdm1(ao_repr=True))  # fmt: skip
    kinetic = float(np.sum(beryllium.mol.intor("int1e_kin") * own))
    attraction = float(np.sum(beryllium.mol.intor("int1e_nuc") * own))
    assert energies.kinetic == pytest.approx(kinetic, abs=1e-6)
    assert energies.nuclear_attraction == pytest.approx(attraction, abs=1e-6)
    assert energies.v_quantum == pytest.approx(found.e_tot - kinetic - attraction, abs=1e-6)
    assert energies.hartree == pytest.approx(hartree(state), abs=1e-9)
    assert energies.v_mean_field == pytest.approx(0.75 * energies.hartree, abs=1e-12)
    assert list(energies.errors) == ["hartree"]
    assert state.details is None


@pytest.mark.parametrize("frozen", [None, 1])
def test_triples_of_all_and_of_valence_electrons(beryllium: Any, frozen: int | None) -> None:
    solver = cc.CCSD(beryllium, frozen=frozen).run(conv_tol=1e-10, conv_tol_normt=1e-8)
    state = from_pyscf(solver, triples=True)
    assert state.level == f"ccsd-t{'-frozen' if frozen else ''}_6-31G"
    assert state.energies.energy == pytest.approx(solver.e_tot + solver.ccsd_t(), abs=1e-9)


@pytest.mark.parametrize(
    ("functional", "name"),
    [("pbe0", "pbe0"), ("0.2*HF+0.8*LDA, VWN", "0-2-hf-0-8-lda-vwn"), ("HF", "hf")],
)
def test_functionals_in_a_name(functional: str, name: str) -> None:
    state = from_pyscf(dft.RKS(_mol("He"), xc=functional).run())
    assert state.level == f"rks-{name}_6-31G"
    energies = state.energies
    assert energies.v_quantum is energies.energy_hf is energies.v_hf is energies.kinetic is None
    assert (energies.nuclear_attraction or 0) < -5


def test_without_a_functional() -> None:
    helium = dft.RKS(_mol("He"), xc="lda,vwn").run()
    helium.xc = ""
    assert from_pyscf(helium).level == "rks-none_6-31G"


def test_lambda_equations_that_did_not_converge_are_solved_anew(beryllium: Any) -> None:
    solver = cc.CCSD(beryllium).run(conv_tol=1e-10, conv_tol_normt=1e-8)
    right = from_pyscf(solver).energies
    solver.max_cycle = 1
    solver.solve_lambda()
    assert not solver.converged_lambda
    with pytest.raises(ElectronicStructureError, match=r"the lambda equations .* in 1 iterations"):
        from_pyscf(solver)
    solver.max_cycle = 50
    assert from_pyscf(solver).energies.v_quantum == pytest.approx(right.v_quantum, abs=1e-8)


def test_a_reference_that_did_not_converge_is_none(beryllium: Any) -> None:
    mean_field = scf.RHF(beryllium.mol).run(max_cycle=2)
    assert not mean_field.converged
    energies = from_pyscf(mcscf.CASCI(mean_field, 4, 2).run()).energies
    assert energies.energy_hf is energies.v_hf is None
    assert energies.v_quantum is not None


def test_orbitals_of_a_functional_are_no_reference() -> None:
    mean_field = dft.RKS(_mol(), xc="lda,vwn").run()
    energies = from_pyscf(mcscf.CASCI(mean_field, 4, 2).run()).energies
    assert energies.energy_hf is energies.v_hf is None


@pytest.mark.parametrize(("spin", "kind"), [(0, scf.RHF), (1, scf.UHF), (2, scf.ROHF)])
def test_the_multiplicity_is_the_users(spin: int, kind: Any) -> None:
    symbol = {0: "He", 1: "Li", 2: "C"}[spin]
    state = from_pyscf(kind(_mol(symbol, spin=spin)).run(conv_tol=1e-11))
    assert state.term == f"{spin + 1}?"
    assert state.system == symbol


@pytest.mark.parametrize("spins", [(2, 1), (1, 2)])
def test_a_full_ci_vector_of_another_number_of_electrons(
    beryllium: Any, spins: tuple[int, int]
) -> None:
    solver = fci.FCI(beryllium)
    solver.kernel(nelec=spins)
    with pytest.raises(ElectronicStructureError, match="not one of 4 electrons in the 9 orbitals"):
        from_pyscf(solver, mean_field=beryllium)


def test_a_density_fit_may_change_the_energy_by_a_thousandth(beryllium: Any) -> None:
    fitted = scf.RHF(beryllium.mol).density_fit(auxbasis="def2-universal-jkfit")
    fitted.run(conv_tol=1e-11)
    state = from_pyscf(fitted)
    assert state.energies.energy == fitted.e_tot
    assert state.energies.hartree == pytest.approx(hartree(from_pyscf(beryllium)), abs=1e-3)
