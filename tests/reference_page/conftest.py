"""The project's own reference set and its page."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from comotion.reference_page.set_page import reference_page


@pytest.fixture(scope="session")
def folder(project: Path) -> Path:
    """The set."""
    return project / "reference"


@pytest.fixture(scope="session")
def page(folder: Path) -> str:
    """Its page."""
    if not all(map(find_spec, ("altair", "vl_convert"))):
        pytest.skip("needs altair and vl-convert-python: make page installs them")
    return reference_page(folder)
