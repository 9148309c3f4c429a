"""One system on one page: its numbers, its bracket, its electrons in motion, its figures."""

import base64
import json
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from html import escape
from pathlib import Path

import pandas as pd

from comotion.pages.html import page
from comotion.pages.motion import motion
from comotion.pages.symbols import symbol
from comotion.systems import electrons_in_words
from comotion.tables.quantities import column, orders
from comotion.tables.rows import Row, v_sce_bounds
from comotion.transport.plan import Plan

_HERE = Path(__file__).parent
#: Numbers of a page in their order, with the columns of their errors.
_NUMBERS: dict[str, tuple[str, ...]] = {
    "energy": (),
    "v_quantum": (),
    "v_hf": (),
    "hartree": ("hartree_error",),
    "v_mean_field": (),
    "v_comotion": ("search_spread", "quadrature_error"),
    "v_best_pattern": (),
    "lower": (),
    "upper": (),
    "lower_proven": (),
    "w_inf_lower": (),
    "w_inf_upper": (),
    "w_inf_prime": ("w_inf_prime_error",),
    "lieb_oxford_ratio": (),
    "v_2": ("v_2_error",),
}
#: Decimals of a bound, and of a label on the line of energies.
_BOUND, _LABEL = 8, 6
#: The line of energies, in pixels: its width, its ends, and the height of a label.
_WIDTH, _LEFT, _RIGHT, _LINE = 720, 20, 700, 18


def atom_page(row: Row, plan: Plan, figures: Mapping[str, bytes]) -> str:
    """A page of all that a study knows of one system at one level.

    Args:
        row: Its row of energies.csv.
        plan: Its co-motion plan.
        figures: SVG of each figure by what it is called.

    Returns:
        HTML.
    """
    title = f"{row['system']}, {row['level']}"
    parts = [
        f"<p>{electrons_in_words(int(row['n_electrons']))}. Hartree atomic units.</p>",
        f"<h2>Numbers</h2>{_numbers(row)}",
    ]
    if plan.n_electrons == 1:
        parts.append("<p>One electron repels nothing: there is no plan to look at.</p>")
        return page(title, "".join(parts))
    parts += [
        f"<h2>Bracket</h2>{_bracket(row)}",
        f"<h2>Electrons in the co-motion plan</h2>{_motion(plan)}",
        "<h2>Figures</h2>",
        *(_figure(name, svg) for name, svg in figures.items()),
    ]
    return page(title, "".join(parts))


def _numbers(row: Row) -> str:
    """A table of the numbers with errors and units; what there is not is left out."""
    names = dict(_NUMBERS)
    names |= {
        f"v_comotion_{k}": (f"v_comotion_{k}_error",) for k in orders(list(row), "v_comotion")
    }
    proven = [f"lower_proven_{k}" for k in orders(list(row), "lower_proven")]
    names |= dict.fromkeys(proven, ())
    lines: list[str] = []
    for name, errors in names.items():
        if name not in row or pd.isna(row[name]):
            continue
        known = [float(row[error]) for error in errors if pd.notna(row.get(error))]
        error = f"&#177; {sum(known):.1e}" if known else ""
        # What is proven is not rounded up.
        side = ROUND_FLOOR if name.startswith("lower_proven") else ROUND_HALF_EVEN
        value = _decimal(float(row[name]), _BOUND, side)
        meaning = column(name)
        unit = "" if meaning.unit == "1" else meaning.unit
        lines.append(
            f'<tr><td class="text">{symbol(name)}</td><td data-name="{name}">{value}</td>'
            f'<td>{error}</td><td class="text">{escape(unit)}</td>'
            f'<td class="meaning">{escape(meaning.meaning)} (<code>{name}</code>)</td></tr>'
        )
    return f'<table id="numbers"><tbody>{"".join(lines)}</tbody></table>'


def _bracket(row: Row) -> str:
    """The bracket of V_SCE on a line with what it is compared with."""
    low, high = v_sce_bounds(row)
    known = pd.notna(row.get("lower"))
    proven = pd.notna(row.get("lower_proven"))
    below = "a proven bound" if proven and low == float(row["lower_proven"]) else "V_2"
    source = "by a search" if known else f"from {below} and the best pattern; no search was made"
    # Name, value and how it is rounded: a bound to the side on which it stays one.
    marks = [
        ("V_SCE \u2265", low, ROUND_FLOOR),
        ("V_SCE \u2264", high, ROUND_CEILING),
        ("co-motion", float(row["v_comotion"]), ROUND_HALF_EVEN),
    ]
    if proven and low != float(row["lower_proven"]):
        marks.append(("V_SCE \u2265, proven", float(row["lower_proven"]), ROUND_FLOOR))
    marks += [
        (name, float(row[key]), ROUND_HALF_EVEN)
        for name, key in (("<V_ee>", "v_quantum"), ("mean field", "v_mean_field"))
        if pd.notna(row.get(key))
    ]
    values = [value for _, value, _ in marks]
    least, width = min(values), (max(values) - min(values)) or 1.0

    def at(value: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (value - least) / width

    labels = []
    for k, (name, value, side) in enumerate(sorted(marks, key=lambda mark: mark[1])):
        # Each label has a line of its own: values may lie upon one another.
        y, x = 40 + _LINE * k, at(value)
        anchor = "start" if x < _WIDTH / 2 else "end"
        labels.append(
            f'<path d="M{x:.2f} 12V{y}" stroke="#888" fill="none"/>'
            f'<text x="{x + (4 if anchor == "start" else -4):.2f}" y="{y}" '
            f'text-anchor="{anchor}">{escape(name)} {_decimal(value, _LABEL, side)}</text>'
        )
    height = 50 + _LINE * len(marks)
    return (
        f"<p>{_decimal(low, _BOUND, ROUND_FLOOR)} &#8804; V<sub>SCE</sub> &#8804; "
        f"{_decimal(high, _BOUND, ROUND_CEILING)} hartree, {escape(source)}; the "
        f"gap is {max(high - low, 0.0) / high:.1e} of the upper bound.</p>"
        f'<svg id="bracket" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        'font-size="12" role="img" aria-label="bracket, hartree">'
        f'<path d="M{_LEFT} 12H{_RIGHT}" stroke="#000"/>'
        f'<rect x="{at(low):.2f}" y="6" width="{max(at(high) - at(low), 2):.2f}" height="12" '
        f'fill="#555"/>{"".join(labels)}</svg><p><small>hartree; the bar is the bracket</small></p>'
    )


def _decimal(value: float, decimals: int, side: str) -> str:
    """A number with so many decimals, rounded to a side."""
    return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), side))


def _motion(plan: Plan) -> str:
    """The electrons with what moves them; the script draws them."""
    data = json.dumps(motion(plan), separators=(",", ":"))
    script = (_HERE / "motion.js").read_text(encoding="utf-8")
    return (
        "<p>When one electron moves through its shell, all move. Electrons are numbered by shell "
        "from the innermost; circles are the shell radii in bohr, on a logarithmic scale of the "
        "distance from the nucleus (cross). Every picture is a configuration of the plan, turned "
        "to lie near the one before; where the arrangement changes it jumps. Drag to turn.</p>"
        '<p><button id="play">play</button> <label>first electron <input type="range" id="place" '
        'min="0" value="0" step="1"></label> <output id="known"></output></p>'
        '<div class="motion"><svg id="electrons" width="420" height="420" '
        'viewBox="-210 -210 420 420"></svg><table id="distances"><thead><tr><th>electron</th>'
        "<th>r (bohr)</th></tr></thead><tbody></tbody></table></div>"
        f'<script type="application/json" id="curve">{data}</script><script>\n{script}</script>'
    )


def _figure(name: str, svg: bytes) -> str:
    image = base64.b64encode(svg).decode()
    return (
        f'<figure><figcaption>{escape(name)}</figcaption><img alt="{escape(name)}" '
        f'src="data:image/svg+xml;base64,{image}"></figure>'
    )
