"""Figures of the co-motion plan against the closed form of an exponential density."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from mpl_toolkits.mplot3d.art3d import Line3DCollection

from artists import around, behind, curves, labelled, legend, points
from comotion import MODELS, Plan, comotion_plan
from comotion.density.radial import Array
from comotion.figures import plans
from comotion.transport.energy_density import energy_density

_N = 3


@pytest.fixture(scope="module")
def plan() -> Plan:
    return replace(comotion_plan(MODELS["exponential"](_N)), system="Li")


@pytest.fixture(scope="module")
def pair() -> Plan:
    return replace(comotion_plan(MODELS["exponential"](2)), system="H-")


def _outside(r: Array) -> Array:
    """Electrons beyond r of rho = N exp(-r) / (8 pi)."""
    return np.asarray(_N * np.exp(-r) * (1 + r + r**2 / 2))


def _lines_at(ax: Axes) -> list[float]:
    """Where vertical lines through the whole panel stand."""
    ends = [points(line) for line in ax.get_lines()]
    return [float(xy[0, 0]) for xy in ends if len(xy) == 2 and xy[0, 0] == xy[1, 0]]


def test_density_is_that_of_the_plan_with_its_shells(plan: Plan, pair: Plan) -> None:
    figure = plans.density_shells([plan, pair])
    assert [ax.get_title() for ax in figure.axes] == ["Li", "H$^{-}$"]
    assert around(figure) == ("$r$ (bohr)", r"$4\pi r^2\rho$ (bohr$^{-1}$)")
    for ax, n in zip(figure.axes, (3, 2), strict=True):
        r, radial = points(ax.get_lines()[0]).T
        np.testing.assert_allclose(radial, n * r**2 * np.exp(-r) / 2, rtol=1e-12)
        # The area under the curve is shaded.
        (area,) = ax.collections
        low, high = area.get_datalim(ax.transData).intervaly
        assert (low, high) == pytest.approx((0, radial.max()))
        assert ax.get_ylim()[0] == 0
        assert ax.get_ylim()[1] >= radial.max()
    first, second = figure.axes
    # Between two shells there is one electron.
    np.testing.assert_allclose(_outside(np.array(_lines_at(first))), [2, 1], rtol=1e-10)
    assert len(_lines_at(second)) == 1


def test_panels_end_where_three_hundredths_of_an_electron_are_left(plan: Plan) -> None:
    step = plan.grid[1] - plan.grid[0]
    for draw, factor in (
        (plans.density_shells, 1.0), (plans.comotion_maps, 1.0), (plans.potential, 1.5)
    ):  # fmt: skip
        (ax,) = draw([plan]).axes
        first, last = ax.get_xlim()
        assert first == 0
        near = np.array([-2, 2]) * step + last / factor
        assert np.all((_outside(near) - 0.03) * [1, -1] > 0)


def test_maps_put_all_electrons_at_one_folded_cumulant(plan: Plan) -> None:
    figure = plans.comotion_maps([plan])
    (ax,) = figure.axes
    assert around(figure) == ("$r$ (bohr)", r"$f_i(r)$ (bohr)")
    first, *others = (line for line in ax.get_lines() if len(points(line)) > 2)
    outer = ax.get_ylim()[1]
    np.testing.assert_array_equal(points(first)[:, 0], points(first)[:, 1])
    assert (first.get_color(), first.get_linestyle()) == ("0.5", ":")
    assert len(others) == _N - 1
    r = plans.radii_near_shells(plan, outer)
    inside = _N - _outside(r)
    # f_2 and f_3 of three electrons: N(f) = 2 - N(r) or N(r) - 2, and 2 + N(r) or 4 - N(r).
    expected = (np.abs(2 - inside), np.where(inside < 1, 2 + inside, 4 - inside))
    for line, charge in zip(others, expected, strict=True):
        x, f = points(line).T
        np.testing.assert_array_equal(x, r)
        shown = f < 3 * outer
        np.testing.assert_allclose(_N - _outside(f[shown]), charge[shown], atol=1e-7)
        assert np.all(charge[~shown] >= _N - _outside(np.array(3 * outer)) - 1e-7)
    assert ax.get_ylim() == ax.get_xlim()
    # f_3 leaves the panel on both sides of the first shell, and f_2 comes down to 0 at the second.
    one, two = (float(x) for x in plan.density.shells)
    at = points(others[1])
    for side in (at[at[:, 0] < one], at[at[:, 0] > one]):
        assert side[:, 1].max() > outer
    at = points(others[0])
    for side in (at[at[:, 0] < two], at[at[:, 0] > two]):
        assert side[:, 1].min() < 1e-3
    assert behind(ax, *(line for line in ax.get_lines() if len(points(line)) == 2))
    shells = _lines_at(ax)
    np.testing.assert_allclose(_outside(np.array(shells)), [2, 1], rtol=1e-10)


def test_every_map_has_its_own_colour_and_line(plan: Plan) -> None:
    """The same in all panels; neighbours differ in more than colour; one legend names them."""
    ten = replace(comotion_plan(MODELS["exponential"](10)), system="Ne")
    figure = plans.comotion_maps([plan, ten])
    few, many = (labelled(ax) for ax in figure.axes)
    assert list(many) == [f"$f_{{{i}}}$" for i in range(1, 11)]
    assert list(few) == list(many)[:3]
    for name, line in few.items():
        assert line.get_color() == many[name].get_color()
        assert line.get_linestyle() == many[name].get_linestyle()
    assert len({line.get_color() for line in many.values()}) == 10
    assert all(a.get_linestyle() != b.get_linestyle() or _dashes(a) != _dashes(b)
               for a, b in pairwise(many.values()))  # fmt: skip
    (above,) = figure.legends
    assert [text.get_text() for text in above.get_texts()] == list(many)
    # Ever lighter, so that the order is seen without colours.
    shades = [sum(to_rgb(line.get_color())) for line in list(many.values())[1:]]
    assert shades == sorted(shades)


def test_potential_and_its_tail(plan: Plan, pair: Plan) -> None:
    figure = plans.potential([plan, pair])
    assert around(figure) == ("$r$ (bohr)", "$u(r)$ (hartree)")
    assert [legend(ax) for ax in figure.axes] == [["$u(r)$", "$(N-1)/r$"], []]
    for ax, one in zip(figure.axes, (plan, pair), strict=True):
        found = curves(ax)
        r, u = found["$u(r)$"].T
        np.testing.assert_allclose(u, one.potential(r), rtol=1e-12)
        far, tail = found["$(N-1)/r$"].T
        np.testing.assert_allclose(tail * far, one.n_electrons - 1, rtol=1e-14)
        tail_line = labelled(ax)["$(N-1)/r$"]
        assert (tail_line.get_linestyle(), tail_line.get_color()) == ("--", "0.5")
        outer = ax.get_xlim()[1]
        np.testing.assert_allclose((far[0], far[-1]), (0.2 * outer, outer), rtol=1e-14)
        # At the end of the panel the potential has come near its tail.
        assert float(one.potential(outer)) == pytest.approx(tail[-1], rel=0.15)
        low, high = ax.get_ylim()
        assert (low, high) == pytest.approx((0, 1.15 * u.max()))


def test_energy_density_and_its_tail(plan: Plan, pair: Plan) -> None:
    figure = plans.energy_densities([plan, pair])
    assert around(figure) == ("$r$ (bohr)", "$w(r)$ (hartree)")
    assert [legend(ax) for ax in figure.axes] == [["$w(r)$", "$-1/(2r)$"], []]
    for ax, one in zip(figure.axes, (plan, pair), strict=True):
        found = curves(ax)
        r, w = found["$w(r)$"].T
        np.testing.assert_allclose(w, energy_density(one, r), rtol=1e-12)
        far, tail = found["$-1/(2r)$"].T
        np.testing.assert_allclose(tail * far, -0.5, rtol=1e-14)
        outer = ax.get_xlim()[1]
        np.testing.assert_allclose((far[0], far[-1]), (0.2 * outer, outer), rtol=1e-14)
        assert (r[0], r[-1]) == pytest.approx((0, outer))
        line = labelled(ax)["$-1/(2r)$"]
        assert (line.get_linestyle(), line.get_color()) == ("--", "0.5")
        assert w[-1] == pytest.approx(tail[-1], rel=0.15)
        assert ax.get_ylim() == pytest.approx((1.1 * w.min(), 0))


def test_one_electron_has_no_panel_beside_others(plan: Plan) -> None:
    alone = replace(comotion_plan(MODELS["exponential"](1)), system="H")
    for draw in (plans.density_shells, plans.comotion_maps, plans.potential):
        (ax,) = draw([alone, plan]).axes
        assert ax.get_title() == "Li"


def _dashes(line: Any) -> Any:
    """Dashes of a line, which its style tells only in part."""
    return line._dash_pattern


def _spatial(ax: Any) -> tuple[Array, Array, Array]:
    """Places of the balls, the ends of the spokes, and the place of the nucleus."""
    (spokes,) = (one for one in ax.collections if isinstance(one, Line3DCollection))
    balls, nucleus = (one for one in ax.collections if one is not spokes)
    segments = np.array(spokes._segments3d)
    assert np.all(segments[:, 0] == 0)
    places = np.array([np.ma.getdata(one) for one in balls._offsets3d])
    return places, segments[:, 1].T, np.array([np.ma.getdata(one) for one in nucleus._offsets3d])


def test_arrangements_are_configurations_of_the_plan(plan: Plan) -> None:
    figure = plans.arrangement([plan])
    q = np.asarray(plan.q)
    assert len(figure.axes) == 3
    nodes = [int(np.argmin(np.abs(q - target))) for target in (0.1, 0.5, 0.9)]
    least, most = plan.radii[nodes].min(), plan.radii[nodes].max()
    for ax, node in zip(figure.axes, nodes, strict=True):
        assert ax.get_title() == f"$q$ = {q[node]:.2f}, $r_1$ = {plan.radii[node][0]:.3f} bohr"
        figure.canvas.draw()
        balls, ends, nucleus = _spatial(ax)
        np.testing.assert_array_equal(balls, ends)
        np.testing.assert_array_equal(nucleus.ravel(), 0)
        # The nucleus is a cross of two strokes.
        (cross,) = ax.collections[2].get_paths()
        assert len(np.asarray(cross.vertices)) == 4
        # The distances on the scale of all panels, the angles those of the configuration.
        positions = plan.positions[node]
        r = np.linalg.norm(positions, axis=0)
        drawn = np.linalg.norm(balls, axis=0)
        np.testing.assert_allclose(drawn, np.log1p(r / least), rtol=1e-9)
        angles = (balls.T @ balls) / np.outer(drawn, drawn)
        np.testing.assert_allclose(angles, positions.T @ positions / np.outer(r, r), atol=1e-9)
        edge = np.log1p(most / least)
        for limits in (ax.get_xlim(), ax.get_ylim(), ax.get_zlim()):  # type: ignore[attr-defined]
            assert limits == pytest.approx((-edge, edge))
        colours = ax.collections[1].get_array()
        np.testing.assert_array_equal(colours, [0, 1, 2])
        # Numbers at the balls, and a ring with its distance for each ring that is drawn.
        numbers, rings = ax.texts[-3:], ax.texts[:-3]
        assert [text.get_text() for text in numbers] == ["1", "2", "3"]
        for text, place in zip(numbers, balls.T, strict=True):
            assert text.get_position_3d() == pytest.approx(tuple(place))  # type: ignore[attr-defined]
        assert rings
        for text, line in zip(rings, ax.get_lines(), strict=True):
            x, y, z = line.get_data_3d()  # type: ignore[attr-defined]
            np.testing.assert_allclose(np.hypot(x, y), np.log1p(float(text.get_text()) / least))
            assert np.all(np.asarray(z) == 0)
            assert float(text.get_text()) <= most


def test_arrangement_names_system_electrons_and_units(plan: Plan) -> None:
    figure = plans.arrangement([plan])
    assert figure.get_suptitle() == "Li: 3 electrons, numbered by shell"
    assert figure.get_supxlabel() == (
        "rings: distances from the nucleus in bohr, one logarithmic scale in all panels"
    )
    # Panels within the figure, beside one another and below the title.
    figure.canvas.draw()
    boxes = [ax.get_position() for ax in figure.axes]
    title = figure.texts[0].get_window_extent().y0 / figure.bbox.height
    for box, after in pairwise(boxes):
        assert 0 <= box.x0 < box.x1 <= after.x0 < after.x1 <= 1 + 1e-9
    for box in boxes:
        assert 0 <= box.y0 < box.y1 < title
        assert box.y1 - box.y0 > 0.6
        assert box.x1 - box.x0 > 0.25
    # Dark at the first shell.
    colours = figure.axes[0].collections[1].cmap
    assert sum(colours(0.0)[:3]) < sum(colours(1.0)[:3])
