"""Stage: check every file of results against its checksum, and compute every bound again.

Brackets are computed again, and pair bounds proven again from their certificates.

A run checks what it reads; this checks what no run reads again: ``comotion verify results``.
"""

import argparse
import json
from pathlib import Path

from comotion.density.storage import load_density
from comotion.errors import DensityError, RecordError
from comotion.io import read_arrays, read_json
from comotion.proof.verify import ProvenBound, verify_bound
from comotion.stages.verify_bound import in_words
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.pair.proof_file import density_record
from comotion.transport.bounds.recomputation import Recomputed, recompute
from comotion.transport.plan import Plan


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("results", type=Path, help="folder of results")


def run(options: argparse.Namespace) -> None:
    """Print what is broken, or how many files are whole and what was computed again."""
    results: Path = options.results
    if not files(results):
        raise RecordError(f"{results}: no folder with results of comotion; give the folder results")
    wrong = broken(results)
    if not wrong:
        for folder in brackets(results):
            try:
                numbers = recomputed(folder)
            except RecordError as error:
                # One bracket of an older version does not keep the others from being looked at.
                wrong.append(str(error))
                continue
            print(f"{folder / 'bracket.json'}: {_in_words(numbers)}")
            wrong += disagreements(folder, numbers)
        for path in certificates(results):
            try:
                proven = verify_bound(path)
                wrong += misquoted(path, proven) + of_another_density(path)
            except RecordError as error:
                # A certificate that proves nothing, or no record beside it.
                wrong.append(str(error))
                continue
            print(f"{path}: {in_words(proven)}")
    if wrong:
        raise RecordError("\n".join(wrong))
    print(f"{results}: {len(files(results))} files are what was written")


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
    # Units and the specifications of curves are no records: they carry no checksum.
    return sorted(path for path in found if not path.name.endswith((".units.json", ".vl.json")))


def brackets(results: Path) -> list[Path]:
    """Folders with a bracket, by name, each bracket once however many names its files have."""
    return [path.parent for path in _once(results, "bracket.json")]


def certificates(results: Path) -> list[Path]:
    """Certificates of pair bounds, by name, each once however many names it has."""
    return _once(results, "pair_certificate.json")


def _once(results: Path, name: str) -> list[Path]:
    """Files of a name, each file once."""
    found: dict[tuple[int, int], Path] = {}
    for path in sorted(results.rglob(name)):
        found.setdefault((path.stat().st_dev, path.stat().st_ino), path)
    return list(found.values())


def recomputed(folder: Path) -> list[Recomputed]:
    """Both ends of the bracket in a folder, computed again.

    Raises:
        RecordError: A file is missing or holds no such thing.
    """
    try:
        return recompute(
            read_json(folder / "bracket.json"),
            DualBound.load(folder / "bracket.h5"),
            Plan.load(folder / "upper_plan.h5"),
        )
    except KeyError as error:
        raise RecordError(
            f"{folder / 'bracket.json'}: holds no bracket, {error} is missing; delete it and run "
            "again"
        ) from error


def disagreements(folder: Path, numbers: list[Recomputed]) -> list[str]:
    """A sentence for each number of a bracket that is not what its files give."""
    return [
        f"{folder / 'bracket.json'}: {one.what}: {one.recorded:.12g} is recorded, but bracket.h5 "
        f"and upper_plan.h5 give {one.again:.12g}: one of the files was altered, or a search "
        "missed a configuration; delete them and run again"
        for one in numbers
        if not one.agrees
    ]


def misquoted(path: Path, proven: ProvenBound) -> list[str]:
    """A sentence if the record beside a certificate says more than is proven.

    Args:
        path: The certificate.
        proven: What it proves.

    Returns:
        The sentence, or none.

    Raises:
        RecordError: The record is missing or holds no such bound.
    """
    record = path.with_name("pair_bound.json")
    try:
        recorded = float(read_json(record)["lower_proven"])
    except KeyError as error:
        raise RecordError(
            f"{record}: holds no pair bound, {error} is missing; delete it and run again"
        ) from error
    if recorded <= proven.lower:
        return []
    sentence = (
        f"{record}: lower_proven: {recorded!r} is recorded, and {path.name} proves "
        f"{proven.lower!r} only: one of the files was altered; delete them and run again"
    )
    return [sentence]


def of_another_density(path: Path) -> list[str]:
    """A sentence if a certificate is not one of the density beside it.

    Results of other settings have no density beside them, and are not compared.

    Args:
        path: The certificate.

    Returns:
        The sentence, or none.

    Raises:
        RecordError: The file of the density holds none.
    """
    beside = path.with_name("density.h5")
    if not beside.exists():
        return []
    try:
        density = load_density(beside)[2]
    except DensityError as error:
        raise RecordError(str(error)) from error
    # As JSON has it: tuples are lists there.
    if json.loads(json.dumps(density_record(density))) == read_json(path)["density"]:
        return []
    sentence = (
        f"{path}: density: it is not that of {beside.name} beside it; delete the certificate and "
        "run again"
    )
    return [sentence]


def _in_words(numbers: list[Recomputed]) -> str:
    """What was computed again and what that rests on, in a sentence."""
    searched = sum(one.searched for one in numbers)
    exact = [one for one in numbers if not one.searched]
    agree = sum(one.agrees for one in exact)
    below = "none" if all(one.agrees for one in numbers if one.searched) else "one"
    return (
        f"{agree} of {len(exact)} numbers of both ends computed again by other rules agree; of "
        f"{searched} new minimisations of V - sum u {below} ends below the recorded minimum (a "
        "search: evidence, no proof; the brackets of V_k are not computed again)"
    )
