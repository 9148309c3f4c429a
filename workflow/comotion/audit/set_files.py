"""The files of a reference set: their names, their checksums, and how each is read.

All of it is taken as somebody else's: sizes are bounded, names are plain, and of an HDF5 file only
arrays that lie in it are read.
"""

import csv
import gzip
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comotion.errors import FormatError, RecordError
from comotion.files import MOST_BYTES, read_regular
from comotion.hdf5 import numbers, opened

Array = NDArray[np.float64]

#: The reference set of a copy of the project; an installed package has none.
DEFAULT_SET = Path(__file__).parents[3] / "reference"
#: Names of the files of a set.
ENERGIES, SUMS, SYSTEMS = "energies.csv", "SHA256SUMS", "systems"
#: The page that shows the set: made from all other files, it is none that was published.
PAGE = "index.html"
#: Name of the mark of the set that a page shows: the checksum of its checksums.
MADE_FROM = "comotion-set-checksums"
#: Form of the file of a pair.
FORMAT = "comotion reference pair 1"
#: What a system or a level may be called: no name leads out of its folder.
_PLAIN = re.compile(r"[A-Za-z0-9_+(),=-][A-Za-z0-9_.+(),=-]*")
#: How a certificate ends, compressed.
_CERTIFICATE = ".certificate.json.gz"

#: A row of the table: texts by the names of its columns.
Row = Mapping[str, str]


@dataclass(frozen=True, eq=False, repr=False)
class StoredPair:
    """The file of one system at one level.

    Attributes:
        name: Path of the file in the set.
        attributes: Its attributes by name.
        arrays: Its arrays by name; `comotion.reference_set.pair_file` has units and shapes.
    """

    name: str
    attributes: Mapping[str, Any]
    arrays: Mapping[str, Array]

    def __repr__(self) -> str:
        """The path, in a line."""
        return f"<StoredPair {self.name}>"

    @property
    def n_electrons(self) -> int:
        """Number of electrons N."""
        return int(self.attributes["n_electrons"])


def pair_name(system: str, level: str) -> str:
    """Path of the file of a pair in the set."""
    return f"{SYSTEMS}/{system}/{level}.h5"


def certificate_name(system: str, level: str) -> str:
    """Path of the certificate of a pair in the set."""
    return f"{SYSTEMS}/{system}/{level}{_CERTIFICATE}"


def content(folder: Path, name: str) -> bytes:
    """All bytes of a file of the set.

    Raises:
        RecordError: It cannot be read.
    """
    try:
        return read_regular(folder / name)
    except OSError as error:
        raise RecordError(f"{name}: cannot be read: {error.strerror}") from error


def require_set(folder: Path) -> None:
    """Check that a folder is a reference set.

    Raises:
        RecordError: It is none.
    """
    if not (folder / ENERGIES).is_file():
        raise RecordError(
            f"{folder}: is no reference set, it has no {ENERGIES}: give the folder `reference` "
            "of a copy of the project, or make a set with comotion reference-add"
        )


def read_rows(folder: Path) -> list[dict[str, str]]:
    """The rows of the table of a set, in their order, as texts.

    Args:
        folder: The set.

    Returns:
        The rows.

    Raises:
        RecordError: There is no such table, a line is too short or too long, or a name is none.
    """
    rows = rows_of_csv(content(folder, ENERGIES), str(folder / ENERGIES))
    for row in rows:
        for key in ("system", "level"):
            if not _PLAIN.fullmatch(row[key]):
                raise RecordError(f"{ENERGIES}: '{row[key]}' is no name of a {key}")
    return rows


def rows_of_csv(table: bytes, name: str) -> list[dict[str, str]]:
    """The rows of a CSV table with the columns ``system`` and ``level``, as texts.

    Args:
        table: The bytes of the file.
        name: Its name, for errors.

    Raises:
        RecordError: It is none.
    """
    try:
        lines = list(csv.reader(io.StringIO(table.decode()), strict=True))
    except (ValueError, csv.Error) as error:
        raise RecordError(f"{name}: cannot be read as a table: {error}") from error
    header = lines[0] if lines else []
    if not {"system", "level"} <= set(header) or len(set(header)) < len(header):
        raise RecordError(f"{name}: no table with columns 'system' and 'level', each once")
    for at, line in enumerate(lines[1:], 2):
        if len(line) != len(header):
            raise RecordError(f"{name}: line {at} has {len(line)} cells, not {len(header)}")
    return [dict(zip(header, line, strict=True)) for line in lines[1:]]


def number(row: Row, name: str) -> float:
    """A number of a row, nan where it has none.

    Raises:
        RecordError: The cell holds something else.
    """
    cell = row.get(name, "")
    try:
        return float(cell) if cell else float("nan")
    except ValueError as error:
        raise RecordError(f"{ENERGIES}: {name}: '{cell}' is no number") from error


def read_pair(folder: Path, name: str) -> StoredPair:
    """The file of a pair.

    Args:
        folder: The set.
        name: Path of the file in it.

    Returns:
        Its attributes and arrays.

    Raises:
        RecordError: It cannot be read or is no such file.
    """
    try:
        with opened(content(folder, name)) as file:
            arrays = {key: numbers(file, key) for key in file}
            return StoredPair(name, dict(file.attrs), arrays)
    except FormatError as error:
        raise RecordError(f"{name}: {error}") from error


def read_certificate_text(folder: Path, name: str) -> bytes:
    """A certificate, no longer compressed.

    Raises:
        RecordError: It cannot be read.
    """
    try:
        with gzip.open(io.BytesIO(content(folder, name))) as file:
            text = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, ValueError) as error:
        raise RecordError(f"{name}: is no gzip file, or a damaged one") from error
    if len(text) > MOST_BYTES:
        raise RecordError(f"{name}: holds more than {MOST_BYTES // 2**20} MiB")
    return text


def names_in(folder: Path) -> list[str]:
    """Paths of all files of a set, but those of the checksums and of the page, in order."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name not in (SUMS, PAGE))


def checksums(folder: Path) -> str:
    """The text of SHA256SUMS, as ``sha256sum -c`` takes it."""
    lines = [
        f"{hashlib.sha256(content(folder, name)).hexdigest()}  {name}\n"
        for name in names_in(folder)
    ]
    return "".join(lines)


def checksum_findings(folder: Path) -> list[str]:
    """A sentence for each file that is missing, not listed, or not what was published."""
    listed = {}
    for line in content(folder, SUMS).decode(errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    there = names_in(folder)
    wrong = [f"{name}: is listed in {SUMS} and not there" for name in listed if name not in there]
    for name in there:
        if name not in listed:
            wrong.append(f"{name}: is not listed in {SUMS}")
        elif hashlib.sha256(content(folder, name)).hexdigest() != listed[name]:
            wrong.append(f"{name}: its checksum is not the one in {SUMS}: it was altered")
    return wrong


def page_mark(folder: Path) -> str:
    """What the head of the page of this set says, whoever made it: which set it shows."""
    digest = hashlib.sha256(content(folder, SUMS)).hexdigest()
    return f'<meta name="{MADE_FROM}" content="{digest}">'


def page_findings(folder: Path) -> list[str]:
    """A sentence where there is a page and it shows another set."""
    if not (folder / PAGE).is_file():
        return []
    head = content(folder, PAGE).partition(b"<title>")[0]
    if page_mark(folder).encode() in head:
        return []
    return [f"{PAGE}: shows another set than this: comotion reference-page makes it again"]
