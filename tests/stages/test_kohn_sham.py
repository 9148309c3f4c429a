"""The stages of Kohn-Sham atoms: what they write, and that they compute nothing of their own."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comotion import MODELS
from comotion.cli import main
from comotion.density.functionals import density_integrals
from comotion.density.hartree_potential import hartree_potential
from comotion.density.storage import load_density, save_density
from comotion.io import read_arrays, read_json, write_json
from comotion.kohn_sham.channels import radial_grid
from comotion.kohn_sham.of_density import kohn_sham_correlation, kohn_sham_system
from comotion.kohn_sham.self_consistent import self_consistent
from comotion.stages import self_consistent as stage
from comotion.stages.figure import drawn_potential
from comotion.tables.kohn_sham_atoms import (
    inversion_table,
    kohn_sham_markdown,
    self_consistent_table,
)
from comotion.transport.comotion import Accuracy

_LEVEL = "ks-comotion_unc-6-31G"
_SAME = (
    "configuration", "energy", "kinetic_s", "nuclear_attraction", "v_functional",
    "v_functional_error", "orbital_energies", "highest_occupied", "lowest_unoccupied",
    "tail_gain", "virial_ratio", "iterations", "energy_change", "basis_functions",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lithium, with no option at its default."""
    made = tmp_path_factory.mktemp("Li")
    main([
        "self-consistent", "--system", "Li", "--level", _LEVEL, "--max-cycle", "70",
        "--seeds", "3", "5", "--tolerance", "1e-6", "--quadrature-tolerance", "1e-6",
        "--accept-disagreement", "--density", str(made / "density.h5"),
        "--quantum", str(made / "quantum.json"), "--potential", str(made / "kohn_sham.h5"),
    ])  # fmt: skip
    return made


def test_record_of_a_self_consistent_atom(folder: Path) -> None:
    found = read_json(folder / "quantum.json")
    assert found.pop("provenance")["units"]
    accuracy = Accuracy(1e-6, 1e-6, accept_disagreement=True)
    atom = self_consistent("Li", _LEVEL, max_cycle=70, seeds=(3, 5), accuracy=accuracy)
    integrals = asdict(density_integrals(atom.density))
    end = atom.density.quadrature().radii[-1]
    assert found == {
        "system": "Li", "level": _LEVEL, "n_electrons": 3, "nuclear_charge": 3, "charge": 0,
        "method": "ks-comotion", "basis": "unc-6-31G", "order": 3,
        **integrals,
        "v_mean_field": pytest.approx(2 / 3 * integrals["hartree"], rel=1e-14),
        **{name: getattr(atom, name) for name in _SAME},
        "energy_exact": -7.47806, "hartree_fock_limit": pytest.approx(-7.432727, abs=1e-5),
        "density_integral_error": float(atom.density.cumulant(end)) - 3,
        "converged": True,
        "settings": {
            "max_cycle": 70, "seeds": [3, 5], "tolerance": 1e-6, "quadrature_tolerance": 1e-6,
            "accept_disagreement": True,
        },
    }  # fmt: skip
    system, level, density = load_density(folder / "density.h5")
    assert (system, level) == ("Li", _LEVEL)
    np.testing.assert_array_equal(density([0.1, 1.0]), atom.density([0.1, 1.0]))


def test_potential_of_a_self_consistent_atom(folder: Path) -> None:
    attributes, arrays = read_arrays(folder / "kohn_sham.h5")
    told = {"system": "Li", "level": _LEVEL, "n_electrons": 3, "nuclear_charge": 3}
    assert {name: attributes[name] for name in told} == told
    accuracy = Accuracy(1e-6, 1e-6, accept_disagreement=True)
    atom = self_consistent("Li", _LEVEL, max_cycle=70, seeds=(3, 5), accuracy=accuracy)
    grid = radial_grid(3)
    r, u = grid.radii, atom.potential(grid.radii)
    expected = {
        "radii": r, "v_s": u - 3 / r, "v_hxc": u,
        "v_xc": u - hartree_potential(atom.density)(grid.radii),
        "charge": 4 * np.pi * r**2 * atom.density(r),
    }  # fmt: skip
    assert set(arrays) == set(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(arrays[name], values, rtol=1e-12, atol=1e-14)
    drawn = drawn_potential(folder / "kohn_sham.h5")
    assert (drawn["system"], drawn["level"], drawn["n_electrons"]) == ("Li", _LEVEL, 3)
    assert set(drawn) == {"system", "level", "n_electrons", *expected}


def test_usual_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def remembered(system: str, level: str, **options: Any) -> Any:
        asked.update(options, system=system, level=level)
        return self_consistent(system, level, **options)

    monkeypatch.setattr(stage, "self_consistent", remembered)
    main([
        "self-consistent", "--system", "He", "--level", "ks-v2_unc-6-31G",
        "--density", str(tmp_path / "d.h5"), "--quantum", str(tmp_path / "q.json"),
        "--potential", str(tmp_path / "p.h5"),
    ])  # fmt: skip
    assert asked.pop("report")
    assert asked == {
        "system": "He", "level": "ks-v2_unc-6-31G", "max_cycle": 100, "seeds": (1, 2),
        "accuracy": Accuracy(),
    }  # fmt: skip
    settings = read_json(tmp_path / "q.json")["settings"]
    assert settings == {
        "max_cycle": 100, "seeds": [1, 2], "tolerance": 1e-5, "quadrature_tolerance": 1e-7,
        "accept_disagreement": False,
    }  # fmt: skip


def _inverted(folder: Path, state: dict[str, Any]) -> dict[str, Any]:
    """Run the stage on exp(-6 r), and read what it wrote."""
    save_density(folder / "density.h5", "Li+", "mine_x", MODELS["exponential"](2).stretched(1 / 6))
    write_json(folder / "quantum.json", state)
    main([
        "kohn-sham", "--density", str(folder / "density.h5"),
        "--quantum", str(folder / "quantum.json"),
        "--kohn-sham", str(folder / "kohn_sham.json"), "--potential", str(folder / "kohn_sham.h5"),
    ])  # fmt: skip
    found = read_json(folder / "kohn_sham.json")
    assert found.pop("provenance")["units"]
    return found


def test_kohn_sham_system_of_a_density(tmp_path: Path) -> None:
    state = {"energy": -7.25, "kinetic": 9.5, "nuclear_attraction": -18.25, "v_quantum": 1.75}
    found = _inverted(tmp_path, state | {"settings": {"unpaired": None}})
    system = kohn_sham_system("Li+", MODELS["exponential"](2).stretched(1 / 6))
    of_state = kohn_sham_correlation(system, **state)
    assert found == {
        "system": "Li+", "level": "mine_x", "n_electrons": 2, "nuclear_charge": 3,
        "configuration": "1s2", "kinetic_s": system.kinetic_s,
        "kinetic_s_error": system.kinetic_s_error, "hartree": system.hartree,
        "exchange": system.exchange, "exchange_error": system.exchange_error,
        "orbital_energies": system.orbital_energies,
        "highest_occupied": system.highest_occupied, "residual": system.residual,
        "orbital_basis": "unc-UGBS+3d", "e_c": of_state.e_c, "t_c": of_state.t_c,
        "w_1": of_state.w_1,
    }  # fmt: skip
    assert found["kinetic_s"] == pytest.approx(9, rel=1e-8)
    attributes, arrays = read_arrays(tmp_path / "kohn_sham.h5")
    told = {"system": "Li+", "level": "mine_x", "n_electrons": 2, "nuclear_charge": 3}
    assert {name: attributes[name] for name in told} == told
    assert set(arrays) == {
        "radii", "weights", "v_s", "v_s_rough", "v_hxc", "v_xc", "v_hartree", "charge",
        "charge_found",
    }  # fmt: skip
    for name, values in arrays.items():
        np.testing.assert_allclose(values, getattr(system, name), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("missing", ["energy", "kinetic", "nuclear_attraction", "v_quantum"])
def test_without_a_wave_function_there_is_no_correlation(tmp_path: Path, missing: str) -> None:
    state: dict[str, Any] = {
        "energy": -7.25, "kinetic": 9.5, "nuclear_attraction": -18.25, "v_quantum": 1.75,
    }  # fmt: skip
    state[missing] = None
    if missing == "v_quantum":
        del state[missing]
    found = _inverted(tmp_path, state)
    assert (found["e_c"], found["t_c"], found["w_1"]) == (None, None, None)
    assert found["kinetic_s"] == pytest.approx(9, rel=1e-8)


def test_a_state_of_another_spin_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        _inverted(tmp_path, {"settings": {"unpaired": 2}})
    assert end.value.code == 1
    assert (
        "Li+ at mine_x was made with 2 unpaired electrons (abinitio.unpaired_electrons): a "
        "Kohn-Sham potential is found for the configuration of the ground state; remove the key"
    ) in capsys.readouterr().err
    assert not (tmp_path / "kohn_sham.json").exists()


def test_tables(tmp_path: Path) -> None:
    states, inversions = [], []
    for k, system in enumerate(("Be", "Ne")):
        states.append(tmp_path / f"{system}-quantum.json")
        write_json(states[-1], {"system": system, "level": "ks-v2_x", "energy": -1.5 - k})
        inversions.append(tmp_path / f"{system}-kohn_sham.json")
        write_json(inversions[-1], {"system": system, "level": "hf_x", "t_c": 0.5 + k})
    made = tmp_path / "made"
    main([
        "kohn-sham-table", "--states", *map(str, states), "--inversions", *map(str, inversions),
        "--csv", str(made / "a.csv"), "--inversion", str(made / "b.csv"),
        "--markdown", str(made / "c.md"),
    ])  # fmt: skip
    atoms = self_consistent_table([json.loads(path.read_text()) for path in states])
    densities = inversion_table([json.loads(path.read_text()) for path in inversions])
    assert atoms["energy"].tolist() == [-1.5, -2.5]
    assert densities["t_c"].tolist() == [0.5, 1.5]
    assert (made / "a.csv").read_text() == atoms.to_csv(index=False)
    assert (made / "b.csv").read_text() == densities.to_csv(index=False)
    assert (made / "c.md").read_text() == kohn_sham_markdown(atoms, densities)


def test_tables_of_nothing(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.csv", "b.csv", "c.md")]
    main([
        "kohn-sham-table", "--states", "--inversions", "--csv", str(files[0]),
        "--inversion", str(files[1]), "--markdown", str(files[2]),
    ])  # fmt: skip
    assert files[0].read_text().startswith("system,level,")
    assert files[1].read_text().startswith("system,level,")
    assert files[2].read_text() == ""


def test_figures_are_drawn_from_files(folder: Path, tmp_path: Path) -> None:
    """What the stage of figures gives to each of the three."""
    drawings = {
        "energies": folder / "quantum.json", "densities": folder / "density.h5",
        "potentials": folder / "kohn_sham.h5",
    }  # fmt: skip
    for name, path in drawings.items():
        out = tmp_path / f"{name}.svg"
        main(["figure", f"self_consistency.{name}", "--inputs", str(path), "--out", str(out)])
        assert "</svg>" in out.read_text()
