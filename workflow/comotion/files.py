"""Files that somebody else made: regular ones of a bounded size, read once into memory.

A pipe would be waited for and a device read without end, so neither is opened. Whatever a
reader decodes afterwards is bounded by what is in memory.
"""

import errno
import os
import stat
from pathlib import Path

#: Largest file of a density that is read, and the most that a compressed one may hold, bytes.
MOST_BYTES = 64 * 2**20
_PIECE = 2**20

#: Pipes that replace a checked file meanwhile are not waited for. Windows has none to wait for.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def require_regular(path: Path, most: int = MOST_BYTES) -> None:
    """Check that a name leads to a regular file that is not too large, without opening it.

    Args:
        path: The file; links are followed.
        most: Largest size, bytes.

    Raises:
        OSError: It does not, or there is nothing; ``strerror`` says what is wrong.
    """
    try:
        _require_regular(path, path.stat(), most)
    except ValueError as error:
        raise OSError(errno.EINVAL, "no file can have this name", str(path)) from error


def read_regular(path: Path, most: int = MOST_BYTES) -> bytes:
    """All bytes of a regular file.

    Args:
        path: The file; links are followed.
        most: Largest size, bytes.

    Returns:
        Its content.

    Raises:
        OSError: It is none, is too large or cannot be read; ``strerror`` says what is wrong.
    """
    require_regular(path, most)
    with os.fdopen(os.open(path, os.O_RDONLY | _AT_ONCE), "rb") as file:
        _require_regular(path, os.fstat(file.fileno()), most)
        content = bytearray()
        # Some regular files, such as those of /proc, hold more than they say.
        while piece := file.read(_PIECE):
            content += piece
            if len(content) > most:
                raise _too_large(path, most)
    return bytes(content)


def _require_regular(path: Path, status: os.stat_result, most: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(
            errno.EINVAL,
            "a pipe, socket or device and no regular file; copy what it gives into one",
            str(path),
        )
    if status.st_size > most:
        raise _too_large(path, most)


def _too_large(path: Path, most: int) -> OSError:
    return OSError(
        errno.EFBIG, f"larger than {most // 2**20} MiB, the most that is read", str(path)
    )
