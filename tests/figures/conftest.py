"""Every figure is drawn in the project's style, without a screen, and closed afterwards."""

from collections.abc import Iterator

import pytest
from matplotlib import pyplot as plt

from comotion.figures.canvas import style


@pytest.fixture(autouse=True)
def in_style() -> Iterator[None]:
    """Figures in the project's style, closed afterwards."""
    with style():
        yield
    plt.close("all")
