"""Basis sets by name."""

from pathlib import Path

import pytest

from comotion.electronic.basis import (
    exponents,
    functions,
    load_basis,
    uncontracted,
    with_diffuse,
)
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


def test_exponents_are_distinct_and_ascend_in_l() -> None:
    shells = [[1, [0.5, 1.0]], [0, [1.0, 0.3], [9.0, 0.7]], [0, [9.0, 1.0]], [1, [2.0, 1.0]]]
    assert exponents(shells) == {0: [9.0, 1.0], 1: [2.0, 0.5]}
    assert list(exponents(shells)) == [0, 1]
    assert uncontracted(shells) == [
        [0, [9.0, 1.0]], [0, [1.0, 1.0]], [1, [2.0, 1.0]], [1, [0.5, 1.0]]
    ]  # fmt: skip


def test_shells_with_the_quantum_number_kappa() -> None:
    shells = [[1, 0, [2.0, 1.0, 0.5], [0.5, 0.1, 0.2]]]
    assert exponents(shells) == {1: [2.0, 0.5]}
    assert functions(shells) == 6


def test_functions_up_to_an_angular_momentum() -> None:
    shells = [[0, [9.0, 0.7, 0.1], [1.0, 0.3, 0.2]], [1, [2.0, 1.0]], [2, [1.0, 1.0]]]
    assert functions(shells) == 2 + 3 + 5
    assert functions(shells, highest=1) == 2 + 3
    assert functions(shells, highest=0) == 2


def test_a_lone_exponent_continues_by_a_factor() -> None:
    more = with_diffuse([[0, [8.0, 1.0]], [0, [2.0, 1.0]], [1, [5.0, 1.0]]], 2)
    assert more[3:] == [
        [0, [0.5, 1.0]], [0, [0.125, 1.0]], [1, [2.0, 1.0]], [1, [pytest.approx(0.8), 1.0]]
    ]  # fmt: skip
    assert with_diffuse([[0, [8.0, 1.0]]], 1) == [[0, [8.0, 1.0]], [0, [3.2, 1.0]]]


@pytest.mark.parametrize("digit", [1, 9])
def test_names_with_one_digit_of_diffuse_functions(digit: int) -> None:
    plain = load_basis("unc-6-31G", "He")
    assert load_basis(f"unc-6-31G+{digit}d", "He")[: len(plain)] == plain
    assert functions(load_basis(f"unc-6-31G+{digit}d", "He")) == functions(plain) + digit


def test_hybrids_of_any_momentum() -> None:
    low, high = load_basis("unc-UGBS", "Ne"), load_basis("cc-pVTZ", "Ne")
    for highest in (0, 1):
        hybrid = load_basis(f"hyb-{highest}-UGBS+cc-pVTZ", "Ne")
        assert [shell for shell in hybrid if shell[0] <= highest] == [
            shell for shell in low if shell[0] <= highest
        ]
        assert [shell for shell in hybrid if shell[0] > highest] == [
            shell for shell in high if shell[0] > highest
        ]


def test_a_momentum_that_the_first_lacks_has_exponents_of_its_s_functions() -> None:
    """All but the steepest; beryllium in UGBS has s functions only, neon has p, too."""
    of_s = exponents(load_basis("UGBS", "Be"))[0]
    hybrid = exponents(load_basis("hyb-2-UGBS+aug-cc-pCVTZ", "Be"))
    assert hybrid[0] == of_s
    assert hybrid[1] == hybrid[2] == [value for value in of_s if 500 * value < of_s[0]]
    assert 10 < len(hybrid[1]) < len(of_s)
    assert hybrid[3] == exponents(load_basis("aug-cc-pCVTZ", "Be"))[3]
    neon = exponents(load_basis("hyb-2-UGBS+cc-pVTZ", "Ne"))
    assert neon[1] == exponents(load_basis("UGBS", "Ne"))[1]
    assert neon[2] == [value for value in neon[0] if 500 * value < neon[0][0]]


def test_the_first_of_a_hybrid_may_have_diffuse_functions_of_its_own() -> None:
    hybrid = exponents(load_basis("hyb-1-UGBS+2d+aug-cc-pCVTZ", "Ne"))
    for angular, values in exponents(load_basis("UGBS+2d", "Ne")).items():
        assert hybrid[angular] == values
    assert hybrid[2] == exponents(load_basis("aug-cc-pCVTZ", "Ne"))[2]
    # At the end of the name they are those of the whole.
    whole = exponents(load_basis("hyb-1-UGBS+aug-cc-pCVTZ+2d", "Ne"))
    assert [len(values) for values in whole.values()] == [len(hybrid[0]), len(hybrid[1]), 6, 4]
