"""Self-consistent atoms and states of two electrons that many tests share."""

from collections.abc import Callable
from functools import cache

import pytest

from comotion.electronic import two_electrons
from comotion.electronic.atoms import atom
from comotion.electronic.state import ElectronicState
from comotion.kohn_sham.self_consistent import SelfConsistentAtom, self_consistent


@pytest.fixture(scope="session")
def solved() -> Callable[[str, str], SelfConsistentAtom]:
    """Self-consistent atoms by system and level, each solved once."""
    return cache(self_consistent)


@pytest.fixture(scope="session")
def hylleraas() -> Callable[[str], ElectronicState]:
    """Two electrons by the name of the ion, each solved once.

    With the exponents of a lower order than usual, which cost most and matter least.
    """

    @cache
    def solve(system: str) -> ElectronicState:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(two_electrons, "_OPTIMISED", 5)
            return atom(system, level="hylleraas_w8")

    return solve
