"""The stage of the plan: what it writes, and what it keeps back."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from comotion import GammaMixture, energies_table
from comotion.analysis import load
from comotion.cli import main
from comotion.density.functionals import density_integrals
from comotion.density.model_densities import model
from comotion.density.radial import RadialDensity
from comotion.density.storage import save_density
from comotion.io import read_json
from comotion.stages.records import density_integrals_record
from comotion.transport.comotion import Accuracy, comotion_plan
from comotion.transport.patterns import BestPattern, best_pattern
from comotion.transport.plan import Plan
from comotion.transport.zero_point import ZeroPoint, zero_point
from told import Told


def _run(folder: Path, *words: str) -> None:
    """Run the stage on density.h5 of a folder."""
    files = {"density": "density.h5", "sce": "sce.json", "plan": "plan.h5", "pattern": "pattern.h5"}
    paths = [word for key, name in files.items() for word in (f"--{key}", str(folder / name))]
    main(["plan", *paths, *words])


def test_a_number_that_is_not_known_is_left_out_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """1.5 electrons at 0.01 bohr and 1.5 at 100, with a break at the gap and without."""
    exponents = 10 / np.array([0.01, 100.0])
    density = GammaMixture(3, np.full(2, 1.5), np.full(2, 10.0), exponents, s=1)
    save_density(tmp_path / "density.h5", "shells", "exact", density)
    _run(tmp_path)
    known = read_json(tmp_path / "sce.json")
    assert known["w_inf_prime_missing"] is None
    assert known["w_inf_prime_error"] < 1e-5 * known["w_inf_prime"]
    monkeypatch.setattr(RadialDensity, "gaps", np.empty(0))
    with pytest.raises(SystemExit):
        _run(tmp_path)
    assert "more than the quadrature tolerance 1e-07" in capsys.readouterr().err
    _run(tmp_path, "--quadrature-tolerance", "0.5")
    found = read_json(tmp_path / "sce.json")
    assert found["w_inf_prime"] is None
    assert found["w_inf_prime_error"] > 1
    assert "more than half of itself" in found["w_inf_prime_missing"]
    integrals = density_integrals_record("shells", "exact", density)
    table = energies_table([("sce", found), ("density", integrals)])
    assert pd.isna(table["w_inf_prime"].iloc[0])
    assert "unknown: its error is too large" in repr(load(tmp_path))


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the stage writes of three electrons, no option at its default; the cost is 0.609."""
    folder = tmp_path_factory.mktemp("three")
    save_density(folder / "density.h5", "exponential-3", "exact", model("exponential-3"))
    _run(
        folder, "--seeds", "5", "3", "9", "--tolerance", "2e-5", "--quadrature-tolerance", "3e-6",
        "--accept-disagreement", "--pattern-electrons", "3",
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def found() -> tuple[Plan, BestPattern]:
    """What the library finds of the same; another pattern is cheaper."""
    accuracy = Accuracy(2e-5, 3e-6, accept_disagreement=True)
    plan = comotion_plan(model("exponential-3"), seeds=(5, 3, 9), accuracy=accuracy)
    return plan, best_pattern(model("exponential-3"), plan, accuracy=accuracy)


def test_every_key_of_the_record_is_the_librarys(
    three: Path, found: tuple[Plan, BestPattern]
) -> None:
    plan, best = found
    oscillations, integrals = zero_point(plan), density_integrals(model("exponential-3"))
    record = read_json(three / "sce.json")
    del record["provenance"]
    assert record == {
        "system": "exponential-3",
        "level": "exact",
        "n_electrons": 3,
        "v_comotion": plan.cost,
        "w_inf_comotion": pytest.approx(plan.cost - integrals.hartree, rel=1e-11),
        "v_best_pattern": best.plan.cost,
        "best_pattern": "udd",
        "patterns_tried": 4,
        "patterns_exhaustive": True,
        "v_by_seed": list(plan.cost_by_seed),
        "search_spread": plan.search_spread,
        "quadrature_error": plan.quadrature_error,
        "w_inf_prime": oscillations.w_inf_prime,
        "w_inf_prime_error": oscillations.quadrature_error,
        "w_inf_prime_missing": None,
        "unstable_share": oscillations.unstable_share,
        "least_eigenvalue": oscillations.least_eigenvalue,
        "zero_mode_residual": oscillations.zero_mode_residual,
        "nodes": len(plan.q if plan.q is not None else ()),
        "moves": plan.moves,
        "settings": {
            "seeds": [5, 3, 9],
            "accuracy": {"seeds": 2e-5, "quadrature": 3e-6, "accept_disagreement": True},
            "pattern_electrons": 3,
        },
    }
    # Each is another number, so that no two can have changed places.
    assert len(record["v_by_seed"]) == 3
    assert record["v_best_pattern"] < record["v_comotion"] - 1e-3
    assert record["w_inf_comotion"] < 0 < record["w_inf_prime"]
    assert 0.5 < record["unstable_share"] <= 1 + 1e-9
    assert record["least_eigenvalue"] < 0 < record["zero_mode_residual"]


def test_the_plans_are_those_of_the_record(three: Path, found: tuple[Plan, BestPattern]) -> None:
    for name, plan, directions in (
        ("plan", found[0], [True, False, True]), ("pattern", found[1].plan, [True, False, False]),
    ):  # fmt: skip
        stored = Plan.load(three / f"{name}.h5")
        assert (stored.system, stored.level) == ("exponential-3", "exact")
        assert stored.upward.tolist() == directions
        assert stored.cost == plan.cost
        np.testing.assert_array_equal(stored.positions, plan.positions)


def test_defaults(tmp_path: Path) -> None:
    """Two electrons have one pattern, which is not searched for."""
    density = model("exponential-2")
    save_density(tmp_path / "density.h5", "exponential-2", "exact", density)
    _run(tmp_path)
    record, plan = read_json(tmp_path / "sce.json"), comotion_plan(density)
    assert record["v_comotion"] == record["v_best_pattern"] == plan.cost
    assert (record["best_pattern"], record["patterns_tried"]) == ("ud", 1)
    assert record["patterns_exhaustive"] is True
    assert record["settings"] == {
        "seeds": [1, 2],
        "accuracy": {"seeds": 1e-5, "quadrature": 1e-7, "accept_disagreement": False},
        "pattern_electrons": 10,
    }


def test_patterns_of_more_electrons_than_asked_for_are_not_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit itself is tried, as above; the search is not begun for one electron more."""
    save_density(tmp_path / "density.h5", "exponential-3", "exact", model("exponential-3"))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("comotion.stages.plan.best_pattern", refuse)
    _run(tmp_path, "--pattern-electrons", "2")
    record = read_json(tmp_path / "sce.json")
    assert record["v_best_pattern"] == record["v_comotion"]
    assert (record["best_pattern"], record["patterns_tried"]) == ("udu", 1)
    assert record["patterns_exhaustive"] is False


def test_an_error_without_bound_is_null(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where nodes that count lie in a gap of the density; JSON has no infinity."""
    unknown = ZeroPoint(math.nan, math.inf, np.ones((1, 1)), -0.1, 0.3, 0.2)
    monkeypatch.setattr("comotion.stages.plan.zero_point", lambda _: unknown)
    save_density(tmp_path / "density.h5", "exponential-2", "exact", model("exponential-2"))
    _run(tmp_path)
    record = read_json(tmp_path / "sce.json")
    assert record["w_inf_prime"] is record["w_inf_prime_error"] is None
    assert "error is inf hartree" in record["w_inf_prime_missing"]


def test_each_part_is_heard_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, Told]] = []

    @contextmanager
    def progress(name: str) -> Iterator[Told]:
        heard.append((name, Told()))
        yield heard[-1][1]

    monkeypatch.setattr("comotion.stages.plan.Progress", progress)
    save_density(tmp_path / "density.h5", "ball-3", "exact", model("ball-3"))
    _run(tmp_path)
    ((name, told),) = heard
    assert name == "ball-3"
    steps = list(dict.fromkeys(told.steps))
    ranking = steps.index("ranking patterns")
    # The plan before it; after it the best patterns, each by its name, and what comes last.
    assert ranking > 0
    assert any(step.startswith("pattern u") for step in steps[ranking:])
    assert steps[-1] == "zero-point oscillations"
