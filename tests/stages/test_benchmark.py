"""The benchmark's table and fit; its times are not tested, only that they are times."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from comotion import MODELS
from comotion.density.storage import save_density
from comotion.stages.benchmark import cost_exponent, pair_times


def test_table(tmp_path: Path) -> None:
    for n in (2, 3):
        save_density(tmp_path / f"{n}.h5", f"exponential-{n}", "exact", MODELS["exponential"](n))
    subprocess.run(
        [
            sys.executable, "-m", "comotion", "benchmark",
            "--densities", tmp_path / "3.h5", tmp_path / "2.h5",
            "--tolerances", "1e-6", "1e-6",
            "--csv", tmp_path / "b.csv", "--markdown", tmp_path / "b.md",
        ],
        check=True,
    )  # fmt: skip
    table = pd.read_csv(tmp_path / "b.csv")
    assert table["n_electrons"].tolist() == [2, 3]
    assert table["v_comotion"][0] == pytest.approx(0.169590237924, abs=1e-9)
    assert (table[["cpu_seconds", "peak_megabytes"]] > 0).all(axis=None)
    assert table["v_published"].isna().all()
    assert "| exponential-3 | exact | 3 |  |" in (tmp_path / "b.md").read_text()


def test_pair_times_are_times() -> None:
    assert min(pair_times(MODELS["sqrt_r"](18))) > 0


def test_exponent_of_a_known_power() -> None:
    table = pd.DataFrame({"n_electrons": [4, 10, 20, 40], "cpu_seconds": [9, 1, 8, 64]})
    assert cost_exponent(table) == pytest.approx(3)
