"""Lieb's maximum against the constrained search itself, and each grid against its own spectrum.

F is the least of <psi| hbar^2 K + c |psi> over all states with the density. On a few points that
is a small problem with equations, which scipy solves without potentials or eigenvalues.
"""

from collections.abc import Callable
from itertools import combinations, combinations_with_replacement
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from comotion.density.model_densities import MODELS
from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.models.lieb.grids import (
    SOFT_COULOMB,
    line_grid,
    line_pair,
    ordered_on_line,
    radial_pair,
    ring_pair,
    sine_density,
)
from comotion.models.lieb.maximise import LiebProblem, follow, lieb_maximum
from comotion.models.semiclassical import pair_density
from comotion.models.three_particles import ordered_pair_density

_SOFT = SOFT_COULOMB.value
_RADIUS = 5.0


def _gaussian(r: Array) -> Array:
    return MODELS["gaussian"](2).density(r) / 2


_PROBLEMS: dict[str, Callable[[], LiebProblem]] = {
    "line": lambda: line_pair(sine_density, _SOFT, 7),
    "ring": lambda: ring_pair(_SOFT, 6),
    "two in order": lambda: ordered_on_line(sine_density, 2, 7),
    "three in order": lambda: ordered_on_line(sine_density, 3, 7),
    "space": lambda: radial_pair(_gaussian, _RADIUS, 7, 3),
}


def _least(problem: LiebProblem, hbar: float) -> tuple[float, Array]:
    """The constrained search: F and the state."""
    hamiltonian = (hbar**2 * problem.kinetic).toarray() + np.diag(problem.repulsion)
    counts = problem.counts.toarray()
    start = np.exp(np.log(problem.target) @ counts / 2)
    # The stubs want every function to be typed.
    search: Any = minimize
    found: Any = search(
        lambda x: (x @ hamiltonian @ x, 2 * hamiltonian @ x),
        start / np.linalg.norm(start), jac=True, method="SLSQP",
        constraints={
            "type": "eq", "fun": lambda x: counts @ x**2 - problem.target,
            "jac": lambda x: 2 * counts * x,
        },
        options={"ftol": 1e-14, "maxiter": 500},
    )  # fmt: skip
    assert found.success
    return float(found.fun), np.abs(found.x)


@pytest.mark.parametrize("hbar", [1.0, 0.2])
@pytest.mark.parametrize("name", _PROBLEMS)
def test_by_the_constrained_search(name: str, hbar: float) -> None:
    problem = _PROBLEMS[name]()
    if name == "three in order" and hbar == 1:
        hbar = 0.4
    least, state = _least(problem, hbar)
    found = lieb_maximum(problem, hbar)
    assert found.hbar == hbar
    assert found.functional == pytest.approx(least, rel=3e-9)
    np.testing.assert_allclose(found.state, state, atol=1e-6)
    assert found.kinetic == pytest.approx(state @ (problem.kinetic @ state), rel=1e-5)
    assert found.repulsion == pytest.approx(problem.repulsion @ state**2, rel=1e-5)
    whole = hbar**2 * found.kinetic + found.repulsion
    assert found.functional == pytest.approx(whole, abs=1e-8)
    density = problem.counts @ found.state**2
    assert found.residual == pytest.approx(np.sum(np.abs(density - problem.target)), abs=1e-15)
    assert found.residual <= 1e-9
    assert found.potential @ problem.target == pytest.approx(0, abs=1e-12)
    # The state is the ground state in the potential, whose mean with rho is 0.
    there = hbar**2 * problem.kinetic @ found.state
    there += (problem.repulsion + problem.counts.T @ found.potential) * found.state
    np.testing.assert_allclose(there, found.functional * found.state, atol=1e-7)


@pytest.mark.parametrize("name", _PROBLEMS)
def test_without_repulsion_the_potential_is_the_guess(name: str) -> None:
    """F is then hbar^2 times the least kinetic energy; bosons all have the orbital sqrt(rho)."""
    full = _PROBLEMS[name]()
    problem = LiebProblem(
        full.sites, full.kinetic, np.zeros_like(full.repulsion), full.counts, full.target,
        full.guess,
    )  # fmt: skip
    found = lieb_maximum(problem, 2.0)
    assert found.functional == pytest.approx(4 * found.kinetic, rel=1e-12)
    if "order" not in name:
        assert found.steps == 0
        level = full.guess - full.target @ full.guess / np.sum(full.target)
        np.testing.assert_allclose(found.potential, 4 * level, atol=1e-9)


def test_steps_are_counted() -> None:
    """None where the start is right; from another one Newton's method needs few."""
    problem = _PROBLEMS["line"]()
    found = lieb_maximum(problem, 1.0)
    assert 1 <= found.steps <= 8
    again = lieb_maximum(problem, 1.0, found.potential)
    assert again.steps == 0
    shifted = lieb_maximum(problem, 1.0, found.potential + 3.0)
    assert shifted.steps == 0
    np.testing.assert_allclose(shifted.potential, found.potential, atol=1e-12)
    rough = lieb_maximum(problem, 1.0, tolerance=1e-2)
    assert rough.steps < found.steps
    assert 1e-9 < rough.residual <= 1e-2


def test_slope_in_hbar_is_the_kinetic_energy() -> None:
    """dF/dhbar = 2 hbar <K>, by differences."""
    problem = _PROBLEMS["two in order"]()
    low, middle, high = follow(problem, [0.505, 0.5, 0.495])[::-1]
    slope = (high.functional - low.functional) / 0.01
    assert slope == pytest.approx(2 * 0.5 * middle.kinetic, rel=1e-4)
    assert low.functional < middle.functional < high.functional
    assert low.repulsion < middle.repulsion < high.repulsion


def test_followed_from_hbar_to_hbar_is_the_same_in_fewer_steps() -> None:
    problem, hbars = _PROBLEMS["line"](), [0.5, 0.45, 0.4, 0.35]
    followed = follow(problem, hbars)
    alone = [lieb_maximum(problem, hbar) for hbar in hbars]
    for one, other in zip(followed, alone, strict=True):
        assert one.functional == pytest.approx(other.functional, rel=1e-12)
    # Extrapolated from two potentials the start is nearly right.
    assert [state.hbar for state in followed] == hbars
    assert followed[3].steps < alone[3].steps
    assert followed[3].steps <= followed[1].steps


def _chain(points: int, per_length: float) -> Array:
    """Eigenvalues of a particle on a chain between walls."""
    m = np.arange(1, points + 1)
    return np.asarray(per_length**2 * (1 - np.cos(np.pi * m / (points + 1))))


def _sums(levels: Array, n: int, *, exclusive: bool = False) -> Array:
    """Sums of N levels, none twice where particles are ordered."""
    ways = combinations if exclusive else combinations_with_replacement
    return np.sort([sum(chosen) for chosen in ways(levels, n)])


def test_spectra_of_free_particles() -> None:
    """All kinetic energies: chains between walls, a ring, ordered particles as free fermions."""
    points = 6
    walls = _chain(points, points + 1)
    ring = points**2 * (1 - np.cos(2 * np.pi * np.arange(points) / points))
    for problem, expected in (
        (line_pair(sine_density, _SOFT, points), _sums(walls, 2)),
        (ring_pair(_SOFT, points), _sums(ring, 2)),
        (ordered_on_line(sine_density, 2, points), _sums(walls, 2, exclusive=True)),
        (ordered_on_line(sine_density, 3, points), _sums(walls, 3, exclusive=True)),
    ):
        found = np.linalg.eigvalsh(problem.kinetic.toarray())
        np.testing.assert_allclose(found, expected, atol=1e-10)


def test_spectrum_in_space() -> None:
    """Of each angular momentum l of the angle, 1/2 l (l + 1) / r^2 for both radii."""
    points, angles = 5, 3
    problem = radial_pair(_gaussian, _RADIUS, points, angles)
    r = _RADIUS * np.arange(1, points + 1) / (points + 1)
    np.testing.assert_allclose(problem.sites, r, rtol=1e-15)
    step = _RADIUS / (points + 1)
    second = (2 * np.eye(points) - np.eye(points, k=1) - np.eye(points, k=-1)) / step**2
    levels = [
        _sums(np.asarray(np.linalg.eigvalsh(second / 2 + np.diag(l * (l + 1) / (2 * r**2)))), 2)
        for l in range(angles)  # noqa: E741 - angular momentum
    ]
    found = np.linalg.eigvalsh(problem.kinetic.toarray())
    np.testing.assert_allclose(found, np.sort(np.concatenate(levels)), atol=1e-10)


def test_repulsions_and_counts_belong_to_the_same_configurations() -> None:
    """Where the particles of each are, from the counts alone."""
    x = line_grid(5)
    np.testing.assert_allclose(x, np.arange(1, 6) / 6)
    for n, problem in ((2, ordered_on_line(sine_density, 2, 5)),
                       (3, ordered_on_line(sine_density, 3, 5))):  # fmt: skip
        assert problem.counts.shape[1] == len(list(combinations(range(5), n)))
        for repulsion, column in zip(problem.repulsion, problem.counts.toarray().T, strict=True):
            places = x[column == 1]
            assert len(places) == n
            pairs = [1 / (b - a) for a, b in combinations(places, 2)]
            assert repulsion == pytest.approx(sum(pairs), rel=1e-13)
    for on_ring, problem in (
        (False, line_pair(sine_density, _SOFT, 5)),
        (True, ring_pair(_SOFT, 5)),
    ):
        sites = problem.sites
        for repulsion, column in zip(problem.repulsion, problem.counts.toarray().T, strict=True):
            places = np.repeat(sites, column.astype(int))
            assert len(places) == 2
            apart = places[1] - places[0]
            apart = np.sin(np.pi * apart) / np.pi if on_ring else apart
            assert repulsion == pytest.approx(1 / np.sqrt(0.01 + apart**2), rel=1e-13)
    np.testing.assert_allclose(ring_pair(_SOFT, 5).sites, np.arange(5) / 5)
    np.testing.assert_allclose(ring_pair(_SOFT, 5).target, 2 / 5)


def test_mean_repulsion_over_the_angle_is_newtons() -> None:
    """1/r_12 averaged over the sphere is 1 / max(r_1, r_2)."""
    points, angles = 4, 24
    problem = radial_pair(_gaussian, 6.0, points, angles)
    _, weights = np.polynomial.legendre.leggauss(angles)
    columns = problem.counts.toarray().T.reshape(-1, angles, points)
    for repulsions, column in zip(problem.repulsion.reshape(-1, angles), columns, strict=True):
        assert np.all(column == column[0])
        first, last = np.repeat(problem.sites, column[0].astype(int))
        if last > first:
            mean = float(weights @ repulsions / 2)
            assert mean == pytest.approx(1 / last, rel=1e-6)
            # The smallest cosine is the longest distance.
            assert np.all(np.diff(repulsions) > 0)


def test_masses_are_those_of_the_density() -> None:
    x = line_grid(9)
    for n, problem in ((2, line_pair(sine_density, _SOFT, 9)),
                       (3, ordered_on_line(sine_density, 3, 9))):  # fmt: skip
        np.testing.assert_allclose(problem.target, n * 2 * np.sin(np.pi * x) ** 2 / 10, rtol=1e-12)
    space = radial_pair(_gaussian, 6.0, 30, 2)
    r = space.sites
    charge = 4 * np.pi * r**2 * np.exp(-(r**2) / 2) / (2 * np.pi) ** 1.5 * 6 / 31
    np.testing.assert_allclose(space.target, 2 * charge, rtol=1e-6)
    assert np.sum(space.target) == pytest.approx(2, rel=1e-14)


@pytest.mark.parametrize(("total", "right"), [(1.0009, True), (1.0011, False)])
def test_a_density_may_miss_a_thousandth_of_its_mass(total: float, right: bool) -> None:
    def density(x: Array) -> Array:
        return total * sine_density(x)

    if right:
        assert np.sum(line_pair(density, _SOFT, 9).target) == pytest.approx(2, rel=1e-14)
    else:
        with pytest.raises(TransportError, match=r"its mass is 1\.0011"):
            line_pair(density, _SOFT, 9)


def test_the_smallest_grid() -> None:
    assert len(line_grid(4)) == 4
    with pytest.raises(TransportError, match="at least 4 points, got 3"):
        line_grid(3)


def test_pair_densities_of_states() -> None:
    """Mass 1, symmetric, with the density as their marginal; of a single configuration by hand."""
    problem = _PROBLEMS["line"]()
    state = lieb_maximum(problem, 0.2).state
    found = pair_density(state, 7)
    np.testing.assert_allclose(found.sum(axis=1), problem.target / 2, atol=1e-9)
    np.testing.assert_array_equal(found, found.T)
    i, j = np.triu_indices(3)
    for k in range(6):
        one = pair_density(np.eye(6)[k], 3)
        expected = np.zeros((3, 3))
        expected[i[k], j[k]] = expected[j[k], i[k]] = 1.0 if i[k] == j[k] else 0.5
        np.testing.assert_array_equal(one, expected)
    problem = _PROBLEMS["three in order"]()
    state = lieb_maximum(problem, 0.4).state
    found = ordered_pair_density(state, 3, 7)
    np.testing.assert_allclose(found.sum(axis=1), problem.target / 3, atol=1e-9)
    np.testing.assert_array_equal(found, found.T)
    assert np.all(np.diag(found) == 0)
    # The first of four configurations of three on four sites has its particles on 0, 1 and 2.
    one = ordered_pair_density(np.array([1.0, 0, 0, 0]), 3, 4)
    np.testing.assert_allclose(one[:3, :3], (1 - np.eye(3)) / 6)
    assert np.all(one[3] == 0)
