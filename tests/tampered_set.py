"""A set that somebody altered: one number, with all checksums made anew."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py

from comotion.audit.set_files import ENERGIES, read_rows
from comotion.reference_set.adding import edition_of, write_texts

Change = Callable[[Any], Any]


def plus(step: float) -> Change:
    """Add to a cell of the table."""
    return lambda cell: repr(float(cell) + step)


def in_file(folder: Path, name: str, key: str, change: Change) -> None:
    """Change an array, or an attribute, of the file of a pair."""
    path = folder / name
    memory = io.BytesIO(path.read_bytes())
    with h5py.File(memory, "r+") as file:
        if key in file.attrs:
            file.attrs[key] = change(file.attrs[key])
        else:
            values = file[key][()]
            file[key][...] = change(values.copy())
    path.write_bytes(memory.getvalue())
    describe(folder)


def in_table(folder: Path, system: str, **cells: Change) -> None:
    """Change cells of the row of a system."""
    rows: list[dict[str, str]] = read_rows(folder)
    for row in rows:
        if row["system"] == system:
            row |= {name: change(row[name]) for name, change in cells.items()}
    describe(folder, rows)


def describe(folder: Path, rows: list[dict[str, str]] | None = None) -> None:
    """Write descriptions and checksums of what is there, as its author would."""
    rows = read_rows(folder) if rows is None else rows
    kept = [{name: cell for name, cell in row.items() if cell} for row in rows]
    write_texts(folder, kept, edition_of(folder))
    assert (folder / ENERGIES).is_file()
