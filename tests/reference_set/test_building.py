"""Building a set: the same inputs give the same bytes, and nothing else than they say."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from comotion.audit.set_files import checksum_findings, names_in, read_rows
from comotion.cli import main
from comotion.density.functionals import expansion_errors, expansion_integrals
from comotion.density.model_densities import exponential, gaussian
from comotion.density.table import tabulated
from comotion.errors import ComotionError, DensityError, RecordError
from comotion.io import write_json
from comotion.reference_set.adding import Edition, add_pairs, edition_of
from comotion.reference_set.numbers_table import COLUMNS, meaning_of, reference_row, table_text
from comotion.reference_set.radial_table import radial_table
from comotion.tables.quantities import column
from comotion.transport.comotion import comotion_plan
from set_of_models import add


def _bytes(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in [*names_in(folder), "SHA256SUMS"]}


def _study(results: Path) -> dict[str, dict[str, str]]:
    with (results / "tables/energies.csv").open(newline="") as file:
        return {row["system"]: row for row in csv.DictReader(file)}


def test_what_a_set_holds(published: Path) -> None:
    assert names_in(published) == [
        ".zenodo.json", "CITATION.cff", "LICENSE", "README.md", "VERSION", "croissant.json",
        "datapackage.json", "energies.csv", "schema.json",
        "systems/exponential-2/exact.certificate.json.gz", "systems/exponential-2/exact.h5",
        "systems/exponential-3/exact.certificate.json.gz", "systems/exponential-3/exact.h5",
    ]  # fmt: skip
    assert checksum_findings(published) == []
    assert edition_of(published) == Edition("0.1.0", "2026-11-28")
    for path in published.glob("systems/*/*.h5"):
        assert path.stat().st_size < 45_000


def test_the_same_bytes_in_whatever_order(results: Path, published: Path, tmp_path: Path) -> None:
    there = tmp_path / "set"
    add(results, there, "--pairs", "exponential-3/exact", "--date", "2026-11-28")
    assert [row["system"] for row in read_rows(there)] == ["exponential-3"]
    add(results, there, "--pairs", "exponential-2/exact")
    assert _bytes(there) == _bytes(published)
    add(results, there)
    assert _bytes(there) == _bytes(published)


def test_a_pair_is_replaced_and_the_others_stay(
    results: Path, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _bytes(mine)
    other = mine / "systems/exponential-2/exact.h5"
    (mine / "systems/exponential-3/exact.h5").write_bytes(b"old")
    stamp = other.stat().st_mtime_ns
    add(results, mine, "--pairs", "exponential-3/exact")
    assert capsys.readouterr().out.startswith("exponential-3/exact: replaced, ")
    assert other.stat().st_mtime_ns == stamp
    assert _bytes(mine) == before


def test_numbers_are_those_of_the_study_to_the_last_digit(results: Path, published: Path) -> None:
    study = _study(results)
    for row in read_rows(published):
        of_study = study[row["system"]]
        for name, cell in row.items():
            if name in of_study:
                assert cell == of_study[name], name
        assert row["lower"]
        assert row["lower_proven"]
        assert row["upper"]
        assert row["v_2"]
        assert row["v_2_error"]
    assert read_rows(published)[1]["v_comotion_3"] == study["exponential-3"]["v_comotion_3"]


def test_numbers_that_are_added(published: Path) -> None:
    for row in read_rows(published):
        value = {name: float(cell) for name, cell in row.items() if cell and name in _NUMBERS}
        # int rho^(4/3) of N exp(-r) / (8 pi).
        density = float(row["n_electrons"]) / (8 * np.pi)
        closed = density ** (4 / 3) * 8 * np.pi * 0.75**3
        error = abs(value["rho_four_thirds"] - closed)
        assert error <= value["rho_four_thirds_error"] + 1e-13
        assert value["rho_four_thirds_error"] < 1e-11
        # int |grad rho|^2 / rho^(4/3), where |grad rho| = rho.
        closed = density ** (2 / 3) * 8 * np.pi * 1.5**3
        error = abs(value["gradient_four_thirds"] - closed)
        assert error <= value["gradient_four_thirds_error"] < 4e-7 * closed
        spread = float(row["search_spread"]) + float(row["quadrature_error"])
        assert value["v_comotion_error"] == spread
        integral = value["rho_four_thirds"]
        assert value["lieb_oxford_ratio"] == pytest.approx(-value["w_inf_upper"] / integral)
        assert value["lieb_oxford_ratio_upper"] == -value["w_inf_lower"] / integral
        assert value["lieb_oxford_ratio"] <= value["lieb_oxford_ratio_upper"] < 1.58
        relative = value["rho_four_thirds_error"] / integral
        assert value["lieb_oxford_ratio_error"] == pytest.approx(
            value["lieb_oxford_ratio"] * relative, rel=1e-12
        )
        assert value["lieb_oxford_ratio_upper_error"] == pytest.approx(
            value["lieb_oxford_ratio_upper"] * relative, rel=1e-12
        )


_NUMBERS = (
    "rho_four_thirds", "rho_four_thirds_error", "gradient_four_thirds",
    "gradient_four_thirds_error", "v_comotion_error", "lieb_oxford_ratio",
    "lieb_oxford_ratio_error", "lieb_oxford_ratio_upper", "lieb_oxford_ratio_upper_error",
    "w_inf_lower", "w_inf_upper",
)  # fmt: skip


def test_errors_of_the_integrals_hold() -> None:
    """Closed forms of a Gaussian: |grad rho|^2 = r^2 rho^2."""
    n = 2
    density = gaussian(n)
    peak = n * (2 * np.pi) ** -1.5
    for power, weight, at in (
        (4 / 3, False, 0), (2 / 3, True, 1), (3 / 2, False, 2), (5 / 6, True, 3),
    ):  # fmt: skip
        a = power / 2
        closed = peak**power * (np.pi / a) ** 1.5 * (1.5 / a if weight else 1)
        value, error = expansion_integrals(density)[at], expansion_errors(density)[at]
        assert abs(value - closed) <= error + 1e-13
        assert error < 4e-7 * value


def test_a_model_without_a_number_has_no_error() -> None:
    row = {"rho_four_thirds": "1.0", "w_pc": "", "w_pc_prime": "0.4", "search_spread": "1e-9",
           "quadrature_error": "2e-9", "system": "a", "level": "b"}  # fmt: skip
    made = reference_row(row, exponential(2))
    assert "w_pc_error" not in made
    assert "gradient_four_thirds_error" not in made
    assert float(made["w_pc_prime_error"]) > 0
    assert "lieb_oxford_ratio_upper" not in made


@pytest.mark.parametrize("name", [
    "gradient_four_thirds", "rho_three_halves", "gradient_seven_sixths",
])  # fmt: skip
def test_integrals_of_the_expansions_have_errors(published: Path, name: str) -> None:
    """Of N exp(-r) / (8 pi): rho' = -rho, so that all are int rho^p."""
    power = {"gradient_four_thirds": 2 / 3, "rho_three_halves": 3 / 2,
             "gradient_seven_sixths": 5 / 6}[name]  # fmt: skip
    for row in read_rows(published):
        closed = (float(row["n_electrons"]) / (8 * np.pi)) ** power * 8 * np.pi / power**3
        value, error = float(row[name]), float(row[f"{name}_error"])
        assert abs(value - closed) <= error
        assert error < 4e-7 * value


def test_bars_of_a_best_density() -> None:
    best = {"energy_error": 1e-3, "v_quantum_error": 2e-3, "hartree_error": 3e-3,
            "v_comotion_error": 4e-3, "w_inf_comotion_error": 5e-3}  # fmt: skip
    row = {"rho_four_thirds": "1.0", "search_spread": "0.0", "quadrature_error": "0.0"}
    made = reference_row(row, exponential(2), best)
    names = ("energy_bar", "v_quantum_bar", "hartree_bar", "v_comotion_bar", "w_inf_bar")
    assert [made[name] for name in names] == ["0.001", "0.002", "0.003", "0.004", "0.005"]
    assert not set(names) & set(reference_row(row, exponential(2)))


def test_the_cheapest_plan_is_the_upper_bound() -> None:
    row = {"rho_four_thirds": "1.0", "search_spread": "0.0", "quadrature_error": "0.25",
           "v_best_pattern": "2.0", "v_comotion": "3.0"}  # fmt: skip
    assert reference_row(row, exponential(2))["upper"] == "2.25"
    assert reference_row(row | {"upper": "1.75"}, exponential(2))["upper"] == "1.75"
    assert "upper" not in reference_row(row | {"v_best_pattern": ""}, exponential(2))


def test_what_is_not_proven_is_left_out(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = results / "tables/energies.csv"
    rows = list(csv.DictReader(table.read_text().splitlines()))
    rows[0]["lower_proven"] = ""
    partly = tmp_path / "energies.csv"
    with partly.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    command = ["reference-add", "--results", str(results), "--table", str(partly), "--set"]
    main([*command, str(tmp_path / "set"), "--only-proven"])
    assert [row["system"] for row in read_rows(tmp_path / "set")] == [rows[1]["system"]]
    none = [f"{rows[0]['system']}/exact"]
    with pytest.raises(SystemExit):
        main([*command, str(tmp_path / "other"), "--only-proven", "--pairs", *none])
    assert "energies.csv: no row to add has a lower_proven" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()


def test_best_estimates_of_another_plan(results: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(results, tmp_path / "results"))
    write_json(copied / "exponential-2/exact/best.json", {"v_comotion": 1.0})
    with pytest.raises(RecordError, match=r"best.json: its v_comotion is not that of the table"):
        add_pairs(tmp_path / "set", copied, copied / "tables/energies.csv")


def test_what_has_no_certificate_is_not_called_proven(results: Path, published: Path) -> None:
    assert _study(results)["exponential-3"]["lower_proven_2"]
    assert "lower_proven_2" not in read_rows(published)[1]
    assert read_rows(published)[1]["lower_2"]


def test_every_column_has_a_meaning_of_the_tables_where_they_have_it() -> None:
    for name in COLUMNS:
        assert meaning_of(name).meaning
    assert meaning_of("upper_3") == column("upper_3")
    assert meaning_of("w_inf_lower") == column("w_inf_lower")


def test_rows_stand_by_electrons_system_and_level() -> None:
    keys = [("10", "Ne", "b"), ("2", "exponential-2", "a"), ("10", "Ne", "a"), ("2", "He", "z")]
    rows = [{"n_electrons": n, "system": s, "level": v} for n, s, v in keys]
    lines = [line.split(",")[:3] for line in table_text(rows).splitlines()[1:]]
    assert lines == [["He", "z", "2"], ["exponential-2", "a", "2"], ["Ne", "a", "10"],
                     ["Ne", "b", "10"]]  # fmt: skip


@pytest.mark.parametrize(("words", "sentence"), [
    ("--pairs exponential-4/exact", "has no row exponential-4/exact"),
    ("--edition 1", "version '1': write three numbers"),
    ("--date today", "date 'today': write year-month-day"),
])  # fmt: skip
def test_what_is_refused(
    results: Path, tmp_path: Path, words: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        add(results, tmp_path / "set", *words.split())
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "set").exists()


def test_a_table_of_other_results_is_refused(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "energies.csv"
    text = (results / "tables/energies.csv").read_text()
    cost = _study(results)["exponential-2"]["v_comotion"]
    table.write_text(text.replace(cost, cost[:-3] + str((int(cost[-3]) + 1) % 10)))
    with pytest.raises(SystemExit):
        main(["reference-add", "--results", str(results), "--table", str(table),
              "--set", str(tmp_path / "set")])  # fmt: skip
    assert "is not the plan of this row of the table" in capsys.readouterr().err


def test_an_edition_is_kept_until_another_is_named(results: Path, mine: Path) -> None:
    add(results, mine, "--pairs", "exponential-2/exact")
    assert edition_of(mine) == Edition("0.1.0", "2026-11-28")
    add(results, mine, "--pairs", "exponential-2/exact", "--edition", "0.2.0", "--date", "")
    assert edition_of(mine) == Edition("0.2.0", "")
    assert "date" not in (mine / "CITATION.cff").read_text()


def test_a_gap_is_refused() -> None:
    r = np.linspace(0.0, 4.0, 81)
    density = tabulated(r, np.where(np.abs(r - 2) < 0.3, 0.0, 0.2), normalize=True)
    potential = comotion_plan(exponential(2)).radial_potential
    with pytest.raises(DensityError, match="the density has a gap"):
        radial_table(density, potential)
    assert issubclass(DensityError, ComotionError)
