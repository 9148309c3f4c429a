"""Users' tables: only their own numbers are read, and nothing of theirs is told."""

import bz2
import gzip
import io
import lzma
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest

from comotion.density.model_densities import MODELS
from comotion.density.user_table import read_table
from comotion.errors import DensityError
from conftest import pipe

_R = np.geomspace(1e-4, 9, 300)
_RHO = MODELS["gaussian"](2).density(_R)
_TEXT = "\n".join(["r,rho", *(f"{r},{rho}" for r, rho in zip(_R, _RHO, strict=True))]).encode()


def _stored(path: Path, folder: Path) -> None:
    """A good density, most of which another file holds or a chunk inflates."""
    with h5py.File(folder / "theirs", "w") as file:
        file["rho"] = _RHO
        offset = file["rho"].id.get_offset()
    with h5py.File(path, "w") as file:
        file["r"] = _R
        match path.stem:
            case "link":
                file["rho"] = h5py.ExternalLink(folder / "theirs", "rho")
            case "pipe":
                pipe(folder / "pipe")
                file["rho"] = h5py.ExternalLink(folder / "pipe", "rho")
            case "external":
                raw = [(str(folder / "theirs"), offset, 2400)]
                file.create_dataset("rho", (300,), "f8", external=raw)
            case "virtual":
                layout = h5py.VirtualLayout((300,), "f8")
                layout[:] = h5py.VirtualSource(folder / "theirs", "rho", (300,))
                file.create_virtual_dataset("rho", layout)
            case "long":
                file.create_dataset("rho", (10**12,), "f8", chunks=(1000,))
            case "wide":
                file.create_dataset("rho", (300,), "S1000000000")
            case "chunk":
                file.create_dataset(
                    "rho", (300,), "f8", chunks=(10**7,), maxshape=(None,), compression="gzip"
                )[:] = _RHO
            case "bomb":
                bomb = file.create_dataset("rho", (300,), "f8", chunks=(300,), compression="gzip")
                bomb.id.write_direct_chunk((0,), zlib.compress(bytes(10**8)))
            case "filter":
                file.create_dataset("rho", data=_RHO, compression="lzf")
            case _:
                raise AssertionError(path)


_STORED = ("link", "pipe", "external", "virtual", "long", "wide", "chunk", "bomb", "filter")


@pytest.mark.parametrize("kind", _STORED)
def test_an_hdf5_table_holds_its_own_numbers_only(tmp_path: Path, kind: str) -> None:
    """None of these is read, not even into memory: each is refused before."""
    path = tmp_path / f"{kind}.h5"
    _stored(path, tmp_path)
    tracemalloc.start()
    with pytest.raises(DensityError, match=f"{kind}.h5: 'rho' ") as error:
        read_table(path)
    assert tracemalloc.get_traced_memory()[1] < 2**25
    tracemalloc.stop()
    assert "theirs" not in str(error.value)


def test_other_arrays_of_an_hdf5_table_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "mine.h5"
    with h5py.File(path, "w") as file:
        for name, values in (("r", _R), ("rho", _RHO)):
            file.create_dataset(
                name, data=values, chunks=(70,), compression="gzip", shuffle=True, fletcher32=True
            )
        file["weights"] = np.ones(17)
        file["nothing"] = h5py.Empty("f8")
        file["loop"] = h5py.SoftLink("/loop")
        file["theirs"] = h5py.ExternalLink("/etc/passwd", "/r")
        file.create_dataset("long", (10**12,), "f8", chunks=(1000,))
    assert read_table(path).n_electrons == 2


def _compressed() -> Iterator[tuple[str, bytes]]:
    """Names and contents of compressed tables that are damaged or of a kind that is not read."""
    yield "truncated.csv.gz", gzip.compress(_TEXT)[:-50]
    yield "plain.csv.gz", _TEXT
    yield "altered.csv.gz", gzip.compress(_TEXT)[:100] + bytes(200)
    yield "bomb.csv.gz", gzip.compress(_TEXT + b" " * 4 * 10**8)
    for members in (1, 2):
        with zipfile.ZipFile(archive := io.BytesIO(), "w") as file:
            for i in range(members):
                file.writestr(f"{i}.csv", _TEXT)
        yield f"{members}.csv.zip", archive.getvalue()
    with tarfile.open(fileobj=(archive := io.BytesIO()), mode="w") as tar:
        tar.addfile(tarfile.TarInfo("mine.csv"), io.BytesIO(_TEXT))
    yield "whole.csv.tar", archive.getvalue()
    yield "whole.csv.xz", lzma.compress(_TEXT)
    yield "whole.csv.bz2", bz2.compress(_TEXT)
    for suffix, magic in (
        ("zip", b"PK\3\4"),
        ("zst", b"(\xb5/\xfd"),
        ("xz", b"\xfd7zXZ\0"),
        ("tar", b""),
    ):
        yield f"damaged.csv.{suffix}", magic + b"nonsense" * 99
    yield "hdf5.csv", b"\x89HDF\r\n\x1a\n" + bytes(2000)


_COMPRESSED = dict(_compressed())


@pytest.mark.parametrize("name", _COMPRESSED)
def test_only_gzip_is_inflated_and_not_without_end(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(_COMPRESSED[name])
    tracemalloc.start()
    with pytest.raises(DensityError) as error:
        read_table(tmp_path / name)
    assert tracemalloc.get_traced_memory()[1] < 2**28
    tracemalloc.stop()
    assert name in str(error.value)
    assert "\n" not in str(error.value)


def test_a_table_compressed_by_gzip(tmp_path: Path) -> None:
    (tmp_path / "mine.csv.gz").write_bytes(gzip.compress(_TEXT))
    assert read_table(tmp_path / "mine.csv.gz").n_electrons == 2


@pytest.mark.parametrize(
    ("header", "value", "sentence"),
    [
        ("r,rho,rho", "1,2", "2 of its 3 columns have the name 'rho'"),
        ("r,r,rho", "1,2", "2 of its 3 columns have the name 'r'"),
        ("r,rho", "True", "column 'rho', row 1: not a finite number"),
        ("r,rho", "1_0", "column 'rho', row 1: not a finite number"),
        ("r,rho", "infinity", "column 'rho', row 1: not a finite number"),
        ("secret:x:0:0,rho", "secret", "0 of its 2 columns have the name 'r'"),
        ("r,rho", "secret", "column 'rho', row 1"),
        ("r,rho", "1,secret", "row 1 has 3 values"),
    ],
)
def test_a_csv_table_means_one_thing(
    tmp_path: Path, header: str, value: str, sentence: str
) -> None:
    (tmp_path / "mine.csv").write_text(header + "\n" + "\n".join(f"{r},{value}" for r in _R))
    with pytest.raises(DensityError, match=sentence) as error:
        read_table(tmp_path / "mine.csv", normalize=True)
    assert "secret" not in str(error.value)
