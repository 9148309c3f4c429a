"""The inequalities: broken theorems are errors, what only V_SCE obeys is a warning."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from comotion.errors import ComparisonError
from comotion.tables.chain import check_chain, theorems
from comotion.tables.comparison import energies_table
from comotion.tables.rows import rows_of

Records = list[tuple[str, dict[str, Any]]]
Changed = Callable[..., Records]


def _brackets(**ends: list[float]) -> dict[str, Any]:
    """Brackets of some V_k instead of those of the records."""
    return {"hierarchy_bracket": {k.removeprefix("v"): pair for k, pair in ends.items()}}


def test_neon_obeys_all(neon: Records) -> None:
    table = energies_table(neon)
    check_chain(table)
    assert table["warnings"].tolist() == [""]
    # Were a name wrong, its inequality would be left out in silence: lower bounds of V_2, V_3 and
    # V_10, by duality and proven, below 6, 5 and 3 upper bounds, <V_ee> and the mean field; V_2
    # likewise, and above what is proven of it; 4 without them.
    (row,) = rows_of(table)
    assert len(list(theorems(row))) == 2 * (6 + 5 + 3 + 3 * 2) + (6 + 2) + 1 + 4
    # An upper bound of V_k is never used as a lower bound of what follows.
    assert not [one for one in theorems(row) if re.fullmatch(r"v_comotion(_\d+)?", one.low)]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"lower": 45.97}, "lower = 45.97.* exceeds upper = 45.96"),
        ({"lower": 45.96 * (1 + 1e-12)}, "lower = 45.96.* exceeds upper = 45.96"),
        (_brackets(v3=[35.4, 35.35]), "lower_3 = 35.4.* exceeds upper_3"),
        (_brackets(v2=[35.36, 35.4], v3=[35.3, 35.35]), "lower_2 = 35.36.* exceeds upper_3"),
        (_brackets(v3=[45.97, 45.98]), "lower_3 = 45.97.* exceeds upper = 45.96"),
        (_brackets(v3=[35.401, 35.5]), "lower_3 = 35.401.* exceeds v_comotion_3 = 35.40"),
        ({"hierarchy": {"v_2": 29.2, "v_comotion_3": 29.1}}, "v_2 = 29.2.* exceeds v_comotion_3"),
        ({"hierarchy": {"v_2": 29.2 + 2e-8}}, "v_2 = 29.20.* exceeds upper_2 = 29.20"),
        ({"hierarchy": {"v_2": 45.97}}, "v_2 = 45.97.* exceeds upper = 45.96"),
        ({"upper": 47.0, "lower": 46.5}, "lower = 46.5.* exceeds v_comotion = 46"),
        ({"upper": 47.0, "lower": 45.995}, "lower = 45.995.* exceeds v_best_pattern = 45.99"),
        ({"lower_proven": 45.9600001}, r"lower_proven = 45\.96.* exceeds upper = 45.96"),
        (
            {"upper": 47.0, "lower_proven": 45.9900011},
            r"lower_proven = 45\.99.* exceeds v_best_pattern = 45.99",
        ),
        ({"lower": 45.0, "v_quantum": 45.89}, r"lower_proven = 45\.9.* exceeds v_quantum = 45.89"),
        ({"lower": 45.0, "v_mean_field": 45.89}, r"lower_proven = 45\.9.* exceeds v_mean_field"),
        (
            _brackets(v3=[35.3, 35.35]) | {"hierarchy_proven": {"2": 29.2 + 2e-8}},
            r"lower_proven_2 = 29\.20.* exceeds v_2 = 29\.20",
        ),
        ({"hierarchy_proven": {"3": 35.36}}, r"lower_proven_3 = 35\.36.* exceeds upper_3 = 35\.35"),
        ({"v_quantum": 45.94}, "lower = 45.95.* exceeds v_quantum = 45.94"),
        ({"v_quantum": 35.2}, "lower_3 = 35.3.* exceeds v_quantum = 35.2"),
        ({"v_mean_field": 45.94}, "lower = 45.95.* exceeds v_mean_field = 45.94"),
        ({"v_mean_field": 45.95 - 2e-7}, "lower = 45.95.* exceeds v_mean_field = 45.94"),
        ({"v_best_pattern": 46.0000001}, "v_best_pattern = 46.0000001.* exceeds v_comotion"),
        (
            {"w_inf_comotion": -23.6},
            "-w_inf_comotion = 23.6.* exceeds 1.58 rho_four_thirds = 23.54",
        ),
        (
            {"w_inf_comotion": -23.542 - 2e-6},
            "-w_inf_comotion = 23.542.* exceeds 1.58 rho_four_thirds = 23.54",
        ),
        ({"v_best_pattern": 42.5}, r"hartree - v_best_pattern = 23\.6.* exceeds 1.58 rho_four"),
        ({"lower": 42.4, "upper": 42.5}, r"hartree - upper = 23\.6.* exceeds 1.58 rho_four_thirds"),
    ],
)
def test_a_broken_theorem_is_an_error(
    changed: Changed, fault: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ComparisonError, match=f"Ne at hf_x: .*{sentence}.* slack"):
        check_chain(energies_table(changed(**fault)))


@pytest.mark.parametrize(
    "change",
    [
        {"lower": 45.96},
        {"lower": 45.96 * (1 + 1e-15)},
        {"v_comotion": 45.9499995, "v_best_pattern": 45.9499995},
        {"v_mean_field": 45.95 - 5e-8},
        {"w_inf_comotion": -23.542 - 9e-7},
        {"hierarchy": {"v_2": 29.2 + 9e-9}},
        # A co-motion value is an upper bound, so nothing that it exceeds is broken by it.
        {"hierarchy": {"v_2": 29.2, "v_comotion_3": 47.0}},
        # What is proven need not be above what a search found, nor the other way round.
        {"lower_proven": 45.955},
        {"lower_proven": 30.0},
        {"lower_pair": 50.0},
        # Up to the error of the upper bound.
        {"upper": 47.0, "lower_proven": 45.9900009},
        _brackets(v3=[35.3, 35.35]) | {"hierarchy_proven": {"2": 29.2 + 9e-9}},
        # A lower bound far below need not obey Lieb and Oxford.
        {"lower": 40.0},
    ],
)
def test_what_the_recorded_errors_allow_is_no_error(
    changed: Changed, change: dict[str, Any]
) -> None:
    check_chain(energies_table(changed(**change)))


_LOW_PLANS = {"v_comotion": 45.954, "v_best_pattern": 45.954, "hierarchy": {"v_2": 29.2}}


@pytest.mark.parametrize(
    ("fault", "pairs"),
    [
        (
            {"hierarchy": {"v_comotion_3": 46.1, "v_comotion_10": 46.0}},
            ["v_comotion_3 v_comotion_10"],
        ),
        ({"hierarchy": {"v_comotion_10": 54.1}}, ["v_comotion_10 v_quantum"]),
        ({"v_comotion": 54.1, "hierarchy": {"v_comotion_10": 54.1}}, ["v_comotion v_quantum"]),
        ({"v_mean_field": 45.999}, ["v_comotion v_mean_field"]),
        ({"upper": 45.9903}, ["upper v_best_pattern"]),
        ({"v_quantum": 45.955, **_LOW_PLANS}, ["upper v_quantum", "upper v_best_pattern"]),
        ({"v_mean_field": 45.955, **_LOW_PLANS}, ["upper v_mean_field", "upper v_best_pattern"]),
        # Within the errors that are recorded.
        ({"hierarchy": {"v_comotion_3": 46.000005, "v_comotion_10": 46.0}}, []),
        ({"v_quantum": 45.999995}, []),
        ({"upper": 45.990005}, []),
    ],
)
def test_what_only_the_optimum_obeys_is_a_warning_in_its_row(
    neon: Records, changed: Changed, fault: dict[str, Any], pairs: list[str]
) -> None:
    other = [(name, record | {"level": "uhf_x"}) for name, record in neon]
    table = energies_table([*other, *changed(**fault)], [("Ne", "uhf_x"), ("Ne", "hf_x")])
    check_chain(table)
    quiet, warned = table["warnings"]
    assert quiet == ""
    assert _pairs(warned) == pairs


@pytest.mark.parametrize("level", ["ccsd_x", "ccsd-t_x"])
def test_coupled_cluster_need_not_lie_above_a_lower_bound(changed: Changed, level: str) -> None:
    records = [(name, record | {"level": level}) for name, record in changed(v_quantum=45.94)]
    table = energies_table(records)
    check_chain(table)
    assert _pairs(table["warnings"][0]) == [
        "v_comotion v_quantum", "upper v_quantum", "lower v_quantum",
    ]  # fmt: skip


@pytest.mark.parametrize("level", ["hf_x", "uhf_x", "cisd_x", "fci_x", "hylleraas_w8"])
def test_wave_functions_must(changed: Changed, level: str) -> None:
    records = [(name, record | {"level": level}) for name, record in changed(v_quantum=45.94)]
    with pytest.raises(ComparisonError, match=r"lower = 45\.95.* exceeds v_quantum"):
        check_chain(energies_table(records))


def _pairs(warnings: str) -> list[str]:
    """The two names of each inequality that is broken."""
    sentences = filter(None, warnings.split("; "))
    return [re.sub(r"(\S+) = \S+ exceeds (\S+) = .*", r"\1 \2", text) for text in sentences]


def test_bounds_of_w_inf_enclose_and_say_what_they_come_from(neon: Records) -> None:
    """Of the bracket where there is one, else V_2, or what is proven, and the best plan.

    Errors widen them.
    """
    for records, lower, upper in (
        (neon, 45.95, 45.96),
        (neon[:3], 29.2 - 1e-8, 45.99 + 1e-6),
        ([*neon[:3], neon[4]], 45.9, 45.99 + 1e-6),
        (neon[:2], float("nan"), 45.99 + 1e-6),
    ):
        table = energies_table(records)
        found = table["w_inf_lower"][0], table["w_inf_upper"][0]
        expected = lower - 66.1 - 1e-7, upper - 66.1 + 1e-7
        assert found == pytest.approx(expected, rel=1e-14, nan_ok=True)
        assert table["w_inf_comotion"][0] == -20.1
        # What is shown of the Lieb-Oxford ratio is what the upper bound proves.
        assert table["lieb_oxford_ratio"][0] == pytest.approx(-expected[1] / 14.9)
