"""What the set says of densities of which others have published energies."""

import csv
from pathlib import Path

import pytest

from comotion.audit.set_files import number, read_rows
from comotion.electronic.gate import expected_energy
from comotion.systems import parse_atom

Row = dict[str, str]

#: Hartree-Fock atoms that this basis leaves more than 1e-4 above the limit, by up to so much.
_BASIS = "hf_unc-UGBS+1d"
_FARTHER = {"Kr": 1e-3, "Cd": 1e-3, "Xe": 1e-3}


@pytest.fixture(scope="module")
def rows(project: Path) -> dict[tuple[str, str], Row]:
    return {(row["system"], row["level"]): row for row in read_rows(project / "reference")}


def test_every_pair_has_both_bounds(rows: dict[tuple[str, str], Row]) -> None:
    assert len(rows) >= 150
    for key, row in rows.items():
        gap = number(row, "upper") - number(row, "lower_proven")
        assert 0 < gap < 1e-2 * number(row, "upper"), key


def test_minima_are_at_or_below_the_published_ones(
    rows: dict[tuple[str, str], Row], project: Path
) -> None:
    """K. J. Daas et al., arXiv:2211.07512: github.com/DerkKooi/jaxsce, data/*/1025_integrals.json.

    The middle of its two extrapolations by Simpson's rule; the error covers all but the trapezoids.
    """
    with (project / "tests/data/published_minima.csv").open(newline="") as file:
        published = list(csv.DictReader(file))
    assert len(published) == 17
    for one in published:
        row = rows[one["system"], one["level"]]
        assert number(row, "hartree") == pytest.approx(float(one["hartree"]), rel=1e-6)
        cost = number(row, "v_best_pattern") - number(row, "quadrature_error")
        # What differs of U, the density is in the cost too.
        density = abs(number(row, "hartree") - float(one["hartree"]))
        assert cost <= float(one["v_comotion"]) + float(one["error"]) + density, one


def test_hartree_fock_energies_are_near_their_limits(rows: dict[tuple[str, str], Row]) -> None:
    found = 0
    for (system, level), row in rows.items():
        limit = expected_energy(parse_atom(system), "hartree_fock") if level == _BASIS else None
        if limit is not None:
            above = number(row, "energy") - limit
            assert -1e-6 < above < _FARTHER.get(system, 1e-4), system
            found += 1
    assert found == 16
