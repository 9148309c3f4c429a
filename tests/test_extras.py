"""What an installation brings: the library alone, the workflow, the cluster."""

import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

#: Imports every module of the package where only what is named on the command line can be found.
_IMPORTS = """
import importlib, pkgutil, sys
forbidden = set(sys.argv[1:])

class Guard:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in forbidden:
            raise ModuleNotFoundError(f"no {name} here", name=name)

sys.meta_path.insert(0, Guard())
import comotion
for module in pkgutil.walk_packages(comotion.__path__, "comotion."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
for name in comotion.__all__:
    getattr(comotion, name)
print(len([name for name in sys.modules if name.startswith("comotion.")]))
"""


def _project(project: Path) -> dict[str, list[str]]:
    """Requirements by extra; those of the library alone under ""."""
    table = tomllib.loads((project / "pyproject.toml").read_text())["project"]
    return {"": table["dependencies"], **table["optional-dependencies"]}


def _name(wanted: str) -> str:
    """Name of a package in a requirement, as indices write it."""
    return re.split(r"[ ><=!~;\[(]", wanted)[0].lower().replace("_", "-")


def _brought(wanted: list[str]) -> set[str]:
    """Names of all packages that come with some requirements, themselves included."""
    found: set[str] = set()
    waiting = [_name(one) for one in wanted]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        try:
            more = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # for another system
        waiting += [_name(one) for one in more if "extra ==" not in one]
    return found


def test_the_library_brings_no_snakemake(project: Path) -> None:
    alone = _brought(_project(project)[""])
    assert {"numpy", "pyscf", "jsonschema"} <= alone
    assert not [name for name in alone if "snakemake" in name or name in {"pygments", "pyyaml"}]
    assert {"snakemake", "pygments", "pyyaml"} <= _brought(_project(project)["workflow"])


def test_a_cluster_needs_the_workflow_too(project: Path) -> None:
    first, *plugins = _project(project)["cluster"]
    assert first == "comotion[workflow]"
    assert all(_name(one).startswith("snakemake-executor-plugin-") for one in plugins)


def test_every_module_of_the_library_does_without_the_extras(project: Path) -> None:
    """The packages that its requirements do not bring are kept from it."""
    alone = _brought(_project(project)[""]) | {"comotion"}
    forbidden = [
        module
        for module, distributions in metadata.packages_distributions().items()
        if not alone & {_name(one) for one in distributions} and module.isidentifier()
    ]
    assert {"snakemake", "pygments", "yaml", "hypothesis", "pytest"} <= set(forbidden)
    environment = os.environ | {"PYTHONPATH": str(project / "workflow")}
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTS, *forbidden], env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 80


@pytest.mark.parametrize("missing", ["yaml", "jsonschema", "snakemake"])
def test_without_the_extra_the_workflow_names_it(project: Path, missing: str) -> None:
    program = (
        "import sys, types, runpy\n"
        f"sys.modules[{missing!r}] = None\n"
        f"task = types.SimpleNamespace(main=lambda words: __import__({missing!r}))\n"
        "sys.modules['study.readme'] = task\n"
        "sys.argv = ['study', 'readme']\n"
        "runpy.run_module('study', run_name='__main__')"
    )
    environment = os.environ | {"PYTHONPATH": str(project / "workflow")}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        f"study readme: error: {missing} is not installed; it comes with the extra of the "
        "workflow: pip install -e '.[workflow]' in the folder of the project\n"
    )
