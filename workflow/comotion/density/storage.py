"""Densities on disk: density.h5, and the density inside the file of a plan.

Every kind of density writes and reads itself (`RadialDensity.parts`, `RadialDensity.of_parts`);
here stand the kinds, and the files.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from comotion.density.gamma import GammaMixture
from comotion.density.model_densities import UniformBall
from comotion.density.radial import Array, RadialDensity
from comotion.density.table import TabulatedDensity
from comotion.errors import DensityError
from comotion.io import read_arrays, write_arrays

#: Every kind of density by the name under which it is stored.
KINDS: dict[str, type[RadialDensity]] = {
    kind.KIND: kind for kind in (GammaMixture, TabulatedDensity, UniformBall)
}


def parts_of(density: RadialDensity) -> tuple[dict[str, Any], dict[str, tuple[Any, str, str]]]:
    """Everything that is needed to evaluate a density again.

    Returns:
        Attributes, and arrays as (values, unit, meaning) by name.
    """
    attributes, arrays = density.parts()
    return {"kind": density.KIND, "n_electrons": density.n_electrons} | attributes, arrays


def density_of_parts(attributes: Mapping[str, Any], arrays: Mapping[str, Array]) -> RadialDensity:
    """The density that `parts_of` took apart.

    Raises:
        KeyError: Something is missing.
        DensityError: The parts make no density.
    """
    return KINDS[attributes["kind"]].of_parts(int(attributes["n_electrons"]), attributes, arrays)


def density_digest(density: RadialDensity) -> str:
    """SHA-256 of everything that makes a density: equal for equal densities only."""
    attributes, arrays = parts_of(density)
    # Numbers as what they are, whether they come from a file or from Python.
    plain = {
        name: value if isinstance(value, str) else float(value)
        for name, value in attributes.items()
    }
    digest = hashlib.sha256(repr(sorted(plain.items())).encode())
    for name, (values, _, _) in sorted(arrays.items()):
        digest.update(f"{name} {np.shape(values)}".encode())
        digest.update(np.ascontiguousarray(values, dtype=float).tobytes())
    return digest.hexdigest()


def save_density(path: Path, system: str, level: str, density: RadialDensity) -> None:
    """Write a density with everything that is needed to evaluate it again."""
    attributes, arrays = parts_of(density)
    write_arrays(path, arrays, {"system": system, "level": level} | attributes)


def load_density(path: Path) -> tuple[str, str, RadialDensity]:
    """Read a density written by `save_density`.

    Returns:
        System, level and density.

    Raises:
        RecordError: The file is not what was written.
        DensityError: It holds no density.
    """
    attributes, arrays = read_arrays(path)
    try:
        density = density_of_parts(attributes, arrays)
        return str(attributes["system"]), str(attributes["level"]), density
    except (KeyError, TypeError, ValueError) as error:
        raise DensityError(
            f"{path}: holds no density ({type(error).__name__}); give a density.h5"
        ) from error
    except DensityError as error:
        raise DensityError(f"{path}: {error}") from error


def load_levels(paths: Iterable[Path]) -> dict[str, RadialDensity]:
    """Densities of several levels of one system by the level; see `load_density`."""
    return {level: density for _, level, density in map(load_density, paths)}
