"""The text of the page as HTML: its head, the periodic table, other systems, an empty panel."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from comotion.audit.set_files import ENERGIES, Row
from comotion.reference_page.drawing_library import DrawingLibrary
from comotion.reference_page.entries import Kind
from comotion.reference_page.periodic_table import elements, place
from comotion.reference_set.adding import Edition
from comotion.reference_set.texts import DESCRIPTION, LICENCE, TITLE, citation_line
from comotion.systems import ELEMENTS, is_atom, parse_atom

#: Columns by which the table is coloured at first: the first that the set has.
_FIRST_COLUMNS = ("lieb_oxford_ratio", "upper", "v_comotion")
#: Groups of columns in the menu, by the ends of their names.
_ERRORS = ("_error", "_spread")


def body(
    rows: Sequence[Row],
    kinds: Mapping[str, Kind],
    columns: Sequence[Mapping[str, Any]],
    edition: Edition,
    links: str,
    library: DrawingLibrary,
) -> str:
    """All that is seen of the page.

    Args:
        rows: Rows of the table.
        kinds: What each system is.
        columns: Columns as `comotion.reference_page.set_page.columns_shown` has them.
        edition: Version and date.
        links: Where the set lies as seen from the page.
        library: What draws.

    Returns:
        HTML.
    """
    return "\n".join([
        _head(rows, edition, links),
        "<main>",
        _controls(rows, kinds, columns),
        _elements(kinds),
        _ENTRY,
        _others(rows, kinds),
        "</main>",
        _foot(links, library),
    ])  # fmt: skip


def system_name(system: str) -> str:
    """The name of a system as HTML, the charge of an ion raised.

    Args:
        system: The name.
    """
    if not is_atom(system):
        return escape(system)
    symbol = parse_atom(system).symbol
    charge = system.removeprefix(symbol).replace("-", "\u2212")
    return f"{symbol}<sup>{charge}</sup>" if charge else symbol


def _head(rows: Sequence[Row], edition: Edition, links: str) -> str:
    of = f" of {edition.date}" if edition.date else ""
    first = rows[0]
    call = f'comotion.reference("{first["system"]}", "{first["level"]}").values["v_comotion"]'
    files = ", ".join(
        f'<a href="{escape(links)}{name}">{name}</a>'
        for name in (ENERGIES, "schema.json", "README.md", "CITATION.cff", "SHA256SUMS")
    )
    return (
        f"<header><h1>{escape(TITLE)}</h1>\n<p>{escape(DESCRIPTION)}</p>\n"
        f"<p>Version {escape(edition.version)}{escape(of)}: {len(rows)} pairs of a system and a "
        f'level. Licence of the data: <a href="{escape(links)}LICENSE">{LICENCE}</a>. '
        f"Files: {files}.</p>\n"
        f"<p>Cite as: {escape(citation_line(edition.version, edition.date))}</p>\n"
        f"<p>A value in Python: <code>{escape(call)}</code></p></header>"
    )


def _controls(
    rows: Sequence[Row], kinds: Mapping[str, Kind], columns: Sequence[Mapping[str, Any]]
) -> str:
    names = [str(one["name"]) for one in columns if one["number"]]
    first = next((name for name in _FIRST_COLUMNS if name in names), names[0])
    groups: dict[str, list[str]] = {"numbers": [], "of k electrons": [], "errors": []}
    for name in names:
        stem, _, end = name.rpartition("_")
        group = "of k electrons" if end.isdecimal() and stem != "v" else "numbers"
        groups["errors" if name.endswith(_ERRORS) else group].append(name)
    menu = "".join(
        f'<optgroup label="{label}">{"".join(_option(name, name == first) for name in found)}'
        "</optgroup>"
        for label, found in groups.items()
        if found
    )
    levels = sorted({row["level"] for row in rows if kinds[row["system"]].nuclear_charge})
    return (
        '<h2>Periodic table</h2><div class="controls">'
        f'<label>Colour by <select id="column" autocomplete="off">{menu}</select></label> '
        '<label>Level of atoms and ions <select id="level" autocomplete="off">'
        '<option value="">of each the one with the lowest energy</option>'
        f"{''.join(map(_option, levels))}</select></label></div>\n"
        '<p class="small" aria-live="polite"><span id="meaning"></span>. Unit: '
        '<span id="unit"></span>.</p>\n<div class="scale"><div id="legend"></div>'
        '<span id="scale" class="small"></span></div>\n'
        '<p class="small">A click, or Enter, opens an element; arrow keys lead to others.</p>\n'
        "<noscript><p>The table, the panels and the charts need JavaScript; all "
        f"numbers are in {ENERGIES}.</p></noscript>"
    )


def _option(name: str, chosen: bool = False) -> str:
    return f"<option{' selected' if chosen else ''}>{escape(name)}</option>"


def _elements(kinds: Mapping[str, Kind]) -> str:
    """The periodic table: a button for each element of which the set has anything."""
    ions: dict[str, list[str]] = {}
    for system, kind in kinds.items():
        if kind.kind == "ion":
            ions.setdefault(kind.family, []).append(system)
    shown = elements(max((kind.nuclear_charge for kind in kinds.values()), default=0))
    cells = []
    for z in shown:
        symbol, (row, column) = ELEMENTS[z], place(z)
        where = f'style="grid-area:{row}/{column}"'
        of_ions = ions.get(symbol, [])
        # Of an element without its atom the first ion is shown, under its own name.
        opened = symbol if symbol in kinds else next(iter(of_ions), None)
        text = (
            f'<span class="z">{z}</span>{_count(of_ions)}'
            f'<span class="symbol">{system_name(opened or symbol)}</span>'
        )
        if opened is None:
            cells.append(f'<div class="none" {where}>{text}</div>')
            continue
        cells.append(
            f'<button type="button" {where} data-place="{row},{column}" data-system="{opened}" '
            f'data-family="{symbol}">{text}<span class="value"></span></button>'
        )
    long = ' class="long"' if len(shown) > ELEMENTS.index("Xe") else ""
    return (
        f'<div id="elements"{long} role="group" aria-label="periodic table">{"".join(cells)}</div>'
        '\n<p id="missing" role="status"></p>'
    )


def _count(of_ions: Sequence[str]) -> str:
    if not of_ions:
        return ""
    return f'<span class="ions">{len(of_ions)} ion{"s" if len(of_ions) > 1 else ""}</span>'


def other_systems(rows: Sequence[Row], kinds: Mapping[str, Kind]) -> dict[str, list[str]]:
    """All systems but neutral atoms: ions by their number of electrons, models by their kind.

    Args:
        rows: Rows of the table.
        kinds: What each system is.

    Returns:
        Names of systems under the name of their group.
    """
    groups: dict[tuple[int, str], list[str]] = {}
    for row in rows:
        system, kind = row["system"], kinds[row["system"]]
        name = {
            "ion": (0, f"ions, N = {row['n_electrons']}"),
            "model": (1, f"{kind.family}, N ="),
            "user": (2, "users\u2019 densities"),
        }.get(kind.kind)
        # A system stands once, at however many levels it is.
        if name and system not in groups.setdefault(name, []):
            groups[name].append(system)
    ordered = sorted(groups, key=lambda name: name[0])
    return {name[1]: groups[name] for name in ordered}


def _others(rows: Sequence[Row], kinds: Mapping[str, Kind]) -> str:
    """Ions, models and users' densities as buttons, and the chart of all systems."""
    lines = []
    for name, systems in other_systems(rows, kinds).items():
        buttons = "".join(
            f'<button type="button" data-system="{escape(system)}" '
            f'data-family="{escape(kinds[system].family)}">'
            f"{_label(system, kinds[system].kind)}</button>"
            for system in systems
        )
        lines.append(f'<div class="family"><b>{escape(name)}</b>{buttons}</div>')
    listed = "".join(lines) or "<p>The set has none.</p>"
    return (
        '<div class="others"><section><h2>Ions, models and users\u2019 densities</h2>'
        f"{listed}</section>\n<section><h2>All systems by their number of electrons</h2>"
        '<div id="overview" class="chart"></div><p class="small">The column that colours the '
        "table; a click on a point opens it.</p></section></div>"
    )


def _label(system: str, kind: str) -> str:
    return system.rpartition("-")[2] if kind == "model" else system_name(system)


_ENTRY = """\
<section id="entry" hidden aria-labelledby="entry-title">
<div id="entry-head"><h2 id="entry-title" tabindex="-1"></h2><span id="entry-what"></span>
<button type="button" id="close">back to the table</button></div>
<p class="choice" id="family">Of its kind: <span></span></p>
<p class="choice" id="levels">Levels: <span></span></p>
<p id="bracket"></p><p id="bracket-from" class="small"></p>
<div class="panels">
<section class="wide"><h3>Numbers</h3><div class="frame" tabindex="0" role="region"
 aria-label="numbers"><table id="numbers"><tbody></tbody></table></div></section>
<section><h3>Radial density</h3><div id="density" class="chart"></div></section>
<section><h3>Potential of the forces on the co-motion plan, u(\u221e) = 0</h3>
<div id="potential" class="chart"></div></section>
<section><h3>Co-motion functions</h3><div id="comotion" class="chart"></div>
<p class="small">Where electron i is when the first one is at r; vertical lines are the shell radii.
</p></section>
<section><h3>Electrons in the co-motion plan</h3><div id="picture"><div id="electrons"></div>
<div><button type="button" id="play">play</button><p id="known" class="small"></p>
<div id="sliders"></div>
<p class="small">Numbered by shell from the innermost; distances from the nucleus (cross) are on a
logarithmic scale. When one electron moves through its shell, all move: configurations follow one
another along the plan.</p></div></div></section>
<section class="wide"><h3>Downloads</h3><ul id="files"></ul><pre id="python"></pre></section>
</div></section>"""


def _foot(links: str, library: DrawingLibrary) -> str:
    return (
        "<footer><p class='small'>Made from the files of the set by <code>comotion reference-page"
        "</code>; what is not shown here, and all digits, are in "
        f'<a href="{escape(links)}{ENERGIES}">{ENERGIES}</a> and in the files of the pairs. '
        "Radii and curves are drawn with 16 bits of each number.</p>\n"
        f"<details><summary class='small'>Drawn by {escape(library.versions)}: licences</summary>"
        f"<pre>{escape(library.notices)}</pre></details></footer>"
    )
