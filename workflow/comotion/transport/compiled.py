"""How functions are compiled, and when compiled code is stale.

numba keeps machine code on disk until the function's own file changes; what it took over from
functions in other files would stay as it was. Here the name that code is kept under holds a
digest of the whole engine, so that nothing older than any of its sources is ever loaded.
"""

import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator

_ENGINE = Path(__file__).parent

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(*fastmath: str) -> Callable[[_Function], _Function]:
    """Decorator of every compiled function; one over zero is infinite, as in numpy.

    Args:
        fastmath: What LLVM may do with sums and products, in its own words.

    Returns:
        The decorator.
    """
    decorator = numba.njit(cache=True, error_model="numpy", fastmath=set(fastmath) or False)
    return cast("Callable[[_Function], _Function]", decorator)


@functools.cache
def engine_digest() -> str:
    """Short digest of the sources of `comotion.transport`."""
    digest = hashlib.sha256()
    for path in sorted(_ENGINE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def on_disk(function: Callable[..., Any]) -> bool:
    """Whether a compiled function's machine code is kept for these sources."""
    folder = Path(function.stats.cache_path)  # type: ignore[attr-defined]
    return any(folder.glob(f"*-{engine_digest()}.*.nbi"))


class _OfEngine:
    """Puts the digest into the names of the files of this package."""

    _py_file: str

    def get_disambiguator(self) -> str:
        line: str = super().get_disambiguator()  # type: ignore[misc]
        ours = _ENGINE.parent in Path(self._py_file).parents
        return f"{line}-{engine_digest()}" if ours else line


class InFolderOfUser(_OfEngine, UserProvidedCacheLocator):
    """Compiled code in ``NUMBA_CACHE_DIR``."""


class BesideSource(_OfEngine, InTreeCacheLocator):
    """Compiled code in ``__pycache__``."""


class InHomeOfUser(_OfEngine, UserWideCacheLocator):
    """Compiled code in the user's cache folder."""


# numba takes the first that can be written to.
numba.config.CACHE_LOCATOR_CLASSES = ",".join(  # type: ignore[attr-defined]
    f"{__name__}.{locator.__name__}" for locator in (InFolderOfUser, BesideSource, InHomeOfUser)
)
