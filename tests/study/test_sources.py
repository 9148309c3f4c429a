"""The import closure of each stage against what Python really imports."""

import json
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


#: Imports each case in a process that has all other packages already.
_PROGRAM = """
import importlib, json, os, sys
for name in {packages}:
    importlib.import_module(name)
found = []
for names in json.load(sys.stdin):
    reader, writer = os.pipe()
    if not os.fork():
        for name in names:
            importlib.import_module(name)
        files = [module.__file__ for name, module in sys.modules.items()
                 if name.split(".")[0] == "comotion"]
        os.write(writer, json.dumps(files).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        found.append(json.load(said))
    os.wait()
print(json.dumps(found))
"""
_PACKAGES = ["h5py", "highspy", "matplotlib.pyplot", "numba", "pandas", "scipy.integrate"]


@pytest.fixture(scope="module")
def imported() -> dict[tuple[str, str], set[Path]]:
    """Files of the package that Python imports for each case, none of them before."""
    names = [
        [f"comotion.stages.{stage.replace('-', '_')}", *([f"comotion.{module}"] * bool(module))]
        for stage, module in _CASES
    ]
    output = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _PROGRAM.format(packages=_PACKAGES)], check=True,
        input=json.dumps(names), capture_output=True, text=True,
    ).stdout  # fmt: skip
    return {
        case: set(map(Path, files)) for case, files in zip(_CASES, json.loads(output), strict=True)
    }


@pytest.mark.parametrize(("stage", "module"), _CASES)
def test_closure_is_what_python_imports(
    stage: str, module: str, imported: dict[tuple[str, str], set[Path]]
) -> None:
    # The face imports nothing by itself, and is no part of any stage.
    files = imported[stage, module] - {_ROOT / "__init__.py"}
    assert _ROOT / "stages" / f"{stage.replace('-', '_')}.py" in files
    found = {path for path in sources(stage, *([module] * bool(module))) if path.suffix == ".py"}
    assert files <= found
    # What a stage imports only when it needs it is among its sources too.
    assert all(path.is_relative_to(_ROOT) for path in found)


def test_the_faces_are_no_source() -> None:
    for stage in STAGES:
        names = {path.relative_to(_ROOT).as_posix() for path in sources(stage)}
        assert not names & {"__init__.py", "__main__.py", "cli.py"}


def test_plotting_does_not_touch_the_physics() -> None:
    physics = {*sources("atom"), *sources("plan")}
    # The folder that holds the project may have any name.
    rooms = {path.relative_to(_ROOT).parts[0] for path in physics}
    assert not {"figures", "tables", "pages"} & rooms
    assert "electronic" not in {path.relative_to(_ROOT).parts[0] for path in sources("plan")}


@pytest.mark.parametrize("stage", ["page", "energies-table", "best-table", "bracket-table"])
def test_what_shows_results_does_not_load_the_engine(stage: str) -> None:
    """It neither waits for compiled code nor runs again when that changes."""
    assert "transport" not in {path.relative_to(_ROOT).parts[0] for path in sources(stage)}


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
