"""Every problem as a stage: its record, its arrays, and its figure from them."""

import importlib
import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from comotion.errors import TransportError
from comotion.figures.theory.__main__ import main as draw
from comotion.records import read_arrays, read_json, write_arrays
from comotion.theory.line import LINE_DENSITIES
from comotion.theory.problem import Solution
from comotion.theory.problems.line import programme
from comotion.theory.problems.representability import solve as representability

Solved = Callable[[str], Solution]

#: Small sizes, for speed.
_PROBLEMS: dict[str, dict[str, Any]] = {
    "line": {"atoms": 12},
    "antipodal": {"shells": 6, "directions": 6},
    "two_sites": {"shares": 11},
    "representability": {"sites": 6, "particles": 4},
    "infinite": {"weights": 7},
    "many": {"sphere": 6, "electrons": 4},
    "semiclassical": {"points": 24, "hbar": [3.0, 1.0, 0.5, 0.25, 0.12]},
    "radial_semiclassical": {"points": 16, "angles": 4, "hbar": [3.0, 1.0]},
    "three_particles": {"points": 14, "hbar": [1.0, 0.5]},
    "smoothing": {"points": 24, "hbar": [1.0, 0.5, 0.25]},
    "supports": {"points": 11},
}


@pytest.fixture(scope="module")
def solved() -> Callable[[str], Solution]:
    """Solutions of the problems, each solved once."""

    @cache
    def solve(problem: str) -> Solution:
        module = importlib.import_module(f"comotion.theory.problems.{problem}")
        found: Solution = module.solve(Namespace(**_PROBLEMS[problem]))
        return found

    return solve


def test_every_problem_is_here() -> None:
    package = Path(str(importlib.import_module("comotion.theory.problems").__file__)).parent
    assert {path.stem for path in package.glob("*.py")} - {"__init__"} == set(_PROBLEMS)
    captions = Path(__file__).parents[2] / "workflow/report/theory_figure.rst"
    for problem in _PROBLEMS:
        assert f'problem == "{problem}"' in captions.read_text(encoding="utf-8")


@pytest.mark.parametrize("problem", list(_PROBLEMS))
def test_record_and_figure(problem: str, solved: Solved, tmp_path: Path) -> None:
    solution = solved(problem)
    # Numbers only: nothing that JSON cannot hold slipped through.
    json.dumps(solution.numbers, allow_nan=False)
    arrays, figure = tmp_path / "a.h5", tmp_path / f"{problem}.svg"
    write_arrays(arrays, solution.arrays, {"problem": problem})
    draw(Namespace(problem=problem, arrays=arrays, out=[figure]))
    assert figure.read_text(encoding="utf-8").count("<path") > 12


def test_command_line(tmp_path: Path) -> None:
    record, arrays = tmp_path / "record.json", tmp_path / "arrays.h5"
    command = ["comotion.theory.problems.two_sites", "--shares", "5"]
    files = ["--record", str(record), "--arrays", str(arrays)]
    subprocess.run([sys.executable, "-W", "error", "-m", *command, *files], check=True)
    assert read_json(record)["problem"] == "two_sites"
    assert len(read_arrays(arrays)[1]["share"]) == 5


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
    assert solved("supports").numbers["tangent_rank"] == {"2": 3, "3": 4, "4": 4}
    smoothed = solved("smoothing").numbers
    assert smoothed["marginal_error"] < 1e-14
    for hbar, value in smoothed["functional"].items():
        assert smoothed["transport_cost"] < value < smoothed["gaussian"][hbar]


def test_wrong_inputs() -> None:
    with pytest.raises(TransportError, match="10 atoms cannot be shared among 3"):
        programme(LINE_DENSITIES["uniform"], 3, 10)

    with pytest.raises(TransportError, match="even number of sites, not 5"):
        representability(Namespace(sites=5, particles=3))
