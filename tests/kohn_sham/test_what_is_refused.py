"""Atoms and levels that cannot be made self-consistent: one sentence each, with the figure."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from comotion.electronic.terms import ground_state
from comotion.errors import ConfigError, ElectronicStructureError, TransportError
from comotion.kohn_sham import self_consistent as iterated
from comotion.kohn_sham.field import TransportField
from comotion.kohn_sham.self_consistent import SelfConsistentAtom, self_consistent
from comotion.systems import parse_atom
from comotion.transport.comotion import Accuracy
from told import Told


@pytest.mark.parametrize(
    ("system", "level", "sentence"),
    [
        ("He", "hf_cc-pVDZ",
         ("level 'hf_cc-pVDZ' is no transport functional: write ks-v2_BASIS, ks-comotion_BASIS, or "
         "take comotion.atom")),
        ("H", "ks-v2_cc-pVDZ",
         "H has 1 electron, which repel nothing: level ks-v2_cc-pVDZ is for at least 2; take hf"),
        ("Li", "ks-comotion3_6-31G",
         "Li has 3 electrons; write ks-comotion_6-31G, the one name of this level"),
    ],
)  # fmt: skip
def test_levels_that_are_none(system: str, level: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        self_consistent(system, level)
    assert str(error.value) == sentence


def test_a_basis_that_is_unknown() -> None:
    with pytest.raises(ElectronicStructureError, match="basis 'cc-pVXZ' is unknown or lacks the e"):
        self_consistent("He", "ks-v2_cc-pVXZ")


def test_an_ion_that_no_atom_makes() -> None:
    with pytest.raises(ElectronicStructureError, match="H2-: no atom binds two electrons more th"):
        self_consistent("H2-", "ks-v2_unc-6-31G")


def test_an_ion_that_is_not_bound() -> None:
    """The ion of hydrogen in functions of the atom: its one orbital lies above zero."""
    with pytest.raises(ElectronicStructureError) as error:
        self_consistent("H-", "ks-v2_sto-3g")
    found = re.fullmatch(
        r"H- at ks-v2_sto-3g is not bound: its highest occupied orbital has the energy "
        r"\+([0-9.]+) hartree; choose another charge, or a basis with more diffuse "
        "functions",
        str(error.value),
    )
    assert found is not None
    assert float(found[1]) > 0


def test_a_basis_without_the_tail() -> None:
    with pytest.raises(ElectronicStructureError) as error:
        self_consistent("H-", "ks-v2_cc-pVDZ")
    assert str(error.value) == (
        "H- at ks-v2_cc-pVDZ: with one more diffuse function the highest occupied orbital falls "
        "by 0.0081 hartree: the basis has no functions where it is; add some, such as unc-UGBS+2d"
    )


@pytest.mark.parametrize("level", ["ks-v2_unc-6-31G", "ks-comotion_unc-6-31G"])
def test_an_iteration_that_does_not_end(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iterated, "_SHIFTS", (0.5,))
    with pytest.raises(ElectronicStructureError) as error:
        self_consistent("Be", level, max_cycle=2)
    found = re.fullmatch(
        rf"Be at {re.escape(level)} did not become self-consistent in 2 iterations: the energy "
        r"still changed by ([0-9.e+-]+) hartree, or its gradient is too large; raise max_cycle or "
        "take another basis",
        str(error.value),
    )
    assert found is not None
    assert 1e-8 < float(found[1]) < 20


def test_one_way_that_fails_is_not_the_end(
    solved: Callable[[str, str], SelfConsistentAtom], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next way of iterating ends at the same atom."""
    shifts: list[float] = []
    settled = TransportField._settled

    def second_ends(self: TransportField, found: dict[str, Any]) -> bool:
        shifts.append(self.level_shift)
        return settled(self, found) and (self.level_shift != 0 or 2.0 in shifts)

    monkeypatch.setattr(TransportField, "_settled", second_ends)
    found = self_consistent("He", "ks-v2_unc-6-31G", max_cycle=80)
    assert list(dict.fromkeys(shifts)) == [0.5, 0.0, 2.0]
    assert found.energy == pytest.approx(solved("He", "ks-v2_unc-6-31G").energy, abs=1e-8)


def test_searches_are_asked_as_they_are_told() -> None:
    with pytest.raises(TransportError, match="seeds"):
        self_consistent("Li", "ks-comotion_unc-6-31G", seeds=(1,))
    strict = Accuracy(quadrature=1e-18)
    with pytest.raises(TransportError, match=r"quadrature|integral|nodes"):
        self_consistent("Li", "ks-comotion_unc-6-31G", accuracy=strict)


def test_each_field_is_reported() -> None:
    told = Told()
    found = self_consistent("Li", "ks-comotion_unc-6-31G", report=told)
    fields = {int(word) for step in told.steps for word in re.findall(r"field (\d+)", step)}
    assert min(fields) == 1
    assert fields == set(range(1, len(fields) + 1))
    assert 1 <= found.iterations <= len(fields)


def test_a_configuration_that_is_not_the_lowest(monkeypatch: pytest.MonkeyPatch) -> None:
    """An open subshell or an empty orbital below the highest occupied one."""
    ground = ground_state(parse_atom("B"))
    energies = {"1s": -7.0, "2s": -0.5, "2p": -0.4}
    iterated._require_lowest("B", ground, energies, -0.1)
    with pytest.raises(ElectronicStructureError) as error:
        iterated._require_lowest("B", ground, energies | {"2p": -0.6}, -0.1)
    assert str(error.value) == (
        "B: there is room for an electron at -0.6000 hartree, below the highest occupied orbital "
        "at -0.5000: of this functional 1s2 2s2 2p1 is not the configuration of least energy; "
        "choose another atom or functional"
    )
    with pytest.raises(ElectronicStructureError, match=r"an electron at -0\.4500 h"):
        iterated._require_lowest("B", ground, energies, -0.45)
    monkeypatch.setattr(iterated, "_DEGENERATE", 0.06)
    iterated._require_lowest("B", ground, energies, -0.45)
