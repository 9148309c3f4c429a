"""Units and meanings of every column of every table that is a page."""

import pytest

from comotion.pages.descriptions import DESCRIBE, SHOWN_FIRST
from comotion.tables.adiabatic_connections import CORRELATION, MOLLER_PLESSET
from comotion.tables.kohn_sham_atoms import INVERSION, SELF_CONSISTENT
from comotion.tables.quantities import COLUMNS, Column, column

_UNITS = {
    "best": {
        "": "system level energy_within_error",
        "1": "n_electrons nuclear_charge",
        "hartree": (
            "energy energy_error v_quantum v_quantum_error hartree hartree_error v_comotion "
            "v_comotion_error v_best_pattern v_best_pattern_error w_inf_comotion "
            "w_inf_comotion_error w_inf_prime w_inf_prime_error energy_exact middle "
            "middle_error lower upper v_comotion_by_potential"
        ),
    },
    "coverage": {"": "system level quantity", "1": "bars", "hartree": "value error exact"},
    "bracket": {
        "": "system level lower_from upper_plan comotion_within_gap",
        "1": "n_electrons relative_gap",
        "hartree": "lower upper gap v_comotion comotion_excess spline_error",
    },
    "hierarchy_bracket": {"": "system level", "1": "k", "hartree": "lower upper"},
    "kohn_sham": {
        "": "system level",
        "1": "n_electrons nuclear_charge order virial_ratio iterations",
        "hartree": (
            "energy energy_exact kinetic_s nuclear_attraction v_functional v_functional_error "
            "highest_occupied lowest_unoccupied tail_gain"
        ),
    },
    "inversion": {
        "": "system level",
        "1": "n_electrons nuclear_charge",
        "electrons": "residual",
        "hartree": (
            "kinetic_s kinetic_s_error hartree exchange exchange_error e_c t_c w_1 highest_occupied"
        ),
    },
    "connection": {
        "": "system level energy_is_exact",
        "1": "n_electrons nuclear_charge",
        "hartree": (
            "w_0 w_0_error w_0_prime w_0_prime_error w_1 w_inf_lower w_inf_upper w_inf_middle "
            "w_inf_middle_error w_inf_prime w_inf_prime_error w_pc w_pc_prime e_c "
            "e_c_error "
            + " ".join(
                f"e_c_{name}{end} e_c_{name}{end}_error"
                for name in ("isi", "revisi", "genisi", "spl", "lb")
                for end in ("", "_pc")
            )
        ),
    },
    "moller_plesset": {
        "": "system level",
        "1": "n_electrons",
        "hartree": "exchange e_c_mp2 electrostatic w_c_inf e_c_spl2 e_c_hartree_fock",
    },
    "engine": {
        "": "system level",
        "1": "n_electrons nodes",
        "hartree": "v_comotion v_published search_spread quadrature_error",
        "s": "wall_seconds cpu_seconds",
        "MB": "peak_megabytes",
        "ns": "double_loop_ns_per_pair kernel_ns_per_pair minimiser_ns_per_pair",
    },
}
_MEANINGS = {
    ("best", "energy"): "total energy E",
    ("best", "energy_error"): "error bar of energy",
    ("best", "hartree_error"): "error bar of hartree",
    ("best", "w_inf_prime_error"): "error bar of w_inf_prime",
    ("best", "energy_exact"): "exact non-relativistic energy, from the literature",
    ("best", "energy_within_error"): "whether it lies within the error bar",
    ("bracket", "lower"): "lower bound of V_SCE",
    ("bracket", "upper"): "upper bound of V_SCE",
    ("bracket", "gap"): "upper - lower",
    ("bracket", "relative_gap"): "gap over upper",
    ("bracket", "comotion_excess"): "v_comotion - upper",
    ("bracket", "comotion_within_gap"): "whether comotion_excess is at most gap",
    ("bracket", "lower_from"): "what lower comes from",
    ("bracket", "upper_plan"): "the plan behind upper",
    ("bracket", "spline_error"): "change of lower",
    ("hierarchy_bracket", "lower"): "lower bound of V_k",
    ("hierarchy_bracket", "upper"): "upper bound of V_k",
    ("hierarchy_bracket", "k"): "electrons in the representing system",
    ("best", "middle"): "middle of lower and upper",
    ("best", "v_comotion_by_potential"): "by the potential, from the density in the next smaller",
    ("coverage", "exact"): "from the literature, or of two electrons",
    ("coverage", "bars"): "in units of the error bar",
    ("coverage", "quantity"): "that is compared",
    ("coverage", "value"): "the estimate",
    ("coverage", "error"): "its error bar",
    ("kohn_sham", "order"): "order k of the functional",
    ("kohn_sham", "energy"): "E = T_s + V + int v rho",
    ("kohn_sham", "kinetic_s"): "kinetic energy T_s of the orbitals",
    ("kohn_sham", "v_functional"): "value V of the functional",
    ("kohn_sham", "v_functional_error"): "its error",
    ("kohn_sham", "highest_occupied"): "highest occupied orbital energy",
    ("kohn_sham", "lowest_unoccupied"): "lowest unoccupied orbital energy",
    ("kohn_sham", "tail_gain"): "by one more diffuse function",
    ("kohn_sham", "virial_ratio"): "-(E - T_s) / T_s",
    ("inversion", "kinetic_s"): "kinetic energy T_s of the orbitals",
    ("inversion", "kinetic_s_error"): "its error",
    ("inversion", "hartree"): "Hartree energy U",
    ("inversion", "exchange"): "<V_ee> - U of the orbitals",
    ("inversion", "exchange_error"): "error of exchange",
    ("inversion", "e_c"): "correlation energy",
    ("inversion", "t_c"): "T - T_s",
    ("inversion", "w_1"): "<V_ee> - U of the state",
    ("inversion", "residual"): "int |rho of the orbitals - rho|",
    ("connection", "w_0"): "W_0 = E_x",
    ("connection", "w_0_prime"): "2 E_c^GL2",
    ("connection", "w_1"): "<V_ee> - U of the state",
    ("connection", "w_inf_middle"): "middle of w_inf_lower and w_inf_upper",
    ("connection", "w_inf_prime"): "zero-point coefficient",
    ("connection", "w_pc"): "point-charge-plus-continuum model of W_inf",
    ("connection", "w_pc_prime"): "point-charge-plus-continuum model of W'_inf",
    ("connection", "energy_is_exact"): "whether E is the exact energy",
    ("connection", "e_c"): "correlation energy",
    ("connection", "e_c_revisi"): "E_c of revISI from the ends of the density",
    ("connection", "e_c_lb_pc"): "E_c of LB, the strong end by the point-charge-plus-continuum",
    ("connection", "e_c_spl_error"): "error bar of e_c_spl",
    ("moller_plesset", "exchange"): "exchange energy",
    ("moller_plesset", "e_c_mp2"): "E_c^MP2 in the basis of the level",
    ("moller_plesset", "electrostatic"): "E_el, point electrons in a cloud",
    ("moller_plesset", "w_c_inf"): "E_el + E_x",
    ("moller_plesset", "e_c_spl2"): "SPL2",
    ("moller_plesset", "e_c_hartree_fock"): "exact energy less the Hartree-Fock limit",
    ("engine", "wall_seconds"): "wall time",
    ("engine", "cpu_seconds"): "CPU time",
    ("engine", "v_published"): "that others published",
    ("engine", "double_loop_ns_per_pair"): "plain double loop",
    ("engine", "minimiser_ns_per_pair"): "one step of the minimiser",
    ("engine", "nodes"): "quadrature nodes",
}


@pytest.mark.parametrize("table", list(_UNITS))
def test_every_column_has_its_unit(table: str) -> None:
    for unit, names in _UNITS[table].items():
        for name in names.split():
            found = DESCRIBE[table](name)
            assert (name, found.unit) == (name, unit)
            assert found.meaning


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("kohn_sham", SELF_CONSISTENT),
        ("inversion", INVERSION),
        ("connection", CORRELATION),
        ("moller_plesset", MOLLER_PLESSET),
    ],
)
def test_no_column_of_a_kohn_sham_table_is_without_a_test(
    table: str, columns: dict[str, Column]
) -> None:
    assert {name for names in _UNITS[table].values() for name in names.split()} == set(columns)


@pytest.mark.parametrize(("table", "name"), list(_MEANINGS))
def test_meaning(table: str, name: str) -> None:
    assert _MEANINGS[table, name] in DESCRIBE[table](name).meaning


def test_energies_are_described_by_their_own_columns() -> None:
    assert DESCRIBE["energies"] is column
    assert set(DESCRIBE) == {"energies", *_UNITS}
    # An error bar of the table of energies is what it is there.
    assert DESCRIBE["engine"]("quadrature_error") == COLUMNS["quadrature_error"]


@pytest.mark.parametrize(
    ("table", "name"),
    [("best", "gap"), ("best", "system_error"), ("bracket", "energy"), ("hierarchy_bracket", "v_2"),
     ("engine", "lower_2"), ("kohn_sham", "e_c"), ("kohn_sham", "v_quantum"),
     ("inversion", "energy"), ("inversion", "order")],
)  # fmt: skip
def test_columns_that_a_table_does_not_have(table: str, name: str) -> None:
    with pytest.raises(KeyError):
        DESCRIBE[table](name)


def test_what_is_seen_first() -> None:
    """Both ends of every bracket, what they are compared with, and what warns."""
    assert list(SHOWN_FIRST) == ["energies", "connection"]
    shown = SHOWN_FIRST["energies"]
    assert len(set(shown)) == len(shown)
    assert set(shown) == {
        "system", "level", "n_electrons", "v_comotion", "lower", "upper", "v_quantum",
        "v_mean_field", "w_inf_lower", "w_inf_upper", "warnings",
    }  # fmt: skip
    assert set(shown) <= set(COLUMNS)
    ends = SHOWN_FIRST["connection"]
    assert ends == (
        "system", "level", "w_0", "w_0_prime", "w_inf_middle", "w_inf_prime", "e_c", "e_c_isi",
        "e_c_revisi", "e_c_genisi", "e_c_spl", "e_c_lb",
    )  # fmt: skip
    assert set(ends) <= set(CORRELATION)
