"""Densities on disk: whole, of every kind, and known by their digest."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from comotion.density.gamma import GammaMixture
from comotion.density.model_densities import MODELS, UniformBall
from comotion.density.radial import RadialDensity
from comotion.density.storage import (
    KINDS,
    density_digest,
    density_of_parts,
    load_density,
    parts_of,
    save_density,
)
from comotion.density.table import TabulatedDensity, tabulated
from comotion.errors import DensityError
from comotion.io import write_arrays

_R = np.linspace(0, 30, 61)
_GAMMA = GammaMixture(3, np.array([1.0, 2.0]), np.array([2.0, 3.0]), np.array([1.0, 4.0]), 2)
_TABLE = tabulated(_R, MODELS["exponential"](2)(_R), normalize=True)
_BALL = UniformBall(4, 1.5)
_KINDS: dict[str, RadialDensity] = {"gamma": _GAMMA, "table": _TABLE, "ball": _BALL}


def test_every_kind_has_its_name() -> None:
    assert {"gamma": GammaMixture, "table": TabulatedDensity, "ball": UniformBall} == KINDS


@pytest.mark.parametrize("kind", _KINDS)
def test_a_density_comes_back_from_the_disk(tmp_path: Path, kind: str) -> None:
    density = _KINDS[kind]
    path = tmp_path / "density.h5"
    save_density(path, "mine", "level", density)
    system, level, read = load_density(path)
    assert (system, level) == ("mine", "level")
    assert type(read) is type(density)
    assert read.n_electrons == density.n_electrons
    r = np.linspace(0.01, 5, 40)
    np.testing.assert_array_equal(read.density(r), density.density(r))
    np.testing.assert_array_equal(read.cumulant(r), density.cumulant(r))
    assert density_digest(read) == density_digest(density)


@pytest.mark.parametrize("kind", _KINDS)
def test_parts_say_what_they_are(kind: str) -> None:
    attributes, arrays = parts_of(_KINDS[kind])
    assert attributes["kind"] == kind
    assert attributes["n_electrons"] == _KINDS[kind].n_electrons
    units = {name: unit for name, (_, unit, _) in arrays.items()}
    assert (
        units
        == {
            "gamma": {"coefficients": "electrons", "powers": "1", "exponents": "bohr^-s"},
            "table": {"r": "bohr", "rho": "bohr^-3"},
            "ball": {},
        }[kind]
    )
    assert set(attributes) - {"kind", "n_electrons"} == {
        "gamma": {"s"}, "table": set(), "ball": {"ball_radius"},
    }[kind]  # fmt: skip
    plain = {name: values for name, (values, _, _) in arrays.items()}
    again = density_of_parts(attributes, plain)
    np.testing.assert_array_equal(again.density(_R), _KINDS[kind].density(_R))


def test_densities_that_differ_have_other_digests() -> None:
    different = [
        _GAMMA,
        replace(_GAMMA, coefficients=np.array([1.5, 1.5])),
        replace(_GAMMA, powers=np.array([2.0, 4.0])),
        replace(_GAMMA, exponents=np.array([1.0, np.nextafter(4, 5)])),
        replace(_GAMMA, s=1),
        _GAMMA.scaled(2),
        _BALL,
        UniformBall(4),
        UniformBall(5, 1.5),
        _TABLE,
        _TABLE.stretched(2),
        replace(_TABLE, n_electrons=1),
        tabulated(_R[:-1], _TABLE.rho[:-1], normalize=True),
    ]
    digests = [density_digest(density) for density in different]
    assert len(set(digests)) == len(different)
    assert all(len(digest) == 64 for digest in digests)


def test_a_digest_does_not_depend_on_the_type_of_numbers() -> None:
    whole = GammaMixture(1, np.array([1]), np.array([2]), np.array([1]), 1)
    real = GammaMixture(1, np.array([1.0]), np.array([2.0]), np.array([1.0]), np.float64(1.0))
    assert density_digest(whole) == density_digest(real)


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ({"n_electrons": 2}, r"holds no density \(KeyError\)"),
        ({"kind": "cube", "n_electrons": 2}, r"holds no density \(KeyError\)"),
        ({"kind": "ball", "n_electrons": "x", "ball_radius": 1.0}, r"\(ValueError\)"),
        ({"kind": "ball", "n_electrons": 0, "ball_radius": 1.0}, "a model of 0 electrons"),
        ({"kind": "ball", "n_electrons": 2, "ball_radius": 1.0, "system": None}, "KeyError"),
    ],
)
def test_a_file_without_a_density(
    tmp_path: Path, attributes: dict[str, object], sentence: str
) -> None:
    path = tmp_path / "density.h5"
    named = {"system": "mine", "level": "table"} | attributes
    write_arrays(path, {}, {name: value for name, value in named.items() if value is not None})
    with pytest.raises(DensityError, match=f"density.h5: .*{sentence}"):
        load_density(path)
