"""A user's files of r and rho, as CSV or HDF5.

A file is read once, by `comotion.files`, and decoded from memory: nothing but its own bytes can
become a density. Messages say where a file is wrong and never what it holds.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array
from comotion.density.table import TabulatedDensity, tabulated
from comotion.errors import DensityError, FormatError
from comotion.files import MOST_BYTES, read_regular
from comotion.hdf5 import numbers, opened

#: The columns of a table.
_NAMES = ("r", "rho")
_MOST_ROWS = 100_000
#: A number as programs print it; no words such as ``nan``, ``True`` or ``infinity``.
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def read_table(path: Path | str, normalize: bool = False) -> TabulatedDensity:
    """Read a density from a CSV or HDF5 file with the columns ``r`` and ``rho``.

    Args:
        path: Regular file of at most 64 MiB and 100 000 rows: CSV, plain or compressed by gzip
            (``.gz``), in UTF-8 with a header line, where ``#`` starts a comment; or HDF5
            (``.h5``, ``.hdf5``) with two arrays of its own, contiguous or chunked. Other columns
            and arrays do not matter. r in bohr, rho in bohr^-3; see `tabulated` for what the
            rows mean.
        normalize: Rescale to the nearest integer number of electrons whatever the
            distance from it; otherwise more than `CHARGE_TOLERANCE` is an error.

    Returns:
        The density.

    Raises:
        DensityError: The file cannot be read as such a table, or the table is no
            density: a value that is not a number, a radius that does not increase, a
            density that is negative, a charge that is not an integer.
    """
    path = Path(path)
    try:
        content = read_regular(path)
        is_hdf5 = path.suffix in (".h5", ".hdf5")
        columns = _hdf5(content) if is_hdf5 else _csv(_plain(path, content))
        return tabulated(columns["r"], columns["rho"], normalize)
    except OSError as error:
        raise DensityError(
            f"{path}: cannot be read: {error.strerror}; give a table, CSV or HDF5"
        ) from error
    except (DensityError, FormatError) as error:
        raise DensityError(f"{path}: {error}") from error


def _plain(path: Path, content: bytes) -> bytes:
    """The content of a text file that gzip may have compressed."""
    if path.suffix != ".gz":
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            plain = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FormatError("it is no gzip file, or a damaged one; compress it anew") from error
    if len(plain) > MOST_BYTES:
        raise FormatError(f"it holds more than {MOST_BYTES // 2**20} MiB; give fewer rows")
    return plain


def _hdf5(content: bytes) -> dict[str, Array]:
    """The columns of an HDF5 file."""
    with opened(content) as file:
        columns = {name: numbers(file, name) for name in _NAMES}
    for name, values in columns.items():
        _require_few(values.size)
        _require_numbers(name, np.isfinite(values.astype(float).ravel()))
    return columns


def _csv(content: bytes) -> Mapping[str, Array]:
    """The columns of a CSV file, its comments and empty lines left out."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise FormatError(
            "it is no text in UTF-8; give plain text, or gzip's under a name that ends in .gz"
        ) from error
    lines = [kept for line in lines if (kept := line.split("#", 1)[0].strip())]
    if not lines:
        raise FormatError("it has no header line; write r,rho above the numbers")
    _require_few(len(lines) - 1)
    try:
        header, *rows = csv.reader(lines, skipinitialspace=True, strict=True)
    except csv.Error as error:
        raise FormatError("it is no CSV table: a quotation mark does not end") from error
    names = [name.strip() for name in header]
    for name in _NAMES:
        if names.count(name) != 1:
            raise FormatError(
                f"needs the columns 'r' (bohr) and 'rho' (bohr^-3), each once in the header line: "
                f"{names.count(name)} of its {len(names)} columns have the name '{name}'"
            )
    for row, fields in enumerate(rows, start=1):
        if len(fields) != len(names):
            raise FormatError(
                f"row {row} has {len(fields)} values and the header line {len(names)} names; "
                "separate values by commas and use points in numbers"
            )
    return {name: _column(name, [fields[names.index(name)] for fields in rows]) for name in _NAMES}


def _column(name: str, fields: Sequence[str]) -> Array:
    """The numbers of a column."""
    fields = [field.strip() for field in fields]
    values = np.array([float(f) if _NUMBER.fullmatch(f) else np.nan for f in fields])
    _require_numbers(name, np.isfinite(values))
    return values


def _require_numbers(name: str, good: NDArray[np.bool_]) -> None:
    if not np.all(good):
        raise FormatError(
            f"column '{name}', row {np.argmin(good) + 1}: not a finite number; mend or remove the "
            "row"
        )


def _require_few(rows: int) -> None:
    if rows > _MOST_ROWS:
        raise FormatError(f"it has {rows} rows, more than the {_MOST_ROWS} of a table; thin them")
