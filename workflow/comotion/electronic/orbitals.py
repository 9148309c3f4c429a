"""The density of an atom from another program's Molden file or a PySCF checkpoint."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from pyscf import gto, lib
from pyscf.tools import molden

from comotion.density.gamma import GammaMixture
from comotion.density.radial import CHARGE_TOLERANCE, Array
from comotion.electronic.averaging import spherical_average
from comotion.electronic.bare_atom import require_one_atom
from comotion.errors import ComotionError, DensityError

#: Error of an occupation in a Molden file, which has five decimals or more.
_PRINTED = 5e-6
#: How far occupations may leave 0 to 2: natural ones of unrelaxed coupled cluster do.
_OCCUPATION = 1e-3
#: Largest error of an overlap of two occupied orbitals.
_ORTHONORMAL = 1e-8
#: Radius of a 1s shell with 94 % of its charge, times Z; share of two electrons that must be in it.
_CORE_RADIUS, _CORE_SHARE = 3.0, 0.25


def read_orbitals(path: Path | str) -> GammaMixture:
    """Averaged density of the orbitals in a Molden file or a PySCF checkpoint of one atom.

    Spherical and Cartesian functions are both welcome, and so are natural orbitals with
    fractional occupations. Neither file says whether its orbitals converged, or in what
    Hamiltonian: that is the user's to know (`comotion.from_pyscf` checks both).

    Args:
        path: File with a name in ``.molden``, ``.chk`` or ``.chkfile``.

    Returns:
        The density.

    Raises:
        DensityError: The file cannot be read, holds no or more than one atom, a core potential,
            or what are no occupied real orbitals of its functions, or its occupations do not add
            up to an integer.
    """
    path = Path(path)
    try:
        mol, coefficients, occupations = _molden(path) if path.suffix == ".molden" else _chk(path)
    except ComotionError:
        raise
    except Exception as error:
        # PySCF's readers raise whatever their parsing meets.
        raise DensityError(
            f"{path}: cannot be read as a {'Molden' if path.suffix == '.molden' else 'PySCF'} "
            f"file: {type(error).__name__}: {error}"
        ) from error
    try:
        require_one_atom(mol)
        _require_orbitals(mol, coefficients, occupations)
        charge = float(sum(np.sum(occupation) for occupation in occupations))
        rounding = _PRINTED * sum(np.count_nonzero(occupation) for occupation in occupations)
        n_electrons = round(charge)
        tolerance = CHARGE_TOLERANCE + (rounding if path.suffix == ".molden" else 0.0)
        if n_electrons < 1 or abs(charge - n_electrons) > tolerance:
            raise DensityError(
                f"the occupations add up to {charge:.8f}, not to an integer number of electrons"
            )
        mol.charge = int(mol.atom_charge(0)) - n_electrons
        matrix = sum(c * f @ c.T for c, f in zip(coefficients, occupations, strict=True))
        density = spherical_average(mol, np.asarray(matrix) * (n_electrons / charge))
        _require_core(density, int(mol.atom_charge(0)))
    except ComotionError as error:
        raise DensityError(f"{path}: {error}") from error
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
                f"orbitals of the shape {shape} for {n} functions: two- and four-component ones "
                "(GHF, Dirac-Hartree-Fock) are not averaged; give real ones of one component"
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
    if not path.is_file():
        raise DensityError(f"{path}: no such file")
    with h5py.File(path) as file:
        molecule = json.loads(file["mol"][()])
    # PySCF evaluates these as Python, which a file from elsewhere must not reach; the numbers
    # that are needed stand in other entries.
    mol = gto.loads(json.dumps(molecule | dict.fromkeys(("atom", "basis", "ecp", "pseudo"), "{}")))
    state = lib.chkfile.load(str(path), "scf")
    if state is None:
        raise DensityError(
            f"{path}: holds no orbitals of a mean field (no group scf); set chkfile of the mean "
            "field, or write natural orbitals to a Molden file"
        )
    return mol, *_by_spin(state["mo_coeff"], state["mo_occ"])


def _by_spin(coefficients: Any, occupations: Any) -> tuple[list[Array], list[Array]]:
    if np.ndim(occupations[0]) == 0:
        return [np.asarray(coefficients)], [np.asarray(occupations)]
    return [np.asarray(c) for c in coefficients], [np.asarray(o) for o in occupations]
