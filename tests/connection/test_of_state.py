"""The connection of a state: which number comes from where, errors, and what is missing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pyscf import gto, scf

import comotion
from comotion.connection import of_state
from comotion.connection.ingredients import Ingredients
from comotion.connection.interpolations import INTERPOLATIONS
from comotion.connection.of_state import NAMES, WITH_ERRORS, Connection, TransportEnd, connection_of
from comotion.connection.second_order import SecondOrder
from comotion.errors import ComparisonError, ElectronicStructureError
from comotion.kohn_sham.of_density import KohnShamSystem, kohn_sham_system
from comotion.number import Number

_END = TransportEnd(-2.76, -2.74, 0.62, 0.01)
_MODEL = (-2.5, 0.73)
_OF_STATE = {"energy": -2.9, "nuclear_attraction": -6.75, "v_quantum": 0.945}
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
    assert set(record) == {*NAMES, *(f"{name}_error" for name in WITH_ERRORS), "missing"}
    assert record["missing"] == {}
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
        "w_inf_prime": "no minimum", "e_c": "no energy is known beside that of a functional",
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


def test_a_state_from_pyscf() -> None:
    """Three lines; E_c of the Hartree-Fock state of two electrons is that of its basis: none."""
    mol = gto.M(
        atom="He", basis={"He": comotion.load_basis("hyb-1-UGBS+1d+aug-cc-pVTZ", "He")}, verbose=0
    )
    mean_field = scf.RHF(mol).run()
    found = comotion.from_pyscf(mean_field).connection()
    assert found.system == "He"
    assert abs(found.numbers["e_c"].value) < 3e-4
    exact = comotion.from_pyscf(mean_field).connection(energy_exact=-2.903724)
    change = exact.numbers["e_c"].value - found.numbers["e_c"].value
    assert change == pytest.approx(-2.903724 - mean_field.e_tot, abs=1e-9)
