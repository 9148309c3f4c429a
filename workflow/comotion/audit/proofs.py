"""Certificates of a set: proven again, and of the density that lies beside them."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from comotion.audit.set_files import Array, Row, StoredPair, number, read_certificate_text
from comotion.audit.stored_density import stored_density
from comotion.errors import RecordError
from comotion.proof.verify import verify_bound

#: Certificates of a sample.
SAMPLE = 5
#: Largest relative difference of a density from polynomials and that of the radial table.
_ROWS = 1e-6


def sample(names: list[str], full: bool) -> list[str]:
    """Which certificates are proven: all, or a few spread evenly over the set."""
    if full or len(names) <= SAMPLE:
        return names
    return [names[round(at)] for at in np.linspace(0, len(names) - 1, SAMPLE)]


def proof_findings(folder: Path, name: str, row: Row) -> Iterator[str]:
    """What a certificate does not prove.

    Args:
        folder: The set.
        name: Path of the certificate in it.
        row: The row of its pair.
    """
    try:
        text = read_certificate_text(folder, name)
    except RecordError as error:
        yield str(error).removeprefix(f"{name}: ")
        return
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "pair_certificate.json"
        path.write_bytes(text)
        try:
            proven = verify_bound(path)
        except RecordError as error:
            yield str(error).replace(f"{path}: ", "")
            return
    claimed = number(row, "lower_proven")
    if not claimed <= proven.lower:
        yield f"lower_proven: {claimed!r} is recorded, and {proven.lower!r} is proven"
    if (proven.system, proven.level) != (row["system"], row["level"]):
        yield f"it is that of {proven.system} at {proven.level}"
    if proven.n_electrons != number(row, "n_electrons"):
        yield f"it is for {proven.n_electrons} electrons"


def density_of_proof_findings(folder: Path, name: str, pair: StoredPair) -> Iterator[str]:
    """A sentence if a certificate is about another density than the pair.

    Args:
        folder: The set.
        name: Path of the certificate in it.
        pair: The pair.
    """
    try:
        density: Any = json.loads(read_certificate_text(folder, name))["density"]
        same = _is_density(density, pair)
    except (RecordError, ValueError, KeyError, TypeError):
        yield "it cannot be read"
        return
    if not same:
        yield "density: it is not that of the pair beside it"


def _is_density(density: Any, pair: StoredPair) -> bool:
    """Whether the density of a certificate is that of a pair."""
    if density["kind"] != pair.attributes["density_kind"]:
        return False
    if density["kind"] == "ball":
        return bool(density["radius"] == pair.attributes["density_ball_radius"])
    if density["kind"] == "gamma":
        names = ("coefficients", "powers", "exponents")
        same = [np.array_equal(density[name], pair.arrays[f"density_{name}"]) for name in names]
        return all(same) and bool(density["s"] == pair.attributes["density_s"])
    table = stored_density(pair)
    matters = 4 * np.pi * table.r**3 * table.rho > 1e-8
    rho = _of_pieces(density["pieces"], table.r[matters])
    return bool(np.all(np.abs(rho - table.rho[matters]) <= _ROWS * table.rho[matters]))


def _of_pieces(pieces: list[dict[str, Any]], r: Array) -> Array:
    """The density of polynomials between radii; `comotion.proof.given_density` has their form."""
    rho = np.zeros_like(r)
    for piece in pieces:
        low, high = piece["from"], piece["to"]
        held = (r >= low) & (r <= high)
        at = r[held]
        if piece["variable"] == "log r":
            t = np.log(at / low) / np.log(high / low)
        else:
            t = (at - low) / (high - low)
        value = np.zeros_like(t)
        for node, coefficient in zip(
            [*piece["nodes"], 0.0][::-1], piece["coefficients"][::-1], strict=True
        ):
            value = value * (t - node) + coefficient
        power = piece["power"]
        rho[held] = np.exp(value) if power == 0 else np.maximum(value, 0.0) ** power
    return rho
