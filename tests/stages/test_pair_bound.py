"""The stage of the pair bound: what it writes is what the library finds and proves."""

import argparse
import json
import math
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from comotion.cli import main
from comotion.density.model_densities import MODELS
from comotion.density.radial import RadialDensity
from comotion.density.storage import load_density, save_density
from comotion.errors import ProofError
from comotion.io import read_json
from comotion.proof.charge import decimal_below
from comotion.proof.verify import verify_bound
from comotion.stages import pair_bound as stage
from comotion.transport.bounds.pair.bound import PairBound, pair_bound
from comotion.transport.bounds.pair.trial import PairEffort
from comotion.transport.hierarchy import pair_value

_EFFORT = PairEffort(intervals=4, degree=3, rounds=3)
_WORDS = ["--intervals", "4", "--degree", "3", "--rounds", "3"]


def _run(folder: Path, density: RadialDensity, *words: str) -> dict[str, Any]:
    """Run the stage on a density; its record."""
    save_density(folder / "density.h5", "some", "exact", density)
    main([
        "pair-bound", *words, "--density", str(folder / "density.h5"),
        "--pair-bound", str(folder / "pair_bound.json"),
        "--certificate", str(folder / "pair_certificate.json"),
    ])  # fmt: skip
    return dict(read_json(folder / "pair_bound.json"))


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the stage writes of three electrons and of V_2."""
    folder = tmp_path_factory.mktemp("three")
    _run(folder, MODELS["exponential"](3), *_WORDS, "--hierarchy", "9")
    return folder


@pytest.fixture(scope="module")
def found(three: Path) -> PairBound:
    """What the library finds of the same density."""
    return pair_bound(load_density(three / "density.h5")[2], effort=_EFFORT)


def test_the_record_is_what_the_library_finds(three: Path, found: PairBound) -> None:
    record = dict(read_json(three / "pair_bound.json"))
    assert record.pop("provenance")["versions"]["clarabel"]
    hierarchy = record.pop("hierarchy_proven")
    trial = found.trial
    assert record == {
        "system": "some",
        "level": "exact",
        "n_electrons": 3,
        "lower_proven": found.proven.lower,
        "lower_pair": trial.value,
        "programme": trial.programme,
        "programme_gap": trial.gap,
        "violation": trial.theta,
        "rows": trial.rows,
        "rounds": trial.rounds,
        "functions": {
            "kernels": [len(kernel) for kernel in trial.kernels],
            "potential": len(trial.potential),
        },
        "lowered": found.lowered,
        "boxes": found.proven.boxes,
        "integral_width": found.proven.integral_width,
        "settings": {"intervals": 4, "degree": 3, "rounds": 3, "hierarchy": 9},
    }
    # What is proven is what the numbers give, less what rounding outwards takes.
    assert 0 < trial.value - found.lower < 1e-8
    assert pair_value(MODELS["exponential"](3)).value < found.lower < trial.programme
    assert list(hierarchy) == ["2"]


def test_the_certificate_proves_the_record(three: Path) -> None:
    record = read_json(three / "pair_bound.json")
    proven = verify_bound(three / "pair_certificate.json")
    assert proven.lower == proven.claimed == record["lower_proven"]
    assert (proven.boxes, proven.n_electrons) == (record["boxes"], 3)
    assert (proven.system, proven.level) == ("some", "exact")
    certificate = json.loads((three / "pair_certificate.json").read_text())
    density = load_density(three / "density.h5")[2]
    assert certificate["density"]["exponents"] == density.exponents.tolist()  # type: ignore[attr-defined]


def test_the_hierarchy_is_that_of_scaled_densities(three: Path) -> None:
    """V_2 of three electrons is 3 times the repulsion of two in two thirds of the density."""
    density = load_density(three / "density.h5")[2]
    lower = pair_bound(density.scaled(2), effort=_EFFORT).lower
    value = read_json(three / "pair_bound.json")["hierarchy_proven"]["2"]
    assert Fraction(value) < 3 * Fraction(lower)
    assert value == pytest.approx(3 * lower, rel=1e-15)
    # The space is small, so the bound is not tight.
    assert 0.96 * pair_value(density).value < value < pair_value(density).value


@pytest.mark.parametrize("lower", [0.1, 1 / 3, 0.7000000000000001, 1.0, 1e-3, 123.456, -0.3, -1.0])
@pytest.mark.parametrize(("n", "k"), [(3, 2), (10, 3), (7, 4), (18, 4), (5, 4)])
def test_products_are_rounded_down(n: int, k: int, lower: float) -> None:
    exact = Fraction(n * (n - 1), k * (k - 1)) * Fraction(lower)
    found = stage._rounded_down(n * (n - 1) / (k * (k - 1)), lower)
    assert Fraction(found) < exact
    assert exact - Fraction(found) < abs(exact) / 2**50


def test_one_step_down_is_not_enough() -> None:
    """Quotient and product are both rounded up here."""
    n, k, lower = 9, 8, 0.37934006174540524
    factor = n * (n - 1) / (k * (k - 1))
    exact = Fraction(n * (n - 1), k * (k - 1)) * Fraction(lower)
    assert Fraction(math.nextafter(factor * lower, -math.inf)) > exact
    assert Fraction(stage._rounded_down(factor, lower)) < exact


@pytest.mark.parametrize(("n", "highest", "orders"), [
    (3, 0, []), (3, 1, []), (3, 2, [2]), (4, 3, [2, 3]), (6, 4, [2, 3, 4]), (2, 9, []),
])  # fmt: skip
def test_orders_of_the_hierarchy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: PairBound, n: int, highest: int,
    orders: list[int],
) -> None:  # fmt: skip
    """From 2 to the highest that is asked for, and below N; each with the same effort."""
    asked: list[int] = []

    def told(density: RadialDensity, *, effort: PairEffort, report: Any) -> Any:
        assert effort == PairEffort()
        assert callable(report)
        asked.append(density.n_electrons)
        lower = 0.5 * density.n_electrons
        return SimpleNamespace(
            trial=found.trial, proven=found.proven, lowered=0.0, lower=lower,
            save=lambda path, system, level: path.write_text(f"{system} {level}"),
        )  # fmt: skip

    monkeypatch.setattr(stage, "pair_bound", told)
    record = _run(tmp_path, MODELS["exponential"](n), "--hierarchy", str(highest))
    assert asked == [n, *orders]
    assert record["lower_proven"] == 0.5 * n
    factors = {k: n * (n - 1) / (k * (k - 1)) for k in orders}
    assert record["hierarchy_proven"] == {
        str(k): pytest.approx(factor * 0.5 * k) for k, factor in factors.items()
    }
    assert (tmp_path / "pair_certificate.json").read_text() == "some exact"


def test_it_says_what_it_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: PairBound,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(stage, "pair_bound", lambda *_, **__: found)
    _run(tmp_path, MODELS["exponential"](3))
    said = capsys.readouterr().out
    lower = decimal_below(found.lower, 8)
    assert f"some: V_SCE >= {lower} is proven, on {found.proven.boxes} boxes" in said


def test_one_electron_has_no_bound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _run(tmp_path, MODELS["exponential"](1))
    assert "some: one electron repels nothing" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["density.h5"]


def test_what_is_not_proven_is_not_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise ProofError("x.json: the inequality is violated")

    monkeypatch.setattr(stage, "pair_bound", fails)
    with pytest.raises(SystemExit):
        _run(tmp_path, MODELS["exponential"](3))
    assert "the inequality is violated" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["density.h5"]


def test_what_is_not_asked_for_is_as_in_the_default_study(project: Path) -> None:
    """The library, the command line and config.yaml have the same effort."""
    usual = yaml.safe_load((project / "config.yaml").read_text())["pair_bound"]
    parser = argparse.ArgumentParser()
    stage.add_options(parser)
    given = {action.dest: action.default for action in parser._actions}
    for name in ("intervals", "degree", "rounds", "hierarchy"):
        assert given[name] == usual[name], name
    assert PairEffort() == PairEffort(usual["intervals"], usual["degree"], usual["rounds"])
