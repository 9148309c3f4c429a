"""The stage that looks at all files again: what it reads, what it says, and when it fails."""

import os
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from bounded import bracket_of
from comotion.cli import main
from comotion.density.model_densities import MODELS
from comotion.density.storage import save_density
from comotion.errors import RecordError
from comotion.io import read_json, write_json
from comotion.stages import verify as stage
from comotion.stages.verify import (
    brackets,
    broken,
    certificates,
    disagreements,
    files,
    recomputed,
    run,
)
from comotion.transport.bounds.pair.bound import PairBound, pair_bound
from comotion.transport.bounds.pair.trial import PairEffort
from comotion.transport.bounds.recomputation import Recomputed


def _write(folder: Path, n_electrons: int, **changes: Any) -> None:
    """A bracket's three files."""
    found = bracket_of("exponential", n_electrons)
    record = {
        "lower": found.lower, "upper": found.upper, "gap": found.gap,
        "lower_duality": found.dual.value, "settings": {"seed": 1},
    } | changes  # fmt: skip
    folder.mkdir(parents=True)
    write_json(folder / "bracket.json", {k: v for k, v in record.items() if v is not None})
    found.dual.save(folder / "bracket.h5")
    found.plan.save(folder / "upper_plan.h5")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Brackets of two and of three electrons, and what is none of their files."""
    _write(tmp_path / "exponential-2/exact", 2)
    _write(tmp_path / "exponential-3/exact", 3)
    (tmp_path / "energies.units.json").write_text("{}")
    (tmp_path / "density.vl.json").write_text("{}")
    (tmp_path / "energies.csv").write_text("a,b\n")
    return tmp_path


def test_all_is_well(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["verify", str(results)])
    two, three, whole = capsys.readouterr().out.splitlines()
    assert two.startswith(f"{results}/exponential-2/exact/bracket.json: 14 of 14 numbers of both ")
    assert three.startswith(f"{results}/exponential-3/exact/bracket.json: 14 of 14 numbers of both")
    searched = sum(one.searched for one in recomputed(results / "exponential-3/exact"))
    assert f"of {searched} new minimisations of V - sum u none ends below" in three
    assert whole == f"{results}: 6 files are what was written"


def test_which_files_are_read(results: Path) -> None:
    names = ["bracket.h5", "bracket.json", "upper_plan.h5"]
    assert files(results) == [
        results / f"exponential-{n}/exact" / name for n in (2, 3) for name in names
    ]
    assert broken(results) == []


def test_a_bracket_of_two_names_is_looked_at_once(results: Path) -> None:
    """Results of other settings are links to the same files."""
    kept = results / "exponential-3/exact/settings/0123"
    kept.mkdir(parents=True)
    for name in ("bracket.json", "bracket.h5", "upper_plan.h5"):
        os.link(results / "exponential-3/exact" / name, kept / name)
    assert brackets(results) == [results / f"exponential-{n}/exact" for n in (2, 3)]
    assert len(files(results)) == 9


def test_an_older_bracket_keeps_no_other_from_being_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path / "a", 2, gap=None)
    _write(tmp_path / "b", 3, lower=0.7)
    _write(tmp_path / "c", 3)
    (tmp_path / "a/upper_plan.h5").unlink()
    _write(tmp_path / "d", 2, lower_duality=None)
    with pytest.raises(RecordError) as found:
        run(Namespace(results=tmp_path))
    said = capsys.readouterr().out.splitlines()
    assert [line.split("/bracket.json: ")[0] for line in said] == [f"{tmp_path}/b", f"{tmp_path}/c"]
    assert "12 of 14 numbers" in said[0]
    a, b, b_again, d = str(found.value).splitlines()
    assert "a/upper_plan.h5: cannot be read" in a
    assert f"{tmp_path}/b/bracket.json: lower, the higher of D(u) and V_2: 0.7 is recorded" in b
    assert f"{tmp_path}/b/bracket.json: gap" not in b
    assert "gap" in b_again
    assert f"{tmp_path}/d/bracket.json: holds no bracket, 'lower_duality' is missing" in d


def test_of_a_broken_file_nothing_is_computed(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = results / "exponential-2/exact/upper_plan.h5"
    path.write_bytes(path.read_bytes()[:-1])
    (results / "exponential-3/exact/bracket.json").write_text("{}")
    with pytest.raises(RecordError) as found:
        run(Namespace(results=results))
    first, second = str(found.value).splitlines()
    assert first.startswith(f"{path}: not what was written here")
    assert second.startswith(f"{results}/exponential-3/exact/bracket.json: not what was written")
    assert capsys.readouterr().out == ""


def test_a_folder_without_results(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="no folder with results of comotion; give the folder"):
        run(Namespace(results=tmp_path))


def test_disagreements_are_sentences() -> None:
    numbers = [
        Recomputed("gap", 1.0, 1.0, 0.0),
        Recomputed("upper", 0.123456789012345, 2.5, 1e-9),
        Recomputed("energy below", 0.0, 0.25, 0.0, 17),
    ]
    first, second = disagreements(Path("x"), numbers)
    assert first.startswith("x/bracket.json: upper: 0.123456789012 is recorded, but bracket.h5 ")
    assert "give 2.5: one of the files was altered, or a search missed a configuration" in first
    assert second.startswith("x/bracket.json: energy below: 0 is recorded")
    words = stage._in_words(numbers)
    assert words.startswith("1 of 2 numbers of both ends")
    assert "of 17 new minimisations of V - sum u one ends below" in words
    assert "of 17 new minimisations of V - sum u none" in stage._in_words(
        [*numbers[:2], Recomputed("energy below", 0.0, 0.0, 0.0, 17)]
    )


@pytest.fixture(scope="module")
def proven() -> PairBound:
    """A pair bound of two electrons, not a tight one."""
    return pair_bound(MODELS["exponential"](2), effort=PairEffort(3, 2, 2))


def _save(folder: Path, bound: PairBound, **changes: Any) -> None:
    """A pair bound's two files."""
    folder.mkdir(parents=True)
    bound.save(folder / "pair_certificate.json", "exponential-2", "exact")
    write_json(folder / "pair_bound.json", {"lower_proven": bound.lower} | changes)


def test_pair_bounds_are_proven_again(
    tmp_path: Path, proven: PairBound, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line for each, and the file of two names once."""
    _save(tmp_path / "a", proven)
    kept = tmp_path / "a/settings/0123"
    kept.mkdir(parents=True)
    for name in ("pair_bound.json", "pair_certificate.json"):
        os.link(tmp_path / "a" / name, kept / name)
    # A record that says less than is proven is none the worse.
    _save(tmp_path / "b", proven, lower_proven=0.0)
    assert certificates(tmp_path) == [tmp_path / "a/pair_certificate.json",
                                      tmp_path / "b/pair_certificate.json"]  # fmt: skip
    main(["verify", str(tmp_path)])
    first, second, whole = capsys.readouterr().out.splitlines()
    assert first == (
        f"{tmp_path}/a/pair_certificate.json: exponential-2 exact, 2 electrons: V_SCE >= "
        f"{proven.lower:.9f} hartree is proven, {proven.proven.boxes} boxes"
    )
    assert second.startswith(f"{tmp_path}/b/pair_certificate.json: exponential-2 exact")
    assert whole == f"{tmp_path}: 6 files are what was written"


def test_what_proves_nothing_or_says_more_than_it_proves(
    tmp_path: Path, proven: PairBound, capsys: pytest.CaptureFixture[str]
) -> None:
    """Checksums that fit, and content that does not: each is named, and the good one passes."""
    _save(tmp_path / "a", proven, lower_proven=proven.lower + 1e-12)
    _save(tmp_path / "b", proven)
    certificate = dict(read_json(tmp_path / "b/pair_certificate.json"))
    write_json(tmp_path / "b/pair_certificate.json", certificate | {"lower": proven.lower + 1e-9})
    _save(tmp_path / "c", proven)
    (tmp_path / "c/pair_bound.json").unlink()
    _save(tmp_path / "d", proven)
    write_json(tmp_path / "d/pair_bound.json", {"lower": 1.0})
    _save(tmp_path / "e", proven)
    save_density(tmp_path / "e/density.h5", "exponential-2", "exact", MODELS["exponential"](2))
    _save(tmp_path / "f", proven)
    stretched = MODELS["exponential"](2).stretched(1 + 1e-15)
    save_density(tmp_path / "f/density.h5", "exponential-2", "exact", stretched)
    with pytest.raises(RecordError) as found:
        run(Namespace(results=tmp_path))
    a, b, c, d, f = str(found.value).splitlines()
    assert a.startswith(f"{tmp_path}/a/pair_bound.json: lower_proven: {proven.lower + 1e-12!r} is ")
    assert f"pair_certificate.json proves {proven.lower!r} only" in a
    assert f"b/pair_certificate.json: lower: {proven.lower + 1e-9!r} hartree is claimed" in b
    assert "c/pair_bound.json: cannot be read" in c
    assert "d/pair_bound.json: holds no pair bound, 'lower_proven' is missing" in d
    assert f.startswith(
        f"{tmp_path}/f/pair_certificate.json: density: it is not that of density.h5"
    )
    said = capsys.readouterr().out.splitlines()
    assert [line.split("/pair_certificate.json: ")[0] for line in said] == [
        f"{tmp_path}/a", f"{tmp_path}/e", f"{tmp_path}/f"
    ]  # fmt: skip
