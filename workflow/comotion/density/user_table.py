"""A user's files of r and rho, as CSV or HDF5."""

import warnings
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from comotion.density.table import TabulatedDensity, tabulated
from comotion.errors import DensityError


def read_table(path: Path | str, normalize: bool = False) -> TabulatedDensity:
    """Read a density from a CSV or HDF5 file with the columns ``r`` and ``rho``.

    Args:
        path: CSV file with a header line, where ``#`` starts a comment, or HDF5 file
            (``.h5``, ``.hdf5``) with two arrays; r in bohr, rho in bohr^-3. A first row at
            r = 0 is allowed.
        normalize: Rescale to the nearest integer number of electrons whatever the
            distance from it; otherwise more than `CHARGE_TOLERANCE` is an error.

    Returns:
        The density.

    Raises:
        DensityError: The file cannot be read as such a table, or the table is no
            density: a value that is not a number, a radius that does not increase, a
            density that is negative or vanishes between charges, a charge that is not
            an integer.
    """
    path = Path(path)
    table = _hdf5(path) if path.suffix in (".h5", ".hdf5") else _csv(path)
    if not {"r", "rho"} <= set(table.columns):
        raise DensityError(
            f"{path}: needs the columns 'r' (bohr) and 'rho' (bohr^-3), has "
            f"{', '.join(map(repr, table.columns))}"
        )
    columns = {}
    for name in ("r", "rho"):
        if np.iscomplexobj(table[name]):
            raise DensityError(f"{path}: column '{name}' holds complex numbers; write real ones")
        columns[name] = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=float)
        bad = np.flatnonzero(~np.isfinite(columns[name]))
        if bad.size:
            raise DensityError(
                f"{path}: column '{name}', row {bad[0] + 1}: {table[name].iloc[bad[0]]!r} is "
                "not a finite number; mend or remove the row"
            )
    try:
        return tabulated(columns["r"], columns["rho"], normalize)
    except DensityError as error:
        raise DensityError(f"{path}: {error}") from error


def _csv(path: Path) -> pd.DataFrame:
    try:
        with warnings.catch_warnings():
            # Without this a row of three values under two names would lose one of them.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(path, comment="#", skipinitialspace=True, index_col=False)
    except (
        OSError,
        UnicodeDecodeError,
        pd.errors.ParserError,
        pd.errors.ParserWarning,
        pd.errors.EmptyDataError,
    ) as error:
        raise DensityError(
            f"{path}: cannot be read as a CSV table: {str(error).strip()}"
        ) from error


def _hdf5(path: Path) -> pd.DataFrame:
    try:
        with h5py.File(path) as file:
            return pd.DataFrame(
                {
                    name: np.asarray(data)
                    for name, data in file.items()
                    if isinstance(data, h5py.Dataset)
                }
            )
    except (OSError, ValueError) as error:
        raise DensityError(f"{path}: cannot be read as an HDF5 table: {error}") from error
