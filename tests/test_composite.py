"""The composite best estimate on records made by hand."""

from typing import Any

import pytest

from comotion.composite import best_estimate, ingredients
from comotion.errors import ComparisonError
from comotion.systems import check_level, parse_atom, parse_level
from comotion.tables.best_estimates import best_markdown, best_table, with_error


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
    assert "full" not in ingredients(parse_atom("C"))


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


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [(-14.66735, 3.4e-4, "-14.6674(3)"), (66.028, 0.0042, "66.028(4)"), (1.0, 0.0, "1.0000000000")],
)
def test_errors_in_brackets(value: float, error: float, text: str) -> None:
    assert with_error(value, error) == text


@pytest.mark.parametrize("system", ["Li", "Be", "B", "C", "Ne", "Al", "Ar"])
def test_every_level_can_be_computed(system: str) -> None:
    atom = parse_atom(system)
    for level in ingredients(atom).values():
        check_level(atom, parse_level(level))
