"""The import closure of each stage against what Python really imports."""

import subprocess
import sys
from pathlib import Path

import pytest

import comotion
from comotion.sources import sources

_ROOT = Path(comotion.__file__).parent
_STAGES = (
    "density", "abinitio", "transport", "transport.hierarchy", "comparison", "figures", "pages",
    "figures.theory", "theory.problems.many", "theory.problems.semiclassical",
)  # fmt: skip


def _module(stage: str) -> str:
    """What ``python -m comotion.stage`` runs."""
    return f"{stage}.__main__" if (_ROOT / stage.replace(".", "/")).is_dir() else stage


@pytest.mark.parametrize("stage", _STAGES)
def test_closure_is_what_python_imports(stage: str) -> None:
    """Import the stage in a fresh interpreter and compare files."""
    program = (
        f"import sys, importlib; importlib.import_module('comotion.{_module(stage)}')\n"
        "for name, module in sys.modules.items():\n"
        "    if name.split('.')[0] == 'comotion': print(module.__file__)"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout
    imported = {Path(line) for line in output.splitlines()}
    found = set(sources(f"comotion.{stage}"))
    assert {path for path in found if path.suffix == ".py"} == imported


def test_plotting_does_not_touch_the_physics() -> None:
    physics = {*sources("comotion.abinitio"), *sources("comotion.transport")}
    assert not any("figures" in path.parts for path in physics)
    assert not any("abinitio" in path.parts for path in sources("comotion.transport"))


def test_data_files_belong_to_their_folder() -> None:
    assert _ROOT / "figures/comotion.mplstyle" in sources("comotion.figures")


def test_unknown_stage() -> None:
    with pytest.raises(ModuleNotFoundError, match="no stage"):
        sources("comotion.nothing")
