"""The stages of best estimates write what the library makes of the files that they read."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comotion import tabulated
from comotion.cli import main
from comotion.composite import ComposedDensities, composed_densities
from comotion.density.functionals import hartree
from comotion.density.gamma import GammaMixture
from comotion.density.storage import load_density, load_levels, save_density
from comotion.electronic.gate import density_quality
from comotion.estimate import best_estimate, transport_changes
from comotion.io import read_json, write_json
from comotion.recipe import LINEAR, estimate_of, recipe
from comotion.systems import parse_atom
from comotion.tables.best_estimates import best_markdown, best_table, coverage_table
from comotion.transport.plan import Plan

_LEVEL = "best_QZ"
_PARTS = recipe("He", _LEVEL)


def _density(decay: float) -> GammaMixture:
    """Two electrons with a density exp(-a r): helium's cusp is a = 4."""
    return GammaMixture(2, np.array([2.0]), np.array([2.0]), np.array([decay]), s=1)


def _record(i: int) -> dict[str, Any]:
    """A record of helium in which every number depends on i."""
    numbers = {name: 1.0 + 0.1 * k + 0.01 * i**2 for k, name in enumerate(LINEAR)}
    return numbers | {
        "system": "He", "nuclear_charge": 2, "charge": 0, "term": "1S", "configuration": "1s2",
        "energy_exact": -2.9037, "hartree_fock_limit": -2.8617, "energy_hf": -2.8 - i,
        "v_hf": 1.0 + i, "hartree_hf": 2.0 + i, "exchange": -1.0 - i, "spin_square": 0.0,
        "highest_occupied": -0.9 - i, "reference": f"RHF {i}",
        "converged": True,
    }  # fmt: skip


def _levels(folder: Path, decay: float = 4.0) -> tuple[list[str], list[str]]:
    """Files of helium at every level of its sum, each with numbers of its own."""
    densities, records = [], []
    for i, level in enumerate(_PARTS.levels):
        path = folder / f"{i}.h5"
        save_density(path, "He", level, _density(decay + 0.01 * i))
        densities.append(str(path))
        record = _record(i) | {"level": level}
        write_json(folder / f"{i}.json", record)
        records.append(str(folder / f"{i}.json"))
    return densities, records


def _compose(folder: Path, densities: list[str], records: list[str]) -> None:
    main([
        "best-density", "--system", "He", "--level", _LEVEL, "--densities", *densities[::-1],
        "--records", *records[::-1], "--density", str(folder / "density.h5"),
        "--quantum", str(folder / "quantum.json"),
    ])  # fmt: skip


@pytest.fixture(scope="module")
def helium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything up to best.json, the levels given in another order than that of the recipe."""
    folder = tmp_path_factory.mktemp("helium")
    densities, records = _levels(folder)
    _compose(folder, densities, records)
    main([
        "plan", "--density", str(folder / "density.h5"), "--sce", str(folder / "sce.json"),
        "--plan", str(folder / "plan.h5"), "--pattern", str(folder / "pattern.h5"),
    ])  # fmt: skip
    write_json(folder / "bracket.json", {"lower": 0.7, "upper": 0.8})
    for name, bracket in (("best.json", [str(folder / "bracket.json")]), ("bare.json", [])):
        main([
            "best", "--system", "He", "--level", _LEVEL, "--densities", *densities,
            "--quantum", str(folder / "quantum.json"), "--sce", str(folder / "sce.json"),
            "--plan", str(folder / "plan.h5"), "--bracket", *bracket,
            "--best", str(folder / name),
        ])  # fmt: skip
    return folder


def _sums(folder: Path) -> ComposedDensities:
    paths = [folder / f"{i}.h5" for i in range(len(_PARTS.levels))]
    return composed_densities(_PARTS, load_levels(paths))


def test_the_density_is_the_sum(helium: Path) -> None:
    system, level, density = load_density(helium / "density.h5")
    assert (system, level) == ("He", _LEVEL)
    r = np.array([0.01, 0.5, 2.0, 6.0])
    np.testing.assert_array_equal(density.density(r), _sums(helium).best.density(r))
    expected = sum(
        weight * _density(4.0 + 0.01 * _PARTS.levels.index(name)).density(r)
        for name, weight in _PARTS.best.items()
    )
    np.testing.assert_allclose(density.density(r), expected, rtol=1e-12)


def test_the_record_of_the_state(helium: Path) -> None:
    record = read_json(helium / "quantum.json")
    values = [read_json(helium / f"{i}.json") for i in range(len(_PARTS.levels))]
    floor = _PARTS.floor({one["level"]: one["energy"] for one in values})
    assert record["basis_floor"] == pytest.approx(floor, rel=1e-12)
    assert floor > 1e-4
    for name in LINEAR:
        of_levels = {one["level"]: one[name] for one in values}
        found = estimate_of(*_PARTS.values(of_levels), floor=floor)
        assert record[name] == pytest.approx(found.value, abs=1e-14)
        assert record["errors"][name] == {
            "basis": pytest.approx(found.basis, abs=1e-14), "triples": 0, "method": found.method,
        }  # fmt: skip
        assert found.basis > 1e-3
    best, smaller = _sums(helium).best, _sums(helium).smaller
    assert record["hartree"] == pytest.approx(hartree(best), rel=1e-10)
    assert record["errors"]["hartree"] == {
        "basis": pytest.approx(max(abs(hartree(best) - hartree(smaller)), floor), rel=1e-8),
        "triples": 0,
        "method": 0,
    }
    assert set(record["errors"]) == {*LINEAR, "hartree"}
    # What is said of the reference is that of the largest basis.
    assert _PARTS.reference is not None
    i = _PARTS.levels.index(_PARTS.reference)
    energies = (record["energy_hf"], record["v_hf"], record["reference"])
    assert energies == (-2.8 - i, 1.0 + i, f"RHF {i}")
    assert (record["hartree_hf"], record["exchange"]) == (2.0 + i, -1.0 - i)
    assert record["highest_occupied"] == -0.9 - i
    for name, value in (
        ("nuclear_charge", 2), ("charge", 0), ("term", "1S"), ("configuration", "1s2"),
        ("energy_exact", -2.9037), ("hartree_fock_limit", -2.8617), ("converged", True),
        ("level", _LEVEL), ("system", "He"), ("n_electrons", 2), ("spin_square", 0.0),
    ):  # fmt: skip
        assert record[name] == value
    kinetic = record["kinetic"]
    assert record["virial_ratio"] == pytest.approx((kinetic - record["energy"]) / kinetic)
    assert record["weights"] == dict(_PARTS.best)
    assert record["moved_charge"] == 0
    quality = density_quality(parse_atom("He"), best)
    assert record["nuclear_cusp"] == quality.nuclear_cusp == pytest.approx(1, abs=0.02)
    assert abs(record["density_integral_error"]) < 1e-12


def test_one_level_that_did_not_converge_is_enough(tmp_path: Path) -> None:
    densities, records = _levels(tmp_path)
    write_json(Path(records[2]), read_json(Path(records[2])) | {"converged": False})
    _compose(tmp_path, densities, records)
    assert read_json(tmp_path / "quantum.json")["converged"] is False


def test_the_best_estimate_is_the_librarys(helium: Path) -> None:
    quantum, sce = (read_json(helium / f"{name}.json") for name in ("quantum", "sce"))
    changes = transport_changes(
        Plan.load(helium / "plan.h5"), sce["w_inf_prime"], _sums(helium), quantum["basis_floor"]
    )
    for name, bracket in (("best.json", {"lower": 0.7, "upper": 0.8}), ("bare.json", None)):
        record = read_json(helium / name)
        assert record.pop("provenance")
        assert record == best_estimate("He", _LEVEL, quantum, sce, changes, bracket)
    assert record["v_comotion_by_potential"] == pytest.approx(record["v_comotion"], abs=1e-9)


def test_a_record_that_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    densities, records = _levels(tmp_path)
    with pytest.raises(SystemExit):
        _compose(tmp_path, densities, records[1:])
    assert f"He: the records of {_PARTS.levels[0]} are missing" in capsys.readouterr().err


def test_a_density_with_another_cusp_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    densities, records = _levels(tmp_path, decay=3.5)
    with pytest.raises(SystemExit):
        _compose(tmp_path, densities, records)
    assert (
        "He at best_QZ: the slope of the density at the nucleus is 0.8" in capsys.readouterr().err
    )
    assert not (tmp_path / "density.h5").exists()


def test_two_electrons_have_the_density_of_the_highest_order(tmp_path: Path) -> None:
    """It need not be a sum of gamma terms."""
    r = np.linspace(0.0, 6.0, 400)
    record = _record(0) | {"kinetic": 2.9}
    for order, decay in ((8, 4.05), (10, 4.0)):
        rho = tabulated(r, 5 * np.exp(-decay * r), normalize=True)
        save_density(tmp_path / f"w{order}.h5", "He", f"hylleraas_w{order}", rho.scaled(2))
        its = record | {"level": f"hylleraas_w{order}", "energy": -2.9 - order * 1e-4}
        write_json(tmp_path / f"w{order}.json", its)
    main([
        "best-density", "--system", "He", "--level", "best",
        "--densities", *(str(tmp_path / f"w{order}.h5") for order in (8, 10)),
        "--records", *(str(tmp_path / f"w{order}.json") for order in (8, 10)),
        "--density", str(tmp_path / "density.h5"), "--quantum", str(tmp_path / "quantum.json"),
    ])  # fmt: skip
    best, given = (load_density(tmp_path / name)[2] for name in ("density.h5", "w10.h5"))
    np.testing.assert_array_equal(best.density(r), given.density(r))
    found = read_json(tmp_path / "quantum.json")
    assert found["energy"] == -2.901
    assert found["errors"]["energy"] == {
        "basis": pytest.approx(2e-4), "triples": 0, "method": 0,
    }  # fmt: skip
    assert found["errors"]["hartree"]["basis"] > 1e-3
    assert found["weights"] == {"hylleraas_w10": 1.0}
    assert found["energy_hf"] is None


def test_the_tables_of_best_estimates(helium: Path, tmp_path: Path) -> None:
    records = [helium / "best.json", tmp_path / "exact.json"]
    write_json(records[1], read_json(records[0]) | {"level": "best", "energy": -2.9})
    files = [tmp_path / name for name in ("a.csv", "b.csv", "c.md")]
    main(["best-table", "--records", *map(str, records), "--csv", str(files[0]), "--coverage",
          str(files[1]), "--markdown", str(files[2])])  # fmt: skip
    contents = [read_json(path) for path in records]
    table, coverage = best_table(contents), coverage_table(contents)
    assert table["level"].tolist() == [_LEVEL, "best"]
    assert table["middle"].tolist() == [0.75, 0.75]
    assert len(coverage) == 8
    assert files[0].read_text() == table.to_csv(index=False)
    assert files[1].read_text() == coverage.to_csv(index=False)
    assert files[2].read_text() == best_markdown(table, coverage)
