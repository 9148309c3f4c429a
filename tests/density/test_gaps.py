"""Tables of densities with edges, hollow centres and gaps, against their closed forms."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from numpy.polynomial import Polynomial
from scipy.integrate import quad
from scipy.optimize import brentq

from comotion.density.functionals import hartree
from comotion.density.model_densities import MODELS
from comotion.density.radial import Array
from comotion.density.storage import load_density, save_density
from comotion.density.table import TabulatedDensity, tabulated
from comotion.density.user_table import read_table
from comotion.errors import DensityError
from comotion.transport.bounds.bracket import bracket
from comotion.transport.comotion import comotion_plan
from comotion.transport.hierarchy import pair_value


@dataclass(frozen=True, eq=False)
class _Shells:
    """Shells of polynomial density, (r - a)^k (b - r)^k up to a factor; k = 0 jumps.

    Attributes:
        shells: Inner and outer radius and charge of each.
        power: The power k of the distance from both edges.
    """

    shells: tuple[tuple[float, float, float], ...]
    power: int

    @cached_property
    def charges(self) -> list[Polynomial]:
        """Radial density 4 pi r^2 rho of each shell."""
        found = []
        for a, b, charge in self.shells:
            shape = Polynomial([-a * b, a + b, -1]) ** self.power * Polynomial([0, 0, 1])
            inside = shape.integ()
            found.append(shape * (charge / (inside(b) - inside(a))))
        return found

    def cumulant(self, r: float) -> float:
        """Electrons inside r."""
        return sum(
            float(p.integ()(min(max(r, a), b)) - p.integ()(a))
            for (a, b, _), p in zip(self.shells, self.charges, strict=True)
        )

    def radius(self, m: float) -> float:
        """Inner end of the radii that enclose m."""
        inside = 0.0
        for a, b, charge in self.shells:
            if m >= self.cumulant(b) > m - 1e-12:
                return b
            if m <= inside + charge:
                return float(brentq(lambda r: self.cumulant(r) - m, a, b, xtol=1e-15, rtol=1e-15))
            inside += charge
        raise AssertionError(m)

    @property
    def hartree(self) -> float:
        """U = int 4 pi r rho N(r) dr."""
        return sum(
            quad(lambda r, p=p: p(r) / r * self.cumulant(r), a, b, epsabs=1e-13, epsrel=1e-13)[0]
            for (a, b, _), p in zip(self.shells, self.charges, strict=True)
        )

    def table(self, rows: int = 101) -> TabulatedDensity:
        """The same as a table."""
        jump = np.zeros(int(self.power == 0))
        r, rho = [np.zeros(1)], [np.zeros(1)]
        for (a, b, _), p in zip(self.shells, self.charges, strict=True):
            at = np.linspace(a, b, rows)
            inner = (p // Polynomial([0, 0, 1]))(at) / (4 * np.pi)
            # Rounding makes a density at an edge that is none.
            inner[[0, -1]] *= self.power == 0
            r += [a + jump, at, b + jump]
            rho += [jump, inner, jump]
        return tabulated(np.concatenate(r), np.concatenate(rho))


_HOLLOW = _Shells(((1, 2, 2),), 0)
_CASES = {
    "hollow": _HOLLOW,
    "soft hollow": _Shells(((1, 2, 2),), 1),
    "very soft hollow": _Shells(((1, 2, 3),), 3),
    "gap at 1": _Shells(((1, 2, 1), (3, 4, 1)), 0),
    "soft gap at 1": _Shells(((1, 2, 1), (3, 4, 1)), 1),
    "gap at 1.5": _Shells(((1, 2, 1.5), (3, 4, 0.5)), 0),
    "soft gap at 1.5": _Shells(((0.5, 2, 1.5), (3, 5, 1.5)), 2),
    "three shells": _Shells(((0.1, 0.2, 1), (1, 2, 2), (5, 9, 1)), 1),
}


@pytest.mark.parametrize("exact", _CASES.values(), ids=_CASES)
def test_shells_and_gaps(exact: _Shells) -> None:
    table = exact.table()
    n = table.n_electrons
    r = np.linspace(0, exact.shells[-1][1] + 1, 313)
    inside = np.array([exact.cumulant(at) for at in r])
    # Up to the power 2 the rows settle everything.
    error = 1e-12 if exact.power <= 2 else 1e-9
    np.testing.assert_allclose(table.cumulant(r), inside, rtol=error, atol=error)
    np.testing.assert_allclose(table.cumulant(r) + table.cocumulant(r), n, rtol=1e-13)
    assert hartree(table) == pytest.approx(exact.hartree, rel=10 * error)
    assert np.sum(table.quadrature().weights) == pytest.approx(n, rel=1e-13)
    assert table.density(0.5 * exact.shells[0][0]) == 0.0
    assert table.density(exact.shells[-1][1] + 0.1) == 0.0


@pytest.mark.parametrize("exact", _CASES.values(), ids=_CASES)
def test_the_radius_of_a_charge_across_gaps(exact: _Shells) -> None:
    table = exact.table()
    charge = np.linspace(0, table.n_electrons, 157)[1:-1]
    radii = table.radius(charge)
    expected = [exact.radius(m) for m in charge]
    jumps = np.cumsum([c for _, _, c in exact.shells])[:, None]
    smooth = np.all(np.abs(charge - jumps) > 1e-9, axis=0)
    np.testing.assert_allclose(radii[smooth], np.array(expected)[smooth], rtol=1e-9)
    assert np.all(np.diff(radii) >= 0)
    inside, outside = 0.0, float(table.n_electrons)
    assert table.radius(0.0) == exact.shells[0][0]
    for i, (_, b, c) in enumerate(exact.shells):
        inside, outside = inside + c, outside - c
        # At the charge inside of a gap the radius is its inner end; a little more leads across.
        radius = table.radius(inside, outside)
        assert radius <= b
        assert radius == pytest.approx(b, rel=1e-4)
        assert table.cumulant(radius) == pytest.approx(inside, rel=1e-12)
        if i + 1 < len(exact.shells):
            across = table.radius(inside + 1e-9, outside - 1e-9)
            assert across == pytest.approx(exact.shells[i + 1][0], rel=2e-2)
            assert across >= exact.shells[i + 1][0]


@pytest.mark.parametrize("name", ["soft hollow", "very soft hollow", "three shells"])
def test_both_tails_at_edges(name: str) -> None:
    table = _CASES[name].table()
    charge = np.geomspace(1e-12, 0.1, 60)
    inner = table.radius(charge, table.n_electrons - charge)
    outer = table.radius(table.n_electrons - charge, charge)
    # A radius of 16 digits at an edge settles no more.
    np.testing.assert_allclose(table.cumulant(inner), charge, rtol=1e-8)
    np.testing.assert_allclose(table.cocumulant(outer), charge, rtol=1e-8)


_UNIT = np.linspace(0, 1, 201)
_EXPONENTIAL, _GAUSSIAN = MODELS["exponential"](2), MODELS["gaussian"](2)
_BALL = 4 / (4 * np.pi / 3)


@pytest.mark.parametrize(
    ("r", "rho", "n", "expected"),
    [
        # n ~ 1 - r^2: U = 5 N^2 / 7, from N(r) = N (5 r^3 - 3 r^5) / 2.
        (_UNIT, 15 / (8 * np.pi) * 4 * (1 - _UNIT**2), 4, 5 / 7 * 16),
        # The same with rows beyond the edge.
        (
            np.linspace(0, 1.5, 301),
            15 / (8 * np.pi) * 4 * np.maximum(1 - np.linspace(0, 1.5, 301) ** 2, 0),
            4,
            5 / 7 * 16,
        ),
        # n ~ (1 - r^2)^(3/2), normalised by B(3/2, 5/2) = pi / 16.
        (_UNIT, 2 * 8 / np.pi**2 * np.maximum(1 - _UNIT**2, 0) ** 1.5, 2, None),
        # Balls, U = 3 N^2 / 5, with an edge at the last row or told by two rows.
        (_UNIT, np.full(201, _BALL), 4, 0.6 * 16),
        ([*_UNIT, 1, 2], [*np.full(201, _BALL), 0, 0], 4, 0.6 * 16),
        (np.linspace(0, 40, 401), _EXPONENTIAL(np.linspace(0, 40, 401)), 2, 5 / 8),
        (np.geomspace(1e-5, 60, 800), _EXPONENTIAL(np.geomspace(1e-5, 60, 800)), 2, 5 / 8),
        (np.linspace(0, 9, 91), _GAUSSIAN(np.linspace(0, 9, 91)), 2, 2 / np.sqrt(np.pi)),
    ],
)
def test_closed_forms(r: Array, rho: Array, n: int, expected: float | None) -> None:
    """Charges within 1e-12 without any rescaling, and Hartree energies."""
    raw = TabulatedDensity(n, np.asarray(r, dtype=float), np.asarray(rho, dtype=float))
    assert raw.cumulant(np.inf) == pytest.approx(n, abs=1e-12)
    table = tabulated(r, rho)
    assert table.n_electrons == n
    if expected is None:
        expected = _hartree_of_trap()
    assert hartree(table) == pytest.approx(expected, rel=1e-10)


def _hartree_of_trap() -> float:
    """U of n ~ (1 - r^2)^(3/2) by two nested integrals."""

    def charge(r: float) -> float:
        return float(64 / np.pi * r**2 * max(1 - r**2, 0) ** 1.5)

    def inside(r: float) -> float:
        return float(quad(charge, 0, r, epsabs=1e-14, epsrel=1e-13)[0])

    return float(quad(lambda r: charge(r) / r * inside(r), 0, 1, epsabs=1e-12)[0])


def test_a_smooth_parabola_needs_no_rescaling(tmp_path: Path) -> None:
    rho = 15 / (8 * np.pi) * 2 * (1 - _UNIT**2)
    rows = "\n".join(f"{r},{n}" for r, n in zip(_UNIT, rho, strict=True))
    (tmp_path / "mine.csv").write_text("r,rho\n" + rows)
    table = read_table(str(tmp_path / "mine.csv"))
    assert table.n_electrons == 2
    assert table.density(0.5) == pytest.approx(rho[100], rel=1e-12)
    assert table.uncertainty < 1e-12


@pytest.mark.parametrize(
    ("r", "density"),
    [
        (np.geomspace(1e-3, 40, 60), MODELS["bohr"](10)),
        (np.geomspace(1e-4, 60, 300), MODELS["sqrt_r"](4)),
        (np.linspace(0, 40, 200), MODELS["bohr"](4)),
        (np.linspace(0, 8, 30), lambda r: 8 * r**4 * np.exp(-(r**2)) / np.pi**1.5 / 7.5),
    ],
)
def test_the_uncertainty_is_no_smaller_than_the_error(
    r: Array, density: Callable[[Array], Array]
) -> None:
    """Coarse rows: the error of the charge, apart from what lies outside of them."""
    rho = density(r)
    table = TabulatedDensity(1, r, rho)
    exact = quad(
        lambda at: 4 * np.pi * at**2 * float(density(np.array(at))),
        r[0],
        r[-1],
        epsabs=1e-13,
        limit=500,
    )[0]
    core = float(table.cumulant(r[0]))
    error = abs(float(table.cumulant(np.inf)) - core - exact)
    assert error <= max(table.uncertainty, 1e-12)
    assert table.uncertainty < 2e-3


def test_the_density_is_nowhere_negative() -> None:
    """Polynomials overshoot next to steep rows; none that does is taken."""
    rng = np.random.default_rng(5)
    for _ in range(20):
        r = np.sort(rng.uniform(0.1, 5, 40))
        rho = np.exp(rng.uniform(-4, 0, 40)) * (rng.random(40) > 0.3)
        if np.count_nonzero(rho) < 8:
            continue
        table = TabulatedDensity(1, r, rho)
        fine = np.linspace(0, 6, 7001)
        assert np.all(table.density(fine) >= 0)
        inside, outside = table.cumulant(fine), table.cocumulant(fine)
        total = float(table.cumulant(np.inf))
        assert np.all(np.diff(inside) >= -1e-14 * total)
        assert np.all(np.diff(outside) <= 1e-14 * total)
        np.testing.assert_allclose(table.density(r), rho, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", _CASES)
def test_gaps_survive_the_disk(tmp_path: Path, name: str) -> None:
    table = _CASES[name].table()
    save_density(tmp_path / "density.h5", "mine", "table", table)
    read = load_density(tmp_path / "density.h5")[2]
    r = np.linspace(0, 10, 500)
    np.testing.assert_array_equal(read.density(r), table.density(r))
    np.testing.assert_array_equal(read.cumulant(r), table.cumulant(r))
    charge = np.linspace(0, table.n_electrons, 40)
    np.testing.assert_array_equal(read.radius(charge), table.radius(charge))


@pytest.mark.parametrize("name", ["hollow", "gap at 1", "soft gap at 1"])
def test_two_electrons_across_a_gap(name: str) -> None:
    """Opposite electrons are optimal: V = int_0^1 dq / (R(q) + R(2 - q))."""
    exact, table = _CASES[name], _CASES[name].table()
    cost = quad(
        lambda q: 1 / (exact.radius(q) + exact.radius(2 - q)), 0, 1, epsabs=1e-10, epsrel=1e-10
    )[0]
    plan = comotion_plan(table)
    assert plan.cost == pytest.approx(cost, rel=1e-7)
    assert pair_value(table).value == pytest.approx(cost, rel=1e-8)
    # u' = -1 / (r + f)^2 with f = R(2 - N(r)), and u = 1 / r outside.
    r = np.array([exact.radius(0.3), exact.radius(1.6)])
    step = 1e-4
    slope = (plan.potential(r + step) - plan.potential(r - step)) / (2 * step)
    opposite = [exact.radius(1.7), exact.radius(0.4)]
    np.testing.assert_allclose(slope, -1 / (r + opposite) ** 2, rtol=1e-3)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_brackets_of_densities_with_edges_and_gaps(n: int) -> None:
    exact = _Shells(((0.5, 2, 1), (3, 4, n - 1)), 1)
    table = exact.table()
    plan = comotion_plan(table)
    assert plan.cost <= (1 - 1 / n) * exact.hartree
    assert plan.cost >= pair_value(table).value - 1e-9
    if n == 2:
        ends = bracket(table)
        assert ends.lower <= plan.cost <= ends.upper + 1e-9
        assert ends.upper - ends.lower < 1e-5


def test_a_shell_of_a_few_rows_is_refused() -> None:
    with pytest.raises(DensityError, match="only 2 rows are positive"):
        tabulated(np.arange(10.0), [0, 0, 1, 1, 0, 0, 0, 0, 0, 0])
