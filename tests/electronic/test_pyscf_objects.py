"""States of the user's own PySCF objects, and the objects that are refused."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pyscf import cc, ci, dft, fci, gto, mcscf, qmmm, scf
from pyscf.cc import ccd
from pyscf.dft import gen_grid, numint
from pyscf.pbc import gto as periodic_gto
from pyscf.pbc import scf as periodic_scf

from comotion.electronic.pyscf_objects import from_pyscf
from comotion.electronic.state import ElectronicState
from comotion.errors import ElectronicStructureError
from conftest import atom


def _atom(symbol: str, kind: Callable[[gto.Mole], Any] = scf.RHF, **options: Any) -> Any:
    """A converged mean field of an atom."""
    basis = options.pop("basis", "cc-pVDZ")
    mol = gto.M(atom=f"{symbol} 1 2 3", basis=basis, verbose=0, **options)
    return kind(mol).run(conv_tol=1e-12, conv_tol_grad=1e-7)


@pytest.fixture(scope="module")
def beryllium() -> Any:
    return _atom("Be")


def _assert_is(state: ElectronicState, level: str) -> None:
    """The same numbers as those of our own computation of beryllium at a level."""
    own, density = atom("Be", level)
    assert (state.system, state.level, state.term) == ("Be", level, "1?")
    assert state.energies.energy == pytest.approx(own.energy, abs=1e-7)
    assert state.energies.v_quantum == pytest.approx(own.v_quantum, abs=3e-6)
    assert state.energies.kinetic == pytest.approx(own.kinetic, abs=3e-6)
    assert state.energies.energy_hf == pytest.approx(own.energy_hf, abs=1e-9)
    assert state.energies.v_hf == pytest.approx(own.v_hf, abs=1e-6)
    r = np.geomspace(1e-2, 6, 20)
    np.testing.assert_allclose(state.density(r), density(r), rtol=1e-4)


def test_restricted_hartree_fock(beryllium: Any) -> None:
    _assert_is(from_pyscf(beryllium), "hf_cc-pVDZ")


@pytest.mark.parametrize("triples", [False, True])
def test_coupled_cluster(beryllium: Any, triples: bool) -> None:
    solver = cc.CCSD(beryllium).run(conv_tol=1e-10, conv_tol_normt=1e-8)
    _assert_is(from_pyscf(solver, triples=triples), f"ccsd{'-t' if triples else ''}_cc-pVDZ")
    assert solver.l1 is None, "the user's object was changed"


def test_coupled_cluster_whose_lambda_equations_are_solved(beryllium: Any) -> None:
    solver = cc.CCSD(beryllium).run(conv_tol=1e-10, conv_tol_normt=1e-8)
    solver.solve_lambda()
    _assert_is(from_pyscf(solver), "ccsd_cc-pVDZ")


def test_full_ci_as_solver_and_as_complete_active_space(beryllium: Any) -> None:
    solver = fci.FCI(beryllium)
    solver.conv_tol, solver.conv_tol_residual = 1e-12, 1e-7
    solver.kernel()
    _assert_is(from_pyscf(solver, mean_field=beryllium), "fci_cc-pVDZ")
    space = mcscf.CASCI(beryllium, beryllium.mol.nao, 4)
    space.fcisolver.conv_tol = 1e-12
    state = from_pyscf(space.run())
    assert state.level == "casci-4-14_cc-pVDZ"
    own, _ = atom("Be", "fci_cc-pVDZ")
    assert state.energies.v_quantum == pytest.approx(own.v_quantum, abs=1e-5)


def test_full_ci_in_unrestricted_orbitals() -> None:
    lithium = _atom("Li", scf.UHF, spin=1, basis="6-31G")
    solver = fci.FCI(lithium)
    solver.conv_tol = 1e-12
    solver.kernel()
    state = from_pyscf(solver, mean_field=lithium)
    own, _ = atom("Li", "fci_6-31G")
    assert state.energies.energy == pytest.approx(own.energy, abs=1e-8)
    assert state.energies.v_quantum == pytest.approx(own.v_quantum, abs=1e-6)


def test_helium_is_the_same_by_every_exact_method() -> None:
    helium = _atom("He", basis="aug-cc-pVDZ")
    states = [
        from_pyscf(ci.CISD(helium).run(conv_tol=1e-12)),
        from_pyscf(cc.CCSD(helium).run(conv_tol=1e-11, conv_tol_normt=1e-9)),
        from_pyscf(helium.density_fit(auxbasis="def2-universal-jkfit").run(), triples=False),
    ]
    assert states[0].level == "cisd_aug-cc-pVDZ"
    repulsions = [state.energies.v_quantum for state in states[:2]]
    assert repulsions[0] == pytest.approx(repulsions[1], abs=1e-6)
    assert states[2].energies.energy == pytest.approx(helium.e_tot, abs=1e-3)


@pytest.mark.parametrize("kind", [scf.UHF, scf.ROHF])
def test_open_shells(kind: Any) -> None:
    carbon = _atom("C", kind, spin=2)
    state = from_pyscf(carbon)
    assert state.term == "3?"
    assert state.level == ("uhf" if kind is scf.UHF else "hf") + "_cc-pVDZ"
    energies = state.energies
    parts = energies.kinetic, energies.nuclear_attraction, energies.v_quantum
    assert sum(part or np.nan for part in parts) == pytest.approx(carbon.e_tot, abs=1e-10)
    coupled = from_pyscf(cc.CCSD(carbon).run())
    assert coupled.energies.energy < carbon.e_tot
    assert coupled.n_electrons == 6


def test_open_shell_triples() -> None:
    solver = cc.CCSD(_atom("Li", scf.UHF, spin=1)).run(conv_tol=1e-10, conv_tol_normt=1e-8)
    state = from_pyscf(solver, triples=True)
    own, _ = atom("Li", "ccsd-t_cc-pVDZ")
    assert state.energies.energy == pytest.approx(own.energy, abs=1e-7)
    assert state.energies.v_quantum == pytest.approx(own.v_quantum, abs=3e-6)


@pytest.mark.parametrize("kind", [dft.RKS, dft.UKS])
def test_kohn_sham_states_have_no_wave_function(kind: Any) -> None:
    neon = gto.M(atom="Ne", basis="cc-pVDZ", verbose=0)
    mean_field = kind(neon, xc="pbe,pbe").run()
    state = from_pyscf(mean_field)
    assert state.level == f"{kind.__name__.lower()}-pbe-pbe_cc-pVDZ"
    assert state.energies.energy == mean_field.e_tot
    assert state.energies.v_quantum is state.energies.kinetic is state.energies.v_hf is None
    assert "v_quantum" not in repr(state)
    assert state.density.cumulant(50.0) == pytest.approx(10, abs=1e-8)


def test_cartesian_functions_by_a_numerical_average() -> None:
    oxygen = _atom("O", scf.UHF, spin=2, cart=True, basis="cc-pVTZ")
    state = from_pyscf(oxygen)
    matrix = np.sum(oxygen.make_rdm1(), axis=0)
    sphere = gen_grid.MakeAngularGrid(302)
    for r in (0.01, 0.5, 1.5, 4.0):
        at = oxygen.mol.atom_coord(0) + r * sphere[:, :3]
        orbitals = numint.eval_ao(oxygen.mol, at)
        values = np.einsum("gi,ij,gj->g", orbitals, matrix, orbitals)
        assert np.ptp(values) > 1e-6 * np.mean(values)
        assert state.density(r) == pytest.approx(values @ sphere[:, 3], rel=1e-11)


def test_casci_of_unrestricted_orbitals() -> None:
    carbon = _atom("C", scf.UHF, spin=2, basis="6-31G")
    space = mcscf.UCASCI(carbon, 4, (3, 1))
    space.kernel()
    state = from_pyscf(space)
    assert state.level == "casci-4-4_6-31G"
    assert state.energies.energy == pytest.approx(space.e_tot, abs=1e-12)
    energies = state.energies
    parts = energies.kinetic, energies.nuclear_attraction, energies.v_quantum
    assert sum(part or np.nan for part in parts) == pytest.approx(space.e_tot, abs=1e-10)


@pytest.mark.parametrize("frozen", [1, [0]])
def test_a_frozen_core_is_another_level(beryllium: Any, frozen: Any) -> None:
    state = from_pyscf(cc.CCSD(beryllium, frozen=frozen).run())
    assert state.level == "ccsd-frozen_cc-pVDZ"
    assert (state.energies.energy_hf or 0) > state.energies.energy
    assert from_pyscf(ci.CISD(beryllium, frozen=frozen).run()).level == "cisd-frozen_cc-pVDZ"


@pytest.mark.parametrize("change", [dict, lambda: {"symmetry": True}, lambda: {"unit": "Bohr"}])
def test_a_second_order_solver_and_what_cannot_be_pickled(change: Any) -> None:
    mol = gto.M(atom="Ne", basis="6-31G", verbose=0, **change())
    mean_field = scf.RHF(mol).newton().run(conv_tol=1e-12)
    mean_field.callback = lambda _: None
    state = from_pyscf(mean_field)
    own = _atom("Ne", basis="6-31G")
    assert state.energies.energy == pytest.approx(own.e_tot, abs=1e-8)
    assert state.energies.v_quantum == pytest.approx(
        from_pyscf(own).energies.v_quantum, abs=1e-5
    )  # fmt: skip


@pytest.mark.parametrize(
    "make",
    [
        lambda: _atom("H", scf.UHF, spin=1),
        lambda: _atom("He", scf.ROHF, spin=1, charge=1),
        lambda: cc.CCSD(_atom("H", scf.UHF, spin=1)).run(),
    ],
)
def test_one_electron_has_no_repulsion(make: Callable[[], Any]) -> None:
    state = from_pyscf(make())
    assert state.energies.v_quantum == state.energies.v_hf == state.energies.v_mean_field == 0.0


def test_ions_and_bases_without_a_name() -> None:
    shells = gto.basis.load("cc-pVDZ", "Na")
    state = from_pyscf(_atom("Na", charge=1, basis={"Na": shells}))
    assert (state.system, state.level, state.n_electrons) == ("Na+", "hf_custom", 10)


def _molecule() -> Any:
    return scf.RHF(gto.M(atom="Li; H 1 1.6", basis="6-31G", verbose=0)).run()


def _complex() -> Any:
    mean_field = _atom("Be")
    mean_field.mo_coeff = mean_field.mo_coeff * 1j
    return mean_field


def _extended_nucleus() -> Any:
    return _atom("Be", nucmod={"Be": "G"})


def _other_charge() -> Any:
    """The same functions about a nucleus of boron, still called beryllium."""
    mean_field = _atom("Be")
    mean_field.mol._atm[0, 0] = 5
    return mean_field


def _part_of_the_repulsion() -> Any:
    mol = gto.M(atom="Be", basis="6-31G", verbose=0)
    mol.set_range_coulomb(0.3)
    return scf.RHF(mol).run()


def _outer_charges() -> Any:
    mol = gto.M(atom="Be", basis="6-31G", verbose=0)
    return qmmm.mm_charge(scf.RHF(mol), [[0.0, 0.0, 5.0]], [1.0]).run()


def _fractional() -> Any:
    mol = gto.M(atom="B", basis="6-31G", spin=1, verbose=0)
    return scf.addons.frac_occ(scf.UHF(mol)).run()


def _smeared() -> Any:
    mol = gto.M(atom="C", basis="6-31G", verbose=0)
    return scf.addons.smearing_(scf.RHF(mol), sigma=0.1, method="fermi").run()


def _rotated() -> Any:
    """Orbitals of another molecule's order: an occupied one changed places with an empty one."""
    mean_field = _atom("Be")
    mean_field.mo_coeff = mean_field.mo_coeff[:, ::-1]
    return mean_field


def _not_numbers() -> Any:
    mean_field = _atom("Be")
    mean_field.mo_coeff = np.full_like(mean_field.mo_coeff, np.nan)
    return mean_field


def _state_average() -> Any:
    space = mcscf.CASSCF(_atom("Be", basis="6-31G"), 4, 2)
    return space.state_average_([0.5, 0.5]).run()


def _with_ghost() -> Any:
    mol = gto.M(atom="Be 0 0 0; ghost-He 0 0 1", basis="6-31G", verbose=0)
    return scf.RHF(mol).run()


def _periodic() -> Any:
    cell = periodic_gto.Cell()
    cell.atom, cell.a, cell.basis, cell.verbose = "He", np.eye(3) * 6, "6-31G", 0
    return periodic_scf.RHF(cell.build())


def _two_roots() -> Any:
    space = mcscf.CASCI(_atom("Be", basis="6-31G"), 4, 2)
    space.fcisolver.nroots = 2
    return space.run()


_REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "molecule": (_molecule, "of 2 atoms"),
    "core potential": (lambda: _atom("Ne", basis="lanl2dz", ecp="crenbl"), "core potential"),
    "krypton of 8": (lambda: _atom("Kr", basis="lanl2dz", ecp="lanl2dz"), "the Kr atom has an eff"),
    "not run": (lambda: scf.RHF(gto.M(atom="Be", verbose=0)), "RHF is not converged"),
    "stopped": (
        lambda: scf.RHF(gto.M(atom="Ne", basis="cc-pVDZ", verbose=0)).run(max_cycle=1),
        "RHF is not converged",
    ),
    "full CI not run": (lambda: _full_ci(run=False), "not converged"),
    "coupled cluster not run": (lambda: cc.CCSD(_atom("Be")), "CCSD is not converged"),
    "doubles": (lambda: ccd.CCD(_atom("Be")), "CCD is no state"),
    "molecule alone": (lambda: gto.M(atom="Be", verbose=0), "Mole is no state"),
    "text": (lambda: "Be", "str is no state"),
    "generalised": (lambda: _atom("Be", scf.GHF), "GHF is no state"),
    "complex": (_complex, "complex orbitals"),
    "relativistic": (lambda: scf.RHF(_atom("Ne").mol).x2c().run(), "not that of the bare atom"),
    "spin-free x2c": (lambda: scf.RHF(_atom("Ne").mol).sfx2c1e().run(), "relativistic corr"),
    "Dirac": (lambda: _atom("He", scf.DHF), "DHF is no state"),
    "periodic": (_periodic, "pyscf.pbc.scf.hf.RHF is no state .* of one atom"),
    "two roots": (_two_roots, "holds 2 states"),
    "state average": (_state_average, "averages 2 states"),
    "extended nucleus": (_extended_nucleus, "an extended one: leave nucmod out"),
    "other charge": (_other_charge, "a nucleus Be of charge 5 with 5 electrons is no atom"),
    "outer charges": (_outer_charges, "outer fields out"),
    "part of 1/r": (_part_of_the_repulsion, r"a part of 1/r only \(mol.omega = 0.3\)"),
    "solvent": (
        lambda: scf.RHF(gto.M(atom="Be", basis="6-31G", verbose=0)).ddCOSMO().run(),
        "in a solvent: leave the solvent out",
    ),
    "fractional": (_fractional, "UHF has fractional occupations"),
    "smeared": (_smeared, "fractional occupations"),
    "rotated": (_rotated, r"has the energy -14\..* but its orbitals have"),
    "not numbers": (_not_numbers, "orbitals that are no numbers"),
    "ghost beside": (_with_ghost, r"of 2 atoms \(Be, GHOST-He\).* without ghost functions"),
    "Brueckner": (lambda: cc.BCCD(_atom("Be")), "BCCD is no state"),
    "ghost": (
        lambda: scf.RHF(gto.M(atom="ghost-Ne", basis="6-31G", charge=-2, verbose=0)).run(
            init_guess="1e"  # PySCF 2.9 finds no atomic guess where no nucleus is
        ),
        "of charge 0 with 2 electrons is no atom",
    ),
}


def _full_ci(*, run: bool) -> Any:
    solver = fci.FCI(_atom("He"))
    if run:
        solver.kernel()
    return solver


@pytest.mark.parametrize(("make", "sentence"), _REFUSED.values(), ids=_REFUSED)
def test_refused(make: Callable[[], Any], sentence: str) -> None:
    found = make()
    reference = _atom("He") if isinstance(found, fci.direct_spin1.FCISolver) else None
    with pytest.raises(ElectronicStructureError, match=sentence) as error:
        from_pyscf(found, mean_field=reference)
    assert str(error.value).count("\n") == 0


def test_full_ci_needs_its_mean_field(beryllium: Any) -> None:
    with pytest.raises(ElectronicStructureError, match="mean_field=mf"):
        from_pyscf(_full_ci(run=True))
    with pytest.raises(ElectronicStructureError, match="not one of 4 electrons"):
        from_pyscf(_full_ci(run=True), mean_field=beryllium)
    with pytest.raises(ElectronicStructureError, match="leave mean_field out"):
        from_pyscf(beryllium, mean_field=beryllium)


def test_triples_are_those_of_coupled_cluster(beryllium: Any) -> None:
    with pytest.raises(ElectronicStructureError, match="RHF has no triples"):
        from_pyscf(beryllium, triples=True)
