"""A part of the project's own reference set, and its page."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from comotion.audit.set_files import certificate_name, pair_name, read_rows
from comotion.reference_page.set_page import reference_page
from comotion.reference_set.adding import Edition, write_texts

#: Pairs of it, of all kinds.
_PAIRS = (
    "He/ccsd_aug-cc-pVTZ", "He/hylleraas_w10", "exponential-2/exact", "exponential-3/exact",
    "gaussian-3/exact", "sqrt_r-4/exact", "bohr-10/exact", "Ne/ccsd_aug-cc-pCVQZ",
    "Ar/hf_aug-cc-pVQZ",
    *(f"{name}/ccsd_aug-cc-pCVTZ" for name in ("Li", "Be", "B", "C", "N", "O", "F", "Ne")),
)  # fmt: skip


@pytest.fixture(scope="session")
def folder(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set."""
    whole, part = project / "reference", tmp_path_factory.mktemp("part") / "reference"
    rows = [
        {name: cell for name, cell in row.items() if cell}
        for row in read_rows(whole)
        if f"{row['system']}/{row['level']}" in _PAIRS
    ]
    assert len(rows) == len(_PAIRS)
    for row in rows:
        for name in (pair_name, certificate_name):
            one = name(row["system"], row["level"])
            (part / one).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(whole / one, part / one)
    write_texts(part, rows, Edition("0.1.0", "2026-11-28"))
    (part / "index.html").write_text(_page(part))
    return part


@pytest.fixture(scope="session")
def page(folder: Path) -> str:
    """Its page."""
    return _page(folder)


def _page(folder: Path) -> str:
    if not all(map(find_spec, ("altair", "vl_convert"))):
        pytest.skip("needs altair and vl-convert-python: make page installs them")
    return reference_page(folder)
