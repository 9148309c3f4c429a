"""Records on disk: complete or absent, and read back as they were written."""

import errno
import hashlib
import json
import os
import platform
import threading
from importlib.metadata import version
from pathlib import Path

import h5py
import numpy as np
import pytest

from comotion import MODELS, RadialDensity, tabulated
from comotion.density.storage import load_density, save_density
from comotion.errors import RecordError
from comotion.io import (
    is_whole,
    read_arrays,
    read_csv,
    read_json,
    replace_bytes,
    replace_text,
    write_arrays,
    write_json,
)
from comotion.provenance import UNITS, provenance
from comotion.stages.records import density_integrals_record
from comotion.version import VERSION

_R = np.exp(np.linspace(-9, 4, 300))


@pytest.mark.parametrize(
    "density",
    [
        MODELS["bohr"](4),
        MODELS["ball"](3),
        tabulated(_R, MODELS["gaussian"](2).density(_R) + 1e-40),
    ],
    ids=["gamma", "ball", "table"],
)
def test_density_round_trip(tmp_path: Path, density: RadialDensity) -> None:
    save_density(tmp_path / "density.h5", "name", "exact", density)
    system, level, back = load_density(tmp_path / "density.h5")
    assert (system, level, back.n_electrons) == ("name", "exact", density.n_electrons)
    r = np.array([0.01, 0.5, 0.9])
    np.testing.assert_array_equal(back.density(r), density.density(r))
    np.testing.assert_array_equal(back.cocumulant(r), density.cocumulant(r))


def test_every_array_has_a_unit(tmp_path: Path) -> None:
    save_density(tmp_path / "d.h5", "bohr-4", "exact", MODELS["bohr"](4))
    with h5py.File(tmp_path / "d.h5") as file:
        assert all(file[name].attrs["unit"] for name in file)


def test_a_record_is_its_content_with_provenance_and_checksum(tmp_path: Path) -> None:
    """Anybody can check it: SHA-256 of all the rest, keys sorted, as json.dumps writes it."""
    write_json(tmp_path / "r.json", {"b": (1, 2.5), "a": {10: None, 2: "x"}})
    text = (tmp_path / "r.json").read_text()
    record = json.loads(text)
    checksum = record.pop("checksum")
    sorted_text = json.dumps(record, sort_keys=True)
    assert checksum == hashlib.sha256(sorted_text.encode()).hexdigest()
    assert list(record) == ["b", "a", "provenance"]
    assert (record["b"], record["a"]) == ([1, 2.5], {"10": None, "2": "x"})
    assert record["provenance"] == provenance()
    assert read_json(tmp_path / "r.json") == record
    assert text.startswith('{\n  "b": [\n    1,\n')
    assert text.endswith("}\n")
    # In another order of its keys it is the same record.
    turned = {"checksum": checksum, **dict(reversed(record.items()))}
    (tmp_path / "r.json").write_text(json.dumps(turned))
    assert read_json(tmp_path / "r.json") == record


def test_arrays_are_what_was_written(tmp_path: Path) -> None:
    """Numbers, whole ones and truth values, with the text before them and its checksum."""
    arrays = {"x": np.arange(3.0), "n": np.arange(4), "up": np.array([True, False])}
    path = tmp_path / "deep/a.h5"
    described = {name: (values, f"unit of {name}", f"{name}!") for name, values in arrays.items()}
    write_arrays(path, described, {"system": "He", "n_electrons": 2})
    attributes, found = read_arrays(path)
    assert json.loads(attributes.pop("versions")) == provenance()["versions"]
    assert attributes == {"system": "He", "n_electrons": 2}
    assert set(found) == set(arrays)
    for name, values in arrays.items():
        np.testing.assert_array_equal(found[name], values)
        assert found[name].dtype == values.dtype
    content = path.read_bytes()
    line = f"comotion sha256 {hashlib.sha256(content[512:]).hexdigest()}\n".encode()
    assert content[:512] == line + b"\0" * (512 - len(line))
    with h5py.File(path) as file:
        assert file.userblock_size == 512
        for name in arrays:
            assert dict(file[name].attrs) == {"unit": f"unit of {name}", "meaning": f"{name}!"}


def test_a_file_has_its_name_only_when_it_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is on the disk under another name, hidden and of this process, before it gets its own."""
    seen: list[dict[str, bytes]] = []

    def fsync(_: int) -> None:
        seen.append({path.name: path.read_bytes() for path in tmp_path.iterdir()})

    monkeypatch.setattr(os, "fsync", fsync)
    replace_text(tmp_path / "a.txt", "é")
    beside = f".a.txt.{platform.node()}.{os.getpid()}"
    assert seen == [{beside: "é".encode()}]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.txt": b"\xc3\xa9"}

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RecordError, match=r"a\.txt: cannot be written: No space left on device; "):
        replace_bytes(tmp_path / "a.txt", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.txt": b"\xc3\xa9"}


def test_whole_files(tmp_path: Path) -> None:
    record, arrays = tmp_path / "a.json", tmp_path / "a.h5"
    write_json(record, {"x": 1})
    write_arrays(arrays, {"x": (np.arange(3.0), "1", "")}, {})
    assert is_whole(record)
    assert is_whole(arrays)
    for path in (record, arrays):
        content = path.read_bytes()
        path.write_bytes(content.replace(b"x", b"y"))
        assert not is_whole(path)
        # What it holds decides nothing of another kind of file.
        path.with_suffix(".csv").write_bytes(content)
        assert not is_whole(path.with_suffix(".csv"))
    assert not is_whole(tmp_path / "nothing.json")
    assert not is_whole(tmp_path / "nothing.h5")


def test_a_file_of_results_has_at_most_a_gibibyte(tmp_path: Path) -> None:
    """More than a file of a user may have."""
    for name, read in (("a.json", read_json), ("a.h5", read_arrays), ("a.csv", read_csv)):
        path = tmp_path / name
        with path.open("wb") as file:
            file.truncate(2**30 + 1)
        with pytest.raises(RecordError, match=rf"{name}: cannot be read: larger than 1024 MiB"):
            read(path)
    with (tmp_path / "a.json").open("wb") as file:
        file.truncate(2**26 + 1)
    with pytest.raises(RecordError, match="not what was written here, it is no JSON"):
        read_json(tmp_path / "a.json")


def test_a_table_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for content in (b"", b"\xff\xfe\x00", b"a,b\n1,2,3\n1\n1,2,3,4\n"):
        path.write_bytes(content)
        with pytest.raises(RecordError, match=r"a\.csv: cannot be read as a table: .*make it anew"):
            read_csv(path)
    path.write_text("a,b\n1,x\n")
    assert read_csv(path).to_dict("list") == {"a": [1], "b": ["x"]}


def test_provenance_names_every_package_behind_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    found = provenance()
    packages = (
        "numpy", "scipy", "pyscf", "numba", "highspy", "clarabel", "python-flint",
        "basis-set-exchange",
    )  # fmt: skip
    assert found["versions"] == {"comotion": VERSION, **{name: version(name) for name in packages}}
    assert found["units"] == UNITS == (
        "hartree atomic units: energies in hartree, lengths in bohr"
    )  # fmt: skip
    assert found["threads"] >= threading.active_count()
    assert set(found) == {"versions", "units", "threads"}
    # Where the system counts none, nothing is said of it.
    monkeypatch.setattr("comotion.provenance.TASKS", Path("/nowhere"))
    assert provenance()["threads"] is None


def test_record_has_provenance_and_full_digits(tmp_path: Path) -> None:
    record = density_integrals_record("gaussian-2", "exact", MODELS["gaussian"](2))
    write_json(tmp_path / "r.json", record)
    back = read_json(tmp_path / "r.json")
    assert back["hartree"] == record["hartree"]
    assert {"comotion", "numpy", "scipy", "pyscf"} <= set(back["provenance"]["versions"])
    assert "hartree" in back["provenance"]["units"]


def test_nothing_half_made_stays(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text("old")
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"energy": float("nan")})
    with pytest.raises(TypeError):
        write_arrays(tmp_path / "a.h5", {"x": (object(), "1", "")}, {})
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]
