"""The mean field (1 - 1/N) U wherever it is shown: it is that of the pairs, not of the charge."""

from collections.abc import Callable
from typing import Any

import pytest

import comotion
from comotion.cli import main
from comotion.electronic.state import energies_of
from comotion.io import read_json
from comotion.tables.comparison import energies_table, markdown

#: Repulsion of two electrons in independent orbitals whose density is exp(-r) / (8 pi): 5/8 of
#: half the nuclear charge of hydrogen's, which is 1/2.
_PAIR = 5 / 16


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], dict[str, Any]]:
    """density.json of exponential-N."""
    folder = tmp_path_factory.mktemp("models")

    def make(n: int) -> dict[str, Any]:
        path = folder / f"{n}.json"
        density = ["--density", str(folder / f"{n}.h5"), "--integrals", str(path)]
        main(["model", "--system", f"exponential-{n}", *density])
        return read_json(path)

    return make


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_each_pair_of_a_model_repels_as_if_independent(
    n: int, record: Callable[[int], dict[str, Any]]
) -> None:
    pairs = n * (n - 1) / 2
    of_model = record(n)
    assert of_model["hartree"] == pytest.approx(n**2 / 2 * _PAIR, rel=1e-9)
    assert of_model["v_mean_field"] == pytest.approx(pairs * _PAIR, rel=1e-9)
    table = energies_table([("density", of_model)])
    assert table["v_mean_field"][0] == pytest.approx(pairs * _PAIR, rel=1e-9)
    if n > 1:
        assert table["v_mean_field_per_pair"][0] == pytest.approx(_PAIR, rel=1e-9)
        assert f"{pairs * _PAIR:.5f}" in markdown(table)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_an_analysis_has_the_mean_field_of_its_pairs(n: int) -> None:
    pairs = n * (n - 1) / 2
    found = comotion.analyse(comotion.model("exponential", n), bracketed=False)
    assert found.v_mean_field == pytest.approx(pairs * _PAIR, rel=1e-9)
    number = found.numbers()["v_mean_field"]
    assert number.value == found.v_mean_field
    assert number.error == pytest.approx((1 - 1 / n) * found.hartree_error, rel=1e-14)


def test_two_electrons_in_one_orbital_are_a_mean_field() -> None:
    """Hartree-Fock of helium repels by half of U, which is what the mean field of two is."""
    energies = comotion.atom("He", "hf", "6-31G").energies
    assert energies.v_mean_field == pytest.approx(energies.v_quantum, rel=1e-9)
    assert energies.v_mean_field == pytest.approx(energies.hartree / 2, rel=1e-14)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_energies_of_a_state_hold_that_of_its_density(n: int) -> None:
    energies = energies_of(comotion.model("exponential", n), -1.0, None)
    assert energies.v_mean_field == pytest.approx(n * (n - 1) / 2 * _PAIR, rel=1e-9)
