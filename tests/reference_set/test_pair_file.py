"""The file of a pair: what comes back is what went in, to the stated error."""

import io
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
from scipy.interpolate import CubicHermiteSpline, CubicSpline

from comotion.audit.set_files import StoredPair, read_pair
from comotion.density.model_densities import bohr, exponential
from comotion.density.radial import Array
from comotion.density.storage import density_digest
from comotion.errors import RecordError
from comotion.reference_set.pair_file import ARRAYS, pair_bytes, plan_of, rounded
from comotion.transport.comotion import comotion_plan
from comotion.transport.maps import comotion_functions
from comotion.transport.plan import Plan

_NAME = "systems/exponential-3/exact.h5"


@pytest.fixture(scope="module")
def pair(published: Path) -> StoredPair:
    return read_pair(published, _NAME)


@pytest.fixture(scope="module")
def plan(results: Path) -> Plan:
    return Plan.load(results / "exponential-3/exact/plan.h5")


def test_the_plan_comes_back(pair: StoredPair, plan: Plan) -> None:
    found = plan_of(pair)
    for name in ("cost", "cost_by_seed", "search_spread", "quadrature_error", "seeds", "moves",
                 "system", "level", "kind", "n_electrons"):  # fmt: skip
        assert getattr(found, name) == getattr(plan, name), name
    for name in ("q", "weights", "radii", "energies", "upward"):
        np.testing.assert_array_equal(getattr(found, name), getattr(plan, name))
    np.testing.assert_allclose(
        found.positions, plan.positions, rtol=0, atol=1e-9 * plan.radii.max()
    )
    assert density_digest(found.density) == density_digest(plan.density)
    r = np.geomspace(1e-3, 50, 300)
    np.testing.assert_allclose(found.potential(r), plan.potential(r), rtol=1e-8)


def _radii(pair: StoredPair, seed: int) -> Array:
    """Radii anywhere within the radial table, shape (4000,), bohr."""
    low, high = np.log(pair.arrays["r"][[0, -1]])
    return np.exp(np.random.default_rng(seed).uniform(float(low), float(high), 4000))


def test_the_radial_table_interpolates_to_its_error(pair: StoredPair) -> None:
    """Against closed forms of 3 exp(-r) / (8 pi)."""
    r = _radii(pair, seed=3)
    x, at = np.log(pair.arrays["r"]), np.log(r)
    rho = np.exp(CubicSpline(x, np.log(pair.arrays["rho"]))(at))
    right = 3 * np.exp(-r) / (8 * np.pi)
    charged = 4 * np.pi * r**3 * right > 1e-8
    assert np.max(np.abs(rho / right - 1)[charged]) < 1e-8
    slope = 4 * np.pi * pair.arrays["r"] ** 3 * pair.arrays["rho"]
    inside = CubicHermiteSpline(x, pair.arrays["charge_inside"], slope)(at)
    outside = 3 * np.exp(-r) * (1 + r + r**2 / 2)
    assert np.max(np.abs(inside - (3 - outside))) < 1e-8
    at_rows = pair.arrays["r"]
    closed = 3 * np.exp(-at_rows) * (1 + at_rows + at_rows**2 / 2)
    np.testing.assert_allclose(pair.arrays["charge_outside"], closed, rtol=1e-11)
    assert pair.arrays["charge_inside"][0] == pytest.approx(1e-10, rel=1e-6)
    assert pair.arrays["charge_outside"][-1] == pytest.approx(1e-10, rel=1e-6)


def test_the_potential_interpolates_to_its_error(pair: StoredPair, plan: Plan) -> None:
    r = _radii(pair, seed=4)
    u = CubicHermiteSpline(
        np.log(pair.arrays["r"]), pair.arrays["u"], pair.arrays["u_slope"] * pair.arrays["r"]
    )
    np.testing.assert_allclose(u(np.log(r)), plan.potential(r), rtol=1e-6)


def test_shells_and_maps(pair: StoredPair, plan: Plan) -> None:
    a = pair.arrays["shells"]
    np.testing.assert_allclose(3 * np.exp(-a) * (1 + a + a**2 / 2), [2, 1], rtol=1e-12)
    np.testing.assert_allclose(
        pair.arrays["maps"], comotion_functions(plan.density, pair.arrays["map_radii"]), rtol=1e-10
    )
    assert len(pair.arrays["map_radii"]) > 90


def test_every_array_has_a_unit_and_a_meaning(published: Path) -> None:
    with h5py.File(io.BytesIO((published / _NAME).read_bytes())) as file:
        own = [name for name in file if not name.startswith("density_")]
        assert sorted(own) == sorted(ARRAYS)
        for name in file:
            assert file[name].attrs["unit"]
            assert file[name].attrs["meaning"]
            assert (file[name].compression, file[name].shuffle) == ("gzip", True)
        for name in own:
            assert file[name].attrs["unit"] == ARRAYS[name][0]
            assert ARRAYS[name][2] in file[name].attrs["meaning"]
            assert len(ARRAYS[name][1].split(",")) - ("," in ARRAYS[name][1][-2:]) == (
                file[name].ndim
            )
        assert '"comotion"' in file.attrs["versions"]


def test_ten_electrons_stay_small() -> None:
    plan = replace(comotion_plan(bohr(10)), system="bohr-10", level="exact")
    content = pair_bytes(plan, "{}")
    assert len(content) < 80_000
    assert content == pair_bytes(plan, "{}")


@pytest.mark.parametrize("bits", [10, 40])
def test_rounding(bits: int) -> None:
    values = np.append(np.random.default_rng(1).lognormal(sigma=20, size=500), [0.0, -3.0])
    found = rounded(values, bits)
    np.testing.assert_allclose(found, values, rtol=2.0**-bits, atol=0)
    assert np.max(np.abs(found - values) / np.maximum(np.abs(values), 1e-300)) > 2.0 ** -(bits + 2)
    np.testing.assert_array_equal(rounded(found, bits), found)
    scaled = np.ldexp(np.frexp(found)[0], bits)
    np.testing.assert_array_equal(scaled, np.round(scaled))


def test_another_plan_is_refused() -> None:
    plan = comotion_plan(exponential(3), upward=np.array([True, True, False]))
    with pytest.raises(RecordError, match="holds co-motion plans of Coulomb's repulsion"):
        pair_bytes(plan, "{}")


def test_a_file_without_an_array_is_no_pair(pair: StoredPair) -> None:
    arrays = {name: value for name, value in pair.arrays.items() if name != "q"}
    with pytest.raises(RecordError, match=f"{_NAME}: is no file of a pair: 'q' is missing"):
        plan_of(replace(pair, arrays=arrays))
