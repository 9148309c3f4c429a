"""Random densities: the bounds stand in the order of theory, or the density is none."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comotion import (
    Accuracy,
    Effort,
    GammaMixture,
    angular_minimum,
    best_pattern,
    check_chain,
    comotion_plan,
    configuration_radii,
    energies_table,
    hartree,
    pair_value,
)
from comotion.density.functionals import LIEB_OXFORD, expansion_integrals
from comotion.errors import DensityError
from comotion.stages.records import density_integrals_record
from comotion.transport.hierarchy import hierarchy_value, orders_of
from comotion.transport.maps import alternating
from comotion.transport.quadrature import folded_rule

#: As fast as the machine is.
_SETTINGS = settings(suppress_health_check=[HealthCheck.too_slow])

_TERMS = st.lists(
    st.tuples(st.floats(0.05, 1.0), st.floats(0.5, 6.0), st.floats(-2.3, 4.6)),
    min_size=1, max_size=5,
)  # fmt: skip


def _mixture(
    n: int, terms: list[tuple[float, float, float]], s: int, negative: bool
) -> GammaMixture:
    """A mixture of N electrons; where it can be, its first term is negative."""
    weights, powers, logarithms = (np.array(column) for column in zip(*terms, strict=True))
    if negative and len(terms) > 1:
        weights[0] *= -0.5
        weights[1] += 0.6
    return GammaMixture(n, weights * (n / np.sum(weights)), powers, np.exp(logarithms), s)


def _cost(density: GammaMixture, upward: np.ndarray, intervals: int) -> tuple[float, float]:
    """Cost of a plan after hardly any search, never below the truth, and its quadrature error."""
    rule = folded_rule(intervals)
    radii = configuration_radii(density, rule.q, rule.complement, upward)
    energies = angular_minimum(
        radii, 1, Effort(first=2, hops=1, patience=1, stages=(1, 1, 1))
    ).energies
    half, quarter = energies[1::2], energies[3::4]
    costs = [
        float(folded_rule(len(values) + 1).weights @ values) for values in (energies, half, quarter)
    ]
    # Two halvings: of shells far apart one alone can be small by chance.
    return costs[0], max(abs(costs[0] - costs[1]), abs(costs[1] - costs[2]))


@pytest.mark.slow
def test_two_thousand_densities_obey_the_order_or_are_none() -> None:
    """V_2 <= V_3, V_2 <= any plan, Lieb-Oxford, co-motion plan <= mean field; 2 to 12 electrons.

    Each plan is a bound from above however badly its arrangements were searched, so the first
    three are theorems up to the quadrature error; the last says that even this search finds a
    plan better than none.
    """
    seen: Counter[str] = Counter()

    @settings(_SETTINGS, max_examples=2000)
    @given(
        n=st.integers(2, 12), terms=_TERMS, s=st.sampled_from([1, 2]), negative=st.booleans(),
        turns=st.lists(st.booleans(), min_size=12, max_size=12),
    )  # fmt: skip
    def check(
        n: int, terms: list[tuple[float, float, float]], s: int, negative: bool, turns: list[bool]
    ) -> None:
        density = _mixture(n, terms, s, negative)
        try:
            comotion, error = _cost(density, alternating(n), 64)
        except DensityError:
            # Refused for what it is: somewhere it is negative.
            assert np.any(density.density(np.geomspace(1e-40, 1e4, 20000)) < 0)
            seen["refused"] += 1
            return
        lowest, u = pair_value(density).value, hartree(density)
        slack = 3 * error + 1e-6 * u
        other, other_error = _cost(density, np.array(turns[:n]), 32)
        assert lowest <= comotion + slack
        assert lowest <= other + 3 * other_error + 1e-6 * u
        if n == 2:
            assert comotion == pytest.approx(lowest, abs=slack)
        else:
            three, three_error = _cost(density.scaled(3), alternating(3), 32)
            assert lowest <= n * (n - 1) / 6 * (three + 3 * three_error) + 1e-6 * u
        assert u - comotion <= LIEB_OXFORD * expansion_integrals(density)[0] + slack
        assert comotion <= (1 - 1 / n) * u + slack
        seen["negative" if np.any(density.coefficients < 0) else "positive"] += 1

    check()
    assert sum(seen.values()) >= 2000
    assert seen["positive"] > 800
    assert seen["negative"] > 50
    assert seen["refused"] > 50


@settings(_SETTINGS, max_examples=8)
@given(n=st.integers(2, 4), terms=_TERMS, s=st.sampled_from([1, 2]), factor=st.floats(0.1, 10.0))
def test_lengths_scale(
    n: int, terms: list[tuple[float, float, float]], s: int, factor: float
) -> None:
    """V and V_2 are energies of 1/r, u(r) too, frequencies go like r^(-3/2): exact for any rho."""
    density = _mixture(n, terms, s, negative=False)
    exponents = density.exponents * factor**s
    other = GammaMixture(n, density.coefficients, density.powers, exponents, s)
    r = float(density.radius(0.7))
    assert float(other.radius(0.7)) == pytest.approx(r / factor, rel=1e-9)
    one, two = pair_value(density), pair_value(other)
    assert two.value == pytest.approx(factor * one.value, rel=2e-7)
    rough = Accuracy(seeds=1.0, quadrature=1e-2)
    plan, scaled = (comotion_plan(rho, accuracy=rough) for rho in (density, other))
    tolerance = plan.error * factor + scaled.error + 1e-9 * scaled.cost
    assert scaled.cost == pytest.approx(factor * plan.cost, abs=tolerance)
    assert scaled.cost >= two.value - tolerance - two.error
    if plan.error < 1e-7 * plan.cost:
        u, v = float(plan.potential(r)), float(scaled.potential(r / factor))
        assert v == pytest.approx(factor * u, rel=1e-5)


@pytest.mark.slow
@settings(_SETTINGS, max_examples=15)
@given(n=st.integers(2, 5), terms=_TERMS, s=st.sampled_from([1, 2]))
def test_whole_pipeline_on_random_densities(
    n: int, terms: list[tuple[float, float, float]], s: int
) -> None:
    """At the accuracy of a study the table accepts what comes out: the chain holds."""
    density = _mixture(n, terms, s, negative=False)
    plan = comotion_plan(density)
    best = best_pattern(density, plan).plan if n > 2 else plan
    hierarchy = {v.name: v for v in (hierarchy_value(density, k) for k in orders_of(n, n))}
    names = {"system": "random", "level": "exact", "n_electrons": n}
    sce = {
        "v_comotion": plan.cost, "v_best_pattern": best.cost,
        "w_inf_comotion": plan.cost - hartree(density),
        "search_spread": plan.search_spread, "quadrature_error": plan.quadrature_error,
    }  # fmt: skip
    table = energies_table(
        [
            ("density", density_integrals_record("random", "exact", density)),
            ("sce", names | sce),
            (
                "hierarchy",
                names
                | {
                    "hierarchy": {name: v.value for name, v in hierarchy.items()},
                    "hierarchy_error": {name: v.error for name, v in hierarchy.items()},
                },
            ),
        ]
    )
    check_chain(table)
    assert table["v_2"].iloc[0] <= table["v_best_pattern"].iloc[0] * (1 + 1e-6)
