"""Texts of a reference set for people: README, licence, citation."""

import json
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from comotion.audit.set_files import Row, number
from comotion.reference_set.numbers_table import columns_of, meaning_of
from comotion.reference_set.pair_file import ARRAYS

TITLE = "comotion reference set: densities, transport plans and bounds of V_SCE"
AUTHORS = "The comotion developers"
KEYWORDS = (
    "density functional theory", "strictly correlated electrons", "optimal transport",
    "Coulomb cost",
)  # fmt: skip
DESCRIPTION = (
    "Spherical densities of atoms and models, their co-motion plans and potentials, bounds of the "
    "least Coulomb repulsion V_SCE that electrons with these densities can have, and what follows "
    "from them, with errors, certificates and checksums. Hartree atomic units."
)
LICENCE = "CC-BY-4.0"
LICENCE_NAME = "Creative Commons Attribution 4.0 International"
LICENCE_PATH = "https://creativecommons.org/licenses/by/4.0/"

_LICENCE_TEXT = f"""\
{LICENCE_NAME} ({LICENCE})

The data in this folder are licensed under the {LICENCE_NAME} licence. The licence is
at {LICENCE_PATH}legalcode ; in short, and without replacing it:

You are free to share the data, in any medium or format, and to adapt them, for any purpose, even
commercially, under these terms: you give appropriate credit, provide a link to the licence, and
say if changes were made, in any reasonable manner but not in one that suggests that the licensor
endorses you or your use. You may not apply legal terms or technological measures that restrict
others from doing what the licence permits. No warranties are given.

Credit: {AUTHORS}, {TITLE} (CITATION.cff).

The software that made the data has a licence of its own, and is no part of this folder.
"""


def licence() -> str:
    """LICENSE: the notice of the licence of the data."""
    return _LICENCE_TEXT


def citation_line(version: str, date: str) -> str:
    """How the set is cited, in a line."""
    year = f", {date[:4]}" if date else ""
    return f"{AUTHORS}: {TITLE}, version {version}{year}."


def citation(version: str, date: str) -> str:
    """CITATION.cff."""
    lines = [
        "cff-version: 1.2.0",
        "message: If you use this data set, please cite it.",
        f'title: "{TITLE}"',
        "type: dataset",
        "authors:",
        f"  - name: {AUTHORS}",
        f"version: {version}",
        *([f"date-released: {date}"] if date else []),
        f"license: {LICENCE}",
        "keywords:",
        *(f"  - {word}" for word in KEYWORDS),
    ]
    return "\n".join([*lines, ""])


def zenodo(version: str, date: str) -> str:
    """.zenodo.json."""
    record = {
        "title": TITLE,
        "description": DESCRIPTION,
        "upload_type": "dataset",
        "version": version,
        "license": LICENCE.lower(),
        "access_right": "open",
        "creators": [{"name": AUTHORS}],
        "keywords": list(KEYWORDS),
    }
    return json_text(record | ({"publication_date": date} if date else {}))


def json_text(record: object) -> str:
    """JSON as all files of the set have it."""
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def readme(rows: Sequence[Row], version: str, date: str) -> str:
    """README.md."""
    lines = [
        f"# {TITLE}", "", DESCRIPTION, "",
        f"Version {version}{f' of {date}' if date else ''}, {len(rows)} systems at their levels.",
        f"Licence: {LICENCE} (`LICENSE`). Cite as: {citation_line(version, date)}", "",
        *_FILES, "",
        "## Pairs", "",
        "| system | level | N | lower bound of V_SCE | upper bound | proven lower bound |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        *(_line(row) for row in rows), "",
        _BOUNDS, "",
        "## Checking and reading", "",
        "```sh",
        "sha256sum -c SHA256SUMS        # the files are those that were published",
        "comotion verify-reference      # computed again by independent code; --full: all proofs",
        "```", "",
        *_reading(rows[0]["system"], rows[0]["level"]), "",
        "## Columns of energies.csv", "",
        "| column | unit | meaning |", "| --- | --- | --- |",
        *(f"| `{name}` | {meaning_of(name).unit} | {_escaped(meaning_of(name).meaning)} |"
          for name in columns_of(rows)), "",
        "## Arrays of a pair", "",
        "N electrons; lengths n, m and k of the table, the maps and the curve.", "",
        "| array | unit | shape | meaning |", "| --- | --- | --- | --- |",
        *(f"| `{name}` | {unit} | {shape} | {_escaped(meaning)} |"
          for name, (unit, shape, meaning) in ARRAYS.items()), "",
        _PARTS,
    ]  # fmt: skip
    return "\n".join([*lines, ""])


_BOUNDS = (
    "Hartree. `lower` rests on a search, `lower_proven` on a proof: its certificate lies beside "
    "the pair. Where a cell is empty the bound has not been computed; `v_2` is a lower bound for "
    "every pair. `upper` is the cost of the cheapest plan found, with its quadrature error; this "
    "plan is in the set only where it is the co-motion plan."
)
_PARTS = (
    "Attributes and arrays that begin with `density_` make the density: of the kind `gamma` "
    "4 pi r^2 rho = sum_k c_k g_k with g_k = r^p_k exp(-a_k r^s) times the number that makes its "
    "integral one (coefficients c, powers p, exponents a); of the kind `table` rows of r and rho; "
    "of the kind `ball` the radius of a uniform ball."
)
_FILES = (
    "| file | what it holds |",
    "| --- | --- |",
    "| `energies.csv` | all numbers, a row for each pair |",
    "| `schema.json` | unit and meaning of each column and each array |",
    "| `systems/SYSTEM/LEVEL.h5` | density, co-motion plan and potential of a pair, HDF5 |",
    "| `systems/SYSTEM/LEVEL.certificate.json.gz` | certificate of `lower_proven` |",
    "| `datapackage.json` | description for Frictionless Data |",
    "| `croissant.json` | description for MLCommons Croissant |",
    "| `SHA256SUMS` | checksums of all other files but `index.html` |",
    "| `index.html` | a page that shows all this, where `comotion reference-page` has made it |",
)


def _reading(system: str, level: str) -> list[str]:
    """How a pair is read, with comotion and without."""
    return [
        "```python",
        "import comotion",
        "",
        f'pair = comotion.reference("{system}", "{level}", folder=".")',
        "pair.density, pair.plan, pair.potential, pair.numbers, pair.citation",
        "```",
        "",
        "Without comotion:",
        "",
        "```python",
        "import h5py",
        "import numpy as np",
        "from scipy.interpolate import CubicHermiteSpline, CubicSpline",
        "",
        f'with h5py.File("systems/{system}/{level}.h5") as file:',
        '    r, rho, inside = (file[name][:] for name in ("r", "rho", "charge_inside"))',
        "log_rho = CubicSpline(np.log(r), np.log(rho))",
        "charge = CubicHermiteSpline(np.log(r), inside, 4 * np.pi * r**3 * rho)",
        "at = np.log(1.0)  # 1 bohr",
        "density, electrons = np.exp(log_rho(at)), charge(at)",
        "```",
    ]


def _line(row: Row) -> str:
    """The line of a pair; bounds are rounded to the side on which they stay bounds."""
    cells = [row["system"], row["level"], row["n_electrons"]]
    cells += [bound(row, name) for name in ("lower", "upper", "lower_proven")]
    return "| " + " | ".join(cells) + " |"


def bound(row: Row, name: str) -> str:
    """A bound to seven decimals, rounded to the side on which it stays one.

    Args:
        row: A row of the table.
        name: ``upper``, or a lower bound.

    Returns:
        The number, or nothing where the row has none.
    """
    if not row.get(name):
        return ""
    value = Decimal(repr(number(row, name)))
    return str(value.quantize(Decimal("1e-7"), ROUND_CEILING if name == "upper" else ROUND_FLOOR))


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
