"""The documents are built: every cell is computed, every link leads somewhere, nothing warns."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

_NEEDED = ("sphinx", "myst_nb", "pydata_sphinx_theme", "sphinx_copybutton", "ipykernel")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        any(find_spec(name) is None for name in _NEEDED),
        reason="needs the packages of the documents, which make docs installs",
    ),
]


@pytest.fixture(scope="module")
def built(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pages, built from a copy without what was computed before."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("docs", "workflow", "tests", "profiles", "reference", "studies",
                 "results/README.md", "README.md"):  # fmt: skip
        source, target = project / name, copy / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
        else:
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("_build", "generated"))
    told = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "built"],
        cwd=copy, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-3000:]
    return copy / "built"


def test_pages_hold_what_was_computed(built: Path) -> None:
    atom = (built / "tutorials/atom.html").read_text(encoding="utf-8")
    assert re.search(r"lower 3\.19\d+\nupper 3\.19\d+\nco-motion plan 3\.19", atom)
    problems = (built / "problems.html").read_text(encoding="utf-8")
    assert problems.count('class="output image_svg') + problems.count("<img") >= 12
    for name, figures in (("gradient", 1), ("large_z", 2), ("conjecture", 1)):
        finding = (built / f"findings/{name}.html").read_text(encoding="utf-8")
        assert finding.count('class="output image_svg') + finding.count("<img") >= figures
    symbols = (built / "symbols.html").read_text(encoding="utf-8")
    for name in ("v_comotion", "largest_slack", "radial_potential"):
        assert f">{name}</span>" in symbols


def test_nothing_is_loaded_from_elsewhere(built: Path) -> None:
    for page in built.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|img|link)[^>]+(?:src|href)="https?://[^"]+"', text), page


def test_every_public_name_has_its_entry(built: Path) -> None:
    import comotion  # noqa: PLC0415 - slow, and not needed where this is skipped

    text = "".join((built / f"api/generated/{page}.html").read_text(encoding="utf-8")
                   for page in ("functions", "classes", "data"))  # fmt: skip
    for name in comotion.__all__:
        assert f'id="comotion.{name}"' in text, name
