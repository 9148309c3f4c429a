"""A density from any file that holds one."""

from pathlib import Path

from comotion.density.radial import RadialDensity
from comotion.density.storage import load_density
from comotion.density.user_table import read_table
from comotion.errors import DensityError
from comotion.files import read_regular

#: Endings of the names of files of orbitals: Molden files and PySCF's checkpoints.
ORBITAL_SUFFIXES = (".molden", ".chk", ".chkfile")
#: How every HDF5 file of the results begins (`comotion.io`).
_RESULT = b"comotion sha256 "


def read_density(path: Path | str, normalize: bool = False) -> RadialDensity:
    """Read a density from a file.

    Args:
        path: Regular file of at most 64 MiB: a table of r and rho as CSV or HDF5
            (`comotion.density.user_table`), orbitals as a Molden file or a PySCF checkpoint
            (`comotion.electronic.orbitals`), or a density.h5 of the results.
        normalize: Rescale a table to the nearest integer number of electrons.

    Returns:
        The density.

    Raises:
        DensityError: The file holds no density, or orbitals are to be normalised.
        RecordError: A density.h5 is not what was written.
    """
    path = Path(path)
    if path.suffix in ORBITAL_SUFFIXES:
        if normalize:
            raise DensityError(
                f"{path}: only tables are normalised; the occupations of orbitals must add up to "
                "an integer: mend them, or leave normalize out"
            )
        # Imports PySCF, which a table does not need.
        from comotion.electronic.orbitals import read_orbitals  # noqa: PLC0415

        return read_orbitals(path)
    if _is_result(path):
        return load_density(path)[2]
    return read_table(path, normalize)


def _is_result(path: Path) -> bool:
    """Whether a file is one of the results, by its first bytes."""
    try:
        return read_regular(path).startswith(_RESULT)
    except OSError:
        # The reader of tables says what is wrong with it.
        return False
