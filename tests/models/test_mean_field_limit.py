"""Many particles against closed forms, linear programmes and the Thomson problem."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from comotion.density.model_densities import MODELS
from comotion.errors import TransportError
from comotion.models.line_densities import LINE_DENSITIES
from comotion.models.line_plan import line_cost
from comotion.models.mean_field_limit import (
    EXPONENTIAL_MEAN_FIELD,
    EXPONENTIAL_SLOPE,
    radial,
    uniform_coulomb,
    uniform_exponential,
    uniform_sphere,
)
from comotion.transport.comotion import comotion_plan
from comotion.transport.pair_cost import PairCost
from two_electrons import TWO_ELECTRONS

_UNIFORM = LINE_DENSITIES["uniform"]


@pytest.mark.parametrize("n", [2, 3, 4, 5, 10, 100, 1000])
def test_line(n: int) -> None:
    """All pairs of n places 1/n apart; exp(-1/2) and 2 for two."""
    i, j = np.triu_indices(n, 1)
    distance = (j - i) / n
    assert uniform_exponential(n) == pytest.approx(np.mean(np.exp(-distance)), rel=1e-12)
    assert uniform_coulomb(n) == pytest.approx(np.mean(1 / distance), rel=1e-12)


@pytest.mark.parametrize("n", [2, 3, 10])
def test_line_by_the_general_plan(n: int) -> None:
    pairs = n * (n - 1) / 2
    exponential = line_cost(_UNIFORM, n, PairCost.of(lambda d: np.exp(-d))) / pairs
    assert uniform_exponential(n) == pytest.approx(exponential, rel=1e-12)
    assert uniform_coulomb(n) == pytest.approx(line_cost(_UNIFORM, n) / pairs, rel=1e-12)


def test_line_tends_to_the_mean_field() -> None:
    # int int exp(-|x - y|) over the square.
    x, w = np.polynomial.legendre.leggauss(40)
    x, w = (1 + x) / 2, w / 2
    # y = x t in the triangle y < x, twice.
    inside = 2 * float(np.sum(w[:, None] * w * x[:, None] * np.exp(-x[:, None] * (1 - x))))
    assert pytest.approx(inside, rel=1e-13) == EXPONENTIAL_MEAN_FIELD
    slopes = [n * (uniform_exponential(n) - EXPONENTIAL_MEAN_FIELD) for n in (10**3, 10**5)]
    assert slopes[1] == pytest.approx(EXPONENTIAL_SLOPE, abs=1e-5)
    assert abs(slopes[1] - EXPONENTIAL_SLOPE) < abs(slopes[0] - EXPONENTIAL_SLOPE)
    # The true repulsion has no mean field: its cost grows like 2 log n, to the next order with
    # Euler's constant.
    rest = uniform_coulomb(10**5) - 2 * np.log(1e5)
    assert rest == pytest.approx(2 * (np.euler_gamma - 1), abs=1e-3)


@pytest.mark.parametrize("n", [2, 4, 12, 32])
def test_sphere(n: int) -> None:
    """The published Thomson energies over the number of pairs."""
    path = Path(__file__).parents[1] / "data/thomson.csv"
    thomson = pd.read_csv(path, comment="#", index_col="n_electrons")["energy"]
    assert uniform_sphere(n) == pytest.approx(thomson[n] / (n * (n - 1) / 2), abs=1e-10)


def test_costs_per_pair_rise() -> None:
    shape = MODELS["exponential"](2)
    costs = [radial(shape, n) for n in (2, 3, 4, 5)]
    # Of two electrons the closed form; of three all pairs of their plan.
    assert costs[0] == pytest.approx(TWO_ELECTRONS["exponential"].cost, rel=1e-8)
    three = comotion_plan(MODELS["exponential"](3))
    assert costs[1] == pytest.approx(three.cost / 3, rel=1e-12)
    assert np.all(np.diff(costs) > 0)
    assert costs[-1] < 5 / 16


def test_one_particle_has_no_pair() -> None:
    for cost in (uniform_exponential, uniform_coulomb, uniform_sphere):
        with pytest.raises(TransportError, match="at least 2"):
            cost(1)
    with pytest.raises(TransportError, match="at least 2"):
        radial(MODELS["exponential"](2), 1)
