"""The file of a certificate: read, and checked for everything that needs no mathematics.

The file is JSON. Its numbers are the doubles nearest to their literals, and what is proven is
proven of these doubles. Nothing in it is trusted: what is not of the form below is refused with a
sentence that names the file, the key, the value and what is wrong.

- ``schema``: "comotion pair bound 1"; ``system``, ``level``: printable texts, which prove nothing.
- ``checksum``: SHA-256 of all the rest, as JSON with sorted keys. It finds what was altered by
  accident; who alters on purpose can make it anew, and must then pass the proof.
- ``n_electrons`` N, ``unit`` b (bohr), ``lower``: the bound that is claimed (hartree).
- ``cells``: ends of each in y = r / (r + b), ascending; between two of them there may be a gap.
- ``potential``: four Bernstein coefficients of v on each cell.
- ``functions``: of each psi_i the first cell on which it is not zero, and its Bernstein
  coefficients on that cell and those that follow it.
- ``kernels``: A_0 to A_L, each the lower triangle by rows. ``mean``: one number for each psi_i.
- ``density``: see `comotion.proof.given_density`.
"""

import hashlib
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from comotion.errors import ProofError
from comotion.proof.boxes import Array
from comotion.proof.fields import Fields
from comotion.proof.given_density import GivenDensity, given_density
from comotion.proof.inequality import LARGEST_COEFFICIENT, NEAREST_END

SCHEMA = "comotion pair bound 1"
#: Largest file, bytes.
_MOST_BYTES = 64 * 2**20
#: Most electrons, cells, functions and kernels.
_MOST_ELECTRONS, _MOST_CELLS, _MOST_FUNCTIONS, _MOST_KERNELS = 1000, 2000, 200, 61
_KEYS = {
    "schema", "checksum", "provenance", "system", "level", "n_electrons", "unit", "cells",
    "potential", "functions", "kernels", "mean", "density", "lower",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Certificate:
    """What a file says, in arrays.

    Attributes:
        path: The file.
        digest: SHA-256 of its bytes.
        system: Name of the system.
        level: Name of the level.
        n_electrons: Number of electrons N.
        unit: The length b, bohr.
        cells: Ends of the cells in y, shape (m, 2).
        potential: Bernstein coefficients of v on each cell, shape (m, 4), in 1/b.
        functions: Those of each psi_i, shape (n, m, 4).
        kernels: The matrices A_l, symmetric, shape (L + 1, n, n), in 1/b.
        mean: A number for each psi_i, shape (n,).
        density: The density, up to a factor.
        lower: The bound that is claimed, hartree.
    """

    path: Path
    digest: str
    system: str
    level: str
    n_electrons: int
    unit: float
    cells: Array
    potential: Array
    functions: Array
    kernels: Array
    mean: Array
    density: GivenDensity
    lower: float


def read_certificate(path: Path) -> Certificate:
    """Read a certificate.

    Args:
        path: The file.

    Returns:
        What it says.

    Raises:
        ProofError: It is no certificate.
    """
    content = _content(path)
    fields = Fields(path, _record(path, content))
    if "schema" not in fields.record:
        raise ProofError(
            f"{path}: schema: is missing: no certificate but another file; give one such as "
            "pair_certificate.json"
        )
    if fields.text("schema") != SCHEMA:
        raise fields.wrong("schema", fields.get("schema"), f"this verifier reads '{SCHEMA}' only")
    _check_checksum(fields)
    fields.require_known("", fields.record, _KEYS)
    cells = _cells(fields)
    functions = _functions(fields, len(cells))
    return Certificate(
        path=path,
        digest=hashlib.sha256(content).hexdigest(),
        system=fields.text("system"),
        level=fields.text("level"),
        n_electrons=fields.integer("n_electrons", 2, _MOST_ELECTRONS),
        unit=fields.number("unit", 1e-30, 1e30),
        cells=cells,
        potential=fields.array("potential", (len(cells), 4), LARGEST_COEFFICIENT),
        functions=functions,
        kernels=_kernels(fields, len(functions)),
        mean=fields.array("mean", (len(functions),), LARGEST_COEFFICIENT),
        density=given_density(fields),
        lower=fields.number("lower", -1e60, 1e60),
    )


def _content(path: Path) -> bytes:
    """All bytes of a regular file that is not too large; nothing else is opened or waited for."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ProofError(f"{path}: cannot be read: no regular file; give a certificate")
        at_once = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, os.O_RDONLY | at_once), "rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ProofError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ProofError(f"{path}: cannot be read: no file can have this name") from error
    if len(content) > _MOST_BYTES:
        raise ProofError(
            f"{path}: cannot be read: larger than {_MOST_BYTES // 2**20} MiB, the most that a "
            "certificate may have"
        )
    return content


def _record(path: Path, content: bytes) -> dict[str, Any]:
    """The object of a JSON text, with no key twice and no number that is none."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) != len(pairs):
            raise ValueError("a key stands twice")
        return record

    def no_number(name: str) -> NoReturn:
        raise ValueError(f"{name} is no number")

    try:
        record = json.loads(content, object_pairs_hook=once, parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        raise ProofError(
            f"{path}: no certificate, it is no JSON ({error}): truncated, altered or another file; "
            "give one such as pair_certificate.json, or make it anew"
        ) from error
    if not isinstance(record, dict):
        raise ProofError(f"{path}: no certificate, it is no JSON object; make it anew")
    return record


def _check_checksum(fields: Fields) -> None:
    claimed = fields.text("checksum")
    rest = {key: value for key, value in fields.record.items() if key != "checksum"}
    if claimed != hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest():
        raise fields.wrong("checksum", claimed, "it does not fit the rest, which was altered")


def _cells(fields: Fields) -> Array:
    rows = fields.sequence("cells", 1, _MOST_CELLS)
    cells = fields.array("cells", (len(rows), 2), 1.0)
    last = 0.0
    for i, (low, high) in enumerate(cells):
        if not last <= low < high <= 1.0:
            raise fields.wrong(
                f"cells[{i}]", rows[i], "cells ascend from 0 to 1 and do not overlap"
            )
        if 0.0 < low < NEAREST_END or high < NEAREST_END:
            raise fields.wrong(
                f"cells[{i}]", rows[i], f"an end between 0 and {NEAREST_END:.0e} is too near to 0"
            )
        last = high
    return cells


def _functions(fields: Fields, cells: int) -> Array:
    given = fields.sequence("functions", 1, _MOST_FUNCTIONS)
    functions = np.zeros((len(given), cells, 4))
    for i in range(len(given)):
        key = f"functions[{i}]"
        fields.require_known(key, fields.mapping(key), {"first", "coefficients"})
        first = fields.integer(f"{key}.first", 0, cells - 1)
        rows = fields.sequence(f"{key}.coefficients", 1, cells - first)
        functions[i, first : first + len(rows)] = fields.array(
            f"{key}.coefficients", (len(rows), 4), LARGEST_COEFFICIENT
        )
    return functions


def _kernels(fields: Fields, functions: int) -> Array:
    given = fields.sequence("kernels", 1, _MOST_KERNELS)
    size = functions * (functions + 1) // 2
    triangles = fields.array("kernels", (len(given), size), LARGEST_COEFFICIENT)
    rows, columns = np.tril_indices(functions)
    kernels = np.zeros((len(given), functions, functions))
    kernels[:, rows, columns] = triangles
    kernels[:, columns, rows] = triangles
    return kernels
