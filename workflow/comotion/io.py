"""What is written to disk: JSON records of numbers, HDF5 files of arrays.

A record carries the versions that made it (`comotion.provenance`) and nothing that changes
from run to run. A file appears under its name only when it is complete: it is written beside it
and renamed. It carries the SHA-256 of its content, which every reader checks: a record in its key
``checksum``, an HDF5 file in its user block, so that no byte of it reaches the HDF5 library
unchecked.
"""

import hashlib
import io
import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comotion.errors import FormatError, RecordError
from comotion.files import read_regular
from comotion.provenance import provenance

if TYPE_CHECKING:
    import pandas as pd

#: Bytes before the HDF5 content of a file: the least user block that HDF5 allows.
_BLOCK = 512
#: Largest file of results, bytes.
_MOST_BYTES = 2**30


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record, with provenance and checksum, complete or not at all."""
    text = json.dumps({**record, "provenance": provenance()}, allow_nan=False)
    # Read back, so that tuples and keys that are numbers are what a reader will see.
    written = json.loads(text)
    replace_text(path, json.dumps(written | {"checksum": _json_checksum(written)}, indent=2) + "\n")


def replace_text(path: Path, text: str) -> None:
    """Write a text file, complete or not at all."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, content: bytes) -> None:
    """Write a file beside its path and rename it: a killed stage leaves nothing half-made.

    Raises:
        RecordError: The disk is full, read-only or otherwise does not take it.
    """
    beside = path.with_name(f".{path.name}.{platform.node()}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                # Network disks report that they are full only now; a name must not outlive
                # a power cut that its content does not.
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise RecordError(
            f"{path}: cannot be written: {error.strerror}; make room or make the folder "
            "writable, and run again"
        ) from error


def read_json(path: Path) -> dict[str, Any]:
    """Read a record.

    Raises:
        RecordError: It is not what was written.
    """
    try:
        record = json.loads(read_bytes(path))
    except ValueError as error:
        raise _broken(path, f"it is no JSON ({error})") from error
    if not isinstance(record, dict) or "checksum" not in record:
        raise _broken(path, "it has no checksum")
    checksum = record.pop("checksum")
    if checksum != _json_checksum(record):
        raise _broken(path, "its checksum does not fit")
    return record


def write_arrays(
    path: Path, arrays: Mapping[str, tuple[Any, str, str]], attributes: Mapping[str, Any]
) -> None:
    """Write arrays, each with its unit and meaning, to HDF5, complete or not at all.

    Args:
        path: The file.
        arrays: (values, unit, meaning) by name.
        attributes: Attributes of the file.
    """
    # Here and not above: whoever only checks files need not wait for these imports.
    import h5py  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    # Made in memory: a full disk is then met by one plain write, not inside the library.
    memory = io.BytesIO()
    with h5py.File(memory, "w", userblock_size=_BLOCK) as file:
        file.attrs.update(attributes)
        file.attrs["versions"] = json.dumps(provenance()["versions"])
        for name, (values, unit, meaning) in arrays.items():
            file[name] = np.asarray(values)
            file[name].attrs.update({"unit": unit, "meaning": meaning})
    content = memory.getvalue()[_BLOCK:]
    replace_bytes(path, _block(content) + content)


def read_arrays(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read what `write_arrays` wrote.

    Returns:
        Attributes of the file, and its arrays by name.

    Raises:
        RecordError: It is not what was written.
    """
    from comotion.hdf5 import numbers, opened  # noqa: PLC0415

    content = read_bytes(path)
    if not _fits(content):
        raise _broken(path, "its checksum does not fit")
    try:
        # A checksum that fits says nothing about who wrote the file.
        with opened(content) as file:
            return dict(file.attrs), {name: numbers(file, name, "fiub") for name in file}
    except FormatError as error:
        raise _broken(path, str(error)) from error


def read_csv(path: Path) -> "pd.DataFrame":
    """Read a table that a stage wrote.

    Args:
        path: The CSV file.

    Returns:
        Its rows, by the names of its columns.

    Raises:
        RecordError: There is no such table.
    """
    import pandas as pd  # noqa: PLC0415 - slow to import, and few stages read tables

    try:
        return pd.read_csv(io.BytesIO(read_bytes(path)))
    except ValueError as error:
        # The parser's sentence ends with a line.
        what = str(error).strip()
        raise RecordError(f"{path}: cannot be read as a table: {what}; make it anew") from error


def is_whole(path: Path) -> bool:
    """Whether a file is there and its checksum fits; needs neither HDF5 nor arrays.

    Args:
        path: A record (``.json``) or a file of arrays (``.h5``).
    """
    try:
        if path.suffix == ".json":
            read_json(path)
            return True
        return path.suffix == ".h5" and _fits(read_bytes(path))
    except RecordError:
        return False


def read_bytes(path: Path) -> bytes:
    """All bytes of a file of results.

    Raises:
        RecordError: It cannot be read.
    """
    try:
        return read_regular(path, _MOST_BYTES)
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error.strerror}; make it anew") from error


def _broken(path: Path, how: str) -> RecordError:
    return RecordError(
        f"{path}: not what was written here, {how}: truncated, altered or of an older version; "
        "delete it and run again"
    )


def _json_checksum(record: Mapping[str, Any]) -> str:
    """SHA-256 of a record as it is read, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _fits(content: bytes) -> bool:
    """Whether the user block of an HDF5 file holds the checksum of what follows it."""
    return content[:_BLOCK] == _block(content[_BLOCK:])


def _block(content: bytes) -> bytes:
    """The user block of an HDF5 file with this content."""
    return f"comotion sha256 {hashlib.sha256(content).hexdigest()}\n".encode().ljust(_BLOCK, b"\0")
