"""What is written to disk: JSON records of numbers, HDF5 files of arrays.

Energies are plain numbers in hartree under the names of the symbol table. Every record
names the system, the level, the settings, the seeds and the versions that made it; it
holds nothing that changes from run to run. A file appears under its name only when it is
complete: it is written beside it and renamed. It carries the SHA-256 of its content, which
every reader checks: a record in its key ``checksum``, an HDF5 file in its user block, so that
no byte of it reaches the HDF5 library unchecked.
"""

import hashlib
import io
import json
import os
import platform
from collections.abc import Mapping
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
from comotion.errors import DensityError, RecordError

#: Units of everything in a record that is not stated otherwise by the key itself.
UNITS = "hartree atomic units: energies in hartree, lengths in bohr"

#: Bytes before the HDF5 content of a file: the least user block that HDF5 allows.
_BLOCK = 512

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
    """Write a record, with provenance and checksum, complete or not at all."""
    text = json.dumps({**record, "provenance": provenance()}, allow_nan=False)
    # Read back, so that tuples and keys that are numbers are what a reader will see.
    written = json.loads(text)
    replace_text(path, json.dumps(written | {"checksum": _json_checksum(written)}, indent=2) + "\n")


def replace_text(path: Path, text: str) -> None:
    """Write a text file, complete or not at all."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, content: bytes) -> None:
    """Write a file beside its path and rename it: a killed stage leaves nothing half-made.

    Raises:
        RecordError: The disk is full, read-only or otherwise does not take it.
    """
    beside = path.with_name(f".{path.name}.{platform.node()}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                # Network disks report that they are full only now; a name must not outlive
                # a power cut that its content does not.
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise RecordError(
            f"{path}: cannot be written: {error.strerror}; make room or make the folder "
            "writable, and run again"
        ) from error


def read_json(path: Path) -> dict[str, Any]:
    """Read a record.

    Raises:
        RecordError: It is not what was written.
    """
    try:
        record = json.loads(_content(path))
    except ValueError as error:
        raise _broken(path, f"it is no JSON ({error})") from error
    if not isinstance(record, dict) or "checksum" not in record:
        raise _broken(path, "it has no checksum")
    checksum = record.pop("checksum")
    if checksum != _json_checksum(record):
        raise _broken(path, "its checksum does not fit")
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
    # Made in memory: a full disk is then met by one plain write, not inside the library.
    memory = io.BytesIO()
    with h5py.File(memory, "w", userblock_size=_BLOCK) as file:
        file.attrs.update(attributes)
        for name, (values, unit, meaning) in arrays.items():
            file[name] = np.asarray(values)
            file[name].attrs.update({"unit": unit, "meaning": meaning})
    content = memory.getvalue()[_BLOCK:]
    replace_bytes(path, _block(content) + content)


def read_arrays(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read what `write_arrays` wrote.

    Returns:
        Attributes of the file, and its arrays by name.

    Raises:
        RecordError: It is not what was written.
    """
    content = _content(path)
    if content[:_BLOCK] != _block(content[_BLOCK:]):
        raise _broken(path, "its checksum does not fit")
    with h5py.File(io.BytesIO(content)) as file:
        return dict(file.attrs), {name: np.asarray(file[name]) for name in file}


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
        RecordError: The file is not what was written.
        DensityError: It holds no density.
    """
    attributes, arrays = read_arrays(path)
    try:
        kind, n_electrons = attributes["kind"], int(attributes["n_electrons"])
        density: RadialDensity
        if kind == "gamma":
            density = GammaMixture(n_electrons, s=float(attributes["s"]), **arrays)
        elif kind == "table":
            density = TabulatedDensity(n_electrons, **arrays)
        else:
            density = UniformBall(n_electrons, float(attributes["ball_radius"]))
        return str(attributes["system"]), str(attributes["level"]), density
    except (KeyError, TypeError) as error:
        raise DensityError(f"{path}: holds no density: {error}; give a density.h5") from error


def _content(path: Path) -> bytes:
    """All bytes of a file of results."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error.strerror}; make it anew") from error


def _broken(path: Path, how: str) -> RecordError:
    return RecordError(
        f"{path}: not what was written here, {how}: truncated, altered or of an older version; "
        "delete it and run again"
    )


def _json_checksum(record: Mapping[str, Any]) -> str:
    """SHA-256 of a record as it is read, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _block(content: bytes) -> bytes:
    """The user block of an HDF5 file with this content."""
    return f"comotion sha256 {hashlib.sha256(content).hexdigest()}\n".encode().ljust(_BLOCK, b"\0")
