"""Numbers in the text of the documents: they are those of the tables that commands write."""

import re
from pathlib import Path

import pandas as pd
import pytest

from own_files import own_files

_PROJECT = Path(__file__).parents[1]
_DOCUMENTS = ("README.md", "profiles/README.md", *own_files(_PROJECT, "docs/*.md"))
#: A time that something took, as documents write it.
_TIME = r"\b\d+ (?:s|min|h|seconds|minutes|hours|core-hours)\b"


def _block(document: Path, name: str) -> pd.DataFrame:
    """A table between markers, by system."""
    text = document.read_text().partition(f"<!-- {name} -->\n")[2].partition("<!-- /")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
    return pd.DataFrame(rows[2:], columns=rows[0]).set_index("system")


@pytest.mark.parametrize("document", ["README.md", "docs/method/limits.md"])
def test_how_far_the_comotion_plan_is_from_the_optimum(project: Path, document: str) -> None:
    """The largest of the table of brackets, with the system that has it."""
    table = _block(project / "docs/accuracy.md", "bracket")
    excess = table["co-motion plan"].astype(float) / table["upper"].astype(float) - 1
    text = " ".join((project / document).read_text().split())
    said = re.search(r"too high by up to (\S+) % where this has been measured \(`(\S+?)`", text)
    assert said
    assert said[2] == excess.idxmax()
    assert said[1] == f"{100 * excess.max():.2f}"


def test_where_a_pattern_is_better(project: Path) -> None:
    table = _block(project / "docs/accuracy.md", "best")
    text = " ".join((project / "docs/method/comotion.md").read_text().split())
    assert "from boron to fluorine it is lower, but for carbon" in text
    better = table.index[table["v_best_pattern"] != table["v_comotion"]]
    assert list(better) == ["B", "N", "O", "F"]


def test_published_costs_of_the_page_are_those_of_the_tests(project: Path) -> None:
    """Those that both have; the tests say where they are published."""
    text = (project / "docs/findings/gradient.md").read_text()
    page = {
        f"{kind}-{n}": float(cost)
        for kind, costs in re.findall(
            r'^    "(bohr|sqrt_r)": \{(.*?)\}', text, re.DOTALL | re.MULTILINE
        )
        for n, cost in re.findall(r"(\d+): ([\d.]+)", costs)
    }
    table = pd.read_csv(project / "tests/data/reference_energies.csv")
    theirs = table[(table["quantity"] == "v_comotion") & (table["level"] == "exact")]
    names = [str(name) for name in theirs["system"]]
    assert {"bohr-2", "bohr-4", "sqrt_r-2", "sqrt_r-4"} <= {*names} & {*page}
    values, tolerances = (theirs[name].to_numpy(dtype=float) for name in ("value", "tolerance"))
    for name, value, tolerance in zip(names, values, tolerances, strict=True):
        assert abs(page.get(name, value) - value) <= tolerance, name


@pytest.mark.parametrize("document", _DOCUMENTS)
def test_a_time_stands_beside_its_command(project: Path, document: str) -> None:
    """And is one of this version: none that another version took."""
    text = (project / document).read_text()
    assert "0.1.0" not in text
    for paragraph in re.split(r"\n\s*\n", text):
        if re.search(_TIME, paragraph):
            assert re.search(r"\b(?:make|snakemake|comotion) |Summary after", paragraph), paragraph
