"""Files of results that were altered, cut short or never finished are found, and named."""

import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from comotion import MODELS, read_table
from comotion.cli import main
from comotion.density.storage import load_density, save_density
from comotion.errors import ComotionError, DensityError, RecordError
from comotion.io import is_whole, read_arrays, read_csv, read_json, write_arrays, write_json
from comotion.stages.verify import broken, files, run
from conftest import pipe

_RECORD = {"system": "He", "v_comotion": 0.5507, "v_by_seed": (1, 2.5), "of": {2: 1.0, 10: -3e-7}}


def _json(path: Path) -> Path:
    write_json(path / "sce.json", _RECORD)
    return path / "sce.json"


def _hdf5(path: Path) -> Path:
    write_arrays(path / "a.h5", {"x": (np.arange(3.0), "bohr", "radii")}, {"system": "He"})
    return path / "a.h5"


def _flipped(content: bytes, bit: int) -> bytes:
    """The content with one bit turned."""
    at, mask = bit // 8, 1 << bit % 8
    return content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]


def _found(read: Callable[[Path], Any], path: Path) -> bool:
    """Whether a reader refuses a file, with its name and the remedy."""
    try:
        read(path)
    except RecordError as error:
        return str(path) in str(error) and "delete it and run again" in str(error)
    return False


def test_every_flipped_bit_of_an_hdf5_file_is_found(tmp_path: Path) -> None:
    path = _hdf5(tmp_path)
    content = path.read_bytes()
    # Every bit takes a minute; this stride meets each bit of a byte equally often.
    for bit in range(0, 8 * len(content), 61):
        path.write_bytes(_flipped(content, bit))
        assert _found(read_arrays, path), bit


def test_every_flipped_bit_of_a_record_is_found(tmp_path: Path) -> None:
    """What is left are blanks that become other blanks and the e of an exponent."""
    path = _json(tmp_path)
    content, record = path.read_bytes(), read_json(path)
    left = []
    for bit in range(0, 8 * len(content), 5):
        path.write_bytes(_flipped(content, bit))
        if not _found(read_json, path):
            assert read_json(path) == record
            left.append(chr(content[bit // 8]))
    assert set(left) <= {" ", "\n", "e"}
    assert len(left) < 0.01 * 8 * len(content) / 5


@pytest.mark.parametrize(
    ("write", "read"), [(_json, read_json), (_hdf5, read_arrays)], ids=["JSON", "HDF5"]
)
def test_every_truncated_file_is_found(
    tmp_path: Path, write: Callable[[Path], Path], read: Callable[[Path], Any]
) -> None:
    path = write(tmp_path)
    content = path.read_bytes()
    # The last byte of a record is its line's end.
    for length in range(0, len(content.rstrip(b"\n")), 13):
        path.write_bytes(content[:length])
        assert _found(read, path), length


@pytest.mark.parametrize("read", [read_json, read_arrays, load_density])
def test_a_file_of_another_origin_is_refused(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    path = tmp_path / "result"
    with pytest.raises(RecordError, match=r"result: cannot be read: No such file"):
        read(path)
    for content in (b"", b"not a result", b"[1, 2]", b"\x89HDF\r\n\x1a\n" + 2000 * b"\x00"):
        path.write_bytes(content)
        with pytest.raises(RecordError, match=r"result: not what was written here"):
            read(path)


def test_arrays_that_are_no_density_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DensityError, match=r"a\.h5: holds no density"):
        load_density(_hdf5(tmp_path))


@pytest.mark.parametrize("way", ["link", "storage"])
def test_a_checksum_that_fits_opens_no_other_file(tmp_path: Path, way: str) -> None:
    """Anybody can write one."""
    source = _hdf5(tmp_path)
    with h5py.File(memory := io.BytesIO(), "w", userblock_size=512) as file:
        if way == "link":
            file["x"] = h5py.ExternalLink(source, "x")
        else:
            file.create_dataset("x", (3,), "f8", external=[(str(source), 0, 24)])
    content = memory.getvalue()[512:]
    line = f"comotion sha256 {hashlib.sha256(content).hexdigest()}\n".encode()
    path = tmp_path / "theirs.h5"
    path.write_bytes(line.ljust(512, b"\0") + content)
    with pytest.raises(RecordError, match=r"theirs\.h5: .* 'x' is (a link|virtual, external)"):
        read_arrays(path)


def test_no_pipe_is_waited_for(tmp_path: Path) -> None:
    for name in ("sce.json", "density.h5", "energies.csv"):
        pipe(tmp_path / name)
    for read, name in ((read_json, "sce.json"), (read_arrays, "density.h5"),
                       (read_csv, "energies.csv")):  # fmt: skip
        with pytest.raises(RecordError, match=f"{name}: cannot be read: a pipe, socket or device"):
            read(tmp_path / name)
    assert not is_whole(tmp_path / "sce.json")


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        save_density(folder / "density.h5", "name", "exact", MODELS["bohr"](4))
        contents.append([path.read_bytes() for path in (_json(folder), folder / "density.h5")])
    assert contents[0] == contents[1]


def test_others_can_open_the_files(tmp_path: Path) -> None:
    """The checksum hides nothing: any HDF5 or JSON reader sees what it always saw."""
    with h5py.File(_hdf5(tmp_path)) as file:
        np.testing.assert_array_equal(file["x"], np.arange(3.0))
        assert file["x"].attrs["unit"] == "bohr"
    assert json.loads(_json(tmp_path).read_text())["v_comotion"] == _RECORD["v_comotion"]


def test_a_users_table_needs_no_checksum(tmp_path: Path) -> None:
    r = np.geomspace(1e-5, 9, 800)
    with h5py.File(tmp_path / "mine.h5", "w") as file:
        file["r"], file["rho"] = r, MODELS["gaussian"](2).density(r)
    assert read_table(tmp_path / "mine.h5").n_electrons == 2


def test_objects_are_never_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="Object dtype"):
        write_arrays(tmp_path / "a.h5", {"x": ([{}], "1", "")}, {})
    assert not list(tmp_path.iterdir())


def test_a_folder_that_takes_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ComotionError, match=r"cannot be written: (Not a directory|File exists)"):
        write_json(tmp_path / "file/sce.json", _RECORD)


def test_no_pickle_is_ever_loaded(project: Path) -> None:
    """Nothing that can run code when it is read: no pickle, no joblib, no array of objects."""
    forbidden = r"\bpickle\b|joblib|allow_pickle|\bdill\b|np\.load|numpy\.load|\beval\(|\bexec\("
    sources = [*project.glob("workflow/**/*.py"), *project.glob("rules/*.smk")]
    assert len(sources) > 50
    for path in [*sources, project / "Snakefile"]:
        assert not re.search(forbidden, path.read_text()), path


def test_arrays_of_objects_are_refused(tmp_path: Path) -> None:
    """HDF5 holds objects as references or strings of any length; neither is a density."""
    r = np.geomspace(1e-4, 9, 100)
    for kind, values in ((h5py.ref_dtype, None), (h5py.string_dtype(), ["a"] * 100)):
        with h5py.File(tmp_path / "mine.h5", "w") as file:
            file["r"] = r
            data = file.create_dataset("rho", (100,), dtype=kind)
            data[:] = [file["r"].ref] * 100 if values is None else values
        with pytest.raises(DensityError, match=r"mine\.h5: 'rho' holds no real numbers"):
            read_table(tmp_path / "mine.h5")


def test_a_file_that_outgrows_its_limit_leaves_nothing(tmp_path: Path) -> None:
    """A quota in the middle of a write, without root: one sentence and no file."""
    program = (
        "import resource, sys; from pathlib import Path; import numpy as np\n"
        "from comotion.errors import RecordError; from comotion.io import write_arrays\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: write_arrays(Path(sys.argv[1]), {'x': (np.ones(5000), '1', '')}, {})\n"
        "except RecordError as error: print(error)"
    )
    path = tmp_path / "a.h5"
    done = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"{path}: cannot be written: File too large; make room")
    assert not list(tmp_path.iterdir())


def test_verify_names_what_is_broken(tmp_path: Path) -> None:
    folder = tmp_path / "He/exact"
    record, arrays = _json(folder), _hdf5(folder)
    assert files(tmp_path) == [arrays, record]
    assert broken(tmp_path) == []
    arrays.write_bytes(arrays.read_bytes()[:-1])
    (sentence,) = broken(tmp_path)
    assert sentence.startswith(f"{arrays}: not what was written here")
    with pytest.raises(RecordError, match="no folder with results"):
        run(Namespace(results=tmp_path / "nothing"))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results with a bracket."""
    results = tmp_path_factory.mktemp("results")
    folder = results / "exponential-3/exact"
    at = {name: str(folder / name) for name in (
        "density.h5", "density.json", "sce.json", "plan.h5", "pattern.h5",
        "bracket.json", "bracket.h5", "upper_plan.h5",
    )}  # fmt: skip
    density = ["--density", at["density.h5"]]
    plans = ["--plan", at["plan.h5"], "--pattern", at["pattern.h5"]]
    main(["model", "--system", "exponential-3", *density, "--integrals", at["density.json"]])
    main(["plan", *density, *plans, "--sce", at["sce.json"]])
    main([
        "bracket", *density, *plans, "--splines", "12", "20", "--cells", "8",
        "--bracket", at["bracket.json"], "--details", at["bracket.h5"],
        "--upper-plan", at["upper_plan.h5"],
    ])  # fmt: skip
    return results


def test_verify_computes_a_bracket_again(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(Namespace(results=finished))
    said = capsys.readouterr().out
    assert "14 of 14 numbers of both ends computed again by other rules agree" in said
    assert re.search(r"of \d{4,} new minimisations of V - sum u none ends below the recorded", said)
    assert "evidence, no proof" in said


def _altered_record(folder: Path, key: str, by: float) -> None:
    record = read_json(folder / "bracket.json")
    write_json(folder / "bracket.json", record | {key: record[key] + by})


def _altered_arrays(path: Path, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> None:
    attributes, arrays = read_arrays(path)
    change(attributes, arrays)
    write_arrays(path, {name: (a, "1", "") for name, a in arrays.items()}, attributes)


def _raise(name: str, by: float) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    """A change of a number, or of the first number of an array."""

    def change(attributes: dict[str, Any], arrays: dict[str, Any]) -> None:
        if name in attributes:
            attributes[name] += by
        else:
            arrays[name].flat[0] += by

    return change


def _other_weights(_: dict[str, Any], arrays: dict[str, Any]) -> None:
    """The sum stays, the marginal does not."""
    arrays["weights"][:2] += np.array([1e-4, -1e-4])


def _other_density(attributes: dict[str, Any], arrays: dict[str, Any]) -> None:
    del attributes
    arrays["density_exponents"] = arrays["density_exponents"] * 1.001


@pytest.mark.parametrize(
    ("file", "change", "sentence"),
    [
        ("bracket.json", ("lower", 1e-7), "lower, the higher of"),
        ("bracket.json", ("upper", -1e-7), "upper, the plan's cost"),
        ("bracket.json", ("lower_duality", 1e-7), "lower_duality"),
        ("bracket.h5", _raise("value", 1e-6), "D[(]u[)] = int rho u"),
        ("bracket.h5", _raise("constant", 1e-6), "found anew lies below the minimum"),
        ("bracket.h5", _raise("slack", 1e-6), "slack of an active configuration"),
        ("bracket.h5", _raise("configurations", 1e-3), "slack of an active configuration"),
        ("bracket.h5", _other_density, "densities of"),
        ("upper_plan.h5", _raise("cost", -1e-5), "cost of the plan by another rule"),
        ("upper_plan.h5", _raise("positions", 1e-3), "energy of one of the plan's"),
        ("upper_plan.h5", _raise("weights", 1e-6), "sum of the plan's weights"),
        ("upper_plan.h5", _other_weights, "charge missing in a cell"),
    ],
)  # fmt: skip
def test_verify_finds_a_number_that_was_altered(
    finished: Path, tmp_path: Path, file: str, change: Any, sentence: str
) -> None:
    """With a checksum that fits: whoever alters a number may well write it anew."""
    shutil.copytree(finished, tmp_path / "results")
    folder = tmp_path / "results/exponential-3/exact"
    if file == "bracket.json":
        _altered_record(folder, *change)
    else:
        _altered_arrays(folder / file, change)
    assert broken(tmp_path / "results") == []
    with pytest.raises(RecordError, match=rf"bracket\.json: .*{sentence}.* is recorded, but"):
        run(Namespace(results=tmp_path / "results"))


def test_verify_names_a_bracket_without_its_files(finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished, tmp_path / "results")
    (tmp_path / "results/exponential-3/exact/upper_plan.h5").unlink()
    with pytest.raises(RecordError, match=r"upper_plan\.h5: cannot be read"):
        run(Namespace(results=tmp_path / "results"))
