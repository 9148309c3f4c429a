"""HDF5 files of others: what is taken of them, at every limit, and what is refused."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from h5py import h5d, h5p, h5s, h5t

from comotion import hdf5
from comotion.errors import DensityError, FormatError
from comotion.hdf5 import holds, numbers, opened, text

_X = np.arange(10.0)


def _bytes(write: Callable[[h5py.File], None]) -> bytes:
    """An HDF5 file in memory."""
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        write(file)
    return memory.getvalue()


def _numbers(write: Callable[[h5py.File], Any], name: str = "x", kinds: str = "fiu") -> Any:
    with opened(_bytes(write)) as file:
        return numbers(file, name, kinds)


def _mixed(file: h5py.File) -> None:
    file["x"] = _X
    file["a/b/x"] = 2 * _X
    file["text"] = "Molden é"
    file["texts"] = ["a", "b"]
    file["soft"] = h5py.SoftLink("/x")
    file["a/soft"] = h5py.SoftLink("/x")
    file["external"] = h5py.ExternalLink("other.h5", "x")
    file["number"] = 3
    file["empty"] = h5py.Empty("f8")
    file["type"] = np.dtype("f8")
    file["flags"] = _X > 3
    file["whole"] = np.arange(3, dtype="u1")
    file["complex"] = _X * 1j


@pytest.fixture
def mixed() -> bytes:
    """A file with something of everything."""
    return _bytes(_mixed)


def test_what_a_file_holds(mixed: bytes) -> None:
    with opened(mixed) as file:
        found = {name: holds(file, name) for name in (
            "x", "a", "a/b", "a/b/x", "text", "type", "soft", "a/soft", "external", "nothing",
            "x/x", "a/b/nothing", "soft/x",
        )}  # fmt: skip
    assert [name for name, there in found.items() if there] == [
        "x", "a", "a/b", "a/b/x", "text", "type",
    ]  # fmt: skip


def test_numbers_and_texts(mixed: bytes) -> None:
    with opened(mixed) as file:
        np.testing.assert_array_equal(numbers(file, "x"), _X)
        np.testing.assert_array_equal(numbers(file, "a/b/x"), 2 * _X)
        np.testing.assert_array_equal(numbers(file, "whole"), [0, 1, 2])
        np.testing.assert_array_equal(numbers(file, "flags", "b"), _X > 3)
        assert numbers(file, "number").tolist() == 3
        assert text(file, "text") == "Molden é"


@pytest.mark.parametrize(
    ("read", "name", "sentence"),
    [
        (numbers, "nothing", "it has no 'nothing'; write an array of that name"),
        (numbers, "a/b/y", "it has no 'a/b/y'; write an array"),
        (numbers, "x/x", "it has no 'x/x'; write an array"),
        (numbers, "a", "'a' is no array; write an array of that name"),
        (numbers, "type", "'type' is no array"),
        (numbers, "soft", "'soft' is a link that leads elsewhere; write the array itself"),
        (numbers, "a/soft", "'a/soft' is a link that leads elsewhere"),
        (numbers, "external", "'external' is a link that leads elsewhere"),
        (numbers, "empty", "'empty' is an array without values; write the values"),
        (numbers, "text", "'text' holds no real numbers; write it as floating-point numbers"),
        (numbers, "complex", "'complex' holds no real numbers"),
        (numbers, "flags", "'flags' holds no real numbers"),
        (text, "texts", "'texts' is no single text; write the file anew"),
        (text, "number", "'number' is no single text"),
        (text, "nothing", "it has no 'nothing'"),
        (text, "soft", "'soft' is a link"),
    ],
)
def test_what_is_refused(mixed: bytes, read: Any, name: str, sentence: str) -> None:
    with opened(mixed) as file, pytest.raises(FormatError, match=f"^{sentence}"):
        read(file, name)


def test_what_is_no_hdf5_file(mixed: bytes) -> None:
    for content in (b"", b"text", mixed[: len(mixed) // 2]):
        with pytest.raises(FormatError, match=r"it is no HDF5 file, or a damaged one \(\w+\); "):  # noqa: SIM117
            with opened(content) as file:
                numbers(file, "x")


def test_an_error_of_the_package_stays_what_it_is(mixed: bytes) -> None:
    with pytest.raises(DensityError, match=r"^mine$"), opened(mixed):
        raise DensityError("mine")
    with pytest.raises(FormatError, match=r"a damaged one \(KeyError\)"), opened(mixed):
        raise KeyError("x")


def test_an_array_may_be_as_large_as_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the size that it would have in memory."""
    monkeypatch.setattr(hdf5, "MOST_BYTES", 80)
    assert len(_numbers(lambda file: file.update({"x": _X}))) == 10
    with pytest.raises(FormatError, match="'x' is larger than 0 MiB; write a shorter array"):
        _numbers(lambda file: file.update({"x": np.arange(11.0)}))
    with pytest.raises(FormatError, match="larger than"):
        _numbers(lambda file: file.update({"x": np.ones((3, 4))}))
    assert len(_numbers(lambda file: file.update({"x": np.arange(20, dtype="f4")}))) == 20


def test_a_declared_length_is_not_allocated() -> None:
    def write(file: h5py.File) -> None:
        file.create_dataset("x", (2**40,), "f8", chunks=(1024,))

    with pytest.raises(FormatError, match="'x' is larger than 64 MiB"):
        _numbers(write)


@pytest.mark.parametrize(
    "options",
    [
        {}, {"chunks": (3,)}, {"compression": "gzip"}, {"compression": "gzip", "chunks": (3,)},
        {"shuffle": True, "chunks": (4,)}, {"fletcher32": True, "chunks": (10,)},
        {"compression": "gzip", "shuffle": True, "fletcher32": True, "chunks": (10,)},
    ],
    ids=str,
)  # fmt: skip
def test_ways_to_store_that_are_read(options: dict[str, Any]) -> None:
    found = _numbers(lambda file: file.create_dataset("x", data=_X, **options))
    np.testing.assert_array_equal(found, _X)


def test_another_filter_is_refused() -> None:
    sentence = "'x' is stored with another filter than gzip, shuffle and fletcher32"
    with pytest.raises(FormatError, match=sentence):
        _numbers(lambda file: file.create_dataset("x", data=_X, compression="lzf"))


def _raw(file: h5py.File, filters: int, chunk: int = 10) -> h5d.DatasetID:
    """A chunked dataset with so many gzip filters."""
    creation = h5p.create(h5p.DATASET_CREATE)
    creation.set_chunk((chunk,))
    for _ in range(filters):
        creation.set_deflate(4)
    space = h5s.create_simple((10,))
    return h5d.create(file.id, b"x", h5t.NATIVE_DOUBLE, space, dcpl=creation)


def test_a_filter_twice_is_refused() -> None:
    with pytest.raises(FormatError, match="another filter than gzip"):
        _numbers(lambda file: _raw(file, 2))


def test_a_chunk_holds_no_more_than_it_declares() -> None:
    """Four bytes of a checksum are allowed for; one more is a bomb."""

    def write(size: int) -> Callable[[h5py.File], None]:
        stored = zlib.compress(_X.tobytes() + b"\0" * (size - 80))
        return lambda file: _raw(file, 1).write_direct_chunk((0,), stored)

    np.testing.assert_array_equal(_numbers(write(80)), _X)
    with opened(_bytes(write(84))) as file:
        hdf5._dataset(file, "x")
    sentence = r"'x' has a chunk larger than it declares; write it without compression"
    for size in (85, 10**6):
        with pytest.raises(FormatError, match=sentence):
            _numbers(write(size))


def test_a_chunk_that_went_past_the_filters_is_refused() -> None:
    def write(file: h5py.File) -> None:
        _raw(file, 1).write_direct_chunk((0,), _X.tobytes(), filter_mask=1)

    with pytest.raises(FormatError, match="'x' has a chunk larger than it declares"):
        _numbers(write)


def test_a_chunk_may_be_as_large_as_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it declares with its checksum, though the array itself is smaller; and what it takes."""

    def write(file: h5py.File) -> None:
        file.create_dataset("x", data=_X, chunks=(12,), maxshape=(None,), compression="gzip")

    monkeypatch.setattr(hdf5, "MOST_BYTES", 12 * 8 + 4)
    np.testing.assert_array_equal(_numbers(write), _X)
    monkeypatch.setattr(hdf5, "MOST_BYTES", 12 * 8 + 3)
    with pytest.raises(FormatError, match="has a chunk larger"):
        _numbers(write)


def test_numbers_that_lie_elsewhere_are_refused(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(_X.tobytes())

    def external(file: h5py.File) -> None:
        file.create_dataset("x", (10,), "f8", external=[(str(tmp_path / "raw"), 0, 80)])

    def virtual(file: h5py.File) -> None:
        layout = h5py.VirtualLayout((10,), "f8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "x", (10,))
        file.create_virtual_dataset("x", layout)

    def compact(file: h5py.File) -> None:
        creation = h5p.create(h5p.DATASET_CREATE)
        creation.set_layout(h5d.COMPACT)
        h5d.create(file.id, b"x", h5t.NATIVE_DOUBLE, h5s.create_simple((10,)), dcpl=creation)

    for write in (external, virtual, compact):
        with pytest.raises(FormatError, match="'x' is virtual, external or compact; write a"):
            _numbers(write)
