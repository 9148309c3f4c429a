"""The bounds behind the enclosure of gamma terms, each against what it bounds."""

from typing import Any

import mpmath
import numpy as np
import pytest
from flint import acb, arb, ctx

from comotion.proof import gamma_integral
from comotion.proof.gamma_integral import _Integral, _Term
from comotion.proof.given_density import GammaTerms
from comotion.proof.one_body import one_body

_UNIT = 0.8
_TERMS = {
    "gauss": GammaTerms(2.0, (2.25, -0.75, 0.5), (2.0, 4.0, 2.5), (40.0, 0.7, 0.05)),
    "slater": GammaTerms(1.0, (1.0, 1.0), (2.0, -0.5), (2.0, 0.5)),
    "shell": GammaTerms(2.0, (1.0, 1.0), (2.0, 300.0), (1.0, 90.0)),
}


@pytest.fixture(params=_TERMS)
def integral(request: pytest.FixtureRequest) -> Any:
    """The integral of some terms with a potential of random coefficients on four cells."""
    ends = np.array([0.0, 0.3, 0.5, 0.8, 1.0])
    cells = np.stack((ends[:-1], ends[1:]), axis=1)
    v = np.random.default_rng(4).normal(size=(4, 4))
    with ctx.workprec(120):
        cells_of, _ = one_body(2, cells, v, np.zeros((1, 4, 4)), np.zeros((1, 1, 1)), np.zeros(1))
        yield _Integral(_TERMS[request.param], cells_of, arb(_UNIT))


def _term_at(term: _Term, s: arb, x: acb) -> acb:
    """A term |c| G at a complex x, plainly."""
    growth: acb = (term.log_norm + term.power * x - term.decay * (s * x).exp()).exp()
    return growth * abs(term.charge)


def test_terms_are_normalised(integral: _Integral) -> None:
    mpmath.mp.dps = 20
    for term in integral.terms:
        s, q, a = (float(value.mid()) for value in (integral.s, term.power, term.decay))
        norm = float(term.log_norm.mid())
        whole = mpmath.quad(
            lambda x, s=s, q=q, a=a, norm=norm: mpmath.exp(norm + q * x - a * mpmath.exp(s * x)),
            np.linspace(-60, 8, 120).tolist(),
        )
        assert float(whole) == pytest.approx(1, abs=1e-11)


def test_the_ellipse_is_bounded(integral: _Integral) -> None:
    """Terms and potential at points of ellipses are below the bounds, and these are not wild."""
    rng = np.random.default_rng(6)
    nearest = np.inf
    for cell in integral.potential:
        inner = -3.0 if float(cell.low) == 0 else float(integral._log_radius(cell.low).mid())
        outer = 2.5 if float(cell.high) == 1 else float(integral._log_radius(cell.high).mid())
        for _ in range(5):
            low, high = np.sort(rng.uniform(inner, outer, 2))
            # Half of the height up to which the terms decay.
            half = min((high - low) / 2, 0.75 / float(integral.s.mid()) * 8 / 15)
            middle = arb((low + high) / 2)
            wide, tall = arb(half) * 17 / 8, arb(half) * 15 / 8
            cosine = (integral.s * tall).cos()
            peak = integral._peak(middle - wide, middle + wide, cosine)
            off_axis = integral._off_axis(cell, middle, wide)
            for angle in rng.uniform(0, 2 * np.pi, 20):
                x = acb(middle + wide * float(np.cos(angle)), tall * float(np.sin(angle)))
                terms = arb(0)
                for term in integral.terms:
                    terms += abs(_term_at(term, integral.s, x))
                radius = x.exp()
                tau = (radius / (radius + integral.unit) - cell.low) / (cell.high - cell.low)
                value = abs(cell.at(tau) - integral.origin)
                assert terms < peak
                assert value < off_axis
                nearest = min(nearest, float((peak / terms).mid()))
    assert nearest < 3


def test_what_is_left_outside_of_the_points_is_bounded(integral: _Integral) -> None:
    """Against incomplete gamma functions, at points where little and where much is left."""
    mpmath.mp.dps = 20
    for x in (1.0, 2.0, 3.0):
        bound = integral._outside(arb(x))
        left = mpmath.mpf(0)
        for term in integral.terms:
            s, q, a = (float(value.mid()) for value in (integral.s, term.power, term.decay))
            z = a * mpmath.exp(s * x)
            left += abs(float(term.charge.mid())) * mpmath.gammainc(q / s, z, regularized=True)
        assert bound is None or float(left) <= float(bound.mid()) <= 30 * float(left) + 1e-12
    assert integral._outside(arb(4)) is not None
    point, bound = integral._first(arb(0))
    inside = mpmath.mpf(0)
    for term in integral.terms:
        s, q, a = (float(value.mid()) for value in (integral.s, term.power, term.decay))
        z = a * mpmath.exp(s * float(point.mid()))
        inside += abs(float(term.charge.mid())) * mpmath.gammainc(q / s, 0, z, regularized=True)
    cell = integral.potential[0]
    tau = integral._tau(cell, point)
    assert abs(cell.at(tau) - integral.origin) * float(inside) < bound
    assert bound <= integral.tolerance


def test_coarse_rules_stay_within_their_errors(
    integral: _Integral, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With few nodes errors are seen: they are below their bounds, and so is what is left out."""
    fine = integral.total()
    for nodes, tolerance in ((3, 1e-3), (5, 1e-6)):
        monkeypatch.setattr(gamma_integral, "_NODES", nodes)
        gamma_integral._gauss.cache_clear()
        integral.tolerance = arb(tolerance)
        coarse = integral.total()
        assert coarse.overlaps(fine)
        assert 1e-3 * tolerance < float(coarse.rad())
        error = abs(float((coarse.mid() - fine.mid()).mid()))
        assert error > 1e-4 * tolerance
        assert error < 50 * tolerance
    gamma_integral._gauss.cache_clear()


def test_the_potential_of_a_cell_has_its_two_forms() -> None:
    with ctx.workprec(100):
        rng = np.random.default_rng(8)
        values = rng.normal(size=(1, 4))
        (cell,), _ = one_body(
            2, np.array([[0.0, 1.0]]), values, np.zeros((1, 1, 4)), np.zeros((1, 1, 1)),
            np.zeros(1),
        )  # fmt: skip
        for tau in (0.0, 0.3, 1.0):
            weights = [(1 - tau) ** 3, 3 * tau * (1 - tau) ** 2, 3 * tau**2 * (1 - tau), tau**3]
            assert float(cell.at(arb(tau)).mid()) == pytest.approx(float(values[0] @ weights))
