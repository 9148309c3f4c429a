"""The inverse of the cumulant, for every kind of density."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from comotion.density.gamma import GammaMixture
from comotion.density.model_densities import MODELS, UniformBall
from comotion.density.radial import Array, Quadrature, RadialDensity, radial_density
from comotion.density.storage import KINDS
from comotion.density.table import tabulated
from comotion.errors import DensityError
from comotion.transport.quadrature import folded_rule


def _table() -> RadialDensity:
    r = np.exp(np.linspace(np.log(1e-4), np.log(60.0), 1500))
    return tabulated(r, MODELS["bohr"](10).density(r))


_DENSITIES = {
    "bohr-28": MODELS["bohr"](28),
    "gaussian-2": MODELS["gaussian"](2),
    "sqrt_r-5": MODELS["sqrt_r"](5),
    "table-10": _table(),
}


@pytest.mark.parametrize("density", _DENSITIES.values(), ids=_DENSITIES)
def test_radius_inverts_both_tails_in_relative_terms(density: RadialDensity) -> None:
    charge = np.array([1e-9, 1e-6, 1e-3, 0.1, 0.5, 0.9])
    inner = density.radius(charge)
    outer = density.radius(density.n_electrons - charge, charge)
    np.testing.assert_allclose(density.cumulant(inner), charge, rtol=1e-12)
    np.testing.assert_allclose(density.cocumulant(outer), charge, rtol=1e-12)


def test_radius_between_two_shells() -> None:
    """Where hardly any charge lies, the last bits of N(r) decide on the radius."""
    density = MODELS["bohr"](60)
    charge = 30 * folded_rule(4096).q
    np.testing.assert_allclose(density.cumulant(density.radius(charge)), charge, rtol=3e-13)


def test_radius_where_a_negligible_tail_is_negative() -> None:
    """Outside 30 bohr a term of the wrong sign prevails, where 1e-12 electrons are left."""
    density = GammaMixture(2, np.array([-0.025, 2.025]), np.array([5.0, 3.0]), np.ones(2), s=1)
    outside = np.geomspace(1e-3, 1e-20, 40)
    radii = density.radius(2 - outside, outside)
    assert np.all(np.isfinite(radii))
    assert np.all(np.diff(radii) >= 0)


def test_radius_of_the_ball_in_closed_form() -> None:
    ball = MODELS["ball"](4)
    np.testing.assert_allclose(ball.radius([0.5, 4.0]), np.cbrt([1 / 8, 1.0]), rtol=1e-15)


def test_radius_at_the_ends() -> None:
    density = MODELS["exponential"](2)
    assert density.radius(0.0) == 0.0
    assert density.radius(2.0) == np.inf
    assert _DENSITIES["table-10"].radius(10.0) == pytest.approx(60.0)


@pytest.mark.parametrize("charge", [-0.1, 2.1, np.nan])
def test_radius_refuses_a_charge_that_is_not_there(charge: float) -> None:
    with pytest.raises(DensityError, match="no radius encloses"):
        MODELS["exponential"](2).radius(charge)


@pytest.mark.parametrize("density", _DENSITIES.values(), ids=_DENSITIES)
def test_shells_hold_one_electron_each(density: RadialDensity) -> None:
    inside = density.cumulant(density.shells)
    np.testing.assert_allclose(inside, np.arange(1, density.n_electrons), rtol=1e-12)


@pytest.mark.parametrize("density", _DENSITIES.values(), ids=_DENSITIES)
def test_scaling_keeps_the_shape(density: RadialDensity) -> None:
    triple = density.scaled(3)
    r = np.array([0.1, 1.0, 5.0])
    np.testing.assert_allclose(
        triple.density(r) / 3, density.density(r) / density.n_electrons, rtol=1e-13
    )
    assert triple.n_electrons == 3


@pytest.mark.parametrize("density", _DENSITIES.values(), ids=_DENSITIES)
def test_the_rule_holds_every_electron(density: RadialDensity) -> None:
    for refinement in (1, 2):
        charge = np.sum(density.quadrature(refinement).weights)
        assert charge == pytest.approx(density.n_electrons, rel=1e-8)


def test_a_rule_that_misses_charge_is_refused() -> None:
    class Coarse(UniformBall):
        """A ball whose rule ends inside of it."""

        def _rule(self, refinement: int) -> Quadrature:
            whole = super()._rule(refinement)
            return Quadrature(whole.radii[:-1], whole.weights[:-1])

    with pytest.raises(DensityError, match=r"finds 3\.9.* of its 4 electrons"):
        Coarse(4).quadrature()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_kind_of_density_escapes_that_check(kind: type[RadialDensity]) -> None:
    assert kind.quadrature is RadialDensity.quadrature


class _Charged(UniformBall):
    """A ball whose rule has an error of its charge."""

    error = 0.0

    def _rule(self, refinement: int) -> Quadrature:
        rule = super()._rule(refinement)
        return Quadrature(rule.radii, rule.weights * (1 + self.error))


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_charge_of_a_rule_just_inside_and_just_outside(
    monkeypatch: pytest.MonkeyPatch, sign: int
) -> None:
    monkeypatch.setattr(_Charged, "error", sign * 0.99e-8)
    _Charged(4).quadrature()
    monkeypatch.setattr(_Charged, "error", sign * 1.01e-8)
    with pytest.raises(DensityError, match=r"of its 4 electrons between 0\.000\d* and 1 bohr"):
        _Charged(4).quadrature()


def test_a_rule_is_refined_by_what_is_asked() -> None:
    for density in _DENSITIES.values():
        once, thrice = density.quadrature(), density.quadrature(3)
        assert len(thrice.radii) == pytest.approx(3 * len(once.radii), rel=0.05)
        assert repr(once) == f"<Quadrature: {len(once.radii)} nodes>"
        assert once.radii.shape == once.weights.shape


@pytest.mark.parametrize("density", _DENSITIES.values(), ids=_DENSITIES)
@pytest.mark.parametrize("factor", [0.25, 3.0])
def test_stretching_multiplies_lengths(density: RadialDensity, factor: float) -> None:
    stretched = density.stretched(factor)
    r = np.array([0.1, 1.0, 5.0])
    np.testing.assert_allclose(stretched(factor * r), density(r) / factor**3, rtol=1e-12)
    np.testing.assert_allclose(stretched.cumulant(factor * r), density.cumulant(r), rtol=1e-12)
    np.testing.assert_allclose(stretched.cocumulant(factor * r), density.cocumulant(r), rtol=1e-9)
    np.testing.assert_allclose(stretched.shells, factor * density.shells, rtol=1e-12)
    assert stretched.n_electrons == density.n_electrons


@pytest.mark.parametrize("density", [*_DENSITIES.values(), MODELS["ball"](4)])
def test_the_density_is_the_slope_of_the_cumulant(density: RadialDensity) -> None:
    r, step = np.array([0.05, 0.3, 0.9]), 1e-5
    slope = (density.cumulant(r + step) - density.cumulant(r - step)) / (2 * step)
    np.testing.assert_allclose(slope, 4 * np.pi * r**2 * density(r), rtol=1e-6)
    outside = (density.cocumulant(r - step) - density.cocumulant(r + step)) / (2 * step)
    np.testing.assert_allclose(outside, slope, rtol=1e-6)


def test_where_densities_begin_and_end() -> None:
    for density in _DENSITIES.values():
        assert density.support[0] == 0
    assert MODELS["gaussian"](2).support == (0, np.inf)
    begins, ends = _DENSITIES["table-10"].support
    assert begins == 0
    assert ends == pytest.approx(60)


def test_atoms_have_no_gaps_and_shells_far_apart_have_one() -> None:
    for density in _DENSITIES.values():
        assert density.gaps.size == 0
    terms = np.array([2.0, 200.0])
    shells = GammaMixture(3, np.array([1.0, 2.0]), terms, np.array([30.0, 201.0 / 5]), 1)
    assert shells.gaps == pytest.approx([1], abs=1e-9)
    assert shells.scaled(6).gaps == pytest.approx([2], abs=1e-9)
    assert shells.stretched(8).gaps == pytest.approx([1], abs=1e-9)


def test_a_gap_is_a_tenth_of_either_side_and_of_an_electron() -> None:
    """Of two shells with less and less between them."""
    found = []
    for power in (4.0, 10.0, 20.0, 80.0):
        powers = np.array([2.0, power])
        exponents = np.array([3.0, (power + 1) / 6])
        shells = GammaMixture(4, np.array([2.0, 2.0]), powers, exponents, 1)
        r = np.geomspace(1, 6, 4001)
        per_log = 4 * np.pi * r**3 * shells(r)
        least, most = per_log.min(), 1.0
        first = 4 * np.pi * np.geomspace(0.01, 1, 500) ** 3 * shells(np.geomspace(0.01, 1, 500))
        sides = min(most, first.max(), per_log[np.argmin(per_log) :].max())
        inside = 0 < np.argmin(per_log) < 4000
        found.append(shells.gaps.size)
        assert found[-1] == int(inside and least < 0.1 * sides)
    assert sorted(set(found)) == [0, 1]


def test_the_radius_of_next_to_nothing() -> None:
    """N(r) of exp(-r) is r^3 / 3 near the nucleus, and N - N(r) is r^2 exp(-r) far out."""
    density = MODELS["exponential"](2)
    charge = np.array([1e-30, 1e-60])
    np.testing.assert_allclose(density.radius(charge), np.cbrt(3 * charge), rtol=1e-9)
    outside = np.array([1e-20, 1e-40])
    far = density.radius(2 - outside, outside)
    np.testing.assert_allclose((far**2 + 2 * far + 2) * np.exp(-far), outside, rtol=1e-12)


_LITTLE = np.array([1e-80, 1e-100, 1e-200, 1e-300])


def test_the_radius_of_charges_far_below_all_tables() -> None:
    """Near the nucleus N(r) is the volume times the density there, or r^(p + 1) to a factor."""
    r = np.linspace(0, 1, 41)
    ball = np.full(41, 3 / (4 * np.pi))
    far = np.append(1e-30, r[1:])
    for density, at_nucleus in (
        (MODELS["exponential"](2), 1 / (4 * np.pi)),
        (MODELS["gaussian"](3), 3 * (2 * np.pi) ** -1.5),
        (_DENSITIES["table-10"], float(_DENSITIES["table-10"](1e-5))),
        (tabulated(r, ball), ball[0]),
        (tabulated(far, ball), ball[0]),
    ):
        expected = np.cbrt(3 * _LITTLE / (4 * np.pi * at_nucleus))
        np.testing.assert_allclose(density.radius(_LITTLE), expected, rtol=1e-9)
    # N(r) of a single term r^2.5 exp(-r), two electrons, is 2 r^3.5 / Gamma(4.5) near the nucleus.
    expected = (_LITTLE * 105 * np.sqrt(np.pi) / 32) ** (1 / 3.5)
    np.testing.assert_allclose(MODELS["sqrt_r"](2).radius(_LITTLE), expected, rtol=1e-9)


def _slow() -> GammaMixture:
    """Two electrons of which 2 exp(-r^0.01) are outside of r."""
    return GammaMixture(2, np.array([2.0]), np.array([-0.99]), np.ones(1), s=0.01)


def test_the_radius_far_out_of_a_tail_that_hardly_falls() -> None:
    expected = np.log(2 / _LITTLE) ** 100
    np.testing.assert_allclose(_slow().radius(2 - _LITTLE, _LITTLE), expected, rtol=1e-10)


def test_the_least_charge_that_may_be_asked_for() -> None:
    """What a number holds with all digits, or what is inside of exp(-690) bohr."""
    density = MODELS["exponential"](2)
    assert density.radius(1e-300) == pytest.approx(np.cbrt(3e-300), rel=1e-9)
    far = float(density.radius(2.0, 1e-300))
    assert (far**2 + 2 * far + 2) * np.exp(-far) == pytest.approx(1e-300, rel=1e-11)
    inside = r"radius with 9\.9e-301 electrons inside of it .* 0 electrons, or for at least 1e-300$"
    with pytest.raises(DensityError, match=inside):
        density.radius([0.0, 0.5, 9.9e-301])
    with pytest.raises(DensityError, match=inside.replace("inside", "outside")):
        density.radius(2.0, 9.9e-301)
    least = -2 * np.expm1(-np.exp(-6.9))
    assert _slow().radius(least * (1 + 1e-6)) == pytest.approx(np.exp(-690), rel=2e-4)
    with pytest.raises(DensityError, match=r"inside of it .* or for at least 0\.00201455"):
        _slow().radius(least * (1 - 1e-6))


def test_a_radius_of_any_shape() -> None:
    density = MODELS["exponential"](2)
    charge = np.array([[0.0, 0.5, 1.0], [1.5, 1.9, 2.0]])
    radii = density.radius(charge)
    assert radii.shape == (2, 3)
    np.testing.assert_array_equal(radii.ravel(), density.radius(charge.ravel()))
    assert density.radius(1.0).shape == ()
    np.testing.assert_array_equal(density.radius(charge, 2 - charge), radii)


def test_a_cumulant_that_falls_has_no_inverse() -> None:
    class Falling(UniformBall):
        """A ball whose N(r) jumps, so that no radius has some charges."""

        def cumulant(self, r: ArrayLike) -> Array:
            inside = super().cumulant(r)
            return np.asarray(np.where(inside > 1, inside + 0.5, inside))

        def _log_radius(self, inside: Array, outside: Array) -> Array:
            return RadialDensity._log_radius(self, inside, outside)

    ball = Falling(4)
    radius = np.exp(ball._log_radius(np.array([1.2]), np.array([2.8])))
    assert radius == pytest.approx(np.cbrt(1 / 4), rel=1e-9)


def test_what_is_no_density() -> None:
    assert radial_density(MODELS["ball"](4)).n_electrons == 4
    nothings: list[Any] = [2, np.ones(3), type("Has", (), {"density": 3})()]
    for wrong in nothings:
        with pytest.raises(DensityError, match=r"is no density and has none: give what comotion"):
            radial_density(wrong)
