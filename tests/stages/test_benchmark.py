"""The benchmark's table and fit; the clock of the tests goes as it is told."""

import math
import resource
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from comotion import MODELS
from comotion.cli import main
from comotion.density.storage import save_density
from comotion.stages import benchmark
from comotion.stages.benchmark import cost_exponent, pair_times
from comotion.transport.comotion import Accuracy, comotion_plan
from comotion.transport.maps import configuration_radii

_COLUMNS = (
    "system", "level", "n_electrons", "nodes", "v_comotion", "search_spread", "quadrature_error",
    "wall_seconds", "cpu_seconds", "peak_megabytes", "double_loop_ns_per_pair",
    "kernel_ns_per_pair", "minimiser_ns_per_pair", "v_published",
)  # fmt: skip


class Clock:
    """A clock of which each reading is as long after the last as is said."""

    def __init__(self, wall: float, cpu: float) -> None:
        self._wall, self._cpu, self.now = wall, cpu, 0.0

    def perf_counter(self) -> float:
        """Seconds on the wall."""
        self.now += self._wall
        return self.now

    def process_time(self) -> float:
        """Seconds of the process, each reading a tenth later."""
        self._cpu *= 3
        return self._cpu


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[Any]]:
    """The table of a known density and another, the larger first, and how they were computed."""
    told: list[Any] = []

    def counted(*arguments: Any, **options: Any) -> Any:
        told.append(options["accuracy"])
        return comotion_plan(*arguments, **options)

    monkeypatch.setattr(benchmark, "comotion_plan", counted)
    monkeypatch.setattr(benchmark, "pair_times", lambda rho: (3.0, 2.0, rho.n_electrons + 0.125))
    monkeypatch.setattr(benchmark, "compile_engine", lambda: told.append("compiled"))
    monkeypatch.setattr(benchmark, "time", Clock(2.5, 0.5))
    names = ("sqrt_r-4", "exponential-2")
    for name in names:
        kind, n = name.split("-")
        save_density(tmp_path / f"{name}.h5", name, "exact", MODELS[kind](int(n)))
    main([
        "benchmark", "--densities", *(f"{tmp_path}/{name}.h5" for name in names),
        "--tolerances", "1e-4", "1e-3", "--csv", f"{tmp_path}/b.csv",
        "--markdown", f"{tmp_path}/b.md",
    ])  # fmt: skip
    return tmp_path, told


def test_table(table: tuple[Path, list[Any]]) -> None:
    folder, told = table
    assert told == [
        "compiled", Accuracy(1e-4, 3e-8, accept_disagreement=True),
        Accuracy(1e-3, 3e-8, accept_disagreement=True),
    ]  # fmt: skip
    rows = pd.read_csv(folder / "b.csv")
    assert tuple(rows.columns) == _COLUMNS
    for row, accuracy in zip(rows.to_dict("records"), (told[2], told[1]), strict=True):
        kind, n = row["system"].split("-")
        plan = comotion_plan(MODELS[kind](int(n)), accuracy=accuracy)
        assert row["level"] == "exact"
        assert row["n_electrons"] == int(n)
        assert row["nodes"] == len(plan.weights)
        for name, value in (
            ("v_comotion", plan.cost), ("search_spread", plan.search_spread),
            ("quadrature_error", plan.quadrature_error),
        ):  # fmt: skip
            assert row[name] == pytest.approx(value, rel=1e-14, abs=1e-300), name
        times = [row[f"{name}_ns_per_pair"] for name in ("double_loop", "kernel", "minimiser")]
        assert times == [3.0, 2.0, int(n) + 0.125]
        assert row["wall_seconds"] == 2.5
    assert rows["system"].tolist() == ["exponential-2", "sqrt_r-4"]
    # The process's clock: 1.5, 4.5 about the first density, 13.5, 40.5 about the second.
    assert rows["cpu_seconds"].tolist() == [27.0, 3.0]
    now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert rows["peak_megabytes"].between(0.5 * now, now).all()
    # Only one of them was published, K. J. Daas et al., arXiv:2211.07512.
    assert math.isnan(rows["v_published"][0])
    assert rows["v_published"][1] == pytest.approx(rows["v_comotion"][1], abs=5e-8)


def test_table_for_people(table: tuple[Path, list[Any]]) -> None:
    folder, _ = table
    rows = pd.read_csv(folder / "b.csv")
    lines = (folder / "b.md").read_text().splitlines()
    assert lines[0] == (
        "| system | level | n electrons | v published | v comotion | search spread | quadrature"
        " error | nodes | cpu seconds | peak megabytes | double loop ns per pair | kernel ns per"
        " pair | minimiser ns per pair |"
    )
    assert lines[1] == "| --- " * 13 + "|"
    for line, (_, row) in zip(lines[2:4], rows.iterrows(), strict=True):
        known = row["system"] == "sqrt_r-4"
        assert line == (
            f"| {row['system']} | exact | {row['n_electrons']} | {'1.105753' if known else ''} |"
            f" {row['v_comotion']:.7f} | {row['search_spread']:.0e} |"
            f" {row['quadrature_error']:.0e} | {row['nodes']} | {3.0 if known else 27.0} |"
            f" {row['peak_megabytes']:.0f} | 3.00 | 2.00 | {row['n_electrons']}.12 |"
        )
    assert lines[4:] == ["", "CPU seconds grow like N^nan."]


def test_pair_times_are_times() -> None:
    assert min(pair_times(MODELS["sqrt_r"](18))) > 0


def test_times_are_nanoseconds_for_each_pair_and_evaluation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of work that takes as long as it says, but for one repetition that was disturbed."""
    pairs, clock = 18 * 17 / 2, SimpleNamespace(now=0.0, runs=0)

    def work(nanoseconds: float) -> Any:
        def run(*arguments: Any) -> int:
            evaluations = next(x for x in arguments if isinstance(x, int))
            disturbed = 50 if clock.runs % 7 == 5 else 1
            clock.runs += 1
            clock.now += 1e-9 * nanoseconds * pairs * evaluations * disturbed
            return int(evaluations)

        return run

    told: list[Any] = []

    def radii(*arguments: Any) -> Any:
        told.append(arguments)
        return configuration_radii(*arguments)

    monkeypatch.setattr(benchmark, "configuration_radii", radii)
    for name, nanoseconds in (("_loop", 3.0), ("_kernel", 2.0), ("_minimise", 5.0)):
        monkeypatch.setattr(benchmark, name, work(nanoseconds))
    monkeypatch.setattr(benchmark, "time", SimpleNamespace(perf_counter=lambda: clock.now))
    assert pair_times(MODELS["sqrt_r"](18)) == pytest.approx((3.0, 2.0, 5.0))
    # Of the configuration in the middle of the plan, at which shells are half filled.
    ((_, q, complement, upward),) = told
    assert (q, complement) == ([0.5], [0.5])
    assert upward.tolist() == [True, False] * 9


def test_exponent_of_a_known_power() -> None:
    """From ten electrons on; the smaller are another power."""
    table = pd.DataFrame({"n_electrons": [4, 9, 10, 20, 40], "cpu_seconds": [9, 99, 1, 8, 64]})
    assert cost_exponent(table) == pytest.approx(3)
    assert np.isnan(cost_exponent(table[:3]))
    assert np.isnan(cost_exponent(table[:3].iloc[[2, 2]]))
    assert cost_exponent(table[:4]) == pytest.approx(3)
