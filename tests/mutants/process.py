"""Tests run in forks of one process that has loaded the libraries, but nothing of comotion."""

import os
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp

import pytest

from own_files import own_files

#: What takes long to load and is never changed by a fault; pytest loads its plugins itself.
_LIBRARIES = (
    "h5py", "jsonschema", "matplotlib.pyplot", "mpmath", "numba", "pandas",
    "pyscf.cc", "pyscf.fci", "pyscf.mcscf", "pyscf.scf", "scipy.integrate", "scipy.interpolate",
    "scipy.optimize", "scipy.special", "snakemake.api", "highspy",
)  # fmt: skip
#: No fault may take the machine's memory.
_MOST_MEMORY = 8 << 30
#: A fork that is there after this many times its limit waits for something that never comes.
_PATIENCE = 10
#: How often a waiting process looks, in seconds.
_LOOK = 0.05


def load_libraries() -> None:
    """Load them here, so that every fork has them."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ["MPLBACKEND"] = "agg"
    for name in _LIBRARIES:
        import_module(name)


def copied(project: Path) -> Path:
    """A copy of the project in a temporary folder, with its history and the compiled engine."""
    tree = Path(mkdtemp(prefix="comotion-mutants-")) / "project"
    engine = project.glob("workflow/**/__pycache__/*.nb[ci]")
    for name in [*own_files(project), *(str(path.relative_to(project)) for path in engine)]:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        # With its time, by which numba knows whether compiled code is stale.
        shutil.copy2(project / name, tree / name)
    if (project / ".git").exists():
        shutil.copytree(project / ".git", tree / ".git")
    return tree


def enter(tree: Path) -> None:
    """Make a copy of the project the one that this process and those it starts work with."""
    os.chdir(tree)
    packages = [str(tree / "workflow"), str(tree / "tests")]
    sys.path[:] = packages + [p for p in sys.path if not p.endswith(("/workflow", "/tests"))]
    os.environ["PYTHONPATH"] = packages[0]
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True


def forked(work: Callable[[], int], log: Path, limit: int) -> int | None:
    """Do something in a fork.

    Args:
        work: What is done; what it returns is the exit code.
        log: Where its output goes.
        limit: Processor seconds after which it is ended, however busy the machine is.

    Returns:
        The exit code; nothing if it was ended, or fell over.
    """
    child = os.fork()
    if child == 0:
        os.setsid()
        code = 70
        try:
            stream = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(stream, 1)
            os.dup2(stream, 2)
            resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
            code = work()
        except BaseException:  # noqa: BLE001 - a fork must not go on as its parent
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    # What waits for nothing uses no processor time.
    ends = time.monotonic() + _PATIENCE * limit
    try:
        while time.monotonic() < ends:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(_LOOK)
    finally:
        # Whatever the tests have started ends with them.
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def run_tests(*arguments: str) -> int:
    """Run pytest here."""
    return int(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments]))
