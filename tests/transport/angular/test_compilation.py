"""Compiled code that is older than any source of the engine is never run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import comotion
from comotion.transport.angular import compilation
from comotion.transport.angular.basin_hopping import hop, sweep
from comotion.transport.angular.coulomb import energy_forces, pair_sums
from comotion.transport.angular.minimiser import quench

_ENERGY = """
import numpy as np
from comotion.transport.angular.minimiser import metric, quench, workspace
x, radii, inverse = np.array([[1.0, -1.0], [0.0, 0.0], [0.0, 0.0]]), np.ones(2), np.empty(2)
metric(radii, inverse)
print(quench(x, radii, inverse, 1e-12, np.inf, 100, workspace())[0])
"""


def _energy(folder: Path) -> tuple[float, bool]:
    """Energy of two opposite points by the package in a folder, and whether it compiled."""
    done = subprocess.run(
        [sys.executable, "-c", _ENERGY], cwd=folder, check=True, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(folder / "cache")},
    )  # fmt: skip
    return float(done.stdout), "compiles its engine" in done.stderr


def _copy(folder: Path) -> Path:
    package = folder / "comotion"
    shutil.copytree(
        Path(comotion.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__")
    )
    return package


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of sources in the place of the engine's: two are compiled, one is not."""
    (tmp_path / "angular").mkdir()
    marker = "from comotion." + compilation._COMPILED + "\n"
    (tmp_path / "angular" / "a.py").write_text(marker + "ONE = 1\n")
    (tmp_path / "b.py").write_text(marker + "TWO = 2\n")
    (tmp_path / "c.py").write_text("THREE = 3\n")
    monkeypatch.setattr(compilation, "_ENGINE", tmp_path)
    compilation.engine_digest.cache_clear()
    yield tmp_path
    compilation.engine_digest.cache_clear()


@pytest.mark.parametrize(
    ("changed", "stale"), [("angular/a.py", True), ("b.py", True), ("c.py", False)]
)
def test_code_is_kept_under_a_digest_of_all_compiled_sources(
    engine: Path, changed: str, stale: bool
) -> None:
    """What is kept of numba's files is older than none of the sources it was made of."""
    before = compilation.engine_digest()
    assert len(before) == 12
    assert before == compilation.engine_digest()
    path = engine / changed
    path.write_text(path.read_text() + "# another\n")
    compilation.engine_digest.cache_clear()
    assert (compilation.engine_digest() != before) == stale


def test_every_compiled_function_is_kept_so() -> None:
    """Names of files of compiled code hold the digest, wherever they are kept."""
    functions: Any = (hop, sweep, quench, pair_sums, energy_forces)
    for function in functions:
        place = function._cache._impl.locator
        assert place.get_disambiguator().endswith(f"-{compilation.engine_digest()}")
        assert isinstance(
            place,
            (compilation.InFolderOfUser, compilation.BesideSource, compilation.InHomeOfUser),
        )


def test_missing_code_is_compiled_by_another_process_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Of the package that the function is in; and never by a process that does so itself."""
    asked = []

    def run(command: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
        asked.append((command, more["env"]))
        return subprocess.CompletedProcess(command, 0)

    compilation._run_compiler.cache_clear()
    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.delenv(compilation._COMPILING, raising=False)
    for module in ("comotion.transport.angular.coulomb", "comotion.transport.bounds.pricing"):
        assert compilation._compiled_elsewhere(module)
        assert compilation._compiled_elsewhere(module)
    assert not compilation._compiled_elsewhere("somewhere.else")
    compilation._run_compiler.cache_clear()
    said = "comotion compiles its engine for {}: half a minute, once after an installation"
    assert [(one.name, one.levelname) for one in caplog.records] == [("comotion", "WARNING")] * 2
    for purpose, message in zip(("plans", "brackets"), caplog.messages, strict=True):
        assert message == said.format(purpose) + " or update on each kind of processor"
    (first, environment), (second, _) = asked
    assert first[:2] == [sys.executable, "-c"]
    assert first[2].endswith("comotion import compile_engine; compile_engine()")
    assert second[2].endswith("bracket import compile_bounds; compile_bounds()")
    assert environment[compilation._COMPILING] == "1"
    packages = environment["PYTHONPATH"].split(os.pathsep)[0]
    assert Path(packages) == Path(comotion.__file__).parents[1]
    monkeypatch.setenv(compilation._COMPILING, "1")
    assert not compilation._compiled_elsewhere("comotion.transport.angular.coulomb")


def test_the_wait_is_said_on_standard_error_and_fails_no_test_of_a_user() -> None:
    """A process without logging that turns warnings into errors is told, and goes on."""
    program = (
        "import subprocess\n"
        "from comotion.transport.angular import compilation\n"
        "subprocess.run = lambda *w, **m: subprocess.CompletedProcess(w, 0)\n"
        "print(compilation._compiled_elsewhere('comotion.transport.comotion'))\n"
        "print(compilation._compiled_elsewhere('comotion.transport.comotion'))"
    )
    environment = {key: value for key, value in os.environ.items() if key != compilation._COMPILING}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "True\nTrue\n"
    (said,) = done.stderr.splitlines()
    assert said.startswith("comotion compiles its engine for plans: half a minute, once")


@pytest.mark.slow
def test_a_change_in_one_module_reaches_what_others_took_over(tmp_path: Path) -> None:
    package = _copy(tmp_path)
    assert _energy(tmp_path) == (0.5, True)
    assert _energy(tmp_path) == (0.5, False)
    coulomb = package / "transport/angular/coulomb.py"
    text = coulomb.read_text()
    assert text.count("return total(energy)") == 1
    coulomb.write_text(text.replace("return total(energy)", "return 3.0 * total(energy)"))
    assert _energy(tmp_path) == (1.5, True)


def test_the_users_own_numba_is_as_it_was() -> None:
    """The package brings its own places for compiled code and leaves numba's settings alone."""
    program = (
        "import numba; before = {k: getattr(numba.config, k) for k in dir(numba.config)"
        " if k.isupper()}\n"
        "import comotion, comotion.transport.comotion, comotion.transport.bounds.bracket\n"
        "after = {k: getattr(numba.config, k) for k in before}\n"
        "assert before == after, [k for k in before if before[k] != after[k]]\n"
        "from numba.core.caching import CompileResultCacheImpl\n"
        "places = CompileResultCacheImpl._locator_classes\n"
        "assert all(place.__module__.startswith('numba') for place in places)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.slow
def test_the_first_run_of_all_has_the_bits_of_every_other(tmp_path: Path) -> None:
    """Code compiled by the process itself would be linked otherwise, and round otherwise."""
    program = (
        "import comotion, numpy as np, sys\n"
        "up = np.array([True, False, False, True])\n"
        "plan = comotion.comotion_plan(comotion.model('sqrt_r', 4), upward=up)\n"
        "sys.stdout.buffer.write(plan.positions.tobytes())"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    first, second = (
        subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, env=environment
        ).stdout
        for _ in range(2)
    )
    assert len(first) > 1000
    assert first == second


def test_without_compilation_the_engine_says_so() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "comotion", "plan", "--help"],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("comotion plan: error: NUMBA_DISABLE_JIT is set")
