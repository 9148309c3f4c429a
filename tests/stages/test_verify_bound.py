"""The stage that proves bounds: what it prints, what it refuses, and what it does not need."""

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from comotion.cli import main
from comotion.proof.verify import verify_bound
from pair_certificate import certificate, written


def test_one_line_for_each_certificate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = written(tmp_path / "a.json", certificate())
    second = written(tmp_path / "b.json", certificate(system="", level=""))
    main(["verify-bound", str(first), str(second)])
    a, b = capsys.readouterr().out.splitlines()
    assert a.startswith(f"{first}: by-hand exact, 2 electrons: V_SCE >= 0.2")
    assert " hartree is proven, 734 boxes, " in a
    assert a.endswith(" s")
    said = Fraction(a.partition("V_SCE >= ")[2].partition(" hartree")[0])
    assert 0 <= Fraction(verify_bound(first).lower) - said < Fraction(1, 10**9)
    assert b.startswith(f"{second}: a density, 2 electrons: ")


def test_what_proves_nothing_ends_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = written(tmp_path / "a.json", certificate())
    bad = written(tmp_path / "b.json", certificate(lower=7.0))
    with pytest.raises(SystemExit) as ended:
        main(["verify-bound", str(bad), str(tmp_path / "none.json"), str(good)])
    assert ended.value.code == 1
    told = capsys.readouterr()
    assert told.out.startswith(f"{good}: ")
    assert f"{bad}: lower: 7.0 hartree is claimed" in told.err
    assert f"{tmp_path / 'none.json'}: cannot be read" in told.err


def test_no_wave_functions_are_needed(project: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", certificate())
    blocked = ("pyscf", "scipy", "h5py", "pandas", "matplotlib", "clarabel", "highspy")
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({blocked!r})); "
        f"from comotion.cli import main; main(['verify-bound', {str(path)!r}])"
    )
    environment = os.environ | {"PYTHONPATH": str(project / "workflow")}
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True
    )
    assert "is proven" in told.stdout
