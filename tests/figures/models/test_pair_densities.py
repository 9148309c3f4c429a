"""Figures of pair densities on sites, from arrays in which no two numbers are alike."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from artists import behind, curves, in_a_row, legend, points, xy
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
