"""The tests with the oldest versions of what comotion requires, or with the newest.

    python3.11 tests/other_versions.py oldest
    python3.13 tests/other_versions.py newest

An environment of its own is made in a temporary folder, with the Python that runs this.
"""

import argparse
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

PROJECT = Path(__file__).parents[1]
#: What checks and formats the sources is no part of the tests.
_CHECKERS = ("mypy", "pandas-stubs", "ruff", "scipy-stubs", "snakefmt", "types-")


def requirements(which: str) -> list[str]:
    """What is installed: all that the package, its workflow and its tests require.

    Args:
        which: ``oldest``: exactly the lowest version that pyproject.toml allows; ``newest``: any
            that it allows, so that pip takes the newest.
    """
    table = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    project = table["project"]
    extra = project["optional-dependencies"]["workflow"]
    wanted = [*project["dependencies"], *extra, *table["dependency-groups"]["dev"]]
    wanted = [one for one in wanted if not one.startswith(_CHECKERS)]
    return [one.replace(">=", "==") for one in wanted] if which == "oldest" else wanted


def main() -> None:
    """Make the environment, say what is in it, and run the tests."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", choices=["oldest", "newest"])
    parser.add_argument("tests", nargs="*", help="some of the quick tests")
    arguments = parser.parse_args()
    subprocess.run([sys.executable, "--version"], check=True)
    with tempfile.TemporaryDirectory(prefix="comotion-versions-") as folder:
        venv.create(folder, with_pip=True)
        python = f"{folder}/bin/python"
        install = [python, "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, *requirements(arguments.which)], check=True)
        itself = ["--no-deps", "--no-build-isolation", "-e", str(PROJECT)]
        subprocess.run([*install, *itself], check=True)
        subprocess.run([python, "-m", "pip", "freeze", "--exclude-editable"], check=True)
        tests = arguments.tests or ["-n", "2", "--dist", "loadfile"]
        tests += ["-m", "not slow and not locked"]
        if arguments.which == "oldest":
            # Old packages use what newer ones of those that they require call deprecated.
            tests = ["-W", "ignore::DeprecationWarning", *tests]
        done = subprocess.run([python, "-m", "pytest", *tests], cwd=PROJECT, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
