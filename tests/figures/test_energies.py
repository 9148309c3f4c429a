"""Figures of the table of energies: every curve shows the column that its label names."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D

from artists import around, curves, labelled, legend, points, ticks, xy
from comotion.figures import energies

#: What each curve of the first figure must show, by its entry in the legend.
_COLUMN = {
    r"mean field $(1-1/N)\,U$": "v_mean_field_per_pair",
    r"Hartree-Fock $\langle V_{ee}\rangle$": "v_hf_per_pair",
    r"quantum $\langle V_{ee}\rangle$": "v_quantum_per_pair",
    r"co-motion plan, $\geq V_{\mathrm{SCE}}$": "v_comotion_per_pair",
    r"best pattern, $\geq V_{\mathrm{SCE}}$": "v_best_pattern_per_pair",
}
_BRACKET = r"bracket of $V_{\mathrm{SCE}}$"


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Two atoms with a model between them; no two numbers are alike."""
    return pd.DataFrame({
        "system": ["He", "bohr-4", "Be2+"], "n_electrons": [2, 4, 3],
        "v_mean_field": [1.1, 1.5, 3.3], "v_quantum": [0.9, np.nan, 2.7],
        "v_hf": [1.0, np.nan, 3.0], "v_2": [0.5, 0.8, 1.8],
        "v_2_error": 1e-9, "v_comotion_3": [np.nan, 1.0, 2.1], "v_comotion_3_error": 1e-7,
        "v_comotion_4": [np.nan, 1.2, np.nan], "lower_2": 0.1, "upper_3": 0.2,
        "v_best_pattern": [0.55, 1.11, 1.92], "hartree": [2.2, 2.0, 4.95],
        "w_inf_lower": [-1.7, -1.1, -3.3], "w_inf_upper": [-1.64, -0.95, -3.06],
        "v_mean_field_per_pair": [1.1, 0.25, 1.101], "v_hf_per_pair": [1.02, np.nan, 1.003],
        "v_quantum_per_pair": [0.9, np.nan, 0.904], "v_comotion_per_pair": [0.55, 0.19, 0.65],
    })  # fmt: skip


def _pieces(ax: Axes, label: str) -> tuple[Line2D, Line2D]:
    """The curve of the atoms and the markers of the models, which are drawn after it."""
    lines = list(ax.get_lines())
    at = lines.index(labelled(ax)[label])
    return lines[at], lines[at + 1]


@pytest.mark.parametrize(("label", "column"), list(_COLUMN.items()))
def test_every_curve_shows_its_column(table: pd.DataFrame, label: str, column: str) -> None:
    (ax,) = energies.energies(table).axes
    atoms, models = _pieces(ax, label)
    table = table.assign(v_best_pattern_per_pair=table["v_best_pattern"] / [1, 6, 3])
    np.testing.assert_array_equal(points(atoms), xy([0, 2], table[column][[0, 2]]))
    np.testing.assert_array_equal(points(models), xy([1], table[column][[1]]))
    # Models are no sequence, but belong to the curve: its colour and its marker, which is
    # open where another may lie in it, without a line.
    assert to_rgba(models.get_color()) == to_rgba(atoms.get_color())
    for look in (Line2D.get_marker, Line2D.get_markersize, Line2D.get_fillstyle):
        assert look(models) == look(atoms)
    assert (models.get_linestyle(), atoms.get_linestyle()) != ("None", "None")
    assert models.get_linestyle() == "None"


def test_curves_of_energies_can_be_told_apart(table: pd.DataFrame) -> None:
    (ax,) = energies.energies(table).axes
    assert legend(ax) == [_BRACKET, *_COLUMN]
    assert len(ax.get_lines()) == 2 * len(_COLUMN)
    lines = labelled(ax).values()
    assert len({str(line.get_marker()) for line in lines}) == len(_COLUMN)
    assert len({to_rgba(line.get_color()) for line in lines}) == len(_COLUMN)
    # The legend's own lines are those of the curves.
    found = ax.get_legend()
    assert found is not None
    shown = [line.get_marker() for line in found.get_lines()]
    assert shown == ["None", *(line.get_marker() for line in lines)]
    # Hartree-Fock lies upon the quantum value: open and larger, so that both are seen.
    mean_field, hartree_fock, quantum, plan, pattern = lines
    # The best pattern likewise lies upon the co-motion plan.
    assert pattern.get_fillstyle() == "none"
    assert pattern.get_markersize() > plan.get_markersize()
    assert hartree_fock.get_fillstyle() == "none"
    assert hartree_fock.get_markersize() > quantum.get_markersize() == plan.get_markersize()
    assert mean_field.get_linestyle() == ":"


def test_brackets_reach_from_the_lower_to_the_upper_bound(table: pd.DataFrame) -> None:
    """Bounds of W_inf plus U, per pair, behind all curves; none for one electron."""
    alone = table.assign(n_electrons=[2, 4, 1])
    for rows, pairs in ((table, (1, 6, 3)), (alone, (1, 6, None))):
        (ax,) = energies.energies(rows).axes
        (bars,) = ax.collections
        assert bars.get_label() == _BRACKET
        low = rows["w_inf_lower"] + rows["hartree"]
        high = rows["w_inf_upper"] + rows["hartree"]
        for k, (segment, n) in enumerate(zip(bars.get_segments(), pairs, strict=True)):  # type: ignore[attr-defined]
            if n is None:
                assert not len(segment) or not np.isfinite(segment).all()
            else:
                np.testing.assert_allclose(segment, [[k, low[k] / n], [k, high[k] / n]])
        assert bars.get_zorder() < min(line.get_zorder() for line in ax.get_lines())


def test_axes_of_energies(table: pd.DataFrame) -> None:
    (ax,) = energies.energies(table).axes
    assert ticks(ax) == {0: "He", 1: "bohr-4", 2: "Be$^{2+}$"}
    assert ax.get_ylabel() == "interaction energy per electron pair (hartree)"
    low, high = ax.get_ylim()
    assert low == 0
    assert high > 1.101
    assert not [text for text in ax.texts if text.get_text()]


def test_only_where_every_system_has_one_electron_is_there_nothing_to_show(
    table: pd.DataFrame,
) -> None:
    for electrons, sentences in (([1, 1, 1], 1), ([1, 1, 2], 0), ([2, 2, 2], 0)):
        (ax,) = energies.energies(table.assign(n_electrons=electrons)).axes
        assert len(ax.texts) == sentences


def test_every_panel_of_the_hierarchy_shows_its_row(table: pd.DataFrame) -> None:
    figure = energies.hierarchy(table)
    assert [ax.get_title() for ax in figure.axes] == ["He", "bohr-4", "Be$^{2+}$"]
    for ax, (_, row), pairs in zip(figure.axes, table.iterrows(), (1, 6, 3), strict=True):
        found = curves(ax)
        mean_field, v_2 = row["v_mean_field"] / pairs, row["v_2"] / pairs
        np.testing.assert_allclose(found["$V_2$"], [[2, v_2]], rtol=1e-15)
        plans = np.array([row["v_comotion_3"], row["v_comotion_4"]]) / pairs
        np.testing.assert_allclose(found[r"co-motion, $\geq V_k$"], xy([3, 4], plans), rtol=1e-15)
        np.testing.assert_allclose(found["mean field"][:, 1], mean_field, rtol=1e-15)
        quantum = found.pop(r"$\langle V_{ee}\rangle$", None)
        assert (quantum is None) == np.isnan(row["v_quantum"])
        if quantum is not None:
            np.testing.assert_allclose(quantum[:, 1], row["v_quantum"] / pairs, rtol=1e-15)
        assert ax.get_ylim() == pytest.approx((0, 1.12 * mean_field))
        # Room for V_2 on the left, and half a step beyond the largest k of the row.
        assert ax.get_xlim() == (1.5, {1: 2.5, 6: 4.5, 3: 3.5}[pairs])


def test_axes_of_the_hierarchy(table: pd.DataFrame) -> None:
    figure = energies.hierarchy(table)
    assert around(figure) == (
        "$k$, electrons in the representing system", "energy per electron pair (hartree)"
    )  # fmt: skip
    first = figure.axes[0]
    names = ["$V_2$", r"co-motion, $\geq V_k$", "mean field", r"$\langle V_{ee}\rangle$"]
    (above,) = figure.legends
    assert [text.get_text() for text in above.get_texts()] == names
    lines = labelled(first)
    assert to_rgba(lines["$V_2$"].get_color()) == to_rgba("k")
    styles = [lines[label].get_linestyle() for label in names[2:]]
    assert styles == [":", "--"]
    assert str(lines["$V_2$"].get_marker()) != str(lines[names[1]].get_marker())
    # Electrons are whole.
    for ax in figure.axes:
        assert all(float(place).is_integer() for place in ax.get_xticks())


def test_panels_are_those_of_the_first_systems_that_repel(table: pd.DataFrame) -> None:
    with_hydrogen = pd.concat(
        [pd.DataFrame({"system": ["H"], "n_electrons": [1]}), table], ignore_index=True
    )
    for most, titles in ((None, ["He", "bohr-4", "Be$^{2+}$"]), (2, ["He", "bohr-4"]), (1, ["He"])):
        figure = energies.hierarchy(with_hydrogen, panels=most)
        assert [ax.get_title() for ax in figure.axes] == titles


def test_two_electrons_alone_leave_room_about_their_value(table: pd.DataFrame) -> None:
    helium = table.head(1)[["system", "n_electrons", "v_mean_field", "v_quantum", "v_2"]]
    (ax,) = energies.hierarchy(helium).axes
    assert ax.get_xlim() == (1.5, 2.5)
    assert len(curves(ax)[r"co-motion, $\geq V_k$"]) == 0
