"""The figure of two electrons that meet, from arrays in which no two numbers are alike."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from numpy.testing import assert_allclose, assert_array_equal

from artists import curves, labelled, legend, points, scattered, xy
from comotion.density.radial import Array
from comotion.figures.models import meeting

_TITLES = {
    "exponential": r"$3e^{-r}/8\pi$",
    "lithium": "Li, Slater's rules",
    "beryllium": "Be, Slater's rules",
}


@pytest.fixture(scope="module")
def arrays() -> dict[str, Array]:
    rng = np.random.default_rng(6)
    found: dict[str, Array] = {}
    for name in _TITLES:
        q = np.geomspace(1e-6, 0.1, 5) * rng.uniform(1, 2)
        # Some are minima: their square is positive.
        found |= {
            f"{name}_q": q, f"{name}_least_square": rng.uniform(0.1, 1, 5) * [-1, -1, -1, 1, 1]
        }  # fmt: skip
    for name in ("exponential", "lithium"):
        found |= {
            f"{name}_leading_square": -rng.uniform(0.1, 1, 5),
            f"{name}_region": np.geomspace(1e-5, 0.2, 5) * rng.uniform(1, 2),
            f"{name}_backwards": rng.uniform(1e-9, 1e-4, 5) * [1, 1, -1, 0, 1],
            f"{name}_leading_gain": rng.uniform(1e-9, 1e-4, 5),
            f"{name}_programme_region": np.geomspace(1e-4, 0.3, 3),
            f"{name}_programme": rng.uniform(1e-9, 1e-4, 3),
        }
    q = np.array([0.001, 0.001, 0.02, 0.02, 0.02])
    return found | {
        "lithium_plan_q": q, "lithium_plan_weight": np.array([1.0, 3.0, 2.0, 2.0, 4.0]),
        "lithium_plan_about": np.array(
            [[0.001, -0.001], [-0.002, 0.003], [0.05, -0.09], [0.01, 0.02], [-0.03, 0.04]]
        ),
    }  # fmt: skip


@pytest.fixture
def figure(arrays: dict[str, Array]) -> Figure:
    return meeting.meeting_electrons(arrays)


def test_least_squares_that_are_negative(figure: Figure, arrays: dict[str, Array]) -> None:
    square = figure.axes[0]
    found = curves(square)
    assert list(found) == legend(square) == list(_TITLES.values())
    for name, title in _TITLES.items():
        least = arrays[f"{name}_least_square"]
        expected = xy(arrays[f"{name}_q"], np.where(least < 0, np.abs(least), np.nan))
        assert_array_equal(found[title], expected)
    # The leading order has the colour of its density; there is none of four electrons.
    leading = [line for line in square.get_lines() if str(line.get_label()).startswith("_")]
    for line, name in zip(leading, ("exponential", "lithium"), strict=True):
        expected = xy(arrays[f"{name}_q"], -arrays[f"{name}_leading_square"])
        assert_array_equal(points(line), expected)
        title = _TITLES[name]
        assert to_rgba(line.get_color()) == to_rgba(labelled(square)[title].get_color())
    colours = [to_rgba(line.get_color()) for line in labelled(square).values()]
    assert colours == [to_rgba(f"C{k}") for k in range(3)]
    assert {line.get_marker() for line in labelled(square).values()} == {"."}
    assert (square.get_xscale(), square.get_yscale()) == ("log", "log")
    assert square.get_xlabel() == "$q$ (electrons)"
    assert square.get_ylabel() == r"$-\omega^2$, least (hartree bohr$^{-2}$)"


def test_gains_over_the_comotion_plan(figure: Figure, arrays: dict[str, Array]) -> None:
    gain = figure.axes[1]
    entries = ["outer electron backwards", "linear programme", r"leading order, $Q^{8/3}$"]
    assert legend(gain) == list(labelled(gain)) == entries
    lines = list(gain.get_lines())
    # The legend is that of the first density.
    assert [line.get_label() for line in lines[:3]] == entries
    assert len(lines) == 6
    colours = [to_rgba(line.get_color()) for line in lines]
    for at, name in enumerate(("exponential", "lithium")):
        backwards, programme, leading = (points(line) for line in lines[3 * at : 3 * at + 3])
        region, value = arrays[f"{name}_region"], arrays[f"{name}_backwards"]
        assert_array_equal(backwards, xy(region, np.where(value > 0, value, np.nan)))
        expected = xy(arrays[f"{name}_programme_region"], arrays[f"{name}_programme"])
        assert_array_equal(programme, expected)
        assert_array_equal(leading, xy(region, arrays[f"{name}_leading_gain"]))
        # One colour for each density, that of the first panel.
        first = labelled(figure.axes[0])[_TITLES[name]].get_color()
        assert set(colours[3 * at : 3 * at + 3]) == {to_rgba(first)}
    assert (gain.get_xscale(), gain.get_yscale()) == ("log", "log")
    assert gain.get_ylim() == (1e-18, 1e-3)
    assert gain.get_xlabel() == "$Q$ (electrons)"
    assert gain.get_ylabel() == "gain over co-motion (hartree)"


def test_the_plan_of_lithium_in_shares(figure: Figure, arrays: dict[str, Array]) -> None:
    plan = figure.axes[2]
    # Of the charge at one q each configuration holds its share.
    shares = np.array([0.25, 0.75, 0.25, 0.25, 0.5])
    for dots, about in zip(plan.collections, arrays["lithium_plan_about"].T, strict=True):
        assert_array_equal(scattered(dots), xy(arrays["lithium_plan_q"], about))
        sizes = dots.get_sizes()  # type: ignore[attr-defined]
        assert_allclose(sizes / sizes.max(), shares / 0.75)
        assert_array_equal(dots.get_linewidths(), 0)  # type: ignore[attr-defined]
    # The co-motion plan: one of the outer two at q above 2, the other below.
    assert {line.get_color() for line in plan.get_lines()} == {"0.6"}
    assert all(line.get_zorder() == 0 for line in plan.get_lines())
    up, down = (points(line) for line in plan.get_lines())
    assert_array_equal(up[:, 0], up[:, 1])
    assert_array_equal(down[:, 0], -down[:, 1])
    for line in (up, down):
        assert line[0, 0] == 0
        assert line[-1, 0] == pytest.approx(0.09)
        assert np.all(np.diff(line[:, 0]) > 0)


def test_axes_of_the_plan_of_lithium(figure: Figure) -> None:
    plan = figure.axes[2]
    assert plan.get_title() == "Li, plan by linear programme"
    assert plan.get_xlabel() == "$q$ (electrons)"
    assert plan.get_ylabel() == "$N(r)-2$ of the outer two"

    def value(text: str) -> float:
        power = text.strip("$").replace("10^{", "1e").rstrip("}")
        return float(power) if "e" in power else float(text)

    for axis in (plan.xaxis, plan.yaxis):
        assert axis.get_scale() == "function"
        # Cube roots of the places are where they are drawn, and each label is its place.
        places = np.array([-0.5, 0.0, 1e-3, 0.3])
        assert_allclose(axis.get_transform().transform(places), np.cbrt(places))
        back = axis.get_transform().inverted()
        assert_allclose(back.transform(np.cbrt(places)), places, atol=1e-15)
        words = [text.get_text() for text in axis.get_ticklabels()]
        assert [value(word) for word in words] == pytest.approx(list(axis.get_ticklocs()))
    assert len(plan.get_yticks()) == 7
    assert len(plan.get_xticks()) == 3
