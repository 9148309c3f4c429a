"""Arrays of an HDF5 file that somebody else made.

HDF5 follows links, external storage and virtual datasets into any file of the machine, reserves
memory for whatever length a file declares, and inflates chunks without a limit. So an array is
taken only where the file itself holds it, as numbers, and no larger than `MOST_BYTES`; no
message tells what a file holds.
"""

import io
import math
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import h5py
import numpy as np
from h5py import h5d, h5l, h5z
from numpy.typing import NDArray

from comotion.errors import ComotionError, FormatError
from comotion.files import MOST_BYTES

_DEFLATE = h5z.FILTER_DEFLATE
#: Filters that neither need a plug-in nor, deflate apart, make a chunk larger.
_FILTERS = {_DEFLATE, h5z.FILTER_SHUFFLE, h5z.FILTER_FLETCHER32}
#: Bytes of the checksum that the last of them adds to a chunk.
_CHECKSUM = 4


@contextmanager
def opened(content: bytes) -> Iterator[h5py.File]:
    """An HDF5 file in memory; whatever goes wrong inside the block is one sentence.

    Args:
        content: The bytes of the file.

    Yields:
        The open file.

    Raises:
        FormatError: It is no HDF5 file, or a damaged one.
    """
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            yield file
    except ComotionError:
        raise
    except Exception as error:
        # HDF5's many layers raise whatever they meet.
        raise FormatError(
            f"it is no HDF5 file, or a damaged one ({type(error).__name__}); write it anew"
        ) from error


def holds(file: h5py.File, name: str) -> bool:
    """Whether a file has an object or a link of this name, links not followed.

    Args:
        file: The open file.
        name: Name, with ``/`` between groups.
    """
    try:
        _object(file, name)
    except FormatError:
        return False
    return True


def numbers(file: h5py.File, name: str, kinds: str = "fiu") -> NDArray[Any]:
    """An array of numbers.

    Args:
        file: The open file.
        name: Name of the array, with ``/`` between groups.
        kinds: NumPy's letters of the kinds of numbers that are taken.

    Returns:
        The array.

    Raises:
        FormatError: There is none, or it is not wholly in this file, too large, stored in an
            unknown way, or of another kind.
    """
    dataset = _dataset(file, name)
    if dataset.dtype.kind not in kinds:
        raise FormatError(f"'{name}' holds no real numbers; write it as floating-point numbers")
    return np.asarray(dataset[()])


def text(file: h5py.File, name: str) -> str:
    """A single text.

    Args:
        file: The open file.
        name: Name of the text, with ``/`` between groups.

    Returns:
        The text.

    Raises:
        FormatError: There is none, or it is not wholly in this file or no single text.
    """
    dataset = _dataset(file, name)
    if h5py.check_string_dtype(dataset.dtype) is None or dataset.shape != ():
        raise FormatError(f"'{name}' is no single text; write the file anew")
    return str(dataset.asstr()[()])


def _object(file: h5py.File, name: str) -> Any:
    """What a name stands for, if the file itself holds it.

    Raises:
        FormatError: There is nothing, or a link that leads elsewhere.
    """
    found: Any = file
    for part in name.split("/"):
        links = found.id.links if isinstance(found, h5py.Group) else None
        if links is None or not links.exists(part.encode()):
            raise FormatError(f"it has no '{name}'; write an array of that name")
        if links.get_info(part.encode()).type != h5l.TYPE_HARD:
            raise FormatError(
                f"'{name}' is a link that leads elsewhere; write the array itself under this name"
            )
        found = found[part]
    return found


def _dataset(file: h5py.File, name: str) -> h5py.Dataset:
    """A dataset that can be read without harm.

    Raises:
        FormatError: It cannot.
    """
    dataset = _object(file, name)
    if not isinstance(dataset, h5py.Dataset):
        raise FormatError(f"'{name}' is no array; write an array of that name")
    if dataset.shape is None:
        raise FormatError(f"'{name}' is an array without values; write the values")
    if math.prod(dataset.shape) * dataset.dtype.itemsize > MOST_BYTES:
        raise FormatError(
            f"'{name}' is larger than {MOST_BYTES // 2**20} MiB; write a shorter array"
        )
    creation = dataset.id.get_create_plist()
    own = creation.get_layout() in (h5d.CONTIGUOUS, h5d.CHUNKED)
    if not own or creation.get_external_count() > 0:
        raise FormatError(
            f"'{name}' is virtual, external or compact; write a contiguous or chunked array into "
            "the file itself (h5repack -l CONTI)"
        )
    if creation.get_nfilters() > 0:
        _require_bounded_chunks(dataset, name)
    return dataset


def _require_bounded_chunks(dataset: h5py.Dataset, name: str) -> None:
    """Check that no compressed chunk holds more than it declares.

    Raises:
        FormatError: One does, or was made by another filter than gzip, shuffle and fletcher32.
    """
    creation = dataset.id.get_create_plist()
    filters = [creation.get_filter(i)[0] for i in range(creation.get_nfilters())]
    if not set(filters) <= _FILTERS or len(set(filters)) < len(filters):
        raise FormatError(
            f"'{name}' is stored with another filter than gzip, shuffle and fletcher32; write it "
            "without (h5repack -f NONE)"
        )
    most = math.prod(dataset.chunks) * dataset.dtype.itemsize + _CHECKSUM
    for i in range(dataset.id.get_num_chunks()):
        chunk = dataset.id.get_chunk_info(i)
        bounded = max(most, chunk.size) <= MOST_BYTES and chunk.filter_mask == 0
        if bounded and _DEFLATE in filters:
            stored = dataset.id.read_direct_chunk(chunk.chunk_offset)[1]
            bounded = len(zlib.decompressobj().decompress(stored, most + 1)) <= most
        if not bounded:
            raise FormatError(
                f"'{name}' has a chunk larger than it declares; write it without compression "
                "(h5repack -f NONE)"
            )
