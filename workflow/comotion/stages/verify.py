"""Stage: check every record and HDF5 file of results against its checksum.

A run checks what it reads; this checks what no run reads again: ``comotion verify results``.
"""

import argparse
from pathlib import Path

from comotion.errors import RecordError
from comotion.io import read_arrays, read_json


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("results", type=Path, help="folder of results")


def run(options: argparse.Namespace) -> None:
    """Print what is broken, or how many files are whole."""
    if not files(options.results):
        raise RecordError(
            f"{options.results}: no folder with results of comotion; give the folder results"
        )
    found = broken(options.results)
    if found:
        raise RecordError("\n".join(found))
    print(f"{options.results}: {len(files(options.results))} files are what was written")


def broken(results: Path) -> list[str]:
    """A sentence for each file of results that is not what was written.

    Args:
        results: The folder of results.

    Returns:
        The sentences, in order of the files' names; none if all is well.
    """
    sentences = []
    for path in files(results):
        try:
            (read_json if path.suffix == ".json" else read_arrays)(path)
        except RecordError as error:
            sentences.append(str(error))
    return sentences


def files(results: Path) -> list[Path]:
    """Records and HDF5 files of systems, of theory and of the study, by name."""
    found = [*results.rglob("*.json"), *results.rglob("*.h5")]
    return sorted(path for path in found if not path.name.endswith(".units.json"))
