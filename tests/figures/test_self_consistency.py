"""Figures of self-consistent atoms: every curve shows what its label names."""

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from artists import around, curves, labelled, legend, points, xy
from comotion import MODELS, RadialDensity
from comotion.figures import self_consistency
from fit import check_labels


def _state(system: str, level: str, energy: float, **more: Any) -> dict[str, Any]:
    n, charge = {
        "He": (2, 2),
        "H-": (2, 1),
        "Li+": (2, 3),
        "Be": (4, 4),
        "Li": (3, 3),
        "Cl": (17, 17),
    }[system]
    return {"system": system, "level": level, "method": level.partition("_")[0],
            "energy": energy, "n_electrons": n, "nuclear_charge": charge} | more  # fmt: skip


#: Functionals out of order among other levels; of chlorine no exact energy is known.
_RECORDS = [
    _state("Be", "ks-comotion_x", -16.0, order=4, energy_exact=-14.5),
    _state("Be", "ks-v2_x", -17.0, order=2, energy_exact=-14.5),
    _state("Be", "ks-comotion3_x", -16.5, order=3, energy_exact=-14.5),
    _state("Li+", "ks-v2_x", -8.0, order=2, energy_exact=-7.25, hartree_fock_limit=-7.125),
    _state("He", "ks-v2_x", -3.5, order=2, energy_exact=-3.0, hartree_fock_limit=-2.75),
    _state("He", "hf_x", -2.7, energy_exact=-3.0, hartree_fock_limit=-2.75),
    _state("H-", "ks-v2_x", -0.75, order=2, energy_exact=None, hartree_fock_limit=None),
    _state("H-", "hylleraas_w8", -0.5, energy_exact=None),
    _state("H-", "hf_x", -0.4, energy_exact=None),
    _state("Be", "hf_x", -14.4, energy_exact=-14.5),
    _state("Li", "ks-v2_x", -8.5, order=2, energy_exact=-7.5, hartree_fock_limit=-7.4),
    _state("Li", "ks-comotion_x", -8.0, order=3, energy_exact=-7.5, hartree_fock_limit=-7.4),
    _state("Cl", "ks-v2_x", -500.0, order=2, energy_exact=None),
]


def test_exact_energies() -> None:
    """The literature's; of ions where it has none, that of Hylleraas states."""
    assert self_consistency.exact_energies(_RECORDS) == {
        "Be": -14.5, "Li+": -7.25, "He": -3.0, "H-": -0.5, "Li": -7.5,
    }  # fmt: skip
    both = [_state("He", "hylleraas_w8", -2.9, energy_exact=-3.0)]
    assert self_consistency.exact_energies(both) == {"He": -3.0}
    assert self_consistency.exact_energies([]) == {}


def test_energies_by_order() -> None:
    """Of atoms of more than two electrons; Hartree-Fock at k = N, where its limit is known."""
    orders, _ = self_consistency.energies(_RECORDS).axes
    shown = curves(orders)
    expected = {
        "Be": ([2, 3, 4], [-2.5 / 14.5, -2.0 / 14.5, -1.5 / 14.5]),
        "Li": ([2, 3], [-1 / 7.5, -0.5 / 7.5]), "Hartree-Fock": ([3], [0.1 / 7.5]),
    }  # fmt: skip
    assert legend(orders) == list(expected)
    assert list(shown) == list(expected)
    for label, (k, off) in expected.items():
        np.testing.assert_allclose(shown[label], xy(k, off), rtol=1e-14)
    lines = list(labelled(orders).values())
    assert [line.get_marker() for line in lines] == ["o", "s", "s"]
    assert [line.get_fillstyle() for line in lines] == ["none", "none", "full"]
    assert [line.get_linestyle() for line in lines] == ["-", "-", "None"]
    assert len({line.get_color() for line in lines}) == 3
    assert orders.get_xlabel() == "order $k$"
    assert orders.get_ylabel() == (
        r"$(E_k - E_{\mathrm{exact}})\,/\,|E_{\mathrm{exact}}|$"
    )  # fmt: skip
    (zero,) = [line for line in orders.get_lines() if line not in lines]
    np.testing.assert_array_equal(points(zero)[:, 1], 0)
    assert all(float(tick).is_integer() for tick in orders.get_xticks())


def test_two_electrons_by_the_nuclear_charge() -> None:
    """V_2 from the least Z on; Hartree-Fock by its limit, or as it was computed."""
    _, series = self_consistency.energies(_RECORDS).axes
    shown = curves(series)
    assert legend(series) == list(shown) == [r"$V_2 = V_{\mathrm{SCE}}$", "Hartree-Fock"]
    own, fock = shown.values()
    np.testing.assert_allclose(own, xy([1, 2, 3], [-0.25, -0.5, -0.75]), rtol=1e-14)
    np.testing.assert_allclose(fock, xy([1, 2, 3], [0.1, 0.25, 0.125]), rtol=1e-14)
    assert [line.get_marker() for line in labelled(series).values()] == ["v", "s"]
    assert [line.get_linestyle() for line in labelled(series).values()] == ["-", ":"]
    assert series.get_xlabel() == "nuclear charge $Z$"
    assert series.get_ylabel() == r"$E - E_{\mathrm{exact}}$ (hartree)"
    assert len(series.get_lines()) == 3
    assert all(float(tick).is_integer() for tick in series.get_xticks())


def test_energies_of_what_there_is_not() -> None:
    """No self-consistent atom; none of two electrons; no Hartree-Fock energy."""
    orders, series = self_consistency.energies([_RECORDS[5]]).axes
    assert [text.get_text() for text in orders.texts] == [
        "no self-consistent atom of more than two electrons"
    ]
    assert [text.get_text() for text in series.texts] == [
        "no self-consistent atom of two electrons"
    ]
    assert legend(orders) == legend(series) == []
    orders, series = self_consistency.energies(_RECORDS[:3]).axes
    assert legend(orders) == ["Be"]
    assert [text.get_text() for text in series.texts] == [
        "no self-consistent atom of two electrons"
    ]
    states = [_state("He", "ks-v2_x", -3.5, order=2, energy_exact=-3.0)]
    _, series = self_consistency.energies(states).axes
    assert legend(series) == [r"$V_2 = V_{\mathrm{SCE}}$"]


def _wide(n: int, factor: float) -> RadialDensity:
    return MODELS["exponential"](n).stretched(factor)


#: Of each kind a density of its own.
_LEVELS: list[tuple[str, str, RadialDensity]] = [
    ("He", "hf_x", _wide(2, 0.5)), ("He", "ks-v2_x", _wide(2, 0.25)),
    ("He", "ccsd_x", _wide(2, 2.0)), ("He", "hylleraas_w8", _wide(2, 1.0)),
    ("Ne", "hf_x", _wide(10, 0.5)), ("Be", "ks-v2_x", _wide(4, 0.25)),
    ("Be", "ks-comotion3_x", _wide(4, 2.0)), ("Be", "ks-comotion_x", _wide(4, 0.5)),
]  # fmt: skip
_LOOKS = {
    "Hartree-Fock": ("C2", ":"), "$V_2$": ("C0", "--"), "co-motion": ("C1", "-."),
    "correlated": ("k", "-"),
}  # fmt: skip


def test_densities() -> None:
    figure = self_consistency.densities(_LEVELS)
    helium, beryllium = figure.axes
    assert [ax.get_title() for ax in figure.axes] == ["He", "Be"]
    assert around(figure) == ("$r$ (bohr)", r"$4\pi r^2\rho$")
    expected = {
        helium: {"Hartree-Fock": 0, "$V_2$": 1, "correlated": 3},
        beryllium: {"$V_2$": 5, "co-motion": 7},
    }
    for ax, shown in expected.items():
        lines = labelled(ax)
        assert list(lines) == list(shown)
        for label, at in shown.items():
            density = _LEVELS[at][2]
            r, value = points(lines[label]).T
            assert len(r) == 400
            np.testing.assert_allclose(value, 4 * np.pi * r**2 * density.density(r), rtol=1e-12)
            assert (lines[label].get_color(), lines[label].get_linestyle()) == _LOOKS[label]
        own = [_LEVELS[at][2] for at in shown.values()]
        r = points(next(iter(lines.values())))[:, 0]
        n = own[0].n_electrons
        assert r[0] == pytest.approx(min(float(one.radius(1e-2)) for one in own))
        assert r[-1] == pytest.approx(max(float(one.radius(n - 1e-3, 1e-3)) for one in own))
        assert ax.get_xscale() == "log"
        assert ax.get_ylim()[0] == 0
    (found,) = figure.legends
    assert [text.get_text() for text in found.get_texts()] == [
        "Hartree-Fock", "$V_2$", "correlated", "co-motion",
    ]  # fmt: skip


def _potential(system: str, level: str, n: int, strength: float) -> dict[str, Any]:
    r = np.geomspace(1e-5, 60, 3000)
    return {
        "system": system, "level": level, "n_electrons": n, "radii": r,
        "charge": 4 * np.pi * r**2 * MODELS["exponential"](n).density(r),
        "v_hxc": strength * (n - 1) / (r + 1),
    }  # fmt: skip


_POTENTIALS = [
    _potential("He", "hf_x", 2, 1.0), _potential("He", "ks-v2_x", 2, 1.5),
    _potential("He", "ccsd_x", 2, 2.0), _potential("H-", "hylleraas_w8", 2, 3.0),
    _potential("Be", "ks-comotion_x", 4, 4.0), _potential("Be", "ks-comotion3_x", 4, 5.0),
    _potential("Be", "ks-v2_x", 4, 6.0), _potential("Be", "cisd_x", 4, 7.0),
    _potential("Be", "best", 4, 8.0),
]  # fmt: skip


def test_potentials() -> None:
    """Times r, where there is charge, with a line at N - 1."""
    figure = self_consistency.potentials(_POTENTIALS)
    assert [ax.get_title() for ax in figure.axes] == ["He", "H$^{-}$", "Be"]
    assert around(figure) == ("$r$ (bohr)", r"$r\,v_{\mathrm{Hxc}}$ (hartree bohr)")
    expected = [
        {"Hartree-Fock": 1.0, "$V_2$": 1.5, "correlated": 2.0}, {"correlated": 3.0},
        {"co-motion": 4.0, "$V_2$": 6.0, "correlated": 8.0},
    ]  # fmt: skip
    for ax, shown, n in zip(figure.axes, expected, (2, 2, 4), strict=True):
        lines = labelled(ax)
        assert list(lines) == list(shown)
        for label, strength in shown.items():
            r, value = points(lines[label]).T
            np.testing.assert_allclose(value, r * strength * (n - 1) / (r + 1), rtol=1e-12)
            assert (lines[label].get_color(), lines[label].get_linestyle()) == _LOOKS[label]
            density = MODELS["exponential"](n)
            assert r[0] == pytest.approx(float(density.radius(1e-2)), rel=2e-2)
            assert r[-1] == pytest.approx(float(density.radius(n - 1e-3, 1e-3)), rel=5e-2)
        (tail,) = [line for line in ax.get_lines() if line not in lines.values()]
        np.testing.assert_array_equal(points(tail)[:, 1], n - 1)
        assert ax.get_xscale() == "log"
    (found,) = figure.legends
    assert {text.get_text() for text in found.get_texts()} == {
        "Hartree-Fock", "$V_2$", "correlated", "co-motion",
    }  # fmt: skip


def test_every_look_that_is_drawn_is_in_the_legend() -> None:
    """Though no panel has all of them."""
    for figure in (self_consistency.densities(_LEVELS), self_consistency.potentials(_POTENTIALS)):
        drawn = {label for ax in figure.axes for label in labelled(ax)}
        (found,) = figure.legends
        assert {text.get_text() for text in found.get_texts()} == drawn


@pytest.mark.parametrize("draw", [
    lambda: self_consistency.energies(_RECORDS), lambda: self_consistency.densities(_LEVELS),
    lambda: self_consistency.potentials(_POTENTIALS),
], ids=["energies", "densities", "potentials"])  # fmt: skip
def test_labels_meet_neither_one_another_nor_the_edge(draw: Any) -> None:
    figure: Figure = draw()
    check_labels(figure)


def test_figures_of_nothing() -> None:
    for figure in (self_consistency.densities([_LEVELS[4]]), self_consistency.potentials([])):
        assert not figure.axes
        assert [text.get_text() for text in figure.texts] == ["no system of more than one electron"]
