"""Two versions of a set beside each other."""

import csv
import math
from pathlib import Path

import pytest

from comotion.audit.set_files import read_rows
from comotion.cli import main
from comotion.errors import RecordError
from comotion.reference_set.version_changes import Change, changes, changes_csv, changes_text
from tampered_set import describe, in_table


def test_the_same_set_has_no_change(published: Path) -> None:
    found = changes(published, published)
    assert all(one.old == one.new and one.in_errors == 0 for one in found)
    rows = read_rows(published)
    assert len(found) == sum(
        bool(cell) for row in rows for name, cell in row.items()
        if name not in ("system", "level", "best_pattern")
    )  # fmt: skip
    assert changes_text(found) == f"{len(found)} numbers are the same"


def test_a_change_in_units_of_its_error(published: Path, mine: Path) -> None:
    row = read_rows(published)[1]
    value, error = float(row["v_2"]), float(row["v_2_error"])
    in_table(mine, "exponential-3", v_2=lambda _: repr(value + 5 * error),
             upper=lambda cell: repr(float(cell) + 1e-3))  # fmt: skip
    found = {one.name: one for one in changes(published, mine) if one.old != one.new}
    assert set(found) == {"v_2", "upper"}
    assert (found["v_2"].system, found["v_2"].level) == ("exponential-3", "exact")
    assert (found["v_2"].old, found["v_2"].new) == (value, value + 5 * error)
    # Both versions have the same error.
    assert found["v_2"].error == 2 * error
    assert found["v_2"].in_errors == pytest.approx(2.5, rel=1e-3)
    assert math.isnan(found["upper"].error)
    assert math.isnan(found["upper"].in_errors)


@pytest.mark.parametrize(("old", "new", "error", "units"), [
    (1.0, 2.0, 0.0, math.inf), (2.0, 1.0, 0.0, -math.inf), (2.0, 1.0, 0.5, -2.0),
    (1.0, 1.0, 0.0, 0.0),
])  # fmt: skip
def test_units(old: float, new: float, error: float, units: float) -> None:
    assert Change("a", "b", "c", old, new, error).in_errors == units


def test_pairs_that_come_and_go(published: Path, mine: Path) -> None:
    rows = read_rows(published)
    describe(mine, [rows[1] | {"level": "new"}, rows[0]])
    text = changes_text(changes(published, mine)).splitlines()
    assert text[:2] == ["exponential-3 at new: added", "exponential-3 at exact: gone"]
    same = sum(one.system == "exponential-2" for one in changes(published, published))
    assert text[2:] == [f"{same} numbers are the same"]
    added = [one for one in changes(published, mine) if one.level == "new"]
    assert all(math.isnan(one.old) and math.isnan(one.in_errors) for one in added)


def test_the_command(
    published: Path, mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    error = float(read_rows(published)[0]["v_2_error"])
    in_table(mine, "exponential-2", v_2=lambda cell: repr(float(cell) - 3 * error))
    main(["compare", str(published), str(mine), "--csv", str(tmp_path / "changes.csv")])
    found = changes(published, mine)
    out = capsys.readouterr().out
    assert out == changes_text(found) + "\n"
    head, line, last = out.splitlines()
    assert head.split() == ["system", "level", "number", "old", "new", "in", "errors"]
    assert line.split()[:3] == ["exponential-2", "exact", "v_2"]
    assert line.split()[-1] == "-1.50"
    assert last == f"{len(found) - 1} numbers are the same"
    assert (tmp_path / "changes.csv").read_text() == changes_csv(found)
    with (tmp_path / "changes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found)
    (changed,) = [row for row in rows if row["old"] != row["new"]]
    assert float(changed["in_errors"]) == pytest.approx(-1.5, rel=1e-3)
    assert {row["in_errors"] for row in rows if row["number"] == "upper"} == {"0.0"}


def test_what_is_no_set(published: Path, tmp_path: Path) -> None:
    for pair in ((published, tmp_path), (tmp_path, published)):
        with pytest.raises(RecordError, match="is no reference set"):
            changes(*pair)
