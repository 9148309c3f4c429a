"""Figures of pair densities and their bound, from arrays in which no two numbers are alike."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from artists import behind, curves, in_a_row, labelled, legend, points, xy
from comotion.figures.models import pair_densities


def test_costs_and_polygons_of_two_sites() -> None:
    rng = np.random.default_rng(4)
    arrays = {"share": np.linspace(0, 1, 6), "cost_inf": rng.uniform(size=6)}
    for k in (2, 3, 4, 10):
        arrays |= {f"cost_{k}": rng.uniform(size=6), f"corners_{k}": rng.uniform(size=(k + 1, 2))}
    cost, corner = pair_densities.two_sites(arrays).axes
    found = curves(cost)
    assert list(found) == legend(cost) == ["$k=2$", "$k=3$", "$k=4$", "$k=10$", "mean field"]
    for k in (2, 3, 4, 10):
        assert_array_equal(found[f"$k={k}$"], xy(arrays["share"], arrays[f"cost_{k}"]))
    assert_array_equal(found["mean field"], xy(arrays["share"], arrays["cost_inf"]))
    # The limit of many particles is a broad grey line behind all others, in both panels.
    for ax in (cost, corner):
        limit = ax.get_lines()[-1]
        assert limit.get_color() == "0.5"
        assert limit.get_linewidth() > 2 > max(one.get_linewidth() for one in ax.get_lines()[:-1])
        assert behind(ax, limit)
    assert in_a_row([cost, corner])
    *polygons, independent = corner.get_lines()
    for k, polygon, line in zip((2, 3, 4, 10), polygons, cost.get_lines(), strict=False):
        corners = arrays[f"corners_{k}"]
        # Closed: it ends where it began. Its line is that of its cost.
        assert_array_equal(points(polygon), [*corners, corners[0]])
        assert polygon.get_linestyle() == line.get_linestyle()
    assert len({line.get_linestyle() for line in polygons}) == len(polygons) == 4
    # Independent particles: rho_2(A,A) = (1-t)^2, rho_2(B,B) = t^2, from one corner to the other.
    aa, bb = points(independent).T
    assert_allclose(np.sqrt(aa) + np.sqrt(bb), 1, rtol=1e-12)
    assert_allclose(np.sort(aa)[[0, -1]], [0, 1])
    (note,) = corner.texts
    assert note.get_text() == "independent particles"
    assert note.arrow_patch is not None  # type: ignore[attr-defined]
    x, y = note.xy  # type: ignore[attr-defined]
    assert np.sqrt(x) + np.sqrt(y) == pytest.approx(1, abs=0.05)
    assert (cost.get_xlabel(), cost.get_ylabel()) == (
        "mass $t$ of site $B$", "least cost per pair (arbitrary units)"
    )  # fmt: skip
    assert (corner.get_xlabel(), corner.get_ylabel()) == (r"$\rho_2(A,A)$", r"$\rho_2(B,B)$")
    assert corner.get_aspect() == 1


@pytest.mark.parametrize(("sites", "named"), [(4, ["1", "2", "3", "4"]), (12, "1 3 5 7 9 11")])
def test_a_pair_density_and_the_nearest_representable_on_one_scale(
    sites: int, named: list[str] | str
) -> None:
    rng = np.random.default_rng(5)
    arrays = {
        "pair_density": rng.uniform(0, 0.1, (sites, sites)),
        "nearest": rng.uniform(0, 0.2, (sites, sites)),
        "certificate": rng.uniform(-1, 1, (sites, sites)),
    }
    for swapped in (False, True):
        if swapped:
            arrays |= {"pair_density": arrays["nearest"], "nearest": arrays["pair_density"]}
        one, nearest, certificate, *bars = pair_densities.representability(arrays).axes
        largest = max(arrays["pair_density"].max(), arrays["nearest"].max())
        for ax, name, title in (
            (one, "pair_density", r"switch of halves $\rho_2$"),
            (nearest, "nearest", "nearest representable"),
            (certificate, "certificate", "certificate $c$"),
        ):
            (image,) = ax.images
            assert_array_equal(np.asarray(image.get_array()), arrays[name])
            limits = (-1, 1) if name == "certificate" else (0, largest)
            assert image.get_clim() == limits
            assert image.origin == "lower"
            assert ax.get_title() == title
            assert ax.get_xlabel() == "site $a$"
            words = named.split() if isinstance(named, str) else named
            for axis in (ax.xaxis, ax.yaxis):
                # Sites count from 1, and each label stands at its site.
                assert [text.get_text() for text in axis.get_ticklabels()] == words
                assert_array_equal(axis.get_ticklocs(), [int(word) - 1 for word in words])
        assert [ax.get_ylabel() for ax in (one, nearest, certificate)] == ["site $b$", "", ""]
        assert [bar.get_ylabel() for bar in bars] == ["mass", "$c(a, b)$"]
        # More mass is darker.
        colours = one.images[0].get_cmap()
        assert sum(colours(0.0)[:3]) > sum(colours(1.0)[:3])


def test_the_bound_below_the_minimum() -> None:
    rng = np.random.default_rng(4)
    arrays = {
        "sphere_n": np.array([2, 3, 5, 6]), "sphere_sharp": np.array([1, 1, 0, 1]),
        "sphere_degrees": np.array([1, 2, 4, 9]), "sphere_gap": rng.uniform(1e-5, 1e-1, (4, 4)),
        "electrons": np.array([3, 4, 6]), "shells": np.array([2, 5, 8]),
        "bound_gap": rng.uniform(1e-5, 1e-2, (3, 3)), "v_2_gap": rng.uniform(0.1, 0.3, (3, 3)),
    }  # fmt: skip
    # Tolerances of the programmes, and what rounding makes of nothing.
    arrays["sphere_gap"][3, 0], arrays["bound_gap"][1, 1] = 3e-10, -1e-15
    figure = pair_densities.pair_bound(arrays)
    sphere, shells = figure.axes
    found = curves(sphere)
    assert list(found) == legend(sphere) == ["$L=1$", "$L=2$", "$L=4$", "$L=9$", "sharp"]
    drawn = arrays["sphere_gap"].copy()
    drawn[3, 0] = 1e-7
    for gap, label in zip(drawn, legend(sphere), strict=False):
        assert_array_equal(found[label], xy(arrays["sphere_n"], gap))
    # Rings about the points of the highest degree.
    assert_array_equal(found["sharp"], xy([2, 3, 6], drawn[3, [0, 1, 3]]))
    rings = labelled(sphere)["sharp"]
    assert rings.get_linestyle() == "None"
    assert rings.get_fillstyle() == "none"
    assert rings.get_markersize() > labelled(sphere)["$L=9$"].get_markersize()
    marks = [line.get_marker() for line in sphere.get_lines()[:4]]
    assert len(set(marks)) == 4
    assert legend(shells) == ["$N=3$", "$N=4$", "$N=6$", "$V_2$"]
    drawn = arrays["bound_gap"].copy()
    drawn[1, 1] = 1e-7
    lines = shells.get_lines()
    assert len(lines) == 6
    for row, (bound, pair) in enumerate(zip(lines[::2], lines[1::2], strict=True)):
        assert_array_equal(points(bound), xy(arrays["shells"], drawn[row]))
        assert_array_equal(points(pair), xy(arrays["shells"], arrays["v_2_gap"][row]))
        assert bound.get_color() == pair.get_color()
        assert (bound.get_linestyle(), pair.get_linestyle()) == ("-", "--")
    assert len({line.get_color() for line in lines}) == 3
    assert sphere.get_yscale() == shells.get_yscale() == "log"
    assert sphere.get_ylim() == shells.get_ylim()
    assert sphere.get_xlabel() == "electrons on a sphere"
    assert shells.get_xlabel() == "shells of equal charge"
    assert sphere.get_ylabel() == "below the minimum, relative"
