"""The report of a small study as a reader sees it, in a browser."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread

from browser import Page, browser, needs_chromium
from workflow_copy import Workflow, copy_project

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

_STUDY: dict[str, Any] = {
    "atoms": [{"systems": ["He"], "levels": ["hf_cc-pVDZ"]}],
    "models": ["exponential-2"],
    "bracket": {"electrons": 2, "splines": [10, 20], "cells": 4},
    "pair_bound": {"electrons": 2, "intervals": 4, "degree": 3, "rounds": 4},
    "problems": {
        "include": True, "points": 20, "triple_points": 12, "radial_points": 16, "angles": 4,
        "sites": 4, "particles": 3, "electrons": 3, "shells": 3,
    },
    "figures": {"arrangements": ["He"], "pair_angles": {"He": "fci_cc-pVDZ"}},
}  # fmt: skip
_REPORT = "results/studies/default/report.html"
#: Waits until a condition holds, since the page draws itself when the script has returned.
_UNTIL = """new Promise((done, fail) => {
    const stop = Date.now() + 20000;
    const look = () => {
        const found = (%s);
        if (found) done(true);
        else if (Date.now() > stop) fail(new Error("nothing came"));
        else setTimeout(look, 20);
    };
    look();
})"""
#: Draws the figure shown on white and counts the pixels that are not.
_INK = """(async () => {
    const image = document.querySelector("#app img[src^='data:']:not(nav img)");
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    let ink = 0;
    for (let i = 0; i < pixels.length; i += 4) ink += pixels[i] + pixels[i + 1] < 400;
    return ink;
})()"""


@pytest.fixture(scope="module")
def study(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Workflow:
    """A copy in which the study has been run and its report made."""
    copy = copy_project(project, tmp_path_factory.mktemp("study"))
    copy.configure(_STUDY)
    for arguments in (["--cores", "2"], ["--report", _REPORT]):
        result = copy.run(*arguments)
        assert result.returncode == 0, result.stdout
    return copy


@pytest.fixture
def page(study: Workflow, tmp_path: Path) -> Iterator[Page]:
    """The report in a browser."""
    with browser(tmp_path) as opened:
        opened.open((study.folder / _REPORT).as_uri())
        yield opened


def _click(page: Page, which: str) -> None:
    """Click the first element that a JavaScript condition on ``a`` holds for."""
    find = f"[...document.querySelectorAll('nav a')].find(a => {which})"
    page.evaluate(_UNTIL % find)
    page.evaluate(f"{find}.click()")


@needs_chromium
def test_every_figure_is_drawn_and_nothing_complains(
    study: Workflow, page: Page, tmp_path: Path
) -> None:
    found = page.evaluate("results")
    categories = page.evaluate("categories")
    assert {"Atoms", "Transport", "Brackets", "Problems", "Study"} <= set(categories)
    for number, (category, groups) in enumerate(categories.items()):
        paths = [path for group in groups.values() for path in group]
        for path in paths:
            _click(page, "a.querySelector('svg') && a.closest('ol')")  # the house: to the menu
            _click(page, f"a.innerText.trim() === {json.dumps(category)} && a.closest('ul')")
            name = json.dumps(found[path]["labels"]["result"])
            _click(page, f"a.closest('tr')?.cells[0].innerText === {name}")
            if found[path]["mime_type"] == "text/html":
                page.evaluate(_UNTIL % "document.querySelector('#app iframe[src^=data]')")
            else:
                shown = (
                    f"document.querySelector('#app img[src={json.dumps(found[path]['data_uri'])}]')"
                )
                page.evaluate(_UNTIL % shown)
                assert page.evaluate(_INK) > 1000, path
            assert found[path]["caption"].strip(), path
        page.screenshot(tmp_path / f"{number}-{category}.png")
    figures = {path for path, result in found.items() if result["mime_type"] == "image/svg+xml"}
    made = {path.name for path in study.figures.rglob("*.svg")}
    assert {Path(path).name for path in figures} == made
    assert len(list(tmp_path.glob("*.png"))) == len(categories)
    assert not [text for text in page.complaints if "tailwindcss" not in text]
    assert all(address.startswith("file:") for address in page.requests)


@needs_chromium
def test_a_figure_taller_than_the_window_can_be_seen_from_its_top(page: Page) -> None:
    page.call(
        "Emulation.setDeviceMetricsOverride", width=1000, height=200, deviceScaleFactor=1,
        mobile=False,
    )  # fmt: skip
    _click(page, "a.innerText.trim() === 'Atoms' && a.closest('ul')")
    _click(page, "a.closest('tr')?.cells[0].innerText === 'energies per electron pair'")
    figure = "document.querySelector('#app img[src^=data]:not(nav img)')"
    page.evaluate(_UNTIL % f"{figure}?.naturalHeight > 0")
    box = f"{figure}.getBoundingClientRect()"
    assert page.evaluate(f"{box}.height") > 200
    assert page.evaluate(f"{box}.top") >= 0


@needs_chromium
def test_the_text_is_whole_and_its_formulas_are_set(page: Page, tmp_path: Path) -> None:
    page.screenshot(tmp_path / "landing.png")
    # A page of text: neither white nor black, and some of both.
    grey = imread(tmp_path / "landing.png")[..., :3].mean(axis=2)
    assert np.mean(grey > 0.9) > 0.3
    assert 0.005 < np.mean(grey < 0.5) < 0.5
    assert page.evaluate("document.querySelector('h1.title').getBoundingClientRect().top") >= 0
    assert page.evaluate("document.querySelectorAll('#app math[display=block] mfrac').length") >= 2
    font = page.evaluate("getComputedStyle(document.querySelector('#app math')).fontFamily")
    assert font.startswith('"Latin Modern Math"')
    text = page.evaluate("document.querySelector('#app').innerText")
    assert "System Message" not in text
    assert "He at hf_cc-pVDZ" in text
    # What was found comes first: sentences, systems in a row, the figure.
    assert "V_SCE is" in text.partition("How much do N electrons")[0]
    assert page.evaluate("document.querySelector('#app img[alt^=interaction]').naturalWidth") > 100
    # Initials of authors, not numbers of a list.
    assert "M. Seidl, P. Gori-Giorgi" in text


def test_tables_in_the_report_are_the_pages_made(study: Workflow) -> None:
    report = (study.folder / _REPORT).read_text()
    for name in ("overview", "energies", "bracket", "hierarchy_bracket", "study"):
        page = (study.tables / f"{name}.html").read_bytes()
        assert base64.b64encode(page).decode() in report
    shown = (study.tables / "study.html").read_text()
    for wanted in ("numpy", "python", "accuracy.seeds", "cells_per_shell"):
        assert f">{wanted}<" in shown
