"""Files of a set that were altered, added or lost; certificates; the command."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from comotion.audit.findings import audit
from comotion.audit.proofs import sample
from comotion.audit.set_files import read_rows
from comotion.cli import main
from pair_certificate import written
from tampered_set import describe, in_table, plus

_PAIR = "systems/exponential-3/exact.h5"
_PROOF = "systems/exponential-3/exact.certificate.json.gz"


def test_files_that_were_altered_added_or_lost(mine: Path) -> None:
    readme, extra, lost = (mine / name for name in ("README.md", "notes.txt", "VERSION"))
    readme.write_text(readme.read_text() + " ")
    extra.write_text("")
    lost.unlink()
    assert set(audit(mine).findings) == {
        "SHA256SUMS: README.md: its checksum is not the one in SHA256SUMS: it was altered",
        "SHA256SUMS: notes.txt: is not listed in SHA256SUMS",
        "SHA256SUMS: VERSION: is listed in SHA256SUMS and not there",
        "datapackage.json: VERSION: cannot be read: No such file or directory",
    }


def test_a_pair_without_a_row_and_a_row_without_a_pair(mine: Path) -> None:
    rows = read_rows(mine)
    describe(mine, rows[:1])
    assert set(audit(mine).findings) == {
        f"{_PAIR}: has no row in energies.csv", f"{_PROOF}: has no row in energies.csv",
    }  # fmt: skip
    (mine / _PAIR).unlink()
    (mine / _PROOF).unlink()
    describe(mine, rows)
    assert set(audit(mine).findings) == {
        f"{_PAIR}: is missing",
        f"{_PROOF}: the certificate and lower_proven in energies.csv are not both there",
    }
    describe(mine, [rows[0], rows[0]])
    assert "energies.csv: exponential-2/exact stands twice" in audit(mine).findings


def test_a_name_leads_nowhere_else(mine: Path) -> None:
    table = mine / "energies.csv"
    table.write_text(table.read_text().replace("exponential-3,", "../exponential-3,"))
    assert audit(mine).findings[-1] == "energies.csv: '../exponential-3' is no name of a system"
    table.write_text("system,level\nHe\n")
    assert audit(mine).findings[-1].endswith("energies.csv: line 2 has 1 cells, not 2")


def test_a_description_of_other_files(mine: Path) -> None:
    package = mine / "datapackage.json"
    record = json.loads(package.read_text())
    record["resources"][0]["hash"] = "sha256:0"
    del record["resources"][-1]
    record["version"] = "0.2.0"
    package.write_text(json.dumps(record))
    found = audit(mine).findings
    assert "datapackage.json: energies.csv has another checksum than in SHA256SUMS" in found
    assert f"datapackage.json: {_PAIR} is not described" in found
    assert "datapackage.json: it is of version 0.2.0, and VERSION says 0.1.0" in found
    package.write_text("{}")
    assert "datapackage.json: cannot be read (KeyError)" in audit(mine).findings


@pytest.mark.parametrize(("content", "sentence"), [
    (b"no HDF5", "it is no HDF5 file, or a damaged one"),
])  # fmt: skip
def test_a_file_that_is_none(mine: Path, content: bytes, sentence: str) -> None:
    (mine / _PAIR).write_bytes(content)
    describe(mine)
    found = audit(mine).findings
    assert len(found) == 1
    assert found[0].startswith(f"{_PAIR}: {sentence}")


def _certificate(folder: Path) -> Any:
    return json.loads(gzip.decompress((folder / _PROOF).read_bytes()))


def _put(folder: Path, record: Any) -> None:
    plain = folder.parent / "certificate.json"
    (folder / _PROOF).write_bytes(gzip.compress(written(plain, record).read_bytes()))
    describe(folder)


def test_a_certificate_that_proves_nothing(mine: Path) -> None:
    record = _certificate(mine)
    record["potential"][2][1] += 0.5
    _put(mine, record)
    found = audit(mine).findings
    assert len(found) == 1
    assert found[0].startswith(f"{_PROOF}: potential, kernels: the inequality is violated")
    (mine / _PROOF).write_bytes(b"no gzip")
    describe(mine)
    found = audit(mine).findings
    assert f"{_PROOF}: density: it cannot be read" not in found
    assert set(found) == {f"{_PROOF}: it cannot be read",
                          f"{_PROOF}: is no gzip file, or a damaged one"}  # fmt: skip


def test_a_certificate_of_less_or_of_another(mine: Path) -> None:
    record = _certificate(mine)
    lower = float(read_rows(mine)[1]["lower_proven"])
    in_table(mine, "exponential-3", lower_proven=plus(1e-4))
    found = audit(mine).findings
    assert any(
        one.startswith(f"{_PROOF}: lower_proven: {lower + 1e-4!r} is recorded, and ")
        for one in found
    ), found
    _put(mine, record | {"system": "another"})
    assert f"{_PROOF}: it is that of another at exact" in audit(mine).findings
    density = record["density"] | {"exponents": [1.5]}
    _put(mine, record | {"density": density, "lower": -10.0})
    assert f"{_PROOF}: density: it is not that of the pair beside it" in audit(mine).findings


def test_a_sample_is_spread_over_the_set() -> None:
    names = [f"{k:02}" for k in range(21)]
    assert sample(names, full=False) == ["00", "05", "10", "15", "20"]
    assert sample(names, full=True) == names
    assert sample(names[:4], full=False) == names[:4]


def test_the_command(
    published: Path, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    main(["verify-reference", str(published), "--full"])
    told = capsys.readouterr()
    assert told.out == (
        f"{published}: 2 pairs are what was published and agree with what was computed again; "
        "2 of 2 certificates proven again\n"
    )
    in_table(mine, "exponential-3", lower=plus(1e-2))
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["verify-reference", str(mine)])
    assert ended.value.code == 1
    told = capsys.readouterr()
    assert told.out == ""
    *_, first, _ = told.err.partition("comotion verify-reference: error: ")
    lines = told.err.partition("error: ")[2].splitlines()
    assert first
    assert len(lines) == len(audit(mine).findings) > 1
    assert all(line.startswith("energies.csv: exponential-3 at exact: ") for line in lines)
    with pytest.raises(SystemExit):
        main(["verify-reference", str(mine / "nowhere")])
    assert "is no reference set, it has no energies.csv" in capsys.readouterr().err


def test_it_uses_neither_the_engine_nor_the_densities_of_the_package(project: Path) -> None:
    program = (
        "import sys, comotion.stages.verify_reference\n"
        "print(sorted({name.split('.')[1] for name in sys.modules "
        "if name.startswith('comotion.')}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True,
        env={"PYTHONPATH": str(project / "workflow")},
    )  # fmt: skip
    assert told.stdout == "['audit', 'errors', 'files', 'hdf5', 'proof', 'stages']\n"
