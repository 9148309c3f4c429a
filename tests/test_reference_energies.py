"""Numbers that others published, and closed forms, from the data file with their sources."""

from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.special import gammainccinv, gammaincinv

from comotion.density.functionals import density_integrals, hartree
from comotion.density.model_densities import MODELS
from comotion.density.radial import RadialDensity
from comotion.systems import is_model, parse_model
from comotion.transport.comotion import comotion_plan
from conftest import atom, reference_energies

_REFERENCE = reference_energies()


def _density(system: str, level: str) -> RadialDensity:
    if is_model(system):
        model = parse_model(system)
        return MODELS[model.kind](model.n_electrons)
    return atom(system, level)[1]


@cache
def _transport_cost(system: str, level: str) -> float:
    return comotion_plan(_density(system, level)).cost


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=f"{row.system}-{row.level}-{row.quantity}")
        for row in _REFERENCE.itertuples()
    ],
)
def test_number(row: Any) -> None:
    if row.quantity == "v_comotion":
        value = _transport_cost(row.system, row.level)
    else:
        value = getattr(density_integrals(_density(row.system, row.level)), row.quantity)
    assert abs(value - row.value) <= row.tolerance, row.source


def test_every_number_has_a_source_that_can_be_looked_up() -> None:
    for source in _REFERENCE["source"]:
        assert source.startswith("closed form, ") or ("arXiv:" in source and "data/" in source)


@pytest.mark.parametrize("n_electrons", [2, 4, 10, 18])
def test_hartree_of_sqrt_r_in_closed_form(n_electrons: int) -> None:
    exact = n_electrons**2 * (15 * np.pi - 16) / (75 * np.pi)
    assert hartree(MODELS["sqrt_r"](n_electrons)) == pytest.approx(exact, rel=1e-10)


#: Order (p + 1) / s, exponent and s of the gamma term that each model is.
_TERMS = {
    "exponential": (3.0, 1.0, 1),
    "bohr": (3.0, 2.0, 1),
    "sqrt_r": (3.5, 1.0, 1),
    "gaussian": (1.5, 0.5, 2),
}


@pytest.mark.parametrize("kind", _TERMS)
def test_two_opposite_electrons_to_twelve_digits(kind: str) -> None:
    """int_0^1 dq / (R(q) + R(2 - q)) by tanh-sinh quadrature, R by inverse gamma functions."""
    order, exponent, s = _TERMS[kind]

    def pair(q: Any) -> float:
        inner = gammaincinv(order, float(q) / 2)
        outer = gammainccinv(order, float(q) / 2)
        return float(1 / ((inner / exponent) ** (1 / s) + (outer / exponent) ** (1 / s)))

    # Near q = 0 the outer electron is at log(1 / q), which no polynomial is like.
    exact = float(mpmath.quad(pair, [0, 1e-6, 1e-3, 0.1, 1]))
    assert comotion_plan(MODELS[kind](2)).cost == pytest.approx(exact, abs=2e-12)
