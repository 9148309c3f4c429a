"""Whether a figure is fit for a paper: no label meets another or the edge."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axes._secondary_axes import SecondaryAxis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def check_labels(figure: Figure) -> None:
    """Check that every text lies within the figure, is legible, and meets no other."""
    figure.canvas.draw()
    axes = [ax for own in figure.axes for ax in (own, *own.child_axes)]
    hidden = [text for ax in axes if isinstance(ax, Axes | SecondaryAxis) for text in not_drawn(ax)]
    drawn = [
        text
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_text().strip() and text not in hidden
    ]
    assert len(drawn) > 10
    boxes = [text.get_window_extent() for text in drawn]
    for text, box in zip(drawn, boxes, strict=True):
        assert figure.bbox.x0 <= box.x0, text
        assert figure.bbox.y0 <= box.y0, text
        assert box.x1 <= figure.bbox.x1, text
        assert box.y1 <= figure.bbox.y1, text
        assert 6 <= float(text.get_fontsize()) <= 10, text
    placed = zip(drawn, boxes, strict=True)
    pairs = combinations(placed, 2)
    meeting = [(a, b) for (a, at), (b, bt) in pairs if _meet(a, b, at, bt)]
    assert not meeting, meeting


def _meet(one: Text, other: Text, *boxes: Bbox) -> bool:
    """Whether two texts in boxes overlap; those at one slant are compared in its own axes."""
    if not boxes[0].overlaps(boxes[1]):
        return False
    slant = one.get_rotation()
    if slant != other.get_rotation() or slant % 90 == 0:
        return bool(boxes[0].padded(-1).overlaps(boxes[1].padded(-1)))
    centers = [np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2]) for box in boxes]
    across = np.array([-np.sin(np.radians(slant)), np.cos(np.radians(slant))])
    distance = abs(float((centers[1] - centers[0]) @ across))
    return distance < max(float(text.get_fontsize()) for text in (one, other))


def not_drawn(ax: Axes | SecondaryAxis) -> Iterator[Text]:
    """Labels of ticks that exist, but are hidden or lie outside the limits."""
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        shown = [
            label
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())
            for label in (tick.label1, tick.label2)
            if low <= tick.get_loc() <= high and label.get_visible() and axis.get_visible()
        ]
        for text in axis.findobj(Text):
            if isinstance(text, Text) and text not in (axis.label, axis.offsetText, *shown):
                yield text
