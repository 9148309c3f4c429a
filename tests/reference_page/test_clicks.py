"""The page in a browser: real clicks and keys."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from browser import Page, browser, needs_chromium
from comotion.audit.set_files import pair_name, read_pair
from comotion.reference_set.pair_file import plan_of

pytestmark = [pytest.mark.slow, needs_chromium]

_NE = "ccsd_aug-cc-pCVQZ"
#: Waits until a condition holds.
_UNTIL = """new Promise((done, fail) => {
    const stop = Date.now() + 30000;
    const look = () => {
        if (%s) done(true);
        else if (Date.now() > stop) fail(new Error("nothing came"));
        else setTimeout(look, 20);
    };
    look();
})"""
_KEYS = {
    "Tab": 9,
    "Enter": 13,
    "Escape": 27,
    "Home": 36,
    "ArrowLeft": 37,
    "ArrowRight": 39,
    "ArrowDown": 40,
}


def _opened(page: Page, address: str) -> None:
    page.open(address)
    page.evaluate(_UNTIL % "document.documentElement.dataset.coloured")


@pytest.fixture
def window(page: str, folder: Path, tmp_path: Path) -> Iterator[Page]:
    """The page of the set, from the disk; afterwards nothing was loaded and nothing complained."""
    address = (folder / "index.html").as_uri()
    assert (folder / "index.html").read_text() == page
    with browser(tmp_path, width=1280) as opened:
        _opened(opened, address)
        yield opened
        assert opened.complaints == []
        assert {one.partition("#")[0] for one in opened.requests} == {address}


@pytest.fixture(scope="module")
def table(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """The rows of the set."""
    with (folder / "energies.csv").open(newline="") as file:
        return {(row["system"], row["level"]): row for row in csv.DictReader(file)}


#: Brings an element into view, waits until it stands still and can be hit, and tells its middle.
_MIDDLE = """(async (one) => {
    const frame = () => new Promise(requestAnimationFrame);
    for (const stop = Date.now() + 30000; Date.now() < stop; await frame()) {
        one.scrollIntoView({ block: "center", behavior: "instant" });
        let box = one.getBoundingClientRect(), still = 0;
        for (; still < 10; still++) {
            await frame();
            const now = one.getBoundingClientRect();
            if (now.x !== box.x || now.y !== box.y) break;
            box = now;
        }
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        if (still === 10 && one.contains(document.elementFromPoint(x, y))) return [x, y];
    }
    throw new Error("it does not stand still");
})(document.querySelector(%s))"""


def _click(page: Page, selector: str) -> None:
    """Press the mouse in the middle of an element."""
    x, y = page.evaluate(_MIDDLE % json.dumps(selector))
    for kind in ("mousePressed", "mouseReleased"):
        page.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)


def _press(page: Page, key: str) -> None:
    what: dict[str, Any] = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
    text = {"text": "\r"} if key == "Enter" else {}
    page.call("Input.dispatchKeyEvent", type="keyDown", **what, **text)
    page.call("Input.dispatchKeyEvent", type="keyUp", **what)


def _wait(page: Page, system: str, level: str) -> None:
    wanted = json.dumps(f"{system}/{level}")
    page.evaluate(_UNTIL % f"document.documentElement.dataset.drawn === {wanted}")


def _shown(page: Page) -> dict[str, tuple[str, str, str]]:
    """Numbers of the panel: what is read, the error, and the cell behind it."""
    rows: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('#numbers tr')].map(row => [row.dataset.name, "
        "row.cells[1].innerText, row.cells[2].innerText, row.cells[1].dataset.cell])"
    )
    return {name: (value, error, cell) for name, value, error, cell in rows}


def _values(page: Page, chart: str, name: str) -> list[dict[str, Any]]:
    """Rows that a chart draws."""
    found: list[dict[str, Any]] = page.evaluate(
        f"drawn.{chart}.then(one => one.view.data('{name}').map(row => ({{...row}})))"
    )
    return found


def _choose(page: Page, menu: str, value: str) -> None:
    """Choose from a menu by its keys."""
    page.evaluate(f"document.querySelector('{menu}').focus()")
    _press(page, "Home")
    for _ in range(80):
        if page.evaluate(f"document.querySelector('{menu}').value") == value:
            return
        _press(page, "ArrowDown")
    raise AssertionError(value)


def test_the_first_paint_is_soon(window: Page) -> None:
    """Milliseconds from the address to the first pixels, and to the coloured table."""
    entries = "performance.getEntriesByName('first-contentful-paint')"
    window.evaluate(_UNTIL % f"{entries}.length")  # a frame later than the paint itself
    (painted,) = window.evaluate(f"{entries}.map(one => one.startTime)")
    assert 0 < painted < 2000


def test_a_click_opens_an_element_with_its_numbers(
    window: Page, table: dict[tuple[str, str], dict[str, str]]
) -> None:
    assert window.evaluate("document.querySelector('#entry').offsetHeight") == 0
    _click(window, "button[data-system=Ne]")
    _wait(window, "Ne", _NE)
    assert window.evaluate("location.hash") == f"#Ne/{_NE}"
    assert window.evaluate("document.activeElement.id") == "entry-title"
    assert window.evaluate("document.querySelector('#entry').offsetHeight") > 800
    row = table["Ne", _NE]
    found = _shown(window)
    for name, (value, error, cell) in found.items():
        assert cell == row[name]
        if name != "best_pattern":
            assert float(value) == pytest.approx(float(cell), rel=2e-2)
        if error:
            assert float(error.removeprefix("\u00b1 ")) >= float(row[f"{name}_error"])
    assert found["upper"][0] == "45.91943778"
    assert found["v_comotion"] == ("45.94587911", "\u00b1 1.8e-7", row["v_comotion"])
    bracket = window.evaluate("document.querySelector('#bracket').innerText")
    assert bracket == "45.91886964 \u2264 VSCE \u2264 45.91943778 hartree"
    assert "The proven lower bound is 45.87912780 hartree." in window.evaluate(
        "document.querySelector('#bracket-from').innerText"
    )
    links = window.evaluate("[...document.querySelectorAll('#files a')].map(a => a.href)")
    assert [link.rpartition("/systems/")[2] for link in links] == [
        f"Ne/{_NE}.h5", f"Ne/{_NE}.certificate.json.gz",
    ]  # fmt: skip
    assert f'comotion.reference("Ne", "{_NE}")' in window.evaluate(
        "document.querySelector('#python').innerText"
    )


def test_another_level_and_another_system(window: Page) -> None:
    _click(window, "button[data-system=Ne]")
    _wait(window, "Ne", _NE)
    _click(window, "#levels button[aria-pressed=false]")
    _wait(window, "Ne", "ccsd_aug-cc-pCVTZ")
    assert _shown(window)["v_comotion"][0] == "45.89211105"
    _click(window, "button[data-system=bohr-10]")
    _wait(window, "bohr-10", "exact")
    assert window.evaluate("document.querySelector('#entry-title').innerText") == "bohr-10"
    window.evaluate("history.back()")
    _wait(window, "Ne", "ccsd_aug-cc-pCVTZ")


def test_keys_alone(window: Page) -> None:
    """Tab comes to the first element, arrows to others, Enter opens, Escape goes back."""
    window.evaluate("document.querySelector('#level').focus()")
    _press(window, "Tab")
    focused = "document.activeElement.dataset.system"
    assert window.evaluate(focused) == "He"
    _press(window, "ArrowDown")
    assert window.evaluate(focused) == "Ne"
    _press(window, "ArrowLeft")
    assert window.evaluate(focused) == "F"
    _press(window, "ArrowRight")
    _press(window, "Enter")
    _wait(window, "Ne", _NE)
    _press(window, "Escape")
    assert window.evaluate("document.querySelector('#entry').hidden")
    assert window.evaluate(focused) == "Ne"
    assert window.evaluate("location.hash") == ""


def test_any_column_colours_the_table(
    window: Page, table: dict[tuple[str, str], dict[str, str]]
) -> None:
    """Darker is less, also in grey; a value that is missing is hatched."""
    _choose(window, "#column", "energy")
    window.evaluate(_UNTIL % "document.documentElement.dataset.coloured === 'energy'")
    assert "total energy E" in window.evaluate("document.querySelector('#meaning').innerText")
    assert window.evaluate("document.querySelector('#unit').innerText") == "hartree"
    colours = window.evaluate(
        "Object.fromEntries([...document.querySelectorAll('#elements button')].map(one => "
        "[one.dataset.system, getComputedStyle(one).backgroundColor.match(/\\d+/g).map(Number)]))"
    )
    first = {"He": "hylleraas_w10", "Ne": _NE, "Ar": "hf_aug-cc-pVQZ"}
    energies = {system: float(table[system, first.get(system, "ccsd_aug-cc-pCVTZ")]["energy"])
                for system in colours}  # fmt: skip
    grey = {system: float(np.dot([0.299, 0.587, 0.114], rgb)) for system, rgb in colours.items()}
    assert sorted(grey, key=grey.__getitem__) == sorted(energies, key=energies.__getitem__)
    # Far apart, so that neighbours are told apart.
    assert np.min(np.diff(sorted(grey.values()))) > 3
    assert window.evaluate("document.querySelector('button[data-system=bohr-10]').className") == (
        "unknown"
    )
    said = window.evaluate("document.querySelector('button[data-system=Ne]').ariaLabel")
    assert said == "Ne: -128.90960590"
    _choose(window, "#column", "w_pc_prime_error")
    window.evaluate(_UNTIL % "document.documentElement.dataset.coloured === 'w_pc_prime_error'")


def test_the_chosen_level_and_the_chart_of_all(window: Page) -> None:
    rows = {row["system"]: row for row in _values(window, "overview", "overview")}
    assert rows["Ne"]["level"] == _NE
    assert {row["kind"] for row in rows.values()} == {"atom", "model"}
    _choose(window, "#level", "ccsd_aug-cc-pCVTZ")
    window.evaluate(_UNTIL % "document.querySelector('button[data-system=Ar].unknown')")
    window.evaluate(_UNTIL % "drawn.overview.then(one => true)")
    window.evaluate("new Promise(done => setTimeout(done, 300))")
    rows = {row["system"]: row for row in _values(window, "overview", "overview")}
    assert rows["Ne"]["level"] == "ccsd_aug-cc-pCVTZ"
    assert "Ar" not in rows
    # Of a model there is one level, which stays.
    assert rows["bohr-10"]["level"] == "exact"
    _click(window, "#overview .mark-symbol.role-mark path")
    window.evaluate(_UNTIL % "!document.querySelector('#entry').hidden")


@pytest.mark.parametrize(("system", "level"), [("Li", "ccsd_aug-cc-pCVTZ"), ("Ne", _NE)])
def test_the_functions_are_those_of_the_plan(
    window: Page, folder: Path, system: str, level: str
) -> None:
    """f_i(r) at every radius that is drawn, by the formula of the plan."""
    _click(window, f"button[data-system={system}]")
    _wait(window, system, level)
    plan = plan_of(read_pair(folder, pair_name(system, level)))
    rows = [row for row in _values(window, "comotion", "comotion") if row["y"] is not None]
    n = plan.n_electrons
    assert {row["i"] for row in rows} == set(range(1, n + 1))
    assert len(rows) > 30 * n * n
    r = np.array([row["r"] for row in rows])
    right = plan.functions(r)[np.arange(len(rows)), [row["i"] - 1 for row in rows]]
    y = np.array([row["y"] for row in rows])
    # Where f varies fast the sixteen bits of r are seen; in electrons they are nowhere.
    assert np.quantile(np.abs(np.log(y / right)), 0.9) < 2e-3
    assert np.max(np.abs(plan.density.cumulant(y) - plan.density.cumulant(right))) < 2e-3
    shells = [row["a"] for row in _values(window, "comotion", "shells")]
    np.testing.assert_allclose(shells, plan.density.shells, rtol=1e-4)


def test_the_electrons_turn_and_stop(window: Page) -> None:
    _click(window, "button[data-system=Ne]")
    _wait(window, "Ne", _NE)
    turn = "drawn.electrons.then(one => one.view.signal('turn'))"
    first = window.evaluate(turn)
    window.evaluate("new Promise(done => setTimeout(done, 500))")
    assert window.evaluate(turn) != first
    assert window.evaluate("document.querySelector('#play').innerText") == "pause"
    _click(window, "#play")
    stopped = window.evaluate(turn)
    window.evaluate("new Promise(done => setTimeout(done, 300))")
    assert window.evaluate(turn) == stopped
    # The slider of the configuration moves all electrons.
    before = window.evaluate("document.querySelector('#known').innerText")
    _click(window, "#sliders input[name=place]")
    _press(window, "ArrowLeft")
    window.evaluate(_UNTIL % f"document.querySelector('#known').innerText !== {json.dumps(before)}")
    rows = [row for row in _values(window, "electrons", "electrons") if row["frame"] == 0]
    assert len(rows) == 10


def test_who_wants_no_motion_sees_none(page: str, folder: Path, tmp_path: Path) -> None:
    assert page
    with browser(tmp_path) as opened:
        opened.call("Emulation.setEmulatedMedia",
                    features=[{"name": "prefers-reduced-motion", "value": "reduce"}])  # fmt: skip
        _opened(opened, f"{(folder / 'index.html').as_uri()}#Ne/{_NE}")
        _wait(opened, "Ne", _NE)
        turn = "drawn.electrons.then(one => one.view.signal('turn'))"
        first = opened.evaluate(turn)
        opened.evaluate("new Promise(done => setTimeout(done, 400))")
        assert opened.evaluate(turn) == first
        assert opened.evaluate("document.querySelector('#play').innerText") == "play"
        _click(opened, "#play")
        opened.evaluate("new Promise(done => setTimeout(done, 400))")
        assert opened.evaluate(turn) != first
        assert opened.complaints == []


@pytest.mark.parametrize(("address", "title", "missing"), [
    (f"#Ne/{_NE}", "Ne", ""), ("#He", "He", ""), ("#sqrt_r-4/exact", "sqrt_r-4", ""),
    ("#Uuo/x", "", "The set has no Uuo at x."),
])  # fmt: skip
def test_an_address_opens_an_entry(
    page: str, folder: Path, tmp_path: Path, address: str, title: str, missing: str
) -> None:
    """In a narrow window too, where nothing is wider than it."""
    assert page
    with browser(tmp_path, width=420) as opened:
        opened.call("Emulation.setDeviceMetricsOverride", width=420, height=900,
                    deviceScaleFactor=1, mobile=True)  # fmt: skip
        _opened(opened, (folder / "index.html").as_uri() + address)
        if title:
            opened.evaluate(_UNTIL % "document.documentElement.dataset.drawn")
        assert opened.evaluate("document.querySelector('#entry-title').innerText") == title
        assert opened.evaluate("document.querySelector('#missing').innerText") == missing
        assert opened.evaluate("document.querySelector('#entry').hidden") == (not title)
        assert opened.evaluate("document.documentElement.scrollWidth") <= 420
        assert opened.complaints == []
