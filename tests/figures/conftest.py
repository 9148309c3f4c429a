"""Every figure is drawn in the project's style, and obeys it whatever it shows."""

from collections.abc import Iterator

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from artists import points
from comotion.figures.canvas import style

#: Figures wider than high by so much, where there is one panel and where there are more.
_ONE, _MORE = (1.1, 1.6), (0.8, 1.3)


@pytest.fixture(autouse=True)
def in_style(request: pytest.FixtureRequest) -> Iterator[None]:
    """Figures in the project's style, looked at and closed afterwards."""
    with style():
        yield
        figures = [plt.figure(number) for number in plt.get_fignums()]
    plt.close("all")
    # The tests of the canvas draw no figures of the project.
    if request.path.name != "test_canvas.py":
        for figure in figures:
            _check_panels(figure)
            _check_guides(figure)


def _check_panels(figure: Figure) -> None:
    """Panels stand side by side, up to four in a row, and have the shape that a paper has room for.

    One figure has two parts of its own and is not among these.
    """
    specs = [ax.get_subplotspec() for ax in figure.axes]
    if figure.subfigs or not specs or specs[0] is None:
        return
    rows, columns = specs[0].get_gridspec().get_geometry()
    assert rows == 1 or columns >= 3
    wide, high = figure.get_size_inches()
    low, most = _ONE if rows * columns == 1 else _MORE
    assert low <= (wide / columns) / (high / rows) <= most
    assert wide <= 10
    assert 1.7 <= high / rows < 4.5


def _check_guides(figure: Figure) -> None:
    """Lines through a whole panel that guide the eye are grey and thin; only data have colours."""
    for ax in figure.axes:
        for line in ax.get_lines():
            shown = points(line)
            if len(shown) == 2 and line.get_marker() == "None" and np.any(shown[0] == shown[1]):
                assert len(set(to_rgb(line.get_color()))) == 1, line
                assert line.get_linewidth() <= 1.3
