"""The transport cost by other routes, and its error estimates."""

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy.integrate import quad

from comotion import MODELS, Accuracy, Effort, comotion_plan
from comotion.density.model_densities import UniformBall
from comotion.density.radial import Array
from comotion.errors import DensityError, TransportError


@pytest.mark.parametrize("kind", ["exponential", "gaussian", "ball", "sqrt_r"])
def test_two_electrons_by_adaptive_quadrature_over_the_radius(kind: str) -> None:
    """V = 1/2 int 4 pi r^2 rho / (r + f) dr, in the radius instead of the cumulant."""
    density = MODELS[kind](2)

    def integrand(r: float) -> float:
        partner = float(density.radius(density.cocumulant(r), density.cumulant(r)))
        return float(4 * np.pi * r**2 * density.density(r)) / (r + partner) / 2

    end = 1.0 if kind == "ball" else 60.0
    middle = float(density.shells[0])
    inner, _ = quad(integrand, 1e-9, middle, epsabs=1e-12, epsrel=1e-12, limit=400)
    outer, _ = quad(integrand, middle, end, epsabs=1e-12, epsrel=1e-12, limit=400)
    plan = comotion_plan(density)
    assert plan.cost == pytest.approx(inner + outer, abs=1e-9)
    assert plan.quadrature_error < 1e-7


@pytest.mark.parametrize("kind", ["exponential", "gaussian", "ball", "sqrt_r"])
def test_one_electron_costs_nothing_at_all(kind: str) -> None:
    plan = comotion_plan(MODELS[kind](1))
    assert (plan.cost, plan.error, set(plan.cost_by_seed)) == (0.0, 0.0, {0.0})
    np.testing.assert_allclose(np.linalg.norm(plan.positions, axis=1), plan.radii, rtol=1e-14)
    assert plan.weights @ (plan.radii[:, 0] < plan.density.radius(0.5)) == pytest.approx(
        0.5, abs=0.02
    )


def test_three_electrons_with_the_angles_by_hand() -> None:
    """Three points are coplanar: two angles on a fine grid, then refined by scipy."""
    from scipy.optimize import minimize  # noqa: PLC0415 - only here

    density = MODELS["exponential"](3)
    plan = comotion_plan(density)
    for node in (10, 40, 70, 110):
        a, b, c = plan.radii[node]

        def energy(angles: np.ndarray, a: float = a, b: float = b, c: float = c) -> float:
            u, v = angles
            return float(
                1 / np.sqrt(a * a + b * b - 2 * a * b * np.cos(u))
                + 1 / np.sqrt(a * a + c * c - 2 * a * c * np.cos(v))
                + 1 / np.sqrt(b * b + c * c - 2 * b * c * np.cos(u - v))
            )

        starts = [(u, v) for u in np.linspace(0.3, 6, 7) for v in np.linspace(0.2, 6, 7)]
        best = min(minimize(energy, start, tol=1e-12).fun for start in starts)
        assert plan.energies[node] == pytest.approx(best, abs=1e-9)


def test_errors_cover_a_finer_rule() -> None:
    density = MODELS["sqrt_r"](4)
    coarse, fine = (comotion_plan(density, accuracy=Accuracy(quadrature=q)) for q in (1e-3, 1e-10))
    assert abs(coarse.cost - fine.cost) <= coarse.quadrature_error
    assert fine.quadrature_error < coarse.quadrature_error
    assert fine.search_spread < 1e-12


def test_the_same_seeds_give_the_same_bits_whatever_lies_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = comotion_plan(MODELS["sqrt_r"](4))
    with monkeypatch.context() as poisoned:
        poisoned.setattr(np, "empty", lambda shape, dtype=float: np.full(shape, np.nan, dtype))
        second = comotion_plan(MODELS["sqrt_r"](4))
    assert first.cost == second.cost
    np.testing.assert_array_equal(first.positions, second.positions)


def test_scaling() -> None:
    """V[rho_s] = s V[rho]: exponents of the hydrogenic two-electron density are doubled."""
    single = comotion_plan(MODELS["exponential"](2)).cost
    assert comotion_plan(MODELS["bohr"](2)).cost == pytest.approx(2 * single, rel=1e-9)


@pytest.mark.parametrize("seeds", [(1, 1), (1,)])
def test_too_few_seeds(seeds: tuple[int, ...]) -> None:
    with pytest.raises(TransportError, match="at least 2 different seeds"):
        comotion_plan(MODELS["exponential"](2), seeds=seeds)


def test_seeds_that_disagree_are_an_error_unless_accepted() -> None:
    """Without any effort to speak of, two seeds cannot agree on thirty electrons."""
    density, lazy = MODELS["sqrt_r"](30), Effort(first=1, hops=1, patience=1, stages=(1, 1, 1))
    with pytest.raises(TransportError, match="found costs that differ by"):
        comotion_plan(density, effort=lazy, accuracy=Accuracy(seeds=1e-9))
    accepted = comotion_plan(
        density, effort=lazy, accuracy=Accuracy(seeds=1e-9, accept_disagreement=True)
    )
    assert accepted.search_spread > 1e-9 * accepted.cost
    assert accepted.cost <= min(accepted.cost_by_seed) + 1e-6


def test_a_cumulant_that_misses_charge_is_refused() -> None:
    class Short(UniformBall):
        """A ball that claims one electron more than it holds."""

        def cumulant(self, r: ArrayLike) -> Array:
            return np.asarray(super().cumulant(r) * 2 / 3)

    with pytest.raises(DensityError, match=r"add up to .* not to the 3 electrons"):
        comotion_plan(Short(3))
