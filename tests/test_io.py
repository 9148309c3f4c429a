"""Records on disk: complete or absent, and read back as they were written."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from comotion import MODELS, RadialDensity, tabulated
from comotion.density.storage import load_density, save_density
from comotion.io import read_json, write_arrays, write_json
from comotion.stages.records import density_integrals_record

_R = np.exp(np.linspace(-9, 4, 300))


@pytest.mark.parametrize(
    "density",
    [
        MODELS["bohr"](4),
        MODELS["ball"](3),
        tabulated(_R, MODELS["gaussian"](2).density(_R) + 1e-40),
    ],
    ids=["gamma", "ball", "table"],
)
def test_density_round_trip(tmp_path: Path, density: RadialDensity) -> None:
    save_density(tmp_path / "density.h5", "name", "exact", density)
    system, level, back = load_density(tmp_path / "density.h5")
    assert (system, level, back.n_electrons) == ("name", "exact", density.n_electrons)
    r = np.array([0.01, 0.5, 0.9])
    np.testing.assert_array_equal(back.density(r), density.density(r))
    np.testing.assert_array_equal(back.cocumulant(r), density.cocumulant(r))


def test_every_array_has_a_unit(tmp_path: Path) -> None:
    save_density(tmp_path / "d.h5", "bohr-4", "exact", MODELS["bohr"](4))
    with h5py.File(tmp_path / "d.h5") as file:
        assert all(file[name].attrs["unit"] for name in file)


def test_record_has_provenance_and_full_digits(tmp_path: Path) -> None:
    record = density_integrals_record("gaussian-2", "exact", MODELS["gaussian"](2))
    write_json(tmp_path / "r.json", record)
    back = read_json(tmp_path / "r.json")
    assert back["hartree"] == record["hartree"]
    assert {"comotion", "numpy", "scipy", "pyscf"} <= set(back["provenance"]["versions"])
    assert "hartree" in back["provenance"]["units"]


def test_nothing_half_made_stays(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text("old")
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"energy": float("nan")})
    with pytest.raises(TypeError):
        write_arrays(tmp_path / "a.h5", {"x": (object(), "1", "")}, {})
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]
