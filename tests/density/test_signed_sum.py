"""Signed sums of gamma densities: their charge, their terms, and tails that would be negative."""

import numpy as np
import pytest

from comotion.density.functionals import hartree
from comotion.density.gamma import GammaMixture, signed_sum
from comotion.errors import DensityError


def _gaussians(*terms: tuple[float, float, float], n: int = 2) -> GammaMixture:
    """Terms of a charge, a power and an exponent."""
    charges, powers, exponents = np.array(terms).T
    return GammaMixture(n, charges, powers, exponents, s=2)


def test_a_sum_is_linear_in_everything_that_is() -> None:
    a = _gaussians((1.5, 2, 1.0), (0.5, 4, 0.5))
    b = _gaussians((1.0, 2, 1.0), (1.0, 4, 0.7))
    total, moved = signed_sum([(1.25, a), (-0.25, b)])
    assert moved == 0
    r = np.array([0.0, 0.3, 1.0, 2.5])
    for name in ("density", "cumulant", "cocumulant"):
        expected = 1.25 * getattr(a, name)(r) - 0.25 * getattr(b, name)(r)
        np.testing.assert_allclose(getattr(total, name)(r), expected, rtol=1e-12, atol=1e-15)
    # The term of both is one, and a term that cancels costs nothing.
    assert sorted(zip(total.powers, total.exponents, strict=True)) == [
        (2, 1.0), (4, 0.5), (4, 0.7)
    ]  # fmt: skip
    assert total.coefficients.sum() == pytest.approx(2, abs=1e-14)


def test_a_negative_tail_is_lifted_by_the_least_charge_that_does() -> None:
    """Far out a diffuse term of -1e-9 electrons outweighs all others."""
    core = _gaussians((2.0, 2, 0.5))
    diffuse = _gaussians((2.0 - 1e-7, 2, 0.5), (1e-7, 2, 0.05))
    total, moved = signed_sum([(1.01, core), (-0.01, diffuse)])
    assert moved == 2.0**-29 > 1e-9 > 2.0**-30
    r = np.linspace(0, 25, 2000)
    assert np.all(total.density(r) > 0)
    assert np.all(np.diff(total.cocumulant(r)) < 0)
    assert total.integral == pytest.approx(2, abs=1e-14)
    # Half of it would not have been enough.
    raw = 1.01 * core.density(r) - 0.01 * diffuse.density(r)
    assert np.min(raw) < 0
    wide = _gaussians((2.0, 2, 0.05)).density(r) / 2
    assert np.min((1 - moved / 4) * raw + moved / 2 * wide) < 0
    np.testing.assert_allclose(total.density(r), (1 - moved / 2) * raw + moved * wide, atol=1e-16)
    assert hartree(total) == pytest.approx(hartree(core), abs=1e-8)


def test_what_has_no_sum() -> None:
    a, b = _gaussians((2.0, 2, 1.0)), _gaussians((2.0, 2, 0.9))
    with pytest.raises(DensityError, match=r"add up to 1\.25"):
        signed_sum([(1.5, a), (-0.25, b)])
    with pytest.raises(DensityError, match=r"N, s = \[\(2, 2\), \(3, 2\)\] have no sum"):
        signed_sum([(2.0, a), (-1.0, _gaussians((3.0, 2, 1.0), n=3))])
    with pytest.raises(DensityError, match="electrons are still outside: a density is not neg"):
        signed_sum([(1.5, a), (-0.5, b)])
