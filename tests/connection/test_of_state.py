"""The connection of a state: which number comes from where, errors, and what is missing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pyscf import dft, gto, scf

import comotion
from comotion.connection import of_state
from comotion.connection.ingredients import Ingredients
from comotion.connection.interpolations import INTERPOLATIONS
from comotion.connection.of_state import (
    NAMES,
    WITH_ERRORS,
    Connection,
    connection_of,
    energy_for_correlation,
)
from comotion.connection.second_order import SecondOrder
from comotion.connection.transport_ends import TransportEnd, ZeroPointOf, end_of, transport_end
from comotion.errors import ComparisonError, ElectronicStructureError
from comotion.kohn_sham.of_density import KohnShamSystem, kohn_sham_system
from comotion.number import Number

_END = TransportEnd(-2.76, -2.74, 0.62, 0.01)
_MODEL = (-2.5, 0.73)
_OF_STATE = {
    "energy": -2.9, "energy_is_exact": False, "nuclear_attraction": -6.75, "v_quantum": 0.945,
}  # fmt: skip
_HELIUM = {
    "w_0": (-1.024568, 2e-6), "w_1": (-1.103318, 2e-6), "w_inf_lower": (-1.498378, 2e-6),
    "w_inf_upper": (-1.498378, 2e-6), "w_inf_prime": (0.619418, 1e-6), "e_c": (-0.042107, 2e-6),
    "w_0_prime": (-0.096922, 5e-6), "w_pc": (-1.46203, 1e-5), "w_pc_prime": (0.72819, 1e-5),
}  # fmt: skip


@pytest.fixture(scope="module")
def exponential() -> KohnShamSystem:
    """Of the density of exp(-6 r)."""
    return kohn_sham_system("Li+", comotion.MODELS["exponential"](2).stretched(1 / 6))


@pytest.fixture(autouse=True)
def _given_second_order(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Second order is `comotion.connection.second_order`'s own test, but for helium."""
    if "helium" not in request.fixturenames:
        given = SecondOrder(np.array([-0.0475]), -0.0005, 2e-5, -0.002, 2e-5, 1e-5)
        monkeypatch.setattr(of_state, "second_order", lambda _: given)


@pytest.fixture(scope="module")
def helium() -> Connection:
    found = comotion.atom("He", "hylleraas", "w8").connection()
    assert isinstance(found, Connection)
    return found


@pytest.mark.parametrize("name", _HELIUM)
def test_helium(helium: Connection, name: str) -> None:
    """The values of docs/method/kohn_sham.md; second order is that of this project."""
    value, within = _HELIUM[name]
    assert helium.numbers[name].value == pytest.approx(value, abs=within)
    assert (helium.system, helium.level, helium.n_electrons) == ("He", "hylleraas_w8", 2)
    assert not helium.missing


def test_every_interpolation_has_the_ends(helium: Connection) -> None:
    ends = helium.ends
    assert ends.w_inf == helium.numbers["w_inf_middle"].value
    model = replace(ends, w_inf=helium.numbers["w_pc"].value,
                    w_inf_prime=helium.numbers["w_pc_prime"].value)  # fmt: skip
    for name, one in INTERPOLATIONS.items():
        assert helium.numbers[f"e_c_{name}"].value == one.correlation(ends)
        assert helium.numbers[f"e_c_{name}_pc"].value == one.correlation(model)
        assert -0.0431 < one.correlation(ends) < -0.0400


def _made(found: KohnShamSystem, **more: object) -> Connection:
    given = {"level": "mine_x", "model": _MODEL} | _OF_STATE | more
    transport = given.pop("transport", _END)
    return connection_of(found, transport, **given)  # type: ignore[arg-type]


def test_numbers_of_a_density(exponential: KohnShamSystem) -> None:
    found = _made(exponential)
    n = found.numbers
    assert list(n) == list(NAMES)
    assert n["w_0"] == Number(exponential.exchange, exponential.exchange_error, "W_0 = E_x")
    assert n["w_0_prime"].value == pytest.approx(-0.1)
    assert n["w_0_prime"].error == pytest.approx(1e-4)
    assert n["w_1"].value == pytest.approx(0.945 - exponential.hartree)
    assert n["w_inf_middle"].value == pytest.approx(-2.75)
    assert n["w_inf_middle"].error == pytest.approx(0.01)
    assert (n["w_inf_prime"].value, n["w_inf_prime"].error) == (0.62, 0.01)
    assert (n["w_pc"].value, n["w_pc_prime"].value) == _MODEL
    determinant = exponential.kinetic_s - 6.75 + exponential.hartree + exponential.exchange
    assert n["e_c"].value == pytest.approx(-2.9 - determinant)
    assert n["e_c"].error == exponential.kinetic_s_error + exponential.exchange_error


def test_error_of_an_interpolation(exponential: KohnShamSystem) -> None:
    """The sum of what each end's error can do."""
    found = _made(exponential)
    ends = found.ends
    one = INTERPOLATIONS["isi"]
    assert vars(ends) == pytest.approx(
        {"w_0": exponential.exchange, "w_0_prime": -0.1, "w_inf": -2.75, "w_inf_prime": 0.62}
    )
    bars = {"w_0": exponential.exchange_error, "w_0_prime": 1e-4, "w_inf": 0.01,
            "w_inf_prime": 0.01}  # fmt: skip
    total = 0.0
    for name, bar in bars.items():
        moved = [one.correlation(replace(ends, **{name: getattr(ends, name) + s * bar}))
                 for s in (-1, 1)]  # fmt: skip
        total += max(abs(value - one.correlation(ends)) for value in moved)
    assert found.numbers["e_c_isi"].error == pytest.approx(total, rel=1e-9)
    # SPL does not know W'_inf: its error is less than that with it.
    sure = _made(exponential, transport=replace(_END, w_inf_prime_error=0.0))
    assert sure.numbers["e_c_isi"].error < found.numbers["e_c_isi"].error  # type: ignore[operator]
    assert sure.numbers["e_c_spl"].error == found.numbers["e_c_spl"].error


def test_record(exponential: KohnShamSystem) -> None:
    found = _made(exponential)
    record = found.record()
    errors = {f"{name}_error" for name in WITH_ERRORS}
    assert set(record) == {*NAMES, *errors, "missing", "energy_is_exact"}
    assert (record["missing"], record["energy_is_exact"]) == ({}, False)
    assert _made(exponential, energy_is_exact=True).record()["energy_is_exact"] is True
    for name in NAMES:
        assert record[name] == found.numbers[name].value
    for name in WITH_ERRORS:
        assert record[f"{name}_error"] == found.numbers[name].error is not None
    without = {"w_1", "w_inf_lower", "w_inf_upper", "w_pc", "w_pc_prime"}
    assert set(NAMES) - set(WITH_ERRORS) == without


def test_what_is_missing(exponential: KohnShamSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: KohnShamSystem) -> SecondOrder:
        raise ElectronicStructureError("an open shell")

    monkeypatch.setattr(of_state, "second_order", refuse)
    unknown = TransportEnd(-2.76, -2.74, None, None, "no minimum")
    found = _made(
        exponential, transport=unknown, model=None, energy=None, v_quantum=None
    )  # fmt: skip
    assert list(found.numbers) == ["w_0", "w_inf_lower", "w_inf_upper", "w_inf_middle"]
    needed = "w_0_prime is missing, which interpolations need"
    assert found.missing == {
        "w_0_prime": "an open shell", "w_1": "the state has no wave function, and so no <V_ee>",
        "w_inf_prime": "no minimum", "e_c": "no energy is known but that of a functional",
        **{f"e_c_{name}": needed for name in INTERPOLATIONS},
    }  # fmt: skip
    record = found.record()
    assert record["e_c"] is record["e_c_error"] is record["e_c_isi_pc"] is None
    assert record["missing"] == found.missing
    with pytest.raises(ComparisonError, match="w_0_prime is missing, which interpolations need"):
        _ = found.ends
    assert "w_inf_prime      missing: no minimum" in repr(found)


def test_without_a_zero_point_those_stand_that_need_none(exponential: KohnShamSystem) -> None:
    """SPL and LB know nothing of W'_inf."""
    found = _made(exponential, transport=TransportEnd(-2.76, -2.74, None, None, "no minimum"))
    whole = _made(exponential)
    for name in ("spl", "lb"):
        assert found.numbers[f"e_c_{name}"] == whole.numbers[f"e_c_{name}"]
    for name in ("isi", "revisi", "genisi"):
        assert (
            found.missing[f"e_c_{name}"] == "w_inf_prime is missing, which this interpolation needs"
        )
        assert found.numbers[f"e_c_{name}_pc"] == whole.numbers[f"e_c_{name}_pc"]


def test_ends_that_cannot_be(exponential: KohnShamSystem) -> None:
    """W_inf above W_0 in the bracket's middle: no interpolation, and the sentence says why."""
    found = _made(exponential, transport=TransportEnd(-1.0, 2.0, 0.62, 0.01))
    assert "e_c_isi" not in found.numbers
    assert "is not below w_0" in found.missing["e_c_isi"]
    assert found.numbers["e_c_isi_pc"].value < 0


def test_how_it_is_shown(exponential: KohnShamSystem) -> None:
    found = _made(exponential)
    lines = repr(found).splitlines()
    assert lines[0] == "<Connection of Li+, mine_x, 2 electrons>"
    assert lines[5].startswith("w_inf_upper      -2.74000000")
    assert lines[7].startswith("w_inf_prime      0.62000000 +- 1e-02")
    table = found.to_pandas()
    assert isinstance(table, pd.DataFrame)
    assert list(table.index) == list(NAMES)
    assert table.loc["w_inf_prime", "value"] == 0.62
    assert "Li+, mine_x, 2 electrons, hartree" in found._repr_html_()
    assert isinstance(found.ends, Ingredients)


def test_whose_energy() -> None:
    """The literature's, a Hylleraas state's, another wave function's, but no functional's."""
    of_state = {"energy": -2.8, "v_quantum": 0.9}
    assert energy_for_correlation("hf_x", exact=-2.9, **of_state) == (-2.9, True)
    assert energy_for_correlation("hylleraas_w8", exact=None, **of_state) == (-2.8, True)
    assert energy_for_correlation("ccsd_x", exact=None, **of_state) == (-2.8, False)
    functional = of_state | {"v_quantum": None}
    assert energy_for_correlation("pbe_x", exact=None, **functional) == (None, False)


def _helium_in_a_basis(kind: str) -> object:
    basis = {"He": comotion.load_basis("hyb-1-UGBS+1d+aug-cc-pVTZ", "He")}
    mol = gto.M(atom="He", basis=basis, verbose=0)
    return {"hf": scf.RHF, "pbe": lambda mol: dft.RKS(mol, xc="pbe")}[kind](mol).run()


def test_a_state_from_pyscf() -> None:
    """Three lines. E_c is made of the exact energy, of which helium's is known."""
    mean_field = _helium_in_a_basis("hf")
    found = comotion.from_pyscf(mean_field).connection()
    assert (found.system, found.energy_is_exact) == ("He", True)
    assert found.numbers["e_c"].meaning == "correlation energy E_c, of the exact energy"
    assert found.numbers["e_c"].value == pytest.approx(-0.0421, abs=1e-4)
    other = comotion.from_pyscf(mean_field).connection(energy_exact=-3.0)
    change = other.numbers["e_c"].value - found.numbers["e_c"].value
    assert change == pytest.approx(-3.0 + 2.903724377, abs=1e-9)


def test_a_kohn_sham_state_has_no_energy_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_state, "expected_energy", lambda *_: None)
    found = comotion.from_pyscf(_helium_in_a_basis("pbe")).connection()
    assert found.missing["e_c"] == "no energy is known but that of a functional"
    assert "w_1" in found.missing
    assert not found.energy_is_exact


def test_what_is_no_state_of_an_atom() -> None:
    with pytest.raises(ComparisonError, match="a GammaMixture is no state of an atom: take"):
        comotion.adiabatic_connection(comotion.model("bohr", 2))  # type: ignore[arg-type]
    state = comotion.atom("He", "hylleraas", "w3")
    with pytest.raises(ComparisonError, match="energy_exact = nan: give a number in hartree"):
        state.connection(energy_exact=float("nan"))
    other = comotion.analyse(comotion.model("exponential", 2))
    with pytest.raises(
        ComparisonError, match=r"the analysis is of a density with U = 0\.625000, the state has"
    ):
        state.connection(analysis=other)
    hydrogen = comotion.atom("H", "hf", "hyb-1-UGBS+1d+aug-cc-pVTZ")
    with pytest.raises(ComparisonError, match="H has one electron, which repels nothing"):
        hydrogen.connection()


def test_an_error_bar_that_is_too_large(exponential: KohnShamSystem) -> None:
    found = _made(exponential, transport=replace(_END, w_inf_prime_error=0.7))
    assert found.missing["e_c_isi"] == (
        "w_inf_prime = 0.62 hartree has the error bar 7.0e-01, too large to interpolate"
    )
    assert "e_c_spl" in found.numbers


def test_the_better_plan() -> None:
    """Of the optimal plan where there is a bracket; of two electrons that of the co-motion plan."""
    bounds, own = (-2.0, -1.9), ZeroPointOf(0.6, 0.01, None)
    best = ZeroPointOf(0.7, 0.02, None)
    assert end_of(3, bounds, own, 0.5, best) == TransportEnd(-2.0, -1.9, 0.7, 0.02)
    assert end_of(2, bounds, own, 0.0, best) == TransportEnd(-2.0, -1.9, 0.6, 0.01)
    assert end_of(3, bounds, own, 0.0, None) == TransportEnd(-2.0, -1.9, 0.6, 0.01)
    unstable = end_of(3, bounds, own, 0.25, None)
    assert unstable.w_inf_prime is None
    assert str(unstable.missing).startswith("the co-motion plan is no minimum at 0.25 of its conf")
    rough = end_of(3, bounds, own, 0.0, ZeroPointOf(None, 3.0, "too rough"))
    assert (rough.w_inf_prime, rough.missing) == (None, "too rough")


def test_the_end_of_an_analysis() -> None:
    rho = comotion.model("exponential", 3)
    without = transport_end(comotion.analyse(rho, bracketed=False))
    assert str(without.missing).startswith("the co-motion plan is no minimum at")
    two = comotion.analyse(comotion.model("exponential", 2))
    found = transport_end(two)
    assert (found.w_inf_lower, found.w_inf_upper) == two.w_inf
    assert (found.w_inf_prime, found.w_inf_prime_error) == (two.w_inf_prime, two.w_inf_prime_error)
