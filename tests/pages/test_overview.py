"""The overview: its sentences, its row of systems and its figure are those of the table."""

import base64
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from comotion.pages.overview import BEGIN, END, headlines, overview_page


@pytest.fixture
def table() -> pd.DataFrame:
    """An atom with a bracket, one without, a model, and hydrogen, which repels nothing."""
    return pd.DataFrame({
        "system": ["H", "He", "Ne", "ball<4"], "n_electrons": [1, 2, 10, 4],
        "v_quantum": [0.0, 1.0, 54.0, np.nan], "v_mean_field": [0.0, 1.1, 60.0, 2.0],
        "v_comotion": [0.0, 0.55, 46.0, 1.3], "v_best_pattern": [0.0, 0.55, 45.8, 1.29],
        "quadrature_error": [0.0, 1e-9, 1e-3, 1e-6], "search_spread": [0.0, 0.0, 0.02, 0.0],
        "v_2": [np.nan, 0.5, 29.0, 0.9], "v_2_error": [np.nan, 0.0, 0.0, 0.0],
        "lower": [np.nan, 0.5499, np.nan, 1.0], "upper": [np.nan, 0.55, np.nan, 1.25],
    })  # fmt: skip


def test_sentences_are_made_from_the_numbers(table: pd.DataFrame) -> None:
    assert headlines(table) == [
        "The upper bound of V_SCE is 55.0% (He) to 84.8% (Ne) of the quantum repulsion <V_ee>.",
        ("V_SCE is bracketed by a search for 2 of 3 densities; the widest of these brackets is "
        "2.0e-01 of its upper bound (ball<4)."),
        ("A plan that costs less than the co-motion plan was found for 2 of 3 densities: less by "
        "up to 0.038 of that cost (ball<4)."),
    ]  # fmt: skip
    # What a longer search of the co-motion plan itself may bring is no other plan.
    searched = table.assign(search_spread=[0.0, 0.0, 0.2, 0.0])
    assert "was found for 1 of 3 densities" in headlines(searched)[2]


def test_what_is_proven_is_said_of_the_worst(table: pd.DataFrame) -> None:
    proven = table.assign(lower_proven=[np.nan, 0.5496, 45.7, np.nan])
    second = headlines(proven)[1]
    assert second.endswith(
        "of its upper bound (ball<4). A lower bound is proven for 2 of 3 densities, at most "
        "2.2e-03 of the upper bound below it (Ne)."
    )
    alone = headlines(proven.assign(lower=np.nan, upper=np.nan))[1]
    assert alone.startswith(
        "No bracket of V_SCE was searched for in this study: V_2, or a proven bound that is "
        "larger, is its lower bound and the best pattern of shell directions its upper one. A "
    )
    assert "proven" not in headlines(table)[1]


def test_sentences_of_all_densities_and_of_one(table: pd.DataFrame) -> None:
    bracketed = table[table["lower"].notna()]
    assert "by a search for all 2 densities;" in headlines(bracketed)[1]
    (first, second, third) = headlines(table[table["system"] == "He"])
    assert first == "The upper bound of V_SCE is 55.0% (He) of the quantum repulsion <V_ee>."
    assert "by a search for the one density;" in second
    assert third.startswith("No plan was found that costs less than the co-motion plan")


def test_sentences_of_what_there_is_not(table: pd.DataFrame) -> None:
    assert headlines(table[table["system"] == "H"]) == [
        "No system of this study has more than one electron: nothing repels."
    ]
    models = table.assign(
        v_quantum=np.nan, lower=np.nan, upper=np.nan, v_best_pattern=table["v_comotion"]
    )
    assert headlines(models) == [
        "No density of this study comes from a quantum state.",
        (
            "No bracket of V_SCE was searched for in this study: V_2 is its lower bound and the "
            "best pattern of shell directions its upper one."
        ),
        (
            "No plan was found that costs less than the co-motion plan by more than the errors, "
            "for any density."
        ),
    ]


def test_systems_are_darker_the_nearer_they_are_to_the_mean_field(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    (tmp_path / "a.svg").write_text("<svg>figure</svg>")
    page = overview_page(table, tmp_path / "a.svg")
    cells = re.findall(
        r"background:hsl\(\d+,\d+%,(\d+)%\);color:(#\w+);[^>]*><small>(\d+)</small><br>"
        r"<b>([^<]*)</b><br>([\d.]+)<", page,
    )  # fmt: skip
    # The upper end is that of the bracket, or the best pattern with its error.
    assert [(n, name, value) for *_, n, name, value in cells] == [
        ("2", "He", "0.500"), ("10", "Ne", "0.763"), ("4", "ball&lt;4", "0.625")
    ]  # fmt: skip
    shades = [int(lightness) for lightness, *_ in cells]
    assert shades[0] > shades[2] > shades[1]
    # Legible: white on dark and black on light.
    assert [ink for _, ink, *_ in cells] == ["#fff" if shade < 60 else "#000" for shade in shades]


def test_the_figure_is_within_and_the_part_for_the_first_page_is_marked(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    (tmp_path / "a.svg").write_text("<svg>figure</svg>" * 1000)
    page = overview_page(table, tmp_path / "a.svg")
    (part,) = re.findall(f"{BEGIN}(.*){END}", page, re.DOTALL)
    (image,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]*)"', part)
    assert base64.b64decode(image) == (tmp_path / "a.svg").read_bytes()
    assert part.count("<li>") == 3
    # Docutils reads no line of more letters.
    assert max(map(len, part.splitlines())) < 10_000
    assert "://" not in page
