"""Densities from Molden files and PySCF checkpoints, and files that are refused."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from pyscf import gto, scf
from pyscf.tools import molden

from comotion.density.functionals import hartree
from comotion.electronic.averaging import spherical_average
from comotion.electronic.orbitals import read_orbitals
from comotion.errors import DensityError
from conftest import atom


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of neon, of the boron cation's neighbour Li, of a molecule and of nonsense."""
    folder = tmp_path_factory.mktemp("orbitals")
    for name, geometry, spin, charge in (
        ("Ne", "Ne", 0, 0), ("Na+", "Na 1 2 3", 0, 1), ("Li", "Li", 1, 0),
        ("LiH", "Li; H 1 3", 0, 0),
    ):  # fmt: skip
        mol = gto.M(atom=geometry, basis="cc-pVDZ", spin=spin, charge=charge, verbose=0)
        mean_field = scf.UHF(mol) if spin else scf.RHF(mol)
        mean_field.chkfile = str(folder / f"{name}.chk")
        mean_field.conv_tol, mean_field.conv_tol_grad = 1e-12, 1e-7
        mean_field.run()
        if name != "Li":
            molden.from_scf(mean_field, str(folder / f"{name}.molden"))
    (folder / "nonsense.molden").write_text("[Molden Format]\n[Atoms] AU\nwhatever\n")
    (folder / "nonsense.chk").write_bytes(b"\x89HDF nothing")
    text = (folder / "Ne.molden").read_text()
    (folder / "fractional.molden").write_text(
        text.replace("Occup=    2.00000", "Occup=    1.90000", 1)
    )
    return folder


@pytest.mark.parametrize("suffix", ["molden", "chk"])
def test_neon_of_both_kinds(folder: Path, suffix: str) -> None:
    density = read_orbitals(folder / f"Ne.{suffix}")
    own = atom("Ne", "hf_cc-pVDZ")[1]
    assert density.n_electrons == 10
    r = np.geomspace(1e-3, 8, 30)
    np.testing.assert_allclose(density.density(r), own.density(r), rtol=1e-5)
    assert hartree(density) == pytest.approx(hartree(own), abs=1e-6)


@pytest.mark.parametrize("suffix", ["molden", "chk"])
def test_cartesian_functions(tmp_path: Path, suffix: str) -> None:
    """The s in a Cartesian d is charge like any other."""
    mol = gto.M(atom="Ne", basis="cc-pVTZ", cart=True, verbose=0)
    mean_field = scf.RHF(mol)
    mean_field.chkfile = str(tmp_path / "Ne.chk")
    mean_field.run()
    molden.from_scf(mean_field, str(tmp_path / "Ne.molden"))
    density = read_orbitals(tmp_path / f"Ne.{suffix}")
    own = spherical_average(mol, mean_field.make_rdm1())
    r = np.geomspace(1e-3, 8, 30)
    np.testing.assert_allclose(density.density(r), own.density(r), rtol=1e-6)


def test_a_core_potential_is_refused(tmp_path: Path) -> None:
    mol = gto.M(atom="Ne", basis="lanl2dz", ecp="crenbl", verbose=0)
    mean_field = scf.RHF(mol)
    mean_field.chkfile = str(tmp_path / "Ne.chk")
    mean_field.run()
    with pytest.raises(DensityError, match="effective core potential"):
        read_orbitals(tmp_path / "Ne.chk")


def test_ions_off_the_origin_and_open_shells(folder: Path) -> None:
    assert read_orbitals(folder / "Na+.molden").n_electrons == 10
    assert read_orbitals(folder / "Li.chk").n_electrons == 3


def test_a_checkpoint_runs_no_program(folder: Path, tmp_path: Path) -> None:
    """PySCF would evaluate the geometry of a checkpoint as Python."""
    path, trap = tmp_path / "trap.chk", tmp_path / "trapped"
    program = f"__import__('pathlib').Path({str(trap)!r}).touch() or []"
    with h5py.File(folder / "Ne.chk") as file:
        molecule = json.loads(file["mol"][()])
        file.copy("scf", (copy := h5py.File(path, "w")))
    with copy:
        copy["mol"] = json.dumps(molecule | {"atom": program, "basis": program})
    assert read_orbitals(path).n_electrons == 10
    # The form of PySCF before 1.5: no JSON but Python itself.
    with h5py.File(path, "r+") as file:
        del file["mol"]
        file["mol"] = program
    with pytest.raises(DensityError, match="cannot be read as a PySCF file"):
        read_orbitals(path)
    assert not trap.exists()
    gto.loads(json.dumps(molecule | {"atom": program}))
    assert trap.exists(), "PySCF runs programs no more: read_orbitals can be simpler"


@pytest.mark.parametrize("name", ["mol", "scf/mo_coeff", "scf/mo_occ"])
def test_a_checkpoint_reaches_no_other_file(folder: Path, tmp_path: Path, name: str) -> None:
    """Neither by a link, as on the way through a group, nor by external storage."""
    source = folder / "Ne.chk"
    for way in ("link", "group", "storage"):
        path = tmp_path / f"{way}.chk"
        path.write_bytes(source.read_bytes())
        with h5py.File(path, "r+") as file:
            if way == "storage":
                del file[name]
                file.create_dataset(name, (10,), "f8", external=[(str(source), 0, 80)])
            else:
                place = name if way == "link" else name.partition("/")[0]
                del file[place]
                file[place] = h5py.ExternalLink(source, place)
        with pytest.raises(DensityError, match=r"leads elsewhere|virtual, external") as error:
            read_orbitals(path)
        assert path.name in str(error.value)


@pytest.mark.parametrize(
    ("key", "column", "value"),
    [("_bas", 1, 40), ("_bas", 2, 10**8), ("_bas", 3, 10**6), ("_bas", 5, -(10**7))],
)
def test_a_checkpoint_that_contradicts_itself(
    folder: Path, tmp_path: Path, key: str, column: int, value: int
) -> None:
    path = tmp_path / "Ne.chk"
    path.write_bytes((folder / "Ne.chk").read_bytes())
    with h5py.File(path, "r+") as file:
        molecule = json.loads(file["mol"][()])
        molecule[key][0][column] = value
        del file["mol"]
        file["mol"] = json.dumps(molecule)
    with pytest.raises(DensityError, match=r"Ne\.chk: cannot be read as a PySCF file"):
        read_orbitals(path)


def test_messages_tell_nothing_that_a_file_holds(tmp_path: Path) -> None:
    for suffix in ("molden", "chk"):
        path = tmp_path / f"theirs.{suffix}"
        path.write_text("[Molden Format]\n[Atoms] AU\nsecret 1 2 secret\n[secret]\n[GTO]\nsecret\n")
        with pytest.raises(DensityError, match="cannot be read as a") as error:
            read_orbitals(path)
        assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("LiH.molden", "holds 2 atoms"),
        ("LiH.chk", "holds 2 atoms"),
        ("nonsense.molden", "cannot be read as a Molden file"),
        ("nonsense.chk", "cannot be read as a PySCF file"),
        ("missing.chk", "No such file"),
        ("fractional.molden", "add up to 9.9"),
    ],
)
def test_refused(folder: Path, name: str, sentence: str) -> None:
    with pytest.raises(DensityError, match=sentence) as error:
        read_orbitals(folder / name)
    assert name in str(error.value)
