"""What the page holds of a pair, against the files of the set and by other routes."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from comotion.audit.set_files import pair_name, read_pair, read_rows
from comotion.reference_page.entries import Kind, curves_of, first_levels, kind_of, numbers_of
from comotion.reference_page.packed_numbers import unpacked

Array = NDArray[np.float64]
_PAIRS = [
    ("He", "hylleraas_w10"), ("Li", "ccsd_aug-cc-pCVTZ"), ("bohr-10", "exact"),
    ("sqrt_r-4", "exact"), ("Ar", "hf_aug-cc-pVQZ"),
]  # fmt: skip


def _curves(folder: Path, system: str, level: str) -> dict[str, Array]:
    record = curves_of(folder, system, level)
    return {name: unpacked(one) for name, one in record.items() if name != "n"}


@pytest.mark.parametrize(("system", "kind"), [
    ("Ne", Kind("atom", "Ne", 10)), ("Ne8+", Kind("ion", "Ne", 10)), ("H-", Kind("ion", "H", 1)),
    ("bohr-10", Kind("model", "bohr", 0)), ("sqrt_r-4", Kind("model", "sqrt_r", 0)),
    ("mine", Kind("user", "mine", 0)),
])  # fmt: skip
def test_kinds(system: str, kind: Kind) -> None:
    assert kind_of(system) == kind


def test_the_first_level_has_the_lowest_energy() -> None:
    rows = [
        {"system": "Ne", "level": "ccsd_a", "energy": "-128.9"},
        {"system": "Ne", "level": "hf_b", "energy": "-128.5"},
        {"system": "Ne", "level": "ccsd_c", "energy": "-128.91"},
        {"system": "Ne", "level": "ks-v2_d", "energy": "-140.0"},
        {"system": "He", "level": "ks-v2_d", "energy": "-3.0"},
        {"system": "He", "level": "hf_b", "energy": "-2.8"},
        {"system": "bohr-2", "level": "exact", "energy": ""},
    ]
    assert first_levels(rows) == {"Ne": "ccsd_c", "He": "hf_b", "bohr-2": "exact"}


def test_cells_and_files(folder: Path) -> None:
    (row,) = [row for row in read_rows(folder) if row["level"] == "ccsd_aug-cc-pCVQZ"]
    found = numbers_of(folder, row)
    assert (found["system"], found["n"], found["kind"]) == ("Ne", 10, "atom")
    assert found["numbers"]["upper"] == ["45.91943778", "", row["upper"], ""]
    assert found["numbers"]["v_comotion"][2:] == [row["v_comotion"], row["v_comotion_error"]]
    assert found["bracket"]["lower"] == "45.91886964"
    assert [name for name, _ in found["files"]] == [
        "systems/Ne/ccsd_aug-cc-pCVQZ.h5", "systems/Ne/ccsd_aug-cc-pCVQZ.certificate.json.gz",
    ]  # fmt: skip
    assert all((folder / name).is_file() for name, _ in found["files"])


@pytest.mark.parametrize(("system", "level"), _PAIRS)
def test_density_and_potential_are_those_of_the_table(
    folder: Path, system: str, level: str
) -> None:
    """Between the points too: to 0.5 % of the highest density, and 0.1 % of the potential."""
    arrays = read_pair(folder, pair_name(system, level)).arrays
    found = _curves(folder, system, level)
    x = np.log(arrays["r"])
    within = (arrays["r"] >= found["r"][0]) & (arrays["r"] <= found["r"][-1])
    density = 4 * np.pi * arrays["r"] ** 2 * arrays["rho"]
    for drawn, right, most in (("density", density, 5e-3), ("potential", arrays["u"], 1e-3)):
        between = np.interp(x, np.log(found["r"]), found[drawn])
        assert np.max(np.abs(between - right)[within]) < most * right.max()
        # The points themselves are rows.
        rows = np.abs(x[:, None] - np.log(found["r"])).argmin(axis=0)
        np.testing.assert_allclose(found["r"], arrays["r"][rows], rtol=1e-4)
        np.testing.assert_allclose(found[drawn], right[rows], atol=1e-5 * right.max(), rtol=0)
    assert 100 < len(found["r"]) <= 160
    # What is left out is next to nothing.
    for charge, end in (("charge_inside", 0), ("charge_outside", -1)):
        assert 0.5e-4 < np.interp(np.log(found["r"][end]), x, arrays[charge]) < 3e-4


@pytest.mark.parametrize(("system", "level"), _PAIRS)
def test_electrons_are_those_of_the_plan(folder: Path, system: str, level: str) -> None:
    """Radii and energies of configurations; the repulsion of the positions is their energy."""
    pair = read_pair(folder, pair_name(system, level))
    arrays, n = pair.arrays, pair.n_electrons
    found = _curves(folder, system, level)
    frames = np.abs(arrays["q"][:, None] - found["q"]).argmin(axis=0)
    assert 30 <= len(np.unique(frames)) == len(frames) <= 41
    np.testing.assert_allclose(found["q"], arrays["q"][frames], atol=1e-5)
    assert found["q"][0] < 1e-3
    assert found["q"][-1] > 1 - 1e-3
    radii = found["radii"].reshape(-1, n)
    np.testing.assert_allclose(radii, arrays["curve_radii"][frames], rtol=1e-4)
    directions = found["directions"].reshape(-1, n, 3)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=2), 1, atol=1e-4)
    positions = radii[:, :, None] * directions
    apart = np.linalg.norm(positions[:, :, None] - positions[:, None], axis=3)
    one, other = np.triu_indices(n, 1)
    energies = np.sum(1 / apart[:, one, other], axis=1)
    np.testing.assert_allclose(energies, arrays["curve_energies"][frames], rtol=1e-3)
    np.testing.assert_allclose(found["energies"], arrays["curve_energies"][frames], rtol=1e-4)
    np.testing.assert_allclose(found["shells"], arrays["shells"], rtol=1e-4)


def test_an_electron_moves_little_from_one_picture_to_the_next(folder: Path) -> None:
    """Each configuration is turned to lie near the one before."""
    found = _curves(folder, "Ne", "ccsd_aug-cc-pCVQZ")
    directions = found["directions"].reshape(-1, 10, 3)
    steps = np.linalg.norm(np.diff(directions, axis=0), axis=2)
    assert np.median(steps) < 0.2


@pytest.mark.parametrize(("system", "level"), _PAIRS)
def test_the_first_picture_does_not_depend_on_signs(folder: Path, system: str, level: str) -> None:
    """Axes of a configuration have no sign of their own: the outermost electron gives it one."""
    n = read_pair(folder, pair_name(system, level)).n_electrons
    first = _curves(folder, system, level)["directions"].reshape(-1, n, 3)[0]
    for axis in range(3):
        off = [value for value in first[::-1, axis] if abs(value) > 1.1e-3]
        assert not off or off[0] > 0
    assert first[-1].max() > 0.5
