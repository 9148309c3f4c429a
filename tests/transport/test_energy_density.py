"""The energy density: its integral, two electrons in closed form, three by another minimiser."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from comotion.density.functionals import hartree
from comotion.density.hartree_potential import hartree_potential
from comotion.density.model_densities import MODELS
from comotion.density.radial import Array, RadialDensity
from comotion.errors import DensityError, TransportError
from comotion.transport.comotion import comotion_plan
from comotion.transport.energy_density import energy_density
from comotion.transport.maps import configuration_radii
from comotion.transport.pair_cost import PairCost
from comotion.transport.plan import Plan
from comotion.transport.quadrature import folded_rule
from conftest import atom


def _integral(plan: Plan, intervals: int = 90) -> float:
    """Integral of rho w, by a rule for each shell whose nodes are not those of the plan."""
    rule = folded_rule(intervals)
    radii = configuration_radii(plan.density, rule.q, rule.complement, plan.upward)
    return float(
        rule.weights @ energy_density(plan, radii.ravel()).reshape(radii.shape).sum(axis=1)
    )


@pytest.mark.parametrize(
    ("density", "tolerance"),
    [
        (MODELS["exponential"](2), 1e-10),
        (MODELS["gaussian"](3), 1e-10),
        (MODELS["exponential"](4), 1e-7),
        (MODELS["ball"](5), 1e-6),
        (atom("He", "hf_aug-cc-pVTZ")[1], 1e-10),
        (atom("Be", "hf_aug-cc-pVTZ")[1], 1e-9),
    ],
    ids=["exponential-2", "gaussian-3", "exponential-4", "ball-5", "He", "Be"],
)
def test_it_integrates_to_the_cost_less_the_hartree_energy(
    density: RadialDensity, tolerance: float
) -> None:
    plan = comotion_plan(density)
    assert _integral(plan) == pytest.approx(plan.cost - hartree(density, 2), abs=tolerance)


def test_another_pattern_has_its_own() -> None:
    plan = comotion_plan(MODELS["exponential"](3), upward=np.array([True, True, True]))
    assert plan.kind == "pattern"
    assert _integral(plan) == pytest.approx(plan.cost - hartree(plan.density, 2), abs=1e-7)
    assert abs(_integral(plan) - _integral(comotion_plan(plan.density))) > 1e-2


@pytest.mark.parametrize("kind", ["exponential", "gaussian", "ball"])
def test_two_electrons(kind: str) -> None:
    rho = MODELS[kind](2)
    plan = comotion_plan(rho)
    r = np.geomspace(1e-5, 0.99 if kind == "ball" else 12.0, 200)
    # As much charge is inside of the other as outside of this one.
    f = rho.radius(rho.cocumulant(r), rho.cumulant(r))
    expected = (1 / (r + f) - hartree_potential(rho)(r)) / 2
    np.testing.assert_allclose(energy_density(plan, r), expected, rtol=1e-9)
    # Electrons of the median radius are a diameter apart.
    a = float(rho.shells[0])
    at_median = (1 / (2 * a) - float(hartree_potential(rho)(a))) / 2
    assert energy_density(plan, [a])[0] == pytest.approx(at_median, rel=1e-7)


def _three(radii: Array) -> float:
    """Least repulsion of three electrons on spheres, and the part of the first, in a plane."""

    def distances(angles: Array) -> Array:
        turned = np.array([1.0, np.exp(1j * angles[0]), np.exp(1j * angles[1])])
        x = radii * turned
        return np.asarray(np.abs([x[0] - x[1], x[0] - x[2], x[1] - x[2]]))

    def energy(angles: Array) -> float:
        return float(np.sum(1 / distances(angles)))

    starts = np.array([[2.0, 4.0], [3.0, 1.0], [1.0, 3.1]])
    options = {"xatol": 1e-10, "fatol": 1e-14}
    tried = [minimize(energy, x, method="Nelder-Mead", options=options).x for x in starts]  # type: ignore[call-overload]
    lowest = min(tried, key=energy)
    return float(np.sum(1 / distances(lowest)[:2]))


def test_three_electrons_by_another_minimiser() -> None:
    rho = MODELS["gaussian"](3)
    plan = comotion_plan(rho)
    r = np.array([0.3, 0.9, 1.37, 1.9, 3.1])
    sums = np.array([_three(radii) for radii in plan.functions(r)])
    expected = (sums - hartree_potential(rho)(r)) / 2
    np.testing.assert_allclose(energy_density(plan, r), expected, atol=1e-8)


def test_at_the_nodes_it_is_what_the_positions_say() -> None:
    plan = comotion_plan(MODELS["bohr"](4))
    x, node = plan.positions, 40
    for electron in range(4):
        others = np.delete(x[node], electron, axis=1)
        total = np.sum(1 / np.linalg.norm(others - x[node][:, [electron]], axis=0))
        r = plan.radii[node, electron]
        expected = (total - float(hartree_potential(plan.density)(r))) / 2
        assert energy_density(plan, [r])[0] == pytest.approx(expected, abs=1e-7)


def test_both_ends() -> None:
    """At the nucleus of two electrons the other is at infinity; far outside r w is -1/2."""
    two = comotion_plan(MODELS["exponential"](2))
    assert energy_density(two, [0.0])[0] == pytest.approx(-0.5, abs=1e-11)
    four = comotion_plan(MODELS["bohr"](4))
    far = np.array([300.0, 3000.0])
    product = far * energy_density(four, far)
    assert abs(product[1] + 0.5) < abs(product[0] + 0.5) < 0.01
    assert product[1] == pytest.approx(-0.5, abs=1e-4)
    at_nucleus = energy_density(four, [0.0, 1e-9])
    assert np.all(np.isfinite(at_nucleus))
    assert at_nucleus[0] < at_nucleus[1] < -0.5


def test_one_electron_has_minus_half_of_its_own_potential() -> None:
    rho = MODELS["exponential"](1)
    plan = comotion_plan(rho)
    r = np.array([0.0, 0.1, 2.0, 30.0])
    np.testing.assert_array_equal(energy_density(plan, r), -hartree_potential(rho)(r) / 2)


def test_what_is_refused() -> None:
    plan = comotion_plan(MODELS["exponential"](2))
    for r in (-0.1, np.nan, np.inf):
        with pytest.raises(DensityError, match=f"no energy density at {r} bohr: radii are finite"):
            energy_density(plan, [1.0, r])
    cells = replace(plan, cells=np.zeros((len(plan.weights), 2), dtype=np.int64))
    with pytest.raises(TransportError, match="a plan by cells is no map"):
        energy_density(cells, [1.0])
    screened = comotion_plan(MODELS["exponential"](2), pair_cost=PairCost.yukawa(1.0))
    with pytest.raises(TransportError, match="<PairCost yukawa\\(kappa=1\\)> is another"):
        energy_density(screened, [1.0])
