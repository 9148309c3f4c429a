"""The stage of the bracket: every number that it writes beside the library's."""

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import yaml

from comotion import MODELS, comotion_plan, hartree, pair_value
from comotion.cli import main
from comotion.density.storage import load_density
from comotion.io import read_arrays, read_json
from comotion.stages import bracket as stage
from comotion.stages import hierarchy as hierarchy_stage
from comotion.transport.bounds.bracket import BracketEffort, bracket
from comotion.transport.bounds.certificate import Bracket
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.comotion import Accuracy
from comotion.transport.optimal_zero_point import OptimalZeroPoint, optimal_zero_point
from comotion.transport.patterns import best_pattern, pattern_name
from comotion.transport.plan import Plan

_EFFORT = BracketEffort(splines=(8, 10), cells_per_shell=4, iterations=3, seed=5)
_WORDS = [
    "--seeds", "5", "6", "--splines", "8", "10", "--cells", "4", "--iterations", "3",
    "--hierarchy", "3", "--tolerance", "2e-5", "--quadrature-tolerance", "3e-7",
]  # fmt: skip
_OSCILLATIONS = OptimalZeroPoint(
    w_inf_prime=2.5, error=0.125, rippled=(2.75, 2.625), smoothed=(2.5, 2.375), missing=None,
    beyond_knots=0.0, imaginary=0.0, n_configurations=3, largest_slack=0.0, least_eigenvalue=0.0,
    along=0.0,
)  # fmt: skip
_FILES = ("density", "plan", "pattern", "bracket", "details", "upper-plan")


def _paths(folder: Path, *names: str) -> list[str]:
    """Options that name files in a folder."""
    ends = {"bracket": "json", "sce": "json", "integrals": "json"}
    return [
        word
        for name in names
        for word in (f"--{name}", str(folder / f"{name}.{ends.get(name, 'h5')}"))
    ]


def _planned(folder: Path, system: str) -> None:
    """Density, plan and pattern of a model in a folder."""
    main(["model", "--system", system, *_paths(folder, "density", "integrals")])
    main(["plan", "--seeds", "5", "6", *_paths(folder, "density", "sce", "plan", "pattern")])


@dataclass(frozen=True)
class _Run:
    """What a run of the stage wrote, and the same by the library."""

    folder: Path
    record: dict[str, Any]
    found: Bracket
    said: str


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> _Run:
    """Four electrons, whose best pattern is not the co-motion plan."""
    folder = tmp_path_factory.mktemp("exponential-4")
    _planned(folder, "exponential-4")
    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.print", lambda line, **_: lines.append(line))
        main(["bracket", *_WORDS, *_paths(folder, *_FILES)])
    plans = [Plan.load(folder / "plan.h5"), Plan.load(folder / "pattern.h5")]
    found = bracket(plans[0].density, plans, effort=_EFFORT)
    return _Run(folder, read_json(folder / "bracket.json"), found, "\n".join(lines))


def test_the_plan_and_the_pattern_are_two(four: _Run) -> None:
    """The record of the plan, too: W_inf is that of the co-motion plan, not of the pattern."""
    density = MODELS["exponential"](4)
    plan = comotion_plan(density, seeds=(5, 6))
    best = best_pattern(density, plan)
    sce = read_json(four.folder / "sce.json")
    assert sce["v_comotion"] == plan.cost
    assert sce["w_inf_comotion"] == plan.cost - hartree(density)
    assert sce["v_best_pattern"] == best.plan.cost < plan.cost - 1e-3
    assert sce["best_pattern"] == pattern_name(best.plan.upward) != "udud"
    assert (sce["patterns_tried"], sce["patterns_exhaustive"]) == (best.tried, best.exhaustive)


def test_every_key_of_the_record(four: _Run) -> None:
    found, record = four.found, dict(four.record)
    primal = found.primal
    assert primal is not None
    oscillations = optimal_zero_point(found, seed=5)
    assert record.pop("provenance")
    hierarchy = record.pop("hierarchy_bracket")
    assert set(hierarchy) == {"2", "3"}
    assert record == {
        "system": "exponential-4",
        "level": "exact",
        "n_electrons": 4,
        "lower": found.lower,
        "lower_from": found.lower_from,
        "upper": found.upper,
        "gap": found.upper - found.lower,
        "relative_gap": (found.upper - found.lower) / found.upper,
        "v_comotion": Plan.load(four.folder / "plan.h5").cost,
        "comotion_excess": found.v_comotion - found.upper,
        "comotion_within_gap": found.v_comotion - found.upper <= found.upper - found.lower,
        "spline_error": found.spline_error,
        "lower_duality": found.dual.value,
        "lower_programme": found.dual.programme,
        "lower_searched": found.dual.searched,
        "lower_corrected": found.dual.corrected,
        "lower_stopped_by": found.dual.stopped_by,
        "largest_slack": max(found.dual.slack),
        "w_inf_prime_optimal": oscillations.w_inf_prime,
        "w_inf_prime_optimal_error": oscillations.error,
        "w_inf_prime_optimal_missing": None,
        "upper_plan": "cells",
        "upper_cells": 16,
        "upper_iterations": 3,
        "upper_stopped_by": primal.stopped_by,
        "upper_quadrature_error": primal.plan.quadrature_error,
        "upper_marginal_error": primal.plan.marginal_error,
        "settings": {"splines": [8, 10], "cells_per_shell": 4, "iterations": 3, "seed": 5},
    }
    # Each of these is a number of its own: no two could be exchanged unseen.
    numbers = [value for value in record.values() if type(value) is float and value != 0]
    assert len(set(numbers)) >= 13
    assert record["upper"] < Plan.load(four.folder / "pattern.h5").cost
    assert record["spline_error"] > 1e-6


def test_oscillations_without_a_value() -> None:
    """The reason instead of a number, and no error bar that JSON does not know."""
    assert stage._oscillations(_OSCILLATIONS) == {
        "w_inf_prime_optimal": 2.5,
        "w_inf_prime_optimal_error": 0.125,
        "w_inf_prime_optimal_missing": None,
    }
    unknown = replace(_OSCILLATIONS, w_inf_prime=math.nan, error=math.inf, missing="it has none")
    assert stage._oscillations(unknown) == {
        "w_inf_prime_optimal": None,
        "w_inf_prime_optimal_error": None,
        "w_inf_prime_optimal_missing": "it has none",
    }


def test_brackets_of_the_hierarchy(four: _Run) -> None:
    """V_3 of four electrons is 4 * 3 / (3 * 2) times the cost of three in three quarters of it."""
    density = MODELS["exponential"](4)
    pair = pair_value(density)
    lower, upper = four.record["hierarchy_bracket"]["2"]
    assert (lower, upper) == (pair.value - pair.error, pair.value + pair.error)
    assert lower < pair.value < upper
    plan = comotion_plan(density.scaled(3), seeds=(5, 6), accuracy=Accuracy(2e-5, 3e-7))
    found = bracket(density.scaled(3), plan, effort=_EFFORT)
    assert four.record["hierarchy_bracket"]["3"] == [2 * found.lower, 2 * found.upper]
    assert pair.value < 2 * found.lower < 2 * found.upper < four.record["upper"]


def test_the_details(four: _Run) -> None:
    attributes, arrays = read_arrays(four.folder / "details.h5")
    assert (attributes["system"], attributes["level"]) == ("exponential-4", "exact")
    bound = DualBound.load(four.folder / "details.h5")
    r = arrays["grid"]
    density = MODELS["exponential"](4)
    assert len(r) == 400
    ends = density.radius([1e-4, 4 - 1e-4], [4 - 1e-4, 1e-4])
    np.testing.assert_allclose(r[[0, -1]], ends, rtol=1e-12)
    np.testing.assert_allclose(np.diff(np.log(r)), np.log(ends[1] / ends[0]) / 399)
    np.testing.assert_array_equal(arrays["dual_potential"], bound.potential(r))
    np.testing.assert_array_equal(arrays["dual_potential"], four.found.potential(r))
    forces = Plan.load(four.folder / "plan.h5").potential(r)
    np.testing.assert_allclose(arrays["force_potential"], forces, rtol=2e-3)
    pattern = Plan.load(four.folder / "pattern.h5").potential(r)
    assert np.max(np.abs(arrays["force_potential"] / pattern - 1)) > 1e-2
    with h5py.File(four.folder / "details.h5") as file:
        for name, unit in (("grid", "bohr"), ("dual_potential", "hartree"),
                           ("force_potential", "hartree")):  # fmt: skip
            assert file[name].attrs["unit"] == unit
        assert "u(inf) = 0" in file["dual_potential"].attrs["meaning"]
        assert "co-motion" in file["force_potential"].attrs["meaning"]


def test_the_cheapest_plan(four: _Run) -> None:
    plan = Plan.load(four.folder / "upper-plan.h5")
    assert (plan.system, plan.level) == ("exponential-4", "exact")
    assert plan.kind == "cells"
    assert plan.cost + plan.quadrature_error == four.record["upper"]
    np.testing.assert_array_equal(plan.positions, four.found.plan.positions)
    np.testing.assert_array_equal(plan.weights, four.found.plan.weights)


def test_it_says_what_it_found(four: _Run) -> None:
    found = four.found
    assert (
        f"exponential-4: bracket [{found.lower:.8f}, {found.upper:.8f}], relative gap "
        f"{found.gap / found.upper:.1e}"
    ) in four.said


def test_two_electrons_need_no_cells(tmp_path: Path) -> None:
    """No plan by cells, one space of potentials, and no V_k below V_2 itself."""
    _planned(tmp_path, "exponential-2")
    words = ["--splines", "12", "--hierarchy", "9", *_paths(tmp_path, *_FILES)]
    main(["bracket", *words, "--parts", str(tmp_path / "parts")])
    record = read_json(tmp_path / "bracket.json")
    assert record["hierarchy_bracket"] == {}
    assert record["spline_error"] is None
    assert record["upper_plan"] == "comotion"
    assert record["lower_from"] == "V_2"
    assert record["settings"]["seed"] == 1
    for name in ("cells", "iterations", "stopped_by", "quadrature_error", "marginal_error"):
        assert record[f"upper_{name}"] is None
    plan = Plan.load(tmp_path / "plan.h5")
    assert record["upper"] == plan.cost + plan.quadrature_error
    assert Plan.load(tmp_path / "upper-plan.h5").cost == plan.cost
    assert len(list((tmp_path / "parts").glob("*/dual_0_12.h5"))) == 1


@pytest.mark.parametrize(
    ("n", "highest", "orders"),
    [(3, 1, []), (3, 2, [2]), (3, 9, [2]), (4, 3, [2, 3]), (5, 0, []), (6, 4, [2, 3, 4])],
)  # fmt: skip
def test_orders_of_the_hierarchy(
    monkeypatch: pytest.MonkeyPatch, four: _Run, tmp_path: Path, n: int, highest: int,
    orders: list[int],
) -> None:  # fmt: skip
    """From 2 to the highest that is asked for, and below N."""
    asked: list[int] = []

    def inner(density: Any, k: int, *rest: Any) -> list[float]:
        assert density.n_electrons == n
        assert rest[0] == BracketEffort((40, 80), 20, 200, 1)
        asked.append(k)
        return [float(k), k + 0.5]

    density = MODELS["exponential"](n)
    read = load_density(four.folder / "density.h5")
    monkeypatch.setattr(stage, "load_density", lambda _: (*read[:2], density))
    monkeypatch.setattr(stage, "bracket", lambda *_, **__: four.found)
    monkeypatch.setattr(stage, "optimal_zero_point", lambda *_, **__: _OSCILLATIONS)
    monkeypatch.setattr(stage, "_hierarchy_bracket", inner)
    files = _paths(tmp_path, "bracket", "details", "upper-plan")
    main([
        "bracket", *_paths(four.folder, "density", "plan", "pattern"), *files,
        "--hierarchy", str(highest),
    ])  # fmt: skip
    record = read_json(tmp_path / "bracket.json")
    assert asked == orders
    assert record["hierarchy_bracket"] == {str(k): [k, k + 0.5] for k in orders}


def test_the_bracket_is_asked_with_plans_parts_and_effort(
    monkeypatch: pytest.MonkeyPatch, four: _Run, tmp_path: Path
) -> None:
    """The co-motion plan once, the pattern behind it where it is another, V_k in the same parts."""
    asked: list[tuple[Any, ...]] = []

    def told(density: Any, plan: Any, *, effort: Any, parts: Any, report: Any) -> Bracket:
        assert callable(report)
        asked.append((density.n_electrons, plan, effort, parts))
        return four.found

    monkeypatch.setattr(stage, "bracket", told)
    monkeypatch.setattr(stage, "optimal_zero_point", lambda *_, **__: _OSCILLATIONS)
    read = _paths(four.folder, "density", "plan")
    files = _paths(tmp_path, "bracket", "details", "upper-plan")
    for pattern in ("plan", "pattern"):
        main([
            "bracket", *_WORDS, *read, *files, "--parts", str(tmp_path / "parts"),
            "--pattern", str(four.folder / f"{pattern}.h5"),
        ])  # fmt: skip
    assert [one[0] for one in asked] == [4, 3, 4, 3]
    assert [plan.kind for plan in asked[0][1]] == ["comotion"]
    assert [plan.kind for plan in asked[2][1]] == ["comotion", "pattern"]
    for one in asked:
        assert one[2:] == (_EFFORT, tmp_path / "parts")
    record = read_json(tmp_path / "bracket.json")
    factor = 4 * 3 / (3 * 2)
    ends = [factor * four.found.lower, factor * four.found.upper]
    assert record["hierarchy_bracket"]["3"] == ends


def test_one_electron_has_no_bracket(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _planned(tmp_path, "exponential-1")
    with pytest.raises(SystemExit):
        main(["bracket", *_paths(tmp_path, *_FILES)])
    assert "exponential-1: one electron repels nothing" in capsys.readouterr().err
    assert not (tmp_path / "bracket.json").exists()


def _defaults(add_options: Callable[[argparse.ArgumentParser], None]) -> dict[str, Any]:
    """Values of options that are not given."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    return {action.dest: action.default for action in parser._actions}


def test_what_is_not_asked_for_is_as_in_the_default_study(project: Path) -> None:
    """The library, the command line and config.yaml have the same effort."""
    config = yaml.safe_load((project / "config.yaml").read_text())
    usual, effort = config["bracket"], BracketEffort()
    assert list(effort.splines) == usual["splines"]
    assert effort.cells_per_shell == usual["cells"]
    assert effort.iterations == usual["iterations"]
    assert effort.seed == 1
    given = _defaults(stage.add_options)
    for name in ("splines", "cells", "iterations", "hierarchy"):
        assert given[name] == usual[name], name
    search = config["transport"]
    assert _defaults(hierarchy_stage.add_options)["highest"] == search["hierarchy_highest"]
    assert given["seeds"] == search["seeds"]
    assert math.isclose(given["tolerance"], search["tolerance"])
    assert math.isclose(given["quadrature_tolerance"], search["quadrature_tolerance"])
    assert given["accept_disagreement"] is False
    assert given["parts"] is None
