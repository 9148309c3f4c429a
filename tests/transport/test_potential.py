"""The SCE potential of two electrons against closed formulas."""

import numpy as np
import pytest
from scipy.integrate import quad

from comotion import MODELS, comotion_functions, force_potential, strict_correlation

#: u(0) with u(inf) = 0 is int_0^inf dr / (r + f)^2: twice the tables' v(0).
_AT_NUCLEUS = {"exponential": 2 * 0.159103999, "gaussian": 2 * 0.296376040}


@pytest.mark.parametrize(("kind", "value"), _AT_NUCLEUS.items())
def test_two_electrons(kind: str, value: float) -> None:
    density = MODELS[kind](2)
    u = force_potential(strict_correlation(density).minimum)
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
    u = force_potential(strict_correlation(density).minimum)
    missing = 3 - u.values * u.radii
    far = u.radii > 2 * density.shells[-1]
    assert np.all(np.diff(missing[far]) < 0)
    assert np.all(missing[u.radii > 5 * density.shells[-1]] < 0.05)
    assert np.all(np.diff(u.values) < 0)
    assert np.max(-np.diff(u.values) / np.diff(u.radii)) < 1.1 * np.max(-u.slopes)
