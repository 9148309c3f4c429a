"""A pair of a set in Python, and the list of a set."""

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

import comotion
from comotion.audit.set_files import DEFAULT_SET, read_rows
from comotion.cli import main
from comotion.errors import RecordError
from comotion.number import Number
from comotion.reference_set.loading import ReferencePair, listing
from tampered_set import describe


@pytest.fixture(scope="module")
def pair(published: Path) -> ReferencePair:
    return comotion.reference("exponential-3", folder=published)


def test_what_is_loaded(pair: ReferencePair, results: Path, published: Path) -> None:
    plan = comotion.Plan.load(results / "exponential-3/exact/plan.h5")
    assert (pair.system, pair.level, pair.version) == ("exponential-3", "exact", "0.1.0")
    assert pair.plan.cost == plan.cost
    r = np.array([0.1, 1.0, 7.0])
    np.testing.assert_array_equal(pair.density(r), plan.density(r))
    np.testing.assert_allclose(pair.potential(r), plan.potential(r), rtol=1e-8)
    row = next(row for row in read_rows(published) if row["system"] == "exponential-3")
    assert pair.numbers["v_comotion"] == Number(
        plan.cost, plan.error, "cost of the co-motion plan, an upper bound of V_SCE"
    )
    assert pair.numbers["lower"].value == float(row["lower"])
    assert pair.numbers["lower"].error is None
    assert pair.numbers["v_2"].error == float(row["v_2_error"])
    # Only energies are numbers in hartree.
    assert "lieb_oxford_ratio" not in pair.numbers
    assert "search_spread" not in pair.numbers
    assert pair.values["lieb_oxford_ratio"] == float(row["lieb_oxford_ratio"])
    assert set(pair.values) == {name for name, cell in row.items() if cell} - {
        "system", "level", "best_pattern",
    }  # fmt: skip
    assert pair.certificate == published / "systems/exponential-3/exact.certificate.json.gz"
    assert pair.bounds == (float(row["lower"]), float(row["upper"]))


def test_bounds_without_a_bracket(pair: ReferencePair) -> None:
    values = {name: value for name, value in pair.values.items() if name not in ("lower", "upper")}
    plain = dataclasses.replace(pair, values=values | {"lower_proven": 0.1})
    assert plain.bounds == (
        values["v_2"] - values["v_2_error"], pair.plan.cost + pair.plan.quadrature_error,
    )  # fmt: skip
    assert dataclasses.replace(pair, values=values | {"lower_proven": 0.55}).bounds[0] == 0.55


def test_it_says_what_it_is_in_a_line(pair: ReferencePair) -> None:
    lower, upper = pair.bounds
    assert repr(pair) == (
        f"<ReferencePair exponential-3 exact: 3 electrons, {lower:.7f} <= V_SCE <= {upper:.7f} "
        "hartree, set 0.1.0>"
    )
    assert pair._repr_html_().startswith("<table><caption>exponential-3 exact</caption>")
    assert pair.citation == (
        "The comotion developers: comotion reference set: densities, transport plans and bounds "
        "of V_SCE, version 0.1.0, 2026: exponential-3 at exact."
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        pair.version = "1"  # type: ignore[misc]


def test_nothing_is_printed(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    comotion.reference("exponential-2", "exact", published)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "")


def test_what_there_is_not(published: Path, tmp_path: Path) -> None:
    for system, level, sentence in (
        ("Ne", None, "has no system 'Ne': take one of exponential-2, exponential-3"),
        ("exponential-2", "hf", "has exponential-2 at exact, not hf: name one level"),
    ):
        with pytest.raises(RecordError, match=sentence):
            comotion.reference(system, level, published)
    with pytest.raises(RecordError, match="is no reference set, it has no"):
        comotion.reference("Ne", folder=tmp_path)


def test_several_levels_are_named(mine: Path) -> None:
    rows = read_rows(mine)
    describe(mine, [*rows, rows[0] | {"level": "other"}])
    with pytest.raises(RecordError, match="has exponential-2 at exact, other: name one level"):
        comotion.reference("exponential-2", folder=mine)
    found = comotion.reference("exponential-2", "exact", mine)
    assert found.level == "exact"


def test_without_a_certificate(mine: Path) -> None:
    (mine / "systems/exponential-2/exact.certificate.json.gz").unlink()
    assert comotion.reference("exponential-2", folder=mine).certificate is None


def test_the_project_has_its_own_place(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert DEFAULT_SET.name == "reference"
    assert (DEFAULT_SET.parent / "workflow/comotion").is_dir()
    monkeypatch.setattr("comotion.reference_set.loading.DEFAULT_SET", project / "nowhere")
    with pytest.raises(RecordError, match="give the folder `reference` of a copy of the project"):
        comotion.reference("Ne")


def test_the_list(published: Path, mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["reference", "--list", str(published)])
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split() == ["system", "level", "N", "lower", "upper", "proven"]
    assert first.split()[:3] == ["exponential-2", "exact", "2"]
    assert second.split()[-1] == "yes"
    row = read_rows(published)[1]
    lower, upper = map(float, second.split()[3:5])
    # Rounded outwards, to seven decimals.
    assert float(row["lower"]) - 1e-7 < lower <= float(row["lower"])
    assert float(row["upper"]) <= upper < float(row["upper"]) + 1e-7
    describe(mine, [row | {"lower": "", "lower_proven": ""}])
    assert listing(mine).splitlines()[1].split()[3:] == ["-", f"{upper:.7f}", "no"]
    assert math.isfinite(upper)
