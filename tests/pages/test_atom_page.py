"""The page of one system: its numbers, its bracket, and its electrons in a browser."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from browser import Page, browser, needs_chromium
from comotion import MODELS, Plan, comotion_plan
from comotion.pages.atom_page import atom_page

_ROW: dict[str, Any] = {
    "system": "B+", "level": "hf_x", "n_electrons": 4, "energy": -24.25, "v_quantum": 5.75,
    "v_hf": float("nan"), "hartree": 9.5, "hartree_error": 1e-9, "v_mean_field": 7.125,
    "v_comotion": 4.5, "search_spread": 2e-6, "quadrature_error": 1e-6, "v_best_pattern": 4.25,
    "lower": 4.0, "upper": 4.2, "w_inf_lower": -5.5, "w_inf_upper": -5.3,
    "lieb_oxford_ratio": 1.25, "v_2": 3.0, "v_2_error": 1e-8, "v_comotion_3": 3.75,
    "v_comotion_3_error": 3e-6,
}  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    return replace(comotion_plan(MODELS["exponential"](4)), system="B+", level="hf_x")


@pytest.fixture(scope="module")
def html(plan: Plan) -> str:
    return atom_page(_ROW, plan, {"a <figure>": b"<svg>1</svg>", "another": b"<svg>2</svg>"})


def test_numbers_have_errors_and_units(html: str) -> None:
    lines = re.findall(
        r'data-name="(\w+)">([^<]*)</td><td>([^<]*)</td><td class="text">([^<]*)</td>', html
    )
    found = {name: (value, error, unit) for name, value, error, unit in lines}
    assert found["energy"] == ("-24.25000000", "", "hartree")
    # Search and quadrature together.
    assert found["v_comotion"] == ("4.50000000", "&#177; 3.0e-06", "hartree")
    assert found["v_2"] == ("3.00000000", "&#177; 1.0e-08", "hartree")
    assert found["v_comotion_3"] == ("3.75000000", "&#177; 3.0e-06", "hartree")
    assert found["lieb_oxford_ratio"] == ("1.25000000", "", "")
    # What there is not is left out.
    assert "v_hf" not in found
    assert "w_inf_prime" not in found
    assert "<title>B+, hf_x</title>" in html
    assert "4 electrons" in html


def test_the_bracket_is_drawn_to_scale(html: str) -> None:
    assert "4.00000000 &#8804; V<sub>SCE</sub> &#8804; 4.20000000 hartree, by a search" in html
    assert "the gap is 4.8e-02 of the upper bound" in html
    at = {
        name: (float(x), float(value))
        for x, name, value in re.findall(
            r'd="M([\d.]+) 12V\d+"[^>]*/><text[^>]*>(.*?) ([\d.]+)<', html
        )
    }  # fmt: skip
    values = {name: value for name, (_, value) in at.items()}
    assert values == {
        "V_SCE \u2265": 4.0, "V_SCE \u2264": 4.2, "co-motion": 4.5, "&lt;V_ee&gt;": 5.75,
        "mean field": 7.125,
    }  # fmt: skip
    x, value = np.array(list(at.values())).T
    np.testing.assert_allclose(x, 20 + 680 * (value - 4.0) / 3.125, atol=0.01)
    ((left, width),) = re.findall(r'<rect x="([\d.]+)" y="6" width="([\d.]+)"', html)
    assert float(left) == pytest.approx(20)
    assert float(left) + float(width) == pytest.approx(at["V_SCE \u2264"][0], abs=0.02)


def test_without_a_search_the_ends_are_v_2_and_the_best_pattern(plan: Plan) -> None:
    page = atom_page(_ROW | {"lower": float("nan"), "upper": float("nan")}, plan, {})
    assert "2.99999999 &#8804; V<sub>SCE</sub> &#8804; 4.25000100 hartree, from V_2" in page


def test_a_proven_bound_is_a_row_and_a_mark(plan: Plan) -> None:
    """Below the bracket's lower end; where there is no bracket it is the lower end."""
    proven = {"lower_proven": 3.9999999999, "lower_proven_2": 2.9876543219}
    page = atom_page(_ROW | proven, plan, {})
    # Never rounded up.
    assert 'data-name="lower_proven">3.99999999<' in page
    assert 'data-name="lower_proven_2">2.98765432<' in page
    assert ">V_SCE \u2265, proven 3.999999<" in page
    assert "4.00000000 &#8804; V<sub>SCE</sub>" in page
    alone = atom_page(_ROW | proven | {"lower": None, "upper": None}, plan, {})
    assert "3.99999999 &#8804; V<sub>SCE</sub> &#8804; 4.25000100 hartree, from a proven" in alone
    assert "proven 3.999999<" not in alone
    low = atom_page(_ROW | {"lower": None, "lower_proven": 2.5}, plan, {})
    assert "2.99999999 &#8804; V<sub>SCE</sub>" in low
    assert "hartree, from V_2 and the best pattern" in low
    assert 'data-name="lower_proven"' not in atom_page(_ROW, plan, {})


def test_bounds_are_rounded_to_the_side_on_which_they_are_bounds(plan: Plan) -> None:
    page = atom_page(_ROW | {"lower": 4.0000000069, "upper": 4.2000000011}, plan, {})
    assert "4.00000000 &#8804; V<sub>SCE</sub> &#8804; 4.20000001 hartree" in page
    assert ">V_SCE \u2265 4.000000<" in page
    assert ">V_SCE \u2264 4.200001<" in page
    # Other numbers are rounded to the nearest.
    assert ">&lt;V_ee&gt; 5.750000<" in page


def test_one_electron_has_numbers_only() -> None:
    alone = replace(comotion_plan(MODELS["exponential"](1)), system="H")
    page = atom_page(_ROW | {"system": "H", "n_electrons": 1}, alone, {})
    assert "One electron repels nothing" in page
    assert page.count("<h2>") == 1
    assert 'id="bracket"' not in page
    assert 'id="play"' not in page


def test_figures_are_within(html: str) -> None:
    images = re.findall(r'alt="([^"]*)" src="data:image/svg\+xml;base64,([^"]*)"', html)
    assert [(name, base64.b64decode(image)) for name, image in images] == [
        ("a &lt;figure&gt;", b"<svg>1</svg>"), ("another", b"<svg>2</svg>")
    ]  # fmt: skip
    assert "://" not in html


@pytest.fixture(scope="module")
def page(html: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page in a browser."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "atom.html").write_text(html)
    with browser(folder) as opened:
        opened.open((folder / "atom.html").as_uri())
        yield opened


def _put(page: Page, k: int) -> None:
    """Move the slider by hand."""
    page.evaluate(
        f"(p => {{ p.value = {k}; p.dispatchEvent(new Event('input')); }})"
        "(document.querySelector('#place'))"
    )


@needs_chromium
def test_the_slider_shows_each_configuration(page: Page, html: str) -> None:
    curve = json.loads(
        re.findall(r'<script type="application/json" id="curve">(.*?)</script>', html)[0]
    )
    assert int(page.evaluate("document.querySelector('#place').max")) == len(curve["q"]) - 1
    outer = max(max(radii) for radii in curve["radii"])
    inner = curve["shells"][0] / 4
    for k in (0, 20, len(curve["q"]) - 1):
        _put(page, k)
        told = page.evaluate(
            "[...document.querySelectorAll('#distances tbody tr')].map(row => "
            "[...row.cells].map(cell => Number(cell.innerText)))"
        )
        assert [shell for shell, _ in told] == [1, 2, 3, 4]
        assert [r for _, r in told] == pytest.approx(curve["radii"][k], rel=1e-3)
        known = str(page.evaluate("document.querySelector('#known').textContent"))
        r, q, energy, nearest = (
            float(x) for x in re.findall(r"(?<![\w\u2081])\d[\d.]*(?:e-\d+)?", known)
        )
        assert r == pytest.approx(curve["radii"][k][0], rel=1e-3)
        assert q == pytest.approx(curve["q"][k], rel=1e-3)
        assert energy == pytest.approx(curve["energies"][k], rel=1e-4)
        places = np.array(curve["positions"][k])
        pairs = np.linalg.norm(places[:, None] - places, axis=2)[np.triu_indices(4, 1)]
        assert nearest == pytest.approx(pairs.min(), rel=1e-3)
        # No ball is drawn farther out than its distance, which a turn of the picture only hides.
        drawn = dict(
            page.evaluate(
                "[...document.querySelectorAll('.electron')].map(ball => "
                "[Number(ball.dataset.shell), "
                "Math.hypot(ball.getAttribute('cx'), ball.getAttribute('cy'))])"
            )
        )
        for shell, at in drawn.items():
            r = curve["radii"][k][int(shell) - 1]
            assert at <= 189 * np.log1p(r / inner) / np.log1p(outer / inner) + 0.02
    assert page.complaints == []
    assert all(address.startswith("file:") for address in page.requests)


@needs_chromium
def test_the_picture_stays_where_it_is(page: Page) -> None:
    """Words above it that become longer or shorter must not move it."""
    top = "document.querySelector('#electrons').getBoundingClientRect().top"
    _put(page, 0)
    before = page.evaluate(top)
    known = "document.querySelector('#known')"
    assert page.evaluate(f"getComputedStyle({known}).display") == "block"
    # Nor is a table of many electrons higher than the picture.
    rows = "document.querySelector('#distances tbody')"
    page.evaluate(f"{rows}.innerHTML = '<tr><td>1</td><td>2.5</td></tr>'.repeat(60)")
    assert page.evaluate("document.querySelector('#distances').offsetHeight") <= 422
    for words in ("r", "r" * 60):
        page.evaluate(f"{known}.textContent = '{words}'")
        assert page.evaluate(top) == before


@needs_chromium
def test_shells_are_drawn_at_their_radii(page: Page, html: str) -> None:
    curve = json.loads(
        re.findall(r'<script type="application/json" id="curve">(.*?)</script>', html)[0]
    )
    outer, inner = max(max(radii) for radii in curve["radii"]), curve["shells"][0] / 4
    drawn = page.evaluate(
        "[...document.querySelectorAll('.shell')].map(circle => Number(circle.getAttribute('r')))"
    )
    expected = 189 * np.log1p(np.array(curve["shells"]) / inner) / np.log1p(outer / inner)
    np.testing.assert_allclose(drawn, expected, atol=0.01)
    labels = page.evaluate("[...document.querySelectorAll('.ring')].map(text => text.textContent)")
    assert labels == [f"a{i + 1} {a:.3g}" for i, a in enumerate(curve["shells"])]


@needs_chromium
def test_play_moves_and_pause_stops(page: Page) -> None:
    _put(page, 3)
    page.evaluate("document.querySelector('#play').click()")
    assert page.evaluate("document.querySelector('#play').textContent") == "pause"
    page.evaluate("new Promise(done => setTimeout(done, 500))")
    page.evaluate("document.querySelector('#play').click()")
    place = "Number(document.querySelector('#place').value)"
    stopped = page.evaluate(place)
    assert stopped > 3
    page.evaluate("new Promise(done => setTimeout(done, 300))")
    assert page.evaluate(place) == stopped
    assert page.evaluate("document.querySelector('#play').textContent") == "play"
    assert page.complaints == []


@needs_chromium
def test_the_table_of_distances_does_not_offer_to_sort(page: Page) -> None:
    heading = "document.querySelector('#distances th:last-child')"
    assert page.evaluate(f"getComputedStyle({heading}).cursor") == "auto"
    page.evaluate(f"{heading}.click()")
    assert page.evaluate(f"{heading}.getAttribute('aria-sort')") is None
