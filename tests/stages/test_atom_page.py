"""The stage of the page of one system: its row, its plan, and the figures that its files allow."""

import re
from pathlib import Path

import pytest

from comotion import BracketEffort, bracket, comotion_plan
from comotion.cli import main
from comotion.density.model_densities import model

_HEAD = (
    "system,level,n_electrons,hartree,v_mean_field,v_comotion,search_spread,quadrature_error,"
    "v_best_pattern,v_2,v_2_error\n"
)
_ALONE = ["density and shell radii", "co-motion functions", "co-motion potential"]
_BRACKETED = ["potential of the lower bound", "slack", "support of the plan"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "energies.csv"
    row = "exponential-2,exact,2,0.625,0.3125,0.1696,0,1e-9,0.1696,0.1696,1e-9\n"
    path.write_text(_HEAD + "other-2,exact,2,1,1,0.9,0,0,0.9,0.9,0\n" + row)
    return path


def _drawn(page: Path) -> list[str]:
    return re.findall(r"<figcaption>([^<]*)</figcaption>", page.read_text())


def test_a_page_with_and_without_a_bracket(tmp_path: Path, table: Path) -> None:
    density = model("exponential-2")
    plan = comotion_plan(density)
    plan.save(tmp_path / "plan.h5")
    effort = BracketEffort(splines=(10, 20), cells_per_shell=4)
    found = bracket(density, plan, effort=effort)
    grid = [0.1, 1.0, 5.0]
    potential = (found.potential(grid), "hartree", "u")
    found.dual.save(
        tmp_path / "bracket.h5", {"system": "exponential-2", "level": "exact"},
        {"grid": (grid, "bohr", "r"), "dual_potential": potential},
    )  # fmt: skip
    out = tmp_path / "page.html"
    words = ["atom-page", "exponential-2", "exact", "--energies", str(table), "--html", str(out)]
    words += ["--plan", str(tmp_path / "plan.h5")]
    main([*words, "--bracket", "--upper-plan", "--pattern"])
    assert _drawn(out) == _ALONE
    assert 'data-name="v_comotion">0.16960000<' in out.read_text()
    files = ["--bracket", str(tmp_path / "bracket.h5")]
    for name in ("--upper-plan", "--pattern"):
        files += [name, str(tmp_path / "plan.h5")]
    main([*words, *files])
    assert _drawn(out) == _ALONE + _BRACKETED


def test_one_electron_has_no_figures(tmp_path: Path) -> None:
    comotion_plan(model("exponential-1")).save(tmp_path / "plan.h5")
    (tmp_path / "energies.csv").write_text(_HEAD + "exponential-1,exact,1,0.3125,0,0,0,0,0,,\n")
    main([
        "atom-page", "exponential-1", "exact", "--energies", str(tmp_path / "energies.csv"),
        "--plan", str(tmp_path / "plan.h5"), "--html", str(tmp_path / "a.html"), "--bracket",
        "--upper-plan", "--pattern",
    ])  # fmt: skip
    assert _drawn(tmp_path / "a.html") == []
    assert 'data-name="hartree">0.31250000<' in (tmp_path / "a.html").read_text()


def test_a_system_that_the_table_does_not_have(
    tmp_path: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([
            "atom-page", "He", "exact", "--energies", str(table), "--plan", "plan.h5", "--html",
            str(tmp_path / "a.html"), "--bracket", "--upper-plan", "--pattern",
        ])  # fmt: skip
    assert end.value.code == 1
    assert "has 0 rows of He at exact; give the table of a study" in capsys.readouterr().err
