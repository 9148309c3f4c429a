"""PySCF's spherical atom in the field of a functional."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg
from pyscf import gto
from pyscf.dft import gen_grid, numint

from comotion.density.radial import Array
from comotion.electronic.averaging import spherical_average
from comotion.electronic.basis import exponents, load_basis, with_diffuse
from comotion.electronic.mean_field import molecule, occupied_shells
from comotion.electronic.terms import ground_state
from comotion.kohn_sham.blocks import radial_blocks
from comotion.kohn_sham.field import (
    TransportField,
    electrons_by_angular,
    filled,
    force_matrix,
    orbitals_in_larger_basis,
)
from comotion.kohn_sham.functional import TransportFunctional
from comotion.kohn_sham.self_consistent import SelfConsistentAtom
from comotion.progress import silent
from comotion.systems import parse_atom
from told import Told


def _field(system: str, basis: str, order: int, report: Any = silent) -> TransportField:
    atom = parse_atom(system)
    ground = ground_state(atom)
    shells = occupied_shells(load_basis(basis, atom.symbol), ground)
    return TransportField(
        molecule(atom, shells, ground, symmetry=""), ground, TransportFunctional(order), report
    )


def _by_quadrature(mol: gto.Mole, potential: Any) -> Array:
    """Matrix of a spherical potential from orbitals on points of spheres."""
    sphere = gen_grid.MakeAngularGrid(26)
    r = np.geomspace(1e-5, 80, 1000)
    weights = 4 * np.pi * np.log(r[1] / r[0]) * r**3 * potential(r)
    points = (r[:, None, None] * sphere[:, :3]).reshape(-1, 3)
    orbitals = numint.eval_ao(mol, points)
    return np.asarray((orbitals.T * np.outer(weights, sphere[:, 3]).ravel()) @ orbitals)


#: Atoms with closed, half-filled and other open shells, and orders.
_CASES = [("He", 2), ("Li", 3), ("Be", 2), ("Be", 4), ("B", 3), ("N", 2)]


@pytest.fixture(scope="module", params=_CASES, ids=lambda case: f"{case[0]}, order {case[1]}")
def made(request: pytest.FixtureRequest) -> tuple[TransportField, Array]:
    """A field, and a density matrix: that of the bare nucleus, screened."""
    system, order = request.param
    solver = _field(system, "unc-6-31G", order)
    mol = solver.mol
    core = mol.intor("int1e_kin") + 0.8 * mol.intor("int1e_nuc")
    energies, orbitals = solver.eig(core, mol.intor("int1e_ovlp"))
    occupations = solver.get_occ(energies, orbitals)
    return solver, np.asarray(orbitals * occupations) @ orbitals.T


def test_field_is_the_potential_between_orbitals(made: tuple[TransportField, Array]) -> None:
    """Its gauge, too: u(inf) = 0."""
    solver, matrix = made
    field = solver.get_veff(dm=matrix)
    expected = _by_quadrature(solver.mol, field.response.potential)
    np.testing.assert_allclose(np.asarray(field), expected, atol=2e-4)
    assert float(np.sum(field * matrix)) == pytest.approx(field.response.mean, rel=1e-10)
    overlap = solver.mol.intor("int1e_ovlp")
    unshifted = force_matrix(field.response, solver.blocks)
    np.testing.assert_allclose(unshifted + field.shift * overlap, field, atol=1e-12)


def test_field_is_the_derivative_of_the_energy(made: tuple[TransportField, Array]) -> None:
    """Along a change of the density matrix that keeps the charge and the shape of shells."""
    solver, matrix = made
    mol = solver.mol
    core = mol.intor("int1e_kin") + 0.9 * mol.intor("int1e_nuc")
    energies, orbitals = solver.eig(core, mol.intor("int1e_ovlp"))
    change = (orbitals * solver.get_occ(energies, orbitals)) @ orbitals.T - matrix
    # Some of it is in the density already, so that a step back leaves no negative one.
    matrix = matrix + 0.3 * change
    hcore = solver.get_hcore()

    def energy(step: float) -> float:
        return float(solver.energy_elec(dm=matrix + step * change, h1e=hcore)[0])

    derivative = (
        8 * (energy(0.01) - energy(-0.01)) - (energy(0.02) - energy(-0.02))
    ) / 0.12  # fmt: skip
    field = solver.get_veff(dm=matrix)
    assert float(np.sum((hcore + field) * change)) == pytest.approx(derivative, rel=1e-4)


def test_energy_is_the_functional_and_the_one_body_part(
    made: tuple[TransportField, Array],
) -> None:
    solver, matrix = made
    energy, value = solver.energy_elec(dm=matrix)
    expected = solver.functional.response(spherical_average(solver.mol, matrix)).value
    assert value == pytest.approx(expected, rel=1e-12)
    one_body = float(np.sum(solver.get_hcore() * matrix))
    assert energy == pytest.approx(one_body + value, rel=1e-12)
    field = solver.get_veff(dm=matrix)
    assert solver.energy_elec(dm=matrix, h1e=0 * matrix, vhf=field) == (value, value)


def test_occupations_are_spread_over_m() -> None:
    for system, electrons in (
        ("Be", {0: 4}), ("B", {0: 4, 1: 1}), ("N", {0: 4, 1: 3}), ("F", {0: 4, 1: 5}),
    ):  # fmt: skip
        solver = _field(system, "6-31G", 2)
        assert solver.electrons == electrons
        assert electrons_by_angular(ground_state(parse_atom(system))) == electrons
        # Three s functions, then p functions with their three m, where there are electrons in p.
        expected = [2.0, 2.0, 0.0]
        if 1 in electrons:
            expected += [electrons[1] / 3] * 3 + [0.0] * 3
        np.testing.assert_allclose(solver.get_occ(), expected, atol=1e-15)
    _, of_p = radial_blocks(gto.M(atom="Ne", basis="6-31G", verbose=0))
    assert filled(8, of_p).tolist() == [6, 2]
    assert filled(0, of_p).tolist() == [0, 0]
    assert electrons_by_angular(ground_state(parse_atom("Zn"))) == {0: 8, 1: 12, 2: 10}


def test_the_functional_is_asked_once_for_a_field() -> None:
    told = Told()
    solver = _field("Li", "unc-6-31G", 2, told)
    assert solver.responses == 0
    assert solver.energy_change == np.inf
    matrix = solver.get_init_guess(solver.mol, solver.init_guess)
    assert float(np.sum(matrix * solver.get_ovlp())) == pytest.approx(3, rel=1e-10)
    solver.get_veff(dm=matrix)
    solver.energy_elec(dm=matrix, vhf=solver.get_veff(dm=matrix))
    assert solver.responses == 2
    assert [int(step.split("field ")[1][0]) for step in told.steps][:1] == [1]
    assert any("field 2" in step for step in told.steps)
    solver.enough = 1e-6
    solver.kernel()
    assert solver.converged
    assert solver.energy_change < 1e-6


@pytest.mark.parametrize(("system", "order"), [("Li", 2), ("B", 3), ("Be", 4)])
def test_orbitals_in_a_larger_basis(system: str, order: int) -> None:
    """By PySCF's own matrices, and the potential by quadrature."""
    solver = _field(system, "unc-6-31G", order)
    solver.kernel()
    field = solver.get_veff()
    atom = parse_atom(system)
    ground = ground_state(atom)
    shells = occupied_shells(load_basis("unc-6-31G", system), ground)
    found = orbitals_in_larger_basis(atom, shells, ground, field)
    highest = max(solver.electrons)
    assert len(found) == highest + 2
    # One more function of each momentum, by the last ratio, and one momentum more.
    functions = with_diffuse(shells, 1)
    for angular, values in exponents(shells).items():
        more = exponents(functions)[angular]
        assert more == pytest.approx([*values, values[-1] ** 2 / values[-2]])
    of_s = np.array(exponents(functions)[0])
    functions += [[highest + 1, [e, 1.0]] for e in of_s[of_s < of_s[0] / 500]]
    mol = gto.M(atom=system, basis={system: functions}, spin=None, verbose=0)
    fock = mol.intor("int1e_kin") + mol.intor("int1e_nuc")
    fock = fock + _by_quadrature(mol, field.response.potential)
    for block, energies in zip(radial_blocks(mol), found, strict=True):
        at = block.orbitals[0]
        assert len(energies) == len(at)
        expected = scipy.linalg.eigvalsh(
            fock[np.ix_(at, at)], mol.intor("int1e_ovlp")[np.ix_(at, at)]
        )
        # The potential is interpolated between the nodes of the plan; its matrix is not.
        np.testing.assert_allclose(energies[:3], expected[:3], atol=4e-4)


@pytest.mark.parametrize(
    ("system", "level"), [("Li", "ks-v2_unc-6-31G"), ("Be", "ks-v2_unc-6-31G")]
)
def test_what_an_atom_tells_of_the_larger_basis(
    system: str, level: str, solved: Callable[[str, str], SelfConsistentAtom]
) -> None:
    """How far its highest orbital falls, and the lowest that is empty, of s or p."""
    atom = parse_atom(system)
    solver = _field(system, "unc-6-31G", 2)
    solver.kernel()
    ground = ground_state(atom)
    shells = occupied_shells(load_basis("unc-6-31G", system), ground)
    of_s, of_p = orbitals_in_larger_basis(atom, shells, ground, solver.get_veff())
    found = solved(system, level)
    assert found.tail_gain == pytest.approx(found.highest_occupied - of_s[1], abs=1e-8)
    assert found.tail_gain > 1e-5
    assert found.lowest_unoccupied == pytest.approx(min(of_s[2], of_p[0]), abs=1e-6)
