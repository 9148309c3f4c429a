"""Files of orbitals: each tolerance just inside and just outside, and both spins."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pyscf import gto, scf

from comotion.density.functionals import hartree
from comotion.electronic.averaging import spherical_average
from comotion.electronic.orbitals import (
    _averaged,
    _require_basis,
    _require_core,
    read_orbitals,
)
from comotion.errors import ComotionError, DensityError, FormatError


def _neon() -> tuple[gto.Mole, np.ndarray, np.ndarray]:
    mol = gto.M(atom="Ne", basis="6-31G", verbose=0)
    mean_field = scf.RHF(mol).run(conv_tol=1e-12)
    return mol, np.array(mean_field.mo_coeff), np.array(mean_field.mo_occ)


@pytest.fixture(name="neon")
def neon_() -> tuple[gto.Mole, np.ndarray, np.ndarray]:
    """Molecule, orbitals and occupations, which tests may change."""
    return _neon()


def _with(occupations: np.ndarray, **changes: float) -> np.ndarray:
    """Occupations with some added to the last occupied and the first empty orbital."""
    changed = np.array(occupations)
    changed[4] += changes.get("last", 0.0)
    changed[5] += changes.get("empty", 0.0)
    return changed


@pytest.mark.parametrize("sign", [-1, 1])
def test_occupations_add_up_within_a_millionth(neon: Any, sign: int) -> None:
    mol, orbitals, occupations = neon
    density = _averaged(mol, [orbitals], [_with(occupations, last=sign * 0.99e-6)], 0.0)
    assert density.n_electrons == 10
    assert float(density.cumulant(np.inf)) == pytest.approx(10, abs=1e-10)
    with pytest.raises(DensityError, match=r"(10\.00000101|9\.99999899), not to an integer"):
        _averaged(mol, [orbitals], [_with(occupations, last=sign * 1.01e-6)], 0.0)


def test_each_printed_occupation_may_be_rounded(neon: Any) -> None:
    """Five decimals of each of five: 2.5e-5 more than the millionth."""
    mol, orbitals, occupations = neon
    allowed = 1e-6 + 5 * 5e-6
    _averaged(mol, [orbitals], [_with(occupations, last=0.99 * allowed)], 5e-6)
    with pytest.raises(DensityError, match="not to an integer number of electrons; mend"):
        _averaged(mol, [orbitals], [_with(occupations, last=1.01 * allowed)], 5e-6)


def test_occupations_leave_their_range_by_a_thousandth(neon: Any) -> None:
    mol, orbitals, occupations = neon
    for change, right in ((0.99e-3, True), (1.01e-3, False)):
        for sign in (-1, 1):
            # More than two in one orbital, or less than none in another.
            changed = _with(occupations, last=change, empty=-change)
            if sign < 0:
                changed = _with(occupations, last=-change, empty=change)
                changed[0] += change
                changed[5] -= change
            if right:
                assert _averaged(mol, [orbitals], [changed], 0.0).n_electrons == 10
            else:
                with pytest.raises(DensityError, match="an orbital holds 0 to 2 electrons"):
                    _averaged(mol, [orbitals], [changed], 0.0)


def test_an_orbital_of_one_spin_holds_one_electron(neon: Any) -> None:
    mol, orbitals, occupations = neon
    half = occupations / 2
    both = [orbitals, orbitals]
    assert _averaged(mol, both, [half, half], 0.0).n_electrons == 10
    right = [_with(half, last=0.99e-3), _with(half, last=-0.99e-3)]
    assert _averaged(mol, both, right, 0.0).n_electrons == 10
    with pytest.raises(DensityError, match=r"to 1\.00101: an orbital holds 0 to 1 electrons"):
        _averaged(mol, both, [_with(half, last=1.01e-3), _with(half, last=-1.01e-3)], 0.0)


@pytest.mark.parametrize("sign", [-1, 1])
def test_orbitals_are_orthonormal_within_1e_8(neon: Any, sign: int) -> None:
    mol, orbitals, occupations = neon
    for error, right in ((0.98e-8, True), (1.02e-8, False)):
        changed = np.array(orbitals)
        # The charge does not change by this, and empty orbitals do not matter.
        changed[:, 0] += sign * error * orbitals[:, 1]
        changed[:, -1] *= 3
        if right:
            assert _averaged(mol, [changed], [occupations], 0.0).n_electrons == 10
        else:
            with pytest.raises(DensityError, match=r"not orthonormal, by 1\.0e-08"):
                _averaged(mol, [changed], [occupations], 0.0)


def test_overlapping_orbitals_are_not_orthonormal(neon: Any) -> None:
    mol, orbitals, occupations = neon
    orbitals[:, 0] += 1e-7 * orbitals[:, 1]
    with pytest.raises(DensityError, match=r"not orthonormal, by 1\.0e-07"):
        _averaged(mol, [orbitals], [occupations], 0.0)


@pytest.mark.parametrize("change", [np.inf, np.nan, 1j])
def test_orbitals_that_are_no_numbers(neon: Any, change: complex) -> None:
    mol, orbitals, occupations = neon
    changed = orbitals.astype(type(change))
    changed[0, 0] = change
    with pytest.raises(DensityError, match="complex or no numbers; give real ones"):
        _averaged(mol, [changed], [occupations], 0.0)


def test_no_electrons_are_no_density(neon: Any) -> None:
    mol, orbitals, occupations = neon
    with pytest.raises(DensityError, match=r"add up to 0\.00000000, not to an integer"):
        _averaged(mol, [orbitals], [0 * occupations], 0.0)
    with pytest.raises(DensityError, match=r"orbitals of the shape \(9,\) do not fit the 9"):
        _averaged(mol, [orbitals[:, 0]], [occupations[:1]], 0.0)


class _Inside:
    """A density with some electrons within some radius."""

    def __init__(self, n_electrons: int, inside: float) -> None:
        self.n_electrons, self.inside = n_electrons, inside
        self.asked = 0.0

    def cumulant(self, r: float) -> float:
        self.asked = r
        return self.inside


@pytest.mark.parametrize(("electrons", "least"), [(1, 0.25), (2, 0.5), (10, 0.5)])
def test_a_quarter_of_the_innermost_pair_is_within_its_shell(electrons: int, least: float) -> None:
    right: Any = _Inside(electrons, least + 1e-9)
    _require_core(right, 6)
    assert right.asked == 0.5
    wrong: Any = _Inside(electrons, least - 1e-9)
    with pytest.raises(DensityError, match=r"are within 0\.5 bohr of a nucleus of charge 6"):
        _require_core(wrong, 6)


def test_open_shells_of_both_kinds_are_their_spin_summed_density(tmp_path: Path) -> None:
    for name, kind in (("uhf", scf.UHF), ("rohf", scf.ROHF)):
        mol = gto.M(atom="B", basis="6-31G", spin=1, verbose=0)
        mean_field = kind(mol)
        mean_field.chkfile = str(tmp_path / f"{name}.chk")
        mean_field.run(conv_tol=1e-12)
        density = read_orbitals(str(tmp_path / f"{name}.chk"))
        own = spherical_average(mol, np.sum(mean_field.make_rdm1(), axis=0))
        r = np.geomspace(1e-3, 8, 12)
        np.testing.assert_allclose(density(r), own(r), rtol=1e-10)
        assert hartree(density) == pytest.approx(hartree(own), rel=1e-10)
        assert density.n_electrons == 5


def test_a_file_is_named_once(tmp_path: Path) -> None:
    path = tmp_path / "none.molden"
    with pytest.raises(DensityError, match=r"cannot be read: .*; give a Molden file or"):
        read_orbitals(path)
    path.mkdir()
    with pytest.raises(ComotionError, match=r"none\.molden: cannot be read"):
        read_orbitals(path)


def _shells(**columns: int) -> Any:
    """A checkpoint's molecule of one atom and two shells, in the second of which are some values.

    Two primitives and one contraction: exponents at 20 and coefficients at 22 of 24 numbers.
    """
    good = {"ATOM_OF": 0, "ANG_OF": 1, "NPRIM_OF": 2, "NCTR_OF": 1, "PTR_EXP": 20, "PTR_COEFF": 22}
    basis = np.zeros((2, 8), dtype=int)
    for row, values in enumerate((good, good | columns)):
        for name, value in values.items():
            if name in good:
                basis[row, getattr(gto, name)] = value
    atoms = np.zeros((1, 6), dtype=int)
    atoms[0, gto.PTR_COORD] = columns.get("PTR_COORD", 20)
    return SimpleNamespace(
        _bas=basis, _env=np.zeros(24), _atm=atoms, natm=columns.get("natm", 1), nbas=2
    )


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("ATOM_OF", 0, 1), ("ATOM_OF", 0, -1), ("ANG_OF", 0, -1), ("ANG_OF", 12, 13),
        ("NPRIM_OF", 1, 0), ("NPRIM_OF", 2, 3), ("NCTR_OF", 1, 0), ("NCTR_OF", 1, 2),
        ("PTR_EXP", 0, -1), ("PTR_EXP", 22, 23), ("PTR_COEFF", 0, -1), ("PTR_COEFF", 22, 23),
    ],
)  # fmt: skip
def test_shells_take_their_numbers_from_where_there_are_some(
    name: str, inside: int, outside: int
) -> None:
    _require_basis(_shells(**{name: inside}))
    with pytest.raises(FormatError, match="shell 2 of its basis has no exponents or coeff"):
        _require_basis(_shells(**{name: outside}))


@pytest.mark.parametrize(("inside", "outside"), [(0, -1), (21, 22)])
def test_the_atom_is_where_there_are_three_numbers(inside: int, outside: int) -> None:
    _require_basis(_shells(PTR_COORD=inside))
    with pytest.raises(FormatError, match="its atom has no place"):
        _require_basis(_shells(PTR_COORD=outside))


def test_of_several_atoms_another_check_tells() -> None:
    _require_basis(_shells(natm=2, ATOM_OF=1, PTR_COORD=-5))
