"""The wheel: installed apart from the checkout it computes, reads its data and has its command."""

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

#: What a user does first, and what needs the data of the package.
_COMPUTES = """
import importlib.util
import comotion
from comotion.electronic.gate import expected_energy
from comotion.figures.canvas import style
from comotion.stages import benchmark
import pandas as pd

assert importlib.util.find_spec("study") is None
print(comotion.__file__)
print(comotion.comotion_plan(comotion.model("exponential", 2)).cost)
print(expected_energy(comotion.parse_atom("He"), "exact"))
print(len(pd.read_csv(benchmark._PUBLISHED, comment="#")) > 5)
with style():
    pass
"""


def _pip(*words: str, cwd: Path) -> None:
    """Run pip without any index."""
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *words, "--no-deps",
         "--no-index"],
        cwd=cwd, check=True, capture_output=True, text=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: what a build leaves behind does not belong in the checkout."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(project / name, copy)
    leftovers = shutil.ignore_patterns("__pycache__", "*.egg-info", ".mypy_cache")
    shutil.copytree(project / "workflow", copy / "workflow", ignore=leftovers)
    _pip("wheel", ".", "--no-build-isolation", "-w", "wheels", cwd=copy)
    (found,) = (copy / "wheels").iterdir()
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the installed wheel and nothing else."""
    target = tmp_path_factory.mktemp("installed")
    _pip("install", "--target", str(target), str(wheel), cwd=target)
    return target


def _python(installed: Path, cwd: Path, *words: str) -> str:
    """Output of Python that sees the wheel and the packages it needs, but no checkout."""
    # Without site (-S) no .pth file is read, and with it goes the way back to the checkout.
    path = f"{installed}:{sysconfig.get_path('purelib')}"
    return subprocess.run(
        [sys.executable, "-S", *words], cwd=cwd, check=True, capture_output=True, text=True,
        env={"PYTHONPATH": path, "HOME": str(cwd), "MPLCONFIGDIR": str(cwd)},
    ).stdout  # fmt: skip


def test_it_holds_the_science_and_its_data_alone(project: Path, wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in names} == {"comotion"}
    source = project / "workflow"
    held = {path.relative_to(source).as_posix() for path in (source / "comotion").rglob("*")
            if path.is_file() and "__pycache__" not in path.parts}  # fmt: skip
    # Notes for those who read the source stay with the source.
    assert names == {name for name in held if not name.endswith(".md")}


def test_it_computes_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    *_, place, cost, energy, published = _python(
        installed, tmp_path, "-c", _COMPUTES
    ).splitlines()  # fmt: skip
    assert Path(place).is_relative_to(installed)
    assert float(cost) == pytest.approx(0.169590238, abs=1e-9)
    assert float(energy) == -2.903724377
    assert published == "True"


def test_its_command_line_works(installed: Path, tmp_path: Path) -> None:
    assert "comotion STAGE" in _python(installed, tmp_path, "-m", "comotion", "--help")
    words = ["model", "--system", "bohr-2", "--density", "density.h5", "--integrals", "x.json"]
    _python(installed, tmp_path, "-m", "comotion", *words)
    told = _python(installed, tmp_path, "-m", "comotion", "verify", ".")
    assert told == ".: 2 files are what was written\n"
    assert (installed / "bin/comotion").is_file()
