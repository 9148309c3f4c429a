"""The page of a reference set: one HTML file with its data and with the library that draws it."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from comotion.audit.set_files import ENERGIES, Row, content, page_mark, read_rows, require_set
from comotion.errors import RecordError
from comotion.pages.symbols import symbol
from comotion.reference_page.drawing_library import DrawingLibrary, drawing_library
from comotion.reference_page.entries import curves_of, first_levels, kind_of, numbers_of
from comotion.reference_page.page_parts import body, system_name
from comotion.reference_page.set_charts import charts
from comotion.reference_set.adding import Edition, edition_of
from comotion.reference_set.numbers_table import TEXTS
from comotion.reference_set.texts import TITLE

_HERE = Path(__file__).parent
#: The page's own scripts, which become one.
_SCRIPTS = ("drawing.js", "set_page.js")
#: The page loads nothing: it says so, and the browser holds it to that.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)


def reference_page(folder: Path, links: str = "") -> str:
    """The page of a set.

    Args:
        folder: The set.
        links: Where the set lies as seen from the page, with a slash at its end; empty where the
            page lies in it.

    Returns:
        HTML, the same for the same set, whenever it is made.

    Raises:
        RecordError: It is no set, or a file of it is missing or damaged.
        ComotionError: A package that draws is missing.
    """
    require_set(folder)
    library = drawing_library()
    rows = read_rows(folder)
    if not rows:
        raise RecordError(f"{folder / ENERGIES}: has no row, and a page needs one")
    edition = edition_of(folder)
    kinds = {row["system"]: kind_of(row["system"]) for row in rows}
    columns = columns_shown(folder, rows)
    data = _data(folder, rows, columns, links)
    return _document(
        edition,
        page_mark(folder),
        body(rows, kinds, columns, edition, links, library),
        _scripts(folder, rows, data, library),
    )


def columns_shown(folder: Path, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Columns of the table that any row has, with what the schema of the set says of them.

    Args:
        folder: The set.
        rows: Its rows.

    Returns:
        Records of JSON: name, symbol as HTML, unit, meaning, and whether it is a number.

    Raises:
        RecordError: The schema does not know a column.
    """
    try:
        schema: Mapping[str, Any] = json.loads(content(folder, "schema.json"))[ENERGIES]
        return [
            {"name": name, "symbol": symbol(name), "unit": schema[name]["unit"],
             "meaning": schema[name]["meaning"], "number": name not in TEXTS}
            for name in rows[0]
            if name not in ("system", "level") and any(row[name] for row in rows)
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(
            f"{folder / 'schema.json'}: cannot be read, or lacks a column: {error}"
        ) from error


def _data(
    folder: Path, rows: Sequence[Row], columns: Sequence[Mapping[str, Any]], links: str
) -> dict[str, Any]:
    """What is known of all pairs before one is opened."""
    systems = list(dict.fromkeys(row["system"] for row in rows))
    return {
        "links": links,
        "columns": columns,
        "systems": systems,
        "names": {system: system_name(system) for system in systems},
        "first": first_levels(rows),
        "pairs": [numbers_of(folder, row) for row in rows],
    }


def _scripts(
    folder: Path, rows: Sequence[Row], data: Mapping[str, Any], library: DrawingLibrary
) -> str:
    """All scripts: data of the set, the curves of each pair, the library, and the page's own."""
    found = [_json("set", data), _json("charts", charts(library.altair))]
    found += [
        _json(f"pair {row['system']}/{row['level']}",
              curves_of(folder, row["system"], row["level"]))
        for row in rows
    ]  # fmt: skip
    own = "".join((_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    # In a block of its own: the library has names of one letter.
    scripts = (library.script, f'"use strict";\n{{\n{own}}}')
    found += [f"<script>\n{_within_html(one)}\n</script>\n" for one in scripts]
    return "".join(found)


def _json(name: str, record: Mapping[str, Any]) -> str:
    """Data within a page; a sign that could begin a tag is written otherwise."""
    text = json.dumps(record, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="{escape(name)}">{text}</script>\n'


def _within_html(script: str) -> str:
    """A script in which neither an end of a script nor a comment is read."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _document(edition: Edition, mark: str, shown: str, scripts: str) -> str:
    style = (_HERE / "set_page.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{mark}\n"
        f"<title>{escape(TITLE)}, version {escape(edition.version)}</title>\n"
        f"<style>\n{style}</style></head>\n<body>\n{shown}\n{scripts}</body></html>\n"
    )
