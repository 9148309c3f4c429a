"""Densities of users in a configuration: what they may be called, and which files they may be."""

import re
from pathlib import Path

from comotion.errors import ConfigError
from comotion.files import require_regular
from comotion.systems import ELEMENTS
from study.folder import SPECIAL

#: Folders of results/ that are no systems.
RESERVED = ("studies", "models", "logs", "benchmarks")

#: Names that Windows keeps for devices, so that no folder can have them there.
DEVICES = (
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{i}" for port in ("com", "lpt") for i in range(10)),
)

#: What a density cannot be called, in small letters: on disks that do not tell Ne from ne, the two
#: would have one folder.
_TAKEN = frozenset({name.casefold() for name in (*ELEMENTS[1:], *RESERVED, *DEVICES)})

#: How addresses on a network begin.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def check_user_density(name: str, path: str) -> None:
    """Refuse a name that means something else, and a file that cannot be read.

    Args:
        name: Name of the density.
        path: Its file, as the configuration has it.

    Raises:
        ConfigError: What is wrong with either.
    """
    if name.casefold() in _TAKEN:
        raise ConfigError(
            f"key densities.{name}: an element, a folder of results or a device of Windows has "
            "this name, in capitals or small letters; choose another"
        )
    file, key = Path(path), f"key densities.{name}.file: {path!r}"
    if special := SPECIAL.search(path):
        raise ConfigError(
            f"{key} has {special[0]!r} in its name, which Snakemake takes for a part of a "
            "pattern; rename the file"
        )
    if address := _ADDRESS.match(path):
        raise ConfigError(
            f"{key} begins with {address[0]!r} like an address on a network, from which nothing is "
            "fetched; copy the file here, under a name without it"
        )
    try:
        # A study from elsewhere must not reach out of its folder unless it says so openly.
        if not file.is_absolute() and not file.resolve().is_relative_to(Path.cwd()):
            raise ConfigError(
                f"{key} leads out of the project folder; copy the file into it or give its "
                "absolute path"
            )
        require_regular(file)
        with file.open("rb"):
            pass
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{key} cannot be read ({getattr(error, 'strerror', error)}); give the path of a "
            "table (CSV, HDF5) or of orbitals (Molden, PySCF checkpoint), absolute or from the "
            "project folder"
        ) from error
