"""What is read from a certificate, and what is refused with which sentence."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comotion.errors import ProofError, RecordError
from comotion.io import write_json
from comotion.proof.document import read_certificate
from conftest import pipe
from pair_certificate import CELLS, KERNELS, MEAN, certificate, written


def test_what_is_read(tmp_path: Path) -> None:
    record = certificate(lower=0.125)
    record["functions"][1] = {"first": 3, "coefficients": [[1, 2, 3, 4], [5, 6, 7, 8.5]]}
    found = read_certificate(written(tmp_path / "bound.json", record))
    assert (found.system, found.level, found.n_electrons) == ("by-hand", "exact", 2)
    assert (found.unit, found.lower) == (1.3375, 0.125)
    assert found.cells.tolist() == record["cells"]
    assert found.potential.tolist() == record["potential"]
    assert found.kernels.tolist() == [[list(row) for row in kernel] for kernel in KERNELS]
    assert found.mean.tolist() == list(MEAN)
    assert found.functions.shape == (2, CELLS, 4)
    assert found.functions[1, 3:5].tolist() == [[1, 2, 3, 4], [5, 6, 7, 8.5]]
    assert not found.functions[1, :3].any()
    assert not found.functions[1, 5:].any()


def test_what_comotion_writes_has_the_checksum_that_is_asked_for(tmp_path: Path) -> None:
    write_json(tmp_path / "bound.json", certificate())
    assert read_certificate(tmp_path / "bound.json").n_electrons == 2


def test_triangles_are_read_by_rows(tmp_path: Path) -> None:
    record = certificate()
    record["functions"].append(record["functions"][0])
    record["mean"].append(0.0)
    record["kernels"] = [[1, 2, 3, 4, 5, 6]]
    found = read_certificate(written(tmp_path / "bound.json", record))
    assert found.kernels[0].tolist() == [[1, 2, 4], [2, 3, 5], [4, 5, 6]]


def _refused(path: Path) -> str:
    with pytest.raises(ProofError) as error:
        read_certificate(path)
    sentence = str(error.value)
    assert sentence.startswith(f"{path}: ")
    assert "\n" not in sentence
    assert len(sentence) < len(str(path)) + 250
    return sentence.removeprefix(f"{path}: ")


def test_a_truncated_file_and_a_changed_digit_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "bound.json", certificate())
    text = path.read_text()
    path.write_text(text[: len(text) // 2])
    assert _refused(path).startswith("no certificate, it is no JSON (")
    place = text.index("0.25", text.index("potential"))
    path.write_text(text[:place] + "0.24" + text[place + 4 :])
    assert _refused(path).startswith("checksum: '")
    assert "does not fit the rest" in _refused(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1]", "no JSON object"),
        ('{"a": 1, "a": 2}', "a key stands twice"),
        ('{"a": NaN}', "NaN is no number"),
        ('{"a": -Infinity}', "-Infinity is no number"),
        ("[" * 100_000, "no JSON"),
        ("\ud800".encode("utf-8", "surrogatepass"), "no JSON"),
        ("{}", "schema: is missing: no certificate but another file; give one such as pair_cert"),
        ('{"schema": "comotion pair bound 2"}', "'comotion pair bound 1' only"),
        ('{"schema": 5}', "schema: 5: a text of printable characters is needed"),
        ('{"schema": "comotion pair bound 1"}', "checksum: 'checksum' is missing"),
    ],
)
def test_what_is_no_certificate(tmp_path: Path, text: str | bytes, said: str) -> None:
    path = tmp_path / "bound.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    assert said in _refused(path)


def test_only_regular_files_of_a_bounded_size_are_opened(tmp_path: Path) -> None:
    assert "No such file" in _refused(tmp_path / "nothing")
    assert "no regular file" in _refused(tmp_path)
    pipe(tmp_path / "pipe")
    assert "no regular file" in _refused(tmp_path / "pipe")
    large = tmp_path / "large"
    large.touch()
    os.truncate(large, 64 * 2**20 + 1)
    assert "larger than 64 MiB" in _refused(large)
    with pytest.raises(ProofError, match="no file can have this name"):
        read_certificate(Path("a\0b"))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("n_electrons", 1, "n_electrons: 1: an integer from 2 to 1000 is needed"),
        ("n_electrons", 2.0, "n_electrons: 2.0: an integer"),
        ("n_electrons", True, "n_electrons: True: an integer"),
        ("unit", 0, "unit: 0: a number from 1e-30 to 1e+30"),
        ("unit", True, "unit: True: a number"),
        ("unit", "1", "unit: '1': a number"),
        ("lower", 10**400, "lower: 1000"),
        ("system", None, "system: None: a text"),
        ("system", "Ne\nAr", "system: 'Ne\\nAr': a text of printable characters is needed"),
        ("level", "\ud800", "level: '\\ud800': a text of printable characters is needed"),
        ("mean", [1.0], "mean: [1.0]: a list of 2 is needed"),
        ("mean", [1.0, 1e61], "mean[1]: 1e+61: a number of at most 1e+60"),
        ("kernels", [], "kernels: []: a list of 1 to 61 is needed, it is one of 0"),
        ("kernels", [[1, 2]], "kernels[0]: [1, 2]: a list of 3 is needed"),
        ("kernels", [[1, 2, None]], "kernels[0][2]: None: a number"),
        ("cells", {}, "cells: {}: a list of 1 to 2000 is needed"),
        ("potential", [[1, 2, 3, 4]], "potential: [[1, 2, 3, 4]]: a list of 32 is needed"),
        ("functions", [5, 6], "functions[0]: 5: an object is needed"),
        ("potentail", 1, "potentail: 1: no such key is known"),
        ("mean\n", 1, "mean\\n: 1: no such key is known"),
        ("density", {"kind": "cube"}, "density.kind: 'cube': the kinds are gamma, ball and"),
        ("density", {"kind": "ball"}, "density.radius: 'radius' is missing"),
        ("density", {"kind": "ball", "radius": -1}, "density.radius: -1: a number"),
        ("density", {"kind": "ball", "radius": 1, "r": 2}, "density.r: 2: no such key"),
    ],
)
def test_values_that_cannot_be(tmp_path: Path, key: str, value: Any, said: str) -> None:
    path = written(tmp_path / "bound.json", certificate(**{key: value}))
    assert _refused(path).startswith(said)


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [
        (0, [-0.1, 1 / CELLS], "cells[0]: [-0.1, 0.03125]: cells ascend"),
        (5, [6 / CELLS, 5 / CELLS], "cells[5]: [0.1875, 0.15625]: cells ascend"),
        (5, [4.5 / CELLS, 6 / CELLS], "cells[5]: [0.140625, 0.1875]: cells ascend"),
        (0, [1e-300, 1 / CELLS], "cells[0]: [1e-300, 0.03125]: an end between 0 and 9e-13"),
        (0, [0.0, 1e-300], "cells[0]: [0.0, 1e-300]: an end between 0 and 9e-13"),
    ],
)
def test_cells_ascend(tmp_path: Path, row: int, cell: list[float], said: str) -> None:
    record = certificate()
    record["cells"][row] = cell
    assert _refused(written(tmp_path / "bound.json", record)).startswith(said)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ({"first": 32, "coefficients": [[1] * 4]}, "functions[1].first: 32: an integer from 0 to"),
        ({"first": 31, "coefficients": [[1] * 4] * 2}, "functions[1].coefficients: [[1, 1, 1, 1]"),
        ({"first": 0, "coefficients": [[1] * 3]}, "functions[1].coefficients[0]: [1, 1, 1]: a lis"),
        ({"first": 0}, "functions[1].coefficients: 'coefficients' is missing"),
        ({"first": 0, "coefficients": [], "x": 1}, "functions[1].x: 1: no such key"),
    ],
)
def test_functions_lie_on_cells(tmp_path: Path, function: Any, said: str) -> None:
    record = certificate()
    record["functions"][1] = function
    assert _refused(written(tmp_path / "bound.json", record)).startswith(said)


_GAMMA = {"kind": "gamma", "s": 1, "coefficients": [2], "powers": [2], "exponents": [2]}
_PIECE = {"from": 0, "to": 1, "variable": "r", "power": 1, "nodes": [], "coefficients": [1]}


@pytest.mark.parametrize(
    ("density", "said"),
    [
        (_GAMMA | {"s": 0}, "density.s: 0: a number"),
        (_GAMMA | {"powers": [-1]}, "density.powers[0]: -1.0: a power above -1"),
        (_GAMMA | {"exponents": [0.0]}, "density.exponents[0]: 0.0: a positive"),
        (_GAMMA | {"exponents": [1, 2]}, "density.exponents: [1, 2]: a list of 1"),
        ([_PIECE | {"to": 0}], "density.pieces[0].from: 0.0: a radius below that of 'to'"),
        ([_PIECE | {"variable": "log r"}], "density.pieces[0].from: 0.0: a radius below"),
        ([_PIECE | {"variable": "x"}], "density.pieces[0].variable: 'x': the variables"),
        ([_PIECE | {"power": 0.5}], "density.pieces[0].power: 0.5: the powers are"),
        ([_PIECE | {"coefficients": []}], "density.pieces[0].coefficients: []: a list of 1"),
        ([_PIECE | {"nodes": [1]}], "density.pieces[0].nodes: [1]: a list of 0"),
        ([_PIECE, _PIECE], "density.pieces[1].from: 0.0: pieces ascend"),
        ([], "density.pieces: []: a list of 1"),
    ],
)
def test_densities_that_are_none(tmp_path: Path, density: Any, said: str) -> None:
    if isinstance(density, list):
        density = {"kind": "table", "pieces": density}
    path = written(tmp_path / "bound.json", certificate(density=density))
    assert _refused(path).startswith(said)


def test_the_error_is_one_of_records() -> None:
    assert issubclass(ProofError, RecordError)


def test_numbers_are_the_doubles_nearest_to_their_literals(tmp_path: Path) -> None:
    record = certificate()
    path = written(tmp_path / "bound.json", record)
    text = path.read_text()
    assert json.loads(text)["potential"] == record["potential"]
    assert np.array_equal(read_certificate(path).potential, record["potential"])
