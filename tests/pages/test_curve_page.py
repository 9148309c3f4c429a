"""Curves in a browser: drawn with what the page holds, one system at a time."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from browser import Page, browser, needs_chromium
from comotion import MODELS, comotion_plan
from comotion.figures.curves import SPECIFICATIONS
from comotion.pages.curve_page import curve_page
from study import hooks


def test_scripts_and_specifications_cannot_end_their_element() -> None:
    page = curve_page({"a": {"title": "</script><b>"}}, ["'</script>'", "1 </ 2"])
    assert page.count("</script>") == page.count("<script")
    assert "'<\\/script>'" in page
    assert "1 </ 2" in page
    assert '{"a":{"title":"<\\/script><b>"}}' in page


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The curves of two systems in a browser."""
    folder = tmp_path_factory.mktemp("browser")
    plans = [
        replace(comotion_plan(MODELS["exponential"](n)), system=name)
        for n, name in ((2, "H-"), (3, "Li"))
    ]
    charts = {name: draw(plans) for name, draw in SPECIFICATIONS.items()}
    scripts = [path.read_text(encoding="utf-8") for path in hooks.vega()]
    (folder / "curves.html").write_text(curve_page(charts, scripts), encoding="utf-8")
    with browser(folder) as opened:
        opened.open((folder / "curves.html").as_uri())
        opened.evaluate("drawn.then(() => true)")
        yield opened


def _lines(page: Page, chart: str) -> int:
    """Curves that are drawn in a chart."""
    found = page.evaluate(
        f"document.querySelectorAll('#{chart} .mark-line.role-mark path[d]').length"
    )
    assert isinstance(found, int)
    return found


@needs_chromium
def test_every_chart_is_drawn_without_the_network(page: Page) -> None:
    assert [_lines(page, name) for name in SPECIFICATIONS] == [1, 2, 2]
    for name, title in (
        ("density", "radial density"), ("comotion", "co-motion functions"),
        ("potential", "co-motion potential"),
    ):  # fmt: skip
        text = page.evaluate(f"document.querySelector('#{name}').textContent")
        assert title in text
        assert "r (bohr)" in text
    assert page.complaints == []
    assert all(address.startswith("file:") for address in page.requests)


@needs_chromium
def test_the_menu_shows_another_system(page: Page) -> None:
    page.evaluate(
        "(menu => { menu.value = 'Li'; menu.dispatchEvent(new Event('change')); "
        "menu.dispatchEvent(new Event('input')); })(document.querySelector('#comotion select'))"
    )
    page.evaluate("new Promise(done => setTimeout(done, 300))")
    assert [_lines(page, name) for name in SPECIFICATIONS] == [1, 3, 2]
    assert page.complaints == []
