"""The stages that make densities: what they write, and that they compute nothing of their own."""

from pathlib import Path

import pytest

from comotion.cli import main
from comotion.density.model_densities import model
from comotion.density.storage import load_density
from comotion.electronic.atoms import atom
from comotion.electronic.pair_angle import pair_angle
from comotion.io import read_json
from comotion.systems import parse_atom, parse_level


def _run(stage: str, folder: Path, *words: str, record: str) -> dict[str, object]:
    """Run a stage that writes density.h5 and a record, and read the record."""
    main([stage, *words, "--density", str(folder / "density.h5"), record, str(folder / "x.json")])
    return read_json(folder / "x.json")


@pytest.mark.parametrize("level", ["ccsd_cc-pVDZ", "hylleraas_w3"])
def test_atom(tmp_path: Path, level: str) -> None:
    found = _run("atom", tmp_path, "--system", "He", "--level", level, record="--quantum")
    state = atom("He", level=level)
    for name, value in state.energies.known().items():
        if name in found:
            assert found[name] == value, name
    assert found["converged"] is True
    assert (found["term"], found["nuclear_charge"], found["n_electrons"]) == ("1S", 2, 2)
    assert found["energy_exact"] == -2.903724377
    assert found["configuration"] == "1s2"
    assert load_density(tmp_path / "density.h5")[:2] == ("He", level)


def test_model(tmp_path: Path) -> None:
    found = _run("model", tmp_path, "--system", "bohr-10", record="--integrals")
    assert found["level"] == "exact"
    assert not {"energy", "v_quantum", "v_hf"} & set(found)
    _, _, density = load_density(tmp_path / "density.h5")
    assert density(1.0) == model("bohr", 10)(1.0)


def test_user_density(tmp_path: Path) -> None:
    density = model("gaussian-2")
    radii = [0.01 * 1.02**i for i in range(350)]
    table = tmp_path / "mine.csv"
    table.write_text("r,rho\n" + "\n".join(f"{r},{1.01 * float(density(r))}" for r in radii))
    words = ("--system", "mine", "--table", str(table))
    with pytest.raises(SystemExit):
        _run("user-density", tmp_path, *words, record="--integrals")
    found = _run("user-density", tmp_path, *words, "--normalize", record="--integrals")
    assert found["level"] == "table"
    assert found["settings"] == {"table": str(table), "normalize": True}
    assert "energy" not in found
    assert load_density(tmp_path / "density.h5")[2].n_electrons == 2


def test_pair_angle(tmp_path: Path) -> None:
    path = tmp_path / "pair_angle.json"
    words = ["pair-angle", "--system", "He", "--level", "fci_6-31G", "--pair-angle", str(path)]
    main(words)
    expected = pair_angle(parse_atom("He"), parse_level("fci_6-31G"))
    assert read_json(path)["b"] == expected["b"]


def test_an_error_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _run("atom", tmp_path, "--system", "He", "--level", "ccsdt_6-31G", record="--quantum")
    assert "write ccsd-t, CCSD(T)" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
