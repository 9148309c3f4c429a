"""Figures: every one is drawn, with units on its axes and the data it claims to show."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from comotion import MODELS, Plan, comotion_plan
from comotion.figures import energies, estimates, plans
from comotion.figures.canvas import formula, save, style

mpl.use("agg")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return replace(comotion_plan(MODELS["exponential"](3)), system="Li")


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Figures that are not saved stay open otherwise."""
    yield
    plt.close("all")


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame({
        "system": ["He", "He", "bohr-4"], "level": ["hf_x", "ccsd_x", "exact"],
        "n_electrons": [2, 2, 4], "v_quantum": [1.02, 0.95, np.nan],
        "v_mean_field": [1.03, 1.02, 1.5], "v_mean_field_per_pair": [1.03, 1.02, 0.25],
        "v_hf_per_pair": [1.02, 1.02, np.nan], "v_quantum_per_pair": [1.02, 0.95, np.nan],
        "v_comotion_per_pair": [0.55, 0.551, 0.19], "v_2": [0.55, 0.551, 0.8],
        "v_comotion_3": [np.nan, np.nan, 1.0], "v_comotion_4": [np.nan, np.nan, 1.14],
    })  # fmt: skip


def _texts(figure: Figure) -> str:
    figure.draw_without_rendering()
    texts = [t.get_text() for t in figure.findobj(mpl.text.Text)]
    return " ".join(texts)


@pytest.mark.parametrize(
    ("draw", "labels"),
    [
        (plans.density_shells, ["(bohr)", "bohr$^{-1}$"]),
        (plans.comotion_maps, ["$r$ (bohr)", "$f_i(r)$ (bohr)"]),
        (plans.potential, ["(hartree)", "(N-1)/r"]),
    ],
)
def test_plan_figures_have_units(
    plan: Plan, draw: Callable[[list[Plan]], Figure], labels: list[str]
) -> None:
    with style():
        figure = draw([plan, plan])
        assert len(figure.axes) == 2
        assert all(label in _texts(figure) for label in labels)


def test_arrangement_has_three_panels_and_the_right_distances(plan: Plan) -> None:
    with style():
        figure = plans.arrangement([plan])
        assert len(figure.axes) == 3
        assert "z$ (bohr)" in _texts(figure)
    rotated = plans._principal_axes(plan.positions[3])
    np.testing.assert_allclose(np.linalg.norm(rotated, axis=0), plan.radii[3], rtol=1e-12)


def test_table_figures_show_the_last_level(table: pd.DataFrame) -> None:
    shown = energies.shown_rows(table)
    assert shown["level"].tolist() == ["ccsd_x", "exact"]
    with style():
        figure = energies.energies(shown)
        assert "per electron pair (hartree)" in _texts(figure)
        drawn = np.concatenate([line.get_ydata() for line in figure.axes[0].get_lines()])
        assert np.sum(~np.isnan(drawn)) == 4 + 2  # four curves for He, two for the model
        assert len(energies.hierarchy(shown).axes) == 2


def test_two_electrons_have_their_value_and_no_bounds(table: pd.DataFrame) -> None:
    """A study of helium alone has no k from 3 on."""
    helium = energies.shown_rows(table).head(1).drop(columns=["v_comotion_3", "v_comotion_4"])
    with style():
        (ax,) = energies.hierarchy(helium).axes
        values = {line.get_label(): np.asarray(line.get_ydata()) for line in ax.get_lines()}
    assert values["$V_2$"] == pytest.approx([0.551])
    assert len(values[r"co-motion, $\geq V_k$"]) == 0


def test_one_electron_alone_has_no_panel(table: pd.DataFrame) -> None:
    """Nothing is drawn where nothing repels, and the figure says why."""
    why = "no system of more than one electron"
    alone = replace(comotion_plan(MODELS["exponential"](1)), system="H")
    hydrogen = table.head(1).assign(system="H", n_electrons=1)
    hydrogen = hydrogen.drop(columns=table.filter(regex=r"^v_2|^v_comotion_\d").columns)
    hydrogen[hydrogen.filter(like="v_").columns] = np.nan
    with style():
        for draw in (plans.density_shells, plans.comotion_maps, plans.potential):
            figure = draw([alone])
            assert figure.axes == []
            assert why in _texts(figure)
        figure = energies.hierarchy(hydrogen)
        assert figure.axes == []
        assert why in _texts(figure)
        assert why in _texts(energies.energies(hydrogen))
        assert "no series" in _texts(estimates.isoelectronic(hydrogen.assign(nuclear_charge=1)))
        assert len(plans.arrangement([alone]).axes) == 3
        assert "H: 1 electron," in _texts(plans.arrangement([alone]))


def test_saved_files_are_the_same_at_every_run(table: pd.DataFrame, tmp_path: Path) -> None:
    for name in ("a", "b"):
        with style():
            paths = [tmp_path / f"{name}.svg", tmp_path / f"{name}.png"]
            save(energies.energies(energies.shown_rows(table)), paths)
    for suffix in (".svg", ".png"):
        assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@pytest.mark.parametrize(
    ("system", "text"), [("Be2+", "Be$^{2+}$"), ("H-", "H$^{-}$"), ("bohr-10", "bohr-10")]
)
def test_charges_are_superscripts(system: str, text: str) -> None:
    assert formula(system) == text
