"""Formulas as MathML, which browsers draw by themselves: the pages load nothing from elsewhere."""

from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml


def setup(app: Any) -> dict[str, bool]:
    """Sphinx's own hook."""
    app.add_html_math_renderer("mathml", (_inline, _nothing), (_display, _nothing))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(writer: Any, node: nodes.math) -> None:
    writer.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def _display(writer: Any, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="math">{tex2mathml(node.astext(), as_block=True)}</div>')
    raise nodes.SkipNode


def _nothing(_writer: Any, _node: nodes.Node) -> None:
    """The node has been written."""
