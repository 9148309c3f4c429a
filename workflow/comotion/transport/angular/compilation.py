"""How functions are compiled, and when compiled code is stale.

numba keeps machine code on disk until the function's own file changes; what it took over from
functions in other files would stay as it was. Here the name that code is kept under holds a
digest of all compiled sources, so that nothing older than any of them is ever loaded. Only the
functions of this package are concerned; numba's own settings stay as the user has them.

Code that a process has compiled itself is linked in another order than code that it loads, and may
round the last bit of a rare number otherwise. So what is missing is compiled by another process
first: all results come from loaded code, those of the first run after an installation included.
"""

import functools
import hashlib
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    InTreeCacheLocator,
    UserProvidedCacheLocator,
    UserWideCacheLocator,
)

from comotion.errors import TransportError

#: The folder of transport, below which all compiled functions are.
_ENGINE = Path(__file__).parents[1]
#: What a source of compiled functions contains.
_COMPILED = "transport.angular.compilation import compiled"

#: What compiles the functions of a package, the first that fits, and what they are for.
_COMPILERS = {
    "comotion.transport.bounds.pair": (
        "comotion.transport.bounds.pair.separation compile_separation",
        "pair bounds",
    ),
    "comotion.transport.bounds": ("comotion.transport.bounds.bracket compile_bounds", "brackets"),
    "comotion.transport": ("comotion.transport.comotion compile_engine", "plans"),
}
#: A user can silence it by the name; at this level Python shows it to whoever has set up nothing.
_LOGGER = logging.getLogger("comotion")
#: Set in the environment of the process that compiles, so that it starts no other.
_COMPILING = "COMOTION_COMPILES"

if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
    raise TransportError(
        "NUMBA_DISABLE_JIT is set, and the engine works in registers that only compiled code has; "
        "unset it"
    )

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(*fastmath: str) -> Callable[[_Function], _Function]:
    """Decorator of every compiled function; one over zero is infinite, as in numpy.

    Args:
        fastmath: What LLVM may do with sums and products, in its own words.

    Returns:
        The decorator.
    """

    def decorator(function: _Function) -> _Function:
        dispatcher: Any = numba.njit(error_model="numpy", fastmath=set(fastmath) or False)(function)
        dispatcher._cache = _EngineCache(function)
        return cast("_Function", dispatcher)

    return decorator


@functools.cache
def engine_digest() -> str:
    """Short digest of the sources of all compiled functions."""
    digest = hashlib.sha256()
    for path in sorted(_ENGINE.rglob("*.py")):
        content = path.read_bytes()
        if path == Path(__file__) or _COMPILED.encode() in content:
            digest.update(content)
    return digest.hexdigest()[:12]


class _OfEngine:
    """Puts the digest into the names of files of compiled code."""

    def get_disambiguator(self) -> str:
        line: str = super().get_disambiguator()  # type: ignore[misc]
        return f"{line}-{engine_digest()}"


class InFolderOfUser(_OfEngine, UserProvidedCacheLocator):
    """Compiled code in ``NUMBA_CACHE_DIR``."""


class BesideSource(_OfEngine, InTreeCacheLocator):
    """Compiled code in ``__pycache__``."""


class InHomeOfUser(_OfEngine, UserWideCacheLocator):
    """Compiled code in the user's cache folder."""


class _EngineCacheImpl(CompileResultCacheImpl):
    """The first of the places that can be written to."""

    _locator_classes = [InFolderOfUser, BesideSource, InHomeOfUser]  # noqa: RUF012 - as numba has it


class _EngineCache(FunctionCache):
    """Compiled code of one function."""

    _impl_class = _EngineCacheImpl

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._module = function.__module__

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        found = super().load_overload(sig, target_context)
        if found is None and _compiled_elsewhere(self._module):
            found = super().load_overload(sig, target_context)
        return found


def _compiled_elsewhere(module: str) -> bool:
    """Have another process compile the functions of a module's package, once; whether it did."""
    compiler = next((c for package, c in _COMPILERS.items() if module.startswith(package)), None)
    return compiler is not None and _COMPILING not in os.environ and _run_compiler(*compiler)


@functools.cache
def _run_compiler(compiler: str, purpose: str) -> bool:
    """Compile in another process; whether that succeeded."""
    # No warning of Python's: tests that turn those into errors would fail once and never again.
    _LOGGER.warning(
        "comotion compiles its engine for %s: half a minute, once after an installation or update "
        "on each kind of processor",
        purpose,
    )
    module, function = compiler.split()
    packages = str(_ENGINE.parents[1])
    known = os.environ.get("PYTHONPATH")
    environment = os.environ | {
        _COMPILING: "1",
        "PYTHONPATH": os.pathsep.join([packages, known] if known else [packages]),
    }
    command = f"from {module} import {function}; {function}()"
    done = subprocess.run([sys.executable, "-c", command], env=environment, check=False)  # noqa: S603 - our own
    return done.returncode == 0
