"""Densities from every kind of file."""

import os
from pathlib import Path

import h5py
import numpy as np
import pytest
from pyscf import gto, scf
from pyscf.tools import molden

from comotion.density.model_densities import model
from comotion.density.storage import save_density
from comotion.errors import ComotionError, DensityError
from comotion.files import read_regular
from comotion.io import write_arrays
from comotion.reading import read_density
from conftest import pipe

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
        ("nowhere.csv", False, "cannot be read: No such file"),
        ("nowhere.h5", False, "cannot be read: No such file"),
        ("nowhere.molden", False, "cannot be read: No such file"),
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


_NAMES = ["mine.csv", "mine.csv.gz", "mine.h5", "density.h5", "He.molden", "He.chk"]


@pytest.mark.parametrize("name", _NAMES)
def test_only_regular_files_of_a_bounded_size(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of these is opened: a pipe would be waited for, a device read without end."""
    piped, device, large, folder = (
        tmp_path / kind for kind in ("pipe", "device", "large", "folder")
    )
    for place in (piped, device, large, folder):
        place.mkdir()
    pipe(piped / name)
    (device / name).symlink_to("/dev/zero")
    with (large / name).open("wb") as file:
        file.truncate(2**26 + 1)
    (folder / name).mkdir()

    def opened(*_: object) -> None:
        raise AssertionError(f"{name} was opened")

    monkeypatch.setattr(os, "open", opened)
    for place, sentence in (
        (piped, "pipe, socket or device"),
        (device, "pipe, socket or device"),
        (large, "larger than 64 MiB"),
        (folder, "Is a directory"),
    ):
        with pytest.raises(DensityError, match=f"cannot be read: .*{sentence}") as error:
            read_density(place / name)
        assert name in str(error.value)


def test_a_file_that_says_too_little_of_its_size() -> None:
    with pytest.raises(OSError, match="larger than") as error:
        read_regular(Path("/proc/self/maps"), most=2**10)
    assert error.value.strerror is not None
