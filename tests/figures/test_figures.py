"""Figures in general: what is drawn of a table, and of a study that has nothing to show."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from artists import curves, texts, ticks
from comotion import MODELS, comotion_plan
from comotion.cli import main
from comotion.figures import energies, estimates, plans
from comotion.figures.canvas import style


@pytest.fixture
def table() -> pd.DataFrame:
    """Two levels of helium, with a model between them."""
    return pd.DataFrame({
        "system": ["He", "bohr-4", "He"], "level": ["hf_x", "exact", "ccsd_x"],
        "n_electrons": [2, 4, 2], "v_quantum": [1.02, np.nan, 0.95],
        "v_mean_field": [1.03, 1.5, 1.02], "v_mean_field_per_pair": [1.03, 0.25, 1.02],
        "v_hf_per_pair": [1.02, np.nan, 1.02], "v_quantum_per_pair": [1.02, np.nan, 0.95],
        "v_comotion_per_pair": [0.55, 0.19, 0.551], "v_2": [0.55, 0.8, 0.551],
        "v_comotion_3": [np.nan, 1.0, np.nan], "v_comotion_4": [np.nan, 1.14, np.nan],
        "v_best_pattern": [0.55, 1.1, 0.551], "hartree": [2.06, 2.0, 2.04],
        "w_inf_lower": [-1.6, -1.2, -1.5], "w_inf_upper": [-1.5, -0.9, -1.4],
    })  # fmt: skip


def test_the_last_level_of_each_system_is_drawn(
    table: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Figure] = []

    def keep(figure: Figure, _: Any) -> None:
        drawn.append(figure)

    monkeypatch.setattr("comotion.stages.figure.save", keep)
    table.to_csv(tmp_path / "energies.csv", index=False)
    main([
        "figure", "energies.energies,energies.hierarchy", "--inputs",
        str(tmp_path / "energies.csv"), "--out", "a.svg", "b.svg",
    ])  # fmt: skip
    every, hierarchy = drawn
    (ax,) = every.axes
    assert ticks(ax) == {0: "bohr-4", 1: "He"}
    quantum = curves(ax)[r"quantum $\langle V_{ee}\rangle$"]
    np.testing.assert_array_equal(quantum, [[1, 0.95]])
    assert [ax.get_title() for ax in hierarchy.axes] == ["bohr-4", "He"]


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
            assert why in texts(figure)
        figure = energies.hierarchy(hydrogen)
        assert figure.axes == []
        assert why in texts(figure)
        assert why in texts(energies.energies(hydrogen))
        series = estimates.isoelectronic(hydrogen.assign(nuclear_charge=1))
        assert any(text.startswith("no series") for text in texts(series))
        figure = plans.arrangement([alone])
        assert len(figure.axes) == 3
        assert "H: 1 electron, numbered by shell" in texts(figure)
