"""Figures of falling hbar, from arrays in which no two numbers are alike."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from numpy.testing import assert_allclose, assert_array_equal

from artists import curves, in_a_row, legend, points, xy
from comotion.density.radial import Array
from comotion.figures.models import small_hbar

_HBAR = r"$\hbar$ (atomic units)"
_BAR = r"pair density (bohr$^{-2}$)"


def _shows(ax: Axes, density: Array, title: str, largest: float) -> None:
    """Whether axes show a pair density on the unit square, darker where it is more, by its root."""
    (image,) = ax.images
    assert_array_equal(np.asarray(image.get_array()), density)
    assert_allclose(np.asarray(image.norm(np.array([0.25 * largest])), dtype=float), 0.5)
    assert image.get_clim() == (0, largest)
    assert image.origin == "lower"
    assert tuple(image.get_extent()) == (0, 1, 0, 1)
    colours = image.get_cmap()
    assert sum(colours(0.0)[:3]) > sum(colours(1.0)[:3])
    assert ax.get_title() == title
    assert ax.get_xlabel() == "$x$ (bohr)"
    assert list(ax.get_xticks()) == list(ax.get_yticks()) == [0, 0.5, 1]


def _darkens(ax: Axes) -> bool:
    """Whether the curves of axes are drawn in ever darker shades of grey, the last in black."""
    shades = [float(str(line.get_color())) for line in ax.get_lines() if len(points(line)) > 2]
    return shades == sorted(shades, reverse=True) and shades[-1] == 0 and len(set(shades)) > 1


def test_pair_densities_tend_to_the_plan() -> None:
    rng = np.random.default_rng(7)
    hbar = np.array([3.0, 1.0, 0.5, 0.25])
    arrays = {
        "hbar": hbar, "shown_hbar": hbar[[0, 2, 3]], "pair_density": rng.uniform(size=(3, 4, 4)),
        "plan": rng.uniform(size=(4, 4)), "x": rng.uniform(size=4), "slope": rng.uniform(1, 2, 4),
        "potential": rng.uniform(size=(4, 4)), "zero_point": np.array(0.9),
    }  # fmt: skip
    figure = small_hbar.semiclassical(arrays)
    *squares, bar, potential, slope = figure.axes
    assert bar.get_ylabel() == _BAR
    largest = float(arrays["pair_density"].max())
    # Four squares above two panels.
    figure.draw_without_rendering()
    assert in_a_row(squares)
    assert in_a_row([potential, slope])
    wide, high = figure.get_size_inches()
    assert 1.4 < wide / 4 < 1.7
    assert 4 < high < 4.5
    above, below = (part.bbox.height for part in figure.subfigs)
    assert 1 < below / above < 1.3
    titles = [r"$\hbar=3$", r"$\hbar=0.5$", r"$\hbar=0.25$", "transport plan"]
    for ax, density, title in zip(
        squares, [*arrays["pair_density"], arrays["plan"]], titles, strict=True
    ):
        _shows(ax, density, title, largest)
    assert [ax.get_ylabel() for ax in squares] == ["$y$ (bohr)", "", "", ""]
    # Potentials from hbar = 1 on.
    names = [r"$\hbar=1$", r"$\hbar=0.5$", r"$\hbar=0.25$"]
    assert list(curves(potential)) == legend(potential) == names
    for name, values in zip(names, arrays["potential"][1:], strict=True):
        assert_array_equal(curves(potential)[name], xy(arrays["x"], values))
    assert _darkens(potential)
    assert (potential.get_xlabel(), potential.get_ylabel()) == (
        "$x$ (bohr)", "Lieb potential $v$ (hartree)"
    )  # fmt: skip
    line, level = slope.get_lines()
    assert_array_equal(points(line), xy(hbar, arrays["slope"]))
    assert_array_equal(points(level)[:, 1], 0.9)
    (note,) = slope.texts
    assert note.get_text() == "zero-point slope"
    assert note.xy[1] == 0.9  # type: ignore[attr-defined]
    assert (slope.get_xscale(), slope.get_yscale()) == ("log", "log")
    assert (slope.get_xlabel(), slope.get_ylabel()) == (
        _HBAR, r"$(F_\hbar - V)/\hbar$ (hartree)"
    )  # fmt: skip
    assert slope.get_ylim()[0] == pytest.approx(0.63)


def test_three_particles_with_their_comotion_functions() -> None:
    rng = np.random.default_rng(8)
    arrays = {
        "shown_hbar": np.array([1.0, 0.05]), "pair_density": rng.uniform(size=(2, 5, 5)),
        "map_x": rng.uniform(size=9), "maps": rng.uniform(size=(9, 3)),
    }  # fmt: skip
    figure = small_hbar.three_particles(arrays)
    *axes, bar = figure.axes
    assert bar.get_ylabel() == _BAR
    (above,) = figure.legends
    assert [text.get_text() for text in above.get_texts()] == ["$f_1(x)$", "$f_2(x)$"]
    for ax, density, title in zip(
        axes, arrays["pair_density"], [r"$\hbar=1$", r"$\hbar=0.05$"], strict=True
    ):
        _shows(ax, density, title, float(arrays["pair_density"].max()))
        assert len({str(line.get_marker()) for line in ax.get_lines()}) == 2
        # f_0 is the place itself.
        for line, k in zip(ax.get_lines(), (1, 2), strict=True):
            assert_array_equal(points(line), xy(arrays["map_x"], arrays["maps"][:, k]))
    assert [ax.get_ylabel() for ax in axes] == ["$y$ (bohr)", ""]


def test_angles_of_two_electrons() -> None:
    rng = np.random.default_rng(9)
    arrays = {
        "hbar": np.array([2.0, 0.5, 0.125]), "angle_density": rng.uniform(1e-3, 1, (3, 6)),
        "cosine": np.linspace(-1, 1, 6), "mean_cosine": rng.uniform(-1, 0, 3),
    }  # fmt: skip
    angle, mean = small_hbar.radial_semiclassical(arrays).axes
    names = [r"$\hbar=2$", r"$\hbar=0.5$", r"$\hbar=0.125$"]
    assert list(curves(angle)) == legend(angle) == names
    for name, density in zip(names, arrays["angle_density"], strict=True):
        assert_array_equal(curves(angle)[name], xy(arrays["cosine"], density))
    assert _darkens(angle)
    assert (angle.get_xlabel(), angle.get_ylabel()) == (
        r"$\cos\theta_{12}$", "density of the cosine"
    )  # fmt: skip
    assert (angle.get_xscale(), angle.get_yscale()) == ("linear", "log")
    assert angle.get_ylim()[0] == 1e-5
    line, level = mean.get_lines()
    assert_array_equal(points(line), xy(arrays["hbar"], arrays["mean_cosine"]))
    # Opposite sides: the cosine is -1.
    assert_array_equal(points(level)[:, 1], -1)
    (note,) = mean.texts
    assert note.get_text() == "transport: opposite sides"
    assert note.xy[1] == -1  # type: ignore[attr-defined]
    assert (mean.get_xscale(), mean.get_yscale()) == ("log", "linear")
    assert (mean.get_xlabel(), mean.get_ylabel()) == (
        _HBAR,
        r"$\langle\cos\theta_{12}\rangle$",
    )


def test_bounds_of_smoothed_plans_above_the_functional() -> None:
    rng = np.random.default_rng(10)
    functional = rng.uniform(1, 2, 4)
    arrays = {
        "hbar": np.array([1.0, 0.5, 0.25, 0.1]), "functional": functional,
        "gaussian": functional * [1.5, 1.25, 1.125, 1.0625],
        "reversible": functional * [1.75, 1.375, 1.1875, 1.03125],
        "plan": rng.uniform(size=(4, 4)), "shown_hbar": np.array(0.25),
    }  # fmt: skip
    bound, plan, bar = small_hbar.smoothing(arrays).axes
    found = curves(bound)
    assert list(found) == legend(bound) == ["Gaussians", "reversible walk"]
    assert_allclose(found["Gaussians"], xy(arrays["hbar"], [0.5, 0.25, 0.125, 0.0625]), rtol=1e-12)
    assert_allclose(
        found["reversible walk"], xy(arrays["hbar"], [0.75, 0.375, 0.1875, 0.03125]), rtol=1e-12
    )
    assert (bound.get_xscale(), bound.get_yscale()) == ("log", "log")
    assert (bound.get_xlabel(), bound.get_ylabel()) == (_HBAR, r"bound / $F_\hbar$ $-$ 1")
    _shows(plan, arrays["plan"], r"smoothed plan, $\hbar=0.25$", float(arrays["plan"].max()))
    assert plan.get_ylabel() == "$y$ (bohr)"
    assert bar.get_ylabel() == _BAR
