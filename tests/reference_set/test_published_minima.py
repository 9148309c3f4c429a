"""What the set says of densities of which others have published energies."""

import csv
from pathlib import Path

import numpy as np
import pytest

from comotion.audit.set_files import number, read_rows
from comotion.electronic.gate import expected_energy
from comotion.systems import parse_atom

Row = dict[str, str]

#: The basis of Hartree-Fock; from krypton on it leaves more than 1e-4 above the limit.
_BASIS = "hf_unc-UGBS+1d"
#: Pairs of at most ten electrons whose proven gap is above 2e-3.
_WIDE = {(name, "exact") for name in ("ball-5", "exponential-6", "sqrt_r-9", "sqrt_r-10")}


@pytest.fixture(scope="module")
def rows(project: Path) -> dict[tuple[str, str], Row]:
    return {(row["system"], row["level"]): row for row in read_rows(project / "reference")}


def test_every_pair_has_both_bounds(rows: dict[tuple[str, str], Row]) -> None:
    assert len(rows) >= 220
    for key, row in rows.items():
        gap = number(row, "upper") - number(row, "lower_proven")
        assert 0 < gap < 1e-2 * number(row, "upper"), key


def test_bounds_are_as_narrow_as_the_documents_say(rows: dict[tuple[str, str], Row]) -> None:
    """Share of the upper bound that is open: proven, and by the bracket's searched lower bound."""
    wide = set()
    for (system, level), row in rows.items():
        n, upper = number(row, "n_electrons"), number(row, "upper")
        proven = (upper - number(row, "lower_proven")) / upper
        if n <= 10 and proven > 2e-3:
            wide.add((system, level))
        assert proven < (2.5e-3 if n <= 10 else 4e-3), (system, level)
        if n <= 10 or row["lower"]:
            searched = (upper - number(row, "lower")) / upper
            limit = 2e-4 if system.startswith("ball") else 2e-5 if n <= 10 else 1e-4
            assert 0 <= searched < limit, (system, level)
    assert wide == _WIDE


def test_every_number_of_the_hierarchy_is_there(rows: dict[tuple[str, str], Row]) -> None:
    for key, row in rows.items():
        n = int(row["n_electrons"])
        assert number(row, "v_2") > 0, key
        values = [number(row, f"v_comotion_{k}") for k in [*range(3, min(n, 21)), n] if k > 2]
        assert all(np.isfinite(values)), key


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


def test_hartree_fock_energies_are_near_their_limits(
    rows: dict[tuple[str, str], Row], project: Path
) -> None:
    """The numerical limits where they are known, and energies in Slater functions, He to Xe."""
    lines = (project / "tests/data/hartree_fock_energies.csv").read_text().splitlines()
    table = csv.DictReader(line for line in lines if not line.startswith("#"))
    published = {row["system"]: float(row["energy"]) for row in table}
    assert len(published) == 53
    for system, slater in published.items():
        energy = number(rows[system, _BASIS], "energy")
        limit = expected_energy(parse_atom(system), "hartree_fock") or slater
        assert abs(slater - limit) < 3e-5
        assert -1e-6 < energy - limit < (1e-4 if parse_atom(system).nuclear_charge < 36 else 1e-3)
