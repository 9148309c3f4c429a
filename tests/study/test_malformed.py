"""Hundreds of malformed configurations and tables: a sentence for each, never a traceback."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import yaml

from comotion.density.model_densities import MODELS
from comotion.density.user_table import read_table
from comotion.errors import ConfigError, DensityError
from comotion.systems import MOST_ELECTRONS
from comotion.transport.angular.minimiser import MAX_ELECTRONS
from conftest import pipe
from study.configuration import read_study

#: What is put in the place of every key of the default configuration in turn.
_VALUES: dict[str, Any] = {
    "null": None, "true": True, "text": "text", "negative": -1, "zero": 0, "half": 0.5,
    "whole float": 3.0, "infinite": float("inf"), "no number": float("nan"), "huge": 10**400,
    "empty list": [], "empty map": {}, "list": [[]], "map": {"a": 1}, "unicode": "Hé☃\n",
    "empty": "", "path": "../../etc/passwd", "nul": "a\0b", "long": "x" * 5000,
    "keys that are no text": {1: 2, None: 3, "b": 4},
}  # fmt: skip

#: Of these mutations, the ones that are good configurations.
_GOOD = {
    "study": ["text"],
    "best": ["empty list"],
    "models": ["empty list"],
    "densities": ["empty map"],
    "leave_out": ["empty list"],
    "densities.mine.normalize": ["true"],
    "abinitio": ["empty map"],
    "abinitio.unpaired_electrons": ["empty map"],
    "abinitio.unpaired_electrons.C": ["zero"],
    "transport": ["empty map"],
    "transport.seeds.0": ["zero"],
    "transport.tolerance": ["half"],
    "transport.quadrature_tolerance": ["half"],
    "transport.accept_disagreement": ["true"],
    "transport.pattern_electrons": ["zero"],
    "bracket": ["empty map"],
    "bracket.electrons": ["zero"],
    "bracket.hierarchy": ["zero"],
    "pair_bound": ["empty map"],
    "pair_bound.electrons": ["zero"],
    "pair_bound.hierarchy": ["zero"],
    "kohn_sham": ["empty map"],
    "kohn_sham.electrons": ["zero"],
    "connection": ["empty map"],
    "connection.electrons": ["zero"],
    "connection.moller_plesset_basis": ["text", "empty"],
    "problems": ["empty map"],
    "problems.include": ["true"],
    "figures": ["empty map"],
    "figures.arrangements": ["empty list"],
    "figures.pair_angles": ["empty map"],
    "figures.pair_densities": ["empty map"],
    "figures.isoelectronic": ["true"],
}


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a configuration, in lists the first only."""
    yield place
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _places(entry, (*place, key))
    elif isinstance(value, list) and value:
        yield from _places(value[0], (*place, 0))


def _mutated(config: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    mutated = inner = copy.deepcopy(config)
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return mutated


@pytest.fixture
def config(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The default configuration with every optional part in use, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text("r,rho\n")
    config: dict[str, Any] = yaml.safe_load((project / "config.yaml").read_text())
    return config | {
        "densities": {"mine": {"file": "mine.csv", "normalize": False}},
        "best": ["Li"],
        "abinitio": {"max_cycle": 100, "unpaired_electrons": {"C": 0}},
    }


def test_every_key_with_every_wrong_value(project: Path, config: dict[str, Any]) -> None:
    """Some 980 mutations: exactly the good ones pass, the others name key and remedy."""
    schema = project / "workflow/schemas/config.schema.yaml"
    refused, good = 0, dict.fromkeys(_GOOD, 0)
    for place in _places(config):
        name = ".".join(map(str, place))
        for kind, value in _VALUES.items():
            mutated = _mutated(config, place, value)
            if kind in _GOOD.get(name, []):
                read_study(mutated, schema, "my.yaml")
                good[name] += 1
                continue
            with pytest.raises(ConfigError) as error:
                read_study(mutated, schema, "my.yaml")
            sentence = str(error.value)
            assert sentence.startswith("my.yaml: "), (name, kind)
            assert "\n" not in sentence, (name, kind)
            # Of an empty study, or of one that lacks a system that it draws, no place is wrong.
            if "nothing to do" not in sentence and "is not among the systems" not in sentence:
                assert (str(place[0]) if place else "top level") in sentence, (name, kind)
            refused += 1
    assert good == {name: len(kinds) for name, kinds in _GOOD.items()}
    assert refused > 900


@pytest.mark.parametrize("drop", range(1, 4))
def test_every_misspelt_key(project: Path, config: dict[str, Any], drop: int) -> None:
    """A key that lacks a letter is unknown, and its right form is offered."""
    schema = project / "workflow/schemas/config.schema.yaml"
    named_by_user = {
        "densities", "abinitio.unpaired_electrons", "figures.pair_angles",
        "figures.pair_densities",
    }  # fmt: skip
    misspelt = 0
    for place in _places(config):
        above = ".".join(map(str, place[:-1]))
        if not place or isinstance(place[-1], int) or above in named_by_user:
            continue
        key = place[-1]
        mutated = inner = copy.deepcopy(config)
        for step in place[:-1]:
            inner = inner[step]
        inner[key[:drop] + key[drop + 1 :]] = inner.pop(key)
        with pytest.raises(ConfigError, match=r"unknown key|is a required property") as error:
            read_study(mutated, schema, "my.yaml")
        assert key in str(error.value)
        misspelt += 1
    assert misspelt > 20


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("models: &a [ball-2, *a]", "nested too deeply, or an alias of itself"),
        ("models: [ball-121]", "N = 1 to 120 electrons"),
        (f"models: [ball-{'9' * 5000}]", "N = 1 to 120 electrons"),
        ("atoms: [{systems: [He999-], levels: [hf_x]}]", "more than 120 electrons"),
        (f"atoms: [{{systems: [He{'9' * 5000}-], levels: [hf_x]}}]", "no such element"),
        ("atoms: [{systems: [He], levels: [hf_../../x]}]", "no path can hold it"),
        ("atoms: [{systems: [He], levels: [hf_6-31G*]}]", r"\* as _st_"),
        ("atoms: [{systems: [He/../..], levels: [hf_x]}]", "no such element"),
        ('densities: {"mine\\n": {file: mine.csv}}', "is not a name for a system"),
        ("densities: {mine: {file: mine.csv, normalise: true}}", "unknown key 'normalise'"),
    ],
)
def test_other_ways_to_be_wrong(
    project: Path, config: dict[str, Any], text: str, sentence: str
) -> None:
    schema = project / "workflow/schemas/config.schema.yaml"
    mutated = config | yaml.safe_load(text)
    with pytest.raises(ConfigError, match=sentence):
        read_study(mutated, schema, "my.yaml")


@pytest.mark.usefixtures("config")
def test_a_path_leaves_the_project_only_when_it_is_absolute(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    schema = project / "workflow/schemas/config.schema.yaml"
    outside = tmp_path_factory.mktemp("outside") / "mine.csv"
    outside.write_text("r,rho\n")
    Path("link.csv").symlink_to(outside)
    Path("folder").mkdir()
    pipe(Path("pipe.csv").absolute())
    with Path("large.csv").open("wb") as large:
        large.truncate(2**27)
    up = "/".join([".."] * 40)
    for file, sentence in (
        ("../../etc/passwd", "leads out of the project folder"),
        (f"{up}{outside}", "leads out of the project folder"),
        ("folder/../../x.csv", "leads out of the project folder"),
        ("link.csv", "leads out of the project folder"),
        ("folder", "cannot be read \\(Is a directory"),
        ("nowhere.csv", "cannot be read \\(No such file"),
        ("pipe.csv", "cannot be read \\(a pipe, socket or device"),
        ("/dev/zero", "cannot be read \\(a pipe, socket or device"),
        ("large.csv", "cannot be read \\(larger than 64 MiB"),
        (f"{outside}.csv", "cannot be read \\(No such file"),
    ):
        with pytest.raises(ConfigError, match=rf"key densities\.mine\.file: .* {sentence}"):
            read_study({"densities": {"mine": {"file": file}}}, schema)
    for file in (str(outside), "folder/../mine.csv", "./mine.csv"):
        study = read_study({"densities": {"mine": {"file": file}}}, schema)
        assert study["densities"]["mine"]["file"] == file


_R = np.geomspace(1e-4, 9, 300)
_RHO = MODELS["gaussian"](2).density(_R) + 1e-30


def _text(rows: list[list[Any]], header: str = "r,rho", separator: str = ",") -> bytes:
    return "\n".join([header, *(separator.join(map(str, row)) for row in rows)]).encode()


def _texts() -> Iterator[bytes]:
    """Malformed CSV files: systematic damage to a good one, and files that are none."""
    good = [[r, rho] for r, rho in zip(_R, _RHO, strict=True)]
    for row in (0, 150, 299):
        for column in (0, 1):
            for value in ("nan", "inf", "-inf", "-1", "1e999", "text", "", "é", "1,5", "0x1f"):
                rows = copy.deepcopy(good)
                rows[row][column] = value
                yield _text(rows)
    yield from (_text(good[:length]) for length in (0, 1, 2, 7))
    yield from (_text(good, header) for header in ("", "r", "rho,R", "r;rho", "radius,n", "r,r"))
    yield from (_text(good, "r,rho", separator) for separator in (";", " ", "\t", "|", ",,,,"))
    yield from (_text([[r, factor * rho] for r, rho in good]) for factor in (0.3, 1e-9, 1e300, 0))
    yield _text(good[::-1])
    yield _text([*good, good[-1]])
    yield _text([[r, rho] for r, rho in good for _ in range(2)])
    yield from (b"", b"\n", b"# only a comment\n", b"r,rho", b"r,rho\n\n\n", b"\x00" * 100)
    yield from (_text(good).decode().encode(code) for code in ("utf-16", "utf-32"))
    yield from (np.random.default_rng(seed).bytes(2000) for seed in range(40))
    yield from (_text(good)[:length] for length in range(5, 150, 15))
    yield b'r,rho\n"1,2\n' + _text(good)
    yield _text([[i, *row] for i, row in enumerate(good)])


def _hdf5s() -> Iterator[dict[str, Any]]:
    """Arrays of malformed HDF5 files."""
    yield {}
    yield {"r": _R}
    yield {"r": _R, "rho": _RHO[:-1]}
    yield {"r": _R, "rho": 1.0}
    yield {"r": 1.0, "rho": 1.0}
    yield {"r": np.outer(_R, _R), "rho": np.outer(_R, _R)}
    yield {"r": _R, "rho": _RHO.astype("S20")}
    yield {"r": _R, "rho": ["text"] * 300}
    yield {"r": _R, "rho": _RHO * (1 + 1j)}
    yield {"r": _R, "rho": _RHO > 0}
    yield {"r": np.full(300, np.nan), "rho": _RHO}
    yield {"r": np.array([], dtype=float), "rho": np.array([], dtype=float)}
    yield {"r": np.array([(1.0, 2.0)] * 300, dtype=[("a", "f8"), ("b", "f8")]), "rho": _RHO}
    yield {"r": np.arange(1.0, 2e5), "rho": np.arange(1.0, 2e5)}
    yield {"r": _R, "rho/rho": _RHO}
    yield {"r": _R, "rho": h5py.Empty("f8")}
    yield {"r": _R, "rho": np.dtype("f8")}
    for link in ("/nowhere", "/rho", "/mine"):
        yield {"r": _R, "mine": _RHO, "rho": h5py.SoftLink(link)}
    yield {"r": h5py.ExternalLink("/etc/passwd", "/r"), "rho": _RHO}


def test_every_malformed_table(tmp_path: Path) -> None:
    """More than a hundred: each refused in one sentence that names the file."""
    paths = []
    for i, content in enumerate(_texts()):
        paths.append(tmp_path / f"{i}.csv")
        paths[-1].write_bytes(content)
    for i, arrays in enumerate(_hdf5s()):
        paths.append(tmp_path / f"{i}.h5")
        with h5py.File(paths[-1], "w") as file:
            for name, values in arrays.items():
                file[name] = values
    for i, content in enumerate((b"", b"text", b"\x89HDF\r\n\x1a\n" + b"\x07" * 3000)):
        paths.append(tmp_path / f"broken{i}.h5")
        paths[-1].write_bytes(content)
    assert len(paths) > 150
    for path in paths:
        with pytest.raises(DensityError) as error:
            read_table(path)
        assert path.name in str(error.value)
        assert "\n" not in str(error.value).strip()


def test_the_limit_of_names_is_that_of_the_engine() -> None:
    assert MOST_ELECTRONS == MAX_ELECTRONS
