"""The stage of the hierarchy: what it writes, and where V_N comes from."""

from pathlib import Path
from typing import Any

import pytest

from comotion import MODELS, comotion_plan, pair_value
from comotion.cli import main
from comotion.io import read_json, write_json
from comotion.progress import Progress
from comotion.stages import hierarchy as stage
from comotion.transport.comotion import Accuracy
from told import Told

#: The record of a plan whose numbers no search would give: they can only have been read.
_SCE = {"v_comotion": 17.0, "search_spread": 0.25, "quadrature_error": 0.5}
_WORDS = [
    "--seeds", "5", "6", "--tolerance", "2e-5", "--quadrature-tolerance", "3e-7",
    "--accept-disagreement",
]  # fmt: skip


def _record(folder: Path, system: str, *words: str) -> dict[str, Any]:
    """What the stage writes of a model."""
    density, integrals = str(folder / "density.h5"), str(folder / "density.json")
    main(["model", "--system", system, "--density", density, "--integrals", integrals])
    write_json(folder / "sce.json", _SCE)
    main([
        "hierarchy", "--density", density, "--sce", str(folder / "sce.json"),
        "--hierarchy", str(folder / "hierarchy.json"), *words,
    ])  # fmt: skip
    return read_json(folder / "hierarchy.json")


def test_every_key_of_the_record(tmp_path: Path) -> None:
    """V_3 is 4 * 3 / (3 * 2) times the cost of three electrons; V_N is that of the plan before."""
    found = _record(tmp_path, "exponential-4", *_WORDS)
    density = MODELS["exponential"](4)
    pair = pair_value(density)
    accuracy = Accuracy(2e-5, 3e-7, accept_disagreement=True)
    three = comotion_plan(density.scaled(3), seeds=(5, 6), accuracy=accuracy)
    assert found.pop("provenance")
    assert found == {
        "system": "exponential-4",
        "level": "exact",
        "n_electrons": 4,
        "hierarchy": {"v_2": pair.value, "v_comotion_3": 2 * three.cost, "v_comotion_4": 17.0},
        "hierarchy_error": {
            "v_2": pair.error,
            "v_comotion_3": 2 * (three.search_spread + three.quadrature_error),
            "v_comotion_4": 0.75,
        },
        "settings": {
            "seeds": [5, 6],
            "accuracy": {"seeds": 2e-5, "quadrature": 3e-7, "accept_disagreement": True},
            "highest": 20,
        },
    }
    assert three.error > 0
    assert found["hierarchy"]["v_2"] < found["hierarchy"]["v_comotion_3"]


def test_the_highest_order_is_that_which_is_asked_for(tmp_path: Path) -> None:
    """V_N is there whatever it is."""
    found = _record(tmp_path, "exponential-4", "--highest", "2")
    assert set(found["hierarchy"]) == set(found["hierarchy_error"]) == {"v_2", "v_comotion_4"}
    assert found["settings"]["highest"] == 2
    assert found["settings"]["accuracy"] == {
        "seeds": 1e-5, "quadrature": 1e-7, "accept_disagreement": False,
    }  # fmt: skip
    assert found["settings"]["seeds"] == [1, 2]


@pytest.mark.parametrize(("n", "names"), [(1, set()), (2, {"v_2"}), (3, {"v_2", "v_comotion_3"})])
def test_few_electrons(tmp_path: Path, n: int, names: set[str]) -> None:
    """Of two V_2 is V_N: there is no other; of one there is nothing."""
    found = _record(tmp_path, f"exponential-{n}")
    assert set(found["hierarchy"]) == names
    assert found["n_electrons"] == n


def test_the_share_of_an_order_is_that_of_its_time() -> None:
    """It grows like k^3: of k = 2, 3, 4 the last begins when (8 + 27) / 99 are done."""
    told = Told()
    for k, done in ((2, 0.0), (3, 8 / 99), (4, 35 / 99)):
        told.shares.clear()
        stage._of_value(told, k, range(2, 5))("32 intervals", "seed 1", 0.9)  # type: ignore[arg-type]
        assert told.shares == [pytest.approx(done)]
        assert told.lines[-1] == f"hierarchy, k = {k}, 32 intervals, seed 1"
    stage._of_value(told, 2, range(2, 5))("refining")  # type: ignore[arg-type]
    assert told.lines[-1] == "hierarchy, k = 2, refining"


def test_progress_is_that_of_its_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told()
    asked: list[tuple[int, range]] = []

    def of_value(_: Progress, k: int, orders: range) -> Told:
        asked.append((k, orders))
        return told

    monkeypatch.setattr(stage, "_of_value", of_value)
    _record(tmp_path, "exponential-4")
    assert asked == [(2, range(2, 4)), (3, range(2, 4))]
    assert any("seed" in line for line in told.lines)
