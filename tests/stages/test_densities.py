"""The stages that make densities: what they write, and that they compute nothing of their own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comotion.cli import main
from comotion.density.functionals import density_integrals
from comotion.density.model_densities import model
from comotion.density.radial import RadialDensity
from comotion.density.storage import load_density
from comotion.electronic.atoms import atom
from comotion.electronic.pair_angle import pair_angle
from comotion.electronic.pair_states import PairState, pair_density
from comotion.electronic.state import ElectronicState, QuantumState
from comotion.electronic.two_electrons import HylleraasState
from comotion.io import read_arrays, read_json
from comotion.reading import read_density
from comotion.systems import parse_atom, parse_level
from told import Told


def _run(stage: str, folder: Path, *words: str, record: str) -> dict[str, object]:
    """Run a stage that writes density.h5 and a record, and read the record."""
    main([stage, *words, "--density", str(folder / "density.h5"), record, str(folder / "x.json")])
    found = read_json(folder / "x.json")
    assert found.pop("provenance")["units"]
    return found


def _of_density(system: str, level: str, density: RadialDensity) -> dict[str, Any]:
    """What a record holds of the density alone."""
    integrals = density_integrals(density)
    n = density.n_electrons
    mean_field = (n - 1) * integrals.hartree / n
    found = {
        "system": system, "level": level, "n_electrons": n, **asdict(integrals),
        "v_mean_field": pytest.approx(mean_field, rel=1e-14),
    }  # fmt: skip
    return {key: None if value != value else value for key, value in found.items()}  # noqa: PLR0124


def _of_atom(state: ElectronicState) -> dict[str, Any]:
    """What the solver of a wave function in Gaussians tells."""
    details = state.details
    assert isinstance(details, QuantumState)
    names = [one.name for one in fields(details) if one.name != "ground"]
    return {
        **{name: getattr(details, name) for name in names},
        "natural_occupations": list(details.natural_occupations),
        "term": state.term,
        "configuration": details.ground.configuration,
        "occupations": json.loads(json.dumps(details.ground.occupations)),
    }


def test_atom(tmp_path: Path) -> None:
    """Beryllium with two unpaired electrons: no option has its default."""
    options = ("--system", "Be", "--level", "ccsd_6-31G", "--max-cycle", "40", "--unpaired", "2")
    found = _run("atom", tmp_path, *options, record="--quantum")
    state = atom("Be", level="ccsd_6-31G", unpaired=2, max_cycle=40)
    end = state.density.quadrature().radii[-1]
    assert found == {
        **_of_density("Be", "ccsd_6-31G", state.density),
        **_of_atom(state),
        "nuclear_charge": 4,
        "charge": 0,
        "method": "ccsd",
        "basis": "6-31G",
        "energy_exact": -14.667356,
        "hartree_fock_limit": -14.573023,
        "density_integral_error": float(state.density.cumulant(end)) - 4,
        "settings": {"max_cycle": 40, "unpaired": 2},
    }
    # By the second route, what everybody reads.
    for name, value in state.energies.known().items():
        assert found[name] == pytest.approx(value, rel=1e-14), name
    assert found["term"] == "3?"
    assert found["converged"] is True
    assert abs(float(str(found["density_integral_error"]))) < 1e-9
    system, level, density = load_density(tmp_path / "density.h5")
    assert (system, level) == ("Be", "ccsd_6-31G")
    np.testing.assert_array_equal(density([0.1, 1.0]), state.density([0.1, 1.0]))


def test_two_electrons(tmp_path: Path) -> None:
    """An ion by Hylleraas: an exact energy, no orbitals."""
    options = ("--system", "H-", "--level", "hylleraas_w2")
    found = _run("atom", tmp_path, *options, record="--quantum")
    state = atom("H-", level="hylleraas_w2")
    details = state.details
    assert isinstance(details, HylleraasState)
    solver = {one.name: getattr(details, one.name) for one in fields(details)}
    del solver["coefficients"]
    end = state.density.quadrature().radii[-1]
    assert found == {
        **_of_density("H-", "hylleraas_w2", state.density),
        **solver,
        "exponents": list(details.exponents),
        "v_hf": None,
        "virial_ratio": details.virial_ratio,
        "term": "1S",
        "configuration": "1s2",
        "nuclear_charge": 1,
        "charge": -1,
        "method": "hylleraas",
        "basis": "w2",
        "energy_exact": -0.527751017,
        "hartree_fock_limit": None,
        "density_integral_error": float(state.density.cumulant(end)) - 2,
        "settings": {"max_cycle": 100, "unpaired": None},
    }


def test_model(tmp_path: Path) -> None:
    found = _run("model", tmp_path, "--system", "bohr-10", record="--integrals")
    assert found == {**_of_density("bohr-10", "exact", model("bohr-10")), "settings": {}}
    system, level, density = load_density(tmp_path / "density.h5")
    assert (system, level, density.n_electrons) == ("bohr-10", "exact", 10)
    assert density(1.0) == model("bohr", 10)(1.0)


def test_what_does_not_converge_is_null(tmp_path: Path) -> None:
    """At an edge where 1 - r^2 ends, |grad rho|^2 / rho^(4/3) has no integral."""
    r = np.linspace(0, 1, 201)
    rows = zip(r, 2 * 15 / (8 * np.pi) * (1 - r**2), strict=True)
    table = tmp_path / "edge.csv"
    table.write_text("r,rho\n" + "\n".join(f"{x:.17g},{y:.17g}" for x, y in rows))
    words = ("--system", "edge", "--table", str(table))
    found = _run("user-density", tmp_path, *words, record="--integrals")
    missing = {key for key, value in found.items() if value is None}
    assert missing == {
        "gradient_four_thirds", "gradient_seven_sixths", "w_pc", "w_pc_prime",
    }  # fmt: skip
    # U = 20/7 by the integral of rho Q(r) / r, Q = 5 r^3 - 3 r^5.
    assert found["hartree"] == pytest.approx(20 / 7, rel=1e-6)


def test_user_density(tmp_path: Path) -> None:
    density = model("gaussian-2")
    radii = [0.01 * 1.02**i for i in range(350)]
    table = tmp_path / "mine.csv"
    table.write_text("r,rho\n" + "\n".join(f"{r},{1.01 * float(density(r))}" for r in radii))
    words = ("--system", "mine", "--table", str(table))
    with pytest.raises(SystemExit):
        _run("user-density", tmp_path, *words, record="--integrals")
    found = _run("user-density", tmp_path, *words, "--normalize", record="--integrals")
    read = read_density(table, normalize=True)
    settings = {"table": str(table), "normalize": True}
    assert found == {**_of_density("mine", "table", read), "settings": settings}
    system, level, stored = load_density(tmp_path / "density.h5")
    assert (system, level, stored.n_electrons) == ("mine", "table", 2)
    assert stored(1.0) == read(1.0)
    table.write_text("r,rho\n" + "\n".join(f"{r},{float(density(r))}" for r in radii))
    found = _run("user-density", tmp_path, *words, record="--integrals")
    assert found["settings"] == {"table": str(table), "normalize": False}


def test_pair_angle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "pair_angle.json"
    words = ["pair-angle", "--system", "He", "--level", "fci_6-31G", "--pair-angle", str(path)]
    told: list[tuple[object, ...]] = []

    def counted(*arguments: Any) -> dict[str, Any]:
        told.append(arguments)
        return pair_angle(*arguments)

    monkeypatch.setattr("comotion.stages.pair_angle.pair_angle", counted)
    main([*words, "--max-cycle", "30"])
    ion, level = parse_atom("He"), parse_level("fci_6-31G")
    record = read_json(path)
    del record["provenance"]
    head = {"system": "He", "level": "fci_6-31G", "n_electrons": 2}
    assert record == {**head, **pair_angle(ion, level)}
    main(words)
    assert told == [(ion, level, 30), (ion, level, 100)]


def test_pair_density(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a grid of equal charges, with the checks; the words of the command reach the state."""
    path = tmp_path / "pair_density.h5"
    words = ["pair-density", "--system", "He", "--level", "fci_6-31G_st__st_", "--pair-density",
             str(path)]  # fmt: skip
    told: list[tuple[object, ...]] = []
    heard: list[str] = []

    def counted(*arguments: Any) -> PairState:
        told.append(arguments[:3])
        return pair_density(*arguments)

    @contextmanager
    def progress(name: str) -> Iterator[Told]:
        heard.append(name)
        yield Told()

    monkeypatch.setattr("comotion.stages.pair_density.pair_density", counted)
    monkeypatch.setattr("comotion.stages.pair_density.Progress", progress)
    main(words)
    main([*words, "--max-cycle", "30"])
    ion, level = parse_atom("He"), parse_level("fci_6-31G_st__st_")
    assert told == [(ion, level, 100), (ion, level, 30)]
    assert heard == ["He", "He"]
    attributes, arrays = read_arrays(path)
    state = pair_density(ion, level)
    r, n = arrays["radii"], 2
    np.testing.assert_allclose(arrays["charges"], n * (np.arange(200) + 0.5) / 200, rtol=1e-14)
    np.testing.assert_allclose(state.density.cumulant(r), arrays["charges"], rtol=1e-9)
    np.testing.assert_allclose(arrays["rho"], state.density(r), rtol=1e-12)
    at = (r[:, None], r[None, :])
    radial = state.pairs.radial(*at)
    np.testing.assert_allclose(arrays["radial"], radial, rtol=1e-12)
    for name, cosine in (("opposite", -1), ("together", 1)):
        np.testing.assert_allclose(arrays[name], state.pairs.at_angle(*at, cosine), rtol=1e-12)
    assert np.max(arrays["opposite"] / arrays["together"]) > 1.1
    # Independent electrons: half of each product of marginals.
    shell = 4 * np.pi * r**2 * arrays["rho"]
    least = np.min(radial / np.outer(shell, shell)) / 0.5
    del attributes["versions"]
    assert attributes == {
        "system": "He", "level": "fci_6-31G_st__st_", "n_electrons": 2, "highest": 2,
        "integral": pytest.approx(2, rel=1e-12), "v_quantum": state.v_quantum,
        "v_pairs": pytest.approx(state.v_quantum, rel=1e-10),
        "marginal_deviation": state.marginal_deviation, "least": pytest.approx(least, rel=1e-12),
    }  # fmt: skip
    assert 0.1 < least < 1


def test_as_many_iterations_as_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--system", "Be", "--level", "hf_6-31G", "--max-cycle", "2")
    with pytest.raises(SystemExit):
        _run("atom", tmp_path, *options, record="--quantum")
    assert "did not converge in 2 iterations" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_computation_is_heard_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, Told]] = []

    @contextmanager
    def progress(name: str) -> Iterator[Told]:
        heard.append((name, Told()))
        yield heard[-1][1]

    monkeypatch.setattr("comotion.stages.atom.Progress", progress)
    options = ("--system", "He", "--level", "hf_6-31G")
    _run("atom", tmp_path, *options, record="--quantum")
    ((name, told),) = heard
    assert name == "He at hf_6-31G"
    assert told.steps


def test_an_error_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _run("atom", tmp_path, "--system", "He", "--level", "ccsdt_6-31G", record="--quantum")
    assert "write ccsd-t, CCSD(T)" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
