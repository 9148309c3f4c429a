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
from comotion.electronic.bare_atom import require_one_atom
from comotion.errors import ComotionError, DensityError, FormatError
from comotion.files import read_regular, require_regular
from comotion.hdf5 import holds, numbers, opened, text

#: Error of an occupation in a Molden file, which has five decimals or more.
_PRINTED = 5e-6
#: How far occupations may leave 0 to 2: natural ones of unrelaxed coupled cluster do.
_OCCUPATION = 1e-3
#: Largest error of an overlap of two occupied orbitals.
_ORTHONORMAL = 1e-8
#: Highest angular momentum of a shell that PySCF has integrals of.
_MOST_DEGREE = 12
#: Radius of a 1s shell with 94 % of its charge, times Z; share of two electrons that must be in it.
_CORE_RADIUS, _CORE_SHARE = 3.0, 0.25


def read_orbitals(path: Path | str) -> GammaMixture:
    """Averaged density of the orbitals in a Molden file or a PySCF checkpoint of one atom.

    Spherical and Cartesian functions are both welcome, and so are natural orbitals with
    fractional occupations. Neither file says whether its orbitals converged, or in what
    Hamiltonian: that is the user's to know (`comotion.from_pyscf` checks both).

    Args:
        path: Regular file of at most 64 MiB with a name in ``.molden``, ``.chk`` or
            ``.chkfile``. The arrays of a checkpoint are taken from nowhere else.

    Returns:
        The density.

    Raises:
        DensityError: The file cannot be read, holds no or more than one atom, a core potential,
            or what are no occupied real orbitals of its functions, or its occupations do not add
            up to an integer.
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
        if kind == "Molden":
            return _averaged(*_molden(path), _PRINTED)
        return _averaged(*_chk(path), 0.0)
    except FormatError as error:
        raise DensityError(f"{path}: cannot be read as a {kind} file: {error}") from error
    except ComotionError as error:
        raise DensityError(f"{path}: {error}") from error
    except Exception as error:
        # PySCF raises whatever a damaged file leads to, with words of the file.
        raise DensityError(
            f"{path}: cannot be read as a {kind} file ({type(error).__name__}); write it anew"
        ) from error


def _averaged(
    mol: gto.Mole, coefficients: list[Array], occupations: list[Array], rounding: float
) -> GammaMixture:
    """Averaged density of the orbitals of one atom.

    Raises:
        ComotionError: There is no single atom with all of its electrons, or a charge that is no
            integer beyond the ``rounding`` of each occupation.
    """
    require_one_atom(mol)
    _require_orbitals(mol, coefficients, occupations)
    charge = float(sum(np.sum(occupation) for occupation in occupations))
    n_electrons = round(charge)
    tolerance = CHARGE_TOLERANCE + rounding * sum(map(np.count_nonzero, occupations))
    if n_electrons < 1 or abs(charge - n_electrons) > tolerance:
        raise DensityError(
            f"the occupations add up to {charge:.8f}, not to an integer number of electrons; mend "
            "them"
        )
    mol.charge = int(mol.atom_charge(0)) - n_electrons
    matrix = sum(c * f @ c.T for c, f in zip(coefficients, occupations, strict=True))
    density = spherical_average(mol, np.asarray(matrix) * (n_electrons / charge))
    _require_core(density, int(mol.atom_charge(0)))
    return density


def _require_orbitals(mol: gto.Mole, coefficients: list[Array], occupations: list[Array]) -> None:
    """Check that what a file holds are occupied real orbitals of its basis functions.

    Raises:
        DensityError: They are not.
    """
    n = int(mol.nao)
    for orbitals, occupation in zip(coefficients, occupations, strict=True):
        shape = np.shape(orbitals)
        if len(shape) != 2 or shape[0] != n:
            raise DensityError(
                f"orbitals of the shape {shape} do not fit the {n} functions of the file: give "
                "real ones of one component (not GHF or Dirac-Hartree-Fock), in a whole file"
            )
        if np.iscomplexobj(orbitals) or not np.all(np.isfinite(orbitals)):
            raise DensityError("the orbitals are complex or no numbers; give real ones")
        most = 2 / len(coefficients)
        low, high = float(np.min(occupation)), float(np.max(occupation))
        if low < -_OCCUPATION or high > most + _OCCUPATION:
            raise DensityError(
                f"occupations from {low:g} to {high:g}: an orbital holds 0 to {most:g} electrons"
            )
        occupied = orbitals[:, np.abs(occupation) > 0]
        overlap = occupied.T @ mol.intor("int1e_ovlp") @ occupied
        error = float(np.max(np.abs(overlap - np.eye(len(overlap))), initial=0.0))
        if error > _ORTHONORMAL:
            raise DensityError(
                f"the occupied orbitals are not orthonormal, by {error:.1e}: they belong to other "
                "functions than those of the file (two components, a periodic cell, another "
                "order or normalisation), or have too few digits"
            )


def _require_core(density: GammaMixture, nuclear_charge: int) -> None:
    """Check that the innermost electrons are there.

    Raises:
        DensityError: Almost nothing is near the nucleus, where any atom has its 1s electrons.
    """
    near = _CORE_RADIUS / nuclear_charge
    inside = float(density.cumulant(near))
    if inside < _CORE_SHARE * min(density.n_electrons, 2):
        raise DensityError(
            f"only {inside:.3g} of {density.n_electrons} electrons are within {near:.3g} bohr of a "
            f"nucleus of charge {nuclear_charge}: the core is missing, as with an effective core "
            "potential; take an all-electron basis"
        )


def _molden(path: Path) -> tuple[gto.Mole, list[Array], list[Array]]:
    """Molecule, orbital coefficients and occupations of each spin, or of both together."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        mol, _, coefficients, occupations, *_ = molden.load(str(path))
    return mol, *_by_spin(coefficients, occupations)


def _chk(path: Path) -> tuple[gto.Mole, list[Array], list[Array]]:
    """The same from a checkpoint of a mean field."""
    with opened(read_regular(path)) as file:
        molecule = json.loads(text(file, "mol"))
        if "scf" not in file:
            raise DensityError(
                "holds no orbitals of a mean field (no group scf); set chkfile of the mean field, "
                "or write natural orbitals to a Molden file"
            )
        coefficients, occupations = (_of_spins(file, name) for name in ("mo_coeff", "mo_occ"))
    # PySCF evaluates these as Python, which a file from elsewhere must not reach; the numbers
    # that are needed stand in other entries.
    mol = gto.loads(json.dumps(molecule | dict.fromkeys(("atom", "basis", "ecp", "pseudo"), "{}")))
    _require_basis(mol)
    return mol, *_by_spin(coefficients, occupations)


def _require_basis(mol: gto.Mole) -> None:
    """Check that shells and the atom take their numbers from where there are some.

    PySCF's integrals, which are compiled, would read whatever is in memory there.

    Raises:
        FormatError: They do not.
    """
    shells, numbers_of = np.asarray(mol._bas), len(mol._env)
    columns = (gto.ATOM_OF, gto.ANG_OF, gto.NPRIM_OF, gto.NCTR_OF, gto.PTR_EXP, gto.PTR_COEFF)
    atom, degree, primitives, contracted, exponents, coefficients = shells[:, columns].T
    right = (
        (atom == 0) & (degree >= 0) & (degree <= _MOST_DEGREE)
        & (primitives > 0) & (contracted > 0)
        & (exponents >= 0) & (exponents + primitives <= numbers_of)
        & (coefficients >= 0) & (coefficients + primitives * contracted <= numbers_of)
    )  # fmt: skip
    place = int(mol._atm[0, gto.PTR_COORD]) if mol.natm == 1 else 0
    if not 0 <= place <= numbers_of - 3:
        raise FormatError("its atom has no place")
    if mol.natm == 1 and not np.all(right):
        shell = int(np.argmin(right)) + 1
        raise FormatError(f"shell {shell} of its basis has no exponents or coefficients there")


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
