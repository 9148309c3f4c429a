"""The stages that make tables: which records they read, and that they write what these hold."""

import json
from pathlib import Path
from typing import Any

import pytest

from comotion.cli import main
from comotion.io import read_json, write_json
from comotion.tables.brackets import bracket_markdown, bracket_table, hierarchy_table
from comotion.tables.comparison import energies_table, markdown
from comotion.tables.quantities import column
from comotion.tables.recorded_settings import settings_record

_ROWS = [("Ne", "hf_x"), ("bohr-2", "exact"), ("mine", "table")]


_BRACKET = {
    "system": "sqrt_r-4", "level": "exact", "n_electrons": 4, "lower": 1.10375, "upper": 1.10376,
    "lower_from": "duality", "gap": 1e-5, "relative_gap": 9.1e-6, "v_comotion": 1.10575,
    "comotion_excess": 1.99e-3, "comotion_within_gap": False, "spline_error": 1e-6,
    "upper_plan": "cells", "hierarchy_bracket": {"2": [0.86, 0.87], "3": [1.02, 1.03]},
}  # fmt: skip


def test_the_tables_of_brackets(tmp_path: Path) -> None:
    records = [tmp_path / "1.json", tmp_path / "2.json"]
    write_json(records[0], _BRACKET)
    write_json(records[1], _BRACKET | {"system": "He", "n_electrons": 2, "hierarchy_bracket": {}})
    a, b, c = (tmp_path / name for name in ("a.csv", "b.csv", "c.md"))
    main(["bracket-table", "--records", *map(str, records), "--csv", str(a), "--hierarchy", str(b),
          "--markdown", str(c)])  # fmt: skip
    contents = [read_json(path) for path in records]
    table = bracket_table(contents)
    assert table["system"].tolist() == ["sqrt_r-4", "He"]
    assert a.read_text() == table.to_csv(index=False)
    assert b.read_text() == hierarchy_table(contents).to_csv(index=False)
    assert c.read_text() == bracket_markdown(table)


def _record(name: str, system: str, level: str, n: int) -> dict[str, Any]:
    """A record of a row that obeys every inequality; no two kinds hold the same settings."""
    pairs = n * (n - 1) / 2
    contents: dict[str, dict[str, Any]] = {
        "quantum": {"energy": -2.0 * n, "v_quantum": 0.9 * pairs, "v_hf": 0.91 * pairs},
        "density": {},
        "sce": {
            "v_comotion": 0.7 * pairs, "v_best_pattern": 0.69 * pairs, "search_spread": 1e-6,
            "quadrature_error": 1e-7, "w_inf_comotion": 0.7 * pairs - pairs * n / (n - 1),
        },
        "hierarchy": {
            "hierarchy": {"v_2": 0.68 * pairs}, "hierarchy_error": {"v_2": 1e-8},
        },
        "bracket": {
            "lower": 0.685 * pairs, "upper": 0.69 * pairs, "v_comotion": 0.7 * pairs,
            "spline_error": 0.001, "upper_quadrature_error": 1e-7, "hierarchy_bracket": {},
        },
        "pair_bound": {
            "lower_proven": 0.68 * pairs, "lower_pair": 0.6801 * pairs, "hierarchy_proven": {},
        },
    }  # fmt: skip
    of_density = {
        "hartree": pairs * n / (n - 1), "hartree_error": 1e-9, "v_mean_field": pairs,
        "rho_four_thirds": 10.0 * pairs, "w_pc": -0.4 * pairs,
    }  # fmt: skip
    more = of_density if name in ("quantum", "density") else {}
    return {
        "system": system, "level": level, "n_electrons": n, **more, **contents[name],
        "settings": {f"of_{name}": [n]},
    }  # fmt: skip


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder of results with an atom, a model and a user's density."""
    for (system, level), n in zip(_ROWS, (10, 2, 2), strict=True):
        state = "quantum" if level == "hf_x" else "density"
        for name in (state, "sce", "hierarchy", "bracket", "pair_bound"):
            path = tmp_path / "results" / system / level / f"{name}.json"
            write_json(path, _record(name, system, level, n))
    return tmp_path / "results"


def _table(results: Path, rows: list[str], *words: str) -> Path:
    """Run the stage; the folder of what it writes."""
    made = results.parent / "made"
    main(["energies-table", "--results", str(results), "--rows", *rows, *words,
          "--csv", str(made / "a.csv"), "--units", str(made / "a.units.json"),
          "--markdown", str(made / "a.md"), "--settings", str(made / "settings.json")])  # fmt: skip
    return made


def _read(
    results: Path, bracketed: list[tuple[str, str]], proven: list[tuple[str, str]]
) -> list[tuple[str, dict[str, Any]]]:
    """The records in the order of the page of settings: kind by kind, row by row."""
    states = [("quantum", _ROWS[0]), ("density", _ROWS[1]), ("density", _ROWS[2])]
    kinds = [*states, *((name, row) for name in ("sce", "hierarchy") for row in _ROWS)]
    kinds += [("bracket", row) for row in bracketed]
    kinds += [("pair_bound", row) for row in proven]
    return [(name, read_json(results.joinpath(*row, f"{name}.json"))) for name, row in kinds]


@pytest.mark.parametrize(
    ("bracketed", "proven"), [([], []), ([_ROWS[0]], []), ([], [_ROWS[1]])],
    ids=["none", "a bracket", "a pair bound"],
)  # fmt: skip
def test_the_table_of_energies(
    results: Path, bracketed: list[tuple[str, str]], proven: list[tuple[str, str]]
) -> None:
    """Bounds are read where they are named, though there are files of all."""
    words = ["--bracketed", *map("/".join, bracketed)] if bracketed else []
    words += ["--pair-bounded", *map("/".join, proven)] if proven else []
    made = _table(results, list(map("/".join, _ROWS)), *words)
    records = _read(results, bracketed, proven)
    table = energies_table(records, _ROWS)
    assert table["system"].tolist() == ["Ne", "bohr-2", "mine"]
    assert table["lower"].notna().tolist() == [bool(bracketed), False, False]
    assert table["lower_proven"].notna().tolist() == [False, bool(proven), False]
    assert (made / "a.csv").read_text() == table.to_csv(index=False)
    assert (made / "a.md").read_text() == markdown(table)
    units = json.loads((made / "a.units.json").read_text())
    assert list(units) == list(table.columns)
    assert units == {name: vars(column(name)) for name in table.columns}
    assert (made / "a.units.json").read_text().endswith("}\n")
    settings = read_json(made / "settings.json")
    assert settings.pop("provenance")
    assert settings == settings_record(records)
    kinds = ["quantum", "density", "sce", "hierarchy", *(["bracket"] if bracketed else [])]
    kinds += ["pair_bound"] if proven else []
    assert list(settings["settings"]) == kinds
    assert settings["settings"]["sce"] == {"of_sce": [[10], [2]]}


def test_rows_stand_in_the_order_in_which_they_are_named(results: Path) -> None:
    made = _table(results, ["mine/table", "Ne/hf_x"])
    lines = (made / "a.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["system", "mine", "Ne"]


@pytest.mark.parametrize(
    ("rows", "words", "status", "sentence"),
    [
        (["Ne/hf_x"], ["--bracketed", "bohr-2/exact", "Ne/hf_y"], 1,
         "--bracketed bohr-2/exact Ne/hf_y: not among --rows; add it there"),
        (["Ne/hf_x"], ["--pair-bounded", "bohr-2/exact"], 1,
         "--pair-bounded bohr-2/exact: not among --rows; add it there"),
        (["Ne"], [], 2, "'Ne': write SYSTEM/LEVEL, such as He/hf_cc-pVDZ"),
        (["Ne/"], [], 2, "'Ne/': write SYSTEM/LEVEL"),
        (["/hf_x"], [], 2, "'/hf_x': write SYSTEM/LEVEL"),
        (["Ne/hf_y"], [], 1, "quantum.json: cannot be read"),
    ],
)  # fmt: skip
def test_rows_that_are_none(
    results: Path, rows: list[str], words: list[str], status: int, sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with pytest.raises(SystemExit) as end:
        _table(results, rows, *words)
    assert end.value.code == status
    assert sentence in capsys.readouterr().err
    assert not (results.parent / "made").exists()


def test_numbers_out_of_order_make_no_table(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A best pattern that is none: the table would be wrong, so nothing is written."""
    path = results / "bohr-2/exact/sce.json"
    write_json(path, read_json(path) | {"v_best_pattern": 0.71})
    with pytest.raises(SystemExit):
        _table(results, ["bohr-2/exact"])
    assert "bohr-2 at exact: v_best_pattern = 0.71" in capsys.readouterr().err
    assert not (results.parent / "made").exists()
