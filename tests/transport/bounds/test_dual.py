"""The lower bound: its tail, what its final searches find, and what ends it."""

from typing import Any

import numpy as np
import pytest

from comotion import MODELS, RadialDensity, comotion_plan
from comotion.errors import TransportError
from comotion.transport.bounds import dual
from comotion.transport.bounds.column_programme import ColumnProgramme, Optimum
from comotion.transport.bounds.configurations import Configurations
from comotion.transport.bounds.dual import dual_bound, search_again, violations
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.potential_space import potential_space
from conftest import atom
from shells import shells


def _bound(density: RadialDensity, splines: int = 20, **options: Any) -> DualBound:
    plan = comotion_plan(density)
    space = potential_space(density, plan.radial_potential, splines)
    return dual_bound(density, space, plan.positions, **options)


@pytest.mark.parametrize(
    "density",
    [
        pytest.param(lambda: MODELS["sqrt_r"](4), id="sqrt_r-4"),
        pytest.param(lambda: MODELS["exponential"](3), id="exponential-3"),
        pytest.param(lambda: atom("B", "hf_aug-cc-pVDZ")[1], id="B"),
        pytest.param(lambda: MODELS["bohr"](10), id="bohr-10", marks=pytest.mark.slow),
    ],
)
def test_the_tail_is_that_of_the_other_electrons(density: Any) -> None:
    """The tail is (N - 1) / r, and u is that of the forces wherever the outermost electron is."""
    rho = density()
    n = rho.n_electrons
    found = _bound(rho)
    far = float(rho.radius(n / 2)) * np.array([1e4, 1e8])
    np.testing.assert_allclose(far * found.potential(far), n - 1, rtol=1e-7)
    assert found.value <= found.programme
    # Where one electron in ten thousand is left outside the gauge already shows: a constant
    # added to u inside, which costs the bound next to nothing, would show here.
    edge = float(rho.radius(n - 1e-4, 1e-4))
    forces = float(comotion_plan(rho).potential(edge))
    assert float(found.potential(edge)) == pytest.approx(forces, rel=0.03)


def test_a_compact_density_has_the_same_tail() -> None:
    """Nothing is outside the ball, but u is defined there."""
    found = _bound(MODELS["ball"](3))
    assert 1e6 * float(found.potential(1e6)) == pytest.approx(2, rel=1e-9)


def test_the_fixed_tail_costs_the_bound_nothing() -> None:
    """More splines find the same potential, and a bound that is as good as a free tail's was."""
    density = MODELS["sqrt_r"](4)
    coarse, fine = _bound(density, 40), _bound(density, 80)
    r = density.radius(np.array([0.1, 1, 2, 3, 3.9]))
    np.testing.assert_allclose(coarse.potential(r), fine.potential(r), atol=3e-4)
    # 1.103750748 with a tail that was free, c = 3.03.
    assert fine.value == pytest.approx(1.103750748, abs=1.2e-6)


def test_where_the_plan_is_optimal_u_is_the_potential_of_its_forces() -> None:
    """In the same gauge: a figure may lay one over the other."""
    density = atom("Li", "hf_aug-cc-pVDZ")[1]
    r = np.geomspace(float(density.radius(1e-4)), float(density.radius(3 - 1e-4, 1e-4)), 100)
    found, forces = _bound(density, 40), comotion_plan(density).potential(r)
    np.testing.assert_allclose(found.potential(r), forces, atol=2e-3)


def test_final_searches_go_on_until_they_find_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between shells far apart there is no charge: what u does there only random starts meet."""
    density = shells((0.01, 100.0), (2, 2), 0.15)
    found = _bound(density)
    assert found.stopped_by == "converged"
    assert found.corrected < 1e-6 * found.value
    assert found.programme - found.value < 2e-6 * found.value
    # One search alone, of whose finds nothing is made, leaves the bound far below.
    monkeypatch.setattr(dual, "_MOST_MISSED", 0)
    monkeypatch.setattr(Configurations, "add_lowest", lambda *_: 0)
    assert _bound(density, iterations=60).value < 0.9 * found.value


def test_random_starts_are_everywhere() -> None:
    """Inside the shells, where the charge is, and between them, where the potential is free."""
    density = shells((0.01, 100.0), (2, 2), 0.15)
    space = potential_space(density, comotion_plan(density).radial_potential, 20)
    table = space.table(space.fixed)
    starts = dual._random_starts(density, table, np.random.default_rng(1))
    decades = np.floor(np.log10(np.sqrt(np.sum(starts**2, axis=1)))).astype(int)
    shares = np.bincount(decades.ravel() + 9) / decades.size
    # The decades from 1e-3 to 1e2 bohr; there is no charge from 0.1 to 10.
    assert np.all(shares[6:12] > 0.03)


def test_a_search_of_other_random_numbers_finds_nothing_lower() -> None:
    found = _bound(MODELS["exponential"](3))
    lowest, searched = search_again(found, 7)
    assert searched > 4000
    assert lowest == pytest.approx(3 * found.constant, abs=1e-9)


@pytest.mark.parametrize("iterations", [1, 3])
def test_stopped_by_iterations(iterations: int) -> None:
    few, whole = (_bound(MODELS["exponential"](3), iterations=k) for k in (iterations, 300))
    assert (few.stopped_by, whole.stopped_by) == ("iterations", "converged")
    assert few.value < whole.value
    # However few, it is a bound.
    assert search_again(few, 3)[0] >= 3 * few.constant - 1e-9


def test_stopped_by_a_search_that_finds_nothing_more() -> None:
    """A gap of zero is never closed by numbers that are rounded."""
    found = _bound(MODELS["exponential"](3), splines=6, tolerance=0.0)
    assert found.stopped_by == "search"
    assert found.programme - found.value < 1e-6


def _failing(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Let the linear programme fail at an iteration, counted from 1, and from then on."""
    solve = ColumnProgramme.solve
    solved: list[None] = []

    def failing(programme: ColumnProgramme) -> Optimum:
        solved.append(None)
        if len(solved) >= at:
            raise TransportError("the linear programme failed")
        return solve(programme)

    monkeypatch.setattr(ColumnProgramme, "solve", failing)


def test_a_programme_that_fails_later_leaves_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _bound(MODELS["exponential"](3))
    _failing(monkeypatch, at=5)
    found = _bound(MODELS["exponential"](3))
    assert found.stopped_by == "linear programme"
    assert found.value < whole.value
    assert search_again(found, 3)[0] >= 3 * found.constant - 1e-9


def test_a_programme_that_fails_at_once_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, at=1)
    with pytest.raises(TransportError, match="linear programme failed"):
        _bound(MODELS["exponential"](3))


def test_violations_are_the_configurations_below() -> None:
    density = MODELS["exponential"](3)
    found, positions = _bound(density, 40), comotion_plan(density).positions
    assert violations(found, positions)[1] == 0.0
    wrong = found.lowered(-1e-4)
    below, by = violations(wrong, positions)
    assert len(below) > 0
    assert by == pytest.approx(1e-4, abs=1e-6)
    assert violations(wrong.lowered(by), positions)[1] == 0.0
    assert wrong.lowered(by).value == pytest.approx(found.value, abs=1e-6)
