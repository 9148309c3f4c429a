"""The SCE potential of two electrons against closed formulas."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.interpolate import CubicHermiteSpline

from comotion import (
    MODELS,
    Accuracy,
    GammaMixture,
    comotion_functions,
    comotion_plan,
)

#: u(0) with u(inf) = 0 is int_0^inf dr / (r + f)^2: twice the tables' v(0).
_AT_NUCLEUS = {"exponential": 2 * 0.159103999, "gaussian": 2 * 0.296376040}


@pytest.mark.parametrize(("kind", "value"), _AT_NUCLEUS.items())
def test_two_electrons(kind: str, value: float) -> None:
    density = MODELS[kind](2)
    u = comotion_plan(density).radial_potential
    assert u.values[0] == pytest.approx(value, abs=2e-4)
    at = len(u.radii) // 3
    r = u.radii[at]
    tail, _ = quad(
        lambda s: 1 / (s + comotion_functions(density, [s])[0, 1]) ** 2, r, 25, limit=200
    )
    assert u.values[at] == pytest.approx(tail + 1 / 25, abs=3e-4)
    partner = comotion_functions(density, [r])[0, 1]
    assert u.slopes[at] == pytest.approx(-1 / (r + partner) ** 2, rel=1e-9)


def test_tail_and_continuity() -> None:
    density = MODELS["sqrt_r"](4)
    u = comotion_plan(density).radial_potential
    missing = 3 - u.values * u.radii
    far = u.radii > 2 * density.shells[-1]
    assert np.all(np.diff(missing[far]) < 0)
    assert np.all(missing[u.radii > 5 * density.shells[-1]] < 0.05)
    assert np.all(np.diff(u.values) < 0)
    assert np.max(-np.diff(u.values) / np.diff(u.radii)) < 1.1 * np.max(-u.slopes)


@pytest.mark.parametrize("n", [2, 3, 4, 10])
def test_potential_is_the_derivative_of_the_cost(n: int) -> None:
    """V[rho + e d] - V[rho - e d] = 2 e int u d for a change d without charge."""
    accuracy = Accuracy(seeds=1e-7, quadrature=1e-9, accept_disagreement=True)

    def towards_compact(share: float) -> GammaMixture:
        """A share of the sqrt_r density is replaced by one with a steeper decay."""
        density = MODELS["sqrt_r"](n)
        assert isinstance(density, GammaMixture)
        return GammaMixture(
            n,
            np.concatenate((density.coefficients * (1 - share), density.coefficients * share)),
            np.tile(density.powers, 2),
            np.concatenate((density.exponents, 1.2 * density.exponents)),
            density.s,
        )

    step = 2e-3
    costs = [
        comotion_plan(towards_compact(share), accuracy=accuracy).cost for share in (-step, step)
    ]
    derivative = (costs[1] - costs[0]) / (2 * step)
    before, after = towards_compact(0.0), towards_compact(1.0)
    u = comotion_plan(before, accuracy=accuracy).radial_potential
    # The trapezoidal rule in log r; beyond the last radius of the plan no charge is left.
    x = np.linspace(np.log(u.radii[0]), np.log(u.radii[-1]), 20001)
    r = np.exp(x)
    change = 4 * np.pi * r**3 * (after.density(r) - before.density(r))
    values = CubicHermiteSpline(u.radii, u.values, u.slopes)(r)
    assert np.sum(change * values) * (x[1] - x[0]) == pytest.approx(derivative, rel=2e-6)


@pytest.mark.parametrize("n", [3, 10])
def test_no_jump_at_any_shell(n: int) -> None:
    """Both sides of a shell radius are reached by different electrons at q near 0 or 1."""
    density = MODELS["exponential"](n)
    u = comotion_plan(density).radial_potential
    for shell in density.shells:
        after = int(np.searchsorted(u.radii, shell))
        for values, change in ((u.values, 1e-6), (u.slopes, 1e-4)):
            assert abs(values[after] - values[after - 1]) < change * np.max(np.abs(values))
