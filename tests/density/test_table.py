"""User tables: accuracy, and one sentence for each way to be wrong."""

from pathlib import Path

import numpy as np
import pytest

from comotion.density.functionals import hartree
from comotion.density.model_densities import MODELS
from comotion.density.radial import Array
from comotion.density.table import TabulatedDensity, tabulated
from comotion.density.user_table import read_table
from comotion.errors import DensityError

_BOHR = MODELS["bohr"](10)
_R = np.exp(np.linspace(np.log(1e-5), np.log(60.0), 800))
_RHO = _BOHR.density(_R)


def _write(path: Path, r: object, rho: object, header: str = "r,rho") -> Path:
    lines = [f"{x},{y}" for x, y in zip(r, rho, strict=True)]  # type: ignore[call-overload]
    path.write_text("\n".join([header, *lines]))
    return path


def test_table_reproduces_the_density_behind_it() -> None:
    table = tabulated(_R, _RHO)
    r = np.array([1e-3, 0.37, 2.2, 9.0, 40.0])
    np.testing.assert_allclose(table.density(r), _BOHR.density(r), rtol=1e-7)
    np.testing.assert_allclose(table.cumulant(r), _BOHR.cumulant(r), rtol=1e-8)
    # The table ends at 60 bohr: what lies beyond is missing from the outside.
    np.testing.assert_allclose(table.cocumulant(r[:-1]), _BOHR.cocumulant(r[:-1]), rtol=1e-7)
    assert hartree(table) == pytest.approx(hartree(_BOHR), abs=1e-8)


def test_inside_and_outside_add_up() -> None:
    table = tabulated(_R, _RHO)
    r = np.concatenate(([0.0, 1e-6], _R[::50], [60.0, 99.0]))
    np.testing.assert_allclose(table.cumulant(r) + table.cocumulant(r), 10, rtol=1e-13)


def test_row_at_the_nucleus_and_vanishing_tail_are_allowed(tmp_path: Path) -> None:
    r, rho = [0.0, *_R, 70.0], [_BOHR.density(0.0), *_RHO, 0.0]
    table = read_table(_write(tmp_path / "t.csv", r, rho, "# mine\n r , rho".replace(" , ", ",")))
    assert table.n_electrons == 10


def test_normalize_rescales(tmp_path: Path) -> None:
    path = _write(tmp_path / "t.csv", _R, 1.01 * _RHO)
    with pytest.raises(DensityError, match="normalize: true"):
        read_table(path)
    assert read_table(path, normalize=True).cumulant(60.0) == pytest.approx(10, abs=1e-12)


@pytest.mark.parametrize(
    ("r", "rho", "sentence"),
    [
        ([*_R[:400], np.nan, *_R[401:]], _RHO, "column 'r', row 401"),
        (_R, [*_RHO[:5], "x", *_RHO[6:]], "column 'rho', row 6: not a finite"),
        (_R, [*_RHO[:9], -1e-3, *_RHO[10:]], "row 10: the density is negative"),
        ([*_R[:7], _R[6], *_R[8:]], _RHO, "row 8: .* does not exceed"),
        (_R, [*_RHO[:550], 0.0, *_RHO[551:]], r"integrates to 9\.9\d* electrons, .* rows settle"),
        ([*_R[:9], _R[8], _R[8], *_R[11:]], [*_RHO[:9], 0.0, *_RHO[10:]], "row 11: .* exceed"),
        (_R, 0.947 * _RHO, "integrates to 9.47000"),
        (_R, 0.01 * _RHO, "at least 1 needed"),
        (_R[:5], _RHO[:5], "at least 8 rows"),
        (-_R[::-1], _RHO, "row 1: the radius is negative"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, r: object, rho: object, sentence: str) -> None:
    path = _write(tmp_path / "mine.csv", r, rho)
    with pytest.raises(DensityError, match=sentence) as error:
        read_table(path)
    assert "mine.csv" in str(error.value)


@pytest.mark.parametrize(
    ("r", "rho", "sentence"),
    [
        (_R[::-1], _RHO, "column 'r', row 2: the radius does not exceed"),
        (_R, -_RHO, "column 'rho', row 1: the density is negative"),
        (_R, np.where(_R > 1, np.nan, _RHO), "column 'rho', row .*: not a finite number"),
        (_R[:-1], _RHO, "of one length"),
    ],
)
def test_no_density_is_made_of_such_rows(r: Array, rho: Array, sentence: str) -> None:
    """Not even by hand, or from a file of results."""
    for make in (tabulated, lambda r, rho: TabulatedDensity(10, r, rho)):
        with pytest.raises(DensityError, match=sentence):
            make(r, rho)


def test_only_real_numbers_are_columns() -> None:
    for values in (_RHO > 0, _RHO * (1 + 0j), _RHO.astype(str), [None] * len(_R)):
        with pytest.raises(DensityError, match="column 'rho' must hold real numbers"):
            tabulated(_R, values)  # type: ignore[arg-type]


def test_missing_columns_and_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DensityError, match="needs the columns"):
        read_table(_write(tmp_path / "t.csv", _R, _RHO, "radius,n"))
    with pytest.raises(DensityError, match="cannot be read"):
        read_table(tmp_path / "nowhere.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(DensityError, match="no header line"):
        read_table(tmp_path / "empty.csv")
