"""Tables as HTML that needs nothing from the network: columns sort at a click."""

import base64
from collections.abc import Callable, Collection, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from comotion.pages.symbols import symbol
from comotion.tables.quantities import Column

_HERE = Path(__file__).parent
#: Floats below this in all of a column are errors: their size is what matters.
_SMALL = 1e-3
#: Decimals of the others.
_DECIMALS = 6


def table_page(
    table: pd.DataFrame,
    describe: Callable[[str], Column],
    *,
    name: str,
    shown_first: Collection[str] = (),
) -> str:
    """A page with one table that sorts, each column under its symbol and unit.

    Args:
        table: The table; columns without any value are left out.
        describe: Unit and meaning of a column.
        name: Name of the table, and of the file that its link downloads.
        shown_first: Columns that are seen before all are asked for; by default all.

    Returns:
        HTML.
    """
    csv = base64.b64encode(table.to_csv(index=False).encode()).decode()
    table = table.dropna(axis="columns", how="all")
    names = [str(column) for column in table.columns]
    more = {column for column in names if shown_first and column not in shown_first}
    head = [_heading(column, describe(column), _is_text(table[column]), column in more)
            for column in names]  # fmt: skip
    columns = [_cells(table[column], column in more) for column in names]
    rows = ["".join(cells) for cells in zip(*columns, strict=True)]
    few = ' class="few"' if more else ""
    tools = [f'<a download="{name}.csv" href="data:text/csv;base64,{csv}">{name}.csv</a>']
    if more:
        tools.append('<label><input type="checkbox" id="all"> all columns</label>')
    return page(
        name.replace("_", " "),
        "<p>A click on a heading sorts; the pointer on it says what it is and how the file calls "
        f"it. {' '.join(tools)}</p>"
        f'<div class="frame"><table{few}><thead><tr>{"".join(head)}'
        f"</tr></thead><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table></div>",
    )


def settings_page(study: Mapping[str, Any]) -> str:
    """A page with the versions and settings behind the numbers.

    Args:
        study: What `comotion.tables.recorded_settings.settings_record` returns.

    Returns:
        HTML.
    """
    parts = []
    settings = {f"settings of {stage}": found for stage, found in study["settings"].items()}
    for heading, entries in ({"versions": study["versions"]} | settings).items():
        rows = "".join(
            f'<tr><td class="text">{escape(name)}</td>'
            f'<td class="text">{escape("; ".join(map(str, values)))}</td></tr>'
            for name, values in entries.items()
        )
        parts.append(f"<h1>{escape(heading)}</h1><table><tbody>{rows}</tbody></table>")
    return page("versions and settings", "<br>".join(parts), heading=False)


def page(title: str, body: str, *, heading: bool = True) -> str:
    """A page in the style of all, with the script that sorts tables.

    Args:
        title: Its title.
        body: What it shows, HTML.
        heading: Whether the title is its first heading.

    Returns:
        HTML.
    """
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
        f"</title><style>\n{style}</style></head>\n<body>"
        f"{f'<h1>{escape(title)}</h1>' if heading else ''}{body}"
        f"<script>\n{script}</script></body></html>\n"
    )


def _heading(name: str, column: Column, text: bool, more: bool) -> str:
    unit = f"<small>{escape(column.unit)}</small>" if column.unit not in ("", "1") else ""
    return (
        f'<th{_classes(text, more)} title="{escape(f"{name}: {column.meaning}")}">'
        f"<span>{symbol(name)}</span>{unit}</th>"
    )


def _cells(values: "pd.Series[Any]", more: bool) -> Sequence[str]:
    """Cells of a column, each with the full value to sort by."""
    text = _is_text(values)
    form = _format(values)
    cells = []
    for value in values:
        known = pd.notna(value)
        full, shown = (escape(str(value)), escape(form(value))) if known else ("", "")
        cells.append(f'<td{_classes(text, more)} data-value="{full}">{shown}</td>')
    return cells


def _is_text(values: "pd.Series[Any]") -> bool:
    return values.dtype == bool or not pd.api.types.is_numeric_dtype(values)


def _format(values: "pd.Series[Any]") -> Callable[[Any], str]:
    """How the values of a column are written, all alike so that they can be compared."""
    if _is_text(values):
        words = {"True": "yes", "False": "no"}
        return lambda value: words.get(str(value), str(value))
    known = values.dropna()
    if (known == known.round()).all():
        return lambda value: f"{value:.0f}"
    if (known.abs() < _SMALL).all():
        return lambda value: f"{value:.1e}"
    return _decimal


def _decimal(value: float) -> str:
    """A number with so many decimals; by its size where it would be a zero that it is not."""
    lost = value != 0 and abs(value) < 0.5 * 10.0**-_DECIMALS
    return f"{value:.1e}" if lost else f"{value:.{_DECIMALS}f}"


def _classes(text: bool, more: bool) -> str:
    names = " ".join(name for name, wanted in (("text", text), ("more", more)) if wanted)
    return f' class="{names}"' if names else ""
