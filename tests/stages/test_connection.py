"""The stages of adiabatic connections: which record each number comes from."""

from pathlib import Path
from typing import Any

import pytest

from comotion import MODELS
from comotion.cli import main
from comotion.connection.hartree_fock import moller_plesset_ends
from comotion.connection.of_state import connection_of
from comotion.connection.pair_curve import connection_curve
from comotion.connection.spl2 import spl2_correlation
from comotion.connection.transport_ends import TransportEnd
from comotion.density.storage import save_density
from comotion.errors import RecordError
from comotion.io import read_csv, read_json, write_json
from comotion.kohn_sham.of_density import KohnShamSystem, kohn_sham_system
from comotion.kohn_sham.potential_storage import load_kohn_sham, save_kohn_sham
from comotion.stages import connection_curve as stage
from comotion.stages.connection import end_in_records
from comotion.tables.adiabatic_connections import (
    correlation_markdown,
    correlation_table,
    moller_plesset_table,
)

_HEAD = {"system": "Li+", "level": "mine_x", "n_electrons": 2}
_QUANTUM = _HEAD | {
    "energy": -7.25, "energy_exact": None, "nuclear_attraction": -18.25, "v_quantum": 1.75,
    "hartree": 3.75, "hartree_error": 1e-3, "w_pc": -2.5, "w_pc_prime": 0.73,
}  # fmt: skip
_SCE = _HEAD | {
    "v_best_pattern": 1.0, "quadrature_error": 1e-4, "w_inf_prime": 0.62,
    "w_inf_prime_error": 0.01, "w_inf_prime_missing": None, "unstable_share": 0.0,
}  # fmt: skip
_HIERARCHY = _HEAD | {"hierarchy": {"v_2": 0.9}, "hierarchy_error": {"v_2": 1e-5}}
_BRACKET = _HEAD | {
    "lower": 0.95, "upper": 0.99, "w_inf_prime_optimal": 0.6, "w_inf_prime_optimal_error": 0.02,
    "w_inf_prime_optimal_missing": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def system() -> KohnShamSystem:
    return kohn_sham_system("Li+", MODELS["exponential"](2).stretched(1 / 6))


def _run(folder: Path, system: KohnShamSystem, **records: dict[str, Any]) -> dict[str, Any]:
    save_kohn_sham(folder / "kohn_sham.h5", "mine_x", system)
    given = {"quantum": _QUANTUM, "sce": _SCE, "hierarchy": _HIERARCHY} | records
    words = ["connection", "--kohn-sham", str(folder / "kohn_sham.h5")]
    for name, record in ({"bracket": None} | given).items():
        words.append(f"--{name}")
        if record is not None:
            write_json(folder / f"{name}.json", record)
            words.append(str(folder / f"{name}.json"))
    main([*words, "--connection", str(folder / "connection.json")])
    found = read_json(folder / "connection.json")
    assert found.pop("provenance")["units"]
    return found


def test_record(tmp_path: Path, system: KohnShamSystem) -> None:
    found = _run(tmp_path, system, bracket=_BRACKET)
    _, read = load_kohn_sham(tmp_path / "kohn_sham.h5")
    expected = connection_of(
        read, TransportEnd(0.95 - 3.75 - 1e-3, 0.99 - 3.75 + 1e-3, 0.62, 0.01), level="mine_x",
        model=(-2.5, 0.73), energy=-7.25, energy_is_exact=False, nuclear_attraction=-18.25,
        v_quantum=1.75,
    )  # fmt: skip
    assert not expected.missing
    head = _HEAD | {"nuclear_charge": 3}
    assert found == head | expected.record()


def test_the_exact_energy_comes_before_that_of_the_state(
    tmp_path: Path, system: KohnShamSystem
) -> None:
    own = _run(tmp_path, system)
    exact = _run(tmp_path, system, quantum=_QUANTUM | {"energy_exact": -7.5})
    assert (own["energy_is_exact"], exact["energy_is_exact"]) == (False, True)
    assert exact["e_c"] - own["e_c"] == pytest.approx(-0.25)


def test_without_a_model_there_is_none(tmp_path: Path, system: KohnShamSystem) -> None:
    found = _run(tmp_path, system, quantum=_QUANTUM | {"w_pc": None})
    assert found["w_pc"] is found["e_c_isi_pc"] is None
    assert found["e_c_isi"] < 0


def test_the_strong_end() -> None:
    """Of the bracket, or of V_2 and the best pattern; less U, its error further apart."""
    bare = end_in_records(_QUANTUM, _SCE, _HIERARCHY, None)
    assert bare.w_inf_lower == pytest.approx(0.9 - 1e-5 - 3.75 - 1e-3, abs=1e-14)
    assert bare.w_inf_upper == pytest.approx(1.0 + 1e-4 - 3.75 + 1e-3, abs=1e-14)
    assert (bare.w_inf_prime, bare.w_inf_prime_error, bare.missing) == (0.62, 0.01, None)
    unknown = {"w_inf_prime": None, "w_inf_prime_error": None, "w_inf_prime_missing": "rough"}
    end = end_in_records(_QUANTUM, _SCE | unknown, _HIERARCHY, _BRACKET)
    assert end.w_inf_lower == pytest.approx(0.95 - 3.751, abs=1e-14)
    assert end.w_inf_upper == pytest.approx(0.99 - 3.749, abs=1e-14)
    assert (end.w_inf_prime, end.w_inf_prime_error, end.missing) == (None, None, "rough")
    unstable = end_in_records(_QUANTUM, _SCE | {"unstable_share": 0.25}, _HIERARCHY, None)
    assert str(unstable.missing).startswith("the co-motion plan is no minimum at 0.25 of its conf")
    three = end_in_records(_QUANTUM | {"n_electrons": 3}, _SCE, _HIERARCHY, _BRACKET)
    assert (three.w_inf_prime, three.w_inf_prime_error, three.missing) == (0.6, 0.02, None)


@pytest.mark.parametrize("name", ["quantum", "sce", "hierarchy", "bracket"])
def test_files_of_two_systems(
    tmp_path: Path, system: KohnShamSystem, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    records = {"quantum": _QUANTUM, "sce": _SCE, "hierarchy": _HIERARCHY, "bracket": _BRACKET}
    record = records[name] | {"level": "other_x"}
    with pytest.raises(SystemExit):
        _run(tmp_path, system, **{name: record})
    told = capsys.readouterr().err
    assert f"{name}.json is of Li+ at other_x, " in told
    assert "kohn_sham.h5 of Li+ at mine_x: give files of one system at one level" in told
    assert not (tmp_path / "connection.json").exists()


def test_table(tmp_path: Path, system: KohnShamSystem) -> None:
    record = _run(tmp_path, system)
    path = str(tmp_path / "connection.json")
    main([
        "connection-table", "--records", path, path, "--hartree-fock", "--csv",
        str(tmp_path / "t.csv"), "--moller-plesset", str(tmp_path / "u.csv"),
        "--markdown", str(tmp_path / "t.md"),
    ])  # fmt: skip
    table, none = correlation_table([record, record]), moller_plesset_table([])
    assert (tmp_path / "t.csv").read_text() == table.to_csv(index=False)
    assert (tmp_path / "u.csv").read_text() == none.to_csv(index=False)
    assert (tmp_path / "t.md").read_text() == correlation_markdown(table, none)
    assert len(read_csv(tmp_path / "t.csv")) == 2


def _moller_plesset(folder: Path, system: str, level: str) -> dict[str, Any]:
    state = {"density": "density.h5", "quantum": "quantum.json"}
    words = [word for key, name in state.items() for word in (f"--{key}", str(folder / name))]
    main(["atom", "--system", system, "--level", level, *words])
    main(["moller-plesset", *words, "--moller-plesset", str(folder / "moller_plesset.json")])
    found = read_json(folder / "moller_plesset.json")
    assert found.pop("provenance")["units"]
    return found


def test_hartree_fock_connection(tmp_path: Path) -> None:
    found = _moller_plesset(tmp_path, "He", "hf_cc-pVDZ")
    ends = moller_plesset_ends("He", "cc-pVDZ")
    state = read_json(tmp_path / "quantum.json")
    assert found == {
        "system": "He", "level": "hf_cc-pVDZ", "n_electrons": 2,
        "exchange": pytest.approx(ends.exchange, abs=1e-9),
        "e_c_mp2": pytest.approx(ends.second_order, abs=1e-9), "e_c_mp2_missing": None,
        "electrostatic": pytest.approx(ends.electrostatic, abs=1e-8),
        "w_c_inf": pytest.approx(ends.w_c_inf, abs=1e-8), "w_c_inf_missing": None,
        "e_c_hartree_fock": pytest.approx(-2.903724377 + 2.86168, abs=1e-8),
        "e_c_spl2": pytest.approx(
            spl2_correlation(ends.exchange, ends.second_order, state["w_pc"]), abs=1e-8
        ),
        "searched": found["searched"],
    }  # fmt: skip
    assert found["searched"] > 100


def test_second_order_of_an_open_shell_is_missing(tmp_path: Path) -> None:
    found = _moller_plesset(tmp_path, "Li", "hf_cc-pVDZ")
    assert found["e_c_mp2"] is found["e_c_spl2"] is None
    assert "Li: the Moller-Plesset ends are computed of closed shells" in found["e_c_mp2_missing"]
    assert found["electrostatic"] == pytest.approx(-4.03, abs=0.05)


def test_a_determinant_that_is_not_round(tmp_path: Path) -> None:
    found = _moller_plesset(tmp_path, "B", "hf_cc-pVDZ")
    assert found["w_c_inf"] is None
    assert "whose density is not round" in found["w_c_inf_missing"]
    assert found["electrostatic"] < -6


def test_one_electron(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hydrogen = kohn_sham_system("H", MODELS["exponential"](1).stretched(1 / 2))
    with pytest.raises(SystemExit):
        _run(tmp_path, hydrogen, **{
            name: record | {"system": "H", "n_electrons": 1}
            for name, record in (("quantum", _QUANTUM), ("sce", _SCE), ("hierarchy", _HIERARCHY))
        })  # fmt: skip
    assert "H has one electron, which repels nothing" in capsys.readouterr().err


def test_another_level_has_no_hartree_fock_connection(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_density(tmp_path / "density.h5", "Li+", "ccsd_x", MODELS["exponential"](2))
    write_json(tmp_path / "quantum.json", {})
    with pytest.raises(SystemExit):
        main([
            "moller-plesset", "--density", str(tmp_path / "density.h5"), "--quantum",
            str(tmp_path / "quantum.json"), "--moller-plesset", str(tmp_path / "m.json"),
        ])  # fmt: skip
    assert (
        "Li+ at ccsd_x: the Moller-Plesset connection is that of Hartree-Fock; ask for it at a "
        "level hf_..., such as results/Li+/hf_aug-cc-pCVTZ/moller_plesset.json"
        in capsys.readouterr().err
    )


def test_curve_of_two_electrons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lower order is quick; the couplings and the order are the stage's own."""
    assert (stage.COUPLINGS[0], stage.COUPLINGS[-1], stage._ORDER) == (0.0, 10.0, 10)
    assert 1.0 in stage.COUPLINGS
    monkeypatch.setattr(stage, "COUPLINGS", (0.0, 1.0))
    monkeypatch.setattr(stage, "_ORDER", 6)
    density = MODELS["exponential"](2).stretched(1 / 6)
    save_density(tmp_path / "density.h5", "Li+", "mine_x", density)
    main(["connection-curve", "--density", str(tmp_path / "density.h5"), "--curve",
          str(tmp_path / "connection_curve.json")])  # fmt: skip
    found = read_json(tmp_path / "connection_curve.json")
    assert found.pop("provenance")["units"]
    curve = connection_curve(density, (0.0, 1.0), order=6)
    assert found == _HEAD | {
        "order": 6, "couplings": [0.0, 1.0], "w": curve.w.tolist(),
        "w_error": curve.basis_errors.tolist(), "integrals": curve.integrals.tolist(),
        "residuals": curve.residuals.tolist(), "w_0_prime": curve.slope,
        "w_0_prime_error": curve.slope_error,
    }  # fmt: skip


def test_a_bracket_of_another_version() -> None:
    old = {name: value for name, value in _BRACKET.items() if "optimal" not in name}
    with pytest.raises(RecordError, match=r"bracket\.json lacks w_inf_prime_optimal, .* make it"):
        end_in_records(_QUANTUM, _SCE, _HIERARCHY, old)
