"""The density of an atom from another program's Molden file or a PySCF checkpoint."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
from pyscf import gto
from pyscf.tools import molden

from comotion.density.gamma import GammaMixture
from comotion.density.radial import CHARGE_TOLERANCE, Array
from comotion.electronic.averaging import spherical_average
from comotion.errors import ComotionError, DensityError, FormatError
from comotion.files import read_regular, require_regular
from comotion.hdf5 import holds, numbers, opened, text


def read_orbitals(path: Path | str) -> GammaMixture:
    """Averaged density of the orbitals in a Molden file or a PySCF checkpoint of one atom.

    Spherical and Cartesian functions are both welcome, and so are natural orbitals with
    fractional occupations.

    Args:
        path: Regular file of at most 64 MiB with a name in ``.molden``, ``.chk`` or
            ``.chkfile``. The arrays of a checkpoint are taken from nowhere else.

    Returns:
        The density.

    Raises:
        DensityError: The file cannot be read, holds no or more than one atom or a core
            potential, or its occupations do not add up to an integer.
    """
    path = Path(path)
    kind = "Molden" if path.suffix == ".molden" else "PySCF"
    try:
        require_regular(path)
    except OSError as error:
        raise DensityError(
            f"{path}: cannot be read: {error.strerror}; give a Molden file or PySCF checkpoint"
        ) from error
    try:
        return _averaged(*(_molden(path) if kind == "Molden" else _chk(path)))
    except FormatError as error:
        raise DensityError(f"{path}: cannot be read as a {kind} file: {error}") from error
    except ComotionError as error:
        raise DensityError(f"{path}: {error}") from error
    except Exception as error:
        # PySCF raises whatever a damaged file leads to, with words of the file.
        raise DensityError(
            f"{path}: cannot be read as a {kind} file ({type(error).__name__}); write it anew"
        ) from error


def _averaged(mol: gto.Mole, coefficients: list[Array], occupations: list[Array]) -> GammaMixture:
    """Averaged density of the orbitals of one atom.

    Raises:
        DensityError: There is no single atom, a core potential, a charge that is no integer, or
            a negative density.
    """
    if mol.natm != 1:
        raise DensityError(f"holds {mol.natm} atoms; give the file of a single atom")
    if mol.has_ecp():
        raise DensityError(
            "has an effective core potential, which leaves out the density of the core; take an "
            "all-electron basis"
        )
    charge = float(sum(np.sum(occupation) for occupation in occupations))
    n_electrons = round(charge)
    if n_electrons < 1 or abs(charge - n_electrons) > CHARGE_TOLERANCE:
        raise DensityError(
            f"the occupations add up to {charge:.8f}, not to an integer number of electrons; mend "
            "them"
        )
    mol.charge = int(mol.atom_charge(0)) - n_electrons
    matrix = sum(c * occupation @ c.T for c, occupation in zip(coefficients, occupations))  # noqa: B905
    return spherical_average(mol, np.asarray(matrix) * (n_electrons / charge))


def _molden(path: Path) -> tuple[gto.Mole, list[Array], list[Array]]:
    """Molecule, orbital coefficients and occupations of each spin, or of both together."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        mol, _, coefficients, occupations, *_ = molden.load(str(path))
    return mol, *_by_spin(coefficients, occupations)


def _chk(path: Path) -> tuple[gto.Mole, list[Array], list[Array]]:
    """The same from a checkpoint of a mean field."""
    with opened(read_regular(path)) as file:
        molecule = json.loads(text(file, "mol"))
        coefficients, occupations = (_of_spins(file, name) for name in ("mo_coeff", "mo_occ"))
    # PySCF evaluates these as Python, which a file from elsewhere must not reach; the numbers
    # that are needed stand in other entries.
    mol = gto.loads(json.dumps(molecule | dict.fromkeys(("atom", "basis", "ecp", "pseudo"), "{}")))
    return mol, *_by_spin(coefficients, occupations)


def _of_spins(file: Any, name: str) -> Any:
    """An array of a mean field; PySCF keeps two of different shapes in a group."""
    both = f"scf/{name}__from_list__"
    if holds(file, both):
        return [numbers(file, f"{both}/{spin:06d}") for spin in range(2)]
    return numbers(file, f"scf/{name}")


def _by_spin(coefficients: Any, occupations: Any) -> tuple[list[Array], list[Array]]:
    if np.ndim(occupations[0]) == 0:
        return [np.asarray(coefficients)], [np.asarray(occupations)]
    return [np.asarray(c) for c in coefficients], [np.asarray(o) for o in occupations]
