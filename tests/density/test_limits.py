"""What tables, files and terms may hold: each limit just inside and just outside."""

import gzip
from pathlib import Path

import h5py
import numpy as np
import pytest

from comotion import files
from comotion.density import user_table
from comotion.density.gamma import GammaMixture
from comotion.density.interpolation import interpolated
from comotion.density.model_densities import MODELS, UniformBall, bohr, model
from comotion.density.table import TabulatedDensity, tabulated
from comotion.density.user_table import read_table
from comotion.errors import ConfigError, DensityError, FormatError

_R = np.linspace(0, 1, 41)
#: One electron in a ball, by rows that settle its charge.
_ONE = np.full(41, 3 / (4 * np.pi))


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_charge_of_a_table_is_whole_within_a_millionth(sign: int) -> None:
    assert tabulated(_R, _ONE * (2 + sign * 0.99e-6)).n_electrons == 2
    with pytest.raises(DensityError, match=r"2\.000001|1\.999998\d*|[+-]1\.01e-06 from an integer"):
        tabulated(_R, _ONE * (2 + sign * 1.01e-6))
    assert tabulated(_R, _ONE * (2 + sign * 1.01e-6), normalize=True).n_electrons == 2


def test_a_table_is_scaled_to_its_charge() -> None:
    for charge, electrons in ((1.49, 1), (1.51, 2), (0.51, 1), (120.49, 120)):
        table = tabulated(_R, _ONE * charge, normalize=True)
        assert table.n_electrons == electrons
        assert float(table.cumulant(1.0)) == pytest.approx(electrons, rel=1e-13)
        assert float(table(0.5)) == pytest.approx(electrons * 3 / (4 * np.pi), rel=1e-13)
    for charge in (0.499, 120.51):
        with pytest.raises(DensityError, match="at least 1 needed, at most 120: give r in bohr"):
            tabulated(_R, _ONE * charge, normalize=True)


def test_a_table_has_eight_rows_or_more() -> None:
    r = np.linspace(0, 1, 8)
    rho = np.full(8, 3 / (4 * np.pi))
    assert tabulated(r, rho).n_electrons == 1
    with pytest.raises(DensityError, match=r"at least 8 rows; they have the shapes \(7,\)"):
        TabulatedDensity(1, r[:7], rho[:7])
    # Rows without density count as rows but not as density.
    outer = np.concatenate((r[:7], [1, 1.2]))
    with pytest.raises(DensityError, match="only 7 rows are positive, and at least 8"):
        tabulated(outer, [*rho[:7], 0, 0])


def test_rows_without_density_outside_of_all_charge_are_left_out() -> None:
    r = np.concatenate(([0, 0.2, 0.4, 0.5], np.linspace(0.5, 1, 20), [1, 1.5, 2]))
    rho = np.concatenate((np.zeros(4), np.full(20, 6 / (4 * np.pi * 0.875)), np.zeros(3)))
    table = tabulated(r, rho)
    assert table.n_electrons == 2
    np.testing.assert_array_equal(table.r, r[3:-2])
    assert table.support == (0.5, 1.0)
    np.testing.assert_array_equal(table([0.3, 1.2]), [0, 0])


@pytest.mark.parametrize(("first", "inner"), [(0.0, 0.0), (0.1, 0.0)])
def test_inside_of_the_first_row_the_density_is_constant(first: float, inner: float) -> None:
    r = np.linspace(first, 1, 41)
    table = tabulated(r, np.full(41, 3 / (4 * np.pi)))
    assert table.support == (inner, 1)
    at = np.array([0.0, 0.02, 0.09, 0.5])
    np.testing.assert_allclose(table(at), 3 / (4 * np.pi), rtol=1e-13)
    np.testing.assert_allclose(table.cumulant(at), at**3, rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(table.cocumulant(at), 1 - at**3, rtol=1e-12)
    np.testing.assert_allclose(table.radius(at[1:] ** 3), at[1:], rtol=1e-12)
    rule = table.quadrature()
    # int rho r^2 d3r = 3/5 of a ball.
    assert np.sum(rule.weights * rule.radii**2) == pytest.approx(0.6, rel=1e-13)
    assert np.sum(rule.weights[rule.radii < first]) == pytest.approx(first**3, rel=1e-12)


def test_a_radius_stands_twice_at_a_jump_from_and_to_zero_only() -> None:
    r = np.concatenate((_R, [1, 2]))
    rho = np.concatenate((_ONE, [0, 0]))
    assert tabulated(r, rho).support[1] == 1
    for wrong in (_ONE[0] / 2, _ONE[0]):
        with pytest.raises(DensityError, match="column 'r', row 42: the radius does not exceed"):
            tabulated(r, np.concatenate((_ONE, [wrong, 0])))
    thrice = np.concatenate((_R, [1, 1, 2]))
    with pytest.raises(DensityError, match="column 'r', row 43: the radius does not exceed"):
        tabulated(thrice, np.concatenate((_ONE, [0, _ONE[0], 0])))


def test_the_uncertainty_is_the_charge_that_outer_rows_change() -> None:
    density = MODELS["sqrt_r"](4)
    r = np.linspace(0, 60, 61)
    rough = tabulated(r, density(r), normalize=True)
    pieces = interpolated(rough.r, rough.rho)
    assert rough.uncertainty == pytest.approx(float(np.sum(pieces.changes)), rel=1e-14)
    assert rough.uncertainty > 1e-4
    fine = np.linspace(0, 60, 121)
    table = tabulated(fine, density(fine), normalize=True)
    assert table.uncertainty < rough.uncertainty / 2
    with pytest.raises(DensityError, match=rf"settle that to {1.02 * rough.uncertainty:.0e}"):
        tabulated(r, 1.02 * rough.rho)


def _csv(rows: int) -> bytes:
    r = np.linspace(0, 1, rows)
    return "\n".join(["r,rho", *(f"{at:.12f},{_ONE[0]}" for at in r)]).encode()


def test_a_file_has_a_hundred_thousand_rows_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert user_table._MOST_ROWS == 100_000
    monkeypatch.setattr(user_table, "_MOST_ROWS", 40)
    path = tmp_path / "mine.csv"
    path.write_bytes(_csv(40))
    assert read_table(path).n_electrons == 1
    path.write_bytes(_csv(41))
    with pytest.raises(DensityError, match=r"mine\.csv: it has 41 rows, more than the 40"):
        read_table(path)
    stored = tmp_path / "mine.h5"
    with h5py.File(stored, "w") as file:
        file["r"], file["rho"] = _R, _ONE
    with pytest.raises(DensityError, match=r"mine\.h5: it has 41 rows"):
        read_table(stored)
    with h5py.File(stored, "w") as file:
        file["r"], file["rho"] = np.linspace(0, 1, 40), _ONE[:40]
    assert read_table(stored).n_electrons == 1


def test_a_compressed_file_inflates_to_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert files.MOST_BYTES == 64 * 2**20
    plain = _csv(40)
    path = tmp_path / "mine.csv.gz"
    path.write_bytes(gzip.compress(plain))
    monkeypatch.setattr(user_table, "MOST_BYTES", len(plain))
    assert read_table(path).n_electrons == 1
    monkeypatch.setattr(user_table, "MOST_BYTES", len(plain) - 1)
    with pytest.raises(DensityError, match="it holds more than 0 MiB; give fewer rows"):
        read_table(path)


def test_comments_empty_lines_spaces_and_other_columns_do_not_matter(tmp_path: Path) -> None:
    rows = [f"{i}, {at:.6f} , x, {_ONE[0]:.9e}  # {i}" for i, at in enumerate(_R)]
    content = "\ufeff# mine\n\nnumber, r ,name, rho\n" + "\n\n".join(rows) + "\n"
    (tmp_path / "mine.csv").write_text(content, encoding="utf-8")
    table = read_table(tmp_path / "mine.csv", normalize=True)
    np.testing.assert_allclose(table.r, _R, atol=1e-6)
    assert table.n_electrons == 1


@pytest.mark.parametrize("number", ["1.5", "+1.5", "1.", ".5", "1e3", "1.5E-3", "-2e+2"])
def test_numbers_as_programs_print_them(number: str) -> None:
    assert user_table._column("r", [f" {number} "])[0] == float(number)


@pytest.mark.parametrize("word", ["", "nan", "inf", "1_0", "0x1", "1e", ".", "1e999", "\u0661"])
def test_words_that_are_no_numbers(word: str) -> None:
    with pytest.raises(FormatError, match="column 'rho', row 2: not a finite number"):
        user_table._column("rho", ["1.0", word])


def test_an_hdf5_table_names_the_row_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "mine.hdf5"
    wrong = np.array(_ONE)
    wrong[6] = np.inf
    with h5py.File(path, "w") as file:
        file["r"], file["rho"] = _R, wrong
    with pytest.raises(DensityError, match=r"mine\.hdf5: column 'rho', row 7: not a finite"):
        read_table(path)


#: Numbers of electrons that close hydrogenic subshells, 1s 2s 2p 3s ..., from 2 to 110.
_CLOSED = (2, 4, 10, 12, 18, 28, 30, 36, 46, 60, 62, 68, 78, 92, 110)


def test_bohr_atoms_that_there_are() -> None:
    for n in range(1, 111):
        if n in _CLOSED:
            assert bohr(n).n_electrons == n
        else:
            with pytest.raises(DensityError, match=f"bohr-{n}: {n} electrons do not close"):
                bohr(n)


@pytest.mark.parametrize("n", [2, 4, 10, 28, 60])
def test_moments_of_bohr_atoms_in_closed_form(n: int) -> None:
    """<1/r> = 1 / n^2 and <r> = (3 n^2 - l (l + 1)) / 2 of each hydrogenic orbital."""
    inverse, radius, left, shell = 0.0, 0.0, n, 0
    while left:
        shell += 1
        for angular in range(shell):
            if not left:
                break
            electrons = 2 * (2 * angular + 1)
            inverse += electrons / shell**2
            radius += electrons * (3 * shell**2 - angular * (angular + 1)) / 2
            left -= electrons
    rule = bohr(n).quadrature()
    assert np.sum(rule.weights / rule.radii) == pytest.approx(inverse, rel=1e-9)
    assert np.sum(rule.weights * rule.radii) == pytest.approx(radius, rel=1e-9)


def test_a_ball_in_closed_form() -> None:
    ball = UniformBall(3, 2.0)
    r = np.array([0.0, 0.5, 1.0, 2.0, 2.5])
    np.testing.assert_allclose(ball(r), [9 / (32 * np.pi)] * 4 + [0], rtol=1e-14)
    np.testing.assert_allclose(ball.cumulant(r), 3 * np.minimum(r / 2, 1) ** 3, rtol=1e-14)
    np.testing.assert_allclose(ball.cocumulant(r), 3 - ball.cumulant(r), rtol=1e-13, atol=1e-15)
    # Next to the edge N - N(r) is no difference of large numbers.
    near = ball.cocumulant(2 - 2e-12)
    assert near == pytest.approx(3 * 3e-12, rel=1e-3)
    np.testing.assert_allclose(ball.radius(ball.cumulant(r[:4])), r[:4], rtol=1e-14)
    np.testing.assert_array_equal(ball.radius([0.0, 3.0]), [0, 2])
    assert ball.ball_radius == 2
    assert ball.stretched(3).ball_radius == 6
    assert (ball.scaled(5).n_electrons, ball.scaled(5).ball_radius) == (5, 2)
    for wrong in (-1e-12, 3 + 1e-12, np.nan):
        with pytest.raises(DensityError, match="no radius encloses"):
            ball.radius(wrong)


def test_models_of_as_many_electrons_as_there_may_be() -> None:
    assert model("exponential", 120).n_electrons == 120
    assert model("gaussian-1").n_electrons == 1
    with pytest.raises(ConfigError):
        model("exponential", 121)


def _with_tail(charge: float) -> GammaMixture:
    """An electron in a Gaussian and a charge of the wrong sign in a wider one."""
    return GammaMixture(
        1, np.array([1 + charge, -charge]), np.full(2, 2.0), np.array([1.0, 0.2]), 2
    )


def test_a_negative_tail_matters_from_a_charge_on() -> None:
    """The wide term prevails where a thousandth or less of its charge is left outside."""
    for charge in (1e-13, 1e-10):
        density = _with_tail(charge)
        density.quadrature()
        assert float(density.radius(1e-3)) == pytest.approx(
            float(_with_tail(0.0).radius(1e-3)), rel=1e-9
        )
    with pytest.raises(DensityError, match=r"electrons are still outside: a density is not"):
        _with_tail(1e-8).quadrature()
