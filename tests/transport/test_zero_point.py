"""Zero-point oscillations against closed forms and finite differences."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from comotion import (
    MODELS,
    GammaMixture,
    RadialDensity,
    angular_minimum,
    comotion_plan,
    configuration_radii,
    zero_point,
)
from comotion.transport.quadrature import folded_rule
from comotion.transport.zero_point import pair_hessian
from two_electrons import TWO_ELECTRONS


def _two_electron_coefficient(
    density: RadialDensity, edges: Sequence[float] | np.ndarray = ()
) -> float:
    """W'_inf for N = 2 from the frequencies in closed form, by quadrature in the radius.

    omega_r^2 = (2/d^3)(|t'| + 1/|t'|) and, twice, omega^2 = (r^2 + t^2) / (r t d^3), with
    t the co-motion function and d = r + t.
    """

    def integrand(r: float) -> float:
        t = float(density.radius(density.cocumulant(r), density.cumulant(r)))
        d = r + t
        charge = float(r**2 * density.density(r))
        slope = charge / float(t**2 * density.density(t))
        radial = np.sqrt(2 / d**3 * (slope + 1 / slope))
        bending = np.sqrt((r**2 + t**2) / (r * t * d**3))
        return float(4 * np.pi * charge / 2 * (radial + 2 * bending) / 4)

    ends = edges if len(edges) else (1e-6, float(density.shells[0]), 18.0)
    pieces = [quad(integrand, a, b, limit=300, epsabs=1e-10)[0] for a, b in pairwise(ends)]
    return float(np.sum(pieces))


@pytest.mark.parametrize("kind", TWO_ELECTRONS)
def test_two_electrons(kind: str) -> None:
    density = MODELS[kind](2)
    result = zero_point(comotion_plan(density))
    assert result.w_inf_prime == pytest.approx(TWO_ELECTRONS[kind].zero_point / 2, abs=1e-8)
    assert result.frequencies.shape[1] == 3
    assert result.unstable_share == 0
    assert result.least_eigenvalue > 0
    assert result.zero_mode_residual < 1e-6


def test_two_electrons_by_another_integral() -> None:
    density = MODELS["gaussian"](2)
    result = zero_point(comotion_plan(density))
    assert result.w_inf_prime == pytest.approx(_two_electron_coefficient(density), abs=1e-5)


def test_zero_modes_of_many_electrons() -> None:
    density = MODELS["bohr"](4)
    result = zero_point(comotion_plan(density))
    assert result.frequencies.shape[1] == 3 * 4 - 4
    assert result.zero_mode_residual < 1e-5
    # The co-motion map of exponential-3 is known not to be optimal: it must be found out.
    three = MODELS["exponential"](3)
    assert zero_point(comotion_plan(three)).unstable_share > 0.5


def test_two_electrons_across_a_gap() -> None:
    """The frequency grows without bound where an electron leaves its shell, the integral not."""
    exponents = 30 / np.array([0.5, 5.0])
    density = GammaMixture(2, np.array([1.2, 0.8]), np.full(2, 30.0), exponents, s=1)
    result = zero_point(comotion_plan(density))
    edges = [0.01, *density.radius([1e-9, 0.4, 0.8, 1.0, 1.2, 1.6]), 12.0]
    exact = _two_electron_coefficient(density, np.union1d(edges, np.geomspace(0.2, 9, 60)))
    assert result.w_inf_prime == pytest.approx(exact, rel=1e-4)


@pytest.mark.parametrize("power", [10.0, 100.0])
def test_a_coefficient_whose_error_is_as_large_as_itself_is_none(power: float) -> None:
    """Without a break at the gap the node in the middle of it decides."""
    exponents = power / np.array([0.01, 100.0])
    density = GammaMixture(3, np.full(2, 1.5), np.full(2, power), exponents, s=1)
    plan = comotion_plan(density)
    rule = folded_rule(256)
    radii = configuration_radii(density, rule.q, rule.complement, plan.upward)
    found = angular_minimum(radii, seed=1)
    unbroken = replace(
        plan, radii=radii, positions=found.positions, energies=found.energies,
        weights=rule.weights, q=rule.q,
    )  # fmt: skip
    result = zero_point(unbroken)
    assert np.isnan(result.w_inf_prime)
    assert result.missing is not None
    assert "more than half of itself" in result.missing
    assert "W'_inf unknown" in repr(result)
    assert zero_point(plan).missing is None


def test_hessian_by_finite_differences() -> None:
    x = np.random.default_rng(4).normal(size=(3, 4))

    def energy(flat: np.ndarray) -> float:
        y = flat.reshape(3, 4)
        return float(sum(1 / np.linalg.norm(y[:, i] - y[:, j]) for i in range(4) for j in range(i)))

    step = 1e-4
    numeric = np.empty((12, 12))
    for a in range(12):
        for b in range(12):
            da, db = step * np.eye(12)[a], step * np.eye(12)[b]
            flat = x.ravel()
            numeric[a, b] = (
                energy(flat + da + db) - energy(flat + da - db)
                - energy(flat - da + db) + energy(flat - da - db)
            ) / (4 * step**2)  # fmt: skip
    np.testing.assert_allclose(pair_hessian(x), numeric, atol=1e-4 * np.abs(numeric).max())
