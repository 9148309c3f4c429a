"""Every number that the project promises, against the data file with its source."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from comotion.density.functionals import hartree
from comotion.density.model_densities import MODELS
from comotion.density.radial import RadialDensity
from comotion.systems import is_model, parse_model
from comotion.transport.comotion import comotion_plan
from conftest import atom, reference_energies

_REFERENCE = reference_energies()
_LARGE = ("pCVQZ",)


def _cases() -> list[object]:
    cases: list[object] = []
    for row in _REFERENCE.itertuples():
        slow = any(part in str(row.level) for part in _LARGE)
        marks = [pytest.mark.slow] if slow else []
        name = f"{row.system}-{row.level}-{row.quantity}"
        cases.append(pytest.param(row, id=name, marks=marks))
    return cases


def _density(system: str, level: str) -> RadialDensity:
    if is_model(system):
        model = parse_model(system)
        return MODELS[model.kind](model.n_electrons)
    return atom(system, level)[1]


@cache
def _transport_cost(system: str, level: str) -> float:
    return comotion_plan(_density(system, level)).cost


@pytest.mark.parametrize("row", _cases())
def test_number(row: Any) -> None:
    if row.quantity == "v_comotion":
        value = _transport_cost(row.system, row.level)
    elif row.quantity == "hartree":
        value = hartree(_density(row.system, row.level))
    else:
        value = getattr(atom(row.system, row.level)[0], row.quantity)
    assert abs(value - row.value) <= row.tolerance, row.source


@pytest.mark.parametrize("n_electrons", [2, 4, 10, 18])
def test_hartree_of_sqrt_r_in_closed_form(n_electrons: int) -> None:
    exact = n_electrons**2 * (15 * np.pi - 16) / (75 * np.pi)
    assert hartree(MODELS["sqrt_r"](n_electrons)) == pytest.approx(exact, rel=1e-10)
