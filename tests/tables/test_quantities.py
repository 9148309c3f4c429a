"""Columns of the table of energies: unit, record and meaning of each, and their order."""

import pytest

from comotion.tables.quantities import COLUMNS, PER_PAIR, RECORDS, SEARCH_SPREAD, column, orders

_UNITS = {
    "": "system level best_pattern converged warnings",
    "1": "n_electrons nuclear_charge unstable_share lieb_oxford_ratio virial_ratio spin_square",
    "electrons": "density_integral_error",
    "bohr^-1": "rho_four_thirds gradient_four_thirds",
    "bohr^-3/2": "rho_three_halves gradient_seven_sixths",
    "hartree": (
        "energy v_quantum v_hf hartree v_mean_field v_comotion energy_per_pair v_quantum_per_pair "
        "v_hf_per_pair hartree_per_pair v_mean_field_per_pair v_comotion_per_pair v_best_pattern "
        "lower upper lower_proven lower_pair w_inf_lower w_inf_upper w_inf_comotion w_pc "
        "w_inf_prime w_inf_prime_optimal w_inf_prime_optimal_error w_pc_prime exchange "
        "search_spread quadrature_error w_inf_prime_error hartree_error upper_quadrature_error"
    ),
}
#: Records by the columns that are read from them; the others are keys of a row, or derived.
FROM_RECORDS = {
    "quantum": (
        "nuclear_charge energy v_quantum v_hf exchange density_integral_error virial_ratio "
        "spin_square converged"
    ),
    "density": (
        "hartree v_mean_field w_pc w_pc_prime rho_four_thirds gradient_four_thirds "
        "rho_three_halves gradient_seven_sixths hartree_error"
    ),
    "sce": (
        "v_comotion v_best_pattern best_pattern w_inf_comotion w_inf_prime unstable_share "
        "search_spread quadrature_error w_inf_prime_error"
    ),
    "bracket": ("lower upper w_inf_prime_optimal w_inf_prime_optimal_error upper_quadrature_error"),
    "pair_bound": "lower_proven lower_pair",
}


def test_every_column_has_its_unit() -> None:
    units = {name: unit for unit, names in _UNITS.items() for name in names.split()}
    assert {name: found.unit for name, found in COLUMNS.items()} == units


def test_every_column_has_its_record() -> None:
    records = {name: record for record, names in FROM_RECORDS.items() for name in names.split()}
    assert {name: found.record for name, found in COLUMNS.items() if found.record} == records
    assert RECORDS == ("quantum", "density", "sce", "hierarchy", "bracket", "pair_bound")


def test_energies_per_pair_are_those_of_the_chain() -> None:
    assert PER_PAIR == ("energy", "v_quantum", "v_hf", "hartree", "v_mean_field", "v_comotion")
    for name in PER_PAIR:
        assert COLUMNS[f"{name}_per_pair"].meaning == f"{COLUMNS[name].meaning}, over N (N - 1) / 2"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("v_quantum", "quantum <V_ee>"),
        ("v_hf", "Hartree-Fock <V_ee>"),
        ("hartree", "Hartree energy U"),
        ("v_mean_field", "(1 - 1/N) U"),
        ("v_comotion", "upper bound of V_SCE"),
        ("v_best_pattern", "upper bound of V_SCE"),
        ("lower", "lower bound of V_SCE"),
        ("upper", "upper bound of V_SCE"),
        ("w_inf_lower", "lower bound of W_inf"),
        ("w_inf_upper", "upper bound of W_inf"),
        ("w_inf_comotion", "v_comotion - U"),
        ("rho_four_thirds", "int rho^(4/3)"),
        ("rho_three_halves", "int rho^(3/2)"),
        ("gradient_four_thirds", "int |grad rho|^2 / rho^(4/3)"),
        ("gradient_seven_sixths", "int |grad rho|^2 / rho^(7/6)"),
        ("lieb_oxford_ratio", "-w_inf_upper / int rho^(4/3)"),
        ("virial_ratio", "-(E - T) / T"),
        ("quadrature_error", "quadrature error of v_comotion"),
        ("hartree_error", "quadrature error of U"),
        ("w_inf_prime_error", "quadrature error of w_inf_prime"),
        ("w_inf_prime_optimal", "W'_inf of the optimal plan"),
        ("w_inf_prime_optimal_error", "error bar of w_inf_prime_optimal"),
        ("search_spread", SEARCH_SPREAD),
        ("v_2", "V_2 in closed form, a lower bound of V_SCE"),
        ("v_2_error", "quadrature error of v_2"),
        ("v_comotion_4", "an upper bound of V_4"),
        ("v_comotion_4_error", "error of v_comotion_4"),
        ("lower_5", "lower bound of V_5"),
        ("upper_12", "upper bound of V_12"),
        ("lower_proven", "lower bound of V_SCE, the pair bound, proven"),
        ("lower_pair", "not proven"),
        ("lower_proven_3", "proven lower bound of V_3"),
    ],
)
def test_meaning(name: str, words: str) -> None:
    assert words in column(name).meaning


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("v_2", "hierarchy"), ("v_2_error", "hierarchy"), ("v_comotion_3", "hierarchy"),
        ("v_comotion_3_error", "hierarchy"), ("lower_3", "bracket"), ("upper_3", "bracket"),
        ("lower_proven_3", "pair_bound"),
    ],
)  # fmt: skip
def test_columns_of_each_k_are_energies_of_a_record(name: str, record: str) -> None:
    assert (column(name).unit, column(name).record) == ("hartree", record)


def test_columns_that_there_are_not() -> None:
    for name in (
        "v_3", "v_3_error", "v_comotion_x", "middle_3", "lower_3_error", "upper_3_error", "w_inf",
        "lower_proven_3_error", "lower_pair_3",
        "v_sce", "2", "_2",
    ):  # fmt: skip
        with pytest.raises(KeyError):
            column(name)


def test_orders_are_numbers_and_ascend() -> None:
    names = [
        "v_comotion_10", "v_comotion_3", "v_comotion", "v_comotion_3_error", "v_2", "lower_2",
        "v_comotion_per_pair", "upper_12", "lower_proven", "lower_proven_3", "lower_proven_10",
    ]  # fmt: skip
    assert orders(names, "v_comotion") == [3, 10]
    assert orders(names, "v") == orders(names, "lower") == [2]
    assert orders(names, "upper") == [12]
    assert orders(names, "lower_proven") == [3, 10]
    assert orders([], "upper") == []
