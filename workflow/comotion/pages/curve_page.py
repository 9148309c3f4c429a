"""Curves that answer the pointer: Vega-Lite specifications with the library that draws them."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from comotion.pages.html import page


def curve_page(specifications: Mapping[str, Mapping[str, Any]], scripts: Sequence[str]) -> str:
    """A page that draws specifications, with all that it needs within it.

    Args:
        specifications: Vega-Lite specifications by their names.
        scripts: Sources of Vega, Vega-Lite and Vega-Embed.

    Returns:
        HTML.
    """
    charts = "".join(f'<div class="chart" id="{escape(name)}"></div>' for name in specifications)
    library = "".join(f"<script>\n{_within_html(text)}</script>" for text in scripts)
    data = json.dumps(specifications, separators=(",", ":")).replace("</", "<\\/")
    return page(
        "curves",
        "<p>The pointer on a curve reads it, the wheel and dragging change the window and a double "
        "click restores it; a click on the legend picks one curve, and the menu below a chart "
        f"another system.</p>{charts}{library}"
        f'<script type="application/json" id="specifications">{data}</script>'
        "<script>\n"
        "const text = document.querySelector('#specifications').textContent;\n"
        "window.drawn = Promise.all(Object.entries(JSON.parse(text)).map(([name, chart]) =>\n"
        "  vegaEmbed('#' + name, chart, {renderer: 'svg', actions: {export: true, source: false,\n"
        "    compiled: false, editor: false}})));\n</script>",
    )


def _within_html(text: str) -> str:
    """A script in which no end of a script is read."""
    return text.replace("</script", "<\\/script")
