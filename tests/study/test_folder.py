"""Folders in which the jobs of a workflow find their package, and those in which they do not."""

from pathlib import Path

import pytest

from comotion.errors import ConfigError
from study.folder import check_folder


@pytest.mark.parametrize(
    "name", ["a b", "a;touch x", "$(touch y)", "a'b", 'a"b', "%d", "é☃", "-x", "~", "#", "[a]", "*"]
)
def test_folders_that_work(name: str) -> None:
    check_folder(Path("/home", name))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a:b", "Python ends the name"),
        ("{system}", "part of a pattern"),
        ("a}b", "part of a pattern"),
        ("<results>", "part of a pattern"),
        ("a\nb", "part of a pattern"),
        ("a{b", "part of a pattern"),
        ("a<b", "part of a pattern"),
        ("a>b", "part of a pattern"),
        ("a\0b", "part of a pattern"),
        ("a\x1fb", "part of a pattern"),
        ("a\x7fb", "part of a pattern"),
    ],
)
def test_folders_that_do_not(name: str, why: str) -> None:
    with pytest.raises(ConfigError, match=f"{why}.*; rename or move it") as error:
        check_folder(Path("/home", name, "workflow"))
    # The character itself is named, so that nobody has to guess.
    special = next(char for char in name if char in ":{}<>\n\0\x1f\x7f")
    assert f"the project's folder {f'/home/{name}/workflow'!r} has {special!r} in its path" in str(
        error.value
    )
