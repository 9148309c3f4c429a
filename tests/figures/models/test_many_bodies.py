"""Figures from few particles to infinitely many, from arrays in which no two numbers are alike."""

import numpy as np
from matplotlib.colors import to_rgba
from numpy.testing import assert_array_equal

from artists import behind, curves, legend, points, xy
from comotion.density.radial import Array
from comotion.figures.models import many_bodies


def test_both_sides_of_the_identity() -> None:
    rng = np.random.default_rng(1)
    arrays = {name: rng.uniform(0.48, 0.6, 7) for name in (
        "weights", "cost", "mean_field", "sum", "mixing", "mixed_cost", "mixed_sum"
    )}  # fmt: skip
    figure = many_bodies.infinite(arrays)
    weight, mixing = figure.axes
    found = curves(weight)
    # Above the panels, where no curve crosses it.
    (above,) = figure.legends
    assert list(found) == [text.get_text() for text in above.get_texts()] == [
        "cost of the mixture", "mean field", "mean field + variance"
    ]  # fmt: skip
    assert_array_equal(found["cost of the mixture"], xy(arrays["weights"], arrays["cost"]))
    assert_array_equal(found["mean field"], xy(arrays["weights"], arrays["mean_field"]))
    # Every other point of the other side, so that both are seen.
    other = xy(arrays["weights"], arrays["sum"])[[0, 2, 4, 6]]
    assert_array_equal(found["mean field + variance"], other)
    cost, sums, product = mixing.get_lines()
    assert_array_equal(points(cost), xy(arrays["mixing"], arrays["mixed_cost"]))
    assert_array_equal(points(sums), xy(arrays["mixing"], arrays["mixed_sum"])[[0, 2, 4, 6]])
    # The sums have one colour in both panels.
    assert to_rgba(sums.get_color()) == to_rgba(weight.get_lines()[2].get_color())
    assert_array_equal(points(product)[:, 0], 0)
    assert behind(mixing, product)
    (note,) = mixing.texts
    assert note.get_text() == "product measure"
    assert note.xy == (0, arrays["mixed_cost"].min())  # type: ignore[attr-defined]
    # Below the least value, on white, so that no curve crosses it.
    figure.draw_without_rendering()
    least = mixing.transData.transform((0, arrays["mixed_cost"].min()))[1]
    assert note.get_window_extent().y1 < least
    assert note.get_bbox_patch() is not None
    assert weight.get_xlabel() == "weight of the first Gaussian"
    assert weight.get_ylabel() == "energy per pair (hartree)"
    assert mixing.get_xlabel() == r"mixing $\theta$ at the same density"
    assert mixing.get_ylim()[0] == weight.get_ylim()[0] == 0.475


def test_cost_over_the_mean_field_against_the_particles() -> None:
    rng = np.random.default_rng(2)
    titles = {
        "line": r"line, uniform, $e^{-d}$", "sphere": "sphere, uniform, $1/d$",
        "atom": r"space, $e^{-r}/8\pi$, $1/d$ (co-motion)",
    }  # fmt: skip
    arrays: dict[str, Array] = {}
    for name in titles:
        arrays |= {f"{name}_n": np.sort(rng.integers(2, 999, 5)), name: rng.uniform(0.5, 1, 5)}
    (ax,) = many_bodies.mean_field_limit(arrays).axes
    found = curves(ax)
    assert list(found) == legend(ax) == list(titles.values())
    for name, title in titles.items():
        assert_array_equal(found[title], xy(arrays[f"{name}_n"], arrays[name]))
    assert_array_equal(points(ax.get_lines()[-1])[:, 1], 1)
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_ylim()) == ("log", "linear", (0.45, 1.05))
    assert ax.get_xlabel() == "number of particles $N$"
    assert ax.get_ylabel() == "cost per pair / mean field"
