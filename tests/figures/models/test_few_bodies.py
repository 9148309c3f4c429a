"""Figures of a few particles, drawn from arrays in which no two numbers are alike."""

from itertools import permutations
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.contour import ContourSet
from numpy.testing import assert_allclose, assert_array_equal

from artists import behind, curves, legend, points, scattered, xy
from comotion.density.radial import Array
from comotion.figures.models import few_bodies


@pytest.fixture(scope="module")
def on_line() -> dict[str, Array]:
    """Maps that jump once from the far end to the near one, and potentials."""
    found: dict[str, Array] = {}
    for name, x in (("uniform", np.linspace(0.1, 0.9, 41)), ("gaussian", np.linspace(-4, 4, 81))):
        found[f"{name}_x"] = x
        low, width = x[0], np.ptp(x)
        for n in (2, 3):
            steps = np.arange(n) / n
            found[f"{name}_maps_{n}"] = low + ((x - low)[:, None] + (steps + 0.01) * width) % (
                width + 1e-9
            )
            found[f"{name}_potential_{n}"] = np.cosh(x - 0.1 * n) + n
    return found


def test_maps_on_a_line_are_broken_where_they_jump(on_line: dict[str, Array]) -> None:
    grid = few_bodies.line(on_line).axes
    assert [ax.get_title() for ax in grid] == [
        "uniform, $N=2$", "uniform, $N=3$", "uniform, potential",
        "Gaussian, $N=2$", "Gaussian, $N=3$", "Gaussian, potential",
    ]  # fmt: skip
    for at, (name, n) in {
        0: ("uniform", 2), 1: ("uniform", 3), 3: ("gaussian", 2), 4: ("gaussian", 3)
    }.items():  # fmt: skip
        x, maps = on_line[f"{name}_x"], on_line[f"{name}_maps_{n}"]
        *lines, diagonal = grid[at].get_lines()
        assert_array_equal(points(diagonal), xy(x, x))
        assert len(lines) == n - 1
        assert behind(grid[at], diagonal)
        assert diagonal.get_color() == "0.8"
        for k, line in enumerate(lines, start=1):
            shown = points(line)
            gap = np.isnan(shown[:, 1])
            # One point is left out, the first after the jump.
            assert_array_equal(np.flatnonzero(gap), [np.argmin(np.diff(maps[:, k])) + 1])
            assert_array_equal(shown[~gap], xy(x, maps[:, k])[~gap])
        assert len({line.get_linestyle() for line in lines}) == n - 1
        assert [line.get_label() for line in lines] == ["$k=1$", "$k=2$"][: n - 1]
        window = (0.1, 0.9) if name == "uniform" else (-2.6, 2.6)
        assert grid[at].get_xlim() == grid[at].get_ylim() == window
        assert grid[at].get_aspect() == 1
        assert grid[at].get_ylabel() == "$f_k(x)$ (bohr)"


@pytest.mark.parametrize(("fall", "gaps"), [(0.49, []), (0.51, [21])])
def test_a_jump_is_a_fall_by_half_of_the_range(
    on_line: dict[str, Array], fall: float, gaps: list[int]
) -> None:
    # It rises to 1, falls, rises again, and ends at infinity.
    values = np.concatenate([np.linspace(0, 1, 21), np.linspace(1 - fall, 0.9, 19), [np.inf]])
    maps = np.column_stack([on_line["uniform_x"], values])
    shown = points(few_bodies.line(on_line | {"uniform_maps_2": maps}).axes[0].get_lines()[0])
    assert_array_equal(np.flatnonzero(np.isnan(shown[:, 1])), gaps)
    kept = np.isfinite(values) & ~np.isnan(shown[:, 1])
    assert_array_equal(shown[kept, 1], values[kept])


def test_one_kind_of_line_and_colour_is_one_function(on_line: dict[str, Array]) -> None:
    figure = few_bodies.line(on_line)
    maps = [line for at in (0, 1, 3, 4) for line in figure.axes[at].get_lines()[:-1]]
    looks = {(line.get_label(), line.get_linestyle(), line.get_color()) for line in maps}
    assert len(looks) == 2
    potentials = {line.get_color() for at in (2, 5) for line in figure.axes[at].get_lines()}
    assert not potentials & {color for _, _, color in looks}
    (above,) = figure.legends
    assert [text.get_text() for text in above.get_texts()] == ["$k=1$", "$k=2$"]


def test_potentials_on_a_line_stand_over_the_window(on_line: dict[str, Array]) -> None:
    grid = few_bodies.line(on_line).axes
    for at, name, window in ((2, "uniform", (0.1, 0.9)), (5, "gaussian", (-2.6, 2.6))):
        assert legend(grid[at]) == ["$N=2$", "$N=3$"]
        assert grid[at].get_ylabel() == "$v(x)$ (hartree)"
        x = on_line[f"{name}_x"]
        seen = (x >= window[0]) & (x <= window[1])
        for n in (2, 3):
            expected = xy(x[seen], on_line[f"{name}_potential_{n}"][seen])
            assert_array_equal(curves(grid[at])[f"$N={n}$"], expected)
    assert [ax.get_xlabel() for ax in grid] == ["", "", "", *["$x$ (bohr)"] * 3]


@pytest.fixture(scope="module")
def radial() -> dict[str, Array]:
    rng = np.random.default_rng(5)
    found: dict[str, Array] = {}
    for k, name in enumerate(("exponential", "hydrogenic", "gaussian")):
        r = np.geomspace(0.01, 9 + k, 12)
        found |= {
            f"{name}_radii": r, f"{name}_partners": 1 / r + k, f"{name}_potential": 1 / (r + k + 1)
        }  # fmt: skip
    # Some of it lies below the floor of the shades.
    return found | {"exponential_slack": 10.0 ** rng.uniform(-8, 1, (12, 12))}


_RADIAL = {"exponential": r"$e^{-r}/8\pi$", "hydrogenic": r"$e^{-2r}/\pi$", "gaussian": "Gaussian"}


def test_antipodal_partners_and_potentials(radial: dict[str, Array]) -> None:
    partner, potential, slack, bar = few_bodies.antipodal(radial).axes
    for ax, what in ((partner, "partners"), (potential, "potential")):
        found = curves(ax)
        assert list(found) == list(_RADIAL.values())
        for name, title in _RADIAL.items():
            assert_array_equal(found[title], xy(radial[f"{name}_radii"], radial[f"{name}_{what}"]))
        assert len({line.get_linestyle() for line in ax.get_lines()}) == 3
        assert ax.get_xlim() == (0, 8)
        assert ax.get_xlabel() == "$r$ (bohr)"
    assert legend(partner) == list(_RADIAL.values())
    assert partner.get_ylim() == slack.get_xlim() == slack.get_ylim() == (0, 8)
    assert potential.get_ylim()[0] == 0
    assert partner.get_ylabel() == "$t(r) = |T(x)|$ (bohr)"
    assert potential.get_ylabel() == "$u(r)$ (hartree)"
    assert (slack.get_xlabel(), slack.get_ylabel()) == ("$r$ (bohr)", "$s$ (bohr)")
    assert slack.get_title() == r"slack of $e^{-r}/8\pi$"
    assert bar.get_ylabel() == r"$\log_{10}$ slack (hartree)"


def test_antipodal_slack_is_shaded_by_decades(
    radial: dict[str, Array], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    real = mpl.axes.Axes.contourf

    def keep(ax: Any, *data: Any, **options: Any) -> Any:
        given[:] = data
        return real(ax, *data, **options)

    monkeypatch.setattr(mpl.axes.Axes, "contourf", keep)
    slack = few_bodies.antipodal(radial).axes[2]
    (shades,) = (one for one in slack.collections if isinstance(one, ContourSet))
    assert_array_equal(shades.levels, [-6, -5, -4, -3, -2, -1, 0, 1, 2])
    r = radial["exponential_radii"]
    seen = r <= 8
    assert 0 < np.sum(~seen) < 12
    assert_array_equal(given[0], r[seen])
    assert_array_equal(given[1], r[seen])
    whole = np.log10(radial["exponential_slack"][seen][:, seen])
    assert_allclose(given[2], np.where(whole < -6, -6, whole), rtol=1e-14)
    # Small slack is dark.
    assert sum(shades.cmap(0.0)[:3]) < sum(shades.cmap(1.0)[:3])
    # On top, the partners, where there is none.
    (line,) = slack.get_lines()
    assert_array_equal(points(line), xy(r, radial["exponential_partners"]))


def test_plans_that_are_no_maps_are_drawn_in_all_orders() -> None:
    places = np.array([[0.1, 0.2], [0.3, 0.45], [0.25, 0.5], [0.05, 0.07]])
    arrays = {
        "places": places, "third": 1.5 - places.sum(axis=1),
        "vertex": np.array([0.4, 0.0, 0.1, 1e-13]), "widest": np.array([0.1, 0.3, 0.2, 0.25]),
    }  # fmt: skip
    figure = few_bodies.plans_not_maps(arrays)
    titles = {"vertex": "a plan on few points", "widest": "the widest plan"}
    for ax, (name, title) in zip(figure.axes, titles.items(), strict=True):
        assert ax.get_title() == title
        weights = arrays[name]
        used = weights > 1e-12
        triples = np.column_stack([places, arrays["third"]])[used]
        expected = {
            tuple(map(tuple, triples[:, [a, b]])) for a, b in permutations(range(3), 2)
        }  # fmt: skip
        found = {tuple(map(tuple, scattered(one))) for one in ax.collections}
        assert found == expected
        assert len(ax.collections) == 6
        for one in ax.collections:
            sizes = one.get_sizes()  # type: ignore[attr-defined]
            assert_allclose(sizes, 60 * weights[used] / weights.max())
            # Discs of one colour: their area is the weight.
            assert_array_equal(one.get_linewidths(), 0)  # type: ignore[attr-defined]
            assert len(one.get_facecolors()) == 1  # type: ignore[attr-defined]
        # The two lines bound where x_3 = 3/2 - x_1 - x_2 lies in [0, 1].
        assert {line.get_color() for line in ax.get_lines()} == {"0.7"}
        assert all(line.get_linewidth() < 1 for line in ax.get_lines())
        first, second = (points(line) for line in ax.get_lines())
        assert_array_equal(1.5 - first.sum(axis=1), [1, 1])
        assert_array_equal(1.5 - second.sum(axis=1), [0, 0])
        assert (first.min(), first.max(), second.min(), second.max()) == (0, 0.5, 0.5, 1)
        assert ax.get_xlim() == ax.get_ylim() == (0, 1)
        assert ax.get_xlabel() == "$x_1$"
    assert [ax.get_ylabel() for ax in figure.axes] == ["$x_2$", ""]
