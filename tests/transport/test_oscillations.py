"""Zero-point oscillations by another route: the whole Hessian of V - sum u in Cartesian axes."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from comotion import MODELS, Accuracy, Plan, ZeroPoint, comotion_plan, zero_point
from comotion.density.radial import Array, RadialDensity
from comotion.errors import TransportError
from comotion.transport.angular.search import Search
from comotion.transport.maps import configuration_radii
from comotion.transport.potential import radial_forces
from comotion.transport.zero_point import pair_hessian

_NODES = (20, 40, 64, 101)
_UUDD = np.array([True, True, False, False])


def _plan(kind: str, n: int, upward: NDArray[np.bool_] | None = None) -> Plan:
    return comotion_plan(MODELS[kind](n), upward=upward, accuracy=Accuracy(quadrature=1e-3))


@pytest.fixture(scope="module")
def four() -> Plan:
    return _plan("bohr", 4)


def _squares(plan: Plan, node: int) -> Array:
    """Eigenvalues of V - sum u with u'' from the change of the forces along the curve, ascending.

    Those of the four zero modes are among them.
    """
    density, upward = plan.density, plan.upward
    assert plan.q is not None
    q = plan.q[node] + 1e-3 * min(plan.q[node], 1 - plan.q[node]) * np.array([-1.0, 0.0, 1.0])
    radii = configuration_radii(density, q, 1 - q, upward)
    search = Search(radii, seed=1)
    unit = plan.positions[node] / plan.radii[node]
    search.positions[:] = unit * radii[:, None]
    search.energies[:] = plan.energies[node]
    search.polish()
    forces = radial_forces(radii, search.positions)
    second = (forces[2] - forces[0]) / (radii[2] - radii[0])
    position, n = search.positions[1], radii.shape[1]
    hessian = pair_hessian(position).reshape(3, n, 3, n)
    for i, r in enumerate(radii[1]):
        axis = position[:, i] / r
        along = np.outer(axis, axis)
        hessian[:, i, :, i] -= second[i] * along + forces[1, i] / r * (np.eye(3) - along)
    return np.asarray(np.linalg.eigvalsh(hessian.reshape(3 * n, 3 * n)))


@pytest.mark.parametrize(
    ("kind", "n", "upward"),
    [("bohr", 4, None), ("sqrt_r", 5, None), ("exponential", 3, None), ("sqrt_r", 4, _UUDD)],
)
def test_frequencies_by_the_whole_hessian(
    kind: str, n: int, upward: NDArray[np.bool_] | None
) -> None:
    """Three rotations and the motion along the curve have none; imaginary ones count as zero."""
    plan = _plan(kind, n, upward)
    found = zero_point(plan)
    assert found.frequencies.shape == (len(plan.weights), 3 * n - 4)
    assert np.all(np.diff(found.frequencies, axis=1) >= 0)
    for node in _NODES:
        squares = _squares(plan, node)
        zeros = np.argsort(np.abs(squares))[:4]
        assert np.max(np.abs(squares[zeros])) < 1e-5 * squares[-1]
        others = np.delete(squares, zeros)
        expected = np.sqrt(np.maximum(others, 0.0))
        np.testing.assert_allclose(
            found.frequencies[node], expected, rtol=2e-3, atol=3e-3 * expected[-1]
        )


def test_coefficient_is_a_quarter_of_the_mean_sum_of_frequencies(four: Plan) -> None:
    found = zero_point(four)
    sums = found.frequencies.sum(axis=1)
    assert found.w_inf_prime == pytest.approx(four.weights @ sums / 4, rel=1e-14)
    half = 2 * four.weights[1::2] @ sums[1::2] / 4
    assert found.quadrature_error == pytest.approx(abs(found.w_inf_prime - half), rel=1e-9)
    assert found.missing is None


@pytest.mark.parametrize(("kind", "n"), [("exponential", 2), ("bohr", 4), ("sqrt_r", 3)])
def test_its_error_covers_a_finer_rule(kind: str, n: int) -> None:
    coarse = zero_point(_plan(kind, n))
    fine = zero_point(
        comotion_plan(
            MODELS[kind](n), accuracy=Accuracy(quadrature=1e-11, accept_disagreement=True)
        )
    )
    assert 0 < abs(coarse.w_inf_prime - fine.w_inf_prime) <= coarse.quadrature_error
    assert 0 < fine.quadrature_error < coarse.quadrature_error


def test_half_the_lengths_are_twice_root_two_the_frequencies() -> None:
    """omega^2 is an energy over a length squared; W'_inf = s^(3/2) times that of s rho(s r)."""
    one, two = (zero_point(_plan(kind, 2)) for kind in ("exponential", "bohr"))
    np.testing.assert_allclose(two.frequencies, 2**1.5 * one.frequencies, rtol=1e-6)
    assert two.w_inf_prime == pytest.approx(2**1.5 * one.w_inf_prime, rel=1e-9)


def test_unstable_share_is_the_weight_of_configurations_that_are_no_minimum() -> None:
    plan = _plan("sqrt_r", 4)
    found = zero_point(plan)
    no_minimum = found.frequencies[:, 0] == 0
    assert 0 < np.sum(~no_minimum) < 10
    weights = np.zeros(len(no_minimum))
    weights[np.argmax(found.frequencies[:, 0])], weights[64] = 0.25, 0.75
    assert no_minimum[64]
    assert zero_point(replace(plan, weights=weights)).unstable_share == 0.75
    for node in (5, 30, 64, 90, 122):
        squares = _squares(plan, node)
        assert (squares[0] < -1e-4 * squares[-1]) == no_minimum[node]
        assert found.least_eigenvalue <= squares[0] / squares[-1] * (1 - 1e-3)
    assert found.least_eigenvalue < 0


def test_zero_modes_are_those_of_arrangements_of_least_energy(four: Plan) -> None:
    """Turned out of them, the electrons feel a torque: then the rotations cost energy."""
    found = zero_point(four)
    assert 0 < found.zero_mode_residual < 1e-7
    moved = four.positions + 1e-3 * np.random.default_rng(2).normal(size=four.positions.shape)
    moved *= (four.radii / np.linalg.norm(moved, axis=1))[:, None]
    other = zero_point(replace(four, positions=moved))
    assert other.zero_mode_residual > 1e4 * found.zero_mode_residual
    # The largest of all nodes is told.
    moved[:70], moved[71:] = four.positions[:70], four.positions[71:]
    assert zero_point(replace(four, positions=moved)).zero_mode_residual > 1e-6


def test_turning_every_configuration_changes_nothing(four: Plan) -> None:
    turn, _ = np.linalg.qr(np.random.default_rng(7).normal(size=(3, 3)))
    turned = zero_point(replace(four, positions=np.einsum("ab,nbi->nai", turn, four.positions)))
    found = zero_point(four)
    assert turned.w_inf_prime == pytest.approx(found.w_inf_prime, rel=1e-9)
    np.testing.assert_allclose(turned.frequencies, found.frequencies, rtol=1e-6, atol=1e-9)


def test_one_electron_does_not_oscillate() -> None:
    found = zero_point(comotion_plan(MODELS["ball"](1)))
    assert (found.w_inf_prime, found.quadrature_error, found.unstable_share) == (0.0, 0.0, 0.0)
    assert (found.least_eigenvalue, found.zero_mode_residual) == (0.0, 0.0)
    assert found.frequencies.shape == (127, 0)
    assert found.missing is None


def test_a_plan_by_cells_has_no_curve(four: Plan) -> None:
    cells = replace(four, cells=np.zeros((127, 4), dtype=np.int64), n_cells=1)
    with pytest.raises(TransportError, match="no curve to oscillate about"):
        zero_point(cells)


@pytest.mark.parametrize(("share", "known"), [(0.49, True), (0.51, False)])
def test_known_where_the_error_is_at_most_half_of_it(share: float, known: bool, four: Plan) -> None:
    """Weights moved between the nodes until the rules with all of them and half differ so much."""
    found = zero_point(four)
    sums = found.frequencies.sum(axis=1) / 4
    odd = np.zeros(len(sums), dtype=bool)
    odd[1::2] = True
    inside, outside = four.weights[odd] @ sums[odd], four.weights[~odd] @ sums[~odd]
    # Odd nodes times a, the others once: |b + a c - 2 a c| = share (b + a c).
    factor = outside / inside * (1 - share) / (1 + share)
    weights = np.where(odd, factor, 1.0) * four.weights
    changed = zero_point(replace(four, weights=weights))
    assert changed.quadrature_error == pytest.approx(share * (weights @ sums), rel=1e-9)
    assert np.isnan(changed.w_inf_prime) != known
    assert (changed.missing is None) == known


def test_nodes_in_a_gap_must_have_no_weight(four: Plan) -> None:
    """A density that is nothing at a node that counts: the coefficient is unknown."""

    class Hollow:
        """The density, but nothing at all at the radii of one node."""

        def __init__(self, density: RadialDensity, radius: float) -> None:
            self._density, self._radius = density, radius
            self.n_electrons = density.n_electrons

        def density(self, r: Array) -> Array:
            return np.where(r == self._radius, 0.0, self._density.density(r))

    for weight, known in ((0.0, True), (0.9e-9, True), (1.1e-9, False)):
        weights = four.weights.copy()
        weights[40] = weight
        hollow: object = Hollow(four.density, four.radii[40, 2])
        changed = replace(four, weights=weights, density=hollow)  # type: ignore[arg-type]
        found = zero_point(changed)
        assert found.frequencies.shape == (126, 8)
        assert np.isfinite(found.quadrature_error) == known
        assert np.isnan(found.w_inf_prime) != known


def test_what_it_says_of_itself(four: Plan) -> None:
    found = zero_point(four)
    assert repr(found) == (
        f"<ZeroPoint: W'_inf {found.w_inf_prime:.8f} +- {found.quadrature_error:.0e} hartree, "
        f"unstable share {found.unstable_share:.3g}>"
    )
    unknown = ZeroPoint(float("nan"), 0.25, np.empty((1, 2)), 0.1, 0.0, 0.0)
    assert "W'_inf unknown" in repr(unknown)
    assert unknown.missing is not None
    assert unknown.missing.startswith("its quadrature error is 2.5e-01 hartree, more than half")
