"""Enclosed energies against closed forms, and against mpmath's quadrature."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from flint import arb, ctx

from comotion.density.table import TabulatedDensity, tabulated
from comotion.errors import ProofError
from comotion.proof import gamma_integral
from comotion.proof.charge import decimal_below, enclosed_energy, rounded_down
from comotion.proof.document import read_certificate
from pair_certificate import EXPONENTIAL, certificate, written

_UNIT = 1.25


@pytest.fixture
def energy(tmp_path: Path) -> Callable[..., tuple[float, float]]:
    """The lower end and the width of the mean of some cubics v of y in a density, per electron.

    There are no kernels, and N = 2: U = v.
    """

    def of(density: Any, v: Any, cells: int = 7) -> tuple[float, float]:
        ends = np.linspace(0, 1, cells + 1)
        third = 1 / (3 * cells)
        record = certificate(
            unit=_UNIT,
            cells=np.stack((ends[:-1], ends[1:]), axis=1).tolist(),
            potential=[_bernstein(v, low, 3 * third) for low in ends[:-1]],
            functions=[{"first": 0, "coefficients": [[0] * 4]}],
            kernels=[[0]],
            mean=[0],
            density=density,
        )
        found = enclosed_energy(read_certificate(written(tmp_path / "bound.json", record)))
        return found.lower * _UNIT / 2, found.width

    return of


def _bernstein(v: Any, low: float, width: float) -> list[float]:
    """Bernstein coefficients of a cubic on an interval."""
    points = low + width * np.arange(4) / 3
    basis = np.array([[27, 0, 0, 0], [8, 12, 6, 1], [1, 6, 12, 8], [0, 0, 0, 27]]) / 27
    return [float(value) for value in np.linalg.solve(basis, v(points))]


def _one(y: Any) -> Any:
    return y * 0 + 1


def _cubic(y: Any) -> Any:
    return 0.5 - 2 * y + y**2 + 1.5 * y**3


def _y(r: Any) -> Any:
    return r / (r + _UNIT)


def _gamma_mean(density: Any, v: Any) -> float:
    """The mean of v in gamma terms, by mpmath in log r."""
    mpmath.mp.dps = 25
    s = mpmath.mpf(density["s"])
    total = mpmath.mpf(0)
    for c, p, a in zip(*(density[k] for k in ("coefficients", "powers", "exponents")), strict=True):
        order = (mpmath.mpf(p) + 1) / s
        norm = mpmath.log(s) + order * mpmath.log(a) - mpmath.loggamma(order)
        peak = mpmath.log(order / a) / s
        width = 1 / mpmath.sqrt(s * (p + 1))

        def integrand(x: Any, norm: Any = norm, p: Any = p, a: Any = a) -> Any:
            weight = mpmath.exp(norm + (p + 1) * x - a * mpmath.exp(s * x))
            return weight * v(_y(mpmath.exp(x)))

        points = [peak + k * width for k in (-60, -30, -15, -8, -4, -2, 0, 2, 4, 8)]
        total += c * mpmath.quad(integrand, points)
    return float(total / sum(density["coefficients"]))


_MIXTURES: dict[str, dict[str, Any]] = {
    "slater": EXPONENTIAL,
    "gauss": {
        "s": 2,
        "coefficients": [2.25, -0.75, 0.5],
        "powers": [2, 4, 2.5],
        "exponents": [3e4, 0.7, 0.05],
    },
    "root": {"s": 0.5, "coefficients": [2], "powers": [2.5], "exponents": [3]},
    "shell": {"s": 2, "coefficients": [1, 1], "powers": [2, 1e5], "exponents": [1, 3e4]},
    "weak": {"s": 1, "coefficients": [2], "powers": [-0.5], "exponents": [1]},
    "quick": {"s": 9.5, "coefficients": [2], "powers": [2], "exponents": [1]},
}


@pytest.mark.parametrize("name", _MIXTURES)
def test_gamma_terms(energy: Any, name: str) -> None:
    density = _MIXTURES[name] | {"kind": "gamma"}
    assert energy(density, _one) == (pytest.approx(1, abs=1e-15), pytest.approx(0, abs=1e-15))
    expected = _gamma_mean(density, _cubic)
    for cells in (1, 7):
        found, width = energy(density, _cubic, cells)
        assert found == pytest.approx(expected, abs=3e-13)
        assert width < 1e-15


def test_a_closed_form(energy: Any) -> None:
    """For g = exp(-r) the mean of y is 1 - b e^b E_1(b)."""
    density = {"kind": "gamma", "s": 1, "coefficients": [2], "powers": [0], "exponents": [1]}
    expected = 1 - _UNIT * float(mpmath.exp(_UNIT) * mpmath.e1(_UNIT))
    assert energy(density, lambda y: y)[0] == pytest.approx(expected, abs=1e-15)


def test_what_cannot_be_enclosed_is_refused(energy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opposite = {"coefficients": [2, 1e30, -1e30], "powers": [2, 2, 2], "exponents": [2, 2, 2]}
    with pytest.raises(ProofError, match=r"density: int rho U is enclosed to .* 1e-09 is needed"):
        energy(EXPONENTIAL | opposite, _cubic)
    with monkeypatch.context() as patched:
        patched.setattr(gamma_integral, "_MOST_INTERVALS", 20)
        cannot = r"bound\.json: density: int rho U cannot be enclosed: "
        with pytest.raises(ProofError, match=cannot + "it takes too many intervals"):
            energy(EXPONENTIAL, _cubic)
        patched.setattr(gamma_integral, "_MOST_STEPS", 2)
        with pytest.raises(ProofError, match=cannot + "its centre reaches too far in"):
            energy(EXPONENTIAL, _cubic)
    with pytest.raises(ProofError, match="its charge is not positive"):
        energy(EXPONENTIAL | {"coefficients": [-2.0]}, _cubic)
    with pytest.raises(ProofError, match=r"density: it has 2.00001 electrons, and n_electrons is"):
        energy(EXPONENTIAL | {"coefficients": [2.00001]}, _cubic)


def test_a_density_is_scaled_to_the_electrons(energy: Any) -> None:
    given = energy(EXPONENTIAL, _cubic)
    assert energy(EXPONENTIAL | {"coefficients": [2.000001]}, _cubic) == pytest.approx(given)


def test_a_ball(energy: Any) -> None:
    """The mean of y in a ball: 3 / R^3 int r^3 / (r + b) dr, elementary."""
    radius, b = 2.5, _UNIT
    integral = radius**3 / 3 - b * radius**2 / 2 + b**2 * radius - b**3 * np.log1p(radius / b)
    ball = {"kind": "ball", "radius": radius}
    found, width = energy(ball, lambda y: y)
    assert found == pytest.approx(3 * integral / radius**3, abs=1e-14)
    assert width < 1e-15
    assert energy(ball, _one)[0] == pytest.approx(1, abs=1e-15)


def _piece(low: float, high: float, power: float, coefficients: Any, log: bool = False) -> Any:
    """A piece with its nodes at 0, 1, 1/2, ..."""
    nodes = [0.0, 1.0, 0.5, 0.25][: len(coefficients) - 1]
    return {"from": low, "to": high, "variable": "log r" if log else "r", "power": power,
            "nodes": nodes, "coefficients": list(coefficients)}  # fmt: skip


def _piece_density(piece: Any, r: Any) -> Any:
    """The density of a piece, plainly."""
    low, high = piece["from"], piece["to"]
    t = mpmath.log(r / low) / mpmath.log(mpmath.mpf(high) / low) if "log" in piece["variable"] \
        else (r - low) / (mpmath.mpf(high) - low)  # fmt: skip
    product, value = mpmath.mpf(1), mpmath.mpf(0)
    for k, c in enumerate(piece["coefficients"]):
        value += c * product
        product *= t - piece["nodes"][k] if k < len(piece["nodes"]) else 1
    return mpmath.exp(value) if piece["power"] == 0 else max(value, 0) ** piece["power"]


@pytest.mark.parametrize(
    ("piece", "zeros"),
    [
        (_piece(0.0, 1.5, 1.0, (1.0,)), ()),
        (_piece(0.5, 3.0, 0.0, (0.0, -1.0, 0.3)), ()),
        (_piece(0.5, 3.0, 0.0, (0.0, -3.0, 0.3), log=True), ()),
        (_piece(0.5, 3.0, 1.0, (1.0, -0.5, 0.3, 0.2), log=True), ()),
        # It touches zero at the outer end, crosses it, or begins below it.
        (_piece(0.0, 2.0, 1.5, (1.0, -1.0)), ()),
        (_piece(0.0, 2.0, 1.5, (1.0, -2.0)), (1.0,)),
        (_piece(0.0, 2.0, 1.0, (1.0, -2.0)), (1.0,)),
        (_piece(0.0, 2.0, 2.0, (-1.0, 4.0)), (0.5,)),
    ],
)
def test_one_piece(energy: Any, piece: Any, zeros: tuple[float, ...]) -> None:
    mpmath.mp.dps = 25
    points = [piece["from"], *zeros, piece["to"]]

    def moment(v: Any) -> Any:
        return mpmath.quad(lambda r: r * r * _piece_density(piece, r) * v(_y(r)), points)

    charge = float(4 * mpmath.pi * moment(lambda _: 1))
    # A multiple of the polynomial has the two electrons that are asked for.
    factor = 2 / charge
    scaled = dict(piece)
    if piece["power"] == 0:
        scaled["coefficients"] = [piece["coefficients"][0] + np.log(factor),
                                  *piece["coefficients"][1:]]  # fmt: skip
    else:
        root = factor ** (1 / piece["power"])
        scaled["coefficients"] = [c * root for c in piece["coefficients"]]
    found, width = energy({"kind": "table", "pieces": [scaled]}, _cubic)
    assert found == pytest.approx(float(moment(_cubic) / moment(lambda _: 1)), abs=1e-13)
    assert width < 1e-12


def _tables() -> dict[str, TabulatedDensity]:
    r = np.geomspace(1e-3, 25, 150)
    edge = np.linspace(0, 2, 40)
    rows = np.array([0, 0.5, 1, 1, 2, 2, 2.2, 2.5, 2.8, 3, 3.2, 3.5])
    gap = np.array([0.1, 0.1, 0.1, 0, 0, 0.1, 0.12, 0.13, 0.12, 0.1, 0.05, 0])
    return {
        "smooth": tabulated(r, 2 * np.exp(-2 * r) / np.pi),
        "trap": tabulated(edge, np.maximum(4 - edge**2, 0) ** 1.5, normalize=True).scaled(2),
        "gap": tabulated(rows, gap, normalize=True).scaled(2),
    }


@pytest.mark.parametrize("name", ["smooth", "trap", "gap"])
def test_tables(energy: Any, name: str) -> None:
    """Pieces are the density that the table's own rule integrates."""
    density = _tables()[name]
    rule = density.quadrature(4)
    expected = rule.weights @ _cubic(_y(rule.radii)) / np.sum(rule.weights)
    found, width = energy({"kind": "table", "pieces": density.pieces()}, _cubic)
    assert found == pytest.approx(expected, abs=1e-9 if name == "gap" else 1e-12)
    assert width < 1e-13


def test_pieces_have_the_values_of_the_table() -> None:
    for density in _tables().values():
        for piece in density.pieces():
            for share in (0.1, 0.5, 0.8):
                r = piece["from"] + share * (piece["to"] - piece["from"])
                expected = float(density.density(r))
                assert float(_piece_density(piece, r)) == pytest.approx(expected, rel=1e-11)
    # The core inside of the first row is one of them.
    assert _tables()["smooth"].pieces()[0]["from"] == 0.0
    assert [p["from"] for p in _tables()["gap"].pieces()][:3] == [0.0, 0.5, 2.0]


def test_kernels_and_their_mean(tmp_path: Path) -> None:
    """U and C with all their parts, against plain sums of moments."""
    record = certificate(unit=1.0, n_electrons=5, density=EXPONENTIAL | {"coefficients": [5.0]})
    record["mean"] = [0.3, 0.9]
    bound = read_certificate(written(tmp_path / "bound.json", record))
    a = bound.kernels

    def mean_of(f: Any) -> float:
        mpmath.mp.dps = 20
        cuts = [0, *(k / (32 - k) for k in range(1, 32)), 40]
        return float(mpmath.quad(lambda r: 4 * r**2 * mpmath.exp(-2 * r) * f(r / (r + 1)), cuts))

    def v(y: Any) -> Any:
        cell = min(int(y * 32), 31)
        tau = y * 32 - cell
        b = record["potential"][cell]
        return sum(
            c * w * tau**i * (1 - tau) ** (3 - i)
            for i, (c, w) in enumerate(zip(b, (1, 3, 3, 1), strict=True))
        )

    first, second = mean_of(lambda y: 1 - y), mean_of(lambda y: y)
    mixed = mean_of(lambda y: y * (1 - y))
    squares = [[mean_of(lambda y: (1 - y) ** 2), mixed], [mixed, mean_of(lambda y: y * y)]]
    m = np.array(record["mean"])
    expected = (
        5 * 4 * mean_of(v)
        - 5 / 2 * np.sum(a * np.array(squares))
        + 5 * (a[0] @ m) @ [first, second]
        - m @ a[0] @ m / 2
    )
    found = enclosed_energy(bound)
    assert found.lower == pytest.approx(expected, abs=1e-9)
    assert found.width < 1e-15


def test_rounding_goes_down() -> None:
    with ctx.workprec(100):
        for numerator in range(-20, 20):
            ball = arb(numerator) / 7
            down = rounded_down(ball)
            assert Fraction(down) <= Fraction(numerator, 7)
            assert Fraction(np.nextafter(down, np.inf)) > Fraction(numerator, 7) - Fraction(
                1, 2**60
            )
        assert rounded_down(arb(1, 0.5)) <= 0.5


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.6051475736061164, "0.605147573"),
        (0.1, "0.100000000"),
        (-0.1234567891, "-0.123456790"),
        (-1e-20, "-0.000000001"),
        (1e-20, "0.000000000"),
        (2.0**80, "1208925819614629174706176.000000000"),
        (-(2.0**80), "-1208925819614629174706176.000000000"),
    ],
)
def test_decimals_go_down(value: float, text: str) -> None:
    assert decimal_below(value, 9) == text
    assert 0 <= Fraction(value) - Fraction(text) < Fraction(1, 10**9)
