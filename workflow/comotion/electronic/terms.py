"""Ground configuration and Hund ground term of an atom or ion, in real orbitals.

A single determinant of real orbitals is a pure state of the Hund term for every s^n and
p^n, and for every d^n when the open d orbitals are chosen by cubic symmetry (e_g^2 and
t_2g^3 belong to F alone: Griffith, The Theory of Transition-Metal Ions); for
f^n it is so at the ends and around the half-filled shell only.
"""

from dataclasses import dataclass, field

from comotion.electronic.ground_levels import ANGULAR_LETTERS, ground_level
from comotion.errors import ElectronicStructureError
from comotion.systems import Atom

_TERM_LETTERS = "SPDFGHIKLMN"

#: Real orbitals of each l in the order in which electrons beyond a closed or half-filled
#: shell are put into them, by the number of such electrons. PySCF's labels: p+1 = x,
#: p-1 = y, p+0 = z; d+0 = z2, d+2 = x2-y2, d-2 = xy, d+1 = xz, d-1 = yz.
_SINGLES: dict[str, dict[int, tuple[int, ...]]] = {
    "s": {1: (0,)},
    "p": {1: (0,), 2: (1, -1), 3: (-1, 0, 1)},
    "d": {1: (0,), 2: (0, 2), 3: (-2, 1, -1), 4: (0, -2, 1, -1), 5: (-2, -1, 0, 1, 2)},
    "f": {1: (0,), 6: (-3, -2, -1, 1, 2, 3), 7: (-3, -2, -1, 0, 1, 2, 3)},
}


@dataclass(frozen=True)
class GroundState:
    """Configuration and term of an atom or ion.

    Attributes:
        configuration: Subshells with their electrons, such as ``1s2 2s2 2p2``.
        term: Term symbol such as ``3P``.
        unpaired: Number of unpaired electrons, 2 S.
        occupations: Electrons (alpha, beta) by real orbital type, keys such as ``p+1``;
            all orbitals of one type are counted together.
    """

    configuration: str
    term: str
    unpaired: int
    occupations: dict[str, tuple[int, int]] = field(hash=False)

    @property
    def closed_shell(self) -> bool:
        """Whether every orbital is doubly occupied."""
        return self.unpaired == 0

    @property
    def spin_square(self) -> float:
        """Exact <S^2> = S (S + 1)."""
        return self.unpaired / 2 * (self.unpaired / 2 + 1)


def ground_state(atom: Atom) -> GroundState:
    """Ground term of the ground configuration (`comotion.electronic.ground_levels`).

    The configuration is that of the experimental ground level, relativity included; its term is
    Hund's. Hund's rule gives the term where the level has no name in LS coupling, and must agree
    where it has one.

    Args:
        atom: The atom or ion.

    Returns:
        Configuration, term and occupations of real orbitals.

    Raises:
        ElectronicStructureError: The ground configuration is not known, or the term is no single
            determinant of real orbitals.
    """
    subshells, observed = ground_level(atom)
    occupations: dict[str, tuple[int, int]] = {}
    unpaired, total_l, open_l = 0, 0, 0
    for (_, angular), electrons in sorted(subshells.items()):
        letter = ANGULAR_LETTERS[angular]
        orbitals = range(-angular, angular + 1)
        half = 2 * angular + 1
        beyond = electrons if electrons <= half else electrons - half
        extra = _extra_orbitals(atom, letter, beyond, half)
        for m in orbitals:
            alpha = 1 if electrons > half or m in extra else 0
            beta = 1 if electrons > half and m in extra else 0
            key = f"{letter}{m:+d}"
            before = occupations.get(key, (0, 0))
            occupations[key] = (before[0] + alpha, before[1] + beta)
        unpaired += electrons if electrons <= half else 2 * half - electrons
        shell_l = sum(sorted(orbitals, reverse=True)[: beyond % half])
        total_l += shell_l
        open_l += shell_l > 0
    if open_l > 1:
        raise ElectronicStructureError(
            f"{atom.symbol}, charge {atom.charge:+d}: two open shells with angular momentum are "
            "no single determinant; choose another ion"
        )
    configuration = " ".join(
        f"{n}{ANGULAR_LETTERS[angular]}{electrons}"
        for (n, angular), electrons in sorted(subshells.items())
    )
    term = f"{unpaired + 1}{_TERM_LETTERS[total_l]}"
    if observed not in ("", term):
        raise ElectronicStructureError(
            f"{atom.symbol}, charge {atom.charge:+d}: the ground term of {configuration} is "
            f"{observed}, not {term} of Hund's rule, and no single determinant; choose another ion"
        )
    return GroundState(
        configuration=configuration,
        term=term,
        unpaired=unpaired,
        occupations={key: value for key, value in occupations.items() if any(value)},
    )


def other_spin(atom: Atom, ground: GroundState, unpaired: int) -> GroundState:
    """The lowest state with a given number of unpaired electrons, occupations left open.

    Raises:
        ElectronicStructureError: So many electrons cannot have that spin.
    """
    n_electrons = atom.n_electrons
    if not 0 <= unpaired <= n_electrons or (n_electrons - unpaired) % 2:
        raise ElectronicStructureError(
            f"{atom.symbol}, charge {atom.charge:+d}: {n_electrons} electrons cannot have "
            f"{unpaired} unpaired ones; Hund's rule gives {ground.unpaired}, and any other "
            f"number must be {'even' if n_electrons % 2 == 0 else 'odd'} and at most {n_electrons}"
        )
    return GroundState("", f"{unpaired + 1}?", unpaired, {})


def _extra_orbitals(atom: Atom, letter: str, beyond: int, half: int) -> tuple[int, ...]:
    """Values of m that hold the electrons beyond an empty or a half-filled subshell."""
    if beyond == half:
        return tuple(range(-(half // 2), half // 2 + 1))
    if beyond not in _SINGLES[letter]:
        raise ElectronicStructureError(
            f"{atom.symbol}, charge {atom.charge:+d}: the Hund term of {letter}^{beyond} (or "
            f"{letter}^{beyond + half}) is no single determinant of real orbitals; only "
            "f^0, f^1, f^6, f^7, f^8, f^13, f^14 are supported"
        )
    return _SINGLES[letter][beyond]
