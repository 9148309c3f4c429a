"""Atoms and levels that have a pair density here; it costs no import of PySCF."""

from comotion.electronic.terms import GroundState, ground_state
from comotion.errors import ElectronicStructureError
from comotion.systems import Atom, Level, check_level

#: Methods whose two-particle density matrix is made.
PAIR_METHODS = ("hf", "ccsd", "fci")


def check_pair_level(atom: Atom, level: Level) -> GroundState:
    """Check that the pair density of an atom can be made at a level.

    Args:
        atom: The atom or ion.
        level: Method and basis.

    Returns:
        Its ground state, a closed shell.

    Raises:
        ConfigError: The method is not for so many electrons.
        ElectronicStructureError: An open shell, or another method.
    """
    check_level(atom, level)
    ground = ground_state(atom)
    if level.method not in PAIR_METHODS or not ground.closed_shell:
        raise ElectronicStructureError(
            f"{atom} ({ground.term}) at {level}: pair densities need a closed shell and one of the "
            f"methods {', '.join(PAIR_METHODS)}"
        )
    return ground
