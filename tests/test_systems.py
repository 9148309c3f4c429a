"""Names of systems and levels."""

import re

import pytest
from pyscf.data.elements import ELEMENTS as PYSCF

from comotion.errors import ConfigError
from comotion.systems import (
    ATOM_PATTERN,
    BEST_PATTERN,
    ELEMENTS,
    LEVEL_PATTERN,
    MODEL_PATTERN,
    MOST_ELECTRONS,
    SYSTEM_PATTERN,
    TRANSPORT_PATTERN,
    Atom,
    Level,
    Model,
    check_level,
    electrons_in_words,
    is_atom,
    is_model,
    parse_atom,
    parse_level,
    parse_model,
    transport_order,
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


def test_levels_that_are_composed() -> None:
    assert parse_level("best") == Level("best", "")
    assert parse_level("best_5Z") == Level("best", "5Z")
    for name in ("best", "best_QZ", "best_5Z"):
        assert str(parse_level(name)) == name
        assert re.fullmatch(BEST_PATTERN, name)
        check_level(parse_atom("Ar"), parse_level(name))
        with pytest.raises(ConfigError, match=r"K .* best is for at most 18: take ccsd"):
            check_level(parse_atom("K"), parse_level(name))
        with pytest.raises(ConfigError, match=r"He with .* 1 electron; best is for at least 2: ta"):
            check_level(parse_atom("He+"), parse_level(name))
    for name in ("best_", "best_3Z", "best_TZ", "best_qz", "best_5Z_"):
        assert not re.fullmatch(BEST_PATTERN, name)
        with pytest.raises(ConfigError, match=r"write best, or one of best_QZ, best_5Z$"):
            parse_level(name)
    with pytest.raises(ConfigError, match=r"such as ccsd_aug-cc-pCVTZ, or best$"):
        parse_level("bset")


@pytest.mark.parametrize(
    ("system", "name", "order"),
    [("He", "ks-v2_x", 2), ("Be", "ks-v2_unc-UGBS+2d", 2), ("Be", "ks-comotion3_x", 3),
     ("Be", "ks-comotion_6-31G_st_", 4), ("Li", "ks-comotion_x", 3), ("Ne", "ks-comotion9_x", 9),
     ("Li", "ks-pair_x", 3), ("Ne", "ks-pair_unc-UGBS+2d", 10)],
)  # fmt: skip
def test_levels_of_transport_functionals(system: str, name: str, order: int) -> None:
    level = parse_level(name)
    assert level.is_transport
    assert str(level) == name
    assert re.fullmatch(LEVEL_PATTERN, name)
    assert re.fullmatch(TRANSPORT_PATTERN, name)
    assert transport_order(parse_atom(system), level) == order
    check_level(parse_atom(system), level)


@pytest.mark.parametrize(
    ("system", "name", "sentence"),
    [("H", "ks-v2_x", "H has 1 electron, which repel nothing: level ks-v2_x is for at least 2; ta"),
     ("He+", "ks-comotion_x", "1 electron, which repel nothing"),
     ("H", "ks-pair_x", "1 electron, which repel nothing"),
     ("He", "ks-pair_x", "He has 2 electrons; write ks-v2_x, the one name of this level"),
     ("Be", "ks-comotion4_x", "Be has 4 electrons; write ks-comotion_x, the one name of this le"),
     ("Be", "ks-comotion5_x", "the order of ks-comotion5 is from 3 to 3: take ks-comotion for N"),
     ("Be", "ks-comotion1_x", "the order of ks-comotion1 is from 3 to 3")],
)  # fmt: skip
def test_orders_that_there_are_not(system: str, name: str, sentence: str) -> None:
    """Each functional has one name, by the number of electrons."""
    atom, level = parse_atom(system), parse_level(name)
    for check in (transport_order, check_level):
        with pytest.raises(ConfigError, match=re.escape(sentence)):
            check(atom, level)


@pytest.mark.parametrize(
    "name",
    [
        "ks-pair",
        "ks-pair3_x",
        "ks-v2",
        "ks-v2_",
        "ks-v3_x",
        "ks-comotion0_x",
        "ks-comotion03_x",
        "ks_x",
        "ks-_x",
    ],
)
def test_no_functionals(name: str) -> None:
    with pytest.raises(
        ConfigError, match=r"method_basis with .*, ks-v2, ks-comotion, ks-pair, such"
    ):
        parse_level(name)


def test_other_levels_are_no_functionals() -> None:
    for name in ("hf_x", "ccsd-t_x", "hylleraas_w3", "best", "best_5Z"):
        assert not parse_level(name).is_transport
        assert not re.fullmatch(TRANSPORT_PATTERN, name)


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


def test_charges_and_electrons_of_an_atom() -> None:
    assert (Atom("Be", 2).nuclear_charge, Atom("Be", 2).n_electrons) == (4, 2)
    assert (Atom("H", -1).nuclear_charge, Atom("H", -1).n_electrons) == (1, 2)
    for charge, name in ((0, "Be"), (1, "Be+"), (-1, "Be-"), (2, "Be2+"), (-3, "Be3-")):
        assert str(Atom("Be", charge)) == name


@pytest.mark.parametrize("number", ["1", "120"])
def test_models_hold_up_to_as_many_electrons_as_the_kernel(number: str) -> None:
    assert parse_model(f"bohr-{number}") == Model("bohr", int(number))


@pytest.mark.parametrize("name", ["bohr-0", "bohr-121", "bohr-9999", "bohr-12345", "bohr-1.5"])
def test_models_of_no_or_too_many_electrons(name: str) -> None:
    with pytest.raises(ConfigError, match=r"N = 1 to 120 electrons, a whole number, and one of"):
        parse_model(name)


def test_an_atom_has_one_electron_at_least_and_no_more_than_the_kernel_holds() -> None:
    assert MOST_ELECTRONS == 120
    assert parse_atom("H").n_electrons == 1
    assert parse_atom("Og2-").n_electrons == 120
    for name, sentence in (
        ("H+", "the charge leaves no electron"),
        ("Be4+", "the charge leaves no electron"),
        ("Og3-", "more than 120 electrons; charge it less"),
        ("Xx", "no such element; write a symbol with an optional charge, such as Ne, H- or Be2+"),
    ):
        with pytest.raises(ConfigError) as error:
            parse_atom(name)
        assert str(error.value) == f"system {name!r}: {sentence}"


def test_what_has_the_form_of_a_name() -> None:
    """Without regard to whether there is such a system."""
    for name, atom, model in (
        ("H", True, False), ("He2+", True, False), ("Og99-", True, False), ("Xx", False, False),
        ("Be1234+", False, False), ("ball-9999", False, True), ("ball-", False, False),
        ("ball-12345", False, False), ("exponential-2", False, True), ("mine", False, False),
    ):  # fmt: skip
        assert (is_atom(name), is_model(name)) == (atom, model)


def test_models_have_these_kinds() -> None:
    for kind in ("bohr", "sqrt_r", "exponential", "gaussian", "ball"):
        assert parse_model(f"{kind}-2") == Model(kind, 2)


@pytest.mark.parametrize(
    ("method", "most"), [("hf", 120), ("uhf", 120), ("ccsd", 120), ("ccsd-t", 120), ("fci", 5),
                         ("cisd", 2)],
)  # fmt: skip
def test_methods_for_few_electrons(method: str, most: int) -> None:
    level = Level(method, "cc-pVDZ")
    check_level(Atom("Og", 118 - most), level)
    if most < 120:
        with pytest.raises(ConfigError) as error:
            check_level(Atom("Og", 117 - most), level)
        assert str(error.value) == (
            f"Og with charge +{117 - most} has {most + 1} electrons; {method} is for at most "
            f"{most}: take ccsd or ccsd-t"
        )
    check_level(Atom("H", 0), level)


def test_hylleraas_is_for_two_electrons_and_no_fewer() -> None:
    level = Level("hylleraas", "w8")
    for atom in (Atom("H", -1), Atom("He", 0), Atom("Ne", 8)):
        check_level(atom, level)
    for atom, electrons in ((Atom("He", 1), "1 electron"), (Atom("Li", 0), "3 electrons")):
        with pytest.raises(
            ConfigError, match=f"has {electrons}; hylleraas is for exactly 2: take ccsd"
        ):
            check_level(atom, level)


@pytest.mark.parametrize("order", ["w0", "w8", "w10"])
def test_orders_of_hylleraas(order: str) -> None:
    assert parse_level(f"hylleraas_{order}") == Level("hylleraas", order)


@pytest.mark.parametrize("order", ["w08", "w", "8", "w8x", "cc-pVDZ", "w00"])
def test_no_orders_of_hylleraas(order: str) -> None:
    with pytest.raises(ConfigError, match="names its order, the highest total degree, such as"):
        parse_level(f"hylleraas_{order}")


def test_signs_that_no_path_holds_are_written_out() -> None:
    level = Level("hf", "6-311G**/x")
    assert str(level) == "hf_6-311G_st__st__sl_x"
    assert parse_level(str(level)) == level
    for name in ("hf_6-31G*", "hf_a/b", "hf_a b", "hf_"):
        with pytest.raises(ConfigError):
            parse_level(name)
    with pytest.raises(ConfigError, match="no path can hold it"):
        parse_level("hf_6-31G*")


def test_electrons_in_words() -> None:
    assert [electrons_in_words(n) for n in (0, 1, 2)] == [
        "0 electrons",
        "1 electron",
        "2 electrons",
    ]


@pytest.mark.parametrize(
    ("name", "fits"),
    [("Ne", True), ("bohr-10", True), ("mine_2", True), ("H-", True), ("Be2+", True),
     ("2mine", False), ("a.b", False), ("a-b", False), ("a/b", False), ("", False)],
)  # fmt: skip
def test_what_a_system_looks_like_in_a_path(name: str, fits: bool) -> None:
    assert (re.fullmatch(SYSTEM_PATTERN, name) is not None) == fits


@pytest.mark.parametrize(
    ("name", "fits"),
    [("exact", True), ("table", True), ("ccsd-t_aug-cc-pCVTZ", True), ("hf_6-31G(d,p)", True),
     ("Hf_x", False), ("hf_", False), ("hf_a/b", False), ("-hf", False), ("hf--t", False)],
)  # fmt: skip
def test_what_a_level_looks_like_in_a_path(name: str, fits: bool) -> None:
    assert (re.fullmatch(LEVEL_PATTERN, name) is not None) == fits


def test_elements_stand_at_their_atomic_numbers() -> None:
    """As the library that solves the atoms counts them."""
    assert list(ELEMENTS[1:]) == [str(symbol) for symbol in PYSCF[1:119]]


@pytest.mark.parametrize(
    ("atom", "level", "sentence"),
    [
        ("Li", "ks-comotion3_x", "Li has 3 electrons; write ks-comotion_x, the one name of this"),
        ("He", "ks-comotion2_6-31G_st_", "He has 2 electrons; write ks-v2_6-31G_st_, the one name"),
        ("Be", "ks-comotion7_x", ("Be has 4 electrons; the order of ks-comotion7 is from 3 to 3: "
         "take ks-comotion for N, ks-v2 for 2")),
        ("Li", "ks-comotion4_x", ("Li has 3 electrons; no order lies between 2 and N: take "
         "ks-comotion for N, ks-v2 for 2")),
        ("He", "ks-comotion3_x", "He has 2 electrons; no order lies between 2 and N: take ks-v2 f"),
        ("Ne", "ks-comotion1_x", "Ne has 10 electrons; the order of ks-comotion1 is from 3 to 9: "),
        ("H", "ks-v2_x", ("H has 1 electron, which repel nothing: level ks-v2_x is for at least 2; "
         "take hf")),
    ],
)  # fmt: skip
def test_orders_that_have_another_name_or_none(atom: str, level: str, sentence: str) -> None:
    for check in (transport_order, check_level):
        with pytest.raises(ConfigError) as error:
            check(parse_atom(atom), parse_level(level))
        assert str(error.value).startswith(sentence)
