"""Names of systems and levels."""

import re

import pytest

from comotion.errors import ConfigError
from comotion.systems import (
    ELEMENTS,
    LEVEL_PATTERN,
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
