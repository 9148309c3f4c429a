"""Names of systems and levels."""

import re

import pytest

from comotion.errors import ConfigError
from comotion.systems import (
    ATOM_PATTERN,
    ELEMENTS,
    LEVEL_PATTERN,
    MODEL_PATTERN,
    MOST_ELECTRONS,
    SYSTEM_PATTERN,
    Atom,
    Level,
    Model,
    is_atom,
    is_model,
    parse_atom,
    parse_level,
    parse_model,
)


def test_elements() -> None:
    assert [ELEMENTS.index(s) for s in ("H", "Ne", "Ar", "Kr", "Xe", "Rn", "No", "Og")] == [
        1, 10, 18, 36, 54, 86, 102, 118,
    ]  # fmt: skip
    assert len(set(ELEMENTS)) == 119


@pytest.mark.parametrize(
    ("name", "atom"),
    [("Ne", Atom("Ne", 0)), ("H-", Atom("H", -1)), ("Be2+", Atom("Be", 2)), ("No", Atom("No", 0))],
)
def test_atoms(name: str, atom: Atom) -> None:
    assert parse_atom(name) == atom
    assert is_atom(name)
    assert re.fullmatch(SYSTEM_PATTERN, name)


@pytest.mark.parametrize("name", ["Xx", "ne", "He2+", "", "Ne++", "Be-2", "bohr-10"])
def test_no_atoms(name: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(repr(name))):
        parse_atom(name)


@pytest.mark.parametrize(
    ("name", "right"),
    [("He1+", "He+"), ("He0+", "He"), ("He0-", "He"), ("H1-", "H-"), ("Be02+", "Be2+"),
     ("He+0", "no such element")],
)  # fmt: skip
def test_an_atom_has_one_name(name: str, right: str) -> None:
    with pytest.raises(ConfigError, match=rf"'{re.escape(name)}': .*{re.escape(right)}"):
        parse_atom(name)
    assert not re.fullmatch(ATOM_PATTERN, name)


@pytest.mark.parametrize("name", ["bohr-02", "ball-0004", "sqrt_r-010"])
def test_a_model_has_one_name(name: str) -> None:
    kind, _, number = name.partition("-")
    with pytest.raises(ConfigError, match=f"write {kind}-{int(number)}, the one name of this mod"):
        parse_model(name)
    assert not re.fullmatch(MODEL_PATTERN, name)


def test_names_are_written_as_they_are_read() -> None:
    """Of every element with every charge, exactly the names that its pattern takes."""
    for symbol in ELEMENTS[1:]:
        for charge in range(-12, 13):
            atom = Atom(symbol, charge)
            assert re.fullmatch(ATOM_PATTERN, str(atom))
            if 1 <= atom.n_electrons <= MOST_ELECTRONS:
                assert parse_atom(str(atom)) == atom
    for number in range(1, MOST_ELECTRONS + 1):
        assert re.fullmatch(MODEL_PATTERN, str(Model("ball", number)))
        assert parse_model(f"ball-{number}") == Model("ball", number)


def test_models() -> None:
    assert parse_model("sqrt_r-18") == Model("sqrt_r", 18)
    assert is_model("ball-4")
    assert not is_model("cube-4")
    for name in ("sqrt_r", "sqrt_r-0", "cube-2", "bohr-x"):
        with pytest.raises(ConfigError, match="kind-N"):
            parse_model(name)


def test_levels() -> None:
    assert parse_level("ccsd_aug-cc-pCVTZ") == Level("ccsd", "aug-cc-pCVTZ")
    assert parse_level("hf_6-31G_st_") == Level("hf", "6-31G*")
    assert re.fullmatch(LEVEL_PATTERN, "hf_6-31G_st_")
    for name in ("ccsd", "mp2_cc-pVDZ", "cc-pVDZ", "hf_"):
        with pytest.raises(ConfigError, match="method_basis"):
            parse_level(name)


def test_triples_are_named_for_what_they_are() -> None:
    assert parse_level("ccsd-t_aug-cc-pCVTZ") == Level("ccsd-t", "aug-cc-pCVTZ")
    assert re.fullmatch(LEVEL_PATTERN, "ccsd-t_aug-cc-pCVTZ")
    with pytest.raises(
        ConfigError, match=r"write ccsd-t, CCSD\(T\); full triples are not available"
    ):
        parse_level("ccsdt_aug-cc-pCVTZ")


@pytest.mark.parametrize("name", ["ccsd-t_cc-pVDZ", "hf_6-31G_st_", "hylleraas_w8"])
def test_a_level_is_written_as_it_is_read(name: str) -> None:
    assert str(parse_level(name)) == name
