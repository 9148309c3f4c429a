"""Figures of estimates and series: they show the data that they are given."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.container import ErrorbarContainer
from numpy.testing import assert_allclose, assert_array_equal

from artists import behind, curves, labelled, legend, points, ticks, xy
from comotion.density.radial import Array
from comotion.figures import estimates


def _series() -> pd.DataFrame:
    """Rows that do not stand in the order of the nuclear charge."""
    return pd.DataFrame({
        "system": ["Li+", "H-", "He", "Be", "B+", "C2+", "B4+", "Be3+", "Li2+", "sqrt_r-2", "Ne8+",
                   "F5+", "N3+", "O4+"],
        "n_electrons": [2, 2, 2, 4, 4, 4, 1, 1, 1, 2, 2, 4, 4, 4],
        "nuclear_charge": [3, 1, 2, 4, 5, 6, 5, 4, 3, np.nan, 10, 9, 7, 8],
        "v_comotion": [0.891, 0.196, 0.551, 3.2, 4.1, 5.0, 0, 0, 0, 0.145, 3.0, 8.0, 6.0, 7.0],
        "v_quantum": [1.568, 0.311, 0.946, 4.4, 5.4, 6.5, 1e-17, 1e-17, 1e-17, np.nan, 6.0, 10.0,
                      7.7, 8.8],
    })  # fmt: skip


def test_isoelectronic_series_are_ratios_over_the_nuclear_charge() -> None:
    (ax,) = estimates.isoelectronic(_series()).axes
    found = curves(ax)
    assert list(found) == legend(ax) == ["He-like, $N = 2$", "Be-like, $N = 4$"]
    assert_allclose(
        found["He-like, $N = 2$"],
        xy([1, 2, 3, 10], [0.196 / 0.311, 0.551 / 0.946, 0.891 / 1.568, 0.5]),
        rtol=1e-15,
    )
    quotients = [3.2 / 4.4, 4.1 / 5.4, 5.0 / 6.5, 6.0 / 7.7, 7.0 / 8.8, 0.8]
    assert_allclose(found["Be-like, $N = 4$"], xy(range(4, 10), quotients), rtol=1e-15)
    assert len({line.get_marker() for line in labelled(ax).values()}) == 2
    assert ax.get_xlabel() == "nuclear charge $Z$"
    assert ax.get_ylabel() == r"co-motion cost / $\langle V_{ee}\rangle$"
    assert all(float(place).is_integer() for place in ax.get_xticks())


@pytest.mark.parametrize(("members", "shown"), [(2, 0), (3, 1)])
def test_isoelectronic_series_need_three_members(members: int, shown: int) -> None:
    (ax,) = estimates.isoelectronic(_series().head(members)).axes
    assert len(curves(ax)) == shown
    assert [text.get_text() for text in ax.texts] == (
        [] if shown else ["no series of 3 atoms with as many electrons, more than one"]
    )


def test_a_series_without_its_neutral_atom_is_named_by_its_electrons() -> None:
    table = _series()
    (ax,) = estimates.isoelectronic(table.loc[table["system"] != "He"]).axes
    assert legend(ax) == ["$N = 2$", "Be-like, $N = 4$"]


def test_no_series_is_left_out() -> None:
    """However many there are, more than there are markers."""
    rows = [(f"X{n}", n, n + k, 0.1 * n, 0.2) for n in range(2, 12) for k in range(3)]
    names = ["system", "n_electrons", "nuclear_charge", "v_comotion", "v_quantum"]
    (ax,) = estimates.isoelectronic(pd.DataFrame(rows, columns=names)).axes
    assert [float(shown[0, 1]) for shown in curves(ax).values()] == pytest.approx(
        [0.5 * n for n in range(2, 12)]
    )


_QUANTITIES = ("energy", "v_quantum", "hartree", "v_comotion")


@pytest.fixture(scope="module")
def best_rows() -> pd.DataFrame:
    """Two atoms and an ion between them; every number is another."""
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"system": ["Be", "B+", "B"], "n_electrons": [4, 4, 5]})
    for name in _QUANTITIES:
        table[name] = rng.uniform(2, 9, 3)
        table[f"{name}_error"] = 10.0 ** rng.uniform(-5, -2, 3)
    # Above it in one atom, below in another, unknown in the third.
    return table.assign(energy_exact=table["energy"] + np.array([0.1, -0.2, np.nan]))


def _bars(ax: Axes) -> dict[str, tuple[Array, Array]]:
    """Points and half lengths of the bars of each quantity with error bars."""
    found = {}
    for one in ax.containers:
        assert isinstance(one, ErrorbarContainer)
        middle, _, (bars,) = one.lines
        assert middle is not None
        ends = np.array(bars.get_segments())
        length = ends[:, 1, 1] - ends[:, 0, 1]
        assert_allclose(ends[:, :, 1].mean(axis=1), points(middle)[:, 1], rtol=1e-12)
        found[str(one.get_label())] = points(middle), length / 2
    return found


def test_best_estimates_per_pair_with_their_error_bars(best_rows: pd.DataFrame) -> None:
    levels, _ = estimates.best(best_rows).axes
    pairs = np.array([6, 6, 10])
    names = {"$U$": "hartree", r"$\langle V_{ee}\rangle$": "v_quantum",
             "co-motion plan": "v_comotion"}  # fmt: skip
    found = _bars(levels)
    assert list(found) == legend(levels) == list(names)
    joined = [line for line in levels.get_lines() if line.get_linestyle() != "None"]
    for (label, name), line in zip(names.items(), joined, strict=True):
        values, half = found[label]
        assert_allclose(values, xy(range(3), best_rows[name] / pairs), rtol=1e-15)
        assert_allclose(half, best_rows[f"{name}_error"] / pairs, rtol=1e-9)
        # The line joins the neutral atoms and leaves the ion out, in the colour of the markers.
        assert_array_equal(points(line), values[[0, 2]])
        middle = next(one for one in levels.containers if one.get_label() == label)[0]
        assert to_rgba(line.get_color()) == to_rgba(middle.get_color())
    assert levels.get_ylabel() == "energy per electron pair (hartree)"
    assert levels.get_ylim()[0] == 0
    assert ticks(levels) == {0: "Be", 1: "B$^{+}$", 2: "B"}


def test_error_bars_of_best_estimates_beside_what_is_known(best_rows: pd.DataFrame) -> None:
    _, errors = estimates.best(best_rows).axes
    names = {"$E$": "energy", r"$\langle V_{ee}\rangle$": "v_quantum", "$U$": "hartree",
             "co-motion plan": "v_comotion"}  # fmt: skip
    found = curves(errors)
    off = found.pop(r"$|E - E_{\mathrm{exact}}|$")
    assert list(found) == list(names)
    assert legend(errors) == [*names, r"$|E - E_{\mathrm{exact}}|$"]
    for label, name in names.items():
        assert_array_equal(found[label][:, 1], best_rows[f"{name}_error"])
        # Beside one another, about the place of the atom.
        assert np.all(np.abs(found[label][:, 0] - np.arange(3)) < 0.25)
    assert len({float(shown[0, 0]) for shown in found.values()}) == len(names)
    assert_allclose(off[:, 1], [0.1, 0.2, np.nan], rtol=1e-12)
    # What is missed stands where the error bar of the energy stands.
    assert_array_equal(off[:, 0], found["$E$"][:, 0])
    assert (errors.get_yscale(), errors.get_ylabel()) == ("log", "error bar (hartree)")
    assert ticks(errors) == {0: "Be", 1: "B$^{+}$", 2: "B"}


def _angles() -> list[dict[str, Any]]:
    return [
        {"system": "Be2+", "b": [1.0, 0.1, 0.05, 0.01], "b_valence": [1.0, -0.3, 0.2]},
        {"system": "He", "b": [1.0, -0.0123, 0.002], "b_valence": None},
    ]


def test_angle_densities_are_legendre_series() -> None:
    """Of sum (2 l + 1) b_l P_l, of which each label tells b_1."""
    (ax,) = estimates.pair_angle(_angles()).axes
    *labels, transport = curves(ax)
    assert labels == [
        "Be$^{2+}$, $b_1$ = 0.1000", "Be$^{2+}$, valence pair, $b_1$ = -0.3000",
        "He, $b_1$ = -0.0123",
    ]  # fmt: skip
    assert transport == "transport plan, two electrons"
    assert legend(ax) == [*labels, transport]
    assert_array_equal(curves(ax)[transport][:, 0], 180)
    series = ([1, 0.1, 0.05, 0.01], [1, -0.3, 0.2, 0], [1, -0.0123, 0.002, 0])
    for label, b in zip(labels, series, strict=True):
        degrees, density = curves(ax)[label].T
        assert (degrees[0], degrees[-1]) == (0, 180)
        assert np.all(np.diff(degrees) > 0)
        c = np.cos(np.radians(degrees))
        polynomials = (1, c, (3 * c**2 - 1) / 2, (5 * c**3 - 3 * c) / 2)
        expected = sum(
            (2 * k + 1) * x * p for k, (x, p) in enumerate(zip(b, polynomials, strict=True))
        )
        assert_allclose(density, expected, atol=1e-13)
        # A density of cos theta, times 2: its mean is 1, and that of cos theta is b_1.
        assert -np.trapezoid(density, c) / 2 == pytest.approx(1, abs=1e-4)
        assert -np.trapezoid(density * c, c) / 2 == pytest.approx(b[1], abs=1e-4)
    styles = {str(labelled(ax)[label].get_linestyle()) for label in labels}
    assert len(styles) == 3


def test_no_angle_is_left_out() -> None:
    """However many there are, more than there are kinds of lines."""
    many = [{"system": f"X{k}", "b": [1.0, k / 10], "b_valence": [1.0, k / 9]} for k in range(4)]
    (ax,) = estimates.pair_angle(many).axes
    assert len(curves(ax)) == 8 + 1


def test_axes_of_angles() -> None:
    (ax,) = estimates.pair_angle(_angles()).axes
    assert ax.get_xlabel() == r"angle between electrons $\theta_{12}$ (degrees)"
    assert ax.get_ylabel() == r"density of $\cos\theta_{12}$, times 2"
    assert ax.get_xlim() == (0, 183)
    assert ax.get_ylim()[0] == 0
    assert list(ax.get_xticks()) == [0, 30, 60, 90, 120, 150, 180]
    # Independent electrons: 1 at every angle.
    level = [points(line) for line in ax.get_lines() if line.get_color() == "0.8"]
    assert_array_equal(level[0][:, 1], 1)
    assert behind(ax, *(line for line in ax.get_lines() if line.get_color() == "0.8"))


@pytest.fixture(scope="module")
def measured() -> pd.DataFrame:
    return pd.DataFrame({
        "system": ["sqrt_r-4", "Ne", "sqrt_r-10", "Ar"], "n_electrons": [4, 10, 11, 18],
        "level": ["exact", "hf_x", "exact", "hf_x"], "cpu_seconds": [0.1, 0.5, 0.7, 2.0],
        "wall_seconds": 9.0, "v_comotion": [1.0, 50.0, 40.0, 100.0],
        "v_published": [np.nan, 50.1, 40.0, 101.0], "search_spread": [0.0, 5e-9, 4e-8, 1e-5],
        "quadrature_error": [1e-9, 1e-8, 4e-9, 3e-6],
    })  # fmt: skip


def test_engine_shows_time_and_accuracy_against_electrons(measured: pd.DataFrame) -> None:
    cost, accuracy = estimates.engine(measured).axes
    time = curves(cost)
    assert list(time) == legend(cost) == ["model densities", "Hartree-Fock"]
    assert_array_equal(time["model densities"], [[4, 0.1], [11, 0.7]])
    assert_array_equal(time["Hartree-Fock"], [[10, 0.5], [18, 2.0]])
    relative = curves(accuracy)
    assert list(relative) == legend(accuracy) == [
        "published above this value", "search spread", "quadrature error"
    ]  # fmt: skip
    # Equal to the published value, or no spread: on the floor of double precision.
    assert_allclose(
        relative["published above this value"], [[10, 0.002], [11, 1e-16], [18, 0.01]], rtol=1e-9
    )
    n = [4, 10, 11, 18]
    assert_allclose(relative["search spread"], xy(n, [1e-16, 1e-10, 1e-9, 1e-7]), rtol=1e-12)
    assert_allclose(relative["quadrature error"], xy(n, [1e-9, 2e-10, 1e-10, 3e-8]), rtol=1e-12)
    for ax, label in ((cost, "CPU time (s)"), (accuracy, "fraction of the cost")):
        assert ax.get_ylabel() == label
        assert ax.get_xlabel() == "electrons $N$"
        assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
        assert ticks(ax) == {n: str(n) for n in (4, 10, 18, 36, 86)}
        assert len(ax.get_xticks(minor=True)) == len(ax.get_yticks(minor=True)) == 0
        assert len({line.get_marker() for line in ax.get_lines()}) == len(ax.get_lines())
