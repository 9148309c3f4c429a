"""What is told of a state: energies, errors and names."""

import numpy as np
import pytest

from comotion.density.model_densities import MODELS
from comotion.electronic.state import (
    ElectronicState,
    Energies,
    energies_of,
    repulsion_energy,
)


@pytest.mark.parametrize(("n", "share"), [(1, 0.0), (2, 1 / 2), (3, 2 / 3), (10, 0.9)])
def test_the_mean_field_is_the_cost_of_independent_electrons(n: int, share: float) -> None:
    energies = energies_of(MODELS["exponential"](n), -1.0, 0.3)
    assert energies.hartree == pytest.approx(n**2 * 5 / 32, rel=1e-12)
    assert energies.v_mean_field == pytest.approx(share * n**2 * 5 / 32, rel=1e-12)
    assert (energies.energy, energies.v_quantum) == (-1.0, 0.3)
    assert energies.energy_hf is energies.v_hf is energies.kinetic is None
    assert energies.nuclear_attraction is None


def test_errors_are_kept_and_that_of_the_hartree_energy_is_added() -> None:
    density = MODELS["exponential"](2)
    assert list(energies_of(density, -1.0, None).errors) == ["hartree"]
    errors = energies_of(density, -1.0, 0.3, errors={"energy": 1e-3}).errors
    assert errors["energy"] == 1e-3
    assert 0 <= errors["hartree"] < 1e-11


def test_repulsion_is_what_the_one_electron_energy_leaves() -> None:
    assert repulsion_energy(-2.9, -3.85, 2) == pytest.approx(0.95, abs=1e-14)
    assert repulsion_energy(-0.5, -0.5000001, 1) == 0.0


_ENERGIES = Energies(
    energy=-2.5, v_quantum=None, hartree=2.0, v_mean_field=1.0, energy_hf=-2.4, v_hf=0.9,
    kinetic=2.4, nuclear_attraction=-6.0, errors={"hartree": 3e-9},
)  # fmt: skip


def test_what_is_known_is_shown_with_its_error() -> None:
    assert _ENERGIES.known() == {
        "energy": -2.5, "hartree": 2.0, "v_mean_field": 1.0, "energy_hf": -2.4, "v_hf": 0.9,
        "kinetic": 2.4, "nuclear_attraction": -6.0,
    }  # fmt: skip
    lines = repr(_ENERGIES).splitlines()
    assert lines[0] == "energy                 -2.500000000 hartree"
    assert lines[1] == "hartree                 2.000000000 +- 3e-09 hartree"
    assert len(lines) == 7
    page = _ENERGIES._repr_html_()
    assert page.startswith("<table><tr><th>energy</th><td>    -2.500000000 hartree</td></tr>")
    assert "<th>hartree</th><td>     2.000000000 +- 3e-09 hartree</td>" in page
    assert page.endswith("</tr></table>")


def test_a_state_names_itself() -> None:
    state = ElectronicState("He<", "hf_x", "1S", MODELS["exponential"](2), _ENERGIES)
    assert repr(state).splitlines()[0] == "He<, hf_x, 1S, 2 electrons"
    assert repr(state).splitlines()[1:] == repr(_ENERGIES).splitlines()
    page = state._repr_html_()
    assert "<caption>He&lt;, hf_x, 1S, 2 electrons</caption>" in page
    assert state.details is None
    assert state.n_electrons == 2
    one = ElectronicState("H", "hf_x", "2S", MODELS["exponential"](1), _ENERGIES)
    assert repr(one).startswith("H, hf_x, 2S, 1 electron\n")


def test_energies_of_two_states_compare_by_value() -> None:
    one, other = (energies_of(MODELS["exponential"](2), -1.0, np.float64(0.3)) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
