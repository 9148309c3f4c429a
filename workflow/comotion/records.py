"""What is written to disk: JSON records of numbers, HDF5 files of arrays.

Energies are plain numbers in hartree under the names of the symbol table. Every record
names the system, the level, the settings, the seeds and the versions that made it; it
holds nothing that changes from run to run. A file appears under its name only when it is
complete: it is written beside it and renamed.
"""

import json
import os
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from comotion import __version__
from comotion.density.functionals import density_integrals
from comotion.density.gamma import GammaMixture
from comotion.density.models import UniformBall
from comotion.density.radial import RadialDensity
from comotion.density.table import TabulatedDensity
from comotion.errors import DensityError

#: Units of everything in a record that is not stated otherwise by the key itself.
UNITS = "hartree atomic units: energies in hartree, lengths in bohr"

_PACKAGES = ("numpy", "scipy", "pyscf", "numba", "basis-set-exchange")

#: Arrays of each kind of density on disk with their units.
_DENSITY_ARRAYS: dict[str, dict[str, str]] = {
    "gamma": {"coefficients": "electrons", "powers": "1", "exponents": "bohr^-s"},
    "table": {"r": "bohr", "rho": "bohr^-3"},
    "ball": {},
}


def provenance() -> dict[str, Any]:
    """Versions of the packages that numbers depend on, units and threads."""
    return {
        "versions": {"comotion": __version__} | {name: version(name) for name in _PACKAGES},
        "units": UNITS,
        "threads": 1,
    }


def density_record(system: str, level: str, density: RadialDensity) -> dict[str, Any]:
    """The part of quantum.json that follows from the density alone."""
    integrals = density_integrals(density)
    n_electrons = density.n_electrons
    return {
        "system": system,
        "level": level,
        "n_electrons": n_electrons,
        "hartree": integrals.hartree,
        "hartree_error": integrals.hartree_error,
        "v_mean_field": (1 - 1 / n_electrons) * integrals.hartree,
        "rho_four_thirds": integrals.rho_four_thirds,
        "gradient_four_thirds": integrals.gradient_four_thirds,
        "rho_three_halves": integrals.rho_three_halves,
        "gradient_seven_sixths": integrals.gradient_seven_sixths,
        "w_pc": integrals.w_pc,
        "w_pc_prime": integrals.w_pc_prime,
    }


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record, with provenance, complete or not at all."""
    text = json.dumps({**record, "provenance": provenance()}, indent=2, allow_nan=False)
    replace_text(path, text + "\n")


def replace_text(path: Path, text: str) -> None:
    """Write a text file, complete or not at all."""
    _replace(path, lambda beside: beside.write_text(text, encoding="utf-8"))


def read_json(path: Path) -> dict[str, Any]:
    """Read a record."""
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def write_arrays(
    path: Path, arrays: Mapping[str, tuple[Any, str, str]], attributes: Mapping[str, Any]
) -> None:
    """Write arrays, each with its unit and meaning, to HDF5, complete or not at all.

    Args:
        path: The file.
        arrays: (values, unit, meaning) by name.
        attributes: Attributes of the file.
    """

    def fill(beside: Path) -> None:
        with h5py.File(beside, "w") as file:
            file.attrs.update(attributes)
            for name, (values, unit, meaning) in arrays.items():
                file[name] = np.asarray(values)
                file[name].attrs.update({"unit": unit, "meaning": meaning})

    _replace(path, fill)


def write_density(path: Path, system: str, level: str, density: RadialDensity) -> None:
    """Write a density with everything that is needed to evaluate it again."""
    attributes: dict[str, Any] = {
        "system": system,
        "level": level,
        "n_electrons": density.n_electrons,
        "versions": json.dumps(provenance()["versions"]),
    }
    match density:
        case GammaMixture():
            attributes |= {"kind": "gamma", "s": density.s}
        case TabulatedDensity():
            attributes |= {"kind": "table"}
        case UniformBall():
            attributes |= {"kind": "ball", "ball_radius": density.ball_radius}
        case _:
            raise TypeError(f"no file format for {type(density).__name__}")
    arrays = {
        name: (getattr(density, name), unit, name)
        for name, unit in _DENSITY_ARRAYS[attributes["kind"]].items()
    }
    write_arrays(path, arrays, attributes)


def read_density(path: Path) -> tuple[str, str, RadialDensity]:
    """Read a density written by `write_density`.

    Returns:
        System, level and density.

    Raises:
        DensityError: The file is no such density.
    """
    try:
        with h5py.File(path) as file:
            attributes = dict(file.attrs)
            arrays = {name: np.asarray(file[name]) for name in file}
        kind, n_electrons = attributes["kind"], int(attributes["n_electrons"])
        density: RadialDensity
        if kind == "gamma":
            density = GammaMixture(n_electrons, s=float(attributes["s"]), **arrays)
        elif kind == "table":
            density = TabulatedDensity(n_electrons, **arrays)
        else:
            density = UniformBall(n_electrons, float(attributes["ball_radius"]))
        return str(attributes["system"]), str(attributes["level"]), density
    except (OSError, KeyError, TypeError) as error:
        raise DensityError(f"{path}: not a density of comotion, make it anew: {error}") from error


def _replace(path: Path, write: Callable[[Path], Any]) -> None:
    """Write beside the path and rename, so that a killed stage leaves nothing half-made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
