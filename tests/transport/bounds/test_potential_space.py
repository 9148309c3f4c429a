"""Spaces of potentials and the compiled function that is minimised over configurations."""

import numpy as np
import pytest

from comotion import MODELS, RadialDensity
from comotion.transport.angular.coulomb import energy_forces
from comotion.transport.bounds.potential_space import PotentialSpace, potential_space
from comotion.transport.bounds.pricing import bound_energy, mutate, relax


def _hyperbola(r: np.ndarray) -> np.ndarray:
    return np.asarray(2 / np.sqrt(r**2 + 1))


@pytest.fixture(scope="module")
def density() -> RadialDensity:
    return MODELS["exponential"](3)


@pytest.fixture(scope="module")
def space(density: RadialDensity) -> PotentialSpace:
    return potential_space(density, _hyperbola, 12)


def test_known_potential_is_in_the_space(density: RadialDensity, space: PotentialSpace) -> None:
    r = np.geomspace(1e-3, 30, 50)
    np.testing.assert_allclose(space.functions(r)[:, -1], _hyperbola(r), rtol=1e-6)
    rule = density.quadrature()
    exact = float(rule.weights @ _hyperbola(rule.radii))
    assert space.integrals[-1] == pytest.approx(exact, rel=1e-7)


def test_splines_add_up_to_a_plateau(space: PotentialSpace) -> None:
    """With all coefficients 1 the splines are a constant over sqrt(r^2 + b^2)."""
    r = np.geomspace(1e-4, 60, 80)
    ones = space.functions(r)[:, :-1].sum(axis=1)
    np.testing.assert_allclose(
        ones[0] / ones, np.sqrt((r**2 + space.b**2) / (r[0] ** 2 + space.b**2))
    )


def test_table_is_the_combination_of_functions(space: PotentialSpace) -> None:
    rng = np.random.default_rng(0)
    coefficients = rng.normal(size=space.size)
    table = space.table(coefficients)
    for _ in range(20):
        x = rng.normal(size=(3, 3)) * np.exp(rng.uniform(-3, 2.5, size=3))
        g = np.empty((3, 3))
        value = bound_energy(x, g, table)
        sums = space.sums(np.sqrt(np.sum(x**2, axis=0))[None])[0]
        assert value == pytest.approx(
            energy_forces(x, np.empty((3, 3))) - sums @ coefficients, rel=1e-9
        )


def test_gradient_by_finite_differences(space: PotentialSpace) -> None:
    rng = np.random.default_rng(1)
    table = space.table(rng.normal(size=space.size))
    x, g = rng.normal(size=(3, 3)), np.empty((3, 3))
    bound_energy(x, g, table)
    for axis, i in ((0, 0), (1, 2), (2, 1)):
        shifted = [x.copy(), x.copy()]
        for y, sign in zip(shifted, (1, -1), strict=True):
            y[axis, i] += sign * 1e-6
        difference = [bound_energy(y, np.empty((3, 3)), table) for y in shifted]
        assert (difference[0] - difference[1]) / 2e-6 == pytest.approx(
            g[axis, i], rel=1e-5, abs=1e-7
        )


def test_relaxing_finds_a_point_without_force(space: PotentialSpace) -> None:
    coefficients = np.zeros(space.size)
    coefficients[-1] = 1.5
    table = space.table(coefficients)
    rng, g = np.random.default_rng(2), np.empty((3, 3))
    for _ in range(5):
        x = rng.normal(size=(3, 3))
        mutate(x, rng)
        before = bound_energy(x, g, table)
        after = relax(x, table, 1e-14, 2000)
        assert after <= before
        bound_energy(x, g, table)
        assert np.max(np.abs(g)) < 1e-5


@pytest.mark.parametrize("kind", ["exponential", "ball"])
def test_the_table_goes_on_as_the_functions_do(kind: str) -> None:
    """Far inside and far outside, where a ball has no charge at all."""
    space = potential_space(MODELS[kind](3), _hyperbola, 12)
    coefficients = space.with_tail(np.random.default_rng(0).normal(size=space.size - 1))
    table = space.table(coefficients)
    for r in (1e-9, 1e-3, 1.0, 1.01, 1.3, 3.0, 1e3):
        x = r * np.eye(3)
        value = bound_energy(x, np.empty((3, 3)), table)
        repulsion = energy_forces(x, np.empty((3, 3)))
        u = float(space.functions(np.array([r]))[0] @ coefficients)
        assert (repulsion - value) / 3 == pytest.approx(u, rel=1e-6, abs=1e-9 * repulsion), r
    assert u == pytest.approx(2e-3, rel=1e-5)


def test_all_functions_and_those_that_are_free(space: PotentialSpace) -> None:
    """The same potential, summed over all functions or over the free ones and the fixed part."""
    r, free = np.geomspace(1e-3, 30, 20), np.random.default_rng(3).normal(size=space.size - 1)
    values = space.functions(r)
    np.testing.assert_allclose(
        values @ space.with_tail(free),
        values @ space.fixed + space.of_free(values) @ free,
        rtol=1e-10, atol=1e-12,
    )  # fmt: skip


def test_a_space_in_another_unit(space: PotentialSpace) -> None:
    r = np.geomspace(1e-3, 30, 20)
    wide = space.stretched(2.0**20)
    np.testing.assert_array_equal(wide.functions(2.0**20 * r), space.functions(r) / 2.0**20)
    again = PotentialSpace.of_parts(
        wide.parts()[0], {name: values for name, (values, _, _) in wide.parts()[1].items()}
    )
    np.testing.assert_array_equal(again.functions(r), wide.functions(r))
