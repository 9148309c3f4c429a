"""The Hartree potential: closed forms, the Hartree energy, both ends."""

import numpy as np
import pytest
from scipy.special import erf

from comotion.density.functionals import hartree
from comotion.density.hartree_potential import hartree_potential
from comotion.density.model_densities import MODELS
from comotion.density.radial import Array, RadialDensity
from comotion.errors import DensityError
from conftest import atom

R = np.array([1e-12, 1e-3, 0.03, 0.4, 0.999, 1.0, 2.5, 9.0, 70.0, 1e5])


def _of_exponential(r: Array) -> Array:
    return np.where(r < 1e-6, 0.5, -np.expm1(-r) / r - np.exp(-r) / 2)


def _of_gaussian(r: Array) -> Array:
    return np.asarray(erf(r / np.sqrt(2)) / r)


def _of_ball(r: Array) -> Array:
    return np.where(r <= 1, (3 - r**2) / 2, 1 / r)


@pytest.mark.parametrize("n_electrons", [1, 4])
@pytest.mark.parametrize(
    ("kind", "closed_form"),
    [("exponential", _of_exponential), ("gaussian", _of_gaussian), ("ball", _of_ball)],
)
def test_closed_forms(kind: str, closed_form: object, n_electrons: int) -> None:
    assert callable(closed_form)
    found = hartree_potential(MODELS[kind](n_electrons))
    np.testing.assert_allclose(found(R), n_electrons * closed_form(R), rtol=1e-9)


@pytest.mark.parametrize(
    "density",
    [MODELS["bohr"](10), MODELS["sqrt_r"](3), MODELS["ball"](5), atom("Be", "hf_aug-cc-pVTZ")[1]],
    ids=["bohr", "sqrt_r", "ball", "Be"],
)
def test_its_energy_is_that_of_newtons_theorem(density: RadialDensity) -> None:
    rule = density.quadrature(2)
    energy = np.sum(rule.weights * hartree_potential(density)(rule.radii)) / 2
    assert energy == pytest.approx(hartree(density, 2), rel=1e-9)


def test_shapes_and_scaling() -> None:
    rho = MODELS["bohr"](4)
    found = hartree_potential(rho)
    assert found(1.0).shape == ()
    r = np.linspace(0.0, 3.0, 12).reshape(3, 4)
    assert found(r).shape == (3, 4)
    stretched = hartree_potential(rho.stretched(2.0))
    np.testing.assert_allclose(stretched(2 * r), found(r) / 2, rtol=1e-10)
    assert repr(found) == "<HartreePotential of <GammaMixture: 4 electrons>>"


def test_no_density() -> None:
    with pytest.raises(DensityError, match="is no density"):
        hartree_potential(3)  # type: ignore[arg-type]
