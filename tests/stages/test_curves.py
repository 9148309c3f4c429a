"""The stage of curves: specifications in their files, and a page that holds the same."""

import json
from pathlib import Path

import pytest

from comotion import comotion_plan
from comotion.cli import main
from comotion.density.model_densities import model
from comotion.figures.curves import SPECIFICATIONS
from comotion.pages.curve_page import curve_page
from comotion.transport.plan import Plan


def _words(folder: Path, *specifications: str) -> list[str]:
    return [
        "curves", "--plans", f"{folder}/plan.h5", "--scripts", f"{folder}/a.js", f"{folder}/b.js",
        "--specifications", *(f"{folder}/{name}" for name in specifications),
        "--html", f"{folder}/a.html",
    ]  # fmt: skip


def test_specifications_and_page(tmp_path: Path) -> None:
    comotion_plan(model("exponential-2")).save(tmp_path / "plan.h5")
    for name, text in (("a.js", "one()"), ("b.js", "two()")):
        (tmp_path / name).write_text(text)
    main(_words(tmp_path, "d", "c", "p"))
    plans = [Plan.load(tmp_path / "plan.h5")]
    expected = {name: draw(plans) for name, draw in SPECIFICATIONS.items()}
    for file, chart in zip("dcp", expected.values(), strict=True):
        assert json.loads((tmp_path / file).read_text()) == chart
    assert (tmp_path / "a.html").read_text() == curve_page(expected, ["one()", "two()"])


def test_each_specification_needs_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(_words(tmp_path, "d"))
    assert end.value.code == 1
    assert "name one for each of density, comotion, potential" in capsys.readouterr().err
