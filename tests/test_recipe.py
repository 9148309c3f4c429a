"""Which levels a best density is composed of, with which weights, and what its error bar is."""

import numpy as np
import pytest

from comotion.electronic.mean_field import reference_of
from comotion.electronic.terms import ground_state
from comotion.errors import ComparisonError, ConfigError, ElectronicStructureError
from comotion.recipe import Estimate, Recipe, estimate_of, recipe
from comotion.systems import ELEMENTS, Atom, check_level, parse_atom, parse_level

_H = "hyb-1-UGBS+1d+aug-cc-pCV"
_ALL = [*ELEMENTS[3:19], "He", "H-", "Be2+", "F-", "Ar8+"]


def _part(level: str) -> tuple[str, int]:
    """Method and cardinal number of a level."""
    method, _, basis = level.partition("_")
    return method, "DTQ5".index(basis[-2]) + 2


@pytest.mark.parametrize("system", _ALL)
def test_weights_add_up_and_levels_can_be_computed(system: str) -> None:
    core_5z = parse_atom(system).nuclear_charge not in (3, 4)
    for level in ("best", "best_QZ", *(["best_5Z"] if core_5z else [])):
        parts = recipe(system, level)
        for weights in parts.sums:
            assert sum(weights.values()) == pytest.approx(1, abs=1e-14)
            assert all(weight != 0 for weight in weights.values())
        assert set(parts.levels) == {name for weights in parts.sums for name in weights}
        assert len(set(parts.levels)) == len(parts.levels)
        for name in parts.levels:
            check_level(parse_atom(system), parse_level(name))


def _limit(values: dict[int, float]) -> float:
    """The constant of a + b / n^3 through two values."""
    rows = [[1, 1 / n**3] for n in values]
    return float(np.linalg.solve(rows, list(values.values()))[0])


@pytest.mark.parametrize(
    ("system", "level", "largest", "triples"),
    [
        ("Li", "best", 4, 3), ("Be", "best", 4, 4), ("O", "best", 4, 3), ("O", "best_5Z", 5, 3),
        ("Ne", "best", 5, 3), ("Na+", "best", 4, 3), ("Ne", "best_QZ", 4, 3),
        ("Mg", "best", 4, 0), ("Ar", "best_5Z", 5, 0), ("He", "best_5Z", 5, None),
        ("H-", "best_QZ", 4, None),
    ],
)  # fmt: skip
def test_every_part_is_extrapolated_on_its_own(
    system: str, level: str, largest: int, triples: int | None
) -> None:
    """Random numbers at every level; the sums are made again from their definition."""
    parts = recipe(system, level)
    rng = np.random.default_rng(5)
    values = {name: float(rng.normal()) for name in parts.levels}
    by_part = {_part(name): value for name, value in values.items() if "hyb" in name}
    (reference,) = {method for method, _ in by_part} & {"hf", "uhf"}

    full = parse_atom(system).n_electrons <= 5 and triples is not None

    def of_triples(n: int, *, limit: bool) -> float:
        if triples == 0:
            basis = "aug-cc-pCVTZ" if limit else "aug-cc-pCVDZ"
            return values[f"ccsd-t_{basis}"] - values[f"ccsd_{basis}"]
        assert triples is not None
        m = min(n, triples)
        changes = {k: by_part["ccsd-t", k] - by_part["ccsd", k] for k in (m - 1, m)}
        return _limit(changes) if limit else changes[m]

    def total(n: int, corrections: int = 2, *, limit: bool = True, plain: bool = False) -> float:
        correlation = {k: by_part["ccsd", k] - by_part[reference, k] for k in (n - 1, n)}
        sum_ = by_part[reference, n] + (correlation[n] if plain else _limit(correlation))
        if triples is not None and corrections > 0:
            sum_ += of_triples(n, limit=limit)
        if full and corrections > 1:
            sum_ += values["fci_aug-cc-pCVDZ"] - values["ccsd-t_aug-cc-pCVDZ"]
        return sum_

    # A level whose weights cancel is not asked for: its number does not matter.
    missing = {("ccsd", k) for k in (2, 3, 4, 5)} - by_part.keys()
    by_part |= {part: float(rng.normal()) for part in missing}
    found = parts.values(values)
    assert found == pytest.approx(
        [
            total(largest),
            total(largest - 1),
            total(largest, plain=True),
            total(largest, limit=False),
            total(largest, 1 if full else 0),
        ],
        abs=1e-12,
    )
    extrapolated = abs(total(largest) - total(largest, plain=True))
    assert parts.floor(values) == pytest.approx(extrapolated / 4, abs=1e-12)


def test_the_reference_is_that_which_coupled_cluster_starts_from() -> None:
    """The recipe goes by the number of electrons alone, the ground levels by the element too."""
    seen = {True: 0, False: 0}
    unknown = set()
    for element in ELEMENTS[1:19]:
        z = ELEMENTS.index(element)
        for charge in range(-1, z - 1):
            atom = Atom(element, charge)
            try:
                found = recipe(str(atom), "best_QZ").reference
            except ComparisonError:
                assert str(atom) in ("He-", "Ar-")
                continue
            try:
                ground = ground_state(atom)
            except ElectronicStructureError:
                unknown.add(str(atom))
                continue
            method = str(found).partition("_")[0]
            assert reference_of(method, ground) == reference_of("ccsd", ground), atom
            assert method == ("hf" if ground.closed_shell else "uhf"), atom
            seen[ground.closed_shell] += 1
    assert unknown == {"Be-", "N-", "Ne-", "Mg-"}
    # Those of 2 electrons from H- on, of 4 from Li-, of 10 from F-, 12 from Na-, 18 from Cl-.
    assert seen == {True: 18 + 16 + 10 + 8 + 2, False: 111}


def test_an_estimate_of_five_sums() -> None:
    """The basis: the change, half of the extrapolation, or the floor, whichever is the largest."""
    for smaller, plain, floor, basis in (
        (2.75, 3.125, 0.125, 0.25), (2.75, 4.0, 0.125, 0.5), (2.75, 3.125, 0.375, 0.375),
    ):  # fmt: skip
        found = estimate_of(3.0, smaller, plain, 3.125, 3.5, floor=floor)
        assert found == Estimate(3.0, basis, 0.125, 0.25)
    assert Estimate(1.0, 0.2, 0.3, 0.6).error == pytest.approx(0.7)


def test_the_levels_by_name() -> None:
    assert recipe("He").levels == ["hylleraas_w10", "hylleraas_w8"]
    assert recipe("He").reference is None
    assert recipe("Li+").uncorrected == {"hylleraas_w10": 1.0}
    helium = "hyb-1-UGBS+1d+aug-cc-pV"
    assert set(recipe("He", "best_QZ").levels) == {
        f"{method}_{helium}{zeta}Z" for method in ("hf", "ccsd") for zeta in "DTQ"
    }
    neon = recipe("Ne")
    assert neon.reference == f"hf_{_H}5Z"
    assert set(neon.levels) == {
        *(f"hf_{_H}{zeta}Z" for zeta in "TQ5"), *(f"ccsd_{_H}{zeta}Z" for zeta in "DTQ5"),
        *(f"ccsd-t_{_H}{zeta}Z" for zeta in "DT"),
    }  # fmt: skip
    assert f"ccsd-t_{_H}QZ" in recipe("Be").levels
    boron = recipe("B")
    assert boron.reference == f"uhf_{_H}QZ"
    assert {"fci_aug-cc-pCVDZ", "ccsd-t_aug-cc-pCVDZ"} < set(boron.levels)
    assert f"ccsd-t_{_H}QZ" not in boron.levels
    assert "fci_aug-cc-pCVDZ" not in recipe("C").levels


def test_what_is_exact_is_not_corrected() -> None:
    for level in ("best", "best_5Z"):
        parts = recipe("He", level)
        assert parts.uncorrected == parts.rougher == parts.best != parts.smaller
    assert recipe("He").plain == recipe("He").best
    assert recipe("He").floor({"hylleraas_w10": -2.9, "hylleraas_w8": -2.8}) == 0
    assert recipe("He", "best_5Z").plain == {"ccsd_hyb-1-UGBS+1d+aug-cc-pV5Z": 1.0}


@pytest.mark.parametrize(
    ("system", "level", "error", "message"),
    [
        ("H", "best", ComparisonError, "H with charge .* 2 to 18 electrons, not 1"),
        ("K", "best", ComparisonError, "2 to 18 electrons, not 19"),
        ("K+", "best", ComparisonError, "are for the nuclei Li to Ar"),
        ("He-", "best", ComparisonError, "are for the nuclei Li to Ar"),
        ("Ne", "best_6Z", ConfigError, "level 'best_6Z': write best, or one of best_QZ, best_5Z"),
        ("Be", "best_5Z", ConfigError, "level 'best_5Z' of Be: .* no functions for the core"),
        ("Li+", "best_5Z", ConfigError, "write best or best_QZ"),
        ("Ne", "hf_x", ConfigError, "level 'hf_x' is no sum of others"),
        ("Xy", "best", ConfigError, "no such element"),
    ],
)
def test_what_has_no_recipe(system: str, level: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        recipe(system, level)


def test_a_recipe_of_ones_own() -> None:
    parts = Recipe({"a": 2.0, "b": -1.0}, {"b": 1.0}, {"a": 1.0}, {"c": 1.0}, {"a": 1.0}, "b")
    assert parts.levels == ["a", "b", "c"]
    assert parts.values({"a": 5.0, "b": 3.0, "c": 6.5}) == [7.0, 3.0, 5.0, 6.5, 5.0]
    assert parts.floor({"a": 5.0, "b": 3.0, "c": 6.5}) == 0.5
