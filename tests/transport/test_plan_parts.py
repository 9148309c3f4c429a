"""What a plan is made of: forces, potentials, lengths, names, and what its file holds."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from comotion import MODELS, Accuracy, GammaMixture, PairCost, Plan, RadialDensity, comotion_plan
from comotion.io import read_arrays, write_arrays
from comotion.models.antipodal import antipodal_plan
from comotion.models.meeting_electrons import by_slaters_rules
from comotion.transport.maps import alternating, configuration_radii
from comotion.transport.pair_cost import COULOMB
from comotion.transport.potential import RadialPotential, force_potential, radial_forces
from comotion.transport.quadrature import folded_rule

_ROUGH = Accuracy(quadrature=1e-3)
_LOGARITHM = PairCost.logarithm()


@pytest.fixture(scope="module")
def four() -> Plan:
    return comotion_plan(MODELS["sqrt_r"](4), accuracy=_ROUGH)


@pytest.mark.parametrize("cost", [COULOMB, PairCost.yukawa(0.5), _LOGARITHM], ids=repr)
def test_forces_by_moving_one_electron_along_its_radius(cost: PairCost) -> None:
    """dE/dR with all directions held, by central differences of the cost of all pairs."""
    rng = np.random.default_rng(4)
    positions = rng.normal(size=(3, 3, 5))
    radii = np.linalg.norm(positions, axis=1)
    found = radial_forces(radii, positions, cost)
    assert found.shape == (3, 5)
    for i in range(5):
        ends = []
        for step in (1e-6, -1e-6):
            moved = positions.copy()
            moved[:, :, i] *= (1 + step / radii[:, i])[:, None]
            ends.append(cost.energies(moved))
        np.testing.assert_allclose(found[:, i], (ends[0] - ends[1]) / 2e-6, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("kind", ["exponential", "gaussian", "bohr"])
def test_potential_of_two_electrons_on_a_fine_rule(kind: str) -> None:
    """Against that of the antipodal plan, which is integrated to 1e-9."""
    density, known = MODELS[kind](2), antipodal_plan(MODELS[kind](2))
    plans = comotion_plan(density, accuracy=_ROUGH), _finest(density)
    errors = [np.max(np.abs(plan.potential(known.radii) - known.potential)) for plan in plans]
    assert errors[0] < 3e-4 * known.center
    assert errors[1] < errors[0] / 20


def _finest(density: RadialDensity) -> Plan:
    """A plan of two electrons on 2047 nodes, which are opposite."""
    rule = folded_rule(2048)
    radii = configuration_radii(density, rule.q, rule.complement, alternating(2))
    positions = np.zeros((len(radii), 3, 2))
    positions[:, 2] = radii * [1, -1]
    energies = 1 / radii.sum(axis=1)
    return Plan(
        density=density, weights=rule.weights, radii=radii, positions=positions,
        energies=energies, upward=alternating(2), cost=float(rule.weights @ energies),
    )  # fmt: skip


def test_a_radius_in_several_configurations_has_their_mean_force() -> None:
    """Weighted; without weights the first counts, as on a curve, which meets it once."""
    radii = np.array([[1.0, 2.0], [1.0, 4.0], [3.0, 8.0]])
    positions = np.zeros((3, 3, 2))
    positions[:, 0] = radii * [1, -1]
    weights = np.array([0.2, 0.6, 0.2])
    forces = -1 / radii.sum(axis=1) ** 2
    mean = (0.2 * forces[0] + 0.6 * forces[1]) / 0.8
    averaged = force_potential(radii, positions, weights)
    np.testing.assert_array_equal(averaged.radii, [1, 2, 3, 4, 8])
    expected = [mean, forces[0], forces[2], forces[1], forces[2]]
    np.testing.assert_allclose(averaged.slopes, expected, rtol=1e-13)
    once = force_potential(radii, positions)
    np.testing.assert_array_equal(once.radii, [1, 2, 3, 4, 8])
    assert once.slopes[0] in (forces[0], forces[1])
    # Radii that differ by more than rounding are two.
    radii[1, 0] = 1 + 1e-9
    assert len(force_potential(radii, positions).radii) == 6


@pytest.mark.parametrize("cost", [COULOMB, PairCost.yukawa(0.005)], ids=repr)
def test_potential_of_forces_that_have_one(cost: PairCost) -> None:
    """One electron of many far from the rest sees (N - 1) l(r): the tail is the potential."""
    r = np.geomspace(30, 300, 60)
    radii = np.stack([np.full(60, 1e-3), np.full(60, 1e-3 * (1 + 1e-15)), r], axis=1)
    positions = np.zeros((60, 3, 3))
    positions[:, 0, 0], positions[:, 0, 1], positions[:, 1, 2] = 1e-3, -1e-3, r
    u = force_potential(radii, positions, np.ones(60), cost)
    far = u.radii > 1
    np.testing.assert_allclose(u.values[far], 2 * cost.value(u.radii[far]), rtol=1e-4)
    np.testing.assert_allclose(u.slopes[far], 2 * cost.slope(u.radii[far]), rtol=1e-6)
    assert u.values[-1] == pytest.approx(2 * float(cost.value(np.array(300.0))), rel=1e-14)
    assert u.n_electrons == 3
    assert u.pair_cost is cost


def test_potential_inside_between_and_outside() -> None:
    """Constant inside; the Hermite cubic in log r between; the tail outside."""
    u = RadialPotential(
        np.array([0.5, 2.0, 8.0]), np.array([3.0, 1.0, 0.25]), np.array([-2.0, -0.5, -0.03]), 3
    )
    np.testing.assert_array_equal(u([0.0, 1e-5, 0.5]), [3.0, 3.0, 3.0])
    assert u(2.0) == pytest.approx(1.0, rel=1e-14)
    # The middle in log r of a cubic: mean of both ends, and an eighth of the difference of slopes.
    step = np.log(4.0)
    middle = (3.0 + 1.0) / 2 + step * (-2.0 * 0.5 + 0.5 * 2.0) / 8
    assert u(1.0) == pytest.approx(middle, rel=1e-13)
    middle = (1.0 + 0.25) / 2 + step * (-0.5 * 2.0 + 0.03 * 8.0) / 8
    assert u(4.0) == pytest.approx(middle, rel=1e-13)
    np.testing.assert_allclose(u([[8.1, 100.0]]), [[2 / 8.1, 0.02]], rtol=1e-15)
    assert repr(u) == "<RadialPotential: 3 radii from 0.5 to 8 bohr, then 2 / r>"
    other = replace(u, pair_cost=_LOGARITHM)
    assert repr(other).endswith("then like 2 l(r)>")
    # Where l does not vanish the tail continues what is held.
    assert other(16.0) == pytest.approx(0.25 - 2 * np.log(2.0), rel=1e-12)
    screened = replace(u, pair_cost=PairCost.yukawa(0.1))
    assert screened(16.0) == pytest.approx(2 * np.exp(-1.6) / 16, rel=1e-13)


@pytest.mark.parametrize("cost", [COULOMB, PairCost.yukawa(0.5)], ids=repr)
def test_half_the_lengths(cost: PairCost) -> None:
    """A plan stretched by 2 is the plan of the stretched density, and back to the last bit."""
    wide = by_slaters_rules(3)
    narrow = GammaMixture(3, wide.coefficients, wide.powers, 2 * wide.exponents, s=1)
    plan = comotion_plan(narrow, pair_cost=cost, accuracy=_ROUGH)
    stretched = plan.stretched(2.0, wide)
    other = comotion_plan(wide, pair_cost=cost.stretched(2.0), accuracy=_ROUGH)
    assert stretched.cost == plan.cost / 2 == pytest.approx(other.cost, rel=1e-8)
    np.testing.assert_allclose(stretched.radii, other.radii, rtol=1e-9)
    np.testing.assert_allclose(stretched.energies, other.energies, rtol=1e-6)
    assert stretched.cost_by_seed == tuple(c / 2 for c in plan.cost_by_seed)
    assert stretched.search_spread == plan.search_spread / 2
    assert stretched.quadrature_error == plan.quadrature_error / 2
    assert 0 < stretched.error == plan.error / 2
    np.testing.assert_array_equal(stretched.positions, 2 * plan.positions)
    np.testing.assert_allclose(
        stretched.potential([0.5, 2.0, 50.0]), plan.potential([0.25, 1.0, 25.0]) / 2, rtol=1e-9
    )
    assert stretched.density is wide
    back = stretched.stretched(0.5, narrow)
    assert back.cost == plan.cost
    np.testing.assert_array_equal(back.radii, plan.radii)
    assert back.pair_cost.agrees(cost.samples())


def test_gauge_of_a_cost_that_does_not_vanish() -> None:
    """Int rho u is the cost: over the configurations of the plan, sum u(R_i) is V on average."""
    plan = comotion_plan(MODELS["sqrt_r"](3), pair_cost=_LOGARITHM, accuracy=_ROUGH)
    sums = plan.potential(plan.radii).sum(axis=1)
    assert plan.weights @ sums == pytest.approx(plan.weights @ plan.energies, rel=1e-9)


def test_grid_of_the_curves(four: Plan) -> None:
    """600 equal steps from the nucleus to where 1e-4 electrons are left outside."""
    grid = four.grid
    assert len(grid) == 600
    np.testing.assert_allclose(np.diff(grid), grid[0], rtol=1e-9)
    assert four.density.cocumulant(grid[-1]) == pytest.approx(1e-4, rel=1e-6)


def test_what_it_says_of_itself(four: Plan) -> None:
    named = replace(four, system="Ne", level="hf", search_spread=2e-9, quadrature_error=1e-9)
    assert repr(named) == (
        f"<Plan (comotion) of Ne hf: 4 electrons, cost {four.cost:.8f} +- 3e-09 hartree>"
    )
    assert repr(four).startswith("<Plan (comotion): 4 electrons, cost")
    assert named._repr_html_() == "<code>&lt;" + repr(named)[1:-1] + "&gt;</code>"
    assert "(comotion, <PairCost logarithm>)" in repr(replace(four, pair_cost=_LOGARITHM))
    assert four.n_electrons == 4
    turned = replace(four, upward=~four.upward)
    assert turned.kind == "pattern"
    held = four.support()
    assert held[0] is four.radii
    assert held[1] is four.weights


def test_the_file_has_names_units_and_numbers(four: Plan, tmp_path: Path) -> None:
    plan = replace(
        four, system="Be", level="hf", marginal_error=1e-11, search_spread=3e-7, moves=17
    )
    plan.save(tmp_path / "plan.h5", {"study": "mine"})
    attributes, arrays = read_arrays(tmp_path / "plan.h5")
    for name in ("cost", "search_spread", "quadrature_error", "marginal_error", "moves",
                 "n_cells", "system", "level", "kind"):  # fmt: skip
        assert attributes[name] == getattr(plan, name), name
    assert attributes["study"] == "mine"
    assert json.loads(attributes["seeds"]) == [1, 2]
    assert json.loads(attributes["cost_by_seed"]) == list(plan.cost_by_seed)
    assert "cells" not in arrays
    u = plan.radial_potential
    expected: dict[str, tuple[Any, str]] = {
        "weights": (plan.weights, "1"), "radii": (plan.radii, "bohr"),
        "positions": (plan.positions, "bohr"), "energies": (plan.energies, "hartree"),
        "upward": (plan.upward, "1"), "q": (plan.q, "electrons"),
        "shells": (plan.density.shells, "bohr"), "grid": (plan.grid, "bohr"),
        "radial_density": (4 * np.pi * plan.grid**2 * plan.density.density(plan.grid), "bohr^-1"),
        "comotion": (plan.functions(plan.grid), "bohr"), "potential_radii": (u.radii, "bohr"),
        "potential": (u.values, "hartree"), "potential_slope": (u.slopes, "hartree/bohr"),
    }  # fmt: skip
    with h5py.File(tmp_path / "plan.h5") as file:
        own = {name for name in file if not name.startswith("density_")}
        assert own == set(expected)
        for name, (values, unit) in expected.items():
            np.testing.assert_allclose(file[name], values, rtol=1e-14, err_msg=name)
            assert file[name].attrs["unit"] == unit, name
    back = Plan.load(tmp_path / "plan.h5")
    assert (back.system, back.level, back.marginal_error, back.moves) == ("Be", "hf", 1e-11, 17)
    assert isinstance(back.moves, int)
    assert back.error == plan.error


def test_a_stretched_cost_is_kept(four: Plan, tmp_path: Path) -> None:
    cost = PairCost.yukawa(0.5).stretched(4.0)
    replace(four, pair_cost=cost).save(tmp_path / "plan.h5")
    back = Plan.load(tmp_path / "plan.h5").pair_cost
    assert back.agrees(cost.samples())
    assert repr(back) == "<PairCost yukawa(kappa=0.5), lengths times 4>"
    # A file of earlier versions says nothing of its cost: it is Coulomb's.
    attributes, arrays = read_arrays(tmp_path / "plan.h5")
    old = {k: v for k, v in attributes.items() if not k.startswith(("pair_cost", "checksum"))}
    with h5py.File(tmp_path / "plan.h5") as file:
        told = {
            name: (arrays[name], file[name].attrs["unit"], file[name].attrs["meaning"])
            for name in arrays
        }
    write_arrays(tmp_path / "old.h5", told, old)
    assert Plan.load(tmp_path / "old.h5").pair_cost.is_coulomb
