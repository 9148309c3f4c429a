"""Densities from every kind of file."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from pyscf import gto, scf
from pyscf.tools import molden

from comotion.density.model_densities import model
from comotion.density.storage import save_density
from comotion.errors import ComotionError
from comotion.io import write_arrays
from comotion.reading import read_density

_R = np.geomspace(1e-5, 60.0, 600)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Helium-like densities of every kind."""
    folder = tmp_path_factory.mktemp("reading")
    density = model("exponential-2")
    rows = zip(_R, density(_R), strict=True)
    (folder / "mine.csv").write_text("r,rho\n" + "\n".join(f"{r},{rho}" for r, rho in rows))
    (folder / "scaled.csv").write_text(
        "r,rho\n" + "\n".join(f"{r},{1.01 * float(density(r))}" for r in _R)
    )
    with h5py.File(folder / "mine.h5", "w") as file:
        file["r"], file["rho"] = _R, density(_R)
    save_density(folder / "density.h5", "exponential-2", "exact", density)
    write_arrays(folder / "plan.h5", {"q": (_R, "1", "no density")}, {"system": "x"})
    mean_field = scf.RHF(gto.M(atom="He", basis="6-31G", verbose=0))
    mean_field.chkfile = str(folder / "He.chk")
    molden.from_scf(mean_field.run(), str(folder / "He.molden"))
    return folder


@pytest.mark.parametrize("as_kind", [Path, str])
@pytest.mark.parametrize("name", ["mine.csv", "mine.h5", "density.h5", "He.molden", "He.chk"])
def test_every_kind(folder: Path, name: str, as_kind: type) -> None:
    density = read_density(as_kind(folder / name))
    assert density.n_electrons == 2
    if not name.startswith("He"):
        assert density(1.0) == pytest.approx(float(model("exponential", 2)(1.0)), rel=1e-8)


def test_tables_are_normalised_when_asked(folder: Path) -> None:
    with pytest.raises(ComotionError, match="normalize"):
        read_density(folder / "scaled.csv")
    assert read_density(folder / "scaled.csv", normalize=True).n_electrons == 2


@pytest.mark.parametrize(
    ("name", "normalize", "sentence"),
    [
        ("He.molden", True, "only tables are normalised"),
        ("nowhere.csv", False, "cannot be read as a CSV table"),
        ("nowhere.h5", False, "cannot be read as an HDF5 table"),
        ("nowhere.molden", False, "cannot be read as a Molden file"),
        ("plan.h5", False, "holds no density"),
    ],
)
def test_refused(folder: Path, name: str, normalize: bool, sentence: str) -> None:
    with pytest.raises(ComotionError, match=sentence) as error:
        read_density(folder / name, normalize)
    assert name in str(error.value)


def test_a_damaged_result_is_not_read_as_a_table(folder: Path, tmp_path: Path) -> None:
    content = bytearray((folder / "density.h5").read_bytes())
    content[-1] ^= 1
    (tmp_path / "density.h5").write_bytes(content)
    with pytest.raises(ComotionError, match="checksum does not fit"):
        read_density(tmp_path / "density.h5")
