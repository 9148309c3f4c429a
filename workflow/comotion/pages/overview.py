"""The overview of a study: three sentences, its systems shaded by a number, its main figure."""

import base64
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

from comotion.pages.html import page
from comotion.tables.rows import rows_of, v_sce_bounds

#: What stands between these is shown on the first page of the report, too.
BEGIN, END = "<!-- overview -->", "<!-- end of overview -->"
#: Lightness of the smallest and of the largest number, per cent: black on it is legible, or white.
_LIGHT, _DARK, _WHITE_BELOW = 94, 28, 60


def overview_page(table: pd.DataFrame, figure: Path) -> str:
    """A page that answers first what a study has found.

    Args:
        table: Rows of energies.csv, one for each system.
        figure: SVG file of the energies per pair.

    Returns:
        HTML.
    """
    # In short lines, for the text of the first page has none longer than 10,000 letters.
    image = base64.encodebytes(figure.read_bytes()).decode()
    sentences = "".join(f"<li>{escape(sentence)}</li>" for sentence in headlines(table))
    return page(
        "overview",
        f"{BEGIN}<ul>{sentences}</ul>{_row(table)}"
        '<p><img alt="interaction energy per electron pair, system by system" '
        'style="width:100%;max-width:46rem" '
        f'src="data:image/svg+xml;base64,{image}"></p>{END}',
    )


def headlines(table: pd.DataFrame) -> list[str]:
    """Three sentences made from the numbers of a study.

    Args:
        table: Rows of energies.csv, one for each system.

    Returns:
        The sentences; a single one where no system has more than one electron.
    """
    rows = _with_bounds(table)
    if rows.empty:
        return ["No system of this study has more than one electron: nothing repels."]
    return [_against_quantum(rows), _brackets(rows), _better_plans(rows)]


def _with_bounds(table: pd.DataFrame) -> pd.DataFrame:
    """Systems of more than one electron with the lower and upper bound of V_SCE."""
    rows = table[table["n_electrons"] > 1]
    bounds = np.array([v_sce_bounds(row) for row in rows_of(rows)]).reshape(-1, 2)
    return rows.assign(least=bounds[:, 0], most=bounds[:, 1])


def _against_quantum(rows: pd.DataFrame) -> str:
    atoms = rows[rows["v_quantum"].notna()]
    if atoms.empty:
        return "No density of this study comes from a quantum state."
    share = atoms["most"] / atoms["v_quantum"].astype(float)
    names = atoms["system"].tolist()
    least, most = (names[int(at)] for at in (np.argmin(share), np.argmax(share)))
    between = f"{share.min():.1%} ({least})"
    if len(atoms) > 1:
        between += f" to {share.max():.1%} ({most})"
    return f"The upper bound of V_SCE is {between} of the quantum repulsion <V_ee>."


def _brackets(rows: pd.DataFrame) -> str:
    known = rows[rows["lower"].notna()]
    if known.empty:
        proven = "lower_proven" in rows and rows["lower_proven"].notna().any()
        below = "V_2, or a proven bound that is larger," if proven else "V_2"
        return (
            f"No bracket of V_SCE was searched for in this study: {below} is its lower bound and "
            "the best pattern of shell directions its upper one." + _proven(rows)
        )
    gap = (known["most"] - known["least"]) / known["most"]
    return (
        f"V_SCE is bracketed by a search for {_share_of(len(known), len(rows))}; the widest of "
        f"these brackets is {max(float(gap.max()), 0.0):.1e} of its upper bound "
        f"({known['system'].tolist()[int(np.argmax(gap))]})." + _proven(rows)
    )


def _proven(rows: pd.DataFrame) -> str:
    """How far what is proven lies below what is known; nothing where nothing is proven."""
    if "lower_proven" not in rows or rows["lower_proven"].isna().all():
        return ""
    known = rows[rows["lower_proven"].notna()]
    gap = (known["most"] - known["lower_proven"].astype(float)) / known["most"]
    return (
        f" A lower bound is proven for {_share_of(len(known), len(rows))}, at most "
        f"{max(float(gap.max()), 0.0):.1e} of the upper bound below it "
        f"({known['system'].tolist()[int(np.argmax(gap))]})."
    )


def _better_plans(rows: pd.DataFrame) -> str:
    cost = rows["v_comotion"].astype(float)
    # A better arrangement of the co-motion plan itself is no other plan.
    errors = rows["quadrature_error"].astype(float) + rows["search_spread"].astype(float)
    excess = (cost - errors - rows["most"]) / cost
    better = rows[excess > 0]
    if better.empty:
        return (
            "No plan was found that costs less than the co-motion plan by more than the errors, "
            "for any density."
        )
    worst = int(np.argmax(excess))
    return (
        f"A plan that costs less than the co-motion plan was found for "
        f"{_share_of(len(better), len(rows))}: less by up to {excess.tolist()[worst]:.2g} of that "
        f"cost ({rows['system'].tolist()[worst]})."
    )


def _share_of(some: int, every: int) -> str:
    """How many of the densities, in words."""
    if every == 1:
        return "the one density"
    return f"all {every} densities" if some == every else f"{some} of {every} densities"


def _row(table: pd.DataFrame) -> str:
    """Systems in a row, darker the larger the upper bound of V_SCE is over the mean field."""
    rows = _with_bounds(table)
    ratio = (rows["most"] / rows["v_mean_field"].astype(float)).to_numpy()
    if not len(ratio):
        return ""
    low, width = float(ratio.min()), float(ratio.max() - ratio.min()) or 1.0
    cells = "".join(
        _cell(str(name), int(n), float(value), (float(value) - low) / width)
        for name, n, value in zip(rows["system"], rows["n_electrons"], ratio, strict=True)
    )
    return (
        f'<div style="display:flex;flex-wrap:wrap;gap:3px;margin:0.6rem 0">{cells}</div>'
        "<p><small>Upper bound of V<sub>SCE</sub> over the mean field (1 &#8722; 1/N) U: the "
        "darker, the less electrons can avoid one another. Above the name the number of "
        "electrons.</small></p>"
    )


def _cell(name: str, n_electrons: int, value: float, depth: float) -> str:
    lightness = round(_LIGHT + (_DARK - _LIGHT) * depth)
    ink = "#fff" if lightness < _WHITE_BELOW else "#000"
    return (
        f'<div style="background:hsl(215,45%,{lightness}%);color:{ink};min-width:3.6rem;'
        'padding:0.2rem 0.4rem;text-align:center;border:1px solid #888">'
        f"<small>{n_electrons}</small><br><b>{escape(name)}</b><br>{value:.3f}</div>"
    )
