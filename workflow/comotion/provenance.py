"""Where numbers come from: versions of the packages behind them, units, threads."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from comotion.version import VERSION

#: Units of everything in a record that is not stated otherwise by the key itself.
UNITS = "hartree atomic units: energies in hartree, lengths in bohr"

_PACKAGES = ("numpy", "scipy", "pyscf", "numba", "highspy", "clarabel", "python-flint",
             "basis-set-exchange")  # fmt: skip
#: One entry for each thread of this process, where the system has such a folder.
TASKS = Path("/proc/self/task")


def provenance() -> dict[str, Any]:
    """Versions of the packages that numbers depend on, units, and threads of this process."""
    return {
        "versions": {"comotion": VERSION} | {name: version(name) for name in _PACKAGES},
        "units": UNITS,
        "threads": len(list(TASKS.iterdir())) if TASKS.is_dir() else None,
    }
