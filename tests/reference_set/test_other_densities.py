"""Densities of the other kinds in a pair: rows of a table, a uniform ball, Gaussians."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from comotion.audit.proofs import _is_density, _of_pieces
from comotion.audit.set_files import StoredPair
from comotion.audit.stored_density import density_findings, of_terms, stored_density
from comotion.audit.stored_plan import plan_findings
from comotion.density.model_densities import exponential, gaussian, model
from comotion.density.radial import Array, RadialDensity
from comotion.density.storage import density_digest
from comotion.density.table import TabulatedDensity, tabulated
from comotion.hdf5 import numbers, opened
from comotion.reference_set.pair_file import pair_bytes, plan_of
from comotion.transport.bounds.pair.proof_file import density_record
from comotion.transport.comotion import comotion_plan


def _rows() -> TabulatedDensity:
    r = np.geomspace(1e-4, 45, 900)
    return tabulated(r, exponential(2)(r), normalize=True)


def _pair(density: RadialDensity) -> StoredPair:
    plan = replace(comotion_plan(density), system="mine", level="table")
    with opened(pair_bytes(plan, "{}")) as file:
        return StoredPair("mine.h5", dict(file.attrs), {name: numbers(file, name) for name in file})


@pytest.fixture(scope="module")
def rows() -> StoredPair:
    return _pair(_rows())


@pytest.mark.parametrize("density", [_rows(), model("ball", 2), gaussian(3)])
def test_they_are_right_and_come_back(density: RadialDensity) -> None:
    pair = _pair(density)
    assert [*density_findings(pair), *plan_findings(pair)] == []
    found = stored_density(pair).integrals()
    assert found["n_electrons"] == pytest.approx(density.n_electrons, rel=1e-8)
    assert density_digest(plan_of(pair).density) == density_digest(density)


def test_the_ball_in_closed_form() -> None:
    """U = 3/5 N^2 / R, and rho^(4/3) is constant."""
    found = stored_density(_pair(model("ball", 2))).integrals()
    assert found["hartree"] == pytest.approx(0.6 * 4, rel=1e-8)
    volume = 4 * np.pi / 3
    assert found["rho_four_thirds"] == pytest.approx((2 / volume) ** (4 / 3) * volume, rel=1e-8)
    rho = of_terms({"kind": "ball", "n_electrons": 2, "ball_radius": 2.0}, np.array([1.9, 2.1]))
    np.testing.assert_allclose(rho, [2 / (8 * volume), 0.0])


@pytest.mark.parametrize("row", [300, 600])
def test_a_row_that_was_tampered_with(rows: StoredPair, row: int) -> None:
    rho = rows.arrays["density_rho"].copy()
    rho[row] *= 1 + 1e-5
    found = list(density_findings(replace(rows, arrays={**rows.arrays, "density_rho": rho})))
    assert found == ["rho: it is not that of the parts of the density"]


def _record(density: RadialDensity) -> dict[str, Any]:
    return density_record(density)


def test_the_polynomials_of_a_certificate_are_a_density(rows: StoredPair) -> None:
    density = _rows()
    r: Array = np.geomspace(1e-4, 40, 500)
    found = _of_pieces(_record(density)["pieces"], r)
    np.testing.assert_allclose(found, density(r), rtol=1e-12)
    assert _is_density(_record(density), rows)
    assert not _is_density(_record(density.stretched(1.0001)), rows)
    assert not _is_density(_record(exponential(2)), rows)


def test_the_ball_of_a_certificate() -> None:
    ball = model("ball", 2)
    pair = _pair(ball)
    assert _is_density(_record(ball), pair)
    assert not _is_density(_record(ball.stretched(2.0)), pair)


@pytest.mark.parametrize("n", [2, 8])
def test_two_electrons_of_a_ball(n: int) -> None:
    """V_2 of N electrons in a ball: f^3 = 1 - r^3, by quadrature in r."""
    closed, _ = quad(lambda r: 3 * n * r**2 / (r + np.cbrt(1 - r**3)), 0, 1, epsabs=1e-13)
    found = stored_density(_pair(model("ball", n))).integrals()["v_2"]
    assert found == pytest.approx((n - 1) / 2 * closed, rel=3e-9)


def test_a_ball_of_many_electrons_is_accepted() -> None:
    """Its potential has a kink at the edge, which is the slope of no spline."""
    assert list(plan_findings(_pair(model("ball", 4)))) == []
