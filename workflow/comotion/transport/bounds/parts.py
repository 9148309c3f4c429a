"""Finished parts of a bracket on disk, for a run that is killed to go on from.

A part lies in a folder whose name stands for everything that it depends on: the density, the
plans and their pair cost, the effort, the code and the versions. What was made for anything else is
never found.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from comotion.density.radial import RadialDensity
from comotion.density.storage import density_digest
from comotion.errors import RecordError
from comotion.provenance import provenance
from comotion.transport.angular.cost_table import cost_table
from comotion.transport.plan import Plan

#: The package: a part is as good as the code that made it, all of it.
_PACKAGE = Path(__file__).parents[2]
#: Hexadecimal digits of a key: one in 2^64 for two things to share it.
_DIGITS = 16

_Part = TypeVar("_Part")


@dataclass(frozen=True)
class Parts:
    """Where the parts of one bracket are kept.

    Attributes:
        folder: The folder, or None where nothing is kept.
    """

    folder: Path | None

    def kept(
        self,
        name: str,
        load: Callable[[Path], _Part],
        compute: Callable[[], _Part],
        save: Callable[[_Part, Path], None],
    ) -> _Part:
        """A part that a killed run has finished, or the same computed and kept.

        Args:
            name: Name of the file.
            load: Reads the part.
            compute: Makes it.
            save: Writes it.

        Returns:
            The part.
        """
        if self.folder is None:
            return compute()
        path = self.folder / name
        if path.is_file():
            try:
                return load(path)
            except RecordError:
                pass  # half-written: it is made again
        part = compute()
        save(part, path)
        return part


def parts_in(
    folder: Path | None, density: RadialDensity, plans: Sequence[Plan], effort: Any
) -> Parts:
    """The parts of a bracket.

    Args:
        folder: Folder of the parts of all brackets, or None to keep none.
        density: The density.
        plans: The curves that the bracket starts from.
        effort: How hard it tries; all of it stands in its representation.

    Returns:
        The parts that were made for just this, if any were.
    """
    if folder is None:
        return Parts(None)
    digest = hashlib.sha256(density_digest(density).encode())
    for plan in plans:
        for array in (plan.weights, plan.radii, plan.positions, plan.upward, plan.cost):
            digest.update(np.ascontiguousarray(array).tobytes())
        digest.update(repr((plan.quadrature_error, plan.seeds, plan.pair_cost)).encode())
        if not plan.pair_cost.is_coulomb:
            digest.update(cost_table(plan.pair_cost).tobytes())
    digest.update(repr(effort).encode())
    digest.update(json.dumps(provenance()["versions"], sort_keys=True).encode())
    digest.update(_code().encode())
    return Parts(folder / digest.hexdigest()[:_DIGITS])


@cache
def _code() -> str:
    """Digest of the code of densities and of transport."""
    digest = hashlib.sha256()
    for package in ("density", "transport"):
        for path in sorted((_PACKAGE / package).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
