"""Disks and clocks that fail: full, read-only, altered files, times that jump."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from comotion.io import read_json
from comotion.stages.verify import broken
from workflow_copy import Workflow

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

_FOLDER = Path("results/exponential-2/exact")
_SCE = str(_FOLDER / "sce.json")


@contextmanager
def _mounted(folder: Path, *options: str) -> Iterator[None]:
    """A small or read-only disk in the place of a folder; the test is skipped without root."""
    done = subprocess.run(["mount", *options, folder], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"a disk can be mounted by root only: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture
def one(workflow: Workflow) -> Workflow:
    """A copy with one model to compute."""
    workflow.configure(
        {"models": ["exponential-2"], "bracket": {"electrons": 0}, "pair_bound": {"electrons": 0}}
    )
    return workflow


def test_a_full_disk(one: Workflow) -> None:
    """One sentence, nothing half-made; with room made, the run goes on from what is finished."""
    results = one.folder / "results"
    with _mounted(results, "-t", "tmpfs", "-o", "size=64k", "tmpfs"):
        full = one.run(_SCE, "--cores", "1")
        assert full.returncode == 1
        assert "plan.h5: cannot be written: No space left on device; make room" in full.stdout
        assert "Traceback" not in full.stdout
        left = {path.name for path in (one.folder / _FOLDER).iterdir()}
        assert left == {"density.h5", "density.json", "settings"}
        assert not broken(results)
        subprocess.run(["mount", "-o", "remount,size=10m", results], check=True)
        again = one.run(_SCE, "--cores", "1")
        assert again.returncode == 0, again.stdout
        assert "model" not in again.stdout.split("Job stats:")[1]
        assert not broken(results)


def test_a_read_only_results_folder(one: Workflow) -> None:
    results = one.folder / "results"
    with _mounted(results, "--bind", "-o", "ro", str(results)):
        refused = one.run(_SCE, "--cores", "1")
        assert refused.returncode == 1
        assert "Read-only file system" in refused.stdout
        assert [path.name for path in results.iterdir()] == ["README.md"]
        # Reading needs no right to write.
        assert one.run("-n", _SCE).returncode == 0


def test_altered_files_and_clocks_that_jump(one: Workflow) -> None:
    """Times alone redo nothing; a changed content is found, named, and mended by deleting it."""
    assert one.run(_SCE, "--cores", "1").returncode == 0
    density, sce = one.folder / _FOLDER / "density.h5", one.folder / _SCE
    record = read_json(sce)
    # Files from the future and from the past, inputs after outputs: their contents are the same.
    for path, time in ((density, 4e9), (sce, 1e9), (density, 1e9), (sce, 4e9)):
        os.utime(path, (time, time))
        assert "Nothing to be done" in one.run("-n", _SCE).stdout
    content = density.read_bytes()
    density.write_bytes(content[:700] + bytes([content[700] ^ 1]) + content[701:])
    found = one.run(_SCE, "--cores", "1")
    assert found.returncode == 1
    assert "density.h5: not what was written here, its checksum does not fit" in found.stdout
    assert "delete it and run again" in found.stdout
    assert "Traceback" not in found.stdout
    check = subprocess.run(
        [*one.command()[:2], "comotion", "verify", "results"], cwd=one.folder, env=one.environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert check.returncode == 1
    assert "density.h5: not what was written here" in check.stderr
    assert "Traceback" not in check.stderr
    density.unlink()
    mended = one.run(_SCE, "--cores", "1")
    assert mended.returncode == 0, mended.stdout
    assert density.read_bytes() == content
    assert read_json(sce) == record
