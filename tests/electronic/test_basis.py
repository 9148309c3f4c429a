"""Basis sets by name."""

from pathlib import Path

import pytest

from comotion.electronic.basis import exponents, functions, load_basis
from comotion.errors import ElectronicStructureError


def test_plain_and_uncontracted() -> None:
    assert functions(load_basis("aug-cc-pVTZ", "He")) == 23
    assert functions(load_basis("unc-aug-cc-pV5Z", "He")) == 83
    assert functions(load_basis("unc-UGBS", "Ne")) == 71


def test_hybrid_takes_low_momenta_from_the_first() -> None:
    hybrid = load_basis("hyb-1-UGBS+aug-cc-pCVQZ", "Ne")
    assert functions(hybrid) == 147
    assert exponents(hybrid)[1] == exponents(load_basis("UGBS", "Ne"))[1]
    assert exponents(hybrid)[2] == exponents(load_basis("aug-cc-pCVQZ", "Ne"))[2]


def test_diffuse_functions_continue_the_series() -> None:
    plain, more = (exponents(load_basis(f"unc-UGBS{end}", "Ar")) for end in ("", "+2d"))
    for angular, values in plain.items():
        assert more[angular][:-2] == values
        ratio = values[-2] / values[-1]
        assert more[angular][-2:] == pytest.approx([values[-1] / ratio, values[-1] / ratio**2])
    assert functions(load_basis("unc-UGBS+1d", "Ar")) == 87


def test_pople_plus_is_no_diffuse_suffix() -> None:
    assert functions(load_basis("6-31+G", "Ne")) == 13


@pytest.mark.parametrize("name", ["nonsense", "unc-nonsense", "hyb-1-UGBS+nonsense", "x+1d"])
def test_unknown(name: str) -> None:
    with pytest.raises(ElectronicStructureError, match="unknown or lacks the element Ne"):
        load_basis(name, "Ne")


def test_a_file_in_the_working_directory_is_no_basis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PySCF would read it instead of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cc-pVDZ").write_text("He S\n 1.0 1.0\nEND\n")
    for name in ("cc-pVDZ", "unc-cc-pVDZ", "cc-pVDZ+1d"):
        with pytest.raises(ElectronicStructureError, match="a file of this name is in the working"):
            load_basis(name, "He")
