"""Densities from Molden files and PySCF checkpoints, and files that are refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyscf import gto, mcscf, scf
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


def test_a_core_that_a_molden_file_does_not_tell_of_is_missed(tmp_path: Path) -> None:
    """Krypton's 8 valence electrons would be an ion of charge 28, with nothing near its nucleus."""
    mol = gto.M(atom="Kr", basis="lanl2dz", ecp="lanl2dz", verbose=0)
    path = tmp_path / "Kr.molden"
    molden.from_scf(scf.RHF(mol).run(), str(path))
    with pytest.raises(DensityError, match=r"Kr.molden: only .* of 8 electrons are within 0\.0833"):
        read_orbitals(path)


@pytest.mark.parametrize(("symbol", "charge"), [("H", -1), ("He", 0), ("F", -1), ("Ne", 8)])
def test_a_core_is_there_in_all_electron_orbitals(tmp_path: Path, symbol: str, charge: int) -> None:
    mol = gto.M(atom=symbol, basis="aug-cc-pVDZ", charge=charge, verbose=0)
    mean_field = scf.RHF(mol)
    mean_field.chkfile = str(tmp_path / "atom.chk")
    mean_field.run()
    assert read_orbitals(tmp_path / "atom.chk").n_electrons == mol.nelectron


def test_natural_orbitals_whose_occupations_are_rounded(tmp_path: Path) -> None:
    """Five decimals of each add up to 3.99999 here."""
    beryllium = scf.RHF(gto.M(atom="Be", basis="6-31G", verbose=0)).run()
    space = mcscf.CASSCF(beryllium, 4, 2).run()
    path = tmp_path / "Be.molden"
    molden.from_mcscf(space, str(path), cas_natorb=True)
    density = read_orbitals(path)
    matrix = np.sum(space.make_rdm1s(), axis=0)
    own = spherical_average(beryllium.mol, matrix)
    r = np.geomspace(1e-3, 8, 30)
    np.testing.assert_allclose(density.density(r), own.density(r), rtol=1e-4)


def _changed(path: Path, **entries: Any) -> None:
    """Other values of entries of a checkpoint's mean field."""
    with h5py.File(path, "r+") as file:
        for name, value in entries.items():
            del file[f"scf/{name}"]
            file[f"scf/{name}"] = value


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        (lambda c, f: {"mo_coeff": c * 1j, "mo_occ": f}, "no real numbers"),
        (lambda c, f: {"mo_coeff": c * np.nan, "mo_occ": f}, "complex or no numbers"),
        (lambda c, f: {"mo_coeff": np.vstack([c, c]), "mo_occ": f}, r"\(28, 14\) do not fit"),
        (lambda c, f: {"mo_coeff": c * 1.001, "mo_occ": f}, "not orthonormal, by 2.0e-03"),
        (lambda c, f: {"mo_coeff": c, "mo_occ": f + np.eye(len(f))[0] - np.eye(len(f))[9]},
         "occupations from -1 to 3: an orbital holds 0 to 2"),
    ],
)  # fmt: skip
def test_orbitals_that_are_none_of_the_file(
    folder: Path, tmp_path: Path, entries: Callable[[Any, Any], dict[str, Any]], sentence: str
) -> None:
    path = tmp_path / "Ne.chk"
    path.write_bytes((folder / "Ne.chk").read_bytes())
    with h5py.File(path) as file:
        held = file["scf/mo_coeff"][()], file["scf/mo_occ"][()]
    _changed(path, **entries(*held))
    with pytest.raises(DensityError, match=f"Ne.chk: .*{sentence}"):
        read_orbitals(path)


def test_a_checkpoint_without_a_mean_field(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "Ne.chk"
    path.write_bytes((folder / "Ne.chk").read_bytes())
    with h5py.File(path, "r+") as file:
        del file["scf"]
    with pytest.raises(DensityError, match=r"Ne.chk: holds no orbitals of a mean field"):
        read_orbitals(path)


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
    with pytest.raises(
        DensityError,
        match=r"Ne\.chk: (cannot be read as a PySCF|.*do not fit)",
    ):
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
        ("LiH.molden", r"of 2 atoms \(Li1, H2\)"),
        ("LiH.chk", r"of 2 atoms \(Li, H\)"),
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


def _density_or_sentence(path: Path, content: bytes) -> None:
    """A damaged file either holds ten electrons after all or is refused in a sentence."""
    path.write_bytes(content)
    try:
        density = read_orbitals(path)
    except DensityError as error:
        said = str(error)
    else:
        assert np.sum(density.quadrature().weights) == pytest.approx(density.n_electrons, abs=1e-6)
        return
    assert said.startswith(f"{path}: ")
    assert "\n" not in said


_PLACES = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=_PLACES, suffix=st.sampled_from(["molden", "chk"]))
def test_changed_bytes(folder: Path, changes: list[tuple[float, int]], suffix: str) -> None:
    content = bytearray((folder / f"Ne.{suffix}").read_bytes())
    for share, byte in changes:
        content[int(share * len(content))] = byte
    _density_or_sentence(folder / f"changed.{suffix}", bytes(content))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    line=st.floats(0, 1, exclude_max=True),
    with_line=st.floats(0, 1, exclude_max=True),
    how=st.sampled_from(["drop", "twice", "cut", "empty", "exchange", "nan"]),
)
def test_changed_lines(folder: Path, line: float, with_line: float, how: str) -> None:
    lines = (folder / "Ne.molden").read_text().splitlines()
    i, j = int(line * len(lines)), int(with_line * len(lines))
    if how == "exchange":
        lines[i], lines[j] = lines[j], lines[i]
    else:
        lines[i:] = {
            "drop": lines[i + 1 :], "twice": [lines[j], *lines[i:]], "cut": [],
            "empty": ["", *lines[i + 1 :]], "nan": ["nan nan nan", *lines[i + 1 :]],
        }[how]  # fmt: skip
    _density_or_sentence(folder / "changed.molden", "\n".join(lines).encode())


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    key=st.sampled_from(["_atm", "_bas", "_env"]),
    row=st.floats(0, 1, exclude_max=True),
    column=st.integers(0, 7),
    value=st.one_of(st.integers(-(10**9), 10**9), st.integers(-2, 60)),
)
def test_changed_numbers_of_the_basis(
    folder: Path, key: str, row: float, column: int, value: int
) -> None:
    """PySCF's compiled integrals follow pointers: a wrong one must not reach them."""
    path = folder / "pointers.chk"
    path.write_bytes((folder / "Ne.chk").read_bytes())
    with h5py.File(path, "r+") as file:
        molecule = json.loads(file["mol"][()])
        numbers = molecule[key]
        at = int(row * len(numbers))
        if key == "_env":
            numbers[at] = float(value)
        else:
            numbers[at][column % len(numbers[at])] = value
        del file["mol"]
        file["mol"] = json.dumps(molecule)
    _density_or_sentence(path, path.read_bytes())
