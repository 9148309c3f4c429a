"""A second opinion on a set: every single check fails on a set that was tampered with."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comotion.audit.findings import audit
from comotion.audit.oscillations import forces_outward, pair_matrix
from comotion.audit.row_order import row_findings
from comotion.audit.set_files import read_pair, read_rows
from comotion.audit.stored_density import stored_density
from comotion.audit.stored_plan import along_q, repulsion, torques
from tampered_set import Change, in_file, in_table, plus

_PAIR = "systems/exponential-3/exact.h5"
_PROOF = "systems/exponential-3/exact.certificate.json.gz"


def _at(*where: Any, times: float = 1.0, plus: float = 0.0) -> Change:
    """Change elements of an array."""

    def change(values: Any) -> Any:
        values[where] = values[where] * times + plus
        return values

    return change


def _turned(directions: Any) -> Any:
    """Turn the second electron of a configuration by 1e-6 about the third axis."""
    x, y = directions[60, 0, 1], directions[60, 1, 1]
    directions[60, :2, 1] = x - 1e-6 * y, y + 1e-6 * x
    return directions


def test_a_set_as_it_was_made_is_right(published: Path) -> None:
    found = audit(published, full=True)
    assert found.findings == ()
    assert (found.pairs, found.certificates, found.proven) == (2, 2, 2)


@pytest.mark.parametrize(("key", "change", "sentence"), [
    ("rho", _at(200, times=1.0001), "rho: it is not that of the parts of the density"),
    ("rho", _at(200, times=-1), "r, rho: the radii do not increase from above 0, or"),
    ("r", _at(200, times=1.1), "r, rho: the radii do not increase"),
    ("density_coefficients", _at(0, times=1.0001), "rho: it is not that of the parts"),
    ("charge_inside", _at(200, plus=1e-7), "charge_inside, charge_outside: they do not add up"),
    ("charge_inside", _at(200, plus=1e-7), "rho, charge_inside: the charge between two rows"),
    ("charge_outside", _at(-1, times=3.0), "rho, charge_outside: the charge between two rows"),
    ("charge_outside", _at(7, times=np.nan), "charge_outside: not all are finite numbers"),
    ("q", _at(50, times=1.2), "q: the nodes do not increase"),
    ("q", _at(50, times=1.0001), "curve_radii: a radius encloses a charge that is wrong by"),
    ("upward", _at(1, plus=1), "curve_radii: a radius encloses a charge that is wrong by"),
    ("curve_radii", _at(40, 1, times=1.001), "curve_radii: a radius encloses a charge"),
    ("curve_radii", _at(slice(None), 1, times=1.01), "curve_radii: the mean of exp(-r) over"),
    ("curve_radii", _at(slice(None), 1, times=1.01), "curve_radii: the mean of 1 / (1 + r^2)"),
    ("curve_weights", _at(60, times=1.001), "curve_weights: one is negative, or their sum"),
    ("curve_weights", lambda w: np.roll(w, 4), "curve_weights: the mean of exp(-r) over the plan"),
    ("curve_directions", _at(60, 0, 1, times=-1), "curve_energies: node 60 has"),
    ("curve_directions", _at(60, times=1.001), "curve_directions: they are no unit vectors"),
    ("curve_directions", _turned, "curve_directions: an electron is turned by a torque of"),
    ("curve_energies", _at(60, times=1 + 1e-9), "curve_energies: node 60 has"),
    ("shells", _at(0, times=1.00001), "shells: a shell radius does not enclose"),
    ("maps", _at(20, 1, times=1.00001), "maps: the radii of the others"),
    ("map_radii", _at(20, times=1.00001), "maps: the first is not the radius itself"),
    ("u", lambda u: 1.001 * u, "u: sum_i u(r_i) - E varies by"),
    ("u", lambda u: 1.001 * u, "u: it does not end like (N - 1) / r"),
    ("u_slope", lambda s: 1.2 * s, "u_slope: it is not the slope of u"),
    ("cost", lambda c: c * 1.00001, "cost: "),
    ("n_electrons", lambda n: n + 1, "n_electrons: 4 here, 3 in energies.csv"),
    ("search_spread", lambda s: s + 1e-9, "search_spread: "),
    ("quadrature_error", lambda s: s + 1e-9, "quadrature_error: "),
    ("system", lambda _: "exponential-4", "system: it is that of exponential-4"),
    ("format", lambda _: "2", "format: 2 is read by another version only"),
    ("level", lambda _: "table", "level: it is that of table"),
    ("density_s", lambda s: s * 1.001, "rho: it is not that of the parts of the density"),
])  # fmt: skip
def test_a_file_that_was_tampered_with(mine: Path, key: str, change: Change, sentence: str) -> None:
    in_file(mine, _PAIR, key, change)
    found = audit(mine).findings
    assert any(one.startswith(f"{_PAIR}: {sentence}") for one in found), found
    assert not any("exponential-2" in one or "checksum" in one for one in found)


def test_a_density_with_another_charge(mine: Path) -> None:
    for key in ("rho", "density_coefficients", "charge_inside", "charge_outside"):
        in_file(mine, _PAIR, key, lambda values: values * (1 + 5e-10))
    assert audit(mine).findings == (
        f"{_PROOF}: density: it is not that of the pair beside it",
    )  # fmt: skip
    for key in ("rho", "density_coefficients"):
        in_file(mine, _PAIR, key, lambda values: values * (1 + 1e-7))
    found = audit(mine).findings
    assert any("rho: it integrates to 3.0000003" in one for one in found), found


def test_a_cost_that_nothing_else_contradicts(mine: Path) -> None:
    """Table and file agree, and the curve does not."""
    cost = float(read_rows(mine)[1]["v_comotion"])
    in_file(mine, _PAIR, "cost", lambda _: cost * 1.0001)
    in_table(mine, "exponential-3", v_comotion=lambda _: repr(cost * 1.0001))
    found = audit(mine).findings
    assert len(found) == 1
    assert found[0].startswith(f"{_PAIR}: cost: ")
    assert "is recorded, and the curve gives" in found[0]


@pytest.mark.parametrize(("column", "change", "sentence"), [
    ("lower", plus(1e-2), "lower = 0.6"),
    ("upper", plus(-1e-2), "exceeds upper = "),
    ("upper", plus(1e-2), ", and the best pattern costs "),
    ("upper", lambda _: "", "upper: none, and the best pattern costs "),
    ("v_2", plus(0.2), "v_2 = "),
    ("v_mean_field", plus(-0.5), "exceeds v_mean_field"),
    ("v_mean_field", plus(1e-9), "v_mean_field: "),
    ("v_comotion_3", plus(-0.1), "exceeds v_comotion_3"),
    ("lower_2", plus(0.2), "lower_2 = "),
    ("upper_2", plus(-0.2), "exceeds upper_2 = "),
    ("v_best_pattern", plus(-0.1), "exceeds v_best_pattern = "),
    ("v_comotion_error", plus(1e-6), "v_comotion_error: "),
    ("w_inf_lower", plus(1e-9), "w_inf_lower: "),
    ("w_inf_upper", plus(-1e-9), "w_inf_upper: "),
    ("w_inf_upper", plus(-1.0), "w_inf_lower: it exceeds w_inf_upper"),
    ("lieb_oxford_ratio", plus(1e-9), "lieb_oxford_ratio: "),
    ("lieb_oxford_ratio", lambda _: "1.59", "lieb_oxford_ratio: 1.59 is above 1.58"),
    ("lieb_oxford_ratio_upper", plus(1e-9), "lieb_oxford_ratio_upper: "),
    ("v_2_error", lambda _: "-1e-9", "v_2_error: -1e-9 is negative"),
    ("w_inf_bar", lambda _: "-1e-9", "w_inf_bar: -1e-9 is negative"),
    ("search_spread", lambda _: "-1e-9", "search_spread: -1e-9 is negative"),
    ("hartree", lambda _: "much", "hartree: 'much' is no number"),
])  # fmt: skip
def test_a_row_that_was_tampered_with(
    mine: Path, column: str, change: Change, sentence: str
) -> None:
    in_table(mine, "exponential-3", **{column: change})
    found = audit(mine).findings
    label = "energies.csv: exponential-3 at exact: "
    if sentence == "hartree: 'much' is no number":
        label += "energies.csv: "
    told = [one for one in found if one.startswith(label)]
    assert any(sentence in one for one in told), found
    assert not any("exponential-2" in one for one in found)


@pytest.mark.parametrize(("column", "step"), [
    ("hartree", 1e-8), ("v_2", 1e-8), ("rho_four_thirds", 1e-8), ("rho_three_halves", 1e-8),
    ("gradient_four_thirds", 3e-4), ("gradient_seven_sixths", 3e-4), ("w_pc", 3e-5),
    ("w_pc_prime", 3e-5),
])  # fmt: skip
@pytest.mark.parametrize("sign", [-1, 1])
def test_an_integral_that_another_quadrature_does_not_give(
    mine: Path, column: str, step: float, sign: int
) -> None:
    in_table(mine, "exponential-3", **{column: plus(sign * step)})
    found = audit(mine).findings
    assert any(
        one.startswith(f"{_PAIR}: {column}: ") and "another quadrature" in one for one in found
    )


@pytest.mark.parametrize(("column", "step"), [("w_inf_prime", 1e-6), ("unstable_share", 2e-3)])
@pytest.mark.parametrize("sign", [-1, 1])
def test_oscillations_that_the_curve_does_not_have(
    mine: Path, column: str, step: float, sign: int
) -> None:
    in_table(mine, "exponential-3", **{column: plus(sign * step)})
    (found,) = audit(mine).findings
    assert found.startswith(f"{_PAIR}: {column}: ")
    assert "the oscillations about the curve give" in found


def test_forces_are_slopes_of_the_energy() -> None:
    """Second derivatives, torques and radial forces against differences of the energy."""
    x = np.random.default_rng(5).normal(size=(3, 4))
    radii = np.linalg.norm(x, axis=0)
    step = 1e-4
    moves = np.eye(12).reshape(12, 4, 3).transpose(0, 2, 1) * step
    difference = [
        [_energy(x + a + b) - _energy(x + a - b) - _energy(x - a + b) + _energy(x - a - b)
         for b in moves] for a in moves
    ]  # fmt: skip
    np.testing.assert_allclose(pair_matrix(x), np.array(difference) / (4 * step**2), atol=3e-5)
    stretched = np.eye(4) * step
    outward = [_energy(x / radii * (radii + s)) - _energy(x / radii * (radii - s))
               for s in stretched]  # fmt: skip
    np.testing.assert_allclose(
        forces_outward(x / radii, radii), np.array(outward) / (2 * step), rtol=1e-5
    )
    gradient = np.array([_energy(x + a) - _energy(x - a) for a in moves]) / (2 * step)
    turned = np.linalg.norm(np.cross(x.T, gradient.reshape(4, 3)), axis=1)
    found = torques((x / radii)[None], radii[None])[0]
    np.testing.assert_allclose(found, turned, rtol=1e-5)


def _energy(x: Any) -> float:
    return float(repulsion(x[None])[0])


def test_integrals_in_closed_form(published: Path) -> None:
    """Of N exp(-r) / (8 pi): U = 5 N^2 / 32 hartree."""
    for n in (2, 3):
        density = stored_density(read_pair(published, f"systems/exponential-{n}/exact.h5"))
        found = density.integrals()
        assert found["n_electrons"] == pytest.approx(n, rel=1e-9)
        # What the engine has for two electrons, scaled by pairs: rho 2 / N is the same for all N.
        assert found["v_2"] == pytest.approx(n * (n - 1) / 2 * 0.169590237923, rel=1e-9)
        assert found["hartree"] == pytest.approx(5 * n**2 / 32, rel=1e-9)
        closed = (n / (8 * np.pi)) ** (4 / 3) * 8 * np.pi * 0.75**3
        assert found["rho_four_thirds"] == pytest.approx(closed, rel=1e-9)
        for name, power, allowed in (
            ("gradient_four_thirds", 2 / 3, 1e-5), ("rho_three_halves", 3 / 2, 1e-9),
            ("gradient_seven_sixths", 5 / 6, 1e-5),
        ):  # fmt: skip
            closed = (n / (8 * np.pi)) ** power * 8 * np.pi / power**3
            assert found[name] == pytest.approx(closed, rel=allowed)


def test_the_quadrature_along_q() -> None:
    q = np.sin(np.linspace(0, np.pi / 2, 129)[1:-1]) ** 2
    value, error = along_q(q, q**3)
    assert abs(value - 0.25) < error < 1e-3
    assert value != 0.25
    linear, none = along_q(q, 2 * q)
    assert linear == pytest.approx(1, abs=3e-8)
    assert none < 1e-6


def test_the_repulsion_of_a_triangle() -> None:
    x = np.array([[[0.0, 3.0, 0.0], [0.0, 0.0, 4.0], [0.0, 0.0, 0.0]]])
    assert repulsion(x)[0] == pytest.approx(1 / 3 + 1 / 4 + 1 / 5, rel=1e-15)


def test_a_wave_function_repels_at_least_as_much() -> None:
    row = {"system": "He", "level": "hf_x", "n_electrons": "2", "lower": "0.6",
           "v_quantum": "0.5"}  # fmt: skip
    assert any("exceeds v_quantum" in one for one in row_findings(row))
    # The matrices of coupled cluster need not be those of a wave function.
    assert not any("v_quantum" in one for one in row_findings(row | {"level": "ccsd_x"}))
