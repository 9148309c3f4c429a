"""The import closure of each stage against what Python really imports."""

import subprocess
import sys
from pathlib import Path

import pytest

import comotion
from comotion.cli import STAGES
from study.catalogue import FIGURES, PROBLEMS
from study.sources import sources

_ROOT = Path(comotion.__file__).parent
#: Each stage, and with it a module that it is told to import.
_CASES = [
    *((stage, "") for stage in STAGES),
    *(("figure", module) for module in sorted({figure.module for figure in FIGURES.values()})),
    *(("figure", module) for module in sorted({problem.module for problem in PROBLEMS.values()})),
    *(("problem", f"models.{problem}") for problem in ("line", "semiclassical", "smoothing")),
]


@pytest.mark.parametrize(("stage", "module"), _CASES)
def test_closure_is_what_python_imports(stage: str, module: str) -> None:
    """Import the stage in a fresh interpreter and compare files."""
    names = [f"comotion.stages.{stage.replace('-', '_')}", *([f"comotion.{module}"] * bool(module))]
    program = (
        f"import sys, importlib\nfor name in {names}: importlib.import_module(name)\n"
        "for name, module in sys.modules.items():\n"
        "    if name.split('.')[0] == 'comotion': print(module.__file__)"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout
    # The face imports nothing by itself, and is no part of any stage.
    imported = {Path(line) for line in output.splitlines()} - {_ROOT / "__init__.py"}
    found = {path for path in sources(stage, *([module] * bool(module))) if path.suffix == ".py"}
    assert imported <= found
    # What a stage imports only when it needs it is among its sources too.
    assert all(path.is_relative_to(_ROOT) for path in found)


def test_the_faces_are_no_source() -> None:
    for stage in STAGES:
        names = {path.relative_to(_ROOT).as_posix() for path in sources(stage)}
        assert not names & {"__init__.py", "__main__.py", "cli.py"}


def test_plotting_does_not_touch_the_physics() -> None:
    physics = {*sources("atom"), *sources("plan")}
    assert not any(
        {"figures", "tables", "pages"} & set(path.relative_to(_ROOT).parts) for path in physics
    )
    assert not any("electronic" in path.relative_to(_ROOT).parts for path in sources("plan"))


def test_a_figure_depends_on_its_own_module_only() -> None:
    plans = {path.name for path in sources("figure", "figures.plans")}
    assert "plans.py" in plans
    assert not {"estimates.py", "certificates.py"} & plans


def test_data_files_belong_to_their_folder() -> None:
    assert _ROOT / "figures/comotion.mplstyle" in sources("figure")


def test_unknown_stage() -> None:
    with pytest.raises(ModuleNotFoundError, match="no stage"):
        sources("nothing")
    with pytest.raises(ModuleNotFoundError, match="no stage"):
        sources("figure", "figures.nothing")
