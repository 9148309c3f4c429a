"""Trials of the pair bound: closed forms, scaling, the objective, and the repair."""

import numpy as np
import pytest

from comotion import MODELS, comotion_plan, hartree
from comotion.errors import TransportError
from comotion.transport.bounds.pair.programme import from_matrix
from comotion.transport.bounds.pair.separation import violations
from comotion.transport.bounds.pair.trial import (
    PairEffort,
    PairTrial,
    objective_of,
    pair_trial,
    repaired,
    value_of,
)
from comotion.transport.hierarchy import pair_value

_EFFORT = PairEffort(intervals=4, degree=3, rounds=4)


@pytest.fixture(scope="module")
def three() -> PairTrial:
    return pair_trial(MODELS["exponential"](3), _EFFORT)


@pytest.mark.parametrize("kind", ["exponential", "gaussian", "sqrt_r"])
def test_of_two_electrons_it_is_v_2(kind: str) -> None:
    """The variance condition says nothing of two electrons: V_2, from below."""
    rho = MODELS[kind](2)
    found = pair_trial(rho, PairEffort(intervals=6, degree=3, rounds=8))
    exact = pair_value(rho)
    assert exact.value * (1 - 5e-6) < found.value < exact.value + exact.error


def test_of_three_it_lies_between_v_2_and_the_plan(three: PairTrial) -> None:
    rho = three.density
    assert pair_value(rho).value < three.value < three.programme
    assert three.value < comotion_plan(rho).cost
    assert three.programme < (2 / 3) * hartree(rho)
    # The best known value is 0.60544.
    assert 0.604 < three.value < 0.6055


@pytest.mark.parametrize("factor", [2.0, 0.25, 1024.0])
def test_a_power_of_two_changes_no_digit(three: PairTrial, factor: float) -> None:
    """All is computed in a unit that is one."""
    found = pair_trial(three.density.stretched(factor), _EFFORT)
    assert found.unit == factor * three.unit
    assert found.value * factor == three.value
    assert found.programme * factor == three.programme
    assert found.gap * factor == three.gap
    np.testing.assert_array_equal(found.potential, three.potential)
    assert (found.theta, found.rows, found.rounds) == (three.theta, three.rows, three.rounds)


def test_the_objective_is_the_bound(three: PairTrial) -> None:
    space = three.space
    unknowns = np.concatenate(
        [three.potential, *(from_matrix(kernel) for kernel in three.kernels)]
    )  # fmt: skip
    value = value_of(space, three.potential, three.kernels)
    assert objective_of(space) @ unknowns == pytest.approx(value, rel=1e-12)
    assert value / three.unit == three.value


def test_the_bound_is_the_integral_of_its_potential(three: PairTrial) -> None:
    """Of U, less that of K_0 over pairs."""
    rule = three.density.quadrature(2)
    energy = rule.weights @ three.one_body(rule.radii)
    charges = three.space.charges
    constant = charges @ three.space.whole(three.kernels[0]) @ charges / 2 / three.unit
    assert energy - constant == pytest.approx(three.value, rel=1e-6)
    assert three.one_body(np.array([[1.0, np.inf]])).shape == (1, 2)
    far = three.one_body(np.array([1e12, np.inf]))
    assert far[0] == pytest.approx(far[1], abs=1e-9)


def test_no_configuration_is_bound_by_more_than_its_repulsion(three: PairTrial) -> None:
    rng = np.random.default_rng(7)
    charge = rng.uniform(0.001, 2.999, (4000, 3))
    radii = three.density.radius(charge, 3 - charge)
    directions = rng.standard_normal((4000, 3, 3))
    x = radii[..., None] * directions / np.linalg.norm(directions, axis=2, keepdims=True)
    repulsion = sum(
        1 / np.linalg.norm(x[:, i] - x[:, j], axis=1) for i, j in ((0, 1), (0, 2), (1, 2))
    )
    charges = three.space.charges
    constant = charges @ three.space.whole(three.kernels[0]) @ charges / 2 / three.unit
    slack = repulsion - (three.one_body(radii).sum(axis=1) - constant)
    assert slack.min() > 0
    # And some are bound by nearly as much.
    assert slack.min() < 0.1


def test_a_repaired_trial_is_feasible(three: PairTrial) -> None:
    """Violated by raising v; lowered by the violation there is none."""
    space = three.space
    potential = three.potential + 0.05 * space.one
    _, slack = violations(space, potential, three.kernels)
    assert slack[0] < -1e-3
    mended = repaired(space, potential, three.kernels, -1.001 * slack[0])
    _, slack = violations(space, *mended)
    assert slack[0] > 0


def test_lowering_costs_what_it_says(three: PairTrial) -> None:
    assert three.lowered(0.0) is three
    theta = 1e-3
    found = three.lowered(theta)
    pairs = 3 * 2 / 2
    # (value - theta times one for each pair) over 1 + theta.
    expected = (three.value - theta * pairs / three.unit) / (1 + theta)
    assert found.value == pytest.approx(expected, rel=1e-9)
    assert found.value < three.value
    _, slack = violations(three.space, found.potential, found.kernels)
    assert slack[0] > 0.5 * theta


def test_kernels_are_positive_semidefinite(three: PairTrial) -> None:
    assert len(three.kernels) == 4
    for kernel, size in zip(three.kernels, three.space.sizes, strict=True):
        assert kernel.shape == (size, size)
        np.testing.assert_allclose(kernel, kernel.T, rtol=1e-13, atol=1e-16)
        assert np.linalg.eigvalsh(kernel)[0] > -1e-14 * np.abs(kernel).max()


def test_more_rounds_do_not_lower_it(three: PairTrial) -> None:
    one = pair_trial(three.density, PairEffort(4, 3, 1))
    assert one.rounds == 1 < three.rounds
    assert one.value <= three.value
    assert one.rows < three.rows


def test_it_says_where_it_is() -> None:
    said: list[str] = []

    def report(step: str, detail: str = "", share: float | None = None) -> None:
        del detail, share
        said.append(step)

    found = pair_trial(MODELS["exponential"](2), PairEffort(3, 2, 2), report)
    assert len(said) == 2
    assert all(step.startswith("pair bound ") for step in said)
    assert any(f"{found.value:.7f}" in step for step in said)


def test_one_electron_and_no_effort() -> None:
    with pytest.raises(TransportError, match="one electron repels nothing"):
        pair_trial(MODELS["exponential"](1))
    for wrong in ({"intervals": 1}, {"degree": 0}, {"rounds": 0}):
        with pytest.raises(TransportError, match="two intervals, a degree of 1 and a round"):
            PairEffort(**wrong)
