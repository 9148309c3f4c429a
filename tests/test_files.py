"""Files that somebody else made: what is read of the disk, and how much."""

import errno
import os
from pathlib import Path

import pytest

from comotion import files
from comotion.files import MOST_BYTES, read_regular, require_regular
from conftest import pipe


def test_a_file_may_be_as_large_as_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 2**21)
    assert read_regular(path, 2**21) == b"x" * 2**21
    require_regular(path, 2**21)
    for look in (read_regular, require_regular):
        with pytest.raises(OSError, match="larger than 1 MiB, the most that is read") as error:
            look(path, 2**21 - 1)
        assert error.value.errno == errno.EFBIG
        assert error.value.filename == str(path)


def test_the_limit_is_64_mebibytes_where_none_is_given(tmp_path: Path) -> None:
    assert MOST_BYTES == 64 * 1024 * 1024
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES)
    require_regular(path)
    assert len(read_regular(path)) == MOST_BYTES
    os.truncate(path, MOST_BYTES + 1)
    for look in (read_regular, require_regular):
        with pytest.raises(OSError, match="larger than 64 MiB"):
            look(path)


def test_what_is_no_regular_file(tmp_path: Path) -> None:
    pipe(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    for name, kind, number in (
        ("folder", IsADirectoryError, errno.EISDIR), ("link", IsADirectoryError, errno.EISDIR),
        ("pipe", OSError, errno.EINVAL), ("nothing", FileNotFoundError, errno.ENOENT),
    ):  # fmt: skip
        for look in (read_regular, require_regular):
            with pytest.raises(kind) as error:
                look(tmp_path / name)
            assert error.value.errno == number
            assert error.value.filename == str(tmp_path / name)
    with pytest.raises(OSError, match="a pipe, socket or device and no regular file"):
        require_regular(tmp_path / "pipe")


def test_a_name_that_no_file_can_have() -> None:
    with pytest.raises(OSError, match="no file can have this name") as error:
        require_regular(Path("a\0b"))
    assert error.value.errno == errno.EINVAL


def test_a_file_that_was_exchanged_after_the_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is open is looked at again, and a pipe is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(files, "require_regular", lambda *_: None)
    with pytest.raises(OSError, match="a pipe, socket or device"):
        read_regular(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * 9)
    with pytest.raises(OSError, match="larger than"):
        read_regular(tmp_path / "large", 8)


def test_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    """In pieces, as it grows: what is read counts, not what the disk says."""
    content = os.urandom(2**20) * 2 + b"end"
    (tmp_path / "a").write_bytes(content)
    assert read_regular(tmp_path / "a") == content
    held = Path("/proc/self/maps").read_bytes()
    assert len(held) > 2**10
    with pytest.raises(OSError, match="larger than") as error:
        read_regular(Path("/proc/self/maps"), most=2**10)
    assert error.value.errno == errno.EFBIG
