"""The figure of pair densities: ratios, the plan in axes of charge, and what explains them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.axes._secondary_axes import SecondaryAxis
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure

from artists import points, ticks
from comotion import MODELS, comotion_plan
from comotion.density.radial import Array
from comotion.figures import copulas
from fit import check_labels

_POINTS = 40
_COLUMNS = ["pair density, all angles", "with the co-motion plan", "on a line through the nucleus"]


def _ratios(n: int) -> dict[str, Array]:
    """What is to be drawn; not symmetric, so that an exchange of the radii is seen."""
    charges = (np.arange(_POINTS) + 0.5) * n / _POINTS
    one, other = charges[:, None] / n, charges[None, :] / n
    return {
        "radial": 0.6 + one * (1 - other), "opposite": 1.2 + 0.2 * one - 0.1 * other,
        "together": 0.3 + 0.3 * one * other,
    }  # fmt: skip


def _found(system: str, n: int, kind: str = "exponential") -> dict[str, Any]:
    """Of these ratios, with N rho(r) of a model density by the radii of its charges."""
    density = MODELS[kind](n)
    charges = (np.arange(_POINTS) + 0.5) * n / _POINTS
    r = density.radius(charges)
    rho = density.density(r)
    # (N - 1) / N of each product of 4 pi r^2 rho; half of it for each cosine.
    pairs = (n - 1) / n * 16 * np.pi**2 * np.outer(r**2 * rho, r**2 * rho)
    arrays = {
        name: ratio * pairs * (1 if name == "radial" else 1 / 2)
        for name, ratio in _ratios(n).items()
    }
    plan = replace(comotion_plan(density), system=system)
    return {"system": system, "n_electrons": n, "charges": charges, "radii": r, "rho": rho,
            "plan": plan, **arrays}  # fmt: skip


@pytest.fixture(scope="module")
def found() -> list[dict[str, Any]]:
    return [_found("H-", 2), _found("Li", 3)]


@pytest.fixture
def figure(found: list[dict[str, Any]]) -> Figure:
    return copulas.pair_density(found)


@pytest.mark.parametrize("name", ["radial", "opposite", "together"])
def test_ratios_to_independent_electrons(found: list[dict[str, Any]], name: str) -> None:
    for one, n in zip(found, (2, 3), strict=True):
        ratio = copulas.relative_to_independent(one, name)
        np.testing.assert_allclose(ratio, _ratios(n)[name], rtol=1e-12)


def test_independent_electrons_have_the_mean_of_their_marginals(
    found: list[dict[str, Any]],
) -> None:
    """By itself: P_0 over the mean of the product of marginals, (N - 1) rho on both sides."""
    one = found[1]
    shell = 2 * 4 * np.pi * one["radii"] ** 2 * one["rho"]
    uncorrelated = {**one, "radial": np.outer(shell, shell) / (3 * 2)}
    np.testing.assert_allclose(copulas.relative_to_independent(uncorrelated, "radial"), 1)


def test_images_are_the_ratios_by_charge(figure: Figure) -> None:
    """The second electron runs upwards: above the diagonal on opposite sides, below together."""
    for k, n in enumerate((2, 3)):
        ratios = _ratios(n)
        images = [ax.images[0] for ax in figure.axes[3 * k : 3 * k + 3]]
        for image in images:
            assert tuple(image.get_extent()) == (0, n, 0, n)
            assert image.origin == "lower"
            assert image.get_clim() == (0, 1.5)
        for image in images[:2]:
            np.testing.assert_allclose(np.asarray(image.get_array()), ratios["radial"], rtol=1e-12)
        rows, columns = np.indices((_POINTS, _POINTS))
        split = np.asarray(images[2].get_array())
        for part, name in ((rows > columns, "opposite"), (rows < columns, "together")):
            np.testing.assert_allclose(split[part], ratios[name][part], rtol=1e-12)


def test_as_many_pairs_as_independent_ones_are_white(figure: Figure) -> None:
    image = figure.axes[0].images[0]

    def colours(*ratios: float) -> Array:
        return np.asarray(image.to_rgba(np.array(ratios)))[:, :3]

    white, fewer, more = colours(1.0, 0.5, 1.4)
    assert white == pytest.approx((1, 1, 1), abs=0.01)
    # Blue and red; and darker and darker where there are fewer.
    assert fewer[2] > fewer[0] + 0.1
    assert more[0] > more[2] + 0.1
    grey = colours(0.0, 0.25, 0.5, 0.75, 0.9, 1.0).sum(axis=1)
    assert np.all(np.diff(grey) > 0.1)


def test_the_plan_has_one_segment_in_each_square_of_two_shells(figure: Figure) -> None:
    """Electrons at q, 2 - q and 2 + q: lines of slope 1 or -1 from edge to edge."""
    for ax, n in ((figure.axes[1], 2), (figure.axes[4], 3)):
        own = [points(line) for line in ax.get_lines() if line.get_color() == "k"]
        assert len(own) == n * (n - 1)
        squares = []
        for line in own:
            m, (x, y) = np.floor(line.mean(axis=0)), line.T
            squares.append((int(m[0]), int(m[1])))
            assert np.all((line >= m) & (line <= m + 1))
            q_1, q_2 = (np.where(i % 2, i + 1 - c, c - i) for i, c in zip(m, (x, y), strict=True))
            np.testing.assert_allclose(q_1, q_2, atol=1e-9)
            assert (q_1.min(), q_1.max()) == pytest.approx((0, 1), abs=0.02)
        assert sorted(squares) == [(i, j) for i in range(n) for j in range(n) if i != j]
        grid = [points(line) for line in ax.get_lines() if line.get_color() != "k"]
        edges = [list(range(1, n))] * 2
        upright = [float(ends[0, 0]) for ends in grid if ends[0, 0] == ends[1, 0]]
        level = [float(ends[0, 1]) for ends in grid if ends[0, 1] == ends[1, 1]]
        assert [upright, level] == edges


def test_lines_of_equal_ratio(figure: Figure) -> None:
    """On the sides where they belong; the line of independent electrons is the thick one."""
    first, _, third = figure.axes[:3]
    for ax, number in ((first, 1), (third, 2)):
        sets = [found for found in ax.collections if isinstance(found, QuadContourSet)]
        assert len(sets) == number
        for lines in sets:
            levels = list(lines.levels)
            widths = np.ravel(lines.get_linewidth())
            assert levels[int(np.argmax(widths))] == 1
            assert {0.5, 0.75, 1.0, 1.25} < set(levels)

    def line(ax: Axes, number: int, level: float) -> Array:
        sets = [found for found in ax.collections if isinstance(found, QuadContourSet)]
        path = sets[number].get_paths()[list(sets[number].levels).index(level)]
        at = np.asarray(path.vertices, dtype=float) / 2
        assert len(at) > 10
        return at.T

    # Rows run along the vertical axis; both in units of N.
    x, y = line(first, 0, 1.0)
    np.testing.assert_allclose(0.6 + y * (1 - x), 1, atol=2e-3)
    x, y = line(third, 0, 1.25)
    np.testing.assert_allclose(1.2 + 0.2 * y - 0.1 * x, 1.25, atol=2e-3)
    assert np.all(y > x)
    x, y = line(third, 1, 0.5)
    np.testing.assert_allclose(0.3 + 0.3 * x * y, 0.5, atol=2e-3)
    assert np.all(y < x)
    assert not [found for found in figure.axes[1].collections if len(found.get_paths())]
    diagonal = points(third.get_lines()[0])
    np.testing.assert_array_equal(diagonal, [[0, 0], [2, 2]])


def test_radii_stand_at_their_charges(figure: Figure, found: list[dict[str, Any]]) -> None:
    figure.draw_without_rendering()
    for k, one in enumerate(found):
        for ax in figure.axes[3 * k : 3 * k + 3]:
            (top,) = ax.child_axes
            assert isinstance(top, SecondaryAxis)
            told = ticks(top)
            charges = one["plan"].density.cumulant(np.array([float(r) for r in told.values()]))
            np.testing.assert_allclose(list(told), charges, atol=0.02)
            assert len(told) >= 3
            assert np.all(np.diff(list(told)) > 0.13 * one["n_electrons"])
            assert top.get_xlabel() == ("$r_1$ (bohr)" if k == 0 else "")


def test_words_of_the_figure(figure: Figure) -> None:
    *panels, bar = figure.axes
    assert [ax.get_title() for ax in panels] == [*_COLUMNS, "", "", ""]
    assert [ax.get_xlabel() for ax in panels] == [""] * 3 + ["$N(r_1)$ (electrons)"] * 3
    assert [ax.get_ylabel() for ax in panels] == [
        "H$^{-}$:  $N(r_2)$", "", "", "Li:  $N(r_2)$", "", "",
    ]  # fmt: skip
    for ax in (panels[2], panels[5]):
        sides = {text.get_text(): text.get_position() for text in ax.texts}
        assert sides["opposite sides"][1] > sides["opposite sides"][0]
        assert sides["same side"][1] < sides["same side"][0]
    assert bar.get_xlabel() == "pairs, relative to independent electrons"
    told = ticks(bar)
    assert {0: "0", 1: "1", 0.75: "0.75", 1.5: "1.5"}.items() <= told.items()
    # Each line that is drawn is told.
    marked = [float(points(line)[0, 0]) for line in bar.get_lines() if len(points(line)) == 2]
    assert set(marked) == set(told) - {0}


@pytest.mark.parametrize("number", [1, 2])
def test_labels_meet_neither_one_another_nor_the_edge(number: int) -> None:
    systems = [("Be2+", 2, "exponential"), ("Ne", 10, "bohr")]
    check_labels(copulas.pair_density([_found(*system) for system in systems[:number]]))
