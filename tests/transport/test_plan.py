"""The plan: what it is, what it says of itself, and the same again from its file."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from comotion import MODELS, Plan, bracket, comotion_functions, comotion_plan, load
from comotion.density.storage import save_density
from comotion.errors import RecordError, TransportError
from comotion.transport.bounds.bracket import BracketEffort

_UDDU = np.array([True, False, False, True])


@pytest.fixture(scope="module")
def comotion() -> Plan:
    return comotion_plan(MODELS["sqrt_r"](4))


@pytest.fixture(scope="module")
def pattern() -> Plan:
    return comotion_plan(MODELS["sqrt_r"](4), upward=_UDDU)


@pytest.fixture(scope="module")
def cells() -> Plan:
    found = bracket(
        MODELS["exponential"](3),
        comotion_plan(MODELS["exponential"](3)),
        effort=BracketEffort(splines=(20, 40), cells_per_shell=20),
    )
    return found.plan


def test_kinds(comotion: Plan, pattern: Plan, cells: Plan) -> None:
    assert (comotion.kind, pattern.kind, cells.kind) == ("comotion", "pattern", "cells")
    assert pattern.cost < comotion.cost
    for plan in (comotion, pattern, cells):
        assert plan.error == plan.search_spread + plan.quadrature_error
        assert plan.kind in repr(plan)
        assert len(repr(plan)) < 150


@pytest.mark.parametrize("name", ["comotion", "pattern", "cells"])
def test_a_saved_plan_is_the_same_plan(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    plan: Plan = request.getfixturevalue(name)
    plan.save(tmp_path / "plan.h5")
    back = load(tmp_path / "plan.h5")
    assert isinstance(back, Plan)
    for attribute in (
        "cost", "cost_by_seed", "search_spread", "quadrature_error", "marginal_error", "seeds",
        "moves", "n_cells", "kind", "system", "level",
    ):  # fmt: skip
        assert getattr(back, attribute) == getattr(plan, attribute), attribute
    for attribute in ("weights", "radii", "positions", "energies", "upward", "q", "cells"):
        np.testing.assert_array_equal(getattr(back, attribute), getattr(plan, attribute))
    r = np.array([0.3, 2.0, 7.0])
    np.testing.assert_array_equal(back.density(r), plan.density(r))
    np.testing.assert_array_equal(back.potential(r), plan.potential(r))


def test_other_programs_find_the_curves_in_the_file(comotion: Plan, tmp_path: Path) -> None:
    comotion.save(tmp_path / "plan.h5")
    with h5py.File(tmp_path / "plan.h5") as file:
        grid = np.asarray(file["grid"])
        np.testing.assert_array_equal(file["comotion"], comotion_functions(comotion.density, grid))
        np.testing.assert_allclose(
            file["radial_density"], 4 * np.pi * grid**2 * comotion.density(grid), rtol=1e-14
        )
        np.testing.assert_array_equal(file["shells"], comotion.density.shells)
        np.testing.assert_array_equal(file["potential"], comotion.radial_potential.values)
        assert all(file[name].attrs["unit"] and file[name].attrs["meaning"] for name in file)


def test_functions_of_the_comotion_plan_are_the_published_ones(comotion: Plan) -> None:
    r = np.array([0.5, 2.5, 6.0])
    np.testing.assert_array_equal(comotion.functions(r), comotion_functions(comotion.density, r))


def test_functions_of_a_pattern_pass_through_its_configurations(pattern: Plan) -> None:
    """Whichever electron of a configuration is the first, the others are where they were."""
    for node in (5, 40, 100):
        radii = pattern.radii[node]
        for r in radii:
            np.testing.assert_allclose(pattern.functions(r[None])[0], radii, rtol=1e-8)


def test_functions_of_the_alternating_pattern_by_either_route(comotion: Plan) -> None:
    from comotion.transport.maps import functions_of_pattern  # noqa: PLC0415

    r = np.geomspace(0.05, 15, 40)
    by_shell = functions_of_pattern(comotion.density, r, comotion.upward)
    np.testing.assert_allclose(by_shell, np.sort(comotion.functions(r), axis=1), rtol=1e-9)


def test_a_plan_by_cells_is_no_map(cells: Plan) -> None:
    with pytest.raises(TransportError, match="no map"):
        cells.functions(np.array([1.0]))


def test_support_has_the_marginal(comotion: Plan) -> None:
    """Means of a test function over the support and over the density, N electrons."""
    radii, weights = comotion.support()
    rule = comotion.density.quadrature()
    of_density = float(rule.weights @ np.exp(-rule.radii))
    assert float(weights @ np.exp(-radii).sum(axis=1)) == pytest.approx(of_density, rel=1e-8)
    assert weights.sum() == pytest.approx(1, abs=1e-12)


def test_configurations_of_cells_stand_in_their_cells(cells: Plan) -> None:
    """One parameter places all: the third of four Gauss nodes of a cell, or its mirror image."""
    assert cells.cells is not None
    node = (1 + np.polynomial.legendre.leggauss(4)[0][2]) / 2
    charges = cells.cells + np.where(cells.upward, node, 1 - node)
    expected = cells.density.radius(charges * 3 / cells.n_cells)
    np.testing.assert_allclose(cells.radii, expected, rtol=1e-10)
    assert cells.weights.sum() == pytest.approx(1, abs=1e-9)


def test_energies_are_those_of_the_positions(comotion: Plan, cells: Plan) -> None:
    for plan in (comotion, cells):
        for x, energy in zip(plan.positions[::20], plan.energies[::20], strict=True):
            i, j = np.triu_indices(plan.n_electrons, 1)
            distances = np.linalg.norm(x[:, i] - x[:, j], axis=0)
            assert energy == pytest.approx(np.sum(1 / distances), rel=1e-12)
        np.testing.assert_allclose(np.linalg.norm(plan.positions, axis=1), plan.radii, rtol=1e-12)


def test_forces_of_a_plan_by_cells_lead_to_the_kantorovich_potential() -> None:
    """On an optimal plan the mean force at a radius is the slope of u."""
    density = MODELS["exponential"](3)
    found = bracket(density, comotion_plan(density), effort=BracketEffort())
    r = np.array([1.0, 2.0, 3.0, 5.0])
    slope = (found.potential(r * 1.1) - found.potential(r / 1.1)) / (r * (1.1 - 1 / 1.1))
    forces = found.plan.potential(r * 1.1) - found.plan.potential(r / 1.1)
    np.testing.assert_allclose(forces / (r * (1.1 - 1 / 1.1)), slope, rtol=0.05)


def test_potential_beyond_the_radii_of_the_plan(comotion: Plan) -> None:
    u = comotion.radial_potential
    assert comotion.potential(1e4) == pytest.approx(3 / 1e4, rel=1e-12)
    assert comotion.potential(0.0) == u.values[0]
    np.testing.assert_allclose(comotion.potential(u.radii), u.values, rtol=1e-12)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    save_density(tmp_path / "density.h5", "exponential-3", "exact", MODELS["exponential"](3))
    with pytest.raises(RecordError, match=r"density\.h5: holds no plan"):
        Plan.load(tmp_path / "density.h5")
