"""Figures fit for a paper: no label meets another or the edge, no legend covers data."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from comotion import MODELS, BracketEffort, Plan, bracket, comotion_plan
from comotion.figures import certificates, energies, estimates, plans
from comotion.transport.bounds.lower_bound import DualBound
from fit import check_labels

_ATOMS = ["H-", "He", "Li+", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Ar"]
_SYSTEMS = [*_ATOMS, "sqrt_r-4", "exponential-3", "gaussian-3"]


def _energies() -> pd.DataFrame:
    rising = 1 + np.arange(len(_SYSTEMS)) / 10
    quantum = np.where([name in _ATOMS for name in _SYSTEMS], rising, np.nan)
    electrons = np.arange(len(_SYSTEMS)) + 2
    return pd.DataFrame({
        "system": _SYSTEMS, "n_electrons": electrons,
        "v_mean_field": rising * electrons * (electrons - 1) / 2, "v_quantum": quantum,
        **{f"{name}_per_pair": rising for name in ("v_mean_field", "v_hf", "v_comotion")},
        "v_quantum_per_pair": quantum,
        "v_2": np.full(len(_SYSTEMS), 0.2), "v_best_pattern": np.full(len(_SYSTEMS), 0.4),
        "hartree": 3.0, "w_inf_lower": -2.8, "w_inf_upper": -2.5,
        **{f"v_comotion_{k}": np.full(len(_SYSTEMS), 0.1 * k) for k in range(3, 19)},
    })  # fmt: skip


def _many(systems: int) -> pd.DataFrame:
    """A study of hundreds of models."""
    few = _energies()
    rows = few.iloc[np.arange(systems) % len(few)].reset_index(drop=True)
    return rows.assign(system=[f"sqrt_r-{k + 2}" for k in range(systems)])


def _best() -> pd.DataFrame:
    size = len(_ATOMS)
    columns = {"system": _ATOMS, "n_electrons": np.full(size, 4), "energy_exact": np.full(size, 2)}
    for name in ("energy", "v_quantum", "hartree", "v_comotion"):
        columns |= {name: np.linspace(1, 9, size), f"{name}_error": np.geomspace(1e-9, 0.1, size)}
    return pd.DataFrame(columns)


def _brackets() -> pd.DataFrame:
    size = len(_SYSTEMS)
    return pd.DataFrame({
        "system": _SYSTEMS, "upper": np.ones(size), "relative_gap": np.full(size, 1e-5),
        "comotion_excess": np.full(size, 7e-3),
    })  # fmt: skip


def _engine() -> pd.DataFrame:
    electrons = np.array([4, 10, 18, 30, 36, 86])
    return pd.DataFrame({
        "system": "Ne", "level": ["exact", "hf_x"] * 3, "n_electrons": electrons,
        "cpu_seconds": electrons**3.0, "v_comotion": 1.0, "v_published": 1.001,
        "search_spread": 1e-3, "quadrature_error": 1e-4,
    })  # fmt: skip


def _of_brackets() -> list[dict[str, Any]]:
    grid = np.geomspace(0.001, 10, 20)
    return [
        {
            "system": system, "grid": grid, "dual_potential": 1.1 * _plan().potential(grid),
            "bound": _bound(), "plan": _plan(),
        }
        for system in _SYSTEMS
    ]  # fmt: skip


@cache
def _plan() -> Plan:
    return comotion_plan(MODELS["sqrt_r"](4))


@cache
def _bound() -> DualBound:
    """A bound of low effort: only where its labels stand is looked at."""
    effort = BracketEffort(splines=(10, 20), cells_per_shell=4, iterations=5)
    return bracket(_plan().density, _plan(), effort=effort).dual


def _plans() -> list[Plan]:
    return [replace(_plan(), system=system) for system in _SYSTEMS] * 2


def _series() -> pd.DataFrame:
    charges = np.arange(2, 8)
    return pd.DataFrame({
        "system": [f"{name}+" for name in _ATOMS[:6]], "n_electrons": 2, "v_quantum": charges,
        "nuclear_charge": charges, "v_comotion": 0.6 * charges,
    })  # fmt: skip


def _angles() -> list[dict[str, Any]]:
    return [{"system": name, "b": [1.0, -0.1], "b_valence": [1.0, 0.2]} for name in ("H-", "Be2+")]


_FIGURES: list[Callable[[], Figure]] = [
    lambda: estimates.pair_angle(_angles()),
    lambda: estimates.isoelectronic(_series()),
    lambda: plans.density_shells(_plans()[:6]),
    lambda: plans.comotion_maps(_plans()[:6]),
    lambda: plans.potential(_plans()[:6]),
    lambda: energies.energies(_energies()),
    lambda: energies.energies(_many(40)),
    lambda: energies.energies(_many(1000)),
    lambda: energies.hierarchy(_energies()),
    lambda: estimates.best(_best()),
    lambda: estimates.engine(_engine()),
    lambda: certificates.bracket(_brackets()),
    lambda: certificates.slack(_of_brackets()),
    lambda: certificates.dual_potential(_of_brackets()),
    lambda: certificates.support(_plans()),
]


@pytest.mark.parametrize("draw", _FIGURES)
def test_labels_meet_neither_one_another_nor_the_edge(draw: Callable[[], Figure]) -> None:
    check_labels(draw())


def test_legends_stand_above_the_data() -> None:
    for figure in (
        energies.energies(_energies()),
        estimates.best(_best()),
        estimates.engine(_engine()),
        certificates.bracket(_brackets()),
    ):
        figure.canvas.draw()
        for ax in figure.axes:
            legend = ax.get_legend()
            assert legend is not None
            assert legend.get_window_extent().y0 >= ax.bbox.y1 - 1


def test_few_names_lie_level_and_many_are_slanted() -> None:
    few, many = (energies.energies(_energies().head(n)) for n in (4, len(_SYSTEMS)))
    slants = [figure.axes[0].get_xticklabels()[0].get_rotation() for figure in (few, many)]
    assert slants == [0, 40]
