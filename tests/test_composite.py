"""The composite best estimate on records made by hand."""

from typing import Any

import numpy as np
import pytest

from comotion.composite import best_estimate, ingredients
from comotion.errors import ComparisonError
from comotion.systems import check_level, parse_atom, parse_level
from comotion.tables.best_estimates import best_markdown, best_table


def _records(system: str, shift: dict[str, float]) -> dict[str, dict[str, float]]:
    """Records with correlation c = -1 + 1/X^3 on top of a Hartree-Fock part."""
    records = {}
    for role, level in ingredients(parse_atom(system)).items():
        value = shift.get(role, 0.0)
        records[level] = {
            "energy": -10 + value, "energy_hf": -10.0, "v_quantum": 3 + value, "v_hf": 3.0,
            "hartree": 5 + value, "hartree_hf": 5.0, "energy_exact": -11.0,
        }  # fmt: skip
    return records


def _transport(system: str) -> dict[str, dict[str, float]]:
    levels = ingredients(parse_atom(system))
    return {
        levels[role]: {
            "v_comotion": value, "v_best_pattern": value, "w_inf_comotion": -value,
            "w_inf_prime": value, "search_spread": 1e-8, "quadrature_error": 1e-8,
        }
        for role, value in (("before", 2.0), ("best", 2.01))
    }  # fmt: skip


@pytest.mark.parametrize(("system", "share"), [("Ne", 0.12), ("Mg", 0.30)])
def test_inverse_cube_is_extrapolated_exactly(system: str, share: float) -> None:
    shift = {"before": -1 + 1 / 27, "best": -1 + 1 / 64, "triples": -1 + 1 / 27 - 0.01}
    record = best_estimate(system, _records(system, shift), _transport(system))
    for name, reference in (("energy", -10), ("v_quantum", 3), ("hartree", 5)):
        assert record[name] == pytest.approx(reference - 1.01, abs=1e-12)
    assert record["energy_error"] == pytest.approx(
        ((share / 64) ** 2 + (0.15 * 0.01) ** 2) ** 0.5, abs=1e-12
    )
    assert record["energy_within_error"] is False
    assert record["v_comotion"] == 2.01
    assert record["v_comotion_error"] == pytest.approx(0.01, abs=1e-6)


def test_full_ci_corrects_up_to_five_electrons() -> None:
    shift = {"before": -0.9, "best": -0.9, "triples": -0.95, "small_triples": -0.7, "full": -0.71}
    record = best_estimate("B", _records("B", shift), _transport("B"))
    assert record["energy"] == pytest.approx(-10 - 0.9 - 0.05 - 0.01, abs=1e-12)


def test_two_electrons_take_the_higher_order() -> None:
    shift = {"before": -1 + 2e-8, "best": -1.0}
    record = best_estimate("He", _records("He", shift), _transport("He"))
    assert record["energy"] == -11.0
    assert record["energy_error"] == pytest.approx(2e-8, rel=1e-6)
    assert record["energy_within_error"]


def test_a_number_that_one_level_lacks_is_left_out() -> None:
    transport: dict[str, Any] = _transport("He")
    transport[ingredients(parse_atom("He"))["before"]]["w_inf_prime"] = None
    record = best_estimate("He", _records("He", {"before": -1.0, "best": -1.0}), transport)
    assert record["w_inf_prime"] is None
    assert record["w_inf_prime_error"] is None
    assert "|  |" in best_markdown(best_table([record]))
    assert "nan" not in best_markdown(best_table([record]))


def test_missing_levels_and_wrong_atoms_are_named() -> None:
    with pytest.raises(ComparisonError, match="hylleraas_w10 are missing"):
        best_estimate("He", {"hylleraas_w8": {}}, _transport("He"))
    for system in ("H", "K"):
        with pytest.raises(ComparisonError, match="2 to 18 electrons"):
            ingredients(parse_atom(system))


def test_table_for_people() -> None:
    shift = {"before": -1 + 2e-8, "best": -1.0}
    record = best_estimate("He", _records("He", shift), _transport("He"))
    table = best_table([record])
    assert table["energy_error"][0] > 0
    text = best_markdown(table)
    assert "| He | -11.000000000(20) |" in text
    assert "| yes |" in text


@pytest.mark.parametrize("system", ["Li", "Be", "B", "C", "Ne", "Al", "Ar"])
def test_every_level_can_be_computed(system: str) -> None:
    atom = parse_atom(system)
    for level in ingredients(atom).values():
        check_level(atom, parse_level(level))


_QUANTITIES = {"energy": "energy_hf", "v_quantum": "v_hf", "hartree": "hartree_hf"}
_TRANSPORT = ("v_comotion", "v_best_pattern", "w_inf_comotion", "w_inf_prime")
#: Shares of the last correction of the method that are its error, by quantity.
_METHOD = {"energy": 0.15, "v_quantum": 0.47, "hartree": 0.56}


def _random(system: str, seed: int) -> tuple[dict[str, dict[str, float]], ...]:
    """Records in which no two numbers are alike."""
    rng = np.random.default_rng(seed)
    levels = ingredients(parse_atom(system))
    names = [*_QUANTITIES, *_QUANTITIES.values()]
    quantum = {level: dict(zip(names, rng.normal(size=6), strict=True))
               for level in levels.values()}  # fmt: skip
    names = [*_TRANSPORT, "search_spread", "quadrature_error"]
    sce = {levels[role]: dict(zip(names, [*rng.normal(size=4), *rng.uniform(size=2)], strict=True))
           for role in ("before", "best")}  # fmt: skip
    return quantum, sce


@pytest.mark.parametrize(
    ("system", "share"),
    [("Li", 0.12), ("Be", 0.12), ("B", 0.12), ("C", 0.12), ("Na+", 0.12), ("Na", 0.30),
     ("Ar", 0.30)],
)  # fmt: skip
def test_every_quantity_is_composed_of_its_own_parts(system: str, share: float) -> None:
    """Correlation a + b / X^3 through both basis sets, at infinite X; then the method."""
    quantum, sce = _random(system, 1)
    levels = ingredients(parse_atom(system))
    part = {role: quantum[level] for role, level in levels.items()}
    record = best_estimate(system, quantum, sce)
    for name, reference in _QUANTITIES.items():
        correlation = [part[role][name] - part[role][reference] for role in ("before", "best")]
        limit, _ = np.linalg.solve([[1, 1 / 27], [1, 1 / 64]], correlation)
        method = part["triples"][name] - part["before"][name]
        value = part["hartree_fock"][name] + limit + method
        if "full" in part:
            method = part["full"][name] - part["small_triples"][name]
            value += method
        assert record[name] == pytest.approx(value, rel=1e-12)
        error = np.hypot(share * (limit - correlation[1]), _METHOD[name] * method)
        assert record[f"{name}_error"] == pytest.approx(error, rel=1e-12)
        assert record[f"{name}_error"] > 0


@pytest.mark.parametrize("system", ["He", "Be", "Ne"])
def test_transport_energies_are_those_of_the_best_density(system: str) -> None:
    """Their error is the change from the basis before it, the search and the quadrature."""
    quantum, sce = _random(system, 2)
    levels = ingredients(parse_atom(system))
    record = best_estimate(system, quantum, sce)
    best, before = sce[levels["best"]], sce[levels["before"]]
    signs = set()
    for name in _TRANSPORT:
        assert record[name] == best[name]
        change = best[name] - before[name]
        signs.add(change > 0)
        error = abs(change) + best["search_spread"] + best["quadrature_error"]
        assert record[f"{name}_error"] == pytest.approx(error, rel=1e-14)
    # Changes of both signs were among them.
    assert len(signs) == 2


def test_two_electrons_change_from_order_to_order() -> None:
    quantum, sce = _random("He", 3)
    record = best_estimate("He", quantum, sce)
    last, before = quantum["hylleraas_w10"], quantum["hylleraas_w8"]
    for name in _QUANTITIES:
        assert record[name] == last[name]
        assert record[f"{name}_error"] == pytest.approx(abs(last[name] - before[name]), rel=1e-14)


def test_record_names_its_atom_and_its_levels() -> None:
    record = best_estimate("B+", *_random("B+", 4))
    assert (record["system"], record["level"]) == ("B+", "best")
    assert (record["n_electrons"], record["nuclear_charge"]) == (4, 5)
    assert record["levels"] == ingredients(parse_atom("B+"))
    assert record["energy_exact"] is record["energy_within_error"] is None


@pytest.mark.parametrize(
    ("off", "within"), [(0.124, True), (-0.124, True), (0.126, False), (-0.126, False), (0.0, True)]
)
def test_whether_the_exact_energy_lies_within_the_error_bar(off: float, within: bool) -> None:
    """It is known of the best level, from either side of it."""
    quantum, sce = _random("He", 5)
    quantum["hylleraas_w8"] |= {"energy": -3.0, "energy_exact": 99.0}
    quantum["hylleraas_w10"] |= {"energy": -3.125, "energy_exact": -3.125 + off}
    record = best_estimate("He", quantum, sce)
    assert record["energy_exact"] == -3.125 + off
    assert record["energy_within_error"] is within
    # The end of the bar belongs to it.
    quantum["hylleraas_w10"]["energy_exact"] = -3.0
    assert best_estimate("He", quantum, sce)["energy_within_error"] is True


_CLOSED = (4, 10, 12, 18)
_ATOMS = "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K".split()  # noqa: SIM905 - symbols


@pytest.mark.parametrize("n", range(3, 19))
def test_levels_of_every_atom(n: int) -> None:
    """Open shells are unrestricted; p functions from boron on; full CI up to five electrons."""
    kind = "hf" if n in _CLOSED else "uhf"
    expected = {
        "hartree_fock": f"{kind}_hyb-{0 if n <= 4 else 1}-UGBS+aug-cc-pCVTZ",
        "before": "ccsd_aug-cc-pCVTZ",
        "best": "ccsd_aug-cc-pCVQZ",
        "triples": "ccsd-t_aug-cc-pCVTZ",
    }
    if n <= 5:
        expected |= {"small_triples": "ccsd-t_aug-cc-pCVDZ", "full": "fci_aug-cc-pCVDZ"}
    assert ingredients(parse_atom(_ATOMS[n - 1])) == expected
    # What counts is the number of electrons, not the charge of the nucleus.
    assert ingredients(parse_atom(f"{_ATOMS[n]}+")) == expected


def test_levels_of_two_electrons_and_of_too_few_or_many() -> None:
    for system in ("H-", "He", "Li+"):
        assert ingredients(parse_atom(system)) == {
            "before": "hylleraas_w8", "best": "hylleraas_w10"
        }  # fmt: skip
    for system, n in (("He+", 1), ("K", 19), ("Ar-", 19)):
        with pytest.raises(ComparisonError, match=f"2 to 18 electrons, not {n}"):
            ingredients(parse_atom(system))


def test_every_missing_record_is_named() -> None:
    quantum, sce = _random("Be", 6)
    del quantum["fci_aug-cc-pCVDZ"]
    del sce["ccsd_aug-cc-pCVTZ"]
    with pytest.raises(ComparisonError) as error:
        best_estimate("Be", quantum, sce)
    assert str(error.value) == (
        "Be: the records of fci_aug-cc-pCVDZ, ccsd_aug-cc-pCVTZ are missing"
    )
    # Plans of the other levels are not asked for.
    quantum, sce = _random("Be", 6)
    assert best_estimate("Be", quantum, sce)["n_electrons"] == 4


@pytest.mark.parametrize("role", ["before", "best"])
def test_a_transport_number_that_either_level_lacks_has_no_error(role: str) -> None:
    transport: dict[str, Any] = _transport("He")
    transport[ingredients(parse_atom("He"))[role]]["w_inf_prime"] = None
    record = best_estimate("He", _records("He", {"before": -1.0, "best": -1.0}), transport)
    assert record["w_inf_prime"] is record["w_inf_prime_error"] is None
    assert record["w_inf_comotion"] == -2.01
