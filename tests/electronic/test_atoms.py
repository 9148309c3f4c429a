"""States and energies of atoms by other routes, and the states that are refused."""

import numpy as np
import pytest
from pyscf import ao2mo, cc, gto, scf

from comotion.density.functionals import hartree
from comotion.density.radial import radial_density
from comotion.electronic import atoms
from comotion.electronic.atoms import solve_atom
from comotion.errors import ConfigError, ElectronicStructureError
from comotion.systems import parse_atom, parse_level
from conftest import atom


def test_repulsion_is_the_contraction_with_the_two_particle_matrix() -> None:
    state, _ = atom("Be", "ccsd_cc-pVDZ")
    mol = gto.M(atom="Be", basis="cc-pVDZ", verbose=0)
    solver = cc.CCSD(scf.RHF(mol).run(conv_tol=1e-12)).run(conv_tol=1e-10, conv_tol_normt=1e-8)
    orbitals = solver.mo_coeff
    integrals = ao2mo.restore(1, ao2mo.kernel(mol, orbitals), orbitals.shape[1])
    repulsion = 0.5 * np.einsum("pqrs,pqrs->", integrals, solver.make_rdm2())
    assert state.v_quantum == pytest.approx(repulsion, abs=1e-7)
    assert state.energy == pytest.approx(solver.e_tot, abs=1e-8)


def test_energies_add_up() -> None:
    state, density = atom("B", "hf_cc-pVDZ")
    total = state.kinetic + state.nuclear_attraction + state.v_quantum
    assert total == pytest.approx(state.energy, abs=1e-10)
    assert state.energy == state.energy_hf
    assert state.v_quantum == pytest.approx(state.v_hf, abs=1e-10)
    assert state.virial_ratio == pytest.approx(2, abs=1e-2)
    assert state.ground.term == "2P"
    assert state.spin_square == pytest.approx(0.75, abs=1e-10)
    assert density.n_electrons == 5


def test_hartree_fock_repulsion_is_coulomb_plus_exchange() -> None:
    state, density = atom("Ne", "hf_cc-pVDZ")
    from comotion.density.functionals import hartree  # noqa: PLC0415 - beside its use

    assert state.v_hf == pytest.approx(hartree(density) + state.exchange, abs=1e-9)


@pytest.mark.parametrize("method", ["hf", "uhf", "ccsd", "ccsd-t", "cisd", "fci"])
@pytest.mark.parametrize("system", ["H", "He+", "Li2+"])
def test_one_electron_has_no_repulsion(system: str, method: str) -> None:
    """The energy is that of one electron in the field of the nucleus, -Z^2 / 2."""
    state, density = atom(system, f"{method}_UGBS")
    charge = parse_atom(system).nuclear_charge
    assert state.v_quantum == state.v_hf == 0.0
    assert state.energy == state.energy_hf == pytest.approx(-(charge**2) / 2, rel=1e-6)
    assert state.highest_occupied == pytest.approx(state.energy, abs=1e-10)
    # Its self-repulsion is its exchange: U = 5 Z / 16 of the density Z^3 exp(-2 Z r) / pi.
    assert state.exchange == pytest.approx(-state.hartree_hf, abs=1e-9)
    assert state.hartree_hf == pytest.approx(5 * charge / 16, rel=1e-5)
    assert state.ground.term == "2S"
    assert density.n_electrons == 1


def test_spin_may_differ_from_hund() -> None:
    triplet, _ = solve_atom(parse_atom("Be"), parse_level("hf_cc-pVDZ"), unpaired=2)
    singlet, _ = atom("Be", "hf_cc-pVDZ")
    assert triplet.spin_square == pytest.approx(2, abs=1e-8)
    assert triplet.energy > singlet.energy


@pytest.mark.parametrize(
    ("system", "level", "sentence"),
    [
        ("H-", "hf_6-31G", "is not bound: its highest occupied orbital"),
        ("He-", "hf_aug-cc-pVDZ", "He-: the negative ion is not bound, or"),
        ("Be2-", "hf_aug-cc-pVDZ", "Be2-: no atom binds two electrons more"),
        ("Ne", "hf_no-such-basis", "unknown or lacks the element Ne"),
        ("Rn", "hf_aug-cc-pVTZ", "unknown or lacks the element Rn"),
        ("Og", "hf_aug-cc-pVTZ", "Og: its ground configuration is not known"),
    ],
)
def test_refused(system: str, level: str, sentence: str) -> None:
    with pytest.raises(ElectronicStructureError, match=sentence):
        solve_atom(parse_atom(system), parse_level(level))


@pytest.mark.parametrize(("level", "name"), [("hf", "Hartree-Fock"), ("ccsd", "Hartree-Fock")])
def test_no_convergence_is_an_error(level: str, name: str) -> None:
    with pytest.raises(ElectronicStructureError, match=f"{name} did not converge in 1 "):
        solve_atom(parse_atom("Ne"), parse_level(f"{level}_cc-pVDZ"), max_cycle=1)


def test_coupled_cluster_that_does_not_converge() -> None:
    with pytest.raises(ElectronicStructureError, match="CCSD equations did not converge in 9 "):
        solve_atom(parse_atom("Be"), parse_level("ccsd_cc-pVDZ"), max_cycle=9)


def test_the_face_of_an_atom_is_the_state_behind_it() -> None:
    by_name = atoms.atom("Be", "hf", "cc-pVDZ")
    same = atoms.atom("Be", level="hf_cc-pVDZ")
    state, density = atom("Be", "hf_cc-pVDZ")
    assert by_name.energies == same.energies
    assert by_name.details == state
    assert (by_name.system, by_name.level, by_name.term) == ("Be", "hf_cc-pVDZ", "1S")
    assert by_name.n_electrons == 4
    assert radial_density(by_name) is by_name.density
    energies = by_name.energies
    assert (energies.energy, energies.v_quantum) == (state.energy, state.v_quantum)
    assert (energies.kinetic, energies.v_hf) == (state.kinetic, state.v_hf)
    assert energies.hartree == pytest.approx(hartree(density), abs=1e-10)
    assert energies.v_mean_field == 0.75 * energies.hartree
    assert state.converged is True


def test_basis_names_with_characters_that_no_path_holds() -> None:
    assert atoms.atom("He", "hf", "6-31G*").level == "hf_6-31G_st_"


def test_hylleraas_atom_has_errors() -> None:
    helium = atoms.atom("He", "hylleraas", "w4")
    assert helium.term == "1S"
    assert 0 < helium.energies.errors["energy"] < 1e-4
    assert helium.energies.v_hf is None
    assert "v_hf" not in repr(helium)


def test_an_atom_in_print_and_in_a_notebook() -> None:
    beryllium = atoms.atom("Be", level="hf_cc-pVDZ")
    lines = repr(beryllium).splitlines()
    assert lines[0] == "Be, hf_cc-pVDZ, 1S, 4 electrons"
    assert [line.split()[0] for line in lines[1:4]] == ["energy", "v_quantum", "hartree"]
    assert all(line.endswith("hartree") for line in lines[1:])
    page = beryllium._repr_html_()
    assert page.startswith("<table><caption>Be, hf_cc-pVDZ")
    assert page.count("<tr>") == len(lines) - 1
    assert beryllium == beryllium  # noqa: PLR0124 - it holds arrays
    assert len({beryllium, beryllium.energies, beryllium.details}) == 3


@pytest.mark.parametrize(
    "words", [{}, {"method": "ccsd"}, {"method": "hf", "basis": "cc-pVDZ", "level": "hf_cc-pVDZ"}]
)
def test_half_a_level_is_refused(words: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"either a method and a basis, .*or level"):
        atoms.atom("Be", **words)  # type: ignore[arg-type]


@pytest.mark.parametrize("level", ["best", "best_QZ"])
def test_a_composed_level_is_for_the_workflow(level: str) -> None:
    """The library says how to make it."""
    with pytest.raises(ConfigError, match=f"snakemake -c1 results/Be/{level}/sce.json"):
        atoms.atom("Be", level=level)
