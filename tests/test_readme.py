"""The README's generated blocks."""

import pytest

from comotion.errors import ComotionError
from comotion.readme import with_block


def test_only_the_block_changes() -> None:
    text = "a\n<!-- t -->\nold\nrows\n<!-- /t -->\nb\n<!-- s -->\n<!-- /s -->\n"
    assert with_block(text, "t", "new\n") == text.replace("old\nrows", "new")
    assert with_block(text, "s", r"back\slash") == text.replace(
        "<!-- s -->\n", "<!-- s -->\nback\\slash\n"
    )


def test_a_missing_block_is_named() -> None:
    with pytest.raises(ComotionError, match="<!-- engine -->"):
        with_block("no markers", "engine", "x")
