"""Kohn-Sham systems on disk."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from comotion import MODELS
from comotion.errors import RecordError
from comotion.io import read_arrays, write_arrays
from comotion.kohn_sham.of_density import KohnShamSystem, kohn_sham_system
from comotion.kohn_sham.potential_storage import (
    load_kohn_sham,
    potential_arrays,
    save_kohn_sham,
)


@pytest.fixture(scope="module")
def system() -> KohnShamSystem:
    return kohn_sham_system("Li+", MODELS["exponential"](2).stretched(1 / 6))


def test_what_is_written_is_read(system: KohnShamSystem, tmp_path: Path) -> None:
    save_kohn_sham(tmp_path / "kohn_sham.h5", "mine_x", system)
    level, found = load_kohn_sham(tmp_path / "kohn_sham.h5")
    assert level == "mine_x"
    for one in fields(KohnShamSystem):
        mine, theirs = getattr(system, one.name), getattr(found, one.name)
        assert type(mine) is type(theirs), one.name
        if not isinstance(mine, np.ndarray):
            assert mine == theirs, one.name
        elif one.name == "v_s":
            # Written as the potential of the electrons less that of the nucleus.
            np.testing.assert_allclose(mine, theirs, rtol=1e-12)
        else:
            np.testing.assert_array_equal(mine, theirs)
    assert repr(found) == repr(system)


def test_units_of_what_is_written(system: KohnShamSystem) -> None:
    found = potential_arrays(
        system.radii, v_hxc=system.v_hxc, v_hartree=system.v_hartree, nuclear_charge=3,
        charge=system.charge,
    )  # fmt: skip
    assert {name: unit for name, (_, unit, _) in found.items()} == {
        "radii": "bohr", "v_s": "hartree", "v_hxc": "hartree", "v_xc": "hartree",
        "charge": "bohr^-1",
    }  # fmt: skip
    np.testing.assert_allclose(found["v_s"][0], system.v_s, rtol=1e-12)
    np.testing.assert_array_equal(found["v_xc"][0], system.v_hxc - system.v_hartree)


@pytest.mark.parametrize("lost", ["weights", "charge_found", "v_hartree"])
def test_the_potential_of_a_self_consistent_atom_is_no_system(
    system: KohnShamSystem, tmp_path: Path, lost: str
) -> None:
    path = tmp_path / "kohn_sham.h5"
    save_kohn_sham(path, "mine_x", system)
    attributes, arrays = read_arrays(path)
    versions = {"versions"}
    kept = {name: (values, "", "") for name, values in arrays.items() if name != lost}
    write_arrays(path, kept, {k: v for k, v in attributes.items() if k not in versions})
    with pytest.raises(RecordError, match=r"kohn_sham\.h5: holds no Kohn-Sham system of a density"):
        load_kohn_sham(path)
