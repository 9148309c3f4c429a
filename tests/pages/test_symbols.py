"""Symbols of headings: well-formed HTML, one for one quantity."""

from xml.etree import ElementTree as ET

import pytest

from comotion.pages.symbols import SYMBOLS, symbol
from comotion.tables.best_estimates import best_table
from comotion.tables.brackets import COLUMNS as BRACKET
from comotion.tables.quantities import COLUMNS


def _text(name: str) -> str:
    """The symbol of a column without its marks; it must be well-formed."""
    return "".join(ET.fromstring(f"<p>{symbol(name)}</p>").itertext())  # noqa: S314


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("v_quantum", "\u27e8Vee\u27e9"), ("v_2", "V2"), ("v_2_error", "\u00b1 V2"),
        ("v_comotion_3", "V3 \u2264 (co-motion)"), ("v_comotion_12_error", "\u00b1 V12 \u2264"),
        ("lower", "VSCE \u2265"), ("upper", "VSCE \u2264"), ("lower_3", "V3 \u2265"),
        ("upper_10", "V10 \u2264"), ("hartree_error", "\u00b1 U"),
        ("w_inf_lower", "W\u221e \u2265"),
        ("w_inf_upper", "W\u221e \u2264"), ("v_quantum_per_pair", "\u27e8Vee\u27e9 / pair"),
        ("hartree", "U"), ("v_mean_field", "(1\u22121/N) U"), ("energy", "E"),
        ("system", "system"), ("energy_within_error", "\u00b1 energy within"), ("a<b", "a<b"),
    ],
)  # fmt: skip
def test_symbol(name: str, text: str) -> None:
    assert _text(name).startswith(text)


def test_bounds_are_on_their_side() -> None:
    for name in SYMBOLS:
        if name.endswith("lower"):
            assert _text(name).endswith("\u2265")
        if name in ("upper", "w_inf_upper"):
            assert _text(name).endswith("\u2264")


def test_no_two_columns_of_a_table_look_alike() -> None:
    orders = [f"{stem}_{k}" for stem in ("v_comotion", "lower", "upper") for k in (2, 3, 4)]
    for names in ([*COLUMNS, "v_2", *orders], list(best_table([]).columns), list(BRACKET)):
        texts = [_text(str(name)) for name in names]
        assert len(set(texts)) == len(texts)
