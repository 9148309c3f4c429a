"""The stage of the plan: what it writes, and what it keeps back."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from comotion import GammaMixture, energies_table
from comotion.analysis import load
from comotion.cli import main
from comotion.density.radial import RadialDensity
from comotion.density.storage import save_density
from comotion.io import read_json
from comotion.stages.records import density_integrals_record


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
    assert "more than half of itself" in found["w_inf_prime_missing"]
    integrals = density_integrals_record("shells", "exact", density)
    table = energies_table([("sce", found), ("density", integrals)])
    assert pd.isna(table["w_inf_prime"].iloc[0])
    assert "unknown: its error is too large" in repr(load(tmp_path))
