"""Compiled code that is older than any source of the engine is never run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import comotion

_ENERGY = """
import numpy as np
from comotion.transport.kernel import metric, quench, workspace
x, radii, inverse = np.array([[1.0, -1.0], [0.0, 0.0], [0.0, 0.0]]), np.ones(2), np.empty(2)
metric(radii, inverse)
print(quench(x, radii, inverse, 1e-12, np.inf, 100, workspace())[0])
print(sum(quench.stats.cache_misses.values()))
"""


def _energy(folder: Path) -> tuple[float, int]:
    """Energy of two opposite points by the package in a folder, and functions compiled."""
    done = subprocess.run(
        [sys.executable, "-c", _ENERGY], cwd=folder, check=True, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(folder / "cache")},
    )  # fmt: skip
    energy, misses = done.stdout.split()
    return float(energy), int(misses)


def test_a_change_in_one_module_reaches_what_others_took_over(tmp_path: Path) -> None:
    package = tmp_path / "comotion"
    shutil.copytree(
        Path(comotion.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__")
    )
    assert _energy(tmp_path) == (0.5, 1)
    assert _energy(tmp_path) == (0.5, 0)
    pairs = package / "transport/pairs.py"
    text = pairs.read_text()
    assert text.count("return total(energy)") == 1
    pairs.write_text(text.replace("return total(energy)", "return 3.0 * total(energy)"))
    assert _energy(tmp_path) == (1.5, 1)
