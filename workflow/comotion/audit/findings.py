"""All that is checked of a reference set: a sentence for each thing that is wrong."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from comotion.audit.oscillations import zero_point_of
from comotion.audit.proofs import density_of_proof_findings, proof_findings, sample
from comotion.audit.row_order import known, row_findings
from comotion.audit.set_files import (
    ENERGIES,
    FORMAT,
    SUMS,
    SYSTEMS,
    Row,
    StoredPair,
    certificate_name,
    checksum_findings,
    content,
    names_in,
    number,
    page_findings,
    pair_name,
    read_pair,
    read_rows,
)
from comotion.audit.stored_density import density_findings, stored_density
from comotion.audit.stored_plan import plan_findings
from comotion.errors import RecordError

#: Largest relative error of integrals of the radial table, beyond the error that is recorded.
_INTEGRAL = 3e-9
#: That of gradient integrals: what lies inside and outside of the table is missing in them.
_GRADIENT = 1e-5
#: Largest relative difference of the zero-point coefficient, and largest difference of the unstable
#: share: a node may lie on its edge.
_FREQUENCIES, _SHARE = 1e-6, 1e-3
#: Integrals that are computed again, with their relative errors.
_INTEGRALS = {
    "hartree": _INTEGRAL, "v_2": _INTEGRAL, "rho_four_thirds": _INTEGRAL,
    "rho_three_halves": _INTEGRAL,
    "gradient_four_thirds": _GRADIENT, "gradient_seven_sixths": _GRADIENT,
    "w_pc": _GRADIENT, "w_pc_prime": _GRADIENT,
}  # fmt: skip


@dataclass(frozen=True)
class Audit:
    """What was looked at, and what is wrong.

    Attributes:
        pairs: Pairs of a system and a level that were computed again.
        certificates: Certificates in the set.
        proven: Of these, those that were proven again.
        findings: A sentence for each thing that is wrong, none if all is well.
    """

    pairs: int
    certificates: int
    proven: int
    findings: tuple[str, ...]


def _silent(_: str) -> None:
    """Nobody is told."""


def audit(folder: Path, full: bool = False, told: Callable[[str], None] = _silent) -> Audit:
    """Check a reference set.

    Args:
        folder: The set.
        full: Whether to prove all certificates, not a sample.
        told: Told what is being looked at.

    Returns:
        What was looked at, and what is wrong.

    Raises:
        RecordError: It is no reference set at all.
    """
    wrong = [f"{SUMS}: {one}" for one in checksum_findings(folder)] + page_findings(folder)
    try:
        rows = read_rows(folder)
    except RecordError as error:
        return Audit(0, 0, 0, (*wrong, str(error)))
    wrong += _members(folder, rows)
    wrong += [f"datapackage.json: {one}" for one in _package(folder)]
    certified: dict[str, Row] = {}
    looked = 0
    for row in rows:
        label = f"{row['system']} at {row['level']}"
        told(label)
        wrong += [f"{ENERGIES}: {label}: {one}" for one in _of_row(row)]
        name = pair_name(row["system"], row["level"])
        if not (folder / name).is_file():
            continue
        try:
            pair = read_pair(folder, name)
            wrong += [f"{name}: {one}" for one in pair_findings(pair, row)]
            proof = certificate_name(row["system"], row["level"])
            if (folder / proof).is_file():
                certified[proof] = row
                found = density_of_proof_findings(folder, proof, pair)
                wrong += [f"{proof}: {one}" for one in found]
        except RecordError as error:
            wrong.append(str(error))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            wrong.append(f"{name}: is no file of a pair: {type(error).__name__} {error}")
        looked += 1
    chosen = sample(list(certified), full)
    for proof in chosen:
        told(f"proof of {proof}")
        wrong += [f"{proof}: {one}" for one in proof_findings(folder, proof, certified[proof])]
    return Audit(looked, len(certified), len(chosen), tuple(wrong))


def _of_row(row: Row) -> list[str]:
    try:
        return list(row_findings(row))
    except (RecordError, ValueError, ZeroDivisionError) as error:
        return [str(error)]


def _members(folder: Path, rows: list[dict[str, str]]) -> Iterator[str]:
    """Rows and files belong together, one to one, and every proven bound has its certificate."""
    keys = [(row["system"], row["level"]) for row in rows]
    yield from (f"{ENERGIES}: {'/'.join(key)} stands twice"
                for key in sorted(set(keys)) if keys.count(key) > 1)  # fmt: skip
    wanted = {pair_name(*key) for key in keys}
    there = {name for name in names_in(folder) if name.startswith(f"{SYSTEMS}/")}
    proofs = {certificate_name(*key) for key in keys}
    yield from (f"{name}: is missing" for name in sorted(wanted - there))
    yield from (f"{name}: has no row in {ENERGIES}" for name in sorted(there - wanted - proofs))
    for row in rows:
        proof = certificate_name(row["system"], row["level"])
        if bool(row.get("lower_proven")) != (proof in there):
            yield f"{proof}: the certificate and lower_proven in {ENERGIES} are not both there"


def _package(folder: Path) -> Iterator[str]:
    """The description of the set names its files with their checksums."""
    listed = {}
    for line in (folder / SUMS).read_text(errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = f"sha256:{digest}"
    try:
        package = json.loads((folder / "datapackage.json").read_text())
        described = {one["path"]: one["hash"] for one in package["resources"]}
        version = content(folder, "VERSION").decode().strip()
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield f"cannot be read ({type(error).__name__})"
        return
    except RecordError as error:
        yield str(error)
        return
    if package.get("version") != version:
        yield f"it is of version {package.get('version')}, and VERSION says {version}"
    for name, digest in sorted(described.items()):
        if listed.get(name) != digest:
            yield f"{name} has another checksum than in {SUMS}"
    data = {name for name in listed if name == ENERGIES or name.startswith(f"{SYSTEMS}/")}
    yield from (f"{name} is not described" for name in sorted(data - set(described)))


def pair_findings(pair: StoredPair, row: Row) -> Iterator[str]:
    """What is wrong with the file of a pair, and with what its row says of it."""
    yield from _labels(pair, row)
    unknown = [name for name, values in pair.arrays.items() if not np.all(np.isfinite(values))]
    if unknown:
        yield f"{', '.join(unknown)}: not all are finite numbers"
        return
    found = list(density_findings(pair))
    yield from found
    if found:
        # What follows would only say so again.
        return
    again = stored_density(pair).integrals()
    n = pair.n_electrons
    if not abs(again["n_electrons"] - n) <= _INTEGRAL * n:
        yield f"rho: it integrates to {again['n_electrons']:.10g} electrons, not to {n}"
    for name, relative in _INTEGRALS.items():
        recorded = number(row, name)
        allowed = known(row, f"{name}_error") + relative * abs(again[name])
        if not math.isnan(recorded) and not abs(again[name] - recorded) <= allowed:
            yield (
                f"{name}: {recorded:.12g} is recorded in {ENERGIES}, and another quadrature of the "
                f"density gives {again[name]:.12g}"
            )
    wrong = list(plan_findings(pair))
    yield from wrong
    if n > 1 and not wrong:
        yield from _oscillations(pair, row)


def _labels(pair: StoredPair, row: Row) -> Iterator[str]:
    """Form and name of the file, and numbers that stand in it and in the row."""
    if pair.attributes.get("format") != FORMAT:
        yield f"format: {pair.attributes.get('format')} is read by another version only"
    for name in ("system", "level"):
        if str(pair.attributes[name]) != row[name]:
            yield f"{name}: it is that of {pair.attributes[name]}"
    named = {"n_electrons": "n_electrons", "v_comotion": "cost", "search_spread": "search_spread",
             "quadrature_error": "quadrature_error"}  # fmt: skip
    for column, attribute in named.items():
        if number(row, column) != float(pair.attributes[attribute]):
            yield f"{attribute}: {pair.attributes[attribute]} here, {row[column]} in {ENERGIES}"


def _oscillations(pair: StoredPair, row: Row) -> Iterator[str]:
    """The zero-point coefficient of the curve and the share of it that is unstable."""
    coefficient, share = zero_point_of(pair, stored_density(pair))
    for name, again, allowed in (
        ("w_inf_prime", coefficient, _FREQUENCIES * coefficient),
        ("unstable_share", share, _SHARE),
    ):
        recorded = number(row, name)
        # A coefficient whose error is too large is not recorded.
        if not math.isnan(recorded) and not abs(again - recorded) <= allowed:
            yield (
                f"{name}: {recorded:.12g} is recorded in {ENERGIES}, and the oscillations about "
                f"the curve give {again:.12g}"
            )
