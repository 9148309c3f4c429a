"""What the page shows of each pair: its name, its numbers, its curves, its electrons, its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from comotion.audit.set_files import Row, StoredPair, certificate_name, number, pair_name, read_pair
from comotion.density.radial import Array
from comotion.pages.motion import aligned
from comotion.reference_page.packed_numbers import Packed, packed
from comotion.reference_page.shown_numbers import bracket, shown
from comotion.systems import ELEMENTS, is_atom, is_model, parse_atom, parse_level, parse_model

#: Radii of the curves, and configurations of the plan, at most.
_RADII, _FRAMES = 160, 41
#: Charge inside the first radius of the curves and outside the last, electrons.
_END_CHARGE = 1e-4
#: How far a direction is off a plane, to be on one side of it.
_OFF = 1e-3
#: Farthest that a configuration is drawn from the ends of q: there electrons run to infinity.
_END_Q = 2e-4


@dataclass(frozen=True)
class Kind:
    """What a system is.

    Attributes:
        kind: ``atom``, ``ion``, ``model`` or ``user``.
        family: Symbol of the element, kind of the model, or the name itself.
        nuclear_charge: Z of an atom or ion, else 0.
    """

    kind: str
    family: str
    nuclear_charge: int


def kind_of(system: str) -> Kind:
    """What a system is, from its name.

    Args:
        system: The name.
    """
    if is_atom(system):
        atom = parse_atom(system)
        return Kind("ion" if atom.charge else "atom", atom.symbol, ELEMENTS.index(atom.symbol))
    if is_model(system):
        return Kind("model", parse_model(system).kind, 0)
    return Kind("user", system, 0)


def numbers_of(folder: Path, row: Row) -> dict[str, Any]:
    """What is known of a pair before it is opened.

    Args:
        folder: The set.
        row: Its row of the table.

    Returns:
        A record of JSON: names, kind, number of electrons, bracket, cells as they are shown
        with the cells of the table, and its files within the set, each with what it holds.
    """
    system, level = row["system"], row["level"]
    kind = kind_of(system)
    files = {
        pair_name(system, level): "density, plan and potential, HDF5",
        certificate_name(system, level): "certificate of the proven lower bound, JSON",
    }
    return {
        "system": system,
        "level": level,
        "n": int(row["n_electrons"]),
        "kind": kind.kind,
        "family": kind.family,
        "bracket": bracket(row),
        "numbers": {
            one.name: [one.value, one.error, one.cell, one.error_cell] for one in shown(row)
        },
        "files": [[name, what] for name, what in files.items() if (folder / name).is_file()],
    }


def first_levels(rows: Sequence[Row]) -> dict[str, str]:
    """The level at which each system is shown until another is chosen.

    It is the one with the lowest energy, of those that have an energy and are not self-consistent
    with a functional, which is another energy; else the first.

    Args:
        rows: Rows of the table.

    Returns:
        Levels by system.
    """
    found: dict[str, Row] = {}
    for row in rows:
        before = found.setdefault(row["system"], row)
        if _energy(row) < _energy(before):
            found[row["system"]] = row
    return {system: row["level"] for system, row in found.items()}


def _energy(row: Row) -> float:
    energy = number(row, "energy")
    if np.isnan(energy) or (is_atom(row["system"]) and parse_level(row["level"]).is_transport):
        return np.inf
    return energy


def curves_of(folder: Path, system: str, level: str) -> dict[str, Any]:
    """What is drawn of a pair.

    Args:
        folder: The set.
        system: Name of the system.
        level: Its level.

    Returns:
        A record of JSON with packed numbers: the radii ``r``, bohr, with ``density``
        4 pi r^2 rho, 1/bohr, and ``potential`` u, hartree, from the rows of the radial table;
        ``shells``, bohr; of configurations of the plan ``q``, ``energies``, hartree, the
        ``radii`` by shell, bohr, and ``directions``, unit vectors, electron by electron.
    """
    pair = read_pair(folder, pair_name(system, level))
    r, rho, u = (pair.arrays[name][_rows(pair)] for name in ("r", "rho", "u"))
    frames = _frames(pair.arrays["q"])
    radii = pair.arrays["curve_radii"][frames]
    directions = _upright(aligned(pair.arrays["curve_directions"][frames]))
    record: Mapping[str, Packed] = {
        "r": packed(r, log=True),
        "density": packed(4 * np.pi * r**2 * rho),
        "potential": packed(u),
        "shells": packed(pair.arrays["shells"], log=True),
        "q": packed(pair.arrays["q"][frames]),
        "energies": packed(pair.arrays["curve_energies"][frames]),
        "radii": packed(radii, log=True),
        "directions": packed(directions.transpose(0, 2, 1)),
    }
    return {"n": pair.n_electrons, **record}


def _rows(pair: StoredPair) -> Array:
    """Rows of the radial table that are drawn: evenly in log r, where there are electrons."""
    arrays = pair.arrays
    there = np.flatnonzero(
        (arrays["charge_inside"] >= _END_CHARGE) & (arrays["charge_outside"] >= _END_CHARGE)
    )
    x = np.log(arrays["r"][there])
    wanted = np.linspace(x[0], x[-1], _RADII)
    return np.asarray(there[np.unique(_nearest(x, wanted))])


def _frames(q: Array) -> Array:
    """Configurations that are drawn: closer to one another near the ends of q."""
    inner = np.flatnonzero((q > _END_Q) & (q < 1 - _END_Q))
    wanted = np.sin(np.linspace(0, np.pi / 2, _FRAMES)) ** 2
    return np.asarray(inner[np.unique(_nearest(q[inner], wanted))])


def _upright(directions: Array) -> Array:
    """Configurations reflected, all alike, so that they do not depend on the signs of axes.

    Of the first configuration the outermost electron that is off a plane lies on its positive side.

    Args:
        directions: Unit vectors, shape (n, 3, N).
    """
    found = np.array(directions)
    for axis in range(3):
        off = [float(one) for one in found[0, axis, ::-1] if abs(one) > _OFF]
        if off and off[0] < 0:
            found[:, axis] *= -1
    return found


def _nearest(ascending: Array, wanted: Array) -> Array:
    """Places of the numbers that are nearest to some others."""
    return np.asarray(np.abs(ascending[:, None] - wanted).argmin(axis=0))
