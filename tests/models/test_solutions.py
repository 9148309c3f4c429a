"""Every number and array of the solutions of plans and pair densities, by what makes them."""

import inspect
import math
from collections.abc import Callable
from importlib import import_module
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest

from comotion.density.functionals import hartree
from comotion.density.model_densities import MODELS
from comotion.models import PROBLEMS, antipodal, line, mean_field_limit, sites
from comotion.models.line_densities import LINE_DENSITIES
from comotion.models.line_plan import comotion_on_line, line_cost
from comotion.models.plans_not_maps import harmonic_plan, tangent_values
from comotion.models.problem import Solution
from comotion.transport.comotion import comotion_plan
from comotion.transport.pair_cost import PairCost
from two_electrons import TWO_ELECTRONS

Solved = Callable[[str], Solution]


def _values(solution: Solution, name: str) -> Any:
    return np.asarray(solution.arrays[name][0])


@pytest.mark.parametrize("problem", PROBLEMS)
def test_settings_are_those_it_was_solved_with(
    problem: str, solved: Solved, sizes: dict[str, dict[str, Any]]
) -> None:
    """`infinite` and `two_sites` say theirs in their arrays."""
    numbers = solved(problem).numbers
    if problem == "infinite":
        assert len(_values(solved(problem), "weights")) == sizes[problem]["weights"]
    elif problem == "two_sites":
        assert numbers["settings"] == {"same_site": 1.0, "different_sites": 0.2}
        assert len(_values(solved(problem), "share")) == sizes[problem]["shares"]
    else:
        assert numbers["settings"] == sizes[problem]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_units_and_meanings(problem: str, solved: Solved) -> None:
    """Lengths and energies of electrons in space have units; on a line and on sites none."""
    of_space = {
        "antipodal": {"radii": "bohr", "partners": "bohr", "potential": "hartree",
                      "slack": "hartree"},
        "infinite": {"cost": "hartree", "mean_field": "hartree", "sum": "hartree",
                     "mixed_cost": "hartree", "mixed_sum": "hartree"},
        "radial_semiclassical": {"functional": "hartree"},
        "meeting_electrons": {"least_square": "hartree/bohr^2", "leading_square": "hartree/bohr^2",
                              "violation": "hartree", "backwards": "hartree", "together": "hartree",
                              "leading_gain": "hartree", "programme": "hartree", "q": "electrons",
                              "region": "electrons", "programme_region": "electrons",
                              "plan_q": "electrons", "plan_about": "electrons",
                              "plan_weight": "electrons"},
    }.get(problem, {})  # fmt: skip
    for name, (_, unit, meaning) in solved(problem).arrays.items():
        short = name.split("_", 1)[-1] if problem in {"antipodal", "meeting_electrons"} else name
        assert unit == of_space.get(short, "1"), name
        assert len(meaning) > 5


def test_defaults_are_those_of_the_readme(project: Any) -> None:
    """What the text says of the default sizes."""
    text = (project / "workflow/comotion/models/README.md").read_text(encoding="utf-8")

    def default(problem: str, name: str) -> Any:
        solve = import_module(f"comotion.models.{problem}").solve
        return inspect.signature(solve).parameters[name].default

    points = default("semiclassical", "points")
    assert f"default line of {points} points" in text
    assert points == default("smoothing", "points")
    assert f"on {default('radial_semiclassical', 'points')}\nradii" in text
    m, k = default("representability", "sites"), default("representability", "particles")
    assert f"all {math.comb(m + k - 1, k):,} arrangements" in text
    # Numbers that a setting must have: halves, thirds, a point in the middle.
    assert default("line", "atoms") % 6 == 0
    assert default("plans_not_maps", "points") % 2 == 1
    for problem in ("semiclassical", "radial_semiclassical", "three_particles", "smoothing"):
        assert all(a > b for a, b in pairwise(default(problem, "hbar")))


def test_line(solved: Solved) -> None:
    solution = solved("line")
    numbers = solution.numbers
    assert set(numbers) == {"cost", "dual_minus_cost", "programme_minus_monotone", "settings"}
    assert list(numbers["cost"]) == list(LINE_DENSITIES)
    for name, costs in numbers["cost"].items():
        assert list(costs) == ["2", "3", "4", "5", "6", "10"]
        for n, cost in costs.items():
            assert cost == line_cost(LINE_DENSITIES[name], int(n))
    both = {f"{name}-{n}" for name in ("uniform", "gaussian") for n in (2, 3)}
    assert set(numbers["dual_minus_cost"]) == set(numbers["programme_minus_monotone"]) == both
    for name in ("uniform", "gaussian"):
        x, density = _values(solution, f"{name}_x"), LINE_DENSITIES[name]
        mass = density.distribution(x[[0, -1]])
        np.testing.assert_allclose(mass, [1e-4, 1 - 1e-4], rtol=1e-9)
        for n in (2, 3):
            maps = _values(solution, f"{name}_maps_{n}")
            np.testing.assert_array_equal(maps, comotion_on_line(density, n, x))
            # On the plan the potentials add up to the cost of its places: of three particles at
            # x and its images.
            v = _values(solution, f"{name}_potential_{n}")
            inner = np.all((maps > x[0]) & (maps < x[-1]), axis=1)
            sums = sum(np.interp(maps[inner, k], x, v) for k in range(n))
            costs = sum(
                1 / np.abs(maps[inner, a] - maps[inner, b]) for a, b in combinations(range(n), 2)
            )
            np.testing.assert_allclose(sums, costs, rtol=2e-3)


def test_line_programme_on_its_atoms() -> None:
    """Both numbers of the programme by hand for two particles on four places."""
    found, monotone = line.programme(LINE_DENSITIES["uniform"], 2, 4)
    x = np.array([0.125, 0.375, 0.625, 0.875])
    assert monotone == pytest.approx(np.mean(1 / (x[2:] - x[:2])), rel=1e-14)
    pairings = ([(0, 1), (2, 3)], [(0, 2), (1, 3)], [(0, 3), (1, 2)])
    least = min(np.mean([1 / (x[b] - x[a]) for a, b in pairing]) for pairing in pairings)
    assert found == pytest.approx(least, rel=1e-12)


def test_antipodal(solved: Solved) -> None:
    solution = solved("antipodal")
    kinds = {"exponential": "exponential", "hydrogenic": "bohr", "gaussian": "gaussian"}
    assert list(solution.numbers["densities"]) == list(kinds)
    for name, found in solution.numbers["densities"].items():
        known, density = TWO_ELECTRONS[kinds[name]], MODELS[kinds[name]](2)
        assert found["cost"] == pytest.approx(known.cost, abs=1e-11)
        assert found["mean_field"] == pytest.approx(known.mean_field, abs=1e-11)
        assert found["center"] == pytest.approx(known.at_nucleus, abs=2e-9)
        assert found["half_radius"] == pytest.approx(known.half_radius, rel=1e-11)
        assert found["zero_point"] == pytest.approx(known.zero_point, abs=1e-8)
        assert abs(found["dual_minus_cost"]) < 1e-9
        assert -1e-12 < found["least_slack"] < 1e-12
        assert 0 <= found["legendre_map_error"] < 1e-11
        assert abs(found["assignment_minus_antipodal"]) < 1e-14
        assert found["largest_cosine_of_partners"] == pytest.approx(-1, abs=1e-12)
        assert len(found) == 10
        plan = antipodal.antipodal_plan(density)
        for array in ("radii", "partners", "potential"):
            expected = getattr(plan, array)
            np.testing.assert_array_equal(_values(solution, f"{name}_{array}"), expected)
        np.testing.assert_array_equal(_values(solution, f"{name}_slack"), antipodal.slack(plan))


def test_pairing_is_tried_with_points_that_need_not_pair_so() -> None:
    """Cosines of partners are -1 for opposite points only; shells and directions are as asked."""
    difference, cosine = antipodal.pair_on_shells(MODELS["gaussian"](2), 3, 4)
    assert abs(difference) < 1e-14
    assert cosine == pytest.approx(-1, abs=1e-12)
    one, _ = antipodal.pair_on_shells(MODELS["gaussian"](2), 1, 2)
    # All on one shell: twice its radius apart.
    assert abs(one) < 1e-14


def test_two_sites(solved: Solved) -> None:
    solution = solved("two_sites")
    numbers, share = solution.numbers, _values(solution, "share")
    keys = ["2", "3", "4", "5", "6", "10"]
    assert list(numbers["programme_minus_closed"]) == list(numbers["area"]) == keys
    np.testing.assert_allclose(share, np.linspace(0, 1, 11))
    for k in map(int, keys):
        # m particles on the second site: m / k of the pairs' first, (m - 1) / (k - 1) of the rest.
        m = np.arange(k + 1)
        together = (m * (m - 1) + (k - m) * (k - m - 1)) / (k * (k - 1))
        costs = 1.0 * together + 0.2 * (1 - together)
        # The lower convex envelope of the points (m / k, cost), which is itself convex.
        expected = np.interp(share, m / k, costs)
        np.testing.assert_allclose(_values(solution, f"cost_{k}"), expected, atol=1e-14)
        corners = _values(solution, f"corners_{k}")
        aa = (k - m) * (k - m - 1) / (k * (k - 1))
        bb = m * (m - 1) / (k * (k - 1))
        np.testing.assert_allclose(corners, np.stack((aa, bb), axis=1), atol=1e-15)
        assert 0 <= numbers["programme_minus_closed"][str(k)] < 1e-12
        assert numbers["area"][str(k)] == pytest.approx((k + 1) / (3 * k), rel=1e-13)
    np.testing.assert_allclose(
        _values(solution, "cost_inf"), 1 - 0.8 * 2 * share * (1 - share), atol=1e-15
    )
    ratios = numbers["ionic_constant"]
    assert list(ratios) == keys[1:]
    for k in map(int, ratios):
        m = np.arange(k + 1)
        apart = 2 * m * (k - m) / (k * (k - 1))
        assert ratios[str(k)] == pytest.approx(np.max(apart / (1 - apart)), rel=1e-13)


def test_representability(solved: Solved) -> None:
    solution = solved("representability")
    numbers = solution.numbers
    switch, nearest, certificate = (
        _values(solution, name) for name in ("pair_density", "nearest", "certificate")
    )
    # Six sites: the partner of each is three further on.
    expected = np.zeros((6, 6))
    for site in range(6):
        expected[site, (site + 3) % 6] = 1 / 6
    np.testing.assert_array_equal(switch, expected)
    distance = numbers["switch_distance"]
    assert np.sum(np.abs(switch - nearest)) == pytest.approx(distance, abs=1e-9)
    np.testing.assert_allclose(nearest, np.roll(nearest, (1, 1), (0, 1)), atol=1e-15)
    members = sites.pair_densities(sites.occupations(6, 4))
    assert numbers["occupations"] == len(members) == math.comb(9, 4)
    values = np.einsum("nab,ab->n", members, certificate)
    assert numbers["certificate_on_members"] == pytest.approx(values.max(), abs=1e-12)
    on_switch = float(np.sum(certificate * switch))
    assert numbers["certificate_on_switch"] == pytest.approx(on_switch, abs=1e-12)
    assert numbers["certificate_gap"] == pytest.approx(on_switch - values.max(), abs=1e-12)
    exclusion = {"2": 0.0, "3": 2 / 3, "4": 2 / 3, "6": 0.8, "20": 18 / 19}
    assert numbers["exclusion_distance"] == pytest.approx(exclusion, abs=1e-8)


def test_infinite(solved: Solved) -> None:
    solution = solved("infinite")
    examples = solution.numbers["examples"]
    assert set(examples) == {"apart", "moved", "concentric"}
    for found in examples.values():
        assert set(found) == {"cost", "mean_field", "variance", "difference"}
        assert found["cost"] - found["mean_field"] == pytest.approx(found["variance"], abs=1e-12)
        assert found["variance"] > 0.05
    # Unit Gaussians repel themselves by 1 / sqrt(pi), two of them 2 bohr apart by erf(1) / 2.
    alone, both = 1 / math.sqrt(math.pi), math.erf(1) / 2
    for name in ("apart", "moved"):
        assert examples[name]["cost"] == pytest.approx(alone, rel=1e-14)
        assert examples[name]["mean_field"] == pytest.approx((alone + both) / 2, rel=1e-14)
    # Widths 1/2 and 3/2: sqrt(2 / pi) / sqrt(s^2 + t^2).
    one, two, across = (math.sqrt(2 / math.pi / s) for s in (0.5, 4.5, 2.5))
    assert examples["concentric"]["cost"] == pytest.approx((one + two) / 2, rel=1e-14)
    mean = (one + two + 2 * across) / 4
    assert examples["concentric"]["mean_field"] == pytest.approx(mean, rel=1e-14)
    shares, mixing = (_values(solution, name) for name in ("weights", "mixing"))
    np.testing.assert_allclose(shares, np.linspace(0, 1, 7))
    np.testing.assert_allclose(mixing, np.linspace(-1, 1, 7))
    np.testing.assert_allclose(_values(solution, "cost"), alone, rtol=1e-14)
    field = alone * (shares**2 + (1 - shares) ** 2) + 2 * both * shares * (1 - shares)
    np.testing.assert_allclose(_values(solution, "mean_field"), field, rtol=1e-13)
    np.testing.assert_allclose(_values(solution, "sum"), alone, rtol=1e-10)
    # Members differ by the mixing, which leaves their mean as it is.
    mixed = (alone + both) / 2 + mixing**2 * (alone - both) / 2
    np.testing.assert_allclose(_values(solution, "mixed_cost"), mixed, rtol=1e-13)
    np.testing.assert_allclose(_values(solution, "mixed_sum"), mixed, rtol=1e-10)


def test_mean_field_limit(solved: Solved) -> None:
    solution = solved("mean_field_limit")
    numbers = solution.numbers
    u, numbers_of_line = 2 / math.e, [2, 3, 4, 5, 6, 8, 10, 20, 50, 100, 1000, 10000]
    assert list(numbers["line"]) == [str(n) for n in numbers_of_line]
    np.testing.assert_array_equal(_values(solution, "line_n"), numbers_of_line)
    uniform, repulsion = LINE_DENSITIES["uniform"], PairCost.of(lambda d: np.exp(-d))
    for n in (2, 6):
        cost = line_cost(uniform, n, repulsion) / (n * (n - 1) / 2)
        assert numbers["line"][str(n)] == pytest.approx(cost, rel=1e-10)
    np.testing.assert_allclose(
        _values(solution, "line") * u, list(numbers["line"].values()), rtol=1e-14
    )
    assert numbers["line_mean_field"] == pytest.approx(u, rel=1e-15)
    assert numbers["line_slope"] == pytest.approx(1e4 * (numbers["line"]["10000"] - u), rel=1e-12)
    assert numbers["line_slope"] == pytest.approx(numbers["line_slope_limit"], abs=1e-4)
    assert list(numbers["line_coulomb"]) == ["2", "3", "10", "100"]
    for n, cost in numbers["line_coulomb"].items():
        assert cost == mean_field_limit.uniform_coulomb(int(n))
    # Two, three and more opposite each other: 1/2, 1/sqrt 3, ...
    sphere = numbers["sphere"]
    assert list(sphere) == ["2", "3", "4", "5", "6"]
    np.testing.assert_array_equal(_values(solution, "sphere_n"), [2, 3, 4, 5, 6])
    np.testing.assert_array_equal(_values(solution, "sphere"), list(sphere.values()))
    expected = [1 / 2, 1 / math.sqrt(3), 1 / math.sqrt(8 / 3)]
    np.testing.assert_allclose([sphere[n] for n in "234"], expected, rtol=1e-12)
    octahedron = (3 / 2 + 12 / math.sqrt(2)) / 15
    assert sphere["6"] == pytest.approx(octahedron, rel=1e-12)
    atom = numbers["atom"]
    assert list(atom) == ["2", "3", "4"]
    np.testing.assert_array_equal(_values(solution, "atom_n"), [2, 3, 4])
    for n, cost in atom.items():
        plan = comotion_plan(MODELS["exponential"](int(n)))
        assert cost == pytest.approx(plan.cost / math.comb(int(n), 2), rel=1e-9)
    assert numbers["atom_mean_field"] == pytest.approx(5 / 16, rel=1e-12)
    np.testing.assert_allclose(_values(solution, "atom") * 5 / 16, list(atom.values()), rtol=1e-12)
    assert hartree(MODELS["exponential"](2)) == pytest.approx(5 / 8, rel=1e-12)


def test_plans_not_maps(solved: Solved) -> None:
    solution = solved("plans_not_maps")
    numbers = solution.numbers
    found = harmonic_plan(((np.arange(11) + 0.5) / 11)[:, None], 3)
    assert set(numbers["line"]) == {
        "cost", "bound", "columns_on_plane", "columns_of_vertex", "least_weight_of_widest",
    }  # fmt: skip
    variance = (1 - 1 / 121) / 12
    assert numbers["line"]["cost"] == pytest.approx(-9 * variance, abs=1e-12)
    assert numbers["line"]["bound"] == pytest.approx(-9 * variance, abs=1e-12)
    places = np.column_stack([_values(solution, "places"), _values(solution, "third")])
    assert np.all(np.diff(places, axis=1) >= 0)
    on_plane = np.abs(places.sum(axis=1) - 1.5) < 1e-9
    assert numbers["line"]["columns_on_plane"] == np.sum(on_plane) == 18
    vertex, widest = _values(solution, "vertex"), _values(solution, "widest")
    assert numbers["line"]["columns_of_vertex"] == np.sum(vertex > 1e-12) <= 11
    assert numbers["line"]["least_weight_of_widest"] == pytest.approx(
        widest[on_plane].min(), rel=1e-12
    )
    assert np.sum(widest) == pytest.approx(1, rel=1e-12)
    np.testing.assert_array_equal(widest, found.widest)
    np.testing.assert_array_equal(vertex, found.vertex)
    # Twenty-five points of a square of side 2: the variance is 1/2 along each side.
    assert numbers["square"] == pytest.approx({"cost": -9.0, "bound": -9.0}, abs=1e-11)
    assert numbers["tangent_rank"] == {"2": 3, "3": 4, "4": 4}
    for n, values in numbers["tangent_values"].items():
        plan = comotion_plan(MODELS["exponential"](int(n)))
        expected = tangent_values(plan, len(plan.weights) // 3)
        np.testing.assert_allclose(values, expected, atol=1e-6)
        assert np.all(np.diff(values) <= 0)
        # Four directions of one electron's mean speed: squares add up to 4 N.
        assert np.sum(np.square(values)) == pytest.approx(4 * int(n), rel=1e-9)
