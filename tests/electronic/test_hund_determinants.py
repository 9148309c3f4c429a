"""Every Hund determinant against <L^2> and <S^2>, by matrices of the angular momentum."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from pyscf import gto

from comotion.electronic import terms
from comotion.electronic.ground_levels import ANGULAR_LETTERS, GroundLevel
from comotion.electronic.mean_field import _D2H
from comotion.electronic.open_shells import _m_labels
from comotion.electronic.terms import GroundState, ground_state
from comotion.errors import ElectronicStructureError
from comotion.systems import ELEMENTS, Atom, parse_atom

_LETTERS = "SPDFGHIKLMNO"

#: Ground terms of l^n, n = 1, 2, ...: S and then L as large as can be (Hund's rules).
_HUND = {
    "s": "2S 1S",
    "p": "2P 3P 4S 3P 2P 1S",
    "d": "2D 3F 4F 5D 6S 5D 4F 3F 2D 1S",
    "f": "2F 3H 4I 5I 6H 7F 8S 7F 6H 5I 4I 3H 2F 1S",
}
_SHELLS = [(letter, n, term) for letter, shell in _HUND.items()
           for n, term in enumerate(shell.split(), start=1)]  # fmt: skip


def _momenta(angular: int) -> list[np.ndarray]:
    """Matrices of l_x, l_y, l_z between the real orbitals m = -l..l (sine, z-like, cosine)."""
    m = np.arange(-angular, angular + 1)
    up = np.diag(np.sqrt(angular * (angular + 1) - m[:-1] * (m[:-1] + 1)), -1)
    complex_ones = [(up + up.T) / 2, (up - up.T) / 2j, np.diag(m)]
    real = np.zeros((2 * angular + 1, 2 * angular + 1), dtype=complex)
    real[angular, angular] = 1
    for k in range(1, angular + 1):
        # cos(k phi) and sin(k phi) of exp(+-i k phi), with the phase of Condon and Shortley.
        sign = (-1) ** k
        real[angular + k, [angular + k, angular - k]] = np.array([sign, 1]) / np.sqrt(2)
        real[angular - k, [angular + k, angular - k]] = np.array([sign, -1]) / np.sqrt(2) / 1j
    return [real.conj() @ matrix @ real.T for matrix in complex_ones]


def _orbital_square(angular: int, spins: list[tuple[int, ...]]) -> float:
    """<L^2> of the determinant with orbitals m of each spin: one- and two-electron parts."""
    value = 0.0
    projectors = []
    for occupied in spins:
        projector = np.zeros((2 * angular + 1,) * 2)
        for m in occupied:
            projector[m + angular, m + angular] = 1
        projectors.append(projector)
    for matrix in _momenta(angular):
        one = sum(np.trace(p @ matrix @ matrix) for p in projectors)
        direct = sum(np.trace(p @ matrix) for p in projectors) ** 2
        exchange = sum(np.trace(p @ matrix @ p @ matrix) for p in projectors)
        value += float(np.real(one + direct - exchange))
    return value


def _spin_square(spins: list[tuple[int, ...]]) -> float:
    """<S^2> of the same: S_z (S_z + 1) and the down electrons without an up one beside them."""
    up, down = map(set, spins)
    projection = (len(up) - len(down)) / 2
    return projection * (projection + 1) + len(down - up)


def _open_spins(ground: GroundState, letter: str) -> list[tuple[int, ...]]:
    """Orbitals m of each spin outside of the closed shells."""
    angular = ANGULAR_LETTERS.index(letter)
    counts = [
        [ground.occupations.get(f"{letter}{m:+d}", (0, 0))[spin] for m in
         range(-angular, angular + 1)]
        for spin in range(2)
    ]  # fmt: skip
    closed = min(map(min, counts))
    return [
        tuple(m - angular for m, count in enumerate(of_spin) if count > closed)
        for of_spin in counts
    ]


def _numbers(term: str) -> tuple[float, float]:
    """L (L + 1) and S (S + 1) of a term."""
    orbital, spin = _LETTERS.index(term[-1]), (int(term[:-1]) - 1) / 2
    return orbital * (orbital + 1), spin * (spin + 1)


def _of_shell(monkeypatch: pytest.MonkeyPatch, letter: str, n: int) -> GroundState:
    """The determinant of an ion with one open shell."""
    angular = ANGULAR_LETTERS.index(letter)
    level = GroundLevel({(angular + 1, angular): n}, "")
    monkeypatch.setattr(terms, "ground_level", lambda _: level)
    return ground_state(parse_atom("Ne"))


def test_angular_momenta_are_those_of_one_electron() -> None:
    for angular in range(4):
        x, y, z = _momenta(angular)
        np.testing.assert_allclose(x @ y - y @ x, 1j * z, atol=1e-14)
        square = x @ x + y @ y + z @ z
        np.testing.assert_allclose(square, angular * (angular + 1) * np.eye(len(x)), atol=1e-13)


@pytest.mark.parametrize(("letter", "n", "term"), _SHELLS)
def test_every_shell(monkeypatch: pytest.MonkeyPatch, letter: str, n: int, term: str) -> None:
    angular = ANGULAR_LETTERS.index(letter)
    orbital, spin = _numbers(term)
    half = 2 * angular + 1
    open_ones = range(-angular, angular + 1)
    # Of the determinants with the most unpaired electrons any with Hund's L, the largest, is pure.
    choices = combinations(open_ones, n if n <= half else n - half)
    others: tuple[int, ...] = tuple(open_ones) if n > half else ()
    squares = [
        _orbital_square(angular, [chosen, ()] if not others else [others, chosen])
        for chosen in choices
    ]
    if max(squares) < orbital - 1e-9:
        with pytest.raises(ElectronicStructureError, match=rf"{letter}\^{n % half} \(or "):
            _of_shell(monkeypatch, letter, n)
        return
    assert max(squares) == pytest.approx(orbital, abs=1e-9)
    ground = _of_shell(monkeypatch, letter, n)
    assert ground.term == term
    assert sum(map(sum, ground.occupations.values())) == n
    assert ground.unpaired == round(np.sqrt(4 * spin + 1) - 1)
    assert ground.spin_square == spin
    assert ground.closed_shell == (spin == 0)
    assert ground.configuration == f"{angular + 1}{letter}{n}"
    spins = _open_spins(ground, letter)
    assert _orbital_square(angular, spins) == pytest.approx(orbital, abs=1e-9)
    assert _spin_square(spins) == spin


def test_which_shells_have_no_such_determinant(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = []
    for letter, n, _ in _SHELLS:
        try:
            _of_shell(monkeypatch, letter, n)
        except ElectronicStructureError:
            refused.append(f"{letter}{n}")
    assert refused == ["f2", "f3", "f4", "f5", "f9", "f10", "f11", "f12"]


def _known() -> list[tuple[str, GroundState]]:
    found = []
    for charge in range(-1, 5):
        for symbol in ELEMENTS[max(1, charge + 1) : 109]:
            atom = Atom(symbol, charge)
            try:
                found.append((str(atom), ground_state(atom)))
            except ElectronicStructureError:
                continue
    return found


def test_every_atom_and_ion_is_in_the_term_that_it_names() -> None:
    found = _known()
    assert len(found) > 400
    for name, ground in found:
        orbital, spin = _numbers(ground.term)
        total = 0.0
        ups = downs = unpaired_downs = 0
        for letter in {key[0] for key in ground.occupations}:
            spins = _open_spins(ground, letter)
            total += _orbital_square(ANGULAR_LETTERS.index(letter), spins)
        for up, down in ground.occupations.values():
            ups, downs = ups + up, downs + down
            unpaired_downs += max(0, down - up)
        assert total == pytest.approx(orbital, abs=1e-9), name
        projection = (ups - downs) / 2
        assert projection * (projection + 1) + unpaired_downs == spin, name
        assert ups + downs == parse_atom(name).n_electrons, name
        assert ups - downs == ground.unpaired, name


@pytest.mark.parametrize("angular", range(4))
def test_real_orbitals_are_in_the_representations_of_their_names(angular: int) -> None:
    """PySCF's own symmetrised functions of one shell, in D2h."""
    mol: Any = gto.M(
        atom="Ne", basis={"Ne": [[angular, [1.0, 1.0]]]}, symmetry="D2h", verbose=0
    )  # fmt: skip
    found = {}
    for name, functions in zip(mol.irrep_name, mol.symm_orb, strict=True):
        for k in np.flatnonzero(np.abs(functions).max(axis=1) > 0.5):
            found[f"{ANGULAR_LETTERS[angular]}{_m_labels(angular)[k]:+d}"] = name
    assert found == {
        key: value for key, value in _D2H.items() if key[0] == ANGULAR_LETTERS[angular]
    }
