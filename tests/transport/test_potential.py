"""The co-motion potential: two electrons by closed formulas, its gauge, and what it derives."""

import numpy as np
import pytest
from scipy.integrate import quad

from comotion import (
    MODELS,
    Accuracy,
    GammaMixture,
    RadialDensity,
    comotion_functions,
    comotion_plan,
)
from comotion.transport import comotion
from two_electrons import TWO_ELECTRONS


@pytest.mark.parametrize("kind", TWO_ELECTRONS)
def test_two_electrons(kind: str) -> None:
    """u(0) with u(inf) = 0 is int_0^inf dr / (r + f)^2."""
    density, value = MODELS[kind](2), TWO_ELECTRONS[kind].at_nucleus
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


def _mixed(one: RadialDensity, other: RadialDensity, share: float) -> GammaMixture:
    """(1 - share) one + share other, of the same N."""
    assert isinstance(one, GammaMixture)
    assert isinstance(other, GammaMixture)
    assert (one.n_electrons, one.s) == (other.n_electrons, other.s)
    return GammaMixture(
        one.n_electrons,
        np.concatenate((one.coefficients * (1 - share), other.coefficients * share)),
        np.concatenate((one.powers, other.powers)),
        np.concatenate((one.exponents, other.exponents)),
        one.s,
    )


@pytest.mark.parametrize(("kinds", "n"), [
    *((("exponential", "sqrt_r"), n) for n in (2, 3, 4, 5, 7)),
    *((("sqrt_r", "exponential"), n) for n in (2, 3, 4, 5, 7)),
    *((("bohr", "exponential"), n) for n in (2, 4)),
    pytest.param(("bohr", "exponential"), 10, marks=pytest.mark.slow),
])  # fmt: skip
def test_potential_is_the_derivative_of_the_cost(
    kinds: tuple[str, str], n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V[(1 - e) rho + e rho_1] changes with e like int u (rho_1 - rho), at e = 0.

    V is the whole co-motion cost, so u has the Hartree potential in it, and the plan need not be
    optimal: that of exponential-3 costs 0.6 % too much. Central differences at two steps,
    extrapolated; what is left is 5e-7 up to seven electrons and 1.2e-6 for ten, whose best
    arrangement changes with q.
    """
    # Where the best arrangement changes the force jumps: u needs the finest rule.
    monkeypatch.setattr(comotion, "_FEWEST", 2048)
    accuracy = Accuracy(seeds=1e-9, quadrature=1e-8, accept_disagreement=True)
    first, target = (MODELS[kind](n) for kind in kinds)
    # The target is in it already, so that a step away from it leaves no negative density.
    density = _mixed(first, target, 0.3)

    def slope(step: float) -> float:
        ends = (_mixed(density, target, share) for share in (-step, step))
        low, high = (comotion_plan(end, accuracy=accuracy).cost for end in ends)
        return (high - low) / (2 * step)

    derivative = (4 * slope(2e-3) - slope(4e-3)) / 3
    u = comotion_plan(density, accuracy=accuracy).radial_potential
    # The trapezoidal rule in log r; beyond the last radius of the plan no charge is left.
    x = np.linspace(np.log(u.radii[0]), np.log(u.radii[-1]), 40001)
    r = np.exp(x)
    change = 4 * np.pi * r**3 * (target.density(r) - density.density(r))
    assert np.sum(change * u(r)) * (x[1] - x[0]) == pytest.approx(derivative, rel=2e-6)


@pytest.mark.parametrize("n", [3, 10])
def test_no_jump_at_any_shell(n: int) -> None:
    """Both sides of a shell radius are reached by different electrons at q near 0 or 1."""
    density = MODELS["exponential"](n)
    u = comotion_plan(density).radial_potential
    for shell in density.shells:
        after = int(np.searchsorted(u.radii, shell))
        for values, change in ((u.values, 1e-6), (u.slopes, 1e-4)):
            assert abs(values[after] - values[after - 1]) < change * np.max(np.abs(values))
