"""Every problem solved: its numbers, its arrays, its figure from them, and the stage itself."""

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from comotion.cli import main
from comotion.errors import TransportError
from comotion.figures.canvas import save, style
from comotion.io import read_arrays, read_json, write_arrays
from comotion.models import PROBLEMS
from comotion.models.problem import Solution
from comotion.models.representability import solve as representability

Solved = Callable[[str], Solution]
Sizes = dict[str, dict[str, Any]]

#: Module of the figure of each problem; the function has the problem's name.
_FIGURES = {
    "line": "few_bodies",
    "antipodal": "few_bodies",
    "plans_not_maps": "few_bodies",
    "meeting_electrons": "meeting",
    "two_sites": "pair_densities",
    "representability": "pair_densities",
    "pair_bound": "pair_densities",
    "infinite": "many_bodies",
    "mean_field_limit": "many_bodies",
    "semiclassical": "small_hbar",
    "radial_semiclassical": "small_hbar",
    "three_particles": "small_hbar",
    "smoothing": "small_hbar",
}


def test_every_problem_is_here(sizes: Sizes) -> None:
    package = Path(str(import_module("comotion.models").__file__)).parent
    solvable = {
        path.stem for path in package.glob("*.py") if "\ndef solve(" in path.read_text("utf-8")
    }
    assert solvable == set(PROBLEMS) == set(sizes) == set(_FIGURES)
    report = Path(__file__).parents[2] / "workflow/report"
    captions = "".join(path.read_text(encoding="utf-8") for path in report.glob("*.rst"))
    for problem in PROBLEMS:
        assert f'problem == "{problem}"' in captions


@pytest.mark.parametrize("problem", PROBLEMS)
def test_record_and_figure(problem: str, solved: Solved, tmp_path: Path) -> None:
    solution = solved(problem)
    # Numbers only: nothing that JSON cannot hold slipped through.
    json.dumps(solution.numbers, allow_nan=False)
    stored, figure = tmp_path / "a.h5", tmp_path / f"{problem}.svg"
    write_arrays(stored, solution.arrays, {"problem": problem})
    draw = getattr(import_module(f"comotion.figures.models.{_FIGURES[problem]}"), problem)
    with style():
        drawn = draw(read_arrays(stored)[1])
        # That all is shown as it is stands in the tests of the figures; here it is the problem's.
        assert all(ax.has_data() for ax in drawn.axes)
        save(drawn, [figure])
    assert "<svg" in figure.read_text(encoding="utf-8")


def test_stage(tmp_path: Path) -> None:
    record, arrays = tmp_path / "record.json", tmp_path / "arrays.h5"
    files = ["--record", str(record), "--arrays", str(arrays)]
    main(["problem", "two_sites", *files, "--shares", "5"])
    assert read_json(record)["problem"] == "two_sites"
    attributes, found = read_arrays(arrays)
    assert attributes["problem"] == "two_sites"
    assert len(found["share"]) == 5
    main(["problem", "three_particles", *files, "--points", "8", "--hbar", "1", "0.5"])
    assert read_json(record)["settings"] == {"points": 8, "hbar": [1.0, 0.5]}


def test_stage_lists_problems_and_sizes(capsys: pytest.CaptureFixture[str], sizes: Sizes) -> None:
    with pytest.raises(SystemExit):
        main(["problem", "--help"])
    told = capsys.readouterr().out
    assert all(problem in told for problem in PROBLEMS)
    for problem, of_problem in sizes.items():
        with pytest.raises(SystemExit):
            main(["problem", problem, "--help"])
        told = capsys.readouterr().out
        assert all(f"--{size}" in told for size in of_problem)


def test_stage_refuses_what_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--record", "a.json", "--arrays", "a.h5"]
    for words, sentence in (
        (["circle", *files], "invalid choice: 'circle'"),
        (["line", *files, "--points", "3"], "unrecognized arguments: --points 3"),
        (["line", *files, "--atoms", "few"], "--atoms: invalid int value: 'few'"),
        (["line", "--record", "a.json"], "required: --arrays"),
    ):
        with pytest.raises(SystemExit) as stopped:
            main(["problem", *words])
        assert stopped.value.code == 2
        assert sentence in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        main(["problem", "line", *files, "--atoms", "10"])
    assert stopped.value.code == 1
    assert "10 atoms cannot be shared among 3" in capsys.readouterr().err


def test_what_the_records_show(solved: Solved) -> None:
    line = solved("line").numbers
    assert max(map(abs, line["programme_minus_monotone"].values())) < 1e-12
    assert max(map(abs, line["dual_minus_cost"].values())) < 1e-8
    for found in solved("antipodal").numbers["densities"].values():
        assert found["least_slack"] >= -1e-10
        assert abs(found["assignment_minus_antipodal"]) < 1e-14
    two = solved("two_sites").numbers
    assert max(two["programme_minus_closed"].values()) < 1e-12
    assert all(two["area"][k] == pytest.approx((int(k) + 1) / (3 * int(k))) for k in two["area"])
    test = solved("representability").numbers
    assert test["certificate_gap"] == pytest.approx(test["switch_distance"], abs=1e-9)
    assert test["switch_distance"] > 0.1
    for found in solved("infinite").numbers["examples"].values():
        assert abs(found["difference"]) < 1e-12
    assert solved("plans_not_maps").numbers["tangent_rank"] == {"2": 3, "3": 4, "4": 4}
    meeting = solved("meeting_electrons").numbers["densities"]
    for name in ("exponential", "lithium"):
        # The share of the excess that the gained plan shows is no rounding.
        found = meeting[name]
        assert found["excess"] > 100 * (found["excess_quadrature_error"] + found["marginal_error"])
        assert found["upper"] == pytest.approx(found["v_comotion"] - found["excess"], abs=1e-15)
    assert meeting["beryllium"]["gain_backwards"] > 1e-9
    smoothed = solved("smoothing").numbers
    assert smoothed["marginal_error"] < 1e-14
    for hbar, value in smoothed["functional"].items():
        assert smoothed["transport_cost"] < value < smoothed["gaussian"][hbar]


def test_wrong_inputs() -> None:
    with pytest.raises(TransportError, match="even number of sites, not 5"):
        representability(sites=5, particles=3)
