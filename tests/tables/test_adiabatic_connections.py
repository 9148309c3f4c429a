"""The table of adiabatic connections."""

from typing import Any

from comotion.connection.interpolations import INTERPOLATIONS
from comotion.connection.of_state import NAMES, WITH_ERRORS
from comotion.tables.adiabatic_connections import (
    CORRELATION,
    INTERPOLATED,
    MOLLER_PLESSET,
    correlation_markdown,
    correlation_table,
    moller_plesset_table,
)

_HEAD = ("system", "level", "n_electrons", "nuclear_charge", "energy_is_exact")
#: A record that holds another number under each name.
_RECORD: dict[str, Any] = (
    {"system": "Be", "level": "x_y", "n_electrons": 4, "nuclear_charge": 4, "energy_is_exact": True}
    | {name: -1.0 - k for k, name in enumerate(NAMES)}
    | {f"{name}_error": 1e-5 * (k + 1) for k, name in enumerate(WITH_ERRORS)}
    | {"missing": {}}
)


def test_every_column_is_a_key_of_the_record() -> None:
    assert set(CORRELATION) == set(_RECORD) - {"missing"}
    assert set(CORRELATION) == {*_HEAD, *NAMES, *(f"{name}_error" for name in WITH_ERRORS)}
    assert list(INTERPOLATED) == list(INTERPOLATIONS)
    table = correlation_table([_RECORD, {"system": "B", "level": "x_y", "w_0": None}])
    assert list(table.columns) == list(CORRELATION)
    for name in CORRELATION:
        assert table.loc[0, name] == _RECORD[name]
    assert table[["w_0", "e_c_isi"]].isna().to_numpy().tolist() == [[False, False], [True, True]]


def test_the_table_for_people() -> None:
    table = correlation_table([_RECORD, {"system": "B", "level": "x_y"}])
    page = correlation_markdown(table, moller_plesset_table([]))
    lines = page.splitlines()
    names = [name.strip() for name in lines[0].strip("|").split("|")]
    assert names == [
        "system", "level", "w_0", "w_0_prime", "w_inf_middle", "w_inf_prime", "e_c",
        "energy_is_exact", "e_c_isi",
        "e_c_revisi", "e_c_genisi", "e_c_spl", "e_c_lb",
    ]  # fmt: skip
    cells = [cell.strip() for cell in lines[2].strip("|").split("|")]
    assert cells[:4] == ["Be", "x_y", "-1.00000 ± 1e-05", "-2.00000 ± 2e-05"]
    assert lines[3].split("|")[3].strip() == ""
    for name in names:
        assert f"- `{name}`: {CORRELATION[name].meaning}" in lines


def test_the_table_of_hartree_fock_connections() -> None:
    record: dict[str, Any] = {name: -1.5 - k for k, name in enumerate(MOLLER_PLESSET)}
    record |= {"system": "Be", "level": "hf_x"}
    others = moller_plesset_table([record | {"searched": 3}])
    assert list(others.columns) == list(MOLLER_PLESSET)
    for name in MOLLER_PLESSET:
        assert others.loc[0, name] == record[name]
    page = correlation_markdown(correlation_table([_RECORD]), others)
    first, second = page.split("\n\n| system")
    assert (
        first == correlation_markdown(correlation_table([_RECORD]), moller_plesset_table([]))[:-1]
    )
    lines = second.splitlines()
    assert lines[2].split("|")[4].strip() == "-4.50000"
    assert f"- `w_c_inf`: {MOLLER_PLESSET['w_c_inf'].meaning}" in lines
