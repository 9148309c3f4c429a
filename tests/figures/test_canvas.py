"""What all figures share: panels, names on the axis, the style, and files."""

from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from artists import legend, texts, ticks
from comotion.figures.canvas import (
    explain_empty,
    formula,
    legend_above,
    legend_in_first,
    panels,
    save,
    style,
    system_axis,
)


@pytest.mark.parametrize(
    ("count", "columns", "rows"), [(1, 1, 1), (4, 4, 1), (5, 4, 2), (8, 4, 2), (9, 4, 3)]
)
def test_panels_stand_four_in_a_row(count: int, columns: int, rows: int) -> None:
    titles = [f"panel {k}" for k in range(count)]
    figure, axes = panels(titles, "radius (bohr)", "energy (hartree)")
    # None is left over without a title.
    assert figure.axes == axes
    assert [ax.get_title() for ax in axes] == titles
    specs = [ax.get_subplotspec() for ax in axes]
    for k, spec in enumerate(specs):
        assert spec is not None
        assert spec.get_gridspec().get_geometry() == (rows, columns)
        assert (spec.rowspan.start, spec.colspan.start) == divmod(k, columns)
    assert figure.get_supxlabel() == "radius (bohr)"
    assert figure.get_supylabel() == "energy (hartree)"
    # Of the size of any other label.
    sizes = {text.get_text(): text.get_fontsize() for text in figure.texts}
    assert sizes == {"radius (bohr)": 9, "energy (hartree)": 9}
    # Panels do not shrink with their number.
    wide, high = figure.get_size_inches()
    assert 1.9 < wide / columns <= 2.5
    assert 1.7 < high / rows <= 2.1


def test_no_panels_are_explained() -> None:
    figure, axes = panels([], "radius (bohr)", "energy (hartree)")
    assert axes == figure.axes == []
    assert texts(figure) == ["no system of more than one electron"]
    # Room for the sentence and no more.
    assert tuple(figure.get_size_inches()) == (4.2, 1.0)
    box = figure.texts[0].get_window_extent()
    assert 0.5 < box.width / figure.bbox.width < 1


def test_empty_axes_are_explained() -> None:
    _, (one, other) = plt.subplots(1, 2)
    explain_empty(one)
    explain_empty(other, "why")
    assert [ax.texts[0].get_text() for ax in (one, other)] == [
        "no system of more than one electron", "why"
    ]  # fmt: skip
    # In the middle, whatever the limits are.
    one.set_xlim(5, 9)
    (text,) = one.texts
    assert text.get_transform().transform(text.get_position()) == pytest.approx(
        one.transAxes.transform((0.5, 0.5))
    )
    assert (text.get_ha(), text.get_va()) == ("center", "center")


def test_only_the_first_panel_has_a_legend() -> None:
    _, axes = panels(["a", "b"], "", "")
    for ax in axes:
        ax.plot([0, 1], label="curve")
    legend_in_first(axes, fontsize=7)
    assert [legend(ax) for ax in axes] == [["curve"], []]
    found = axes[0].get_legend()
    assert found is not None
    assert found.get_texts()[0].get_fontsize() == 7
    legend_in_first([])


def test_legend_above_has_the_columns_asked_for() -> None:
    figure, ax = plt.subplots()
    for k in range(4):
        ax.plot([k], label="a curve")
    legend_above(ax, 3)
    figure.draw_without_rendering()
    found = ax.get_legend()
    assert found is not None
    boxes = [text.get_window_extent() for text in found.get_texts()]
    assert len({round(box.x0) for box in boxes}) == 3
    assert min(box.y0 for box in boxes) > ax.bbox.y1


@pytest.mark.parametrize(("count", "every"), [(1, 1), (36, 1), (37, 2), (72, 2), (73, 3)])
def test_names_that_do_not_fit_are_left_out_evenly(count: int, every: int) -> None:
    _, ax = plt.subplots()
    names = [f"ball-{k + 2}" for k in range(count)]
    system_axis(ax, names)
    assert ticks(ax) == {k: names[k] for k in range(0, count, every)}


@pytest.mark.parametrize(
    ("names", "slant"),
    [
        (["abcdef"] * 10, 0), (["abcdef"] * 11, 40), (["a"] * 9 + ["abcdefg"], 40),
        (["a"] * 9 + ["abcdef"], 0),
    ],
)  # fmt: skip
def test_sixty_letters_fit_level(names: list[str], slant: int) -> None:
    """As many as if every name were as long as the longest."""
    _, ax = plt.subplots()
    system_axis(ax, names)
    assert {text.get_rotation() for text in ax.get_xticklabels()} == {slant}


@pytest.mark.parametrize(
    ("system", "text"),
    [
        ("Be2+", "Be$^{2+}$"), ("H-", "H$^{-}$"), ("B+", "B$^{+}$"), ("Ne", "Ne"),
        ("bohr-10", "bohr-10"), ("mine2", "mine2"), ("Cs12+", "Cs$^{12+}$"),
    ],
)  # fmt: skip
def test_charges_are_superscripts(system: str, text: str) -> None:
    assert formula(system) == text


def test_files_are_what_their_suffixes_say_and_alike_at_every_run(tmp_path: Path) -> None:
    def draw(name: str) -> list[Path]:
        figure, ax = plt.subplots(figsize=(1, 1))
        ax.plot([0, 1], [0, 1])
        paths = [tmp_path / f"{name}.{suffix}" for suffix in ("svg", "png")]
        save(figure, paths)
        assert not plt.fignum_exists(figure.number)
        return paths

    one, other = draw("a"), draw("b")
    assert one[0].read_bytes().startswith(b"<?xml")
    assert one[1].read_bytes().startswith(b"\x89PNG")
    for a, b in zip(one, other, strict=True):
        assert a.read_bytes() == b.read_bytes()
    svg = one[0].read_text(encoding="utf-8")
    # Nothing in a file says when or with what it was drawn, and no reader needs the font.
    assert "<dc:date>" not in svg
    assert b"Software" not in one[1].read_bytes()
    assert "<text" not in svg


def test_style_is_left_again() -> None:
    assert (mpl.rcParams["font.size"], mpl.rcParams["savefig.dpi"]) == (9, 160)
    with mpl.rc_context({"font.size": 31}):
        with style():
            assert mpl.rcParams["font.size"] == 9
        assert mpl.rcParams["font.size"] == 31
